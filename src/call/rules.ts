/** The centre's figures that a step of a call needs, all in milliseconds. They come from config/intake.yaml; never read here. */
export interface Rules {
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
}
