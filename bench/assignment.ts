/**
 * From a call taker's hang-up (the BYE leaves their phone) to the INVITE for the next caller at the same phone: our line beside
 * app_queue, on one Asterisk, in one run.
 *
 * What makes it fair: three phones of one kind, one for each side, on endpoints of one template; three crowds of callers of one size,
 * all waiting at the same time, so that all sides bear the same load and the same noise; each side goes on at its own pace for as long
 * as the slowest needs; both stamps by the same clock in this process. No side hears music on hold; all hear the same recorded prompt.
 */
import { writeFile } from 'node:fs/promises';
import { wordsOf } from '../src/kernel/faults.ts';
import { ensureRuntime } from '../scripts/stack/runtime.ts';
import { openDeskPhone, type DeskPhone } from '../test/stack/phone.ts';
import { until } from '../test/stack/until.ts';
import { report, verdict, type Measurement, type Size } from './assignment-report.ts';
import { openCallers, type Callers } from './callers.ts';
import { openHouse, type House } from './house.ts';
import { loadNow, machineOf } from './machine.ts';

export interface AssignmentWishes {
  /** Rounds for each side and size. */
  readonly rounds: number;
  /** Callers waiting for each side; the aim is checked at the largest. */
  readonly sizes: readonly number[];
  /** Hang-ups of ours at the largest size on which the 99th percentile stands. */
  readonly tailRounds: number;
  readonly jsonFile: string | null;
}

/**
 * `application`: the dialplan's, in which callers are once they are taken in. `talk`: how long a conversation lasts, in milliseconds
 * from the moment at which the line is full again: drawn evenly over more than the side's own longest rhythm, so that it is met at
 * every point alike, as after a long conversation. app_queue looks every second; with its defaults it rings the busy phone and then
 * sleeps 5 s.
 */
const SIDES = [
  { name: 'ours', number: '110', application: 'StasisBroadcast', talk: { least: 150, spread: 1050 } },
  { name: 'tuned', number: '8801', application: 'Queue', talk: { least: 150, spread: 1050 } },
  { name: 'default', number: '8802', application: 'Queue', talk: { least: 1200, spread: 5000 } },
] as const;
type Side = (typeof SIDES)[number];

const PATIENCE_SECONDS = 20;
/** Callers come so slowly that their prompts do not speak in step: a hundred of them take most of the time from one prompt to the next. */
const CALLERS_PER_SECOND = 5;
const FULL_WITHIN_MS = 20_000;
const RING_WITHIN_MS = 30_000;
const END_WITHIN_MS = 15_000;
const BYE_WITHIN_MS = 1000;
const ASK_EVERY_MS = 90;
const TAIL_TALK_MS = { least: 150, spread: 200 };

type Round = { readonly side: Side['name']; readonly ms: number } | { readonly side: Side['name']; readonly odd: string };

/** Answers whether every side was measured. `interrupted` rejects when it is to end at once; whatever was started is ended all the same. */
export async function measureAssignment(
  wishes: AssignmentWishes,
  tell: (line: string) => void,
  interrupted: Promise<never>,
): Promise<boolean> {
  const loadBefore = loadNow();
  const runtime = await ensureRuntime();
  const house = await openHouse({ callTakers: SIDES.map(({ name }) => name), patienceSeconds: PATIENCE_SECONDS, tell });
  const phones: DeskPhone[] = [];
  const crowds: Callers[] = [];
  const measured = async (): Promise<Measurement> => {
    const machine = await machineOf(house, runtime, loadBefore);
    for (const { name } of SIDES) phones.push(await readyPhone(house, name));
    await until('our controller is ready', () => isReady(house), FULL_WITHIN_MS);
    await house.signOn('ours');
    const sizes: Size[] = [];
    for (const waiting of wishes.sizes) {
      const isTail = waiting === Math.max(...wishes.sizes);
      sizes.push(await measureSize({ ...wishes, house, sipp: runtime.sipp, phones, crowds, waiting, isTail, tell }));
    }
    return { machine: { ...machine, loadAfter: loadNow() }, patienceSeconds: PATIENCE_SECONDS, sizes };
  };
  try {
    const measurement = await Promise.race([measured(), interrupted]);
    process.stdout.write(report(measurement));
    if (wishes.jsonFile !== null) await writeFile(wishes.jsonFile, `${JSON.stringify(measurement, null, 2)}\n`);
    return verdict(measurement).isMeasured;
  } finally {
    for (const crowd of crowds) await crowd.stop();
    for (const phone of phones) phone.close();
    await house.stop();
  }
}

async function readyPhone({ stack }: House, side: Side['name']): Promise<DeskPhone> {
  const taker = stack.settings.callTakers.find(({ id }) => id === side);
  if (taker === undefined || taker.secret === null) throw new Error(`there is no phone for ${side}`);
  const phone = await openDeskPhone(stack.settings.sip, taker.endpoint, taker.secret);
  phone.conduct('answer');
  await phone.register();
  return phone;
}

async function isReady({ stack }: House): Promise<boolean> {
  const answer = await fetch(`${stack.url}/readyz`, { signal: AbortSignal.timeout(1000) });
  await answer.arrayBuffer();
  return answer.ok;
}

interface SizeWishes {
  readonly house: House;
  readonly sipp: string;
  readonly phones: readonly DeskPhone[];
  /** Those who are out now. */
  readonly crowds: Callers[];
  readonly waiting: number;
  readonly rounds: number;
  readonly isTail: boolean;
  readonly tailRounds: number;
  readonly tell: (line: string) => void;
}

async function measureSize({ house, sipp, phones, crowds, waiting, rounds, isTail, tailRounds, tell }: SizeWishes): Promise<Size> {
  const { sip: server, folders } = house.stack.settings;
  tell(`${waiting} waiting for each side: the callers come`);
  try {
    for (const { number } of SIDES) {
      // One of them is in conversation.
      crowds.push(await openCallers({ sipp, server, number, size: waiting + 1, perSecond: CALLERS_PER_SECOND, folder: folders.state }));
    }
    const desks = SIDES.map((side, at) => ({ side, phone: phones[at] as DeskPhone, waiting, house }));
    for (const desk of desks) await full(desk, FULL_WITHIN_MS + (1000 * waiting) / CALLERS_PER_SECOND);
    await Promise.all(desks.map((desk) => hangUp(desk, desk.side.talk)));
    tell(`${waiting} waiting for each side: ${rounds} rounds of each or more`);
    const turns: Round[] = [];
    const isEnough = (): boolean => SIDES.every(({ name }) => turns.filter(({ side }) => side === name).length >= rounds);
    const goOn = async (desk: Desk): Promise<void> => {
      while (!isEnough()) turns.push(await hangUp(desk, desk.side.talk));
    };
    await Promise.all(desks.map(goOn));
    const tail: Round[] = [];
    const missing = isTail ? tailRounds - msOf(turns, 'ours').length : 0;
    if (missing > 0) tell(`${waiting} waiting for each side: ${missing} more rounds of ours, for the 99th percentile`);
    for (const ours of desks.filter(({ side }) => side.name === 'ours')) {
      for (let round = 0; round < missing; round++) tail.push(await hangUp(ours, TAIL_TALK_MS));
    }
    if (crowds.some((crowd) => !crowd.isRunning())) throw new Error('SIPp ended while callers should have been waiting');
    return {
      waiting,
      sides: SIDES.map(({ name }) => ({ name, ms: msOf(turns, name), odd: oddOf(turns, name) })),
      tail: { ms: msOf(tail, 'ours'), odd: oddOf(tail, 'ours') },
    };
  } finally {
    await everybodyLeaves(house, crowds, phones);
  }
}

const msOf = (rounds: readonly Round[], side: string): readonly number[] =>
  rounds.flatMap((round) => (round.side === side && 'ms' in round ? [round.ms] : []));
const oddOf = (rounds: readonly Round[], side: string): readonly string[] =>
  rounds.flatMap((round) => (round.side === side && 'odd' in round ? [round.odd] : []));

interface Desk {
  readonly side: Side;
  readonly phone: DeskPhone;
  readonly waiting: number;
  readonly house: House;
}

interface Channel {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly dialplan?: { readonly exten?: string; readonly app_name?: string };
}

const callersIn = async (house: House): Promise<readonly Channel[]> =>
  ((await house.ari('GET', '/channels')).body as readonly Channel[]).filter(({ name }) => name.startsWith('PJSIP/trunk-'));

let turn: Promise<unknown> = Promise.resolve();
/** One at a time: looking at all channels of Asterisk, and a hang-up of ours, whose milliseconds such a look would disturb. */
function alone<T>(work: () => Promise<T>): Promise<T> {
  const mine = turn.then(work);
  turn = mine.catch(() => undefined);
  return mine;
}

/** Everybody waits whom we want waiting, and one talks. Asked of Asterisk itself, of every side alike. */
async function full({ side, phone, waiting, house }: Desk, withinMs: number): Promise<void> {
  let seen = 'nothing asked yet';
  const asked = async (): Promise<boolean> => {
    const mine = (await alone(() => callersIn(house))).filter(({ dialplan }) => dialplan?.exten === side.number);
    const inside = mine.filter(({ state, dialplan }) => state === 'Up' && dialplan?.app_name === side.application);
    if (phone.isTalking() && inside.length === waiting + 1) return true;
    seen = `${mine.length} callers, ${inside.length} of them taken in, ${phone.isTalking() ? 'one' : 'none'} in conversation`;
    await pause(ASK_EVERY_MS);
    return false;
  };
  await until(`${waiting} waiting`, asked, withinMs).catch((late: unknown) => {
    throw new Error(`the line of ${side.name} was not full in time: ${seen}`, { cause: late });
  });
}

/** One hang-up and what came of it. Whatever is not the one expected INVITE makes the round odd: it is named and not counted. */
async function hangUp(desk: Desk, talk: { readonly least: number; readonly spread: number }): Promise<Round> {
  const { phone, side } = desk;
  const measured = async (): Promise<Round> => {
    const before = phone.rings.length;
    const hungUpAt = performance.now();
    const over = phone.hangUp();
    const rungAt = await until(`${side.name} rings again`, () => phone.rings[before]?.at, RING_WITHIN_MS);
    await Promise.race([over, pause(BYE_WITHIN_MS)]);
    return phone.rings.length > before + 1 ? odd(side, 'it rang more than once') : { side: side.name, ms: rungAt - hungUpAt };
  };
  try {
    await full(desk, FULL_WITHIN_MS);
    await pause(talk.least + Math.random() * talk.spread);
    if (!phone.isTalking()) return odd(side, 'the conversation had ended by itself');
    return await (side.name === 'ours' ? alone(measured) : measured());
  } catch (thrown) {
    return odd(side, wordsOf(thrown));
  }
}

const odd = (side: Side, words: string): Round => ({ side: side.name, odd: words });

async function everybodyLeaves(house: House, crowds: Callers[], phones: readonly DeskPhone[]): Promise<void> {
  for (const crowd of crowds) crowd.retire();
  await until(
    'every caller has left',
    async () => {
      const left = await callersIn(house);
      for (const { id } of left) await house.ari('DELETE', `/channels/${id}`);
      return left.length === 0 && phones.every((phone) => !phone.isTalking() && !phone.isRinging());
    },
    END_WITHIN_MS,
  );
  for (const crowd of crowds.splice(0)) await crowd.stop();
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
