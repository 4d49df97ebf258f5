import { expect, test } from 'vitest';
import { deadlineOf, type Call, type Release } from '../../src/call/call.ts';
import { isAction } from '../../src/call/effects.ts';
import { arrive } from '../../src/call/entry.ts';
import type { CallEvent, LegEnd } from '../../src/call/events.ts';
import { transition } from '../../src/call/machine.ts';
import { callId, callTakerId, incidentId, ticket } from '../../src/kernel/ids.ts';
import { instant, later } from '../../src/kernel/instants.ts';
import { REWRITE, rewrite, transcripts, whereTo, wordsFor, type Transcript } from './transcript.ts';

const RULES = {
  arriveWithinMs: 10_000,
  greetingMaxMs: 30_000,
  patienceEveryMs: 20_000,
  promptMaxMs: 60_000,
  ringMs: 15_000,
};
const START = instant(1_000_000);
const LEG_ENDS: Record<string, LegEnd> = { declines: 'declined', 'hangs up': 'hung-up', 'is cut': 'cut', 'is unreachable': 'unreachable' };
const RELEASES: Record<string, Release> = { 'hangs up': { by: 'choice', cause: 16 }, 'is cut': { by: 'cut', cause: 27 } };

function eventOf(words: string, call: Call): CallEvent {
  const time = later(START, 1000);
  const [who = '', ...rest] = words.split(' ');
  const does = rest.join(' ');
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
  const callTaker = callTakerId(who);
  if (does === 'becomes free') return { type: 'CallTakerClaimed', callTaker, time };
  if (does === 'answers') return { type: 'CallTakerAnswered', attempt: attemptOf(), time };
  if (does === 'signs off') return { type: 'OfferWithdrawn', attempt: attemptOf(), time };
  if (does === 'holds') return { type: 'HoldAsked', callTaker, time };
  if (does === 'resumes') return { type: 'ResumeAsked', callTaker, time };
  if (does === 'finishes') return { type: 'FinishAsked', callTaker, time };
  throw new Error(`no such happening: ${words}`);
}

function run(transcript: Transcript): string[][] {
  const rules = { ...RULES, languageOffers: transcript.offers };
  let call: Call = {
    ...arrive(
      { id: callId('c1'), time: START, number: null, calledNumber: '110', language: 'zh', incident: incidentId('0123456789') },
      rules,
    ),
    ticket: ticket(1),
    revision: 1,
  };
  return transcript.beats.map(({ happens }) => {
    const step = transition(call, eventOf(happens, call), rules);
    call = step.call;
    return [...step.effects.filter(isAction).map((action) => wordsFor(action, call)), whereTo(call.state.at)];
  });
}

for (const transcript of transcripts()) {
  test(`the machine alone: ${transcript.title}`, () => {
    const done = run(transcript);
    if (REWRITE) rewrite(transcript, done);
    expect(done).toEqual(REWRITE ? done : transcript.beats.map((beat) => beat.done));
  });
}
