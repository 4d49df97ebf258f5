/**
 * The roster as the centre writes it, in YAML, CSV or by the API: checked row by row, all complaints at once, nothing half taken in.
 * Never reads a file: rows are handed in.
 */
import { Fault } from '../kernel/faults.ts';
import { maskDigits } from '../kernel/phone-numbers.ts';
import { quoted } from './hours-text.ts';
import { readRow, type RosterEntry } from './roster-row.ts';
import type { Volunteer } from './volunteer.ts';

export type { RosterEntry } from './roster-row.ts';

const MOST_ROWS = 5000;

export type RosterRead =
  | { readonly is: 'right'; readonly entries: readonly RosterEntry[] }
  /** Every complaint of every row, each naming its row (the first is 1) and its field. */
  | { readonly is: 'wrong'; readonly complaints: readonly string[] };

/**
 * `rows`: a list of groups with the fields id, name, languages, speaks, addresses, duty, exceptions, reserve, available.
 * `known`: the languages that can be spoken here, by BCP 47 primary tag. At most 5,000 rows.
 */
export function readRoster(rows: unknown, known: { readonly languages: readonly string[] }): RosterRead {
  if (!Array.isArray(rows)) return { is: 'wrong', complaints: ['the roster must be a list of volunteers'] };
  if (rows.length > MOST_ROWS) return { is: 'wrong', complaints: [`the roster has ${rows.length} rows; ${MOST_ROWS} are the most`] };
  const complaints: string[] = [];
  const ids = new Map<string, number>();
  const addresses = new Map<string, number>();
  const entries = (rows as readonly unknown[]).flatMap((row, at) => {
    const about = `row ${at + 1}${nameOf(row)}`;
    const entry = readRow(row, known.languages, (complaint) => complaints.push(`${about}, ${complaint}`));
    if (entry === null) return [];
    const once = (seen: Map<string, number>, field: string, value: string, shown: string) => {
      const before = seen.get(value);
      if (before !== undefined && before !== at + 1) complaints.push(`${about}, ${field}: ${shown} is row ${before}'s already`);
      seen.set(value, before ?? at + 1);
    };
    once(ids, 'id', entry.id, entry.id);
    for (const address of entry.addresses) once(addresses, 'addresses', address, maskDigits(address));
    return [entry];
  });
  return complaints.length === 0 ? { is: 'right', entries } : { is: 'wrong', complaints };
}

/** The id of a row in brackets, where it has one that can be told. */
function nameOf(row: unknown): string {
  const id = typeof row === 'object' && row !== null && 'id' in row ? row.id : null;
  return typeof id === 'string' && /^[\w-]{1,32}$/.test(id) ? ` (${id})` : '';
}

/** What a new list makes of the volunteers there are. */
export interface NewRoster {
  /** Everybody on the list, as they are to be; those the list does not change keep their revision. */
  readonly on: readonly Volunteer[];
  /** Left the list: out at once where free, else once they are. */
  readonly off: readonly Volunteer[];
}

export function newRoster(known: readonly Volunteer[], list: readonly RosterEntry[]): NewRoster {
  const before = new Map(known.map((volunteer) => [volunteer.id, volunteer]));
  const listed = new Set(list.map(({ id }) => id));
  return {
    on: list.map((entry) => {
      const volunteer = before.get(entry.id);
      if (volunteer === undefined) return { ...entry, revision: 1, lastAskedAt: null, lastServedAt: null, state: { is: 'free' } };
      const { revision, lastAskedAt, lastServedAt, state } = volunteer;
      const next: Volunteer = { ...entry, revision, lastAskedAt, lastServedAt, state };
      return says(next) === says(volunteer) ? volunteer : { ...next, revision: revision + 1 };
    }),
    off: known.filter(({ id }) => !listed.has(id)),
  };
}

/** What a list can say of a volunteer, in one order, to be compared. */
const says = ({ id, name, languages, speaks, addresses, duty, exceptions, isReserve, isAvailable }: RosterEntry): string =>
  JSON.stringify([
    [id, name, speaks, addresses, isReserve, isAvailable],
    languages.map(({ language, level }) => [language, level]),
    duty.map(({ weekday, fromMinute, toMinute }) => [weekday, fromMinute, toMinute]),
    exceptions.map(({ date, hours }) => [date, hours.map(({ fromMinute, toMinute }) => [fromMinute, toMinute])]),
  ]);

/**
 * The rows of a CSV (RFC 4180) whose first line names the columns; a byte order mark and either line ending are understood, empty lines
 * and empty cells are not there. Hand the answer to readRoster. Throws a Fault 'invalid' with every complaint where it is no such table.
 */
export function csvRows(text: string): readonly Readonly<Record<string, string>>[] {
  const [head, ...lines] = csvLines(text.replace(/^\uFEFF/, '')).filter(({ cells }) => cells.some((cell) => cell.trim() !== ''));
  const names = (head?.cells ?? []).map((name) => name.trim());
  const complaints: string[] = names.length === 0 ? ['there is no line that names the columns'] : [];
  for (const [n, name] of names.entries()) {
    if (name === '') complaints.push(`column ${n + 1} has no name`);
    else if (names.indexOf(name) < n) complaints.push(`the column ${quoted(name)} is there twice`);
  }
  for (const { line, cells } of lines) {
    if (cells.length > names.length) complaints.push(`line ${line}: ${cells.length} cells under ${names.length} columns`);
  }
  if (complaints.length > 0) throw new Fault('invalid', `This is no table of volunteers: ${complaints.join('; ')}`, complaints);
  return lines.map(({ cells }) => Object.fromEntries(cells.flatMap((cell, n) => (cell.trim() === '' ? [] : [[names[n], cell.trim()]]))));
}

/** Throws a Fault 'invalid' where a quote is left open or something follows its end. */
function csvLines(text: string): readonly { readonly line: number; readonly cells: readonly string[] }[] {
  const found: { readonly line: number; readonly cells: string[] }[] = [];
  const cell = /(?:"([^"]*(?:""[^"]*)*)"|([^",\r\n]*))(,|\r?\n|\r|$)/y;
  let row = { line: 1, cells: [] as string[] };
  let line = 1;
  while (cell.lastIndex < text.length) {
    const from = cell.lastIndex;
    const match = cell.exec(text);
    if (match === null) {
      const complaint = `line ${line}: a quote is left open, or stands inside a cell that does not begin with one`;
      throw new Fault('invalid', `This is no table of volunteers: ${complaint}`, [complaint]);
    }
    const [whole, inQuotes, plain = '', end] = match;
    row.cells.push(inQuotes?.replaceAll('""', '"') ?? plain);
    line += whole.split(/\r?\n|\r/).length - 1;
    if (end === ',' && from + whole.length < text.length) continue;
    if (end === ',') row.cells.push('');
    found.push(row);
    row = { line, cells: [] };
  }
  return found;
}
