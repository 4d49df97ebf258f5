/**
 * One call taker (接警员) as a value, and every step they can take. Who gets a caller is decided in who-gets-whom.ts.
 * Never reads a clock and never keeps a list: one value in, one value out, or a sentence why not.
 *
 *   off ──▶ ready ──▶ offered ──▶ talking ──▶ after-call ──▶ ready
 *    ▲        ▲ │        └──▶ pause (no answer)     └──▶ pause | off, where that was asked for meanwhile
 *    └────────┴─┴── pause
 */
import type { CallId, CallTakerId } from '../kernel/ids.ts';
import { later, type Instant } from '../kernel/instants.ts';
import type { OfferFailure } from '../kernel/offer-failure.ts';

export type CallTakerState =
  | { readonly is: 'off' }
  | { readonly is: 'ready'; readonly since: Instant }
  /** `readySince`: a caller who leaves before the answer costs the call taker no place among the ready. */
  | { readonly is: 'offered'; readonly call: CallId; readonly attempt: number; readonly readySince: Instant }
  | { readonly is: 'talking'; readonly call: CallId; readonly attempt: number }
  | { readonly is: 'after-call'; readonly call: CallId; readonly until: Instant }
  | { readonly is: 'pause'; readonly since: Instant; readonly reason: string };

/** What the call taker asked to be once the present call is done. */
export type Afterwards = { readonly be: 'ready' } | { readonly be: 'off' } | { readonly be: 'pause'; readonly reason: string };

export interface CallTaker {
  readonly id: CallTakerId;
  /** Counts the saved steps; a save succeeds only from the revision it was made from. */
  readonly revision: number;
  readonly name: string;
  /** PJSIP endpoint name, e.g. `taker-1001`. */
  readonly endpoint: string;
  /** Whether the phone is registered and answers; without it nobody is offered to them. */
  readonly phone: 'registered' | 'absent';
  readonly afterwards: Afterwards;
  readonly state: CallTakerState;
}

export type DeskEvent = { readonly time: Instant } & (
  | { readonly type: 'ReadyAsked' }
  | { readonly type: 'PauseAsked'; readonly reason: string }
  | { readonly type: 'OffAsked' }
  | { readonly type: 'PhoneRegistered' }
  | { readonly type: 'PhoneLost' }
  | { readonly type: 'AfterCallOver' }
  | { readonly type: 'Offered'; readonly call: CallId; readonly attempt: number }
  | { readonly type: 'Answered'; readonly call: CallId; readonly attempt: number }
  | { readonly type: 'OfferFailed'; readonly call: CallId; readonly attempt: number; readonly why: OfferFailure }
  /** `lost`: the leg was cut; nobody chose to end it. */
  | { readonly type: 'ConversationEnded'; readonly call: CallId; readonly attempt: number; readonly lost: boolean }
);

export interface DeskRules {
  /** Time to finish the record after a conversation; 0 is none. */
  readonly afterCallMs: number;
}

/** `refused` is a sentence for a person; the value is then unchanged. */
export interface DeskStep {
  readonly callTaker: CallTaker;
  readonly refused?: string;
}

export const isFree = (callTaker: CallTaker): boolean => callTaker.state.is === 'ready' && callTaker.phone === 'registered';

/** One step of a call taker. Same value, same event, same step. The revision counts every change. */
export function deskStep(before: CallTaker, event: DeskEvent, rules: DeskRules): DeskStep {
  const step = answer(before, event, rules);
  if (step.refused !== undefined || step.callTaker === before) return { ...step, callTaker: before };
  return { callTaker: { ...step.callTaker, revision: before.revision + 1 } };
}

function answer(before: CallTaker, event: DeskEvent, rules: DeskRules): DeskStep {
  switch (event.type) {
    case 'ReadyAsked':
      return asked(before, { be: 'ready' }, event.time);
    case 'PauseAsked':
      return asked(before, { be: 'pause', reason: event.reason }, event.time);
    case 'OffAsked':
      return asked(before, { be: 'off' }, event.time);
    case 'PhoneRegistered':
      return phoneBack(before, event.time);
    case 'PhoneLost':
      return before.phone === 'absent' ? { callTaker: before } : { callTaker: { ...before, phone: 'absent' } };
    case 'AfterCallOver':
      return before.state.is === 'after-call' ? settle(before, event.time) : refuse(before, 'no record is being finished');
    case 'Offered':
      return before.state.is === 'ready' && isFree(before)
        ? { callTaker: { ...before, state: { is: 'offered', call: event.call, attempt: event.attempt, readySince: before.state.since } } }
        : refuse(before, 'not free');
    case 'Answered':
      return holds(before, 'offered', event)
        ? { callTaker: { ...before, state: { is: 'talking', call: event.call, attempt: event.attempt } } }
        : refuse(before, 'no such offer is open');
    case 'OfferFailed':
      return offerFailed(before, event);
    case 'ConversationEnded':
      return conversationEnded(before, event, rules);
  }
}

const refuse = (callTaker: CallTaker, refused: string): DeskStep => ({ callTaker, refused });

const holds = (before: CallTaker, is: 'offered' | 'talking', about: { call: CallId; attempt: number }): boolean =>
  before.state.is === is && before.state.call === about.call && before.state.attempt === about.attempt;

/** Asked while a call is at hand, the wish waits for its end; a record being finished ends at once. */
function asked(before: CallTaker, wish: Afterwards, time: Instant): DeskStep {
  switch (before.state.is) {
    case 'offered':
    case 'talking':
      return { callTaker: { ...before, afterwards: wish } };
    case 'ready':
      return wish.be === 'ready' ? { callTaker: before } : settle({ ...before, afterwards: wish }, time);
    case 'off':
    case 'pause':
    case 'after-call':
      return settle({ ...before, afterwards: wish }, time);
  }
}

/** Those who were without a phone go to the end of the ready. */
function phoneBack(before: CallTaker, time: Instant): DeskStep {
  if (before.phone === 'registered') return { callTaker: before };
  const state = before.state.is === 'ready' ? { is: 'ready' as const, since: time } : before.state;
  return { callTaker: { ...before, phone: 'registered', state } };
}

/** Design 1: a failed call taker costs the caller no place, and is not rung again at once: pause with the reason.
 * Where it was nobody's doing, the place among the ready is kept. */
function offerFailed(before: CallTaker, event: DeskEvent & { type: 'OfferFailed' }): DeskStep {
  if (before.state.is !== 'offered' || !holds(before, 'offered', event)) return refuse(before, 'no such offer is open');
  if (before.afterwards.be !== 'ready') return settle(before, event.time);
  if (event.why === 'caller-left' || event.why === 'withdrawn')
    return { callTaker: { ...before, state: { is: 'ready', since: before.state.readySince } } };
  return { callTaker: { ...before, state: { is: 'pause', since: event.time, reason: event.why } } };
}

function conversationEnded(before: CallTaker, event: DeskEvent & { type: 'ConversationEnded' }, rules: DeskRules): DeskStep {
  if (!holds(before, 'talking', event)) return refuse(before, 'no such conversation');
  if (event.lost && before.afterwards.be === 'ready') {
    return { callTaker: { ...before, state: { is: 'pause', since: event.time, reason: 'line-lost' } } };
  }
  if (rules.afterCallMs === 0) return settle(before, event.time);
  return { callTaker: { ...before, state: { is: 'after-call', call: event.call, until: later(event.time, rules.afterCallMs) } } };
}

/** Become what was asked for; the wish is spent. */
function settle(before: CallTaker, time: Instant): DeskStep {
  const wish = before.afterwards;
  const rest = { ...before, afterwards: { be: 'ready' } as const };
  if (wish.be === 'ready') return { callTaker: { ...rest, state: { is: 'ready', since: time } } };
  if (wish.be === 'off') return { callTaker: { ...rest, state: { is: 'off' } } };
  return { callTaker: { ...rest, state: { is: 'pause', since: time, reason: wish.reason } } };
}
