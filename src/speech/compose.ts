/**
 * From meaning to sound: a message becomes the clips that say it, in order, in one language. The one list of languages is here.
 * Never reads a file and never says how long a clip is: the prompt library knows that.
 */
import type { Message } from '../call/messages.ts';
import { Fault } from '../kernel/faults.ts';
import type { Clip, Language, Spoken } from './language.ts';
import { zh } from './zh.ts';

export type { Clip } from './language.ts';

const LANGUAGES: ReadonlyMap<string, Language> = new Map([['zh', zh]]);

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

const said = <S extends Spoken['say']>(language: Language, message: Extract<Spoken, { say: S }> & { say: S }): readonly Clip[] =>
  language.sayings[message.say](message);

/** The clips to play one after another; for `ringing` the endless ring-back tone alone. Throws a Fault 'unknown' for a language not listed. */
export const compose = (message: Message, language: string): readonly Clip[] => {
  const speaker = languageOf(language);
  return message.say === 'ringing' ? [RING_BACK] : said(speaker, message);
};

/** Every recording the language can ever ask for, each once; tones are not among them. Throws a Fault 'unknown' for a language not listed. */
export const clipsOf = (language: string): readonly Clip[] => languageOf(language).clips;
