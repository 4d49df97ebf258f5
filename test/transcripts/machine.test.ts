import { expect, test } from 'vitest';
import { deadlineOf, interpreterDeadlineOf, isOpen, type Call, type Release } from '../../src/call/call.ts';
import { isAction } from '../../src/call/effects.ts';
import { arrive } from '../../src/call/entry.ts';
import type { CallEvent, LegEnd } from '../../src/call/events.ts';
import { transition } from '../../src/call/machine.ts';
import { callId, callTakerId, incidentId, ticket, volunteerId } from '../../src/kernel/ids.ts';
import { instant, later, type Instant } from '../../src/kernel/instants.ts';
import { REWRITE, rewrite, transcripts, VOLUNTEERS, whereTo, wordsFor, type Transcript } from './transcript.ts';

const RULES = {
  arriveWithinMs: 10_000,
  greetingMaxMs: 30_000,
  patienceEveryMs: 20_000,
  promptMaxMs: 60_000,
  ringMs: 15_000,
  seekMs: 90_000,
  volunteerRingMs: 25_000,
  acceptMs: 20_000,
  preparesInterpreter: true,
};
const START = instant(1_000_000);
const LEG_ENDS: Record<string, LegEnd> = { declines: 'declined', 'hangs up': 'hung-up', 'is cut': 'cut', 'is unreachable': 'unreachable' };
const RELEASES: Record<string, Release> = { 'hangs up': { by: 'choice', cause: 16 }, 'is cut': { by: 'cut', cause: 27 } };

function eventOf(words: string, call: Call): CallEvent {
  const time = later(START, 1000);
  const [who = '', ...rest] = words.split(' ');
  const does = rest.join(' ');
  if (VOLUNTEERS.includes(who)) return volunteerEvent(call, who, does, time);
  const attemptOf = (): number => call.offers.findLast((offer) => offer.to === who)?.attempt ?? 99;
  if (words === 'the caller is offered') return { type: 'CallerOffered', time };
  if (words === 'the caller enters') return { type: 'CallerEntered', time };
  if (words === 'the prompt ends') return { type: 'UtteranceFinished', utterance: call.saying?.utterance ?? 99, time };
  if (words === 'the controller returns') return { type: 'ControllerReturned', time };
  if (words === 'time passes') return { type: 'DeadlinePassed', outlook: { place: 1, wait: null }, time: deadlineOf(call) ?? time };
  const release = RELEASES[words.replace('the caller ', '')];
  if (release !== undefined) return { type: 'CallerLeft', release, place: 1, time };
  const end = LEG_ENDS[does];
  if (end !== undefined) return { type: 'CallTakerLegEnded', attempt: attemptOf(), end, time };
  const language = /^the language (\w+) is chosen$/.exec(words)?.[1];
  if (language !== undefined) return { type: 'LanguageChosen', language, time };
  const sought = /^an interpreter for (\w+) is asked for$/.exec(words)?.[1];
  if (sought !== undefined) return { type: 'InterpreterAsked', language: sought, time };
  if (words === 'the volunteers’ time passes') return { type: 'InterpreterDeadlinePassed', time: interpreterDeadlineOf(call) ?? time };
  const callTaker = callTakerId(who);
  if (does === 'becomes free') return { type: 'CallTakerClaimed', callTaker, time };
  if (does === 'answers') return { type: 'CallTakerAnswered', attempt: attemptOf(), time };
  if (does === 'signs off') return { type: 'OfferWithdrawn', attempt: attemptOf(), time };
  if (does === 'holds') return { type: 'HoldAsked', callTaker, time };
  if (does === 'resumes') return { type: 'ResumeAsked', callTaker, time };
  if (does === 'dismisses the interpreter') return { type: 'InterpreterDismissed', time };
  if (does === 'speaks in private') return { type: 'PrivateAsked', callTaker, time };
  if (does === 'leaves the interpreter with the caller') return { type: 'LeaveAsked', callTaker, time };
  if (does === 'finishes') return { type: 'FinishAsked', callTaker, time };
  throw new Error(`no such happening: ${words}`);
}

function volunteerEvent(call: Call, who: string, does: string, time: Instant): CallEvent {
  const leg = call.askings.findLast(({ volunteer }) => volunteer === who)?.leg ?? 99;
  switch (does) {
    case 'answers':
      return { type: 'VolunteerAnswered', leg, time };
    case 'accepts':
      return { type: 'VolunteerPressed', leg, key: '1', time };
    case 'refuses':
      return { type: 'VolunteerPressed', leg, key: '2', time };
    case 'hangs up':
      return { type: 'VolunteerLegEnded', leg, end: 'hung-up', time };
    default:
      return { type: 'VolunteerLegEnded', leg, end: 'cut', time };
  }
}

/** What the roster would answer at once: both volunteers side by side, and nobody after them. */
function rosterAnswers(before: Call, call: Call): CallEvent | null {
  const time = later(START, 1000);
  if (call.interpreter.is !== 'sought') return null;
  if (before.interpreter.is !== 'sought') {
    const volunteers = VOLUNTEERS.map((id) => ({ volunteer: volunteerId(id), address: `sip:${id}`, speaks: 'zh' }));
    return { type: 'VolunteersChosen', language: call.interpreter.language, volunteers, time };
  }
  return call.askings.some(isOpen) ? null : { type: 'NoVolunteerLeft', language: call.interpreter.language, time };
}

function run(transcript: Transcript): string[][] {
  const rules = { ...RULES, languageOffers: transcript.offers, preparesInterpreter: transcript.hasVolunteers };
  let call: Call = {
    ...arrive(
      { id: callId('c1'), time: START, number: null, calledNumber: '110', language: 'zh', incident: incidentId('0123456789') },
      rules,
    ),
    ticket: ticket(1),
    revision: 1,
  };
  return transcript.beats.map(({ happens }) => {
    const done: string[] = [];
    for (let event: CallEvent | null = eventOf(happens, call), before = call; event !== null; event = rosterAnswers(before, call)) {
      before = call;
      const step = transition(call, event, rules);
      call = step.call;
      done.push(...step.effects.filter(isAction).map((action) => wordsFor(action, call)));
    }
    return [...done, whereTo(call.state.at)];
  });
}

for (const transcript of transcripts()) {
  test(`the machine alone: ${transcript.title}`, () => {
    const done = run(transcript);
    if (REWRITE) rewrite(transcript, done);
    expect(done).toEqual(REWRITE ? done : transcript.beats.map((beat) => beat.done));
  });
}
