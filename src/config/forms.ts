/**
 * What one setting is described by, and the forms that several settings share: ports, hosts, words, lengths of time, lists.
 * Never reads anything.
 */
import { Type, type TSchema } from 'typebox';
import { isHost, isUrl } from './shapes.ts';

export interface Setting {
  readonly env: string;
  /** Path in config/intake.yaml, keys joined by dots; `null`: only by environment. */
  readonly yaml: string | null;
  /** As one would write it; `null`: none. */
  readonly fallback: string | number | boolean | readonly string[] | null;
  readonly schema: TSchema;
  /** "must be …", in plain words. */
  readonly must: string;
  readonly says: string;
  /** Never shown; may also come from the file named by `<env>_FILE`. */
  readonly secret?: true;
  /** Read by the set-up and the launcher, not by the engine. */
  readonly setUp?: true;
}

export const port = { schema: Type.Integer({ minimum: 1, maximum: 65_535 }), must: 'a port, 1 to 65535' };
export const host = {
  schema: Type.Refine(Type.String(), (text) => isHost(text)),
  must: 'an IP address or a host name',
};
export const word = { schema: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$' }), must: '1 to 32 letters, digits, - or _' };
export const text = { schema: Type.String({ minLength: 1, maxLength: 4096 }), must: 'a text' };
export const password = {
  schema: Type.String({ pattern: '^[\\x21-\\x7e]{8,128}$' }),
  must: '8 to 128 printable ASCII characters without spaces',
};
export const httpUrl = {
  schema: Type.Refine(Type.String(), (text) => isUrl(text, ['http:', 'https:'])),
  must: 'an http:// or https:// address',
};
export const seconds = (minimum: number, maximum: number) => ({
  schema: Type.Number({ minimum, maximum }),
  must: `${minimum} to ${maximum} seconds`,
});
export const listOf = (schema: TSchema, must: string) => ({ schema: Type.Array(schema, { minItems: 1, uniqueItems: true }), must });
export const oneOf = <T extends string>(...words: readonly T[]) => ({
  schema: Type.Union(words.map((choice) => Type.Literal(choice))),
  must: `one of ${words.join(', ')}`,
});
export const yesOrNo = { schema: Type.Boolean(), must: 'yes or no' };
