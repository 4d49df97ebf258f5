/**
 * A flood of texts about one event, and one sender who sends the same a hundred times, on the real stack: nothing is refused, nothing is
 * lost, and whoever calls meanwhile is answered as ever.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cmppCarrier, httpCarrier, smppCarrier } from '../stack/carriers.ts';
import { type City, openCity } from '../stack/city.ts';
import { type Carrier, carry, type Written } from '../stack/texting.ts';
import { told, toldByNumber, toldOf, wordsOf } from '../stack/told.ts';
import { until } from '../stack/until.ts';

let carriers: { readonly smpp: Carrier; readonly cmpp: Carrier; readonly json: Carrier };
let city: City;
beforeAll(async () => {
  carriers = { smpp: await smppCarrier('smpp'), cmpp: await cmppCarrier('cmpp', '3.0'), json: await httpCarrier('json', 'json') };
  city = await openCity({ carriers: Object.values(carriers) });
});
afterAll(() => city.stop());

const WITNESSES = Array.from({ length: 1000 }, (_, n) => `13600${String(n).padStart(6, '0')}`);
const FRIGHTENED = '13845301001';
const CALLERS = Array.from({ length: 8 }, (_, n) => `1390000000${n}`);
const at = (moment: string | null | undefined): number => Date.parse(moment ?? '');

it('a thousand witnesses and one hundred times the same text, while callers are answered in their order', async () => {
  const phone = await city.signOn('1001');
  phone.conduct('answer');
  const texts = WITNESSES.map((from, n): Written => ({ from, text: `中山路百货大楼着火了，${n + 1}楼有人被困` }));
  const same = Array.from({ length: 100 }, (): Written => ({ from: FRIGHTENED, text: '救命，公滨路12号着火了' }));
  const ways = [carriers.smpp, carriers.cmpp] as const;

  const flood = Promise.all([
    ...ways.map((carrier, way) =>
      carry(
        carrier,
        texts.filter((_, n) => n % 2 === way),
      ),
    ),
    carry(carriers.json, same),
  ]);

  const callers = await city.sipp({ numbers: CALLERS, then: 'wait', rate: 10 });
  for (const number of CALLERS) {
    const call = await city.conversation(number, 25_000);
    expect((await city.ask('call-taker-1001', 'POST', `/calls/${call.id}/finish`)).status).toBe(200);
  }
  expect(await callers.ended, callers.complaints()).toBe(0);
  const served = (await city.calls()).filter(({ number }) => CALLERS.includes(number ?? ''));
  expect(served.map(({ number, why, offers }) => [number, why, offers.length])).toEqual(CALLERS.map((number) => [number, 'completed', 1]));
  const answers = served.map(({ offers }) => at(offers[0]?.answeredAt));
  expect(answers).toEqual(answers.toSorted((one, other) => one - other));
  expect(at(served[0]?.offers[0]?.offeredAt) - at(served[0]?.arrivedAt)).toBeLessThan(5000);

  expect((await flood).map(({ repeated }) => repeated)).toEqual([0, 0, 0]);
  await until(
    'all witnesses are told of',
    () => {
      const known = toldByNumber(city.sink);
      return WITNESSES.every((number) => known.has(number));
    },
    30_000,
  );
  const known = toldByNumber(city.sink);
  expect(WITNESSES.map((number) => (known.get(number) ?? []).map(({ last }) => wordsOf(last)))).toEqual(texts.map(({ text }) => [[text]]));
  const receipts = (): readonly string[] => ways.flatMap((carrier) => carrier.sent()).map(({ to }) => to);
  await until('every witness has a receipt', () => new Set(receipts()).size === WITNESSES.length, 20_000);
  expect(receipts()).toHaveLength(WITNESSES.length);

  expect(toldOf(city.sink, FRIGHTENED)).toHaveLength(1);
  await carriers.json.hand({ from: FRIGHTENED, text: '我在三楼' });
  const { last, versions } = await told(city.sink, FRIGHTENED, 'what came after', (incident) => wordsOf(incident).length === 2);
  expect(last.texts?.messages.filter(({ direction }) => direction === 'from-reporter')).toMatchObject([
    { text: '救命，公滨路12号着火了', repeats: 99 },
    { text: '我在三楼', repeats: 0 },
  ]);
  expect(versions.length).toBeLessThan(10);
  expect(carriers.json.sent().filter(({ to }) => to === FRIGHTENED).length).toBeLessThan(4);
}, 90_000);
