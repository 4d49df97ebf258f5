/**
 * The safe-reply guard: in front of every text to the reporter. A sign of danger, of hiding, of violence at home or a wish not to be
 * answered means silence until a call taker decides; the decision is kept with its reason. It never opens by itself.
 */
import type { CallTakerId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instants.ts';
import type { DangerSign, Found } from '../reading/reading.ts';
import { isJoinedAway, JOINED } from './holding.ts';
import { toReporter, withhold } from './own-texts.ts';
import type { Refused } from './rules.ts';
import type { Guard, SignSeen, Thread } from './thread.ts';

const REASON_LONGEST = 500;

/** Whether nothing may go out to the reporter. */
export const isShut = (guard: Guard): guard is Guard & { readonly is: 'silent' | 'forbidden' } =>
  guard.is === 'silent' || guard.is === 'forbidden';

/** Why not, for the record and for the call taker. */
export const whyShut = (guard: Guard & { readonly is: 'silent' | 'forbidden' }): string =>
  guard.is === 'forbidden'
    ? 'a call taker decided that this reporter must not be answered'
    : `an answer may endanger the reporter (${guard.signs.map(({ sign }) => sign).join(', ')}); decide first whether they may be answered`;

const signsOf = (guard: Guard): readonly SignSeen[] => (guard.is === 'open' ? [] : guard.signs);

/** Each kind of sign once, as it was first said. */
const together = (signs: readonly SignSeen[]): readonly SignSeen[] =>
  signs.filter(({ sign }, index) => signs.findIndex((other) => other.sign === sign) === index);

/** The guard after all that is read now: it shuts at a kind of sign that it did not know. */
export function guardAfter(guard: Guard, danger: readonly Found<DangerSign>[], now: Instant): Guard {
  const known = signsOf(guard);
  const signs = together([...known, ...danger.map(({ value, said }) => ({ sign: value, said }))]);
  if (signs.length === known.length) return guard;
  if (guard.is === 'forbidden') return { ...guard, signs };
  return { is: 'silent', since: guard.is === 'silent' ? guard.since : now, signs };
}

/** The stricter of two, with the signs of both; of two decisions alike the later one stands. */
export function stricter(one: Guard, other: Guard, now: Instant): Guard {
  const [first, second] = STRICTNESS[one.is] > STRICTNESS[other.is] ? [one, other] : [other, one];
  if (first.is === 'open') return first;
  const signs = together([...signsOf(first), ...signsOf(second)]);
  if (first.is === 'allowed') {
    // What was allowed was so with the signs of one thread; those of the other were not before whoever decided.
    if (signs.length > first.signs.length && second.is !== 'allowed') return { is: 'silent', since: now, signs };
    const decided = second.is === 'allowed' && second.at > first.at ? second : first;
    return { ...decided, signs };
  }
  if (first.is === 'silent')
    return { ...first, since: second.is === 'silent' && second.since < first.since ? second.since : first.since, signs };
  const decided = second.is === 'forbidden' && second.at > first.at ? second : first;
  return { ...decided, signs };
}
const STRICTNESS = { open: 0, allowed: 1, silent: 2, forbidden: 3 } as const;

/** Everything to the reporter that has not surely gone is kept back while the guard is shut. */
export function guarded(thread: Thread, now: Instant): Thread {
  if (!isShut(thread.guard)) return thread;
  const isUnderWay = (state: string): boolean => state === 'waiting' || state === 'sent';
  return withhold(thread, (one) => toReporter(one) && isUnderWay(one.state), whyShut(thread.guard), now);
}

/**
 * A call taker decides whether the reporter may be texted and called. What was kept back stays so; after 'allowed' automatic texts are
 * made anew from the next text on. `seen`: the signs that were before whoever decided; nothing is allowed over one that came since.
 */
export function decide(
  thread: Thread,
  allow: boolean,
  reason: string,
  seen: readonly DangerSign[],
  by: CallTakerId,
  now: Instant,
): Thread | Refused {
  const words = reason.trim();
  if (words === '') return { refused: 'a decision needs its reason' };
  if (words.length > REASON_LONGEST) return { refused: `the reason is longer than ${REASON_LONGEST} characters` };
  if (isJoinedAway(thread)) return { refused: JOINED };
  const unseen = signsOf(thread.guard).filter(({ sign }) => !seen.includes(sign));
  if (allow && unseen.length > 0) {
    const told = unseen.map(({ sign, said }) => `${sign} (${said})`).join(', ');
    return { refused: `there are signs of danger that were not before you: ${told}; look again, and name every sign that you have seen` };
  }
  const guard: Guard = { is: allow ? 'allowed' : 'forbidden', at: now, by, reason: words, signs: signsOf(thread.guard) };
  return guarded({ ...thread, guard }, now);
}
