import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '../../src/kernel/faults.ts';
import { openDoor, type Door } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.http.close());
beforeEach(() => door.scripted.heal());

/** Every sample of the Prometheus text format; throws on a line that is none. */
function samples(text: string): Map<string, number> {
  const found = new Map<string, number>();
  const typed = new Set<string>();
  for (const line of text.split('\n').filter((one) => one !== '')) {
    const comment = /^# (HELP|TYPE) ([a-z_]+) .+$/.exec(line);
    if (comment !== null) {
      typed.add(comment[2] ?? '');
      continue;
    }
    const sample =
      /^(([a-z_]+?)(?:_bucket|_sum|_count)?(?:\{[a-z_]+="[^"\\\n]*"(?:,[a-z_]+="[^"\\\n]*")*\})?) (NaN|[+-]?Inf|[-+0-9.e]+)$/.exec(line);
    if (sample === null) throw new Error(`not a sample: ${line}`);
    if (!typed.has(sample[2] ?? '') && !typed.has((/^[a-z_]+/.exec(line) ?? [''])[0])) throw new Error(`no type for ${line}`);
    if (found.has(sample[1] ?? '')) throw new Error(`twice: ${line}`);
    found.set(sample[1] ?? '', Number(sample[3]));
  }
  return found;
}
const scrape = async (): Promise<Map<string, number>> => samples((await door.ask('GET', '/metrics', null)).text);

describe('/metrics', () => {
  it('tells the house as the control room sees it', async () => {
    const answer = await door.ask('GET', '/metrics', null);
    expect(answer.headers.get('content-type')).toBe('text/plain; version=0.0.4; charset=utf-8');
    const now = samples(answer.text);
    expect(Object.fromEntries(now)).toMatchObject({
      'intake_info{centre="230100"}': 1,
      intake_store_present: 1,
      'intake_calls{place="waiting"}': 2,
      'intake_calls{place="talking"}': 3,
      intake_line_length: 3,
      'intake_call_takers{state="after-call"}': 0,
      'intake_call_takers{state="ready"}': 2,
      'intake_webhook_lag_seconds{sink="dispatch"}': 4.5,
      'intake_webhook_waiting{sink="dispatch"}': 2,
      'intake_webhook_dead{sink="dispatch"}': 1,
      'intake_webhook_deliveries_total{sink="dispatch"}': 0,
      intake_text_line_length: 4,
      intake_texts_unread: 3,
      intake_texts_unread_lag_seconds: 2.5,
      'intake_gateway_up{gateway="mobile",kind="smpp"}': 1,
      'intake_gateway_up{gateway="unicom",kind="cmpp"}': 0,
      'intake_gateway_waiting{gateway="mobile"}': 2,
      'intake_gateway_lag_seconds{gateway="mobile"}': 1.5,
    });
    expect(now.get('process_resident_memory_bytes')).toBeGreaterThan(1e7);
  });

  it('counts what the observer is told, with edges at 10, 15 and 20 seconds', async () => {
    const { observer } = door.http;
    for (const seconds of [9.9, 10.1, 14.9, 15.1, 20.1]) observer.waited(seconds, 'answered');
    observer.waited(61, 'abandoned');
    observer.assigned(0.03);
    observer.delivered('dispatch', 0.2);
    observer.ignored('talking', 'UtteranceFinished');
    observer.textTaken('mobile', 0.03);
    observer.textTaken('mobile', 3);
    observer.outgoing('mobile', 'receipt', 'accepted');
    observer.outgoing('mobile', 'receipt', 'delivered');
    observer.outgoing('mobile', 'receipt', 'delivered');
    const now = await scrape();
    const answered = [10, 15, 20].map((edge) => now.get(`intake_wait_seconds_bucket{le="${edge}",outcome="answered"}`));
    expect(answered).toEqual([1, 3, 4]);
    expect(Object.fromEntries(now)).toMatchObject({
      'intake_wait_seconds_count{outcome="answered"}': 5,
      'intake_wait_seconds_sum{outcome="abandoned"}': 61,
      'intake_assignment_seconds_bucket{le="0.05"}': 1,
      'intake_webhook_deliveries_total{sink="dispatch"}': 1,
      'intake_events_ignored_total{place="talking",event="UtteranceFinished"}': 1,
      'intake_text_taken_seconds_bucket{le="0.025",gateway="mobile"}': 0,
      'intake_text_taken_seconds_bucket{le="0.05",gateway="mobile"}': 1,
      'intake_text_taken_seconds_count{gateway="mobile"}': 2,
      'intake_outgoing_texts_total{gateway="mobile",purpose="receipt",state="accepted"}': 1,
      'intake_outgoing_texts_total{gateway="mobile",purpose="receipt",state="delivered"}': 2,
    });
  });

  it('answers while the records are away, and leaves out what it cannot know', async () => {
    await scrape();
    door.scripted.answer('figures', () => Promise.reject(new Fault('unavailable', 'Redis is away')));
    const away = await scrape();
    expect(away.get('intake_store_present')).toBe(0);
    expect(
      [...away.keys()].filter((name) =>
        /^intake_(calls|line_length|call_takers|webhook_(lag|waiting|dead)|text_line|texts_unread|gateway)/.test(name),
      ),
    ).toEqual([]);
    expect(away.has('intake_wait_seconds_count{outcome="answered"}')).toBe(true);
    door.scripted.heal();
    expect((await scrape()).get('intake_line_length')).toBe(3);
  });

  it('answers in time while the room hangs, and asks it once for all who wait', async () => {
    door.scripted.answer('figures', () => new Promise(() => undefined));
    const [one, two] = await Promise.all([scrape(), scrape()]);
    expect([one?.get('intake_store_present'), two?.get('intake_store_present')]).toEqual([0, 0]);
    expect(door.scripted.asked.filter(([question]) => question === 'figures')).toHaveLength(1);
  });

  it('names routes by their pattern, so that ids and rubbish make no new series', async () => {
    for (const path of ['/api/v1/calls/a', '/api/v1/calls/b', '/no/where', '/no/where/else']) await door.ask('GET', path, 'operator');
    const now = await scrape();
    expect(now.get('intake_http_request_seconds_count{method="GET",route="/api/v1/calls/:id",status="404"}')).toBe(2);
    expect(now.get('intake_http_request_seconds_count{method="GET",route="none",status="404"}')).toBe(2);
  });

  it('shows an event loop that was held up', async () => {
    const until = performance.now() + 300;
    while (performance.now() < until);
    await new Promise((resolve) => setTimeout(resolve, 30));
    expect((await scrape()).get('intake_event_loop_delay_max_seconds')).toBeGreaterThan(0.2);
  });
});

describe('/healthz and /readyz', () => {
  it('say 200 when all is well', async () => {
    expect((await door.ask('GET', '/healthz', null)).json).toMatchObject({ alive: true });
    const ready = await door.ask('GET', '/readyz', null);
    expect([ready.status, ready.json.ready]).toEqual([200, true]);
  });

  it('the process lives while parts are in trouble, and readiness names them', async () => {
    door.scripted.answer('readiness', () =>
      Promise.resolve([
        { part: 'redis', trouble: 'no answer for 4 s' },
        { part: 'asterisk', trouble: null },
      ]),
    );
    expect((await door.ask('GET', '/healthz', null)).status).toBe(200);
    const { status, json, headers } = await door.ask('GET', '/readyz', null);
    expect(status).toBe(503);
    expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(json).toMatchObject({ type: '/problems/not-ready', detail: 'redis: no answer for 4 s', ready: false });
    expect(json.parts).toHaveLength(2);
  });

  it('a part that callers are served without is named, and the house is ready', async () => {
    const parts = [
      { part: 'redis', trouble: null },
      { part: 'gateway mobile', trouble: 'wrong password' },
    ];
    const asAsked = parts.map((part) => (part.trouble === null ? part : { ...part, isDispensable: true }));
    door.scripted.answer('readiness', () => Promise.resolve(asAsked));
    const { status, json } = await door.ask('GET', '/readyz', null);
    expect([status, json]).toEqual([200, { ready: true, parts }]);
  });

  it.each([
    ['throws', () => Promise.reject(new Error('broken'))],
    [
      'throws at once',
      () => {
        throw new Error('broken');
      },
    ],
    ['hangs', () => new Promise<never>(() => undefined)],
  ])('a room that %s is not ready, and says so in time', async (_name, how) => {
    door.scripted.answer('readiness', how);
    const { status, json } = await door.ask('GET', '/readyz', null);
    expect([status, (json.parts as { part: string }[])[0]?.part]).toEqual([503, 'control room']);
  });
});

describe('headers of every answer', () => {
  it('let no page embed it, guess its type, share it across origins or learn what runs it', async () => {
    const { headers } = await door.ask('GET', '/api/v1/calls', 'supervisor', { headers: { origin: 'https://elsewhere.example' } });
    expect(headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('cache-control')).toBe('no-store');
    for (const name of ['access-control-allow-origin', 'x-powered-by', 'server']) expect(headers.has(name)).toBe(false);
  });
});
