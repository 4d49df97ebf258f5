/**
 * The function library, joined from the files in Lua, under a name of its own: the name carries a digest of the text, so that a Redis
 * holding another version's functions keeps them, and a changed text can never run under an old name.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';

export type LibraryFunction =
  | 'admit'
  | 'commit'
  | 'replace_roster'
  | 'documents'
  | 'take_due'
  | 'delivered'
  | 'retry_at'
  | 'bury'
  | 'resend'
  | 'dead_letters'
  | 'keep_text'
  | 'take_report'
  | 'early_reports'
  | 'join'
  | 'renew'
  | 'leave'
  | 'adopt'
  | 'own_calls';

/** In this order: each may call what the ones before it define; the first names the library. */
const FILES = ['library.lua', 'lives.lua', 'calls.lua', 'texts.lua', 'outbox.lua', 'commit.lua', 'roster.lua'];

const text = FILES.map((file) => readFileSync(new URL(file, import.meta.url), 'utf8')).join('\n');
const version = createHash('sha256').update(text).digest('hex').slice(0, 12);

export const libraryName = `intake110_${version}`;
export const libraryCode = text.replaceAll('VERSION', version);
export const functionName = (name: LibraryFunction): string => `${libraryName}_${name}`;
