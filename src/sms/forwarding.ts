/**
 * A thread whose texts were meant for another centre: each goes there whole, in the reporter's name, and the reporter is told once, where
 * the guard lets it out. Never decides whose a number is.
 */
import type { Instant } from '../kernel/instants.ts';
import { dueFor, isEnough } from './asking.ts';
import { isShut } from './guard.ts';
import { added, canAnswer, changed, counts, isUntouched, toReporter, withhold, written } from './own-texts.ts';
import { spoken } from './replies.ts';
import type { TextRules } from './rules.ts';
import type { Outgoing, Received, Thread } from './thread.ts';

/** The centre a text was meant for, and the gateway by which it is reached. */
export interface OtherCentre {
  readonly code: string;
  readonly name: string;
  readonly gateway: string;
}

/**
 * After each text that such a thread takes in. What was already forwarded and has become longer since goes again, whole. A forward is sent
 * from the reporter's number to the number they wrote to.
 */
export function forwardText(thread: Thread, centre: OtherCentre, now: Instant, rules: TextRules): Thread {
  const elsewhere: Thread = { ...thread, holder: { is: 'elsewhere', centre: centre.code } };
  const forwarded = elsewhere.received.reduce((sofar, received) => withForward(sofar, received, centre, now, rules), elsewhere);
  const isAny = forwarded.outgoing.some(({ purpose }) => purpose === 'forward');
  return isAny ? told(forwarded, centre, now, rules) : forwarded;
}

function withForward(thread: Thread, received: Received, centre: OtherCentre, now: Instant, rules: TextRules): Thread {
  if (received.text.trim() === '' || isForwarded(thread, received)) return thread;
  const dueAt = dueFor({ ...thread, received: [received] }, now, rules);
  // Not yet gone, and no text reads so any more: an earlier state of one that has grown since.
  const outdated = thread.outgoing.find(
    (one) => isForward(one) && isUntouched(one) && !thread.received.some(({ text }) => text === one.text),
  );
  if (outdated !== undefined) return changed(thread, outdated.number, { text: received.text, dueAt });
  const { gateway } = centre;
  return added(
    thread,
    { purpose: 'forward', asks: null, text: received.text, by: 'system', gateway, to: thread.to, from: thread.from, dueAt },
    now,
  );
}

const isForward = ({ purpose }: Outgoing): boolean => purpose === 'forward';

/** Of texts that read alike, as many must have gone as there are up to this one. */
function isForwarded({ received, outgoing }: Thread, one: Received): boolean {
  const before = received.slice(0, received.indexOf(one) + 1).filter(({ text }) => text === one.text).length;
  return outgoing.filter((sent) => isForward(sent) && sent.text === one.text).length >= before;
}

/** The receipt that has not gone out becomes this; whatever else waits is not ours to say. */
function told(thread: Thread, centre: OtherCentre, now: Instant, rules: TextRules): Thread {
  const isDraft = (one: Outgoing): boolean =>
    toReporter(one) && one.by === 'system' && one.purpose !== 'forwarded' && one.state === 'waiting';
  if (thread.outgoing.some((one) => one.purpose === 'forwarded' && counts(one))) return thread;
  const draft = thread.outgoing.find((one) => isDraft(one) && isUntouched(one));
  const rest = withhold(thread, (one) => isDraft(one) && one !== draft, `the texts went on to ${centre.name}`, now);
  if (isShut(rest.guard) || !canAnswer(rest.number, rest.to)) return rest;
  const said = { purpose: 'forwarded' as const, asks: null, text: spoken(rules, rest.language).forwarded(centre.name) };
  const dueAt = dueFor(rest, now, rules);
  if (draft !== undefined) return changed(rest, draft.number, { ...said, dueAt });
  return isEnough(rest, rules) ? rest : written(rest, { ...said, by: 'system', dueAt }, now);
}
