/**
 * 110 without us: what the dialplan does on a real Asterisk when no controller takes a caller, and what it leaves for our records.
 */
import { copyFile, mkdir, mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openFallbackSpool } from '../../src/asterisk/fallback-spool.ts';
import { openTelephony } from '../../src/asterisk/telephony.ts';
import type { FallbackCall, FallbackSpool, Heard } from '../../src/control/ports.ts';
import { type PrivateAsterisk, startAsterisk } from '../stack/asterisk.ts';
import { keptLog } from '../stack/log.ts';
import { type DeskPhone, openDeskPhone, placeCall, type SipCaller } from '../stack/phone.ts';
import { until } from '../stack/until.ts';

let asterisk: PrivateAsterisk;
let spool: FallbackSpool;
let prompts = '';
let desks: DeskPhone[] = [];
const callers: SipCaller[] = [];

beforeAll(async () => {
  // One short word for both prompts: what is said is not in question here.
  prompts = await mkdtemp(join(tmpdir(), 'intake-prompts-'));
  await mkdir(join(prompts, 'zh'));
  const word = resolve(import.meta.dirname, '../../prompts/recordings/zh/wait/to.alaw');
  for (const name of ['greeting', 'patience']) await copyFile(word, join(prompts, 'zh', `${name}.alaw`));
  asterisk = await startAsterisk({ promptsFolder: join(prompts, 'zh'), broadcastMs: 300, ringSecondsFallback: 1, fallbackRounds: 4 });
  spool = openFallbackSpool(asterisk.settings.fallbackSpoolFolder);
  const server = { host: asterisk.settings.sipHost, port: asterisk.settings.sipPort };
  desks = await Promise.all(asterisk.settings.callTakers.map(({ endpoint, secret }) => openDeskPhone(server, endpoint, secret)));
}, 30_000);
afterAll(async () => {
  for (const one of [...desks, ...callers]) one.close();
  await asterisk.stop();
  await rm(prompts, { recursive: true, force: true });
}, 30_000);
afterEach(async () => {
  for (const desk of desks) {
    desk.conduct('ignore');
    await desk.unregister();
  }
  for (const caller of callers.splice(0)) {
    await caller.hangUp();
    caller.close();
  }
  await until('no channel to be left', async () => (await asterisk.ask('core show channels count')).includes('0 active channels'));
  for (const call of (await spool.waiting()).calls) await spool.taken(call.id);
});

const desk = (index: number): DeskPhone => desks[index] ?? expect.unreachable('no such desk');
const register = async (...phones: readonly DeskPhone[]): Promise<void> => {
  for (const phone of phones) {
    await phone.register();
    await until('the phone to answer', async () =>
      /Avail/.test(await asterisk.ask(`pjsip show contacts`)) ? asterisk.ask(`pjsip show aor ${phone.endpoint}`) : null,
    );
  }
};
const dial = async (number: string | null, name = ''): Promise<SipCaller> => {
  const caller = await placeCall({ host: asterisk.settings.sipHost, port: asterisk.settings.sipPort }, number, '110', name);
  callers.push(caller);
  expect(await caller.answered).toBe(200);
  caller.sound.whistle();
  return caller;
};
const hearing = async (phone: DeskPhone): Promise<void> => {
  let loud = 0;
  await until('the call taker to hear the caller', () => (loud += phone.sound.heard().loud) > 10);
};
const record = (): Promise<FallbackCall> => until('a record', async () => (await spool.waiting()).calls[0]);

test('whoever hangs up in the very moment of calling is on record as well', async () => {
  const server = { host: asterisk.settings.sipHost, port: asterisk.settings.sipPort };
  const numbers = Array.from({ length: 40 }, (_, n) => `1390000${String(n).padStart(4, '0')}`);
  for (const number of numbers) {
    const caller = await placeCall(server, number);
    callers.push(caller);
    await caller.hangUp();
  }
  const onRecord = async (): Promise<readonly (string | null)[]> => (await spool.waiting()).calls.map(({ number }) => number);
  await until('all of them to be on record', async () => (await onRecord()).length >= numbers.length);
  expect(new Set(await onRecord())).toEqual(new Set(numbers));
}, 20_000);

test('all free desks ring together; the first to answer has the call, the others fall silent', async () => {
  await register(...desks);
  const caller = await dial('13800001111');
  await until('both to ring', () => desks.every((phone) => phone.isRinging()));
  expect(desk(0).rings.at(-1)?.shown).toBe('13800001111');
  desk(1).pickUp();
  await until('the other to be silent', () => !desk(0).isRinging());
  await hearing(desk(1));
  await caller.hangUp();
  await until('the desk to be free', () => !desk(1).isTalking());
  const call = await record();
  expect(call).toMatchObject({
    number: '13800001111',
    calledNumber: '110',
    answeredBy: 'taker-1002',
    recording: `${call.id}.fallback.wav`,
  });
  expect(call.arrivedAt).toBeLessThan(call.answeredAt ?? 0);
  expect(call.answeredAt).toBeLessThan(call.endedAt);
  expect(Date.now() - call.endedAt).toBeLessThan(5000);
  expect((await stat(join(asterisk.settings.recordingsFolder, call.recording ?? ''))).size).toBeGreaterThan(2000);
});

test('a desk that hangs up ends the call, and it is recorded', async () => {
  await register(desk(0));
  const caller = await dial('13800001112');
  await until('the desk to ring', () => desk(0).isRinging());
  desk(0).pickUp();
  await hearing(desk(0));
  await desk(0).hangUp();
  await until('the caller to know', () => caller.isOver());
  expect(await record()).toMatchObject({ number: '13800001112', answeredBy: 'taker-1001' });
});

test('a caller who leaves at the door, in the greeting or while it rings leaves a record without an answer', async () => {
  const early = await dial('13800001113');
  await early.hangUp(null);
  expect(await record()).toMatchObject({ number: '13800001113', answeredAt: null, answeredBy: null, recording: null });
  await spool.taken((await record()).id);
  await register(desk(0));
  const late = await dial('13800001114');
  await until('the desk to ring', () => desk(0).isRinging());
  await late.hangUp();
  expect(await record()).toMatchObject({ number: '13800001114', answeredAt: null, recording: null });
});

test('nobody there, then a desk comes back: the rounds go on until somebody answers', async () => {
  const caller = await dial('13800001115');
  desk(0).conduct('answer');
  await register(desk(0));
  await until('the conversation', () => desk(0).isTalking(), 10_000);
  await hearing(desk(0));
  await caller.hangUp();
  expect((await record()).answeredBy).toBe('taker-1001');
});

test('a number that is none, and a caller name made to break the record, cannot break it', async () => {
  const caller = await dial('ab%22%7D,%24%7BSHELL(id)%7D13800001116', 'x\\",\\"whole\\":true} ${SHELL(id)}');
  await caller.hangUp();
  const call = await record();
  expect(call.number).toBeNull();
  expect((await spool.waiting()).unreadable).toEqual([]);
});

test('a withheld number is recorded as none', async () => {
  const caller = await dial(null);
  await caller.hangUp();
  expect((await record()).number).toBeNull();
});

test('a controller that comes back is offered who still waits, not who is in conversation, and every call has a record of the dialplan', async () => {
  desk(0).conduct('answer');
  await register(desk(0));
  const talking = await dial('13800001117');
  await until('the conversation', () => desk(0).isTalking());
  const waiting = await dial('13800001118');
  const { settings } = asterisk;
  const heard: Heard[] = [];
  const telephony = openTelephony({
    ariUrl: `http://${settings.httpHost}:${settings.httpPort}/ari`,
    ariUser: settings.ariUser,
    ariPassword: settings.ariPassword,
    instance: 'late',
    ami: null,
    prompts: { path: () => join(settings.promptsFolder, 'greeting') },
    log: keptLog(),
  });
  try {
    await telephony.open((word) => heard.push(word));
    const arrival = await until('the waiting caller to be offered', () => heard.find((word) => word.type === 'arrival'), 10_000);
    expect(arrival).toMatchObject({ number: '13800001118' });
    if (arrival.type !== 'arrival') return;
    expect(await telephony.claim(arrival.call)).toBe('ours');
    await until('the caller to enter', () => heard.some((word) => word.type === 'caller-entered'));
    expect(desk(0).isTalking()).toBe(true);
    await waiting.hangUp();
    await until('the caller to leave', () => heard.some((word) => word.type === 'caller-left'));
    await talking.hangUp();
    const both = await until('both records', async () => (await spool.waiting()).calls.length === 2 && (await spool.waiting()).calls);
    const isAnswered = new Map(both.map(({ number, answeredAt }) => [number, answeredAt !== null]));
    expect(isAnswered).toEqual(
      new Map([
        ['13800001117', true],
        ['13800001118', false],
      ]),
    );
    expect(heard.filter((word) => word.type === 'arrival')).toHaveLength(1);
  } finally {
    await telephony.close();
  }
});

test("no caller's number stands in Asterisk's log", async () => {
  expect(await asterisk.warnings()).not.toMatch(/1380000111\d/);
});
