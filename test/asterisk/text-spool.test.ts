/**
 * The dialplan's copies of texts: whole ones are read, half ones wait or are set aside, none is lost.
 */
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openTextSpool } from '../../src/asterisk/text-spool.ts';
import { openSipTexts } from '../../src/asterisk/texts.ts';
import { clock } from '../../src/clock.ts';
import { openEars } from '../contract/gateway.ears.ts';
import { textOf } from '../contract/gateway.peer.ts';
import { keptLog } from '../stack/log.ts';
import { until } from '../stack/until.ts';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'intake-texts-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const base64 = (text: string): string => Buffer.from(text).toString('base64');
const record = (body: string, about: object = {}): string =>
  JSON.stringify({
    from: base64('<sip:13800000078@192.0.2.1>'),
    to: base64('<sip:12110@192.0.2.2>'),
    asserted: '',
    callId: base64('a1'),
    contentType: base64('text/plain'),
    contentLength: '',
    body: base64(body),
    receivedAt: 1_763_750_000_000,
    ...about,
    whole: true,
  });
const put = (file: string, text: string): Promise<void> => writeFile(join(folder, file), text);
const long = new Date(Date.now() - 60_000);
const bodies = (texts: readonly { readonly message: { readonly octets: Uint8Array } }[]): readonly string[] =>
  texts.map(({ message }) => Buffer.from(message.octets).toString('utf8'));

test('a folder that is not there yet holds nothing', async () => {
  expect(await openTextSpool(join(folder, 'none')).waiting(9)).toEqual({ texts: [], unreadable: [] });
});

test('whole records are told oldest first, so many as are asked for, and are gone only when taken', async () => {
  await put('1763750000000002-b.json', record('second'));
  await put('1763750000000001-a.json', record('first'));
  await put('1763750000000003-c.json', record('third'));
  await put('1763750000000000-d.json.part', 'x');
  const spool = openTextSpool(folder);
  expect(bodies((await spool.waiting(9)).texts)).toEqual(['first', 'second', 'third']);
  expect(bodies((await spool.waiting(2)).texts)).toEqual(['first', 'second']);
  await spool.taken('1763750000000001-a.json');
  await spool.taken('1763750000000001-a.json');
  expect(bodies((await spool.waiting(9)).texts)).toEqual(['second', 'third']);
});

test('a half record waits while it may still be written, then is set aside and named', async () => {
  await put('1-a.json', record('x').slice(0, 150));
  const spool = openTextSpool(folder);
  expect(await spool.waiting(9)).toEqual({ texts: [], unreadable: [] });
  await utimes(join(folder, '1-a.json'), long, long);
  expect(await spool.waiting(9)).toEqual({ texts: [], unreadable: ['1-a.json'] });
  expect(await readdir(folder)).toEqual(['unreadable']);
});

test.each([
  ['no JSON', 'rubbish'],
  ['nothing', ''],
  ['a list', '[]'],
  ['a body that is no base64', record('x', { body: '***' })],
  ['too long', record('x'.repeat(20_000))],
])('%s is set aside, and the others are still read', async (_what, text) => {
  await put('1-a.json', text);
  await put('2-b.json', record('good'));
  await utimes(join(folder, '1-a.json'), long, long);
  const { texts, unreadable } = await openTextSpool(folder).waiting(9);
  expect(bodies(texts)).toEqual(['good']);
  expect(unreadable).toEqual(['1-a.json']);
});

test('unreadable records keep none of the readable ones from being read', async () => {
  for (const nth of [1, 2, 3]) await put(`${nth}-a.json`, 'half');
  await put('4-b.json', record('good'));
  expect(bodies((await openTextSpool(folder).waiting(2)).texts)).toEqual(['good']);
});

test('a name that leads out of the folder takes nothing', async () => {
  await expect(openTextSpool(folder).taken('../../etc/passwd')).rejects.toMatchObject({ kind: 'invalid' });
});

const gatewayOver = (spoolFolder: string, about: { readonly copyAfterMs?: number } = {}, log = keptLog()) =>
  openSipTexts(
    {
      name: 'sip',
      // Nobody listens there.
      ariUrl: 'http://127.0.0.1:9/ari',
      ariUser: 'controller',
      ariPassword: 'ari-secret',
      instance: 'one',
      spoolFolder,
      trunkContact: null,
      answerWithinMs: 300,
      lookEveryMs: 10,
      ...about,
    },
    { clock, log },
  );

test('the gateway leaves a young record to the event, then hands it in, and sets a broken one aside', async () => {
  await put('1-a.json', record('good'));
  await put('2-b.json', 'half');
  await utimes(join(folder, '2-b.json'), long, long);
  const ears = openEars();
  const gateway = gatewayOver(folder, { copyAfterMs: 400 });
  const begun = Date.now();
  await gateway.open(ears);
  await until('it to be handed in', () => ears.kept.length === 1);
  expect(Date.now() - begun).toBeGreaterThan(300);
  expect(ears.kept.map(textOf)).toEqual(['good']);
  await until('its record to be gone', async () => (await readdir(folder)).join() === 'unreadable');
  // That Asterisk is gone is told first.
  expect(gateway.health()).toMatchObject({ isUp: false, trouble: 'Asterisk cannot be reached' });
  await gateway.close();
});

test('while our records cannot be reached it is tried again, some at once and not all', async () => {
  for (let nth = 100; nth < 300; nth++) await put(`${nth}.json`, record(`text ${nth}`));
  const ears = openEars();
  const log = keptLog();
  const gateway = gatewayOver(folder, { copyAfterMs: 0 }, log);
  ears.hold();
  await gateway.open(ears);
  await until('some to be handed in', () => ears.texts.length >= 50);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(ears.texts.length).toBe(50);
  ears.fail();
  ears.release();
  await until('it to be told', () => log.lines.some((line) => line.includes('could not be kept')));
  expect(await readdir(folder)).toHaveLength(200);
  ears.mend();
  await until('all to be kept', () => ears.kept.length === 200);
  await until('all records to be gone', async () => (await readdir(folder)).length === 0);
  await gateway.close();
});

test('a folder that cannot be read breaks nothing, and is read again when it can', async () => {
  await rm(folder, { recursive: true });
  await writeFile(folder, 'no folder');
  const ears = openEars();
  const gateway = gatewayOver(folder, { copyAfterMs: 0 });
  await gateway.open(ears);
  await new Promise((resolve) => setTimeout(resolve, 50));
  await rm(folder);
  await mkdir(folder);
  await put('1-a.json', record('good'));
  expect(textOf(await until('it to be handed in', () => ears.kept[0]))).toBe('good');
  await gateway.close();
});
