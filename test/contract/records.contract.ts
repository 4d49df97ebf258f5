/** What every store must keep beside the line: samples for the estimate, incidents found by what they are, the journal. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/control/ports.ts';
import { callTakerId } from '../../src/kernel/ids.ts';
import { instant } from '../../src/kernel/instants.ts';
import type { Records } from './store.contract.ts';
import { admitted, commit, incident, next, note, stepOf, T0 } from './store.values.ts';

export function recordsContract(make: () => Promise<Records>): void {
  let records: Records;
  let store: Store;
  beforeEach(async () => {
    records = await make();
    store = await records.open('one');
  });
  afterEach(() => records.close());

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
        await store.commit(commit(`i${n}`, { incidents: [{ value: incident(n, 1, { matter }), from: 0 }] }));
      }
      const closedOne = incident(4, 2, { matter: { class: 'criminal' }, status: 'closed' });
      await store.commit(commit('close', { incidents: [{ value: closedOne, from: 1 }] }));
      const ids = async (filter: object) => (await store.incidents({ limit: 10, ...filter })).map(({ id }) => Number(id.slice(-1)));
      expect(await ids({})).toEqual([6, 5, 4, 3, 2, 1]);
      expect(await ids({ status: 'draft' })).toEqual([6, 5, 3, 2, 1]);
      expect(await ids({ matter: 'criminal' })).toEqual([6, 4, 2]);
      expect(await ids({ status: 'draft', matter: 'criminal' })).toEqual([6, 2]);
      expect(await ids({ status: 'closed' })).toEqual([4]);
      expect(await ids({ status: 'open' })).toEqual([]);
      expect(await ids({ limit: 2 })).toEqual([6, 5]);
      expect(await ids({ limit: 2, before: incident(5).id })).toEqual([4, 3]);
      expect(await store.incidents({ limit: 1, status: 'closed' })).toEqual([closedOne]);
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
}
