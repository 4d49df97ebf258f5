/**
 * Who has a thread: it waits in the line of texts, a call taker takes it, puts it back, it is closed and opened again. Every step answers
 * the thread itself where nothing changes, or a sentence where it cannot be. Never counts the revision: who saves does.
 */
import type { CallTakerId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instants.ts';
import { toReporter, withhold } from './own-texts.ts';
import type { Refused } from './rules.ts';
import type { Thread } from './thread.ts';

/** Its texts belong to another thread now; it lives on for what it sent. */
export const isJoinedAway = (thread: Thread): boolean => thread.links.some(({ relation }) => relation === 'joined-into');

/** Out of the line. */
export function takeOver(thread: Thread, by: CallTakerId, now: Instant): Thread | Refused {
  switch (thread.holder.is) {
    case 'waiting':
      return { ...thread, holder: { is: 'taken', by, at: now } };
    case 'taken':
      return thread.holder.by === by ? thread : { refused: `call taker ${thread.holder.by} has this thread` };
    case 'closed':
      return { refused: isJoinedAway(thread) ? JOINED : 'this thread is closed; open it again first' };
    case 'elsewhere':
      return { refused: ELSEWHERE };
  }
}

/** Back into the line, at the place it had: a thread's place is that of its first text. */
export function putBack(thread: Thread, by: CallTakerId, _now: Instant): Thread | Refused {
  if (thread.holder.is === 'waiting') return thread;
  if (thread.holder.is !== 'taken') return { refused: 'nobody has this thread' };
  if (thread.holder.by !== by) return { refused: `call taker ${thread.holder.by} has this thread` };
  return { ...thread, holder: { is: 'waiting', since: thread.openedAt } };
}

/** Done with. Questions that have not gone out are not asked any more. What went to another centre is closed there, not here. */
export function closeThread(thread: Thread, now: Instant): Thread {
  if (thread.holder.is === 'closed' || thread.holder.is === 'elsewhere') return thread;
  const closed: Thread = { ...thread, holder: { is: 'closed', at: now } };
  return withhold(closed, (one) => toReporter(one) && one.asks !== null && one.state === 'waiting', 'the report was closed meanwhile', now);
}

/** Into the line again, as one that comes now. */
export function reopenThread(thread: Thread, now: Instant): Thread | Refused {
  if (isJoinedAway(thread)) return { refused: JOINED };
  return thread.holder.is === 'closed' ? { ...thread, holder: { is: 'waiting', since: now } } : thread;
}

export const JOINED = 'the texts of this thread were joined into another one';
export const ELSEWHERE = 'this thread went to another centre';
