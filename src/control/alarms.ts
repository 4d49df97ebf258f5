/**
 * The alarms of the calls in hand: each call has two deadlines, its own and its interpreter's part. Re-armed from the call's value, so
 * that no timer has to be stopped or saved. A deadline that was told of and still stands (the alarm was early, the save did not
 * succeed) is told of again, never forgotten.
 */
import { deadlineOf, interpreterDeadlineOf, type Call } from '../call/call.ts';
import type { CallEvent } from '../call/events.ts';
import type { CallId } from '../kernel/ids.ts';
import { later, type Instant } from '../kernel/instants.ts';
import type { Clock } from './ports.ts';

/** How soon a deadline that still stands is told of again. */
const AGAIN_MS = 1000;

interface Kind {
  readonly of: (id: CallId) => string;
  readonly at: (call: Call) => Instant | null;
  readonly rings: (time: Instant) => CallEvent;
}

const KINDS: readonly Kind[] = [
  { of: (id) => id, at: deadlineOf, rings: (time) => ({ type: 'DeadlinePassed', outlook: null, time }) },
  { of: (id) => `${id} interpreter`, at: interpreterDeadlineOf, rings: (time) => ({ type: 'InterpreterDeadlinePassed', time }) },
];

export interface AlarmsParts {
  readonly clock: Clock;
  /** The call as it is in hand now. */
  readonly call: (id: CallId) => Call | undefined;
  readonly tell: (id: CallId, event: CallEvent) => Promise<unknown>;
}

export class Alarms {
  readonly #parts: AlarmsParts;
  readonly #set = new Map<string, () => void>();
  #isStopped = false;

  constructor(parts: AlarmsParts) {
    this.#parts = parts;
  }

  arm(call: Call, before: Call | undefined): void {
    for (const kind of KINDS) {
      const deadline = kind.at(call);
      const name = kind.of(call.id);
      if (before !== undefined && kind.at(before) === deadline && this.#set.has(name)) continue;
      this.#cancel(name);
      if (deadline !== null) this.#ringAt(kind, call.id, deadline);
    }
  }

  disarm(id: CallId): void {
    for (const kind of KINDS) this.#cancel(kind.of(id));
  }

  stop(): void {
    this.#isStopped = true;
    for (const cancel of this.#set.values()) cancel();
    this.#set.clear();
  }

  #cancel(name: string): void {
    this.#set.get(name)?.();
    this.#set.delete(name);
  }

  #ringAt(kind: Kind, id: CallId, at: Instant): void {
    const { clock, call, tell } = this.#parts;
    const name = kind.of(id);
    const ring = async (): Promise<void> => {
      this.#set.delete(name);
      await tell(id, kind.rings(clock.now()));
      const known = call(id);
      const deadline = known === undefined ? null : kind.at(known);
      if (deadline === null || this.#set.has(name) || this.#isStopped) return;
      this.#ringAt(kind, id, deadline > clock.now() ? deadline : later(clock.now(), AGAIN_MS));
    };
    this.#set.set(
      name,
      clock.alarm(at, () => void ring()),
    );
  }
}
