/**
 * The volunteers: reading them, and laying a new list over all of them in one Redis function. Their own steps are commits.
 * Never judges what the list says.
 */
import type { Store } from '../control/ports.ts';
import { newRoster } from '../interpreters/roster.ts';
import type { Volunteer } from '../interpreters/volunteer.ts';
import type { Connection } from './connection.ts';
import { rosterEntry } from './derived.ts';
import { readAll, readOne, type Shelf } from './documents.ts';
import type { Keys } from './keys.ts';

type RosterDoor = Pick<Store, 'volunteer' | 'volunteers' | 'replaceRoster'>;

/** Arguments of the function before the volunteers' values; KEYS and ARGS count from 1. */
const BEFORE_VALUES = 4;

export function rosterDoor(redis: Connection, keys: Keys, journalLength: number): RosterDoor {
  const shelf: Shelf<Volunteer> = {
    prefix: keys.volunteer,
    fields: { id: 'string', revision: 'number', languages: 'object', addresses: 'object', state: 'object' },
  };
  const volunteers = () => readAll(redis, shelf, keys.volunteers, '0', '-1');
  return {
    volunteer: (id) => readOne(redis, shelf, id),
    volunteers,

    async replaceRoster(list, at) {
      const known = await volunteers();
      const { on, off } = newRoster(known, list);
      const plan = {
        known: known.map(({ id, revision }) => ({ id, revision })),
        on: on.map(({ id, revision }, n) => ({ id, revision, value: BEFORE_VALUES + 1 + n })),
        off: off.map(({ id, state }) => ({ id, free: state.is === 'free' })),
      };
      const entry = rosterEntry(at, known, { on, off });
      const values = on.map((volunteer) => JSON.stringify(volunteer));
      const args = [keys.volunteer, JSON.stringify(plan), JSON.stringify(entry), String(journalLength), ...values];
      const answer = String(await redis.run('replace_roster', [keys.volunteers, keys.journal], args));
      if (answer === 'saved' || answer === 'stale') return answer;
      throw new Error(`Redis answered a new roster with ${JSON.stringify(answer)}`);
    },
  };
}
