/**
 * The texts of ours that a thread holds: how one is added, rewritten before it went, and kept back. Numbers run 1, 2, 3 … and none is
 * ever taken out. Never decides whether something may be said.
 */
import type { Instant } from '../kernel/instants.ts';
import { phoneNumber, subscriberOf, type PhoneNumber } from '../kernel/phone-numbers.ts';
import type { Outgoing, Purpose, Thread } from './thread.ts';

/** All but the reporter's own text on its way to another centre. */
export const toReporter = ({ purpose }: { readonly purpose: Purpose }): boolean => purpose !== 'forward';

const SHORTEST = 5;
const OF_12110 = /^(?:\+|00)?(?:86)?12110/;

/**
 * Whether a text can be sent back to this number. Services (110, 119, 120 and everything that short), the short number of any centre and
 * the number written to itself are never answered: two machines would answer each other.
 */
export function canAnswer(number: PhoneNumber | null, writtenTo = ''): boolean {
  if (number === null || OF_12110.test(number)) return false;
  const own = phoneNumber(writtenTo);
  return number.replace('+', '').length >= SHORTEST && (own === null || subscriberOf(number) !== subscriberOf(own));
}

/** What is new in a text of ours; the rest follows from the thread. */
export type Words = Pick<Outgoing, 'purpose' | 'asks' | 'text' | 'by'> & { readonly dueAt: Instant };

/** Adds a text to the reporter, waiting, with the next number. */
export function written(thread: Thread, words: Words, now: Instant): Thread {
  const { gateway, to: from, number } = thread;
  return added(thread, { ...words, gateway, to: number ?? thread.from, from }, now);
}

export function added(thread: Thread, words: Words & Pick<Outgoing, 'gateway' | 'to' | 'from'>, now: Instant): Thread {
  const outgoing: Outgoing = {
    ...words,
    number: thread.outgoing.length + 1,
    createdAt: now,
    state: 'waiting',
    attempts: 0,
    sentAt: null,
    acceptedAt: null,
    settledAt: null,
    carrierIds: [],
    deliveredIds: [],
    why: null,
  };
  return { ...thread, outgoing: [...thread.outgoing, outgoing] };
}

/** With one text of ours changed. */
export const changed = (thread: Thread, number: number, change: Partial<Outgoing>): Thread => ({
  ...thread,
  outgoing: thread.outgoing.map((one) => (one.number === number ? { ...one, ...change } : one)),
});

/** Keeps back all of these; the thread itself where there are none. `why` is told to a person. */
export function withhold(thread: Thread, which: (outgoing: Outgoing) => boolean, why: string, now: Instant): Thread {
  if (!thread.outgoing.some(which)) return thread;
  const outgoing = thread.outgoing.map((one): Outgoing =>
    which(one) ? { ...one, state: 'withheld', dueAt: null, settledAt: now, why } : one,
  );
  return { ...thread, outgoing };
}

/** Whether the reporter has it or may have it: it was given away, or is going to be. */
export const counts = ({ state, attempts }: Outgoing): boolean => state !== 'withheld' || attempts > 0;

/** Waiting, and no gateway has ever been handed it: it may still be rewritten. */
export const isUntouched = ({ state, attempts }: Outgoing): boolean => state === 'waiting' && attempts === 0;
