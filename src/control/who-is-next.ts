/**
 * Brings callers and call takers together: asks the policy, and tells the claim to the caller's lane, where it is saved only if both
 * are still free. Woken by every change, of other controllers too; looks by itself once a second, should a wake be lost. Decides nothing.
 *
 * Pairs are made of the whole line and the whole desk, alike at every controller, and each claims those whose caller is its own. So a caller
 * whose controller is slow, or dead and not yet followed, keeps the call taker who is theirs: nobody who came later is given that one.
 */
import { whoGetsWhom } from '../desk/who-gets-whom.ts';
import { isFault, wordsOf } from '../kernel/faults.ts';
import type { CallId, CallTakerId } from '../kernel/ids.ts';
import { later, type Instant } from '../kernel/instants.ts';
import type { CallEvent } from '../call/events.ts';
import type { Clock, Log, Store } from './ports.ts';
import { Rounds } from './rounds.ts';

const LOOK_EVERY_MS = 1000;
/** Callers looked at in one round; more call takers than this are never free at once. */
const HEADS = 256;

export interface WhoIsNextParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  /** Never rejects; 'missed': one of the two was not free any more. */
  readonly claim: (call: CallId, event: CallEvent) => Promise<string>;
  readonly isOurs: (call: CallId) => boolean;
  readonly afterCallOver: (callTaker: CallTakerId) => Promise<void>;
}

export class WhoIsNext {
  readonly #parts: WhoIsNextParts;
  readonly #rounds: Rounds;
  /** Claims on their way through a caller's lane. A lane that is busy keeps this pair waiting, and nobody else. */
  readonly #claiming = new Map<CallId, CallTakerId>();

  constructor(parts: WhoIsNextParts) {
    this.#parts = parts;
    this.#rounds = new Rounds({
      clock: parts.clock,
      round: () => this.#round(),
      failed: (thrown) => {
        if (!isFault(thrown, 'unavailable')) parts.log.error({}, `nobody could be assigned this time: ${wordsOf(thrown)}`);
      },
    });
  }

  /** Somebody may be free, somebody may have come. Never waits. */
  wake(): void {
    this.#rounds.wake();
  }

  stop(): void {
    this.#rounds.stop();
  }

  /** Pairs are claimed side by side: each is another caller and another call taker. Answers when to look again. */
  async #round(): Promise<Instant> {
    const { store, clock, isOurs, afterCallOver } = this.#parts;
    const [line, callTakers] = await Promise.all([store.line(HEADS), store.callTakers()]);
    const now = clock.now();
    let next = later(now, LOOK_EVERY_MS);
    for (const { id, state } of callTakers) {
      if (state.is !== 'after-call') continue;
      if (state.until <= now) await afterCallOver(id);
      else if (state.until < next) next = state.until;
    }
    const spokenFor = new Set(this.#claiming.values());
    const callers = line.filter(({ call }) => !this.#claiming.has(call));
    const free = callTakers.filter(({ id }) => !spokenFor.has(id));
    for (const { call, callTaker } of whoGetsWhom(callers, free)) if (isOurs(call)) void this.#claim(call, callTaker.id);
    return next;
  }

  async #claim(call: CallId, callTaker: CallTakerId): Promise<void> {
    this.#claiming.set(call, callTaker);
    const fate = await this.#parts.claim(call, { type: 'CallTakerClaimed', callTaker, time: this.#parts.clock.now() });
    this.#claiming.delete(call);
    if (fate === 'missed') this.wake();
  }
}
