/**
 * The call's own log of whom it was offered to. Pure bookkeeping on the call; the places decide when.
 */
import type { CallTakerId } from '../kernel/ids.ts';
import { later, type Instant } from '../kernel/instants.ts';
import type { OfferFailure } from '../kernel/offer-failure.ts';
import type { Call, Offer } from './call.ts';
import type { LegEnd } from './events.ts';
import type { Rules } from './rules.ts';
import { go, type Step } from './station.ts';

/** Out of the line and to a call taker's phone; saved only if that call taker is still free. */
export function offerTo(call: Call, to: CallTakerId, time: Instant, rules: Rules): Step {
  const attempt = call.offers.length + 1;
  const offer: Offer = { attempt, to, offeredAt: time, answeredAt: null, endedAt: null, outcome: 'ringing' };
  return go({ ...call, offers: [...call.offers, offer] }, { at: 'offered', to, attempt, until: later(time, rules.ringMs) }, [
    { do: 'notice', callTaker: to, tell: 'offered', attempt },
  ]);
}

export const noteAnswer = (call: Call, attempt: number, time: Instant): Call =>
  note(call, attempt, { answeredAt: time, outcome: 'talking' });

export const noteEnd = (call: Call, attempt: number, time: Instant, outcome: Offer['outcome']): Call =>
  note(call, attempt, { endedAt: time, outcome });

const note = (call: Call, attempt: number, what: Partial<Offer>): Call => ({
  ...call,
  offers: call.offers.map((offer) => (offer.attempt === attempt ? { ...offer, ...what } : offer)),
});

/** A ringing leg that ends was never a conversation, whatever words its end came in. */
export function failureOf(end: LegEnd): OfferFailure {
  switch (end) {
    case 'no-answer':
      return 'no-answer';
    case 'declined':
    case 'hung-up':
      return 'declined';
    case 'unreachable':
    case 'cut':
      return 'unreachable';
  }
}
