/** When it happened: what the words say, on the wall of the centre, and never a moment that cannot have been meant. */
import { describe, expect, it } from 'vitest';
import { fromRfc3339, instant, rfc3339 } from '../../src/kernel/instants.ts';
import type { Instant } from '../../src/kernel/instants.ts';
import { happenedIn } from '../../src/reading/time.ts';

const ZONE = 'Asia/Shanghai';
const EIGHT_HOURS = 8 * 3_600_000;
/** An instant by what the wall in Harbin shows. */
const wall = (shown: string): Instant => fromRfc3339(`${shown.replace(' ', 'T')}:00+08:00`) ?? instant(Number.NaN);
const shownAt = (at: Instant): string =>
  rfc3339(instant(at + EIGHT_HOURS))
    .slice(0, 16)
    .replace('T', ' ');
/** A Saturday. */
const AT = wall('2026-11-21 18:00');

function reads(text: string, at = AT): string | null {
  const found = happenedIn(text, at, ZONE);
  return found === null ? null : shownAt(found.value);
}

describe('a time that is said is read', () => {
  it.each([
    ['今天下午3点', '2026-11-21 15:00'],
    ['昨晚十点半被抢', '2026-11-20 22:30'],
    ['九点一刻', '2026-11-21 09:15'],
    ['九點一刻', '2026-11-21 09:15'],
    ['晚上八点三刻', '2026-11-20 20:45'],
    ['差五分九点', '2026-11-21 08:55'],
    ['九点二十', '2026-11-21 09:20'],
    ['昨晚两点', '2026-11-21 02:00'],
    ['凌晨12点', '2026-11-21 00:00'],
    ['昨天晚上十二点', '2026-11-21 00:00'],
    ['中午1点', '2026-11-21 13:00'],
    ['２０：１５', '2026-11-20 20:15'],
    ['11月20日', '2026-11-20 12:00'],
    ['12月3日晚上9点', '2025-12-03 21:00'],
    ['20号下午3点', '2026-11-20 15:00'],
    ['本月18号', '2026-11-18 12:00'],
    ['上周五晚上九点', '2026-11-13 21:00'],
    ['周三上午', '2026-11-18 10:00'],
    ['半小时前', '2026-11-21 17:30'],
    ['一个半小时前', '2026-11-21 16:30'],
    ['两小时二十分钟前', '2026-11-21 15:40'],
    ['一刻钟前', '2026-11-21 17:45'],
    ['三天前', '2026-11-18 18:00'],
    ['today at 3pm', '2026-11-21 15:00'],
    ['last night at half past ten', '2026-11-20 22:30'],
    ['quarter to nine', '2026-11-21 08:45'],
    ['yesterday around 9 pm', '2026-11-20 21:00'],
    ['the 20th of November at 9.30 pm', '2026-11-20 21:30'],
    ['Nov 18', '2026-11-18 12:00'],
    ['20 minutes ago', '2026-11-21 17:40'],
    ['an hour and a half ago', '2026-11-21 16:30'],
    ['a quarter of an hour ago', '2026-11-21 17:45'],
    ['fifteen mins ago', '2026-11-21 17:45'],
    ['at midnight', '2026-11-21 00:00'],
    ['вчера вечером в 22:30', '2026-11-20 22:30'],
    ['в половине десятого', '2026-11-21 09:30'],
    ['без четверти девять', '2026-11-21 08:45'],
    ['вчера около 9 часов вечера', '2026-11-20 21:00'],
    ['в два часа ночи', '2026-11-21 02:00'],
    ['20 ноября', '2026-11-20 12:00'],
    ['полтора часа назад', '2026-11-21 16:30'],
    ['минут 10 назад', '2026-11-21 17:50'],
    ['полчаса назад', '2026-11-21 17:30'],
    ['пару минут назад', '2026-11-21 17:58'],
    ['четверть часа назад', '2026-11-21 17:45'],
    ['час с половиной назад', '2026-11-21 16:30'],
    ['a couple of minutes ago', '2026-11-21 17:58'],
    ['昨日の午後3時', '2026-11-20 15:00'],
    ['夜10時半ごろ', '2026-11-20 22:30'],
    ['30分ほど前に', '2026-11-21 17:30'],
    ['場所は駅。10分前です', '2026-11-21 17:50'],
    ['어젯밤 열시 반', '2026-11-20 22:30'],
    ['오후 세 시 십오분', '2026-11-21 15:15'],
    ['30분 전에', '2026-11-21 17:30'],
    ['어제 저녁 8시 20분에', '2026-11-20 20:20'],
    ['2026-11-20 20:15', '2026-11-20 20:15'],
  ])('%s → %s', (text, shown) => {
    expect(reads(text)).toBe(shown);
  });
});

it.each([
  ['22:00有人砸车', '2026-11-22 01:00', '2026-11-21 22:00'],
  ['今晚10点有人砸车', '2026-11-22 01:00', '2026-11-21 22:00'],
  ['11 вечера', '2026-11-22 01:00', '2026-11-21 23:00'],
  ['9点', '2026-11-21 08:00', '2026-11-20 21:00'],
  ['12月31日晚上11点', '2027-01-01 00:30', '2026-12-31 23:00'],
])('%s, said at %s, was at %s: a time still to come is the one that has been', (text, at, shown) => {
  expect(reads(text, wall(at))).toBe(shown);
});

it('a time that is said for later today is kept, and only a guess', () => {
  const found = happenedIn('今晚10点他们要打架', AT, ZONE);
  expect(found).toEqual({ said: '今晚10点', certainty: 'guessed', value: wall('2026-11-21 22:00') });
});

it.each(['刚才', '刚刚', 'just now', 'только что', 'さっき', '방금'])('"%s" is a guess at the moment the text came', (text) => {
  expect(happenedIn(`${text} `, AT, ZONE)).toEqual({ said: text, certainty: 'guessed', value: AT });
});

it.each(['正在', '现在', 'right now', 'прямо сейчас', '今まさに', '지금'])('"%s" is the moment the text came', (text) => {
  expect(happenedIn(`${text} `, AT, ZONE)).toEqual({ said: text, certainty: 'stated', value: AT });
});

it('what the reporter said is cut out of their text as it stands there', () => {
  expect(happenedIn('在中山路，昨天晚上 ２２：３０，被搶', AT, ZONE)?.said).toBe('昨天晚上 ２２：３０');
  expect(happenedIn('He ran. Yesterday, around 9 PM!', AT, ZONE)?.said).toBe('Yesterday, around 9 PM');
});

it('of several times the one that tells most is taken', () => {
  expect(reads('我现在在家，昨天下午3点手机丢了')).toBe('2026-11-20 15:00');
  expect(reads('сейчас я дома, час назад меня ограбили')).toBe('2026-11-21 17:00');
});

it('a part of a day by itself, and a few minutes, are guesses', () => {
  expect(happenedIn('昨天晚上', AT, ZONE)?.certainty).toBe('guessed');
  expect(happenedIn('几分钟前', AT, ZONE)?.certainty).toBe('guessed');
  expect(happenedIn('несколько минут назад', AT, ZONE)?.certainty).toBe('guessed');
  expect(happenedIn('a few minutes ago', AT, ZONE)?.certainty).toBe('guessed');
  expect(happenedIn('昨天晚上9点', AT, ZONE)?.certainty).toBe('stated');
});

describe('what only looks like a time is none', () => {
  it.each([
    '我的电话13812345678',
    '路灯杆3021456',
    '中山路110号3号楼5单元',
    '花了12345元',
    '我有一点害怕',
    '快点来',
    '早上好',
    '地铁2号线',
    '比分3:2',
    '刚才写错了',
    '他天天半夜吵',
    '在楼前面',
    '坐标45.75,126.63',
    'my number is 13812345678',
    'sat at 12 Zhongshan Road',
    'I may be hurt',
    'good morning',
    'we are at 5 people',
    'pole 3021456',
    'ратуша 22',
    'на 5 этаже, квартира 12',
    'в доме 15',
    '二時間かかる',
    '3시간 걸려요',
    '시장 앞',
    '31월 40일',
    '25:70',
    '2月30日',
  ])('%s', (text) => {
    expect(happenedIn(text, AT, ZONE)).toBeNull();
  });
});

it('a date that has not come yet, and one long before, are not answered', () => {
  expect(happenedIn('2027年3月1日', AT, ZONE)).toBeNull();
  expect(happenedIn('明天下午8点', AT, ZONE)).toBeNull();
  expect(happenedIn('30年前', AT, ZONE)).toBeNull();
});

it('the clock is the one on the wall of the centre, also on the night it is turned back', () => {
  const at = fromRfc3339('2026-10-25T12:00:00+01:00') ?? AT;
  expect(rfc3339(happenedIn('at 9.30 am', at, 'Europe/Berlin')?.value ?? AT)).toBe('2026-10-25T08:30:00.000+00:00');
  expect(rfc3339(happenedIn('yesterday at 9.30 am', at, 'Europe/Berlin')?.value ?? AT)).toBe('2026-10-24T07:30:00.000+00:00');
});
