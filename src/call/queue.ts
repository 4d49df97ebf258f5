/**
 * The line: the caller waits, hears at set intervals that they should not hang up, their place when it has improved, and an honest
 * wait. Who is served next is not decided here; a claim arrives as an event.
 */
import { later, type Instant } from '../kernel/instants.ts';
import type { Call, CallAt } from './call.ts';
import type { CallEvent } from './events.ts';
import type { Outlook, WaitRange } from './messages.ts';
import { interpreting } from './interpreter.ts';
import { offerTo } from './offers.ts';
import type { Rules } from './rules.ts';
import { abandon, ignore, isOver, letGo, nothingSaid, say, stay, type Station, type Step } from './station.ts';
import { inLanguage, isWelcome } from './welcome.ts';

const speakAgainAt = (call: Call, at: Instant): Call => ({ ...call, state: { at: 'waiting', speakAt: at } });

/** The patience prompt. A place is told only when it has improved, a wait only when it has not risen (field: never a rising figure). */
function speak(call: CallAt<'waiting'>, event: CallEvent, outlook: Outlook | null, rules: Rules): Step {
  const place = outlook !== null && (call.told.place === null || outlook.place < call.told.place) ? outlook.place : null;
  const wait = outlook?.wait != null && !hasRisen(call.told.wait, outlook.wait) ? outlook.wait : null;
  const told = { place: place ?? call.told.place, wait: wait ?? call.told.wait };
  return say(speakAgainAt({ ...call, told }, later(event.time, rules.promptMaxMs)), {
    say: 'patience',
    place,
    wait,
    interpreter: newsOf(call),
  });
}

const newsOf = ({ interpreter }: Call): 'sought' | 'found' | null =>
  interpreter.is === 'sought' ? 'sought' : interpreter.is === 'prepared' ? 'found' : null;

const hasRisen = (told: WaitRange | null, now: WaitRange): boolean =>
  told !== null && (now.toMinutes > told.toMinutes || now.fromMinutes > told.fromMinutes);

export const queue: Station<'waiting'> = {
  enter: (call) => stay(call),
  leave: (call) => stay(call),
  on: {
    ...interpreting,
    PrivateAsked: ignore('no conversation'),
    LeaveAsked: ignore('no conversation'),
    CallerOffered: ignore('the caller is inside already'),
    CallerEntered: ignore('Asterisk repeats itself after a reconnect'),
    CallerLeft: (call, event) => abandon(call, event),
    // After the greeting the place is told at once; after a prompt there is peace for a while.
    UtteranceFinished: (call, event, rules) => {
      if (!isOver(call, event)) return ignore('an older utterance ended')(call, event);
      const peace = isWelcome(call) ? 0 : rules.patienceEveryMs;
      return stay(speakAgainAt(nothingSaid(call), later(event.time, peace)));
    },
    // Heard at once: what is being said is hushed by the prompt in the new language.
    LanguageChosen: (call, event, rules) => {
      if (event.language === call.language) return ignore('it is spoken already')(call, event);
      const chosen = inLanguage(call, event.language, event.time, rules);
      return stay(speakAgainAt(chosen.call, event.time), chosen.effects);
    },
    DeadlinePassed: (call, event, rules) =>
      event.time < call.state.speakAt ? ignore('an alarm of an earlier deadline')(call, event) : speak(call, event, event.outlook, rules),
    // Promise 1: in order of arrival. The prompt that is being said is hushed by the offer.
    CallTakerClaimed: (call, event, rules) => offerTo(call, event.callTaker, event.time, rules),
    CallTakerAnswered: letGo('the offer is over and the caller is back in the line'),
    CallTakerLegEnded: ignore('the offer is over already'),
    OfferWithdrawn: ignore('the offer is over already'),
    HoldAsked: ignore('no conversation'),
    ResumeAsked: ignore('no conversation'),
    FinishAsked: ignore('no conversation'),
    EffectFailed: (call, event, rules) =>
      event.effect.do === 'say' && call.saying?.utterance === event.effect.utterance
        ? stay(speakAgainAt(nothingSaid(call), later(event.time, rules.patienceEveryMs)))
        : ignore('nothing else was asked for that could matter here')(call, event),
    // What was being said may have ended while nobody listened: speak anew, at once.
    ControllerReturned: (call, event) => stay(speakAgainAt(call, event.time)),
  },
};
