/**
 * What is said back to a reporter by itself, and what is asked: a receipt at once, one question for what is missing, the state of the
 * report on demand, and never more than the centre allows. Asks the guard before anything else. Never speaks for a call taker.
 */
import { later, type Instant } from '../kernel/instants.ts';
import type { Intent, Reading } from '../reading/reading.ts';
import { isShut } from './guard.ts';
import { canAnswer, changed, counts, isUntouched, toReporter, withhold, written } from './own-texts.ts';
import { spoken, type StateWord } from './replies.ts';
import type { TextRules } from './rules.ts';
import type { Essential, Outgoing, Purpose, Received, Thread } from './thread.ts';

/** What has just come: a text, or another part of one that is there. */
export interface Came {
  readonly is: 'new' | 'part';
  readonly received: Received;
  /** What this text tells by itself. */
  readonly fresh: Reading;
}

interface Said {
  readonly purpose: Purpose;
  readonly asks: Essential | null;
  readonly text: string;
}

/** With what is to be said after this; what has not gone out yet is rewritten, or kept back where it has become needless. */
export function answered(thread: Thread, came: Came, now: Instant, rules: TextRules): Thread {
  if (thread.holder.is === 'elsewhere') return thread;
  if (isShut(thread.guard) || !canAnswer(thread.number, thread.to)) return thread;
  const needed = withhold(thread, (one) => isStale(one, thread), 'the reporter has told it meanwhile', now);
  const draft = needed.outgoing.find((one) => isUntouched(one) && DRAFTS.includes(one.purpose));
  const said = whatToSay(needed, draft, came, rules);
  const dueAt = dueFor(needed, now, rules);
  if (draft === undefined) {
    return said === null || isEnough(needed, rules) ? needed : written(needed, { ...said, by: 'system', dueAt }, now);
  }
  if (said === null) {
    return draft.asks === null ? needed : withhold(needed, ({ number }) => number === draft.number, 'it needs not be asked any more', now);
  }
  // An answer to what the reporter asked is not given up for a question of ours.
  if (said.purpose === 'question' && draft.purpose !== 'question') return needed;
  return changed(needed, draft.number, { ...said, dueAt: draft.dueAt !== null && draft.dueAt < dueAt ? draft.dueAt : dueAt });
}

/** Automatic texts that the reporter has or may have. */
export const automatic = (outgoing: readonly Outgoing[]): number =>
  outgoing.filter((one) => toReporter(one) && one.by === 'system' && counts(one)).length;

/** One is kept for "on their way" until that is said. */
export function isEnough({ outgoing }: Thread, { automaticAtMost }: Pick<TextRules, 'automaticAtMost'>): boolean {
  const isTold = outgoing.some((one) => one.purpose === 'on-their-way' && counts(one));
  return automatic(outgoing) >= (isTold ? automaticAtMost : automaticAtMost - 1);
}

/** When an automatic text may go: not before the parts that are on their way, or not for long. */
export function dueFor({ received }: Thread, now: Instant, rules: Pick<TextRules, 'waitForPartsMs'>): Instant {
  return received.reduce<Instant>((due, { isComplete, receivedAt }) => {
    const until = later(receivedAt, rules.waitForPartsMs);
    return !isComplete && until > due ? until : due;
  }, now);
}

const DRAFTS: readonly Purpose[] = ['receipt', 'question', 'state', 'unreadable'];

/** A question that was handed to a gateway without luck, and whose answer has come by itself. */
const isStale = (one: Outgoing, { missing }: Thread): boolean =>
  one.state === 'waiting' && one.attempts > 0 && one.by === 'system' && one.asks !== null && !missing.includes(one.asks);

function whatToSay(thread: Thread, draft: Outgoing | undefined, came: Came, rules: TextRules): Said | null {
  const gone = thread.outgoing.filter((one) => one !== draft);
  const has = (purpose: Purpose, text?: string): boolean =>
    gone.some((one) => one.purpose === purpose && one.state !== 'withheld' && (text === undefined || one.text === text));
  const say = spoken(rules, thread.language);
  const unreadable: Said | null = has('unreadable') ? null : { purpose: 'unreadable', asks: null, text: say.unreadable() };
  if (thread.received.every(isUnreadable)) return unreadable;
  const callsOff = says(came.fresh, 'calls-off');
  if (callsOff && !has('receipt', say.callsOff())) return { purpose: 'receipt', asks: null, text: say.callsOff() };
  if (!has('receipt')) {
    const asks = nextQuestion(thread, gone, rules);
    return { purpose: 'receipt', asks, text: say.receipt(asks) };
  }
  if (isUnreadable(came.received)) return unreadable;
  if (says(came.fresh, 'asks-state')) return { purpose: 'state', asks: null, text: say.state(stateOf(thread)) };
  // One question at a time: while the last is on its way, nobody can have answered it.
  if (callsOff || gone.some(({ asks, state }) => asks !== null && (state === 'waiting' || state === 'sent'))) return null;
  const asks = nextQuestion(thread, gone, rules);
  if (asks === null) return null;
  const times = gone.filter((one) => one.asks === asks && counts(one)).length;
  // The rest of a text that was asked about already is no answer yet.
  if (came.is === 'part' && draft === undefined && (times > 0 || !came.received.isComplete)) return null;
  return { purpose: 'question', asks, text: say.question(asks, times > 0) };
}

/** The next thing to ask for; `null`: nothing, or often enough, or a call taker has the thread and asks in person. */
function nextQuestion(thread: Thread, gone: readonly Outgoing[], rules: TextRules): Essential | null {
  if (thread.holder.is === 'taken') return null;
  const asked = gone.filter((one) => one.asks !== null && counts(one));
  if (asked.length >= rules.questionsAtMost) return null;
  const times = (essential: Essential): number => asked.filter(({ asks }) => asks === essential).length;
  return thread.missing.find((essential) => times(essential) < rules.sameQuestionAtMost[essential]) ?? null;
}

/** What has become of the report, as far as a thread knows; handed over is what is urgent or lacks nothing. */
function stateOf({ holder, outgoing, isUrgent, missing }: Thread): StateWord {
  if (holder.is === 'closed') return 'closed';
  if (outgoing.some(({ purpose }) => purpose === 'on-their-way')) return 'on-their-way';
  if (holder.is === 'taken') return 'taken';
  return isUrgent || missing.length === 0 ? 'handed-over' : 'received';
}

const isUnreadable = ({ coding, text }: Received): boolean => coding === 'binary' && text === '';
const says = ({ intents }: Reading, intent: Intent): boolean => intents.some(({ value }) => value === intent);
