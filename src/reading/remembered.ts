/**
 * Reading that remembers what it has read: a text is read by itself when it finds its thread, again when it is answered, and once more
 * with every later text of the thread. The same text at the same moment tells the same, so each is read once while it is remembered.
 */
import type { Instant } from '../kernel/instants.ts';
import { read, readTogether, type ReadingRules } from './read.ts';
import type { Reading } from './reading.ts';

export interface Reader {
  readonly read: (text: string, at: Instant) => Reading;
  readonly readTogether: (texts: readonly { readonly text: string; readonly at: Instant }[]) => Reading;
}

/** Of all texts remembered, in UTF-16 units: thousands of short texts, or several of the longest. */
const REMEMBERED_UNITS = 500_000;

/** Answers what `read` and `readTogether` do by these rules. Forgets the longest remembered first. */
export function rememberingReader(rules: ReadingRules, units = REMEMBERED_UNITS): Reader {
  const known = new Map<string, Reading>();
  let held = 0;
  const remember = (key: string, reading: Reading): void => {
    known.set(key, reading);
    held += key.length;
    for (const oldest of known.keys()) {
      if (held <= units) return;
      known.delete(oldest);
      held -= oldest.length;
    }
  };
  const readOnce = (text: string, at: Instant): Reading => {
    const key = `${at} ${text}`;
    const before = known.get(key);
    if (before !== undefined) return before;
    const reading = read(text, at, rules);
    remember(key, reading);
    return reading;
  };
  return { read: readOnce, readTogether: (texts) => readTogether(texts, rules, readOnce) };
}
