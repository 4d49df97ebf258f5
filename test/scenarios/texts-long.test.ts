/**
 * Long texts on the real stack: their parts come in any order, twice, cut through the middle of a letter, and some never.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Incident } from '../../src/incident/incident.ts';
import { cmppCarrier, httpCarrier, smppCarrier } from '../stack/carriers.ts';
import { type City, openCity } from '../stack/city.ts';
import { type Carrier, type Part, partsOf } from '../stack/texting.ts';
import { told, toldOf, wordsOf } from '../stack/told.ts';
import { until } from '../stack/until.ts';

const WAYS = ['smpp', 'cmpp', 'json', 'kannel'] as const;
type Way = (typeof WAYS)[number];
const LONG = [
  '我听不见也不能说话。刚才在中山路文昌街口的公交站，路灯杆编号2301457，有三个人打一个小伙子，一个穿黑色上衣，一个戴白色帽子🆘',
  '小伙子已经受伤流血，躺在地上不动了，旁边还有一个孩子在哭🆘',
  '他们开一辆白色面包车往火车站方向走了。请快派人来，也请叫救护车。谢谢。',
].join('');
/** In the middle of either emoji. */
const CUTS = [LONG.indexOf('🆘') + 1, LONG.lastIndexOf('🆘') + 1];
const COMPLETE = ({ texts }: Incident): boolean => texts?.messages[0]?.isComplete === true;

let carriers: Readonly<Record<Way, Carrier>>;
let city: City;
beforeAll(async () => {
  carriers = {
    smpp: await smppCarrier('smpp'),
    cmpp: await cmppCarrier('cmpp', '3.0'),
    json: await httpCarrier('json', 'json'),
    kannel: await httpCarrier('kannel', 'kannel'),
  };
  city = await openCity({ carriers: Object.values(carriers) });
});
afterAll(() => city.stop());

const threeParts = (reference: number): readonly [Part, Part, Part] => partsOf(LONG, reference, CUTS) as [Part, Part, Part];

it.for(WAYS)('three parts over %s, out of order and twice each, are one text, and its receipt waits for all of it', async (way) => {
  const [carrier, number] = [carriers[way], `1384520${WAYS.indexOf(way)}001`];
  const [one, two, three] = threeParts(77);
  const hand = (part: Part): ReturnType<Carrier['hand']> => carrier.hand({ from: number, text: '', part });
  expect([await hand(three), await hand(three), await hand(one)]).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
  const early = await told(city.sink, number, 'what has come so far', ({ texts }) => texts?.messages[0]?.text.includes('[…2/3…]') === true);
  expect(early.last).toMatchObject({ status: 'handed-over', confirmed: false, place: { poleCode: '2301457' } });
  expect(early.last.texts?.messages[0]).toMatchObject({ isComplete: false });
  expect(carrier.sent().filter(({ to }) => to === number)).toEqual([]);

  expect([await hand(two), await hand(one)]).toEqual(['acknowledged', 'acknowledged']);
  const { last } = await told(city.sink, number, 'the whole text', COMPLETE);
  expect(wordsOf(last)).toEqual([LONG]);
  expect(last).toMatchObject({
    urgency: 'immediate',
    place: { address: expect.stringContaining('中山路文昌街口'), poleCode: '2301457' },
    reporter: { impairment: expect.anything() },
    missing: [],
  });
  await until('the receipt', () => carrier.sent().some(({ to }) => to === number), 3000);
  expect(toldOf(city.sink, number)).toHaveLength(1);
});

it('a part that never comes keeps nothing back: its gap is shown, the receipt goes after a while, and late it is whole after all', async () => {
  const [carrier, number] = [carriers.cmpp, '13845209001'];
  const [one, two, three] = threeParts(9);
  for (const part of [one, three]) expect(await carrier.hand({ from: number, text: '', part })).toBe('acknowledged');
  const { last } = await told(city.sink, number, 'both parts', ({ texts }) => texts?.messages[0]?.text.includes('谢谢') === true);
  const [first, rest] = [LONG.slice(0, LONG.indexOf('🆘')), LONG.slice(LONG.lastIndexOf('🆘') + 2)];
  expect(wordsOf(last)).toEqual([`${first}[…2/3…]${rest}`]);
  expect(last).toMatchObject({ status: 'handed-over', texts: { messages: [{ isComplete: false }, {}] } });
  expect(carrier.sent().filter(({ to }) => to === number)).toEqual([]);
  await until('the receipt', () => carrier.sent().some(({ to }) => to === number), 5000);

  expect(await carrier.hand({ from: number, text: '', part: two })).toBe('acknowledged');
  const whole = await told(city.sink, number, 'the whole text', COMPLETE);
  expect(wordsOf(whole.last)).toEqual([LONG]);
  expect(whole.types.slice(0, 2)).toEqual(['incident.handed_over', 'incident.amended']);
  expect(carrier.sent().filter(({ to }) => to === number)).toHaveLength(1);
});

it('the same reference by two senders, and by one sender again, makes three texts', async () => {
  const [carrier, number, other] = [carriers.smpp, '13845209002', '13845209003'];
  const [one, two, three] = threeParts(5);
  const again = partsOf('刚才在公滨路12号有一辆汽车着火了🔥，火很大，没有人受伤', 5, [10, 17]) as [Part, Part, Part];
  for (const part of [one, two]) await carrier.hand({ from: number, text: '', part });
  for (const part of [three, one, two]) await carrier.hand({ from: other, text: '', part });
  await carrier.hand({ from: number, text: '', part: three });
  for (const part of again) await carrier.hand({ from: number, text: '', part });
  const mine = await told(
    city.sink,
    number,
    'both texts',
    (incident) => wordsOf(incident).length === 2 && wordsOf(incident)[1]?.includes('受伤') === true,
  );
  expect(wordsOf(mine.last)).toEqual([LONG, '刚才在公滨路12号有一辆汽车着火了🔥，火很大，没有人受伤']);
  expect(wordsOf((await told(city.sink, other, 'the whole text', COMPLETE)).last)).toEqual([LONG]);
});

it('a header that cannot be is no reason to lose a text', async () => {
  for (const [n, place] of [
    { total: 0, number: 1 },
    { total: 2, number: 3 },
    { total: 3, number: 0 },
  ].entries()) {
    const number = `1384520910${n}`;
    const [octets] = partsOf('公滨路12号着火了', 3, []).map((part) => part.octets);
    if (octets === undefined) throw new Error('no octets');
    expect(await carriers.smpp.hand({ from: number, text: '', part: { reference: 3, ...place, octets } })).toBe('acknowledged');
    expect(wordsOf((await told(city.sink, number, 'the text')).last)).toEqual(['公滨路12号着火了']);
  }
});
