/**
 * Everything a step can ask of the world, as plain data. A notice is saved in the same commit as the call; an action is carried
 * out after it. Doing an action twice must be harmless: every name in it (attempt, utterance) is ours and used once.
 */
import type { CallTakerId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instants.ts';
import type { OfferFailure } from '../kernel/offer-failure.ts';
import type { Message } from './messages.ts';

/** What the desk is told of its call taker, saved together with the call. */
export type Notice =
  | { readonly do: 'notice'; readonly callTaker: CallTakerId; readonly tell: 'offered'; readonly attempt: number }
  | { readonly do: 'notice'; readonly callTaker: CallTakerId; readonly tell: 'answered'; readonly attempt: number }
  | {
      readonly do: 'notice';
      readonly callTaker: CallTakerId;
      readonly tell: 'offer-failed';
      readonly attempt: number;
      readonly why: OfferFailure;
    }
  | {
      readonly do: 'notice';
      readonly callTaker: CallTakerId;
      readonly tell: 'conversation-ended';
      readonly attempt: number;
      readonly lost: boolean;
    };

export type Action =
  /** Ask Asterisk for the caller's channel. */
  | { readonly do: 'claim-caller' }
  /** Say something to the caller; whatever is being said is hushed by its own action before. */
  | { readonly do: 'say'; readonly utterance: number; readonly message: Message }
  | { readonly do: 'hush'; readonly utterance: number }
  /** Ring the call taker's phone; the leg's name is call and attempt. */
  | { readonly do: 'ring'; readonly callTaker: CallTakerId; readonly attempt: number; readonly until: Instant }
  /** End a call taker's leg, ringing or answered. */
  | { readonly do: 'release-call-taker'; readonly attempt: number }
  /** Caller and call taker hear each other, recorded from the first word. */
  | { readonly do: 'join'; readonly attempt: number }
  /** The conversation's bridge and its recording end. */
  | { readonly do: 'part'; readonly attempt: number }
  | { readonly do: 'hold'; readonly attempt: number }
  | { readonly do: 'resume'; readonly attempt: number }
  | { readonly do: 'release-caller' };

export type Effect = Notice | Action;

export const isNotice = (effect: Effect): effect is Notice => effect.do === 'notice';
export const isAction = (effect: Effect): effect is Action => effect.do !== 'notice';
