/**
 * One step of the control room as one call of a Redis function: a short plan that Lua reads, and the documents as texts that it
 * only keeps. The revisions are judged in Redis, nowhere else.
 */
import type { Life } from '../control/membership-ports.ts';
import type { Commit, Verdict } from '../control/ports.ts';
import type { Connection } from './connection.ts';
import { checkCommit, factsOf, factsOfThread } from './derived.ts';
import { nameOfText, type Keys, type TextKeys } from './keys.ts';
import { subscriberOf } from '../kernel/phone-numbers.ts';
import type { Thread } from '../sms/thread.ts';
import type { Call } from '../call/call.ts';

/** How long a commit's id is known, for the repeat after a lost answer. */
const REMEMBERED_MS = 10 * 60_000;
/** How long it is known which text of ours a carrier speaks of. */
const CARRIER_REMEMBERED_MS = 7 * 86_400_000;
const WHAT = ['call', 'call-taker', 'volunteer', 'incident', 'thread', 'text'] as const;

export interface CommitSettings {
  readonly keys: Keys;
  /** As which this store saves now. */
  readonly life: () => Life;
  readonly sinks: readonly string[];
  readonly journalLength: number;
}

/** The facts of a call as Lua wants them: samples are texts, kept as they are. */
export function factsForLua(call: Call): object {
  const { inLine, live, wait, servicesMs } = factsOf(call);
  const services = servicesMs.map(String);
  return { id: call.id, revision: call.revision, inLine, live, services, ...(wait === null ? {} : { wait: JSON.stringify(wait) }) };
}

/** Rejects with 'invalid' where the commit cannot be right whatever is stored. */
export async function commitTo(redis: Connection, settings: CommitSettings, commit: Commit): Promise<Verdict> {
  checkCommit(commit);
  const { keys, args } = planOf(settings, commit);
  return verdictIn(await redis.run('commit', keys, args));
}

function planOf({ keys: names, life, sinks, journalLength }: CommitSettings, commit: Commit): { keys: string[]; args: string[] } {
  const { calls, liveCalls, line, serviceTimes, waits, callTakers, volunteers, journal } = names;
  const keys = [names.commit + commit.id, journal, calls, liveCalls, line, serviceTimes, waits, callTakers, volunteers, names.texts.unread];
  const args = ['', String(journalLength), String(REMEMBERED_MS), String(CARRIER_REMEMBERED_MS)];
  const key = (name: string) => keys.push(name);
  const value = (document: object) => args.push(JSON.stringify(document));

  const { call } = commit;
  const plan = {
    life: life(),
    ...(call && {
      call: {
        key: key(names.call + call.value.id),
        from: call.from,
        ticket: call.value.ticket,
        facts: factsForLua(call.value),
        value: value(call.value),
      },
    }),
    callTakers: (commit.callTakers ?? []).map(({ value: callTaker, from }) => ({
      key: key(names.callTaker + callTaker.id),
      id: callTaker.id,
      from,
      revision: callTaker.revision,
      value: value(callTaker),
    })),
    volunteers: (commit.volunteers ?? []).map(({ value: volunteer, from }) => ({
      key: key(names.volunteer + volunteer.id),
      id: volunteer.id,
      from,
      revision: volunteer.revision,
      free: volunteer.state.is === 'free',
      value: value(volunteer),
    })),
    incidents: (commit.incidents ?? []).map(({ value: incident, from }) => ({
      key: key(names.incident + incident.id),
      id: incident.id,
      from,
      revision: incident.version,
      value: value(incident),
      indexes: [
        key(names.incidents()),
        key(names.incidents(incident.status)),
        key(names.incidents(undefined, incident.matter.class)),
        key(names.incidents(incident.status, incident.matter.class)),
      ],
    })),
    threads: (commit.threads ?? []).map(({ value: thread, from }) => ({
      key: key(names.texts.thread + thread.id),
      id: thread.id,
      from,
      revision: thread.revision,
      value: value(thread),
      places: placesOf(names.texts, thread).map((place) => ({ ...place, key: key(place.key) })),
      named: key(names.texts.threadNamed + thread.id),
      carriers: factsOfThread(thread).carriers.map(({ gateway, carrierId, number }) => ({
        key: names.texts.of(gateway).carrierId + carrierId,
        text: nameOfText(thread.id, number),
      })),
    })),
    ...(commit.noThreadSince && {
      noThreadSince: {
        key: key(names.texts.ofNumber + subscriberOf(commit.noThreadSince.number)),
        threads: commit.noThreadSince.threads,
      },
    }),
    read: (commit.read ?? []).map((id) => ({ id, key: key(names.texts.text + id) })),
    journal: commit.journal.map((entry) => value(entry)),
    handovers: (commit.handovers ?? []).map((handover) => ({
      id: handover.id,
      at: handover.at,
      incident: handover.incident.id,
      value: value(handover),
      sinks: sinks.map((sink) => {
        const { due, births, queueOf, entry } = names.outbox(sink);
        return { due: key(due), births: key(births), queue: key(queueOf + handover.incident.id), entry: key(entry + handover.id) };
      }),
    })),
  };
  args[0] = JSON.stringify(plan);
  return { keys, args };
}

/** Every sorted set that a thread stands in now. */
function placesOf(names: TextKeys, thread: Thread): { key: string; score: number; name: string }[] {
  const { id, incident, number, openedAt, lastAt } = thread;
  const { waits, silences, due } = factsOfThread(thread);
  return [
    { key: names.threads, score: openedAt, name: id },
    { key: names.ofIncident + incident, score: openedAt, name: id },
    ...(waits ? [{ key: names.line, score: openedAt, name: id }] : []),
    ...(number === null ? [] : [{ key: names.ofNumber + subscriberOf(number), score: lastAt, name: id }]),
    ...(number === null || !silences ? [] : [{ key: names.silencing + subscriberOf(number), score: openedAt, name: id }]),
    ...due.map((text) => ({ key: names.of(text.gateway).outgoing, score: text.at, name: nameOfText(id, text.number) })),
  ];
}

function verdictIn(answer: unknown): Verdict {
  const [is, what, id] = Array.isArray(answer) ? answer.map(String) : [String(answer)];
  if (is === 'saved') return { is };
  if (is === 'fenced') return { is };
  const stale = WHAT.find((one) => one === what);
  if (is === 'stale' && stale !== undefined && id !== undefined) return { is, what: stale, id };
  throw new Error(`Redis answered a commit with ${JSON.stringify(answer)}`);
}
