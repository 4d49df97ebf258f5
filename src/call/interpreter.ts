/**
 * The interpreter's part of a call, the same wherever the caller stands: sought among the volunteers, prepared while nobody talks yet,
 * present in the conversation. Answered is not a person: only a key is a yes. Who is rung next is the roster's matter, not decided here.
 */
import { later, type Instant } from '../kernel/instants.ts';
import { askingOf, chain, endAsking, endOf, endOpen, note, noteEnded, ringAll } from './askings.ts';
import { isOpen, type Asking, type Call } from './call.ts';
import type { AboutInterpreter, CallEvent, EventOf } from './events.ts';
import type { Message } from './messages.ts';
import type { Rules } from './rules.ts';
import { ignore, stay, type Step } from './station.ts';

const ACCEPT_KEY = '1';

type Here = Exclude<AboutInterpreter['type'], 'PrivateAsked' | 'LeaveAsked'>;
type Answers = { readonly [T in Here]: (call: Call, event: EventOf<T>, rules: Rules) => Step };

/** Where the centre wants it so, a caller in a foreign language is found an interpreter while they wait. */
export function wantsInterpreter({ language, interpreter }: Call, rules: Rules): boolean {
  const isForeign = rules.languageOffers.some((offer) => offer.language === language);
  const isServed =
    interpreter.is === 'prepared' || interpreter.is === 'present' || (interpreter.is === 'sought' && interpreter.language === language);
  return rules.preparesInterpreter && isForeign && !isServed;
}

/** Ask for one; whoever is being asked for another language is let go. Who was asked before `since` may be asked anew. */
export function seek(call: Call, language: string, time: Instant, rules: Rules, since: Instant = time): Step {
  const cleared = endOpen(call, 'withdrawn', time);
  const asked = { ...cleared.call, interpreterAskedAt: call.interpreterAskedAt ?? time };
  return {
    call: { ...asked, interpreter: { is: 'sought', language, since, until: later(time, rules.seekMs) } },
    effects: cleared.effects,
  };
}

/** Say something to a volunteer; the utterance's number is used once, like those to the caller. */
function tell(call: Call, asking: Asking, message: Message): Step {
  const utterance = call.utterances + 1;
  return stay({ ...call, utterances: utterance }, [{ do: 'tell-volunteer', leg: asking.leg, utterance, message, language: asking.speaks }]);
}

/** Accepted, and nobody to talk to yet: the volunteer hears that it will be a moment. */
export function prepare(call: Call, leg: number, language: string, time: Instant, rules: Rules): Step {
  const asking = askingOf(call, leg);
  const prepared: Call = { ...call, interpreter: { is: 'prepared', language, leg, speakAt: later(time, rules.patienceEveryMs) } };
  return asking === undefined ? stay(prepared) : tell(prepared, asking, { say: 'volunteer-wait' });
}

/** Into the running conversation; the recording goes on. */
export function bringIn(call: Call, leg: number, language: string, attempt: number, time: Instant): Step {
  const joinedAt = askingOf(call, leg)?.joinedAt ?? time;
  return stay(note({ ...call, interpreter: { is: 'present', language, leg } }, leg, { joinedAt }), [
    { do: 'join-interpreter', leg, attempt },
  ]);
}

/** The call is over: whoever was asked is thanked and let go. */
export function letAllGo(call: Call, time: Instant): Step {
  const open = endOpen(call, 'withdrawn', time);
  const gone = { ...open.call, interpreter: { is: 'none' } as const };
  const serving = gone.askings.find(({ outcome }) => outcome === 'accepted');
  if (serving === undefined) return { call: gone, effects: open.effects };
  const ended = endAsking(gone, serving, serving.joinedAt === null ? 'withdrawn' : 'served', time);
  return { call: ended.call, effects: [...open.effects, ...ended.effects] };
}

/** The first who accepts wins; the others are let go with a word. */
function accept(call: Call, asking: Asking, time: Instant, rules: Rules): Step {
  const alone = endOpen(call, 'beaten', time, asking.leg);
  const accepted = note(alone.call, asking.leg, { outcome: 'accepted', acceptedAt: time });
  const next =
    call.state.at === 'talking'
      ? bringIn(accepted, asking.leg, asking.language, call.state.attempt, time)
      : prepare(accepted, asking.leg, asking.language, time, rules);
  const notice = { do: 'volunteer-notice', volunteer: asking.volunteer, tell: 'serving', leg: asking.leg } as const;
  return { call: next.call, effects: [notice, ...alone.effects, ...next.effects] };
}

/** Whoever served is gone; in a conversation the two others stay, before one another volunteer is sought. */
export function loseInterpreter(call: Call, asking: Asking, end: (call: Call) => Step, event: CallEvent, rules: Rules): Step {
  const ended = end(call);
  if (call.interpreter.is !== 'prepared') return { call: { ...ended.call, interpreter: { is: 'none' } }, effects: ended.effects };
  // The same search goes on: whoever has just left it is not rung again.
  const again = seek(ended.call, asking.language, event.time, rules, asking.askedAt);
  return { call: again.call, effects: [...ended.effects, ...again.effects] };
}

/** The roster may answer late, when another language is needed already. */
const isSought = (call: Call, language: string): boolean => call.interpreter.is === 'sought' && call.interpreter.language === language;

const isServing = (call: Call, leg: number): boolean =>
  (call.interpreter.is === 'prepared' || call.interpreter.is === 'present') && call.interpreter.leg === leg;

/** For every place in which a caller is ours. */
export const interpreting: Answers = {
  InterpreterAsked: (call, event, rules) => {
    const { interpreter } = call;
    if (interpreter.is === 'present' || interpreter.is === 'prepared') return ignore('an interpreter is there; dismiss first')(call, event);
    if (interpreter.is === 'sought' && interpreter.language === event.language) return ignore('one is being sought already')(call, event);
    return seek(call, event.language, event.time, rules);
  },
  VolunteersChosen: (call, event, rules) =>
    isSought(call, event.language) && event.volunteers.length > 0
      ? ringAll(call, event.volunteers, event.language, event.time, rules)
      : ignore('nobody is sought any more')(call, event),
  NoVolunteerLeft: (call, event) =>
    isSought(call, event.language) && !call.askings.some(isOpen)
      ? stay({ ...call, interpreter: { is: 'nobody', language: event.language } })
      : ignore('somebody is still being asked, or nobody is sought')(call, event),
  // Answered is not a person: who asks and for what is said, and a key is waited for.
  VolunteerAnswered: (call, event, rules) => {
    const asking = askingOf(call, event.leg);
    if (asking?.outcome === 'ringing' && call.interpreter.is === 'sought') {
      const hearing = note(call, event.leg, { outcome: 'hearing', answeredAt: event.time, until: later(event.time, rules.acceptMs) });
      return tell(hearing, asking, { say: 'volunteer-asked', language: asking.language });
    }
    if (asking !== undefined && (isOpen(asking) || isServing(call, event.leg))) return ignore('heard before')(call, event);
    return {
      call,
      effects: [{ do: 'release-volunteer', leg: event.leg, utterance: 0, thanks: null }],
      ignored: 'the late answer of a volunteer who is not needed any more',
    };
  },
  VolunteerPressed: (call, event, rules) => {
    const asking = askingOf(call, event.leg);
    if (asking?.outcome !== 'hearing') return ignore('not waited for: accepted already, or another was first')(call, event);
    return event.key === ACCEPT_KEY ? accept(call, asking, event.time, rules) : endAsking(call, asking, 'refused', event.time);
  },
  VolunteerLegEnded: (call, event, rules) => {
    const asking = askingOf(call, event.leg);
    if (asking === undefined || asking.endedAt !== null) return ignore('let go already, or never rung')(call, event);
    if (isOpen(asking)) return noteEnded(call, asking, endOf(asking, event.end), event.time);
    const outcome = event.end === 'hung-up' ? 'served' : 'lost';
    return loseInterpreter(call, asking, (now) => noteEnded(now, asking, outcome, event.time), event, rules);
  },
  InterpreterDismissed: (call, event) => {
    const { interpreter } = call;
    if (interpreter.is === 'none' || interpreter.is === 'nobody') return ignore('no interpreter to dismiss')(call, event);
    return letAllGo(call, event.time);
  },
  InterpreterDeadlinePassed: (call, event, rules) => {
    const { interpreter } = call;
    if (interpreter.is === 'prepared' && event.time >= interpreter.speakAt) {
      return prepare(call, interpreter.leg, interpreter.language, event.time, rules);
    }
    if (interpreter.is !== 'sought') return ignore('an alarm of an earlier deadline')(call, event);
    if (event.time >= interpreter.until) {
      const ended = endOpen(call, 'withdrawn', event.time);
      return { call: { ...ended.call, interpreter: { is: 'nobody', language: interpreter.language } }, effects: ended.effects };
    }
    const late = call.askings.filter((asking) => isOpen(asking) && event.time >= asking.until);
    if (late.length === 0) return ignore('an alarm of an earlier deadline')(call, event);
    return chain(call, late, (now, asking) => endAsking(now, asking, asking.outcome === 'hearing' ? 'silent' : 'no-answer', event.time));
  },
};

/** For the door and for a call that is over: nobody is sought, and whoever still answers is let go. */
export const uninterpreted: Answers = {
  InterpreterAsked: ignore('the caller is not here'),
  VolunteersChosen: ignore('nobody is sought here'),
  NoVolunteerLeft: ignore('nobody is sought here'),
  VolunteerAnswered: (call, event) => ({
    call,
    effects: [{ do: 'release-volunteer', leg: event.leg, utterance: 0, thanks: null }],
    ignored: 'the late answer of a volunteer: there is no conversation',
  }),
  VolunteerPressed: ignore('nobody is sought here'),
  VolunteerLegEnded: ignore('let go already'),
  InterpreterDismissed: ignore('no interpreter to dismiss'),
  InterpreterDeadlinePassed: ignore('an alarm of an earlier deadline'),
};
