/**
 * Sends a text over HTTP, as our own JSON (signed or with a token) or to Kannel's `sendsms`, and says what the other side made of it.
 * Always settles within the deadline, follows no redirect, and never says a password in an error.
 */
import { Agent } from 'undici';
import type { Sending, TextToSend } from '../control/text-ports.ts';
import { wordsOf } from '../kernel/faults.ts';
import type { Instant } from '../kernel/instants.ts';
import { maskDigits } from '../kernel/phone-numbers.ts';
import { keyOf, signatures } from '../kernel/signature.ts';

export interface HttpOut {
  readonly form: 'json' | 'kannel';
  readonly url: string;
  /** JSON: `whsec_…`, one or two while one is being changed; each signs. */
  readonly secrets: readonly string[];
  /** JSON: sent as a bearer token. */
  readonly token: string | null;
  /** Kannel: of its `sendsms-user`. */
  readonly user: string | null;
  readonly password: string | null;
  /** Kannel: where it reports to; `{id}` stands for our id, and `status=%d` must be in it. `null`: no reports are asked for. */
  readonly reportUrl: string | null;
  readonly answerWithinMs: number;
}

export interface HttpSender {
  send(text: TextToSend, now: Instant): Promise<Sending>;
  /** What the last attempt met with; `null` where it went well. */
  trouble(): string | null;
  /** Settles what is under way as 'unreachable'. */
  close(): Promise<void>;
}

const ANSWER_MAX = 64 * 1024;
const QUOTE_MAX = 200;
/** "Not now": a password that is being changed is mended by a person, and the text must go then. */
const NOT_NOW: ReadonlySet<number> = new Set([401, 403, 408, 409, 425, 429]);
/** Every report Kannel can make: delivered, failed, buffered, accepted, rejected. */
const DLR_MASK = 31;

/** Throws at once on a secret or URL that cannot be right. */
export function openHttpSender(settings: HttpOut): HttpSender {
  const { answerWithinMs, form } = settings;
  const url = new URL(settings.url);
  const keys = settings.secrets.map(keyOf);
  const connections = new Agent({
    connect: { timeout: answerWithinMs },
    headersTimeout: answerWithinMs,
    bodyTimeout: answerWithinMs,
    connections: 16,
  });
  let trouble: string | null = null;
  let isClosed = false;

  const attempt = async (text: TextToSend, now: Instant): Promise<Sending> => {
    const request = form === 'json' ? inJson(settings, keys, text, now) : forKannel(settings, url, text);
    const signal = AbortSignal.timeout(answerWithinMs);
    const { statusCode, body } = await connections.request({
      origin: url.origin,
      path: request.path ?? url.pathname + url.search,
      method: request.method,
      headers: { 'user-agent': 'intake110', ...request.headers },
      ...(request.body === null ? {} : { body: request.body }),
      signal,
    });
    const answer = await readAll(body);
    return statusCode >= 200 && statusCode < 300 ? accepted(form, text, answer) : refused(statusCode, answer);
  };

  return {
    send: async (text, now) => {
      if (isClosed) return { is: 'unreachable', answer: 'the gateway is closed' };
      try {
        const sending = await attempt(text, now);
        trouble = sending.is === 'unreachable' ? sending.answer : null;
        return sending;
      } catch (thrown) {
        const answer = isTimeout(thrown) ? `no answer within ${answerWithinMs} ms` : sentence(wordsOf(thrown));
        trouble = answer;
        return { is: 'unreachable', answer };
      }
    },
    trouble: () => trouble,
    close: async () => {
      isClosed = true;
      await connections.destroy();
    },
  };
}

interface Request {
  readonly method: 'GET' | 'POST';
  /** `null`: the URL's own. */
  readonly path: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | null;
}

/** `{ id, from, to, text }`; the same id however often it is tried. */
function inJson({ token }: HttpOut, keys: readonly Buffer[], text: TextToSend, now: Instant): Request {
  const body = JSON.stringify({ id: text.id, from: text.from, to: text.to, text: text.text });
  const timestamp = Math.floor(now / 1000);
  return {
    method: 'POST',
    path: null,
    body,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      ...(token === null ? {} : { authorization: `Bearer ${token}` }),
      ...(keys.length === 0
        ? {}
        : {
            'webhook-id': text.id,
            'webhook-timestamp': String(timestamp),
            'webhook-signature': signatures(keys, text.id, timestamp, body),
          }),
    },
  };
}

/** Kannel splits long texts itself, and names none of them to us: the name is ours, given back by its `dlr-url`. */
function forKannel({ user, password, reportUrl }: HttpOut, url: URL, text: TextToSend): Request {
  const isAscii = /^[\n\r\x20-\x5a\x61-\x7a]*$/.test(text.text);
  const query = new URLSearchParams({
    username: user ?? '',
    password: password ?? '',
    from: text.from,
    to: text.to,
    charset: 'UTF-8',
    coding: isAscii ? '0' : '2',
    text: text.text,
    ...(reportUrl === null ? {} : { 'dlr-mask': String(DLR_MASK), 'dlr-url': reportUrl.replaceAll('{id}', encodeURIComponent(text.id)) }),
  });
  return { method: 'GET', path: `${url.pathname}?${query.toString()}`, headers: {}, body: null };
}

function accepted(form: HttpOut['form'], text: TextToSend, answer: string): Sending {
  if (form === 'kannel') return { is: 'accepted', carrierIds: [text.id] };
  const name = nameIn(answer);
  return { is: 'accepted', carrierIds: [name ?? text.id] };
}

/** `{ "id": "…" }` in the answer names the text for reports; without it, it is called what we call it. */
function nameIn(answer: string): string | null {
  if (!answer.trimStart().startsWith('{')) return null;
  try {
    const { id } = JSON.parse(answer) as { readonly id?: unknown };
    return typeof id === 'string' && id !== '' && id.length <= 128 ? id : null;
  } catch (thrown) {
    if (thrown instanceof SyntaxError) return null;
    throw thrown;
  }
}

function refused(status: number, text: string): Sending {
  const quote = sentence(text);
  const words = quote === '' ? `HTTP ${status}` : `HTTP ${status}: ${quote}`;
  if (status === 401 || status === 403) return { is: 'unreachable', answer: `the password or token is not taken (${words})` };
  if (status >= 300 && status < 400) return { is: 'unreachable', answer: `HTTP ${status}: redirects are not followed` };
  return { is: status >= 400 && status < 500 && !NOT_NOW.has(status) ? 'refused' : 'unreachable', answer: words };
}

async function readAll(body: AsyncIterable<Buffer>): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of body) {
    length += part.length;
    if (length > ANSWER_MAX) throw new Error(`the answer is longer than ${ANSWER_MAX} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

/** One line, short, numbers masked: it goes into logs and records. */
const sentence = (words: string): string => maskDigits(words.replaceAll(/[\s\p{C}]+/gu, ' ').trim()).slice(0, QUOTE_MAX);

const isTimeout = (thrown: unknown): boolean => thrown instanceof Error && (thrown.name === 'TimeoutError' || /Timeout/.test(thrown.name));
