import { createHash, randomBytes } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clock } from '../../src/clock.ts';
import { signatures, keyOf } from '../../src/kernel/signature.ts';
import { openHttpGateway, type HttpGateway, type HttpGatewaySettings } from '../../src/sms-gateways/http.ts';
import { gatewayContract } from '../contract/gateway.contract.ts';
import { openEars, type Ears } from '../contract/gateway.ears.ts';
import { textOf, type Peer, type PeerHeard, type PeerWishes } from '../contract/gateway.peer.ts';
import { openHttpCarrier, type HttpCarrier } from '../simulators/http-carrier.ts';
import { keptLog } from '../stack/log.ts';

const TOKEN = 'a-token-of-the-gateway';
const OUT_TOKEN = 'a-token-of-the-carrier';
const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

const settingsFor = (carrier: HttpCarrier, form: 'json' | 'kannel', answerWithinMs: number, token = OUT_TOKEN): HttpGatewaySettings => ({
  name: 'web',
  host: '127.0.0.1',
  port: 0,
  tokenSha256: sha256(TOKEN),
  secrets: [SECRET],
  drainMs: answerWithinMs,
  out: {
    form,
    url: carrier.url,
    secrets: [],
    token: form === 'json' ? token : null,
    user: 'intake',
    password: token,
    reportUrl: 'http://127.0.0.1:1/kannel/report?id={id}&status=%d',
    answerWithinMs,
  },
});

const heardAs: Readonly<Record<number, PeerHeard>> = { 200: 'acknowledged', 422: 'refused', 503: 'temporary' };

async function knock(url: string, init: RequestInit = {}): Promise<PeerHeard> {
  try {
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(1500) });
    await answer.arrayBuffer();
    return heardAs[answer.status] ?? 'refused';
  } catch {
    return 'none';
  }
}

const posted = (gateway: HttpGateway, path: string, body: unknown): Promise<PeerHeard> =>
  knock(`${gateway.address() ?? 'http://127.0.0.1:1'}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
    body: JSON.stringify(body),
  });

function peerOf(form: 'json' | 'kannel') {
  return async ({ answerWithinMs, password, log }: PeerWishes): Promise<Peer> => {
    const carrier = await openHttpCarrier();
    carrier.want(OUT_TOKEN);
    const given = password === 'right' ? OUT_TOKEN : 'another-token-altogether';
    const gateway = openHttpGateway(settingsFor(carrier, form, answerWithinMs, given), { clock, log });
    const statuses = { delivered: '1', failed: '2' } as const;
    // A gateway that closes has no address any more, but the peer still knows it.
    let last = '';
    const address = (): string => (last = gateway.address() ?? last);
    const inQuery = (path: string, fields: Record<string, string>): Promise<PeerHeard> =>
      knock(`${address()}${path}?${new URLSearchParams({ token: TOKEN, ...fields }).toString()}`);
    const inBody = (path: string, body: unknown): Promise<PeerHeard> =>
      knock(`${address()}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${TOKEN}` },
        body: JSON.stringify(body),
      });
    return {
      gateway,
      deliver: (text) => (form === 'json' ? inBody('/texts', text) : inQuery('/kannel', { ...text, coding: '0', charset: 'UTF-8' })),
      report: ({ carrierId, outcome }) =>
        form === 'json'
          ? inBody('/reports', { id: carrierId, outcome })
          : inQuery('/kannel/report', { id: carrierId, status: statuses[outcome] }),
      submitted: () => carrier.accepted.map(({ from, to, text }) => ({ from, to, text })),
      behave: (how) => carrier.behave(how),
      cut: () => carrier.cut(),
      freeze: () => carrier.behave('silent'),
      mend: () => {
        carrier.behave('accept');
        void carrier.mend();
      },
      takePassword: () => carrier.want(given),
      secrets: () => [OUT_TOKEN, TOKEN, given, SECRET],
      close: () => carrier.close(),
    };
  };
}

const TRAITS = { namesTexts: true, namesOurs: true, reports: true, keepsLine: false, password: true };
describe('a gateway over HTTP in JSON', () => {
  gatewayContract(peerOf('json'), TRAITS);
});
describe("a gateway over HTTP in Kannel's forms", () => {
  gatewayContract(peerOf('kannel'), TRAITS);
});

describe('the door of a gateway over HTTP', () => {
  let gateway: HttpGateway;
  let ears: Ears;
  let carrier: HttpCarrier;
  beforeEach(async () => {
    carrier = await openHttpCarrier();
    ears = openEars();
    gateway = openHttpGateway(settingsFor(carrier, 'json', 500), { clock, log: keptLog() });
    await gateway.open(ears);
  });
  afterEach(async () => {
    await gateway.close();
    await carrier.close();
  });
  const good = { id: 'a1', from: '13800000078', to: '121100451', text: '救命' };
  const raw = (path: string, init: RequestInit = {}): Promise<Response> => fetch(`${gateway.address()}${path}`, init);
  const body = (fields: unknown, headers: Record<string, string> = {}): RequestInit => ({
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof fields === 'string' ? fields : JSON.stringify(fields),
  });
  const withToken = { authorization: `Bearer ${TOKEN}` };

  it('lets nobody in who has no token, a wrong one, or no signature that fits, and hears nothing of them', async () => {
    const key = keyOf(SECRET);
    const now = Math.floor(Date.now() / 1000);
    const text = JSON.stringify(good);
    const signed = (timestamp: number, over: string): Record<string, string> => ({
      'webhook-id': 'a1',
      'webhook-timestamp': String(timestamp),
      'webhook-signature': signatures([key], 'a1', timestamp, over),
    });
    const asked = [
      raw('/texts', body(good)),
      raw('/texts', body(good, { authorization: 'Bearer wrong' })),
      raw('/texts', body(text, signed(now, `${text} `))),
      raw('/texts', body(text, signed(now - 3600, text))),
      raw('/kannel?from=1&to=2&text=x'),
      raw('/kannel?from=1&to=2&text=x&token=wrong'),
      raw('/kannel/report?id=a&status=1'),
      raw('/reports', body({ id: 'a', outcome: 'delivered' })),
    ];
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual(asked.map(() => 401));
    expect([ears.texts, ears.reports]).toEqual([[], []]);
    expect((await raw('/texts', body(text, signed(now, text)))).status).toBe(200);
    expect(ears.texts).toHaveLength(1);
  });

  it('takes nothing in a query for a signature: there is no body that it could be of', async () => {
    const header = { headers: { 'webhook-signature': 'v1,x', 'webhook-id': 'a', 'webhook-timestamp': '1' } };
    const asked = ['/kannel?from=1&to=2&text=x', '/kannel/report?id=a&status=1'].map((path) => raw(path, header));
    expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([401, 401]);
    expect([ears.texts, ears.reports]).toEqual([[], []]);
  });

  it('complains of every wrong field at once, in a problem document', async () => {
    const answer = await raw('/texts', body({ id: '', from: 5, txt: 'x', part: { reference: 1, width: 9 }, sent_at: 'noon' }, withToken));
    expect(answer.status).toBe(422);
    expect(answer.headers.get('content-type')).toMatch('application/problem+json');
    const { complaints } = (await answer.json()) as { readonly complaints: readonly string[] };
    expect(complaints.map((complaint) => complaint.split(':')[0])).toEqual([
      'txt',
      'id',
      'from',
      'to',
      'either text, or octets with their coding',
      'part',
      'sent_at',
    ]);
    expect(ears.texts).toEqual([]);
  });

  it.each([
    ['a body that is no JSON', '{"id":', 400],
    ['a body that is a list', '[]', 422],
    ['an empty body', '', 400],
    ['octets that are no base64', JSON.stringify({ ...good, text: undefined, octets: '*', coding: 'ucs2' }), 422],
    ['octets without a coding', JSON.stringify({ ...good, text: undefined, octets: '' }), 422],
    ['text and octets together', JSON.stringify({ ...good, octets: '', coding: 'utf8' }), 422],
    ['a body of more than 256 KiB', JSON.stringify({ ...good, text: 'x'.repeat(300_000) }), 413],
  ])('answers %s with a clear error', async (_what, text, status) => {
    expect((await raw('/texts', body(text, withToken))).status).toBe(status);
    expect(ears.texts).toEqual([]);
  });

  it('takes a part of a long text in octets as it came over the air', async () => {
    const part = { reference: 7, width: 8, total: 3, number: 2 };
    const octets = Buffer.from('6551', 'hex');
    expect(await posted(gateway, '/texts', { ...good, text: undefined, octets: octets.toString('base64'), coding: 'ucs2', part })).toBe(
      'acknowledged',
    );
    expect(ears.texts[0]).toMatchObject({ part, coding: 'ucs2', octets });
  });

  it("takes UCS-2 out of Kannel's query as octets, with its header", async () => {
    const header = '%05%00%03%07%03%02';
    const answer = await raw(
      `/kannel?token=${TOKEN}&id=k1&from=%2B13800000078&to=12110&coding=2&udh=${header}&text=%65%51%D8%3D&at=1763750000`,
    );
    expect([answer.status, await answer.text()]).toEqual([200, '']);
    expect(ears.texts[0]).toMatchObject({
      carrierId: 'k1',
      from: '+13800000078',
      coding: 'ucs2',
      part: { reference: 7, width: 8, total: 3, number: 2 },
      octets: Buffer.from('6551d83d', 'hex'),
      sentAt: 1_763_750_000_000,
    });
  });

  it('signs what it sends so that the other side can tell', async () => {
    await gateway.close();
    const settings = settingsFor(carrier, 'json', 500);
    if (settings.out === null) throw new Error('the settings have no way out');
    const signing = openHttpGateway({ ...settings, out: { ...settings.out, token: null, secrets: [SECRET] } }, { clock, log: keptLog() });
    carrier.answerWith('{"id":"carrier-9"}');
    const sending = await signing.send({ id: '01JAB.1', to: '13800000078', from: '12110', text: 'ok' });
    expect(sending).toEqual({ is: 'accepted', carrierIds: ['carrier-9'] });
    const [asked] = carrier.asked;
    const timestamp = Number(asked?.headers['webhook-timestamp']);
    expect(asked?.headers['webhook-signature']).toBe(signatures([keyOf(SECRET)], '01JAB.1', timestamp, asked?.body ?? ''));
    await signing.close();
  });

  it.each(['not json', '{"id":', '{"id":7}', '[]', ''])('calls a text by our own name where the answer is %j', async (answer) => {
    carrier.answerWith(answer);
    expect(await gateway.send({ id: '01JAB.2', to: '13800000078', from: '12110', text: 'ok' })).toEqual({
      is: 'accepted',
      carrierIds: ['01JAB.2'],
    });
  });

  it('a gateway with no address to send to refuses: to try again would not help', async () => {
    const deaf = openHttpGateway({ ...settingsFor(carrier, 'json', 500), out: null }, { clock, log: keptLog() });
    expect(await deaf.send({ id: 'x', to: '1', from: '2', text: '' })).toMatchObject({ is: 'refused' });
    await deaf.close();
  });

  it('hands in what was said, letter for letter', async () => {
    const text = '😀 "quotes" \\ \u202e right to left';
    await posted(gateway, '/texts', { ...good, text });
    expect(ears.texts.map(textOf)).toEqual([text]);
  });
});
