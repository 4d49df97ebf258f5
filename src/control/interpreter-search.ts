/**
 * Finds interpreters: for every call of ours that seeks one, asks the roster who is rung next and tells the choice to the call's lane,
 * where it is saved only if all of them are still free. Woken by every change; looks by itself once a second. Decides nothing.
 */
import { isOpen, type Call } from '../call/call.ts';
import type { CallEvent } from '../call/events.ts';
import type { Volunteer } from '../interpreters/volunteer.ts';
import { whoIsRung } from '../interpreters/who-is-rung.ts';
import { isFault, wordsOf } from '../kernel/faults.ts';
import type { CallId } from '../kernel/ids.ts';
import { later, type Instant } from '../kernel/instants.ts';
import { phoneNumber } from '../kernel/phone-numbers.ts';
import type { Clock, Log, Store } from './ports.ts';
import { Rounds } from './rounds.ts';

const LOOK_EVERY_MS = 1000;

export interface InterpreterSearchParts {
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly timeZone: string;
  /** How many are rung side by side for one call. */
  readonly parallel: number;
  readonly calls: () => readonly Call[];
  readonly tell: (call: CallId, event: CallEvent) => Promise<string>;
}

export class InterpreterSearch {
  readonly #parts: InterpreterSearchParts;
  readonly #rounds: Rounds;

  constructor(parts: InterpreterSearchParts) {
    this.#parts = parts;
    this.#rounds = new Rounds({
      clock: parts.clock,
      round: () => this.#round(),
      failed: (thrown) => {
        if (!isFault(thrown, 'unavailable')) parts.log.error({}, `no interpreter could be sought this time: ${wordsOf(thrown)}`);
      },
    });
  }

  /** A call may seek, or a volunteer may be free. Never waits. */
  wake(): void {
    this.#rounds.wake();
  }

  stop(): void {
    this.#rounds.stop();
  }

  /** One after the other: two calls that seek the same language never choose the same volunteer in one round. */
  async #round(): Promise<Instant | null> {
    const { clock, calls } = this.#parts;
    for (const call of calls().filter(seeks)) await this.#choose(call);
    return calls().some(seeks) ? later(clock.now(), LOOK_EVERY_MS) : null;
  }

  async #choose(call: Call): Promise<void> {
    const { store, clock, timeZone, parallel, tell } = this.#parts;
    const open = call.askings.filter(isOpen).length;
    const { interpreter } = call;
    if (interpreter.is !== 'sought' || open >= parallel) return;
    const { language } = interpreter;
    const time = clock.now();
    const volunteers = whoIsRung(await withoutSilenced(store), {
      language,
      at: time,
      timeZone,
      count: parallel - open,
      // Asked anew by the call taker, all are asked anew.
      tried: call.askings.filter(({ askedAt }) => askedAt >= interpreter.since),
      callerNumber: call.number,
    });
    if (volunteers.length > 0) await tell(call.id, { type: 'VolunteersChosen', language, volunteers, time });
    else if (open === 0) await tell(call.id, { type: 'NoVolunteerLeft', language, time });
  }
}

/** Nobody is rung whose own texts tell of danger: the safe-reply guard stands before calls as before texts. */
async function withoutSilenced(store: Store): Promise<readonly Volunteer[]> {
  const roster = await store.volunteers();
  const silenced = await Promise.all(
    roster.map(async ({ addresses }) => {
      const numbers = addresses.flatMap((address) => (address.startsWith('tel:') ? (phoneNumber(address.slice('tel:'.length)) ?? []) : []));
      return (await Promise.all(numbers.map((number) => store.isSilenced(number)))).includes(true);
    }),
  );
  return roster.filter((_volunteer, at) => silenced[at] === false);
}

const seeks = (call: Call): boolean => call.interpreter.is === 'sought';
