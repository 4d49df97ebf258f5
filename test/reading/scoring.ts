/**
 * How a reading is held against what a good call taker expects, field by field. The rules of matching:
 * - language, matter (class), matter code, urgency, hurt, impaired, saysWhat: equal to one of the accepted values. A matter's code counts
 *   where a class that was accepted with a code was found. hurt: "some" is not a number.
 * - happened: within the entry's own tolerance. point: within 50 m.
 * - poleCode, plateCode: equal.
 * - address: letters and digits alone, width and case folded; 80 % of the expected characters in their order (longest common
 *   subsequence), at most 20 % (or two characters) foreign, and the numbers in it the very same.
 * - landmark: 80 % of the expected characters in their order; as the edges of a landmark are a matter of taste, half its length (or
 *   four characters) may stand around it.
 * - weapons, danger, intents: sets, each member for itself. `danger at all` asks only whether there is any sign (the guard's question),
 *   `immediate` whether what can only be immediate is so.
 * A wrong value is both missed and extra. Where finding nothing is right too, nothing found is not counted. Pure: prints nothing.
 */
import type { Point, Reading } from '../../src/reading/reading.ts';
import { choices, type CorpusText } from './corpus.ts';

export const FIELDS = [
  'language',
  'happened',
  'address',
  'poleCode',
  'plateCode',
  'point',
  'landmark',
  'matter',
  'matter code',
  'urgency',
  'immediate',
  'hurt',
  'weapons',
  'danger',
  'danger at all',
  'impaired',
  'intents',
  'saysWhat',
] as const;
export type Field = (typeof FIELDS)[number];

/** One comparison of one field of one text. `right`, `missed` and `extra` are counts; a wrong value is one missed and one extra. */
export interface Verdict {
  readonly field: Field;
  readonly right: number;
  readonly missed: number;
  readonly extra: number;
  readonly expected: string;
  readonly found: string;
}

const METRES = 50;
const EARTH_RADIUS = 6_371_000;

const bare = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
const numbersIn = (text: string): string => (text.normalize('NFKC').match(/\d+/g) ?? []).join(' ');

/** Length of the longest common subsequence. */
function inCommon(left: string, right: string): number {
  let row = Array.from<number>({ length: right.length + 1 }).fill(0);
  for (const letter of left) {
    const next = [0];
    for (let at = 1; at <= right.length; at += 1) {
      next.push(letter === right[at - 1] ? (row[at - 1] ?? 0) + 1 : Math.max(row[at] ?? 0, next[at - 1] ?? 0));
    }
    row = next;
  }
  return row[right.length] ?? 0;
}

function isTheSame(expected: string, found: string, mayStandAround: (expected: number, found: number) => number): boolean {
  const [wanted, had] = [bare(expected), bare(found)];
  const common = inCommon(wanted, had);
  return common >= 0.8 * wanted.length && had.length - common <= mayStandAround(wanted.length, had.length);
}
/** Whether an address found is the one expected. */
export const isAddress = (expected: string, found: string): boolean =>
  numbersIn(expected) === numbersIn(found) && isTheSame(expected, found, (_, had) => Math.max(2, 0.2 * had));
/** Whether a landmark found is the one expected. */
export const isLandmark = (expected: string, found: string): boolean => isTheSame(expected, found, (wanted) => Math.max(4, 0.5 * wanted));

/** Great-circle distance in metres. */
export function metresBetween(one: Pick<Point, 'lat' | 'lon'>, other: Pick<Point, 'lat' | 'lon'>): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180;
  const [dLat, dLon] = [radians(other.lat - one.lat), radians(other.lon - one.lon)];
  const a = Math.sin(dLat / 2) ** 2 + Math.cos(radians(one.lat)) * Math.cos(radians(other.lat)) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_RADIUS * Math.asin(Math.sqrt(a));
}

const shown = (value: unknown): string =>
  value === null || value === undefined ? '—' : typeof value === 'string' ? value : JSON.stringify(value);

/** Compares a field that has one value or none. */
function single<E, F>(
  field: Field,
  accepted: readonly (E | null)[],
  found: F | null,
  isRight: (expected: E, found: F) => boolean,
): Verdict {
  const mayBeNothing = accepted.includes(null);
  const wanted = accepted.filter((one) => one !== null);
  const counts = (right: number, missed: number, extra: number): Verdict => ({
    field,
    right,
    missed,
    extra,
    expected: accepted.map(shown).join(' | '),
    found: shown(found),
  });
  if (found === null) return counts(0, mayBeNothing ? 0 : 1, 0);
  return wanted.some((one) => isRight(one, found)) ? counts(1, 0, 0) : counts(0, mayBeNothing ? 0 : 1, 1);
}

/** Compares a set: names that end in `?` may be there. */
function set(field: Field, marked: readonly string[], found: readonly string[]): Verdict {
  const wanted = marked.filter((name) => !name.endsWith('?'));
  const allowed = new Set(marked.map((name) => name.replace('?', '')));
  const had = [...new Set(found)];
  return {
    field,
    right: wanted.filter((name) => had.includes(name)).length,
    missed: wanted.filter((name) => !had.includes(name)).length,
    extra: had.filter((name) => !allowed.has(name)).length,
    expected: marked.join(', ') || '—',
    found: had.join(', ') || '—',
  };
}

function codeVerdict(entry: CorpusText, reading: Reading): readonly Verdict[] {
  const found = reading.matter?.value ?? null;
  const ofClass = choices(entry.expect.matter).filter((one) => one !== null && one.split('/')[0] === found?.class);
  if (found === null || ofClass.length === 0 || ofClass.some((one) => one?.includes('/') !== true)) return [];
  return [single('matter code', ofClass, `${found.class}/${found.code}`, Object.is)];
}

function immediateVerdict(entry: CorpusText, reading: Reading): readonly Verdict[] {
  const accepted = choices(entry.expect.urgency);
  const isOnly = accepted.length === 1 && accepted[0] === 'immediate';
  if (!isOnly && accepted.includes('immediate')) return [];
  const isFound = reading.urgency?.value === 'immediate';
  return [single('immediate', [isOnly ? 'immediate' : null], isFound ? 'immediate' : null, Object.is)];
}

function dangerVerdict(marked: readonly string[], found: readonly string[]): Verdict {
  const isWanted = marked.some((name) => !name.endsWith('?'));
  const accepted = isWanted ? ['some sign'] : marked.length > 0 ? ['some sign', null] : [null];
  return single('danger at all', accepted, found.length > 0 ? 'some sign' : null, Object.is);
}

/** Every comparison for one text. */
export function verdictsOf(entry: CorpusText, reading: Reading): readonly Verdict[] {
  const { expect } = entry;
  const place = expect.place ?? {};
  const code = (stated: typeof place.poleCode) => (typeof stated === 'object' ? stated.value : (stated ?? null));
  const danger = reading.danger.map((sign) => sign.value);
  const hurt = reading.hurt === null ? null : (reading.hurt.value ?? 'some');
  return [
    single('language', choices(expect.language), reading.language.tag, Object.is),
    single(
      'happened',
      choices(expect.happened),
      reading.happened === null ? null : new Date(reading.happened.value).toISOString(),
      (wanted, found) => Math.abs(Date.parse(wanted.at) - Date.parse(found)) <= wanted.within * 60_000,
    ),
    single('address', choices(place.address), reading.place.address?.value ?? null, isAddress),
    single('poleCode', [code(place.poleCode)], reading.place.poleCode?.value ?? null, Object.is),
    single('plateCode', [code(place.plateCode)], reading.place.plateCode?.value ?? null, Object.is),
    single('point', choices(place.point), reading.place.point?.value ?? null, (wanted, found) => metresBetween(wanted, found) <= METRES),
    single('landmark', choices(place.landmark), reading.place.landmark?.value ?? null, isLandmark),
    single('matter', choices(expect.matter), reading.matter?.value.class ?? null, (wanted, found) => wanted.split('/')[0] === found),
    ...codeVerdict(entry, reading),
    single('urgency', choices(expect.urgency), reading.urgency?.value ?? null, Object.is),
    ...immediateVerdict(entry, reading),
    single('hurt', choices(expect.hurt), hurt, Object.is),
    set(
      'weapons',
      expect.weapons ?? [],
      reading.weapons.map((weapon) => weapon.value),
    ),
    set('danger', expect.danger ?? [], danger),
    dangerVerdict(expect.danger ?? [], danger),
    single('impaired', [expect.impaired === true ? 'yes' : null], reading.impaired === null ? null : 'yes', Object.is),
    set(
      'intents',
      expect.intents ?? [],
      reading.intents.map((intent) => intent.value),
    ),
    single(
      'saysWhat',
      expect.saysWhat === 'either' ? ['yes', null] : [expect.saysWhat === true ? 'yes' : null],
      reading.saysWhat ? 'yes' : null,
      Object.is,
    ),
  ];
}

/** Counts of many comparisons. */
export interface Tally {
  readonly right: number;
  readonly missed: number;
  readonly extra: number;
}
export const tallyOf = (verdicts: readonly Verdict[]): Tally => ({
  right: verdicts.reduce((sum, verdict) => sum + verdict.right, 0),
  missed: verdicts.reduce((sum, verdict) => sum + verdict.missed, 0),
  extra: verdicts.reduce((sum, verdict) => sum + verdict.extra, 0),
});
/** Share of what was found that is right; `null`: nothing found. */
export const precisionOf = ({ right, extra }: Tally): number | null => (right + extra === 0 ? null : right / (right + extra));
/** Share of what was expected that was found; `null`: nothing expected. */
export const recallOf = ({ right, missed }: Tally): number | null => (right + missed === 0 ? null : right / (right + missed));
