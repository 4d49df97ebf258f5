/**
 * What comes back from Redis is looked at before it is believed: JSON that is none, or that is not what its key promises, is a Fault
 * naming the key. Never repairs anything.
 */
import { Fault } from '../kernel/faults.ts';
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
