/**
 * The doors between several controllers of one line: who lives, whose call is whose, and what one asks or tells another. A *life* is
 * one run of one instance, `<instance>#<incarnation>`, so that an older life of the same instance that was frozen is another owner.
 * Whether a life still holds its lease is judged by the store's clock alone, never by a controller's.
 */
import type { Call } from '../call/call.ts';
import type { CallEvent } from '../call/events.ts';
import type { CallId } from '../kernel/ids.ts';

/** `<instance>#<incarnation>`; the incarnation is drawn by the store and never used twice. */
export type Life = string;

/** Time that only passes: it is not set forward or back, and it goes on while this process is stopped. */
export interface Monotonic {
  /** Milliseconds since a moment of no meaning. */
  uptime(): number;
  /** Calls back once, after `ms` or later; the answer cancels. */
  after(ms: number, ring: () => void): () => void;
}

export interface Membership {
  /**
   * A new life of this store's instance, with a lease; what this store saves from now on is saved as that life. The live calls of the
   * instance's older lives become its own. `start`: an older life is over, whatever its lease. `again`: `null` where a newer life of the
   * same instance holds a lease.
   */
  join(how: 'start' | 'again', leaseMs: number): Promise<Life | null>;
  /** `lost`: another has adopted this life's calls, or it was given up. `lapsed`: lives besides this one that hold no lease any more. */
  renew(life: Life, leaseMs: number): Promise<{ readonly is: 'held'; readonly lapsed: number } | { readonly is: 'lost' }>;
  /** Gives the lease up: the calls are for whoever adopts next, at once. */
  leave(life: Life): Promise<void>;
  /**
   * The live calls whose owner was given up, has no lease any more or never had one become this life's; answers which. Two who adopt at
   * once never share. A life whose own lease began (or was interrupted) less than `leaseMs` ago adopts only what was given up: after an
   * absence of the store everybody's lease has lapsed, and those who live are to renew theirs first.
   */
  adopt(life: Life, leaseMs: number): Promise<readonly CallId[]>;
  /** Live calls of this life, earliest ticket first. */
  ownCalls(life: Life): Promise<readonly Call[]>;
  /** `null`: nobody's, or no such call. */
  ownerOf(call: CallId): Promise<Life | null>;
}

/** What others may have to look at: the line and the desk, who seeks an interpreter and who may be one, whose calls are free. */
export type Change = 'line' | 'seek' | 'lives';

/** `not-mine`: the asked life has not got this call (any more). */
export type AskAnswer = 'stepped' | 'ignored' | 'missed' | 'unknown' | 'not-mine';

/** Between controllers; a word that is lost costs time, nothing else. */
export interface Colleagues {
  /** From now on words of others are heard; asked twice, the later ears hear. */
  listen(ears: ColleagueEars): void;
  /** Others are told that something changed. Never waits, never fails. */
  tell(change: Change): void;
  /** Tells an event to the life that has this call. `nobody`: no such life listens, or it did not answer in time; it may still do it. */
  ask(owner: Life, call: CallId, event: CallEvent): Promise<AskAnswer | 'nobody'>;
  close(): Promise<void>;
}

export interface ColleagueEars {
  changed(change: Change): void;
  /** An event for a call of this life; never rejects. */
  asked(life: Life, call: CallId, event: CallEvent): Promise<AskAnswer>;
}
