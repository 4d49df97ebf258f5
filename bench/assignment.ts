/**
 * From a call taker's hang-up (the BYE leaves their phone) to the INVITE for the next caller at the same phone: our line beside
 * app_queue, on one Asterisk, in one run.
 *
 * What makes it fair: three phones of one kind, one for each side, on endpoints of one template; three crowds of callers of one size,
 * all waiting at the same time, so that all sides bear the same load and the same noise; in every round each side is hung up on once,
 * after a pause drawn evenly over more than a second, so that no side's own rhythm is met always at the same point; both stamps by the
 * same clock in this process. No side hears music on hold; all hear the same recorded prompt.
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

/** `application`: the dialplan's, in which callers are once they are taken in. */
const SIDES = [
  { name: 'ours', number: '110', application: 'StasisBroadcast' },
  { name: 'tuned', number: '8801', application: 'Queue' },
  { name: 'default', number: '8802', application: 'Queue' },
] as const;
type Side = (typeof SIDES)[number];

const PATIENCE_SECONDS = 20;
/** Callers come so slowly that their prompts do not speak in step: a hundred of them take about as long as one round of prompts. */
const CALLERS_PER_SECOND = 4;
const FULL_WITHIN_MS = 20_000;
const RING_WITHIN_MS = 30_000;
const END_WITHIN_MS = 15_000;
const BYE_WITHIN_MS = 1000;
const ASK_EVERY_MS = 90;
/** Not counted: every program has done its work once. */
const WARM_UP_ROUNDS = 1;
/** A conversation, in milliseconds from the moment at which the line is full again. */
const TALK_MS = { least: 150, spread: 1050 };
const TAIL_TALK_MS = { least: 150, spread: 200 };

type Round = { readonly side: Side['name']; readonly ms: number } | { readonly side: Side['name']; readonly odd: string };

export async function measureAssignment(wishes: AssignmentWishes, tell: (line: string) => void): Promise<boolean> {
  const loadBefore = loadNow();
  const runtime = await ensureRuntime();
  const house = await openHouse({ callTakers: SIDES.map(({ name }) => name), patienceSeconds: PATIENCE_SECONDS, tell });
  const phones: DeskPhone[] = [];
  const stop = async (): Promise<void> => {
    for (const phone of phones) phone.close();
    await house.stop();
  };
  const interrupted = (): void => void stop().finally(() => process.exit(130));
  process.once('SIGINT', interrupted).once('SIGTERM', interrupted);
  try {
    const machine = await machineOf(house, runtime.redisServer, loadBefore);
    for (const { name } of SIDES) phones.push(await readyPhone(house, name));
    await until('our controller is ready', () => isReady(house), FULL_WITHIN_MS);
    await house.signOn('ours');
    const sizes: Size[] = [];
    for (const waiting of wishes.sizes) {
      const tailRounds = waiting === Math.max(...wishes.sizes) ? Math.max(0, wishes.tailRounds - wishes.rounds) : 0;
      sizes.push(await measureSize({ house, sipp: runtime.sipp, phones, waiting, rounds: wishes.rounds, tailRounds, tell }));
    }
    const measurement: Measurement = { machine: { ...machine, loadAfter: loadNow() }, patienceSeconds: PATIENCE_SECONDS, sizes };
    process.stdout.write(report(measurement));
    if (wishes.jsonFile !== null) await writeFile(wishes.jsonFile, `${JSON.stringify(measurement, null, 2)}\n`);
    return verdict(measurement).isMeasured;
  } finally {
    process.off('SIGINT', interrupted).off('SIGTERM', interrupted);
    await stop();
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
  readonly waiting: number;
  readonly rounds: number;
  readonly tailRounds: number;
  readonly tell: (line: string) => void;
}

async function measureSize({ house, sipp, phones, waiting, rounds, tailRounds, tell }: SizeWishes): Promise<Size> {
  const { sip: server, folders } = house.stack.settings;
  tell(`${waiting} waiting for each side: the callers come`);
  const crowds: Callers[] = [];
  try {
    for (const { number } of SIDES) {
      // One of them is in conversation.
      crowds.push(await openCallers({ sipp, server, number, size: waiting + 1, perSecond: CALLERS_PER_SECOND, folder: folders.state }));
    }
    const desks = SIDES.map((side, at) => ({ side, phone: phones[at] as DeskPhone, waiting }));
    await full(house, desks, FULL_WITHIN_MS + (1000 * waiting) / CALLERS_PER_SECOND);
    for (let round = 0; round < WARM_UP_ROUNDS; round++) await hangUpAll(house, desks, TALK_MS);
    tell(`${waiting} waiting for each side: ${rounds} rounds`);
    const turns: Round[] = [];
    for (let round = 0; round < rounds; round++) turns.push(...(await hangUpAll(house, desks, TALK_MS)));
    const tail: Round[] = [];
    const ours = desks.filter(({ side }) => side.name === 'ours');
    if (tailRounds > 0) tell(`${waiting} waiting for each side: ${tailRounds} more rounds of ours, for the 99th percentile`);
    for (let round = 0; round < tailRounds; round++) tail.push(...(await hangUpAll(house, ours, TAIL_TALK_MS)));
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
}

interface Channel {
  readonly id: string;
  readonly name: string;
  readonly state: string;
  readonly dialplan?: { readonly exten?: string; readonly app_name?: string };
}

const callersIn = async (house: House): Promise<readonly Channel[]> =>
  ((await house.ari('GET', '/channels')).body as readonly Channel[]).filter(({ name }) => name.startsWith('PJSIP/trunk-'));

/** Everybody waits whom we want waiting, and one talks. Asked of Asterisk itself, of every side alike, and never during a measurement. */
async function full(house: House, desks: readonly Desk[], withinMs: number): Promise<void> {
  const isIn = (channels: readonly Channel[], { side, phone, waiting }: Desk): boolean => {
    const inside = channels.filter(
      ({ state, dialplan }) => state === 'Up' && dialplan?.exten === side.number && dialplan.app_name === side.application,
    );
    return phone.isTalking() && inside.length === waiting + 1;
  };
  let missing: readonly Desk[] = desks;
  const asked = async (): Promise<boolean> => {
    const channels = await callersIn(house);
    missing = desks.filter((desk) => !isIn(channels, desk));
    if (missing.length > 0) await pause(ASK_EVERY_MS);
    return missing.length === 0;
  };
  await until('every line is full', asked, withinMs).catch((thrown: unknown) => {
    const names = missing.map(({ side, waiting }) => `${side.name} (${waiting})`).join(', ');
    throw new Error(`not full and talking in time: ${names}`, { cause: thrown });
  });
}

/** One round: every side hung up on once, each at a moment of its own. A line that does not fill makes the round odd for all. */
async function hangUpAll(house: House, desks: readonly Desk[], talk: typeof TALK_MS): Promise<readonly Round[]> {
  try {
    await full(house, desks, FULL_WITHIN_MS);
  } catch (thrown) {
    return desks.map(({ side }) => ({ side: side.name, odd: wordsOf(thrown) }));
  }
  return Promise.all(desks.map((desk) => hangUp(desk, talk)));
}

/** One hang-up and what came of it. Whatever is not the one expected INVITE makes the round odd: it is named and not counted. */
async function hangUp({ phone, side: { name: side } }: Desk, talk: typeof TALK_MS): Promise<Round> {
  try {
    await pause(talk.least + Math.random() * talk.spread);
    if (!phone.isTalking()) return { side, odd: 'the conversation had ended by itself' };
    const before = phone.rings.length;
    const hungUpAt = performance.now();
    const over = phone.hangUp();
    const rungAt = await until(`${side} rings again`, () => phone.rings[before]?.at, RING_WITHIN_MS);
    await Promise.race([over, pause(BYE_WITHIN_MS)]);
    return phone.rings.length > before + 1 ? { side, odd: 'it rang more than once' } : { side, ms: rungAt - hungUpAt };
  } catch (thrown) {
    return { side, odd: wordsOf(thrown) };
  }
}

async function everybodyLeaves(house: House, crowds: readonly Callers[], phones: readonly DeskPhone[]): Promise<void> {
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
  for (const crowd of crowds) await crowd.stop();
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
