/**
 * A language at the door: a key at any time changes what is spoken at once, and no other key changes anything. What is spoken is
 * told by the witness, as the recordings that Asterisk really plays.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { ShownCall } from '../stack/city.ts';
import { type InterpretersCity, openInterpretersCity } from '../stack/interpreters.ts';
import { until } from '../stack/until.ts';

/** Long enough that what begins well before its end has interrupted it. */
const PROMPT_MS = 2000;
const AT_ONCE_MS = 1200;
const RUSSIAN_TRUNK = '127.0.0.2';
const KEY = { en: '1', ru: '2', ja: '3', ko: '4' } as const;

let city: InterpretersCity;
beforeAll(async () => {
  city = await openInterpretersCity([{ id: 'v1', languages: 'en native', addresses: 'sip:volunteer-1' }], {
    promptsMs: PROMPT_MS,
    env: { INTAKE_TRUNK_ADDRESSES: `127.0.0.1,${RUSSIAN_TRUNK}`, INTAKE_LANGUAGES_BY_TRUNK: `${RUSSIAN_TRUNK}=ru` },
  });
});
afterAll(() => city.stop());
afterEach(() => city.clear());

const spoken = (call: ShownCall): readonly string[] => city.witness.spokenTo(call.id);
/** Until this is the last thing that has begun to be spoken to the caller. */
const hears = async (call: ShownCall, clip: string, withinMs = 15_000): Promise<void> => {
  await until(`${clip} to be spoken`, () => spoken(call).at(-1) === clip, withinMs).catch((thrown: unknown) => {
    throw new Error(`spoken was ${spoken(call).join(' ')}`, { cause: thrown });
  });
};
const languagesOf = (clips: readonly string[]): readonly string[] => [...new Set(clips.map((clip) => clip.split('/')[0] ?? ''))];
const greeted = (number: string): Promise<ShownCall> => city.call(number, 'is greeted', ({ state }) => state === 'greeting');
const has = (number: string, language: string): Promise<ShownCall> =>
  city.call(number, `is spoken to in ${language}`, (call) => call.language === language);

it("whoever comes over a trunk with a language is greeted in it, and another trunk's callers in the centre's own", async () => {
  await city.sipp({ numbers: ['13900000121'], then: 'wait', address: RUSSIAN_TRUNK });
  await city.sipp({ numbers: ['13900000122'], then: 'wait' });
  for (const [number, language] of [
    ['13900000121', 'ru'],
    ['13900000122', 'zh'],
  ] as const) {
    const call = await has(number, language);
    await until('a greeting to be spoken', () => spoken(call).length > 0);
    expect(spoken(call)[0]).toBe(`${language}/greeting`);
  }
}, 20_000);

it.for([
  ['the greeting', 'zh/greeting', 'sound', 'ru'],
  ['the menu', 'en/menu/1', 'info', 'ru'],
  ["another language's line of the menu", 'ja/menu/press', 'sound', 'ko'],
] as const)(
  'a key in the middle of %s changes the language at once, and all that follows',
  { timeout: 25_000 },
  async ([, clip, by, language]) => {
    const number = `1390000010${KEY[language]}`;
    const caller = await city.dial(number);
    const call = await greeted(number);
    await hears(call, clip);
    const before = spoken(call).length;
    await caller.press(KEY[language], by);
    await hears(call, `${language}/greeting`, AT_ONCE_MS);
    await has(number, language);
    // The rest of what was interrupted is never said, and no menu is offered to whoever has chosen.
    await hears(call, `${language}/patience`);
    const after = spoken(call).slice(before);
    expect(languagesOf(after.slice(after.indexOf(`${language}/greeting`)))).toEqual([language]);
    expect(after.filter((one) => one.includes('menu/')).length).toBeLessThan(2);
  },
);

it('a key in the middle of a patience prompt is answered at once in that language, as events in the sound and as SIP INFO', async () => {
  const number = '13900000111';
  const caller = await city.dial(number);
  const call = await greeted(number);
  await caller.press(KEY.en, 'sound');
  await hears(call, 'en/patience');
  for (const [language, by] of [
    ['ja', 'sound'],
    ['ru', 'info'],
  ] as const) {
    const before = spoken(call).length;
    await caller.press(KEY[language], by);
    await until(`${language} to be spoken`, () => languagesOf(spoken(call).slice(before)).includes(language), AT_ONCE_MS);
    await has(number, language);
    await hears(call, `${language}/patience`);
    expect(languagesOf(spoken(call).slice(before))).toEqual([language]);
  }
}, 25_000);

it('a key that offers nothing interrupts nothing and changes nothing, nor does the key of the language spoken already', async () => {
  const number = '13900000112';
  const caller = await city.dial(number);
  const call = await greeted(number);
  for (const key of ['9', '0', '*', '#', 'A']) await caller.press(key, 'info');
  await caller.press('7', 'sound');
  await hears(call, 'en/menu/1');
  await caller.press('8', 'sound');
  await hears(call, 'ru/menu/2');
  expect(spoken(call).slice(0, 3)).toEqual(['zh/greeting', 'en/menu/1', 'ru/menu/2']);
  await caller.press(KEY.ru, 'info');
  await hears(call, 'ru/greeting', AT_ONCE_MS);
  const before = spoken(call).length;
  for (let n = 0; n < 3; n++) await caller.press(KEY.ru, 'info');
  await hears(call, 'ru/patience');
  expect(spoken(call).slice(before)).not.toContain('ru/greeting');
  expect(await city.call(number, 'is in line', ({ state }) => state === 'waiting')).toMatchObject({ language: 'ru' });
}, 25_000);

it('twenty keys in a second leave the call sane: one voice at a time, in the language of the last key, and it can be answered', async () => {
  const number = '13900000113';
  const caller = await city.dial(number);
  const call = await greeted(number);
  const keys = '12345*6#1234A0021423'.split('');
  expect(keys).toHaveLength(20);
  const pressing = keys.map(async (key, n) => {
    await new Promise((resolve) => setTimeout(resolve, n * 50));
    await caller.press(key, 'info');
  });
  for (const key of '121') await caller.press(key, 'sound');
  await Promise.all(pressing);
  await hears(call, 'ja/patience', 20_000);
  const still = await city.call(number, 'waits', ({ state }) => state === 'waiting');
  expect(still).toMatchObject({ language: 'ja', ticket: call.ticket });
  const after = spoken(call);
  expect(languagesOf(after.slice(after.lastIndexOf('ja/greeting')))).toEqual(['ja']);
  // Whatever was begun has been hushed: what is left is one playback at a time.
  const phone = await city.signOn('1001');
  phone.conduct('answer');
  expect(await city.conversation(number)).toMatchObject({ callTaker: '1001' });
  for (const key of '1234123412') await caller.press(key, 'info');
  await until('the call taker hears the caller', () => phone.sound.heard().loud > 0);
  expect(spoken(call).filter((clip) => clip.endsWith('/greeting')).length).toBeLessThan(keys.length);
  expect(city.log('controller')).not.toContain('could not be taken in');
}, 40_000);

it("one caller's key changes nothing for another, and the API sets a language as a key does", async () => {
  const [one, other] = [await city.dial('13900000114'), await city.dial('13900000115')];
  const [first, second] = [await greeted('13900000114'), await greeted('13900000115')];
  await one.press(KEY.ko, 'info');
  await hears(first, 'ko/greeting', AT_ONCE_MS);
  await hears(second, 'en/menu/1');
  expect(await city.call('13900000115', 'is greeted', ({ state }) => state === 'greeting')).toMatchObject({ language: 'zh' });
  const to = (language: string) => city.ask('supervisor', 'PUT', `/calls/${second.id}/language`, { language });
  expect(await to('ru')).toMatchObject({ status: 200, body: { language: 'ru' } });
  await hears(second, 'ru/greeting', AT_ONCE_MS);
  expect(await to('fr')).toMatchObject({ status: 422 });
  expect(await has('13900000114', 'ko')).toMatchObject({ id: first.id });
  expect(other.isOver()).toBe(false);
}, 20_000);

it('while a phone rings the key counts as well: the greeting is heard in that language, and the call taker sees it', async () => {
  const phone = await city.signOn('1001');
  const caller = await city.dial('13900000116');
  const call = await city.call('13900000116', 'is offered', ({ state }) => state === 'offered');
  await hears(call, 'zh/greeting');
  await caller.press(KEY.en, 'sound');
  await hears(call, 'en/greeting', AT_ONCE_MS);
  await until('the phone still rings', () => phone.isRinging());
  phone.pickUp();
  expect(await city.conversation('13900000116')).toMatchObject({ language: 'en', offers: [{ outcome: 'talking' }] });
  expect(await city.incident(call)).toMatchObject({ reporter: { language: 'eng' }, call: { language: 'eng' } });
});
