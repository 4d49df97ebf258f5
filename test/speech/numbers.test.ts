import { describe, expect, test } from 'vitest';
import * as en from '../../src/speech/en.ts';
import { MOST } from '../../src/speech/figures.ts';
import * as ja from '../../src/speech/ja.ts';
import * as ko from '../../src/speech/ko.ts';
import * as ru from '../../src/speech/ru.ts';
import { inWords, minutes, patience, said } from './in-words.ts';

const COUNTS = Array.from({ length: MOST }, (_, index) => index + 1);

/** What is wrong with a way of counting: the first number that is heard as another, or sounds like another. */
const misheard = (say: (count: number) => string, hear: (spoken: string) => number): string | null => {
  const sounds = new Map<string, number>();
  for (const count of COUNTS) {
    const spoken = say(count);
    if (hear(spoken) !== count) return `${count} is said "${spoken}", heard as ${hear(spoken)}`;
    const sound = spoken.replaceAll(' ', '');
    const other = sounds.get(sound);
    if (other !== undefined) return `${count} sounds like ${other}`;
    sounds.set(sound, count);
  }
  return null;
};

const worthOf = (words: string, first = 1, step = 1): readonly [string, number][] =>
  words.split(' ').map((word, index) => [word, first + index * step]);

/** Adds up words, multiplying what came before by each thousand (and by each hundred, where that is a word of its own). */
const sumOf = (spoken: string, worth: ReadonlyMap<string, number>, scales: readonly number[]): number => {
  let [sum, group] = [0, 0];
  for (const word of spoken.split(' ')) {
    const value = worth.get(word);
    if (value === undefined) return Number.NaN;
    if (!scales.includes(value)) group += value;
    else if (value === 1000) [sum, group] = [sum + 1000 * (group || 1), 0];
    else group = value * (group || 1);
  }
  return sum + group;
};

describe('English', () => {
  const WORTH = new Map([
    ...worthOf(
      'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen',
    ),
    ...worthOf('twenty thirty forty fifty sixty seventy eighty ninety', 20, 10),
    ['hundred', 100] as const,
    ['thousand', 1000] as const,
  ]);
  const say = (count: number): string => inWords(en.counted(count), 'en');

  test.each([
    [1, 'one'],
    [12, 'twelve'],
    [20, 'twenty'],
    [21, 'twenty one'],
    [105, 'one hundred five'],
    [2035, 'two thousand thirty five'],
    [9999, 'nine thousand nine hundred ninety nine'],
    [10_000, 'ten thousand'],
  ])('%i is %s', (count, words) => expect(say(count)).toBe(words));

  test('every number is heard as itself, and no two sound alike', () => {
    expect(misheard(say, (spoken) => sumOf(spoken, WORTH, [100, 1000]))).toBe(null);
  });

  test('one minute, and all others minutes', () => {
    const plural = new Intl.PluralRules('en');
    for (const count of COUNTS) {
      expect(said(patience(null, minutes(0, count)), 'en')).toMatch(plural.select(count) === 'one' ? /\bminute\. / : /\bminutes\. /);
    }
  });

  test.each([
    [patience(1), 'Your call is now first in line and will be answered by the next available representative. '],
    [patience(3), 'You are currently caller number three waiting to speak with a representative. '],
    [patience(10_000), 'You are currently caller number ten thousand waiting to speak with a representative. '],
    [patience(null, minutes(0, 1)), 'The estimated hold time is currently less than one minute. '],
    [patience(null, minutes(10, 12)), 'The estimated hold time is currently less than twelve minutes. '],
  ])('%j', (message, told) => expect(said(message, 'en')).toBe(`${told}${said(patience(null), 'en')}`));
});

describe('Russian', () => {
  const UNITS =
    'один два три четыре пять шесть семь восемь девять десять одиннадцать двенадцать тринадцать четырнадцать пятнадцать шестнадцать семнадцать восемнадцать девятнадцать';
  const WORTH = new Map([
    ...worthOf(UNITS),
    ['одна', 1] as const,
    ['две', 2] as const,
    ...worthOf('двадцать тридцать сорок пятьдесят шестьдесят семьдесят восемьдесят девяносто', 20, 10),
    ...worthOf('сто двести триста четыреста пятьсот шестьсот семьсот восемьсот девятьсот', 100, 100),
    ['тысяча', 1000] as const,
    ['тысячи', 1000] as const,
    ['тысяч', 1000] as const,
  ]);
  const plural = new Intl.PluralRules('ru');
  const THINGS = {
    person: { one: 'человек.', few: 'человека.', many: 'человек.' },
    minute: { one: 'минута,', few: 'минуты,', many: 'минут,' },
  } as const;
  const say = (count: number, thing: 'person' | 'minute'): readonly [string, string] => {
    const words = inWords(ru.counted(count, thing), 'ru').split(' ');
    return [words.slice(0, -1).join(' '), words.at(-1) ?? ''];
  };

  test.each(['person', 'minute'] as const)('every %s is heard as its number, and no two sound alike', (thing) => {
    const hear = (spoken: string): number => sumOf(spoken, WORTH, [1000]);
    expect(misheard((count) => say(count, thing)[0], hear)).toBe(null);
  });

  test.each(['person', 'minute'] as const)('the form of %s follows the number, and so does its gender', (thing) => {
    for (const count of COUNTS) {
      const [number, noun] = say(count, thing);
      expect([count, noun]).toEqual([count, THINGS[thing][plural.select(count) as 'one' | 'few' | 'many']]);
      const last = number.split(' ').at(-1) ?? '';
      expect(last).not.toMatch(thing === 'person' ? /^(?:одна|две)$/ : /^(?:один|два)$/);
    }
  });

  test('thousands are feminine, agree with their number, and one of them stands alone', () => {
    const forms = { one: 'тысяча', few: 'тысячи', many: 'тысяч' } as const;
    for (const count of COUNTS.filter((one) => one >= 1000)) {
      const [number] = say(count, 'person');
      const thousands = Math.floor(count / 1000);
      expect(number).toContain(forms[plural.select(thousands) as 'one' | 'few' | 'many']);
      expect(number).not.toMatch(/один тысяч|два тысяч|одна тысяч/);
    }
  });

  test.each([
    [1, 'один человек.', 'одна минута,'],
    [2, 'два человека.', 'две минуты,'],
    [5, 'пять человек.', 'пять минут,'],
    [11, 'одиннадцать человек.', 'одиннадцать минут,'],
    [21, 'двадцать один человек.', 'двадцать одна минута,'],
    [112, 'сто двенадцать человек.', 'сто двенадцать минут,'],
    [1000, 'тысяча человек.', 'тысяча минут,'],
    [2022, 'две тысячи двадцать два человека.', 'две тысячи двадцать две минуты,'],
  ])('%i', (count, persons, wait) => {
    expect(inWords(ru.counted(count, 'person'), 'ru')).toBe(persons);
    expect(inWords(ru.counted(count, 'minute'), 'ru')).toBe(wait);
  });

  test.each([
    [patience(1), 'Ваш звонок является первым в очереди и будет обслужен первым доступным оператором. '],
    [patience(6), 'Перед вами пять человек. '],
    [patience(null, minutes(0, 21)), 'Примерное время ожидания: максимум двадцать одна минута, '],
    [patience(null, minutes(2, 5)), 'Примерное время ожидания: минимум две минуты, максимум пять минут, '],
  ])('%j', (message, told) => expect(said(message, 'ru')).toBe(`${told}${said(patience(null), 'ru')}`));
});

describe('Japanese', () => {
  const DIGIT: Readonly<Record<string, number>> = { いち: 1, に: 2, さん: 3, よん: 4, ご: 5, ろく: 6, なな: 7, はち: 8, きゅう: 9 };
  /** The melted digits: いっ(ぷん), ろっ(ぴゃく), はっ(せん), よ(にん). */
  const MELTED: Readonly<Record<string, number>> = { ...DIGIT, いっ: 1, よ: 4, ろっ: 6, はっ: 8 };
  const digit = Object.keys(MELTED).join('|');
  const NUMBER = new RegExp(`^(?:(${digit})?[せぜ]ん)?(?:(${digit})?[ひびぴ]ゃ[くっ])?(?:(${digit})?じゅ[うっ])?(${digit})?$`);
  const hear = (spoken: string): number => {
    if (spoken === 'ひとり') return 1;
    if (spoken === 'ふたり') return 2;
    const parts = NUMBER.exec(spoken.replace(/(?:[ふぷ]ん|にん)$/, ''));
    if (parts === null) return Number.NaN;
    const [, thousands, hundreds, tens, ones] = parts;
    const before = (unit: RegExp, name: string | undefined, worth: number): number =>
      unit.test(spoken) ? worth * (name === undefined ? 1 : (MELTED[name] ?? Number.NaN)) : 0;
    return (
      before(/[せぜ]ん/, thousands, 1000) +
      before(/ゃ[くっ]/, hundreds, 100) +
      before(/じゅ[うっ]/, tens, 10) +
      (ones ? (MELTED[ones] ?? 0) : 0)
    );
  };
  const persons = (count: number): string => inWords(ja.persons(count), 'ja');
  const wait = (count: number): string => inWords(ja.minutes(count), 'ja');

  /** A number without a counter, and then the counter with its sound rules: an oracle without tables of melted forms. */
  const plain = (count: number): string => {
    const names = ['', ...Object.keys(DIGIT)];
    const part = (worth: number, unit: string): string => {
      const figure = Math.floor(count / worth) % 10;
      return figure === 0 ? '' : `${figure === 1 ? '' : (names[figure] ?? '')}${unit}`;
    };
    const written = `${part(1000, 'せん')}${part(100, 'ひゃく')}${part(10, 'じゅう')}${names[count % 10] ?? ''}`;
    return written
      .replace('さんせん', 'さんぜん')
      .replace('はちせん', 'はっせん')
      .replace('さんひゃく', 'さんびゃく')
      .replace('ろくひゃく', 'ろっぴゃく')
      .replace('はちひゃく', 'はっぴゃく');
  };
  const withMinutes = (number: string): string => {
    const melted = number.replace(/(いち|ろく|はち|じゅう|ひゃく|びゃく|ぴゃく)$/, (end) => `${end.slice(0, -1)}っ`);
    return `${melted}${/[っん]$/.test(melted) ? 'ぷん' : 'ふん'}`;
  };
  const withPersons = (number: string): string => {
    if (number === 'いち') return 'ひとり';
    return number === 'に' ? 'ふたり' : `${number.replace(/よん$/, 'よ')}にん`;
  };

  test.each([
    ['person', persons],
    ['minute', wait],
  ])('every %s is heard as its number, and no two sound alike', (_, say) => {
    expect(misheard(say, hear)).toBe(null);
  });

  test('the counters melt into the numbers as they do in speech', () => {
    for (const count of COUNTS) {
      expect([count, wait(count)]).toEqual([count, withMinutes(plain(count))]);
      expect([count, persons(count)]).toEqual([count, withPersons(plain(count))]);
    }
  });

  test.each([
    [1, 'ひとり', 'いっぷん'],
    [2, 'ふたり', 'にふん'],
    [3, 'さんにん', 'さんぷん'],
    [4, 'よにん', 'よんぷん'],
    [7, 'ななにん', 'ななふん'],
    [10, 'じゅうにん', 'じゅっぷん'],
    [11, 'じゅういちにん', 'じゅういっぷん'],
    [24, 'にじゅうよにん', 'にじゅうよんぷん'],
    [300, 'さんびゃくにん', 'さんびゃっぷん'],
    [8600, 'はっせんろっぴゃくにん', 'はっせんろっぴゃっぷん'],
    [3000, 'さんぜんにん', 'さんぜんぷん'],
  ])('%i', (count, ofPersons, ofMinutes) => {
    expect(persons(count)).toBe(ofPersons);
    expect(wait(count)).toBe(ofMinutes);
  });

  test.each([
    [patience(1), '次はあなたの番です。'],
    [patience(2), 'あなたの前にひとりの方がお待ちです。'],
    [patience(null, minutes(0, 5)), '待ち時間は、長くてごふんです。'],
    [patience(null, minutes(3, 10)), '待ち時間は、およそさんぷんからじゅっぷんです。'],
  ])('%j', (message, told) => expect(said(message, 'ja')).toBe(`${told}${said(patience(null), 'ja')}`));
});

describe('Korean', () => {
  const SINO = new Map([...worthOf('일 이 삼 사 오 육 칠 팔 구'), ['십', 10] as const, ['백', 100] as const, ['천', 1000] as const]);
  const NATIVE = new Map([
    ...worthOf('한 두 세 네 다섯 여섯 일곱 여덟 아홉'),
    ...worthOf('열 스물 서른 마흔 쉰 예순 일흔 여든 아흔', 10, 10),
    ['스무', 20] as const,
  ]);
  const hear = (spoken: string): number => {
    let [sum, figure] = [0, 0];
    for (const word of spoken.split(' ')) {
      const value = SINO.get(word) ?? NATIVE.get(word);
      if (value === undefined) return Number.NaN;
      if (!SINO.has(word)) sum += value;
      else if (value < 10) figure = value;
      else [sum, figure] = [sum + value * (figure || 1), 0];
    }
    return sum + figure;
  };
  const persons = (count: number): string => inWords(ko.native(count), 'ko');
  const wait = (count: number): string => inWords(ko.chinese(count), 'ko');

  test.each([
    ['person', persons],
    ['minute', wait],
  ])('every %s is heard as its number, and no two sound alike', (_, say) => {
    expect(misheard(say, hear)).toBe(null);
  });

  test('persons are counted with native numbers below a hundred, minutes never', () => {
    for (const count of COUNTS) {
      const ofPersons = persons(count).split(' ');
      const small = count % 100;
      // 백, 천 and the digits before them are Chinese; whatever follows the last of them is native.
      const tail = ofPersons.slice(ofPersons.findLastIndex((word) => word === '백' || word === '천') + 1);
      expect([count, tail.every((word) => NATIVE.has(word)), tail.length > 0]).toEqual([count, true, small > 0]);
      expect([
        count,
        wait(count)
          .split(' ')
          .every((word) => SINO.has(word)),
      ]).toEqual([count, true]);
      expect(wait(count)).not.toMatch(/일 [십백천]/);
    }
  });

  test('스무 stands before the counter, 스물 before another number', () => {
    for (const count of COUNTS) {
      expect([count, /스무$/.test(persons(count)), /스물 /.test(persons(count))]).toEqual([
        count,
        count % 100 === 20,
        count % 100 > 20 && count % 100 < 30,
      ]);
      expect(persons(count)).not.toMatch(/스물$|스무 /);
    }
  });

  test.each([
    [1, '한', '일'],
    [3, '세', '삼'],
    [10, '열', '십'],
    [20, '스무', '이 십'],
    [21, '스물 한', '이 십 일'],
    [45, '마흔 다섯', '사 십 오'],
    [100, '백', '백'],
    [120, '백 스무', '백 이 십'],
    [1234, '천 이 백 서른 네', '천 이 백 삼 십 사'],
  ])('%i', (count, ofPersons, ofMinutes) => {
    expect(persons(count)).toBe(ofPersons);
    expect(wait(count)).toBe(ofMinutes);
  });

  test.each([
    [patience(1), '다음 차례입니다. '],
    [patience(3), '앞에 두 명이 기다리고 있습니다. '],
    [patience(null, minutes(0, 5)), '예상 대기 시간은 최대 오 분입니다. '],
    [patience(null, minutes(3, 10)), '예상 대기 시간은 삼 분에서 십 분입니다. '],
  ])('%j', (message, told) => expect(said(message, 'ko')).toBe(`${told}${said(patience(null), 'ko')}`));
});
