/**
 * A question with a deadline: the answer, or why there is none, always in time. Never throws, and leaves no timer behind.
 */
import { wordsOf } from '../kernel/faults.ts';

export type Settled<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly why: string };

/** `ms`: how long to wait at most. What is late is let go; its own failure then is no longer news. */
export async function settledWithin<T>(ms: number, ask: () => Promise<T>): Promise<Settled<T>> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Settled<T>>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, why: `no answer within ${ms} ms` }), ms);
  });
  const asked = Promise.resolve()
    .then(ask)
    .then(
      (value): Settled<T> => ({ ok: true, value }),
      (thrown: unknown): Settled<T> => ({ ok: false, why: wordsOf(thrown) }),
    );
  try {
    return await Promise.race([asked, late]);
  } finally {
    clearTimeout(timer);
  }
}
