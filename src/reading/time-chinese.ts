/**
 * How Chinese tells time: 昨晚十点半, 九点一刻, 三刻钟前, 刚才. Simplified characters; traditional ones are folded before. 一点 alone is
 * "a little" far more often than one o'clock, so it never counts by itself.
 */
import { pattern } from './plain-text.ts';
import { HAN_NUMBER, HAN_WEEKDAY, hanNumber, hanWeekday } from './numbers-in-words.ts';
import { atClock, dated, fromToday, wordRule } from './time-told.ts';
import type { TimeRule, Told } from './time-told.ts';
import { DAY, HOUR, MINUTE } from './zone.ts';

const N = HAN_NUMBER;
const NOT_INSIDE_A_NUMBER = '(?<![\\d零〇一二两三四五六七八九十百廿.第:])';

const DAYS: Readonly<Record<string, Told>> = {
  今天: fromToday(0),
  今日: fromToday(0),
  昨天: fromToday(-1),
  昨日: fromToday(-1),
  前天: fromToday(-2),
  前日: fromToday(-2),
  大前天: fromToday(-3),
  明天: fromToday(1),
  今朝: fromToday(0, 'morning'),
  今早: fromToday(0, 'morning'),
  今晨: fromToday(0, 'dawn'),
  今晚: fromToday(0, 'evening'),
  今夜: fromToday(0, 'night'),
  昨早: fromToday(-1, 'morning'),
  昨晚: fromToday(-1, 'evening'),
  昨夜: fromToday(-1, 'night'),
  前晚: fromToday(-2, 'evening'),
  前夜: fromToday(-2, 'night'),
  琴晚: fromToday(-1, 'evening'),
  寻晚: fromToday(-1, 'evening'),
  寻日: fromToday(-1),
};

const PARTS: Readonly<Record<string, Told>> = {
  凌晨: { part: 'dawn' },
  清晨: { part: 'morning' },
  清早: { part: 'morning' },
  一大早: { part: 'morning' },
  大清早: { part: 'morning' },
  早上: { part: 'morning' },
  早晨: { part: 'morning' },
  朝早: { part: 'morning' },
  上午: { part: 'am' },
  中午: { part: 'noon' },
  正午: { part: 'noon' },
  晌午: { part: 'noon' },
  下午: { part: 'afternoon' },
  午后: { part: 'afternoon' },
  下昼: { part: 'afternoon' },
  傍晚: { part: 'evening' },
  黄昏: { part: 'evening' },
  晚上: { part: 'evening' },
  晚间: { part: 'evening' },
  夜晚: { part: 'evening' },
  夜黑: { part: 'evening' },
  夜间: { part: 'night' },
  夜里: { part: 'night' },
  半夜: { part: 'night' },
  深夜: { part: 'night' },
  午夜: { part: 'night' },
  大半夜: { part: 'night' },
};

const UNITS: readonly (readonly [RegExp, number])[] = [
  [/^秒/, 1000],
  [/^刻/, 15 * MINUTE],
  [/^分/, MINUTE],
  [/^(?:小时|时间|钟头)/, HOUR],
  [/^[天日]/, DAY],
  [/^(?:周|星期|礼拜)/, 7 * DAY],
  [/^月/, 30 * DAY],
  [/^年/, 365 * DAY],
];

function whileAgo([, much = '', halfInside, unit = '', halfAfter, minutes]: RegExpExecArray): Told | null {
  const ms = UNITS.find(([sign]) => sign.test(unit))?.[1];
  if (ms === undefined) return null;
  const isRough = /[几数]/.test(much);
  const number = isRough ? 3 : much === '半' ? 0.5 : hanNumber(much);
  if (number === null) return null;
  const half = halfInside !== undefined || halfAfter !== undefined ? 0.5 : 0;
  return { ago: { ms: (number + half) * ms + (minutes === undefined ? 0 : (hanNumber(minutes) ?? 0) * MINUTE), isRough } };
}

/** 九点, 九点半, 九点一刻, 9点05分, 八点二十. */
function clock([whole, hour = '', half, quarters, withSign, bare]: RegExpExecArray): Told | null {
  const minutes = withSign ?? bare;
  const minute =
    half !== undefined ? 30 : quarters !== undefined ? 15 * (hanNumber(quarters) ?? 0) : minutes === undefined ? 0 : hanNumber(minutes);
  // 一点, 两点 and the like, with nothing that only a clock has.
  const isWeak = !/[钟半刻分整多许:]|左右|\d/.test(whole) && minutes === undefined;
  return atClock(hanNumber(hour), minute, isWeak ? { isWeak: true } : {});
}

function shortOf([, minutes = '', quarter, hour = '']: RegExpExecArray): Told | null {
  const [full, short] = [hanNumber(hour), quarter === undefined ? hanNumber(minutes) : 15];
  if (full === null || short === null || short < 1 || short > 59) return null;
  return atClock((full + 23) % 24, 60 - short);
}

export const CHINESE_TIMES: readonly TimeRule[] = [
  wordRule(DAYS, pattern),
  wordRule(PARTS, pattern, pattern('(?<!天天|每天|一|经常|总在|整)').source, pattern('(?![好安]|不好)').source),
  {
    pattern: pattern(
      `${NOT_INSIDE_A_NUMBER}(${N})(?:点(?!\\d\\d?[元块米斤万]|[子儿评赞击名滴水建意要名])|时(?=许|${N}分|左右|整|半))(?:钟)?(?:(半)|([一二三123])刻|过?零?(${N})分(?!之)|过?((?:\\d\\d|[零〇]?[一二三四五六七八九]?十[一二三四五六七八九]?|[零〇][一二三四五六七八九])(?![\\d元块米.号人])))?(?:钟)?(?:多|左右|许|整)?`,
    ),
    told: clock,
  },
  { pattern: pattern(`差(?:(${N})分钟?|(一刻)钟?)(?:到|就)?(${N})点`), told: shortOf },
  {
    pattern: pattern(
      `${NOT_INSIDE_A_NUMBER}(${N}|半|[几数])(?:个)?(半)?(秒钟?|刻钟|分钟?|小时|时间|钟头|天|日|周|星期|礼拜|月|年)(半)?(?:零?(${N})分钟?)?(?:多|左右|吧)?(?:以前|之前|前(?![面方台门后往走进段]))`,
    ),
    told: whileAgo,
  },
  {
    pattern: pattern(
      `(?:(\\d{4})年)?(?<!\\d)(\\d{1,2}|十?[一二三四五六七八九十])月(\\d{1,2}|[一二三]?十?[一二三四五六七八九十])[日号]?(?!\\d)`,
    ),
    told: ([, year, month = '', date = '']) => dated(year, hanNumber(month) ?? 0, hanNumber(date) ?? 0),
  },
  {
    pattern: pattern(`(上个?)?(?:周|星期|礼拜)(${HAN_WEEKDAY}|[1-6])(?![个周次福大])`),
    told: ([, last, sign = '']) => ({ day: { is: 'weekday', weekday: hanWeekday(sign), ofLastWeek: last !== undefined } }),
  },
  {
    pattern: pattern('(本|这个?|上个?)月(\\d{1,2})[号日]'),
    told: ([, which = '', date = '']) =>
      Number(date) >= 1 && Number(date) <= 31
        ? { day: { is: 'date-of-month', monthsBack: which.startsWith('上') ? 1 : 0, date: Number(date) } }
        : null,
  },
  {
    // 20号 is also a house: only beside a part of the day or a clock.
    pattern: pattern('(?<![\\d月])(\\d{1,2})[号日](?=(?:凌晨|早|上午|中午|下午|傍晚|晚|夜|\\d{1,2}[点:]))'),
    told: ([, date = '']) => dated(undefined, null, date),
  },
  {
    pattern: pattern(
      '(?:刚才|刚刚|方才|适才|头先|刚(?![才刚好强果毅性烈劲直]))(?!我?(?:写|说|打|发|报)(?:错|的|漏))|不久前|前不久|一会儿?前|片刻前',
    ),
    told: () => ({ now: 'just' }),
  },
  { pattern: pattern('正在|正(?=被|有人|打|往|追|砸|拿)|此刻|当前(?!位置)'), told: () => ({ now: 'happening' }) },
  { pattern: pattern('现在|目前|眼下|而家|这会儿'), told: () => ({ now: 'now' }) },
];
