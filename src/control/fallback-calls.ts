/**
 * The calls that the dialplan served without us become records when we are back: one incident each, sent on like any other. The dialplan
 * writes down every call, because only afterwards is it known who had it; those in our records are dropped here. Saved
 * first, then taken from the spool; a record saved twice is the same record. Never touches a call that is still going on.
 */
import { incidentFromFallback } from '../incident/from-fallback.ts';
import { isFault, wordsOf } from '../kernel/faults.ts';
import { later } from '../kernel/instants.ts';
import { incidentOf } from './incident-names.ts';
import type { Clock, FallbackCall, FallbackSpool, Log, Store } from './ports.ts';
import { handover } from './saving.ts';

const LOOK_EVERY_MS = 5000;

export interface FallbackCallsParts {
  readonly spool: FallbackSpool;
  readonly store: Store;
  readonly clock: Clock;
  readonly log: Log;
  readonly centre: string;
  readonly newCommitId: () => string;
  readonly outboxChanged: () => void;
}

export class FallbackCalls {
  readonly #parts: FallbackCallsParts;
  readonly #reported = new Set<string>();
  #cancel: () => void = () => undefined;
  #isStopped = false;

  constructor(parts: FallbackCallsParts) {
    this.#parts = parts;
  }

  /** Looks now, and again every few seconds until stopped. */
  async look(): Promise<void> {
    const { spool, log, clock } = this.#parts;
    try {
      const { calls, unreadable } = await spool.waiting();
      for (const name of unreadable) this.#reportOnce(name);
      for (const call of calls) await this.#take(call);
    } catch (thrown) {
      if (!isFault(thrown, 'unavailable')) log.error({}, `the fallback's records could not be read: ${wordsOf(thrown)}`);
    }
    if (!this.#isStopped) this.#cancel = clock.alarm(later(clock.now(), LOOK_EVERY_MS), () => void this.look());
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  async #take(call: FallbackCall): Promise<void> {
    const { spool, store, clock, log, centre, newCommitId, outboxChanged } = this.#parts;
    const known = await store.call(call.id);
    // Claimed, but not ours yet when the caller left: whether it ever was, its deadline decides.
    if (known?.state.at === 'arriving') return;
    const isOurs = known !== null && !(known.state.at === 'ended' && known.state.why === 'elsewhere');
    if (isOurs) {
      await spool.taken(call.id);
      return;
    }
    const now = clock.now();
    const incident = incidentFromFallback(call, incidentOf(call.id, call.arrivedAt), now, centre);
    const verdict = await store.commit({
      id: newCommitId(),
      incidents: [{ value: incident, from: 0 }],
      journal: [{ at: now, kind: 'FallbackCallTaken', call: call.id, data: { answeredBy: call.answeredBy } }],
      // What a desk answered is completed and handed over by a person, like any other; what nobody answered is told at once.
      ...(call.answeredAt === null ? { handovers: [handover(incident, 'incident.abandoned', now)] } : {}),
    });
    // 'stale' means that an earlier life saved it and was stopped before it could take it from the spool.
    await spool.taken(call.id);
    if (verdict.is !== 'saved') return;
    log.info({ call: call.id }, 'a call that the fallback served is on record');
    outboxChanged();
  }

  #reportOnce(name: string): void {
    if (this.#reported.has(name)) return;
    this.#reported.add(name);
    this.#parts.log.error({ file: name }, 'a record of the fallback cannot be read; it is set aside for a person');
  }
}
