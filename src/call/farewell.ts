/**
 * The call is over and its record stands. Whoever still comes is let go. Only a caller who had gone *elsewhere* can come back:
 * the fallback offers them again, and their ticket is still theirs.
 */
import { later } from '../kernel/instants.ts';
import { letAllGo, uninterpreted } from './interpreter.ts';
import { go, ignore, letGo, stay, type Station } from './station.ts';

const over = ignore('the call is over');

export const farewell: Station<'ended'> = {
  enter: (call, time) => {
    if (call.state.why === 'elsewhere') return stay(call);
    const alone = letAllGo(call, time);
    return { call: alone.call, effects: [...alone.effects, { do: 'release-caller' }] };
  },
  leave: (call) => stay(call),
  on: {
    ...uninterpreted,
    PrivateAsked: over,
    LeaveAsked: over,
    CallerOffered: (call, event, rules) =>
      call.state.why === 'elsewhere'
        ? go({ ...call, endedAt: null }, { at: 'arriving', until: later(event.time, rules.arriveWithinMs) })
        : over(call, event),
    CallerEntered: (call, event, rules) =>
      call.state.why === 'elsewhere'
        ? go({ ...call, endedAt: null, enteredAt: event.time }, { at: 'greeting', until: later(event.time, rules.greetingMaxMs) })
        : over(call, event),
    CallTakerAnswered: letGo('the call is over'),
    LanguageChosen: over,
    CallerLeft: over,
    UtteranceFinished: over,
    CallTakerLegEnded: over,
    CallTakerClaimed: over,
    OfferWithdrawn: over,
    HoldAsked: over,
    ResumeAsked: over,
    FinishAsked: over,
    DeadlinePassed: over,
    EffectFailed: over,
    ControllerReturned: over,
  },
};
