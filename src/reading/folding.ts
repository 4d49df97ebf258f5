/**
 * A text as the word list looks at it: small letters, full-width and half-width brought together, traditional characters simplified,
 * apostrophes gone, and between Chinese, Japanese or Korean characters no blanks, emoji or ornaments. Every place remembers where it
 * stood, so that a finding can be cut out of the reporter's own words. One pass; never throws.
 */
import { SIMPLIFIED } from './simplified.ts';

export interface Folded {
  readonly original: string;
  readonly text: string;
  /** For each unit of `text`: the first unit of the original it came from, and the one after the last. */
  readonly from: Uint32Array;
  readonly to: Uint32Array;
  /** 1: a blank was left out before it. Chinese is also written with blanks for commas, and a "not" does not reach across one. */
  readonly blankBefore: Uint8Array;
  /** How many kana: with none it is not Japanese, with several not Chinese. */
  readonly kana: number;
}

/** Longest piece of the reporter's words that a finding keeps, in UTF-16 units. */
const SAID_AT_MOST = 200;
const NOTHING = 0;
const BLANK = 1;
const LETTER = 2;

const isCombining = (code: number): boolean =>
  (code >= 0x300 && code <= 0x36f) || code === 0x3099 || code === 0x309a || code === 0xff9e || code === 0xff9f || isJamoBehind(code);
/** Vowels and finals of Hangul taken apart, as some telephones send it. */
const isJamoBehind = (code: number): boolean => code >= 0x1160 && code <= 0x11ff;

export const isHan = (code: number): boolean => (code >= 0x4e00 && code <= 0x9fff) || (code >= 0x3400 && code <= 0x4dbf) || code === 0x3005;
export const isKana = (code: number): boolean => code >= 0x3041 && code <= 0x30ff && code !== 0x30fb;
export const isHangul = (code: number): boolean => (code >= 0xac00 && code <= 0xd7a3) || (code >= 0x1100 && code <= 0x11ff);
export const isEastAsian = (code: number): boolean => code >= 0x1100 && (isHan(code) || isKana(code) || isHangul(code));
export const isDigit = (code: number): boolean => code >= 0x30 && code <= 0x39;
/** Latin or Cyrillic; folded text has small letters only. */
export const isAlphabetic = (code: number): boolean =>
  (code >= 0x61 && code <= 0x7a) ||
  (code >= 0x41 && code <= 0x5a) ||
  (code >= 0xc0 && code <= 0x24f && code !== 0xd7 && code !== 0xf7) ||
  (code >= 0x400 && code <= 0x52f);

export function fold(original: string): Folded {
  const from = new Uint32Array(original.length);
  const to = new Uint32Array(original.length);
  const blankBefore = new Uint8Array(original.length);
  const out: string[] = [];
  let kana = 0;
  let blankAt = -1;
  for (let at = 0; at < original.length;) {
    const size = unitsAt(original, at);
    const end = at + size;
    const last = out.at(-1);
    const code = original.charCodeAt(at);
    if (last !== undefined && blankAt < 0 && isCombining(code)) {
      const whole = (last + mark(code)).normalize('NFC');
      if (whole.length === 1) out[out.length - 1] = whole === 'ё' ? 'е' : whole;
      to[out.length - 1] = end;
    } else {
      const kind = size === 1 ? kindOf(code) : kindOfPair(original.codePointAt(at) ?? 0);
      if (kind === BLANK && blankAt < 0) blankAt = at;
      if (kind === LETTER) {
        const letter = size === 1 ? foldedUnit(original.charAt(at), code) : '\uFFFD';
        if (blankAt >= 0 && last !== undefined) {
          if (isEastAsian(letter.charCodeAt(0)) && isEastAsian(last.charCodeAt(0))) blankBefore[out.length] = 1;
          else {
            from[out.length] = blankAt;
            to[out.length] = at;
            out.push(' ');
          }
        }
        blankAt = -1;
        if (isKana(letter.charCodeAt(0))) kana += 1;
        from[out.length] = at;
        to[out.length] = end;
        out.push(letter);
      }
    }
    at = end;
  }
  return { original, text: out.join(''), from, to, blankBefore, kana };
}

/** The reporter's own words at a place of the folded text; cut short where they are very long. */
export function saidAt(folded: Folded, start: number, end: number): string {
  const begin = folded.from[start] ?? 0;
  const whole = folded.original.slice(begin, folded.to[end - 1] ?? begin);
  if (whole.length <= SAID_AT_MOST) return whole;
  const isSplit = unitsAt(whole, SAID_AT_MOST - 1) === 2;
  return whole.slice(0, isSplit ? SAID_AT_MOST - 1 : SAID_AT_MOST);
}

const unitsAt = (text: string, at: number): 1 | 2 => {
  const first = text.charCodeAt(at);
  if (first < 0xd800 || first > 0xdbff) return 1;
  const second = text.charCodeAt(at + 1);
  return second >= 0xdc00 && second <= 0xdfff ? 2 : 1;
};

/** Half-width sound marks as the combining ones. */
const mark = (code: number): string => String.fromCharCode(code === 0xff9e ? 0x3099 : code === 0xff9f ? 0x309a : code);

function kindOf(code: number): number {
  if (code === 0x0a) return LETTER;
  if (code <= 0x20 || code === 0xa0 || code === 0x3000 || (code >= 0x2000 && code <= 0x200a)) return BLANK;
  if (code < 0x7f) return code === 0x27 || code === 0x60 ? NOTHING : ORNAMENTS.has(code) ? BLANK : LETTER;
  if (code === 0xad || code === 0xfeff || code === 0x2060 || (code >= 0x200b && code <= 0x200f)) return NOTHING;
  if (code === 0x2018 || code === 0x2019 || code === 0xff07) return NOTHING;
  if ((code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069) || (code >= 0xfe00 && code <= 0xfe0f)) return NOTHING;
  if (code === 0xb7 || code === 0x30fb || code === 0x20e3 || (code >= 0x2300 && code <= 0x27bf) || (code >= 0x2b00 && code <= 0x2bff))
    return BLANK;
  return LETTER;
}
/** Signs that people put between characters to hide a word: * _ ~ | ^ */
const ORNAMENTS = new Set([0x2a, 0x5f, 0x7e, 0x7c, 0x5e]);

/** Emoji, their skin tones and flags are blanks; a rare ideograph is a letter. */
const kindOfPair = (code: number): number => (code >= 0x1f000 && code <= 0x1faff ? BLANK : code >= 0xe0000 ? NOTHING : LETTER);

function foldedUnit(unit: string, code: number): string {
  if (code < 0x80) return code >= 0x41 && code <= 0x5a ? String.fromCharCode(code + 0x20) : unit;
  if (code >= 0xff01 && code <= 0xff5e) return String.fromCharCode(code - 0xfee0).toLowerCase();
  if (code >= 0xff61 && code <= 0xffdc) return oneUnit(unit.normalize('NFKC'), unit);
  if (code === 0x451 || code === 0x401) return 'е';
  if (isHan(code)) return SIMPLIFIED.get(unit) ?? unit;
  return code < 0x600 ? oneUnit(unit.toLowerCase(), unit) : unit;
}
const oneUnit = (made: string, unit: string): string => (made.length === 1 ? made : unit);
