/**
 * What AMI is for, on a real Asterisk with the rights that our template gives: a phone that comes or goes is known at once, long
 * before the next regular look.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openConnection, type Connection } from '../../src/asterisk/connection.ts';
import { type Phone, type Registrations, watchRegistrations } from '../../src/asterisk/registrations.ts';
import { phonesIn } from '../../src/asterisk/standing.ts';
import { type PrivateAsterisk, startAsterisk } from '../stack/asterisk.ts';
import { keptLog } from '../stack/log.ts';
import { type DeskPhone, openDeskPhone } from '../stack/phone.ts';
import { until } from '../stack/until.ts';

const LOOK_EVERY_MS = 5000;
const log = keptLog();
const told: Phone[] = [];
let asterisk: PrivateAsterisk;
let connection: Connection;
let registrations: Registrations;
let desk: DeskPhone;

beforeAll(async () => {
  asterisk = await startAsterisk();
  const { settings } = asterisk;
  const ariUrl = `http://${settings.httpHost}:${settings.httpPort}/ari`;
  const { ariUser, ariPassword } = settings;
  connection = openConnection({ ariUrl, ariUser, ariPassword, application: 'registrations', events: [], log });
  await connection.open(() => undefined);
  const ask = async (): Promise<readonly Phone[]> => phonesIn((await connection.command('GET', ['endpoints', 'PJSIP'])).body);
  const ami = { host: settings.amiHost, port: settings.amiPort, user: settings.amiUser, password: settings.amiPassword };
  registrations = watchRegistrations(ami, ask, (phone) => told.push(phone), log);
  await until('the phones to be known', () => told.length >= settings.callTakers.length);
  desk = await openDeskPhone({ host: settings.sipHost, port: settings.sipPort }, 'taker-1001', 'secret-1001');
}, 30_000);
afterAll(async () => {
  desk.close();
  registrations.close();
  await connection.close();
  await asterisk.stop();
}, 30_000);

test('a phone that registers and one that leaves are told at once, each time', async () => {
  const began = performance.now();
  for (let time = 0; time < 3; time++) {
    await desk.register();
    await until('the phone to be there', () => told.at(-1)?.endpoint === desk.endpoint && told.at(-1)?.is === 'registered', 1000);
    await desk.unregister();
    await until('the phone to be gone', () => told.at(-1)?.is === 'absent', 1000);
  }
  // Six changes in less time than two looks: it was not the looks that found them.
  expect(performance.now() - began).toBeLessThan(LOOK_EVERY_MS);
  expect(told.slice(-6).map(({ is }) => is)).toEqual(Array.from({ length: 3 }, () => ['registered', 'absent']).flat());
});
