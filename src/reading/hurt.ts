/**
 * People hurt or dead, and how many: 三个人受伤, two people injured, двое ранены, 2人けが, 두 명 부상. A number counts for the word beside it
 * and for no other; nobody hurt (没有人受伤) is 0. Never adds up what may be the same people twice.
 */
import { isDigit, isEastAsian, saidAt } from './folding.ts';
import { wordsAt, negatedBehind, type Hit } from './matcher.ts';
import { hanNumber } from './numbers-in-words.ts';
import type { Certainty, Found } from './reading.ts';
import { found, isNegated, type WordHits } from './word-hits.ts';

interface Count {
  readonly start: number;
  readonly end: number;
  readonly value: number;
  readonly certainty: Certainty;
}
interface Counted extends Count {
  readonly kind: 'injured' | 'dead';
}

/** Words looked at for a number; what comes after them tells the same story. */
const HITS_COUNTED = 40;
/** How far before its word a number may begin. */
const NUMBER_BEFORE = 40;
const FILLERS = 8;
const LARGEST_COUNT = 999;
/** Findings further apart than this are not quoted as one. */
const QUOTED_TOGETHER = 120;
const HAN_RUN = /^[〇零一二三四五六七八九十两]{1,3}/;

/** `null`: nothing is said of it. As value: the number; 0: nobody; `null`: some, not said how many. */
export function hurtIn(hits: WordHits): Found<number | null> | null {
  const all = hits.of('hurt').slice(0, HITS_COUNTED);
  const told = all.filter((hit) => !isNegated(hits, hit));
  const counted = told.flatMap((hit) => {
    const count = countBeside(hits, hit);
    return count === null ? [] : [{ ...count, kind: kindOf(hit) }];
  });
  if (counted.length > 0) return together(hits, counted);
  const [some] = told.filter(({ word }) => !isByNumber(word.heading.code));
  if (some !== undefined) return found(hits, some, 'stated', null);
  const [none] = all.filter(({ word }) => !isByNumber(word.heading.code));
  if (none === undefined) return null;
  const behind = negatedBehind(hits.words.matcher, hits.folded, none.end);
  return found(hits, { start: none.negatedFrom >= 0 ? none.negatedFrom : none.start, end: Math.max(none.end, behind) }, 'stated', 0);
}

const isByNumber = (code: string): boolean => code.endsWith('-by-number');
const kindOf = ({ word }: Hit): Counted['kind'] => (word.heading.code.startsWith('dead') ? 'dead' : 'injured');

/** The largest count of each kind; the two are added unless some are said to be among the others. */
function together(hits: WordHits, counted: readonly Counted[]): Found<number | null> {
  const largest = (kind: Counted['kind']): number => Math.max(0, ...counted.filter((one) => one.kind === kind).map(({ value }) => value));
  const [injured, dead] = [largest('injured'), largest('dead')];
  const start = Math.min(...counted.map((one) => one.start));
  const end = Math.max(...counted.map((one) => one.end));
  const [first] = counted;
  const isAmong = hits.of('counting').some(({ word, start: at }) => word.heading.code === 'among' && at >= start && at < end);
  const isOneQuote = end - start <= QUOTED_TOGETHER || first === undefined;
  return {
    said: isOneQuote ? saidAt(hits.folded, start, end) : saidAt(hits.folded, first.start, first.end),
    certainty: counted.some(({ certainty }) => certainty === 'stated') ? 'stated' : 'guessed',
    value: isAmong ? Math.max(injured, dead) : injured + dead,
  };
}

function countBeside(hits: WordHits, hit: Hit): Count | null {
  const before = countBefore(hits, hit);
  const after = countAfter(hits, hit);
  if (before === null || after === null) return before ?? after;
  // The number nearer to the word is its own.
  return before.certainty === 'guessed' || (hit.start - before.end > after.start - hit.end && after.certainty === 'stated')
    ? after
    : before;
}

function countBefore(hits: WordHits, hit: Hit): Count | null {
  for (let at = hit.start - 1; at >= Math.max(0, hit.start - NUMBER_BEFORE); at -= 1) {
    const count = countAt(hits, at, isByNumber(hit.word.heading.code));
    if (count !== null && reaches(hits, count.end, hit.start)) return { ...count, end: hit.end };
  }
  return null;
}

function countAfter(hits: WordHits, hit: Hit): Count | null {
  let at = hit.end;
  for (let step = 0; step <= FILLERS; step += 1) {
    while (hits.folded.text[at] === ' ' || hits.folded.text[at] === ':') at += 1;
    const count = countAt(hits, at, false);
    if (count?.certainty === 'stated') return { ...count, start: hit.start };
    const next = afterFiller(hits, at);
    if (next === at) return null;
    at = next;
  }
  return null;
}

/** A number with what it counts, e.g. `3 people`, `两个`; or one person (我, my mother). */
function countAt(hits: WordHits, at: number, needsNoPeople: boolean): Count | null {
  const words = standing(hits, at);
  const one = longest(words, 'counting', 'one');
  if (one > 0) return { start: at, end: one, value: 1, certainty: 'guessed' };
  const number = numberAt(hits, at, words);
  if (number === null || number.value > LARGEST_COUNT) return null;
  const people = peopleAt(hits, number.end);
  if (people > 0) return { start: at, end: people, value: number.value, certainty: 'stated' };
  return needsNoPeople || number.isInWords ? { start: at, end: number.end, value: number.value, certainty: 'stated' } : null;
}

function numberAt(
  { folded }: WordHits,
  at: number,
  words: ReturnType<typeof wordsAt>,
): { readonly end: number; readonly value: number; readonly isInWords: boolean } | null {
  const { text } = folded;
  if (isDigit(text.charCodeAt(at))) {
    if (isDigit(text.charCodeAt(at - 1))) return null;
    const digits = /^\d{1,4}/.exec(text.slice(at, at + 4))?.[0] ?? '';
    const end = at + digits.length;
    return { end, value: Number(digits), isInWords: !isEastAsian(text.charCodeAt(end)) && !isDigit(text.charCodeAt(end)) };
  }
  const numeral = HAN_RUN.exec(text.slice(at, at + 3))?.[0];
  const value = numeral === undefined || HAN_RUN.test(text.charAt(at - 1)) ? null : hanNumber(numeral);
  if (numeral !== undefined && value !== null) return { end: at + numeral.length, value, isInWords: false };
  const word = words.filter((one) => one.word.heading.section === 'numbers').toSorted((a, b) => b.end - a.end)[0];
  return word === undefined ? null : { end: word.end, value: word.word.value, isInWords: !isEastAsian(text.charCodeAt(at)) };
}

/** Where what is counted ends; -1: nobody is. In alphabetic scripts one word may stand between (two young men). */
function peopleAt(hits: WordHits, from: number): number {
  const { text } = hits.folded;
  let at = text[from] === ' ' ? from + 1 : from;
  const people = longest(standing(hits, at), 'counting', 'people');
  if (people > 0 || isEastAsian(text.charCodeAt(at))) return people;
  at = afterFiller(hits, at);
  return longest(standing(hits, text[at] === ' ' ? at + 1 : at), 'counting', 'people');
}

/** Whether only small words stand from here to there. */
function reaches(hits: WordHits, from: number, to: number): boolean {
  let at = from;
  for (let step = 0; step <= FILLERS && at < to; step += 1) {
    while (hits.folded.text[at] === ' ' && at < to) at += 1;
    if (at === to) return true;
    const next = afterFiller(hits, at);
    if (next === at) return false;
    at = next;
  }
  return at === to;
}

const afterFiller = (hits: WordHits, at: number): number => Math.max(at, longest(standing(hits, at), 'counting', 'between'));

/** The words of the list that begin here, without those that are cancelled. */
function standing({ words, folded }: WordHits, at: number): ReturnType<typeof wordsAt> {
  const all = wordsAt(words.matcher, folded, at);
  return all.filter(
    ({ word, end }) => !word.cancels && !all.some((no) => no.word.cancels && no.word.heading === word.heading && no.end >= end),
  );
}

const longest = (words: ReturnType<typeof wordsAt>, section: string, code: string): number =>
  Math.max(-1, ...words.filter(({ word }) => word.heading.section === section && word.heading.code === code).map(({ end }) => end));
