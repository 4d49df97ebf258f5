/**
 * The names of everything kept in Redis for one centre. All of them carry the centre as their hash tag, so that one centre lives on
 * one node of a Redis Cluster and every step of ours can be one function. Names only: nothing is read or written here.
 */
import { Fault } from '../kernel/faults.ts';
import { threadId, type ThreadId } from '../kernel/ids.ts';

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

export interface TextKeys {
  /** Followed by a text's id: hash of value. */
  readonly text: string;
  /** Sorted set of texts in no thread yet, by the instant of receiving. */
  readonly unread: string;
  /** Followed by a thread's id: hash of revision, value, places; set of what carriers call its texts. */
  readonly thread: string;
  readonly threadNamed: string;
  /** Sorted sets of threads by the instant of opening: all, and those that wait for a call taker. */
  readonly threads: string;
  readonly line: string;
  /** Followed by an incident's id: sorted set of its threads by the instant of opening. */
  readonly ofIncident: string;
  /** Followed by a subscriber: sorted set of its threads by the reporter's last text; those whose guard lets nothing out. */
  readonly ofNumber: string;
  readonly silencing: string;
  readonly of: (gateway: string) => GatewayKeys;
}

export interface GatewayKeys {
  /** Followed by what a repeat of a text is known by: kept for as long as it may come again. */
  readonly kept: string;
  /** Sorted set of texts of ours (`<thread>.<number>`) by the instant they are due. */
  readonly outgoing: string;
  /** Followed by the carrier's name of a text of ours: which one it is. List of reports that came before it was known. */
  readonly carrierId: string;
  readonly earlyReports: string;
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
  /** Sorted sets of controllers' lives: by the end of their lease (0: given up), by the moment from which it was never interrupted. */
  readonly lives: string;
  readonly livesSince: string;
  readonly lastIncarnation: string;
  /** Channels: what changed, for every controller; followed by an instance's name, asks and answers for that one. */
  readonly changes: string;
  readonly words: string;
  readonly outbox: (sink: string) => OutboxKeys;
  readonly texts: TextKeys;
}

const NAME = /^[\p{L}\p{N}._-]{1,64}$/u;
/** Whether it can stand in a key without running into what follows. */
export const isName = (text: string): boolean => NAME.test(text);

/** Throws a Fault 'invalid' where a gateway's name could make two keys run into one another. */
export function checkGateway(name: string): void {
  if (!isName(name)) throw new Fault('invalid', `A gateway has an impossible name: ${JSON.stringify(name)}`);
}

/** A text of ours as it stands in sorted sets: those of one thread sort by their number. */
export const nameOfText = (thread: ThreadId, number: number): string => `${thread}.${String(number).padStart(6, '0')}`;

export function textNamed(name: string): { readonly thread: ThreadId; readonly number: number } {
  const dot = name.lastIndexOf('.');
  return { thread: threadId(name.slice(0, dot)), number: Number(name.slice(dot + 1)) };
}

/** Throws a Fault 'invalid' where the centre's or a sink's name could make two keys run into one another. */
export function keysOf(centre: string, sinks: readonly string[]): Keys {
  const complaints = [centre, ...sinks].filter((name) => !isName(name)).map((name) => `${JSON.stringify(name)} is no name for a key`);
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
    lives: under('lives'),
    livesSince: under('lives-since'),
    lastIncarnation: under('last-incarnation'),
    changes: under('changes'),
    words: under('words', ''),
    outbox: (sink) => ({
      due: under('outbox', sink, 'due'),
      births: under('outbox', sink, 'births'),
      dead: under('outbox', sink, 'dead'),
      queueOf: under('outbox', sink, 'queue-of', ''),
      entry: under('outbox', sink, 'entry', ''),
    }),
    texts: {
      text: under('text', ''),
      unread: under('unread-texts'),
      thread: under('thread', ''),
      threadNamed: under('thread-named', ''),
      threads: under('threads'),
      line: under('text-line'),
      ofIncident: under('threads-of-incident', ''),
      ofNumber: under('threads-of-number', ''),
      silencing: under('silencing-threads', ''),
      of: (gateway) => {
        checkGateway(gateway);
        return {
          kept: under('kept-text', gateway, ''),
          outgoing: under('outgoing', gateway),
          carrierId: under('carrier-id', gateway, ''),
          earlyReports: under('early-reports', gateway, ''),
        };
      },
    },
  };
}
