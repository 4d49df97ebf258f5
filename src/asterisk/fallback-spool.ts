/**
 * The records that the dialplan leaves of calls it served without us: one file a call, one line of JSON, whole only with its last word.
 * A file that is not whole is left alone while it may still be written, and set aside in `unreadable/` afterwards; none is ever lost.
 */
import { mkdir, open, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { FallbackCall, FallbackSpool } from '../control/ports.ts';
import { Fault, wordsOf } from '../kernel/faults.ts';
import { callId } from '../kernel/ids.ts';
import { instant } from '../kernel/instants.ts';

const ENDING = '.json';
export const SET_ASIDE = 'unreadable';
/** A record is one write of a few hundred bytes; what is not whole after this long never will be. */
const STILL_WRITTEN_MS = 10_000;
const LONGEST_BYTES = 16_384;
const NAME = /^[A-Za-z0-9][A-Za-z0-9._-]{0,200}$/;

export function openFallbackSpool(folder: string): FallbackSpool {
  const aside = join(folder, SET_ASIDE);
  return {
    waiting: async () => {
      const calls: FallbackCall[] = [];
      const unreadable: string[] = [];
      for (const file of (await files(folder)).filter((name) => name.endsWith(ENDING))) {
        const { text, changedAt } = await contents(join(folder, file));
        if (text === null) continue;
        const call = readRecord(text, file.slice(0, -ENDING.length));
        if (call !== null) {
          calls.push(call);
        } else if (Date.now() - changedAt > STILL_WRITTEN_MS) {
          await mkdir(aside, { recursive: true });
          await rename(join(folder, file), join(aside, file));
        }
      }
      for (const file of await files(aside)) unreadable.push(file);
      return { calls: calls.toSorted((one, other) => one.arrivedAt - other.arrivedAt), unreadable };
    },
    taken: async (id) => {
      if (!NAME.test(id)) throw new Fault('invalid', 'no call of the fallback has such a name');
      await rm(join(folder, `${id}${ENDING}`), { force: true });
    },
  };
}

/** A folder that is not there yet is empty: nothing has been served without us. */
async function files(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder, { withFileTypes: true })).filter((entry) => entry.isFile()).map((entry) => entry.name);
  } catch (thrown) {
    if (isMissing(thrown)) return [];
    throw new Fault('unavailable', `the fallback's records cannot be listed: ${wordsOf(thrown)}`, [], thrown);
  }
}

/** `null` where another has taken it meanwhile. */
async function contents(path: string): Promise<{ readonly text: string | null; readonly changedAt: number }> {
  try {
    await using file = await open(path, 'r');
    const { mtimeMs, size } = await file.stat();
    const text = size > LONGEST_BYTES ? '' : await file.readFile('utf8');
    return { text, changedAt: mtimeMs };
  } catch (thrown) {
    if (isMissing(thrown)) return { text: null, changedAt: 0 };
    throw new Fault('unavailable', `a record of the fallback cannot be read: ${wordsOf(thrown)}`, [], thrown);
  }
}

const isMissing = (thrown: unknown): boolean => thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT';

/** `null` where the text is no whole record of this call. Instants are milliseconds since 1970. */
export function readRecord(text: string, name: string): FallbackCall | null {
  const raw = parsed(text);
  if (typeof raw !== 'object' || raw === null) return null;
  const { id, number, calledNumber, arrivedAt, answeredAt, endedAt, answeredBy, recording, whole } = raw as Record<string, unknown>;
  if (whole !== true || id !== name || !NAME.test(name)) return null;
  if (!isText(number) || !isText(calledNumber) || !isText(answeredBy) || !isText(recording)) return null;
  if (!isMoment(arrivedAt) || !isMoment(endedAt) || (answeredAt !== null && !isMoment(answeredAt))) return null;
  const answered = answeredAt !== null;
  return {
    id: callId(name),
    number: number === '' ? null : number,
    calledNumber,
    arrivedAt: instant(arrivedAt),
    answeredAt: answered ? instant(answeredAt) : null,
    endedAt: instant(endedAt),
    answeredBy: answered && answeredBy !== '' ? answeredBy : null,
    recording: answered && recording !== '' ? recording : null,
  };
}

const isText = (value: unknown): value is string => typeof value === 'string';
const isMoment = (value: unknown): value is number => typeof value === 'number' && Number.isSafeInteger(value) && value > 0;

/** `null` where it is no JSON, or not yet. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
