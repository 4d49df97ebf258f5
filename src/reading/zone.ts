/**
 * Clocks on the wall of a time zone: from an instant to what they show, and back. Reads no clock; the zone's rules are Node's own (IANA).
 */
import { instant } from '../kernel/instants.ts';
import type { Instant } from '../kernel/instants.ts';

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

export interface WallClock {
  /** Days since 1970-01-01 of the calendar on this wall. */
  readonly day: number;
  /** Milliseconds since midnight on this wall. */
  readonly ofDay: number;
}

/** One formatter a zone: making one costs more than all else here. A centre has one zone. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function formatterOf(timeZone: string): Intl.DateTimeFormat {
  const known = formatters.get(timeZone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formatters.set(timeZone, made);
  return made;
}

/** How far the wall is ahead of UTC, in milliseconds. Throws RangeError for a zone that does not exist: a setting, not a text. */
export function aheadOfUtc(at: Instant, timeZone: string): number {
  const [month = 1, day = 1, year = 1970, hour = 0, minute = 0, second = 0] = (formatterOf(timeZone).format(at).match(/\d+/g) ?? []).map(
    Number,
  );
  return Date.UTC(year, month - 1, day, hour, minute, second) - Math.floor(at / 1000) * 1000;
}

export function wallClockOf(at: Instant, timeZone: string): WallClock {
  const wall = at + aheadOfUtc(at, timeZone);
  const day = Math.floor(wall / DAY);
  return { day, ofDay: wall - day * DAY };
}

/** When that wall shows this. A moment left out in spring is the one an hour on; one that comes twice is the first. */
export function instantOnWall(day: number, ofDay: number, timeZone: string): Instant {
  const wall = day * DAY + ofDay;
  const first = wall - aheadOfUtc(instant(wall - DAY / 2), timeZone);
  const second = instant(wall - aheadOfUtc(instant(first), timeZone));
  return second + aheadOfUtc(second, timeZone) === wall ? second : instant(first);
}

/** Day number of a date; `null` where the calendar has none such. */
export function dayOf(year: number, month: number, date: number): number | null {
  const ms = Date.UTC(year, month - 1, date);
  const made = new Date(ms);
  return year >= 1970 && made.getUTCMonth() === month - 1 && made.getUTCDate() === date ? ms / DAY : null;
}

/** 1 (Monday) to 7. */
export const weekdayOf = (day: number): number => ((((day + 3) % 7) + 7) % 7) + 1;
