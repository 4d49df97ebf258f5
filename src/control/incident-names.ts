/**
 * The name of an incident, made from its call: sortable by birth (ULID layout: 10 letters of time, 16 of the call's digest), and the same
 * however often it is made, so that a record written twice is written once. Never drawn by chance.
 */
import { createHash } from 'node:crypto';
import { incidentId, type CallId, type IncidentId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instants.ts';

/** Crockford's base 32: no I, L, O, U. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export function incidentOf(call: CallId, arrivedAt: Instant): IncidentId {
  const digest = createHash('sha256').update(call).digest();
  return incidentId(letters(BigInt(arrivedAt), 10) + letters(digest.readBigUInt64BE(0) * 65_536n + BigInt(digest.readUInt16BE(8)), 16));
}

function letters(number: bigint, length: number): string {
  let text = '';
  for (let rest = number; text.length < length; rest /= 32n) text = LETTERS.charAt(Number(rest % 32n)) + text;
  return text;
}
