/**
 * A call taker corrects what the rules made of texts: from one text on it is another emergency, or two threads are one. What we sent stays
 * in the thread that sent it, with its numbers: gateways and carriers answer to those.
 */
import type { IncidentId, TextId, ThreadId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instants.ts';
import { subscriberOf } from '../kernel/phone-numbers.ts';
import { guarded, stricter } from './guard.ts';
import { ELSEWHERE, isJoinedAway, JOINED } from './holding.ts';
import { readAgain } from './rereading.ts';
import { toReporter, withhold } from './own-texts.ts';
import type { Refused, TextRules } from './rules.ts';
import type { Outgoing, Received, Thread } from './thread.ts';

/**
 * From this text (its id or that of one of its parts) on, the texts move to a new thread, which waits in the line and is as careful as the
 * old one. Questions that have not gone out are dropped where they are answered in what stays.
 */
export function splitFrom(
  thread: Thread,
  from: TextId,
  about: { readonly id: ThreadId; readonly incident: IncidentId },
  now: Instant,
  rules: TextRules,
): { readonly rest: Thread; readonly split: Thread } | Refused {
  if (isJoinedAway(thread)) return { refused: JOINED };
  if (thread.holder.is === 'elsewhere') return { refused: ELSEWHERE };
  const index = thread.received.findIndex(({ id, parts }) => id === from || parts.some((part) => part.id === from));
  const first = thread.received[index];
  if (first === undefined) return { refused: 'that text is not in this thread' };
  if (index === 0) return { refused: 'that is the first text of the thread: nothing would stay' };
  const stays = thread.received.slice(0, index);
  const moves = thread.received.slice(index);
  const rest = readAgain({ ...thread, received: stays, lastAt: lastOf(stays, thread.openedAt) }, now, rules);
  const split: Thread = {
    ...thread,
    id: about.id,
    revision: 0,
    incident: about.incident,
    openedAt: first.receivedAt,
    lastAt: lastOf(moves, first.receivedAt),
    received: moves,
    outgoing: [],
    holder: { is: 'waiting', since: first.receivedAt },
    links: [{ thread: thread.id, relation: 'split-from' }],
  };
  const isAnswered = (one: Outgoing): boolean => isQuestionInHand(one) && one.asks !== null && !rest.missing.includes(one.asks);
  return { rest: withhold(rest, isAnswered, 'the reporter has told it', now), split: readAgain(split, now, rules) };
}

/**
 * The texts of `thread` belong to `into`, ordered by time. `joined` keeps its texts for the record and what it sent for its end, is closed,
 * and is joined by no text any more; its guard moves into that of `into`, which is the stricter of both.
 */
export function joinInto(
  thread: Thread,
  into: Thread,
  now: Instant,
  rules: TextRules,
): { readonly joined: Thread; readonly into: Thread } | Refused {
  const against = againstJoining(thread, into, rules);
  if (against !== null) return { refused: against };
  const latest = thread.lastAt > into.lastAt ? thread : into;
  const received = [...into.received, ...thread.received].toSorted((a, b) => a.receivedAt - b.receivedAt);
  const target = readAgain(
    {
      ...into,
      to: latest.to,
      gateway: latest.gateway,
      lastAt: latest.lastAt,
      openedAt: thread.openedAt < into.openedAt ? thread.openedAt : into.openedAt,
      received,
      guard: stricter(thread.guard, into.guard, now),
    },
    now,
    rules,
  );
  const closed: Thread = {
    ...thread,
    holder: { is: 'closed', at: now },
    links: [...thread.links, { thread: into.id, relation: 'joined-into' }],
    guard: target.guard,
  };
  // Kept back while the guard is still the common one; after that, what is said to this number is decided in the other thread alone.
  const quiet = withhold(guarded(closed, now), isAutomaticInHand, 'its thread was joined into another one', now);
  const isAnswered = (one: Outgoing): boolean => isQuestionInHand(one) && one.asks !== null && !target.missing.includes(one.asks);
  return { joined: { ...quiet, guard: { is: 'open' } }, into: withhold(target, isAnswered, 'the reporter has told it', now) };
}

function againstJoining(thread: Thread, into: Thread, { receivedAtMost }: TextRules): string | null {
  if (thread.id === into.id) return 'a thread cannot be joined into itself';
  if (isJoinedAway(thread) || isJoinedAway(into)) return JOINED;
  if (thread.holder.is === 'elsewhere' || into.holder.is === 'elsewhere') return ELSEWHERE;
  if (senderOf(thread) !== senderOf(into)) {
    return 'these are threads of two reporters; link their incidents instead';
  }
  const count = thread.received.length + into.received.length;
  return count > receivedAtMost ? `together they have ${count} texts; a thread holds ${receivedAtMost}` : null;
}

/** Networks write one number in several ways. */
const senderOf = ({ number, from }: Thread): string => (number === null ? `as ${from}` : subscriberOf(number));

const isAutomaticInHand = (one: Outgoing): boolean =>
  one.state === 'waiting' && one.by === 'system' && toReporter(one) && one.purpose !== 'on-their-way';
const isQuestionInHand = (one: Outgoing): boolean => one.state === 'waiting' && one.by === 'system' && one.asks !== null;

/** The last word of the reporter in these texts. */
const lastOf = (received: readonly Received[], otherwise: Instant): Instant =>
  received.reduce((last, { changedAt, repeatedAt }) => {
    const at = repeatedAt !== null && repeatedAt > changedAt ? repeatedAt : changedAt;
    return at > last ? at : last;
  }, otherwise);
