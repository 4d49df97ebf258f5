/**
 * Two controllers on one centre's records, with no telephone: the real steps of call and desk run over a store, deed by deed. `check`
 * says what must hold after whatever has happened. Knows nothing of chance; who chooses the deeds is elsewhere.
 */
import { deepEqual, equal, ok } from 'node:assert/strict';
import { callTakerOf, isInLine, type Call } from '../../src/call/call.ts';
import { isNotice, type Notice } from '../../src/call/effects.ts';
import { arrive } from '../../src/call/entry.ts';
import type { CallEvent } from '../../src/call/events.ts';
import { transition } from '../../src/call/machine.ts';
import type { Commit, Store, Verdict } from '../../src/control/ports.ts';
import { deskStep, isFree, type CallTaker, type DeskEvent } from '../../src/desk/call-taker.ts';
import { whoGetsWhom, type Pair } from '../../src/desk/who-gets-whom.ts';
import { isFault } from '../../src/kernel/faults.ts';
import { callId, callTakerId, incidentId, type CallId, type CallTakerId } from '../../src/kernel/ids.ts';
import { later, type Instant } from '../../src/kernel/instants.ts';
import { callTaker, commit, T0 } from '../contract/store.values.ts';

const RULES = {
  arriveWithinMs: 5000,
  greetingMaxMs: 8000,
  patienceEveryMs: 20_000,
  promptMaxMs: 15_000,
  ringMs: 20_000,
  languageOffers: [],
  seekMs: 90_000,
  volunteerRingMs: 25_000,
  acceptMs: 20_000,
  preparesInterpreter: false,
};
export const DESKS = ['1001', '1002', '1003'].map(callTakerId);
export const SIDES = [0, 1] as const;

export type Side = (typeof SIDES)[number];
export type Deed =
  | { readonly do: 'arrive'; readonly side: Side }
  | { readonly do: 'enter' | 'greeted' | 'leave' | 'answer' | 'no-answer' | 'cut' | 'hang-up'; readonly call: number }
  | { readonly do: 'ready' | 'off'; readonly desk: number }
  | { readonly do: 'claim'; readonly sides: readonly Side[] }
  | { readonly do: 'look' | 'claim-late'; readonly side: Side }
  | { readonly do: 'race' }
  | { readonly do: 'lose-answer'; readonly side: Side };

/** Two controllers on one centre's records. */
export interface Centre {
  readonly stores: readonly [Store, Store];
  /** The side's next commit is saved, its answer lost. */
  loseNextAnswer(side: Side): void;
  close(): Promise<void>;
}

export class House {
  readonly #centre: Centre;
  readonly calls: { readonly id: CallId; readonly side: Side }[] = [];
  readonly #looks: (readonly Pair[])[] = [[], []];
  #now: Instant = T0;
  #commits = 0;

  constructor(centre: Centre) {
    this.#centre = centre;
  }

  store(of: Side): Store {
    return this.#centre.stores[of];
  }

  async signOn(): Promise<void> {
    await this.#save(0, { callTakers: DESKS.map((id) => ({ value: callTaker(id), from: 0 })) });
  }

  async perform(what: Deed): Promise<void> {
    this.#now = later(this.#now, 1000);
    switch (what.do) {
      case 'arrive':
        return this.#arrive(what.side);
      case 'ready':
      case 'off':
        return this.#ask(DESKS[what.desk] as CallTakerId, what.do);
      case 'claim':
        return this.#claimNow(what.sides);
      case 'look':
        this.#looks[what.side] = await this.#propose(what.side);
        return;
      case 'claim-late':
        await this.#claim(what.side, this.#looks[what.side] ?? []);
        return;
      case 'race':
        return this.#race();
      case 'lose-answer':
        return this.#centre.loseNextAnswer(what.side);
      case 'enter':
      case 'greeted':
      case 'leave':
      case 'answer':
      case 'no-answer':
      case 'cut':
      case 'hang-up': {
        const whose = this.calls[what.call % Math.max(1, this.calls.length)];
        if (whose) await this.#tell(whose, what.do);
      }
    }
  }

  async #arrive(of: Side): Promise<void> {
    const id = callId(`intake-${this.calls.length + 1}`);
    this.calls.push({ id, side: of });
    const arrival = arrive({ id, time: this.#now, number: null, calledNumber: '110', language: 'zh', incident: incidentId(id) }, RULES);
    const { call: admitted } = await this.store(of).admit(arrival, (ticket) => ({ at: this.#now, kind: 'Arrived', ticket }));
    equal(admitted.ticket, this.calls.length);
  }

  /** Sign on or off; a call taker who has moved on meanwhile is asked again. */
  async #ask(id: CallTakerId, what: 'ready' | 'off'): Promise<void> {
    const before = (await this.store(0).callTaker(id)) as CallTaker;
    const event: DeskEvent = { time: this.#now, type: what === 'ready' ? 'ReadyAsked' : 'OffAsked' };
    const after = deskStep(before, event, { afterCallMs: 0 }).callTaker;
    if (after !== before) deepEqual(await this.#save(0, { callTakers: [{ value: after, from: before.revision }] }), { is: 'saved' });
  }

  /** A fresh look of one side or of both at once: the heads of the line are taken, as many as there are free call takers. */
  async #claimNow(sides: readonly Side[]): Promise<void> {
    const line = await this.store(0).line(1000);
    const free = (await this.store(0).callTakers()).filter(isFree).length;
    const heads = line.slice(0, free).map((caller) => caller.call);
    const ours = heads.filter((id) => sides.includes(this.#sideOf(id)));
    const looks = await Promise.all(sides.map((of) => this.#propose(of)));
    const claimed = (await Promise.all(sides.map((of, n) => this.#claim(of, looks[n] ?? [])))).flat();
    deepEqual(claimed.toSorted(), ours.toSorted());
  }

  /** Each side sees its own callers alone, and so both want the same call takers. */
  async #race(): Promise<void> {
    const [line, desks] = await Promise.all([this.store(0).line(1000), this.store(0).callTakers()]);
    const views = SIDES.map((of) =>
      whoGetsWhom(
        line.filter((caller) => this.#sideOf(caller.call) === of),
        desks,
      ),
    );
    const claimed = (await Promise.all(SIDES.map((of) => this.#claim(of, views[of] ?? [])))).flat();
    equal(claimed.length, Math.min(desks.filter(isFree).length, Math.max(...views.map((view) => view.length))));
  }

  #sideOf(id: CallId): Side {
    return this.calls.find((known) => known.id === id)?.side ?? 0;
  }

  async #propose(of: Side): Promise<readonly Pair[]> {
    const [line, desks] = await Promise.all([this.store(of).line(1000), this.store(of).callTakers()]);
    return whoGetsWhom(line, desks).filter((pair) => this.#sideOf(pair.call) === of);
  }

  /** With the call takers as they were seen: whoever is no longer free makes the commit stale. */
  async #claim(of: Side, pairs: readonly Pair[]): Promise<CallId[]> {
    const claimed: CallId[] = [];
    for (const { call: id, callTaker: seen } of pairs) {
      const before = (await this.store(of).call(id)) as Call;
      if (!isInLine(before)) continue;
      const { verdict } = await this.#step(of, before, { time: this.#now, type: 'CallTakerClaimed', callTaker: seen.id }, seen);
      if (verdict?.is === 'saved') claimed.push(id);
    }
    return claimed;
  }

  async #tell({ id, side: of }: { id: CallId; side: Side }, what: string): Promise<void> {
    const before = (await this.store(of).call(id)) as Call;
    const { verdict } = await this.#step(of, before, eventOf(before, what, this.#now));
    if (verdict !== null) deepEqual(verdict, { is: 'saved' });
  }

  /** One step of a call with what it means for its call taker, saved together. `null`: nothing to save. */
  async #step(of: Side, before: Call, event: CallEvent, seen?: CallTaker): Promise<{ readonly verdict: Verdict | null }> {
    const { call: after, effects } = transition(before, event, RULES);
    if (after === before) return { verdict: null };
    const callTakers = [];
    for (const notice of effects.filter(isNotice)) {
      const desk = seen ?? ((await this.store(of).callTaker(notice.callTaker)) as CallTaker);
      const step = deskStep(desk, deskEventOf(notice, before.id, this.#now), { afterCallMs: 0 });
      equal(step.refused, undefined);
      callTakers.push({ value: step.callTaker, from: desk.revision });
    }
    return { verdict: await this.#save(of, { call: { value: after, from: before.revision }, callTakers }) };
  }

  /** A lost answer is asked for again, with the same id. */
  async #save(of: Side, parts: Partial<Commit>): Promise<Verdict> {
    this.#commits += 1;
    const whole = commit(`commit-${this.#commits}`, parts);
    try {
      return await this.store(of).commit(whole);
    } catch (error) {
      if (!isFault(error, 'unavailable')) throw error;
      return this.store(of).commit(whole);
    }
  }

  /** What must hold after whatever has happened. */
  async check(): Promise<void> {
    const all = (await Promise.all(this.calls.map(({ id, side: of }) => this.store(of).call(id)))) as Call[];
    const [line, live, desks] = await Promise.all([this.store(1).line(1000), this.store(1).liveCalls(), this.store(1).callTakers()]);
    deepEqual(
      all.map(({ ticket }) => ticket),
      all.map((_call, n) => n + 1),
    );
    deepEqual(
      live,
      all.filter(({ state }) => state.at !== 'ended'),
    );
    deepEqual(
      line.map((entry) => entry.call),
      all.filter(isInLine).map(({ id }) => id),
    );
    const served = all.flatMap((one) => (callTakerOf(one) === null ? [] : [`${one.state.at} ${callTakerOf(one)} ${one.id}`]));
    const serving = desks.flatMap(({ id, state }) =>
      state.is === 'offered' || state.is === 'talking' ? [`${state.is} ${id} ${state.call}`] : [],
    );
    deepEqual(served.toSorted(), serving.toSorted());
    for (const { offers } of all) {
      ok(offers.filter(({ outcome }) => outcome === 'completed').length <= 1, 'served twice');
    }
  }

  /** Everybody still in the house is served, in order, and nobody is left. */
  async drain(): Promise<void> {
    for (const [n] of this.calls.entries()) {
      await this.perform({ do: 'enter', call: n });
      await this.perform({ do: 'hang-up', call: n });
    }
    for (const desk of DESKS.keys()) await this.perform({ do: 'ready', desk });
    for (let round = 0; (await this.store(0).liveCalls()).length > 0; round += 1) {
      if (round > this.calls.length) throw new Error('somebody waits for ever');
      await this.perform({ do: 'claim', sides: SIDES });
      for (const [n] of this.calls.entries()) {
        await this.perform({ do: 'answer', call: n });
        await this.perform({ do: 'hang-up', call: n });
      }
    }
    await this.check();
  }
}

function eventOf(of: Call, what: string, time: Instant): CallEvent {
  const attempt = of.offers.length;
  const ended = (end: 'no-answer' | 'cut' | 'hung-up'): CallEvent => ({ time, type: 'CallTakerLegEnded', attempt, end });
  if (what === 'enter') return { time, type: 'CallerEntered' };
  if (what === 'greeted') return { time, type: 'UtteranceFinished', utterance: of.utterances };
  if (what === 'leave') return { time, type: 'CallerLeft', release: { by: 'choice', cause: 16 }, place: null };
  if (what === 'answer') return { time, type: 'CallTakerAnswered', attempt };
  if (what === 'hang-up' && of.state.at === 'talking') return ended('hung-up');
  return what === 'cut' ? ended('cut') : ended('no-answer');
}

function deskEventOf(notice: Notice, id: CallId, time: Instant): DeskEvent {
  const about = { time, call: id, attempt: notice.attempt };
  switch (notice.tell) {
    case 'offered':
      return { ...about, type: 'Offered' };
    case 'answered':
      return { ...about, type: 'Answered' };
    case 'offer-failed':
      return { ...about, type: 'OfferFailed', why: notice.why };
    case 'conversation-ended':
      return { ...about, type: 'ConversationEnded', lost: notice.lost };
  }
}
