/**
 * Words between controllers in memory, keeping the contract of src/redis/colleagues.ts. Levers: a controller that is stopped hears late,
 * one that is killed not at all.
 */
import type { AskAnswer, Change, ColleagueEars, Colleagues } from '../../src/control/membership-ports.ts';

interface Listener {
  ears: ColleagueEars | null;
  late: (() => void)[] | null;
}

export class Switchboard {
  readonly #listeners = new Map<string, Listener>();
  /** Every word that was told, oldest first. */
  readonly told: { readonly by: string; readonly change: Change }[] = [];

  colleagues(instance: string): Colleagues {
    const me: Listener = { ears: null, late: null };
    this.#listeners.set(instance, me);
    return {
      listen: (ears) => {
        me.ears = ears;
      },
      tell: (change) => {
        this.told.push({ by: instance, change });
        for (const other of this.#listeners.values()) {
          if (other !== me) queueMicrotask(() => later(other, () => other.ears?.changed(change)));
        }
      },
      ask: (owner, call, event) => {
        const other = this.#listeners.get(owner.replace(/#\d+$/, ''));
        if (other === undefined || other.ears === null || other.late !== null) return Promise.resolve('nobody');
        return new Promise((resolve) =>
          queueMicrotask(() => void other.ears?.asked(owner, call, event).then((answer: AskAnswer) => resolve(answer))),
        );
      },
      close: () => {
        me.ears = null;
        return Promise.resolve();
      },
    };
  }

  kill(instance: string): void {
    const one = this.#listeners.get(instance);
    if (one !== undefined) one.ears = null;
  }

  /** Answers what lets it go on. */
  freeze(instance: string): () => void {
    const one = this.#listeners.get(instance);
    if (one === undefined) return () => undefined;
    one.late = [];
    return () => {
      const words = one.late ?? [];
      one.late = null;
      for (const word of words) word();
    };
  }
}

function later(listener: Listener, word: () => void): void {
  if (listener.late === null) word();
  else listener.late.push(word);
}
