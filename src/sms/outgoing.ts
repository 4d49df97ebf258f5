/**
 * The states of a text of ours, from waiting to its end, as the gateway and the carrier tell them: before, after, twice, contradicting
 * one another. Every step answers the very thread it was given where nothing changes. Never sends.
 */
import { later, type Instant } from '../kernel/instants.ts';
import { isShut, whyShut } from './guard.ts';
import { changed, toReporter, withhold } from './own-texts.ts';
import type { TextNumbers } from './rules.ts';
import type { Outgoing, Thread } from './thread.ts';

export type SendingRules = Pick<TextNumbers, 'sendAttemptsAtMost' | 'retryAfterMs' | 'answerWithinMs'>;

/** What a gateway answered; the shapes of control's door. */
export type SendingAnswer =
  | { readonly is: 'accepted'; readonly carrierIds: readonly string[] }
  | { readonly is: 'handed-on' }
  | { readonly is: 'refused' | 'unreachable'; readonly answer: string };

const WHY_LONGEST = 200;

/**
 * Before a text is given to its gateway: `sent` where it may go, `withheld` where the guard says so, `failed` where it was tried often
 * enough; `null` where there is nothing to do now. It is given away only where it then stands as `sent`.
 * @param isSilenced whether another thread of the same number is silent or forbidden
 */
export function sendingNext(thread: Thread, number: number, now: Instant, isSilenced: boolean, rules: SendingRules): Thread | null {
  const outgoing = thread.outgoing.find((one) => one.number === number);
  const isUnderWay = outgoing?.state === 'waiting' || outgoing?.state === 'sent';
  if (outgoing === undefined || !isUnderWay || outgoing.dueAt === null || outgoing.dueAt > now) return null;
  const isThis = (one: Outgoing): boolean => one.number === number;
  if (toReporter(outgoing) && isShut(thread.guard)) return withhold(thread, isThis, whyShut(thread.guard), now);
  if (toReporter(outgoing) && isSilenced) return withhold(thread, isThis, 'another report of this number must not be answered', now);
  if (isNeedless(outgoing, thread)) return withhold(thread, isThis, 'the reporter has told it meanwhile', now);
  if (outgoing.attempts >= rules.sendAttemptsAtMost)
    return changed(thread, number, failure(outgoing.why ?? 'no answer from the gateway', now));
  const attempts = outgoing.attempts + 1;
  const dueAt = later(now, Math.max(rules.answerWithinMs, pauseAfter(attempts, rules)));
  return changed(thread, number, { state: 'sent', attempts, sentAt: now, dueAt });
}

/** What the gateway answered to the attempt. A text that was kept back meanwhile stays so unless the gateway has it: then it is out. */
export function sendingAnswered(thread: Thread, number: number, answer: SendingAnswer, now: Instant, rules: SendingRules): Thread {
  const outgoing = thread.outgoing.find((one) => one.number === number);
  if (outgoing === undefined || outgoing.attempts === 0) return thread;
  const isOpen = outgoing.state === 'sent' || outgoing.state === 'waiting';
  switch (answer.is) {
    case 'accepted':
    case 'handed-on': {
      if (!isOpen && outgoing.state !== 'withheld') return thread;
      const carrierIds = answer.is === 'accepted' ? [...new Set(answer.carrierIds)] : [];
      const why = outgoing.state === 'withheld' ? 'it had gone out before it was to be kept back' : null;
      return changed(thread, number, { state: 'accepted', acceptedAt: now, settledAt: null, dueAt: null, carrierIds, why });
    }
    case 'refused':
      return isOpen ? changed(thread, number, failure(`the gateway refused it: ${answer.answer}`, now)) : thread;
    case 'unreachable': {
      if (outgoing.state !== 'sent') return thread;
      const why = `the gateway could not be reached: ${answer.answer}`;
      if (outgoing.attempts >= rules.sendAttemptsAtMost) return changed(thread, number, failure(why, now));
      return changed(thread, number, { state: 'waiting', dueAt: later(now, pauseAfter(outgoing.attempts, rules)), why: cut(why) });
    }
  }
}

/**
 * What the carrier reports of one part. Delivered wins over everything and only when all parts are; a failure after it is not heard;
 * one part that fails fails the text.
 */
export function reported(
  thread: Thread,
  number: number,
  carrierId: string,
  outcome: 'accepted' | 'delivered' | 'failed',
  words: string,
  now: Instant,
): Thread {
  const outgoing = thread.outgoing.find((one) => one.number === number);
  const isHeard = outgoing?.state === 'accepted' || outgoing?.state === 'failed';
  if (outgoing === undefined || !isHeard || !outgoing.carrierIds.includes(carrierId) || outcome === 'accepted') return thread;
  if (outgoing.deliveredIds.includes(carrierId)) return thread;
  if (outcome === 'failed') {
    return outgoing.state === 'failed' ? thread : changed(thread, number, failure(`the carrier reports ${words}`, now));
  }
  const deliveredIds = [...outgoing.deliveredIds, carrierId];
  if (deliveredIds.length < outgoing.carrierIds.length) return changed(thread, number, { deliveredIds });
  return changed(thread, number, { state: 'delivered', deliveredIds, settledAt: now, why: null });
}

/** A question whose answer came while it was under way; a receipt goes all the same. */
const isNeedless = ({ purpose, asks }: Outgoing, { missing }: Thread): boolean =>
  purpose === 'question' && asks !== null && !missing.includes(asks);

const pauseAfter = (attempts: number, { retryAfterMs }: SendingRules): number =>
  retryAfterMs[Math.min(attempts, retryAfterMs.length) - 1] ?? 0;

const failure = (why: string, now: Instant): Partial<Outgoing> => ({ state: 'failed', dueAt: null, settledAt: now, why: cut(why) });

const cut = (why: string): string => (why.length > WHY_LONGEST ? `${why.slice(0, WHY_LONGEST)}…` : why);
