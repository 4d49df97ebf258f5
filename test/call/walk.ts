/**
 * Walks every reachable state of the call machine with every event, repeated and late ones included. Used by the walk's test and by the
 * drawing of the call's states; never asserts anything itself.
 */
import type { Call, Place } from '../../src/call/call.ts';
import { arrive } from '../../src/call/entry.ts';
import type { Action } from '../../src/call/effects.ts';
import type { Candidate, CallEvent, EventType, LegEnd } from '../../src/call/events.ts';
import { transition } from '../../src/call/machine.ts';
import type { Rules } from '../../src/call/rules.ts';
import type { Step } from '../../src/call/station.ts';
import type { Outlook } from '../../src/call/messages.ts';
import { callId, callTakerId, type CallTakerId, incidentId, ticket, volunteerId } from '../../src/kernel/ids.ts';
import { instant, type Instant } from '../../src/kernel/instants.ts';

const OFFERS = [
  { language: 'en', key: '1' },
  { language: 'ru', key: '2' },
];
export const RULES: Rules = {
  arriveWithinMs: 10,
  greetingMaxMs: 10,
  patienceEveryMs: 10,
  promptMaxMs: 10,
  ringMs: 10,
  languageOffers: OFFERS,
  seekMs: 100,
  volunteerRingMs: 10,
  acceptMs: 10,
  preparesInterpreter: true,
};
export const NOW = instant(1000);
/** Before any deadline, and after all of them. */
const EARLY = instant(1);
const LATE = instant(1_000_000);
/** After a ring, before the search ends. */
const SOON = instant(1050);
const ANNA = callTakerId('1001');
const BEN = callTakerId('1002');

/**
 * How far a walk goes. Every place can be crossed with every state of the interpreter, so two walks share the work: one follows the call
 * through offers and figures, the other the interpreter through two volunteers.
 */
export interface Reach {
  readonly callTakers: readonly CallTakerId[];
  readonly attemptsMax: number;
  readonly ends: readonly LegEnd[];
  readonly figures: readonly Outlook[];
  readonly candidates: readonly Candidate[];
  readonly languages: readonly string[];
}
export const THE_CALL: Reach = {
  callTakers: [ANNA, BEN],
  attemptsMax: 2,
  ends: ['no-answer', 'declined', 'unreachable', 'hung-up', 'cut'],
  figures: [
    { place: 2, wait: { fromMinutes: 1, toMinutes: 3 } },
    { place: 3, wait: { fromMinutes: 2, toMinutes: 5 } },
  ],
  candidates: [],
  languages: ['zh', 'ru'],
};
export const THE_INTERPRETER: Reach = {
  callTakers: [ANNA],
  attemptsMax: 2,
  ends: ['hung-up', 'cut'],
  figures: [],
  candidates: ['v1', 'v2'].map((id) => ({ volunteer: volunteerId(id), address: `sip:${id}`, speaks: 'zh' })),
  languages: ['ru'],
};

export const START: Call = {
  ...arrive({ id: callId('c1'), time: NOW, number: null, calledNumber: '110', language: 'zh', incident: incidentId('0123456789') }, RULES),
  revision: 1,
  ticket: ticket(7),
};

export interface Walked {
  readonly call: Call;
  readonly event: CallEvent;
  readonly step: Step;
}

/** Every event that can be told to this call: of the present attempt and utterance, of earlier ones, of ones that never were. */
export function eventsFor(call: Call, reach: Reach): readonly CallEvent[] {
  const legs = [...reach.candidates.map((_, i) => i + 1), 99];
  const attempts = [...new Set([call.offers.length, call.offers.length - 1, 99])].filter((attempt) => attempt > 0);
  const utterances = [...new Set([call.utterances, call.utterances - 1, 99])].filter((utterance) => utterance > 0);
  const at = (time: Instant) => ({ time });
  return [
    { ...at(NOW), type: 'CallerOffered' },
    { ...at(NOW), type: 'CallerEntered' },
    { ...at(NOW), type: 'CallerLeft', release: { by: 'choice', cause: 16 }, place: 2 },
    ...utterances.map((utterance): CallEvent => ({ ...at(NOW), type: 'UtteranceFinished', utterance })),
    ...attempts.map((attempt): CallEvent => ({ ...at(NOW), type: 'CallTakerAnswered', attempt })),
    ...attempts.flatMap((attempt) => reach.ends.map((end): CallEvent => ({ ...at(NOW), type: 'CallTakerLegEnded', attempt, end }))),
    ...reach.callTakers.flatMap((callTaker): CallEvent[] => [
      ...(call.offers.length < reach.attemptsMax ? [{ ...at(NOW), type: 'CallTakerClaimed', callTaker } as const] : []),
      { ...at(NOW), type: 'HoldAsked', callTaker },
      { ...at(NOW), type: 'ResumeAsked', callTaker },
      { ...at(NOW), type: 'FinishAsked', callTaker },
    ]),
    ...reach.languages.map((language): CallEvent => ({ ...at(NOW), type: 'LanguageChosen', language })),
    ...attempts.map((attempt): CallEvent => ({ ...at(NOW), type: 'OfferWithdrawn', attempt })),
    ...reach.languages.map((language): CallEvent => ({ ...at(NOW), type: 'InterpreterAsked', language })),
    ...(call.askings.length === 0 ? [{ ...at(NOW), type: 'VolunteersChosen', language: 'ru', volunteers: reach.candidates } as const] : []),
    ...['ru', 'en'].map((language): CallEvent => ({ ...at(NOW), type: 'NoVolunteerLeft', language })),
    ...legs.flatMap((leg): CallEvent[] => [
      { ...at(NOW), type: 'VolunteerAnswered', leg },
      { ...at(NOW), type: 'VolunteerPressed', leg, key: '1' },
      { ...at(NOW), type: 'VolunteerPressed', leg, key: '2' },
      { ...at(NOW), type: 'VolunteerLegEnded', leg, end: 'hung-up' },
      { ...at(NOW), type: 'VolunteerLegEnded', leg, end: 'cut' },
    ]),
    { ...at(NOW), type: 'InterpreterDismissed' },
    { ...at(EARLY), type: 'InterpreterDeadlinePassed' },
    { ...at(SOON), type: 'InterpreterDeadlinePassed' },
    { ...at(LATE), type: 'InterpreterDeadlinePassed' },
    ...reach.callTakers.flatMap((callTaker): CallEvent[] => [
      { ...at(NOW), type: 'PrivateAsked', callTaker },
      { ...at(NOW), type: 'LeaveAsked', callTaker },
    ]),
    { ...at(EARLY), type: 'DeadlinePassed', outlook: null },
    { ...at(LATE), type: 'DeadlinePassed', outlook: null },
    ...reach.figures.map((outlook): CallEvent => ({ ...at(LATE), type: 'DeadlinePassed', outlook })),
    ...effectsToFail(call).map((effect): CallEvent => ({ ...at(NOW), type: 'EffectFailed', effect, reason: 'made to fail' })),
    { ...at(NOW), type: 'ControllerReturned' },
  ];
}

function effectsToFail(call: Call): readonly Action[] {
  const attempt = Math.max(1, call.offers.length);
  const utterance = Math.max(1, call.utterances);
  return [
    { do: 'claim-caller' },
    { do: 'say', utterance, message: { say: 'greeting' } },
    { do: 'say', utterance: 99, message: { say: 'greeting' } },
    { do: 'hush', utterance },
    { do: 'ring', callTaker: ANNA, attempt, until: LATE },
    { do: 'ring', callTaker: ANNA, attempt: 99, until: LATE },
    { do: 'release-call-taker', attempt },
    { do: 'join', attempt },
    { do: 'part', attempt },
    { do: 'hold', attempt },
    { do: 'resume', attempt },
    { do: 'release-caller' },
    { do: 'join-interpreter', leg: 1, attempt },
    { do: 'join-interpreter', leg: 99, attempt },
  ];
}

/** What makes two calls the same for the walk: everything that a later step can depend on, counted figures folded. */
const shape = (call: Call): string =>
  JSON.stringify([
    { ...call.state, until: null, speakAt: null, floor: 'floor' in call.state ? call.state.floor.is : null },
    call.saying?.what ?? null,
    call.offers.map(({ to, endedAt }) => [to, endedAt === null]),
    call.told,
    call.language,
    [call.interpreter.is, 'leg' in call.interpreter ? call.interpreter.leg : null],
    call.askings.map(({ outcome, endedAt }) => (endedAt === null ? outcome : 'over')),
  ]);

/** One walk, or both. */
export const walk = (...reaches: readonly Reach[]): readonly Walked[] =>
  (reaches.length === 0 ? [THE_CALL, THE_INTERPRETER] : reaches).flatMap((reach) => walkFar(reach));

function walkFar(reach: Reach): readonly Walked[] {
  const seen = new Map<string, Call>([[shape(START), START]]);
  const todo: Call[] = [START];
  const steps: Walked[] = [];
  for (let call = todo.shift(); call !== undefined; call = todo.shift()) {
    for (const event of eventsFor(call, reach)) {
      const step = transition(call, event, RULES);
      steps.push({ call, event, step });
      const key = shape(step.call);
      if (seen.has(key)) continue;
      seen.set(key, step.call);
      todo.push(step.call);
    }
  }
  return steps;
}

/** Which places lead to which by what, for the drawing: `waiting → offered: CallTakerClaimed`. */
export function roads(steps: readonly Walked[]): ReadonlyMap<string, ReadonlySet<EventType>> {
  const found = new Map<string, Set<EventType>>();
  for (const { call, event, step } of steps) {
    if (call.state.at === step.call.state.at) continue;
    const road = `${call.state.at} ${step.call.state.at}` satisfies `${Place} ${Place}`;
    found.set(road, (found.get(road) ?? new Set()).add(event.type));
  }
  return found;
}
