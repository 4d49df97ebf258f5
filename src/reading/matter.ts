/**
 * What a text is about: of all matters whose words stand in it, the most urgent, and of those the one said first. A word with a "not"
 * right before or behind it does not count. Never picks by likelihood, and never says what is not said.
 */
import type { Hit } from './matcher.ts';
import { URGENCY_WORDS, type Certainty, type Found, type MatterReading, type Urgency } from './reading.ts';
import { found, isNegated, meaningOf, type WordHits } from './word-hits.ts';

interface Candidate {
  readonly hit: Hit;
  readonly code: string;
  readonly certainty: Certainty;
  readonly rank: number;
}

/** 0: the most urgent. */
export const rankOf = (urgency: Urgency): number => URGENCY_WORDS.indexOf(urgency);
const URGENT = rankOf('urgent');

/** Sections whose words tell a matter besides, where the list says so. */
const HINTS = ['danger', 'weapons', 'hurt'] as const;

export function matterIn(hits: WordHits): Found<MatterReading> | null {
  const stated = first(
    hits.of('matters').map((hit) => candidate(hits, hit, hit.word.heading.code, 'stated')),
    hits,
  );
  if (stated !== null && stated.rank <= URGENT) return reading(hits, stated);
  // A knife or a sign of danger tells less of what happened than the reporter does, unless what they name is a trifle beside it.
  const hinted = first(
    HINTS.flatMap((section) => hits.of(section)).flatMap((hit) => {
      const { matter } = meaningOf(hits, hit);
      return matter === null ? [] : [candidate(hits, hit, matter, 'guessed')];
    }),
    hits,
  );
  const chosen = stated !== null && (hinted === null || stated.rank <= hinted.rank) ? stated : hinted;
  return chosen === null ? null : reading(hits, chosen);
}

function candidate(hits: WordHits, hit: Hit, code: string, certainty: Certainty): Candidate {
  const { urgency } = hits.words.meanings.get(`matters/${code}`) ?? {};
  return { hit, code, certainty, rank: rankOf(urgency ?? 'normal') };
}

/** The most urgent, the first said, the longest; negation is asked for the few that might win. */
function first(candidates: readonly Candidate[], hits: WordHits): Candidate | null {
  let best: Candidate | null = null;
  for (const one of candidates)
    if ((best === null || isBefore(one, best)) && (one.hit.word.heading.section === 'danger' || !isNegated(hits, one.hit))) best = one;
  return best;
}

const isBefore = (one: Candidate, other: Candidate): boolean =>
  one.rank - other.rank < 0 ||
  (one.rank === other.rank && (one.hit.start < other.hit.start || (one.hit.start === other.hit.start && one.hit.end > other.hit.end)));

const reading = (hits: WordHits, { hit, code, certainty }: Candidate): Found<MatterReading> =>
  found(hits, hit, certainty, { class: hits.words.meanings.get(`matters/${code}`)?.class ?? 'unclear', code });
