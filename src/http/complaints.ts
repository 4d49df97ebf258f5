/**
 * What is wrong with a query or a small body, in sentences a person can act on; every complaint at once, with the nearest known name.
 * Knows flat objects only; incidents are judged by incident/checking.ts. Never repeats a value that was sent: it may be a number.
 */
import { closest, distance } from 'fastest-levenshtein';
import type { TSchema } from 'typebox';
import { Check } from 'typebox/value';

interface Field {
  readonly type?: string;
  readonly enum?: readonly string[];
  readonly items?: { readonly enum?: readonly string[] };
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
}
interface FlatForm {
  readonly properties?: Readonly<Record<string, Field>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean;
}

const MOST = 20;
const NAME_MAX = 40;

/** Empty where the value is right; at most 20 sentences. */
export function complaintsAbout(schema: TSchema, value: unknown): readonly string[] {
  if (Check(schema, value)) return [];
  const form = schema as FlatForm;
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return ['an object is expected'];
  const fields = form.properties ?? {};
  const missing = (form.required ?? []).filter((name) => !Object.hasOwn(value, name)).map((name) => `${name}: is missing`);
  const wrong = Object.entries(value).flatMap(([name, given]) => {
    const field = Object.hasOwn(fields, name) ? fields[name] : undefined;
    if (field !== undefined) return Check(field as TSchema, given) ? [] : [`${name}: ${must(field)}`];
    return form.additionalProperties === false ? [noSuch(name, Object.keys(fields))] : [];
  });
  return [...missing, ...wrong].slice(0, MOST);
}

function must(field: Field): string {
  if (field.enum !== undefined) return `one of ${field.enum.join(', ')}`;
  if (field.type === 'boolean') return 'true or false';
  if (field.type === 'integer') return `a whole number, once, from ${field.minimum ?? 0} to ${field.maximum ?? 'any'}`;
  if (field.maxLength !== undefined) return `a text of ${field.minLength ?? 0} to ${field.maxLength} characters`;
  if (field.type === 'array') return field.items?.enum === undefined ? 'a list' : `a list of ${field.items.enum.join(', ')}`;
  return 'one id, as we gave it';
}

function noSuch(name: string, known: readonly string[]): string {
  const shown = name.slice(0, NAME_MAX).replaceAll(/\p{C}/gu, '?');
  if (known.length === 0) return `${shown}: nothing is expected here`;
  const near = closest(name.slice(0, NAME_MAX), known);
  const isNear = distance(name.toLowerCase().slice(0, NAME_MAX), near.toLowerCase()) <= Math.max(2, Math.floor(near.length / 2));
  return isNear ? `${shown}: not known; did you mean ${near}?` : `${shown}: not known; there are ${known.join(', ')}`;
}
