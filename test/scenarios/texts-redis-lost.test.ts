/**
 * The records go away between a text and its acknowledgement, on the real stack: the carrier is told to repeat it, or is told nothing, and
 * what it repeats is one text.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { cmppCarrier, httpCarrier, smppCarrier } from '../stack/carriers.ts';
import { type City, openCity } from '../stack/city.ts';
import { type Carrier, carry, type Written } from '../stack/texting.ts';
import { told, toldOf, wordsOf } from '../stack/told.ts';
import { until } from '../stack/until.ts';

const WAYS = ['smpp', 'cmpp', 'json'] as const;
type Way = (typeof WAYS)[number];

let carriers: Readonly<Record<Way, Carrier>>;
let city: City;
beforeAll(async () => {
  carriers = { smpp: await smppCarrier('smpp'), cmpp: await cmppCarrier('cmpp', '2.0'), json: await httpCarrier('json', 'json') };
  city = await openCity({ carriers: Object.values(carriers) });
});
afterAll(() => city.stop());
afterEach(async () => {
  city.thaw('redis');
  await city.stack.part('redis').start();
  await city.stack.part('controller').start();
  await ready();
});

const ready = (): Promise<unknown> =>
  until(
    'the controller is ready',
    () =>
      city.readyz().then(
        ({ ready: is }) => is,
        () => false,
      ),
    20_000,
  );
/** What a carrier hears that is to hand in the text again. CMPP has no word for it: it is not answered. */
const AGAIN = { smpp: 'temporary', cmpp: 'none', json: 'temporary' } as const;

it.for(['killed', 'frozen'] as const)(
  'with Redis %s no text is acknowledged; each is repeated, and is one incident',
  { timeout: 30_000 },
  async (how) => {
    const end = how === 'killed' ? '1' : '2';
    const texts = WAYS.map((way, n): readonly [Way, Written] => [
      way,
      { from: `1384530${n}00${end}`, text: '公滨路12号着火了', id: `${way}-${end}` },
    ]);
    if (how === 'killed') await city.stack.part('redis').kill();
    else city.freeze('redis');
    const heard = await Promise.all(texts.map(async ([way, text]) => [way, await carriers[way].hand(text)]));
    expect(Object.fromEntries(heard)).toEqual(AGAIN);
    const carried = Promise.all(texts.map(([way, text]) => carry(carriers[way], [text], { withinMs: 20_000 })));
    if (how === 'killed') await city.stack.part('redis').start();
    else city.thaw('redis');
    await carried;
    for (const [way, { from }] of texts) {
      const { last } = await told(city.sink, from, 'the text');
      expect(wordsOf(last)).toEqual(['公滨路12号着火了']);
      await until('the receipt', () => carriers[way].sent().some(({ to }) => to === from));
    }
    for (const [way, text] of texts) expect(await carriers[way].hand(text)).toBe('acknowledged');
    for (const [, { from }] of texts) expect(toldOf(city.sink, from)).toHaveLength(1);
  },
);
