/**
 * Dispatch sinks that answer with redirects, without end, in broken pieces, with huge headers, or say what nobody asked: none of them
 * counts as delivered, none delays the honest one, and callers are answered as ever.
 */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openWebhookSink, type WebhookSink } from '../../scripts/stack/sink.ts';
import { type City, openCity } from '../stack/city.ts';
import { SECRET } from '../stack/city-settings.ts';
import { type Guard, guardOf } from '../stack/harm.ts';
import { until } from '../stack/until.ts';

const MB = 1024 * 1024;
/** A thousand deliveries are some 100 MB before V8 tidies up; one endless answer that was kept would be 200 more. */
const GROWS_AT_MOST_MB = 160;
/** What each says once it has been sent something. */
const ODD: Readonly<Record<string, (socket: Socket, honest: string) => void>> = {
  redirect: (socket, honest) => void socket.end(`HTTP/1.1 307 Temporary Redirect\r\nLocation: ${honest}\r\nContent-Length: 0\r\n\r\n`),
  endless: (socket) => {
    socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n');
    const piece = `${(64 * 1024).toString(16)}\r\n${'x'.repeat(64 * 1024)}\r\n`;
    const more = (): void => {
      while (!socket.destroyed && socket.bytesWritten < 200 * MB) if (!socket.write(piece)) return void socket.once('drain', more);
    };
    more();
  },
  broken: (socket) => void socket.end('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc\r\nzz\r\n'),
  headers: (socket) => void socket.end(`HTTP/1.1 200 OK\r\n${`X-Huge: ${'y'.repeat(1000)}\r\n`.repeat(1000)}Content-Length: 0\r\n\r\n`),
  twice: (socket) =>
    void socket.end(
      'HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\nwebhook-signature: v1,forged\r\nContent-Length: 2\r\n\r\nok',
    ),
  rubbish: (socket) => void socket.end('\u0000\u0001\u0002 200 OK\r\n\r\n'),
  trickle: (socket) => {
    const timer = setInterval(() => (socket.destroyed ? clearInterval(timer) : void socket.write('H')), 100);
  },
};

let city: City;
let guard: Guard;
let honest: WebhookSink;
let folder = '';
const servers: Server[] = [];
const sockets = new Set<Socket>();
const asked = new Map<string, number>();
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'intake-sinks-'));
  honest = await openWebhookSink({ secrets: [SECRET] });
  const sinks = [{ name: 'honest', url: honest.url }];
  for (const [name, say] of Object.entries(ODD)) sinks.push({ name, url: await oddSink(name, say) });
  const dispatch = sinks.map((sink) => ({
    ...sink,
    secrets: [SECRET],
    allow_private: true,
    timeout_seconds: 2,
    backoff_seconds: [0.2, 0.5],
  }));
  writeFileSync(join(folder, 'intake.yaml'), JSON.stringify({ dispatch }), { mode: 0o600 });
  city = await openCity({ env: { INTAKE_CONFIG: join(folder, 'intake.yaml') } });
  (await city.signOn('1001')).conduct('answer');
  guard = await guardOf(city);
});
afterAll(async () => {
  guard.close();
  await city.stop();
  await honest.stop();
  for (const socket of sockets) socket.destroy();
  for (const server of servers) server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function oddSink(name: string, say: (socket: Socket, honest: string) => void): Promise<string> {
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => sockets.delete(socket));
    socket.once('data', () => {
      asked.set(name, (asked.get(name) ?? 0) + 1);
      say(socket, honest.url);
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
}

interface ShownSink {
  readonly name: string;
  readonly waiting: number;
  readonly dead: number;
}

it('every odd answer is tried again, the honest sink is told of everything once, and callers are answered in their order', async () => {
  // Each leaves before an answer, so that there is something to tell.
  await city.become('1001', 'off');
  const left = Array.from({ length: 6 }, (_, n) => `1390000010${n}`);
  const leaving = await city.sipp({ numbers: left, then: { hangUpAfterMs: 10 }, rate: 10 });
  expect(await leaving.ended, leaving.complaints()).toBe(0);
  await city.become('1001', 'ready');
  await guard.answersInOrder(
    Array.from({ length: 8 }, (_, n) => `1390000020${n}`),
    2,
  );
  await until('every odd sink was asked more than once', () => Object.keys(ODD).every((name) => (asked.get(name) ?? 0) > 2), 15_000);
  const { body } = await city.ask('supervisor', 'GET', '/sinks');
  const { sinks } = body as { readonly sinks: readonly ShownSink[] };
  const odd = Object.keys(ODD).map((name) => ({ name, waiting: left.length, dead: 0 }));
  expect(sinks).toMatchObject([{ name: 'honest', waiting: 0, dead: 0 }, ...odd]);
  // Nothing came twice, nor by way of the redirect.
  expect(honest.received.map(({ complaint }) => complaint)).toEqual(left.map(() => null));
  expect(new Set(honest.received.map(({ id }) => id)).size).toBe(left.length);
  await guard.unharmed(GROWS_AT_MOST_MB);
}, 40_000);
