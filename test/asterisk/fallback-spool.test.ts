/**
 * The fallback's records: whole ones are read, half ones wait or are set aside, none is lost.
 */
import { mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openFallbackSpool, readRecord } from '../../src/asterisk/fallback-spool.ts';
import { callId } from '../../src/kernel/ids.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'intake-spool-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const record = (id: string, about: object = {}): string =>
  JSON.stringify({
    id,
    number: '+8613800001111',
    calledNumber: '110',
    arrivedAt: 1_763_750_000_000,
    answeredAt: 1_763_750_009_000,
    endedAt: 1_763_750_060_000,
    answeredBy: 'taker-1001',
    recording: `${id}.fallback.wav`,
    ...about,
    whole: true,
  });
const put = (id: string, text: string): Promise<void> => writeFile(join(folder, `${id}.json`), text);
const long = new Date(Date.now() - 60_000);

test('a folder that is not there yet holds nothing', async () => {
  expect(await openFallbackSpool(join(folder, 'none')).waiting()).toEqual({ calls: [], unreadable: [] });
});

test('whole records are told oldest first, and are gone only when taken', async () => {
  await put('intake-1.2', record('intake-1.2', { arrivedAt: 1_763_750_005_000 }));
  await put('intake-1.1', record('intake-1.1', { number: '', answeredAt: null, answeredBy: '' }));
  const spool = openFallbackSpool(folder);
  const { calls, unreadable } = await spool.waiting();
  expect(unreadable).toEqual([]);
  expect(calls.map((call) => call.id)).toEqual(['intake-1.1', 'intake-1.2']);
  expect(calls[0]).toMatchObject({ number: null, answeredAt: null, answeredBy: null, recording: null });
  expect(calls[1]).toMatchObject({
    number: '+8613800001111',
    calledNumber: '110',
    answeredBy: 'taker-1001',
    recording: 'intake-1.2.fallback.wav',
  });
  expect((await spool.waiting()).calls).toHaveLength(2);
  await spool.taken(callId('intake-1.1'));
  await spool.taken(callId('intake-1.1'));
  expect((await spool.waiting()).calls.map((call) => call.id)).toEqual(['intake-1.2']);
});

test('a record is whole only with its last word', () => {
  const whole = record('intake-1.1');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: whole.length - 1 }), (length) => readRecord(whole.slice(0, length), 'intake-1.1') === null),
  );
  expect(readRecord(whole, 'intake-1.1')).not.toBeNull();
});

test('a half record waits while it may still be written, then is set aside and named', async () => {
  await put('intake-1.1', record('intake-1.1').slice(0, 90));
  const spool = openFallbackSpool(folder);
  expect(await spool.waiting()).toEqual({ calls: [], unreadable: [] });
  await utimes(join(folder, 'intake-1.1.json'), long, long);
  expect(await spool.waiting()).toEqual({ calls: [], unreadable: ['intake-1.1.json'] });
  expect(await readdir(folder)).toEqual(['unreadable']);
});

test.each([
  ['no JSON', 'rubbish'],
  ['the record of another call', record('intake-9.9')],
  ['a number that is no text', record('intake-1.1', { number: 110 })],
  ['a moment that is none', record('intake-1.1', { endedAt: 'yesterday' })],
  ['a list', '[]'],
  ['too long', record('intake-1.1', { number: '1'.repeat(20_000) })],
])('%s is set aside, and the others are still read', async (_what, text) => {
  await put('intake-1.1', text);
  await put('intake-1.2', record('intake-1.2'));
  await utimes(join(folder, 'intake-1.1.json'), long, long);
  const { calls, unreadable } = await openFallbackSpool(folder).waiting();
  expect(calls.map((call) => call.id)).toEqual(['intake-1.2']);
  expect(unreadable).toEqual(['intake-1.1.json']);
});

test('a name that leads out of the folder takes nothing', async () => {
  await expect(openFallbackSpool(folder).taken(callId('../../etc/passwd'))).rejects.toMatchObject({ kind: 'invalid' });
});
