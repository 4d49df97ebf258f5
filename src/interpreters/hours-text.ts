/**
 * Duty hours and exceptions as people write them: `mon-fri 09:00-18:00`, `sat 20:00-02:00`, `2026-10-01 off`.
 * Complains in plain words of every piece that is none. Never asks what day it is.
 */
import { closest } from 'fastest-levenshtein';
import type { DutyException, DutyHours } from './volunteer.ts';

type Complain = (complaint: string) => void;
type Span = DutyException['hours'][number];

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
const SHORT = DAYS.map((day) => day.slice(0, 3));
const DAY_MINUTES = 1440;
const WEEK_MINUTES = 7 * DAY_MINUTES;
const HOURS = /^(\d{1,2}):(\d{2})\s*[-–]\s*(\d{1,2}):(\d{2})$/;
const LONGEST_SHOWN = 60;

/** A text in quotes, cut where it is long. */
export const quoted = (text: string): string => JSON.stringify(text.length > LONGEST_SHOWN ? `${text.slice(0, LONGEST_SHOWN)}…` : text);

/** Hours of the week, from pieces like `mon-fri 09:00-18:00`; one entry for each day. */
export function readDuty(pieces: readonly string[], complain: Complain): readonly DutyHours[] {
  const duty = pieces.flatMap((piece): readonly DutyHours[] => {
    const [, first, last, hours] = /^(\p{L}+)(?:\s*[-–]\s*(\p{L}+))?\s+(.*)$/u.exec(piece) ?? [];
    if (first === undefined || hours === undefined) {
      complain(`${quoted(piece)} is not written like "mon-fri 09:00-18:00"`);
      return [];
    }
    const [from, to] = [weekdayOf(first, complain), last === undefined ? null : weekdayOf(last, complain)];
    const span = spanOf(hours, complain);
    if (from === null || span === null || (last !== undefined && to === null)) return [];
    return daysFrom(from, to ?? from).map((weekday) => ({ weekday, ...span }));
  });
  complainOfOverlaps(duty, complain);
  return duty;
}

/** Dates with other hours, from pieces like `2026-10-01 off` and `2026-10-02 10:00-12:00`; pieces of one date belong together. */
export function readExceptions(pieces: readonly string[], complain: Complain): readonly DutyException[] {
  const dates = new Map<string, { isOff: boolean; readonly hours: Span[] }>();
  for (const piece of pieces) {
    const [, date, rest] = /^(\S+)\s+(.*)$/.exec(piece) ?? [];
    if (date === undefined || rest === undefined) {
      complain(`${quoted(piece)} is not written like "2026-10-01 off" or "2026-10-01 10:00-12:00"`);
      continue;
    }
    if (!isDate(date)) complain(`${quoted(date)} is no date (YYYY-MM-DD)`);
    const isOff = rest.toLowerCase() === 'off';
    const span = isOff ? null : spanOf(rest, complain);
    const known = dates.get(date) ?? { isOff: false, hours: [] };
    dates.set(date, { isOff: known.isOff || isOff, hours: [...known.hours, ...(span === null ? [] : [span])] });
  }
  return [...dates].map(([date, { isOff, hours }]) => {
    if (isOff && hours.length > 0) complain(`${date} is off and has hours as well: which one is meant?`);
    const sorted = hours.toSorted((a, b) => a.fromMinute - b.fromMinute);
    for (const [n, span] of sorted.entries()) {
      const before = sorted[n - 1];
      if (before !== undefined && span.fromMinute < before.toMinute) complain(`${date}: ${shown(before)} and ${shown(span)} overlap`);
    }
    return { date, hours: sorted };
  });
}

function weekdayOf(word: string, complain: Complain): number | null {
  const index = word.length < 3 ? -1 : DAYS.findIndex((day) => day.startsWith(word.toLowerCase()));
  if (index >= 0) return index + 1;
  complain(`${quoted(word)} is no day; the nearest is ${closest(word.slice(0, LONGEST_SHOWN).toLowerCase(), SHORT)}`);
  return null;
}

/** From one weekday to another, over Sunday where it must be. */
function daysFrom(first: number, last: number): readonly number[] {
  return Array.from({ length: ((last - first + 7) % 7) + 1 }, (_, n) => ((first - 1 + n) % 7) + 1);
}

/** An end that is not after the beginning lies on the next day. */
function spanOf(text: string, complain: Complain): Span | null {
  const numbers = HOURS.exec(text.trim())?.slice(1).map(Number);
  if (numbers === undefined) {
    complain(`${quoted(text)} is not written like "09:00-18:00"`);
    return null;
  }
  const [fromHour = 0, fromMinutes = 0, toHour = 0, toMinutes = 0] = numbers;
  const [from, to] = [fromHour * 60 + fromMinutes, toHour * 60 + toMinutes];
  if (fromMinutes > 59 || toMinutes > 59 || from >= DAY_MINUTES || to > DAY_MINUTES) {
    complain(`${quoted(text)} is no time of day (00:00 to 24:00)`);
    return null;
  }
  if (from === to) {
    complain(`${quoted(text)} is nothing or a whole day; a whole day is 00:00-24:00`);
    return null;
  }
  return { fromMinute: from, toMinute: to > from ? to : to + DAY_MINUTES };
}

/** Hours that run into others, on the week as a ring: Sunday's night runs into Monday. */
function complainOfOverlaps(duty: readonly DutyHours[], complain: Complain): void {
  const start = (hours: DutyHours): number => (hours.weekday - 1) * DAY_MINUTES + hours.fromMinute;
  const end = (hours: DutyHours): number => (hours.weekday - 1) * DAY_MINUTES + hours.toMinute;
  const sorted = duty.toSorted((a, b) => start(a) - start(b));
  for (const [n, hours] of sorted.entries()) {
    const isLast = n === sorted.length - 1;
    const following = sorted[isLast ? 0 : n + 1];
    if (following === undefined || following === hours) continue;
    if (start(following) + (isLast ? WEEK_MINUTES : 0) >= end(hours)) continue;
    const named = [hours, following].map((one) => `${SHORT[one.weekday - 1]} ${shown(one)}`);
    complain(`${named.join(' and ')} overlap`);
  }
}

const shown = ({ fromMinute, toMinute }: Span): string =>
  `${clock(fromMinute)}-${clock(toMinute > DAY_MINUTES ? toMinute - DAY_MINUTES : toMinute)}`;
const clock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;

function isDate(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  const midnight = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(midnight.getTime()) && midnight.toISOString().startsWith(text);
}
