/**
 * What a language must bring to be spoken: a way to say each message in its own clips, and the list of those clips.
 * A language is one file beside this one. Never knows a recording, a folder or a file ending.
 */
import type { Message } from '../call/messages.ts';

/** A recording's name within a language, e.g. `greeting` or `number/10`; or a tone, e.g. `tone:ring`. */
export type Clip = string;

/** The messages that are words. The ring-back tone is the same in every language. */
export type Spoken = Exclude<Message, { say: 'ringing' }>;

/** One way of saying per message; a forgotten one does not compile. */
export type Sayings<C extends Clip> = { readonly [S in Spoken['say']]: (message: Extract<Spoken, { say: S }>) => readonly C[] };

export interface Language<C extends Clip = Clip> {
  /** Every clip that `sayings` can ask for, each once, and no other. */
  readonly clips: readonly C[];
  readonly sayings: Sayings<C>;
}
