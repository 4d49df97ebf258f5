/**
 * Lists of groups of settings: what a field is described by, the forms that several lists share, and how the entries of a list are read.
 * Complains of every wrong field and every unknown one; takes no entry that is not right as a whole.
 */
import { closest } from 'fastest-levenshtein';
import { Type, type TSchema } from 'typebox';
import { checked, fieldsOf, type Complain, type Fields } from './reading.ts';

export interface Field {
  readonly schema: TSchema;
  readonly must: string;
  /** `undefined`: it must be given. */
  readonly fallback?: unknown;
  readonly secret?: true;
}

export const name = { schema: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$' }), must: '1 to 64 letters, digits, ., - or _' };
export const word = { schema: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$' }), must: '1 to 32 letters, digits, - or _' };
export const text = {
  schema: Type.String({ minLength: 1, maxLength: 200, pattern: '^[^\\x00-\\x1f\\x7f]+$' }),
  must: 'a text of one line',
};
export const flag = { schema: Type.Boolean(), must: 'true or false' };
export const number = (minimum: number, maximum: number) => ({
  schema: Type.Number({ minimum, maximum }),
  must: `${minimum} to ${maximum}`,
});
export const whole = (minimum: number, maximum: number) => ({
  schema: Type.Integer({ minimum, maximum }),
  must: `a whole number, ${minimum} to ${maximum}`,
});
export const oneOf = (...words: readonly string[]) => ({
  schema: Type.Union(words.map((choice) => Type.Literal(choice))),
  must: `one of ${words.join(', ')}`,
});
export const list = (schema: TSchema, maxItems: number, must: string) => ({ schema: Type.Array(schema, { minItems: 1, maxItems }), must });

export type Read<F extends Record<string, Field>> = { readonly [K in keyof F]: unknown };

/** The entries of a list whose every field is right; the others have been complained of. */
export function entries<F extends Record<string, Field>>(where: string, value: unknown, fields: F, complain: Complain): readonly Read<F>[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    complain(`${where} must be a list`);
    return [];
  }
  return (value as readonly unknown[]).flatMap((entry, at): readonly Read<F>[] => {
    const given = fieldsOf(entry);
    if (given !== null) return [readEntry(`${where}[${at + 1}]`, given, fields, complain)].filter((read) => read !== null);
    complain(`${where}[${at + 1}] must be a group of settings`);
    return [];
  });
}

export function readEntry<F extends Record<string, Field>>(where: string, given: Fields, fields: F, complain: Complain): Read<F> | null {
  let right = true;
  const wrong: Complain = (complaint) => {
    right = false;
    complain(complaint);
  };
  const known = Object.keys(fields);
  for (const key of Object.keys(given)) {
    if (!known.includes(key)) wrong(`${where}.${key} is not a setting; the nearest is ${closest(key, known)}`);
  }
  const read: Record<string, unknown> = {};
  for (const [key, field] of Object.entries<Field>(fields)) {
    const value = given[key] ?? null;
    if (value !== null) checked(`${where}.${key}`, value, field, wrong);
    else if (field.fallback === undefined) wrong(`${where}.${key} is missing`);
    read[key] = value ?? field.fallback;
  }
  return right ? (read as Read<F>) : null;
}
