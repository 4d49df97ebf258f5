/**
 * A log for tests: keeps every line, so that a test can look for what must not stand in it.
 */
import type { Log } from '../../src/control/ports.ts';

export interface KeptLog extends Log {
  readonly lines: string[];
}

export function keptLog(): KeptLog {
  const lines: string[] = [];
  const keep = (level: string) => (about: object, words: string) => void lines.push(`${level} ${words} ${JSON.stringify(about)}`);
  return { lines, debug: keep('debug'), info: keep('info'), warn: keep('warn'), error: keep('error') };
}
