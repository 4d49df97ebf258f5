import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { LanguageOffer, Message } from '../../src/call/messages.ts';
import { isFault } from '../../src/kernel/faults.ts';
import { clipsOf, compose, isTone, languages, RING_BACK } from '../../src/speech/compose.ts';
import { MOST } from '../../src/speech/figures.ts';
import { counted } from '../../src/speech/zh.ts';
import { inWords, minutes, patience, said } from './in-words.ts';

/** Reads a spoken number as a listener would, knowing nothing of how it was composed. */
const heard = (spoken: string): number => {
  const worth: Record<string, number> = { 十: 10, 百: 100, 千: 1000 };
  let sum = 0;
  let digit: number | null = null;
  for (const sign of spoken) {
    const unit = worth[sign];
    if (unit === undefined) {
      digit = sign === '两' ? 2 : '零一二三四五六七八九'.indexOf(sign);
      if (digit < 0) throw new Error(`"${sign}" is no number`);
    } else {
      sum += (digit ?? 1) * unit;
      digit = null;
    }
  }
  return sum + (digit ?? 0);
};

const anyWait = fc.option(fc.record({ fromMinutes: fc.integer(), toMinutes: fc.integer() }));
const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  fc.record({
    say: fc.constant('patience' as const),
    place: fc.option(fc.oneof(fc.integer(), fc.double())),
    wait: anyWait,
    interpreter: fc.constantFrom('sought' as const, 'found' as const, null),
  }),
  fc.record({ say: fc.constant('volunteer-asked' as const), language: fc.oneof(fc.constantFrom(...languages), fc.string()) }),
  fc.constantFrom<Message>(
    { say: 'greeting' },
    { say: 'ringing' },
    { say: 'first-again' },
    { say: 'hold' },
    { say: 'private' },
    { say: 'volunteer-wait' },
    { say: 'volunteer-thanks' },
    { say: 'still-in-line' },
    patience(1, minutes(0, 3)),
  ),
);

describe('Mandarin numbers', () => {
  test.each([
    [0, '零'],
    [1, '一'],
    [2, '两'],
    [10, '十'],
    [11, '十一'],
    [12, '十二'],
    [20, '二十'],
    [22, '二十二'],
    [100, '一百'],
    [102, '一百零二'],
    [105, '一百零五'],
    [110, '一百一十'],
    [112, '一百一十二'],
    [120, '一百二十'],
    [200, '二百'],
    [1000, '一千'],
    [1002, '一千零二'],
    [1010, '一千零一十'],
    [2000, '两千'],
    [2020, '两千零二十'],
    [2222, '两千二百二十二'],
    [9009, '九千零九'],
    [9999, '九千九百九十九'],
  ])('%i before a measure word is %s', (count, spoken) => {
    expect(inWords(counted(count), 'zh')).toBe(spoken);
  });

  test('every number from 0 to 9999 is heard as itself, and no two sound alike', () => {
    const spoken = Array.from({ length: MOST + 1 }, (_, count) => inWords(counted(count), 'zh'));
    expect(spoken.findIndex((words, count) => heard(words) !== count)).toBe(-1);
    expect(new Set(spoken).size).toBe(MOST + 1);
  });

  test('a number never has two zeros in a row, never ends in one, and has 两 only at its head', () => {
    for (let count = 1; count <= MOST; count += 1) expect(inWords(counted(count), 'zh')).not.toMatch(/零零|零$|.两/);
  });
});

describe('what a waiting caller hears in Mandarin', () => {
  test.each([
    [patience(null), ''],
    [patience(1), '您是下一位。'],
    [patience(2), '您前面还有一位来电人。'],
    [patience(3), '您前面还有两位来电人。'],
    [patience(13), '您前面还有十二位来电人。'],
    [patience(3, minutes(2, 5)), '您前面还有两位来电人。预计等待两到五分钟。'],
    [patience(null, minutes(10, 12)), '预计等待十到十二分钟。'],
    [patience(1, minutes(0, 2)), '您是下一位。预计等待不超过两分钟。'],
  ])('%j', (message, told) => {
    expect(said(message, 'zh')).toBe(`${told}${said(patience(null), 'zh')}`);
  });

  test('9999 ahead is still told', () => {
    expect(said(patience(10_000), 'zh')).toContain('九千九百九十九位');
  });

  test('while a call taker rings, the ring-back tone alone is heard', () => {
    expect(compose({ say: 'ringing' }, 'zh')).toEqual([{ language: 'zh', clip: RING_BACK }]);
    expect(isTone(RING_BACK)).toBe(true);
  });
});

describe.each(languages)('in %s', (language) => {
  test.each([
    ['beyond what can be counted aloud', patience(10_001, minutes(1, 10_000))],
    ['of nobody', patience(0, minutes(0, 0))],
    ['below zero or broken', patience(-4, minutes(-2, 3))],
    ['turned round', patience(2.5, minutes(5, 2))],
    ['that is no number', patience(Number.NaN, minutes(Number.NaN, Number.POSITIVE_INFINITY))],
  ])('a figure %s is left out and the rest is said', (_, message) => {
    expect(compose(message, language)).toEqual(compose(patience(null), language));
  });

  test('a place and a wait are told before the patience, and each alone as well', () => {
    const [place, wait, neither] = [patience(3), patience(null, minutes(2, 5)), patience(null)].map((message) => said(message, language));
    expect(place).not.toBe(neither);
    expect(wait).not.toBe(neither);
    const both = said(patience(3, minutes(2, 5)), language);
    expect(both).toBe(`${place?.slice(0, place.length - (neither?.length ?? 0))}${wait}`);
  });

  test('the inventory holds every clip of every message, and no message is silent', () => {
    const inventory = new Set(clipsOf(language));
    fc.assert(
      fc.property(anyMessage, (message) => {
        const spoken = compose(message, language);
        expect(spoken.length).toBeGreaterThan(0);
        expect(spoken.filter(({ clip }) => !isTone(clip) && !inventory.has(clip))).toEqual([]);
        expect(new Set(spoken.map((one) => one.language))).toEqual(new Set([language]));
      }),
      { numRuns: 2000 },
    );
  });

  test('the inventory names each clip once, and none that no message uses', () => {
    const plain = ['greeting', 'first-again', 'hold', 'private', 'volunteer-wait', 'volunteer-thanks', 'still-in-line'] as const;
    const messages: Message[] = plain.map((say) => ({ say }));
    for (const interpreter of ['sought', 'found'] as const) messages.push(patience(null, null, interpreter));
    for (const asked of [...languages, 'fr']) messages.push({ say: 'volunteer-asked', language: asked });
    for (let place = 1; place <= MOST; place += 1) messages.push(patience(place, minutes(place - 1, place)));
    for (const key of '0123456789') messages.push({ say: 'language-menu', offers: [{ language, key }] });
    const used = new Set(messages.flatMap((message) => compose(message, language).map(({ clip }) => clip)));
    expect([...clipsOf(language)].toSorted()).toEqual([...used].toSorted());
  });
});

describe('the language menu', () => {
  const OFFERS: readonly LanguageOffer[] = [
    { language: 'en', key: '1' },
    { language: 'ru', key: '2' },
    { language: 'ja', key: '3' },
    { language: 'ko', key: '4' },
    { language: 'zh', key: '9' },
  ];
  const lines = (offers: readonly LanguageOffer[]): readonly string[] => {
    const spoken = compose({ say: 'language-menu', offers }, 'zh');
    const order = [...new Set(spoken.map(({ language }) => language))];
    return order.map((language) =>
      inWords(
        spoken.flatMap((one) => (one.language === language ? [one.clip] : [])),
        language,
      ),
    );
  };

  test('offers each language in itself, in the order of the offers', () => {
    expect(lines(OFFERS)).toEqual([
      'For English, press one.',
      'Для русского языка нажмите два.',
      '日本語はさんを押してください。',
      '한국어는 사 번을 눌러 주십시오.',
      '中文请按九号键。',
    ]);
    expect(lines(OFFERS.toReversed())).toEqual(lines(OFFERS).toReversed());
  });

  test('sounds the same whatever language the caller has', () => {
    const menus = languages.map((language) => compose({ say: 'language-menu', offers: OFFERS }, language));
    for (const menu of menus) expect(menu).toEqual(menus[0]);
  });

  test.each(languages)('no two keys sound alike in %s', (language) => {
    const heardKeys = '0123456789'.split('').map((key) => lines([{ language, key }]).join());
    expect(new Set(heardKeys).size).toBe(10);
  });

  test.each<[string, readonly LanguageOffer[], 'invalid' | 'unknown']>([
    ['no offer', [], 'invalid'],
    ['a star', [{ language: 'en', key: '*' }], 'invalid'],
    ['two digits', [{ language: 'en', key: '12' }], 'invalid'],
    ['no key', [{ language: 'en', key: '' }], 'invalid'],
    ['a digit of another script', [{ language: 'en', key: '٣' }], 'invalid'],
    ['a language nobody speaks', [{ language: 'fr', key: '1' }], 'unknown'],
  ])('with %s is a fault', (_, offers, kind) => {
    expect(() => compose({ say: 'language-menu', offers }, 'zh')).toThrow(expect.toSatisfy((thrown) => isFault(thrown, kind)));
  });
});

test('a language nobody speaks here is a fault that names the languages', () => {
  const asked = [() => compose({ say: 'greeting' }, 'xx'), () => clipsOf('xx'), () => compose({ say: 'ringing' }, 'toString')];
  for (const ask of asked) {
    expect(ask).toThrow(expect.toSatisfy((thrown) => isFault(thrown, 'unknown') && thrown.details.join().includes('zh')));
  }
});
