/**
 * Work that is done in rounds: woken by every change, one round at a time, once more where it was woken meanwhile, and by itself after a
 * while, should a wake be lost. Knows nothing of the work.
 */
import { later, type Instant } from '../kernel/instants.ts';
import type { Clock } from './ports.ts';

/** After a round that failed. */
const AGAIN_MS = 1000;

export interface RoundsParts {
  readonly clock: Clock;
  /** Answers when to look again unasked; `null`: only when woken. */
  readonly round: () => Promise<Instant | null>;
  readonly failed: (thrown: unknown) => void;
}

export class Rounds {
  readonly #parts: RoundsParts;
  #isRunning = false;
  #isAskedAgain = false;
  #isStopped = false;
  #cancel: () => void = () => undefined;

  constructor(parts: RoundsParts) {
    this.#parts = parts;
  }

  /** Something has changed. Never waits. */
  wake(): void {
    if (this.#isStopped) return;
    if (this.#isRunning) {
      this.#isAskedAgain = true;
      return;
    }
    this.#isRunning = true;
    void this.#run();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  async #run(): Promise<void> {
    const { clock, round, failed } = this.#parts;
    let next: Instant | null = null;
    try {
      do {
        this.#isAskedAgain = false;
        next = await round();
      } while (this.#isAskedAgain && !this.#isStopped);
    } catch (thrown) {
      failed(thrown);
      next = later(clock.now(), AGAIN_MS);
    }
    this.#isRunning = false;
    this.#cancel();
    if (next !== null && !this.#isStopped) this.#cancel = clock.alarm(next, () => this.wake());
  }
}
