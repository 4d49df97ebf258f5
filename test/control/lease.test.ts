/** The lease of a controller on a store in memory and a clock moved by hand. */
import { beforeEach, describe, expect, test } from 'vitest';
import { Lease, LEASE_MS } from '../../src/control/lease.ts';
import { HandClock } from '../simulators/hand-clock.ts';
import { Memory, memoryStore, type MemoryStore } from '../simulators/memory-store.ts';
import { silence } from './house.ts';

let clock: HandClock;
let memory: Memory;
let store: MemoryStore;
let lease: Lease;
let told: string[];

const quiet = async (): Promise<void> => {
  for (let turn = 0; turn < 5; turn += 1) await new Promise((resolve) => setImmediate(resolve));
};
const pass = async (ms: number): Promise<void> => {
  clock.pass(ms);
  await quiet();
};
/** This process does nothing for so long, and its timers are late; the store's clock goes on. */
const freeze = (ms: number): void => clock.standStill(ms);

beforeEach(async () => {
  clock = new HandClock(1_000_000);
  memory = new Memory();
  memory.lives.now = () => clock.now();
  store = memoryStore({ memory, instance: 'one' });
  told = [];
  const say = (word: string) => () => void told.push(word);
  lease = new Lease({ store, monotonic: clock, log: silence, lost: say('lost'), begun: say('begun'), lapsed: say('lapsed') });
  await lease.start();
});

/** Another controller, steady, takes over whatever has lapsed. */
const heir = async () => {
  const other = memoryStore({ memory, instance: 'two' });
  const life = (await other.join('start', 1_000_000)) ?? '';
  return { other, adopt: () => other.adopt(life, 0) };
};

describe('a lease', () => {
  test('is held as long as it is renewed, for however long', async () => {
    const life = lease.life() ?? '';
    expect(life).toMatch(/^one#\d+$/);
    for (let n = 0; n < 40; n += 1) {
      await pass(500);
      expect(await lease.holds(life)).toBe(true);
      expect(memory.lives.hasLease(life)).toBe(true);
    }
    expect(told).toEqual([]);
  });

  test('is not taken for certain after a stop of its length, and is once the store has said so', async () => {
    const life = lease.life() ?? '';
    store.goAway();
    await pass(LEASE_MS);
    let holds: boolean | null = null;
    void lease.holds(life).then((answer) => (holds = answer));
    await pass(2000);
    expect(holds).toBe(null);
    store.comeBack();
    await quiet();
    expect(holds).toBe(true);
    expect(lease.life()).toBe(life);
  });

  test('is lost where another has adopted meanwhile: what waited for certainty is not done, and a new life begins', async () => {
    const life = lease.life() ?? '';
    const { adopt } = await heir();
    // Nothing of ours runs: timers ring late, after the other has looked.
    freeze(LEASE_MS + 1);
    await adopt();
    expect(await lease.holds(life)).toBe(false);
    await quiet();
    await pass(0);
    expect(told).toEqual(['lost', 'begun']);
    expect(lease.life()).not.toBe(life);
    expect(await lease.holds(lease.life() ?? '')).toBe(true);
  });

  test('tells of others that have lapsed', async () => {
    const other = memoryStore({ memory, instance: 'two' });
    await other.join('start', 700);
    await pass(500);
    expect(told).toEqual([]);
    await pass(500);
    expect(told).toEqual(['lapsed']);
  });

  test('does not fight a newer process of its own name, and serves again once that one is gone', async () => {
    const life = lease.life() ?? '';
    const twin = memoryStore({ memory, instance: 'one' });
    const newer = (await twin.join('start', 4000)) ?? '';
    await pass(500);
    await pass(0);
    expect([told, lease.life()]).toEqual([['lost'], null]);
    expect(await lease.holds(life)).toBe(false);
    expect(memory.lives.hasLease(newer)).toBe(true);
    await pass(5000);
    expect(told).toEqual(['lost', 'begun']);
  });

  test('given up, it holds nothing, is not renewed and does not begin again', async () => {
    const life = lease.life() ?? '';
    await lease.leave();
    expect([await lease.holds(life), lease.life(), memory.lives.hasLease(life)]).toEqual([false, null, false]);
    await pass(10_000);
    expect(told).toEqual([]);
    expect(lease.life()).toBe(null);
  });

  test('asks the store no more often than it must while the store is away', async () => {
    let asked = 0;
    const renew = store.renew.bind(store);
    Object.assign(store, {
      renew: (life: string, leaseMs: number) => {
        asked += 1;
        return renew(life, leaseMs);
      },
    });
    store.goAway();
    void lease.holds(lease.life() ?? '');
    for (let n = 0; n < 20; n += 1) await pass(500);
    expect(asked).toBeLessThan(30);
  });
});
