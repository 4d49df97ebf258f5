/**
 * Any deeds of callers, call takers and two whole controllers, in any order, with deaths, stops and returns in the middle of everything;
 * and what must hold afterwards. Says what is against it; expects nothing itself.
 */
import { deepEqual, equal, notEqual, ok } from 'node:assert/strict';
import fc from 'fast-check';
import type { Call } from '../../src/call/call.ts';
import type { JournalEntry } from '../../src/control/ports.ts';
import { callId, type CallId } from '../../src/kernel/ids.ts';
import { ANNA, BEN } from '../control/house.ts';
import { ControlPair, SIDES, type Side } from './control-pair.ts';

export const nth = (n: number): CallId => callId(`intake-1.${n}`);
export const live = async (pair: ControlPair): Promise<readonly Call[]> => pair.records.liveCalls();
export const callOf = async (pair: ControlPair, id: CallId): Promise<Call> => {
  const known = await pair.records.call(id);
  if (known === null) throw new Error(`no call ${id}`);
  return known;
};

export async function openPair(desks = 2, stopsOnTheWay = false): Promise<ControlPair> {
  const pair = new ControlPair(stopsOnTheWay);
  await pair.start('one');
  await pair.start('two');
  for (const desk of ['taker-1001', 'taker-1002'].slice(0, desks)) await pair.exchange.register(desk);
  await pair.settle();
  // Each has held its lease for a while.
  await pair.pass(3000);
  return pair;
}

type Deed =
  | { readonly do: 'arrive' | 'tick' }
  | { readonly do: 'leave' | 'answer' | 'decline' | 'desk-hangs-up'; readonly call: number }
  | { readonly do: 'ready' | 'off'; readonly desk: number; readonly at: Side }
  | { readonly do: 'finish'; readonly call: number; readonly at: Side }
  | { readonly do: 'kill' | 'start' | 'thaw' | 'quit'; readonly side: Side }
  | { readonly do: 'freeze'; readonly side: Side; readonly turns: number }
  | { readonly do: 'pass'; readonly ms: number };

const side = fc.constantFrom(...SIDES);
const nat = fc.nat(30);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Deed>({ do: 'arrive' }) },
  { weight: 7, arbitrary: fc.record({ do: fc.constantFrom('answer' as const, 'answer' as const, 'decline' as const), call: nat }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('leave' as const, 'desk-hangs-up' as const), call: nat }) },
  {
    weight: 5,
    arbitrary: fc.record({ do: fc.constantFrom('ready' as const, 'ready' as const, 'off' as const), desk: fc.nat(1), at: side }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('finish' as const), call: nat, at: side }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('kill' as const, 'start' as const, 'start' as const, 'thaw' as const, 'quit' as const),
      side,
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('freeze' as const), side, turns: fc.nat(25) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(250, 1000, 2500, 6000) }) },
);

class Walk {
  readonly pair: ControlPair;
  readonly #desks: number;
  #arrived = 0;

  constructor(pair: ControlPair, desks: number) {
    this.pair = pair;
    this.#desks = desks;
  }

  async perform(what: Deed): Promise<void> {
    const { pair } = this;
    const { exchange } = pair;
    const gently = (work: Promise<unknown> | undefined): void => void work?.catch((refused: unknown) => refused);
    switch (what.do) {
      case 'arrive':
        void exchange.arrive(nth((this.#arrived += 1)));
        break;
      case 'answer':
      case 'decline':
      case 'desk-hangs-up':
      case 'leave': {
        const id = nth(1 + (what.call % Math.max(1, this.#arrived)));
        const leg = [...exchange.legs.values()].findLast((one) => one.call === id);
        if (what.do === 'leave') void exchange.callerLeaves(id);
        else if (leg !== undefined && what.do === 'answer') void exchange.answer(id, leg.attempt);
        else if (leg !== undefined && leg.answered === (what.do === 'desk-hangs-up')) {
          void exchange.legEnds(id, leg.attempt, leg.answered ? 'hung-up' : 'declined');
        }
        break;
      }
      case 'ready':
      case 'off':
        gently(pair.room(what.at)?.[what.do]([ANNA, BEN][what.desk % this.#desks] ?? ANNA));
        break;
      case 'finish': {
        const id = nth(1 + (what.call % Math.max(1, this.#arrived)));
        const state = (await pair.records.call(id))?.state;
        if (state?.at === 'talking') gently(pair.room(what.at)?.finish(id, state.with));
        break;
      }
      case 'freeze':
        for (let turn = 0; turn < what.turns; turn += 1) await Promise.resolve();
        pair.freeze(what.side);
        return;
      case 'kill':
        pair.kill(what.side);
        return;
      case 'thaw':
        pair.thaw(what.side);
        break;
      case 'start':
        if (!pair.isRunning(what.side)) await pair.start(what.side);
        break;
      case 'quit':
        await pair.leave(what.side);
        break;
      case 'pass':
        await pair.pass(what.ms);
        break;
      case 'tick':
        break;
    }
  }

  /** Everybody runs again and has had time; then the records and the exchange say the same. */
  async recover(): Promise<void> {
    const { pair } = this;
    for (const one of SIDES) {
      pair.thaw(one);
      await pair.start(one);
    }
    await pair.pass(40_000);
    const { exchange } = pair;
    const calls = await live(pair);
    const present = [...exchange.callers.values()].filter(({ at }) => at === 'ours').map(({ call: id }) => id);
    deepEqual(calls.map(({ id }) => id).toSorted(), present.toSorted());
    for (const { id, state } of calls) {
      const owner = (await pair.records.ownerOf(id))?.replace(/#\d+$/, '');
      equal(exchange.callers.get(id)?.app, owner);
      ok(['waiting', 'offered', 'talking'].includes(state.at), `${id} is ${state.at}`);
    }
    const tied = calls.flatMap(({ id, state }) => ('attempt' in state ? [`${id}.taker.${state.attempt}`] : []));
    deepEqual([...exchange.legs.keys()].toSorted(), tied.toSorted());
    const together = calls.filter(({ state }) => state.at === 'talking').map(({ id }) => id);
    deepEqual(
      [...exchange.bridges.values()]
        .filter((one) => one.callerIn && one.callTakerIn)
        .map((one) => one.call)
        .toSorted(),
      together.toSorted(),
    );
    equal(exchange.bridges.size, together.length);
    const busy = (await pair.records.callTakers()).flatMap(({ state }) =>
      'call' in state && state.is !== 'after-call' ? [state.call] : [],
    );
    deepEqual(
      busy.toSorted(),
      calls
        .filter(({ state }) => 'attempt' in state)
        .map(({ id }) => id)
        .toSorted(),
    );
  }

  /** Whoever is left is served, in order. */
  async drain(): Promise<void> {
    const { pair } = this;
    for (let round = 0; (await live(pair)).length > 0; round += 1) {
      if (round > 3 * this.#arrived + 5)
        throw new Error(`somebody waits for ever: ${JSON.stringify((await live(pair)).map(({ id, state }) => [id, state]))}`);
      for (const desk of [ANNA, BEN].slice(0, this.#desks))
        await pair
          .room('one')
          ?.ready(desk)
          .catch((refused: unknown) => refused);
      await pair.pass(1250);
      for (const leg of [...pair.exchange.legs.values()]) await pair.exchange.answer(leg.call, leg.attempt);
      await pair.settle();
      for (const leg of [...pair.exchange.legs.values()]) await pair.exchange.legEnds(leg.call, leg.attempt, 'hung-up');
      await pair.pass(250);
    }
    deepEqual(pair.complaints, []);
  }

  async check(): Promise<void> {
    const history = await this.pair.records.journal(null, 100_000);
    if (this.#desks === 1) inOrder(history);
    const tickets = history.filter(({ kind }) => kind === 'CallerArrived').map(({ ticket }) => ticket);
    deepEqual(
      tickets,
      tickets.map((_ticket, n) => n + 1),
    );
    for (const { kind, call: id, data } of history) {
      if (data?.['to'] === 'ended' && kind === 'DeadlinePassed' && id !== undefined) {
        notEqual(this.pair.exchange.callers.get(id)?.at, 'ours', 'went elsewhere by the records, and is here');
      }
    }
    for (let n = 1; n <= this.#arrived; n += 1) {
      const { offers = [] } = (await this.pair.records.call(nth(n))) ?? {};
      ok(offers.filter(({ outcome }) => outcome === 'completed').length <= 1, 'served twice');
    }
  }
}

/** With one call taker: whoever is offered is the first of those in the line. */
function inOrder(history: readonly JournalEntry[]): void {
  const line = new Set<number>();
  const isIn = (place: unknown): boolean => place === 'greeting' || place === 'waiting';
  for (const { kind, ticket, data } of history) {
    if (ticket === undefined || data === undefined) continue;
    if (kind === 'CallTakerClaimed') equal(ticket, Math.min(...line));
    if (isIn(data['to'])) line.add(ticket);
    else line.delete(ticket);
  }
}

/** What went wrong in any of so many walks; `undefined` where nothing did. */
export async function complaintOfWalks(desks: number, numRuns: number): Promise<unknown> {
  const anyDeeds = fc.asyncProperty(
    fc.array(deed, { minLength: 10, maxLength: 45, size: 'max' }),
    fc.boolean(),
    async (deeds, stopsOnTheWay) => {
      const walk = new Walk(await openPair(desks, stopsOnTheWay), desks);
      for (const one of deeds) {
        await walk.perform(one);
        if (one.do !== 'freeze' && one.do !== 'kill') await walk.pair.settle();
      }
      await walk.recover();
      await walk.drain();
      await walk.check();
    },
  );
  return fc.defaultReportMessage(await fc.check(anyDeeds, { numRuns }));
}
