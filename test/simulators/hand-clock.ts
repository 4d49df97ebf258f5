/** A clock moved by hand: nothing passes until it is told to, and alarms ring in their order. Never reads the real one. */
import type { Monotonic } from '../../src/control/membership-ports.ts';
import type { Clock } from '../../src/control/ports.ts';
import { instant, later, type Instant } from '../../src/kernel/instants.ts';

interface Alarm {
  readonly at: Instant;
  readonly ring: () => void;
}

export class HandClock implements Clock, Monotonic {
  #now: Instant;
  readonly #alarms = new Set<Alarm>();

  constructor(start: number) {
    this.#now = instant(start);
  }

  now(): Instant {
    return this.#now;
  }

  alarm(at: Instant, ring: () => void): () => void {
    const alarm = { at, ring };
    this.#alarms.add(alarm);
    return () => void this.#alarms.delete(alarm);
  }

  uptime(): number {
    return this.#now;
  }

  after(ms: number, ring: () => void): () => void {
    return this.alarm(later(this.#now, ms), ring);
  }

  /** Moves to the instant and rings whatever is due then; what those rings set for the same instant waits for the next move. */
  moveTo(at: Instant): void {
    if (at > this.#now) this.#now = at;
    const due = [...this.#alarms].filter((alarm) => alarm.at <= this.#now).toSorted((a, b) => a.at - b.at);
    for (const alarm of due) {
      if (!this.#alarms.delete(alarm)) continue;
      alarm.ring();
    }
  }

  /** Time passes while nothing of ours runs: what is due rings with the next move. */
  standStill(ms: number): void {
    this.#now = later(this.#now, ms);
  }

  pass(ms: number): void {
    this.moveTo(later(this.#now, ms));
  }
}
