/**
 * What call takers ask for themselves and what is heard of their phones. Each change is saved before anybody relies on it.
 * Never pairs anybody: that is who-is-next.ts.
 */
import type { CallEvent } from '../call/events.ts';
import { deskStep, type CallTaker, type DeskEvent, type DeskRules } from '../desk/call-taker.ts';
import { Fault } from '../kernel/faults.ts';
import type { CallId, CallTakerId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instants.ts';
import type { Clock, Log, Store } from './ports.ts';

const SAVE_TRIES = 16;

/** As the centre's list names them. */
export interface Enrolled {
  readonly id: CallTakerId;
  readonly name: string;
  readonly endpoint: string;
}

export interface CallTakersParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly rules: DeskRules;
  readonly newCommitId: () => string;
  readonly tell: (call: CallId, event: CallEvent) => Promise<unknown>;
  readonly lineChanged: () => void;
}

export class CallTakers {
  readonly #parts: CallTakersParts;
  readonly #endpoints = new Map<string, CallTakerId>();
  readonly #phones = new Map<string, string>();

  constructor(parts: CallTakersParts) {
    this.#parts = parts;
  }

  endpointOf(id: string): string | null {
    return this.#phones.get(id) ?? null;
  }

  /** The centre's list becomes the desk. Those who left the list are signed off; nobody is taken out of a conversation. */
  async enrol(list: readonly Enrolled[]): Promise<void> {
    const { store, log } = this.#parts;
    for (const { id, endpoint } of list) {
      this.#endpoints.set(endpoint, id);
      this.#phones.set(id, endpoint);
    }
    for (const entry of list) {
      await this.#save(entry.id, (known) => {
        const fresh: CallTaker = { ...entry, revision: 1, phone: 'absent', afterwards: { be: 'ready' }, state: { is: 'off' } };
        if (known === null) return fresh;
        if (known.name === entry.name && known.endpoint === entry.endpoint) return known;
        return { ...known, name: entry.name, endpoint: entry.endpoint, revision: known.revision + 1 };
      });
    }
    for (const { id, state } of await store.callTakers()) {
      if (this.#phones.has(id) || state.is === 'off') continue;
      log.warn({ callTaker: id }, 'no longer on the list of call takers; signed off');
      await this.change(id, { type: 'OffAsked', time: this.#parts.clock.now() });
    }
  }

  ready(id: CallTakerId): Promise<CallTaker> {
    return this.change(id, { type: 'ReadyAsked', time: this.#parts.clock.now() });
  }

  pause(id: CallTakerId, reason: string): Promise<CallTaker> {
    return this.change(id, { type: 'PauseAsked', reason, time: this.#parts.clock.now() });
  }

  off(id: CallTakerId): Promise<CallTaker> {
    return this.change(id, { type: 'OffAsked', time: this.#parts.clock.now() });
  }

  /** A phone came or went. An endpoint that is no call taker's is none of our business. */
  async phone(endpoint: string, is: 'registered' | 'absent', time: Instant): Promise<void> {
    const id = this.#endpoints.get(endpoint);
    if (id === undefined) return;
    await this.change(id, { type: is === 'registered' ? 'PhoneRegistered' : 'PhoneLost', time });
  }

  /** One desk event, saved; then what follows for the caller who rings at this desk. Fault 'unknown' or 'conflict' for the asker. */
  async change(id: CallTakerId, event: DeskEvent): Promise<CallTaker> {
    const { rules, tell, clock, lineChanged } = this.#parts;
    const after = await this.#save(id, (known) => {
      if (known === null) throw new Fault('unknown', `no call taker ${id}`);
      const step = deskStep(known, event, rules);
      if (step.refused !== undefined) throw new Fault('conflict', `${event.type} is not possible: ${step.refused}`);
      return step.callTaker;
    });
    const isLeaving = event.type === 'OffAsked' || event.type === 'PauseAsked' || event.type === 'PhoneLost';
    if (isLeaving && after.state.is === 'offered') {
      await tell(after.state.call, { type: 'OfferWithdrawn', attempt: after.state.attempt, time: clock.now() });
    }
    lineChanged();
    return (await this.#parts.store.callTaker(id)) ?? after;
  }

  async #save(id: CallTakerId, next: (known: CallTaker | null) => CallTaker): Promise<CallTaker> {
    const { store, clock, newCommitId } = this.#parts;
    for (let tries = 1; tries <= SAVE_TRIES; tries++) {
      const known = await store.callTaker(id);
      const value = next(known);
      if (value === known) return value;
      const verdict = await store.commit({
        id: newCommitId(),
        callTakers: [{ value, from: known?.revision ?? 0 }],
        journal: [
          {
            at: clock.now(),
            kind: 'CallTakerChanged',
            callTaker: id,
            data: { from: known?.state.is ?? null, to: value.state.is, phone: value.phone },
          },
        ],
      });
      if (verdict.is === 'saved') return value;
    }
    throw new Fault('unavailable', `the state of call taker ${id} changes faster than it can be saved`);
  }
}
