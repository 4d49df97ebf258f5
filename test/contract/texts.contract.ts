/** What every store must keep of texts: each once and whole, unread until a thread has it; and what commits do with threads. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Commit, Store } from '../../src/control/ports.ts';
import { incidentId } from '../../src/kernel/ids.ts';
import type { PhoneNumber } from '../../src/kernel/phone-numbers.ts';
import type { KeptText } from '../../src/sms/text.ts';
import type { Records } from './store.contract.ts';
import { callTaker, commit, handover, incident, note } from './store.values.ts';
import {
  at,
  due,
  idsOf,
  kept,
  next,
  NUMBER,
  OTHER_NUMBER,
  outgoing,
  report,
  save,
  SILENT,
  TAKEN,
  textName,
  saveNext,
  thread,
  threadName,
  WAITING,
} from './text.values.ts';

export function textsContract(make: () => Promise<Records>): void {
  let records: Records;
  let store: Store;
  beforeEach(async () => {
    records = await make();
    store = await records.open('one');
  });
  afterEach(() => records.close());

  describe('a text', () => {
    it('is kept once by the name its carrier gave it, however often it comes', async () => {
      expect(await store.keepText(kept('a'))).toBe('kept');
      expect(await store.keepText(kept('b', { carrierId: 'c-a', receivedAt: at(1) }))).toBe('repeated');
      expect(await store.unreadTexts(10)).toEqual([kept('a')]);
    });

    it('is known by its name even after it was read', async () => {
      await store.keepText(kept('a'));
      await save(store, thread('t'), { read: [textName('a')] });
      expect(await store.keepText(kept('b', { carrierId: 'c-a' }))).toBe('repeated');
      expect(await store.unread()).toEqual({ count: 0, oldest: null });
    });

    it('of another gateway is another text, though its name is the same', async () => {
      expect(await store.keepText(kept('a', { gateway: 'mobile', carrierId: '1' }))).toBe('kept');
      expect(await store.keepText(kept('b', { gateway: 'unicom', carrierId: '1' }))).toBe('kept');
      expect(await store.keepText(kept('c', { gateway: 'unicom', carrierId: '1' }))).toBe('repeated');
      expect(idsOf(await store.unreadTexts(10))).toEqual([textName('a'), textName('b')]);
    });

    it('that says something else is another text, though its carrier calls it by a name it has used before', async () => {
      expect(await store.keepText(kept('a', { carrierId: '1' }))).toBe('kept');
      const others = [
        { octets: 'YQ==' },
        { from: '13900000000' },
        { to: '121100451' },
        { part: { reference: 1, width: 8, total: 2, number: 1 } },
      ];
      for (const [n, other] of (others as readonly Partial<KeptText>[]).entries()) {
        expect(await store.keepText(kept(`b${n}`, { carrierId: '1', ...other }))).toBe('kept');
        expect(await store.keepText(kept(`c${n}`, { carrierId: '1', ...other }))).toBe('repeated');
      }
      expect(await store.keepText(kept('d', { carrierId: '1' }))).toBe('repeated');
      expect((await store.unread()).count).toBe(5);
    });

    it('without a name is always kept', async () => {
      for (const name of ['a', 'b']) expect(await store.keepText(kept(name, { carrierId: null }))).toBe('kept');
      expect(await store.unreadTexts(10)).toEqual([kept('a', { carrierId: null }), kept('b', { carrierId: null })]);
    });

    it('is kept by one of two controllers to which it comes at once', async () => {
      const other = await records.open('two');
      for (let n = 0; n < 20; n += 1) {
        const both = await Promise.all([store, other].map((side, of) => side.keepText(kept(`${n}X${of}`, { carrierId: `same-${n}` }))));
        expect(both.toSorted()).toEqual(['kept', 'repeated']);
      }
      expect((await store.unread()).count).toBe(20);
    });

    it('comes back octet by octet, with its header and whatever stands in its fields', async () => {
      const odd = kept('a', {
        carrierId: `"{x}:* \n警 ${'9'.repeat(100)}`,
        from: 'BANK "x"',
        to: '',
        coding: 'binary',
        octets: Buffer.from(Array.from({ length: 256 }, (_, n) => n)).toString('base64'),
        part: { reference: 65_535, width: 16, total: 3, number: 0 },
        sentAt: at(-5000),
      });
      await store.keepText(odd);
      expect(await store.unreadTexts(1)).toEqual([odd]);
      expect(await store.keepText({ ...odd, id: textName('b') })).toBe('repeated');
    });

    it('waits unread with the others, the oldest first, whatever the order in which they were kept', async () => {
      for (const [name, ms] of [
        ['c', 30],
        ['a', 10],
        ['e', 20],
        ['d', 20],
      ] as const) {
        await store.keepText(kept(name, { receivedAt: at(ms) }));
      }
      expect(idsOf(await store.unreadTexts(10))).toEqual(['a', 'd', 'e', 'c'].map(textName));
      expect(idsOf(await store.unreadTexts(2))).toEqual(['a', 'd'].map(textName));
      expect(await store.unreadTexts(0)).toEqual([]);
      expect(await store.unread()).toEqual({ count: 4, oldest: at(10) });
    });

    it('stands in the journal by its gateway alone: no number, none of its words', async () => {
      await store.keepText(kept('a'));
      await store.keepText(kept('b', { carrierId: 'c-a' }));
      const entries = await store.journal(null, 10);
      expect(entries).toEqual([{ id: entries[0]?.id, at: kept('a').receivedAt, kind: 'TextKept', data: { gateway: 'mobile' } }]);
    });

    it('of a gateway with an impossible name is refused as invalid', async () => {
      for (const gateway of ['', 'a:b', 'a}b', 'x'.repeat(65)]) {
        await expect(store.keepText(kept('a', { gateway }))).rejects.toMatchObject({ kind: 'invalid' });
        await expect(store.dueTexts(gateway, at(0), 1)).rejects.toMatchObject({ kind: 'invalid' });
        const bad = thread('t', { outgoing: [outgoing(1, { gateway })] });
        await expect(save(store, bad)).rejects.toMatchObject({ kind: 'invalid' });
      }
      expect(await store.unread()).toEqual({ count: 0, oldest: null });
    });
  });

  describe('a commit with threads', () => {
    it('saves several threads, incidents and handovers, and takes out the texts they have read', async () => {
      for (const name of ['a', 'b', 'c']) await store.keepText(kept(name));
      const whole = commit('whole', {
        threads: [
          { value: thread('t'), from: 0 },
          { value: thread('u', { number: OTHER_NUMBER }), from: 0 },
        ],
        incidents: [
          { value: incident('t'), from: 0 },
          { value: incident('u'), from: 0 },
        ],
        read: [textName('a'), textName('c')],
        handovers: [handover('m1', incident('t')), handover('m2', incident('u')), handover('m3', incident('t'))],
      });
      expect(await store.commit(whole)).toEqual({ is: 'saved' });
      expect(await store.thread(threadName('t'))).toEqual(thread('t'));
      expect(await store.thread(threadName('u'))).toEqual(thread('u', { number: OTHER_NUMBER }));
      expect(await store.thread(threadName('nobody'))).toBeNull();
      expect(await store.unreadTexts(10)).toEqual([kept('b')]);
      for (const name of ['t', 'u']) expect(await store.incident(incidentId(incident(name).id))).toEqual(incident(name));
      expect(idsOf(await store.takeDue('mirror', at(10), at(20), 10)).toSorted()).toEqual(['m1', 'm2']);
      await store.delivered('mirror', 'm1', at(11));
      expect(idsOf(await store.takeDue('mirror', at(11), at(20), 10))).toEqual(['m3']);
    });

    it.each([
      ['thread', { threads: [{ value: thread('t', { revision: 9 }), from: 8 }] }, threadName('t')],
      ['second thread', { threads: [1, 0].map((from, n) => ({ value: thread('tu'.charAt(n), { revision: 2 }), from })) }, threadName('u')],
      ['incident', { incidents: [{ value: incident('i', 6), from: 5 }] }, incident('i').id],
      ['second incident', { incidents: [4, 3].map((from, n) => ({ value: incident('ij'.charAt(n), 5), from })) }, incident('j').id],
      ['text', { read: [textName('a'), textName('never')] }, textName('never')],
    ] as const)('saves nothing at all when one %s has moved on', async (_name, moved, id) => {
      const before = thread('t', { outgoing: [outgoing(1)] });
      await save(store, before);
      await save(store, thread('u'));
      await store.commit(commit('before', { incidents: ['i', 'j'].map((name) => ({ value: incident(name, 4), from: 0 })) }));
      await store.keepText(kept('a'));
      const after = next(before, {
        holder: TAKEN,
        guard: SILENT,
        outgoing: [outgoing(1, { gateway: 'unicom', carrierIds: ['x'] })],
        lastAt: at(50),
      });
      const verdict = await store.commit(
        commit('whole', {
          callTakers: [{ value: callTaker('1001'), from: 0 }],
          threads: [{ value: after, from: 1 }],
          incidents: [{ value: incident('i', 5), from: 4 }],
          read: [textName('a')],
          journal: [note('Never')],
          handovers: [handover('m', incident('i', 5))],
          ...(moved as Partial<Commit>),
        }),
      );
      expect(verdict).toEqual({ is: 'stale', what: _name.split(' ').at(-1), id });
      expect(await store.thread(before.id)).toEqual(before);
      expect(await store.unreadTexts(10)).toEqual([kept('a')]);
      expect(await store.callTakers()).toEqual([]);
      expect(await store.incident(incidentId(incident('i').id))).toEqual(incident('i', 4));
      expect(await store.textLineLength()).toBe(2);
      expect(await store.isSilenced(NUMBER)).toBe(false);
      expect([await due(store, 'mobile'), await due(store, 'unicom')]).toEqual([['T.1'], []]);
      expect(await store.takeReport(report('x'), at(0))).toBeNull();
      expect((await store.journal(null, 10)).map(({ kind }) => kind)).not.toContain('Never');
      expect((await store.backlog('dispatch')).waiting).toBe(0);
    });

    it('lets a text be read once: who reads it again is stale and saves nothing', async () => {
      await store.keepText(kept('a'));
      expect(await save(store, thread('t'), { read: [textName('a')] })).toEqual({ is: 'saved' });
      expect(await save(store, thread('u'), { read: [textName('a')] })).toEqual({ is: 'stale', what: 'text', id: textName('a') });
      expect(await store.thread(threadName('u'))).toBeNull();
      expect(await store.textLineLength()).toBe(1);
    });

    it('is found and silenced by its number however that is written', async () => {
      await save(store, thread('t', { number: `+86${NUMBER}` as PhoneNumber, guard: SILENT }));
      await save(store, thread('u', { number: `+${NUMBER}` as PhoneNumber }));
      for (const number of [NUMBER, `0086${NUMBER}`, `86${NUMBER}`] as PhoneNumber[]) {
        expect(idsOf(await store.threadsOf(number, 10))).toEqual([threadName('t')]);
        expect(await store.isSilenced(number)).toBe(true);
      }
      expect(await store.isSilenced(`+${NUMBER}` as PhoneNumber)).toBe(false);
    });

    it('answers a repeat with saved and does nothing twice, even when the thread has moved on since', async () => {
      await store.keepText(kept('a'));
      const first = commit('first', { threads: [{ value: thread('t'), from: 0 }], read: [textName('a')], journal: [note('Once')] });
      expect(await store.commit(first)).toEqual({ is: 'saved' });
      expect(await store.commit(first)).toEqual({ is: 'saved' });
      const moved = await saveNext(store, thread('t'), { holder: TAKEN });
      expect(await store.commit(first)).toEqual({ is: 'saved' });
      expect(await store.thread(moved.id)).toEqual(moved);
      expect(await store.textLineLength()).toBe(0);
      expect((await store.journal(null, 10)).filter(({ kind }) => kind === 'Once')).toHaveLength(1);
    });

    it('is refused as invalid where a revision does not grow, or a thread, an incident or a text stands in it twice', async () => {
      const wrong: Partial<Commit>[] = [
        { threads: [{ value: thread('t'), from: 1 }] },
        { threads: [1, 2].map((revision) => ({ value: thread('t', { revision }), from: 0 })) },
        { incidents: [1, 2].map((version) => ({ value: incident('i', version), from: 0 })) },
        { read: [textName('a'), textName('b'), textName('a')] },
      ];
      await store.keepText(kept('a'));
      await store.keepText(kept('b'));
      for (const parts of wrong) await expect(store.commit(commit('x', parts))).rejects.toMatchObject({ kind: 'invalid' });
      expect(await store.recentThreads(10)).toEqual([]);
    });

    it('gives a thread that two controllers change at once to exactly one of them, every time', async () => {
      const other = await records.open('two');
      let value = thread('t');
      await save(store, value);
      for (let round = 0; round < 25; round += 1) {
        const from = value.revision;
        const [mine, theirs] = [next(value, { holder: TAKEN, to: 'one' }), next(value, { holder: WAITING, to: 'two' })];
        const verdicts = await Promise.all([
          store.commit(commit(`one ${round}`, { threads: [{ value: mine, from }] })),
          other.commit(commit(`two ${round}`, { threads: [{ value: theirs, from }] })),
        ]);
        expect(verdicts.map(({ is }) => is).toSorted()).toEqual(['saved', 'stale']);
        value = verdicts[0]?.is === 'saved' ? mine : theirs;
        expect(await store.thread(value.id)).toEqual(value);
        expect(await other.textLineLength()).toBe(value === mine ? 0 : 1);
      }
    });

    it('begins no thread where another controller has begun one of that number, however written, since they were counted', async () => {
      const begun = (name: string, threads: number) =>
        store.commit(
          commit(`${name} after ${threads}`, { threads: [{ value: thread(name), from: 0 }], noThreadSince: { number: NUMBER, threads } }),
        );
      expect(await begun('t', 0)).toEqual({ is: 'saved' });
      await save(store, thread('other', { number: OTHER_NUMBER }));
      expect(await begun('u', 0)).toMatchObject({ is: 'stale', what: 'thread' });
      expect(await store.thread(threadName('u'))).toBeNull();
      expect(await store.threadCount(`0086${NUMBER}` as PhoneNumber)).toBe(1);
      expect(await begun('u', 1)).toEqual({ is: 'saved' });
      expect(await store.threadCount(NUMBER)).toBe(2);
    });

    it('gives texts that two controllers read at once to exactly one of them, every time', async () => {
      const other = await records.open('two');
      for (let round = 0; round < 25; round += 1) {
        await store.keepText(kept(`${round}`));
        const read = [textName(`${round}`)];
        const both = [save(store, thread(`${round}A`), { read }), save(other, thread(`${round}B`), { read })];
        expect((await Promise.all(both)).map(({ is }) => is).toSorted()).toEqual(['saved', 'stale']);
      }
      expect(await store.recentThreads(100)).toHaveLength(25);
      expect((await store.unread()).count).toBe(0);
    });
  });
}
