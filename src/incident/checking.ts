/**
 * Is this unknown thing an incident, an edit, a closing? Answers with all complaints at once, each naming its field in plain words, and
 * with the nearest known name for an unknown one. The schemas of incident.ts decide; this file only finds the words, which never
 * repeat what was sent (it may be a name or a number).
 */
import { closest, distance } from 'fastest-levenshtein';
import { Type, type Static, type TSchema } from 'typebox';
import { Check, Errors } from 'typebox/value';
import { fromRfc3339 } from '../kernel/instants.ts';
import { Disposition, Incident, IncidentEdit } from './incident.ts';

export type Checked<T> = { readonly is: 'right'; readonly value: T } | { readonly is: 'wrong'; readonly complaints: readonly string[] };

/** What is asked of somebody who closes an incident. */
export const IncidentClosing = Type.Pick(Disposition, ['outcome', 'reason'], { additionalProperties: false, $id: 'IncidentClosing' });

export const checkIncident = (input: unknown): Checked<Incident> => check(Incident, input);
export const checkEdit = (input: unknown): Checked<IncidentEdit> => check(IncidentEdit, input);
export const checkClosing = (input: unknown): Checked<Static<typeof IncidentClosing>> => check(IncidentClosing, input);

/** Complaints listed; the rest is counted. */
const MOST = 20;
const NAME_MAX = 40;
const NEAR = 4;

type Complain = (path: string, words: string) => void;

/** The part of JSON Schema that incident.ts uses. */
interface Shape {
  readonly type?: 'object' | 'array' | 'string' | 'number' | 'integer' | 'boolean' | 'null';
  readonly anyOf?: readonly Shape[];
  readonly const?: string;
  readonly enum?: readonly string[];
  readonly properties?: Readonly<Record<string, Shape>>;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly items?: Shape;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly pattern?: string;
  readonly format?: string;
}

/** Plain words for every pattern of incident.ts. */
const PATTERN_WORDS: Readonly<Record<string, string>> = {
  '^[0-9]{4,12}$': '4 to 12 digits',
  '^[0-9A-Za-z-]{4,40}$': '4 to 40 letters, digits and hyphens',
  '^\\+?[0-9]{1,32}$': '1 to 32 digits, a + before them at most',
  '^[a-z]{3}$': 'three small letters of ISO 639-3, e.g. cmn, rus, eng',
  '^[0-9A-Z]{10,32}$': '10 to 32 digits and capital letters',
};

function check<T extends TSchema>(schema: T, input: unknown): Checked<Static<T>> {
  const found: string[] = [];
  let count = 0;
  const complain: Complain = (path, words) => {
    count += 1;
    if (found.length < MOST) found.push(path === '' ? words : `${path}: ${words}`);
  };
  look(schema, input, '', complain);
  if (count > found.length) found.push(`and ${count - found.length} more`);
  if (found.length > 0) return { is: 'wrong', complaints: found };
  return Check(schema, input)
    ? { is: 'right', value: input }
    : { is: 'wrong', complaints: Errors(schema, input).map(({ instancePath, message }) => `${instancePath}: ${message}`) };
}

function look(shape: Shape, value: unknown, path: string, complain: Complain): void {
  if (shape.anyOf !== undefined) choose(shape.anyOf, value, path, complain);
  else if (shape.type === 'object') lookInObject(shape, value, path, complain);
  else if (shape.type === 'array') lookInArray(shape, value, path, complain);
  else if (!Check(shape as TSchema, value) || !isMoment(shape, value)) complain(path, must(shape));
}

/** The only choice that incident.ts leaves between shapes is one of them or `null`. */
function choose(choices: readonly Shape[], value: unknown, path: string, complain: Complain): void {
  if (value === null && choices.some((choice) => choice.type === 'null')) return;
  for (const choice of choices.filter(({ type }) => type !== 'null')) {
    look(choice, value, path, (at, words) => complain(at, at === path ? `${words}, or null` : words));
  }
}

function lookInObject(shape: Shape, value: unknown, path: string, complain: Complain): void {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    complain(path, 'an object');
    return;
  }
  const fields = shape.properties ?? {};
  const below = (name: string): string => (path === '' ? name : `${path}.${name}`);
  const given = new Map<string, unknown>(Object.entries(value));
  if (given.size < (shape.minProperties ?? 0)) complain(path, `nothing is said; it may hold ${Object.keys(fields).join(', ')}`);
  for (const name of shape.required ?? []) if (!given.has(name)) complain(below(name), 'is missing');
  for (const [name, inside] of given) {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field === undefined) complain(below(printable(name)), noSuch(name, Object.keys(fields)));
    else look(field, inside, below(name), complain);
  }
}

function lookInArray(shape: Shape, value: unknown, path: string, complain: Complain): void {
  if (!Array.isArray(value)) {
    complain(path, 'a list');
    return;
  }
  if (value.length > (shape.maxItems ?? Infinity)) complain(path, `at most ${shape.maxItems} entries`);
  else if (shape.items !== undefined) for (const [at, inside] of value.entries()) look(shape.items, inside, `${path}.${at}`, complain);
}

/** RFC 3339 and a real moment: no leap second and no time zone in brackets, which the rest of the house could not reckon with. */
const isMoment = (shape: Shape, value: unknown): boolean =>
  shape.format !== 'date-time' || (typeof value === 'string' && !value.includes('[') && fromRfc3339(value) !== null);

function must(shape: Shape): string {
  if (shape.const !== undefined) return `must be ${shape.const}`;
  if (shape.enum !== undefined) return `one of ${shape.enum.join(', ')}`;
  if (shape.type === 'string') return mustString(shape);
  if (shape.type === 'boolean') return 'true or false';
  return [
    shape.type === 'integer' ? 'a whole number' : 'a number',
    ...(shape.minimum === undefined ? [] : [`from ${shape.minimum}`]),
    ...(shape.maximum === undefined ? [] : [`to ${shape.maximum}`]),
  ].join(' ');
}

function mustString({ format, pattern, minLength, maxLength }: Shape): string {
  if (format === 'date-time') return 'a moment with its offset, e.g. 2026-03-01T08:00:00+08:00';
  if (pattern !== undefined) return PATTERN_WORDS[pattern] ?? `a text like ${pattern}`;
  if (maxLength === undefined) return 'a text';
  return minLength === undefined ? `a text of at most ${maxLength} characters` : `a text of ${minLength} to ${maxLength} characters`;
}

const printable = (name: string): string => name.slice(0, NAME_MAX).replaceAll(/\p{C}/gu, '?');

function noSuch(name: string, known: readonly string[]): string {
  if (name.length > NAME_MAX || known.length === 0) return 'no such field';
  const near = closest(
    name.toLowerCase(),
    known.map((one) => one.toLowerCase()),
  );
  const match = known.find((one) => one.toLowerCase() === near) ?? '';
  const isNear = distance(name.toLowerCase(), near) <= Math.min(NEAR, Math.max(2, Math.floor(near.length / 2)));
  return isNear ? `no such field; did you mean ${match}?` : `no such field; there are ${known.join(', ')}`;
}
