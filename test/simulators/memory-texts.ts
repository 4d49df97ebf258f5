/**
 * Texts and threads in memory: the twin of src/redis/texts.ts. Lists are made anew from the threads at every question, so that nothing
 * can lag behind them. Without a clock: what Redis forgets after days is known here for ever.
 */
import type { Commit, JournalEntry, Verdict } from '../../src/control/ports.ts';
import type { DeliveryReport, TextStore } from '../../src/control/text-ports.ts';
import type { ThreadId } from '../../src/kernel/ids.ts';
import { subscriberOf, type PhoneNumber } from '../../src/kernel/phone-numbers.ts';
import type { Instant } from '../../src/kernel/instants.ts';
import { earlyReportEntry, factsOfThread, keptEntry, repeatNameOf } from '../../src/redis/derived.ts';
import { checkGateway } from '../../src/redis/keys.ts';
import type { KeptText } from '../../src/sms/text.ts';
import type { Thread } from '../../src/sms/thread.ts';

const REPORTS_KEPT = 8;

interface Due {
  readonly thread: ThreadId;
  readonly number: number;
  readonly at: Instant;
}

export class MemoryTexts {
  readonly #unread = new Map<string, string>();
  readonly #kept = new Set<string>();
  /** In JSON, as Redis keeps them. */
  readonly #threads = new Map<string, { readonly json: string; readonly revision: number }>();
  readonly #carriers = new Map<string, { readonly thread: ThreadId; readonly number: number }>();
  /** Thread and carrier's name, once told. */
  readonly #named = new Set<string>();
  readonly #early = new Map<string, DeliveryReport[]>();

  judge({ threads = [], read = [], noThreadSince: since }: Commit): Verdict | null {
    for (const { value, from } of threads) {
      if ((this.#threads.get(value.id)?.revision ?? 0) !== from) return { is: 'stale', what: 'thread', id: value.id };
    }
    if (since !== undefined && this.#all().filter((thread) => isOf(thread, since.number)).length !== since.threads) {
      return { is: 'stale', what: 'thread', id: 'another of the same number' };
    }
    const gone = read.find((id) => !this.#unread.has(id));
    return gone === undefined ? null : { is: 'stale', what: 'text', id: gone };
  }

  apply({ threads = [], read = [] }: Commit): void {
    for (const { value } of threads) {
      this.#threads.set(value.id, { json: JSON.stringify(value), revision: value.revision });
      for (const { gateway, carrierId, number } of factsOfThread(value).carriers) {
        const [told, name] = [JSON.stringify([value.id, gateway, carrierId]), nameIn(gateway, carrierId)];
        if (!this.#named.has(told)) this.#carriers.set(name, { thread: value.id, number });
        this.#named.add(told);
      }
    }
    for (const id of read) this.#unread.delete(id);
  }

  door(settled: <T>(work: () => T) => Promise<T>, note: (entry: JournalEntry) => void): TextStore {
    return {
      keepText: (text) => settled(() => this.#keep(text, note)),
      unreadTexts: (limit) => settled(() => this.#unreadTexts().slice(0, Math.max(0, limit))),
      unread: () => settled(() => ({ count: this.#unread.size, oldest: this.#unreadTexts()[0]?.receivedAt ?? null })),

      thread: (id) => settled(() => this.#all().find((thread) => thread.id === id) ?? null),
      threadOfIncident: (id) => settled(() => this.#sorted(({ openedAt }) => openedAt).findLast(({ incident }) => incident === id) ?? null),
      threadsOf: (number, limit) =>
        settled(() =>
          last(
            this.#sorted(({ lastAt }) => lastAt).filter((thread) => isOf(thread, number)),
            limit,
          ),
        ),
      threadCount: (number) => settled(() => this.#all().filter((thread) => isOf(thread, number)).length),
      recentThreads: (limit) =>
        settled(() =>
          last(
            this.#sorted(({ openedAt }) => openedAt),
            limit,
          ),
        ),
      textLine: (limit) => settled(() => this.#line().slice(0, Math.max(0, limit))),
      textLineLength: () => settled(() => this.#line().length),
      isSilenced: (number) => settled(() => this.#all().some((thread) => isOf(thread, number) && factsOfThread(thread).silences)),

      dueTexts: (gateway, now, limit) =>
        settled(() =>
          this.#due(gateway)
            .filter(({ at }) => at <= now)
            .slice(0, Math.max(0, limit))
            .map(({ thread, number }) => ({ thread, number })),
        ),
      nextDueText: (gateway) => settled(() => this.#due(gateway)[0]?.at ?? null),
      outgoingBacklog: (gateway) => settled(() => ({ waiting: this.#due(gateway).length, oldestDue: this.#due(gateway)[0]?.at ?? null })),
      takeReport: (report, at) =>
        settled(() => {
          const name = nameIn(report.gateway, report.carrierId);
          const known = this.#carriers.get(name);
          if (known !== undefined) return { ...known };
          const early = this.#early.get(name) ?? [];
          if (early.some((one) => JSON.stringify(one) === JSON.stringify(report))) return null;
          this.#early.set(name, [...early, structuredClone(report)].slice(-REPORTS_KEPT));
          note(earlyReportEntry(report, at));
          return null;
        }),
      earlyReports: (gateway, carrierIds) =>
        settled(() =>
          carrierIds.flatMap((carrierId) => {
            const name = nameIn(gateway, carrierId);
            const early = this.#early.get(name) ?? [];
            this.#early.delete(name);
            return early;
          }),
        ),
    };
  }

  #keep(text: KeptText, note: (entry: JournalEntry) => void): 'kept' | 'repeated' {
    checkGateway(text.gateway);
    if (text.carrierId !== null) {
      const name = nameIn(text.gateway, repeatNameOf(text.carrierId, text));
      if (this.#kept.has(name)) return 'repeated';
      this.#kept.add(name);
    }
    this.#unread.set(text.id, JSON.stringify(text));
    note(keptEntry(text));
    return 'kept';
  }

  readonly #unreadTexts = (): KeptText[] =>
    [...this.#unread.values()]
      .map((json) => JSON.parse(json) as KeptText)
      .toSorted((a, b) => a.receivedAt - b.receivedAt || (a.id < b.id ? -1 : 1));

  readonly #all = (): Thread[] => [...this.#threads.values()].map(({ json }) => JSON.parse(json) as Thread);
  readonly #sorted = (by: (thread: Thread) => Instant): Thread[] => this.#all().toSorted((a, b) => by(a) - by(b) || (a.id < b.id ? -1 : 1));
  readonly #line = (): Thread[] => this.#sorted(({ openedAt }) => openedAt).filter((thread) => factsOfThread(thread).waits);

  #due(gateway: string): Due[] {
    checkGateway(gateway);
    return this.#all()
      .flatMap((thread) => factsOfThread(thread).due.map((text) => ({ ...text, thread: thread.id })))
      .filter((text) => text.gateway === gateway)
      .toSorted((a, b) => a.at - b.at || (a.thread === b.thread ? a.number - b.number : a.thread < b.thread ? -1 : 1));
  }
}

function nameIn(gateway: string, carrierId: string): string {
  checkGateway(gateway);
  return JSON.stringify([gateway, carrierId]);
}

const isOf = (thread: Thread, number: PhoneNumber): boolean =>
  thread.number !== null && subscriberOf(thread.number) === subscriberOf(number);

const last = (threads: readonly Thread[], limit: number): Thread[] => threads.toReversed().slice(0, Math.max(0, limit));
