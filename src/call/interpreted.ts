/**
 * Caller and interpreter alone: the call taker has left on purpose. The bridge and its recording stay. Whoever of the two leaves ends
 * it; a cut interpreter puts the caller back at the head of the line, for a call taker to help.
 */
import { later, type Instant } from '../kernel/instants.ts';
import { askingOf, noteEnded } from './askings.ts';
import type { Call, CallAt } from './call.ts';
import type { EventOf } from './events.ts';
import { interpreting, letAllGo } from './interpreter.ts';
import type { Rules } from './rules.ts';
import { go, ignore, letGo, nothingSaid, say, stay, type Station, type Step } from './station.ts';

type Left = CallAt<'interpreted'>;

const over = (call: Left, time: Instant): Step => go({ ...call, endedAt: time }, { at: 'ended', why: 'completed' });

function interpreterGone(call: Left, event: EventOf<'VolunteerLegEnded'>, rules: Rules): Step {
  const asking = askingOf(call, event.leg);
  if (asking === undefined || event.leg !== call.state.leg || asking.endedAt !== null)
    return interpreting.VolunteerLegEnded(call, event, rules);
  const isChosen = event.end === 'hung-up';
  const ended = noteEnded({ ...call, interpreter: { is: 'none' } }, asking, isChosen ? 'served' : 'lost', event.time);
  if (isChosen) {
    const done = over({ ...ended.call, state: call.state }, event.time);
    return { call: done.call, effects: [...ended.effects, ...done.effects] };
  }
  const back = backToLine(ended.call, event.time, rules);
  return { call: back.call, effects: [...ended.effects, ...back.effects] };
}

/** For a call taker to help: same ticket, so the head of the line. */
function backToLine(call: Call, time: Instant, rules: Rules): Step {
  const told = say(call, { say: 'first-again' });
  return go(told.call, { at: 'waiting', speakAt: later(time, rules.promptMaxMs) }, told.effects);
}

export const interpreted: Station<'interpreted'> = {
  enter: (call) => stay(call),
  leave: (call) => stay(call, [{ do: 'part', attempt: call.state.attempt }]),
  on: {
    ...interpreting,
    CallerOffered: ignore('the caller is inside already'),
    CallerEntered: ignore('Asterisk repeats itself after a reconnect'),
    CallerLeft: (call, event) => over({ ...call, release: event.release }, event.time),
    UtteranceFinished: (call, event) =>
      call.saying?.utterance === event.utterance ? stay(nothingSaid(call)) : ignore('an older utterance ended')(call, event),
    CallTakerAnswered: letGo('the call taker has left on purpose'),
    CallTakerLegEnded: ignore('the call taker has left on purpose'),
    CallTakerClaimed: ignore('the caller is in conversation with the interpreter'),
    OfferWithdrawn: ignore('no offer is open'),
    HoldAsked: ignore('no call taker is here'),
    ResumeAsked: ignore('no call taker is here'),
    FinishAsked: ignore('no call taker is here'),
    PrivateAsked: ignore('no call taker is here'),
    LeaveAsked: ignore('the call taker has left already'),
    LanguageChosen: (call, event) =>
      event.language === call.language ? ignore('it is spoken already')(call, event) : stay({ ...call, language: event.language }),
    InterpreterAsked: ignore('the interpreter is there'),
    VolunteerLegEnded: interpreterGone,
    // Invariant 3: whoever sends the interpreter away sends no caller away.
    InterpreterDismissed: (call, event, rules) => {
      const alone = letAllGo(call, event.time);
      const back = backToLine(alone.call, event.time, rules);
      return { call: back.call, effects: [...alone.effects, ...back.effects] };
    },
    DeadlinePassed: ignore('an alarm of an earlier deadline'),
    EffectFailed: ignore('nothing was asked for that could matter here'),
    ControllerReturned: (call) => stay(call, [{ do: 'join-interpreter', leg: call.state.leg, attempt: call.state.attempt }]),
  },
};
