/**
 * Caller and call taker hear each other, recorded from the first word. Either may leave. A call taker who is *lost* (line cut) does not
 * end the call: the caller goes back to the head of the line, told so. A call taker who hangs up has finished.
 */
import { later, type Instant } from '../kernel/instants.ts';
import { askingOf, endAsking } from './askings.ts';
import type { Call, CallAt, EndReason, Offer } from './call.ts';
import type { CallEvent } from './events.ts';
import { bringIn, interpreting, loseInterpreter, prepare } from './interpreter.ts';
import type { Message } from './messages.ts';
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

const away = (call: Talking, is: 'hold' | 'private', speakAt: Instant): Talking => ({
  ...call,
  state: { ...call.state, floor: { is, speakAt } },
});
/** Once more, for whichever reason the caller is away from the conversation. */
const stillAway = (call: Talking, speakAt: Instant): Talking => away(call, call.state.floor.is === 'private' ? 'private' : 'hold', speakAt);
const wordFor = (call: Talking): Message => ({ say: call.state.floor.is === 'private' ? 'private' : 'hold' });
const open = (call: Talking): Talking => ({ ...call, state: { ...call.state, floor: { is: 'open' } } });

/** A private word is over when the interpreter is gone: the two others hear each other again. */
function backTogether(before: Talking, step: Step): Step {
  if (before.state.floor.is !== 'private' || step.call.interpreter.is === 'present') return step;
  const silent = hush(open({ ...step.call, state: before.state }));
  return stay(silent.call, [...step.effects, ...silent.effects, { do: 'resume', attempt: before.state.attempt }]);
}

export const conversation: Station<'talking'> = {
  // A prepared interpreter comes in with the first word.
  enter: (call, time) => {
    const { attempt } = call.state;
    const { interpreter } = call;
    const join = { do: 'join', attempt } as const;
    if (interpreter.is !== 'prepared') return stay(call, [join]);
    const third = bringIn(call, interpreter.leg, interpreter.language, attempt, time);
    return { call: third.call, effects: [join, ...third.effects] };
  },
  // Left to the interpreter, the bridge stays; else it ends, and the interpreter waits with the caller for the next call taker.
  leave: (call, next, time, rules) => {
    const { attempt } = call.state;
    const release = { do: 'release-call-taker', attempt } as const;
    if (next.at === 'interpreted') return stay(call, [release]);
    const parted = [{ do: 'part', attempt }, release] as const;
    const { interpreter } = call;
    if (next.at !== 'waiting' || interpreter.is !== 'present') return stay(call, parted);
    const waits = prepare(call, interpreter.leg, interpreter.language, time, rules);
    return { call: waits.call, effects: [...parted, ...waits.effects] };
  },
  on: {
    ...interpreting,
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
      if (call.state.floor.is !== 'open') return ignore('the caller is away from the conversation already')(call, event);
      const told = say(away(call, 'hold', later(event.time, rules.promptMaxMs)), { say: 'hold' });
      return stay(told.call, [{ do: 'hold', attempt: call.state.attempt }, ...told.effects]);
    },
    // The caller hears a prompt of their own; the two others and the recording go on.
    PrivateAsked: (call, event, rules) => {
      if (event.callTaker !== call.state.with) return ignore('only who talks may speak in private')(call, event);
      if (call.interpreter.is !== 'present') return ignore('no interpreter to speak with')(call, event);
      if (call.state.floor.is !== 'open') return ignore('the caller is away from the conversation already')(call, event);
      const told = say(away(call, 'private', later(event.time, rules.promptMaxMs)), { say: 'private' });
      return stay(told.call, [{ do: 'hold', attempt: call.state.attempt }, ...told.effects]);
    },
    VolunteerLegEnded: (call, event, rules) => backTogether(call, interpreting.VolunteerLegEnded(call, event, rules)),
    InterpreterDismissed: (call, event, rules) => backTogether(call, interpreting.InterpreterDismissed(call, event, rules)),
    LeaveAsked: (call, event) => {
      const { with: callTaker, attempt, floor } = call.state;
      if (event.callTaker !== callTaker) return ignore('only who talks may leave')(call, event);
      if (call.interpreter.is !== 'present' || floor.is !== 'open') return ignore('no interpreter hears the caller')(call, event);
      return go(ended(call, event, 'completed'), { at: 'interpreted', attempt, leg: call.interpreter.leg }, [
        { do: 'notice', callTaker, tell: 'conversation-ended', attempt, lost: false },
      ]);
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
      return stay(call.state.floor.is === 'open' ? quiet : stillAway(quiet, later(event.time, rules.patienceEveryMs)));
    },
    DeadlinePassed: (call, event, rules) => {
      const { floor } = call.state;
      if (floor.is === 'open' || event.time < floor.speakAt) return ignore('an alarm of an earlier deadline')(call, event);
      return say(stillAway(call, later(event.time, rules.promptMaxMs)), wordFor(call));
    },
    // No prompt interrupts a conversation; on hold the next one is in the new language, at once.
    LanguageChosen: (call, event) => {
      if (event.language === call.language) return ignore('it is spoken already')(call, event);
      const chosen = { ...call, language: event.language };
      return stay(call.state.floor.is === 'open' ? chosen : stillAway(chosen, event.time));
    },
    CallTakerClaimed: ignore('a call taker is talking already'),
    OfferWithdrawn: ignore('the offer was answered'),
    EffectFailed: (call, event, rules) => {
      const { effect } = event;
      if (effect.do === 'join' && effect.attempt === call.state.attempt) return lose(call, event, rules);
      // The two others stay; the volunteer is thanked, and the call taker may ask again.
      if (effect.do === 'join-interpreter' && call.interpreter.is === 'present' && call.interpreter.leg === effect.leg) {
        const asking = askingOf(call, effect.leg);
        return asking === undefined
          ? stay(call)
          : backTogether(
              call,
              loseInterpreter(call, asking, (now) => endAsking(now, asking, 'lost', event.time), event, rules),
            );
      }
      if (effect.do === 'hold' && effect.attempt === call.state.attempt) {
        const silent = hush(open(call));
        return stay(silent.call, silent.effects);
      }
      // Nobody may stay unheard: the caller hears the hold prompt, and the call taker can ask again.
      if (effect.do === 'resume' && effect.attempt === call.state.attempt) return stay(stillAway(call, event.time));
      if (effect.do === 'say' && call.saying?.utterance === effect.utterance) return stay(nothingSaid(call));
      return ignore('nothing else was asked for that could matter here')(call, event);
    },
    // The bridge and its recording outlive a controller; joining and holding once more changes nothing where they stand. Joining would
    // let the caller in on a private word, if only for a moment; and a caller apart is spoken to anew, as the prompt may have ended unheard.
    ControllerReturned: (call, event) => {
      const { attempt, floor } = call.state;
      const { interpreter } = call;
      const third = interpreter.is === 'present' ? [{ do: 'join-interpreter', leg: interpreter.leg, attempt } as const] : [];
      const join = { do: 'join', attempt } as const;
      const hold = { do: 'hold', attempt } as const;
      switch (floor.is) {
        case 'open':
          return stay(call, [join, ...third]);
        case 'hold':
          return stay(stillAway(call, event.time), [join, hold, ...third]);
        case 'private':
          return stay(stillAway(call, event.time), [hold, ...third]);
      }
    },
  },
};
