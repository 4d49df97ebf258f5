/**
 * How English tells time: "half past ten last night", "at 9.30 pm", "an hour and a half ago". Dates with the month in letters are chrono-node's;
 * it misreads halves and quarters, so clocks and "ago" are our own.
 */
import * as english from 'chrono-node/en';
import { ENGLISH_HOUR, englishNumber } from './numbers-in-words.ts';
import { dateIn } from './time-dates.ts';
import { atClock, fromToday, wordRule } from './time-told.ts';
import type { PartOfDay, TimeRule, Told } from './time-told.ts';
import { DAY, HOUR, MINUTE } from './zone.ts';

const H = ENGLISH_HOUR;
const word = (source: string): RegExp => new RegExp(source);

const ENGLISH_DAYS: Readonly<Record<string, Told>> = {
  today: fromToday(0),
  yesterday: fromToday(-1),
  tomorrow: fromToday(1),
  tonight: fromToday(0, 'evening'),
};
const partOf = (name: string): PartOfDay =>
  name === 'morning' || name === 'afternoon' || name === 'evening' || name === 'noon' ? name : 'night';

const UNIT = '(seconds?|secs?|minutes?|mins?|m|hours?|hrs?|h|days?|nights?|weeks?|months?|years?)';
const UNITS: readonly (readonly [string, number])[] = [
  ['s', 1000],
  ['mo', 30 * DAY],
  ['m', MINUTE],
  ['h', HOUR],
  ['d', DAY],
  ['n', DAY],
  ['w', 7 * DAY],
  ['y', 365 * DAY],
];
const unitOf = (unit: string): number => UNITS.find(([begins]) => unit.startsWith(begins))?.[1] ?? Number.NaN;
const NUMBER =
  '\\d{1,3}(?:\\.\\d)?|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fifteen|twenty(?:[ -]five)?|thirty|forty(?:[ -]five)?|fifty';

function amount(words: string): { readonly number: number; readonly isRough: boolean } | null {
  if (/few|several|some/.test(words)) return { number: 3, isRough: true };
  if (/couple/.test(words)) return { number: 2, isRough: true };
  if (/quarter/.test(words)) return { number: 0.25, isRough: false };
  if (/(?:one|1) and a half/.test(words)) return { number: 1.5, isRough: false };
  if (/half/.test(words)) return { number: 0.5, isRough: false };
  if (words === 'a' || words === 'an') return { number: 1, isRough: false };
  if (words.startsWith('forty') && words.endsWith('five')) return { number: 45, isRough: false };
  const number = /^\d/.test(words) ? Number(words) : englishNumber(words);
  return number === null ? null : { number, isRough: false };
}

const WEEKDAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const MONTH = '(?:jan|feb|mar|apr|may|jun|jul|aug|sep|sept|oct|nov|dec)[a-z]{0,6}';

export const ENGLISH_TIMES: readonly TimeRule[] = [
  wordRule(ENGLISH_DAYS, word, '\\b', '\\b'),
  { pattern: /\bthe day before yesterday\b/g, told: () => fromToday(-2) },
  {
    pattern: /\b(last|this|yesterday|in the|late|early)\s{1,3}(morning|afternoon|evening|night)\b/g,
    told: ([, which = '', name = '']) =>
      which === 'last' || which === 'yesterday'
        ? fromToday(-1, name === 'night' ? 'evening' : partOf(name))
        : which === 'this'
          ? fromToday(0, partOf(name))
          : { part: partOf(name) },
  },
  { pattern: /\bat night\b/g, told: () => ({ part: 'night' }) },
  {
    pattern: /\b(noon|midday|midnight)\b/g,
    told: ([name]) => atClock(name === 'midnight' ? 0 : 12, 0, { part: name === 'midnight' ? 'night' : 'noon' }),
  },
  {
    pattern: new RegExp(
      `\\b(half|quarter|\\d{1,2}|five|ten|twenty|twenty[ -]five)\\s{1,2}(?:minutes\\s)?(past|after|to|till)\\s{1,2}(${H})\\b(?!\\s?(?:people|men|persons|of|days?|hours?|minutes?|years?))(?:\\s?([ap])\\.?m\\b)?`,
      'g',
    ),
    told: ([, much = '', side = '', hour = '', half]) => {
      const minutes = much === 'half' ? 30 : much === 'quarter' ? 15 : englishNumber(much);
      const full = englishNumber(hour);
      if (minutes === null || full === null || minutes < 1 || minutes > 59) return null;
      const part: Omit<Told, 'clock'> = half === undefined ? {} : { part: half === 'a' ? 'am' : 'pm' };
      return side === 'past' || side === 'after' ? atClock(full, minutes, part) : atClock((full + 23) % 24, 60 - minutes, part);
    },
  },
  {
    pattern: new RegExp(`(?<![\\d:.])\\b(${H})(?:\\s?[.:]?\\s?([0-5]\\d|fifteen|thirty|forty[ -]five))?\\s?([ap])\\.?\\s?m\\b\\.?`, 'g'),
    told: ([, hour = '', minutes, half]) =>
      atClock(englishNumber(hour), minutes === undefined ? 0 : (amount(minutes)?.number ?? null), { part: half === 'a' ? 'am' : 'pm' }),
  },
  { pattern: new RegExp(`\\b(${H})\\s?o'?\\s?clock\\b`, 'g'), told: ([, hour = '']) => atClock(englishNumber(hour), 0) },
  {
    pattern:
      /\b(?:at|around|about|since)\s([01]?\d|2[0-3])[.h]([0-5]\d)(?![\d.]|\s?(?:km|m\b|usd|dollars|rmb|yuan|%))(?:\s?([ap])\.?m\b)?/g,
    told: ([, hour, minutes, half]) =>
      atClock(Number(hour), Number(minutes), half === undefined ? {} : { part: half === 'a' ? 'am' : 'pm' }),
  },
  {
    pattern: /(?<![\d:.-])([01]\d|2[0-3])([0-5]\d)\s?(?:hrs|hours)\b/g,
    told: ([, hour, minutes]) => atClock(Number(hour), Number(minutes)),
  },
  {
    pattern: new RegExp(
      `\\b(?:at|around|about)\\s{1,2}(${H})(?=\\s{0,2}(?:[,.;!?]|$|in\\s|near\\s|at night|tonight|today|yesterday|last|this|on))(?!\\.\\d)`,
      'g',
    ),
    told: ([, hour = '']) => atClock(englishNumber(hour), 0, { isWeak: true }),
  },
  {
    pattern: new RegExp(
      `(?<![\\w.])((?:about|around)\\s)?(${NUMBER}|an?\\s(?:few|couple(?:\\sof)?)|few|several|some|couple(?:\\sof)?|half\\san?|an?\\shalf|half|a\\squarter\\sof\\san|(?:one|1)\\sand\\sa\\shalf|an|a)\\s{0,2}${UNIT}(?:\\s?(?:and\\s)?(a\\shalf|\\d{1,2})\\s?(?:minutes?|mins?|m)?)?\\s{1,2}(?:ago|back|earlier|before now)\\b`,
      'g',
    ),
    told: ([, , much = '', unit = '', more]) => {
      const said = amount(much);
      if (said === null) return null;
      const rest = more === undefined ? 0 : more.includes('half') ? unitOf(unit) / 2 : Number(more) * MINUTE;
      return { ago: { ms: said.number * unitOf(unit) + rest, isRough: said.isRough } };
    },
  },
  {
    pattern: new RegExp(
      `\\b(?:the\\s)?\\d{1,2}(?:st|nd|rd|th)?\\s(?:of\\s)?${MONTH}\\b\\.?(?:,?\\s20\\d\\d)?|\\b${MONTH}\\.?\\s\\d{1,2}(?:st|nd|rd|th)?\\b(?!:)(?:,?\\s20\\d\\d)?`,
      'g',
    ),
    told: ([words]) => dateIn(english, words),
  },
  {
    pattern: /\b(last\s)?(mon|tues|wednes|thurs|fri|satur|sun)day\b/g,
    told: ([, , name = '']) => ({ day: { is: 'weekday', weekday: WEEKDAYS.indexOf(name.slice(0, 3)) + 1, ofLastWeek: false } }),
  },
  {
    pattern:
      /\bjust now\b|\ba (?:moment|while|minute) ago\b|\bmoments ago\b|\brecently\b|\b(?:has|have|was|were|i|he|she|they|we) just(?= [a-z]{2,12}(?:ed|en|ot|id|aw|it|ole|ook|ut|un|oke|ame|ent|ell)\b)|\bjust (?:been|got|happened)\b/g,
    told: () => ({ now: 'just' }),
  },
  {
    pattern:
      /\bright now\b|\bat this (?:very )?moment\b|\b(?:happening|still going on)(?: now)?\b|\bas we speak\b|\bat the moment\b|\bcurrently\b/g,
    told: () => ({ now: 'happening' }),
  },
  { pattern: /\bnow\b/g, told: () => ({ now: 'now' }) },
];
