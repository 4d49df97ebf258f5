/**
 * The volunteers' side of the exchange in memory: their legs, what is said to them, and the levers for what they do.
 * Never tells anything itself: the exchange that owns it does, in order.
 */
import type { LegEnd } from '../../src/call/events.ts';
import type { Message } from '../../src/call/messages.ts';
import type { Clock, Heard, Telephony } from '../../src/control/ports.ts';
import type { CallId } from '../../src/kernel/ids.ts';
import { later } from '../../src/kernel/instants.ts';
import type { Bridge, Command, Conduct, VolunteerLeg } from './telephony-state.ts';

interface Surroundings {
  readonly clock: Clock | null;
  /** How long anything said lasts, where there is a clock. */
  readonly utteranceMs: number;
  readonly bridges: ReadonlyMap<string, Bridge>;
  hear(this: void, app: string, heard: Heard): Promise<void>;
  /** Those that are registered, and what each does when it rings. */
  readonly phones: ReadonlyMap<string, Conduct>;
}

type VolunteerVerbs = Pick<Telephony, 'ringVolunteer' | 'tellVolunteer' | 'releaseVolunteer' | 'joinInterpreter'>;

const nameOf = (call: CallId, leg: number): string => `${call}.interpreter.${leg}`;

export class SimulatedVolunteers {
  readonly legs = new Map<string, VolunteerLeg>();
  /** What the telephone of `tel:<number>` does when it rings; a number not in here rings, `null` cannot be reached. */
  readonly numbers = new Map<string, Conduct | null>();
  readonly #around: Surroundings;

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** The exchange's verbs for volunteers; `order` puts each among its commands before it is carried out. */
  door(app: string, order: <T>(command: Command, carryOut: () => T) => Promise<T>): VolunteerVerbs {
    return {
      ringVolunteer: (call, leg, address, seconds) =>
        order({ verb: 'ringVolunteer', call, leg, address, seconds }, () => this.ring(app, call, leg, address, seconds)),
      tellVolunteer: (call, leg, utterance, message, language) =>
        order({ verb: 'tellVolunteer', call, leg, utterance, message, language }, () => this.tell(call, leg, utterance, message)),
      releaseVolunteer: (call, leg, utterance, thanks) =>
        order({ verb: 'releaseVolunteer', call, leg, utterance, thanks }, () => this.release(call, leg, utterance, thanks)),
      joinInterpreter: (call, leg, attempt) =>
        order({ verb: 'joinInterpreter', call, leg, attempt }, () =>
          this.join(
            call,
            leg,
            [...this.#around.bridges.values()].find((bridge) => bridge.call === call && bridge.attempt === attempt),
          ),
        ),
    };
  }

  ring(app: string, call: CallId, leg: number, address: string, seconds: number): 'ringing' | 'unreachable' {
    if (this.legs.has(nameOf(call, leg))) return 'ringing';
    const conduct = this.#conductOf(address);
    if (conduct === null) return 'unreachable';
    const stop = this.#after(seconds * 1000, () => void this.end(call, leg, 'no-answer'));
    const fresh = { call, leg, address, app, answered: false, leaving: false, utterance: 0, saying: null, stop };
    this.legs.set(nameOf(call, leg), fresh);
    if (conduct === 'answer') queueMicrotask(() => void this.answer(call, leg));
    if (conduct === 'decline') queueMicrotask(() => void this.end(call, leg, 'declined'));
    return 'ringing';
  }

  answer(call: CallId, leg: number): Promise<void> {
    const one = this.legs.get(nameOf(call, leg));
    if (one === undefined || one.answered) return Promise.resolve();
    one.stop();
    one.answered = true;
    return this.#around.hear(one.app, { type: 'volunteer-answered', call, leg });
  }

  press(call: CallId, leg: number, key: string): Promise<void> {
    const one = this.legs.get(nameOf(call, leg));
    if (one?.answered !== true) return Promise.resolve();
    return this.#around.hear(one.app, { type: 'volunteer-pressed', call, leg, key });
  }

  end(call: CallId, leg: number, end: LegEnd): Promise<void> {
    const one = this.legs.get(nameOf(call, leg));
    if (one === undefined) return Promise.resolve();
    one.stop();
    this.legs.delete(nameOf(call, leg));
    this.#leaveBridges(call, leg);
    return this.#around.hear(one.app, { type: 'volunteer-leg-ended', call, leg, end });
  }

  tell(call: CallId, leg: number, utterance: number, message: Message): 'saying' | 'gone' {
    const one = this.legs.get(nameOf(call, leg));
    if (one?.answered !== true || one.leaving) return 'gone';
    if (utterance <= one.utterance) return 'saying';
    one.utterance = utterance;
    one.saying = message;
    return 'saying';
  }

  /** Without a clock the thanks take no time. */
  release(call: CallId, leg: number, utterance: number, thanks: string | null): void {
    const one = this.legs.get(nameOf(call, leg));
    if (one === undefined || one.leaving) return;
    if (!one.answered || thanks === null || this.#around.clock === null) {
      void this.end(call, leg, one.answered ? 'hung-up' : 'no-answer');
      return;
    }
    this.#leaveBridges(call, leg);
    one.leaving = true;
    one.utterance = utterance;
    one.saying = { say: 'volunteer-thanks' };
    one.stop = this.#after(this.#around.utteranceMs, () => void this.end(call, leg, 'hung-up'));
  }

  join(call: CallId, leg: number, bridge: Bridge | undefined): 'joined' | 'gone' {
    const one = this.legs.get(nameOf(call, leg));
    if (bridge === undefined || one?.answered !== true || one.leaving) return 'gone';
    one.saying = null;
    if (!bridge.volunteersIn.includes(leg)) bridge.volunteersIn.push(leg);
    return 'joined';
  }

  close(): void {
    for (const one of this.legs.values()) one.stop();
  }

  #conductOf(address: string): Conduct | null {
    const [, kind, to = ''] = /^(sip|tel):([A-Za-z0-9_-]+|\+?[0-9().-]+)$/.exec(address) ?? [];
    if (kind === 'sip') return this.#around.phones.get(to) ?? null;
    if (kind !== 'tel' || !/^\+?[0-9().-]+$/.test(to)) return null;
    return this.numbers.has(to) ? (this.numbers.get(to) ?? null) : 'ignore';
  }

  #leaveBridges(call: CallId, leg: number): void {
    for (const bridge of this.#around.bridges.values()) {
      if (bridge.call === call) bridge.volunteersIn = bridge.volunteersIn.filter((inside) => inside !== leg);
    }
  }

  #after(ms: number, act: () => void): () => void {
    const { clock } = this.#around;
    return clock === null ? () => {} : clock.alarm(later(clock.now(), ms), act);
  }
}
