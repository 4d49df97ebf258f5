/**
 * The machine's clock: alarms ring at their moment or after it, never before.
 */
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { clock } from '../src/clock.ts';
import { instant, later } from '../src/kernel/instants.ts';

beforeEach(() => void vi.useFakeTimers({ now: 1_000_000 }));
afterEach(() => void vi.useRealTimers());

test('an alarm rings once, at its moment', () => {
  const rung: number[] = [];
  clock.alarm(later(clock.now(), 500), () => rung.push(clock.now()));
  vi.advanceTimersByTime(499);
  expect(rung).toEqual([]);
  vi.advanceTimersByTime(5000);
  expect(rung).toEqual([1_000_500]);
});

test('a timer that ends before the moment rings nothing yet, and the alarm is not lost', () => {
  const rung: number[] = [];
  clock.alarm(later(clock.now(), 500), () => rung.push(clock.now()));
  vi.advanceTimersByTime(499);
  // As Node's timers do now and then, and as every timer does when the clock is set back.
  vi.setSystemTime(1_000_400);
  vi.advanceTimersByTime(1);
  expect(rung).toEqual([]);
  vi.advanceTimersByTime(1000);
  expect(rung).toEqual([1_000_500]);
});

test('a moment further away than a timer can be told is waited for', () => {
  const rung: number[] = [];
  const at = instant(1_000_000 + 30 * 24 * 3_600_000);
  clock.alarm(at, () => rung.push(clock.now()));
  vi.advanceTimersByTime(29 * 24 * 3_600_000);
  expect(rung).toEqual([]);
  vi.advanceTimersByTime(2 * 24 * 3_600_000);
  expect(rung).toEqual([at]);
});

test('an alarm that was taken back stays silent, also after its timer was set anew', () => {
  const rung: number[] = [];
  const cancel = clock.alarm(later(clock.now(), 500), () => rung.push(clock.now()));
  vi.setSystemTime(1_000_000 - 100);
  vi.advanceTimersByTime(510);
  cancel();
  vi.advanceTimersByTime(5000);
  expect(rung).toEqual([]);
});
