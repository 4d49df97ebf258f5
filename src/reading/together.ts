/**
 * Several texts of one thread read as one. The newest statement of each field wins, and a guess never takes the place of a statement.
 * Matter and urgency are not lowered by a later word in passing: only a text that corrects does that. Lists are joined.
 */
import { rankOf } from './matter.ts';
import type { Found, MatterReading, PlaceReading, Reading, Urgency } from './reading.ts';

/** A later reading joined to what was known. `urgencyOf`: of a matter's code in the word list. */
export function joined(before: Reading, later: Reading, urgencyOf: (code: string) => Urgency | null): Reading {
  const corrects = later.intents.some(({ value }) => value === 'correction');
  return {
    language: language(before, later),
    happened: newest(before.happened, later.happened),
    place: place(before.place, later.place),
    matter: corrects
      ? newest(before.matter, later.matter)
      : moreUrgent(before.matter, later.matter, ({ value }) => matterRank(value, urgencyOf)),
    urgency: corrects ? newest(before.urgency, later.urgency) : moreUrgent(before.urgency, later.urgency, ({ value }) => rankOf(value)),
    hurt: hurt(before.hurt, later.hurt),
    weapons: listed(before.weapons, later.weapons),
    danger: listed(before.danger, later.danger),
    impaired: before.impaired ?? later.impaired,
    intents: listed(before.intents, later.intents),
    saysWhat: before.saysWhat || later.saysWhat,
  };
}

const newest = <T>(before: Found<T> | null, later: Found<T> | null): Found<T> | null =>
  later === null || (before?.certainty === 'stated' && later.certainty === 'guessed') ? before : later;

/** The language of the first text with letters, unless a later one is clearly another. */
const language = (before: Reading, later: Reading): Reading['language'] => {
  if (before.language.tag === 'und') return later.language;
  return later.language.tag !== 'und' && later.language.certainty === 'stated' ? later.language : before.language;
};

const place = (before: PlaceReading, later: PlaceReading): PlaceReading => ({
  address: newest(before.address, later.address),
  poleCode: newest(before.poleCode, later.poleCode),
  plateCode: newest(before.plateCode, later.plateCode),
  point: newest(before.point, later.point),
  landmark: newest(before.landmark, later.landmark),
});

const matterRank = ({ code }: MatterReading, urgencyOf: (code: string) => Urgency | null): number => rankOf(urgencyOf(code) ?? 'normal');

/** The newest, where it is not the less urgent of the two. */
function moreUrgent<T>(before: Found<T> | null, later: Found<T> | null, rank: (found: Found<T>) => number): Found<T> | null {
  if (before === null || later === null) return before ?? later;
  if (rank(later) !== rank(before)) return rank(later) < rank(before) ? later : before;
  return newest(before, later);
}

/** "Somebody is hurt" does not take back a number said before. */
function hurt(before: Reading['hurt'], later: Reading['hurt']): Reading['hurt'] {
  if (before !== null && later !== null && later.value === null && before.value !== 0) return before;
  return newest(before, later);
}

const listed = <T>(before: readonly Found<T>[], later: readonly Found<T>[]): readonly Found<T>[] => [
  ...before,
  ...later.filter(({ value }) => before.every((one) => one.value !== value)),
];
