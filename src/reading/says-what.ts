/**
 * Whether anything is said about what happened, known to the word list or not: what is left of a text without greetings, cries for help,
 * place, time, numbers and small words. Never judges whether it is enough.
 */
import { isAlphabetic, isEastAsian } from './folding.ts';
import type { DangerSign, Reading } from './reading.ts';
import type { WordHits } from './word-hits.ts';

/** That somebody hides or must not be written to tells nothing of what happens. */
const TELLS_NOTHING: readonly DangerSign[] = ['hiding', 'no-reply'];
/** What must be left over: characters of Chinese, Japanese and Korean, or alphabetic words. */
const CHARACTERS_LEFT = 3;
const WORDS_LEFT = 2;

export function saysWhat(
  hits: WordHits,
  about: Pick<Reading, 'happened' | 'place' | 'matter' | 'hurt' | 'weapons' | 'danger' | 'impaired' | 'intents'>,
): boolean {
  if (
    about.matter !== null ||
    about.hurt !== null ||
    about.weapons.length > 0 ||
    about.danger.some(({ value }) => !TELLS_NOTHING.includes(value))
  )
    return true;
  const { original, text, from, to } = hits.folded;
  const isTold = new Uint8Array(original.length);
  const { address, poleCode, plateCode, point, landmark } = about.place;
  for (const finding of [about.happened, address, poleCode, plateCode, point, landmark, about.impaired, ...about.intents]) {
    const at = finding === null ? -1 : original.indexOf(finding.said);
    if (finding !== null && at >= 0) isTold.fill(1, at, at + finding.said.length);
  }
  for (const section of ['empty', 'intents', 'urgency'])
    for (const { start, end } of hits.of(section)) isTold.fill(1, from[start] ?? 0, to[end - 1] ?? 0);
  let [characters, words, isInWord] = [0, 0, false];
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    const isLeft = isTold[from[at] ?? 0] === 0;
    if (isLeft && isEastAsian(code)) characters += 1;
    const isLetter = isLeft && isAlphabetic(code);
    if (isLetter && !isInWord) words += 1;
    isInWord = isLetter;
  }
  return characters >= CHARACTERS_LEFT || words >= WORDS_LEFT;
}
