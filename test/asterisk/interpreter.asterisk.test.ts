/**
 * Three parties on a real Asterisk, and who hears whom: each sounds a tone of their own, and what arrives at each is measured at the
 * frequencies of all. Also that the recording goes on through all of it, and that no volunteer learns the caller's number.
 */
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openTelephony } from '../../src/asterisk/telephony.ts';
import type { Heard, Telephony } from '../../src/control/ports.ts';
import type { CallId } from '../../src/kernel/ids.ts';
import { type PrivateAsterisk, startAsterisk } from '../stack/asterisk.ts';
import { keptLog } from '../stack/log.ts';
import { HOST } from '../stack/loopback.ts';
import { type DeskPhone, LINE_CUT, openDeskPhone, placeCall, type SipCaller } from '../stack/phone.ts';
import { shareOf } from '../stack/tones.ts';
import { until } from '../stack/until.ts';

const CALLER = 500;
const TAKER = 800;
const VOLUNTEER = 1250;
const TONES = [CALLER, TAKER, VOLUNTEER];
const NUMBER = '13800001111';

let asterisk: PrivateAsterisk;
let telephony: Telephony;
let desk: DeskPhone;
let near: DeskPhone;
let far: DeskPhone;
let heard: Heard[] = [];
const callers: SipCaller[] = [];
const log = keptLog();

const openOurs = async (): Promise<Telephony> => {
  const { settings } = asterisk;
  const ours = openTelephony({
    ariUrl: `http://${settings.httpHost}:${settings.httpPort}/ari`,
    ariUser: settings.ariUser,
    ariPassword: settings.ariPassword,
    instance: 'three',
    ami: null,
    prompts: { path: () => join(settings.promptsFolder, 'hold') },
    log,
  });
  await ours.open((word) => heard.push(word));
  return ours;
};

beforeAll(async () => {
  far = await openDeskPhone({ host: HOST, port: 0 }, 'far', '');
  asterisk = await startAsterisk({
    volunteers: [{ endpoint: 'volunteer-anna', secret: 'secret-anna' }],
    trunkContact: `${HOST}:${far.port}`,
  });
  const server = { host: asterisk.settings.sipHost, port: asterisk.settings.sipPort };
  desk = await openDeskPhone(server, 'taker-1001', 'secret-1001');
  near = await openDeskPhone(server, 'volunteer-anna', 'secret-anna');
  telephony = await openOurs();
  for (const phone of [desk, near]) await phone.register();
  for (const phone of [desk, near, far]) phone.conduct('answer');
}, 30_000);
afterAll(async () => {
  for (const one of [desk, near, far, ...callers]) one.close();
  await telephony.close();
  await asterisk.stop();
}, 30_000);
afterEach(async () => {
  for (const caller of callers.splice(0)) {
    await caller.hangUp();
    caller.close();
  }
  const { legs, volunteers, bridges } = await telephony.standing();
  for (const { call, leg } of volunteers) await telephony.releaseVolunteer(call, leg, 0, null);
  for (const { call, attempt } of legs) await telephony.releaseCallTaker(call, attempt);
  for (const { call, attempt } of bridges) await telephony.part(call, attempt);
  await until('all phones to be free', () => [desk, near, far].every((phone) => !phone.isTalking()));
  heard = [];
});

const hears = <T extends Heard['type']>(type: T, withinMs = 5000): Promise<Extract<Heard, { type: T }>> =>
  until(`"${type}" to be told`, () => heard.find((word): word is Extract<Heard, { type: T }> => word.type === type), withinMs);

type Phone = Pick<SipCaller, 'sound'>;
/** Which of the three tones are plainly heard now; quiet ones are below a hundredth of what is heard. */
const tonesAt = (phone: Phone): readonly number[] => {
  const shares = phone.sound.shares(TONES);
  return TONES.filter((_tone, index) => (shares[index] ?? 0) > 0.01);
};
/** Waits until just these tones, and next to nothing else, reach the phone. */
const reaches = async (phone: Phone, ...tones: readonly number[]): Promise<void> => {
  phone.sound.listen();
  await until(
    `${tones.join(' and ')} Hz, and nothing else, to be heard`,
    () => {
      const shares = phone.sound.shares(tones);
      return shares.every((share) => share > 0.2) && shares.reduce((sum, share) => sum + share, 0) > 0.9;
    },
    5000,
  ).catch((thrown: unknown) => {
    throw new Error(
      `heard instead: ${phone.sound
        .shares(TONES)
        .map((share) => share.toFixed(3))
        .join(' ')}`,
      { cause: thrown },
    );
  });
  expect(tonesAt(phone)).toEqual(tones);
};

/** Waits for something loud that is none of the three tones. */
const reachesWords = async (phone: Phone): Promise<void> => {
  let loud = 0;
  phone.sound.listen();
  phone.sound.heard();
  await until('words, and nobody of the conversation, to be heard', () => {
    loud += phone.sound.heard().loud;
    return loud > 10 && phone.sound.shares(TONES).every((share) => share < 0.2);
  });
};

const talk = async (): Promise<{ caller: SipCaller; call: CallId }> => {
  const caller = await placeCall({ host: asterisk.settings.sipHost, port: asterisk.settings.sipPort }, NUMBER);
  callers.push(caller);
  caller.sound.sing(CALLER);
  const { call } = await hears('arrival');
  await telephony.claim(call);
  await hears('caller-entered');
  desk.sound.sing(TAKER);
  await telephony.ring(call, 1, desk.endpoint, 10, null);
  await hears('call-taker-answered');
  expect(await telephony.join(call, 1)).toBe('joined');
  return { caller, call };
};
const picksUp = async (call: CallId, leg = 1, address = 'sip:volunteer-anna', phone = near): Promise<void> => {
  phone.sound.sing(VOLUNTEER);
  expect(await telephony.ringVolunteer(call, leg, address, 10)).toBe('ringing');
  await until('the volunteer to answer', () => heard.some((word) => word.type === 'volunteer-answered' && word.leg === leg));
};
const recording = (call: CallId): string => join(asterisk.settings.recordingsFolder, `${call}.recording.1.wav`);
const recordedBytes = async (call: CallId): Promise<number> => (await stat(recording(call))).size;
const grows = async (call: CallId): Promise<void> => {
  const before = await recordedBytes(call);
  await until('the recording to grow', async () => (await recordedBytes(call)) > before);
};

test('each of the three hears the two others and not themselves, and the recording goes on through everything', async () => {
  const { caller, call } = await talk();
  const began = performance.now();
  await reaches(caller, TAKER);
  await reaches(desk, CALLER);
  await picksUp(call);
  await grows(call);
  expect(await telephony.joinInterpreter(call, 1, 1)).toBe('joined');
  await reaches(caller, TAKER, VOLUNTEER);
  await reaches(desk, CALLER, VOLUNTEER);
  await reaches(near, CALLER, TAKER);
  await grows(call);

  // In private: the two hear each other alone, and the caller hears neither.
  expect(await telephony.hold(call, 1)).toBe('held');
  await telephony.say(call, 1, { say: 'private' }, 'zh');
  await reaches(desk, VOLUNTEER);
  await reaches(near, TAKER);
  await reachesWords(caller);
  await grows(call);

  expect(await telephony.resume(call, 1)).toBe('resumed');
  await reaches(caller, TAKER, VOLUNTEER);
  await reaches(near, CALLER, TAKER);
  await reaches(desk, CALLER, VOLUNTEER);

  // The interpreter leaves, and the two stay.
  await near.hangUp();
  await hears('volunteer-leg-ended');
  await reaches(caller, TAKER);
  await reaches(desk, CALLER);

  // Another one, over the trunk; then the call taker leaves the two to each other.
  await picksUp(call, 2, 'tel:+8613900002222', far);
  expect(await telephony.joinInterpreter(call, 2, 1)).toBe('joined');
  await reaches(far, CALLER, TAKER);
  await telephony.releaseCallTaker(call, 1);
  await reaches(far, CALLER);
  await reaches(caller, VOLUNTEER);
  await grows(call);
  const lasted = performance.now() - began;
  await telephony.part(call, 1);

  // Without a gap: 16 bytes a millisecond, from the first word to the last; written in blocks.
  await until('the whole recording', async () => (await recordedBytes(call)) / 16 > lasted - 400);
  expect((await recordedBytes(call)) / 16).toBeLessThan(lasted + 1000);
  const sound = await readFile(recording(call));
  const samples = Array.from({ length: (sound.length - 44) >> 1 }, (_, n) => sound.readInt16LE(44 + 2 * n));
  for (const tone of TONES) expect.soft(shareOf(tone, samples), `${tone} Hz in the recording`).toBeGreaterThan(0.05);
}, 25_000);

test('a volunteer who is asked hears what is said and nobody of the conversation, nor is heard there', async () => {
  const { caller, call } = await talk();
  await picksUp(call);
  await telephony.tellVolunteer(call, 1, 1, { say: 'volunteer-asked', language: 'ru' }, 'zh');
  await reachesWords(near);
  await reaches(caller, TAKER);
  await reaches(desk, CALLER);
  // In the middle of it, as soon as a key is pressed.
  const asked = performance.now();
  expect(await telephony.joinInterpreter(call, 1, 1)).toBe('joined');
  await reaches(near, CALLER, TAKER);
  expect(performance.now() - asked).toBeLessThan(1500);
});

test('an interpreter who is let go is out of the conversation at once, hears thanks to their end, and is let go then', async () => {
  const { caller, call } = await talk();
  await picksUp(call);
  await telephony.joinInterpreter(call, 1, 1);
  await reaches(near, CALLER, TAKER);
  await telephony.releaseVolunteer(call, 1, 1, 'zh');
  await reachesWords(near);
  await reaches(caller, TAKER);
  expect(near.isTalking()).toBe(true);
  expect(await hears('volunteer-leg-ended', 12_000)).toMatchObject({ call, leg: 1, end: 'hung-up' });
  await until('the phone to know', () => !near.isTalking(), 8000);
}, 30_000);

test('no volunteer learns the number of the caller, in whatever is sent to their phone; the centre is shown', async () => {
  const { call } = await talk();
  await picksUp(call);
  await picksUp(call, 2, 'tel:+86-139-0000-2222', far);
  for (const leg of [1, 2]) {
    await telephony.joinInterpreter(call, leg, 1);
  }
  await reaches(far, CALLER, TAKER, VOLUNTEER);
  await telephony.hold(call, 1);
  await telephony.resume(call, 1);
  await telephony.part(call, 1);
  for (const leg of [1, 2]) await telephony.releaseVolunteer(call, leg, 0, null);
  await until('both phones to be free', () => !near.isTalking() && !far.isTalking());
  expect(near.rings.at(-1)?.shown).toBe('110');
  expect(far.rings.at(-1)).toMatchObject({ shown: '110', dialled: '+8613900002222' });
  for (const phone of [near, far]) {
    expect(phone.requests.length).toBeGreaterThan(2);
    expect(phone.requests.filter((request) => request.includes(NUMBER))).toEqual([]);
  }
  expect(log.lines.filter((line) => line.includes(NUMBER) || line.includes('13900002222'))).toEqual([]);
});

test('a volunteer whose phone dials 110 is a caller like any other, and one who does not prove the name is refused', async () => {
  const server = { host: asterisk.settings.sipHost, port: asterisk.settings.sipPort };
  const caller = await placeCall(server, 'volunteer-anna', '110', '', 'secret-anna');
  callers.push(caller);
  expect(await caller.answered).toBe(200);
  const { call } = await hears('arrival');
  expect(await telephony.claim(call)).toBe('ours');
  expect(await hears('caller-entered')).toMatchObject({ call, calledNumber: '110' });
  const other = await placeCall(server, 'volunteer-anna', '110', '', 'guessed');
  expect(await other.answered).toBe(401);
  other.close();
});

test('a controller that is killed with three in the bridge finds them there, talking, and hears who leaves', async () => {
  const { caller, call } = await talk();
  await picksUp(call);
  await telephony.joinInterpreter(call, 1, 1);
  await telephony.close();
  await reaches(caller, TAKER, VOLUNTEER);
  telephony = await openOurs();
  expect(await telephony.standing()).toMatchObject({
    callers: [{ call }],
    legs: [{ call, attempt: 1, answered: true }],
    volunteers: [{ call, leg: 1, answered: true }],
    bridges: [{ call, attempt: 1, callerIn: true, callTakerIn: true, volunteersIn: [1] }],
  });
  expect(await telephony.join(call, 1)).toBe('joined');
  expect(await telephony.joinInterpreter(call, 1, 1)).toBe('joined');
  await reaches(near, CALLER, TAKER);
  await near.press('1', 'info');
  expect(await hears('volunteer-pressed')).toMatchObject({ call, leg: 1, key: '1' });
  await near.hangUp(LINE_CUT);
  expect(await hears('volunteer-leg-ended')).toMatchObject({ call, leg: 1, end: 'cut' });
});
