/**
 * The contract of texts on a real Redis, and what only a real one can do: forget in time, be killed, hold rubbish, and show under which
 * keys everything stands.
 */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Store } from '../../src/control/ports.ts';
import { isFault } from '../../src/kernel/faults.ts';
import { repeatNameOf } from '../../src/redis/derived.ts';
import { openStore, type RedisStore, type StoreSettings } from '../../src/redis/store.ts';
import type { Records } from '../contract/store.contract.ts';
import { commit, handover, incident } from '../contract/store.values.ts';
import { at, kept, NUMBER, outgoing, report, save, SILENT, TAKEN, textName, thread, threadName } from '../contract/text.values.ts';
import { outgoingTextsContract } from '../contract/outgoing-texts.contract.ts';
import { textsContract } from '../contract/texts.contract.ts';
import { threadsContract } from '../contract/threads.contract.ts';
import { keptLog } from '../stack/log.ts';
import { startRedis, type RedisStack } from '../stack/redis.ts';
import { until } from '../stack/until.ts';

let redis: RedisStack;
const opened: Store[] = [];
const open = async (more: Partial<StoreSettings> & { url: string }): Promise<RedisStore> => {
  const store = await openStore({ centre: randomUUID(), instance: 'one', sinks: ['dispatch', 'mirror'], log: keptLog(), ...more });
  opened.push(store);
  return store;
};

beforeAll(async () => {
  redis = await startRedis();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});
afterAll(() => redis.stop());

describe('the texts on Redis', () => {
  const onRedis = (): Promise<Records> => {
    const centre = randomUUID();
    return Promise.resolve({ open: (instance) => open({ url: redis.url, centre, instance }), close: () => Promise.resolve() });
  };
  textsContract(onRedis);
  threadsContract(onRedis);
  outgoingTextsContract(onRedis);
});

describe('what Redis keeps of texts', () => {
  const DAY = 86_400_000;
  const ttl = async (key: string) => Number(await redis.ask('PTTL', key));

  it('stands under keys of its centre alone, and another centre knows nothing of it', async () => {
    const [here, there] = [await open({ url: redis.url, centre: '230100' }), await open({ url: redis.url, centre: '220200' })];
    for (const name of ['a', 'b']) await here.keepText(kept(name));
    await here.takeReport(report('early'), at(0));
    const value = thread('t', { guard: SILENT, outgoing: [outgoing(1, { carrierIds: ['p1'] })] });
    const whole = { threads: [{ value, from: 0 }], read: [textName('a')], incidents: [{ value: incident('t'), from: 0 }] };
    await here.commit(commit('x', { ...whole, handovers: [handover('m', incident('t'))] }));
    const keys = (await redis.ask('KEYS', '*230100*')) as string[];
    expect(keys.length).toBeGreaterThan(20);
    expect(keys.filter((key) => !key.startsWith('{230100}:'))).toEqual([]);
    expect([await there.unread(), await there.textLineLength(), await there.isSilenced(NUMBER)]).toEqual([
      { count: 0, oldest: null },
      0,
      false,
    ]);
    expect([await there.keepText(kept('a')), await there.takeReport(report('p1'), at(0))]).toEqual(['kept', null]);
  });

  it('is forgotten in time: names of carriers after seven days, early reports after one; texts and threads never', async () => {
    const centre = randomUUID();
    const store = await open({ url: redis.url, centre });
    await store.keepText(kept('a', { carrierId: 'c' }));
    await store.takeReport(report('early'), at(0));
    await save(store, thread('t', { outgoing: [outgoing(1, { carrierIds: ['p'] })] }));
    const left = await Promise.all(
      [
        [`kept-text:mobile:${repeatNameOf('c', kept('a'))}`, 7],
        ['carrier-id:mobile:p', 7],
        ['early-reports:mobile:early', 1],
      ].map(async ([key, days]) => (await ttl(`{${centre}}:${key}`)) / (Number(days) * DAY)),
    );
    for (const share of left) {
      expect(share).toBeGreaterThan(0.99);
      expect(share).toBeLessThanOrEqual(1);
    }
    for (const key of [`text:${textName('a')}`, `thread:${threadName('t')}`, 'unread-texts', 'threads', 'text-line', 'outgoing:mobile']) {
      expect([key, await ttl(`{${centre}}:${key}`)]).toEqual([key, -1]);
    }
  });

  it('lets the carrier give a name again once it is forgotten', async () => {
    const centre = randomUUID();
    const store = await open({ url: redis.url, centre });
    await store.keepText(kept('a', { carrierId: 'c' }));
    await redis.ask('PEXPIRE', `{${centre}}:kept-text:mobile:${repeatNameOf('c', kept('a'))}`, '0');
    expect(await store.keepText(kept('b', { carrierId: 'c' }))).toBe('kept');
  });

  it('is no longer than it must be: a text that was read is gone, its octets stand in the thread', async () => {
    const centre = randomUUID();
    const store = await open({ url: redis.url, centre });
    await store.keepText(kept('a'));
    expect(await redis.ask('EXISTS', `{${centre}}:text:${textName('a')}`)).toBe(1);
    await store.commit(commit('x', { threads: [{ value: thread('t'), from: 0 }], read: [textName('a')] }));
    expect(await redis.ask('EXISTS', `{${centre}}:text:${textName('a')}`)).toBe(0);
  });

  it('leaves no empty place behind when a thread has left everything it stood in', async () => {
    const centre = randomUUID();
    const store = await open({ url: redis.url, centre });
    const first = thread('t', { guard: SILENT, outgoing: [outgoing(1), outgoing(2, { gateway: 'unicom' })] });
    await save(store, first);
    await save(store, { ...first, revision: 2, holder: TAKEN, guard: { is: 'open' }, outgoing: [outgoing(1, { dueAt: null })] });
    const keys = ((await redis.ask('KEYS', `{${centre}}:*`)) as string[]).map((key) => key.replace(`{${centre}}:`, ''));
    expect(keys.filter((key) => !key.startsWith('commit:')).toSorted()).toEqual([
      `thread:${threadName('t')}`,
      'threads',
      `threads-of-incident:${first.incident}`,
      `threads-of-number:${NUMBER}`,
    ]);
  });

  it('that is rubbish delays nobody else: lists leave it out, however little was asked for, and the log names it', async () => {
    const centre = randomUUID();
    const log = keptLog();
    const store = await open({ url: redis.url, centre, log });
    for (const name of ['a', 'b', 'c', 'd']) {
      await store.keepText(kept(name));
      await save(store, thread(name));
    }
    for (const rubbish of ['{"id":', '[]', 'null', '{"id":"a","revision":"one"}']) {
      for (const name of ['a', 'd']) {
        await redis.ask('HSET', `{${centre}}:text:${textName(name)}`, 'value', rubbish);
        await redis.ask('HSET', `{${centre}}:thread:${threadName(name)}`, 'value', rubbish);
      }
      for (const limit of [1, 2, 10]) {
        expect(await store.unreadTexts(limit)).toEqual([kept('b'), kept('c')].slice(0, limit));
        expect(await store.textLine(limit)).toEqual([thread('b'), thread('c')].slice(0, limit));
        for (const list of [await store.recentThreads(limit), await store.threadsOf(NUMBER, limit)]) {
          expect(list).toEqual([thread('c'), thread('b')].slice(0, limit));
        }
      }
      await expect(store.thread(threadName('a'))).rejects.toThrow(`{${centre}}:thread:${threadName('a')}`);
      await expect(store.threadOfIncident(thread('a').incident)).rejects.toMatchObject({ kind: 'conflict' });
    }
    const complaints = log.lines.filter((line) => line.startsWith('error'));
    for (const key of [`text:${textName('a')}`, `thread:${threadName('d')}`]) {
      expect(complaints.some((line) => line.includes(`{${centre}}:${key}`))).toBe(true);
    }
    expect(complaints.join('\n')).not.toContain(NUMBER);
    await redis.ask('RPUSH', `{${centre}}:early-reports:mobile:p`, '{');
    await store.takeReport(report('p'), at(0));
    expect(await store.earlyReports('mobile', ['p'])).toEqual([report('p')]);
  });
});

describe('a Redis that is killed', () => {
  let own: RedisStack;
  beforeAll(async () => {
    own = await startRedis();
  });
  afterAll(() => own.stop());
  const back = async (store: Store) => {
    await until('the store is absent', () => !store.isPresent(), 10_000);
    await own.startAgain();
    await until('the store is present', () => store.isPresent(), 10_000);
  };

  it('has everything about texts when it is back', async () => {
    const store = await open({ url: own.url, deadlineMs: 1000 });
    const value = thread('t', { guard: SILENT, outgoing: [outgoing(1, { dueAt: at(7), carrierIds: ['p'] })] });
    for (const name of ['a', 'b']) await store.keepText(kept(name));
    await store.takeReport(report('early'), at(0));
    await store.commit(commit('x', { threads: [{ value, from: 0 }], read: [textName('a')] }));
    await own.kill();
    await back(store);
    expect(await store.unreadTexts(10)).toEqual([kept('b')]);
    expect(await store.keepText(kept('c', { carrierId: 'c-a' }))).toBe('repeated');
    expect(await store.thread(value.id)).toEqual(value);
    expect([await store.textLine(5), await store.recentThreads(5), await store.threadsOf(NUMBER, 5)]).toEqual([[value], [value], [value]]);
    expect(await store.threadOfIncident(value.incident)).toEqual(value);
    expect(await store.isSilenced(NUMBER)).toBe(true);
    expect(await store.dueTexts('mobile', at(7), 5)).toEqual([{ thread: value.id, number: 1 }]);
    expect(await store.takeReport(report('p'), at(1))).toEqual({ thread: value.id, number: 1 });
    expect(await store.earlyReports('mobile', ['early'])).toEqual([report('early')]);
  });

  it('in the middle of texts has lost none that it answered, and what the carrier repeats is kept once', async () => {
    const store = await open({ url: own.url, deadlineMs: 1000 });
    const heard = Array.from({ length: 400 }, (_, n) => kept(`${n}`, { carrierId: `c${n}`, receivedAt: at(n) }));
    let answered = 0;
    const outcomes = heard.map((text) =>
      store.keepText(text).then(
        (answer) => {
          answered += 1;
          return answer;
        },
        (error: unknown) => (isFault(error, 'unavailable') ? 'unavailable' : error),
      ),
    );
    await until('the first answers are there', () => answered > 0);
    await own.kill();
    const answers = await Promise.all(outcomes);
    expect(answers.every((answer) => answer === 'kept' || answer === 'unavailable')).toBe(true);
    await back(store);
    const there = new Set((await store.unreadTexts(1000)).map(({ id }) => id));
    expect(heard.filter(({ id }, n) => answers[n] === 'kept' && !there.has(id))).toEqual([]);
    const again = await Promise.all(heard.map((text, n) => store.keepText({ ...text, id: textName(`${n}R`) })));
    expect(again.filter((answer) => answer === 'repeated')).toHaveLength(there.size);
    expect((await store.unreadTexts(1000)).map(({ carrierId }) => carrierId)).toEqual(heard.map(({ carrierId }) => carrierId));
    expect((await store.journal('0-0', 2000)).filter(({ kind }) => kind === 'TextKept')).toHaveLength(400);
  });

  it('in the middle of commits has read each text into exactly one thread, once they are repeated', async () => {
    const store = await open({ url: own.url, deadlineMs: 1000 });
    const names = Array.from({ length: 300 }, (_, n) => `${n}`);
    await Promise.all(names.map((name) => store.keepText(kept(name))));
    const steps = names.map((name) =>
      commit(`step ${name}`, { threads: [{ value: thread(`${name}T`), from: 0 }], read: [textName(name)] }),
    );
    let answered = 0;
    const outcomes = steps.map((step) =>
      store.commit(step).then(
        () => (answered += 1),
        (error: unknown) => isFault(error, 'unavailable') || error,
      ),
    );
    await until('the first answers are there', () => answered > 0);
    await own.kill();
    expect((await Promise.all(outcomes)).filter((one) => one !== true && typeof one !== 'number')).toEqual([]);
    await back(store);
    const { count } = await store.unread();
    expect(count + (await store.recentThreads(1000)).length).toBe(300);
    expect(new Set(await Promise.all(steps.map(async (step) => (await store.commit(step)).is)))).toEqual(new Set(['saved']));
    expect([await store.unread(), (await store.recentThreads(1000)).length]).toEqual([{ count: 0, oldest: null }, 300]);
  });
});
