/**
 * How Korean tells time: 어젯밤 열시 반, 오후 3시쯤, 30분 전, 방금. 3시간 is how long, not when.
 */
import { KOREAN_NUMBER, koreanNumber } from './numbers-in-words.ts';
import { pattern } from './plain-text.ts';
import { atClock, dated, fromToday, wordRule } from './time-told.ts';
import type { TimeRule, Told } from './time-told.ts';
import { DAY, HOUR, MINUTE } from './zone.ts';

const K = KOREAN_NUMBER;
const DAYS: Readonly<Record<string, Told>> = {
  오늘: fromToday(0),
  어제: fromToday(-1),
  그저께: fromToday(-2),
  그제: fromToday(-2),
  엊그제: fromToday(-2),
  내일: fromToday(1),
  어젯밤: fromToday(-1, 'evening'),
  어제밤: fromToday(-1, 'evening'),
  간밤: fromToday(-1, 'night'),
  지난밤: fromToday(-1, 'night'),
  오늘밤: fromToday(0, 'evening'),
};
const PARTS: Readonly<Record<string, Told>> = {
  오전: { part: 'am' },
  오후: { part: 'pm' },
  새벽: { part: 'dawn' },
  아침: { part: 'morning' },
  정오: { part: 'noon', clock: { hour: 12, minute: 0, isOf24: true } },
  점심: { part: 'noon' },
  낮: { part: 'noon' },
  저녁: { part: 'evening' },
  밤: { part: 'evening' },
  한밤중: { part: 'night' },
  자정: { part: 'night', clock: { hour: 0, minute: 0, isOf24: true } },
};
const UNITS: Readonly<Record<string, number>> = {
  초: 1000,
  분: MINUTE,
  시간: HOUR,
  일: DAY,
  주: 7 * DAY,
  주일: 7 * DAY,
  달: 30 * DAY,
  개월: 30 * DAY,
  년: 365 * DAY,
};

export const KOREAN_TIMES: readonly TimeRule[] = [
  wordRule(DAYS, pattern),
  wordRule(PARTS, pattern, '(?<![가-힣])', '(?!나무|하늘|은데|아서|추|다고)'),
  {
    pattern: new RegExp(
      `(?<=^|[^가-힣\\d:]|오전|오후|새벽|아침|저녁|밤|낮|약)(${K})\\s?시(?![간민장내청작험스키켜어위])(?:\\s?(반)|\\s?(${K})\\s?분(?!\\s?전))?(?:\\s?(?:쯤|경|정도))?`,
      'g',
    ),
    told: ([, hour = '', half, minutes]) =>
      atClock(koreanNumber(hour), half !== undefined ? 30 : minutes === undefined ? 0 : koreanNumber(minutes)),
  },
  {
    pattern: new RegExp(
      `(?<![가-힣\\d.])(${K}|몇|반)\\s?(초|분|시간|주일|주|일|달|개월|년)(?:\\s?(반))?(?:\\s?(${K})\\s?분)?(?:\\s?(?:쯤|정도))?\\s?전(?![화기부체봇])`,
      'g',
    ),
    told: ([, much = '', unit = '', half, minutes]) => {
      const ms = UNITS[unit];
      const number = much === '몇' ? 3 : much === '반' ? 0.5 : koreanNumber(much);
      if (ms === undefined || number === null) return null;
      return {
        ago: { ms: (number + (half === undefined ? 0 : 0.5)) * ms + (koreanNumber(minutes ?? '0') ?? 0) * MINUTE, isRough: much === '몇' },
      };
    },
  },
  { pattern: /(?:(\d{4})년\s?)?(?<!\d)(\d{1,2})월\s?(\d{1,2})일/g, told: ([, year, month = '', date = '']) => dated(year, month, date) },
  {
    pattern: /(지난주\s?)?([월화수목금토일])요일/g,
    told: ([, last, sign = '']) => ({
      day: { is: 'weekday', weekday: '월화수목금토일'.indexOf(sign) + 1, ofLastWeek: last !== undefined },
    }),
  },
  { pattern: /방금|금방|아까|조금\s?전|좀\s?전|얼마\s?전/g, told: () => ({ now: 'just' }) },
  { pattern: /지금\s?(?:막|바로)|한창/g, told: () => ({ now: 'happening' }) },
  { pattern: /지금|현재/g, told: () => ({ now: 'now' }) },
];
