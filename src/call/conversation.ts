/**
 * Caller and call taker hear each other, recorded from the first word. Either may leave. A call taker who is *lost* (line cut) does not
 * end the call: the caller goes back to the head of the line, told so. A call taker who hangs up has finished.
 */
import { later, type Instant } from '../kernel/instants.ts';
import type { Call, CallAt, EndReason, Offer } from './call.ts';
import type { CallEvent } from './events.ts';
import { noteEnd } from './offers.ts';
import type { Rules } from './rules.ts';
import { go, hush, ignore, isOver, letGo, nothingSaid, say, stay, type Station, type Step } from './station.ts';

type Talking = CallAt<'talking'>;

const ended = (call: Talking, event: CallEvent, outcome: Offer['outcome']): Call => noteEnd(call, call.state.attempt, event.time, outcome);

function finish(call: Talking, event: CallEvent, why: EndReason): Step {
  const { with: callTaker, attempt } = call.state;
  const closed = { ...ended(call, event, 'completed'), endedAt: event.time };
  return go(closed, { at: 'ended', why }, [{ do: 'notice', callTaker, tell: 'conversation-ended', attempt, lost: false }]);
}

/** NENA i3 059 in spirit: when our side fails, the call has not ended. Same ticket, so the head of the line. */
function lose(call: Talking, event: CallEvent, rules: Rules): Step {
  const { with: callTaker, attempt } = call.state;
  const silent = hush(call);
  const told = say(ended({ ...silent.call, state: call.state }, event, 'lost'), { say: 'first-again' });
  return go(told.call, { at: 'waiting', speakAt: later(event.time, rules.promptMaxMs) }, [
    ...silent.effects,
    { do: 'notice', callTaker, tell: 'conversation-ended', attempt, lost: true },
    ...told.effects,
  ]);
}

const onHold = (call: Talking, speakAt: Instant): Talking => ({ ...call, state: { ...call.state, floor: { is: 'hold', speakAt } } });
const open = (call: Talking): Talking => ({ ...call, state: { ...call.state, floor: { is: 'open' } } });

export const conversation: Station<'talking'> = {
  enter: (call) => stay(call, [{ do: 'join', attempt: call.state.attempt }]),
  leave: (call) => {
    const { attempt } = call.state;
    return stay(call, [
      { do: 'part', attempt },
      { do: 'release-call-taker', attempt },
    ]);
  },
  on: {
    CallerOffered: ignore('the caller is inside already'),
    CallerEntered: ignore('Asterisk repeats itself after a reconnect'),
    CallerLeft: (call, event) => finish({ ...call, release: event.release }, event, 'completed'),
    CallTakerLegEnded: (call, event, rules) => {
      if (event.attempt !== call.state.attempt) return ignore('the leg of an earlier offer')(call, event);
      return event.end === 'hung-up' ? finish(call, event, 'completed') : lose(call, event, rules);
    },
    CallTakerAnswered: (call, event) =>
      event.attempt === call.state.attempt
        ? ignore('Asterisk repeats itself after a reconnect')(call, event)
        : letGo('the late answer of an earlier offer')(call, event),
    FinishAsked: (call, event) =>
      event.callTaker === call.state.with ? finish(call, event, 'completed') : ignore('only who talks may finish')(call, event),
    HoldAsked: (call, event, rules) => {
      if (event.callTaker !== call.state.with) return ignore('only who talks may hold')(call, event);
      if (call.state.floor.is === 'hold') return ignore('on hold already')(call, event);
      const told = say(onHold(call, later(event.time, rules.promptMaxMs)), { say: 'hold' });
      return stay(told.call, [{ do: 'hold', attempt: call.state.attempt }, ...told.effects]);
    },
    ResumeAsked: (call, event) => {
      if (event.callTaker !== call.state.with) return ignore('only who talks may resume')(call, event);
      if (call.state.floor.is === 'open') return ignore('not on hold')(call, event);
      const silent = hush(open(call));
      return stay(silent.call, [...silent.effects, { do: 'resume', attempt: call.state.attempt }]);
    },
    UtteranceFinished: (call, event, rules) => {
      if (!isOver(call, event)) return ignore('an older utterance ended')(call, event);
      const quiet = { ...call, saying: null };
      return stay(call.state.floor.is === 'hold' ? onHold(quiet, later(event.time, rules.patienceEveryMs)) : quiet);
    },
    DeadlinePassed: (call, event, rules) => {
      const { floor } = call.state;
      if (floor.is === 'open' || event.time < floor.speakAt) return ignore('an alarm of an earlier deadline')(call, event);
      return say(onHold(call, later(event.time, rules.promptMaxMs)), { say: 'hold' });
    },
    // No prompt interrupts a conversation; on hold the next one is in the new language, at once.
    LanguageChosen: (call, event) => {
      if (event.language === call.language) return ignore('it is spoken already')(call, event);
      const chosen = { ...call, language: event.language };
      return stay(call.state.floor.is === 'hold' ? onHold(chosen, event.time) : chosen);
    },
    CallTakerClaimed: ignore('a call taker is talking already'),
    OfferWithdrawn: ignore('the offer was answered'),
    EffectFailed: (call, event, rules) => {
      const { effect } = event;
      if (effect.do === 'join' && effect.attempt === call.state.attempt) return lose(call, event, rules);
      if (effect.do === 'hold' && effect.attempt === call.state.attempt) {
        const silent = hush(open(call));
        return stay(silent.call, silent.effects);
      }
      // Nobody may stay unheard: the caller hears the hold prompt, and the call taker can ask again.
      if (effect.do === 'resume' && effect.attempt === call.state.attempt) return stay(onHold(call, event.time));
      if (effect.do === 'say' && call.saying?.utterance === effect.utterance) return stay(nothingSaid(call));
      return ignore('nothing else was asked for that could matter here')(call, event);
    },
    // The bridge and its recording outlive a controller; joining and holding once more changes nothing where they stand.
    ControllerReturned: (call) => {
      const { attempt, floor } = call.state;
      return stay(
        call,
        floor.is === 'hold'
          ? [
              { do: 'join', attempt },
              { do: 'hold', attempt },
            ]
          : [{ do: 'join', attempt }],
      );
    },
  },
};
