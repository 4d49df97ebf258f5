/**
 * Waiting for a condition instead of sleeping: asks again until it holds or a deadline passes.
 */

/** The first answer of `ask` that is neither `undefined`, `null` nor `false`. Rejects, naming `what`, after `ms`. */
export async function until<T>(what: string, ask: () => T | Promise<T>, ms = 5000): Promise<NonNullable<Exclude<T, false>>> {
  const deadline = Date.now() + ms;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined && answer !== null && answer !== false) return answer as NonNullable<Exclude<T, false>>;
    if (Date.now() > deadline) throw new Error(`not within ${ms} ms: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const ASK_EVERY_MS = 40;
const PHONE_MS = 2000;

/** Waits for what phones say, but not for ever: the other side may have gone without a word. */
export async function settled(doings: readonly Promise<void>[]): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const enough = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, PHONE_MS);
  });
  await Promise.race([Promise.allSettled(doings), enough]);
  clearTimeout(timer);
}

/** As `until`, but asks more slowly (the API has a limit a minute), and says what was seen last where it did not come true. */
export async function explained<T>(last: () => string, what: string, withinMs: number, look: () => Promise<T | null>): Promise<T> {
  const deadline = Date.now() + withinMs;
  for (;;) {
    const seen = await look();
    if (seen !== null) return seen;
    if (Date.now() > deadline) throw new Error(`not within ${withinMs} ms: ${what}; seen last: ${last()}`);
    await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
  }
}
