/**
 * The line under any interleaving of what callers, call takers and two controllers do, on a real Redis: in order of ticket, nobody
 * lost, nobody served twice, also where answers are lost.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Log, Store } from '../../src/control/ports.ts';
import { Fault } from '../../src/kernel/faults.ts';
import { openStore } from '../../src/redis/store.ts';
import { complaint } from '../simulators/interleavings.ts';
import type { Centre } from '../simulators/two-controllers.ts';
import { startRedis, type RedisStack } from '../stack/redis.ts';

/** A store whose next commit can be saved without the asker's hearing of it. */
function losing(store: Store): { readonly store: Store; lose(): void } {
  let lost = false;
  return {
    store: {
      ...store,
      commit: async (whole) => {
        const verdict = await store.commit(whole);
        if (!lost) return verdict;
        lost = false;
        throw new Fault('unavailable', 'The answer was lost');
      },
    },
    lose: () => {
      lost = true;
    },
  };
}

let redis: RedisStack;
beforeAll(async () => {
  redis = await startRedis();
});
afterAll(() => redis.stop());

it('two controllers on one Redis, in any interleaving, keep the line by ticket, lose nobody and serve nobody twice', async () => {
  const quiet = () => undefined;
  const log: Log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const open = async (): Promise<Centre> => {
    const centre = randomUUID();
    const openFor = (instance: string) => openStore({ url: redis.url, centre, instance, sinks: ['dispatch'], log });
    const [one, two] = await Promise.all([openFor('one'), openFor('two')]);
    const lossy = [losing(one), losing(two)] as const;
    return {
      stores: [lossy[0].store, lossy[1].store],
      loseNextAnswer: (of) => lossy[of].lose(),
      close: async () => void (await Promise.all([one.close(), two.close()])),
    };
  };
  expect(await complaint(open, { numRuns: 40, maxLength: 60 })).toBeUndefined();
}, 28_000);
