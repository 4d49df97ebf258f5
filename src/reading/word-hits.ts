/**
 * A text with every word of the list found in it: what matter, urgency, danger and the others choose from. Chooses nothing itself.
 */
import { fold, saidAt, type Folded } from './folding.ts';
import { hitsIn, negatedBehind, type Hit } from './matcher.ts';
import type { Certainty, Found } from './reading.ts';
import type { Meaning, WordList } from './word-list.ts';

export interface WordHits {
  readonly words: WordList;
  readonly folded: Folded;
  /** From left to right, those of a section. Words about negation are not among them. */
  of(section: string): readonly Hit[];
}

/** Longer texts are looked at up to here; an emergency stands at the front. */
const LONGEST_LOOKED_AT = 20_000;
const NO_MEANING: Meaning = { class: null, urgency: null, matter: null };

export function wordHitsIn(text: string, words: WordList): WordHits {
  const folded = fold(text.length > LONGEST_LOOKED_AT ? text.slice(0, LONGEST_LOOKED_AT) : text);
  const sections = new Map<string, Hit[]>();
  for (const hit of hitsIn(words.matcher, folded)) {
    const { section } = hit.word.heading;
    const list = sections.get(section);
    if (list === undefined) sections.set(section, [hit]);
    else list.push(hit);
  }
  return { words, folded, of: (section) => sections.get(section) ?? [] };
}

/** Without what is explained by the reporter not hearing or speaking: for them "I cannot talk" is no sign of hiding. */
export const ofImpairedReporter = (hits: WordHits): WordHits => ({
  ...hits,
  of: (section) => hits.of(section).filter(({ word }) => !word.unlessImpaired),
});

export const meaningOf = ({ words }: WordHits, { word }: Hit): Meaning =>
  words.meanings.get(`${word.heading.section}/${word.heading.code}`) ?? NO_MEANING;

/** Whether a "not" stands right before a word or right behind it. */
export const isNegated = ({ words, folded }: WordHits, hit: Hit): boolean =>
  hit.negatedFrom >= 0 || negatedBehind(words.matcher, folded, hit.end) >= 0;

export const found = <T>({ folded }: WordHits, { start, end }: Pick<Hit, 'start' | 'end'>, certainty: Certainty, value: T): Found<T> => ({
  said: saidAt(folded, start, end),
  certainty,
  value,
});

/** The first word of each code that `counts`, in the order of the text. */
export function firstOfEach(hits: readonly Hit[], counts: (hit: Hit) => boolean): readonly Hit[] {
  const firsts = new Map<string, Hit>();
  for (const hit of hits) if (!firsts.has(hit.word.heading.code) && counts(hit)) firsts.set(hit.word.heading.code, hit);
  return [...firsts.values()];
}
