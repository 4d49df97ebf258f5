/** What every store must keep of the volunteers: their steps, saved with the call's, and a new list laid over all of them or none. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Store } from '../../src/control/ports.ts';
import type { RosterEntry } from '../../src/interpreters/roster.ts';
import { volunteerStep, type Volunteer, type VolunteerEvent } from '../../src/interpreters/volunteer.ts';
import { isFault } from '../../src/kernel/faults.ts';
import { callId, volunteerId } from '../../src/kernel/ids.ts';
import type { Records } from './store.contract.ts';
import { admitted, commit, note, stepOf, T0, waiting } from './store.values.ts';

const listed = (name: string, more: Partial<RosterEntry> = {}): RosterEntry => ({
  id: volunteerId(name),
  name: `志愿者 ${name}`,
  languages: [{ language: 'ru', level: 'native' }],
  speaks: 'zh',
  addresses: ['tel:+8613800000001', 'sip:volunteer-01'],
  duty: [{ weekday: 1, fromMinute: 540, toMinute: 1500 }],
  exceptions: [{ date: '2026-10-01', hours: [] }],
  isReserve: false,
  isAvailable: true,
  ...more,
});
const fresh = (name: string, more: Partial<RosterEntry> = {}): Volunteer => ({
  ...listed(name, more),
  revision: 1,
  lastAskedAt: null,
  lastServedAt: null,
  state: { is: 'free' },
});
const CALL = callId('intake-1772352000.a');
const asked = { type: 'Asked', call: CALL, leg: 1, time: T0 } as const;
const freed = { type: 'Freed', call: CALL, leg: 1, time: T0 } as const;
const after = (before: Volunteer, ...events: readonly VolunteerEvent[]): Volunteer =>
  events.reduce((now, event) => volunteerStep(now, event).volunteer, before);

export function rosterContract(make: () => Promise<Records>): void {
  let records: Records;
  let store: Store;
  let commits = 0;
  beforeEach(async () => {
    records = await make();
    store = await records.open('one');
  });
  afterEach(() => records.close());

  const save = (value: Volunteer, from: number, by = store) => {
    commits += 1;
    return by.commit(commit(`roster ${commits}`, { volunteers: [{ value, from }] }));
  };
  const names = async () => (await store.volunteers()).map(({ id }) => String(id));

  describe('a commit', () => {
    it('saves a volunteer with the call that asks, and tells who there is by id', async () => {
      const call = await admitted(store, 'a');
      await store.replaceRoster([listed('v02'), listed('v01')], T0);
      const busy = after(fresh('v02'), asked);
      expect(await store.commit({ ...stepOf(waiting(call)), volunteers: [{ value: busy, from: 1 }] })).toEqual({ is: 'saved' });
      expect(await store.volunteers()).toEqual([fresh('v01'), busy]);
      expect(await store.volunteer(volunteerId('v02'))).toEqual(busy);
      expect(await store.volunteer(volunteerId('v03'))).toBeNull();
    });

    it('saves nothing at all when one volunteer has moved on, and names that one', async () => {
      const call = await admitted(store, 'a');
      await store.replaceRoster([listed('v01'), listed('v02')], T0);
      await save(after(fresh('v02'), asked), 1);
      const whole = commit('whole', {
        call: { value: waiting(call), from: 1 },
        volunteers: [fresh('v01'), fresh('v02')].map((one) => ({ value: after(one, asked), from: 1 })),
        journal: [note('Never')],
      });
      expect(await store.commit(whole)).toEqual({ is: 'stale', what: 'volunteer', id: 'v02' });
      expect(await store.volunteer(volunteerId('v01'))).toEqual(fresh('v01'));
      expect(await store.call(call.id)).toEqual(call);
      expect((await store.journal(null, 10)).map(({ kind }) => kind)).toEqual(['Arrived', 'RosterReplaced']);
    });

    it('is refused as invalid where a revision does not grow or a volunteer stands in it twice', async () => {
      const twice = commit('x', { volunteers: [1, 1].map((from) => ({ value: fresh('v01'), from })) });
      const refusal: unknown = await store.commit(twice).catch((error: unknown) => error);
      expect(isFault(refusal, 'invalid') && refusal.details).toHaveLength(3);
    });

    it('gives a volunteer whom two want at once to exactly one of them, every time', async () => {
      const other = await records.open('two');
      for (let round = 0; round < 20; round += 1) {
        await save(fresh(`r${round}`), 0);
        const verdicts = await Promise.all(
          [store, other].map((side, n) => save(after(fresh(`r${round}`), { ...asked, call: callId(`${round}.${n}`) }), 1, side)),
        );
        expect(verdicts.map(({ is }) => is).toSorted()).toEqual(['saved', 'stale']);
      }
    });
  });

  describe('a new roster', () => {
    it('adds, changes and takes out, all in one, and says so in the journal', async () => {
      expect(await store.replaceRoster([listed('v01'), listed('v02'), listed('v03')], T0)).toBe('saved');
      expect(await store.volunteers()).toEqual([fresh('v01'), fresh('v02'), fresh('v03')]);
      expect(await store.replaceRoster([listed('v04'), listed('v02'), listed('v01', { isReserve: true })], T0)).toBe('saved');
      expect(await store.volunteers()).toEqual([{ ...fresh('v01', { isReserve: true }), revision: 2 }, fresh('v02'), fresh('v04')]);
      expect(await store.volunteer(volunteerId('v03'))).toBeNull();
      const [, entry] = await store.journal(null, 2);
      expect(entry).toMatchObject({ at: T0, kind: 'RosterReplaced', data: { volunteers: 3, added: 1, changed: 1, left: 1 } });
    });

    it('keeps state and turns of those it knows, and their next step still fits', async () => {
      await store.replaceRoster([listed('v01')], T0);
      const busy = after(fresh('v01'), asked);
      await save(busy, 1);
      await store.replaceRoster([listed('v01', { name: 'another' })], T0);
      const renamed = { ...busy, name: 'another', revision: 3 };
      expect(await store.volunteers()).toEqual([renamed]);
      expect(await save(after(busy, freed), 2)).toMatchObject({ is: 'stale', what: 'volunteer' });
      expect(await save(after(renamed, freed), 3)).toEqual({ is: 'saved' });
      expect(await store.volunteers()).toEqual([{ ...renamed, revision: 4, state: { is: 'free' } }]);
    });

    it('takes out who has left it once they are free, and not before', async () => {
      await store.replaceRoster([listed('v01'), listed('v02')], T0);
      const busy = after(fresh('v01'), asked);
      await save(busy, 1);
      expect(await store.replaceRoster([listed('v02')], T0)).toBe('saved');
      expect(await store.volunteers()).toEqual([busy, fresh('v02')]);
      const serving = after(busy, { ...asked, type: 'Accepted' });
      expect(await save(serving, 2)).toEqual({ is: 'saved' });
      expect(await names()).toEqual(['v01', 'v02']);
      expect(await save(after(serving, freed), 3)).toEqual({ is: 'saved' });
      expect(await names()).toEqual(['v02']);
      expect(await store.volunteer(volunteerId('v01'))).toBeNull();
      expect(await save(after(serving, freed), 3)).toMatchObject({ is: 'stale', what: 'volunteer' });
    });

    it('keeps who had left it and stands on it again', async () => {
      await store.replaceRoster([listed('v01')], T0);
      const busy = after(fresh('v01'), asked);
      await save(busy, 1);
      await store.replaceRoster([], T0);
      await store.replaceRoster([listed('v01')], T0);
      expect(await save(after(busy, freed), 2)).toEqual({ is: 'saved' });
      expect(await names()).toEqual(['v01']);
    });

    it('may be empty, and may be long', async () => {
      const many = Array.from({ length: 5000 }, (_, n) => listed(`v${String(n).padStart(4, '0')}`));
      expect(await store.replaceRoster(many, T0)).toBe('saved');
      expect(await names()).toEqual(many.map(({ id }) => id));
      expect(await store.replaceRoster([], T0)).toBe('saved');
      expect(await store.volunteers()).toEqual([]);
    });

    it('is one list or the other where two come at once, never a mixture', async () => {
      const other = await records.open('two');
      for (let round = 0; round < 20; round += 1) {
        await store.replaceRoster([], T0);
        const verdicts = await Promise.all([
          store.replaceRoster([listed('a1'), listed('a2')], T0),
          other.replaceRoster([listed('b1'), listed('b2')], T0),
        ]);
        expect(verdicts).toContain('saved');
        expect(['a1 a2', 'b1 b2']).toContain((await names()).join(' '));
      }
    });

    it('never overlooks that somebody is asked at the same moment', async () => {
      const other = await records.open('two');
      for (let round = 0; round < 20; round += 1) {
        const before = fresh(`r${round}`);
        await store.replaceRoster([listed(before.id)], T0);
        const [replaced, verdict] = await Promise.all([
          store.replaceRoster([listed(before.id, { name: 'another' })], T0),
          save(after(before, asked), 1, other),
        ]);
        const now = await store.volunteer(before.id);
        expect(now?.state.is).toBe(verdict.is === 'saved' ? 'asked' : 'free');
        expect(now?.name).toBe(replaced === 'saved' ? 'another' : before.name);
        expect(replaced === 'saved' || verdict.is === 'saved').toBe(true);
      }
    });
  });
}
