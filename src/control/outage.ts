/**
 * While our records are away nothing new may be promised, but nobody waits in silence: everyone in the line is told, again and again,
 * that they are still in it. The one thing said without a save, because it changes nothing. Never moves a call.
 */
import { isInLine, type Call } from '../call/call.ts';
import { wordsOf } from '../kernel/faults.ts';
import { later } from '../kernel/instants.ts';
import type { Clock, Log, Store, Telephony } from './ports.ts';

/** First said this soon after the records went away; a hiccup shorter than this is nobody's business. */
const FIRST_AFTER_MS = 2000;

export interface OutageParts {
  readonly store: Store;
  readonly telephony: Telephony;
  readonly clock: Clock;
  readonly log: Log;
  readonly everyMs: number;
  readonly calls: () => readonly Call[];
}

export function keepCompany({ store, telephony, clock, log, everyMs, calls }: OutageParts): { stop(): void } {
  let cancel = (): void => undefined;
  let isStopped = false;

  const speak = (): void => {
    if (isStopped || store.isPresent()) return;
    for (const call of calls()) if (isInLine(call)) void reassure(call);
    cancel = clock.alarm(later(clock.now(), everyMs), speak);
  };

  const reassure = async (call: Call): Promise<void> => {
    try {
      if (call.saying !== null) await telephony.hush(call.id, call.saying.utterance);
      // Work goes on meanwhile where the records are back: what is said next is not to be talked over.
      if (!store.isPresent()) await telephony.reassure(call.id, call.language);
    } catch (thrown) {
      log.warn({ call: call.id }, `could not be told that they are still in line: ${wordsOf(thrown)}`);
    }
  };

  store.onPresence((present) => {
    cancel();
    if (!present && !isStopped) cancel = clock.alarm(later(clock.now(), FIRST_AFTER_MS), speak);
  });

  return {
    stop: () => {
      isStopped = true;
      cancel();
    },
  };
}
