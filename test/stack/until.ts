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
