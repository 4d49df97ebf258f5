/**
 * How a thread is read: what all its texts tell together, what is missing, how urgent it is, in what language it is
 * answered, and whether it may be answered at all. Never writes a text of ours.
 */
import type { Instant } from '../kernel/instants.ts';
import type { Reading } from '../reading/reading.ts';
import { guardAfter, guarded } from './guard.ts';
import type { TextRules } from './rules.ts';
import type { Essential, Received, Thread } from './thread.ts';

/** In the order in which it is asked for: where first, then what, then when. */
export const ESSENTIALS: readonly Essential[] = ['place', 'what', 'time'];

/** Everything that follows from the texts themselves, and what of ours is kept back because of it. */
export function readAgain(thread: Thread, now: Instant, rules: TextRules): Thread {
  const texts = thread.received.map((received) => ({ text: withoutGaps(received), at: received.receivedAt }));
  const reading = rules.readTogether(texts);
  const urgency = reading.urgency?.value;
  const read: Thread = {
    ...thread,
    reading,
    language: reading.language.tag === 'und' ? rules.language : reading.language.tag,
    missing: ESSENTIALS.filter((essential) => isMissing(essential, reading)),
    isUrgent: urgency === 'immediate' || urgency === 'urgent',
    guard: guardAfter(thread.guard, reading.danger, now),
  };
  return guarded(read, now);
}

/** The mark of a gap has numbers in it that are nobody's date and no house's. */
export const withoutGaps = ({ text, isComplete }: Pick<Received, 'text' | 'isComplete'>): string =>
  isComplete ? text : text.replaceAll(/\[…\d+(?:-\d+)?\/\d+…\]/g, ' … ');

function isMissing(essential: Essential, { happened, place, matter, saysWhat }: Reading): boolean {
  switch (essential) {
    case 'place':
      return Object.values(place).every((piece) => piece === null);
    case 'what':
      return matter === null && !saysWhat;
    case 'time':
      return happened === null;
  }
}
