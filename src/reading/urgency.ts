/**
 * How urgent a text is: the most urgent of what the reporter says of it (救命, not urgent), of the matter, and of signs of danger, weapons
 * and people hurt, as the word list has them. A word that it is not urgent counts only where nothing else tells anything.
 */
import { rankOf } from './matter.ts';
import { URGENCY_WORDS, type Certainty, type Found, type MatterReading, type Urgency } from './reading.ts';
import { found, isNegated, meaningOf, type WordHits } from './word-hits.ts';

export function urgencyIn(hits: WordHits, matter: Found<MatterReading> | null): Found<Urgency> | null {
  let most: Found<Urgency> | null = null;
  const weigh = (urgency: Urgency | null, certainty: Certainty, make: (value: Urgency) => Found<Urgency>): void => {
    if (urgency !== null && (most === null || rankOf(urgency) < rankOf(most.value) || isSurer(urgency, certainty, most)))
      most = make(urgency);
  };
  for (const hit of hits.of('urgency')) {
    const urgency = URGENCY_WORDS.find((word) => word === hit.word.heading.code) ?? null;
    if (hit.negatedFrom < 0) weigh(urgency, 'stated', (value) => found(hits, hit, 'stated', value));
  }
  if (matter !== null) {
    const { urgency } = hits.words.meanings.get(`matters/${matter.value.code}`) ?? {};
    weigh(urgency ?? null, 'guessed', (value) => ({ said: matter.said, certainty: 'guessed', value }));
  }
  for (const section of ['danger', 'weapons', 'hurt']) {
    for (const hit of hits.of(section)) {
      const { urgency } = meaningOf(hits, hit);
      if (
        urgency !== null &&
        (most === null || rankOf(urgency) < rankOf((most as Found<Urgency>).value)) &&
        (section === 'danger' || !isNegated(hits, hit))
      )
        weigh(urgency, 'guessed', (value) => found(hits, hit, 'guessed', value));
    }
  }
  return most;
}

const isSurer = (urgency: Urgency, certainty: Certainty, than: Found<Urgency>): boolean =>
  urgency === than.value && certainty === 'stated' && than.certainty === 'guessed';
