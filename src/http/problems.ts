/**
 * Every refusal of the HTTP door, as a problem document (RFC 9457, `application/problem+json`). The catalogue here is the whole
 * vocabulary; a client tells problems apart by `type`. Never shows a stack trace, nor the words of a failure inside the house.
 */
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Type, type Static } from 'typebox';
import { isFault, wordsOf, type Fault } from '../kernel/faults.ts';

export const PROBLEM_JSON = 'application/problem+json';

/** Kind → HTTP status and title. `type` in the document is `/problems/<kind>`, where this server explains it. */
export const CATALOGUE = {
  'malformed-request': { status: 400, title: 'The request cannot be read' },
  'invalid-query': { status: 400, title: 'The query does not hold what it may hold' },
  'no-token': { status: 401, title: 'A bearer token is needed' },
  'unknown-token': { status: 401, title: 'The bearer token is not known here' },
  'wrong-role': { status: 403, title: 'This token may not do that' },
  'no-such-path': { status: 404, title: 'There is nothing at this path' },
  unknown: { status: 404, title: 'No such thing is on record' },
  'wrong-method': { status: 405, title: 'This path does not answer that method' },
  'too-slow': { status: 408, title: 'The request did not arrive in time' },
  conflict: { status: 409, title: 'The present state does not allow this' },
  'stale-version': { status: 412, title: 'The incident has changed since it was read' },
  'too-large': { status: 413, title: 'The body is too large' },
  'wrong-content-type': { status: 415, title: 'The body is of a type that is not read here' },
  invalid: { status: 422, title: 'The body does not hold what it must hold' },
  'version-needed': { status: 428, title: 'If-Match must name the version that was read' },
  'too-many-requests': { status: 429, title: 'Too many requests' },
  'headers-too-large': { status: 431, title: 'The header fields are too large' },
  internal: { status: 500, title: 'Something went wrong on our side' },
  unavailable: { status: 503, title: 'This cannot be done at the moment' },
  'not-ready': { status: 503, title: 'Parts of the house are not ready' },
} as const satisfies Record<string, { readonly status: number; readonly title: string }>;
export type ProblemKind = keyof typeof CATALOGUE;

export const Problem = Type.Object(
  {
    type: Type.String({ description: 'A path on this server that explains the kind of problem' }),
    title: Type.String(),
    status: Type.Integer({ minimum: 400, maximum: 599 }),
    detail: Type.String({ description: 'What was wrong this time, for a person' }),
    requestId: Type.Optional(Type.String({ description: 'The same as the x-request-id header; names the request in our log' })),
    complaints: Type.Optional(Type.Array(Type.String(), { description: 'One sentence for each thing that is wrong' })),
    currentVersion: Type.Optional(Type.Integer({ minimum: 1, description: 'stale-version: the version now on record' })),
    allowed: Type.Optional(Type.Array(Type.String(), { description: 'wrong-method: the methods of this path' })),
  },
  { $id: 'Problem', description: 'RFC 9457 problem document' },
);

interface Extras {
  readonly complaints?: readonly string[];
  readonly currentVersion?: number;
  readonly allowed?: readonly string[];
}

/** Thrown anywhere in this door to answer with a problem. `headers` go out with it. */
export class Refusal extends Error {
  readonly kind: ProblemKind;
  readonly extras: Extras;
  readonly headers: Readonly<Record<string, string>>;
  constructor(kind: ProblemKind, detail: string, extras: Extras = {}, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.name = 'Refusal';
    this.kind = kind;
    this.extras = extras;
    this.headers = headers;
  }
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Static<typeof Problem>;
  /** Words for our own log where the answer hides them; `null` where the asker is the cause. */
  readonly forLog: string | null;
}

/** The problem document for whatever was thrown while answering. */
export function answerTo(thrown: unknown, requestId: string | null): Answer {
  const { refusal, forLog } = refusalFor(thrown);
  return answerWith(refusal, requestId, forLog);
}

function answerWith(refusal: Refusal, requestId: string | null, forLog: string | null): Answer {
  const { status, title } = CATALOGUE[refusal.kind];
  const { complaints, currentVersion, allowed } = refusal.extras;
  const body = {
    type: `/problems/${refusal.kind}`,
    title,
    status,
    detail: refusal.message,
    ...(requestId !== null && { requestId }),
    ...(complaints !== undefined && { complaints: [...complaints] }),
    ...(currentVersion !== undefined && { currentVersion }),
    ...(allowed !== undefined && { allowed: [...allowed] }),
  };
  return { status, headers: refusal.headers, body, forLog };
}

type Judged = { readonly refusal: Refusal; readonly forLog: string | null };
const theirs = (refusal: Refusal): Judged => ({ refusal, forLog: null });

function refusalFor(thrown: unknown): Judged {
  if (thrown instanceof Refusal) return theirs(thrown);
  if (isFault(thrown)) return refusalForFault(thrown);
  return refusalForFramework(thrown);
}

const RETRY = { 'retry-after': '2' } as const;

function refusalForFault(fault: Fault): Judged {
  switch (fault.kind) {
    case 'invalid':
      return theirs(new Refusal('invalid', fault.message, { complaints: fault.details.length > 0 ? fault.details : [fault.message] }));
    case 'unknown':
      return theirs(new Refusal('unknown', fault.message));
    case 'conflict':
      return theirs(new Refusal('conflict', fault.message, fault.details.length > 0 ? { complaints: fault.details } : {}));
    case 'unavailable':
      return {
        refusal: new Refusal('unavailable', 'Our records or the exchange cannot be reached; please ask again shortly.', {}, RETRY),
        forLog: fault.message,
      };
    case 'fenced':
      return {
        refusal: new Refusal('unavailable', 'Another controller has just taken this over; please ask again shortly.', {}, RETRY),
        forLog: fault.message,
      };
  }
}

/** fastify's own errors carry a code and a status. */
function refusalForFramework(thrown: unknown): Judged {
  const { code, statusCode } = (typeof thrown === 'object' && thrown !== null ? thrown : {}) as { code?: unknown; statusCode?: unknown };
  switch (code) {
    case 'FST_ERR_CTP_BODY_TOO_LARGE':
      return theirs(new Refusal('too-large', 'A body may have at most 64 kB, a roster 1 MB.', {}, { connection: 'close' }));
    case 'FST_ERR_CTP_INVALID_MEDIA_TYPE':
      return theirs(
        new Refusal(
          'wrong-content-type',
          'Send application/json, or application/merge-patch+json for a PATCH; a roster may also be text/csv or application/yaml.',
        ),
      );
    case 'FST_ERR_HANDLER_TIMEOUT':
      return {
        refusal: new Refusal('unavailable', 'No answer in time; it may still be done: read before asking again.', {}, RETRY),
        forLog: 'no answer in time',
      };
    case 'FST_ERR_BAD_URL':
    case 'FST_ERR_MAX_PARAM_LENGTH':
      return theirs(new Refusal('no-such-path', 'The path cannot be read.'));
    default:
      if (thrown instanceof SyntaxError) return theirs(new Refusal('malformed-request', 'The body is not JSON.'));
      if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) {
        return theirs(new Refusal('malformed-request', 'The request cannot be read.'));
      }
      return {
        refusal: new Refusal('internal', 'The request could not be answered. It is in our log under its id.'),
        forLog: wordsOf(thrown),
      };
  }
}

/** For requests that Node itself cannot read: the answer is written to the socket and the connection ends. */
export function answerOnSocket(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  if (socket.writable) {
    const { status, body } = answerWith(refusalForSocket(error.code), null, null);
    const text = JSON.stringify(body);
    socket.write(
      `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\nConnection: close\r\nContent-Type: ${PROBLEM_JSON}\r\n` +
        `Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
    );
  }
  socket.destroySoon();
}

function refusalForSocket(code: string | undefined): Refusal {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Refusal('too-slow', 'The request was not complete in time.');
  if (code === 'HPE_HEADER_OVERFLOW') return new Refusal('headers-too-large', 'All header fields together may have at most 16 kB.');
  return new Refusal('malformed-request', 'This is not HTTP as we read it.');
}
