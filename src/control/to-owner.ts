/**
 * Brings an event to the controller that has the call: here, where it is ours, else by asking the other one. Never decides anything.
 */
import type { CallEvent } from '../call/events.ts';
import { Fault } from '../kernel/faults.ts';
import type { CallId } from '../kernel/ids.ts';
import type { CallDesk, Fate } from './call-desk.ts';
import type { Lease } from './lease.ts';
import type { Colleagues, Life } from './membership-ports.ts';
import type { Store } from './ports.ts';

/** A call may change hands while it is asked for. */
const TRIES = 3;

export interface ToOwnerParts {
  readonly store: Pick<Store, 'ownerOf'>;
  readonly desk: Pick<CallDesk, 'tell'>;
  readonly lease: Pick<Lease, 'life'>;
  readonly colleagues: Pick<Colleagues, 'ask'>;
}

/** Fault 'unavailable' where the owner does not answer in time: their calls are taken over within seconds, and asking again helps. */
export async function tellOwner({ store, desk, lease, colleagues }: ToOwnerParts, id: CallId, event: CallEvent): Promise<Fate> {
  for (let tries = 1; tries <= TRIES; tries++) {
    const owner: Life | null = await store.ownerOf(id);
    if (owner === null || owner === lease.life()) return desk.tell(id, event);
    const answer = await colleagues.ask(owner, id, event);
    if (answer === 'nobody') break;
    if (answer !== 'not-mine') return answer;
  }
  throw new Fault('unavailable', 'the controller that has this call does not answer; ask again in a moment');
}
