/**
 * When the records are compared with Asterisk: after every absence, of ours or of Asterisk's, after the calls of another controller have
 * become ours, and now and then all the same. One comparison at a time. What a difference means is said in reconcile.ts.
 */
import { isFault, wordsOf } from '../kernel/faults.ts';
import type { CallId } from '../kernel/ids.ts';
import { later } from '../kernel/instants.ts';
import { LEASE_MS, type Lease } from './lease.ts';
import { reconcile, type ReconcileParts } from './reconcile.ts';

/** Compared again this soon when Asterisk or Redis went away in the middle of it. */
const AGAIN_MS = 1000;
/** And after a comparison; where nothing asks for it, this often all the same, should an event ever be lost without an absence. */
const PAUSE_MS = { 'at-once': 50, soon: AGAIN_MS, no: 15_000 } as const;

export interface ComparingParts extends Omit<ReconcileParts, 'life'> {
  readonly lease: Pick<Lease, 'life'>;
  readonly isServing: () => boolean;
  /** Everything stands as it is saved: callers and call takers may be brought together. */
  readonly compared: () => void;
}

/** Calls that were without us, or we without them, and have not been told yet that we are here. */
type Returned = ReadonlySet<CallId> | 'all';

export class Comparing {
  readonly #parts: ComparingParts;
  #running: Promise<void> = Promise.resolve();
  #toTell: Returned = 'all';
  #cancel: () => void = () => undefined;

  constructor(parts: ComparingParts) {
    this.#parts = parts;
  }

  /** `returnedTo` are told that a controller is there again: every place makes true once more what should be. */
  request(returnedTo: Returned): void {
    this.#toTell = both(this.#toTell, returnedTo);
    this.#running = this.#running.then(() => this.#compare());
  }

  /** What belongs to a controller that has died, or has given it up, becomes ours: in the records first, then in Asterisk. */
  async adopt(): Promise<void> {
    const { store, telephony, lease, log, isServing } = this.#parts;
    const life = lease.life();
    // Who cannot reach Asterisk leaves the calls to one who can.
    if (!isServing() || life === null || !telephony.isPresent()) return;
    try {
      const adopted = await store.adopt(life, LEASE_MS);
      if (adopted.length === 0) return;
      log.warn({ calls: adopted.length }, 'the calls of a controller that is gone are taken over');
      this.request(new Set(adopted));
    } catch (thrown) {
      if (!isFault(thrown, 'unavailable')) log.error({}, `calls could not be taken over this time: ${wordsOf(thrown)}`);
    }
  }

  stop(): void {
    this.#cancel();
  }

  idle(): Promise<void> {
    return this.#running;
  }

  async #compare(): Promise<void> {
    const { store, telephony, clock, log, desk, lease, isServing, compared } = this.#parts;
    this.#cancel();
    const life = lease.life();
    if (!isServing() || life === null) return;
    if (!store.isPresent() || !telephony.isPresent()) return this.#again(AGAIN_MS);
    const told = this.#toTell;
    this.#toTell = new Set();
    try {
      const { again, busy } = await reconcile({ ...this.#parts, life });
      const isBack = (id: CallId): boolean => told === 'all' || told.has(id);
      const back = desk.calls().filter(({ id }) => isBack(id));
      await Promise.all(back.map(({ id }) => desk.tell(id, { type: 'ControllerReturned', time: clock.now() })));
      compared();
      this.#again(PAUSE_MS[busy.some(isBack) ? 'at-once' : again]);
    } catch (thrown) {
      log.warn({}, `could not compare the records with Asterisk, trying again: ${wordsOf(thrown)}`);
      this.#toTell = both(this.#toTell, told);
      this.#again(AGAIN_MS);
    }
  }

  #again(afterMs: number): void {
    const { clock } = this.#parts;
    this.#cancel = clock.alarm(later(clock.now(), afterMs), () => this.request(new Set()));
  }
}

const both = (one: Returned, other: Returned): Returned => (one === 'all' || other === 'all' ? 'all' : new Set([...one, ...other]));
