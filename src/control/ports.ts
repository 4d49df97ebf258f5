/**
 * All doors of the control room on one page. The control room speaks to the outside only through these; each is implemented by a
 * folder of its own and by a simulator that passes the same contract suite. No door knows another.
 * Every promise here settles: a door has deadlines of its own and rejects with a Fault ('unavailable') rather than hang.
 */
import type { Call, Release } from '../call/call.ts';
import type { LegEnd } from '../call/events.ts';
import type { Message } from '../call/messages.ts';
import type { CallTaker } from '../desk/call-taker.ts';
import type { LineEntry } from '../desk/who-gets-whom.ts';
import type { Incident } from '../incident/incident.ts';
import type { RosterEntry } from '../interpreters/roster.ts';
import type { Volunteer } from '../interpreters/volunteer.ts';
import type { CallId, CallTakerId, IncidentId, TextId, ThreadId, VolunteerId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instants.ts';
import type { PhoneNumber } from '../kernel/phone-numbers.ts';
import type { Thread } from '../sms/thread.ts';
import type { Membership } from './membership-ports.ts';
import type { TextStore } from './text-ports.ts';

// ── the clock ───────────────────────────────────────────────────────────────────────────────────────────────────────────────

export interface Clock {
  now(): Instant;
  /** Calls back once at or after `at`; the answer cancels. */
  alarm(at: Instant, ring: () => void): () => void;
}

// ── the store (redis/) ──────────────────────────────────────────────────────────────────────────────────────────────────────

/** A document as it is to be, and the revision it was made from (0: it must not exist yet). */
export interface Change<T> {
  readonly value: T;
  readonly from: number;
}

/**
 * What one step saves, all of it or nothing of it, in one Redis function.
 * The store derives the line (isInLine), the live calls and the indexes from the values themselves.
 */
export interface Commit {
  /** Repeating a commit with the same id after a lost answer is harmless and answers 'saved'. */
  readonly id: string;
  readonly call?: Change<Call>;
  readonly callTakers?: readonly Change<CallTaker>[];
  readonly volunteers?: readonly Change<Volunteer>[];
  readonly incidents?: readonly Change<Incident>[];
  readonly threads?: readonly Change<Thread>[];
  /** Texts that these threads have taken in; 'stale' where one of them is not unread any more. */
  readonly read?: readonly TextId[];
  /** How many threads a number must still have; 'stale' where somebody has begun another meanwhile. */
  readonly noThreadSince?: { readonly number: PhoneNumber; readonly threads: number };
  readonly journal: readonly JournalEntry[];
  /** Each is put into the outbox of every sink. */
  readonly handovers?: readonly Handover[];
}

/** `stale`: that document has moved on since it was read; nothing was saved. `fenced`: the call belongs to another controller now. */
export type Verdict =
  | { readonly is: 'saved' }
  | { readonly is: 'stale'; readonly what: 'call' | 'call-taker' | 'volunteer' | 'incident' | 'thread' | 'text'; readonly id: string }
  | { readonly is: 'fenced' };

/** One line of the history. `kind` is an event's type; `data` holds no secret and no name. */
export interface JournalEntry {
  readonly at: Instant;
  readonly kind: string;
  readonly call?: CallId;
  readonly callTaker?: CallTakerId;
  readonly incident?: IncidentId;
  readonly thread?: ThreadId;
  readonly ticket?: number;
  readonly data?: Readonly<Record<string, string | number | boolean | null>>;
}

export type HandoverType = 'incident.handed_over' | 'incident.amended' | 'incident.closed' | 'incident.abandoned';

/** One message to the dispatch side; `id` is the `webhook-id` and stays the same through every attempt. */
export interface Handover {
  readonly id: string;
  readonly type: HandoverType;
  readonly at: Instant;
  readonly incident: Incident;
}

/** A handover on its way to one sink. `attempts`: deliveries tried so far. */
export interface OutboxEntry extends Handover {
  readonly sink: string;
  readonly attempts: number;
  readonly lastAnswer: string | null;
}

/** Waits and services as they were, newest last, for the wait estimate. */
export interface Samples {
  /** Milliseconds from answer to end of the last conversations. */
  readonly serviceMs: readonly number[];
  /** For each of the last callers to leave the line: how long they had waited, and whether they left unanswered. */
  readonly waits: readonly { readonly waitedMs: number; readonly abandoned: boolean }[];
}

export interface IncidentFilter {
  readonly status?: Incident['status'];
  readonly matter?: Incident['matter']['class'];
  /** Only those created before this one (newest first); for paging. */
  readonly before?: IncidentId;
  readonly limit: number;
}

/** `isOurs`: this controller owns the call; else another does, and serves it. */
export interface Admitted {
  readonly call: Call;
  readonly isOurs: boolean;
}

export interface Store extends TextStore, Membership {
  /**
   * Draws the ticket and saves the call, in the order of calling; whoever draws owns it. A call of this id that exists already is answered
   * as it is; one that is over and whose owner has no lease any more changes hands.
   */
  admit(arrival: Omit<Call, 'ticket' | 'revision'>, journal: (ticket: number) => JournalEntry): Promise<Admitted>;
  commit(commit: Commit): Promise<Verdict>;

  call(id: CallId): Promise<Call | null>;
  /** All calls not ended. */
  liveCalls(): Promise<readonly Call[]>;
  /** The first `limit` callers in the line, earliest ticket first. */
  line(limit: number): Promise<readonly LineEntry[]>;
  lineLength(): Promise<number>;
  /** 1 is the head; `null` when not in the line. */
  placeOf(id: CallId): Promise<number | null>;
  samples(): Promise<Samples>;
  recentCalls(limit: number): Promise<readonly Call[]>;

  callTaker(id: CallTakerId): Promise<CallTaker | null>;
  callTakers(): Promise<readonly CallTaker[]>;

  volunteer(id: VolunteerId): Promise<Volunteer | null>;
  volunteers(): Promise<readonly Volunteer[]>;
  /**
   * The roster becomes this list, all of it or nothing: new ones are added, known ones take what the list says and keep their state and
   * their turns, those who left it are taken out once they are free. `stale` where somebody was asked meanwhile.
   */
  replaceRoster(list: readonly RosterEntry[], at: Instant): Promise<'saved' | 'stale'>;

  incident(id: IncidentId): Promise<Incident | null>;
  incidents(filter: IncidentFilter): Promise<readonly Incident[]>;

  /** Newest last; `after` is an entry's id from an earlier answer. */
  journal(after: string | null, limit: number): Promise<readonly (JournalEntry & { readonly id: string })[]>;

  /**
   * Takes up to `limit` heads that are due, at most one per incident, and keeps them from being taken again until `leaseUntil`.
   * In order per incident: a later entry of an incident is not due before the earlier one is delivered or dead.
   */
  takeDue(sink: string, now: Instant, leaseUntil: Instant, limit: number): Promise<readonly OutboxEntry[]>;
  /** When the sink's next entry will be due; `null` when its outbox is empty. */
  nextDue(sink: string): Promise<Instant | null>;
  delivered(sink: string, id: string, at: Instant): Promise<void>;
  retryAt(sink: string, id: string, at: Instant, answer: string): Promise<void>;
  /** Out of the outbox, kept for a person. */
  bury(sink: string, id: string, at: Instant, answer: string): Promise<void>;
  deadLetters(sink: string, limit: number): Promise<readonly (OutboxEntry & { readonly buriedAt: Instant })[]>;
  /** Back into the outbox behind what is waiting there; false when there is no such dead letter. */
  resend(sink: string, id: string, at: Instant): Promise<boolean>;
  /** Entries waiting, and the birth of the oldest. */
  backlog(sink: string): Promise<{ readonly waiting: number; readonly dead: number; readonly oldest: Instant | null }>;

  /** Whether Redis answers now; every change is told to `onPresence` listeners. */
  isPresent(): boolean;
  onPresence(tell: (present: boolean) => void): void;
  close(): Promise<void>;
}

// ── the telephone exchange (asterisk/) ──────────────────────────────────────────────────────────────────────────────────────

/** What Asterisk tells, translated; names are understood from the channel's own name alone. */
export type Heard =
  /** The dialplan offers a new caller to all controllers. Texts are raw, as the trunk sent them; `language` is the trunk's own, if any. */
  | {
      readonly type: 'arrival';
      readonly call: CallId;
      readonly number: string | null;
      readonly calledNumber: string;
      readonly language: string | null;
    }
  | {
      readonly type: 'caller-entered';
      readonly call: CallId;
      readonly number: string | null;
      readonly calledNumber: string;
      readonly language: string | null;
    }
  | { readonly type: 'caller-left'; readonly call: CallId; readonly release: Release }
  | { readonly type: 'utterance-finished'; readonly call: CallId; readonly utterance: number }
  /** One key of the caller's telephone: 0-9, *, #, A-D. */
  | { readonly type: 'key-pressed'; readonly call: CallId; readonly key: string }
  | { readonly type: 'call-taker-answered'; readonly call: CallId; readonly attempt: number }
  | { readonly type: 'call-taker-leg-ended'; readonly call: CallId; readonly attempt: number; readonly end: LegEnd }
  | { readonly type: 'volunteer-answered'; readonly call: CallId; readonly leg: number }
  | { readonly type: 'volunteer-pressed'; readonly call: CallId; readonly leg: number; readonly key: string }
  | { readonly type: 'volunteer-leg-ended'; readonly call: CallId; readonly leg: number; readonly end: LegEnd }
  | { readonly type: 'phone'; readonly endpoint: string; readonly is: 'registered' | 'absent' };

/** What stands in Asterisk now, read from names. Only what belongs to this controller's application or carries our names. */
export interface Standing {
  readonly callers: readonly {
    readonly call: CallId;
    readonly number: string | null;
    readonly calledNumber: string;
    readonly language: string | null;
  }[];
  readonly legs: readonly { readonly call: CallId; readonly attempt: number; readonly answered: boolean }[];
  readonly volunteers: readonly { readonly call: CallId; readonly leg: number; readonly answered: boolean }[];
  readonly bridges: readonly {
    readonly call: CallId;
    readonly attempt: number;
    readonly callerIn: boolean;
    readonly callTakerIn: boolean;
    /** Legs of volunteers in it. */
    readonly volunteersIn: readonly number[];
  }[];
  readonly phones: readonly { readonly endpoint: string; readonly is: 'registered' | 'absent' }[];
  /** Channels that may be callers and that our application does not hold: another controller's, or the fallback's. */
  readonly elsewhere: readonly CallId[];
}

/** A call that another controller served so far; what it said last may still be heard. */
export interface Adopted {
  readonly call: CallId;
  /** What is being said to the caller, if anything. */
  readonly utterance: number | null;
  /** Utterances begun so far, those to volunteers included. */
  readonly utterances: number;
}

/** Each verb does what it says once; said again, it changes nothing and does not fail. 'gone' is told, never thrown. */
export interface Telephony {
  /** Start hearing. `tell` is called in Asterisk's order. Resolves when connected for the first time; reconnects by itself. */
  open(tell: (heard: Heard) => void): Promise<void>;
  /** 'elsewhere': another controller was first, or the dialplan went on. */
  claim(call: CallId): Promise<'ours' | 'elsewhere'>;
  /** Begins to say a message to the caller. */
  say(call: CallId, utterance: number, message: Message, language: string): Promise<'saying' | 'gone'>;
  hush(call: CallId, utterance: number): Promise<void>;
  /**
   * Tells a caller that they are still in line. No utterance: it has no number, its end is not told, and whatever the caller is told
   * next (`say`, `hush`, `join`, `resume`, `reassure`) stops it.
   */
  reassure(call: CallId, language: string): Promise<'saying' | 'gone'>;
  /** Rings the endpoint for at most `seconds`; the caller's number is shown to the call taker. */
  ring(call: CallId, attempt: number, endpoint: string, seconds: number, show: string | null): Promise<'ringing' | 'unreachable'>;
  releaseCallTaker(call: CallId, attempt: number): Promise<void>;
  /** Bridge, both legs in it, recording on. 'gone' when a leg has left meanwhile. */
  join(call: CallId, attempt: number): Promise<'joined' | 'gone'>;
  part(call: CallId, attempt: number): Promise<void>;
  /** The caller leaves the bridge's sound and can be spoken to; the recording goes on. */
  hold(call: CallId, attempt: number): Promise<'held' | 'gone'>;
  resume(call: CallId, attempt: number): Promise<'resumed' | 'gone'>;
  releaseCaller(call: CallId): Promise<void>;
  /**
   * These calls were another controller's: their callers, and whoever has answered for them, are heard by us from now on; conversations and
   * recordings go on, prompts end. A leg that still rings can be heard by nobody but who rang it: it is let go. Resolves when what could be
   * taken over stands in `standing`.
   */
  adopt(calls: readonly Adopted[]): Promise<void>;
  /** Rings a volunteer's address (`sip:endpoint` or `tel:number`, the latter by the trunk); no number of the caller is shown. */
  ringVolunteer(call: CallId, leg: number, address: string, seconds: number): Promise<'ringing' | 'unreachable'>;
  tellVolunteer(call: CallId, leg: number, utterance: number, message: Message, language: string): Promise<'saying' | 'gone'>;
  /** Ends the leg; one that has answered hears thanks in `thanks` first, where that is not null. */
  releaseVolunteer(call: CallId, leg: number, utterance: number, thanks: string | null): Promise<void>;
  /** Into the bridge of this attempt; the recording goes on. What the volunteer hears is stopped first. */
  joinInterpreter(call: CallId, leg: number, attempt: number): Promise<'joined' | 'gone'>;
  standing(): Promise<Standing>;
  isPresent(): boolean;
  /** After `true`, events in between are lost: read `standing` and feed the difference. */
  onPresence(tell: (present: boolean) => void): void;
  close(): Promise<void>;
}

// ── the dispatch side (dispatch/) ───────────────────────────────────────────────────────────────────────────────────────────

/** `refused`: kept for a person, trying again will not help. `unreachable`: tried again. `answer` is a short sentence for the log. */
export type Delivery = { readonly is: 'delivered' | 'refused' | 'unreachable'; readonly answer: string };

export interface Sink {
  readonly name: string;
  deliver(entry: OutboxEntry, now: Instant): Promise<Delivery>;
}

// ── the fallback's spool (asterisk/) ────────────────────────────────────────────────────────────────────────────────────────

/** A call that the dialplan served without us. */
export interface FallbackCall {
  readonly id: CallId;
  readonly number: string | null;
  readonly calledNumber: string;
  readonly arrivedAt: Instant;
  readonly answeredAt: Instant | null;
  readonly endedAt: Instant;
  /** Endpoint that answered. */
  readonly answeredBy: string | null;
  readonly recording: string | null;
}

export interface FallbackSpool {
  /** Finished calls as the dialplan wrote them down, not yet taken, oldest first; those that a controller served are among them. What cannot be read is set aside and named in `unreadable`. */
  waiting(): Promise<{ readonly calls: readonly FallbackCall[]; readonly unreadable: readonly string[] }>;
  /** Only after it is saved in our records. */
  taken(id: CallId): Promise<void>;
}

// ── what the control room tells about itself (for /metrics, and the log) ────────────────────────────────────────────────────

export interface Log {
  debug(about: object, words: string): void;
  info(about: object, words: string): void;
  warn(about: object, words: string): void;
  error(about: object, words: string): void;
}
