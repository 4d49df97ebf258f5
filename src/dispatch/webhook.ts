/**
 * One webhook sink: posts an outbox entry, signed, and says what came of it. `deliver` always settles within the deadline and never
 * throws. Never follows a redirect, never keeps a connection (each delivery goes to a freshly judged address), and never counts an
 * entry as delivered before the whole answer is in: a sink that says 200 and then breaks off gets it again under the same id.
 */
import { Agent, type Dispatcher } from 'undici';
import type { Delivery, Log, OutboxEntry, Sink } from '../control/ports.ts';
import { toEido } from '../incident/eido.ts';
import type { Agency } from '../incident/eido-frame.ts';
import { wordsOf } from '../kernel/faults.ts';
import { rfc3339, type Instant } from '../kernel/instants.ts';
import { maskDigits } from '../kernel/phone-numbers.ts';
import { keyOf, signatures } from '../kernel/signature.ts';
import { guardedLookup, isLiteralRefused, NotAllowed, type Resolve } from './target.ts';

export interface WebhookSettings {
  readonly name: string;
  readonly url: string;
  /** One or two `whsec_…`: two while one is being changed; each signs. */
  readonly secrets: readonly string[];
  /** `intake`: our document in an envelope. `eido`: NENA-STA-021.1b. */
  readonly format: 'intake' | 'eido';
  readonly allowPrivate: boolean;
  /** For everything together: name, connection, request, answer. */
  readonly timeoutMs: number;
  /** Who sends; stands in an EIDO only. */
  readonly agency: Agency;
}

/** Bytes of an answer that are read; more than this is no answer to a webhook. */
const ANSWER_MAX = 64 * 1024;
/** Characters of a refusal kept for a person. */
const QUOTE_MAX = 200;
/** 4xx that say "not now": timeout, conflict with a delivery under way, too early, too many. */
const NOT_NOW: ReadonlySet<number> = new Set([408, 409, 425, 429]);

/** Throws at once on a secret or URL that cannot be right. `resolve` asks for the addresses of a name; the system by default. */
export function openSink(settings: WebhookSettings, log: Log, resolve?: Resolve): Sink {
  const { name, secrets, format, allowPrivate, timeoutMs, agency } = settings;
  const url = new URL(settings.url);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw new Error(`dispatch '${name}': the url must begin with https: or http:`);
  if (secrets.length === 0) throw new Error(`dispatch '${name}' has no secret to sign with`);
  const keys = secrets.map(keyOf);
  if (url.protocol === 'http:' && !allowPrivate) log.warn({ sink: name }, 'incidents travel to this sink unencrypted: its url is http:');
  const connections = new Agent({
    pipelining: 0,
    maxHeaderSize: 16 * 1024,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
    connect: { timeout: timeoutMs, lookup: guardedLookup(allowPrivate, resolve), rejectUnauthorized: true },
  });

  const post = async (entry: OutboxEntry, now: Instant, signal: AbortSignal): Promise<Delivery> => {
    if (isLiteralRefused(url, allowPrivate)) throw new NotAllowed(url.hostname);
    const body = JSON.stringify(format === 'eido' ? toEido(entry.incident, agency) : envelope(entry));
    const timestamp = Math.floor(now / 1000);
    const answer = await connections.request({
      origin: url.origin,
      path: url.pathname + url.search,
      method: 'POST',
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'intake110',
        'webhook-id': entry.id,
        'webhook-timestamp': String(timestamp),
        'webhook-signature': signatures(keys, entry.id, timestamp, body),
      },
      body,
      signal,
    });
    return judged(answer.statusCode, await readAll(answer.body));
  };

  return {
    name,
    deliver: async (entry, now) => {
      try {
        // While a name is being resolved undici does not hear the signal.
        const signal = AbortSignal.timeout(timeoutMs);
        return await Promise.race([post(entry, now, signal), aborted(signal)]);
      } catch (thrown) {
        return { is: 'unreachable', answer: sentence(isTimeout(thrown) ? `no whole answer within ${timeoutMs} ms` : wordsOf(thrown)) };
      }
    },
  };
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
  });

/** The body of format `intake`; `timestamp` is when it happened, not when it was sent. */
const envelope = ({ type, at, incident }: OutboxEntry): object => ({ type, timestamp: rfc3339(at), data: incident });

/** The whole answer as text; throws when it breaks off or will not end. */
async function readAll(body: Dispatcher.ResponseData['body']): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of body as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > ANSWER_MAX) throw new Error(`the answer is longer than ${ANSWER_MAX} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function judged(status: number, text: string): Delivery {
  if (status >= 200 && status < 300) return { is: 'delivered', answer: `HTTP ${status}` };
  if (status >= 300 && status < 400) return { is: 'unreachable', answer: `HTTP ${status}: redirects are not followed` };
  const isRefusal = status >= 400 && status < 500 && !NOT_NOW.has(status);
  return { is: isRefusal ? 'refused' : 'unreachable', answer: sentence(text.trim() === '' ? `HTTP ${status}` : `HTTP ${status}: ${text}`) };
}

/** One line, short, numbers masked: it goes into the log and the list of dead letters. */
const sentence = (words: string): string => maskDigits(words.replaceAll(/[\s\p{C}]+/gu, ' ').trim()).slice(0, QUOTE_MAX);

const isTimeout = (thrown: unknown): boolean => thrown instanceof Error && (thrown.name === 'TimeoutError' || /Timeout/.test(thrown.name));
