/**
 * Finds the words of the list in a folded text. All words stand in one tree of letters and the text is walked once, so that twenty
 * thousand characters cost no more each than twenty. A word may have gaps (`…`) and, in alphabetic scripts, open endings (`*`).
 * Knows nothing of what the words mean.
 */
import { fold, isAlphabetic, isDigit, isEastAsian, isHangul, type Folded } from './folding.ts';
import type { SpokenLanguage } from './reading.ts';

/** A heading of the word list under which words stand, e.g. matters › robbery. */
export interface Heading {
  readonly section: string;
  readonly code: string;
  /** From 0, in order. */
  readonly number: number;
}

export interface Word {
  readonly heading: Heading;
  readonly language: SpokenLanguage;
  /** As the file has it. */
  readonly written: string;
  /** A `not` word: cancels the words of its heading that it covers. */
  readonly cancels: boolean;
  /** It says nothing of somebody who cannot hear or speak anyway: "I cannot talk". */
  readonly unlessImpaired: boolean;
  /** What a number word counts; 0 elsewhere. */
  readonly value: number;
}

interface Piece {
  readonly text: string;
  readonly hasOpenEnd: boolean;
  /** It may stand further on in the sentence. */
  readonly isFurtherOn: boolean;
}

interface Entry extends Word {
  readonly pieces: readonly Piece[];
}

interface Letter {
  readonly next: Map<number, Letter>;
  readonly entries: Entry[];
}

export interface Matcher {
  readonly first: Letter;
  readonly headings: number;
}

export interface Hit {
  readonly word: Word;
  readonly start: number;
  readonly end: number;
  /** Where the "not" begins that stands before it; -1: none. */
  readonly negatedFrom: number;
}

/** How far the parts of a word with a gap may stand apart, in characters: a clause or so. */
const GAP_EAST_ASIAN = 12;
const GAP_ALPHABETIC = 36;
/** From here on kana are Japanese; Chinese texts have a の for ornament. */
const KANA_OF_JAPANESE = 3;
/** Words allowed between a "not" behind and what it negates. */
const FILLERS_BETWEEN = 5;
const SENTENCE_ENDS = new Set(Array.from('.。!?\n;…｡', (sign) => sign.charCodeAt(0)));

/** The parts of a word as written; `null` where it is none: nothing in it, an open end that is not alphabetic or under two letters. */
export function piecesOf(written: string): readonly Piece[] | null {
  const pieces: Piece[] = [];
  for (const segment of written.split('…')) {
    const parts = segment.split('*').map((part) => fold(part).text);
    for (const [at, text] of parts.entries()) {
      if (text === '' && at === parts.length - 1 && at > 0) continue;
      const hasOpenEnd = at < parts.length - 1;
      if (text === '' || (hasOpenEnd && !/[\p{L}]{2}$/u.test(text))) return null;
      if (hasOpenEnd && !isAlphabetic(text.charCodeAt(text.length - 1))) return null;
      pieces.push({ text, hasOpenEnd, isFurtherOn: at === 0 && pieces.length > 0 });
    }
  }
  return pieces;
}

export function matcherOf(words: readonly Word[]): Matcher {
  const first: Letter = { next: new Map(), entries: [] };
  let headings = 0;
  for (const word of words) {
    headings = Math.max(headings, word.heading.number + 1);
    const pieces = piecesOf(word.written);
    const start = pieces?.[0];
    if (pieces === null || start === undefined) continue;
    let letter = first;
    for (let at = 0; at < start.text.length; at += 1) {
      const code = start.text.charCodeAt(at);
      const next: Letter = letter.next.get(code) ?? { next: new Map(), entries: [] };
      letter.next.set(code, next);
      letter = next;
    }
    letter.entries.push({ ...word, pieces });
  }
  return { first, headings };
}

/** Every word of the list in the text, from left to right, without those that a `not` word of their heading covers. */
export function hitsIn(matcher: Matcher, folded: Folded): readonly Hit[] {
  const hits: Hit[] = [];
  const coveredUntil = new Int32Array(matcher.headings);
  const negatedFrom = new Int32Array(folded.text.length + 1).fill(-1);
  for (let at = 0; at < folded.text.length; at += 1) {
    const code = folded.text.charCodeAt(at);
    if (folded.blankBefore[at] === 1 && !isHangul(code)) negatedFrom[at] = -1;
    const from = negatedFrom[at] ?? -1;
    if (code === 0x20 && from >= 0) negatedFrom[at + 1] = from;
    const found = wordsAt(matcher, folded, at);
    for (const { word, end } of found)
      if (word.cancels) coveredUntil[word.heading.number] = Math.max(coveredUntil[word.heading.number] ?? 0, end);
    for (const { word, end } of found) {
      if (word.cancels || (coveredUntil[word.heading.number] ?? 0) >= end) continue;
      const { section, code: what } = word.heading;
      if (section !== 'negations') hits.push({ word, start: at, end, negatedFrom: from });
      else if (what === 'before') negatedFrom[end] = at;
      else if (what === 'between' && from >= 0) negatedFrom[end] = from;
    }
  }
  return hits;
}

/** Where the "not" ends that stands behind a place, with nothing but small words between; -1: none does. */
export function negatedBehind(matcher: Matcher, folded: Folded, end: number): number {
  let at = end;
  for (let step = 0; step <= FILLERS_BETWEEN; step += 1) {
    at = afterBlank(folded.text, at);
    const found = wordsAt(matcher, folded, at).filter(({ word }) => word.heading.section === 'negations' && !word.cancels);
    const not = found.find(({ word }) => word.heading.code === 'behind');
    if (not !== undefined) return not.end;
    const filler = Math.max(0, ...found.filter(({ word }) => word.heading.code === 'between').map(({ end: until }) => until));
    if (filler === 0) return -1;
    at = filler;
  }
  return -1;
}

/** The words that begin at one place. */
export function wordsAt(matcher: Matcher, folded: Folded, at: number): readonly { readonly word: Word; readonly end: number }[] {
  const { text } = folded;
  const found: { word: Word; end: number }[] = [];
  if (!isBorder(text, at)) return found;
  let letter = matcher.first.next.get(text.charCodeAt(at));
  for (let end = at + 1; letter !== undefined; end += 1) {
    for (const entry of letter.entries) {
      if (!isSpokenHere(entry, folded)) continue;
      const until = endOf(entry, text, end);
      if (until > 0) found.push({ word: entry, end: until });
    }
    letter = letter.next.get(text.charCodeAt(end));
  }
  return found;
}

/** Chinese and Japanese share characters that do not mean the same; a sign of danger counts in either. */
function isSpokenHere({ language, heading }: Word, { kana }: Folded): boolean {
  if (language === 'zh') return kana < KANA_OF_JAPANESE || heading.section === 'danger';
  return language !== 'ja' || kana > 0;
}

/** Where a word ends whose first piece ends at `end`; -1: the rest of it is not there. */
function endOf({ pieces }: Entry, text: string, end: number): number {
  let until = endOfPiece(pieces[0], text, end);
  for (let at = 1; at < pieces.length && until > 0; at += 1) {
    const piece = pieces[at];
    if (piece === undefined) return -1;
    until = piece.isFurtherOn ? foundFurtherOn(piece, text, until) : adjoining(piece, text, afterBlank(text, until));
  }
  return until;
}

function endOfPiece(piece: Piece | undefined, text: string, end: number): number {
  if (piece?.hasOpenEnd !== true) return isBorder(text, end) ? end : -1;
  let until = end;
  while (isAlphabetic(text.charCodeAt(until))) until += 1;
  return until;
}

const adjoining = (piece: Piece, text: string, at: number): number =>
  text.startsWith(piece.text, at) ? endOfPiece(piece, text, at + piece.text.length) : -1;
const afterBlank = (text: string, at: number): number => (text[at] === ' ' ? at + 1 : at);

function foundFurtherOn(piece: Piece, text: string, from: number): number {
  const first = piece.text.charCodeAt(0);
  const last = Math.min(text.length - 1, from + (isEastAsian(first) ? GAP_EAST_ASIAN : GAP_ALPHABETIC));
  for (let at = from; at <= last; at += 1) {
    const code = text.charCodeAt(at);
    if (code === first && isBorder(text, at)) {
      const end = adjoining(piece, text, at);
      if (end > 0) return end;
    }
    if (SENTENCE_ENDS.has(code)) return -1;
  }
  return -1;
}

/** Whether no alphabetic word or number is cut in two here. */
function isBorder(text: string, at: number): boolean {
  const [before, after] = [text.charCodeAt(at - 1), text.charCodeAt(at)];
  return !(isAlphabetic(before) && isAlphabetic(after)) && !(isDigit(before) && isDigit(after));
}
