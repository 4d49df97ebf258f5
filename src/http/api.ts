/**
 * What every route file shares: the typed server, the words of its schemas, who is asking, and how refusals are documented.
 * Never answers a request itself.
 */
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { Type, type Static, type TSchema } from 'typebox';
import { maskDigits, masked, type PhoneNumber } from '../kernel/phone-numbers.ts';
import { CATALOGUE, PROBLEM_JSON, Refusal, type ProblemKind } from './problems.ts';
import type { Role, TokenEntry } from './tokens.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Whose token came with the request; `null` without one, or outside the API. */
    bearer: TokenEntry | null;
  }
  interface FastifyContextConfig {
    /** Who may use the route. Every route of the API says so. */
    roles?: readonly Role[];
  }
}

export type Api = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;

export const CLOSED = { additionalProperties: false } as const;
export const nullable = <T extends TSchema>(schema: T) => Type.Union([schema, Type.Null()]);
export const oneOf = <T extends string>(words: readonly T[], options: { description?: string; examples?: readonly T[] } = {}) =>
  Type.Enum([...words], options);
export const moment = (description: string) =>
  Type.String({ format: 'date-time', description, examples: ['2026-03-01T08:00:00.250+00:00'] });
export const limit = (most: number, usual: number) =>
  Type.Optional(Type.Integer({ minimum: 1, maximum: most, default: usual, description: `How many at most; ${usual} unless told` }));
/** A schema by its $id, as it stands in the OpenAPI components. */
export const named = <T extends TSchema>(schema: T) => Type.Unsafe<Static<T>>({ $ref: `${(schema as { $id?: string }).$id ?? ''}#` });

const CALL_TAKER_ID = '^[A-Za-z0-9_.-]{1,64}$';
const INCIDENT_ID = '^[0-9A-Z]{10,32}$';
export const callTakerIdText = (description: string) => Type.String({ pattern: CALL_TAKER_ID, description, examples: ['1001'] });
export const incidentIdText = (description: string) =>
  Type.String({ pattern: INCIDENT_ID, description, examples: ['01JAB3C4D5E6F7G8H9J0K1M2N3'] });
export const CallIdText = Type.String({ pattern: '^[A-Za-z0-9_.:-]{1,128}$', examples: ['intake-1763750000.12'] });
export const LanguageTag = Type.String({
  pattern: '^[a-z]{2,3}$',
  minLength: 2,
  maxLength: 3,
  examples: ['ru'],
  description: 'BCP 47 primary tag',
});
export const SinkName = Type.String({ pattern: '^[^\\u0000-\\u001f\\u007f/]{1,64}$', examples: ['dispatch'] });

export const EVERYONE: readonly Role[] = ['call-taker', 'supervisor', 'dispatcher', 'operator'];

/** The problem answers of a route, for the OpenAPI page; those every route can give are added. */
export function problems(...kinds: readonly ProblemKind[]): Record<number, TSchema> {
  const all: readonly ProblemKind[] = [
    'malformed-request',
    'no-token',
    'wrong-role',
    'too-many-requests',
    'internal',
    'unavailable',
    ...kinds,
  ];
  const byStatus = new Map<number, string[]>();
  for (const kind of all) {
    const { status, title } = CATALOGUE[kind];
    byStatus.set(status, [...(byStatus.get(status) ?? []), `${kind}: ${title}.`]);
  }
  return Object.fromEntries(
    [...byStatus].map(([status, titles]) => [
      status,
      Type.Unsafe({ description: titles.join(' '), content: { [PROBLEM_JSON]: { schema: { $ref: 'Problem#' } } } }),
    ]),
  );
}

export function bearerOf(request: FastifyRequest): TokenEntry {
  if (request.bearer === null)
    throw new Refusal('no-token', 'Send a bearer token.', {}, { 'www-authenticate': 'Bearer realm="intake110"' });
  return request.bearer;
}

/** How the asker stands in records: a call taker by their id, everybody else by the token's name. */
export const signatureOf = (bearer: TokenEntry): string => bearer.callTaker ?? bearer.name;

/** Operators keep the machines running; whose number it is, and what was said with it, they need not know. */
export const seesNumbers = (bearer: TokenEntry): boolean => bearer.role !== 'operator';
export const numberFor = (bearer: TokenEntry, number: string | null): string | null =>
  number === null || seesNumbers(bearer) ? number : masked(number as PhoneNumber);
export const textFor = (bearer: TokenEntry, text: string | null): string | null =>
  text === null || seesNumbers(bearer) ? text : maskDigits(text);
