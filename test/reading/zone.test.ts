/** From what a wall shows to an instant and back, also where clocks are turned. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { instant, rfc3339 } from '../../src/kernel/instants.ts';
import { dayOf, DAY, HOUR, instantOnWall, MINUTE, wallClockOf, weekdayOf } from '../../src/reading/zone.ts';

const on = (zone: string, [year, month, date]: readonly [number, number, number], hours: number): string =>
  rfc3339(instantOnWall(dayOf(year, month, date) ?? Number.NaN, hours * HOUR, zone)).slice(0, 16);

it('a wall ahead of UTC and one behind it show what they should', () => {
  expect(on('Asia/Shanghai', [2026, 11, 21], 1.5)).toBe('2026-11-20T17:30');
  expect(on('America/New_York', [2026, 11, 21], 23)).toBe('2026-11-22T04:00');
});

it('an hour that comes twice is the first, and one that is left out is the hour after', () => {
  expect(on('Europe/Berlin', [2026, 10, 25], 2.5)).toBe('2026-10-25T00:30');
  expect(on('Europe/Berlin', [2026, 10, 25], 3.5)).toBe('2026-10-25T02:30');
  expect(on('America/New_York', [2026, 11, 1], 1.5)).toBe('2026-11-01T05:30');
  expect(on('Europe/Berlin', [2026, 3, 29], 2.5)).toBe('2026-03-29T01:30');
});

it('what a wall shows of an instant is that instant, to the minute', () => {
  const zones = fc.constantFrom('Asia/Shanghai', 'Asia/Kathmandu', 'UTC', 'America/Bogota', 'Asia/Tokyo');
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3_000_000_000_000 }), zones, (ms, zone) => {
      const at = instant(ms - (ms % MINUTE));
      const { day, ofDay } = wallClockOf(at, zone);
      // Clocks were turned there too, long ago: an hour that came twice is taken for the first.
      expect(Math.abs(instantOnWall(day, ofDay, zone) - at)).toBeLessThanOrEqual(at < 800_000_000_000 ? HOUR : 0);
    }),
  );
});

it('a date that no calendar has is none, and weekdays begin with Monday', () => {
  expect(dayOf(2026, 2, 29)).toBeNull();
  expect(dayOf(2028, 2, 29)).not.toBeNull();
  expect(dayOf(2026, 13, 1)).toBeNull();
  expect(weekdayOf(Date.UTC(2026, 10, 21) / DAY)).toBe(6);
  expect(weekdayOf(0)).toBe(4);
});

it('a zone that does not exist is refused aloud: it is a setting, not a text', () => {
  expect(() => wallClockOf(instant(0), 'Asia/Nowhere')).toThrow(RangeError);
});
