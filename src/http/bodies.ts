/**
 * How bodies, queries and paths are read and checked: strict UTF-8 and JSON, no silent conversion of bodies, no silent dropping of
 * keys. Never serializes by schema: a record of an older version must still be shown, not answered with 500.
 */
import type { FastifySchemaCompiler, FastifyServerOptions } from 'fastify';
import type { TSchema } from 'typebox';
import { checkClosing, checkEdit, type Checked } from '../incident/checking.ts';
import type { Api } from './api.ts';
import { complaintsAbout } from './complaints.ts';
import { Refusal } from './problems.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** No body at all is read as `{}`. */
    bodyOptional?: boolean;
  }
}

/** What incidents are judged by; routes name these schemas by `$ref`. */
const BY_REF: Readonly<Record<string, (input: unknown) => Checked<unknown>>> = {
  'IncidentEdit#': checkEdit,
  'IncidentClosing#': checkClosing,
};

export function readBodies(api: Api): void {
  const parse = api.getDefaultJsonParser('error', 'error');
  const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: false });
  api.removeAllContentTypeParsers();
  api.addContentTypeParser(['application/json', 'application/merge-patch+json'], { parseAs: 'buffer' }, (request, bytes, done) => {
    let text: string;
    try {
      text = utf8.decode(bytes as Buffer);
    } catch {
      done(new Refusal('malformed-request', 'The body is not UTF-8.'));
      return;
    }
    if (text.trim() === '') return done(null, undefined);
    void parse(request, text, done);
  });
  api.addHook('preValidation', async (request) => {
    if (request.routeOptions.config.bodyOptional === true) request.body ??= {};
  });
}

/** fastify takes an Error here as the refusal itself. */
const checkAgainst: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const ref = (schema as { $ref?: string }).$ref;
  const check = ref === undefined ? null : BY_REF[ref];
  if (check === undefined) throw new Error(`nothing checks what is known as ${ref}`);
  return (value: unknown) => {
    if (check !== null) {
      const checked = check(value);
      return checked.is === 'right' ? { value } : { error: refusalOf(httpPart, checked.complaints) };
    }
    const judged = httpPart === 'querystring' ? numbersOf(schema, value as Record<string, unknown>) : value;
    const complaints = complaintsAbout(schema, judged);
    if (complaints.length === 0) return { value: judged };
    return { error: refusalOf(httpPart, complaints) };
  };
};

/** Given to fastify at birth, because scopes with schemas of their own build their compilers anew. */
export const COMPILERS = {
  buildValidator: () => checkAgainst,
  buildSerializer: () => () => (value: unknown) => JSON.stringify(value),
} as unknown as NonNullable<NonNullable<FastifyServerOptions['schemaController']>['compilersFactory']>;

function refusalOf(part: string | undefined, complaints: readonly string[]): Refusal {
  switch (part) {
    case 'body':
      return new Refusal('invalid', complaints[0] ?? '', { complaints });
    case 'querystring':
      return new Refusal('invalid-query', complaints[0] ?? '', { complaints });
    case 'params':
      return new Refusal('unknown', 'No such thing can be on record: the id is not of the form we give.');
    case undefined:
    default:
      return new Refusal('malformed-request', complaints[0] ?? '', { complaints });
  }
}

/** Queries hold texts only; those that stand where a whole number belongs are read as one. */
function numbersOf(schema: TSchema, query: Record<string, unknown>): Record<string, unknown> {
  const properties = (schema as { properties?: Record<string, { type?: string }> }).properties ?? {};
  return Object.fromEntries(
    Object.entries(query).map(([key, value]) => {
      const whole = properties[key]?.type === 'integer' && typeof value === 'string' && /^[0-9]{1,9}$/.test(value);
      return [key, whole ? Number(value) : value];
    }),
  );
}
