/**
 * The greeting: "hello, this is 110 …". The caller is in the line already: a free call taker is rung while the greeting
 * is still heard, so a greeting costs nobody time and nobody who came later can be offered first.
 */
import { later } from '../kernel/instants.ts';
import type { Call } from './call.ts';
import type { CallEvent } from './events.ts';
import { interpreting } from './interpreter.ts';
import { offerTo } from './offers.ts';
import { abandon, go, hush, ignore, isOver, letGo, nothingSaid, say, stay, type Station, type Step } from './station.ts';
import { inLanguage, menuAfter } from './welcome.ts';

const toLine = (call: Call, event: CallEvent): Step => go(nothingSaid(call), { at: 'waiting', speakAt: event.time });

export const greeting: Station<'greeting'> = {
  enter: (call) => say(call, { say: 'greeting' }),
  leave: (call) => stay(call),
  on: {
    ...interpreting,
    PrivateAsked: ignore('no conversation'),
    LeaveAsked: ignore('no conversation'),
    CallerOffered: ignore('the caller is inside already'),
    CallerEntered: ignore('Asterisk repeats itself after a reconnect'),
    CallerLeft: (call, event) => abandon(call, event),
    UtteranceFinished: (call, event, rules) => {
      if (!isOver(call, event)) return ignore('an older utterance ended')(call, event);
      const menu = menuAfter(call, rules);
      if (menu === null) return toLine(call, event);
      return say({ ...nothingSaid(call), state: { at: 'greeting', until: later(event.time, rules.greetingMaxMs) } }, menu);
    },
    // A key at any time changes the language at once, in the middle of a word too.
    LanguageChosen: (call, event, rules) => {
      if (event.language === call.language) return ignore('it is spoken already')(call, event);
      const chosen = inLanguage(call, event.language, event.time, rules);
      const again = say({ ...chosen.call, state: { at: 'greeting', until: later(event.time, rules.greetingMaxMs) } }, { say: 'greeting' });
      return stay(again.call, [...chosen.effects, ...again.effects]);
    },
    // Invariant 3: a greeting whose end was never told must not keep a caller from the line's prompts.
    DeadlinePassed: (call, event) => {
      if (event.time < call.state.until) return ignore('an alarm of an earlier deadline')(call, event);
      const silent = hush(call);
      return go(silent.call, { at: 'waiting', speakAt: event.time }, silent.effects);
    },
    // Promise 1: answered in order of arrival, and at once when somebody is free.
    CallTakerClaimed: (call, event, rules) => offerTo(call, event.callTaker, event.time, rules),
    CallTakerAnswered: letGo('nobody was rung yet'),
    CallTakerLegEnded: ignore('nobody was rung yet'),
    OfferWithdrawn: ignore('no offer is open'),
    HoldAsked: ignore('no conversation'),
    ResumeAsked: ignore('no conversation'),
    FinishAsked: ignore('no conversation'),
    EffectFailed: (call, event) =>
      event.effect.do === 'say' && call.saying?.utterance === event.effect.utterance
        ? toLine(call, event)
        : ignore('nothing else was asked for that could matter here')(call, event),
    ControllerReturned: (call) => say(call, { say: 'greeting' }),
  },
};
