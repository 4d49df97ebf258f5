/**
 * The function library of library.lua under a name of its own: the name carries a digest of the text, so that a Redis holding
 * another version's functions keeps them, and a changed text can never run under an old name.
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
  | 'dead_letters';

const text = readFileSync(new URL('library.lua', import.meta.url), 'utf8');
const version = createHash('sha256').update(text).digest('hex').slice(0, 12);

export const libraryName = `intake110_${version}`;
export const libraryCode = text.replaceAll('VERSION', version);
export const functionName = (name: LibraryFunction): string => `${libraryName}_${name}`;
