/**
 * Numbers as people write them out: Chinese and Japanese characters, Korean, English and Russian words, up to ninety-nine. Only for hours,
 * minutes, floors and code digits; never for money or great amounts.
 */
import { pattern } from './plain-text.ts';

/** One numeral of a code read out digit by digit; 幺 is said for 1. */
const DIGIT: ReadonlyMap<string, number> = new Map(Array.from('零〇一二三四五六七八九', (sign, at) => [sign, Math.max(0, at - 1)] as const))
  .set('两', 2)
  .set('幺', 1)
  .set('○', 0)
  .set('壹', 1);

export const HAN_DIGITS = '零〇○一二三四五六七八九两幺壹';
/** Source of a pattern: a small number in figures or Chinese characters. */
export const HAN_NUMBER = '(?:\\d{1,2}|[零〇一二三四五六七八九十两廿]{1,3})';

/** `九`, `十五`, `二十`, `三十五`, `零五`, `廿三`, `7`; `null` where it is no number under 100. */
export function hanNumber(words: string): number | null {
  if (/^\d{1,2}$/.test(words)) return Number(words);
  if (words.startsWith('廿')) return tens(2, words.slice(1));
  const ten = words.indexOf('十');
  if (ten < 0) return words.length <= 2 ? plainDigits(words) : null;
  const before = ten === 0 ? 1 : ten === 1 ? DIGIT.get(words[0] ?? '') : undefined;
  return before === undefined ? null : tens(before, words.slice(ten + 1));
}

const tens = (ten: number, rest: string): number | null => {
  if (rest === '') return ten * 10;
  const one = rest.length === 1 ? DIGIT.get(rest) : undefined;
  return one === undefined ? null : ten * 10 + one;
};

function plainDigits(words: string): number | null {
  const digits = digitsOf(words);
  return digits === '' || digits.length !== words.length ? null : Number(digits);
}

/** Every digit in a run, in figures; blanks and hyphens between them left out. */
export function digitsOf(run: string): string {
  let made = '';
  for (const sign of run) {
    if (sign >= '0' && sign <= '9') made += sign;
    else made += DIGIT.get(sign) ?? '';
  }
  return made;
}

const KOREAN_OWN: readonly string[] = ['한', '두', '세', '네', '다섯', '여섯', '일곱', '여덟', '아홉', '열', '열한', '열두'];
const KOREAN_CHINESE: readonly string[] = ['일', '이', '삼', '사', '오', '육', '칠', '팔', '구'];
export const KOREAN_NUMBER =
  '(?:\\d{1,2}|열한|열두|다섯|여섯|일곱|여덟|아홉|[한두세네열]|[일이삼사오육칠팔구]?십[일이삼사오육칠팔구]?|[일이삼사오육칠팔구])';

export function koreanNumber(words: string): number | null {
  if (/^\d{1,2}$/.test(words)) return Number(words);
  const own = KOREAN_OWN.indexOf(words);
  if (own >= 0) return own + 1;
  const ten = words.indexOf('십');
  if (ten < 0) return digitOfKorean(words);
  const before = ten === 0 ? 1 : digitOfKorean(words.slice(0, ten));
  const after = ten === words.length - 1 ? 0 : digitOfKorean(words.slice(ten + 1));
  return before === null || after === null ? null : before * 10 + after;
}

const digitOfKorean = (sign: string): number | null => {
  const at = KOREAN_CHINESE.indexOf(sign);
  return at < 0 ? null : at + 1;
};

const ENGLISH: ReadonlyMap<string, number> = new Map(
  'one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'
    .split(' ')
    .map((word, at) => [word, at + 1] as const),
)
  .set('thirty', 30)
  .set('forty', 40)
  .set('fifty', 50)
  .set('twenty-five', 25)
  .set('twenty five', 25);
export const ENGLISH_HOUR = '(?:1[0-2]|[1-9]|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)';
export const englishNumber = (words: string): number | null => (/^\d{1,2}$/.test(words) ? Number(words) : (ENGLISH.get(words) ?? null));

/** Nominative, genitive and the ordinal genitive of "в половине десятого", by hour. */
const RUSSIAN: ReadonlyMap<string, number> = new Map(
  (
    [
      [1, 'час один одна первого одного'],
      [2, 'два две двух второго'],
      [3, 'три трех третьего'],
      [4, 'четыре четырех четвертого'],
      [5, 'пять пяти пятого'],
      [6, 'шесть шести шестого'],
      [7, 'семь семи седьмого'],
      [8, 'восемь восьми восьмого'],
      [9, 'девять девяти девятого'],
      [10, 'десять десяти десятого'],
      [11, 'одиннадцать одиннадцати одиннадцатого'],
      [12, 'двенадцать двенадцати двенадцатого'],
      [15, 'пятнадцать пятнадцати'],
      [20, 'двадцать двадцати'],
      [25, 'двадцать-пять'],
      [30, 'тридцать тридцати'],
      [40, 'сорок сорока'],
      [50, 'пятьдесят пятидесяти'],
    ] as const
  ).flatMap(([value, words]) => words.split(' ').map((word) => [word, value] as const)),
);
export const RUSSIAN_NUMBER = `(?:\\d{1,2}|${[...RUSSIAN.keys()].toSorted((a, b) => b.length - a.length).join('|')})`;
export const russianNumber = (words: string): number | null => (/^\d{1,2}$/.test(words) ? Number(words) : (RUSSIAN.get(words) ?? null));

/** `一` to `日` as 1 to 7, Monday first. */
export const hanWeekday = (sign: string): number => (/[日天]/.test(sign) ? 7 : (DIGIT.get(sign) ?? Number(sign)));
export const HAN_WEEKDAY = pattern('[一二三四五六日天]').source;
