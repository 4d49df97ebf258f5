/** How every store must find threads: by what they are now, through every change of it. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/control/ports.ts';
import { incidentId } from '../../src/kernel/ids.ts';
import type { Records } from './store.contract.ts';
import { incident } from './store.values.ts';
import { at, decided, idsOf, NUMBER, OTHER_NUMBER, save, SILENT, TAKEN, saveNext, thread, threadName, WAITING } from './text.values.ts';

export function threadsContract(make: () => Promise<Records>): void {
  let records: Records;
  let store: Store;
  beforeEach(async () => {
    records = await make();
    store = await records.open('one');
  });
  afterEach(() => records.close());

  describe('a thread is found', () => {
    it('in the line of texts while it waits, by when it was opened; put back, it has the place it had', async () => {
      const threads = { a: thread('a', { openedAt: at(10) }), b: thread('b', { openedAt: at(20) }), c: thread('c', { openedAt: at(5) }) };
      for (const value of Object.values(threads)) await save(store, value);
      expect(idsOf(await store.textLine(10))).toEqual(['c', 'a', 'b'].map(threadName));
      expect(idsOf(await store.textLine(2))).toEqual(['c', 'a'].map(threadName));
      expect(await store.textLine(0)).toEqual([]);
      const taken = await saveNext(store, threads.a, { holder: TAKEN });
      expect(idsOf(await store.textLine(10))).toEqual(['c', 'b'].map(threadName));
      const back = await saveNext(store, taken, { holder: { is: 'waiting', since: at(900) } });
      expect(await store.textLine(10)).toEqual([threads.c, back, threads.b]);
      expect(await store.textLineLength()).toBe(3);
    });

    it.each([
      ['taken', TAKEN],
      ['closed', { is: 'closed', at: at(1) }],
      ['elsewhere', { is: 'elsewhere', centre: '220200' }],
    ] as const)('not in the line once it is %s, and again when it waits again', async (_name, holder) => {
      await save(store, thread('a'));
      const gone = await saveNext(store, thread('a'), { holder });
      expect([await store.textLine(10), await store.textLineLength()]).toEqual([[], 0]);
      await saveNext(store, gone, { holder: WAITING });
      expect([idsOf(await store.textLine(10)), await store.textLineLength()]).toEqual([[threadName('a')], 1]);
    });

    it('not in the line at all where it never waited', async () => {
      await save(store, thread('a', { holder: { is: 'elsewhere', centre: '220200' } }));
      expect([await store.textLine(10), await store.textLineLength()]).toEqual([[], 0]);
    });

    it('among the last opened, whoever has it', async () => {
      await save(store, thread('a', { openedAt: at(1), lastAt: at(100) }));
      await save(store, thread('b', { openedAt: at(3), holder: TAKEN, number: null }));
      await save(store, thread('c', { openedAt: at(2), holder: { is: 'closed', at: at(9) } }));
      expect(idsOf(await store.recentThreads(10))).toEqual(['b', 'c', 'a'].map(threadName));
      expect(idsOf(await store.recentThreads(2))).toEqual(['b', 'c'].map(threadName));
      expect(await store.recentThreads(0)).toEqual([]);
    });

    it('by its number, the last spoken to first, and by no other; one without a number by none', async () => {
      const a = thread('a', { lastAt: at(10) });
      await save(store, a);
      await save(store, thread('b', { lastAt: at(20) }));
      await save(store, thread('c', { lastAt: at(30), number: OTHER_NUMBER }));
      await save(store, thread('d', { lastAt: at(40), number: null }));
      expect(idsOf(await store.threadsOf(NUMBER, 10))).toEqual(['b', 'a'].map(threadName));
      await saveNext(store, a, { lastAt: at(25) });
      expect(idsOf(await store.threadsOf(NUMBER, 10))).toEqual(['a', 'b'].map(threadName));
      expect(idsOf(await store.threadsOf(NUMBER, 1))).toEqual([threadName('a')]);
      expect(idsOf(await store.threadsOf(OTHER_NUMBER, 10))).toEqual([threadName('c')]);
      expect([await store.threadsOf(NUMBER, 0), await store.threadsOf('110' as typeof NUMBER, 10)]).toEqual([[], []]);
    });

    it('by its incident, also after it has got another', async () => {
      const a = thread('a');
      await save(store, a);
      await save(store, thread('b'));
      expect(await store.threadOfIncident(a.incident)).toEqual(a);
      const moved = await saveNext(store, a, { incident: incidentId(incident('z').id) });
      expect(await store.threadOfIncident(a.incident)).toBeNull();
      expect(await store.threadOfIncident(moved.incident)).toEqual(moved);
      expect(await store.threadOfIncident(thread('b').incident)).toEqual(thread('b'));
    });

    it('by its incident, the last opened of them where several have it', async () => {
      const { incident: both } = thread('a');
      await save(store, thread('a', { openedAt: at(20) }));
      await save(store, thread('b', { openedAt: at(10), incident: both }));
      expect(await store.threadOfIncident(both)).toEqual(thread('a', { openedAt: at(20) }));
    });
  });

  describe('a number is silenced', () => {
    it('while the guard is silent or forbidden, through every decision', async () => {
      let value = thread('a');
      await save(store, value);
      const steps = [
        [SILENT, true],
        [decided('allowed'), false],
        [SILENT, true],
        [decided('forbidden'), true],
        [decided('allowed'), false],
        [decided('forbidden'), true],
        [{ is: 'open' }, false],
      ] as const;
      expect(await store.isSilenced(NUMBER)).toBe(false);
      for (const [guard, silenced] of steps) {
        value = await saveNext(store, value, { guard });
        expect(await store.isSilenced(NUMBER)).toBe(silenced);
      }
      expect(await store.isSilenced(OTHER_NUMBER)).toBe(false);
    });

    it('by any thread of it: the decision about one does not speak for the other', async () => {
      const [a, b] = [thread('a', { guard: SILENT }), thread('b', { guard: SILENT })];
      await save(store, a);
      await save(store, b);
      await saveNext(store, a, { guard: decided('allowed') });
      expect(await store.isSilenced(NUMBER)).toBe(true);
      await saveNext(store, b, { guard: decided('allowed') });
      expect(await store.isSilenced(NUMBER)).toBe(false);
    });

    it('by a thread that is closed as well', async () => {
      await save(store, thread('a', { guard: SILENT }));
      await saveNext(store, thread('a', { guard: SILENT }), { holder: { is: 'closed', at: at(5) } });
      expect(await store.isSilenced(NUMBER)).toBe(true);
    });

    it('not by a thread without a number', async () => {
      await save(store, thread('a', { guard: SILENT, number: null }));
      for (const number of [NUMBER, 'null' as typeof NUMBER]) expect(await store.isSilenced(number)).toBe(false);
    });
  });
}
