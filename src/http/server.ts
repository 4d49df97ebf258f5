/**
 * The HTTP door: one fastify server in front of the control room. Puts gate, routes, pages and figures together, answers every error
 * with a problem document, and keeps the access log. Callers do not come in here, so that it may refuse what a telephone line may not.
 * Speaks plain HTTP; encryption is the proxy's in front of it.
 */
import { randomUUID } from 'node:crypto';
import helmet from '@fastify/helmet';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import { fastify, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Log } from '../control/ports.ts';
import type { ControlRoom, Observer } from '../control/room-ports.ts';
import { guard } from './access.ts';
import { COMPILERS, readBodies } from './bodies.ts';
import { callTakerRoutes } from './call-takers.ts';
import { callRoutes } from './calls.ts';
import { dispatchRoutes } from './dispatch.ts';
import { docs } from './docs.ts';
import { healthRoutes } from './health.ts';
import { incidentRoutes } from './incidents.ts';
import { journalRoutes } from './journal.ts';
import { makeMetrics, type Metrics } from './metrics.ts';
import { answerOnSocket, answerTo, PROBLEM_JSON, Refusal } from './problems.ts';
import { textRoutes } from './texts.ts';
import { makeTokens, type TokenEntry } from './tokens.ts';
import { volunteerRoutes } from './volunteers.ts';
import { settledWithin } from './settled-within.ts';
import type { Api } from './api.ts';

export interface HttpOptions {
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly room: ControlRoom;
  readonly tokens: readonly TokenEntry[];
  readonly log: Log;
  /** The centre's code, e.g. `230100`. */
  readonly centre: string;
  /** Where the observer is needed before the room exists: made by `makeMetrics` and closed with the server. */
  readonly metrics?: Metrics;
  readonly limits?: Partial<Limits>;
}

/** Milliseconds, requests in a minute, and connections at a time. */
export interface Limits {
  readonly headersMs: number;
  readonly requestMs: number;
  readonly answerMs: number;
  readonly drainMs: number;
  /** Of one token. */
  readonly perMinute: number;
  /** Of one address, without a token or with one that nobody has. */
  readonly strangersPerMinute: number;
  /** More are closed unread, so that the lines to Redis and Asterisk never lack a file descriptor. */
  readonly connections: number;
}

/** A desk that asks five times a second uses a tenth of its rate. */
const LIMITS: Limits = {
  headersMs: 5000,
  requestMs: 15_000,
  answerMs: 10_000,
  drainMs: 5000,
  perMinute: 3000,
  strangersPerMinute: 300,
  connections: 1000,
};
const BODY_BYTES = 64 * 1024;
const ALL_METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export interface Http {
  /** e.g. `http://127.0.0.1:8110` */
  readonly url: string;
  readonly observer: Observer;
  /** Other tokens in place of all present ones, at once; throws Fault 'invalid' and keeps them where they cannot be used. */
  reloadTokens(entries: readonly TokenEntry[]): void;
  /** No new requests; those under way may end; settles within `drainMs` and a little. */
  close(): Promise<void>;
}

/** Throws Fault 'invalid' for unusable tokens, and the system's error where the port cannot be had. */
export async function openHttp(options: HttpOptions): Promise<Http> {
  const { host, port, room, log, centre } = options;
  const limits: Limits = { ...LIMITS, ...options.limits };
  const tokens = makeTokens(options.tokens);
  const metrics = options.metrics ?? makeMetrics(centre);
  const api: Api = fastify({
    bodyLimit: BODY_BYTES,
    requestTimeout: limits.requestMs,
    handlerTimeout: limits.answerMs,
    keepAliveTimeout: 75_000,
    connectionTimeout: 0,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    return503OnClosing: false,
    http: { headersTimeout: limits.headersMs, connectionsCheckingInterval: 500, maxHeaderSize: 16 * 1024 },
    schemaController: { compilersFactory: COMPILERS },
    routerOptions: { maxParamLength: 256 },
    clientErrorHandler: answerOnSocket,
    frameworkErrors: (error, request, reply) => void answer(error, request as FastifyRequest, reply as FastifyReply),
  }).withTypeProvider<TypeBoxTypeProvider>();

  function answer(reason: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const thrown = hasTimedOut(reason) && !request.raw.complete ? bodyTooSlow() : reason;
    const { status, headers, body, forLog } = answerTo(thrown, request.id);
    if (forLog !== null)
      log.error({ requestId: request.id, route: routeOf(request), status, why: forLog }, 'a request could not be answered');
    return reply.code(status).headers(headers).header('x-request-id', request.id).type(PROBLEM_JSON).send(JSON.stringify(body));
  }

  readBodies(api);
  api.decorateRequest('bearer', null);
  api.setErrorHandler((error, request, reply) => answer(error, request, reply));
  api.setNotFoundHandler((request, reply) =>
    answer(new Refusal('no-such-path', 'See /docs for the paths of this server.'), request, reply),
  );
  api.addHook('onRequest', async (request, reply) => void reply.header('x-request-id', request.id));
  api.addHook('onSend', async (request, reply) => endUnread(request, reply));
  api.addHook('onResponse', async (request, reply) => tell(request, reply));

  function tell(request: FastifyRequest, reply: FastifyReply): void {
    const route = routeOf(request);
    metrics.httpAnswered(request.method, route, reply.statusCode, reply.elapsedTime / 1000);
    const about = {
      ...subjectOf(request, reply.statusCode),
      method: request.method,
      route,
      status: reply.statusCode,
      ms: Math.round(reply.elapsedTime * 10) / 10,
      who: request.bearer?.name ?? null,
      requestId: request.id,
    };
    if (request.bearer === null && reply.statusCode < 400) log.debug(about, 'http');
    else log.info(about, 'http');
  }

  await api.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] } },
    strictTransportSecurity: false,
  });
  await docs(api, centre);
  healthRoutes(api, room, metrics);
  const known = new Map<string, Set<string>>();
  await api.register(
    async (scope) => {
      const v1 = scope as Api;
      v1.addHook('onRoute', ({ url, method }) => {
        for (const one of [method].flat()) known.set(url, (known.get(url) ?? new Set()).add(one));
      });
      await guard(v1, tokens, limits);
      callTakerRoutes(v1, room);
      callRoutes(v1, room);
      await volunteerRoutes(v1, room);
      incidentRoutes(v1, room);
      textRoutes(v1, room);
      dispatchRoutes(v1, room);
      journalRoutes(v1, room, centre);
    },
    { prefix: '/api/v1' },
  );
  for (const [url, methods] of known) refuseOtherMethods(api, url, methods);

  api.server.maxConnections = limits.connections;
  const url = await api.listen({ host, port });
  let closing: Promise<void> | null = null;
  return {
    url,
    observer: metrics.observer,
    reloadTokens: (entries) => tokens.reload(entries),
    close() {
      closing ??= shut(api, metrics, limits.drainMs, log);
      return closing;
    },
  };
}

/** What is answered before its body has come, and is large or of unknown length, is not read to its end: the connection goes with it. */
function endUnread(request: FastifyRequest, reply: FastifyReply): void {
  const isSmall = Number(request.headers['content-length']) <= BODY_BYTES;
  if (!request.raw.complete && !isSmall) reply.header('connection', 'close');
}

const hasTimedOut = (thrown: unknown): boolean => thrown instanceof Error && 'code' in thrown && thrown.code === 'FST_ERR_HANDLER_TIMEOUT';
const bodyTooSlow = (): Refusal => new Refusal('too-slow', 'The body was not complete in time.', {}, { connection: 'close' });

/** RFC 9110: 405 with the methods that the path does answer, before any body is read. */
function refuseOtherMethods(api: Api, url: string, methods: ReadonlySet<string>): void {
  const allowed = [...methods].toSorted();
  const refuse = async (): Promise<never> => {
    throw new Refusal('wrong-method', `This path answers ${allowed.join(', ')}.`, { allowed }, { allow: allowed.join(', ') });
  };
  const method = ALL_METHODS.filter((one) => !methods.has(one));
  api.route({ method, url, exposeHeadRoute: false, schema: { hide: true }, onRequest: refuse, handler: refuse });
}

/** The pattern, so that neither ids nor queries stand in the log. */
const routeOf = (request: FastifyRequest): string => request.routeOptions.url ?? 'none';

/** What the request was about, first in the log, once its id has been found right. */
function subjectOf(
  request: FastifyRequest,
  status: number,
): { readonly call?: string; readonly incident?: string; readonly thread?: string } {
  const { id } = (request.params ?? {}) as { readonly id?: string };
  if (id === undefined || status >= 400) return {};
  const route = routeOf(request);
  if (route.startsWith('/api/v1/calls/')) return { call: id };
  if (route.startsWith('/api/v1/texts/')) return { thread: id };
  return route.startsWith('/api/v1/incidents/') ? { incident: id } : {};
}

async function shut(api: Api, metrics: Metrics, drainMs: number, log: Log): Promise<void> {
  const drained = await settledWithin(drainMs, () => api.close());
  if (!drained.ok) {
    log.warn({ why: drained.why }, 'HTTP connections are cut');
    api.server.closeAllConnections();
  }
  metrics.close();
}
