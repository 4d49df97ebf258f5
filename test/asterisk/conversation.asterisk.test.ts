/**
 * What the contract cannot ask of a simulator: sound, recordings, dead lines, hung peers and a controller that is killed; on a real
 * Asterisk whose state is read by its own console.
 */
import { rename, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openTelephony } from '../../src/asterisk/telephony.ts';
import type { Heard, Telephony } from '../../src/control/ports.ts';
import type { CallId } from '../../src/kernel/ids.ts';
import { type PrivateAsterisk, startAsterisk } from '../stack/asterisk.ts';
import { type Link, openLink } from '../stack/link.ts';
import { keptLog } from '../stack/log.ts';
import { type DeskPhone, openDeskPhone, placeCall, type SipCaller } from '../stack/phone.ts';
import { until } from '../stack/until.ts';

let asterisk: PrivateAsterisk;
let link: Link;
let telephony: Telephony;
let desk: DeskPhone;
let heard: Heard[] = [];
const callers: SipCaller[] = [];
const log = keptLog();

const openOurs = (): Telephony => {
  const { settings } = asterisk;
  return openTelephony({
    ariUrl: `http://${settings.httpHost}:${link.port}/ari`,
    ariUser: settings.ariUser,
    ariPassword: settings.ariPassword,
    instance: 'sound',
    ami: { host: settings.amiHost, port: settings.amiPort, user: settings.amiUser, password: settings.amiPassword },
    prompts: { path: (_language, clip) => join(settings.promptsFolder, clip) },
    log,
  });
};

beforeAll(async () => {
  asterisk = await startAsterisk({ rtpTimeoutSeconds: 1, rtpTimeoutHoldSeconds: 1 });
  const { settings } = asterisk;
  link = await openLink({ host: settings.httpHost, port: settings.httpPort });
  desk = await openDeskPhone({ host: settings.sipHost, port: settings.sipPort }, 'taker-1001', 'secret-1001');
  telephony = openOurs();
  await telephony.open((word) => heard.push(word));
  await desk.register();
  await until('the phone to be registered', () => heard.some((word) => word.type === 'phone' && word.is === 'registered'));
}, 30_000);
afterAll(async () => {
  for (const one of [desk, ...callers]) one.close();
  await telephony.close();
  await link.close();
  await asterisk.stop();
}, 30_000);
afterEach(async () => {
  desk.sound.hush();
  for (const caller of callers.splice(0)) {
    await caller.hangUp();
    caller.close();
  }
  const standing = await telephony.standing();
  for (const { call, attempt } of standing.legs) await telephony.releaseCallTaker(call, attempt);
  for (const { call, attempt } of standing.bridges) await telephony.part(call, attempt);
  await until('the desk to be free', () => !desk.isTalking());
  heard = [];
});

const hears = <T extends Heard['type']>(type: T, ms = 5000): Promise<Extract<Heard, { type: T }>> =>
  until(`"${type}" to be told`, () => heard.find((word): word is Extract<Heard, { type: T }> => word.type === type), ms);
const enter = async (): Promise<{ caller: SipCaller; call: CallId }> => {
  const caller = await placeCall({ host: asterisk.settings.sipHost, port: asterisk.settings.sipPort }, '13800001111');
  callers.push(caller);
  caller.sound.whistle();
  const { call } = await hears('arrival');
  await telephony.claim(call);
  await hears('caller-entered');
  return { caller, call };
};
const talk = async (): Promise<{ caller: SipCaller; call: CallId }> => {
  const entered = await enter();
  desk.conduct('answer');
  desk.sound.whistle();
  await telephony.ring(entered.call, 1, desk.endpoint, 10, null);
  await hears('call-taker-answered');
  expect(await telephony.join(entered.call, 1)).toBe('joined');
  return entered;
};
/** Loud packets among the next `packets`. */
const loudness = async (phone: { readonly sound: SipCaller['sound'] }, packets: number): Promise<number> => {
  let all = 0;
  let loud = 0;
  phone.sound.heard();
  await until('sound', () => {
    const now = phone.sound.heard();
    all += now.packets;
    loud += now.loud;
    return all >= packets;
  });
  return loud / all;
};
const recordedBytes = async (call: CallId): Promise<number> =>
  (await stat(join(asterisk.settings.recordingsFolder, `${call}.recording.1.wav`))).size;

test('in conversation both hear each other, and it is recorded', async () => {
  const { caller, call } = await talk();
  expect(await loudness(caller, 20)).toBeGreaterThan(0.8);
  expect(await loudness(desk, 20)).toBeGreaterThan(0.8);
  await telephony.part(call, 1);
  await until('the recording to be written', async () => (await recordedBytes(call)) > 6000);
});

test('a conversation that cannot be recorded is held all the same, and the log says so', async () => {
  const { recordingsFolder } = asterisk.settings;
  await rename(recordingsFolder, `${recordingsFolder}.away`);
  try {
    const { caller, call } = await talk();
    expect(await loudness(caller, 20)).toBeGreaterThan(0.8);
    expect(await loudness(desk, 20)).toBeGreaterThan(0.8);
    expect(log.lines.filter((line) => line.startsWith('error a conversation is not recorded') && line.includes(call))).toHaveLength(1);
  } finally {
    await rename(`${recordingsFolder}.away`, recordingsFolder);
    log.lines.splice(0, log.lines.length, ...log.lines.filter((line) => !line.startsWith('error a conversation is not recorded')));
  }
});

test('on hold the caller hears the prompt, the call taker nothing, and the recording goes on', async () => {
  const { caller, call } = await talk();
  await telephony.hold(call, 1);
  await telephony.say(call, 1, { say: 'hold' }, 'zh');
  expect(await loudness(caller, 25)).toBeGreaterThan(0.4);
  desk.sound.heard();
  await loudness(caller, 10);
  expect(desk.sound.heard().loud).toBe(0);
  expect(await asterisk.ask('core show channels concise')).toContain('Recorder/');
  await telephony.resume(call, 1);
  expect(await loudness(desk, 20)).toBeGreaterThan(0.8);
  await telephony.part(call, 1);
  await until('the recording to be written', async () => (await recordedBytes(call)) > 6000);
});

test('a caller in a long prompt is joined at once', async () => {
  const { call } = await enter();
  desk.conduct('answer');
  await telephony.say(call, 1, { say: 'greeting' }, 'zh');
  await telephony.ring(call, 1, desk.endpoint, 10, null);
  await hears('call-taker-answered');
  const began = performance.now();
  await telephony.join(call, 1);
  expect(performance.now() - began).toBeLessThan(500);
});

test('a call taker whose sound stops without a BYE was cut; a caller may be silent for as long as they like', async () => {
  const { caller, call } = await talk();
  caller.sound.hush();
  for (const attempt of [1, 2]) {
    desk.sound.hush();
    // Of this call: the end of an earlier one may still be told.
    const isEnd = (word: Heard): boolean => word.type === 'call-taker-leg-ended' && word.call === call;
    expect(await until('the end to be told', () => heard.find(isEnd), 8000)).toMatchObject({ attempt, end: 'cut' });
    await telephony.part(call, attempt);
    await until('the desk to be free', () => !desk.isTalking());
    heard = heard.filter(({ type }) => type === 'caller-left');
    if (attempt === 2) break;
    await telephony.ring(call, 2, desk.endpoint, 10, null);
    await hears('call-taker-answered');
    expect(await telephony.join(call, 2)).toBe('joined');
  }
  expect(heard).toEqual([]);
  expect((await telephony.standing()).callers.map((one) => one.call)).toEqual([call]);
});

test('a hung Asterisk is noticed though its socket stays open, commands settle, and all stand when it wakes', async () => {
  const { call } = await talk();
  const presences: boolean[] = [];
  telephony.onPresence((present) => presences.push(present));
  link.freeze();
  const hanging = telephony.say(call, 1, { say: 'hold' }, 'zh').catch((thrown: unknown) => thrown);
  await until('the absence', () => presences.includes(false), 8000);
  expect(await hanging).toMatchObject({ kind: 'unavailable' });
  link.mend();
  await until('the return', () => presences.at(-1) === true, 8000);
  expect((await telephony.standing()).callers.map((one) => one.call)).toEqual([call]);
}, 20_000);

test('a controller that is killed and comes back by its name hears what happens to those who stayed', async () => {
  const { caller, call } = await talk();
  await telephony.close();
  telephony = openOurs();
  await telephony.open((word) => heard.push(word));
  heard = [];
  expect(await telephony.standing()).toMatchObject({
    callers: [{ call }],
    legs: [{ call, attempt: 1, answered: true }],
    bridges: [{ callerIn: true, callTakerIn: true }],
  });
  expect(await loudness(desk, 10)).toBeGreaterThan(0.8);
  await desk.hangUp(null);
  expect((await hears('call-taker-leg-ended')).end).toBe('hung-up');
  await telephony.part(call, 1);
  await telephony.say(call, 1, { say: 'hold' }, 'zh');
  await telephony.hush(call, 1);
  await hears('utterance-finished');
  await caller.hangUp();
  expect(await hears('caller-left')).toMatchObject({ call, release: { by: 'choice' } });
});

test('a second controller of the same name has the calls; the first says so and gives way', async () => {
  const second = openOurs();
  await second.open(() => {});
  await until('the first to be absent', () => !telephony.isPresent());
  expect(log.lines.filter((line) => line.startsWith('error'))).toHaveLength(1);
  expect(second.isPresent()).toBe(true);
  await second.close();
  await telephony.close();
  telephony = openOurs();
  await telephony.open((word) => heard.push(word));
});

test('without a way out of the trunk nobody is rung by a telephone number, and the log says so', async () => {
  const { call } = await enter();
  const number = 'tel:+8613800001111';
  expect(await telephony.ringVolunteer(call, 1, number, 10)).toBe('unreachable');
  expect((await telephony.standing()).volunteers).toEqual([]);
  expect(log.lines.filter((line) => line.includes('no way out'))).toHaveLength(1);
});

test('no whole number stands in our log', () => {
  expect(log.lines.length).toBeGreaterThan(0);
  expect(log.lines.filter((line) => line.includes('13800001111'))).toEqual([]);
});
