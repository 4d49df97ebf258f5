/**
 * From what is told of a time to an instant, on the centre's wall clock. Never in the future by more than a day, never nonsense: what cannot
 * have been meant is `null`.
 */
import { instant } from '../kernel/instants.ts';
import type { Instant } from '../kernel/instants.ts';
import type { Found } from './reading.ts';
import type { ClockTime, Day, PartOfDay, Told } from './time-told.ts';
import { DAY, dayOf, HOUR, instantOnWall, MINUTE, wallClockOf, weekdayOf } from './zone.ts';

type Moment = Omit<Found<Instant>, 'said'>;

/** Telephones and centres do not agree to the minute. */
const CLOCKS_DIFFER = 10 * MINUTE;
const OLDEST = 20 * 365 * DAY;
/** Until this hour people still say "tonight" of the evening before. */
const NIGHT_ENDS = 5;
/** The hour a part of the day stands for when no clock is told. */
const HOUR_OF: Readonly<Record<PartOfDay, number>> = {
  am: 10,
  pm: 15,
  dawn: 3,
  morning: 8,
  noon: 12,
  afternoon: 15,
  evening: 20,
  night: 23,
};

export function momentOf(told: Told, at: Instant, timeZone: string): Moment | null {
  const moment =
    told.ago === undefined ? (told.now === undefined ? onCalendar(told, at, timeZone) : ofNow(told.now, at)) : before(told.ago, at);
  return moment === null || moment.value > at + DAY || moment.value < at - OLDEST || !Number.isFinite(moment.value) ? null : moment;
}

const ofNow = (now: 'happening' | 'now' | 'just', at: Instant): Moment => ({ value: at, certainty: now === 'just' ? 'guessed' : 'stated' });

const before = ({ ms, isRough }: { readonly ms: number; readonly isRough: boolean }, at: Instant): Moment => ({
  value: instant(at - Math.round(ms)),
  certainty: isRough ? 'guessed' : 'stated',
});

function onCalendar({ day, part, clock }: Told, at: Instant, timeZone: string): Moment | null {
  const now = wallClockOf(at, timeZone);
  const stated = day === undefined ? null : dayMeant(day, now.day);
  if (day !== undefined && stated === null) return null;
  const isToday = stated === null || stated === now.day;
  if (clock === undefined) return withoutClock(day, part, stated ?? now.day, at, timeZone);
  const hours = hoursOf(clock, part);
  const onDays = stated === null ? [now.day, now.day - 1] : isToday && now.ofDay < NIGHT_ENDS * HOUR ? [stated, stated - 1] : [stated];
  const candidates = onDays.flatMap((on) => hours.map((hour) => instantOnWall(on, hour * HOUR + clock.minute * MINUTE, timeZone)));
  const past = candidates.filter((value) => value <= at + CLOCKS_DIFFER);
  // Of a day long gone the hour is taken as it stands; of today the nearest one that has been.
  if (!isToday && candidates[0] !== undefined) return { value: candidates[0], certainty: 'stated' };
  const nearest = past.length > 0 ? Math.max(...past) : Math.min(...candidates);
  return { value: instant(nearest), certainty: past.length > 0 ? 'stated' : 'guessed' };
}

/** The hours of the day a clock may mean, from its midnight; past 24 for the small hours that belong to an evening. */
function hoursOf({ hour, isOf24 }: ClockTime, part: PartOfDay | undefined): readonly number[] {
  if (part === undefined) return isOf24 || hour > 12 ? [hour] : hour === 12 ? [12, 24] : [hour, hour + 12];
  switch (part) {
    case 'am':
    case 'morning':
      return [hour === 12 && part === 'am' ? 0 : hour];
    case 'dawn':
      return [hour % 12];
    case 'noon':
      return [hour < 6 ? hour + 12 : hour];
    case 'pm':
    case 'afternoon':
      return [hour < 12 ? hour + 12 : hour];
    case 'evening':
    case 'night':
      return [hour > 12 ? hour : hour === 12 || hour === 0 ? 24 : hour < 5 ? hour + 24 : hour + 12];
  }
}

function withoutClock(day: Day | undefined, part: PartOfDay | undefined, on: number, at: Instant, timeZone: string): Moment | null {
  const certainty = day !== undefined && day.is !== 'from-today' ? 'stated' : 'guessed';
  const ofDay = part === undefined ? 12 * HOUR : HOUR_OF[part] * HOUR;
  const value = instantOnWall(on, ofDay, timeZone);
  const today = wallClockOf(at, timeZone).day;
  if (on > today) return null;
  if (day === undefined) return { value: value <= at ? value : instantOnWall(on - 1, ofDay, timeZone), certainty };
  if (on === today && (part === undefined || value > at)) return { value: at, certainty };
  return { value, certainty };
}

/** Day number meant; `null` where there is no such day or it has not come yet. */
function dayMeant(day: Day, today: number): number | null {
  switch (day.is) {
    case 'from-today':
      return today + day.days;
    case 'weekday': {
      const monday = today - weekdayOf(today) + 1;
      if (day.ofLastWeek) return monday - 7 + day.weekday - 1;
      const inThisWeek = monday + day.weekday - 1;
      return inThisWeek > today ? inThisWeek - 7 : inThisWeek;
    }
    case 'date-of-month': {
      const now = new Date(today * DAY);
      const first = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - day.monthsBack, 1));
      return dayOf(first.getUTCFullYear(), first.getUTCMonth() + 1, day.date);
    }
    case 'date':
      return dateMeant(day, today);
  }
}

function dateMeant(day: Extract<Day, { is: 'date' }>, today: number): number | null {
  const now = new Date(today * DAY);
  const year = now.getUTCFullYear();
  if (day.month === null) {
    const here = dayOf(year, now.getUTCMonth() + 1, day.date);
    if (here !== null && here <= today) return here;
    const previous = new Date(Date.UTC(year, now.getUTCMonth() - 1, 1));
    return dayOf(previous.getUTCFullYear(), previous.getUTCMonth() + 1, day.date);
  }
  if (day.year !== null) {
    const there = dayOf(day.year, day.month, day.date);
    return there !== null && there <= today + 1 ? there : null;
  }
  const here = dayOf(year, day.month, day.date);
  return here !== null && here <= today + 1 ? here : dayOf(year - 1, day.month, day.date);
}
