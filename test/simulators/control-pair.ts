/**
 * Two whole control rooms on one centre's records and one exchange, in memory, with levers for what may happen to a controller: killed,
 * started again, stopped for a while at any moment and let go on. A stopped one sends nothing, hears late and goes on in the middle of
 * whatever it was doing. Holds no expectation of its own.
 */
import { openControlRoom, type OpenControlRoom } from '../../src/control/control-room.ts';
import type { Monotonic } from '../../src/control/membership-ports.ts';
import type { Clock, Store, Telephony } from '../../src/control/ports.ts';
import { ANNA, BEN, RULES, silence } from '../control/house.ts';
import { HandClock } from './hand-clock.ts';
import { Switchboard } from './memory-colleagues.ts';
import { Memory, memoryStore } from './memory-store.ts';
import { SimulatedExchange } from './telephony.ts';
import { RULES as TEXT_RULES } from '../sms/world.ts';

export type Side = 'one' | 'two';
export const SIDES: readonly Side[] = ['one', 'two'];

/** What a process can do at this moment: everything, nothing for now, nothing ever. */
class Gate {
  #isOpen = true;
  #waiting: (() => void)[] = [];

  shut(): void {
    this.#isOpen = false;
  }

  open(): void {
    this.#isOpen = true;
    for (const go of this.#waiting.splice(0)) go();
  }

  /** Settles at once, or when the process goes on. */
  pass(): Promise<void> {
    return this.#isOpen ? Promise.resolve() : new Promise((go) => this.#waiting.push(go));
  }

  wrap(ring: () => void): () => void {
    return () => {
      if (this.#isOpen) ring();
      else this.#waiting.push(ring);
    };
  }
}

interface Running {
  readonly control: OpenControlRoom;
  readonly gate: Gate;
  readonly thaw: (() => void)[];
}

export class ControlPair {
  readonly clock = new HandClock(1_000_000);
  readonly memory = new Memory();
  readonly exchange = new SimulatedExchange({ clock: this.clock, utteranceMs: 700 });
  readonly complaints: string[] = [];
  /** For looking behind; belongs to no controller. */
  readonly records = memoryStore({ memory: this.memory, instance: 'nobody' });
  readonly switchboard = new Switchboard();
  readonly #running = new Map<Side, Running>();
  #commits = 0;

  readonly #stopsOnTheWay: boolean;

  /** `stopsOnTheWay`: what was decided just before a stop is asked of a door only afterwards, as when a process is stopped on its way there. */
  constructor(stopsOnTheWay = false) {
    this.#stopsOnTheWay = stopsOnTheWay;
    this.memory.lives.now = () => this.clock.now();
  }

  async start(side: Side): Promise<void> {
    if (this.#running.has(side)) return;
    const gate = new Gate();
    const store = gated(gate, this.#stopsOnTheWay, memoryStore({ memory: this.memory, instance: side }));
    const telephony = gated(gate, this.#stopsOnTheWay, this.exchange.door(side));
    const clock = clockOf(gate, this.clock);
    const complain = (_about: object, words: string): void => void this.complaints.push(`${side}: ${words}`);
    const control = openControlRoom({
      store,
      telephony,
      colleagues: this.switchboard.colleagues(side),
      spool: { waiting: () => Promise.resolve({ calls: [], unreadable: [] }), taken: () => Promise.resolve() },
      sinks: [],
      clock,
      monotonic: clock,
      log: { ...silence, error: complain },
      observer: {
        waited: () => undefined,
        assigned: () => undefined,
        delivered: () => undefined,
        ignored: () => undefined,
        textTaken: () => undefined,
        outgoing: () => undefined,
      },
      rules: { ...RULES, arriveWithinMs: 3000 },
      centre: '230100',
      language: 'zh',
      languagesByNumber: {},
      firstRoster: null,
      timeZone: 'Asia/Shanghai',
      parallel: 2,
      callTakers: [
        { id: ANNA, name: 'One', endpoint: 'taker-1001' },
        { id: BEN, name: 'Two', endpoint: 'taker-1002' },
      ],
      texts: { gateways: [], rules: TEXT_RULES, isFor: () => ({ is: 'ours' }), wayTo: () => null },
      newCommitId: () => `commit-${(this.#commits += 1)}`,
      troubles: () => [],
    });
    this.#running.set(side, { control, gate, thaw: [] });
    await control.start();
    await this.settle();
  }

  isRunning(side: Side): boolean {
    return this.#running.has(side);
  }

  room(side: Side): OpenControlRoom['room'] | null {
    const running = this.#running.get(side);
    return running === undefined || running.thaw.length > 0 ? null : running.control.room;
  }

  kill(side: Side): void {
    const running = this.#running.get(side);
    if (running === undefined) return;
    running.gate.shut();
    this.exchange.kill(side);
    this.switchboard.kill(side);
    this.#running.delete(side);
  }

  freeze(side: Side): void {
    const running = this.#running.get(side);
    if (running === undefined || running.thaw.length > 0) return;
    running.gate.shut();
    running.thaw.push(this.exchange.freeze(side), this.switchboard.freeze(side), () => running.gate.open());
  }

  thaw(side: Side): void {
    for (const go of this.#running.get(side)?.thaw.splice(0) ?? []) go();
  }

  /** Asked to end, as for an upgrade. */
  async leave(side: Side): Promise<void> {
    const running = this.#running.get(side);
    if (running === undefined || running.thaw.length > 0) return;
    const stopped = running.control.stop();
    for (let turn = 0; turn < 40; turn += 1) {
      await new Promise((resolve) => setImmediate(resolve));
      this.clock.pass(10);
    }
    await stopped;
    this.kill(side);
    await this.settle();
  }

  async pass(ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 250) {
      this.clock.pass(Math.min(250, left));
      await this.settle();
    }
  }

  /** Some turns of the loop without anything new: it is quiet, or waits for somebody who stands still. */
  async settle(): Promise<void> {
    for (let quiet = 0, seen = ''; quiet < 3;) {
      await new Promise((resolve) => setImmediate(resolve));
      const now = `${this.exchange.commands.length} ${this.memory.commits.size} ${this.memory.journal.length}`;
      quiet = now === seen ? quiet + 1 : 0;
      seen = now;
    }
  }
}

const clockOf = (gate: Gate, clock: HandClock): Clock & Monotonic => ({
  now: () => clock.now(),
  uptime: () => clock.uptime(),
  alarm: (at, ring) => clock.alarm(at, gate.wrap(ring)),
  after: (ms, ring) => clock.after(ms, gate.wrap(ring)),
});

/** A door whose answers come only while the process runs. */
function gated<T extends Store | Telephony>(gate: Gate, stopsOnTheWay: boolean, door: T): T {
  const same = new Set(['isPresent', 'onPresence']);
  return new Proxy(door, {
    get: (of, name): unknown => {
      const found: unknown = Reflect.get(of, name);
      if (typeof found !== 'function' || same.has(String(name))) return found;
      return async (...about: unknown[]): Promise<unknown> => {
        if (stopsOnTheWay) await gate.pass();
        try {
          return await (Reflect.apply(found as (...all: unknown[]) => unknown, of, about) as Promise<unknown>);
        } finally {
          await gate.pass();
        }
      };
    },
  });
}
