/**
 * Signing and verifying after the Standard Webhooks specification (symmetric, `v1`): HMAC-SHA256 over `id.timestamp.body`.
 * Never reads a clock, and never says a secret in an error.
 */
import { createHmac, timingSafeEqual } from 'node:crypto';

const PREFIX = 'whsec_';
const SCHEME = 'v1';
/** The specification asks for 24 to 64 bytes. */
const SHORTEST_KEY = 24;
const LONGEST_KEY = 64;
/** A sender may hold two keys while one is replaced; a header with more signatures than this is not read to its end. */
const MOST_SIGNATURES = 16;
/** How old or how early a message may be, in seconds. */
export const TOLERANCE_SECONDS = 300;

/** The key bytes in `whsec_<base64>`. Throws, without the text, where it is none. */
export function keyOf(secret: string): Buffer {
  const base64 = secret.startsWith(PREFIX) ? secret.slice(PREFIX.length) : '';
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(base64)) throw new Error('a webhook secret must read whsec_ and base64');
  const key = Buffer.from(base64, 'base64');
  if (key.length < SHORTEST_KEY || key.length > LONGEST_KEY) {
    throw new Error(`a webhook secret must hold ${SHORTEST_KEY} to ${LONGEST_KEY} bytes, this one holds ${key.length}`);
  }
  return key;
}

const digest = (key: Buffer, id: string, timestamp: string, body: string): Buffer =>
  createHmac('sha256', key).update(`${id}.${timestamp}.${body}`, 'utf8').digest();

/** The value of `webhook-signature`: one signature per key, the first key's first. `timestamp` in whole seconds since 1970. */
export const signatures = (keys: readonly Buffer[], id: string, timestamp: number, body: string): string =>
  keys.map((key) => `${SCHEME},${digest(key, id, String(timestamp), body).toString('base64')}`).join(' ');

/** The three headers as received; missing ones are `undefined`. */
export interface SignedHeaders {
  readonly 'webhook-id'?: string | undefined;
  readonly 'webhook-timestamp'?: string | undefined;
  readonly 'webhook-signature'?: string | undefined;
}

/**
 * Whether one of `secrets` signed this body, exactly as received, not too long ago.
 * @param nowMs - milliseconds since 1970.
 * @returns `null` when it is genuine, else what is wrong in plain words.
 */
export function complaintOfSignature(secrets: readonly string[], headers: SignedHeaders, body: string, nowMs: number): string | null {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = headers;
  if (!id || !timestamp || !signature) return 'webhook-id, webhook-timestamp and webhook-signature are all needed';
  if (!/^\d{1,12}$/.test(timestamp)) return 'webhook-timestamp is no number of seconds';
  const ageSeconds = nowMs / 1000 - Number(timestamp);
  if (ageSeconds > TOLERANCE_SECONDS) return 'the message is too old';
  if (ageSeconds < -TOLERANCE_SECONDS) return 'the message comes from the future';
  const given = signature
    .split(' ', MOST_SIGNATURES)
    .filter((part) => part.startsWith(`${SCHEME},`))
    .map((part) => Buffer.from(part.slice(SCHEME.length + 1), 'base64'));
  const expected = secrets.map((secret) => digest(keyOf(secret), id, timestamp, body));
  const isGenuine = expected.some((ours) => given.some((theirs) => ours.length === theirs.length && timingSafeEqual(ours, theirs)));
  return isGenuine ? null : 'no signature fits';
}
