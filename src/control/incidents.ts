/**
 * What people do with incidents: read, complete, hand over, close. Every change is one saved version; a stale one is refused, never
 * merged behind anybody's back. The rules of what is complete stand in incident/editing.ts.
 */
import { applyEdit, closeIncident, handOver, isToldOf, type Answer } from '../incident/editing.ts';
import type { Incident, IncidentEdit } from '../incident/incident.ts';
import { Fault } from '../kernel/faults.ts';
import type { IncidentId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instants.ts';
import { closeThread } from '../sms/holding.ts';
import type { Refused } from '../sms/rules.ts';
import type { Thread } from '../sms/thread.ts';
import type { Clock, HandoverType, Store } from './ports.ts';
import type { Closing } from './room-ports.ts';
import { handover } from './saving.ts';

export interface IncidentsParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly newCommitId: () => string;
  readonly outboxChanged: () => void;
}

export class Incidents {
  readonly #parts: IncidentsParts;

  constructor(parts: IncidentsParts) {
    this.#parts = parts;
  }

  async get(id: IncidentId): Promise<Incident> {
    const incident = await this.#parts.store.incident(id);
    if (incident === null) throw new Fault('unknown', `no incident ${id}`);
    return incident;
  }

  /** Once the dispatch side has been told of it, every later version is sent as well. */
  edit(id: IncidentId, version: number, edit: IncidentEdit, by: string): Promise<Incident> {
    return this.#change(id, version, by, 'IncidentEdited', (before, now) => applyEdit(before, edit, now), sentAgain);
  }

  handOver(id: IncidentId, version: number, by: string): Promise<Incident> {
    return this.#change(
      id,
      version,
      by,
      'IncidentHandedOver',
      (before, now) => handOver(before, by, now),
      () => 'incident.handed_over',
    );
  }

  /** Told to the dispatch side where it knows of the incident. */
  close(id: IncidentId, version: number, closing: Closing, by: string): Promise<Incident> {
    return this.#change(
      id,
      version,
      by,
      'IncidentClosed',
      (before, now) => closeIncident(before, closing, by, now),
      (after) => (isToldOf(after) ? 'incident.closed' : null),
      closeThread,
    );
  }

  async #change(
    id: IncidentId,
    version: number,
    by: string,
    kind: string,
    change: (before: Incident, now: Instant) => Answer,
    sentAs: (after: Incident) => HandoverType | null,
    /** What it means for the thread of an incident that came by text. */
    threadStep: (thread: Thread, now: Instant) => Thread | Refused = (thread) => thread,
  ): Promise<Incident> {
    const { store, clock, newCommitId, outboxChanged } = this.#parts;
    const before = await this.get(id);
    if (before.version !== version) throw stale(before.version);
    const now = clock.now();
    const answer = change(before, now);
    if (answer.is === 'conflict') throw new Fault('conflict', answer.why);
    if (answer.is === 'invalid') throw new Fault('invalid', 'the incident is not complete', answer.complaints);
    const { incident } = answer;
    if (incident === before) return before;
    const type = sentAs(incident);
    const thread = incident.texts === null ? null : await store.threadOfIncident(id);
    const stepped = thread === null ? null : threadStep(thread, now);
    if (stepped !== null && 'refused' in stepped) throw new Fault('conflict', stepped.refused);
    const isThreadChanged = thread !== null && stepped !== null && stepped !== thread;
    const verdict = await store.commit({
      id: newCommitId(),
      incidents: [{ value: incident, from: before.version }],
      journal: [{ at: now, kind, incident: id, data: { by, version: incident.version, status: incident.status } }],
      ...(isThreadChanged ? { threads: [{ value: { ...stepped, revision: thread.revision + 1 }, from: thread.revision }] } : {}),
      ...(type === null ? {} : { handovers: [handover(incident, type, now)] }),
    });
    if (verdict.is === 'stale' && verdict.what === 'thread')
      throw new Fault('conflict', 'a text of this incident came in this moment; try again');
    if (verdict.is !== 'saved') throw stale((await this.get(id)).version);
    if (type !== null) outboxChanged();
    return incident;
  }
}

const sentAgain = (after: Incident): HandoverType | null => (isToldOf(after) ? 'incident.amended' : null);

const stale = (present: number): Fault => new Fault('conflict', `the incident has moved on to version ${present}`, [`version: ${present}`]);
