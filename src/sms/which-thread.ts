/**
 * Which thread a text belongs to: one of those this reporter has, or a new one. Applies the centre's rules and the few that no centre
 * may change. Never takes the text in.
 */
import type { ThreadId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instants.ts';
import type { Reading } from '../reading/reading.ts';
import { takeIn } from './received.ts';
import type { TextNumbers } from './rules.ts';
import { isJoinedAway } from './holding.ts';
import type { KeptText } from './text.ts';
import type { Thread } from './thread.ts';
import { conditionsOf, type Condition, type WhichRule } from './which-rules.ts';

export type Which = { readonly is: 'same'; readonly thread: Thread } | { readonly is: 'new'; readonly continues: ThreadId | null };

type Rules = Pick<TextNumbers, 'partsWithinMs' | 'repeatWithinMs' | 'receivedAtMost'> & { readonly which: readonly WhichRule[] };

/**
 * @param candidates of this number, the last spoken to first; none where there is no number. For a text that belongs to another centre
 *   hand in only those that went there: of the others nothing tells whose a number is.
 * @param fresh what this text alone tells
 * @param isClosed whether the thread's incident is closed
 *
 * Fixed, whatever the rules say: a part of a long text goes where the other parts are; a thread that went to another centre is joined
 * only by texts to the same number; one whose texts were joined into another is never chosen; a full one is continued by a new one.
 */
export function whichThread(
  candidates: readonly Thread[],
  text: KeptText,
  fresh: Reading,
  isClosed: (thread: Thread) => boolean,
  rules: Rules,
): Which {
  const may = candidates
    .filter((thread) => thread.number !== null && !isJoinedAway(thread) && (thread.holder.is !== 'elsewhere' || thread.to === text.to))
    .toSorted((a, b) => lastSpokenAt(b) - lastSpokenAt(a));
  const knows = (thread: Thread): boolean => takeIn(thread.received, text, rules).is !== 'new';
  const withParts = text.part === null ? undefined : may.find(knows);
  if (withParts !== undefined) return { is: 'same', thread: withParts };
  const [last] = may;
  if (last === undefined) return { is: 'new', continues: null };
  for (const rule of rules.which) {
    const thread = conditionsOf(rule).includes('repeats') ? may.find((one) => knows(one) && fits(rule, one, text, fresh, isClosed)) : last;
    if (thread === undefined || !fits(rule, thread, text, fresh, isClosed)) continue;
    if (rule.then === 'new') return { is: 'new', continues: null };
    const isFull = (thread.received.length >= rules.receivedAtMost || lettersIn(thread) >= LETTERS_AT_MOST) && !knows(thread);
    return isFull ? { is: 'new', continues: thread.id } : { is: 'same', thread };
  }
  return { is: 'new', continues: null };
}

/** As its octets are kept, in base64. With every text a thread is read and saved whole, so it must not grow as its sender likes. */
const lettersIn = ({ received }: Thread): number =>
  received.reduce((all, { parts }) => parts.reduce((sum, { octets }) => sum + octets.length, all), 0);
const LETTERS_AT_MOST = 400_000;

/** The last word of either side; what was never given to a gateway is none. */
export const lastSpokenAt = (thread: Thread): Instant =>
  thread.outgoing.reduce(
    (last, { purpose, sentAt }) => (purpose !== 'forward' && sentAt !== null && sentAt > last ? sentAt : last),
    thread.lastAt,
  );

function fits(rule: WhichRule, thread: Thread, text: KeptText, fresh: Reading, isClosed: (thread: Thread) => boolean): boolean {
  const within = rule.within_minutes;
  if (within !== undefined && text.receivedAt - lastSpokenAt(thread) > within * 60_000) return false;
  const isShut = thread.holder.is === 'closed' || isClosed(thread);
  return conditionsOf(rule).every((condition) => holds(condition, fresh, isShut));
}

function holds(condition: Condition, fresh: Reading, isShut: boolean): boolean {
  if (condition === 'open') return !isShut;
  if (condition === 'closed') return isShut;
  return condition === 'repeats' || fresh.intents.some(({ value }) => condition === `says-${value}`);
}
