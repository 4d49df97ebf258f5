/**
 * The OpenAPI page, from the routes' own schemas: `/docs` to read and try, `/docs/json` for machines, `/problems/<kind>` for each
 * `type` of a problem. Needs nothing from outside this server.
 */
import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import { Type } from 'typebox';
import type { Api } from './api.ts';
import { CATALOGUE, Problem, Refusal, type ProblemKind } from './problems.ts';

const DESCRIPTION = `The way in for consoles and dispatch systems. Every call needs a bearer token except \`/healthz\`, \`/readyz\`,
\`/metrics\` and this page. Every error is a problem document (RFC 9457). Instants are RFC 3339 with offset.`;

/** The page's own scripts and styles, and nothing else. */
const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; " +
  "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Before any route. */
export async function docs(api: Api, centre: string): Promise<void> {
  api.addSchema(Problem);
  await api.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: `intake110, centre ${centre}`, version: '1', description: DESCRIPTION },
      tags: ['call takers', 'calls', 'interpreters', 'incidents', 'texts', 'dispatch', 'journal', 'watching'].map((name) => ({ name })),
      components: {
        securitySchemes: {
          token: { type: 'http', scheme: 'bearer', description: 'A token of a call taker, supervisor, dispatcher or operator' },
        },
      },
      security: [{ token: [] }],
    },
    refResolver: {
      buildLocalReference: (schema, _base, _fragment, i) => (typeof schema.$id === 'string' ? schema.$id : `schema-${i}`),
    },
  });
  await api.register(swaggerUi, {
    routePrefix: '/docs',
    staticCSP: PAGE_POLICY,
    uiConfig: { docExpansion: 'list', deepLinking: true, persistAuthorization: false },
    theme: { title: 'intake110' },
    logo: {} as never,
  });

  api.get(
    '/problems/:kind',
    {
      schema: {
        tags: ['watching'],
        summary: 'What a type of problem means',
        security: [],
        params: Type.Object({ kind: Type.String({ maxLength: 64 }) }),
        response: { 200: Type.Object({ type: Type.String(), title: Type.String(), status: Type.Integer() }) },
      },
    },
    async (request) => {
      const { kind } = request.params;
      if (!Object.hasOwn(CATALOGUE, kind)) throw new Refusal('unknown', 'There is no such type of problem.');
      return { type: `/problems/${kind}`, ...CATALOGUE[kind as ProblemKind] };
    },
  );
}
