/**
 * What every store must do, whatever it is made of: tickets and the line, all or nothing, verdicts, reading. The outbox has a page
 * of its own (outbox.contract.ts).
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../../src/call/call.ts';
import type { IncidentFilter, Store } from '../../src/control/ports.ts';
import { isFault } from '../../src/kernel/faults.ts';
import { callId, callTakerId, incidentId } from '../../src/kernel/ids.ts';
import { instant } from '../../src/kernel/instants.ts';
import {
  admitted,
  arrival,
  arrived,
  callTaker,
  commit,
  handover,
  incident,
  next,
  note,
  stepOf,
  T0,
  ticketOf,
  waiting,
} from './store.values.ts';

/** One centre's records, empty at first; several controllers may open a store on them. Sinks are `dispatch` and `mirror`. */
export interface Records {
  open(instance: string): Promise<Store>;
  close(): Promise<void>;
}

export function storeContract(make: () => Promise<Records>): void {
  let records: Records;
  let store: Store;
  beforeEach(async () => {
    records = await make();
    store = await records.open('one');
  });
  afterEach(() => records.close());

  describe('tickets and the line', () => {
    it('draws tickets 1, 2, 3 in the order of calling, though nobody waits for the answers', async () => {
      const calls = await Promise.all(Array.from({ length: 50 }, (_, n) => admitted(store, n)));
      expect(calls.map(ticketOf)).toEqual(Array.from({ length: 50 }, (_, n) => n + 1));
      expect(calls[0]).toEqual({ ...arrival(0), ticket: 1, revision: 1 });
      expect(await store.call(calls[7]?.id as Call['id'])).toEqual(calls[7]);
    });

    it('answers a call that exists already as it is, and draws nothing for it', async () => {
      const first = await admitted(store, 'a');
      await store.commit(stepOf(waiting(first)));
      expect(await admitted(store, 'a')).toEqual(waiting(first));
      expect(ticketOf(await admitted(store, 'b'))).toBe(2);
      expect((await store.journal(null, 10)).map(({ ticket }) => ticket)).toEqual([1, 2]);
    });

    it('tells the drawn ticket to the journal, wherever the entry says it, and leaves what the trunk sent alone', async () => {
      const call = arrival('a', { calledNumber: `"${Number.MIN_SAFE_INTEGER} %1 \\ 警` });
      const saved = await store.admit(call, arrived(call));
      expect(saved.calledNumber).toBe(call.calledNumber);
      const [entry] = await store.journal(null, 10);
      expect(entry).toEqual({ ...arrived(call)(1), id: entry?.id });
    });

    it('keeps the line by ticket, whatever the order in which callers come into it', async () => {
      const [a, b, c] = await Promise.all([admitted(store, 'a'), admitted(store, 'b'), admitted(store, 'c')]);
      expect(await store.lineLength()).toBe(0);
      for (const call of [c, a, b]) await store.commit(stepOf(waiting(call)));
      expect(await store.line(2)).toEqual([
        { call: a.id, ticket: 1 },
        { call: b.id, ticket: 2 },
      ]);
      expect([await store.placeOf(a.id), await store.placeOf(c.id), await store.placeOf(callId('nobody'))]).toEqual([1, 3, null]);
      expect(await store.lineLength()).toBe(3);
      expect(await store.line(0)).toEqual([]);
    });

    it('gives a caller back the same place after an offer that came to nothing', async () => {
      const [a, b] = await Promise.all([admitted(store, 'a'), admitted(store, 'b')]);
      for (const call of [a, b]) await store.commit(stepOf(waiting(call)));
      const offered = next(waiting(a), { state: { at: 'offered', to: callTakerId('1001'), attempt: 1, until: T0 } });
      await store.commit(stepOf(offered));
      expect(await store.line(5)).toEqual([{ call: b.id, ticket: 2 }]);
      expect(await store.placeOf(a.id)).toBeNull();
      await store.commit(stepOf(waiting(offered)));
      expect((await store.line(5)).map(({ call }) => call)).toEqual([a.id, b.id]);
    });

    it('lists live calls by ticket until they end, and recent calls newest first, ended or not', async () => {
      const [a, b, c] = await Promise.all([admitted(store, 'a'), admitted(store, 'b'), admitted(store, 'c')]);
      const ended = next(b, { endedAt: T0, state: { at: 'ended', why: 'elsewhere' } });
      await store.commit(stepOf(ended));
      expect(await store.liveCalls()).toEqual([a, c]);
      expect(await store.recentCalls(2)).toEqual([c, ended]);
      expect(await store.call(callId('nobody'))).toBeNull();
    });
  });

  describe('a commit', () => {
    it('saves everything of one step', async () => {
      const call = await admitted(store, 'a');
      const draft = incident('a');
      const whole = commit('one', {
        call: { value: waiting(call), from: 1 },
        callTakers: [
          { value: callTaker('1002'), from: 0 },
          { value: callTaker('1001'), from: 0 },
        ],
        incident: { value: draft, from: 0 },
        journal: [note('First'), note('Second')],
        handover: handover('msg_1', draft),
      });
      expect(await store.commit(whole)).toEqual({ is: 'saved' });
      expect(await store.call(call.id)).toEqual(waiting(call));
      expect(await store.callTakers()).toEqual([callTaker('1001'), callTaker('1002')]);
      expect(await store.callTaker(callTakerId('1001'))).toEqual(callTaker('1001'));
      expect(await store.incident(incidentId(draft.id))).toEqual(draft);
      expect((await store.journal(null, 10)).map(({ kind }) => kind)).toEqual(['Arrived', 'First', 'Second']);
      for (const sink of ['dispatch', 'mirror']) expect(await store.backlog(sink)).toEqual({ waiting: 1, dead: 0, oldest: T0 });
    });

    it.each([
      ['call', 'call', { call: { value: { ...arrival('a'), ticket: 1, revision: 9 } as Call, from: 8 } }],
      ['call taker', 'call-taker', { callTakers: [{ value: callTaker('1001'), from: 0 }] }],
      ['incident', 'incident', { incident: { value: incident('x'), from: 0 } }],
    ] as const)('saves nothing at all when one %s has moved on', async (_name, what, moved) => {
      const call = await admitted(store, 'a');
      const there = { callTakers: [{ value: callTaker('1001', 3), from: 0 }], incident: { value: incident('x', 4), from: 0 } };
      await store.commit(commit('before', there));
      const whole = commit('whole', {
        call: { value: waiting(call), from: 1 },
        callTakers: [{ value: callTaker('1001', 4), from: 3 }],
        incident: { value: incident('x', 5), from: 4 },
        journal: [note('Never')],
        handover: handover('msg_1', incident('x', 5)),
        ...moved,
      });
      expect(await store.commit(whole)).toMatchObject({ is: 'stale', what });
      expect(await store.call(call.id)).toEqual(call);
      expect(await store.lineLength()).toBe(0);
      expect(await store.callTaker(callTakerId('1001'))).toEqual(callTaker('1001', 3));
      expect(await store.incident(incidentId(incident('x').id))).toEqual(incident('x', 4));
      expect((await store.journal(null, 10)).map(({ kind }) => kind)).toEqual(['Arrived']);
      expect(await store.backlog('dispatch')).toEqual({ waiting: 0, dead: 0, oldest: null });
    });

    it('names the document that is stale', async () => {
      expect(await store.commit(commit('x', { callTakers: [{ value: callTaker('1001', 6), from: 5 }] }))).toEqual({
        is: 'stale',
        what: 'call-taker',
        id: '1001',
      });
    });

    it('answers a repeat with saved and does nothing twice, even when the documents have moved on since', async () => {
      const call = await admitted(store, 'a');
      const first = { ...stepOf(waiting(call)), journal: [note('Once')], handover: handover('msg_1', incident('a')) };
      await store.commit(first);
      expect(await store.commit(first)).toEqual({ is: 'saved' });
      const second = next(waiting(call), { utterances: 1 });
      await store.commit(stepOf(second));
      expect(await store.commit(first)).toEqual({ is: 'saved' });
      expect(await store.call(call.id)).toEqual(second);
      expect((await store.journal(null, 10)).map(({ kind }) => kind)).toEqual(['Arrived', 'Once']);
      expect(await store.backlog('dispatch')).toMatchObject({ waiting: 1 });
    });

    it('may be several steps at once, and journals alone may be a commit', async () => {
      await store.commit(commit('a', { callTakers: [{ value: callTaker('1001', 4), from: 0 }] }));
      expect(await store.commit(commit('b', { callTakers: [{ value: callTaker('1001', 7), from: 4 }] }))).toEqual({ is: 'saved' });
      expect(await store.commit(commit('c', { journal: [note('Alone')] }))).toEqual({ is: 'saved' });
    });

    it('is refused as invalid where a revision does not grow or a call taker stands in it twice', async () => {
      const twice = commit('x', {
        call: { value: { ...arrival('a'), ticket: 1, revision: 2 } as Call, from: 2 },
        callTakers: [1, 2].map((revision) => ({ value: callTaker('1001', revision), from: 0 })),
      });
      const refusal: unknown = await store.commit(twice).catch((error: unknown) => error);
      expect(isFault(refusal, 'invalid') && refusal.details).toHaveLength(2);
    });
  });

  describe('several controllers', () => {
    it('lets the first that commits a call own it, and fences the others out', async () => {
      const other = await records.open('two');
      const call = await admitted(store, 'a');
      expect(await other.commit(stepOf(waiting(call), 'x'))).toEqual({ is: 'saved' });
      const late = { ...stepOf(next(waiting(call), { utterances: 1 }), 'y'), journal: [note('Never')] };
      expect(await store.commit(late)).toEqual({ is: 'fenced' });
      expect(await store.commit(stepOf(waiting(call), 'z'))).toEqual({ is: 'fenced' });
      expect((await other.journal(null, 10)).map(({ kind }) => kind)).toEqual(['Arrived']);
      const again = await records.open('two');
      expect(await again.commit(stepOf(next(waiting(call), { utterances: 1 })))).toEqual({ is: 'saved' });
    });

    it('gives a call taker whom two want at once to exactly one of them, every time', async () => {
      const other = await records.open('two');
      for (let round = 0; round < 25; round += 1) {
        const taker = callTaker(`r${round}`);
        await store.commit(commit(`sign-on ${round}`, { callTakers: [{ value: taker, from: 0 }] }));
        const verdicts = await Promise.all(
          [store, other].map(async (side, n) => {
            const call = waiting(await admitted(side, `${round}x${n}`));
            await side.commit(stepOf(call));
            const claimed = next(call, { state: { at: 'offered', to: taker.id, attempt: 1, until: T0 } });
            const busy = callTaker(taker.id, 2, { state: { is: 'offered', call: call.id, attempt: 1, readySince: T0 } });
            const verdict = await side.commit({ ...stepOf(claimed), callTakers: [{ value: busy, from: 1 }] });
            const inLine = (await side.placeOf(call.id)) !== null;
            expect(inLine).toBe(verdict.is !== 'saved');
            return verdict.is;
          }),
        );
        expect(verdicts.toSorted()).toEqual(['saved', 'stale']);
      }
    });

    it('draws each ticket once, though two controllers admit at the same time', async () => {
      const other = await records.open('two');
      const calls = await Promise.all(Array.from({ length: 60 }, (_, n) => admitted(n % 2 === 0 ? store : other, n)));
      expect(calls.map(ticketOf).toSorted((a, b) => a - b)).toEqual(Array.from({ length: 60 }, (_, n) => n + 1));
      const twice = await Promise.all([admitted(store, 'same'), admitted(other, 'same')]);
      expect(twice[0]).toEqual(twice[1]);
    });
  });

  describe('samples', () => {
    const offer = {
      attempt: 1,
      to: callTakerId('1001'),
      offeredAt: T0,
      answeredAt: instant(T0 + 9000),
      endedAt: null,
      outcome: 'talking',
    } as const;

    it('count a wait once, when the caller is first answered, and each conversation when it ends', async () => {
      const call = await admitted(store, 'a');
      const talking = next(call, { offers: [offer], state: { at: 'talking', with: offer.to, attempt: 1, floor: { is: 'open' } } });
      await store.commit(stepOf(talking));
      expect(await store.samples()).toEqual({ serviceMs: [], waits: [{ waitedMs: 9000, abandoned: false }] });
      const lost = { ...offer, endedAt: instant(T0 + 29_000), outcome: 'lost' as const };
      const back = next(talking, { offers: [lost], state: { at: 'waiting', speakAt: T0 } });
      await store.commit(stepOf(back));
      const second = {
        ...offer,
        attempt: 2,
        answeredAt: instant(T0 + 40_000),
        endedAt: instant(T0 + 45_000),
        outcome: 'completed' as const,
      };
      const ended = next(back, { offers: [lost, second], endedAt: instant(T0 + 45_000), state: { at: 'ended', why: 'completed' } });
      await store.commit(stepOf(ended));
      await store.commit(stepOf(next(ended, { utterances: 1 })));
      expect(await store.samples()).toEqual({ serviceMs: [20_000, 5000], waits: [{ waitedMs: 9000, abandoned: false }] });
    });

    it('tell who left unanswered, not who went elsewhere, and keep the last 200', async () => {
      for (let n = 0; n < 203; n += 1) {
        const call = await admitted(store, n);
        const gone = next(call, { endedAt: instant(T0 + n), state: { at: 'ended', why: n === 202 ? 'elsewhere' : 'abandoned' } });
        await store.commit(stepOf(gone));
      }
      const { waits } = await store.samples();
      expect(waits).toEqual(Array.from({ length: 200 }, (_, n) => ({ waitedMs: n + 2, abandoned: true })));
    });
  });

  describe('incidents and the journal', () => {
    it('finds incidents by status and matter, newest first, page by page, and moves them as they change', async () => {
      for (let n = 1; n <= 6; n += 1) {
        const matter = { class: n % 2 === 0 ? ('criminal' as const) : ('unclear' as const) };
        await store.commit(commit(`i${n}`, { incident: { value: incident(n, 1, { matter }), from: 0 } }));
      }
      const closedOne = incident(4, 2, { matter: { class: 'criminal' }, status: 'closed' });
      await store.commit(commit('close', { incident: { value: closedOne, from: 1 } }));
      const ids = async (filter: object) => (await store.incidents({ limit: 10, ...filter })).map(({ id }) => Number(id.slice(-1)));
      expect(await ids({})).toEqual([6, 5, 4, 3, 2, 1]);
      expect(await ids({ status: 'draft' })).toEqual([6, 5, 3, 2, 1]);
      expect(await ids({ matter: 'criminal' })).toEqual([6, 4, 2]);
      expect(await ids({ status: 'draft', matter: 'criminal' })).toEqual([6, 2]);
      expect(await ids({ status: 'closed' })).toEqual([4]);
      expect(await ids({ status: 'open' })).toEqual([]);
      expect(await ids({ limit: 2 })).toEqual([6, 5]);
      expect(await ids({ limit: 2, before: incident(5).id })).toEqual([4, 3]);
      expect(await store.incidents({ limit: 1, status: 'closed' } as IncidentFilter)).toEqual([closedOne]);
    });

    it('tells the newest journal entries, newest last, and what came after one of them', async () => {
      await store.commit(commit('j', { journal: [1, 2, 3, 4, 5].map((n) => note(`k${n}`)) }));
      const kinds = (entries: readonly { readonly kind: string }[]) => entries.map(({ kind }) => kind);
      const newest = await store.journal(null, 3);
      expect(kinds(newest)).toEqual(['k3', 'k4', 'k5']);
      expect(kinds(await store.journal(newest[0]?.id ?? '', 1))).toEqual(['k4']);
      expect(kinds(await store.journal('0-0', 10))).toEqual(['k1', 'k2', 'k3', 'k4', 'k5']);
      expect(await store.journal(newest[2]?.id ?? '', 10)).toEqual([]);
      await expect(store.journal('yesterday', 10)).rejects.toMatchObject({ kind: 'invalid' });
    });
  });

  it('is not present after it is closed, and rejects everything as unavailable', async () => {
    expect(store.isPresent()).toBe(true);
    await store.close();
    expect(store.isPresent()).toBe(false);
    await expect(store.lineLength()).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(admitted(store, 'a')).rejects.toMatchObject({ kind: 'unavailable' });
    await store.close();
  });
}
