/** Who is on duty by the clock on the centre's wall: weekdays, nights, exceptions, and the days on which clocks change. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOnDuty } from '../../src/interpreters/duty.ts';
import type { DutyException, DutyHours } from '../../src/interpreters/volunteer.ts';
import { instant } from '../../src/kernel/instants.ts';
import { HARBIN, harbin, volunteer } from './volunteers.ts';

const hours = (weekday: number, from: string, to: string): DutyHours => ({ weekday, fromMinute: minutes(from), toMinute: minutes(to) });
const minutes = (text: string): number => Number(text.slice(0, 2)) * 60 + Number(text.slice(3));
const on = (duty: readonly DutyHours[], at: string, exceptions: readonly DutyException[] = []): boolean =>
  isOnDuty(volunteer('v1', { duty, exceptions }), harbin(at), HARBIN);

describe('duty hours', () => {
  it.each([
    ['2026-03-02 08:59', false],
    ['2026-03-02 09:00', true],
    ['2026-03-02 17:59', true],
    ['2026-03-02 18:00', false],
    ['2026-03-03 09:00', false],
    ['2026-03-09 12:00', true],
  ])('hold on their weekday from the first minute to before the last: Monday 09:00-18:00 at %s', (at, is) => {
    expect(on([hours(1, '09:00', '18:00')], at)).toBe(is);
  });

  it.each([
    ['2026-03-07 19:59', false],
    ['2026-03-07 20:00', true],
    ['2026-03-07 23:59', true],
    ['2026-03-08 00:00', true],
    ['2026-03-08 01:59', true],
    ['2026-03-08 02:00', false],
    ['2026-03-08 20:00', false],
    ['2026-03-07 01:00', false],
  ])('run past midnight into the next day: Saturday 20:00-02:00 at %s', (at, is) => {
    expect(on([hours(6, '20:00', '26:00')], at)).toBe(is);
  });

  it('of a Sunday night run into Monday', () => {
    expect(on([hours(7, '22:00', '30:00')], '2026-03-02 05:59')).toBe(true);
    expect(on([hours(7, '22:00', '30:00')], '2026-03-02 06:00')).toBe(false);
  });

  it('of a whole day end at midnight', () => {
    expect(on([hours(1, '00:00', '24:00')], '2026-03-02 23:59')).toBe(true);
    expect(on([hours(1, '00:00', '24:00')], '2026-03-03 00:00')).toBe(false);
  });

  it('are none for whoever has none', () => {
    expect(on([], '2026-03-02 12:00')).toBe(false);
  });
});

describe('an exception', () => {
  const week = [1, 2, 3, 4, 5, 6, 7].map((weekday) => hours(weekday, '20:00', '26:00'));
  const off = [{ date: '2026-03-03', hours: [] }];

  it('that is a day off leaves out what begins on its date, and nothing else', () => {
    expect(on(week, '2026-03-03 21:00', off)).toBe(false);
    expect(on(week, '2026-03-04 01:00', off)).toBe(false);
    expect(on(week, '2026-03-03 01:00', off)).toBe(true);
    expect(on(week, '2026-03-02 21:00', off)).toBe(true);
    expect(on(week, '2026-03-04 21:00', off)).toBe(true);
  });

  it('with hours of its own holds instead, also past midnight', () => {
    const other = [
      {
        date: '2026-03-03',
        hours: [
          { fromMinute: 600, toMinute: 720 },
          { fromMinute: 1380, toMinute: 1500 },
        ],
      },
    ];
    expect(on(week, '2026-03-03 10:00', other)).toBe(true);
    expect(on(week, '2026-03-03 21:00', other)).toBe(false);
    expect(on(week, '2026-03-04 00:59', other)).toBe(true);
    expect(on(week, '2026-03-04 01:00', other)).toBe(false);
  });
});

describe('the wall clock', () => {
  const at = (rfc: string) => instant(Date.parse(rfc));
  const night = volunteer('v1', { duty: [hours(7, '01:00', '03:00')] });

  it('is that of the zone, whatever day it is elsewhere', () => {
    const monday = volunteer('v1', { duty: [hours(1, '00:00', '01:00')] });
    expect(isOnDuty(monday, at('2026-03-01T16:30:00Z'), HARBIN)).toBe(true);
    expect(isOnDuty(monday, at('2026-03-01T16:30:00Z'), 'UTC')).toBe(false);
    expect(isOnDuty(monday, at('2026-03-02T08:30:00Z'), 'Pacific/Honolulu')).toBe(false);
    expect(isOnDuty(monday, at('2026-03-02T10:30:00Z'), 'Pacific/Honolulu')).toBe(true);
  });

  it('is followed when clocks go forward: in Berlin the hour from two to three is not there', () => {
    expect(isOnDuty(night, at('2026-03-29T00:59:00Z'), 'Europe/Berlin')).toBe(true);
    expect(isOnDuty(night, at('2026-03-29T01:00:00Z'), 'Europe/Berlin')).toBe(false);
  });

  it('is followed when clocks go back: in Berlin the hour from two to three is there twice', () => {
    expect(isOnDuty(night, at('2026-10-25T00:30:00Z'), 'Europe/Berlin')).toBe(true);
    expect(isOnDuty(night, at('2026-10-25T01:59:00Z'), 'Europe/Berlin')).toBe(true);
    expect(isOnDuty(night, at('2026-10-25T02:00:00Z'), 'Europe/Berlin')).toBe(false);
  });

  it('shows zones of half an hour, and midnight as the day that begins', () => {
    expect(isOnDuty(volunteer('v1', { duty: [hours(1, '00:00', '00:01')] }), at('2026-03-01T18:30:00Z'), 'Asia/Kolkata')).toBe(true);
  });

  it('of a zone that is none is refused', () => {
    expect(() => isOnDuty(night, at('2026-03-01T00:00:00Z'), 'Asia/Harbim')).toThrow(RangeError);
  });

  it('in a zone without changes agrees with counting minutes of the week', () => {
    const monday = harbin('2026-03-02 00:00');
    const span = fc.record({
      weekday: fc.integer({ min: 1, max: 7 }),
      from: fc.integer({ min: 0, max: 1439 }),
      lasts: fc.integer({ min: 1, max: 1440 }),
    });
    fc.assert(
      fc.property(
        fc.array(span, { maxLength: 4 }),
        fc.integer({ min: 0, max: 10_079 }),
        fc.integer({ min: -60, max: 60 }),
        (spans, minute, weeks) => {
          const duty = spans.map(({ weekday, from, lasts }) => ({ weekday, fromMinute: from, toMinute: from + lasts }));
          const counted = spans.some(({ weekday, from, lasts }) => (minute - (weekday - 1) * 1440 - from + 2 * 10_080) % 10_080 < lasts);
          expect(isOnDuty(volunteer('v1', { duty }), instant(monday + (weeks * 10_080 + minute) * 60_000), HARBIN)).toBe(counted);
        },
      ),
    );
  });
});
