/** Real deliveries over loopback to a sink that misbehaves in every way we know. */
import { randomBytes } from 'node:crypto';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openWebhookSink, type WebhookSink } from '../../scripts/stack/sink.ts';
import type { OutboxEntry } from '../../src/control/ports.ts';
import type { Resolve } from '../../src/dispatch/target.ts';
import { openSink, type WebhookSettings } from '../../src/dispatch/webhook.ts';
import { instant } from '../../src/kernel/instants.ts';
import { after, completed } from '../incident/calls.ts';
import { keptLog } from '../stack/log.ts';

const secret = (): string => `whsec_${randomBytes(32).toString('base64')}`;
const SECRET = secret();
const TIMEOUT_MS = 300;

let sink: WebhookSink;
beforeEach(async () => {
  sink = await openWebhookSink({ secrets: [SECRET] });
});
afterEach(() => sink.stop());

const entry = (): OutboxEntry => ({
  id: 'msg_01ARZ3NDEKTSV4RRFFQ69G5FAV_2',
  type: 'incident.handed_over',
  at: after(61),
  incident: completed(),
  sink: 'dispatch',
  attempts: 0,
  lastAnswer: null,
});
const open = (settings: Partial<WebhookSettings> = {}, resolve?: Resolve) =>
  openSink(
    {
      name: 'dispatch',
      url: sink.url,
      secrets: [SECRET],
      format: 'intake',
      allowPrivate: true,
      timeoutMs: TIMEOUT_MS,
      agency: { domain: '110.centre.example', name: 'Centre' },
      ...settings,
    },
    keptLog(),
    resolve,
  );
const deliver = (...how: Parameters<typeof open>) => open(...how).deliver(entry(), instant(Date.now()));
const named = (): string => sink.url.replace('127.0.0.1', 'sink.example');

describe('a delivery', () => {
  it('is our document, signed so that the reference library believes it', async () => {
    expect(await deliver()).toEqual({ is: 'delivered', answer: 'HTTP 204' });
    const [got] = sink.received;
    expect(got).toMatchObject({ id: 'msg_01ARZ3NDEKTSV4RRFFQ69G5FAV_2', complaint: null, isAccepted: true });
    expect(got?.headers['content-type']).toMatch(/^application\/json/);
    expect(new Webhook(SECRET).verify(got?.body ?? '', got?.headers as Record<string, string>)).toEqual({
      type: 'incident.handed_over',
      timestamp: '2026-03-01T00:01:01.000+00:00',
      data: completed(),
    });
  });

  it('is an EIDO where the sink asks for one', async () => {
    await deliver({ format: 'eido' });
    expect(sink.received[0]?.complaint).toBeNull();
    expect(JSON.parse(sink.received[0]?.body ?? '')).toMatchObject({
      eidoVersion: '1.0',
      incidentComponent: { internalIncidentId: completed().id },
    });
  });

  it('carries two signatures while the secret is changed, so that the old and the new holder both believe it', async () => {
    const fresh = secret();
    expect(await deliver({ secrets: [fresh, SECRET] })).toMatchObject({ is: 'delivered' });
    expect(String(sink.received[0]?.headers['webhook-signature']).split(' ')).toHaveLength(2);
    expect(await deliver({ secrets: [fresh] })).toEqual({ is: 'refused', answer: 'HTTP 401: no signature fits' });
  });

  it.each([200, 201, 202, 204, 299])('is delivered with %i', async (status) => {
    sink.behave({ do: 'answer', status });
    expect(await deliver()).toEqual({ is: 'delivered', answer: `HTTP ${status}` });
  });

  it.each([400, 401, 403, 404, 410, 413, 422])('is refused with %i', async (status) => {
    sink.behave({ do: 'answer', status, body: 'no such district' });
    expect(await deliver()).toEqual({ is: 'refused', answer: `HTTP ${status}: no such district` });
  });

  it.each([408, 409, 425, 429, 500, 502, 503, 504])('did not get there with %i', async (status) => {
    sink.behave({ do: 'answer', status });
    expect(await deliver()).toEqual({ is: 'unreachable', answer: `HTTP ${status}` });
  });

  it.each([301, 302, 303, 307, 308])('never follows a redirect: %i', async (status) => {
    const elsewhere = await openWebhookSink({ secrets: [SECRET] });
    sink.behave({ do: 'answer', status, headers: { location: elsewhere.url } });
    expect(await deliver()).toEqual({ is: 'unreachable', answer: `HTTP ${status}: redirects are not followed` });
    expect(elsewhere.received).toEqual([]);
    await elsewhere.stop();
  });

  it('did not get there when the sink says 200 and then breaks off', async () => {
    sink.behave({ do: 'lie' });
    expect(await deliver()).toMatchObject({ is: 'unreachable' });
    expect(sink.received).toHaveLength(1);
  });

  it('did not get there when the connection is reset', async () => {
    sink.behave({ do: 'reset' });
    expect(await deliver()).toMatchObject({ is: 'unreachable' });
  });

  it('did not get there when the answer has no end', async () => {
    sink.behave({ do: 'babble' });
    expect(await deliver({ timeoutMs: 5000 })).toEqual({ is: 'unreachable', answer: 'the answer is longer than 65536 bytes' });
  });

  it.each([{ do: 'hang' }, { do: 'dawdle', ms: 60_000 }] as const)('is given up at the deadline: %o', async (behaviour) => {
    sink.behave(behaviour);
    const begun = performance.now();
    expect(await deliver()).toEqual({ is: 'unreachable', answer: `no whole answer within ${TIMEOUT_MS} ms` });
    expect(performance.now() - begun).toBeLessThan(TIMEOUT_MS + 1500);
  });

  it('is given up at the deadline when the answer only trickles', async () => {
    const server = createServer((socket) => {
      socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n');
      const trickle = setInterval(() => socket.write('x'), 20);
      socket.on('close', () => clearInterval(trickle)).on('error', () => clearInterval(trickle));
    });
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    const { port } = server.address() as AddressInfo;
    expect(await deliver({ url: `http://127.0.0.1:${port}/` })).toEqual({
      is: 'unreachable',
      answer: `no whole answer within ${TIMEOUT_MS} ms`,
    });
    await new Promise((resolve) => {
      server.close(resolve);
    });
  });

  it('did not get there when nobody listens, the name is unknown, or TLS is none', async () => {
    const { url } = sink;
    expect(await deliver({ url: url.replace('http:', 'https:') })).toMatchObject({ is: 'unreachable' });
    expect(await deliver({ url: named() }, (_host, answer) => answer(new Error('no such name'), []))).toEqual({
      is: 'unreachable',
      answer: 'no such name',
    });
    await sink.stop();
    expect(await deliver({ url })).toMatchObject({ is: 'unreachable', answer: expect.stringContaining('ECONNREFUSED') });
    sink = await openWebhookSink({ secrets: [SECRET] });
  });

  it('is given up at the deadline when the name does not resolve', async () => {
    expect(await deliver({ url: named() }, () => undefined)).toEqual({
      is: 'unreachable',
      answer: `no whole answer within ${TIMEOUT_MS} ms`,
    });
  });

  it('keeps a refusal short, in one line and with numbers masked', async () => {
    sink.behave({ do: 'answer', status: 422, body: `13800000078\r\n\u0000is unknown ${'x'.repeat(5000)}` });
    const { answer } = await deliver();
    expect(answer).toMatch(/^HTTP 422: 138\*+78 is unknown x+$/);
    expect(answer.length).toBeLessThanOrEqual(200);
  });
});

describe('a sink at a private address that is not said to be private', () => {
  it('gets nothing, whether by number or by name', async () => {
    const local: Resolve = (_host, answer) => answer(null, [{ address: '127.0.0.1', family: 4 }]);
    expect(await deliver({ allowPrivate: false })).toEqual({ is: 'unreachable', answer: expect.stringContaining('not allowed') });
    expect(await deliver({ allowPrivate: false, url: named() }, local)).toEqual({
      is: 'unreachable',
      answer: expect.stringContaining('not allowed'),
    });
    expect(sink.received).toEqual([]);
    expect(await deliver({ url: named() }, local)).toMatchObject({ is: 'delivered' });
  });

  it('is judged at every delivery, asked once each, and connected to where it was judged', async () => {
    let asked = 0;
    const resolve: Resolve = (_host, answer) => {
      asked += 1;
      answer(null, [{ address: '127.0.0.1', family: 4 }]);
    };
    const one = open({ url: named() }, resolve);
    for (const n of [1, 2, 3]) {
      expect(await one.deliver(entry(), instant(Date.now()))).toMatchObject({ is: 'delivered' });
      expect(asked).toBe(n);
    }
    expect(sink.received[0]?.headers.host).toMatch(/^sink\.example:/);
  });
});

describe('opening a sink', () => {
  it('complains at once of a secret or a URL that cannot be right, without repeating the secret', async () => {
    expect(() => deliver({ secrets: [] })).toThrow('no secret');
    expect(() => deliver({ secrets: ['hush-hush'] })).toThrow(expect.objectContaining({ message: expect.not.stringContaining('hush') }));
    expect(() => deliver({ url: 'ftp://sink.example/' })).toThrow('https:');
  });

  it('warns when incidents would travel unencrypted in public', () => {
    const log = keptLog();
    const settings = {
      name: 'far',
      secrets: [SECRET],
      format: 'intake',
      timeoutMs: 9,
      agency: { domain: 'a.example', name: 'A' },
    } as const;
    openSink({ ...settings, url: 'https://sink.example/', allowPrivate: false }, log);
    openSink({ ...settings, url: 'http://127.0.0.1/', allowPrivate: true }, log);
    expect(log.lines).toEqual([]);
    openSink({ ...settings, url: 'http://sink.example/', allowPrivate: false }, log);
    expect(log.lines).toEqual([expect.stringContaining('unencrypted')]);
  });
});
