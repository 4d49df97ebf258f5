/**
 * What every store must do, whatever it is made of: tickets and the line, all or nothing, verdicts, reading. The outbox and the
 * other records have pages of their own.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../../src/call/call.ts';
import type { Store } from '../../src/control/ports.ts';
import { isFault } from '../../src/kernel/faults.ts';
import { callId, callTakerId, incidentId } from '../../src/kernel/ids.ts';
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
      const { call: saved } = await store.admit(call, arrived(call));
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
        incidents: [{ value: draft, from: 0 }],
        journal: [note('First'), note('Second')],
        handovers: [handover('msg_1', draft)],
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
      ['incident', 'incident', { incidents: [{ value: incident('x'), from: 0 }] }],
    ] as const)('saves nothing at all when one %s has moved on', async (_name, what, moved) => {
      const call = await admitted(store, 'a');
      const there = { callTakers: [{ value: callTaker('1001', 3), from: 0 }], incidents: [{ value: incident('x', 4), from: 0 }] };
      await store.commit(commit('before', there));
      const whole = commit('whole', {
        call: { value: waiting(call), from: 1 },
        callTakers: [{ value: callTaker('1001', 4), from: 3 }],
        incidents: [{ value: incident('x', 5), from: 4 }],
        journal: [note('Never')],
        handovers: [handover('msg_1', incident('x', 5))],
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
      const first = { ...stepOf(waiting(call)), journal: [note('Once')], handovers: [handover('msg_1', incident('a'))] };
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
    it('lets the first that admits a call own it, and fences the others out', async () => {
      const other = await records.open('two');
      const arriving = arrival('a');
      expect(await other.admit(arriving, arrived(arriving))).toMatchObject({ isOurs: true });
      const { call, isOurs } = await store.admit(arriving, arrived(arriving));
      expect(isOurs).toBe(false);
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

  it('is not present after it is closed, and rejects everything as unavailable', async () => {
    expect(store.isPresent()).toBe(true);
    await store.close();
    expect(store.isPresent()).toBe(false);
    await expect(store.lineLength()).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(admitted(store, 'a')).rejects.toMatchObject({ kind: 'unavailable' });
    await store.close();
  });
}
