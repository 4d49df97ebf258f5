/**
 * Looks at the house through the API, ten times a second: the journal, and the calls as they stand. Others wait here for what they need to
 * see. Never changes anything.
 */
import type { Api, JournalLine, ShownCall } from './api.ts';

export interface Watch {
  readonly calls: readonly ShownCall[];
  readonly callOf: (number: string) => ShownCall | null;
  /** The first answer that is not null, undefined or false; rejects with `what` after `ms`, or when the watching itself has failed. */
  until<T>(what: string, see: () => T | Promise<T>, ms: number): Promise<NonNullable<Exclude<T, false>>>;
  stop(): Promise<void>;
}

const EVERY_MS = 100;
/** A single answer may be late; this many in a row are a failure. */
const FAILURES_MAX = 20;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export function startWatch(api: Api, hear: (line: JournalLine) => void): Watch {
  let calls: readonly ShownCall[] = [];
  let after: string | null = null;
  const ending = new AbortController();
  const trouble: { failures: number; failure: Error | null } = { failures: 0, failure: null };

  const look = async (): Promise<void> => {
    try {
      const [lines, seen] = await Promise.all([api.journal(after), api.calls()]);
      calls = seen;
      after = lines.at(-1)?.id ?? after;
      for (const line of lines) hear(line);
      trouble.failures = 0;
    } catch (thrown) {
      trouble.failures += 1;
      if (trouble.failures >= FAILURES_MAX) trouble.failure = new Error('the API does not answer any more', { cause: thrown });
    }
  };
  const looking = (async () => {
    while (!ending.signal.aborted && trouble.failure === null) {
      await look();
      await pause(EVERY_MS);
    }
  })();

  return {
    get calls() {
      return calls;
    },
    callOf: (number) => calls.find((call) => call.number === number) ?? null,
    until: async (what, see, ms) => {
      const deadline = Date.now() + ms;
      for (;;) {
        const seen = await see();
        if (seen !== null && seen !== undefined && seen !== false) return seen as never;
        if (trouble.failure !== null) throw trouble.failure;
        if (ending.signal.aborted) throw new Error(`stopped while waiting for: ${what}`);
        if (Date.now() > deadline) throw new Error(`not within ${ms / 1000} s: ${what}`);
        await pause(EVERY_MS / 2);
      }
    },
    stop: async () => {
      ending.abort();
      await looking;
    },
  };
}
