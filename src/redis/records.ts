/** Reading call takers, incidents and the journal. All of them are written by commits alone. */
import type { JournalEntry, Store } from '../control/ports.ts';
import type { CallTaker } from '../desk/call-taker.ts';
import type { Incident } from '../incident/incident.ts';
import { Fault } from '../kernel/faults.ts';
import type { Connection } from './connection.ts';
import { documentIn, readAll, readOne, type Shelf } from './documents.ts';
import type { Keys } from './keys.ts';

type RecordsDoor = Pick<Store, 'callTaker' | 'callTakers' | 'incident' | 'incidents' | 'journal'>;

export function recordsDoor(redis: Connection, keys: Keys): RecordsDoor {
  const callTakers: Shelf<CallTaker> = { prefix: keys.callTaker, fields: { id: 'string', revision: 'number', state: 'object' } };
  const incidents: Shelf<Incident> = {
    prefix: keys.incident,
    fields: { id: 'string', version: 'number', status: 'string', matter: 'object' },
  };
  const entries: Shelf<JournalEntry> = { prefix: `${keys.journal} `, fields: { at: 'number', kind: 'string' } };
  return {
    callTaker: (id) => readOne(redis, callTakers, id),
    callTakers: () => readAll(redis, callTakers, keys.callTakers, '0', '-1'),

    incident: (id) => readOne(redis, incidents, id),
    async incidents({ status, matter, before, limit }) {
      if (limit < 1) return [];
      const newest = before === undefined ? '+' : `(${before}`;
      const range = [newest, '-', 'BYLEX', 'REV', 'LIMIT', '0', String(limit)];
      return readAll(redis, incidents, keys.incidents(status, matter), ...range);
    },

    async journal(after, limit) {
      if (after !== null && !/^\d{1,19}-\d{1,19}$/.test(after)) throw new Fault('invalid', `${after} is no journal id`);
      if (limit < 1) return [];
      const count = String(limit);
      const answer =
        after === null
          ? await redis.send('XREVRANGE', keys.journal, '+', '-', 'COUNT', count)
          : await redis.send('XRANGE', keys.journal, `(${after}`, '+', 'COUNT', count);
      const found = (Array.isArray(answer) ? (answer as [unknown, unknown[]][]) : []).map(([id, [, text]]) => ({
        ...documentIn(entries, String(id), text),
        id: String(id),
      }));
      return after === null ? found.toReversed() : found;
    },
  };
}
