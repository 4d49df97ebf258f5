/**
 * This controller's life and its lease: renewed several times within its length, so that only a controller that was stopped, cut off or
 * killed loses it. What may be done is judged by time that only passes, counted from the moment the last renewal was *sent*: where that
 * says the lease may be over, nothing is done before the store has said that it still is ours. Once it is lost everything in hand is
 * let go and a new life begins. Never touches a call.
 */
import { isFault, wordsOf } from '../kernel/faults.ts';
import type { Life, Monotonic } from './membership-ports.ts';
import type { Log, Store } from './ports.ts';

/** Another may take over the calls of a controller that has not been heard of for so long. */
export const LEASE_MS = 2000;
const RENEW_EVERY_MS = 500;
/** A command is on its way for a moment too. */
const CERTAIN_MS = LEASE_MS - 250;
/** Another process of the same name serves: looked at again after so long. */
const TAKEN_PAUSE_MS = 5000;

export interface LeaseParts {
  readonly store: Pick<Store, 'join' | 'renew' | 'leave' | 'onPresence'>;
  readonly monotonic: Monotonic;
  readonly log: Log;
  /** This life's calls belong to another now. */
  readonly lost: () => void;
  /** A new life has begun after a loss. */
  readonly begun: () => void;
  /** Some other life has no lease any more. */
  readonly lapsed: () => void;
}

export class Lease {
  readonly #parts: LeaseParts;
  readonly #waiters = new Set<() => void>();
  #life: Life | null = null;
  #sentAt = -Infinity;
  #isAsking = false;
  #isStopped = true;
  #cancel: () => void = () => undefined;

  constructor(parts: LeaseParts) {
    this.#parts = parts;
    parts.store.onPresence((present) => {
      if (present) this.renewNow();
    });
  }

  /** `null` before the start, and between two lives. */
  life(): Life | null {
    return this.#life;
  }

  /** Over whatever older life of this instance there was. Rejects where the store is away. */
  async start(): Promise<void> {
    const sentAt = this.#parts.monotonic.uptime();
    this.#life = await this.#parts.store.join('start', LEASE_MS);
    this.#sentAt = sentAt;
    this.#isStopped = false;
    this.#nextIn(RENEW_EVERY_MS);
  }

  /** Settles once it is certain whether this life still holds its lease; at once where the last renewal is young enough. */
  async holds(life: Life): Promise<boolean> {
    while (this.#life === life && !this.#isStopped) {
      if (this.#isCertain()) return true;
      this.renewNow();
      await new Promise<void>((resolve) => this.#waiters.add(resolve));
    }
    return false;
  }

  renewNow(): void {
    if (!this.#isStopped && !this.#isAsking) void this.#round();
  }

  /** Gives the calls away; nothing is done in this life's name any more. */
  async leave(): Promise<void> {
    const life = this.#life;
    this.stop();
    if (life !== null) await this.#parts.store.leave(life);
  }

  stop(): void {
    this.#isStopped = true;
    this.#life = null;
    this.#cancel();
    this.#wakeAll();
  }

  #isCertain(): boolean {
    return this.#parts.monotonic.uptime() - this.#sentAt < CERTAIN_MS;
  }

  async #round(): Promise<void> {
    this.#isAsking = true;
    this.#cancel();
    let pause = RENEW_EVERY_MS;
    try {
      pause = this.#life === null ? await this.#beginAgain() : await this.#renew(this.#life);
      this.#wakeAll();
    } catch (thrown) {
      if (!isFault(thrown, 'unavailable')) this.#parts.log.error({}, `the lease could not be renewed: ${wordsOf(thrown)}`);
    }
    this.#isAsking = false;
    this.#nextIn(pause);
  }

  /** Answers after how many milliseconds to ask again. */
  async #renew(life: Life): Promise<number> {
    const { store, monotonic, log, lost, lapsed } = this.#parts;
    const sentAt = monotonic.uptime();
    const answer = await store.renew(life, LEASE_MS);
    if (this.#isStopped) return RENEW_EVERY_MS;
    if (answer.is === 'held') {
      this.#sentAt = sentAt;
      if (answer.lapsed > 0) lapsed();
      return RENEW_EVERY_MS;
    }
    log.warn({ life }, 'this controller was not heard of for too long, and others serve its calls now; it begins anew');
    this.#life = null;
    lost();
    return 0;
  }

  async #beginAgain(): Promise<number> {
    const { store, monotonic, log, begun } = this.#parts;
    const sentAt = monotonic.uptime();
    const life = await store.join('again', LEASE_MS);
    if (this.#isStopped) return RENEW_EVERY_MS;
    if (life === null) {
      log.error({}, 'another controller has the same instance name and serves; this one serves nobody until that one has gone');
      return TAKEN_PAUSE_MS;
    }
    this.#life = life;
    this.#sentAt = sentAt;
    begun();
    return RENEW_EVERY_MS;
  }

  #nextIn(ms: number): void {
    this.#cancel();
    if (!this.#isStopped) this.#cancel = this.#parts.monotonic.after(ms, () => this.renewNow());
  }

  #wakeAll(): void {
    const waiters = [...this.#waiters];
    this.#waiters.clear();
    for (const wake of waiters) wake();
  }
}
