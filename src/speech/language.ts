/**
 * What a language must bring to be spoken: a way to say each message in its own clips, and the list of those clips.
 * A language is one file beside this one. Never knows a recording, a folder or a file ending.
 */
import type { LanguageOffer, Message } from '../call/messages.ts';

/** A recording's name within a language, e.g. `greeting` or `number/10`; or a tone, e.g. `tone:ring`. */
export type Clip = string;

/** The messages that are words of one language. The ring-back tone is the same in all, and a language menu is made of many. */
export type Worded = Exclude<Message, { say: 'ringing' | 'language-menu' }>;

/** One way of saying per message; a forgotten one does not compile. */
export type Sayings<C extends Clip> = { readonly [S in Worded['say']]: (message: Extract<Worded, { say: S }>) => readonly C[] };

/** A key of the telephone that chooses a language. */
export type Key = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

export interface Language<C extends Clip = Clip> {
  /** Every clip that `sayings` and `offer` can ask for, each once, and no other. */
  readonly clips: readonly C[];
  readonly sayings: Sayings<C>;
  /** "For English, press one.", in this language. */
  readonly offer: (key: Key) => readonly C[];
}

/** The key of an offer, or `null` when it is not one digit. */
export const keyOf = (offer: LanguageOffer): Key | null => (/^\d$/.test(offer.key) ? (Number(offer.key) as Key) : null);
