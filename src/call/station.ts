/**
 * What a place in the house is: what is done on entering and on leaving it, wherever one comes from or goes to, and an answer to
 * every event. A forgotten answer does not compile. Never holds the answers themselves: those are one file per place.
 */
import type { Instant } from '../kernel/instants.ts';
import type { Call, CallAt, CallState, Place } from './call.ts';
import type { Effect } from './effects.ts';
import type { CallEvent, EventOf, EventType } from './events.ts';
import type { Message } from './messages.ts';
import type { Rules } from './rules.ts';

/** `ignored` is a sentence: why this event means nothing here. */
export interface Step {
  readonly call: Call;
  readonly effects: readonly Effect[];
  readonly ignored?: string;
}

export interface Station<P extends Place> {
  readonly enter: (call: CallAt<P>, time: Instant, rules: Rules) => Step;
  readonly leave: (call: CallAt<P>, next: CallState, time: Instant, rules: Rules) => Step;
  readonly on: { readonly [T in EventType]: (call: CallAt<P>, event: EventOf<T>, rules: Rules) => Step };
}

export const stay = (call: Call, effects: readonly Effect[] = []): Step => ({ call, effects });
export const go = (call: Call, state: CallState, effects: readonly Effect[] = []): Step => ({ call: { ...call, state }, effects });

/** Expected here now and then, and harmless for the reason given. */
export const ignore =
  (reason: string) =>
  (call: Call, _event: CallEvent): Step => ({ call, effects: [], ignored: reason });

/** Somebody answered for whom there is no place any more: the leg is let go, never left in the air. */
export const letGo =
  (reason: string) =>
  (call: Call, event: EventOf<'CallTakerAnswered'>): Step => ({
    call,
    effects: [{ do: 'release-call-taker', attempt: event.attempt }],
    ignored: reason,
  });

/** Begin to say something; whatever was being said is hushed first. */
export function say(call: Call, message: Message): Step {
  const utterance = call.utterances + 1;
  const silent = hush(call);
  return {
    call: { ...silent.call, utterances: utterance, saying: { utterance, what: message.say } },
    effects: [...silent.effects, { do: 'say', utterance, message }],
  };
}

export const hush = (call: Call): Step =>
  call.saying === null ? stay(call) : stay({ ...call, saying: null }, [{ do: 'hush', utterance: call.saying.utterance }]);

/** The utterance that is being said now has ended; an older one's late end is none of our business. */
export const isOver = (call: Call, event: EventOf<'UtteranceFinished'>): boolean => call.saying?.utterance === event.utterance;
export const nothingSaid = (call: Call): Call => ({ ...call, saying: null });

/** The caller leaves before anybody answered. Invariant 3; number, wait and place stay on record. */
export function abandon(call: Call, event: EventOf<'CallerLeft'>, effects: readonly Effect[] = []): Step {
  const left: Call = { ...call, saying: null, release: event.release, placeWhenLeft: event.place, endedAt: event.time };
  return go(left, { at: 'ended', why: 'abandoned' }, effects);
}
