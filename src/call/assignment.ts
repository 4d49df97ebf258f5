/**
 * An offer: the call taker's phone rings and the caller hears it. Whatever comes of it, the ringing leg is let go on the way out,
 * unless it is the one that answered. The ticket is kept, so a failed call taker costs the caller no place (invariant 2).
 */
import type { OfferFailure } from '../kernel/offer-failure.ts';
import type { CallAt } from './call.ts';
import type { CallEvent } from './events.ts';
import { interpreting } from './interpreter.ts';
import { failureOf, noteAnswer, noteEnd } from './offers.ts';
import { abandon, go, hush, ignore, isOver, letGo, nothingSaid, say, stay, type Station, type Step } from './station.ts';
import { inLanguage, isWelcome, menuAfter } from './welcome.ts';

/** Back to the line with the same ticket; the desk hears why. */
function fail(call: CallAt<'offered'>, event: CallEvent, why: OfferFailure): Step {
  const { attempt, to } = call.state;
  return go(noteEnd(call, attempt, event.time, why), { at: 'waiting', speakAt: event.time }, [
    { do: 'notice', callTaker: to, tell: 'offer-failed', attempt, why },
  ]);
}

export const assignment: Station<'offered'> = {
  enter: (call, _time, _rules) => {
    const { to, attempt, until } = call.state;
    const ring = { do: 'ring', callTaker: to, attempt, until } as const;
    // The greeting is heard to its end while the phone rings; a patience prompt is stopped at once.
    if (isWelcome(call)) return stay(call, [ring]);
    const ringing = say(call, { say: 'ringing' });
    return stay(ringing.call, [ring, ...ringing.effects]);
  },
  leave: (call, next) => {
    const isAnswered = next.at === 'talking' && next.attempt === call.state.attempt;
    const silent = next.at === 'waiting' && isWelcome(call) ? stay(call) : hush(call);
    return isAnswered ? silent : stay(silent.call, [{ do: 'release-call-taker', attempt: call.state.attempt }, ...silent.effects]);
  },
  on: {
    ...interpreting,
    PrivateAsked: ignore('no conversation'),
    LeaveAsked: ignore('no conversation'),
    CallerOffered: ignore('the caller is inside already'),
    CallerEntered: ignore('Asterisk repeats itself after a reconnect'),
    CallerLeft: (call, event) => {
      const { attempt, to } = call.state;
      return abandon(noteEnd(call, attempt, event.time, 'caller-left'), event, [
        { do: 'notice', callTaker: to, tell: 'offer-failed', attempt, why: 'caller-left' },
      ]);
    },
    UtteranceFinished: (call, event, rules) => {
      if (!isOver(call, event)) return ignore('an older utterance ended')(call, event);
      return isWelcome(call) ? say(nothingSaid(call), menuAfter(call, rules) ?? { say: 'ringing' }) : stay(nothingSaid(call));
    },
    LanguageChosen: (call, event, rules) => {
      if (event.language === call.language) return ignore('it is spoken already')(call, event);
      const chosen = inLanguage(call, event.language, event.time, rules);
      if (!isWelcome(call)) return chosen;
      const again = say(chosen.call, { say: 'greeting' });
      return stay(again.call, [...chosen.effects, ...again.effects]);
    },
    // Invariant 3: the answer, and nothing else, takes the caller out of the line.
    CallTakerAnswered: (call, event) => {
      const { attempt, to } = call.state;
      if (event.attempt !== attempt) return letGo('the late answer of an earlier offer')(call, event);
      return go(noteAnswer(call, attempt, event.time), { at: 'talking', with: to, attempt, floor: { is: 'open' } }, [
        { do: 'notice', callTaker: to, tell: 'answered', attempt },
      ]);
    },
    CallTakerLegEnded: (call, event) =>
      event.attempt === call.state.attempt ? fail(call, event, failureOf(event.end)) : ignore('the leg of an earlier offer')(call, event),
    DeadlinePassed: (call, event) =>
      event.time < call.state.until ? ignore('an alarm of an earlier deadline')(call, event) : fail(call, event, 'no-answer'),
    OfferWithdrawn: (call, event) =>
      event.attempt === call.state.attempt ? fail(call, event, 'withdrawn') : ignore('an earlier offer was meant')(call, event),
    CallTakerClaimed: ignore('another call taker is being rung'),
    HoldAsked: ignore('no conversation yet'),
    ResumeAsked: ignore('no conversation yet'),
    FinishAsked: ignore('no conversation yet'),
    EffectFailed: (call, event) => {
      const { effect } = event;
      if (effect.do === 'ring' && effect.attempt === call.state.attempt) return fail(call, event, 'unreachable');
      if (effect.do === 'say' && call.saying?.utterance === effect.utterance) return stay(nothingSaid(call));
      return ignore('nothing else was asked for that could matter here')(call, event);
    },
    // Whether the phone still rings is told by its own events; the tone may have been lost.
    ControllerReturned: (call) => say(call, { say: 'ringing' }),
  },
};
