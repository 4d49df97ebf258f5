/**
 * The gate of the API: rate, token and role are judged before a body is read. Knows roles only from each route's own `config.roles`;
 * a route that names none is a mistake of ours and stops the start.
 */
import rateLimit from '@fastify/rate-limit';
import type { FastifyRequest } from 'fastify';
import type { Api } from './api.ts';
import { Refusal } from './problems.ts';
import type { Tokens } from './tokens.ts';

const CHALLENGE = 'Bearer realm="intake110"';
const BEARER = /^Bearer +([A-Za-z0-9._~+/=-]{1,512}) *$/i;

/** Requests in a minute; beyond them 429. */
interface Rates {
  /** Of one token. */
  readonly perMinute: number;
  /** Of one address, without a token or with one that nobody has: whoever holds a token is not throttled by who guesses beside them. */
  readonly strangersPerMinute: number;
}

export async function guard(api: Api, tokens: Tokens, { perMinute, strangersPerMinute }: Rates): Promise<void> {
  await api.register(rateLimit, { global: false });
  const rateOf = (request: FastifyRequest): number => (request.bearer === null ? strangersPerMinute : perMinute);
  const limiter = api.createRateLimit({
    max: rateOf,
    timeWindow: 60_000,
    keyGenerator: (request) => (request.bearer === null ? `address ${request.ip}` : `token ${request.bearer.name}`),
  });

  api.addHook('onRoute', (route) => {
    if (route.config?.roles === undefined) throw new Error(`${String(route.method)} ${route.url} names no roles`);
  });
  api.addHook('onRequest', async (request, reply) => {
    const token = tokenIn(request);
    request.bearer = token === null ? null : tokens.whose(token);
    const rate = await limiter(request);
    if (!rate.isAllowed && rate.isExceeded) {
      throw new Refusal(
        'too-many-requests',
        `More than ${rateOf(request)} requests in a minute.`,
        {},
        { 'retry-after': String(rate.ttlInSeconds) },
      );
    }
    if (token === null) throw new Refusal('no-token', 'Send "Authorization: Bearer <token>".', {}, { 'www-authenticate': CHALLENGE });
    if (request.bearer === null) {
      throw new Refusal(
        'unknown-token',
        'It may be mistyped or withdrawn.',
        {},
        { 'www-authenticate': `${CHALLENGE}, error="invalid_token"` },
      );
    }
    const roles = request.routeOptions.config.roles ?? [];
    if (!roles.includes(request.bearer.role)) {
      throw new Refusal('wrong-role', `A ${request.bearer.role} token may not do this; it takes ${roles.join(' or ')}.`);
    }
    reply.header('cache-control', 'no-store');
  });
}

/** `null` where no header is sent, or one that holds no bearer token. */
function tokenIn(request: FastifyRequest): string | null {
  return BEARER.exec(request.headers.authorization ?? '')?.[1] ?? null;
}
