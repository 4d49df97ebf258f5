/**
 * The controller is killed in the middle of a thousand texts, on the real stack, and afterwards the carriers repeat every one of them:
 * nothing is missing and nothing is doubled.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cmppCarrier, smppCarrier } from '../stack/carriers.ts';
import { type City, openCity } from '../stack/city.ts';
import { type Carrier, carry, type Written } from '../stack/texting.ts';
import { toldByNumber, toldIncidents, wordsOf } from '../stack/told.ts';
import { until } from '../stack/until.ts';

let carriers: { readonly smpp: Carrier; readonly cmpp: Carrier };
let city: City;
beforeAll(async () => {
  carriers = { smpp: await smppCarrier('smpp'), cmpp: await cmppCarrier('cmpp', '2.0') };
  city = await openCity({ carriers: Object.values(carriers) });
});
afterAll(() => city.stop());

const SENDERS = Array.from({ length: 250 }, (_, n) => `13700${String(n).padStart(6, '0')}`);
const TEXTS = [1, 2, 3, 4].flatMap((time) =>
  SENDERS.map((from, n): Written => ({ from, id: `${from}-${time}`, text: `公滨路${n + 1}号着火了，火很大，第${time}次发` })),
);
/** Texts at the sender's own carrier. */
const half = (of: 0 | 1): readonly Written[] => TEXTS.filter(({ from }) => Number(from) % 2 === of);
const receipts = (): readonly string[] => [...carriers.smpp.sent(), ...carriers.cmpp.sent()].map(({ to }) => to);

async function killController(): Promise<void> {
  const one = await until('the controller runs', () => city.stack.part('controller').identity());
  process.kill(one.pid, 'SIGKILL');
  // The launcher starts it again by itself.
  await until(
    'the controller is ready again',
    () =>
      city.readyz().then(
        ({ ready }) => ready,
        () => false,
      ),
    20_000,
  );
}

it('killed twice in the middle of a thousand texts, every one is in one incident; and all of them once more change nothing', async () => {
  const acknowledged = { smpp: 0, cmpp: 0 };
  const carried = Promise.all([
    carry(carriers.smpp, half(0), { heard: (count) => void (acknowledged.smpp = count) }),
    carry(carriers.cmpp, half(1), { heard: (count) => void (acknowledged.cmpp = count) }),
  ]);
  // In the middle of taking them in, and in the middle of reading them and telling of them.
  await until('the first are acknowledged', () => acknowledged.smpp > 60 && acknowledged.cmpp > 60, 10_000);
  await killController();
  await until('the first are told of', () => toldIncidents(city.sink).size > 60, 10_000);
  await killController();
  const [smpp, cmpp] = await carried;
  expect(smpp.repeated).toBeGreaterThan(0);
  expect(cmpp.repeated).toBeGreaterThan(0);

  const isWhole = (): boolean => {
    const told = toldByNumber(city.sink);
    return SENDERS.every((from) => told.get(from)?.some(({ last }) => wordsOf(last).length >= 4) === true);
  };
  // A delivery that was under way when its controller died is not taken up before it has certainly ended: half a minute.
  await until('everything is told', isWhole, 40_000);
  const told = toldByNumber(city.sink);
  expect(told.size).toBe(SENDERS.length);
  for (const from of SENDERS) {
    const [one, ...others] = told.get(from) ?? [];
    expect(others).toEqual([]);
    expect(one === undefined ? [] : wordsOf(one.last).toSorted()).toEqual(
      TEXTS.filter((text) => text.from === from)
        .map(({ text }) => text)
        .toSorted(),
    );
  }
  // What the dead one had given away without an answer goes once more, when no answer can come any more: half a minute as well.
  await until('every sender has a receipt', () => new Set(receipts()).size === SENDERS.length, 35_000);
  expect(receipts().length).toBeLessThan(SENDERS.length * 1.5);

  const before = { told: city.sink.received.length, receipts: receipts().length };
  const again = await Promise.all([carry(carriers.smpp, half(0)), carry(carriers.cmpp, half(1))]);
  expect(again).toEqual([
    { attempts: 500, repeated: 0 },
    { attempts: 500, repeated: 0 },
  ]);
  await until('every kept text is read', async () => (await city.figure('intake_texts_unread')) === 0);
  const last: Written = { from: '13700999999', text: '公滨路1号着火了' };
  await carriers.smpp.hand(last);
  await until('what comes after all of it', () => receipts().includes(last.from));
  await until('it is told of', () => toldByNumber(city.sink).has(last.from));
  expect({ told: city.sink.received.length, receipts: receipts().length }).toEqual({
    told: before.told + 1,
    receipts: before.receipts + 1,
  });
}, 100_000);
