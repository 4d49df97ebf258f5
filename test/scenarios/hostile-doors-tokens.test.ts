/**
 * A token that was stolen, and somebody who guesses tokens: the one is refused as soon as its row is struck and the controller told, the
 * other after a few guesses; those who hold tokens of their own go on working, and neither ever comes near a call.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { type City, openCity } from '../stack/city.ts';
import { type Guard, guardOf } from '../stack/harm.ts';
import { until } from '../stack/until.ts';

let city: City;
let guard: Guard;
beforeAll(async () => {
  city = await openCity();
  (await city.signOn('1001')).conduct('answer');
});
beforeEach(async () => {
  guard = await guardOf(city);
});
afterEach(() => guard.close());
afterAll(() => city.stop());

interface Row {
  readonly name: string;
}
const STOLEN = 'call-taker-1002';
const ME = '/me';

it('a stolen token is refused from the moment at which it is struck, and what others have under way goes on', async () => {
  const { tokensFile } = city.stack.settings.folders;
  const { tokens } = parse(readFileSync(tokensFile, 'utf8')) as { readonly tokens: readonly Row[] };
  const strike = (left: readonly Row[]): void => {
    writeFileSync(`${tokensFile}.new`, stringify({ tokens: left }), { mode: 0o600 });
    renameSync(`${tokensFile}.new`, tokensFile);
    process.kill(city.stack.part('controller').identity()?.pid ?? 0, 'SIGHUP');
  };
  expect((await city.ask(STOLEN, 'GET', ME)).status).toBe(200);
  const over = new AbortController();
  const others: number[] = [];
  const working = (async () => {
    while (!over.signal.aborted) {
      const asked = ['supervisor', 'call-taker-1001', 'operator'].map((who) => city.ask(who, 'GET', ME));
      others.push(...(await Promise.all(asked)).map(({ status }) => status));
      // As busy desks ask, not as an attacker does.
      await setTimeout(20);
    }
  })();
  const answered = guard.answersInOrder(['13900000001', '13900000002', '13900000003', '13900000004']);
  strike(tokens.filter(({ name }) => name !== STOLEN));
  await until('the stolen token is refused', async () => (await city.ask(STOLEN, 'GET', ME)).status === 401);
  expect((await city.ask(STOLEN, 'PUT', '/call-takers/1002/state', { state: 'ready' })).status).toBe(401);
  expect((await city.callTaker('1002')).state).toBe('off');

  // A file that cannot be used locks nobody out and lets nobody in again.
  const [first] = tokens;
  strike(first === undefined ? [] : [...tokens, first]);
  await until('the wrong file is complained of', () => city.log('controller').includes('tokens not read again'));
  expect((await city.ask(STOLEN, 'GET', ME)).status).toBe(401);
  await answered;
  over.abort();
  await working;
  expect(new Set(others)).toEqual(new Set([200]));
  expect(others.length).toBeGreaterThan(20);
  await guard.unharmed();
}, 30_000);

it('who guesses tokens is refused with 429 after some hundreds of one address, and nobody else is', async () => {
  const guess = async (n: number): Promise<number> => {
    const headers = { authorization: `Bearer guess-${n}` };
    const answer = await fetch(`${city.stack.url}/api/v1/calls`, { headers, signal: AbortSignal.timeout(5000) });
    await answer.arrayBuffer();
    return answer.status;
  };
  const known = await city.calls();
  const answered = guard.answersInOrder(['13900000011', '13900000012', '13900000013', '13900000014']);
  const statuses: number[] = [];
  for (let n = 0; n < 600; n += 20) statuses.push(...(await Promise.all(Array.from({ length: 20 }, (_, m) => guess(n + m)))));
  await answered;
  const firstRefused = statuses.indexOf(429);
  expect(new Set(statuses)).toEqual(new Set([401, 429]));
  expect(firstRefused).toBeLessThanOrEqual(300);
  expect(statuses.filter((status) => status === 401).length).toBeLessThanOrEqual(300);
  expect((await city.ask('call-taker-1001', 'GET', ME)).status).toBe(200);
  expect(await city.calls()).toHaveLength(known.length + 4);
  expect(city.log('controller')).not.toContain('guess-');
  await guard.unharmed();
}, 30_000);
