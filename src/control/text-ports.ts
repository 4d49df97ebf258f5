/**
 * The doors of the texts on one page, as ports.ts has those of the calls: the gateways, what the store keeps of texts, and what can be
 * asked about them. Every promise here settles, and rejects with a Fault ('unavailable') rather than hang.
 */
import type { CallTakerId, IncidentId, TextId, ThreadId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instants.ts';
import type { PhoneNumber } from '../kernel/phone-numbers.ts';
import type { DangerSign } from '../reading/reading.ts';
import type { KeptText, TextHeard } from '../sms/text.ts';
import type { Outgoing, Thread } from '../sms/thread.ts';

// ── a gateway (sms-gateways/, asterisk/) ────────────────────────────────────────────────────────────────────────────────────

/** What became of a text of ours, says the carrier. `accepted`: on its way in the network. */
export interface DeliveryReport {
  readonly gateway: string;
  /** The gateway's own name of the text (or part) it speaks of. */
  readonly carrierId: string;
  readonly outcome: 'accepted' | 'delivered' | 'failed';
  /** The carrier's word, e.g. `DELIVRD`, `EXPIRED`, `MK:0012`. */
  readonly words: string;
}

export interface GatewayEars {
  /**
   * Settles once the text is durably kept. The carrier is acknowledged after this and never before; where it rejects, the carrier is
   * told a temporary failure and repeats. 'repeated': it is kept already; acknowledged as well.
   */
  text(heard: TextHeard): Promise<'kept' | 'repeated'>;
  /** Settles once noted, likewise. A report about a text nobody knows is noted all the same. */
  report(report: DeliveryReport): Promise<void>;
}

export interface TextToSend {
  /** The same however often it is tried, e.g. `01JAB….3`; references of long texts are made from it. */
  readonly id: string;
  readonly to: string;
  readonly from: string;
  readonly text: string;
}

/**
 * `accepted`: the gateway answered for every part and named them. `handed-on`: given away over a protocol that names nothing and reports
 * nothing (SIP). `refused`: will not help to try again. `unreachable`: tried again later.
 */
export type Sending =
  | { readonly is: 'accepted'; readonly carrierIds: readonly string[] }
  | { readonly is: 'handed-on' }
  | { readonly is: 'refused' | 'unreachable'; readonly answer: string };

export interface GatewayHealth {
  readonly isUp: boolean;
  /** In one sentence, e.g. "wrong password"; `null` where all is well. */
  readonly trouble: string | null;
  /** When the other side was last heard at all. */
  readonly heardAt: Instant | null;
}

export interface TextGateway {
  readonly name: string;
  readonly kind: 'smpp' | 'cmpp' | 'http' | 'sip' | 'centre';
  /** Begins; resolves when it listens or tries to connect, not when it is connected. Reconnects by itself until closed. */
  open(ears: GatewayEars): Promise<void>;
  /** Never rejects and always settles within the gateway's own deadline. */
  send(text: TextToSend): Promise<Sending>;
  health(): GatewayHealth;
  /** No new texts are taken; those under way are answered, within a bound. */
  close(): Promise<void>;
}

// ── what the store keeps of texts (redis/) ──────────────────────────────────────────────────────────────────────────────────

export interface TextStore {
  /**
   * Keeps a text as it came, among the unread ones. 'repeated': the same text of this gateway and carrier's id is kept already (remembered
   * for seven days); the same id with other words, sender or part is another text, and texts without a carrier's id are always kept.
   */
  keepText(text: KeptText): Promise<'kept' | 'repeated'>;
  /** Kept and not yet in a thread, oldest first. */
  unreadTexts(limit: number): Promise<readonly KeptText[]>;
  /** How many are unread, and when the oldest was received. */
  unread(): Promise<{ readonly count: number; readonly oldest: Instant | null }>;

  thread(id: ThreadId): Promise<Thread | null>;
  threadOfIncident(id: IncidentId): Promise<Thread | null>;
  /** Of one reporter, however the number is written (`subscriberOf`); the last spoken to first. */
  threadsOf(number: PhoneNumber, limit: number): Promise<readonly Thread[]>;
  /** How many threads a reporter has, those that cannot be read included. */
  threadCount(number: PhoneNumber): Promise<number>;
  /** The last opened first. */
  recentThreads(limit: number): Promise<readonly Thread[]>;
  /** Threads that wait for a call taker, the oldest first. */
  textLine(limit: number): Promise<readonly Thread[]>;
  textLineLength(): Promise<number>;
  /** Whether any thread of this number, however it is written, has a guard that is silent or forbidden. */
  isSilenced(number: PhoneNumber): Promise<boolean>;

  /** Outgoing texts of a gateway that are due (waiting, or sent without an answer), the longest due first. */
  dueTexts(gateway: string, now: Instant, limit: number): Promise<readonly { readonly thread: ThreadId; readonly number: number }[]>;
  /** When the gateway's next will be due; `null` when nothing waits. */
  nextDueText(gateway: string): Promise<Instant | null>;
  /** How many wait at a gateway, and since when the oldest is due. */
  outgoingBacklog(gateway: string): Promise<{ readonly waiting: number; readonly oldestDue: Instant | null }>;
  /**
   * The text a report speaks of, by what threads name in `carrierIds` (known for seven days). Where nobody has named it yet, the report
   * is kept for a day and answered by `earlyReports`: a carrier may be quicker than we are at saving.
   */
  takeReport(report: DeliveryReport, at: Instant): Promise<{ readonly thread: ThreadId; readonly number: number } | null>;
  /** Reports that came before their names were known; answered once. */
  earlyReports(gateway: string, carrierIds: readonly string[]): Promise<readonly DeliveryReport[]>;
}

// ── what can be asked about texts (http/) ───────────────────────────────────────────────────────────────────────────────────

export interface GatewayView extends GatewayHealth {
  readonly name: string;
  readonly kind: TextGateway['kind'];
  /** Texts of ours that wait for it. */
  readonly waiting: number;
  /** Seconds by which the oldest of them is late. */
  readonly lagSeconds: number;
}

export interface TextFigures {
  readonly lineLength: number;
  readonly unread: number;
  /** Seconds since the oldest unread text came. */
  readonly unreadLagSeconds: number;
  readonly gateways: readonly GatewayView[];
}

/** Every refusal is a Fault: invalid, unknown, conflict, unavailable. */
export interface TextRoom {
  thread(id: ThreadId): Promise<Thread>;
  threads(limit: number): Promise<readonly Thread[]>;
  textLine(limit: number): Promise<{ readonly length: number; readonly threads: readonly Thread[] }>;
  /** The oldest in the line of texts; `null` when nobody waits. */
  takeNextText(by: CallTakerId): Promise<Thread | null>;
  /** 'conflict' where another has it. */
  takeText(id: ThreadId, by: CallTakerId): Promise<Thread>;
  /** Back into the line, at the place it had. */
  putBackText(id: ThreadId, by: CallTakerId): Promise<Thread>;
  /** In the call taker's own words; 'conflict' where the guard is silent or forbidden, or there is no number to send to. */
  answerText(id: ThreadId, text: string, by: CallTakerId): Promise<Thread>;
  /** Whether the reporter may be texted and called; kept with its reason. 'conflict' where a sign of danger is not among those `seen`. */
  decideReply(id: ThreadId, allow: boolean, reason: string, seen: readonly DangerSign[], by: CallTakerId): Promise<Thread>;
  /** Police are on their way: the reporter is told, where the guard lets it out. */
  onTheirWay(id: IncidentId, by: string): Promise<Thread>;
  /** From this text on it is another emergency: a thread and an incident of its own. Answers the new one. */
  splitThread(id: ThreadId, from: TextId, by: CallTakerId): Promise<Thread>;
  /** The texts of `id` belong to `into`; the incident of `id` is closed as its duplicate. Answers the joined one. */
  joinThreads(id: ThreadId, into: ThreadId, by: CallTakerId): Promise<Thread>;
  gateways(): Promise<readonly GatewayView[]>;
  textFigures(): Promise<TextFigures>;
}

/** What is reported of texts as it happens; http/ turns it into metrics. */
export interface TextObserver {
  /** From the gateway's handing in to the durable incident. */
  textTaken(gateway: string, seconds: number): void;
  outgoing(gateway: string, purpose: Outgoing['purpose'], state: Outgoing['state']): void;
}
