/**
 * When it happened, out of the words of a text. The pieces found by each language's rules are put together where they stand side by side
 * ("yesterday" + "around" + "9 pm"), the fullest phrase wins, and becomes an instant on the centre's wall clock. A clock time is the last one
 * that has been: 22:00 said at one in the morning is yesterday's. Never answers an instant more than a day ahead or twenty years back.
 */
import type { Instant } from '../kernel/instants.ts';
import { folded, scriptsOf } from './plain-text.ts';
import type { Found } from './reading.ts';
import { momentOf } from './time-moment.ts';
import { CHINESE_TIMES } from './time-chinese.ts';
import { FIGURES } from './time-dates.ts';
import { ENGLISH_TIMES } from './time-english.ts';
import { JAPANESE_TIMES } from './time-japanese.ts';
import { KOREAN_TIMES } from './time-korean.ts';
import { RUSSIAN_TIMES } from './time-russian.ts';
import type { TimeRule, Told } from './time-told.ts';

interface Piece {
  readonly from: number;
  readonly to: number;
  readonly told: Told;
}

/** More pieces than this in one text tell nothing more. */
const MOST_PIECES = 200;
const LONGEST_GAP = 16;
/** What may stand between two pieces of one phrase. */
const GAP =
  /^(?:[\s,.~()-]|的|大概|大约|约|差不多|左右|是|在|时间|早|at|around|about|on|in the|the|of|approximately|approx|в|во|около|примерно|где-то|часов|の|に|頃|ごろ|에|경|쯤|약)*$/;

/** Throws RangeError for a time zone that does not exist, and for nothing in a text. */
export function happenedIn(text: string, at: Instant, timeZone: string): Found<Instant> | null {
  const plain = folded(text);
  const phrases = joined(piecesIn(plain), plain).filter(({ told }) => isEnough(told));
  const byWeight = phrases.map((phrase) => ({ phrase, weight: weightOf(phrase.told) })).toSorted((a, b) => b.weight - a.weight);
  for (const { phrase } of byWeight) {
    const moment = momentOf(phrase.told, at, timeZone);
    if (moment !== null) return { said: text.slice(phrase.from, phrase.to).trim(), ...moment };
  }
  return null;
}

function rulesFor(plain: string): readonly TimeRule[] {
  const { han, kana, hangul, cyrillic, latin } = scriptsOf(plain);
  const isJapanese = kana > 1 || (kana > 0 && han < 8);
  return [
    ...FIGURES,
    ...(isJapanese ? JAPANESE_TIMES : []),
    ...(han > 0 && !isJapanese ? CHINESE_TIMES : []),
    ...(hangul > 0 ? KOREAN_TIMES : []),
    ...(cyrillic > 0 ? RUSSIAN_TIMES : []),
    ...(latin > 1 ? ENGLISH_TIMES : []),
  ];
}

/** Every piece, in the order of the text; of two that overlap the one that begins first, or else is longer. */
function piecesIn(plain: string): readonly Piece[] {
  const found: Piece[] = [];
  for (const { pattern, told } of rulesFor(plain)) {
    let count = 0;
    for (const match of plain.matchAll(pattern)) {
      if (++count > MOST_PIECES) break;
      const made = told(match);
      if (made !== null) found.push({ from: match.index, to: match.index + match[0].length, told: made });
    }
  }
  const kept: Piece[] = [];
  for (const piece of found.toSorted((a, b) => a.from - b.from || b.to - a.to)) {
    if (piece.from >= (kept.at(-1)?.to ?? 0)) kept.push(piece);
  }
  return kept.slice(0, MOST_PIECES);
}

function joined(pieces: readonly Piece[], plain: string): readonly Piece[] {
  const phrases: Piece[] = [];
  for (const piece of pieces) {
    const before = phrases.at(-1);
    const both = before === undefined || !isGap(plain, before.to, piece.from) ? null : together(before.told, piece.told);
    if (before === undefined || both === null) phrases.push(piece);
    else phrases.splice(-1, 1, { from: before.from, to: piece.to, told: both });
  }
  return phrases;
}

const isGap = (plain: string, from: number, to: number): boolean => to - from <= LONGEST_GAP && GAP.test(plain.slice(from, to));

/** Two pieces that say different things of one time; `null` where each is a time of its own. */
function together(a: Told, b: Told): Told | null {
  if (a.ago !== undefined || b.ago !== undefined || a.now !== undefined || b.now !== undefined) return null;
  if ((a.day !== undefined && b.day !== undefined) || (a.clock !== undefined && b.clock !== undefined)) return null;
  const { isWeak: aIsWeak, ...first } = a;
  const { isWeak: bIsWeak, ...second } = b;
  const isWeak = aIsWeak === true && bIsWeak === true;
  return { ...first, ...second, ...(isWeak ? { isWeak } : {}) };
}

/** A part of the day alone ("at night they always …") tells no time. */
const isEnough = ({ isWeak, day, clock, ago, now }: Told): boolean =>
  isWeak !== true && (day !== undefined || clock !== undefined || ago !== undefined || now !== undefined);

/** How much a phrase tells: what is said of the clock outweighs the calendar, and both a mere "now". */
function weightOf({ day, part, clock, ago, now }: Told): number {
  const ofNow = now === undefined ? 0 : { just: 6, happening: 5, now: 3 }[now];
  const ofDay = day === undefined ? 0 : day.is === 'from-today' ? (day.days === 0 ? 1 : 4) : 6;
  return (clock === undefined ? 0 : 8) + (ago === undefined ? 0 : 9) + ofDay + (part === undefined ? 0 : 2) + ofNow;
}
