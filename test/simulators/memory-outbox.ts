/**
 * The outbox of one sink in memory: the twin of the outbox functions in src/redis/outbox.lua. Knows nothing of commits or presence.
 */
import type { Handover, OutboxEntry } from '../../src/control/ports.ts';
import type { Instant } from '../../src/kernel/instants.ts';

interface Kept {
  readonly handover: Handover;
  attempts: number;
  lastAnswer: string | null;
  holder: string | null;
}

export class MemoryOutbox {
  readonly #sink: string;
  readonly #entries = new Map<string, Kept>();
  readonly #queues = new Map<string, string[]>();
  readonly #due = new Map<string, Instant>();
  readonly #dead = new Map<string, Instant>();

  constructor(sink: string) {
    this.#sink = sink;
  }

  put(handover: Handover): void {
    if (this.#entries.has(handover.id)) return;
    this.#entries.set(handover.id, { handover, attempts: 0, lastAnswer: null, holder: null });
    this.#enqueue(handover.id, handover.incident.id, handover.at);
  }

  take(now: Instant, leaseUntil: Instant, limit: number, holder: string): OutboxEntry[] {
    const due = [...this.#due].filter(([, at]) => at <= now).toSorted((a, b) => a[1] - b[1] || (a[0] < b[0] ? -1 : 1));
    return due.slice(0, limit).map(([incident]) => {
      const id = this.#queues.get(incident)?.[0] as string;
      this.#kept(id).holder = holder;
      this.#due.set(incident, leaseUntil);
      return this.#entry(id);
    });
  }

  nextDue(): Instant | null {
    return this.#due.size === 0 ? null : (Math.min(...this.#due.values()) as Instant);
  }

  delivered(id: string, at: Instant): void {
    if (this.#dequeue(id, at)) this.#entries.delete(id);
  }

  retryAt(id: string, at: Instant, answer: string, holder: string): void {
    const incident = this.#entries.get(id)?.handover.incident.id ?? '';
    if (this.#queues.get(incident)?.[0] !== id) return;
    const kept = this.#kept(id);
    kept.attempts += 1;
    kept.lastAnswer = answer;
    if (kept.holder !== null && kept.holder !== holder) return;
    kept.holder = null;
    this.#due.set(incident, at);
  }

  bury(id: string, at: Instant, answer: string): void {
    if (!this.#dequeue(id, at)) return;
    const kept = this.#kept(id);
    this.#entries.set(id, { ...kept, attempts: kept.attempts + 1, lastAnswer: answer, holder: null });
    this.#dead.set(id, at);
  }

  resend(id: string, at: Instant): boolean {
    if (!this.#dead.delete(id)) return false;
    const kept = this.#kept(id);
    kept.attempts = 0;
    this.#enqueue(id, kept.handover.incident.id, at);
    return true;
  }

  deadLetters(limit: number): (OutboxEntry & { buriedAt: Instant })[] {
    const newest = [...this.#dead].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? 1 : -1));
    return newest.slice(0, limit).map(([id, buriedAt]) => ({ ...this.#entry(id), buriedAt }));
  }

  backlog(): { waiting: number; dead: number; oldest: Instant | null } {
    const waiting = [...this.#queues.values()].flat().map((id) => this.#kept(id).handover.at);
    return { waiting: waiting.length, dead: this.#dead.size, oldest: waiting.length === 0 ? null : (Math.min(...waiting) as Instant) };
  }

  #enqueue(id: string, incident: string, at: Instant): void {
    const queue = this.#queues.get(incident) ?? [];
    this.#queues.set(incident, [...queue, id]);
    if (queue.length === 0) this.#due.set(incident, at);
  }

  /** Takes it out of its incident's queue; what follows the head is due at once. */
  #dequeue(id: string, at: Instant): boolean {
    const incident = this.#entries.get(id)?.handover.incident.id ?? '';
    const queue = this.#queues.get(incident) ?? [];
    if (!queue.includes(id)) return false;
    const rest = queue.filter((other) => other !== id);
    if (rest.length === 0) {
      this.#queues.delete(incident);
      this.#due.delete(incident);
    } else {
      this.#queues.set(incident, rest);
      if (queue[0] === id) this.#due.set(incident, at);
    }
    return true;
  }

  #kept(id: string): Kept {
    const kept = this.#entries.get(id);
    if (kept === undefined) throw new Error(`Outbox of ${this.#sink} has lost ${id}`);
    return kept;
  }

  #entry(id: string): OutboxEntry {
    const { handover, attempts, lastAnswer } = this.#kept(id);
    return structuredClone({ ...handover, sink: this.#sink, attempts, lastAnswer });
  }
}
