/**
 * The line under any interleaving of what callers, call takers and two controllers do: in order of ticket, nobody lost, nobody
 * served twice. Here in memory with many runs; the same on a real Redis stands in test/redis.
 */
import { expect, it } from 'vitest';
import { complaint } from './simulators/interleavings.ts';
import { Memory, memoryStore } from './simulators/memory-store.ts';
import type { Centre } from './simulators/two-controllers.ts';

it('any interleaving of arriving, leaving, claiming, putting back and finishing keeps the line by ticket, loses nobody, serves nobody twice', async () => {
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
