/** What every store must know of the texts of ours: when they are due, at which gateway, and of which of them a report speaks. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/control/ports.ts';
import type { Outgoing } from '../../src/sms/thread.ts';
import type { Records } from './store.contract.ts';
import { at, due, outgoing, report, save, TAKEN, saveNext, thread, threadName } from './text.values.ts';

export function outgoingTextsContract(make: () => Promise<Records>): void {
  let records: Records;
  let store: Store;
  beforeEach(async () => {
    records = await make();
    store = await records.open('one');
  });
  afterEach(() => records.close());

  describe('a text of ours', () => {
    it('is due at its gateway from its instant on, the longest due first, those of one instant by thread and number', async () => {
      await save(
        store,
        thread('a', { outgoing: [outgoing(2, { dueAt: at(20) }), outgoing(10, { dueAt: at(20) }), outgoing(11, { dueAt: at(5) })] }),
      );
      await save(store, thread('b', { outgoing: [outgoing(1, { dueAt: at(20) }), outgoing(2, { dueAt: at(30) })] }));
      expect(await store.dueTexts('mobile', at(20), 10)).toEqual([
        { thread: threadName('a'), number: 11 },
        { thread: threadName('a'), number: 2 },
        { thread: threadName('a'), number: 10 },
        { thread: threadName('b'), number: 1 },
      ]);
      expect(await due(store, 'mobile', 4)).toEqual([]);
      expect(await due(store, 'mobile', 30)).toEqual(['A.11', 'A.2', 'A.10', 'B.1', 'B.2']);
      expect(await store.dueTexts('mobile', at(30), 2)).toHaveLength(2);
      for (const limit of [0, -1]) expect(await store.dueTexts('mobile', at(30), limit)).toEqual([]);
      expect(await store.nextDueText('mobile')).toBe(at(5));
      expect(await store.outgoingBacklog('mobile')).toEqual({ waiting: 5, oldestDue: at(5) });
    });

    it('knows nothing due at a gateway for which nothing waits', async () => {
      await save(store, thread('a', { outgoing: [outgoing(1)] }));
      expect(await due(store, 'unicom')).toEqual([]);
      expect(await store.nextDueText('unicom')).toBeNull();
      expect(await store.outgoingBacklog('unicom')).toEqual({ waiting: 0, oldestDue: null });
    });

    it('waits, is tried again, and waits no more once it is settled', async () => {
      const states: readonly (readonly [Partial<Outgoing>, number | null])[] = [
        [{ state: 'waiting', dueAt: at(10) }, 10],
        [{ state: 'sent', dueAt: at(70) }, 70],
        [{ state: 'waiting', dueAt: at(90) }, 90],
        [{ state: 'sent', dueAt: at(150) }, 150],
        [{ state: 'accepted', dueAt: null }, null],
        [{ state: 'waiting', dueAt: at(200) }, 200],
        [{ state: 'withheld', dueAt: null }, null],
        [{ state: 'waiting', dueAt: at(300) }, 300],
        [{ state: 'failed', dueAt: null }, null],
      ];
      let value = thread('a');
      await save(store, value);
      for (const [text, ms] of states) {
        value = await saveNext(store, value, { outgoing: [outgoing(1, text)] });
        expect(await store.nextDueText('mobile')).toBe(ms === null ? null : at(ms));
        expect((await store.outgoingBacklog('mobile')).waiting).toBe(ms === null ? 0 : 1);
      }
    });

    it('leaves nothing behind at a gateway it no longer goes by, or in a thread it is no longer of', async () => {
      const a = thread('a', { outgoing: [outgoing(1), outgoing(2)] });
      await save(store, a);
      const moved = await saveNext(store, a, { outgoing: [outgoing(1, { gateway: 'unicom' }), outgoing(2)] });
      expect([await due(store, 'mobile'), await due(store, 'unicom')]).toEqual([['A.2'], ['A.1']]);
      await saveNext(store, moved, { outgoing: [outgoing(1, { gateway: 'unicom' })] });
      expect([await due(store, 'mobile'), await due(store, 'unicom')]).toEqual([[], ['A.1']]);
    });

    it('is found by every name its carrier gave its parts, through that gateway alone', async () => {
      const a = thread('a', {
        outgoing: [outgoing(1, { carrierIds: ['p1', 'p2'] }), outgoing(12, { carrierIds: ['q'], gateway: 'unicom' })],
      });
      await save(store, a);
      const of = async (carrierId: string, gateway = 'mobile') => store.takeReport(report(carrierId, { gateway }), at(1));
      expect([await of('p1'), await of('p2'), await of('p2')]).toEqual(Array.from({ length: 3 }, () => ({ thread: a.id, number: 1 })));
      expect([await of('q', 'unicom'), await of('q'), await of('p1', 'unicom')]).toEqual([{ thread: a.id, number: 12 }, null, null]);
      await saveNext(store, a, { outgoing: [] });
      expect(await of('p1')).toEqual({ thread: a.id, number: 1 });
    });

    it('keeps a name the carrier has used again, also when the earlier thread is saved once more', async () => {
      const a = thread('a', { outgoing: [outgoing(1, { carrierIds: ['7'] })] });
      await save(store, a);
      await save(store, thread('b', { outgoing: [outgoing(2, { carrierIds: ['7'] })] }));
      await saveNext(store, a, { holder: TAKEN });
      expect(await store.takeReport(report('7'), at(1))).toEqual({ thread: threadName('b'), number: 2 });
    });
  });

  describe('a report that comes early', () => {
    it('is kept until its text is known, and told once', async () => {
      expect(await store.takeReport(report('p1'), at(1))).toBeNull();
      expect(await store.takeReport(report('p2', { outcome: 'failed', words: 'EXPIRED "x"' }), at(2))).toBeNull();
      await save(store, thread('a', { outgoing: [outgoing(1, { carrierIds: ['p1', 'p2', 'p3'] })] }));
      expect(await store.earlyReports('mobile', ['p2', 'p3', 'p1'])).toEqual([
        report('p2', { outcome: 'failed', words: 'EXPIRED "x"' }),
        report('p1'),
      ]);
      expect(await store.earlyReports('mobile', ['p1', 'p2', 'p3'])).toEqual([]);
      expect(await store.earlyReports('mobile', [])).toEqual([]);
    });

    it('belongs to its gateway', async () => {
      await store.takeReport(report('p1'), at(1));
      expect(await store.earlyReports('unicom', ['p1'])).toEqual([]);
      expect(await store.earlyReports('mobile', ['p1'])).toEqual([report('p1')]);
    });

    it('is kept once though it is repeated; different ones in their order, the last eight of them', async () => {
      const all = Array.from({ length: 12 }, (_, n) => report('p', { outcome: 'accepted', words: `W${n}` }));
      for (const one of all) for (let n = 0; n < 2; n += 1) await store.takeReport(one, at(n));
      expect(await store.earlyReports('mobile', ['p'])).toEqual(all.slice(-8));
    });

    it('is noted in the journal once, without a name of anything', async () => {
      for (let n = 0; n < 3; n += 1) await store.takeReport(report('p1'), at(n));
      const entries = await store.journal(null, 10);
      expect(entries).toEqual([
        { id: entries[0]?.id, at: at(0), kind: 'ReportCameEarly', data: { gateway: 'mobile', outcome: 'delivered' } },
      ]);
    });

    it('is not kept where its text is known', async () => {
      await save(store, thread('a', { outgoing: [outgoing(1, { carrierIds: ['p1'] })] }));
      await store.takeReport(report('p1'), at(1));
      expect(await store.earlyReports('mobile', ['p1'])).toEqual([]);
      expect(await store.journal(null, 10)).toEqual([]);
    });

    it('loses nothing between a report and the commit that names its text, whichever is first', async () => {
      const other = await records.open('two');
      for (let n = 0; n < 30; n += 1) {
        const named = thread(`${n}A`, { outgoing: [outgoing(1, { carrierIds: [`p${n}`] })] });
        const [known] = await Promise.all([other.takeReport(report(`p${n}`), at(1)), save(store, named)]);
        const early = await store.earlyReports('mobile', [`p${n}`]);
        expect(known === null ? early : [known]).toEqual(known === null ? [report(`p${n}`)] : [{ thread: named.id, number: 1 }]);
      }
    });
  });
}
