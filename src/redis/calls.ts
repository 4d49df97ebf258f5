/** Calls and their line: admitting, and every way of reading them. Changes to a call that exists are commits. */
import { randomBytes } from 'node:crypto';
import type { Call } from '../call/call.ts';
import type { Life } from '../control/membership-ports.ts';
import type { Admitted, JournalEntry, Samples, Store } from '../control/ports.ts';
import type { LineEntry } from '../desk/who-gets-whom.ts';
import { callId, ticket, type CallId } from '../kernel/ids.ts';
import { factsForLua } from './commit.ts';
import type { Connection } from './connection.ts';
import type { Wait } from './derived.ts';
import { documentIn, readAll, readOne, texts, type Shelf } from './documents.ts';
import type { Keys } from './keys.ts';

/** Stands for the ticket until Redis has drawn it; nothing a centre counts reaches it. */
const UNDRAWN = Number.MIN_SAFE_INTEGER;

export const callShelf = (keys: Keys): Shelf<Call> => ({
  prefix: keys.call,
  fields: { id: 'string', revision: 'number', ticket: 'number', state: 'object', offers: 'object' },
});

type CallDoor = Pick<Store, 'admit' | 'call' | 'liveCalls' | 'line' | 'lineLength' | 'placeOf' | 'samples' | 'recentCalls'>;

export function callDoor(redis: Connection, keys: Keys, journalLength: number, life: () => Life): CallDoor {
  const shelf = callShelf(keys);
  const waitShelf: Shelf<Wait> = { prefix: keys.waits, fields: { waitedMs: 'number' } };
  const { lastTicket, calls, liveCalls, line, serviceTimes, waits } = keys;

  return {
    async admit(arrival: Omit<Call, 'ticket' | 'revision'>, journal: (ticket: number) => JournalEntry): Promise<Admitted> {
      const mark = `m${randomBytes(16).toString('hex')}`;
      const call: Call = { ...arrival, ticket: ticket(UNDRAWN), revision: 1 };
      const key = keys.call + call.id;
      const args = [
        JSON.stringify(factsForLua(call)),
        withMark(call, mark),
        withMark(journal(UNDRAWN), mark),
        mark,
        String(journalLength),
        life(),
        call.id,
      ];
      const saved = await redis.run(
        'admit',
        [key, lastTicket, calls, liveCalls, line, serviceTimes, waits, keys.journal, keys.lives],
        args,
      );
      const [value, whose] = Array.isArray(saved) ? (saved as unknown[]) : [];
      return { call: documentIn(shelf, call.id, value), isOurs: whose === 'ours' };
    },

    call: (id: CallId) => readOne(redis, shelf, id),
    liveCalls: () => readAll(redis, shelf, liveCalls, '0', '-1'),
    recentCalls: async (limit: number) => (limit < 1 ? [] : readAll(redis, shelf, calls, '0', String(limit - 1), 'REV')),

    async line(limit: number): Promise<LineEntry[]> {
      if (limit < 1) return [];
      const answer = await redis.send('ZRANGE', line, '0', String(limit - 1), 'WITHSCORES');
      return pairsIn(answer).map(([id, place]) => ({ call: callId(id), ticket: ticket(Number(place)) }));
    },
    lineLength: async () => Number(await redis.send('ZCARD', line)),
    async placeOf(id: CallId): Promise<number | null> {
      const rank = await redis.send('ZRANK', line, id);
      return rank === null ? null : Number(rank) + 1;
    },
    async samples(): Promise<Samples> {
      const [services, waited] = await Promise.all([redis.send('LRANGE', serviceTimes, '0', '-1'), redis.send('LRANGE', waits, '0', '-1')]);
      return {
        serviceMs: texts(services).map(Number),
        waits: texts(waited).map((wait) => documentIn(waitShelf, '', wait)),
      };
    },
  };
}

/** The mark in quotes where a number is still undrawn, then without them: Redis puts digits in its place. */
const withMark = (value: object, mark: string): string =>
  JSON.stringify(value, (_name, part: unknown) => (part === UNDRAWN ? mark : part)).replaceAll(`"${mark}"`, mark);

/** Name and score, as RESP3 gives them (pairs) and as RESP2 does (one after the other). */
function pairsIn(answer: unknown): [string, string][] {
  const list = Array.isArray(answer) ? (answer as unknown[]).flat() : [];
  return list.flatMap((name, n): [string, string][] => (n % 2 === 0 ? [[String(name), String(list[n + 1])]] : []));
}
