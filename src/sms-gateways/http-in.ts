/**
 * The server of a gateway over HTTP: who knocks is known before a body is read, and is answered 200 only once the text is kept. On a
 * port of its own, so that a gateway can reach it and nothing else of ours. There is no limit of rate: texts are calls for help.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { fastify, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { GatewayEars } from '../control/text-ports.ts';
import type { Clock, Log } from '../control/ports.ts';
import { isFault, wordsOf } from '../kernel/faults.ts';
import { complaintOfSignature } from '../kernel/signature.ts';
import { octetsOfQuery, reportInJson, reportInQuery, textInJson, textInQuery, type Read } from './http-bodies.ts';

export interface HttpIn {
  readonly name: string;
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  /** SHA-256 of the token, hex; sent as `Authorization: Bearer …`, or as `token=` in Kannel's query. `null`: no token is taken. */
  readonly tokenSha256: string | null;
  /** `whsec_…`: a JSON body may be signed after Standard Webhooks in place of a token. */
  readonly secrets: readonly string[];
}

export interface HttpInParts {
  readonly ears: GatewayEars;
  readonly clock: Clock;
  readonly log: Log;
  readonly heard: () => void;
}

const BODY_BYTES = 256 * 1024;
/** A query holds a text of octets, each three characters. */
const HEADER_BYTES = 256 * 1024;
const HEADERS_MS = 5000;
const REQUEST_MS = 15_000;
const RETRY_AFTER_S = 2;
/** More are closed unread, so that the lines to Redis and Asterisk never lack a file descriptor. */
const CONNECTIONS = 1000;

/** Listening; `url` without a slash at its end. Rejects with the system's error where the port cannot be had. */
export async function openHttpIn(
  settings: HttpIn,
  parts: HttpInParts,
): Promise<{ readonly server: FastifyInstance; readonly url: string }> {
  const { name, host, port } = settings;
  const { ears, log } = parts;
  const server = fastify({
    bodyLimit: BODY_BYTES,
    requestTimeout: REQUEST_MS,
    keepAliveTimeout: 75_000,
    return503OnClosing: false,
    // Queries are read by us alone, from the octets, and once it is known whose they are.
    routerOptions: { querystringParser: () => ({}) },
    http: { headersTimeout: HEADERS_MS, connectionsCheckingInterval: 500, maxHeaderSize: HEADER_BYTES },
  });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  server.setErrorHandler((error: { readonly statusCode?: number; readonly message: string }, _request, reply) => {
    const status = error.statusCode ?? 500;
    if (status >= 500) log.error({ gateway: name }, `a request could not be answered: ${wordsOf(error)}`);
    return problem(reply, status, status >= 500 ? 'something went wrong on our side' : error.message);
  });
  server.setNotFoundHandler((_request, reply) => problem(reply, 404, 'there is nothing at this path'));
  server.addHook('onRequest', async (request, reply) => {
    // Only a body can be signed: nobody is let in to a query for a signature.
    const isToBeJudged = request.method === 'POST' && request.headers['webhook-signature'] !== undefined && settings.secrets.length > 0;
    if (isToBeJudged) return undefined;
    return isKnown(settings, request) ? undefined : problem(reply, 401, 'send the token of this gateway, or sign the body');
  });

  // What is refused before its body has come, and is large or of unknown length, is not read to its end: the connection goes with it.
  server.addHook('onSend', async (request, reply) => {
    const isSmall = Number(request.headers['content-length']) <= BODY_BYTES;
    if (!request.raw.complete && !isSmall) reply.header('connection', 'close');
  });

  /** A signature is judged over the body as it came. */
  const bodyOf = (request: FastifyRequest): string | null => {
    const body = Buffer.isBuffer(request.body) ? request.body.toString('utf8') : '';
    if (isKnown(settings, request)) return body;
    const header = (key: string): string | undefined => request.headers[key]?.toString();
    const headers = {
      'webhook-id': header('webhook-id'),
      'webhook-timestamp': header('webhook-timestamp'),
      'webhook-signature': header('webhook-signature'),
    };
    return complaintOfSignature(settings.secrets, headers, body, parts.clock.now()) === null ? body : null;
  };

  const json = async <T>(
    request: FastifyRequest,
    reply: FastifyReply,
    read: (body: unknown, gateway: string) => Read<T>,
    take: (value: T) => Promise<string>,
  ) => {
    const body = bodyOf(request);
    if (body === null) return problem(reply, 401, 'no signature fits');
    const parsed = parse(body);
    if (parsed === null) return problem(reply, 400, 'the body is no JSON');
    return answer(reply, read(parsed.value, name), take, (is) => reply.send({ is }));
  };
  /** What Kannel would send on as an answer to the reporter must stay empty. */
  const query = async <T>(
    request: FastifyRequest,
    reply: FastifyReply,
    read: (query: ReadonlyMap<string, Buffer>, gateway: string) => Read<T>,
    take: (value: T) => Promise<string>,
  ) => answer(reply, read(queryOf(request), name), take, () => reply.type('text/plain').send(''));

  const answer = async <T>(reply: FastifyReply, read: Read<T>, take: (value: T) => Promise<string>, done: (is: string) => unknown) => {
    parts.heard();
    if (read.is === 'wrong') return problem(reply, 422, 'this is not what a gateway hands in', read.complaints);
    try {
      return done(await take(read.value));
    } catch (thrown) {
      if (!isFault(thrown, 'unavailable')) log.error({ gateway: name }, `a text could not be kept: ${wordsOf(thrown)}`);
      reply.header('retry-after', String(RETRY_AFTER_S));
      return problem(reply, 503, 'it cannot be kept now; repeat it');
    }
  };
  const noted = async (report: Parameters<GatewayEars['report']>[0]): Promise<string> => {
    await ears.report(report);
    return 'noted';
  };

  server.post('/texts', (request, reply) => json(request, reply, textInJson, (text) => ears.text(text)));
  server.post('/reports', (request, reply) => json(request, reply, reportInJson, noted));
  server.get('/kannel', (request, reply) => query(request, reply, textInQuery, (text) => ears.text(text)));
  server.get('/kannel/report', (request, reply) => query(request, reply, reportInQuery, noted));
  server.server.maxConnections = CONNECTIONS;
  const url = await server.listen({ host, port });
  return { server, url };
}

function isKnown({ tokenSha256 }: HttpIn, request: FastifyRequest): boolean {
  if (tokenSha256 === null) return false;
  const bearer = /^Bearer +([\x21-\x7e]{1,512}) *$/i.exec(request.headers.authorization ?? '')?.[1];
  const token = bearer ?? tokenInQuery(request);
  if (token === undefined) return false;
  return timingSafeEqual(createHash('sha256').update(token, 'utf8').digest(), Buffer.from(tokenSha256, 'hex'));
}

const rawQueryOf = (request: FastifyRequest): string => {
  const at = request.raw.url?.indexOf('?') ?? -1;
  return at === -1 ? '' : (request.raw.url ?? '').slice(at + 1);
};
const queryOf = (request: FastifyRequest): ReadonlyMap<string, Buffer> => octetsOfQuery(rawQueryOf(request));

/** Looks for the token alone: what a stranger sends beside it, up to 256 kB of octets, is not worth decoding. */
function tokenInQuery(request: FastifyRequest): string | undefined {
  const token = /(?:^|&)token=([^&]{1,1536})(?:&|$)/.exec(rawQueryOf(request))?.[1];
  return token === undefined ? undefined : octetsOfQuery(`token=${token}`).get('token')?.toString('utf8');
}

function parse(body: string): { readonly value: unknown } | null {
  try {
    return { value: JSON.parse(body) };
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return null;
    throw thrown;
  }
}

/** RFC 9457. */
const problem = (reply: FastifyReply, status: number, detail: string, complaints: readonly string[] = []): FastifyReply =>
  reply
    .code(status)
    .type('application/problem+json')
    .send({ status, detail, ...(complaints.length === 0 ? {} : { complaints }) });
