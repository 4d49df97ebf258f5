/**
 * What a centre decides about its texts: which thread a text belongs to, how often and in what words is answered, how long is waited and
 * tried. Data and two functions that read; the steps are handed all of it and know no number of their own.
 */
import type { Instant } from '../kernel/instants.ts';
import type { Reading, SpokenLanguage } from '../reading/reading.ts';
import type { Replies } from './replies.ts';
import type { Essential } from './thread.ts';
import type { WhichRule } from './which-rules.ts';

export interface TextNumbers {
  /** How long after the first part of a long text another one still belongs to it, in ms. */
  readonly partsWithinMs: number;
  /** How long the very same text again is a repeat and not another one, in ms. */
  readonly repeatWithinMs: number;
  /** Texts that one thread holds; what comes beyond begins a thread that continues it. */
  readonly receivedAtMost: number;
  /** How long an automatic text waits for parts that have not come: a danger word may stand in them. In ms. */
  readonly waitForPartsMs: number;
  /** Questions in one thread, that of the receipt included. */
  readonly questionsAtMost: number;
  /** Times that one thing is asked for. */
  readonly sameQuestionAtMost: Readonly<Record<Essential, number>>;
  /** Automatic texts to the reporter in one thread, at least 2; the last of them is kept for "on their way". */
  readonly automaticAtMost: number;
  /** Times one text of ours is given to the gateway. */
  readonly sendAttemptsAtMost: number;
  /** How long after the first, second, … attempt the next is made, in ms; the last of them from then on. */
  readonly retryAfterMs: readonly number[];
  /** A text given to the gateway that has not answered is not tried again before, in ms; longer than any gateway's own deadline. */
  readonly answerWithinMs: number;
  /** Characters (UTF-16 units) of a call taker's own text. */
  readonly answerLongest: number;
}

export interface TextRules extends TextNumbers {
  readonly which: readonly WhichRule[];
  /** What a reporter is answered in whose texts tell no language. */
  readonly language: SpokenLanguage;
  /** The name of this centre, for replies that say it. */
  readonly centreName: string;
  readonly replies: Replies;
  /** What one text tells by itself. */
  readonly read: (text: string, at: Instant) => Reading;
  /** What all texts of a thread tell together, the oldest first. */
  readonly readTogether: (texts: readonly { readonly text: string; readonly at: Instant }[]) => Reading;
}

/** Why a step is not made, a sentence for a person. */
export interface Refused {
  readonly refused: string;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** What holds where a centre says nothing. */
export const USUAL_NUMBERS: TextNumbers = {
  partsWithinMs: 24 * HOUR,
  repeatWithinMs: 2 * HOUR,
  receivedAtMost: 200,
  waitForPartsMs: 8_000,
  questionsAtMost: 2,
  sameQuestionAtMost: { place: 2, what: 1, time: 1 },
  automaticAtMost: 6,
  sendAttemptsAtMost: 20,
  retryAfterMs: [2_000, 5_000, 10_000, 30_000, MINUTE, 2 * MINUTE, 5 * MINUTE],
  answerWithinMs: 30_000,
  answerLongest: 500,
};
