/**
 * What strangers cost the gateway over HTTP: nothing of a body is read before they are known, and nothing but a token is looked for in
 * their queries.
 */
import { createHash } from 'node:crypto';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { clock } from '../../src/clock.ts';
import { openHttpGateway, type HttpGateway } from '../../src/sms-gateways/http.ts';
import { openEars, type Ears } from '../contract/gateway.ears.ts';
import { type Door, knock, pour, statusIn } from '../simulators/tcp-attacker.ts';
import { keptLog } from '../stack/log.ts';

const MB = 1024 * 1024;
/** What kernels hold on both sides of a connection, far from all of it. */
const TAKEN_MOST = 16 * MB;
const TURNS = 20;
const TOKEN = 'a token of the gateway/+&=';
const SECRET = `whsec_${Buffer.alloc(32, 9).toString('base64')}`;

let gateway: HttpGateway;
let ears: Ears;
let door: Door;
beforeEach(async () => {
  ears = openEars();
  const tokenSha256 = createHash('sha256').update(TOKEN).digest('hex');
  const settings = { name: 'web', host: '127.0.0.1', port: 0, tokenSha256, secrets: [SECRET], drainMs: 500, out: null };
  gateway = openHttpGateway(settings, { clock, log: keptLog() });
  await gateway.open(ears);
  door = { host: '127.0.0.1', port: Number(new URL(gateway.address() ?? '').port) };
});
afterEach(() => gateway.close());

const LENGTH = `Content-Length: ${100 * MB}`;
const CHUNKED = 'Transfer-Encoding: chunked';
it.each([
  ['with no token, its length told', 'POST /texts', LENGTH, 401, 0],
  ['with no token, in pieces', 'POST /texts', CHUNKED, 401, 0],
  ['with a signature, its length told', 'POST /texts', `webhook-signature: v1,x\r\n${LENGTH}`, 413, 0],
  ['with a signature, in pieces', 'POST /texts', `webhook-signature: v1,x\r\n${CHUNKED}`, 413, 5],
  ['to a path that takes none', 'GET /kannel', CHUNKED, 401, 0],
])('a body of 100 MB %s is answered at once and ends with its connection', async (_what, line, more, status, first) => {
  const { heard, sent, ended } = await pour(
    door,
    `${line} HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n${more}\r\n\r\n`,
    100 * MB,
    5000,
    first,
  );
  expect([statusIn(heard), ended === 'waited long enough']).toEqual([status, false]);
  expect(sent).toBeLessThan(TAKEN_MOST);
  expect([ears.texts, ears.reports]).toEqual([[], []]);
});

it('a token in a query is found wherever it stands, and the first of two counts', async () => {
  const ask = async (query: string): Promise<number> => (await fetch(`${gateway.address()}/kannel?${query}`)).status;
  const token = `token=${encodeURIComponent(TOKEN)}`;
  const text = 'from=1&to=2&text=x';
  expect(await Promise.all([`${token}&${text}`, `${text}&${token}`, `${text}&${token}&token=wrong`].map(ask))).toEqual([200, 200, 200]);
  expect(await Promise.all([`token=wrong&${text}&${token}`, `${text}&xtoken=${TOKEN}`, `token=&${text}`, 'token'].map(ask))).toEqual([
    401, 401, 401, 401,
  ]);
});

it('a query of 200 kB that is refused costs less than half of one that is read', async () => {
  /** Milliseconds of a core for a request, ours and the asking together. */
  const spent = async (query: string, status: number): Promise<number> => {
    const began = process.cpuUsage();
    const asked = `GET /kannel?${query} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`;
    for (let turn = 0; turn < TURNS; turn++) {
      const { heard } = await knock(door, (socket) => void socket.write(asked));
      expect(statusIn(heard)).toBe(status);
    }
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1000 / TURNS;
  };
  const long = `text=${'%41'.repeat(65_000)}&from=1&to=2`;
  await spent(long, 401);
  const refused = await spent(long, 401);
  expect(refused).toBeLessThan((await spent(`${long}&token=${encodeURIComponent(TOKEN)}`, 200)) / 2);
}, 20_000);
