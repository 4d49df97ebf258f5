/**
 * Carriers go away and come back, on the real stack: it is shown what is wrong, what was to be said waits, and neither callers nor those
 * who write through another carrier notice anything.
 */
import type { Static } from 'typebox';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { ThreadShown } from '../../src/http/thread-view.ts';
import { cmppCarrier, httpCarrier, smppCarrier } from '../stack/carriers.ts';
import { type City, openCity } from '../stack/city.ts';
import { type Carrier } from '../stack/texting.ts';
import { told } from '../stack/told.ts';
import { until } from '../stack/until.ts';

const WAYS = ['smpp', 'cmpp', 'json'] as const;
type Way = (typeof WAYS)[number];

let carriers: Readonly<Record<Way, Carrier>>;
let city: City;
beforeAll(async () => {
  carriers = { smpp: await smppCarrier('smpp'), cmpp: await cmppCarrier('cmpp', '3.0'), json: await httpCarrier('json', 'json') };
  // None of them is there when the house starts.
  for (const way of ['smpp', 'cmpp'] as const) carriers[way].cut();
  city = await openCity({ carriers: Object.values(carriers), mayCarriersBeAway: true });
});
afterAll(() => city.stop());
afterEach(async () => {
  for (const carrier of Object.values(carriers)) {
    carrier.password('right');
    await carrier.mend();
  }
});

const troubleOf = (way: Way): Promise<string | null> => city.troubleOf(`gateway ${way}`);
const isWell = (way: Way): Promise<unknown> => until(`${way} is well`, async () => (await troubleOf(way)) === null, 8000);
const hasReceipt = (way: Way, number: string): boolean => carriers[way].sent().some(({ to }) => to === number);

it('a house whose carriers are away starts all the same, serves callers, and says what is wrong', async () => {
  expect((await city.readyz()).ready).toBe(true);
  expect(await troubleOf('smpp')).toEqual(expect.any(String));
  expect(await troubleOf('cmpp')).toEqual(expect.any(String));
  expect(await city.figure('intake_gateway_up{gateway="smpp",kind="smpp"}')).toBe(0);
  const phone = await city.signOn('1001');
  phone.conduct('answer');
  const caller = await city.dial('13900000001');
  await city.conversation('13900000001');
  await caller.hangUp();
  for (const way of ['smpp', 'cmpp'] as const) await carriers[way].mend();
  for (const way of WAYS) await isWell(way);
  expect(await city.figure('intake_gateway_up{gateway="smpp",kind="smpp"}')).toBe(1);
  await city.clear();
}, 20_000);

it.for(WAYS)(
  '%s is cut: what was to be said waits for it, others are served, and it goes when it is back',
  { timeout: 30_000 },
  async (way) => {
    const [number, other] = [`1384560${WAYS.indexOf(way)}001`, `1384560${WAYS.indexOf(way)}002`];
    const another = way === 'smpp' ? 'cmpp' : 'smpp';
    for (const each of WAYS) await isWell(each);
    await carriers[way].hand({ from: number, text: '公滨路12号着火了' });
    const first = await told(city.sink, number, 'the text');
    const path = `/texts/${first.last.texts?.thread ?? 'none'}`;
    await until('the receipt is accepted', async () => {
      const { body } = await city.ask('call-taker-1001', 'GET', path);
      return (body as Static<typeof ThreadShown>).sent[0]?.state === 'accepted';
    });

    carriers[way].cut();
    expect(await city.ask('call-taker-1001', 'POST', `${path}/answer`, { text: '您在几楼？' })).toMatchObject({ status: 200 });
    await until(`${way} is in trouble`, async () => (await troubleOf(way)) !== null);
    expect(await city.figure(`intake_gateway_waiting{gateway="${way}"}`)).toBe(1);
    expect(await carriers[another].hand({ from: other, text: '公滨路12号着火了' })).toBe('acknowledged');
    await told(city.sink, other, 'the text by another carrier');
    await until('the receipt by another carrier', () => hasReceipt(another, other));

    await carriers[way].mend();
    await until(
      'the words of the call taker',
      () => carriers[way].sent().some(({ to, text }) => to === number && text === '您在几楼？'),
      12_000,
    );
    await isWell(way);
    await until('nothing waits', async () => (await city.figure(`intake_gateway_waiting{gateway="${way}"}`)) === 0);
    expect(carriers[way].sent().filter(({ to }) => to === number)).toHaveLength(2);
  },
);

it.for(WAYS)(
  '%s takes our password no longer: it is said so, without the password, and mends by itself',
  { timeout: 30_000 },
  async (way) => {
    const number = `1384561${WAYS.indexOf(way)}001`;
    await isWell(way);
    carriers[way].password('wrong');
    carriers[way].cut();
    await carriers[way].mend();
    if (way === 'json') await carriers[way].hand({ from: number, text: '公滨路12号着火了' });
    const said = await until(`${way} is refused`, async () => {
      const trouble = await troubleOf(way);
      return trouble !== null && /password|secret|token/i.test(trouble) ? trouble : null;
    });
    const { entry } = carriers[way];
    const secrets = JSON.stringify(entry).match(/(?<="secret":")[^"]+/g) ?? [];
    expect(secrets.length).toBeGreaterThan(0);
    for (const secret of secrets) expect([said, city.log('controller')].join('\n')).not.toContain(secret);
    carriers[way].password('right');
    if (way !== 'json') {
      await isWell(way);
      await carriers[way].hand({ from: number, text: '公滨路12号着火了' });
    }
    await told(city.sink, number, 'the text');
    await until('the receipt', () => hasReceipt(way, number), 12_000);
    await isWell(way);
  },
);
