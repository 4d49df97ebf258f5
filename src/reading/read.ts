/**
 * What the words of a text tell, all fields of it, by the word list and by the rules of time, place and language. Every finding is cut
 * out of the reporter's own words. Never throws and never waits; a text costs time in proportion to its length.
 */
import type { Instant } from '../kernel/instants.ts';
import { dangerIn, weaponsIn } from './danger.ts';
import { hurtIn } from './hurt.ts';
import { impairedIn, intentsIn } from './intents.ts';
import { languageOf } from './language.ts';
import { linksIn, withoutLinks } from './map-links.ts';
import { matterIn } from './matter.ts';
import { LONGEST_READ } from './plain-text.ts';
import { placeIn, type PlaceForms } from './place.ts';
import { NOTHING_READ, type Reading } from './reading.ts';
import { saysWhat } from './says-what.ts';
import { happenedIn } from './time.ts';
import { joined } from './together.ts';
import { urgencyIn } from './urgency.ts';
import { ofImpairedReporter, wordHitsIn } from './word-hits.ts';
import type { WordList } from './word-list.ts';

export interface ReadingRules {
  readonly words: WordList;
  /** IANA name, e.g. `Asia/Shanghai`. */
  readonly timeZone: string;
  readonly place: PlaceForms;
}

/** `at`: when the text came. */
export function read(text: string, at: Instant, rules: ReadingRules): Reading {
  // What stands in a link is said by nobody: u=20 is no twenty people.
  const all = wordHitsIn(withoutLinks(text, linksIn(text.slice(0, LONGEST_READ))), rules.words);
  const impaired = impairedIn(all);
  const hits = impaired?.certainty === 'stated' ? ofImpairedReporter(all) : all;
  const matter = matterIn(hits);
  const about = {
    happened: happenedIn(text, at, rules.timeZone),
    place: placeIn(text, rules.place),
    matter,
    hurt: hurtIn(hits),
    weapons: weaponsIn(hits),
    danger: dangerIn(hits),
    impaired,
    intents: intentsIn(hits),
  };
  return { language: languageOf(text), ...about, urgency: urgencyIn(hits, matter), saysWhat: saysWhat(hits, about) };
}

/** The texts of a thread, oldest first, read as one. Of no texts: a reading that tells nothing. `readOne`: of one who remembers. */
export function readTogether(
  texts: readonly { readonly text: string; readonly at: Instant }[],
  rules: ReadingRules,
  readOne = (text: string, at: Instant): Reading => read(text, at, rules),
): Reading {
  const urgencyOf = (code: string) => rules.words.meanings.get(`matters/${code}`)?.urgency ?? null;
  return texts.map(({ text, at }) => readOne(text, at)).reduce((before, later) => joined(before, later, urgencyOf), NOTHING_READ);
}
