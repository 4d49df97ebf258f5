/**
 * Signs that an answer may endanger the reporter, and weapons. For danger a word counts even with a "not" beside it and in whichever
 * language it stands: a receipt kept back costs a glance of a call taker, a telephone that lights up in a hiding place may cost a life
 * (Ningxia's rule for 12110: no receipt where it endangers the sender). Never decides about a reply; the guard does.
 */
import { DANGER_SIGNS, type DangerSign, type Found } from './reading.ts';
import { firstOfEach, found, isNegated, type WordHits } from './word-hits.ts';

/** Signs that are made out of where the reporter or somebody else is, rather than said. */
const MADE_OUT: readonly DangerSign[] = ['hiding', 'attacker-near'];

export function dangerIn(hits: WordHits): readonly Found<DangerSign>[] {
  return firstOfEach(hits.of('danger'), () => true).flatMap((hit) => {
    const sign = DANGER_SIGNS.find((known) => known === hit.word.heading.code);
    return sign === undefined ? [] : [found(hits, hit, MADE_OUT.includes(sign) ? 'guessed' : 'stated', sign)];
  });
}

/** Each kind of weapon once, unless there is said to be none. */
export const weaponsIn = (hits: WordHits): readonly Found<string>[] =>
  firstOfEach(hits.of('weapons'), (hit) => !isNegated(hits, hit)).map((hit) => found(hits, hit, 'stated', hit.word.heading.code));
