/**
 * The roster as the centre writes it, in YAML, CSV or by the API: checked row by row, all complaints at once, nothing half taken in.
 * Never reads a file: rows are handed in.
 */
import type { Volunteer } from './volunteer.ts';

/** What the list says of a volunteer; state and turns are the house's own. */
export type RosterEntry = Omit<Volunteer, 'revision' | 'lastAskedAt' | 'lastServedAt' | 'state'>;
