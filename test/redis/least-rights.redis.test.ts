/**
 * The Redis user of docs/security.md has the rights that a controller needs, all of them and no other: every contract of the store is
 * kept by it, and what would empty, stop or copy Redis is refused to it.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { createClient } from 'redis';
import type { Store } from '../../src/control/ports.ts';
import { openStore } from '../../src/redis/store.ts';
import { outboxContract } from '../contract/outbox.contract.ts';
import { outgoingTextsContract } from '../contract/outgoing-texts.contract.ts';
import { recordsContract } from '../contract/records.contract.ts';
import { rosterContract } from '../contract/roster.contract.ts';
import { type Records, storeContract } from '../contract/store.contract.ts';
import { textsContract } from '../contract/texts.contract.ts';
import { threadsContract } from '../contract/threads.contract.ts';
import { keptLog } from '../stack/log.ts';
import { type RedisStack, startRedis } from '../stack/redis.ts';

const PASSWORD = 'the-password-of-the-user';
const CENTRE = '230100';
const page = readFileSync(join(resolve(import.meta.dirname, '../..'), 'docs/security.md'), 'utf8');
/** What follows `user intake` in the page's users.acl, its lines joined. */
const RULES = (/^user intake ((?:.*\\\n)*.*)$/m.exec(page)?.[1] ?? '').replaceAll(/\\\n\s*/g, '').split(' ');

let redis: RedisStack;
const opened: Store[] = [];
const asUser = (): string => redis.url.replace('//', `//intake:${PASSWORD}@`);
beforeAll(async () => {
  redis = await startRedis();
  // Each contract has a centre of its own; the page's user has one.
  const rules = RULES.map((rule) => (rule === `~{${CENTRE}}:*` ? '~{*}:*' : rule.startsWith('>') ? `>${PASSWORD}` : rule));
  await redis.ask('ACL', 'SETUSER', 'intake', ...rules);
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((store) => store.close()));
});
afterAll(() => redis.stop());

const onRedis = (): Promise<Records> => {
  const centre = randomUUID();
  const open = async (instance: string) => {
    const store = await openStore({ url: asUser(), centre, instance, sinks: ['dispatch', 'mirror'], log: keptLog() });
    opened.push(store);
    return store;
  };
  return Promise.resolve({ open, close: () => Promise.resolve() });
};

describe('the user of the page', () => {
  storeContract(onRedis);
  recordsContract(onRedis);
  rosterContract(onRedis);
  outboxContract(onRedis);
  textsContract(onRedis);
  threadsContract(onRedis);
  outgoingTextsContract(onRedis);

  it('was refused nothing in all of this', async () => {
    expect(await redis.ask('ACL', 'LOG')).toEqual([]);
  });

  it('has one centre, and no way to empty, stop, change or copy Redis', async () => {
    expect(RULES).toContain(`~{${CENTRE}}:*`);
    await redis.ask('ACL', 'SETUSER', 'intake', 'resetkeys', `~{${CENTRE}}:*`);
    const client = await createClient({ url: asUser() }).connect();
    onTestFinished(() => client.destroy());
    const refused = [
      ['FLUSHALL'],
      ['SHUTDOWN', 'NOSAVE'],
      ['CONFIG', 'SET', 'appendfsync', 'no'],
      ['KEYS', '*'],
      ['SCAN', '0'],
      ['REPLICAOF', '127.0.0.1', '1'],
      ['EVAL', 'return 1', '0'],
      ['FUNCTION', 'FLUSH'],
      ['ACL', 'LIST'],
      ['HGET', '{220200}:call:x', 'value'],
    ];
    for (const command of refused) await expect(client.sendCommand(command), command.join(' ')).rejects.toThrow('NOPERM');
    expect(await client.sendCommand(['HGET', `{${CENTRE}}:call:x`, 'value'])).toBeNull();
  });
});
