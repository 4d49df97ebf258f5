/**
 * What comes back from Redis is looked at before it is believed: JSON that is none, or that is not what its key promises, is a Fault
 * naming the key. Never repairs anything.
 */
import type { Log } from '../control/ports.ts';
import { Fault, wordsOf } from '../kernel/faults.ts';
import { instant, type Instant } from '../kernel/instants.ts';
import type { Connection } from './connection.ts';

/** A kind of document: where it is kept, and what must be in it for it to be believed. */
export interface Shelf<T> {
  /** Followed by the document's id. */
  readonly prefix: string;
  readonly fields: Readonly<Partial<Record<keyof T & string, 'string' | 'number' | 'object'>>>;
}

/** The document in a text; throws a Fault 'conflict' naming its key where there is none. */
export function documentIn<T>(shelf: Shelf<T>, id: string, text: unknown): T {
  const corrupt = (why: string) => new Fault('conflict', `What Redis keeps under ${shelf.prefix}${id} cannot be read: ${why}`);
  if (typeof text !== 'string') throw corrupt('there is nothing');
  const value = parsed(text);
  if (value === undefined) throw corrupt('it is no JSON');
  if (typeof value !== 'object' || value === null) throw corrupt('it is no object');
  for (const [name, type] of Object.entries(shelf.fields)) {
    const found: unknown = (value as Record<string, unknown>)[name];
    if (typeof found !== type || found === null) throw corrupt(`${name} is missing or no ${String(type)}`);
  }
  return value as T;
}

/** `undefined` where the text is no JSON; JSON itself knows no such value. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The texts of a list answer. */
export const texts = (answer: unknown): string[] => (Array.isArray(answer) ? answer.map(String) : []);

export async function readOne<T>(redis: Connection, shelf: Shelf<T>, id: string): Promise<T | null> {
  const text = await redis.send('HGET', shelf.prefix + id, 'value');
  return text === null ? null : documentIn(shelf, id, text);
}

/** All documents that ZRANGE finds in an index, read at one moment. */
export async function readAll<T>(redis: Connection, shelf: Shelf<T>, index: string, ...range: readonly string[]): Promise<T[]> {
  const answer = await redis.run('documents', [index], [shelf.prefix, ...range]);
  const flat = Array.isArray(answer) ? (answer as unknown[]) : [];
  const found: T[] = [];
  for (let n = 0; n < flat.length; n += 2) found.push(documentIn(shelf, String(flat[n]), flat[n + 1]));
  return found;
}

/** The least score of an index that is in order of time; `null` where nothing stands in it. */
export async function leastIn(redis: Connection, index: string): Promise<Instant | null> {
  const answer = await redis.send('ZRANGE', index, '0', '0', 'WITHSCORES');
  const score = Array.isArray(answer) ? (answer as unknown[]).flat()[1] : undefined;
  return score === undefined ? null : instant(Number(score));
}

export interface Part {
  readonly limit: number;
  readonly from: 'least' | 'greatest';
}

/**
 * The first documents of an index that can be read. One that cannot is named in the log and holds up nobody: the next takes its place.
 */
export async function readReadable<T>(redis: Connection, shelf: Shelf<T>, index: string, { limit, from }: Part, log: Log): Promise<T[]> {
  const found = new Map<string, T>();
  for (let start = 0; found.size < limit; start += limit) {
    const range = [String(start), String(start + limit - 1), ...(from === 'greatest' ? ['REV'] : [])];
    const answer = await redis.run('documents', [index], [shelf.prefix, ...range]);
    const flat = Array.isArray(answer) ? (answer as unknown[]) : [];
    for (let n = 0; n < flat.length; n += 2) {
      const id = String(flat[n]);
      const document = readable(shelf, id, flat[n + 1], log);
      if (document !== undefined && found.size < limit) found.set(id, document);
    }
    if (flat.length < limit * 2) break;
  }
  return [...found.values()];
}

/** `undefined` where it cannot be read; then the log says so. */
export function readable<T>(shelf: Shelf<T>, id: string, text: unknown, log: Log): T | undefined {
  try {
    return documentIn(shelf, id, text);
  } catch (error) {
    log.error({ part: 'redis' }, wordsOf(error));
    return undefined;
  }
}
