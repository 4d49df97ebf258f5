/**
 * How urgent a text is: the most urgent of what the reporter says of it (救命, not urgent), of the matter, and of signs of danger, weapons
 * and people hurt, as the word list has them. A word that it is not urgent counts only where nothing else tells anything.
 */
import { rankOf } from './matter.ts';
import { URGENCY_WORDS, type Found, type MatterReading, type Urgency } from './reading.ts';
import { found, isNegated, meaningOf, type WordHits } from './word-hits.ts';

const HINTS = ['danger', 'weapons', 'hurt'] as const;

/** What the reporter says of it is asked first, so that it is quoted where the rest tells no more. */
export function urgencyIn(hits: WordHits, matter: Found<MatterReading> | null): Found<Urgency> | null {
  let most: Found<Urgency> | null = null;
  const isMore = (urgency: Urgency): boolean => most === null || rankOf(urgency) < rankOf(most.value);
  for (const hit of hits.of('urgency')) {
    const urgency = URGENCY_WORDS.find((word) => word === hit.word.heading.code);
    if (urgency !== undefined && isMore(urgency) && hit.negatedFrom < 0) most = found(hits, hit, 'stated', urgency);
  }
  const ofMatter = matter === null ? null : (hits.words.meanings.get(`matters/${matter.value.code}`)?.urgency ?? null);
  if (matter !== null && ofMatter !== null && isMore(ofMatter)) most = { said: matter.said, certainty: 'guessed', value: ofMatter };
  for (const hit of HINTS.flatMap((section) => hits.of(section))) {
    const { urgency } = meaningOf(hits, hit);
    const counts = urgency !== null && isMore(urgency) && (hit.word.heading.section === 'danger' || !isNegated(hits, hit));
    if (counts) most = found(hits, hit, 'guessed', urgency);
  }
  return most;
}
