/**
 * Bearer tokens (RFC 6750): who may knock, and as what. Only their SHA-256 is kept, and every comparison takes the same time.
 * Never sees where the entries come from, and never prints a token.
 */
import { createHash, timingSafeEqual } from 'node:crypto';
import { Fault } from '../kernel/faults.ts';

export const ROLES = ['call-taker', 'supervisor', 'dispatcher', 'operator'] as const;
/** call-taker: one desk; supervisor: the floor; dispatcher: the receiving side; operator: the engineers who run the service. */
export type Role = (typeof ROLES)[number];

export interface TokenEntry {
  /** Who holds it, for logs and records; never secret. */
  readonly name: string;
  readonly role: Role;
  /** The call taker a call-taker token speaks for; `null` for every other role. */
  readonly callTaker: string | null;
  /** Hex of the token's SHA-256. */
  readonly sha256: string;
}

export interface Tokens {
  /** The entry of a token as presented; `null` where none has it. */
  whose(token: string): TokenEntry | null;
  /** Puts other entries in place of all present ones, or throws 'invalid' with every complaint and keeps them. */
  reload(entries: readonly TokenEntry[]): void;
}

const digestOf = (token: string): Buffer => createHash('sha256').update(token, 'utf8').digest();

/** Throws Fault 'invalid' with every complaint. */
export function makeTokens(entries: readonly TokenEntry[]): Tokens {
  let known = read(entries);
  return {
    whose(token) {
      const presented = digestOf(token);
      let found: TokenEntry | null = null;
      for (const { entry, digest } of known) if (timingSafeEqual(digest, presented)) found = entry;
      return found;
    },
    reload(entries) {
      known = read(entries);
    },
  };
}

interface Known {
  readonly entry: TokenEntry;
  readonly digest: Buffer;
}

function read(entries: readonly TokenEntry[]): readonly Known[] {
  const seen = new Set<string>();
  const complaints: string[] = [];
  const known = entries.map((entry) => {
    const sha256 = entry.sha256.toLowerCase();
    if (!/^[0-9a-f]{64}$/.test(sha256)) complaints.push(`token "${entry.name}": sha256 must be 64 hexadecimal digits`);
    else if (seen.has(sha256)) complaints.push(`token "${entry.name}": another entry has the same sha256`);
    if (entry.role === 'call-taker' && entry.callTaker === null)
      complaints.push(`token "${entry.name}": a call-taker token needs a callTaker`);
    if (entry.role !== 'call-taker' && entry.callTaker !== null)
      complaints.push(`token "${entry.name}": only a call-taker token has a callTaker`);
    seen.add(sha256);
    return { entry, digest: Buffer.from(sha256, 'hex') };
  });
  if (complaints.length > 0) throw new Fault('invalid', 'the tokens cannot be used', complaints);
  return known;
}
