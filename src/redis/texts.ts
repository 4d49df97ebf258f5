/**
 * Texts as they came, threads, and the texts of ours that wait for a gateway. Threads change by commits alone. A document that cannot
 * be read is named in the log and left out of lists; it delays nobody else. Telephone numbers stand in keys, never in a log.
 */
import type { Log } from '../control/ports.ts';
import type { DeliveryReport, TextStore } from '../control/text-ports.ts';
import { subscriberOf } from '../kernel/phone-numbers.ts';
import type { KeptText } from '../sms/text.ts';
import type { Thread } from '../sms/thread.ts';
import type { Connection } from './connection.ts';
import { earlyReportEntry, keptEntry, repeatNameOf } from './derived.ts';
import { leastIn, readable, readAll, readOne, readReadable, texts, type Part, type Shelf } from './documents.ts';
import { textNamed, type Keys } from './keys.ts';

/** How long a carrier may repeat a text and not be believed. */
const KEPT_REMEMBERED_MS = 7 * 86_400_000;
/** How long a report waits for its text to be known, and how many wait under one name. */
const REPORT_KEPT_MS = 86_400_000;
const REPORTS_KEPT = 8;

export function textDoor(redis: Connection, { texts: keys, journal }: Keys, journalLength: number, log: Log): TextStore {
  const textShelf: Shelf<KeptText> = {
    prefix: keys.text,
    fields: { id: 'string', gateway: 'string', from: 'string', to: 'string', coding: 'string', octets: 'string', receivedAt: 'number' },
  };
  const threadShelf: Shelf<Thread> = {
    prefix: keys.thread,
    fields: {
      id: 'string',
      revision: 'number',
      incident: 'string',
      received: 'object',
      outgoing: 'object',
      reading: 'object',
      holder: 'object',
      guard: 'object',
    },
  };
  const threadsIn = (index: string, part: Part) => readReadable(redis, threadShelf, index, part, log);
  const count = async (index: string) => Number(await redis.send('ZCARD', index));

  return {
    async keepText(text) {
      const { kept } = keys.of(text.gateway);
      const names = [
        keys.text + text.id,
        keys.unread,
        journal,
        ...(text.carrierId === null ? [] : [kept + repeatNameOf(text.carrierId, text)]),
      ];
      const entry = JSON.stringify(keptEntry(text));
      const args = [text.id, JSON.stringify(text), String(text.receivedAt), entry, String(journalLength), String(KEPT_REMEMBERED_MS)];
      const answer = String(await redis.run('keep_text', names, args));
      if (answer === 'kept' || answer === 'repeated') return answer;
      throw new Error(`Redis answered a text with ${JSON.stringify(answer)}`);
    },
    unreadTexts: (limit) => readReadable(redis, textShelf, keys.unread, { limit, from: 'least' }, log),
    async unread() {
      const [waiting, oldest] = await Promise.all([count(keys.unread), leastIn(redis, keys.unread)]);
      return { count: waiting, oldest };
    },

    thread: (id) => readOne(redis, threadShelf, id),
    threadOfIncident: async (id) => (await readAll(redis, threadShelf, keys.ofIncident + id, '0', '0', 'REV'))[0] ?? null,
    threadsOf: (number, limit) => threadsIn(keys.ofNumber + subscriberOf(number), { limit, from: 'greatest' }),
    threadCount: (number) => count(keys.ofNumber + subscriberOf(number)),
    recentThreads: (limit) => threadsIn(keys.threads, { limit, from: 'greatest' }),
    textLine: (limit) => threadsIn(keys.line, { limit, from: 'least' }),
    textLineLength: () => count(keys.line),
    isSilenced: async (number) => (await count(keys.silencing + subscriberOf(number))) > 0,

    async dueTexts(gateway, now, limit) {
      if (limit < 1) return [];
      const range = ['-inf', String(now), 'BYSCORE', 'LIMIT', '0', String(limit)];
      return texts(await redis.send('ZRANGE', keys.of(gateway).outgoing, ...range)).map(textNamed);
    },
    nextDueText: async (gateway) => leastIn(redis, keys.of(gateway).outgoing),
    async outgoingBacklog(gateway) {
      const { outgoing } = keys.of(gateway);
      const [waiting, oldestDue] = await Promise.all([count(outgoing), leastIn(redis, outgoing)]);
      return { waiting, oldestDue };
    },
    async takeReport(report, at) {
      const { carrierId, earlyReports } = keys.of(report.gateway);
      const names = [carrierId + report.carrierId, earlyReports + report.carrierId, journal];
      const entry = JSON.stringify(earlyReportEntry(report, at));
      const args = [JSON.stringify(report), String(REPORT_KEPT_MS), String(REPORTS_KEPT), entry, String(journalLength)];
      const name = await redis.run('take_report', names, args);
      return typeof name === 'string' ? textNamed(name) : null;
    },
    async earlyReports(gateway, carrierIds) {
      const { earlyReports } = keys.of(gateway);
      const shelf: Shelf<DeliveryReport> = { prefix: earlyReports, fields: { gateway: 'string', carrierId: 'string', outcome: 'string' } };
      const answer = texts(
        await redis.run(
          'early_reports',
          carrierIds.map((id) => earlyReports + id),
          [],
        ),
      );
      return answer.flatMap((text) => readable(shelf, '…', text, log) ?? []);
    },
  };
}
