/**
 * The outbox of each sink: what is due, in order per incident, and what came of it. Entries come into it by commits alone.
 * An entry that cannot be read is named in the log and stays where it is; it holds up its own incident and nobody else's.
 */
import type { Handover, Log, OutboxEntry, Store } from '../control/ports.ts';
import { wordsOf } from '../kernel/faults.ts';
import { instant } from '../kernel/instants.ts';
import type { Connection } from './connection.ts';
import { documentIn, leastIn, type Shelf } from './documents.ts';
import type { Keys } from './keys.ts';

type OutboxDoor = Pick<Store, 'takeDue' | 'nextDue' | 'delivered' | 'retryAt' | 'bury' | 'deadLetters' | 'resend' | 'backlog'>;

export function outboxDoor(redis: Connection, keys: Keys, instance: string, log: Log): OutboxDoor {
  /** The rows of {id, handover, attempts, answer, …} that can be read. */
  const readable = <T>(sink: string, answer: unknown, make: (entry: OutboxEntry, row: readonly unknown[]) => T): T[] =>
    (Array.isArray(answer) ? (answer as unknown[][]) : []).flatMap((row) => {
      try {
        return [make(entryIn(keys, sink, row), row)];
      } catch (error) {
        log.error({ sink, handover: String(row[0]) }, wordsOf(error));
        return [];
      }
    });

  return {
    async takeDue(sink, now, leaseUntil, limit) {
      if (limit < 1) return [];
      const { due, queueOf, entry } = keys.outbox(sink);
      const args = [queueOf, entry, String(now), String(leaseUntil), String(limit), instance];
      return readable(sink, await redis.run('take_due', [due], args), (taken) => taken);
    },
    nextDue: (sink) => leastIn(redis, keys.outbox(sink).due),
    async delivered(sink, id, at) {
      const { due, births, queueOf, entry } = keys.outbox(sink);
      await redis.run('delivered', [due, births], [queueOf, entry, id, String(at)]);
    },
    async retryAt(sink, id, at, answer) {
      const { due, births, queueOf, entry } = keys.outbox(sink);
      await redis.run('retry_at', [due, births], [queueOf, entry, id, String(at), answer, instance]);
    },
    async bury(sink, id, at, answer) {
      const { due, births, dead, queueOf, entry } = keys.outbox(sink);
      await redis.run('bury', [due, births, dead], [queueOf, entry, id, String(at), answer]);
    },
    async deadLetters(sink, limit) {
      const { dead, entry } = keys.outbox(sink);
      const answer = await redis.run('dead_letters', [dead], [entry, String(limit)]);
      return readable(sink, answer, (buried, row) => ({ ...buried, buriedAt: instant(Number(row[4])) }));
    },
    async resend(sink, id, at) {
      const { due, births, dead, queueOf, entry } = keys.outbox(sink);
      return Number(await redis.run('resend', [due, births, dead], [queueOf, entry, id, String(at)])) === 1;
    },
    async backlog(sink) {
      const { births, dead } = keys.outbox(sink);
      const [waiting, buried, oldest] = await Promise.all([redis.send('ZCARD', births), redis.send('ZCARD', dead), leastIn(redis, births)]);
      return { waiting: Number(waiting), dead: Number(buried), oldest };
    },
  };
}

function entryIn(keys: Keys, sink: string, [id, text, attempts, answer]: readonly unknown[]): OutboxEntry {
  const shelf: Shelf<Handover> = {
    prefix: keys.outbox(sink).entry,
    fields: { id: 'string', type: 'string', at: 'number', incident: 'object' },
  };
  const handover = documentIn(shelf, String(id), text);
  return { ...handover, sink, attempts: Number(attempts), lastAnswer: typeof answer === 'string' ? answer : null };
}
