/**
 * Brings an event to the controller that has the call: here, where it is ours, else by asking the other one. Where that one has died or
 * stands still, its calls are another's within seconds, maybe ours: that is waited for, for a bounded time. Never decides anything.
 */
import type { CallEvent } from '../call/events.ts';
import { Fault } from '../kernel/faults.ts';
import type { CallId } from '../kernel/ids.ts';
import type { CallDesk, Fate } from './call-desk.ts';
import { LEASE_MS, type Lease } from './lease.ts';
import type { AskAnswer, Colleagues, Life, Monotonic } from './membership-ports.ts';
import type { Store } from './ports.ts';

/** Longer than it takes to follow a controller that is gone. */
const TRY_FOR_MS = LEASE_MS + 1500;
const LOOK_EVERY_MS = 200;

export interface ToOwnerParts {
  readonly store: Pick<Store, 'ownerOf'>;
  readonly desk: Pick<CallDesk, 'tell'>;
  readonly lease: Pick<Lease, 'life'>;
  readonly colleagues: Pick<Colleagues, 'ask'>;
  readonly monotonic: Monotonic;
}

/** Fault 'unavailable' where the owner does not answer in time. The event may then be carried out all the same, or twice: stations bear that. */
export async function tellOwner(parts: ToOwnerParts, id: CallId, event: CallEvent): Promise<Fate> {
  const { store, desk, lease, colleagues, monotonic } = parts;
  const until = monotonic.uptime() + TRY_FOR_MS;
  let owner = await store.ownerOf(id);
  while (owner !== null && owner !== lease.life()) {
    const answered = await answerOf(parts, colleagues.ask(owner, id, event), { id, owner, until });
    if (answered.is !== 'none') return answered.is;
    if (answered.owner === owner)
      throw new Fault('unavailable', 'the controller that has this call does not answer; ask again in a moment');
    owner = answered.owner;
  }
  return desk.tell(id, event);
}

interface Asked {
  readonly id: CallId;
  readonly owner: Life;
  readonly until: number;
}

/** What the owner says; or, where it says nothing of use, who has the call once that is another, or time is up. */
async function answerOf(
  { store, monotonic }: ToOwnerParts,
  asking: Promise<AskAnswer | 'nobody'>,
  { id, owner, until }: Asked,
): Promise<{ readonly is: Fate } | { readonly is: 'none'; readonly owner: Life | null }> {
  let said: AskAnswer | 'nobody' | null = null;
  const answered = asking.then((answer) => {
    said = answer;
    return answer;
  });
  for (;;) {
    const pause = new Promise<void>((go) => monotonic.after(LOOK_EVERY_MS, go));
    const now = said === null ? await Promise.race([answered, pause.then(() => null)]) : await pause.then(() => said);
    if (now !== null && now !== 'nobody' && now !== 'not-mine') return { is: now };
    const present = await store.ownerOf(id);
    if (present !== owner || monotonic.uptime() >= until) return { is: 'none', owner: present };
  }
}
