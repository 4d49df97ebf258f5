/**
 * The contract on a real Redis, and what only a real one can do: be away at the start, be killed, freeze, lose our functions, hold
 * rubbish, be set so that records could be lost.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Log, Store } from '../../src/control/ports.ts';
import { isFault } from '../../src/kernel/faults.ts';
import { instant } from '../../src/kernel/instants.ts';
import { libraryName } from '../../src/redis/library.ts';
import { openStore, type RedisStore, type StoreSettings } from '../../src/redis/store.ts';
import { LEASE_MS, membershipContract } from '../contract/membership.contract.ts';
import { outboxContract } from '../contract/outbox.contract.ts';
import { rosterContract } from '../contract/roster.contract.ts';
import { recordsContract } from '../contract/records.contract.ts';
import { storeContract, type Records } from '../contract/store.contract.ts';
import { admitted, commit, handover, incident, next, note, stepOf, T0, waiting } from '../contract/store.values.ts';
import { startRedis, type RedisStack } from '../stack/redis.ts';
import { until } from '../stack/until.ts';

interface Said {
  readonly about: object;
  readonly words: string;
}
const listener = () => {
  const said: Said[] = [];
  const hear = (about: object, words: string) => void said.push({ about, words });
  const log: Log = { debug: hear, info: hear, warn: hear, error: hear };
  return { said, log };
};

let redis: RedisStack;
const opened: Store[] = [];
const open = async (more: Partial<StoreSettings> & { url: string }): Promise<RedisStore> => {
  const { log } = listener();
  const store = await openStore({ centre: randomUUID(), instance: 'one', sinks: ['dispatch', 'mirror'], log, ...more });
  opened.push(store);
  return store;
};
const present = (store: Store) => until('the store is present', () => store.isPresent(), 10_000);
const absent = (store: Store) => until('the store is absent', () => !store.isPresent(), 10_000);

beforeAll(async () => {
  redis = await startRedis();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});
afterAll(() => redis.stop());

const onRedis = (): Promise<Records> => {
  const centre = randomUUID();
  return Promise.resolve({ open: (instance) => open({ url: redis.url, centre, instance }), close: () => Promise.resolve() });
};

describe('the store on Redis', () => {
  storeContract(onRedis);
});
describe('the lives on Redis', () => {
  membershipContract(() => {
    const centre = randomUUID();
    // By Redis' own clock, which nobody else moves.
    const now = async () => {
      const [seconds, micros] = (await redis.ask('TIME')) as string[];
      return Number(seconds) * 1000 + Number(micros) / 1000;
    };
    return Promise.resolve({
      open: (instance) => open({ url: redis.url, centre, instance }),
      lapse: async () => {
        const over = (await now()) + LEASE_MS + 5;
        await until('a lease is over', async () => (await now()) > over);
      },
      // As good as that: everything that was noted by it lies an hour ahead.
      setBack: async () => {
        for (const key of [`{${centre}}:lives`, `{${centre}}:lives-since`]) {
          const names = (await redis.ask('ZRANGE', key, '0', '-1')) as string[];
          for (const name of names) await redis.ask('ZINCRBY', key, '3600000', name);
        }
      },
    });
  });
});
describe('the records on Redis', () => {
  recordsContract(onRedis);
});
describe('the roster on Redis', () => {
  rosterContract(onRedis);
});
describe('the outbox on Redis', () => {
  outboxContract(onRedis);
});

describe('one Redis', () => {
  it('holds several centres that know nothing of one another, every key under its centre', async () => {
    const [here, there] = [await open({ url: redis.url, centre: '230100' }), await open({ url: redis.url, centre: '220200' })];
    const call = await admitted(here, 'a');
    const whole = { callTakers: [], incidents: [{ value: incident('a'), from: 0 }], handovers: [handover('m', incident('a'))] };
    await here.commit({ ...stepOf(waiting(call)), ...whole, journal: [note('x')] });
    expect(await there.liveCalls()).toEqual([]);
    expect((await admitted(there, 'a')).ticket).toBe(1);
    const keys = (await redis.ask('KEYS', '*230100*')) as string[];
    expect(keys.length).toBeGreaterThan(10);
    expect(keys.filter((key) => !key.startsWith('{230100}:'))).toEqual([]);
  });

  it('gets our functions back when it has lost them, and the command goes on', async () => {
    const store = await open({ url: redis.url });
    await redis.ask('FUNCTION', 'FLUSH');
    expect((await admitted(store, 'a')).ticket).toBe(1);
    expect(await redis.ask('FUNCTION', 'LIST', 'LIBRARYNAME', libraryName)).toHaveLength(1);
  });

  it('that holds rubbish makes a fault that names the key', async () => {
    const centre = randomUUID();
    const store = await open({ url: redis.url, centre });
    const call = await admitted(store, 'a');
    for (const rubbish of ['{"id":', '[]', 'null', '{"id":"a","revision":"one"}']) {
      await redis.ask('HSET', `{${centre}}:call:${call.id}`, 'value', rubbish);
      await expect(store.call(call.id)).rejects.toThrow(`{${centre}}:call:${call.id}`);
      const listed: unknown = await store.liveCalls().catch((error: unknown) => error);
      expect(isFault(listed, 'conflict')).toBe(true);
    }
  });

  it('that holds a rubbish handover delays its own incident alone, and the log names it', async () => {
    const centre = randomUUID();
    const { said, log } = listener();
    const store = await open({ url: redis.url, centre, log });
    for (const name of ['a', 'b']) await store.commit(commit(name, { handovers: [handover(name, incident(name))] }));
    await redis.ask('HSET', `{${centre}}:outbox:dispatch:entry:a`, 'handover', '{');
    expect((await store.takeDue('dispatch', T0, instant(T0 + 1000), 10)).map(({ id }) => id)).toEqual(['b']);
    expect(said.find(({ words }) => words.includes(`{${centre}}:outbox:dispatch:entry:a`))).toBeDefined();
  });

  it('trims the journal to about its length', async () => {
    const store = await open({ url: redis.url, journalLength: 100 });
    for (let n = 0; n < 10; n += 1)
      await store.commit(commit(`${n}`, { journal: Array.from({ length: 100 }, (_, i) => note(`k${n}.${i}`)) }));
    const kept = await store.journal('0-0', 2000);
    expect(kept.length).toBeGreaterThanOrEqual(100);
    expect(kept.length).toBeLessThan(400);
    expect(kept.at(-1)?.kind).toBe('k9.99');
  });

  it('whose settings could lose a record is told of at the start; one that is set well is not', async () => {
    const good = listener();
    expect(await (await open({ url: redis.url, log: good.log })).troubles()).toEqual([]);
    const careless = await startRedis({ more: { appendfsync: 'everysec', 'maxmemory-policy': 'allkeys-lru' } });
    try {
      const { said, log } = listener();
      const store = await open({ url: careless.url, log });
      expect(await store.troubles()).toHaveLength(2);
      await until('both are logged', () => said.filter(({ words }) => /appendfsync everysec|allkeys-lru/.test(words)).length === 2);
      expect(good.said.filter(({ words }) => words.includes('records can be lost'))).toEqual([]);
    } finally {
      await careless.stop();
    }
  });

  it('is refused an impossible address, centre or sink before anything is tried', async () => {
    await expect(open({ url: 'http://127.0.0.1' })).rejects.toMatchObject({ kind: 'invalid' });
    await expect(open({ url: redis.url, centre: 'a}b', sinks: ['x:y', ''] })).rejects.toMatchObject({
      kind: 'invalid',
      details: { length: 3 },
    });
  });

  it('with a password lets in who knows it, and never shows it in a log', async () => {
    const locked = await startRedis({ more: { requirepass: 'open-sesame' }, password: 'open-sesame' });
    try {
      const { said, log } = listener();
      const shut = await open({ url: locked.url, log, password: 'wrong-guess', deadlineMs: 300 });
      expect(shut.isPresent()).toBe(false);
      await expect(shut.lineLength()).rejects.toMatchObject({ kind: 'unavailable' });
      const letIn = await open({ url: locked.url, log, password: 'open-sesame' });
      expect(await letIn.lineLength()).toBe(0);
      expect(JSON.stringify(said)).not.toMatch(/open-sesame|wrong-guess/);
    } finally {
      await locked.stop();
    }
  });
});

describe('a Redis that goes away', () => {
  let own: RedisStack;
  beforeAll(async () => {
    own = await startRedis();
  });
  afterAll(() => own.stop());

  it('at the start is waited for; meanwhile every command is unavailable', async () => {
    await own.kill();
    const store = await open({ url: own.url, deadlineMs: 300 });
    const told: boolean[] = [];
    store.onPresence((is) => told.push(is));
    expect(store.isPresent()).toBe(false);
    await expect(admitted(store, 'a')).rejects.toMatchObject({ kind: 'unavailable' });
    await expect(store.commit(commit('x'))).rejects.toMatchObject({ kind: 'unavailable' });
    await own.startAgain();
    await present(store);
    expect(told).toEqual([true]);
    expect((await admitted(store, 'a')).ticket).toBe(1);
  });

  it('killed in the middle of commits has lost nothing it answered, and every repeat is saved once', async () => {
    const store = await open({ url: own.url, deadlineMs: 1000 });
    const calls = await Promise.all(Array.from({ length: 400 }, (_, n) => admitted(store, n)));
    const steps = calls.map((call) => ({ ...stepOf(waiting(call)), journal: [note(`into the line ${call.ticket}`)] }));
    let answered = 0;
    const outcomes = steps.map((step) =>
      store.commit(step).then(
        ({ is }) => {
          answered += 1;
          return is;
        },
        (error: unknown) => (isFault(error, 'unavailable') ? 'unavailable' : error),
      ),
    );
    await until('the first answers are there', () => answered > 0);
    await own.kill();
    const verdicts = await Promise.all(outcomes);
    expect(verdicts.every((verdict) => verdict === 'saved' || verdict === 'unavailable')).toBe(true);
    await absent(store);
    await own.startAgain();
    await present(store);
    const sure = calls.filter((_call, n) => verdicts[n] === 'saved');
    expect(await Promise.all(sure.map(({ id }) => store.call(id)))).toEqual(sure.map(waiting));
    expect(new Set(await Promise.all(steps.map(async (step) => (await store.commit(step)).is)))).toEqual(new Set(['saved']));
    expect(await store.lineLength()).toBe(400);
    const told = (await store.journal('0-0', 2000)).filter(({ kind }) => kind.startsWith('into the line'));
    expect(told).toHaveLength(400);
    expect(new Set(told.map(({ kind }) => kind)).size).toBe(400);
  });

  it('frozen answers unavailable within the deadline, and is present again once it thaws', async () => {
    const store = await open({ url: own.url, deadlineMs: 400 });
    const call = await admitted(store, 'a');
    const step = stepOf(waiting(call));
    own.freeze();
    try {
      const began = performance.now();
      await expect(store.commit(step)).rejects.toMatchObject({ kind: 'unavailable' });
      expect(performance.now() - began).toBeLessThan(800);
      expect(store.isPresent()).toBe(false);
      const again = performance.now();
      await expect(store.lineLength()).rejects.toMatchObject({ kind: 'unavailable' });
      expect(performance.now() - again).toBeLessThan(100);
    } finally {
      own.thaw();
    }
    await present(store);
    expect(await store.commit(step)).toEqual({ is: 'saved' });
    expect(await store.commit(stepOf(next(waiting(call), { utterances: 1 })))).toEqual({ is: 'saved' });
  });

  it('frozen for longer than the connection lives is found again on a new one, though nobody asked anything', async () => {
    const store = await open({ url: own.url, deadlineMs: 300 });
    own.freeze();
    try {
      await absent(store);
      const { said, log } = listener();
      const late = await open({ url: own.url, deadlineMs: 300, log });
      expect(late.isPresent()).toBe(false);
      await until('its connection is given up', () => said.some(({ about }) => /socket timeout/i.test(JSON.stringify(about))));
    } finally {
      own.thaw();
    }
    await Promise.all(opened.map(present));
    expect(await store.lineLength()).toBe(0);
  });
});
