/**
 * What lies between the simulated exchange and each application: who hears, whether the link stands, and what happens to a controller that
 * is killed or stopped. Tells in order, one microtask after it happened.
 */
import type { Heard } from '../../src/control/ports.ts';

export interface Line {
  tell: ((heard: Heard) => void) | null;
  present: boolean;
  readonly presence: ((present: boolean) => void)[];
}

export class Lines {
  readonly #lines = new Map<string, Line>();

  of(app: string): Line {
    const line = this.#lines.get(app) ?? { tell: null, present: false, presence: [] };
    this.#lines.set(app, line);
    return line;
  }

  setPresent(app: string, present: boolean): void {
    const line = this.of(app);
    line.present = present;
    for (const tell of line.presence) tell(present);
  }

  kill(app: string): void {
    const line = this.of(app);
    line.present = false;
    line.tell = null;
  }

  freeze(app: string): () => void {
    const line = this.of(app);
    const late: Heard[] = [];
    const { tell } = line;
    line.tell = (heard) => void late.push(heard);
    return () => {
      line.tell = tell;
      for (const heard of late) tell?.(heard);
    };
  }

  /** Settles once it has been told; what happens while the link is gone is never told. */
  hear(app: string, heard: Heard): Promise<void> {
    const line = this.of(app);
    if (!line.present) return Promise.resolve();
    return new Promise((told) =>
      queueMicrotask(() => {
        line.tell?.(heard);
        told();
      }),
    );
  }

  async hearAll(heard: Heard): Promise<void> {
    await Promise.all([...this.#lines.keys()].map((app) => this.hear(app, heard)));
  }
}
