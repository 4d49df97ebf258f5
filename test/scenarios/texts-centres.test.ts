/**
 * Two centres on the real stack: a text that was written to the number of one and came to the other goes there, signed, and its sender is
 * told. Where no way is known, it is the incident of whoever has it.
 */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { httpCarrier, smppCarrier } from '../stack/carriers.ts';
import { type City, openCity } from '../stack/city.ts';
import { type Carrier } from '../stack/texting.ts';
import { told, toldOf, wordsOf } from '../stack/told.ts';
import { until } from '../stack/until.ts';

const SECRET = `whsec_${randomBytes(32).toString('base64')}`;
const TO_BEIJING = '12110010';
const TO_SHANGHAI = '12110021';

let harbinCarrier: Carrier;
let beijingCarrier: Carrier;
let harbin: City;
let beijing: City;
const cities: City[] = [];
beforeAll(async () => {
  const json = await httpCarrier('neighbours', 'json');
  beijingCarrier = { ...json, entry: { ...json.entry, secret_files: [{ secret: SECRET }] } };
  harbinCarrier = await smppCarrier('smpp');
  const centres = [{ code: '110000', url: `${json.url}/texts`, secret_files: [{ secret: SECRET }], answer_within_seconds: 2 }];
  // One after the other: each asks the machine which ports are free.
  beijing = await openCity({ carriers: [beijingCarrier], env: { INTAKE_CENTRE_CODE: '110000', INTAKE_CENTRE_NAME: '北京市' } });
  cities.push(beijing);
  harbin = await openCity({ carriers: [harbinCarrier], centres });
  cities.push(harbin);
}, 45_000);
afterAll(() => Promise.all(cities.map((city) => city.stop())));

const sentTo = (carrier: Carrier, number: string): readonly string[] =>
  carrier.sent().flatMap(({ to, text }) => (to === number ? [text] : []));

it('a text to the number of another city is an incident there and not here, and its sender is told', async () => {
  const number = '13845501001';
  const text = '刚才在中山路文昌街口，路灯杆编号2301457，有人打架🆘';
  expect(await harbinCarrier.hand({ from: number, to: TO_BEIJING, text })).toBe('acknowledged');
  const { last } = await told(beijing.sink, number, 'the text');
  expect(last).toMatchObject({
    status: 'handed-over',
    reporter: { number },
    place: { poleCode: '2301457' },
    texts: { shortNumber: TO_BEIJING },
  });
  expect(wordsOf(last)).toEqual([text]);
  await until('the sender is told', () => sentTo(harbinCarrier, number).length > 0);
  expect(sentTo(harbinCarrier, number)).toEqual(['您写的是外地的报警号码，短信已转给北京市110，由他们处理。']);
  await until('the receipt of the other centre', () => sentTo(beijingCarrier, number).some((words) => words.startsWith('110已收到')));

  expect(await harbinCarrier.hand({ from: number, to: TO_BEIJING, text: '补充：有两个人受伤了' })).toBe('acknowledged');
  const both = await told(beijing.sink, number, 'the supplement', (incident) => wordsOf(incident).length === 2);
  expect(wordsOf(both.last)).toEqual([text, '补充：有两个人受伤了']);
  expect(toldOf(harbin.sink, number)).toEqual([]);
  expect(sentTo(harbinCarrier, number)).toHaveLength(1);
});

it('the same reporter has an emergency here as well: the two are kept apart', async () => {
  const number = '13845501002';
  await harbinCarrier.hand({ from: number, to: TO_BEIJING, text: '北京的家里着火了，中关村大街1号' });
  await harbinCarrier.hand({ from: number, text: '我这里公滨路12号也着火了' });
  expect(wordsOf((await told(beijing.sink, number, 'the one')).last)).toEqual(['北京的家里着火了，中关村大街1号']);
  expect(wordsOf((await told(harbin.sink, number, 'the other')).last)).toEqual(['我这里公滨路12号也着火了']);
});

it('a text with signs of danger is passed on, and its sender is told nothing by either', async () => {
  const number = '13845501003';
  await harbinCarrier.hand({ from: number, to: TO_BEIJING, text: '别回短信，我躲在中关村大街1号的衣柜里，刚才他打我' });
  const { last } = await told(beijing.sink, number, 'who hides');
  expect(last.texts).toMatchObject({ contact: 'silent' });
  const other = '13845501004';
  await harbinCarrier.hand({ from: other, to: TO_BEIJING, text: '中关村大街2号着火了' });
  await until('somebody else is told by both', () => sentTo(harbinCarrier, other).length > 0 && sentTo(beijingCarrier, other).length > 0);
  expect([...sentTo(harbinCarrier, number), ...sentTo(beijingCarrier, number)]).toEqual([]);
});

it('where no way is known it is our incident, with the number it was written to', async () => {
  const number = '13845501005';
  expect(await harbinCarrier.hand({ from: number, to: TO_SHANGHAI, text: '刚才在南京路1号有人打架' })).toBe('acknowledged');
  const { last } = await told(harbin.sink, number, 'the text');
  expect(last).toMatchObject({ status: 'handed-over', texts: { shortNumber: TO_SHANGHAI } });
  await until('the receipt', () => sentTo(harbinCarrier, number).length > 0);
  expect(toldOf(beijing.sink, number)).toEqual([]);
});

it('while the other centre is away the text waits for it, and is one incident there when it is back', async () => {
  const number = '13845501006';
  await beijing.stack.part('controller').kill();
  expect(await harbinCarrier.hand({ from: number, to: TO_BEIJING, text: '中关村大街3号着火了' })).toBe('acknowledged');
  await until('the way to the other centre is in trouble', async () => (await harbin.troubleOf('gateway centre-110000')) !== null);
  expect((await harbin.readyz()).ready).toBe(true);
  await beijing.stack.part('controller').start();
  expect(wordsOf((await told(beijing.sink, number, 'the text', () => true, 25_000)).last)).toEqual(['中关村大街3号着火了']);
  expect(toldOf(harbin.sink, number)).toEqual([]);
}, 45_000);
