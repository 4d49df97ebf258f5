/**
 * From threads as they were to threads as they are to be: one commit with their incidents, the journal and what the dispatch side is
 * told. Decides nothing about a thread: the rules stand in sms/ and incident/.
 */
import { isToldOf } from '../incident/editing.ts';
import { incidentFromTexts } from '../incident/from-texts.ts';
import type { Incident } from '../incident/incident.ts';
import type { TextId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instants.ts';
import type { Thread } from '../sms/thread.ts';
import type { Change, Commit, Handover, HandoverType, JournalEntry, Store } from './ports.ts';
import { handover } from './saving.ts';

/** A thread as last saved (`null`: not yet) and as it is to be. */
export interface ThreadStep {
  readonly before: Thread | null;
  readonly after: Thread;
}

export interface TextCommitOf {
  readonly id: string;
  readonly kind: string;
  readonly steps: readonly ThreadStep[];
  readonly read?: readonly TextId[];
  readonly noThreadSince?: Commit['noThreadSince'];
  readonly data?: JournalEntry['data'];
  readonly now: Instant;
  /** Anything further to be done to the incident of a thread, e.g. closing it as a duplicate. */
  readonly finish?: (thread: Thread, incident: Incident) => Incident;
}

/** A step that concerns only what we send: the incident is left as it is, so that nobody's edit is refused for a delivery report. */
export const transportCommit = (of: TextCommitOf): Commit => ({ id: of.id, threads: changesOf(of.steps), journal: journalOf(of) });

/** A step that changes what is known: the incident follows, and whoever was told of it is told again. */
export async function textCommit(store: Pick<Store, 'incident'>, centre: string, of: TextCommitOf): Promise<Commit> {
  const incidents: Change<Incident>[] = [];
  const handovers: Handover[] = [];
  for (const { before, after } of of.steps) {
    if (after.holder.is === 'elsewhere') continue;
    const old = await store.incident(after.incident);
    const filled = incidentFromTexts(after, old === null || before === null ? null : { thread: before, incident: old }, of.now, centre);
    const incident = of.finish === undefined ? filled : of.finish(after, filled);
    if (incident === old) continue;
    incidents.push({ value: incident, from: old?.version ?? 0 });
    const type = toldAs(old, incident);
    if (type !== null) handovers.push(handover(incident, type, of.now));
  }
  return {
    id: of.id,
    threads: changesOf(of.steps),
    ...(of.read === undefined ? {} : { read: of.read }),
    ...(of.noThreadSince === undefined ? {} : { noThreadSince: of.noThreadSince }),
    incidents,
    handovers,
    journal: journalOf(of),
  };
}

function toldAs(old: Incident | null, incident: Incident): HandoverType | null {
  if (!isToldOf(incident)) return null;
  if (old === null || !isToldOf(old)) return 'incident.handed_over';
  return incident.status === 'closed' && old.status !== 'closed' ? 'incident.closed' : 'incident.amended';
}

const changesOf = (steps: readonly ThreadStep[]): readonly Change<Thread>[] =>
  steps.map(({ before, after }) => {
    const from = before?.revision ?? 0;
    return { value: { ...after, revision: from + 1 }, from };
  });

function journalOf({ steps, kind, data, now }: TextCommitOf): readonly JournalEntry[] {
  return steps.map(({ before, after }) => ({
    at: now,
    kind,
    thread: after.id,
    incident: after.incident,
    data: {
      ...data,
      received: after.received.length,
      ...(before?.holder.is === after.holder.is ? {} : { holder: after.holder.is }),
      ...(before?.guard.is === after.guard.is ? {} : { guard: after.guard.is }),
    },
  }));
}
