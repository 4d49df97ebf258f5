/**
 * The copies that the dialplan leaves of every SIP MESSAGE: one file a text, one line of JSON, whole only with its last word. A file
 * that is not whole is left alone while it may still be written, and set aside in `unreadable/` afterwards; none is ever lost.
 */
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Fault, wordsOf } from '../kernel/faults.ts';
import { messageInRecord, type SipMessage } from './sip-message.ts';

export interface SpooledText {
  readonly file: string;
  readonly message: SipMessage;
  readonly ageMs: number;
}

export interface TextSpool {
  /** The oldest first, at most `limit`. Fault 'unavailable' where the folder cannot be read. */
  waiting(limit: number): Promise<{ readonly texts: readonly SpooledText[]; readonly unreadable: readonly string[] }>;
  /** Only after it is kept in our records. */
  taken(file: string): Promise<void>;
}

const ENDING = '.json';
export const SET_ASIDE = 'unreadable';
/** A record is one write; what is not whole after this long never will be. */
const STILL_WRITTEN_MS = 10_000;
const LONGEST_BYTES = 16_384;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,200}$/;

export function openTextSpool(folder: string): TextSpool {
  const aside = join(folder, SET_ASIDE);
  const setAside = async (file: string): Promise<void> => {
    await mkdir(aside, { recursive: true });
    // Another controller may have been quicker.
    await unlessMissing(rename(join(folder, file), join(aside, file)));
  };
  const read = async (file: string): Promise<SpooledText | null> => {
    const path = join(folder, file);
    const about = await unlessMissing(stat(path));
    if (about === null) return null;
    const line = about.size > LONGEST_BYTES ? '' : await unlessMissing(readFile(path, 'utf8'));
    if (line === null) return null;
    const ageMs = Date.now() - about.mtimeMs;
    const message = messageInRecord(line);
    if (message !== null) return { file, message, ageMs };
    if (ageMs > STILL_WRITTEN_MS) await setAside(file);
    return null;
  };
  return {
    waiting: async (limit) => {
      try {
        // A name begins with the moment it was written.
        const names = (await files(folder)).filter((name) => name.endsWith(ENDING)).toSorted();
        const texts: SpooledText[] = [];
        for (const file of names) {
          if (texts.length >= limit) break;
          const text = await read(file);
          if (text !== null) texts.push(text);
        }
        return { texts, unreadable: await files(aside) };
      } catch (thrown) {
        throw new Fault('unavailable', `the spool of texts cannot be read: ${wordsOf(thrown)}`, [], thrown);
      }
    },
    taken: async (file) => {
      if (!NAME.test(file)) throw new Fault('invalid', 'no text of the spool has such a name');
      await rm(join(folder, file), { force: true });
    },
  };
}

/** A folder that is not there yet is empty: nothing has been written down. */
async function files(folder: string): Promise<readonly string[]> {
  const entries = (await unlessMissing(readdir(folder, { withFileTypes: true }))) ?? [];
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

async function unlessMissing<T>(asked: Promise<T>): Promise<T | null> {
  try {
    return await asked;
  } catch (thrown) {
    if (thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT') return null;
    throw thrown;
  }
}
