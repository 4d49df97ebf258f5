/**
 * At the door: the ticket is drawn and saved, Asterisk has been asked for the channel and it has not come yet.
 * Nothing is said to the caller here. Who does not come within `until` went elsewhere: another controller, or the fallback.
 */
import type { CallId, IncidentId } from '../kernel/ids.ts';
import { later, type Instant } from '../kernel/instants.ts';
import type { PhoneNumber } from '../kernel/phone-numbers.ts';
import type { Call } from './call.ts';
import { seek, uninterpreted, wantsInterpreter } from './interpreter.ts';
import type { Rules } from './rules.ts';
import { abandon, go, ignore, letGo, stay, type Station } from './station.ts';

export interface Arrival {
  readonly id: CallId;
  readonly time: Instant;
  readonly number: PhoneNumber | null;
  readonly calledNumber: string;
  readonly language: string;
  readonly incident: IncidentId;
}

/** A call as it comes to the door; the store draws the ticket and saves it in one function. */
export function arrive(arrival: Arrival, rules: Rules): Omit<Call, 'ticket' | 'revision'> {
  const { time, ...known } = arrival;
  return {
    ...known,
    arrivedAt: time,
    enteredAt: null,
    endedAt: null,
    offers: [],
    utterances: 0,
    saying: null,
    told: { place: null, wait: null },
    interpreter: { is: 'none' },
    askings: [],
    interpreterAskedAt: null,
    release: null,
    placeWhenLeft: null,
    state: { at: 'arriving', until: later(time, rules.arriveWithinMs) },
  };
}

export const entry: Station<'arriving'> = {
  enter: (call) => stay(call, [{ do: 'claim-caller' }]),
  leave: (call) => stay(call),
  on: {
    ...uninterpreted,
    PrivateAsked: ignore('no conversation'),
    LeaveAsked: ignore('no conversation'),
    CallerOffered: (call) => stay(call, [{ do: 'claim-caller' }]),
    // Invariant 2: the ticket is at hand before the first word is said.
    // The called number, or whoever heard the caller before, may have set a language already.
    CallerEntered: (call, event, rules) => {
      const entered = { ...call, enteredAt: event.time };
      const prepared = wantsInterpreter(entered, rules) ? seek(entered, call.language, event.time, rules) : stay(entered);
      return go(prepared.call, { at: 'greeting', until: later(event.time, rules.greetingMaxMs) }, prepared.effects);
    },
    CallerLeft: (call, event) => abandon(call, event),
    // Another controller was first, or the dialplan went on to the fallback: nobody tells us, so time does.
    DeadlinePassed: (call, event) =>
      event.time < call.state.until
        ? ignore('an alarm of an earlier deadline')(call, event)
        : go({ ...call, endedAt: event.time }, { at: 'ended', why: 'elsewhere' }),
    LanguageChosen: (call, event) =>
      event.language === call.language ? ignore('it is spoken already')(call, event) : stay({ ...call, language: event.language }),
    UtteranceFinished: ignore('nothing is said at the door'),
    CallTakerAnswered: letGo('nobody was rung from the door'),
    CallTakerLegEnded: ignore('nobody was rung from the door'),
    CallTakerClaimed: ignore('a caller at the door is not in the line yet'),
    OfferWithdrawn: ignore('no offer is open'),
    HoldAsked: ignore('no conversation'),
    ResumeAsked: ignore('no conversation'),
    FinishAsked: ignore('no conversation'),
    EffectFailed: ignore('whether the channel comes, the deadline decides'),
    ControllerReturned: ignore('whether the channel comes, the deadline decides'),
  },
};
