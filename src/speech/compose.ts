/**
 * From meaning to sound: a message becomes the clips that say it, in order, each with its language. The one list of languages is here.
 * Never reads a file and never says how long a clip is: the prompt library knows that.
 */
import type { LanguageOffer, Message } from '../call/messages.ts';
import { Fault } from '../kernel/faults.ts';
import { type Clip, keyOf, type Language, type Worded } from './language.ts';
import { en } from './en.ts';
import { ja } from './ja.ts';
import { ko } from './ko.ts';
import { ru } from './ru.ts';
import { zh } from './zh.ts';

export type { Clip } from './language.ts';

/** A clip, and the language whose recording of it is played: one utterance may hold several languages. */
export interface Spoken {
  readonly language: string;
  readonly clip: Clip;
}

const LANGUAGES: ReadonlyMap<string, Language> = new Map<string, Language>([
  ['zh', zh],
  ['en', en],
  ['ru', ru],
  ['ja', ja],
  ['ko', ko],
]);

/** The tags (BCP 47, primary) that can be spoken. */
export const languages: readonly string[] = [...LANGUAGES.keys()];

/**
 * The ring-back tone a Chinese caller expects (450 Hz, 1 s on, 4 s off). It has no end of its own: whoever plays it stops it.
 */
export const RING_BACK: Clip = 'tone:ring';

/** Tones are made by Asterisk and have no recording. */
export const isTone = (clip: Clip): boolean => clip.startsWith('tone:');

const languageOf = (tag: string): Language => {
  const language = LANGUAGES.get(tag);
  if (language === undefined) throw new Fault('unknown', `nobody speaks "${tag}" here`, [`languages: ${languages.join(', ')}`]);
  return language;
};

const said = <S extends Worded['say']>(language: Language, message: Extract<Worded, { say: S }> & { say: S }): readonly Clip[] =>
  language.sayings[message.say](message);

/** The line that offers a language is spoken in that language. */
const offered = (offer: LanguageOffer): readonly Spoken[] => {
  const speaker = languageOf(offer.language);
  const key = keyOf(offer);
  if (key === null) throw new Fault('invalid', `"${offer.key}" is no key that can be spoken`, ['a key is one digit, 0 to 9']);
  return speaker.offer(key).map((clip) => ({ language: offer.language, clip }));
};

const menu = (offers: readonly LanguageOffer[]): readonly Spoken[] => {
  if (offers.length === 0) throw new Fault('invalid', 'a language menu offers no language');
  return offers.flatMap(offered);
};

/**
 * What to play one after another; for `ringing` the endless ring-back tone alone. Throws a Fault 'unknown' for a language not listed,
 * and a Fault 'invalid' for a language menu without offers or with a key that is not one digit.
 */
export const compose = (message: Message, language: string): readonly Spoken[] => {
  const speaker = languageOf(language);
  if (message.say === 'ringing') return [{ language, clip: RING_BACK }];
  if (message.say === 'language-menu') return menu(message.offers);
  return said(speaker, message).map((clip) => ({ language, clip }));
};

/** Every recording the language can ever ask for, each once; tones are not among them. Throws a Fault 'unknown' for a language not listed. */
export const clipsOf = (language: string): readonly Clip[] => languageOf(language).clips;
