/**
 * Reads the settings that are lists: dispatch sinks, call takers, API tokens. Complains of every wrong field and every unknown one.
 */
import { isAbsolute, join } from 'node:path';
import { Type } from 'typebox';
import { entries, flag, list, name, number, oneOf, text, whole, word, type Field } from './entries.ts';
import { checked, readFile, type Complain, type Files } from './reading.ts';
import { isUrl, isWebhookSecret, SIP_SECRET } from './shapes.ts';

/** Where incidents are sent to. All lengths of time in milliseconds. */
export interface SinkSettings {
  readonly name: string;
  readonly url: string;
  /** One or two `whsec_…`: two while one is being changed; each signs. */
  readonly secrets: readonly string[];
  readonly format: 'intake' | 'eido';
  /** Whether the address may be private or loopback. */
  readonly allowPrivate: boolean;
  readonly timeoutMs: number;
  /** Before the second attempt, the third, …; the last one goes on. */
  readonly backoffMs: readonly number[];
  readonly maxAttempts: number;
  /** Deliveries at a time. */
  readonly concurrency: number;
}

export interface CallTakerSettings {
  readonly id: string;
  readonly name: string;
  /** PJSIP endpoint and SIP user name. */
  readonly endpoint: string;
  /** SIP password; `null` where only Asterisk knows it. */
  readonly secret: string | null;
}

export const ROLES = ['call-taker', 'supervisor', 'dispatcher', 'operator'] as const;

export interface TokenSettings {
  readonly name: string;
  readonly role: (typeof ROLES)[number];
  /** Whose token it is; only and always with the role call-taker. */
  readonly callTaker: string | null;
  /** SHA-256 of the token, 64 hex digits in small letters. */
  readonly sha256: string;
}

const SINK = {
  name,
  url: { schema: Type.Refine(Type.String(), (url) => isUrl(url, ['http:', 'https:'])), must: 'an http:// or https:// address' },
  secrets: {
    ...list(
      Type.Refine(Type.String(), (secret) => isWebhookSecret(secret)),
      2,
      'one or two of whsec_ and the base64 of 24 to 64 bytes',
    ),
    fallback: null,
    secret: true,
  },
  secret_files: { ...list(Type.String({ minLength: 1 }), 2, 'one or two paths'), fallback: null },
  format: { ...oneOf('intake', 'eido'), fallback: 'intake' },
  allow_private: { ...flag, fallback: false },
  timeout_seconds: { ...number(0.1, 60), fallback: 5 },
  backoff_seconds: {
    ...list(Type.Number({ minimum: 0.05, maximum: 3600 }), 50, 'a list of 0.05 to 3600'),
    fallback: [1, 2, 4, 8, 15, 30, 60],
  },
  max_attempts: { ...whole(1, 1_000_000), fallback: 1440 },
  concurrency: { ...whole(1, 64), fallback: 4 },
} satisfies Record<string, Field>;

const CALL_TAKER = {
  id: word,
  name: text,
  endpoint: { ...word, fallback: null },
  secret: {
    schema: Type.String({ pattern: SIP_SECRET.source }),
    must: '8 to 128 letters, digits or _.~+/=-',
    fallback: null,
    secret: true,
  },
  secret_file: { schema: Type.String({ minLength: 1 }), must: 'a path', fallback: null },
} satisfies Record<string, Field>;

const TOKEN = {
  name: text,
  role: oneOf(...ROLES),
  call_taker: { ...word, fallback: null },
  sha256: { schema: Type.String({ pattern: '^[0-9a-f]{64}$' }), must: '64 hex digits in small letters', secret: true },
} satisfies Record<string, Field>;

export function readSinks(value: unknown, files: Files, complain: Complain): readonly SinkSettings[] {
  return entries('dispatch', value, SINK, complain).map((sink) => {
    const where = `dispatch '${String(sink.name)}'`;
    const paths = (sink.secret_files ?? []) as readonly string[];
    if (sink.secrets !== null && paths.length > 0) complain(`${where}: secrets and secret_files are both set: which one is meant?`);
    const fromFiles = paths.flatMap((path) => readFile(files, path, `${where}: secret_files`, complain)?.trim() ?? []);
    for (const secret of fromFiles) if (!isWebhookSecret(secret)) complain(`${where}: secret_files must hold ${SINK.secrets.must}`);
    return {
      name: String(sink.name),
      url: String(sink.url),
      secrets: (sink.secrets as readonly string[] | null) ?? fromFiles,
      format: sink.format as SinkSettings['format'],
      allowPrivate: sink.allow_private === true,
      timeoutMs: Number(sink.timeout_seconds) * 1000,
      backoffMs: (sink.backoff_seconds as readonly number[]).map((seconds) => seconds * 1000),
      maxAttempts: Number(sink.max_attempts),
      concurrency: Number(sink.concurrency),
    };
  });
}

/** `secrets`: the folder with one file per endpoint that the launcher makes. */
export function readCallTakers(value: unknown, secrets: string, files: Files, complain: Complain): readonly CallTakerSettings[] {
  return entries('call_takers', value, CALL_TAKER, complain).map((taker) => {
    const id = String(taker.id);
    const endpoint = taker.endpoint === null ? `taker-${id}` : (taker.endpoint as string);
    const where = `call taker ${id}`;
    if (taker.secret !== null && taker.secret_file !== null) complain(`${where}: secret and secret_file are both set: which one is meant?`);
    const path = taker.secret_file === null ? join(secrets, endpoint) : (taker.secret_file as string);
    const needed = taker.secret_file === null ? null : `${where}: secret_file`;
    const secret = taker.secret === null ? (readFile(files, path, needed, complain)?.trim() ?? null) : (taker.secret as string);
    if (secret !== null) checked(`${where}: ${isAbsolute(path) ? path : 'secret_file'}`, secret, CALL_TAKER.secret, complain);
    return { id, name: String(taker.name), endpoint, secret };
  });
}

export function readTokens(value: unknown, complain: Complain): readonly TokenSettings[] {
  return entries('tokens', value, TOKEN, complain).map((token) => ({
    name: String(token.name),
    role: token.role as TokenSettings['role'],
    callTaker: token.call_taker as string | null,
    sha256: String(token.sha256),
  }));
}
