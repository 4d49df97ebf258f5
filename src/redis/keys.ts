/**
 * The names of everything kept in Redis for one centre. All of them carry the centre as their hash tag, so that one centre lives on
 * one node of a Redis Cluster and every step of ours can be one function. Names only: nothing is read or written here.
 */
import { Fault } from '../kernel/faults.ts';

export interface OutboxKeys {
  /** Sorted set: incidents with something waiting, by the instant their head is due. */
  readonly due: string;
  /** Sorted set: entries waiting, by the instant they were made. */
  readonly births: string;
  /** Sorted set: buried entries, by the instant of burial. */
  readonly dead: string;
  /** Followed by an incident's id: list of its waiting entries, the head first. */
  readonly queueOf: string;
  /** Followed by an entry's id: hash of handover, incident, at, attempts, answer, holder. */
  readonly entry: string;
}

export interface Keys {
  /** Followed by a call's id: hash of revision, value, owner, wait-counted, services-counted. */
  readonly call: string;
  /** Sorted sets of call ids by ticket: all, those not ended, those in the line. */
  readonly calls: string;
  readonly liveCalls: string;
  readonly line: string;
  readonly lastTicket: string;
  /** Lists, newest last. */
  readonly serviceTimes: string;
  readonly waits: string;
  /** Followed by a call taker's id: hash of revision, value. */
  readonly callTaker: string;
  readonly callTakers: string;
  /** Followed by a volunteer's id: hash of revision, value, and `leaves` where they have left the roster but are not free yet. */
  readonly volunteer: string;
  readonly volunteers: string;
  /** Followed by an incident's id: hash of revision, value, indexes. */
  readonly incident: string;
  /** Sorted set of incident ids by name, narrowed to a status, a matter or both. */
  readonly incidents: (status?: string, matter?: string) => string;
  /** Stream. */
  readonly journal: string;
  /** Followed by a commit's id: kept for a while after the commit was saved. */
  readonly commit: string;
  readonly outbox: (sink: string) => OutboxKeys;
}

const NAME = /^[\p{L}\p{N}._-]{1,64}$/u;

/** Throws a Fault 'invalid' where the centre's or a sink's name could make two keys run into one another. */
export function keysOf(centre: string, sinks: readonly string[]): Keys {
  const complaints = [centre, ...sinks].filter((name) => !NAME.test(name)).map((name) => `${JSON.stringify(name)} is no name for a key`);
  if (complaints.length > 0) throw new Fault('invalid', `A centre or sink has an impossible name: ${complaints.join('; ')}`, complaints);
  const under = (...words: readonly string[]) => [`{${centre}}`, ...words].join(':');
  return {
    call: under('call', ''),
    calls: under('calls'),
    liveCalls: under('live-calls'),
    line: under('line'),
    lastTicket: under('last-ticket'),
    serviceTimes: under('service-times'),
    waits: under('waits'),
    callTaker: under('call-taker', ''),
    callTakers: under('call-takers'),
    volunteer: under('volunteer', ''),
    volunteers: under('volunteers'),
    incident: under('incident', ''),
    incidents: (status, matter) =>
      under('incidents', ...(status === undefined ? [] : ['status', status]), ...(matter === undefined ? [] : ['matter', matter])),
    journal: under('journal'),
    commit: under('commit', ''),
    outbox: (sink) => ({
      due: under('outbox', sink, 'due'),
      births: under('outbox', sink, 'births'),
      dead: under('outbox', sink, 'dead'),
      queueOf: under('outbox', sink, 'queue-of', ''),
      entry: under('outbox', sink, 'entry', ''),
    }),
  };
}
