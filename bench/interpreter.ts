/**
 * From the request for an interpreter to the INVITE at the volunteer's phone, and from the volunteer's key to the first sound of theirs
 * at both others: ours beside Asterisk's ConfBridge, on one Asterisk, in one run, turn about.
 *
 * What makes it fair: phones of one kind on endpoints of one template for both sides; the same recordings to the volunteer, the same
 * key, pressed after as long a listening; both conversations are recorded; both requests are one HTTP request from this process, and all
 * stamps are by its clock. A round of one side follows a round of the other, so that both meet the same noise.
 */
import { writeFile } from 'node:fs/promises';
import { ensureRuntime } from '../scripts/stack/runtime.ts';
import { wordsOf } from '../src/kernel/faults.ts';
import { type DeskPhone, openDeskPhone, placeCall, type SipCaller } from '../test/stack/phone.ts';
import type { Sound } from '../test/stack/sound.ts';
import { until } from '../test/stack/until.ts';
import { openHouse, type House } from './house.ts';
import { report, SIDES, isMeasured, type InterpreterMeasurement, type Round, type SideName } from './interpreter-report.ts';
import { loadNow, machineOf } from './machine.ts';

export interface InterpreterWishes {
  /** Rounds for each side. */
  readonly rounds: number;
  readonly jsonFile: string | null;
}

const NUMBERS = { ours: '110', ConfBridge: '8803' } as const satisfies Record<SideName, string>;
const LANGUAGE = 'ru';
const TONE = 800;
/** A tone without a tone: a phone that is there and silent. */
const SILENCE = 0;
const ALWAYS = 'mon-sun 00:00-24:00';
const READY_WITHIN_MS = 20_000;
const TALK_WITHIN_MS = 10_000;
const RING_WITHIN_MS = 10_000;
const HEAR_WITHIN_MS = 5000;
const OVER_WITHIN_MS = 10_000;
/** How long the volunteer listens before the key: anywhere in the first sentence. */
const LISTENS = { least: 400, spread: 1500 };
/** How long the two talk before the request. */
const TALKS = { least: 300, spread: 500 };
const ASK_EVERY_MS = 2;

/** One side's people. */
interface Side {
  readonly name: SideName;
  readonly house: House;
  readonly desk: DeskPhone;
  readonly volunteer: DeskPhone;
}

/** Answers whether both sides were measured. `interrupted` rejects when it is to end at once; whatever was started is ended all the same. */
export async function measureInterpreter(
  wishes: InterpreterWishes,
  tell: (line: string) => void,
  interrupted: Promise<never>,
): Promise<boolean> {
  const loadBefore = loadNow();
  const runtime = await ensureRuntime();
  const house = await openHouse({
    callTakers: SIDES,
    volunteers: SIDES.map((name) => ({
      id: name,
      name,
      // Only the one of ours is ever chosen.
      languages: name === 'ours' ? `${LANGUAGE} native` : 'en native',
      addresses: `sip:volunteer-${name}`,
      duty: ALWAYS,
    })),
    languages: ['zh', LANGUAGE, 'en'],
    beside: 'ConfBridge',
    patienceSeconds: 60,
    tell,
  });
  const phones: DeskPhone[] = [];
  const callers = new Set<SipCaller>();
  const measured = async (): Promise<InterpreterMeasurement> => {
    const machine = await machineOf(house, runtime, loadBefore);
    const sides: Side[] = [];
    for (const name of SIDES) {
      const desk = await readyPhone(house, `taker-${name}`, phones);
      sides.push({ name, house, desk, volunteer: await readyPhone(house, `volunteer-${name}`, phones) });
    }
    await until('our controller is ready', async () => (await fetch(`${house.stack.url}/readyz`)).ok, READY_WITHIN_MS);
    await house.signOn('ours');
    tell(`${wishes.rounds} rounds of each side, turn about`);
    const rounds: Round[] = [];
    for (let round = 0; round < wishes.rounds; round++) {
      for (const side of sides) rounds.push(await oneRound(side, round, callers));
    }
    return { machine: { ...machine, loadAfter: loadNow() }, rounds };
  };
  try {
    const measurement = await Promise.race([measured(), interrupted]);
    process.stdout.write(report(measurement));
    if (wishes.jsonFile !== null) await writeFile(wishes.jsonFile, `${JSON.stringify(measurement, null, 2)}\n`);
    return isMeasured(measurement);
  } finally {
    for (const one of [...callers, ...phones]) one.close();
    await house.stop();
  }
}

async function readyPhone({ stack }: House, endpoint: string, phones: DeskPhone[]): Promise<DeskPhone> {
  const { settings } = stack;
  const secret = [...settings.callTakers, ...settings.volunteers.endpoints].find((one) => one.endpoint === endpoint)?.secret;
  if (secret == null) throw new Error(`there is no phone ${endpoint}`);
  const phone = await openDeskPhone(settings.sip, endpoint, secret);
  phones.push(phone);
  phone.conduct('answer');
  await phone.register();
  return phone;
}

/** One call of its own: a volunteer is asked once in a call. What cannot be measured makes the round odd: it is named, not counted. */
async function oneRound(side: Side, round: number, callers: Set<SipCaller>): Promise<Round> {
  const { name, house, desk, volunteer } = side;
  const caller = await placeCall(house.stack.settings.sip, '13800001234', NUMBERS[name]);
  callers.add(caller);
  try {
    await conversation(side, caller);
    await pause(TALKS.least + Math.random() * TALKS.spread);
    const before = volunteer.rings.length;
    const request = await requestOf(side);
    const askedAt = performance.now();
    const asked = request();
    const rungAt = await until('the volunteer rings', () => volunteer.rings[before]?.at, RING_WITHIN_MS);
    await asked;
    volunteer.sound.sing(TONE);
    await until('the volunteer hears what is asked', isHeardBy(volunteer.sound), HEAR_WITHIN_MS);
    await pause(LISTENS.least + Math.random() * LISTENS.spread);
    for (const { sound } of [caller, desk]) sound.heard();
    const pressing = volunteer.sound.press('1');
    const firstAt = await Promise.all([firstSound(caller.sound), firstSound(desk.sound)]);
    await pressing;
    const heardMs = Math.max(...firstAt) - volunteer.sound.keyUpAt();
    return { side: name, round, rings: rungAt - askedAt, heard: heardMs };
  } catch (thrown) {
    return { side: name, round, odd: wordsOf(thrown) };
  } finally {
    await everybodyLeaves(side, caller);
    caller.close();
    callers.delete(caller);
  }
}

/** Caller and call taker hear each other; then both are silent. */
async function conversation({ name, house, desk }: Side, caller: SipCaller): Promise<void> {
  const status = await caller.answered;
  if (status !== 200) throw new Error(`the caller was answered with ${status}`);
  if (name === 'ConfBridge') await originate(house, desk.endpoint, 'call-taker');
  await until('the call taker answers', () => desk.isTalking(), TALK_WITHIN_MS);
  const both = [caller.sound, desk.sound];
  for (const sound of both) {
    sound.sing(TONE);
    sound.listen();
  }
  // A tone that is nearly all there is: neither a prompt nor the ring-back.
  await until('the two hear each other', () => both.every((sound) => (sound.shares([TONE])[0] ?? 0) > 0.9), TALK_WITHIN_MS);
  for (const sound of both) sound.sing(SILENCE);
  await until('the two are silent', quiet(both), TALK_WITHIN_MS);
}

const QUIET_MS = 150;
/** True once nothing loud has come for a while. */
function quiet(sounds: readonly Sound[]): () => boolean {
  let since = performance.now();
  return () => {
    const loud = sounds.map((sound) => sound.heard().loud).some((packets) => packets > 0);
    if (loud) since = performance.now();
    return performance.now() - since > QUIET_MS;
  };
}

/** The one HTTP request that asks for the volunteer, with everything known that it needs. */
async function requestOf({ name, house, volunteer }: Side): Promise<() => Promise<unknown>> {
  if (name === 'ConfBridge') return () => originate(house, volunteer.endpoint, 'volunteer');
  const { call } = (await house.ask('GET', '/call-takers/ours')) as { readonly call: string };
  return () => house.ask('PUT', `/calls/${call}/interpreter`, { language: LANGUAGE });
}

async function originate(house: House, endpoint: string, extension: string): Promise<void> {
  const query = new URLSearchParams({ endpoint: `PJSIP/${endpoint}`, context: 'beside', extension, priority: '1', callerId: '110' });
  const { status, body } = await house.ari('POST', `/channels?${query.toString()}`);
  if (status >= 300) throw new Error(`${endpoint} could not be rung: ${status} ${JSON.stringify(body)}`);
}

const isHeardBy = (sound: Sound) => (): boolean => sound.heard().loud > 0;

/** Looks more often than a packet comes. */
async function firstSound(sound: Sound): Promise<number> {
  const deadline = performance.now() + HEAR_WITHIN_MS;
  while (sound.heard().loud === 0) {
    if (performance.now() > deadline) throw new Error('the volunteer was not heard');
    await pause(ASK_EVERY_MS);
  }
  return performance.now();
}

async function everybodyLeaves({ house, desk, volunteer }: Side, caller: SipCaller): Promise<void> {
  volunteer.sound.hush();
  for (const phone of [volunteer, desk]) if (phone.isTalking()) await Promise.race([phone.hangUp(), pause(OVER_WITHIN_MS)]);
  await Promise.race([caller.hangUp(), pause(OVER_WITHIN_MS)]);
  await until('everybody has left', async () => ((await house.ari('GET', '/channels')).body as unknown[]).length === 0, OVER_WITHIN_MS);
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
