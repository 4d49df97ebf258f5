/**
 * What can be said to a caller, as meaning, not as recordings. speech/ turns a message into clips of a language.
 */

/** An honest span, whole minutes, `from` < `to`; never told higher than before. */
export interface WaitRange {
  readonly fromMinutes: number;
  readonly toMinutes: number;
}

/** A language that may be chosen, and the key that chooses it. */
export interface LanguageOffer {
  /** The tag (BCP 47, primary), e.g. `ru`. */
  readonly language: string;
  /** One digit, 0 to 9. */
  readonly key: string;
}

export type Message =
  /** "Hello, this is the 110 police emergency desk …" */
  | { readonly say: 'greeting' }
  /** "Do not hang up: redialling puts you at the end of the line." With the place and the wait where they are worth saying,
   *  and that an interpreter is being called, or has been found. */
  | {
      readonly say: 'patience';
      readonly place: number | null;
      readonly wait: WaitRange | null;
      readonly interpreter: 'sought' | 'found' | null;
    }
  /** "For English, press one." One line an offer, each in the language it offers. */
  | { readonly say: 'language-menu'; readonly offers: readonly LanguageOffer[] }
  /** A call taker's phone rings: the ring-back tone. */
  | { readonly say: 'ringing' }
  /** The call taker was lost: "you are first in line again". */
  | { readonly say: 'first-again' }
  /** On hold by the call taker: "please stay on the line". */
  | { readonly say: 'hold' }
  /** Call taker and interpreter speak in private for a moment: "please stay on the line". */
  | { readonly say: 'private' }
  /** To a volunteer: who asks, for which language (BCP 47 primary tag), and the keys: 1 accepts, any other refuses. Never a number or an address. */
  | { readonly say: 'volunteer-asked'; readonly language: string }
  /** To a volunteer who has accepted: the conversation begins in a moment. */
  | { readonly say: 'volunteer-wait' }
  /** To a volunteer who is let go. */
  | { readonly say: 'volunteer-thanks' }
  /** Our records are away; the caller still stands in the line. Said without a save, because it changes nothing. */
  | { readonly say: 'still-in-line' };

/** What the line looks like from one caller's place. `place` 1 is the head. `wait` is `null` below the needed samples. */
export interface Outlook {
  readonly place: number;
  readonly wait: WaitRange | null;
}
