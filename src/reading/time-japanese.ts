/**
 * How Japanese tells time: 昨夜10時半, 午後3時, 30分ほど前, さっき. 一時間 is how long, not when.
 */
import { HAN_NUMBER, HAN_WEEKDAY, hanNumber, hanWeekday } from './numbers-in-words.ts';
import { pattern } from './plain-text.ts';
import { atClock, dated, fromToday, wordRule } from './time-told.ts';
import type { TimeRule, Told } from './time-told.ts';
import { DAY, HOUR, MINUTE } from './zone.ts';

const N = HAN_NUMBER;
const DAYS: Readonly<Record<string, Told>> = {
  今日: fromToday(0),
  本日: fromToday(0),
  きょう: fromToday(0),
  昨日: fromToday(-1),
  きのう: fromToday(-1),
  一昨日: fromToday(-2),
  おととい: fromToday(-2),
  明日: fromToday(1),
  今朝: fromToday(0, 'morning'),
  けさ: fromToday(0, 'morning'),
  今夜: fromToday(0, 'evening'),
  今晩: fromToday(0, 'evening'),
  昨夜: fromToday(-1, 'evening'),
  昨晩: fromToday(-1, 'evening'),
  ゆうべ: fromToday(-1, 'evening'),
  夕べ: fromToday(-1, 'evening'),
};
const PARTS: Readonly<Record<string, Told>> = {
  午前: { part: 'am' },
  午後: { part: 'pm' },
  未明: { part: 'dawn' },
  明け方: { part: 'dawn' },
  早朝: { part: 'morning' },
  朝: { part: 'morning' },
  お昼: { part: 'noon' },
  昼: { part: 'noon' },
  正午: { part: 'noon', clock: { hour: 12, minute: 0, isOf24: true } },
  夕方: { part: 'evening' },
  夜: { part: 'evening' },
  深夜: { part: 'night' },
  夜中: { part: 'night' },
  真夜中: { part: 'night' },
};
const UNITS: Readonly<Record<string, number>> = {
  秒: 1000,
  分: MINUTE,
  時間: HOUR,
  日: DAY,
  週間: 7 * DAY,
  か月: 30 * DAY,
  年: 365 * DAY,
};
const msOf = new Map(Object.entries(UNITS).map(([word, ms]) => [pattern(word).source, ms] as const));

export const JAPANESE_TIMES: readonly TimeRule[] = [
  wordRule(DAYS, pattern, '(?<![\\u4e00-\\u9fff])'),
  wordRule(
    PARTS,
    pattern,
    '(?<![\\u4e00-\\u51e0\\u51e2-\\u65e4\\u65e6-\\u9fff])',
    pattern('(?![\\u4e00-\\u65e4\\u65e6-\\u9fff]|日[\\u4e00-\\u9fff])').source,
  ),
  {
    pattern: pattern(`(?<![\\d.:])(${N})時(?!間)(?:(半)|(${N})分(?!前))?(?:過ぎ|頃|ごろ|くらい|ぐらい)?`),
    told: ([, hour = '', half, minutes]) =>
      atClock(hanNumber(hour), half !== undefined ? 30 : minutes === undefined ? 0 : hanNumber(minutes)),
  },
  {
    pattern: pattern(`(?<![\\d.])(${N}|数|半)(秒|分|時間|日|週間|か月|年)(?:間)?(半)?(?:(${N})分)?(?:くらい|ぐらい|ほど)?前(?!方|後)`),
    told: ([, much = '', unit = '', half, minutes]) => {
      const ms = msOf.get(unit);
      const isRough = /[数數]/.test(much);
      const number = isRough ? 3 : much === '半' ? 0.5 : hanNumber(much);
      if (ms === undefined || number === null) return null;
      return { ago: { ms: (number + (half === undefined ? 0 : 0.5)) * ms + (hanNumber(minutes ?? '0') ?? 0) * MINUTE, isRough } };
    },
  },
  {
    pattern: pattern(`(?:(\\d{4})年)?(?<!\\d)(\\d{1,2}|十?[一二三四五六七八九十])月(\\d{1,2}|[一二三]?十?[一二三四五六七八九十])日`),
    told: ([, year, month = '', date = '']) => dated(year, hanNumber(month) ?? 0, hanNumber(date) ?? 0),
  },
  {
    pattern: pattern(`(先週の?)?(${HAN_WEEKDAY.replace('天', '')}|[月火水木金土])曜日?`),
    told: ([, last, sign = '']) => {
      const at = '月火水木金土日'.indexOf(sign);
      return { day: { is: 'weekday', weekday: at < 0 ? hanWeekday(sign) : at + 1, ofLastWeek: last !== undefined } };
    },
  },
  {
    pattern: pattern('つい?さっき|さっき|さきほど|先ほど|先程|たった今|今しがた|ついさきほど|少し前|ちょっと前'),
    told: () => ({ now: 'just' }),
  },
  { pattern: pattern('今まさに|ただいま|ただ今|現在進行'), told: () => ({ now: 'happening' }) },
  {
    pattern: pattern('(?<![\\u4e00-\\u9fff])(?:今(?![\\u4e00-\\u9fffし])|現在(?!地)|(?<![\\u3041-\\u30ff])いま(?=[、,も]))'),
    told: () => ({ now: 'now' }),
  },
];
