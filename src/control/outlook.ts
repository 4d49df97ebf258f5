/** What the line looks like from one caller's place: read from the store, judged by desk/expected-wait.ts. Never remembers. */
import type { Outlook } from '../call/messages.ts';
import { expectedWaitMs, waitRange } from '../desk/expected-wait.ts';
import type { CallId } from '../kernel/ids.ts';
import type { Store } from './ports.ts';

/** `null` when the caller is not in the line. */
export async function outlookFor(store: Store, call: CallId, enough: number): Promise<Outlook | null> {
  const [place, samples, callTakers] = await Promise.all([store.placeOf(call), store.samples(), store.callTakers()]);
  if (place === null) return null;
  const onDuty = callTakers.filter(({ state }) => state.is !== 'off' && state.is !== 'pause').length;
  const expected = expectedWaitMs({ ...samples, ahead: place - 1, callTakers: onDuty, enough });
  return { place, wait: expected === null ? null : waitRange(expected) };
}
