/**
 * What is wrong with a value, in sentences a person can act on; every complaint at once, with the nearest known name.
 * Walks the schema's own JSON form (object, array, string, number, union, literal); whether a value is right is TypeBox's word.
 */
import { closest, distance } from 'fastest-levenshtein';
import type { TSchema } from 'typebox';
import { Check } from 'typebox/value';

/** The parts of JSON Schema that our own schemas use. */
interface Form {
  readonly type?: string | undefined;
  readonly const?: unknown;
  readonly anyOf?: readonly Form[];
  readonly properties?: Readonly<Record<string, Form>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
  readonly minProperties?: number;
  readonly items?: Form;
  readonly maxItems?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly description?: string;
}

const MOST = 50;

/** Empty where the value is right; at most 50 sentences, each opening with the path it speaks of. */
export function complaintsAbout(schema: TSchema, value: unknown): readonly string[] {
  if (Check(schema, value)) return [];
  const found: string[] = [];
  walk(schema, value, '', found);
  if (found.length === 0) found.push('the whole does not have the form described under /docs');
  return found.slice(0, MOST);
}

function walk(form: Form, value: unknown, path: string, found: string[]): void {
  if (found.length >= MOST || Check(form, value)) return;
  const at = path === '' ? 'the body' : path;
  if (form.anyOf !== undefined) return union(form, value, path, found);
  if ('const' in form) return void found.push(`${at} must be ${say(form.const)}`);
  switch (form.type) {
    case 'object':
      return object(form, value, path, found);
    case 'array':
      return list(form, value, path, found);
    case 'string':
      return void found.push(text(form, value, at));
    case undefined:
    default:
      return void found.push(`${at} must be ${expected(form)}`);
  }
}

function list(form: Form, value: unknown, path: string, found: string[]): void {
  if (!Array.isArray(value)) return void found.push(`${path || 'the body'} must be a list`);
  const entries: readonly unknown[] = value;
  if (form.maxItems !== undefined && entries.length > form.maxItems) found.push(`${path} may have at most ${form.maxItems} entries`);
  const rule = form.items;
  if (rule !== undefined) for (const [i, entry] of entries.entries()) walk(rule, entry, `${path}[${i}]`, found);
}

function union(form: Form, value: unknown, path: string, found: string[]): void {
  const words = literalsOf(form);
  if (words !== null) {
    const near = typeof value === 'string' ? nearest(value, words) : null;
    found.push(`${path || 'the body'} must be one of ${words.join(', ')}${near === null ? '' : `; did you mean ${near}?`}`);
    return;
  }
  const real = (form.anyOf ?? []).find((branch) => branch.type !== 'null');
  if (real !== undefined) walk(real, value, path, found);
}

/** The words of a union of literals, `null` branches and nested unions included; `null` where it is something else. */
function literalsOf(form: Form): readonly string[] | null {
  const words: string[] = [];
  for (const branch of form.anyOf ?? []) {
    if ('const' in branch) words.push(String(branch.const));
    else if (branch.type === 'null') words.push('null');
    else {
      const inner = branch.anyOf === undefined ? null : literalsOf(branch);
      if (inner === null) return null;
      words.push(...inner);
    }
  }
  return words.some((word) => word !== 'null') ? words : null;
}

function object(form: Form, value: unknown, path: string, found: string[]): void {
  const at = path === '' ? 'the body' : path;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return void found.push(`${at} must be an object`);
  const known = form.properties ?? {};
  const inner = (key: string): string => (path === '' ? key : `${path}.${key}`);
  for (const key of form.required ?? []) if (!Object.hasOwn(value, key)) found.push(`${inner(key)} is missing`);
  for (const [key, entry] of Object.entries(value)) {
    const rule = Object.hasOwn(known, key) ? known[key] : undefined;
    if (rule !== undefined) walk(rule, entry, inner(key), found);
    else if (form.additionalProperties === false) found.push(unknownKey(key, path, Object.keys(known)));
  }
  if (form.minProperties !== undefined && Object.keys(value).length < form.minProperties)
    found.push(`${at} is empty; nothing would change`);
}

function unknownKey(key: string, path: string, known: readonly string[]): string {
  const shown = JSON.stringify(key.slice(0, 60));
  const near = nearest(key, known);
  const where = path === '' ? '' : ` in ${path}`;
  if (near !== null) return `${shown} is not known${where}; did you mean ${near}?`;
  return known.length === 0
    ? `${shown} is not known${where}; nothing is expected here`
    : `${shown} is not known${where}; known are ${known.join(', ')}`;
}

/** Near enough to be a slip of the hand: at most a third of the letters differ. */
function nearest(word: string, known: readonly string[]): string | null {
  if (known.length === 0 || word.length > 60) return null;
  const near = closest(word, known);
  return distance(word.toLowerCase(), near.toLowerCase()) <= Math.max(1, Math.floor(near.length / 3)) ? near : null;
}

function text(form: Form, value: unknown, at: string): string {
  if (typeof value !== 'string') return `${at} must be ${expected(form)}`;
  if (form.maxLength !== undefined && value.length > form.maxLength)
    return `${at} may have at most ${form.maxLength} characters, and has ${value.length}`;
  if (form.minLength !== undefined && value.length < form.minLength) return `${at} must not be empty`;
  if (form.format === 'date-time') return `${at} must be an instant with offset, e.g. 2026-03-01T08:00:00+08:00`;
  const told = form.description === undefined ? '' : ` (${form.description})`;
  return `${at} does not have the form of ${form.pattern ?? form.format ?? 'a text'}${told}`;
}

function expected(form: Form): string {
  switch (form.type) {
    case 'string':
      return form.format === 'date-time' ? 'an instant with offset' : 'a text';
    case 'boolean':
      return 'true or false';
    case 'integer':
    case 'number': {
      const kind = form.type === 'integer' ? 'a whole number' : 'a number';
      if (form.minimum !== undefined && form.maximum !== undefined) return `${kind} from ${form.minimum} to ${form.maximum}`;
      return form.minimum === undefined ? kind : `${kind} of at least ${form.minimum}`;
    }
    case undefined:
    default:
      return 'of another type';
  }
}

const say = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));
