/**
 * Two trunks at one real Asterisk, one of which sets a language: the controllers are told of it at the door, within, and afterwards.
 */
import { rm, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runtimeFolder, runtimeIn } from '../../scripts/stack/runtime.ts';
import { openTelephony } from '../../src/asterisk/telephony.ts';
import type { Heard, Telephony } from '../../src/control/ports.ts';
import { type PrivateAsterisk, startAsterisk } from '../stack/asterisk.ts';
import { keptLog } from '../stack/log.ts';
import { HOST } from '../stack/loopback.ts';
import { type SippCallers, startSipp } from '../stack/sipp.ts';
import { until } from '../stack/until.ts';

const RUSSIAN = '127.0.0.2';

let asterisk: PrivateAsterisk;
let telephony: Telephony;
let folder = '';
const heard: Heard[] = [];
const callers: SippCallers[] = [];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'intake-trunks-'));
  asterisk = await startAsterisk({ trunkAddresses: [HOST, RUSSIAN], languagesByTrunk: { [RUSSIAN]: 'ru' } });
  const { settings } = asterisk;
  telephony = openTelephony({
    ariUrl: `http://${settings.httpHost}:${settings.httpPort}/ari`,
    ariUser: settings.ariUser,
    ariPassword: settings.ariPassword,
    instance: 'trunks',
    ami: null,
    prompts: { path: () => settings.promptsFolder },
    log: keptLog(),
  });
  await telephony.open((word) => void heard.push(word));
}, 30_000);
afterAll(async () => {
  for (const one of callers) await one.stop();
  await telephony.close();
  await asterisk.stop();
  await rm(folder, { recursive: true, force: true });
}, 30_000);

test.each([
  ['sets a language brings it', RUSSIAN, '13800000001', 'ru'],
  ['sets none brings none', HOST, '13800000002', null],
])('a caller whose trunk %s', async (_what, address, number, language) => {
  const server = { host: asterisk.settings.sipHost, port: asterisk.settings.sipPort };
  callers.push(await startSipp(runtimeIn(runtimeFolder()).sipp, folder, server, { numbers: [number], then: 'wait', address }));
  const told = (type: 'arrival' | 'caller-entered') => () => heard.find((word) => word.type === type && word.number === number);
  const arrival = await until('the caller to arrive', told('arrival'));
  expect(arrival).toMatchObject({ calledNumber: '110', language });
  if (arrival.type !== 'arrival') return;
  expect(await telephony.claim(arrival.call)).toBe('ours');
  expect(await until('the caller to enter', told('caller-entered'))).toMatchObject({ call: arrival.call, language });
  const { callers: standing, phones } = await telephony.standing();
  expect(standing).toContainEqual({ call: arrival.call, number, calledNumber: '110', language });
  expect(phones.map(({ endpoint }) => endpoint).toSorted()).toEqual(['taker-1001', 'taker-1002']);
});

test('Asterisk finds nothing to complain of in two trunks', async () => {
  expect((await asterisk.warnings()).split('\n').filter((line) => /trunk|identify|set_var|channelvars/.test(line))).toEqual([]);
});
