/**
 * The texts of one reporter about one emergency: what came, what was sent back, who has it, and whether it is safe to answer. A value:
 * every step makes another one (steps stand in the files beside this one). Shapes only.
 */
import type { CallTakerId, IncidentId, TextId, ThreadId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instants.ts';
import type { PhoneNumber } from '../kernel/phone-numbers.ts';
import type { DangerSign, Reading, SpokenLanguage } from '../reading/reading.ts';
import type { Coding } from './text.ts';

/** One text of the reporter, put together from its parts. */
export interface Received {
  /** Id of the part that came first. */
  readonly id: TextId;
  readonly receivedAt: Instant;
  /** When its last new part came. */
  readonly changedAt: Instant;
  /** `null`: it never had parts. */
  readonly long: { readonly reference: number; readonly width: 8 | 16; readonly total: number } | null;
  /** By number; a text without parts has one, number 1. A part names its coding where it is another than the text's. */
  readonly parts: readonly { readonly id: TextId; readonly number: number; readonly octets: string; readonly coding?: Coding }[];
  readonly coding: Coding;
  /** What can be read now; a part that has not come is marked `[…2/3…]`, runs of them `[…2-3/5…]`. Never empty for a text with letters. */
  readonly text: string;
  readonly isComplete: boolean;
  /** Times the very same text came again, by a carrier or a frightened hand, and when last. */
  readonly repeats: number;
  readonly repeatedAt: Instant | null;
}

export type Purpose =
  /** Receipt, with one question where something is missing. */
  | 'receipt'
  | 'question'
  /** What has become of my report? */
  | 'state'
  | 'on-their-way'
  /** Your text went on to another centre. */
  | 'forwarded'
  /** A picture or the like cannot be read here. */
  | 'unreadable'
  /** A call taker's own words. */
  | 'call-taker'
  /** The reporter's text on its way to another centre; not a contact with the reporter. */
  | 'forward';

/**
 * A text of ours. `waiting`: saved, to be sent at `dueAt`. `sent`: given to the gateway, no answer yet. `accepted`: the gateway has it.
 * `delivered`: the telephone has it, says the carrier. `failed`: it will not come. `withheld`: the safe-reply guard kept it back.
 * Accepted is not delivered, and delivered is not read.
 */
export type OutgoingState = 'waiting' | 'sent' | 'accepted' | 'delivered' | 'failed' | 'withheld';

export interface Outgoing {
  /** 1, 2, 3 … in its thread. */
  readonly number: number;
  readonly purpose: Purpose;
  /** What is asked for, in a question or a receipt. */
  readonly asks: Essential | null;
  readonly gateway: string;
  readonly to: string;
  /** The number it is sent from: the one the reporter wrote to. */
  readonly from: string;
  readonly text: string;
  readonly by: 'system' | CallTakerId;
  readonly createdAt: Instant;
  readonly state: OutgoingState;
  /** Waiting: when it is to be sent. Sent: when it is tried again should no answer come. Else `null`. */
  readonly dueAt: Instant | null;
  readonly attempts: number;
  readonly sentAt: Instant | null;
  readonly acceptedAt: Instant | null;
  /** Delivered, failed or withheld. */
  readonly settledAt: Instant | null;
  /** The gateway's own names of its parts, to know reports by. */
  readonly carrierIds: readonly string[];
  /** Parts reported delivered so far. */
  readonly deliveredIds: readonly string[];
  /** Why it failed, is withheld or waits again: a short sentence. */
  readonly why: string | null;
}

export type Essential = 'time' | 'place' | 'what';

/**
 * `open`: replies may go out. `silent`: signs of danger; nothing goes out until a call taker decides. `allowed`, `forbidden`: decided;
 * a sign that was not there at the decision makes an allowed one silent again.
 */
export type Guard =
  | { readonly is: 'open' }
  | { readonly is: 'silent'; readonly since: Instant; readonly signs: readonly SignSeen[] }
  | {
      readonly is: 'allowed' | 'forbidden';
      readonly at: Instant;
      readonly by: CallTakerId;
      readonly reason: string;
      readonly signs: readonly SignSeen[];
    };

export interface SignSeen {
  readonly sign: DangerSign;
  readonly said: string;
}

export type Holder =
  | { readonly is: 'waiting'; readonly since: Instant }
  | { readonly is: 'taken'; readonly by: CallTakerId; readonly at: Instant }
  | { readonly is: 'closed'; readonly at: Instant }
  /** It went to another centre. */
  | { readonly is: 'elsewhere'; readonly centre: string };

export interface Thread {
  readonly id: ThreadId;
  readonly revision: number;
  readonly incident: IncidentId;
  /** `null`: withheld, letters, no number at all; such a text is a thread of its own, and nothing can be sent back. */
  readonly number: PhoneNumber | null;
  /** As it came, for the record. */
  readonly from: string;
  /** The number it was sent to, as it came. */
  readonly to: string;
  /** Gateway of the last text; replies go out by it. */
  readonly gateway: string;
  readonly openedAt: Instant;
  /** Last text of the reporter. */
  readonly lastAt: Instant;
  readonly received: readonly Received[];
  readonly outgoing: readonly Outgoing[];
  /** All texts read together. */
  readonly reading: Reading;
  /** What the reporter is answered in. */
  readonly language: SpokenLanguage;
  readonly missing: readonly Essential[];
  readonly isUrgent: boolean;
  readonly holder: Holder;
  readonly guard: Guard;
  /** Threads this one was split from, joined into or continues. */
  readonly links: readonly { readonly thread: ThreadId; readonly relation: 'split-from' | 'joined-into' | 'continues' }[];
}
