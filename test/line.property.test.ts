/**
 * The line under any interleaving of what callers, call takers and two controllers do: in order of ticket, nobody lost, nobody
 * served twice. Once in memory with many runs, once on a real Redis with fewer.
 */
import { randomUUID } from 'node:crypto';
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Log, Store } from '../src/control/ports.ts';
import { Fault } from '../src/kernel/faults.ts';
import { openStore } from '../src/redis/store.ts';
import { Memory, memoryStore } from './simulators/memory-store.ts';
import { House, SIDES, type Centre, type Deed, type Side } from './simulators/two-controllers.ts';
import { startRedis, type RedisStack } from './stack/redis.ts';

const side = fc.constantFrom(...SIDES);
const call = fc.nat(30);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('arrive' as const), side }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('enter' as const, 'greeted' as const, 'answer' as const), call }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom('leave' as const, 'no-answer' as const, 'cut' as const, 'hang-up' as const), call }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('ready' as const, 'ready' as const, 'off' as const), desk: fc.nat(2) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('claim' as const), sides: fc.constantFrom<readonly Side[]>([0], [1], [0, 1]) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('look' as const, 'claim-late' as const, 'lose-answer' as const), side }) },
  { weight: 2, arbitrary: fc.constant({ do: 'race' as const }) },
);

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

/** What went wrong with any deeds in fresh centres, everything looked at after each deed; `undefined` where nothing did. */
async function complaint(open: () => Promise<Centre>, { numRuns, maxLength }: { numRuns: number; maxLength: number }): Promise<unknown> {
  const anyDeeds = fc.asyncProperty(fc.array(deed, { minLength: 5, maxLength, size: 'max' }), async (deeds) => {
    const centre = await open();
    try {
      const house = new House(centre);
      await house.signOn();
      for (const one of deeds) {
        await house.perform(one);
        await house.check();
      }
      await house.drain();
    } finally {
      await centre.close();
    }
  });
  return fc.defaultReportMessage(await fc.check(anyDeeds, { numRuns }));
}

describe('any interleaving of arriving, leaving, claiming, putting back and finishing keeps the line by ticket, loses nobody, serves nobody twice', () => {
  it('in memory, where answers are lost as well', async () => {
    const open = (): Promise<Centre> => {
      const memory = new Memory();
      const [one, two] = [memoryStore({ memory, instance: 'one' }), memoryStore({ memory, instance: 'two' })];
      return Promise.resolve({
        stores: [one, two],
        loseNextAnswer: (of) => (of === 0 ? one : two).loseNextAnswer(),
        close: () => Promise.resolve(),
      });
    };
    expect(await complaint(open, { numRuns: 500, maxLength: 80 })).toBeUndefined();
  }, 25_000);

  describe('on Redis', () => {
    let redis: RedisStack;
    beforeAll(async () => {
      redis = await startRedis();
    });
    afterAll(() => redis.stop());

    it('with two controllers on one Redis', async () => {
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
  });
});
