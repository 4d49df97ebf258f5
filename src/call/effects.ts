/**
 * Everything a step can ask of the world, as plain data. A notice is saved in the same commit as the call; an action is carried
 * out after it. Doing an action twice must be harmless: every name in it (attempt, utterance) is ours and used once.
 */
import type { CallTakerId, VolunteerId } from '../kernel/ids.ts';
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

/** What the roster is told of its volunteer, saved together with the call. */
export interface VolunteerNotice {
  readonly do: 'volunteer-notice';
  readonly volunteer: VolunteerId;
  readonly tell: 'asked' | 'serving' | 'freed';
  readonly leg: number;
}

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
  /** Ring a volunteer; the leg's name is call and leg. */
  | { readonly do: 'ring-volunteer'; readonly leg: number; readonly address: string; readonly until: Instant }
  /** Say something to a volunteer, in the volunteer's language. */
  | {
      readonly do: 'tell-volunteer';
      readonly leg: number;
      readonly utterance: number;
      readonly message: Message;
      readonly language: string;
    }
  /** End a volunteer's leg; who has answered hears thanks in `thanks` first. */
  | { readonly do: 'release-volunteer'; readonly leg: number; readonly utterance: number; readonly thanks: string | null }
  /** The volunteer becomes the third in the conversation of this attempt; the recording goes on. */
  | { readonly do: 'join-interpreter'; readonly leg: number; readonly attempt: number }
  | { readonly do: 'release-caller' };

export type Effect = Notice | VolunteerNotice | Action;

export const isNotice = (effect: Effect): effect is Notice => effect.do === 'notice';
export const isVolunteerNotice = (effect: Effect): effect is VolunteerNotice => effect.do === 'volunteer-notice';
export const isAction = (effect: Effect): effect is Action => !isNotice(effect) && !isVolunteerNotice(effect);
