/**
 * What is said about an interpreter, and to a volunteer who may become one: the same clips in the same order in every language, so the
 * words around a language's name are chosen to fit. A volunteer hears which language is asked for, and nothing else of the call.
 */
import type { Message } from '../call/messages.ts';
import type { Sayings } from './language.ts';

/** The names of languages, by BCP 47 primary tag, as they stand in the sentence that asks a volunteer. */
const NAMES = {
  zh: 'language/zh',
  en: 'language/en',
  ru: 'language/ru',
  ja: 'language/ja',
  ko: 'language/ko',
} as const;

/** "a foreign language": a language without a name here is asked for all the same. */
const FOREIGN = 'language/foreign';

export const INTERPRETING = [
  'interpreter/sought',
  'interpreter/found',
  'private',
  'volunteer/asked',
  ...Object.values(NAMES),
  FOREIGN,
  'volunteer/keys',
  'volunteer/wait',
  'volunteer/thanks',
] as const;

export type InterpretingClip = (typeof INTERPRETING)[number];

const isNamed = (tag: string): tag is keyof typeof NAMES => Object.hasOwn(NAMES, tag);

/** Said behind place and wait, before the patience that asks not to hang up. */
export const interpreterTold = (interpreter: Extract<Message, { say: 'patience' }>['interpreter']): readonly InterpretingClip[] =>
  interpreter === null ? [] : [`interpreter/${interpreter}`];

export const interpreting = {
  private: () => ['private'],
  'volunteer-asked': ({ language }) => ['volunteer/asked', isNamed(language) ? NAMES[language] : FOREIGN, 'volunteer/keys'],
  'volunteer-wait': () => ['volunteer/wait'],
  'volunteer-thanks': () => ['volunteer/thanks'],
} satisfies Partial<Sayings<InterpretingClip>>;
