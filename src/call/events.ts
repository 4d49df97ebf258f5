/**
 * Everything that can happen to a call, listed by where it comes from. Each event carries the instant at which it happened.
 * Events may come twice, late, or in odd order: every station answers every one of them.
 */
import type { CallTakerId, VolunteerId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instants.ts';
import type { Release } from './call.ts';
import type { Action } from './effects.ts';
import type { Outlook } from './messages.ts';

/** From Asterisk. */
export type FromAsterisk =
  /** The dialplan offers the caller once more, after an offer that nobody took up (from the fallback, between its rounds). */
  | { readonly type: 'CallerOffered' }
  /** The caller's channel is ours now. */
  | { readonly type: 'CallerEntered' }
  /** `place`: where in the line they stood (1 is the head), `null` where they were not in it or it could not be read. */
  | { readonly type: 'CallerLeft'; readonly release: Release; readonly place: number | null }
  /** The saying of one utterance ended, by itself or because it was hushed. */
  | { readonly type: 'UtteranceFinished'; readonly utterance: number }
  | { readonly type: 'CallTakerAnswered'; readonly attempt: number }
  /** The call taker's leg is gone: not answered, declined, hung up or cut. */
  | { readonly type: 'CallTakerLegEnded'; readonly attempt: number; readonly end: LegEnd };

/** How a call taker's leg came to its end. */
export type LegEnd = 'no-answer' | 'declined' | 'unreachable' | 'hung-up' | 'cut';

/** From the desks. */
export type FromDesk =
  /** A language is known, by the caller's key or because somebody heard it; from now on everything is said in it. */
  | { readonly type: 'LanguageChosen'; readonly language: string }
  /** Who-gets-whom chose this pair; the save succeeds only if the call taker is still free. */
  | { readonly type: 'CallTakerClaimed'; readonly callTaker: CallTakerId }
  /** The call taker signed off or lost the phone while it rang. */
  | { readonly type: 'OfferWithdrawn'; readonly attempt: number }
  | { readonly type: 'HoldAsked'; readonly callTaker: CallTakerId }
  | { readonly type: 'ResumeAsked'; readonly callTaker: CallTakerId }
  /** The call taker ends the conversation by the API. */
  | { readonly type: 'FinishAsked'; readonly callTaker: CallTakerId };

/** About the interpreter; a volunteer's leg is known by its number within the call. */
export type AboutInterpreter =
  /** Asked by the call taker, or by the house where it prepares one. */
  | { readonly type: 'InterpreterAsked'; readonly language: string }
  /** The roster's answer: these are rung now, side by side. Saved only if all of them are still free. */
  | { readonly type: 'VolunteersChosen'; readonly language: string; readonly volunteers: readonly Candidate[] }
  /** The roster has nobody left to ask for this language. */
  | { readonly type: 'NoVolunteerLeft'; readonly language: string }
  | { readonly type: 'VolunteerAnswered'; readonly leg: number }
  | { readonly type: 'VolunteerPressed'; readonly leg: number; readonly key: string }
  | { readonly type: 'VolunteerLegEnded'; readonly leg: number; readonly end: LegEnd }
  /** The call taker lets the interpreter go, or calls the search off. */
  | { readonly type: 'InterpreterDismissed' }
  /** A moment of the interpreter's part has come: a ring, an announcement, the search, a prompt. */
  | { readonly type: 'InterpreterDeadlinePassed' }
  /** Call taker and interpreter without the caller; ended by ResumeAsked. */
  | { readonly type: 'PrivateAsked'; readonly callTaker: CallTakerId }
  /** The call taker leaves caller and interpreter to each other, on purpose. */
  | { readonly type: 'LeaveAsked'; readonly callTaker: CallTakerId };

/** One volunteer to ring: at which address (`sip:endpoint` or `tel:number`), and in which language they are spoken to. */
export interface Candidate {
  readonly volunteer: VolunteerId;
  readonly address: string;
  readonly speaks: string;
}

/** From time and from ourselves. */
export type FromHouse =
  /** The call's deadline has come; `outlook` is what the line looks like now, `null` when it could not be read. */
  | { readonly type: 'DeadlinePassed'; readonly outlook: Outlook | null }
  /** An effect could not be carried out. */
  | { readonly type: 'EffectFailed'; readonly effect: Action; readonly reason: string }
  /** A controller took this call up again after an absence; what should be true is to be made true once more. */
  | { readonly type: 'ControllerReturned' };

export type CallEvent = { readonly time: Instant } & (FromAsterisk | FromDesk | AboutInterpreter | FromHouse);
export type EventType = CallEvent['type'];
export type EventOf<T extends EventType> = Extract<CallEvent, { type: T }>;
