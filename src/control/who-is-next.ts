/**
 * Brings callers and call takers together: asks the policy, and tells the claim to the caller's lane, where it is saved only if both
 * are still free. Woken by every change; looks by itself once a second, should a wake be lost. Decides nothing.
 */
import { whoGetsWhom } from '../desk/who-gets-whom.ts';
import { isFault, wordsOf } from '../kernel/faults.ts';
import type { CallId, CallTakerId } from '../kernel/ids.ts';
import { later, type Instant } from '../kernel/instants.ts';
import type { CallEvent } from '../call/events.ts';
import type { Clock, Log, Store } from './ports.ts';

const LOOK_EVERY_MS = 1000;
/** Callers looked at in one round; more call takers than this are never free at once. */
const HEADS = 256;

export interface WhoIsNextParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly claim: (call: CallId, event: CallEvent) => Promise<string>;
  readonly isOurs: (call: CallId) => boolean;
  readonly afterCallOver: (callTaker: CallTakerId) => Promise<void>;
}

export class WhoIsNext {
  readonly #parts: WhoIsNextParts;
  #isRunning = false;
  #isAskedAgain = false;
  #isStopped = false;
  #cancel: () => void = () => undefined;

  constructor(parts: WhoIsNextParts) {
    this.#parts = parts;
  }

  /** Somebody may be free, somebody may have come. Never waits. */
  wake(): void {
    if (this.#isStopped) return;
    if (this.#isRunning) {
      this.#isAskedAgain = true;
      return;
    }
    this.#isRunning = true;
    void this.#rounds();
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  async #rounds(): Promise<void> {
    const { clock, log } = this.#parts;
    let nextLook = later(clock.now(), LOOK_EVERY_MS);
    try {
      do {
        this.#isAskedAgain = false;
        nextLook = await this.#round();
      } while (this.#isAskedAgain && !this.#isStopped);
    } catch (thrown) {
      if (!isFault(thrown, 'unavailable')) log.error({}, `nobody could be assigned this time: ${wordsOf(thrown)}`);
    } finally {
      this.#isRunning = false;
    }
    if (this.#isAskedAgain) this.wake();
    else this.#lookAgain(nextLook);
  }

  #lookAgain(at: Instant): void {
    this.#cancel();
    if (!this.#isStopped) this.#cancel = this.#parts.clock.alarm(at, () => this.wake());
  }

  /** Pairs are claimed side by side: each is another caller and another call taker. Answers when to look again. */
  async #round(): Promise<Instant> {
    const { store, clock, claim, isOurs, afterCallOver } = this.#parts;
    const [line, callTakers] = await Promise.all([store.line(HEADS), store.callTakers()]);
    const now = clock.now();
    let next = later(now, LOOK_EVERY_MS);
    for (const { id, state } of callTakers) {
      if (state.is !== 'after-call') continue;
      if (state.until <= now) await afterCallOver(id);
      else if (state.until < next) next = state.until;
    }
    const pairs = whoGetsWhom(line, callTakers).filter((pair) => isOurs(pair.call));
    const fates = await Promise.all(
      pairs.map(({ call, callTaker }) => claim(call, { type: 'CallTakerClaimed', callTaker: callTaker.id, time: clock.now() })),
    );
    if (fates.includes('missed')) this.#isAskedAgain = true;
    return next;
  }
}
