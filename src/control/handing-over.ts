/**
 * Hands saved incidents to the dispatch side: one loop per sink, so that a slow or dead sink delays no other. At least once, in order
 * per incident: the outbox gives out the heads only, and an entry leaves it only when it is delivered or buried. What became of an
 * entry is noted before it can be taken again; where it cannot be noted (Redis is away), the lease runs out and it is sent once more.
 */
import { isFault, wordsOf } from '../kernel/faults.ts';
import { instant, later, type Instant } from '../kernel/instants.ts';
import type { Clock, Delivery, Log, OutboxEntry, Sink, Store } from './ports.ts';
import type { Observer } from './room-ports.ts';

export interface SinkPlan {
  readonly sink: Sink;
  /** Before the second attempt, the third, …; the last one goes on. */
  readonly backoffMs: readonly number[];
  readonly maxAttempts: number;
  /** Deliveries at a time. */
  readonly concurrency: number;
  /** After so long an entry that was taken may be sent again, by this controller or another; longer than the sink's own deadline. */
  readonly leaseMs?: number;
}

export interface HandingOver {
  /** Something new may be in the outbox. */
  wake(): void;
  /** No new deliveries; resolves when those under way are noted, or after a bound. */
  stop(): Promise<void>;
}

export interface HandingOverParts {
  readonly store: Store;
  readonly sinks: readonly SinkPlan[];
  readonly clock: Clock;
  readonly log: Log;
  readonly observer: Observer;
}

/** Unless the plan says otherwise. What a killed controller had under way waits so long. */
const LEASE_MS = 30_000;
/** The outbox is looked at this often without being asked: entries of another controller, a wake that was lost. */
const POLL_MS = 1000;
/** Attempts at noting one result, while the lease still holds. */
const NOTE_ATTEMPTS = 20;
/** What is due and could not be taken is not asked for in a spin. */
const SOONEST_MS = 20;
const DRAIN_MS = 5000;
/** Up to this share of a pause is added, so that what failed together does not come back together. */
const JITTER = 0.25;

export function startHandingOver({ store, sinks, clock, log, observer }: HandingOverParts): HandingOver {
  const loops = sinks.map((plan) => new Loop(plan, store, clock, log, observer));
  const wake = (): void => loops.forEach((loop) => loop.wake());
  store.onPresence((present) => {
    if (present) wake();
  });
  for (const loop of loops) loop.wake();
  return {
    wake,
    stop: async () => {
      await Promise.all(loops.map((loop) => loop.stop()));
    },
  };
}

/** The pause after `attempts` failed ones, in milliseconds; the same entry and attempt always get the same. */
export function pauseMs(backoffMs: readonly number[], attempts: number, id: string): number {
  const base = backoffMs[Math.min(attempts, backoffMs.length) - 1] ?? POLL_MS;
  return Math.round(base * (1 + JITTER * fraction(`${id}.${attempts}`)));
}

/** FNV-1a over the text as a fraction from 0 to 1: chance without a die. */
function fraction(text: string): number {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0) / 2 ** 32;
}

class Loop {
  readonly #plan: SinkPlan;
  readonly #store: Store;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #observer: Observer;
  readonly #underWay = new Map<string, Promise<void>>();
  #isLooking = false;
  #lookAgain = false;
  #isStopped = false;
  #cancelAlarm: () => void = () => undefined;

  constructor(plan: SinkPlan, store: Store, clock: Clock, log: Log, observer: Observer) {
    this.#plan = plan;
    this.#store = store;
    this.#clock = clock;
    this.#log = log;
    this.#observer = observer;
  }

  wake(): void {
    if (this.#isStopped) return;
    if (this.#isLooking) {
      this.#lookAgain = true;
      return;
    }
    void this.#lookWhileWoken();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelAlarm();
    const drained = Promise.all(this.#underWay.values());
    let cancel: () => void = () => undefined;
    const bound = new Promise<void>((resolve) => {
      cancel = this.#clock.alarm(later(this.#clock.now(), DRAIN_MS), resolve);
    });
    await Promise.race([drained, bound]);
    cancel();
  }

  /** One look at a time; a wake during one is answered by another look. Then sleeps until something is due, or the safety poll. */
  async #lookWhileWoken(): Promise<void> {
    this.#isLooking = true;
    let next: Instant;
    do {
      this.#lookAgain = false;
      next = await this.#look();
    } while (this.#lookAgain && !this.#isStopped);
    this.#isLooking = false;
    if (!this.#isStopped) this.#alarm(next);
  }

  #alarm(at: Instant): void {
    this.#cancelAlarm();
    this.#cancelAlarm = this.#clock.alarm(at, () => this.wake());
  }

  /** Takes what is due and sends it on its way without waiting for it; says when to look next. Never rejects. */
  async #look(): Promise<Instant> {
    const { sink, concurrency, leaseMs = LEASE_MS } = this.#plan;
    const poll = later(this.#clock.now(), POLL_MS);
    const free = concurrency - this.#underWay.size;
    if (free <= 0 || !this.#store.isPresent()) return poll;
    try {
      const now = this.#clock.now();
      const due = await this.#store.takeDue(sink.name, now, later(now, leaseMs), free);
      for (const entry of due) if (!this.#underWay.has(entry.id)) this.#underWay.set(entry.id, this.#carry(entry));
      const next = await this.#store.nextDue(sink.name);
      return next === null ? poll : instant(Math.max(this.#clock.now() + SOONEST_MS, Math.min(next, poll)));
    } catch (thrown) {
      if (!isFault(thrown, 'unavailable')) this.#log.error({ sink: sink.name }, `the outbox could not be read: ${wordsOf(thrown)}`);
      return poll;
    }
  }

  /** One delivery from here to its note, and never rejects. Then there is room for another, and the next of its incident may be due. */
  async #carry(entry: OutboxEntry): Promise<void> {
    try {
      await this.#deliver(entry);
    } catch (thrown) {
      this.#log.error(
        { sink: entry.sink, handover: entry.id },
        `what came of a delivery is not noted, so it is sent again: ${wordsOf(thrown)}`,
      );
    } finally {
      this.#underWay.delete(entry.id);
      this.wake();
    }
  }

  async #deliver(entry: OutboxEntry): Promise<void> {
    const { sink } = this.#plan;
    const delivery = await this.#attempt(entry);
    const now = this.#clock.now();
    const about = { sink: sink.name, handover: entry.id, incident: entry.incident.id, attempt: entry.attempts + 1 };
    if (delivery.is === 'delivered') {
      await this.#note(about, () => this.#store.delivered(sink.name, entry.id, now));
      this.#observer.delivered(sink.name, Math.max(0, (now - entry.at) / 1000));
      this.#log.info(about, `delivered: ${delivery.answer}`);
    } else if (delivery.is === 'refused' || entry.attempts + 1 >= this.#plan.maxAttempts) {
      await this.#note(about, () => this.#store.bury(sink.name, entry.id, now, delivery.answer));
      this.#log.error(about, `${delivery.is} and kept for a person: ${delivery.answer}`);
    } else {
      const again = later(now, pauseMs(this.#plan.backoffMs, entry.attempts + 1, entry.id));
      await this.#note(about, () => this.#store.retryAt(sink.name, entry.id, again, delivery.answer));
      this.#log.warn(about, `unreachable, tried again in ${again - now} ms: ${delivery.answer}`);
    }
  }

  async #attempt(entry: OutboxEntry): Promise<Delivery> {
    try {
      return await this.#plan.sink.deliver(entry, this.#clock.now());
    } catch (thrown) {
      return { is: 'unreachable', answer: wordsOf(thrown) };
    }
  }

  /** Notes a result, again and again while Redis is away and the lease holds: a result that is lost means one more delivery. */
  async #note(about: object, note: () => Promise<void>): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      try {
        return await note();
      } catch (thrown) {
        if (!isFault(thrown, 'unavailable') || attempt >= NOTE_ATTEMPTS || this.#isStopped) throw thrown;
        this.#log.warn(about, 'what came of a delivery cannot be noted now; Redis is away');
        await this.#pause(POLL_MS);
      }
    }
  }

  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#clock.alarm(later(this.#clock.now(), ms), resolve);
    });
  }
}
