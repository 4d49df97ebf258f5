/**
 * The store in memory, for tests: the same port as src/redis, passing the same contract suite. Everything happens at the moment of
 * the call; only the answer is a promise. Levers: go away and come back, lose the answer of the next commit, read what was saved.
 * Several stores may be opened on one memory, as several controllers share one Redis.
 */
import type { Call } from '../../src/call/call.ts';
import type { Commit, Handover, JournalEntry, Store, Verdict } from '../../src/control/ports.ts';
import type { CallTaker } from '../../src/desk/call-taker.ts';
import type { Incident } from '../../src/incident/incident.ts';
import { newRoster } from '../../src/interpreters/roster.ts';
import type { Volunteer } from '../../src/interpreters/volunteer.ts';
import { Fault } from '../../src/kernel/faults.ts';
import { ticket } from '../../src/kernel/ids.ts';
import { checkCommit, factsOf, rosterEntry, type Wait } from '../../src/redis/derived.ts';
import { MemoryLives } from './memory-membership.ts';
import { MemoryOutbox } from './memory-outbox.ts';
import { MemoryTexts } from './memory-texts.ts';

const SAMPLES_KEPT = 200;

/** What all stores on it share. Values are kept as JSON, as Redis keeps them. */
export class Memory {
  readonly calls = new Map<string, { json: string; revision: number; owner: string | null; waitCounted: boolean; services: number }>();
  readonly callTakers = new Map<string, { json: string; revision: number }>();
  /** `leaves`: has left the roster, and is taken out once free. */
  readonly volunteers = new Map<string, { json: string; revision: number; leaves: boolean }>();
  readonly incidents = new Map<string, { json: string; revision: number }>();
  readonly lives = new MemoryLives(this.calls);
  readonly texts = new MemoryTexts();
  readonly journal: { readonly id: string; readonly json: string }[] = [];
  readonly outboxes = new Map<string, MemoryOutbox>();
  readonly commits = new Set<string>();
  /** Every handover ever put out, oldest first. */
  readonly handovers: Handover[] = [];
  serviceMs: number[] = [];
  waits: Wait[] = [];
  lastTicket = 0;

  outbox(sink: string): MemoryOutbox {
    const outbox = this.outboxes.get(sink) ?? new MemoryOutbox(sink);
    this.outboxes.set(sink, outbox);
    return outbox;
  }
}

export interface MemoryStoreSettings {
  readonly memory?: Memory;
  /** The controller's name; until it joins as a life, the owner of the calls it admits. */
  readonly instance?: string;
  readonly sinks?: readonly string[];
  readonly journalLength?: number;
}

export interface MemoryStore extends Store {
  /** What is saved; for a second store, and for looking behind the port. */
  readonly memory: Memory;
  /** Every command rejects with 'unavailable', and presence is told. */
  goAway(): void;
  comeBack(): void;
  /** The next commit (or text to keep) is saved, but rejects with 'unavailable' as if its answer were lost. */
  loseNextAnswer(): void;
  /** Every commit that was answered 'saved' for the first time through this store, oldest first. */
  readonly saved: readonly Commit[];
}

export function memoryStore(settings: MemoryStoreSettings = {}): MemoryStore {
  const { memory = new Memory(), instance = 'one', sinks = ['dispatch'], journalLength = 100_000 } = settings;
  const listeners: ((present: boolean) => void)[] = [];
  const saved: Commit[] = [];
  let life = instance;
  let present = true;
  let answerLost = false;
  let closed = false;

  const settled = <T>(work: () => T): Promise<T> => {
    if (closed || !present) return Promise.reject(new Fault('unavailable', closed ? 'The store is closed' : 'The store is away'));
    try {
      return Promise.resolve(work());
    } catch (thrown) {
      return Promise.reject(thrown);
    }
  };
  const answered = <T>(answer: T): T => {
    if (!answerLost) return answer;
    answerLost = false;
    throw new Fault('unavailable', 'The answer was lost');
  };
  const setPresent = (now: boolean) => {
    if (now === present) return;
    present = now;
    for (const tell of listeners) tell(now);
  };
  const readCalls = () => [...memory.calls.values()].map(({ json }) => JSON.parse(json) as Call);
  const lineNow = () =>
    readCalls()
      .filter((call) => factsOf(call).inLine)
      .toSorted((a, b) => a.ticket - b.ticket);
  const read = (from: Map<string, { json: string }>, id: string): unknown => {
    const kept = from.get(id);
    return kept === undefined ? null : (JSON.parse(kept.json) as unknown);
  };

  const texts = memory.texts.door(settled, (entry) => saveJournal(memory, [entry], journalLength));

  return {
    memory,
    saved,
    goAway: () => setPresent(false),
    comeBack: () => setPresent(true),
    loseNextAnswer: () => {
      answerLost = true;
    },

    admit: (arrival, journal) =>
      settled(() => {
        const kept = memory.calls.get(arrival.id);
        if (kept) {
          const known = JSON.parse(kept.json) as Call;
          if (kept.owner === null || (known.state.at === 'ended' && !memory.lives.hasLease(kept.owner))) kept.owner = life;
          return { call: known, isOurs: kept.owner === life };
        }
        memory.lastTicket += 1;
        const call: Call = { ...arrival, ticket: ticket(memory.lastTicket), revision: 1 };
        saveCall(memory, call, life);
        saveJournal(memory, [journal(call.ticket)], journalLength);
        return { call: JSON.parse(JSON.stringify(call)) as Call, isOurs: true };
      }),
    commit: (commit) =>
      settled(() => {
        checkCommit(commit);
        const verdict = memory.commits.has(commit.id) ? ({ is: 'saved' } as const) : judge(memory, commit, life);
        if (verdict.is === 'saved' && !memory.commits.has(commit.id)) {
          apply(memory, commit, life, sinks, journalLength);
          saved.push(commit);
        }
        return answered(verdict);
      }),

    call: (id) => settled(() => read(memory.calls, id) as Call | null),
    ...memory.lives.door(settled, instance, (as) => {
      life = as;
    }),
    liveCalls: () =>
      settled(() =>
        readCalls()
          .filter((call) => factsOf(call).live)
          .toSorted((a, b) => a.ticket - b.ticket),
      ),
    line: (limit) =>
      settled(() =>
        lineNow()
          .slice(0, limit)
          .map((call) => ({ call: call.id, ticket: call.ticket })),
      ),
    lineLength: () => settled(() => lineNow().length),
    placeOf: (id) =>
      settled(() => {
        const place = lineNow().findIndex((call) => call.id === id) + 1;
        return place === 0 ? null : place;
      }),
    samples: () => settled(() => ({ serviceMs: [...memory.serviceMs], waits: structuredClone(memory.waits) })),
    recentCalls: (limit) =>
      settled(() =>
        readCalls()
          .toSorted((a, b) => b.ticket - a.ticket)
          .slice(0, limit),
      ),

    callTaker: (id) => settled(() => read(memory.callTakers, id) as CallTaker | null),
    callTakers: () =>
      settled(() =>
        [...memory.callTakers.values()].map(({ json }) => JSON.parse(json) as CallTaker).toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      ),

    volunteer: (id) => settled(() => read(memory.volunteers, id) as Volunteer | null),
    volunteers: () => settled(() => readVolunteers(memory)),
    replaceRoster: (list, at) =>
      settled(() => {
        const known = readVolunteers(memory);
        const { on, off } = newRoster(known, list);
        for (const volunteer of on) {
          memory.volunteers.set(volunteer.id, { json: JSON.stringify(volunteer), revision: volunteer.revision, leaves: false });
        }
        for (const { id, revision, state } of off) {
          if (state.is === 'free') memory.volunteers.delete(id);
          else memory.volunteers.set(id, { json: memory.volunteers.get(id)?.json ?? '', revision, leaves: true });
        }
        saveJournal(memory, [rosterEntry(at, known, { on, off })], journalLength);
        return 'saved' as const;
      }),

    incident: (id) => settled(() => read(memory.incidents, id) as Incident | null),
    incidents: (filter) =>
      settled(() =>
        [...memory.incidents.values()]
          .map(({ json }) => JSON.parse(json) as Incident)
          .filter((incident) => filter.status === undefined || incident.status === filter.status)
          .filter((incident) => filter.matter === undefined || incident.matter.class === filter.matter)
          .filter((incident) => filter.before === undefined || incident.id < filter.before)
          .toSorted((a, b) => (a.id < b.id ? 1 : -1))
          .slice(0, filter.limit),
      ),

    ...texts,
    keepText: (text) => texts.keepText(text).then(answered),

    journal: (after, limit) =>
      settled(() => {
        if (after !== null && !/^\d+-\d+$/.test(after)) throw new Fault('invalid', `${after} is no journal id`);
        const entries =
          after === null
            ? memory.journal.slice(Math.max(0, memory.journal.length - limit))
            : memory.journal.filter(({ id }) => serial(id) > serial(after)).slice(0, limit);
        return entries.map(({ id, json }) => ({ ...(JSON.parse(json) as JournalEntry), id }));
      }),

    takeDue: (sink, now, leaseUntil, limit) => settled(() => memory.outbox(sink).take(now, leaseUntil, limit, instance)),
    nextDue: (sink) => settled(() => memory.outbox(sink).nextDue()),
    delivered: (sink, id, at) => settled(() => memory.outbox(sink).delivered(id, at)),
    retryAt: (sink, id, at, answer) => settled(() => memory.outbox(sink).retryAt(id, at, answer, instance)),
    bury: (sink, id, at, answer) => settled(() => memory.outbox(sink).bury(id, at, answer)),
    deadLetters: (sink, limit) => settled(() => memory.outbox(sink).deadLetters(limit)),
    resend: (sink, id, at) => settled(() => memory.outbox(sink).resend(id, at)),
    backlog: (sink) => settled(() => memory.outbox(sink).backlog()),

    isPresent: () => present && !closed,
    onPresence: (tell) => {
      listeners.push(tell);
    },
    close: () => {
      closed = true;
      return Promise.resolve();
    },
  };
}

const readVolunteers = (memory: Memory): Volunteer[] =>
  [...memory.volunteers.values()].map(({ json }) => JSON.parse(json) as Volunteer).toSorted((a, b) => (a.id < b.id ? -1 : 1));

const serial = (id: string): number => Number(id.split('-')[1]);

function judge(memory: Memory, commit: Commit, life: string): Verdict {
  if (commit.call) {
    const { value, from } = commit.call;
    const kept = memory.calls.get(value.id);
    if (kept && kept.owner !== null && kept.owner !== life) return { is: 'fenced' };
    if ((kept?.revision ?? 0) !== from) return { is: 'stale', what: 'call', id: value.id };
  }
  for (const { value, from } of commit.callTakers ?? []) {
    if ((memory.callTakers.get(value.id)?.revision ?? 0) !== from) return { is: 'stale', what: 'call-taker', id: value.id };
  }
  for (const { value, from } of commit.volunteers ?? []) {
    if ((memory.volunteers.get(value.id)?.revision ?? 0) !== from) return { is: 'stale', what: 'volunteer', id: value.id };
  }
  for (const { value, from } of commit.incidents ?? []) {
    if ((memory.incidents.get(value.id)?.revision ?? 0) !== from) return { is: 'stale', what: 'incident', id: value.id };
  }
  return memory.texts.judge(commit) ?? { is: 'saved' };
}

function apply(memory: Memory, commit: Commit, life: string, sinks: readonly string[], journalLength: number): void {
  memory.commits.add(commit.id);
  if (commit.call) saveCall(memory, commit.call.value, life);
  for (const { value } of commit.callTakers ?? []) {
    memory.callTakers.set(value.id, { json: JSON.stringify(value), revision: value.revision });
  }
  for (const { value } of commit.volunteers ?? []) {
    const leaves = memory.volunteers.get(value.id)?.leaves === true;
    if (leaves && value.state.is === 'free') memory.volunteers.delete(value.id);
    else memory.volunteers.set(value.id, { json: JSON.stringify(value), revision: value.revision, leaves });
  }
  for (const { value } of commit.incidents ?? []) {
    memory.incidents.set(value.id, { json: JSON.stringify(value), revision: value.version });
  }
  memory.texts.apply(commit);
  saveJournal(memory, commit.journal, journalLength);
  for (const handover of JSON.parse(JSON.stringify(commit.handovers ?? [])) as Handover[]) {
    memory.handovers.push(handover);
    for (const sink of sinks) memory.outbox(sink).put(handover);
  }
}

function saveCall(memory: Memory, call: Call, owner: string): void {
  const kept = memory.calls.get(call.id);
  const { wait, servicesMs } = factsOf(call);
  if (wait !== null && kept?.waitCounted !== true) memory.waits = [...memory.waits, wait].slice(-SAMPLES_KEPT);
  memory.serviceMs = [...memory.serviceMs, ...servicesMs.slice(kept?.services ?? 0)].slice(-SAMPLES_KEPT);
  memory.calls.set(call.id, {
    json: JSON.stringify(call),
    revision: call.revision,
    owner: kept?.owner ?? owner,
    waitCounted: wait !== null || kept?.waitCounted === true,
    services: Math.max(servicesMs.length, kept?.services ?? 0),
  });
}

function saveJournal(memory: Memory, entries: readonly JournalEntry[], length: number): void {
  for (const entry of entries) {
    const last = memory.journal.at(-1);
    memory.journal.push({ id: `0-${last === undefined ? 1 : serial(last.id) + 1}`, json: JSON.stringify(entry) });
  }
  memory.journal.splice(0, Math.max(0, memory.journal.length - length));
}
