/**
 * What every store must do about controllers' lives: leases judged by the store's own clock, calls that change hands whole and once,
 * late saves refused. Knows no store: each brings a way to let time pass.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../../src/call/call.ts';
import type { Life } from '../../src/control/membership-ports.ts';
import type { Store } from '../../src/control/ports.ts';
import { admitted, arrival, arrived, next, stepOf, waiting } from './store.values.ts';

export interface Lives {
  open(instance: string): Promise<Store>;
  /** Lets a lease of `LEASE_MS` run out. */
  lapse(): Promise<void>;
  /** The store's clock is set back, by an hour. */
  setBack(): Promise<void>;
}

export const LEASE_MS = 150;
/** Nothing in a test takes so long. */
const LONG_MS = 60_000;

export function membershipContract(make: () => Promise<Lives>): void {
  let lives: Lives;
  let store: Store;
  let other: Store;
  beforeEach(async () => {
    lives = await make();
    [store, other] = [await lives.open('one'), await lives.open('two')];
  });

  const joined = async (of: Store, leaseMs: number, how: 'start' | 'again' = 'start'): Promise<Life> => {
    const life = await of.join(how, leaseMs);
    if (life === null) throw new Error('somebody else has the name');
    return life;
  };
  /** Two lives: `dead` of the first store, whose lease has run out, with these calls; `heir` of the second, steady. */
  const deadAndHeir = async (names: readonly string[]) => {
    const heir = await joined(other, LONG_MS);
    const dead = await joined(store, LEASE_MS);
    const calls: Call[] = [];
    for (const name of names) {
      const call = waiting(await admitted(store, name));
      await store.commit(stepOf(call));
      calls.push(call);
    }
    await lives.lapse();
    return { heir, dead, calls };
  };
  const idsOf = (calls: readonly Call[]) => calls.map(({ id }) => id);

  describe('a life', () => {
    it('has its instance in its name, and no two are alike', async () => {
      const names = [await joined(store, LONG_MS), await joined(other, LONG_MS), await joined(await lives.open('one'), LONG_MS)];
      expect(names.map((name) => name.replace(/#\d+$/, ''))).toEqual(['one', 'two', 'one']);
      expect(new Set(names).size).toBe(3);
    });

    it('owns what it admits and saves, and knows its own calls by ticket', async () => {
      const [one, two] = [await joined(store, LONG_MS), await joined(other, LONG_MS)];
      const [first, second, third] = [await admitted(store, 'a'), await admitted(other, 'b'), await admitted(store, 'c')];
      expect(await store.ownCalls(one)).toEqual([first, third]);
      expect(await store.ownCalls(two)).toEqual([second]);
      expect([await other.ownerOf(first.id), await other.ownerOf(second.id)]).toEqual([one, two]);
      expect(await store.ownerOf(arrival('nobody').id)).toBe(null);
    });

    it('does not know calls that are over for its own', async () => {
      const one = await joined(store, LONG_MS);
      const call = next(await admitted(store, 'a'), { state: { at: 'ended', why: 'completed' } });
      await store.commit(stepOf(call));
      expect(await store.ownCalls(one)).toEqual([]);
    });

    it('is held while it is renewed, and tells of others that have lapsed', async () => {
      const one = await joined(store, LONG_MS);
      expect(await store.renew(one, LONG_MS)).toEqual({ is: 'held', lapsed: 0 });
      await joined(other, LEASE_MS);
      await lives.lapse();
      expect(await store.renew(one, LONG_MS)).toEqual({ is: 'held', lapsed: 1 });
    });

    it('may be renewed after it has lapsed, as long as nobody has adopted its calls', async () => {
      const one = await joined(store, LEASE_MS);
      const call = waiting(await admitted(store, 'a'));
      await lives.lapse();
      expect(await store.renew(one, LONG_MS)).toEqual({ is: 'held', lapsed: 0 });
      expect(await store.commit(stepOf(call))).toEqual({ is: 'saved' });
    });

    it('is lost once it has been adopted, given up, or followed by a life of the same instance', async () => {
      const { dead, heir } = await deadAndHeir(['a']);
      await other.adopt(heir, LEASE_MS);
      expect(await store.renew(dead, LONG_MS)).toEqual({ is: 'lost' });
      const again = await joined(store, LONG_MS, 'again');
      await store.leave(again);
      expect(await store.renew(again, LONG_MS)).toEqual({ is: 'lost' });
      const third = await joined(store, LONG_MS);
      await joined(await lives.open('one'), LONG_MS);
      expect(await store.renew(third, LONG_MS)).toEqual({ is: 'lost' });
      expect(await store.renew('one#999', LONG_MS)).toEqual({ is: 'lost' });
    });

    it('does not come back over a newer life of its instance that holds a lease', async () => {
      await joined(store, LEASE_MS);
      await joined(await lives.open('one'), LONG_MS);
      expect(await store.join('again', LONG_MS)).toBe(null);
    });

    it('takes over the calls of the older lives of its instance at once, and of no instance of a like name', async () => {
      await joined(store, LONG_MS);
      await joined(other, LONG_MS);
      const eleven = await lives.open('one1');
      await joined(eleven, LONG_MS);
      const [mine] = [await admitted(store, 'a'), await admitted(other, 'b'), await admitted(eleven, 'c')];
      const again = await lives.open('one');
      const newer = await joined(again, LONG_MS);
      expect(await again.ownCalls(newer)).toEqual([mine]);
      expect(await store.commit(stepOf(waiting(mine)))).toEqual({ is: 'fenced' });
      expect(await again.commit(stepOf(waiting(mine)))).toEqual({ is: 'saved' });
    });
  });

  describe('adopting', () => {
    it('takes all live calls of a life that has lapsed, and refuses its late saves', async () => {
      const { heir, dead, calls } = await deadAndHeir(['a', 'b', 'c']);
      const own = await admitted(other, 'd');
      expect(await other.adopt(heir, LEASE_MS)).toEqual(idsOf(calls));
      expect(await other.ownCalls(heir)).toEqual([...calls, own]);
      expect(await store.ownCalls(dead)).toEqual([]);
      const late = next(calls[0] as Call, { utterances: 1 });
      expect(await store.commit(stepOf(late, 'late'))).toEqual({ is: 'fenced' });
      expect(await other.commit(stepOf(late, 'heir'))).toEqual({ is: 'saved' });
      expect(await other.adopt(heir, LEASE_MS)).toEqual([]);
    });

    it('takes nothing of a life that holds its lease', async () => {
      const heir = await joined(other, LONG_MS);
      await joined(store, LONG_MS);
      await admitted(store, 'a');
      await lives.lapse();
      expect(await other.adopt(heir, LEASE_MS)).toEqual([]);
    });

    it('takes at once what was given up', async () => {
      const heir = await joined(other, LONG_MS);
      const one = await joined(store, LONG_MS);
      const call = await admitted(store, 'a');
      await store.leave(one);
      expect(await store.ownerOf(call.id)).toBe(one);
      expect(await other.adopt(heir, LONG_MS)).toEqual([call.id]);
      expect(await store.commit(stepOf(waiting(call)))).toEqual({ is: 'fenced' });
    });

    it('leaves what was given up to the next life of the instance where there is no other', async () => {
      const one = await joined(store, LONG_MS);
      const call = await admitted(store, 'a');
      await store.leave(one);
      const again = await joined(await lives.open('one'), LONG_MS);
      expect(await store.ownCalls(again)).toEqual([call]);
    });

    it('does not take what has only lapsed until its own lease has stood for a while: all lapse together when the store was away', async () => {
      const [one, two] = [await joined(store, LEASE_MS), await joined(other, LEASE_MS)];
      const call = await admitted(store, 'a');
      await lives.lapse();
      expect(await other.renew(two, LONG_MS)).toEqual({ is: 'held', lapsed: 1 });
      expect(await other.adopt(two, LEASE_MS)).toEqual([]);
      expect(await store.renew(one, LEASE_MS)).toMatchObject({ is: 'held' });
      await lives.lapse();
      expect(await other.adopt(two, LEASE_MS)).toEqual([call.id]);
    });

    it('is not kept from it by a clock that was set back', async () => {
      const heir = await joined(other, LEASE_MS);
      await joined(store, LEASE_MS);
      const call = await admitted(store, 'a');
      await lives.setBack();
      expect(await other.renew(heir, LEASE_MS)).toMatchObject({ is: 'held' });
      expect(await other.renew(heir, LONG_MS)).toMatchObject({ is: 'held' });
      await lives.lapse();
      expect(await other.renew(heir, LONG_MS)).toEqual({ is: 'held', lapsed: 1 });
      expect(await other.adopt(heir, LEASE_MS)).toEqual([call.id]);
    });

    it('takes nothing for a life that has no lease itself', async () => {
      const { heir } = await deadAndHeir(['a']);
      await other.leave(heir);
      expect(await other.adopt(heir, LEASE_MS)).toEqual([]);
      expect(await other.adopt('two#999', LEASE_MS)).toEqual([]);
    });

    it('takes calls whose owner never had a lease', async () => {
      const heir = await joined(other, LONG_MS);
      const call = await admitted(await lives.open('unregistered'), 'a');
      await lives.lapse();
      expect(await other.adopt(heir, LEASE_MS)).toEqual([call.id]);
    });

    it('gives every call to exactly one of two who adopt at once', async () => {
      const third = await lives.open('three');
      const three = await joined(third, LONG_MS);
      const names = Array.from({ length: 40 }, (_, n) => `c${n}`);
      const { heir, calls } = await deadAndHeir(names);
      const [to, toToo] = await Promise.all([other.adopt(heir, LEASE_MS), third.adopt(three, LEASE_MS)]);
      expect([...to, ...toToo].toSorted()).toEqual(idsOf(calls).toSorted());
      expect((await other.ownCalls(heir)).length + (await third.ownCalls(three)).length).toBe(calls.length);
    });

    it('lets a caller who is offered again after their owner is gone be served by another, with their ticket', async () => {
      await joined(other, LONG_MS);
      await joined(store, LEASE_MS);
      const call = next(await admitted(store, 'a'), { state: { at: 'ended', why: 'elsewhere' } });
      await store.commit(stepOf(call));
      const again = arrival('a');
      expect(await other.admit(again, arrived(again))).toEqual({ call, isOurs: false });
      await lives.lapse();
      expect(await other.admit(again, arrived(again))).toEqual({ call, isOurs: true });
      expect(await store.commit(stepOf(next(call, { utterances: 1 }), 'late'))).toEqual({ is: 'fenced' });
    });
  });
}
