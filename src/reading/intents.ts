/**
 * What a text is for besides reporting, and whether the reporter cannot hear or speak. Never acts on it: that police are not needed any
 * more is for a person to believe.
 */
import { isAlphabetic, isDigit, isEastAsian, isHan, saidAt, type Folded } from './folding.ts';
import type { Hit } from './matcher.ts';
import { INTENTS, type Found, type Intent } from './reading.ts';
import { firstOfEach, found, isNegated, type WordHits } from './word-hits.ts';

const ANSWERS: readonly string[] = ['answers-yes', 'answers-no'];

export function intentsIn(hits: WordHits): readonly Found<Intent>[] {
  return firstOfEach(hits.of('intents'), (hit) => !ANSWERS.includes(hit.word.heading.code) || isAnAnswer(hits.folded, hit)).flatMap(
    (hit) => {
      const intent = INTENTS.find((known) => known === hit.word.heading.code);
      return intent === undefined ? [] : [found(hits, hit, 'stated', intent)];
    },
  );
}

/** Yes and no answer a question only where they open the text and stand by themselves: 没有, 他走了, and not 没有人受伤. */
function isAnAnswer({ text, blankBefore }: Folded, { start, end }: Hit): boolean {
  const next = text.charCodeAt(end);
  const standsAlone =
    end === text.length || blankBefore[end] === 1 || !(isEastAsian(next) || isAlphabetic(next) || isDigit(next) || next === 0x20);
  return standsAlone && !/[\p{L}\p{N}]/u.test(text.slice(Math.max(0, start - 8), start));
}

/** What an L before or behind it makes a building or a size: L座, L号楼, 3L. */
const L_OF_A_NAME = new Set('座栋幢区楼层号形型口排门室馆厅码级线站通道架柜展台');

/**
 * The reporter says so, or marks a Chinese text with a lone L (the convention of Shenzhen's 12110). An L at the start or the end is the
 * mark; one in the middle by itself is taken for it as a guess.
 */
export function impairedIn(hits: WordHits): Found<'hearing-or-speech'> | null {
  const hit = hits.of('impaired').find((one) => !isNegated(hits, one));
  if (hit !== undefined) return found(hits, hit, 'stated', 'hearing-or-speech');
  return loneL(hits.folded);
}

function loneL(folded: Folded): Found<'hearing-or-speech'> | null {
  const { text } = folded;
  if (!hasHan(text)) return /^[^\p{L}\p{N}]*l[^\p{L}\p{N}]*$/u.test(text) ? marked(folded, text.indexOf('l'), 'guessed') : null;
  for (let at = text.indexOf('l'); at >= 0; at = text.indexOf('l', at + 1)) {
    if (isAlone(text, at)) {
      const [isFirst, isLast] = [!isWritten(text.slice(0, at)), !isWritten(text.slice(at + 1))];
      if (isFirst || isLast) return marked(folded, at, 'stated');
      if (!isEastAsian(text.charCodeAt(at - 1)) && !isEastAsian(text.charCodeAt(at + 1))) return marked(folded, at, 'guessed');
    }
  }
  return null;
}

const hasHan = (text: string): boolean => {
  for (let at = 0; at < text.length; at += 1) if (isHan(text.charCodeAt(at))) return true;
  return false;
};
function isAlone(text: string, at: number): boolean {
  const [before, after] = [text.charCodeAt(at - 1), text.charCodeAt(at + 1)];
  const isJoined = (code: number): boolean => isAlphabetic(code) || isDigit(code);
  return !isJoined(before) && !isJoined(after) && !L_OF_A_NAME.has(text.charAt(at + 1));
}
/** Whether anything but blanks and punctuation stands there; the first letter ends the search. */
const isWritten = (text: string): boolean => /[\p{L}\p{N}]/u.test(text);
const marked = (folded: Folded, at: number, certainty: 'stated' | 'guessed'): Found<'hearing-or-speech'> => ({
  said: saidAt(folded, at, at + 1),
  certainty,
  value: 'hearing-or-speech',
});
