/**
 * How Russian tells time: в половине десятого, без четверти девять, полтора часа назад, вчера около 9 вечера. Dates with the month in letters are
 * chrono-node's; it reads полтора часа as one hour, so clocks and "назад" are our own.
 */
import * as russian from 'chrono-node/ru';
import { RUSSIAN_NUMBER, russianNumber } from './numbers-in-words.ts';
import { dateIn } from './time-dates.ts';
import { atClock, fromToday, wordRule } from './time-told.ts';
import type { PartOfDay, TimeRule, Told } from './time-told.ts';
import { DAY, HOUR, MINUTE } from './zone.ts';

const word = (source: string): RegExp => new RegExp(source);
const R = RUSSIAN_NUMBER;
const FROM = '(?<![а-я\\d:.])';
const TO = '(?![а-я])';
const RUSSIAN_DAYS: Readonly<Record<string, Told>> = {
  сегодня: fromToday(0),
  вчера: fromToday(-1),
  позавчера: fromToday(-2),
  завтра: fromToday(1),
};
const RUSSIAN_PARTS: Readonly<Record<string, Told>> = {
  утром: { part: 'morning' },
  днем: { part: 'afternoon' },
  вечером: { part: 'evening' },
  ночью: { part: 'night' },
};
const HALVES: Readonly<Record<string, PartOfDay>> = { утра: 'morning', дня: 'afternoon', вечера: 'evening', ночи: 'night' };
const OF_DAY = '(утра|дня|вечера|ночи)';
const MONTH = '(?:янв|фев|мар|апр|мая|июн|июл|авг|сен|окт|ноя|дек)[а-я]{0,6}';
const partAfter = (name: string | undefined): Omit<Told, 'clock'> => {
  const part = name === undefined ? undefined : HALVES[name];
  return part === undefined ? {} : { part };
};
const UNITS: readonly (readonly [string, number])[] = [
  ['сек', 1000],
  ['мин', MINUTE],
  ['ч', HOUR],
  ['д', DAY],
  ['сут', DAY],
  ['нед', 7 * DAY],
  ['мес', 30 * DAY],
  ['год', 365 * DAY],
  ['лет', 365 * DAY],
];
const unitOf = (unit: string): number => UNITS.find(([begins]) => unit.startsWith(begins))?.[1] ?? Number.NaN;
const UNIT =
  '(секунд[а-я]{0,2}|сек|минут[а-я]{0,3}|мин|часик[а-я]{0,2}|час[а-я]{0,2}|ч|дн[а-я]{1,2}|день|сутки|недел[а-я]{1,2}|месяц[а-я]{0,2}|год[а-я]?|лет)\\.?';

export const RUSSIAN_TIMES: readonly TimeRule[] = [
  wordRule(RUSSIAN_DAYS, word, FROM, TO),
  wordRule(RUSSIAN_PARTS, word, FROM, TO),
  {
    pattern: new RegExp(
      `${FROM}(в|во|около|к|часов в|с|после)\\s(${R})(?:\\s?(?:часов|часа|час|ч)\\.?)?(?:\\s(?:и\\s)?(\\d\\d|${R})\\s?(?:минут[а-я]?|мин))?(?:\\s${OF_DAY})?(?=\\s|$|[,.;!?])(?!\\s?(?:метр|м\\.|км|рубл|руб|лет|год|человек|этаж|доме|квартир|подъезд|минут|мин|раз|кв|секунд|назад|сантим))`,
      'g',
    ),
    told: ([whole, , hour = '', minutes, part]) => {
      const told = atClock(russianNumber(hour), minutes === undefined ? 0 : russianNumber(minutes), partAfter(part));
      return told === null || /час|ч\.?(?=\s|$)/.test(whole) || part !== undefined ? told : { ...told, isWeak: true };
    },
  },
  {
    pattern: new RegExp(`${FROM}(${R})(?:\\s?(?:часов|часа|час|ч)\\.?)?(?:\\s(\\d\\d|${R})\\s?(?:минут[а-я]?|мин))?\\s${OF_DAY}${TO}`, 'g'),
    told: ([whole, hour = '', minutes, part]) =>
      part === 'дня' && !/час|ч/.test(whole)
        ? null
        : atClock(russianNumber(hour), minutes === undefined ? 0 : russianNumber(minutes), partAfter(part)),
  },
  {
    pattern: new RegExp(
      `${FROM}(?:в|во|около|к|с|после)\\s([01]?\\d|2[0-3])[.-]([0-5]\\d)(?![\\d.]|\\s?(?:руб|м|км|%))(?:\\s${OF_DAY})?`,
      'g',
    ),
    told: ([, hour, minutes, part]) => atClock(Number(hour), Number(minutes), partAfter(part)),
  },
  {
    pattern: new RegExp(`${FROM}(?:в\\s)?(?:половин[еау]\\s|пол)(${R})${TO}(?:\\s${OF_DAY})?`, 'g'),
    told: ([, hour = '', part]) => atClock(((russianNumber(hour) ?? 99) + 11) % 12, 30, partAfter(part)),
  },
  {
    pattern: new RegExp(`${FROM}(?:в\\s)?четверть\\s(${R})${TO}(?:\\s${OF_DAY})?`, 'g'),
    told: ([, hour = '', part]) => (hour === 'час' ? null : atClock(((russianNumber(hour) ?? 99) + 11) % 12, 15, partAfter(part))),
  },
  {
    pattern: new RegExp(`${FROM}без\\s(четверти|${R})(?:\\sминут)?\\s(${R})${TO}(?:\\s${OF_DAY})?`, 'g'),
    told: ([, much = '', hour = '', part]) =>
      atClock(((russianNumber(hour) ?? 99) + 11) % 12, 60 - (much === 'четверти' ? 15 : (russianNumber(much) ?? 0)), partAfter(part)),
  },
  {
    pattern: new RegExp(`${FROM}(?:в\\s)?пол(день|ночь|удня|уночи)${TO}`, 'g'),
    told: ([, which = '']) => atClock(/д/.test(which) ? 12 : 0, 0, { part: /д/.test(which) ? 'noon' : 'night' }),
  },
  {
    pattern: new RegExp(
      `${FROM}(?:(${R}|пару|пара|несколько|полтора|полторы|пол|четверть)\\s?)?${UNIT}(?:\\s(${R}))?(\\sс\\sполовиной)?(?:\\s(\\d{1,2}|${R})\\s?мин[а-я]{0,4})?\\s(?:тому\\s)?назад`,
      'g',
    ),
    told: ([, much, unit = '', after, half, minutes]) => {
      const said = much ?? after;
      const isRough = said !== undefined && /пар|неск/.test(said);
      const number =
        said === undefined
          ? 1
          : isRough
            ? said.startsWith('пар')
              ? 2
              : 3
            : said.startsWith('полт')
              ? 1.5
              : said === 'пол'
                ? 0.5
                : said === 'четверть'
                  ? 0.25
                  : russianNumber(said);
      if (number === null) return null;
      return {
        ago: { ms: (number + (half === undefined ? 0 : 0.5)) * unitOf(unit) + (russianNumber(minutes ?? '0') ?? 0) * MINUTE, isRough },
      };
    },
  },
  { pattern: new RegExp(`${FROM}полчас[а-я]{1,4}\\s(?:тому\\s)?назад`, 'g'), told: () => ({ ago: { ms: HOUR / 2, isRough: false } }) },
  {
    pattern: new RegExp(`${FROM}\\d{1,2}\\s${MONTH}${TO}(?:\\s20\\d\\d(?:\\s?г)?)?`, 'g'),
    told: ([words]) => dateIn(russian, words),
  },
  {
    pattern: new RegExp(`${FROM}в(?:о)?\\s(прошл[а-я]{2,3}\\s)?(понедельник|вторник|среду|четверг|пятницу|субботу|воскресенье)${TO}`, 'g'),
    told: ([, , name = '']) => ({
      day: { is: 'weekday', weekday: ['по', 'вт', 'ср', 'че', 'пя', 'су', 'во'].indexOf(name.slice(0, 2)) + 1, ofLastWeek: false },
    }),
  },
  { pattern: new RegExp(`${FROM}(?:только что|недавно|только сейчас|буквально сейчас)${TO}`, 'g'), told: () => ({ now: 'just' }) },
  {
    pattern: new RegExp(`${FROM}(?:прямо сейчас|прямо сию минуту|в данный момент|в этот момент|происходит)${TO}`, 'g'),
    told: () => ({ now: 'happening' }),
  },
  { pattern: new RegExp(`${FROM}(?:сейчас|щас)${TO}`, 'g'), told: () => ({ now: 'now' }) },
];
