/**
 * A text of ours cut into what one short message carries: 160 septets or 70 UTF-16 units alone, 153 or 67 as a part of a long one
 * (3GPP TS 23.038 and 23.040). Never cuts a letter in two, and never sends half of a text that is too long.
 */
import { Fault } from '../kernel/faults.ts';
import { gsm7Octets } from './gsm7.ts';
import type { PartHeader } from './text.ts';

export interface Segment {
  readonly coding: 'gsm7' | 'ucs2';
  /** Without a header; `gsm7` one septet an octet, `ucs2` big endian. */
  readonly octets: Uint8Array;
  /** `null`: the whole text fits into this one. */
  readonly part: PartHeader | null;
}

const ESCAPE = 0x1b;
const MOST_PARTS = 255;
/** Septets, or UTF-16 units of two octets. */
const ROOM = { gsm7: { alone: 160, part: 153, octets: 1 }, ucs2: { alone: 70, part: 67, octets: 2 } } as const;

/**
 * The segments in their order, at least one. `reference` names the long text, 0 to 255. `ucs2` for gateways that do not know the GSM
 * alphabet; otherwise a text wholly in it goes out in septets. A surrogate without its other half becomes U+FFFD.
 * Throws a Fault ('invalid') where more than 255 parts were needed.
 */
export function segmentsOf(text: string, reference: number, alphabet: 'gsm7-or-ucs2' | 'ucs2' = 'gsm7-or-ucs2'): readonly Segment[] {
  const { coding, pieces } = cut(text, alphabet);
  if (pieces.length > MOST_PARTS) {
    throw new Fault('invalid', `the text takes ${pieces.length} short messages; ${MOST_PARTS} are the most`);
  }
  return pieces.map((octets, n) => ({
    coding,
    octets,
    part: pieces.length === 1 ? null : { reference: reference & 0xff, width: 8, total: pieces.length, number: n + 1 },
  }));
}

/** How many short messages a text takes; may be more than the 255 that can be sent. */
export const segmentCount = (text: string, alphabet: 'gsm7-or-ucs2' | 'ucs2' = 'gsm7-or-ucs2'): number => cut(text, alphabet).pieces.length;

/** The header of a part, its length octet included: 6 octets, or 7 with a reference of 16 bits (TS 23.040, 9.2.3.24.1 and .8). */
export const headerOctets = ({ reference, width, total, number }: PartHeader): Uint8Array =>
  width === 8 ? Uint8Array.of(5, 0x00, 3, reference, total, number) : Uint8Array.of(6, 0x08, 4, reference >> 8, reference, total, number);

/**
 * The reference of a long text, 0 to 255, always the same for the same id. Ids that end in a count (`01JAB….3`) get references that
 * follow one another, so that the texts of one thread never share one until 256 of them are sent.
 */
export function referenceOf(id: string): number {
  const dot = id.lastIndexOf('.');
  const stem = dot < 0 ? id : id.slice(0, dot);
  let reference = 0;
  for (let at = 0; at < stem.length; at++) reference = (reference * 31 + stem.charCodeAt(at)) % 256;
  let count = 0;
  for (let at = stem.length + 1; at < id.length; at++) count = (count * 10 + id.charCodeAt(at) - 48) % 256;
  return (reference + count + 256) % 256;
}

function cut(text: string, alphabet: 'gsm7-or-ucs2' | 'ucs2'): { coding: Segment['coding']; pieces: readonly Uint8Array[] } {
  const septets = alphabet === 'ucs2' ? null : gsm7Octets(text);
  const coding = septets === null ? 'ucs2' : 'gsm7';
  const octets = septets ?? Uint8Array.from(Buffer.from(text.toWellFormed(), 'utf16le').swap16());
  const room = ROOM[coding];
  if (octets.length <= room.alone * room.octets) return { coding, pieces: [octets] };
  const pieces: Uint8Array[] = [];
  for (let at = 0; at < octets.length;) {
    const wished = Math.min(at + room.part * room.octets, octets.length);
    const end = isWithinLetter(octets, wished, coding) ? wished - room.octets : wished;
    pieces.push(octets.subarray(at, end));
    at = end;
  }
  return { coding, pieces };
}

/** Whether a cut before `at` would part an escape from its septet, or two surrogates; never so at the end of a text. */
function isWithinLetter(octets: Uint8Array, at: number, coding: Segment['coding']): boolean {
  if (coding === 'gsm7') return octets[at - 1] === ESCAPE;
  const high = octets[at - 2] ?? 0;
  return high >= 0xd8 && high <= 0xdb;
}
