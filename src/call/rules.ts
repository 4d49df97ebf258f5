/** What a step of a call needs to know of the centre; lengths of time in milliseconds. It comes from config/intake.yaml; never read here. */
import type { LanguageOffer } from './messages.ts';

export interface Rules {
  /** Offered after the greeting, in this order; none where the centre speaks one language. */
  readonly languageOffers: readonly LanguageOffer[];
  /** How long Asterisk may take to hand over a channel we asked for. */
  readonly arriveWithinMs: number;
  /** The greeting is taken as over after this, whatever Asterisk says. */
  readonly greetingMaxMs: number;
  /** From the end of one patience prompt to the next. */
  readonly patienceEveryMs: number;
  /** A patience prompt is taken as over after this. */
  readonly promptMaxMs: number;
  /** How long a call taker's phone rings. */
  readonly ringMs: number;
  /** An interpreter is sought for so long before the call taker is told that nobody accepts. */
  readonly seekMs: number;
  /** How long a volunteer's phone rings. */
  readonly volunteerRingMs: number;
  /** How long a volunteer who answered may take to press a key; nobody's voice counts as a yes. */
  readonly acceptMs: number;
  /** Whether an interpreter is already asked while the caller waits, once the language is known. */
  readonly preparesInterpreter: boolean;
}
