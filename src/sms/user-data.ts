/**
 * The header in front of a text's octets (3GPP TS 23.040, 9.2.3.24), for a text whose protocol says that there is one. Never throws and
 * never loses an octet of the text: a header that cannot be is no header.
 */
import type { PartHeader } from './text.ts';

export interface UserData {
  /** What follows the header. */
  readonly octets: Uint8Array;
  /** As the header has it, which may be nonsense (a total of 0); `null` where it speaks of no parts. */
  readonly part: PartHeader | null;
  /** What is wrong with the header, a sentence; `null` where nothing is. */
  readonly trouble: string | null;
}

/** Concatenated short messages, 8-bit reference number: reference, total, number. */
const PARTS_8 = 0x00;
/** Concatenated short messages, 16-bit reference number: reference (two octets), total, number. */
const PARTS_16 = 0x08;

/**
 * Takes the header off. Only the elements about parts are read; the others (ports, a national language's tables, pictures) are skipped,
 * so septets of a national shift table are read by the default one. Of several elements about parts the last counts, as the
 * specification asks. A header that is longer than the data is taken for text.
 */
export function splitUserData(octets: Uint8Array): UserData {
  const length = octets[0];
  if (length === undefined) return { octets, part: null, trouble: 'the header is missing: there are no octets at all' };
  const end = 1 + length;
  if (end > octets.length) {
    return { octets, part: null, trouble: `the header says ${length} octets and ${octets.length - 1} follow; all of it is taken for text` };
  }
  let part: PartHeader | null = null;
  let trouble: string | null = null;
  for (let at = 1; at < end;) {
    const [element = 0, size] = [octets[at], octets[at + 1]];
    const next = at + 2 + (size ?? 0);
    if (size === undefined || at + 2 > end || next > end) {
      trouble = `element ${element} of the header reaches beyond its end`;
      break;
    }
    if (element === PARTS_8 || element === PARTS_16) {
      const told = partOf(octets.subarray(at + 2, next), element === PARTS_8 ? 8 : 16);
      if (told === null) trouble = `element ${element} of the header has ${size} octets`;
      else part = told;
    }
    at = next;
  }
  return { octets: octets.subarray(end), part, trouble };
}

function partOf(octets: Uint8Array, width: 8 | 16): PartHeader | null {
  const wide = width === 16 ? 1 : 0;
  if (octets.length !== 3 + wide) return null;
  const [first = 0, second = 0] = octets;
  const reference = wide === 1 ? first * 256 + second : first;
  return { reference, width, total: octets[1 + wide] ?? 0, number: octets[2 + wide] ?? 0 };
}
