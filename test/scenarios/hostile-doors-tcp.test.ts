/**
 * Garbage, bodies of 100 MB, letters that come one by one and connections that say nothing, at every TCP port of the house: each is
 * refused with the right answer or cut, none is kept, and callers are answered as ever.
 */
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { type Door, drip, type Knock, pour, type Siege, sitIdle, statusIn, throwGarbage } from '../simulators/tcp-attacker.ts';
import { httpCarrier } from '../stack/carriers.ts';
import { type City, openCity } from '../stack/city.ts';
import { type Guard, guardOf } from '../stack/harm.ts';
import { until } from '../stack/until.ts';

const MB = 1024 * 1024;
/** What kernels hold on both sides of a connection, far from 100 MB. */
const TAKEN_MOST = 16 * MB;
const INCIDENT = '/api/v1/incidents/01JAB3C4D5E6F7G8H9J0K1M2N3';

let city: City;
let guard: Guard;
let carrier: Awaited<ReturnType<typeof httpCarrier>>;
let doors: Readonly<Record<'api' | 'texts' | 'ari' | 'ami' | 'redis', Door>>;
const sieges: Siege[] = [];
beforeAll(async () => {
  carrier = await httpCarrier('json', 'json');
  city = await openCity({ carriers: [carrier] });
  const { ari, ami, redis } = city.stack.settings;
  const doorOf = (url: string): Door => ({ host: new URL(url).hostname, port: Number(new URL(url).port) });
  doors = {
    api: doorOf(city.stack.url),
    texts: doorOf(carrier.url),
    ari: doorOf(ari.url),
    ami: { host: ami?.host ?? '', port: ami?.port ?? 0 },
    redis: doorOf(redis.url),
  };
  (await city.signOn('1001')).conduct('answer');
});
beforeEach(async () => {
  guard = await guardOf(city);
});
afterEach(() => {
  for (const siege of sieges.splice(0)) siege.stop();
  guard.close();
});
afterAll(() => city.stop());

let series = 0;
const callers = (count: number): readonly string[] => {
  series += 1;
  return Array.from({ length: count }, (_, n) => `139000${series}${String(n).padStart(4, '0')}`);
};
const besiege = (siege: Siege): Siege => {
  sieges.push(siege);
  return siege;
};
/** The door's own words at the beginning of each answer, or its status where it speaks HTTP. */
const answersOf = (knocks: readonly Knock[]): readonly string[] =>
  [...new Set(knocks.map(({ heard }) => (statusIn(heard) === 0 ? heard.slice(0, 8) : String(statusIn(heard)))))].toSorted();

it('garbage at every port: refused, or cut without a word', async () => {
  const garbage = besiege(throwGarbage(Object.values(doors), 200));
  await guard.answersInOrder(callers(6));
  await until('a good deal was thrown', () => garbage.knocks.length > 400, 15_000);
  const answered = answersOf(garbage.knocks);
  const isRefusal = (answer: string): boolean =>
    answer.startsWith('-ERR') || ['', '400', '401', '404', '413', '431', 'Asterisk'].includes(answer);
  expect(answered.filter((answer) => !isRefusal(answer))).toEqual([]);
  expect(answered).toEqual(expect.arrayContaining(['400', '401', '431', '-ERR Pro']));
  await guard.unharmed();
}, 40_000);

it('a body of 100 MB: answered at once, not read to its end, not kept', async () => {
  const { ari } = city.stack.settings;
  const whole = `Content-Length: ${100 * MB}`;
  const pieces = 'Transfer-Encoding: chunked';
  const basic = `Authorization: Basic ${Buffer.from(`${ari.user}:${ari.password}`).toString('base64')}`;
  const tried: readonly (readonly [keyof typeof doors, string, string, number])[] = [
    ['api', `PATCH ${INCIDENT}`, whole, 401],
    ['api', `PATCH ${INCIDENT}`, pieces, 401],
    ['api', 'GET /healthz', pieces, 200],
    ['texts', 'POST /texts', whole, 401],
    ['texts', 'POST /texts', `webhook-signature: v1,x\r\n${pieces}`, 401],
    ['ari', 'POST /ari/channels', `${basic}\r\n${whole}`, 413],
  ];
  const answered = guard.answersInOrder(callers(6));
  const poured: Knock[] = [];
  for (const [door, line, more] of tried) {
    const request = `${line} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${more}\r\n\r\n`;
    poured.push(await pour(doors[door], request, 100 * MB, 8000));
  }
  await answered;
  expect(poured.map(({ heard }) => statusIn(heard))).toEqual(tried.map(([, , , status]) => status));
  for (const { sent, ended } of poured) {
    expect(ended).not.toBe('waited long enough');
    expect(sent).toBeLessThan(TAKEN_MOST);
  }
  await guard.unharmed();
}, 40_000);

it('requests a letter at a time, and connections that never speak: cut, while callers and texts come through', async () => {
  const slowBody = 'POST /texts HTTP/1.1\r\nHost: x\r\nwebhook-signature: v1,x\r\nContent-Length: 5000\r\n\r\n';
  const slow = besiege(drip([doors.api, doors.texts], 100));
  const bodies = besiege(drip([doors.api, doors.texts], 50, slowBody, 'x'.repeat(5000)));
  const idle = besiege(sitIdle([doors.api, doors.texts], 100));
  besiege(drip([doors.ari], 50));
  besiege(sitIdle([doors.ari, doors.ami, doors.redis], 60));
  await guard.answersInOrder(callers(10), 2);
  expect(await carrier.hand({ from: '13800000078', text: '救命' })).toBe('acknowledged');
  await until('all who were slow have been cut', () => slow.knocks.length === 200 && idle.knocks.length === 200, 15_000);
  expect([answersOf(slow.knocks), answersOf(idle.knocks)]).toEqual([['408'], ['408']]);
  await until('those with slow bodies as well', () => bodies.knocks.length === 100, 15_000);
  expect(answersOf(bodies.knocks)).toEqual(['401', '404']);
  await guard.unharmed();
}, 44_000);
