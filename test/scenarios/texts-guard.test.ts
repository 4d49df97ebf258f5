/**
 * A text with signs of danger, on the real stack: nothing at all goes out to its sender, by no gateway and for no reason, until a call
 * taker decides; and the decision holds.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cmppCarrier, httpCarrier, smppCarrier } from '../stack/carriers.ts';
import { type City, openCity, type Reply } from '../stack/city.ts';
import { type Carrier } from '../stack/texting.ts';
import { told, type Told } from '../stack/told.ts';
import { until } from '../stack/until.ts';

let carriers: { readonly smpp: Carrier; readonly cmpp: Carrier; readonly json: Carrier };
let city: City;
beforeAll(async () => {
  carriers = { smpp: await smppCarrier('smpp'), cmpp: await cmppCarrier('cmpp', '3.0'), json: await httpCarrier('json', 'json') };
  city = await openCity({ carriers: Object.values(carriers) });
});
afterAll(() => city.stop());

const HIDING = '别回短信，我躲在中山路10号的衣柜里，刚才他打我，他还在外面';
const all = (): readonly Carrier[] => Object.values(carriers);
const sentTo = (number: string): readonly string[] =>
  all().flatMap((carrier) => carrier.sent().flatMap(({ to, text }) => (to.endsWith(number) ? [text] : [])));
const threadOf = ({ last }: Told): string => `/texts/${last.texts?.thread ?? 'none'}`;
const ask = (path: string, body: object, who = 'call-taker-1001'): Promise<Reply> => city.ask(who, 'POST', path, body);

/** Somebody else writes over every gateway and has the receipt: whatever was due before has gone out. */
let others = 0;
async function receiptsOfOthers(): Promise<void> {
  for (const carrier of all()) {
    others += 1;
    const number = `13845499${String(others).padStart(3, '0')}`;
    expect(await carrier.hand({ from: number, text: '公滨路12号着火了' })).toBe('acknowledged');
    await until('the receipt of somebody else', () => carrier.sent().some(({ to }) => to === number));
  }
}

/** The reporter who hides has written, and the dispatch side knows. */
async function hidden(number: string): Promise<Told> {
  expect(await carriers.smpp.hand({ from: number, text: HIDING })).toBe('acknowledged');
  return told(city.sink, number, 'who hides');
}

it('nobody who hides is answered, whatever happens; and whoever reads the incident knows it and why', async () => {
  const number = '13845401001';
  const first = await hidden(number);
  expect(first.last).toMatchObject({
    status: 'handed-over',
    confirmed: false,
    texts: { contact: 'silent', contactReason: expect.stringContaining('别回短信') },
    circumstances: { danger: expect.arrayContaining([{ stated: '别回短信', sign: 'no-reply' }]) },
  });
  expect(first.last.texts?.messages.map(({ direction }) => direction)).toEqual(['from-reporter']);
  await receiptsOfOthers();

  // More of the same emergency, a question of the reporter's, another emergency by another carrier, and the dispatcher's word.
  await carriers.smpp.hand({ from: number, text: '补充：他还在砸门' });
  await carriers.cmpp.hand({ from: number, text: '我的报警怎么样了' });
  await carriers.json.hand({ from: `+86${number}`, text: '另外一件事：公滨路12号着火了' });
  await until('all of it is known', async () => {
    const { body } = await city.ask('supervisor', 'GET', '/texts?limit=500');
    const threads = (body as { threads: { number: string | null; texts: number }[] }).threads.filter(
      (thread) => thread.number?.endsWith(number) === true,
    );
    return threads.reduce((sum, { texts }) => sum + texts, 0) === 4 ? threads : null;
  });
  expect(await ask(`/incidents/${first.incident}/on-their-way`, {}, 'dispatcher')).toMatchObject({
    status: 200,
    body: { sent: [{ purpose: 'on-their-way', state: 'withheld', attempts: 0 }] },
  });
  expect(await ask(`${threadOf(first)}/answer`, { text: '您在几楼？' })).toMatchObject({ status: 409 });
  expect(await ask(`${threadOf(first)}/take`, {})).toMatchObject({ status: 200, body: { contact: { state: 'silent' } } });
  await receiptsOfOthers();
  expect(sentTo(number)).toEqual([]);

  // Not after a new beginning either.
  await city.stack.part('controller').kill();
  await city.stack.part('controller').start();
  await city.hasCarriers();
  await receiptsOfOthers();
  expect(sentTo(number)).toEqual([]);
}, 30_000);

it('where a call taker decides against it, it stays silent, and the decision is on record with its reason', async () => {
  const number = '13845401002';
  const first = await hidden(number);
  expect((await ask(`${threadOf(first)}/reply-decision`, { allow: false })).status).toBe(422);
  const decided = await ask(`${threadOf(first)}/reply-decision`, { allow: false, reason: '嫌疑人拿着手机' });
  expect(decided).toMatchObject({ status: 200, body: { contact: { state: 'forbidden', by: '1001', reason: '嫌疑人拿着手机' } } });
  const { last } = await told(city.sink, number, 'the decision', ({ texts }) => texts?.contact === 'forbidden');
  expect(last.texts?.contactReason).toBe('1001: 嫌疑人拿着手机');
  await carriers.smpp.hand({ from: number, text: '补充：他走到楼下了' });
  await told(city.sink, number, 'what came after', ({ texts }) => texts?.messages.length === 2);
  expect(await ask(`${threadOf(first)}/answer`, { text: '您在几楼？' })).toMatchObject({ status: 409 });
  expect(await ask(`/incidents/${first.incident}/on-their-way`, {}, 'dispatcher')).toMatchObject({ status: 200 });
  await receiptsOfOthers();
  expect(sentTo(number)).toEqual([]);
}, 20_000);

it("where a call taker allows it, the call taker's words go out, until there is another sign of danger", async () => {
  const number = '13845401003';
  expect(await carriers.cmpp.hand({ from: number, text: '别回短信，中山路10号刚才有人打架' })).toBe('acknowledged');
  const first = await told(city.sink, number, 'who asks for silence', ({ texts }) => texts?.contact === 'silent');
  const allowing = { allow: true, reason: '电话里说可以发短信了' };
  expect((await ask(`${threadOf(first)}/reply-decision`, { ...allowing, signs: ['hiding'] })).status).toBe(409);
  expect(await ask(`${threadOf(first)}/reply-decision`, { ...allowing, signs: ['no-reply'] })).toMatchObject({ status: 200 });
  expect(await ask(`${threadOf(first)}/answer`, { text: '您在几楼？安全的话请回复。' })).toMatchObject({ status: 200 });
  await until('the words of the call taker', () => sentTo(number).length > 0);
  expect(sentTo(number)).toEqual(['您在几楼？安全的话请回复。']);

  await carriers.cmpp.hand({ from: number, text: '补充：我躲起来了' });
  await told(city.sink, number, 'silent again', ({ texts }) => texts?.contact === 'silent');
  expect(await ask(`${threadOf(first)}/answer`, { text: '警察到门口了' })).toMatchObject({ status: 409 });
  await receiptsOfOthers();
  expect(sentTo(number)).toHaveLength(1);
}, 20_000);
