/**
 * Times and dates in figures, alike in all languages (20:15, 2026-11-20, 20.11.2026), and the one place where chrono-node is asked: for a date
 * with its month in letters.
 */
import type * as english from 'chrono-node/en';
import { clockTime, dated } from './time-told.ts';
import type { TimeRule, Told } from './time-told.ts';

/** The date that chrono reads in these few words. */
export function dateIn(chrono: Pick<typeof english, 'parse'>, words: string): Told | null {
  const start = chrono.parse(words, new Date(0), { forwardDate: true })[0]?.start;
  if (start === undefined || !start.isCertain('day') || !start.isCertain('month')) return null;
  return dated(start.isCertain('year') ? String(start.get('year')) : undefined, start.get('month') ?? 0, start.get('day') ?? 0);
}

/** Digital clocks and calendar dates in figures. A score (3:2), a ratio, a port and a coordinate are none. */
export const FIGURES: readonly TimeRule[] = [
  {
    pattern: /(?<![\d:./-])([01]?\d|2[0-4]):([0-5]\d)(?::[0-5]\d)?(?![\d:]|\.\d)(?:\s{0,2}([ap])\.?m\b\.?)?/g,
    told: ([, hour = '', minute = '', half]) => {
      const clock = clockTime(Number(hour), Number(minute), half === undefined && hour.length === 2 && Number(hour) < 10);
      if (clock === null) return null;
      return half === undefined ? { clock } : { clock, part: half === 'a' ? 'am' : 'pm' };
    },
  },
  {
    pattern: /(?<![\d./-])(20\d\d)[-./]([01]?\d)[-./]([0-3]?\d)(?![\d-]|[./]\d)/g,
    told: ([, year, month = '', date = '']) => dated(year, month, date),
  },
  {
    pattern: /(?<![\d./-])([0-3]?\d)\.([01]?\d)\.(20\d\d|\d\d)(?![\d.]\d)/g,
    told: ([, date = '', month = '', year]) => dated(year, month, date),
  },
  {
    pattern: /(?<![\d./-])([01]?\d)[-/]([0-3]?\d)(?![\d./-])/g,
    told: ([, month = '', date = '']) => {
      const told = dated(undefined, month, date);
      return told === null ? null : { ...told, isWeak: true };
    },
  },
];
