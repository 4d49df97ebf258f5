/**
 * What strangers cost the API: a body that nobody asked for is not read to its end, guessing has a rate of its own, and connections
 * have a number.
 */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Door as Target, knock, pour, sitIdle, statusIn, type Siege } from '../simulators/tcp-attacker.ts';
import { until } from '../stack/until.ts';
import { openDoor, type Door } from './door.ts';

const MB = 1024 * 1024;
/** What kernels hold on both sides of a connection, far from all of it. */
const TAKEN_MOST = 16 * MB;

let door: Door;
let target: Target;
let idle: Siege | null = null;
beforeEach(async () => {
  door = await openDoor({ perMinute: 40, strangersPerMinute: 5, connections: 3 });
  target = { host: '127.0.0.1', port: Number(new URL(door.http.url).port) };
});
afterEach(async () => {
  idle?.stop();
  idle = null;
  await door.http.close();
});

const head = (line: string, more: string): string => `${line} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${more}\r\n\r\n`;
const CHUNKED = 'Transfer-Encoding: chunked';
const WHOLE = `Content-Length: ${100 * MB}`;
it.each([
  ['without a token, its length told', 'PATCH /api/v1/incidents/01JAB3C4D5E6F7G8H9J0K1M2N3', WHOLE, 401, 0],
  ['without a token, in pieces', 'PATCH /api/v1/incidents/01JAB3C4D5E6F7G8H9J0K1M2N3', CHUNKED, 401, 0],
  ['to a page that takes none', 'GET /healthz', CHUNKED, 200, 0],
  ['to nowhere', 'POST /nowhere', CHUNKED, 413, 2],
])('a body of 100 MB %s is answered at once and ends with its connection', async (_what, line, more, status, first) => {
  const { heard, sent, ended } = await pour(target, head(line, more), 100 * MB, 5000, first);
  expect([statusIn(heard), ended === 'waited long enough']).toEqual([status, false]);
  expect(sent).toBeLessThan(TAKEN_MOST);
});

it('a small body that is refused, and a request without one, keep their connection', async () => {
  const { heard } = await knock(
    target,
    (socket) => {
      socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n');
      socket.write(`${head('PATCH /api/v1/incidents/01JAB3C4D5E6F7G8H9J0K1M2N3', 'Content-Length: 2')}{}`);
      socket.write('GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n');
    },
    undefined,
    3000,
  );
  expect(heard.match(/HTTP\/1\.1 \d{3}/g)).toEqual(['HTTP/1.1 200', 'HTTP/1.1 401', 'HTTP/1.1 200']);
});

it('whoever guesses tokens is refused after a few, and nobody who holds one is', async () => {
  const statuses: number[] = [];
  for (let guess = 0; guess < 7; guess++) {
    const headers = { authorization: `Bearer guess-${guess}` };
    statuses.push((await door.ask('GET', '/api/v1/me', null, { headers })).status);
  }
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429]);
  for (let asked = 0; asked < 10; asked++) expect((await door.ask('GET', '/api/v1/me', 'supervisor')).status).toBe(200);
  const refused = await door.ask('GET', '/api/v1/me', null);
  expect([refused.status, refused.json.detail]).toEqual([429, 'More than 5 requests in a minute.']);
});

it('more connections than there may be are closed, and as soon as the first go there is room again', async () => {
  idle = sitIdle([target], 6);
  await until('those beyond three are closed', () => idle?.knocks.length === 3);
  expect(idle.knocks.map(({ ended }) => ended)).toEqual(['closed', 'closed', 'closed']);
  idle.stop();
  await until('there is room', () =>
    door.ask('GET', '/healthz', null).then(
      ({ status }) => status === 200,
      () => false,
    ),
  );
});
