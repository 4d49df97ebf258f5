/**
 * Which figures are told, in every language alike: those that can be said right. The others are left out, and the rest is said.
 * Never knows a word.
 */
import type { WaitRange } from '../call/messages.ts';

/** The greatest number of things that can be counted aloud. */
export const MOST = 9999;

const sayable = (count: number): boolean => Number.isInteger(count) && count >= 1 && count <= MOST;

/** Those ahead of a caller: 0 for the head of the line, `null` when the place is not known or cannot be said. */
export const aheadOf = (place: number | null): number | null => {
  if (place === 1) return 0;
  return place === null || !sayable(place - 1) ? null : place - 1;
};

/** `from` is `null` for a span that begins at zero: only its end is told. */
export interface ToldWait {
  readonly from: number | null;
  readonly to: number;
}

export const waitToTell = (wait: WaitRange | null): ToldWait | null => {
  if (wait === null || !sayable(wait.toMinutes)) return null;
  if (wait.fromMinutes === 0) return { from: null, to: wait.toMinutes };
  return sayable(wait.fromMinutes) && wait.fromMinutes < wait.toMinutes ? { from: wait.fromMinutes, to: wait.toMinutes } : null;
};

/** The decimal places of a number of at most four figures, e.g. 2035 is 2 thousands, 0 hundreds, 3 tens and 5 ones. */
export const placesOf = (
  count: number,
): { readonly thousands: number; readonly hundreds: number; readonly tens: number; readonly ones: number } => ({
  thousands: Math.floor(count / 1000),
  hundreds: Math.floor(count / 100) % 10,
  tens: Math.floor(count / 10) % 10,
  ones: count % 10,
});
