/**
 * Duty hours: who is on duty at a moment, by the wall clock of the centre. Hours belong to the date on which they begin: an exception
 * replaces what begins on its date, and hours of the evening before run on past midnight.
 * Never reads a clock: the instant is handed in.
 */
import type { Instant } from '../kernel/instants.ts';
import type { DutyException, DutyHours } from './volunteer.ts';

/** What duty is read from; a volunteer has it. */
export interface OnCall {
  readonly duty: readonly DutyHours[];
  readonly exceptions: readonly DutyException[];
}

interface Day {
  /** YYYY-MM-DD */
  readonly date: string;
  /** 1 is Monday, 7 is Sunday. */
  readonly weekday: number;
}

/** A moment as the wall clock of a time zone shows it. */
export interface WallClock {
  readonly today: Day;
  readonly yesterday: Day;
  /** Minutes since midnight as shown, 0 to 1439; on the day the clocks change some are shown twice or never. */
  readonly minute: number;
}

const DAY_MINUTES = 1440;
const DAY_MS = 86_400_000;

/** Throws a RangeError where there is no such time zone. */
export function wallClock(at: Instant, timeZone: string): WallClock {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  }).formatToParts(at);
  const shown = (type: Intl.DateTimeFormatPartTypes): number => Number(parts.find((part) => part.type === type)?.value);
  const midnight = Date.UTC(shown('year'), shown('month') - 1, shown('day'));
  return { today: dayOf(midnight), yesterday: dayOf(midnight - DAY_MS), minute: shown('hour') * 60 + shown('minute') };
}

function dayOf(utcMidnight: number): Day {
  const day = new Date(utcMidnight);
  return { date: day.toISOString().slice(0, 10), weekday: day.getUTCDay() || 7 };
}

/** Whether duty runs while the clock shows this; the first minute is in, the last one out. */
export function isOnDutyBy(clock: WallClock, volunteer: OnCall): boolean {
  const covers = (day: Day, minute: number): boolean =>
    hoursOf(volunteer, day).some(({ fromMinute, toMinute }) => fromMinute <= minute && minute < toMinute);
  return covers(clock.today, clock.minute) || covers(clock.yesterday, clock.minute + DAY_MINUTES);
}

/** `timeZone`: IANA name, e.g. `Asia/Shanghai`. Throws a RangeError where there is no such zone. */
export function isOnDuty(volunteer: OnCall, at: Instant, timeZone: string): boolean {
  return isOnDutyBy(wallClock(at, timeZone), volunteer);
}

function hoursOf({ duty, exceptions }: OnCall, { date, weekday }: Day): DutyException['hours'] {
  return exceptions.find((exception) => exception.date === date)?.hours ?? duty.filter((hours) => hours.weekday === weekday);
}
