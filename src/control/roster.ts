/**
 * The volunteers as people ask for them: read, take in a new list, set who is available. The list is taken in whole or not at all.
 * Never rings anybody: that is interpreter-search.ts.
 */
import { readRoster } from '../interpreters/roster.ts';
import { volunteerStep, type Volunteer } from '../interpreters/volunteer.ts';
import { languages } from '../speech/compose.ts';
import { Fault, isFault } from '../kernel/faults.ts';
import type { VolunteerId } from '../kernel/ids.ts';
import type { Clock, Log, Store } from './ports.ts';

const SAVE_TRIES = 16;

export interface RosterParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** What can be spoken here; a volunteer who is spoken to in another would hear nothing. */
  readonly languages: readonly string[];
  readonly newCommitId: () => string;
  readonly seekChanged: () => void;
}

export class Roster {
  readonly #parts: RosterParts;

  constructor(parts: RosterParts) {
    this.#parts = parts;
  }

  async get(id: VolunteerId): Promise<Volunteer> {
    const known = await this.#parts.store.volunteer(id);
    if (known === null) throw new Fault('unknown', `no volunteer ${id}`);
    return known;
  }

  async setAvailable(id: VolunteerId, isAvailable: boolean): Promise<Volunteer> {
    const { store, clock, newCommitId, seekChanged } = this.#parts;
    for (let tries = 1; tries <= SAVE_TRIES; tries++) {
      const known = await this.get(id);
      const { volunteer } = volunteerStep(known, { type: 'AvailabilityAsked', isAvailable, time: clock.now() });
      if (volunteer === known) return known;
      const verdict = await store.commit({
        id: newCommitId(),
        volunteers: [{ value: volunteer, from: known.revision }],
        journal: [{ at: clock.now(), kind: 'VolunteerAvailability', data: { volunteer: id, isAvailable } }],
      });
      if (verdict.is !== 'saved') continue;
      seekChanged();
      return volunteer;
    }
    throw new Fault('unavailable', `volunteer ${id} changes faster than it can be saved`);
  }

  /** The file's list is only where a roster begins; what people have changed since is not overwritten. A wrong list stops nobody's call. */
  async takeFirst(rows: unknown): Promise<void> {
    if (rows === null || (await this.#parts.store.volunteers()).length > 0) return;
    try {
      await this.importRows(rows);
    } catch (thrown) {
      if (!isFault(thrown, 'invalid')) throw thrown;
      this.#parts.log.error({ complaints: thrown.details }, 'the first roster was not taken in, and callers are served without volunteers');
    }
  }

  async importRows(rows: unknown): Promise<readonly Volunteer[]> {
    const { store, clock, seekChanged } = this.#parts;
    const read = readRoster(rows, { languages });
    if (read.is === 'wrong') throw new Fault('invalid', 'the roster was not taken in', read.complaints);
    for (let tries = 1; tries <= SAVE_TRIES; tries++) {
      if ((await store.replaceRoster(read.entries, clock.now())) !== 'saved') continue;
      seekChanged();
      return store.volunteers();
    }
    throw new Fault('unavailable', 'volunteers are being asked faster than the roster can be saved');
  }
}
