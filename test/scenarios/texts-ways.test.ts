/**
 * Who cannot speak texts: by every kind of gateway, on the real stack, from the carrier's octets to the dispatch side, and back to the
 * reporter.
 */
import type { Static } from 'typebox';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ThreadShown } from '../../src/http/thread-view.ts';
import { cmppCarrier, httpCarrier, sipCarrier, smppCarrier } from '../stack/carriers.ts';
import { type City, openCity } from '../stack/city.ts';
import { HOST } from '../stack/loopback.ts';
import { type AnyCarrier, type Carrier } from '../stack/texting.ts';
import { told, toldIncidents, toldOf, wordsOf } from '../stack/told.ts';
import { until } from '../stack/until.ts';

/** Those whose carriers report what became of a text, and SIP MESSAGE, which has no word for it. */
const REPORTING = ['smpp', 'cmpp-2', 'cmpp-3', 'json', 'kannel'] as const;
const WAYS = [...REPORTING, 'sip'] as const;
type Reporting = (typeof REPORTING)[number];
type Way = (typeof WAYS)[number];
const CENTRE = '121100451';
const WHOLE = '我在中山路文昌街口，路灯杆编号2301457，五分钟前有人偷了我的电动车🛵';

let carriers: Readonly<Record<Reporting, Carrier> & Record<'sip', AnyCarrier>>;
let city: City;
beforeAll(async () => {
  const sip = await sipCarrier('sip', () => ({ host: HOST, port: city.stack.settings.sip.port }));
  carriers = {
    sip,
    smpp: await smppCarrier('smpp'),
    'cmpp-2': await cmppCarrier('cmpp-2', '2.0'),
    'cmpp-3': await cmppCarrier('cmpp-3', '3.0'),
    json: await httpCarrier('json', 'json'),
    kannel: await httpCarrier('kannel', 'kannel'),
  };
  city = await openCity({ carriers: Object.values(carriers), env: { INTAKE_TRUNK_CONTACT: sip.address } });
});
afterAll(() => city.stop());

const numberOf = (way: Way, end: number): string => `1384510${WAYS.indexOf(way)}${String(end).padStart(3, '0')}`;

it.for(WAYS)('a text over %s is an incident with the dispatch side, and its receipt goes back by the same gateway', async (way) => {
  const [carrier, number] = [carriers[way], numberOf(way, 1)];
  const at = Date.now();
  expect(await carrier.hand({ from: number, text: WHOLE })).toBe('acknowledged');

  const { types, last } = await told(city.sink, number, 'what was texted');
  expect(types[0]).toBe('incident.handed_over');
  expect(last).toMatchObject({
    channel: 'text',
    status: 'handed-over',
    handedOverBy: 'rules',
    confirmed: false,
    matter: { class: 'criminal', code: 'theft' },
    what: WHOLE,
    place: { address: '中山路文昌街口', poleCode: '2301457', certainty: 'stated' },
    happened: { stated: '五分钟前', certainty: 'stated' },
    reporter: { number, language: 'cmn' },
    call: null,
    missing: [],
    texts: { shortNumber: CENTRE, contact: 'open' },
  });
  expect(last.texts?.messages[0]).toMatchObject({ direction: 'from-reporter', text: WHOLE, isComplete: true, gateway: carrier.name });
  const happenedAt = Date.parse(last.happened.at ?? '');
  expect(Math.abs(at - 5 * 60_000 - happenedAt)).toBeLessThan(61_000);

  const receipt = await until('the receipt', () => carrier.sent().find(({ to }) => to === number));
  expect(receipt).toMatchObject({ from: CENTRE, text: expect.stringContaining('110已收到您的短信') });
  const others = Object.values(carriers).filter((other) => other !== carrier);
  expect(others.flatMap((other) => other.sent()).filter(({ to }) => to === number)).toEqual([]);
  expect(toldOf(city.sink, number)).toHaveLength(1);
});

/** The receipt as the API shows it. */
async function receiptIn(thread: string): Promise<Static<typeof ThreadShown>['sent'][number] | undefined> {
  const { status, body } = await city.ask('call-taker-1001', 'GET', `/texts/${thread}`);
  expect(status).toBe(200);
  return (body as Static<typeof ThreadShown>).sent.find(({ purpose }) => purpose === 'receipt');
}
const receiptIs = (thread: string, state: string) =>
  until(`the receipt is ${state}`, async () => {
    const receipt = await receiptIn(thread);
    return receipt?.state === state ? receipt : null;
  });

it.for(REPORTING)('over %s a receipt is accepted first, and delivered only when the carrier reports it', async (way) => {
  const [carrier, number] = [carriers[way], numberOf(way, 3)];
  expect(await carrier.hand({ from: number, text: WHOLE })).toBe('acknowledged');
  const { last } = await told(city.sink, number, 'what was texted');
  const thread = last.texts?.thread ?? 'none';
  const accepted = await receiptIs(thread, 'accepted');
  expect(accepted).toMatchObject({ gateway: carrier.name, attempts: 1, acceptedAt: expect.any(String), deliveredAt: null });
  expect(accepted.parts).toBeGreaterThan(0);
  expect(await carrier.report()).toBeGreaterThan(0);
  const delivered = await receiptIs(thread, 'delivered');
  expect(delivered).toMatchObject({ attempts: 1, partsDelivered: accepted.parts, deliveredAt: expect.any(String) });
});

it('over SIP a receipt is handed on, and never called delivered', async () => {
  const number = numberOf('sip', 3);
  expect(await carriers.sip.hand({ from: number, text: WHOLE })).toBe('acknowledged');
  const { last } = await told(city.sink, number, 'what was texted');
  expect(await receiptIs(last.texts?.thread ?? 'none', 'accepted')).toMatchObject({ gateway: 'sip', parts: 0, deliveredAt: null });
});

it.for(WAYS)('over %s what is missing is asked for, place first, and the answer completes the same incident', async (way) => {
  const [carrier, number] = [carriers[way], numberOf(way, 2)];
  expect(await carrier.hand({ from: number, text: '刚才有人偷了我的电动车' })).toBe('acknowledged');
  await until('the question', () => carrier.sent().find(({ to, text }) => to === number && text.includes('请问您在哪里')));
  expect(toldOf(city.sink, number)).toEqual([]);
  expect(await carrier.hand({ from: number, text: '中山路文昌街口，路灯杆编号2301457' })).toBe('acknowledged');

  const { last } = await told(city.sink, number, 'the whole of it');
  expect(last).toMatchObject({ status: 'handed-over', place: { poleCode: '2301457' }, happened: { stated: '刚才' }, missing: [] });
  expect(wordsOf(last)).toEqual(['刚才有人偷了我的电动车', '中山路文昌街口，路灯杆编号2301457']);
  expect(toldOf(city.sink, number)).toHaveLength(1);
});

it('one reporter who writes through three carriers is one emergency, however each writes the number, answered by the last', async () => {
  const number = '13845109001';
  await carriers.smpp.hand({ from: number, text: WHOLE });
  const { incident } = await told(city.sink, number, 'the first text');
  await until('the receipt', () => carriers.smpp.sent().find(({ to }) => to === number));
  const all = [WHOLE];
  for (const [way, from, text] of [
    ['cmpp-3', `86${number}`, '补充：那个人又回来了'],
    ['json', `+86${number}`, '补充：他往火车站方向走了'],
  ] as const) {
    expect(await carriers[way].hand({ from, text })).toBe('acknowledged');
    all.push(text);
    const { last } = await until('all of it in one incident', () => {
      const one = toldIncidents(city.sink).get(incident);
      return one !== undefined && wordsOf(one.last).length === all.length ? one : null;
    });
    expect(wordsOf(last)).toEqual(all);
    const answer = await city.ask('call-taker-1001', 'POST', `/texts/${last.texts?.thread ?? 'none'}/answer`, {
      text: `收到${all.length}`,
    });
    expect(answer.status).toBe(200);
    await until('the answer by that carrier', () =>
      carriers[way].sent().find(({ to, text: words }) => to === from && words === `收到${all.length}`),
    );
  }
});
