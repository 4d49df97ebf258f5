/**
 * One lane per call: what happens to a call happens one after the other, and calls never wait for one another.
 * A lane never rejects: work that throws is reported and the lane goes on.
 */
export class Lanes {
  readonly #tails = new Map<string, Promise<void>>();
  readonly #report: (lane: string, thrown: unknown) => void;

  constructor(report: (lane: string, thrown: unknown) => void) {
    this.#report = report;
  }

  /** Settles when this work is done; never rejects. */
  run(lane: string, work: () => Promise<void>): Promise<void> {
    const before = this.#tails.get(lane) ?? Promise.resolve();
    const mine = before.then(work).catch((thrown: unknown) => this.#report(lane, thrown));
    this.#tails.set(lane, mine);
    return mine.finally(() => {
      if (this.#tails.get(lane) === mine) this.#tails.delete(lane);
    });
  }

  isBusy(lane: string): boolean {
    return this.#tails.has(lane);
  }

  /** Settles when every lane that has work now is empty. */
  async idle(): Promise<void> {
    await Promise.all(this.#tails.values());
  }
}
