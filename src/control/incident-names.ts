/**
 * The names of incidents and texts, made from what they are of: sortable by birth (ULID layout: 10 letters of time, 16 of a digest), and
 * the same however often they are made, so that a record written twice is written once. Never drawn by chance.
 */
import { createHash } from 'node:crypto';
import { incidentId, textId, type CallId, type IncidentId, type TextId, type ThreadId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instants.ts';

/** Crockford's base 32: no I, L, O, U. */
const LETTERS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

export const incidentOf = (of: CallId | ThreadId, bornAt: Instant): IncidentId => incidentId(named(of, bornAt));
/** `seed`: a lot drawn elsewhere; `count`: texts of one controller in one millisecond sort as they were counted. */
export const textIdOf = (seed: string, receivedAt: Instant, count: number): TextId => {
  const name = named(seed, receivedAt);
  return textId(name.slice(0, 10) + letters(count, 4) + name.slice(14));
};

function named(seed: string, bornAt: Instant): string {
  const digest = createHash('sha256').update(seed).digest();
  // Five octets are eight letters.
  return letters(bornAt, 10) + letters(digest.readUIntBE(0, 5), 8) + letters(digest.readUIntBE(5, 5), 8);
}

/** The last `length` letters of a whole number. */
function letters(number: number, length: number): string {
  let text = '';
  for (let rest = number; text.length < length; rest = Math.floor(rest / 32)) text = LETTERS.charAt(rest % 32) + text;
  return text;
}
