/**
 * What people have said to the reporter: a call taker in their own words, a dispatcher that police are on their way. The guard stands in
 * front of both.
 */
import type { CallTakerId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instants.ts';
import { automatic, dueFor } from './asking.ts';
import { isShut, whyShut } from './guard.ts';
import { ELSEWHERE, isJoinedAway, JOINED } from './holding.ts';
import { canAnswer, withhold, written } from './own-texts.ts';
import { spoken } from './replies.ts';
import type { Refused, TextRules } from './rules.ts';
import type { Thread } from './thread.ts';

const NO_NUMBER = 'there is no number that can be answered';

/** A call taker's own text, waiting to be sent. */
export function answer(thread: Thread, text: string, by: CallTakerId, now: Instant, rules: TextRules): Thread | Refused {
  const words = text.trim();
  if (words === '') return { refused: 'an empty text is not sent' };
  if (words.length > rules.answerLongest)
    return { refused: `the text has ${words.length} characters; ${rules.answerLongest} are the most` };
  const against = againstSpeaking(thread);
  if (against !== null) return { refused: against };
  if (isShut(thread.guard)) return { refused: whyShut(thread.guard) };
  if (!canAnswer(thread.number, thread.to)) return { refused: NO_NUMBER };
  return written(thread, { purpose: 'call-taker', asks: null, text: words, by, dueAt: now }, now);
}

/**
 * The reporter is told once that police are on their way; it is kept back, and kept on record, where the reporter must not or cannot be
 * answered.
 */
export function onTheirWay(thread: Thread, now: Instant, rules: TextRules): Thread | Refused {
  const against = againstSpeaking(thread);
  if (against !== null) return { refused: against };
  const why = whyNot(thread, rules);
  const told = thread.outgoing.filter(({ purpose }) => purpose === 'on-their-way');
  if (told.some(({ state }) => state !== 'failed' && (state !== 'withheld' || why !== null))) return thread;
  const text = spoken(rules, thread.language).onTheirWay();
  const next = written(thread, { purpose: 'on-their-way', asks: null, text, by: 'system', dueAt: dueFor(thread, now, rules) }, now);
  return why === null ? next : withhold(next, ({ number }) => number === next.outgoing.length, why, now);
}

function againstSpeaking(thread: Thread): string | null {
  if (isJoinedAway(thread)) return JOINED;
  return thread.holder.is === 'elsewhere' ? ELSEWHERE : null;
}

function whyNot(thread: Thread, rules: TextRules): string | null {
  if (isShut(thread.guard)) return whyShut(thread.guard);
  if (!canAnswer(thread.number, thread.to)) return NO_NUMBER;
  return automatic(thread.outgoing) < rules.automaticAtMost ? null : `${rules.automaticAtMost} automatic texts are the most`;
}
