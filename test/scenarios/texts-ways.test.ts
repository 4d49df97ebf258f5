/**
 * Who cannot speak texts: by every kind of gateway, on the real stack, from the carrier's octets to the dispatch side, and back to the
 * reporter.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Carrier, cmppCarrier, httpCarrier, smppCarrier } from '../stack/carriers.ts';
import { type City, openCity } from '../stack/city.ts';
import { told, toldOf, wordsOf } from '../stack/told.ts';
import { until } from '../stack/until.ts';

const WAYS = ['smpp', 'cmpp-2', 'cmpp-3', 'json', 'kannel'] as const;
type Way = (typeof WAYS)[number];
const CENTRE = '121100451';
const WHOLE = '我在中山路文昌街口，路灯杆编号2301457，五分钟前有人偷了我的电动车🛵';

let carriers: Readonly<Record<Way, Carrier>>;
let city: City;
beforeAll(async () => {
  carriers = {
    smpp: await smppCarrier('smpp'),
    'cmpp-2': await cmppCarrier('cmpp-2', '2.0'),
    'cmpp-3': await cmppCarrier('cmpp-3', '3.0'),
    json: await httpCarrier('json', 'json'),
    kannel: await httpCarrier('kannel', 'kannel'),
  };
  city = await openCity({ carriers: Object.values(carriers) });
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

it('one reporter who writes through two carriers is one emergency, answered by the one written through last', async () => {
  const number = '13845109001';
  await carriers.smpp.hand({ from: number, text: WHOLE });
  await told(city.sink, number, 'the first text');
  await until('the receipt', () => carriers.smpp.sent().find(({ to }) => to === number));
  await carriers['cmpp-3'].hand({ from: number, text: '补充：那个人又回来了' });
  const { last } = await told(city.sink, number, 'both', ({ texts }) => (texts?.messages.length ?? 0) >= 3);
  expect(wordsOf(last)).toEqual([WHOLE, '补充：那个人又回来了']);
});
