/**
 * From octets to a text that can be shown: spelled by its coding, without what is not seen or turns the line around, and of a bounded
 * length. Never throws, whatever the octets are.
 */
import { gsm7Text } from './gsm7.ts';
import type { Coding } from './text.ts';

/** Where octets are a piece of a longer text: a letter may be cut in two there, and its half waits for the rest. */
export interface Edges {
  readonly followsGap: boolean;
  readonly precedesGap: boolean;
}

const WHOLE: Edges = { followsGap: false, precedesGap: false };
const UNKNOWN = '\ufffd';
/** Characters (UTF-16 units) that are shown of a text. */
const LONGEST = 20_000;
const CUT = ' […]';
/** Octets 80 to 9F. Latin-1 has controls there that nobody sends; where gateways say Latin-1 they are the letters of Windows-1252. */
const WINDOWS = '€\u0081‚ƒ„…†‡ˆ‰Š‹Œ\u008dŽ\u008f\u0090‘’“”•–—˜™š›œ\u009džŸ';

/** The text that whole octets spell, fit to be shown; '' for `binary`. What spells nothing is U+FFFD. */
export const decodedText = (coding: Coding, octets: Uint8Array): string => visible(spelled(coding, octets, WHOLE));

/** As it is spelled, controls and all. At a gap the half of a letter is left out: it will be there with the part that is missing. */
export function spelled(coding: Coding, octets: Uint8Array, edges: Edges): string {
  switch (coding) {
    case 'gsm7':
      return gsm7Text(octets);
    case 'ascii':
      return asciiText(octets, edges);
    case 'latin1':
      return latin1Text(octets);
    case 'ucs2':
      return ucs2Text(octets, edges);
    case 'gb18030':
      return gb18030Text(octets, edges);
    case 'utf8':
      return utf8Text(octets, edges);
    case 'binary':
      return '';
  }
}

/** An octet over 127 is not ASCII: gateways that say so mean UTF-8 or GB18030, and are read so where every octet fits. */
function asciiText(octets: Uint8Array, edges: Edges): string {
  const readings = [utf8Text(octets, edges), gb18030Text(octets, edges)];
  return readings.find((text) => !text.includes(UNKNOWN)) ?? latin1Text(octets);
}

const latin1Text = (octets: Uint8Array): string =>
  Buffer.from(octets)
    .toString('latin1')
    .replaceAll(/[\u0080-\u009f]/g, (letter) => WINDOWS[letter.charCodeAt(0) - 0x80] ?? letter);

/** Big endian, unless the text opens with the mark of the other order. */
function ucs2Text(octets: Uint8Array, { followsGap, precedesGap }: Edges): string {
  const pairs = Buffer.from(octets.subarray(0, octets.length & ~1));
  const isLittle = !followsGap && octets[0] === 0xff && octets[1] === 0xfe;
  let text = (isLittle ? pairs : pairs.swap16()).toString('utf16le');
  if (followsGap) text = text.replace(/^[\udc00-\udfff]/, '');
  if (precedesGap) text = text.replace(/[\ud800-\udbff]$/, '');
  // A single zero at the end is a terminator of the gateway's.
  const isOdd = octets.length % 2 === 1 && octets.at(-1) !== 0;
  return text.toWellFormed() + (isOdd && !precedesGap ? UNKNOWN : '');
}

/** Behind a gap the first letter may have lost its beginning; where it cannot be read, what looks like the rest of it is left out. */
function gb18030Text(octets: Uint8Array, { followsGap, precedesGap }: Edges): string {
  const from = (at: number): string => new TextDecoder('gb18030').decode(octets.subarray(at), { stream: precedesGap });
  const whole = from(0);
  if (!followsGap || !whole.includes(UNKNOWN)) return whole;
  const without = from(restOfLetter(octets));
  return without.includes(UNKNOWN) ? whole : without;
}

/** Letters have two octets, or four of which the second and the last are digits. */
function restOfLetter([first = 0, second = 0, third = 0]: Uint8Array): 1 | 2 | 3 {
  const isDigit = (octet: number): boolean => octet >= 0x30 && octet <= 0x39;
  if (!isDigit(first)) return isDigit(second) ? 2 : 1;
  return isDigit(third) ? 3 : 1;
}

function utf8Text(octets: Uint8Array, { followsGap, precedesGap }: Edges): string {
  const isRest = (octet: number): boolean => (octet & 0xc0) === 0x80;
  const beginning = octets.subarray(0, 4).findIndex((octet) => !isRest(octet));
  return new TextDecoder('utf-8').decode(octets.subarray(followsGap ? Math.max(0, beginning) : 0), { stream: precedesGap });
}

/**
 * Without controls (line breaks stay, of whatever kind), marks that turn the direction of a line, letters without a width and
 * noncharacters; emoji keep what joins them. At most 20,000 characters, a longer text ends in ` […]`.
 */
export function visible(text: string): string {
  const clean = text
    .replaceAll(/\r\n?|[\f\v\u0085\u2028\u2029]/g, '\n')
    .replaceAll('\t', ' ')
    .replaceAll(UNSEEN, '')
    .replaceAll(STRAY_JOINER, '')
    .replaceAll(STRAY_TAG, '');
  if (clean.length <= LONGEST) return clean;
  return clean.slice(0, LONGEST - CUT.length).replace(/[\ud800-\udbff]$/, '') + CUT;
}

/** Controls of C0 and C1; the soft hyphen; bidi marks, overrides and isolates; what has no width; notes between lines; noncharacters. */
const UNSEEN =
  /[\p{Cc}--\n]|[\u{34f}\u00ad\u061c\u180e\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|\p{Noncharacter_Code_Point}/gv;
/** A zero-width joiner that does not stand between two pictures. */
const STRAY_JOINER = /(?<![\p{Extended_Pictographic}\p{Emoji_Modifier}\ufe0f])\u200d|\u200d(?!\p{Extended_Pictographic})/gu;
/** A tag letter that belongs to no flag. */
const STRAY_TAG = /(?<!\u{1f3f4}[\u{e0020}-\u{e007f}]{0,7})[\u{e0000}-\u{e007f}]/gu;
