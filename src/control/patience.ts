/**
 * Waiting for the store to come back. Used where an event has happened and must not be lost; never where a person waits for an
 * answer (they are told 'unavailable' and may ask again).
 */
import { isFault } from '../kernel/faults.ts';
import { later } from '../kernel/instants.ts';
import type { Clock, Store } from './ports.ts';

/** Asked again at least this often, should the news of the store's return be lost. */
const ASK_EVERY_MS = 500;

export class Stopped extends Error {
  override readonly name = 'Stopped';
}

export class Patience {
  readonly #clock: Clock;
  readonly #waiters = new Set<() => void>();
  #stopped = false;

  constructor(store: Store, clock: Clock) {
    this.#clock = clock;
    store.onPresence((present) => {
      if (present) this.#wakeAll();
    });
  }

  /** Does the work, again and again while the store is away. Bounded by `stop`, which makes it throw Stopped; other faults pass through. */
  async until<T>(work: () => Promise<T>): Promise<T> {
    while (!this.#stopped) {
      try {
        return await work();
      } catch (thrown) {
        if (!isFault(thrown, 'unavailable')) throw thrown;
        await this.#whenBack();
      }
    }
    throw new Stopped('the controller stops');
  }

  stop(): void {
    this.#stopped = true;
    this.#wakeAll();
  }

  #whenBack(): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.#clock.alarm(later(this.#clock.now(), ASK_EVERY_MS), () => wake());
      const wake = (): void => {
        cancel();
        this.#waiters.delete(wake);
        resolve();
      };
      this.#waiters.add(wake);
      if (this.#stopped) wake();
    });
  }

  #wakeAll(): void {
    for (const wake of this.#waiters) wake();
  }
}
