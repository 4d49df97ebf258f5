/**
 * What the control room can be asked from outside, and what it tells of itself: http/ asks, the control room answers. The doors that it
 * goes through itself stand in ports.ts.
 */
import type { Call } from '../call/call.ts';
import type { CallTaker } from '../desk/call-taker.ts';
import type { Incident, IncidentEdit } from '../incident/incident.ts';
import type { Volunteer } from '../interpreters/volunteer.ts';
import type { CallId, CallTakerId, IncidentId, VolunteerId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instants.ts';
import type { TextFigures, TextObserver, TextRoom } from './text-ports.ts';
import type { JournalEntry, OutboxEntry, IncidentFilter } from './ports.ts';

/** The caller's line as a supervisor sees it. */
export interface LineView {
  readonly length: number;
  readonly callers: readonly { readonly call: CallId; readonly ticket: number; readonly arrivedAt: Instant; readonly language: string }[];
}

/** What the control room can be asked from outside. Every refusal is a Fault: invalid, unknown, conflict, unavailable. */
export interface ControlRoom extends TextRoom {
  callTakers(): Promise<readonly CallTaker[]>;
  callTaker(id: CallTakerId): Promise<CallTaker>;
  /** Sign on and be offered callers; ends a pause or an after-call at once; during a call it is what comes after. */
  ready(id: CallTakerId): Promise<CallTaker>;
  pause(id: CallTakerId, reason: string): Promise<CallTaker>;
  off(id: CallTakerId): Promise<CallTaker>;

  calls(limit: number): Promise<readonly Call[]>;
  call(id: CallId): Promise<Call>;
  line(limit: number): Promise<LineView>;
  /** 'conflict' unless this call taker is in conversation with this caller. */
  hold(id: CallId, by: CallTakerId): Promise<Call>;
  /** From now on everything is said in this language; 'invalid' where it is not spoken here, 'conflict' where the call is over. */
  setLanguage(id: CallId, language: string): Promise<Call>;
  /** Ends a hold or a private word. */
  resume(id: CallId, by: CallTakerId): Promise<Call>;
  /** 'invalid' where nobody speaks that language here; without one, the caller's. 'conflict' where an interpreter is there already. */
  askInterpreter(id: CallId, language: string | null): Promise<Call>;
  dismissInterpreter(id: CallId): Promise<Call>;
  /** Call taker and interpreter without the caller. */
  speakPrivately(id: CallId, by: CallTakerId): Promise<Call>;
  /** Leave caller and interpreter to each other. */
  leaveToInterpreter(id: CallId, by: CallTakerId): Promise<Call>;

  volunteers(): Promise<readonly Volunteer[]>;
  volunteer(id: VolunteerId): Promise<Volunteer>;
  setAvailable(id: VolunteerId, isAvailable: boolean): Promise<Volunteer>;
  /** 'invalid' lists every complaint of every row; then nothing is taken in. */
  importRoster(rows: unknown): Promise<readonly Volunteer[]>;
  finish(id: CallId, by: CallTakerId): Promise<Call>;

  incident(id: IncidentId): Promise<Incident>;
  incidents(filter: IncidentFilter): Promise<readonly Incident[]>;
  /** 'conflict' when `version` is not the present one; 'invalid' lists every complaint in plain words. */
  edit(id: IncidentId, version: number, edit: IncidentEdit, by: string): Promise<Incident>;
  /** 'invalid' lists what is missing for dispatch. From now on every later version is sent as well. */
  handOver(id: IncidentId, version: number, by: string): Promise<Incident>;
  close(id: IncidentId, version: number, closing: Closing, by: string): Promise<Incident>;

  sinks(): Promise<readonly SinkView[]>;
  deadLetters(sink: string, limit: number): Promise<readonly (OutboxEntry & { readonly buriedAt: Instant })[]>;
  /** 'unknown' when there is no such sink or dead letter. */
  resend(sink: string, id: string): Promise<void>;

  journal(after: string | null, limit: number): Promise<readonly (JournalEntry & { readonly id: string })[]>;
  /** Every part of the house, and what is wrong with it. */
  readiness(): Promise<readonly PartOfHouse[]>;
  figures(): Promise<Figures>;
}

export interface Closing {
  readonly outcome: NonNullable<Incident['disposition']>['outcome'];
  readonly reason: string;
}

export interface PartOfHouse {
  readonly part: string;
  /** What is wrong, in words; `null`: nothing. */
  readonly trouble: string | null;
  /** Callers are served without it: a trouble of it is told, and the house is ready all the same. */
  readonly isDispensable?: boolean;
}

export interface SinkView {
  readonly name: string;
  readonly waiting: number;
  readonly dead: number;
  /** Seconds since the oldest waiting entry was made; 0 when nothing waits. */
  readonly lagSeconds: number;
}

/** For /metrics. Waits since this process began, in seconds, one a call answered or left. */
export interface Figures {
  readonly callsByPlace: Readonly<Record<Call['state']['at'], number>>;
  readonly lineLength: number;
  readonly callTakersByState: Readonly<Record<CallTaker['state']['is'], number>>;
  readonly sinks: readonly SinkView[];
  readonly texts: TextFigures;
}

/** What the control room reports as it happens; http/ turns it into metrics. */
export interface Observer extends TextObserver {
  /** A caller's wait is over: answered, or left unanswered. */
  waited(seconds: number, how: 'answered' | 'abandoned'): void;
  /** From a call taker's becoming free (or a caller's coming) to the ring command's answer. */
  assigned(seconds: number): void;
  delivered(sink: string, seconds: number): void;
  ignored(place: Call['state']['at'], event: string): void;
}
