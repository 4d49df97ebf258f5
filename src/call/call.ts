/**
 * The call as a value: everything that is known of one caller on the line, and in which of the house's places they are.
 *
 *   arriving ──▶ greeting ──▶ waiting ⇄ offered ──▶ talking ──▶ ended
 *      │            └──────── offered ─────┘ ▲        │
 *      │                                     │        │  call taker's leg lost: same ticket,
 *      │            waiting ◀────────────────┼────────┘  so the head of the line
 *      └──▶ ended   (the caller may leave from anywhere)
 *
 * A caller is *in the line* from the door on, while greeting or waiting; the ticket never changes.
 * Never changed in place: machine.ts makes the next value.
 */
import type { CallId, CallTakerId, IncidentId, Ticket, VolunteerId } from '../kernel/ids.ts';
import { instant, type Instant } from '../kernel/instants.ts';
import type { OfferFailure } from '../kernel/offer-failure.ts';
import type { PhoneNumber } from '../kernel/phone-numbers.ts';
import type { Message, WaitRange } from './messages.ts';

export type CallState =
  /** Ticket drawn and saved; Asterisk has been asked for the channel and it has not come yet. `until`: then it went elsewhere. */
  | { readonly at: 'arriving'; readonly until: Instant }
  /** Hears the greeting, in the line already. `until`: the greeting is over even if nobody told us. */
  | { readonly at: 'greeting'; readonly until: Instant }
  /** In the line after the greeting. `speakAt`: the next patience prompt is due. */
  | { readonly at: 'waiting'; readonly speakAt: Instant }
  /** A call taker's phone rings. `until`: then it is taken back. */
  | { readonly at: 'offered'; readonly to: CallTakerId; readonly attempt: number; readonly until: Instant }
  | { readonly at: 'talking'; readonly with: CallTakerId; readonly attempt: number; readonly floor: Floor }
  /** The call taker has left caller and interpreter to each other, on purpose. `attempt` names the bridge. */
  | { readonly at: 'interpreted'; readonly attempt: number; readonly leg: number }
  | { readonly at: 'ended'; readonly why: EndReason };

/** Who hears whom. On hold and in private the caller hears a prompt, again at `speakAt`, and nobody hears the caller. */
export type Floor = { readonly is: 'open' } | { readonly is: 'hold' | 'private'; readonly speakAt: Instant };

/**
 * The interpreter's part of a call, a small machine of its own beside the caller's place:
 *
 *   none ──▶ sought ──▶ prepared ⇄ present ──▶ none      prepared: accepted, but no call taker is talking (yet, or any more)
 *              └──▶ nobody ──▶ sought again
 */
export type Interpreter =
  | { readonly is: 'none' }
  | { readonly is: 'sought'; readonly language: string; readonly since: Instant; readonly until: Instant }
  | { readonly is: 'prepared'; readonly language: string; readonly leg: number; readonly speakAt: Instant }
  | { readonly is: 'present'; readonly language: string; readonly leg: number }
  /** Nobody accepted; the call taker is told what can be done next. */
  | { readonly is: 'nobody'; readonly language: string };

/** One volunteer who was asked, and what came of it; the call's own log for the incident. */
export interface Asking {
  readonly leg: number;
  readonly volunteer: VolunteerId;
  readonly address: string;
  /** The language the volunteer is spoken to in. */
  readonly speaks: string;
  /** The language that is needed. */
  readonly language: string;
  readonly askedAt: Instant;
  /** Open askings: when ringing, or waiting for a key, has lasted long enough. */
  readonly until: Instant;
  readonly answeredAt: Instant | null;
  readonly acceptedAt: Instant | null;
  readonly joinedAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly outcome: 'ringing' | 'hearing' | 'accepted' | AskingEnd;
}
export type AskingEnd =
  | 'refused'
  | 'no-answer'
  | 'unreachable'
  /** Answered, but no key: a voicemail, or nobody. */
  | 'silent'
  /** Another one accepted first. */
  | 'beaten'
  /** The caller left, or the search was called off. */
  | 'withdrawn'
  /** Served, and let go, or left, or was cut off. */
  | 'served'
  | 'lost';

export type EndReason =
  /** A conversation took place and one side ended it. */
  | 'completed'
  /** The caller left before any call taker answered, or after one was lost and before another answered. */
  | 'abandoned'
  /** The channel never became ours: another controller has it, or the dialplan's fallback. */
  | 'elsewhere';

export type Place = CallState['at'];

/** How a leg ended. `cut`: the line failed (radio lost, no BYE, network cause); nobody chose it. */
export type Release = { readonly by: 'choice' | 'cut'; readonly cause: number | null };

/** What a caller has been told, so that a figure never rises in their ears. */
export interface Told {
  readonly place: number | null;
  readonly wait: WaitRange | null;
}

/** One offer to one call taker and what came of it; the call's own log for the incident. */
export interface Offer {
  readonly attempt: number;
  readonly to: CallTakerId;
  readonly offeredAt: Instant;
  readonly answeredAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly outcome: 'ringing' | 'talking' | 'completed' | 'lost' | OfferFailure;
}

export interface Call {
  readonly id: CallId;
  /** Counts the saved steps; a save succeeds only from the revision it was made from. */
  readonly revision: number;
  readonly ticket: Ticket;
  readonly arrivedAt: Instant;
  readonly enteredAt: Instant | null;
  readonly endedAt: Instant | null;
  /** `null`: withheld, missing, or no number at all. */
  readonly number: PhoneNumber | null;
  /** As dialled, e.g. `110`. */
  readonly calledNumber: string;
  /** BCP 47 primary tag of the language everything is spoken in, e.g. `zh`. */
  readonly language: string;
  readonly incident: IncidentId;
  readonly offers: readonly Offer[];
  /** Utterances begun so far; the next one's name carries this count plus one. */
  readonly utterances: number;
  /** What is being said to the caller now. */
  readonly saying: { readonly utterance: number; readonly what: Message['say'] } | null;
  readonly told: Told;
  readonly interpreter: Interpreter;
  readonly askings: readonly Asking[];
  readonly interpreterAskedAt: Instant | null;
  /** How the caller's own leg ended. */
  readonly release: Release | null;
  /** Place in the line (1 is the head) from which an unanswered caller left. */
  readonly placeWhenLeft: number | null;
  readonly state: CallState;
}

export type CallAt<P extends Place> = Call & { readonly state: Extract<CallState, { at: P }> };

/** Spelled out place by place, so that a new place cannot slip through. */
export function isInLine(call: Call): boolean {
  switch (call.state.at) {
    case 'greeting':
    case 'waiting':
      return true;
    case 'arriving':
    case 'offered':
    case 'talking':
    case 'interpreted':
    case 'ended':
      return false;
  }
}

/** The instant at which time itself will move this call on; `null` where only people do. */
export function deadlineOf(call: Call): Instant | null {
  switch (call.state.at) {
    case 'arriving':
    case 'greeting':
    case 'offered':
      return call.state.until;
    case 'waiting':
      return call.state.speakAt;
    case 'talking':
      return call.state.floor.is === 'open' ? null : call.state.floor.speakAt;
    case 'interpreted':
    case 'ended':
      return null;
  }
}

/** The call taker who is rung or spoken to; `null` where there is none. */
export function callTakerOf(call: Call): CallTakerId | null {
  switch (call.state.at) {
    case 'offered':
      return call.state.to;
    case 'talking':
      return call.state.with;
    case 'arriving':
    case 'greeting':
    case 'waiting':
    case 'interpreted':
    case 'ended':
      return null;
  }
}

/** The instant at which time itself will move the interpreter's part on. */
export function interpreterDeadlineOf(call: Call): Instant | null {
  switch (call.interpreter.is) {
    case 'sought':
      return earliest([call.interpreter.until, ...call.askings.filter(isOpen).map(({ until }) => until)]);
    case 'prepared':
      return call.interpreter.speakAt;
    case 'none':
    case 'present':
    case 'nobody':
      return null;
  }
}

/** Ringing, or listening to what is asked. */
export const isOpen = (asking: Asking): boolean => asking.outcome === 'ringing' || asking.outcome === 'hearing';

const earliest = (instants: readonly Instant[]): Instant | null => (instants.length === 0 ? null : instant(Math.min(...instants)));
