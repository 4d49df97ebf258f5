/** The way between controllers in memory and on Redis' Pub/Sub; and what only the real one can meet: a Redis that is away, a mute owner. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Colleagues } from '../../src/control/membership-ports.ts';
import { callId } from '../../src/kernel/ids.ts';
import { openColleagues } from '../../src/redis/colleagues.ts';
import { colleaguesContract } from '../contract/colleagues.contract.ts';
import { T0 } from '../contract/store.values.ts';
import { Switchboard } from '../simulators/memory-colleagues.ts';
import { keptLog } from '../stack/log.ts';
import { startRedis, type RedisStack } from '../stack/redis.ts';
import { until } from '../stack/until.ts';

describe('between controllers in memory', () => {
  colleaguesContract(() => {
    const switchboard = new Switchboard();
    return Promise.resolve((instance) => Promise.resolve(switchboard.colleagues(instance)));
  });
});

describe('between controllers on Redis', () => {
  const EVENT = { type: 'ControllerReturned', time: T0 } as const;
  const CALL = callId('intake-1772352000.a');
  let redis: RedisStack;
  const opened: Colleagues[] = [];
  beforeAll(async () => {
    redis = await startRedis();
  });
  afterEach(async () => {
    await Promise.all(opened.splice(0).map((one) => one.close()));
  });
  afterAll(() => redis.stop());
  const open = (centre: string, instance: string): Colleagues => {
    const one = openColleagues({ url: redis.url, centre, instance, deadlineMs: 300, log: keptLog() });
    opened.push(one);
    return one;
  };

  colleaguesContract(() => {
    const centre = randomUUID();
    return Promise.resolve((instance) => Promise.resolve(open(centre, instance)));
  });

  it('an owner that listens and does not answer is nobody after the deadline', async () => {
    const centre = randomUUID();
    const [one, two] = [open(centre, 'one'), open(centre, 'two')];
    let asked = 0;
    one.listen({ changed: () => undefined, asked: () => Promise.resolve('stepped') });
    two.listen({
      changed: () => undefined,
      asked: () => {
        asked += 1;
        return new Promise(() => undefined);
      },
    });
    await until('the ask to arrive', async () => {
      expect(await one.ask('two#1', CALL, EVENT)).toBe('nobody');
      return asked > 0;
    });
  });

  it('while Redis is away nobody answers and nothing throws; afterwards words arrive again', async () => {
    const centre = randomUUID();
    const [one, two] = [open(centre, 'one'), open(centre, 'two')];
    let changes = 0;
    two.listen({ changed: () => void (changes += 1), asked: () => Promise.resolve('stepped') });
    one.listen({ changed: () => undefined, asked: () => Promise.resolve('stepped') });
    await until('a word to arrive', () => {
      one.tell('line');
      return changes > 0;
    });
    await redis.kill();
    one.tell('line');
    expect(await one.ask('two#1', CALL, EVENT)).toBe('nobody');
    await redis.startAgain();
    changes = 0;
    await until('words to arrive again', () => {
      one.tell('line');
      return changes > 0;
    });
    expect(await until('an answer', async () => (await one.ask('two#1', CALL, EVENT)) === 'stepped')).toBe(true);
  });
});
