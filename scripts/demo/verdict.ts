/**
 * Was everything right? Pure: from what was planned and what was seen (by the callers' programs, the phones, the sink and the files, not
 * only by the product itself) to a list of checks, each with what is wrong. Never looks at anything itself.
 */
import { isDeepStrictEqual } from 'node:util';
import type { SinkView } from '../../src/control/room-ports.ts';
import type { Incident } from '../../src/incident/incident.ts';
import type { ShownCall } from './api.ts';
import type { Ring } from './call-taker.ts';
import type { Arrived } from './carrier.ts';
import { VOICES, VOLUNTEER, type Caller, type Foreign, type Voice } from './cast.ts';
import type { Heard } from './sounds.ts';
import { atDispatch, textCases, textChecks, type TextCase } from './text-verdict.ts';
import type { Texter } from './texters.ts';
import type { VolunteerRing } from './volunteer.ts';

/** One delivery, as the sink got it. */
export interface Delivered {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly type: string;
  readonly incident: Incident;
  /** Why the signature is not genuine; `null`: it is. */
  readonly complaint: string | null;
  /** Whether the sink said 2xx. */
  readonly isAccepted: boolean;
}

/** Whose tones arrived at one of the three in a conversation with an interpreter. */
export interface Hearing {
  readonly at: Voice;
  readonly heard: readonly Voice[];
}

export interface Evidence {
  /** In the order in which the calls were placed; `went`: what the caller's own program says. */
  readonly callers: readonly { readonly caller: Caller; readonly went: boolean | null }[];
  /** Who wrote, and what arrived at phones. */
  readonly texters: readonly Texter[];
  readonly arrived: readonly Arrived[];
  readonly calls: readonly ShownCall[];
  readonly incidents: readonly Incident[];
  readonly rings: readonly Ring[];
  readonly deliveries: readonly Delivered[];
  /** By the name on record; `null`: no such file. */
  readonly recordings: ReadonlyMap<string, { readonly seconds: number; readonly isSilent: boolean } | null>;
  readonly sinks: readonly SinkView[];
  /** What Asterisk played to the callers, in order. */
  readonly heard: readonly Heard[];
  readonly volunteerRings: readonly VolunteerRing[];
  readonly hearings: readonly Hearing[];
  /** What the launcher told of parts that ended unasked. */
  readonly accidents: readonly string[];
}

export interface Check {
  readonly what: string;
  /** Sentences; empty: it is right. */
  readonly wrong: readonly string[];
}

interface Case {
  readonly caller: Caller;
  readonly name: string;
  readonly call: ShownCall | undefined;
  readonly incident: Incident | undefined;
  readonly deliveries: readonly Delivered[];
}

const LAST_DIGITS = 2;
const SECONDS_MIN = 2; // as far as the shortest conversation of the play must have been recorded
/** The caller's program counts from the answer, the record from the ticket, and the machine may be slow. */
const LATE_MS = 1000;

export function verdict(evidence: Evidence): readonly Check[] {
  const cases = evidence.callers.map(({ caller }): Case => {
    const call = evidence.calls.find(({ number }) => number === caller.number);
    const incident = evidence.incidents.find(({ id }) => id === call?.incident);
    const deliveries = evidence.deliveries.filter((one) => one.incident.id === incident?.id);
    return { caller, name: `caller …${caller.number.slice(-LAST_DIGITS)}`, call, incident, deliveries };
  });
  const texts = textCases(evidence.texters, evidence.incidents, evidence.deliveries, evidence.arrived);
  const checks: readonly (readonly [string, Iterable<string>])[] = [
    ['every caller was taken in, and every call ended as it should', ended(evidence, cases)],
    ['tickets were drawn in the order of arrival and answered in the order of tickets', order(evidence, cases)],
    ['the caller whom one call taker did not answer kept the ticket and was answered by the other', missed(evidence, cases)],
    ['the abandoned call is on record, was called back and is closed', abandoned(cases)],
    ['the caller who speaks no Chinese was spoken to in their own language from the key on', spokenTo(evidence, cases)],
    ['a volunteer interpreter was asked, accepted by a key, and each of the three heard the two others', interpreted(evidence, cases)],
    ['language and interpreter are on record, and dispatch has them', onRecord(cases)],
    ...textChecks(texts),
    ['every expected incident reached the webhook as it stands on record, and nothing else did', delivered(evidence, cases, texts)],
    ['every delivery had a valid signature, versions in order', genuine(evidence, [...cases, ...texts])],
    ['every conversation is recorded', recorded(evidence, cases)],
    ['no part of the stack ended by itself, and nothing is left in the outbox', calm(evidence)],
  ];
  return checks.map(([what, wrong]) => ({ what, wrong: [...wrong] }));
}

export const isRight = (checks: readonly Check[]): boolean => checks.every(({ wrong }) => wrong.length === 0);

function* ended({ callers, calls }: Evidence, cases: readonly Case[]): Generator<string> {
  for (const [at, { caller, name, call }] of cases.entries()) {
    if (callers[at]?.went !== true) yield `${name}: the caller's own program says that the call did not go as planned`;
    const why = caller.fate.is === 'gives-up' ? 'abandoned' : 'completed';
    if (call === undefined) yield `${name}: there is no record of the call`;
    else if (call.state !== 'ended' || call.why !== why) yield `${name}: ${call.why ?? call.state} instead of ${why}`;
  }
  if (calls.length !== cases.length) yield `${calls.length} calls are on record, and ${cases.length} were placed`;
}

function* order({ rings }: Evidence, cases: readonly Case[]): Generator<string> {
  for (const [at, { name, call }] of cases.entries()) {
    if (call !== undefined && call.ticket !== at + 1) yield `${name} came as number ${at + 1} and has ticket ${call.ticket}`;
  }
  const planned = cases.filter(({ caller }) => caller.fate.is !== 'gives-up').map(({ caller }) => caller.number);
  const answered = rings
    .filter((ring) => ring.pickedUpAt !== null)
    .toSorted((a, b) => (a.pickedUpAt ?? 0) - (b.pickedUpAt ?? 0))
    .map((ring) => ring.shown);
  if (answered.join() !== planned.join()) {
    const short = (numbers: readonly string[]): string => numbers.map((number) => `…${number.slice(-LAST_DIGITS)}`).join(', ') || 'nobody';
    yield `the phones answered ${short(answered)}, and the order of tickets is ${short(planned)}`;
  }
}

function* missed({ rings }: Evidence, cases: readonly Case[]): Generator<string> {
  const [unanswered, ...more] = rings.filter((ring) => ring.pickedUpAt === null);
  if (unanswered === undefined) {
    yield 'every ring was answered, and one should not have been';
    return;
  }
  if (more.length > 0) yield `${more.length + 1} rings were left unanswered, and one should have been`;
  const found = cases.find(({ caller }) => caller.number === unanswered.shown);
  const offers = found?.call?.offers ?? [];
  if (offers.map(({ outcome }) => outcome).join() !== 'no-answer,completed') {
    yield `the record says ${offers.map(({ outcome }) => outcome).join(', ') || 'nothing'} instead of no-answer, completed`;
  }
  const other = rings.find((ring) => ring.shown === unanswered.shown && ring.pickedUpAt !== null);
  if (other === undefined || other.desk === unanswered.desk) yield 'no other call taker answered that caller';
}

function* abandoned(cases: readonly Case[]): Generator<string> {
  for (const { caller, name, incident, deliveries } of cases) {
    if (caller.fate.is !== 'gives-up') continue;
    if (incident === undefined) {
      yield `${name}: there is no record of the abandoned call`;
      continue;
    }
    const { matter, reporter, call, status, disposition } = incident;
    if (matter.class !== 'abandoned') yield `${name}: it is on record as ${matter.class}`;
    if (reporter.number !== caller.number) yield `${name}: the number to call back is not on record`;
    if (call?.waitedSeconds == null || call.waitedSeconds * 1000 < caller.fate.afterMs - LATE_MS)
      yield `${name}: the wait on record is ${call?.waitedSeconds ?? 'missing'} s`;
    if (call?.placeWhenLeft == null) yield `${name}: the place in the line is not on record`;
    if (status !== 'closed' || disposition?.outcome !== caller.fate.closing.outcome)
      yield `${name}: it is ${status}, not closed as ${caller.fate.closing.outcome}`;
    const types = [...new Set(deliveries.filter(({ isAccepted }) => isAccepted).map(({ type }) => type))].join(', ');
    if (types !== 'incident.abandoned, incident.closed')
      yield `${name}: dispatch accepted ${types || 'nothing'} instead of incident.abandoned, incident.closed`;
  }
}

/** Those who need an interpreter; without any there is nothing to be proud of. */
function* foreign(cases: readonly Case[]): Generator<Case & { readonly speaks: Foreign }> {
  for (const one of cases) if (one.caller.speaks !== undefined) yield { ...one, speaks: one.caller.speaks };
}

function* spokenTo({ heard }: Evidence, cases: readonly Case[]): Generator<string> {
  const all = [...foreign(cases)];
  if (all.length === 0) yield 'nobody called who speaks no Chinese';
  for (const { name, call, speaks } of all) {
    if (call !== undefined && call.language !== speaks.language)
      yield `${name}: the call is in ${call.language}, not in ${speaks.language}`;
    const own = heard.filter((one) => one.call === call?.id);
    const menu = own.findIndex(({ language, clip }) => language === speaks.language && clip === `menu/${speaks.key}`);
    if (menu < 0) yield `${name}: the menu did not offer ${speaks.name}`;
    // What the menu says in other languages after that was under way when the key came.
    const after = own.slice(menu + 1).filter(({ clip }) => !clip.startsWith('menu/'));
    const others = [...new Set(after.filter(({ language }) => language !== speaks.language).map(({ language }) => language))];
    if (others.length > 0) yield `${name}: was spoken to in ${others.join(', ')} after the key`;
    if (!after.some(({ language }) => language === speaks.language)) yield `${name}: heard no ${speaks.name} after the key`;
    if (!after.some(({ clip }) => clip.startsWith('interpreter/'))) yield `${name}: was not told of an interpreter`;
  }
}

function* interpreted({ volunteerRings, hearings }: Evidence, cases: readonly Case[]): Generator<string> {
  const [ring, ...more] = volunteerRings;
  if (ring === undefined) {
    yield "the volunteer's phone did not ring";
    return;
  }
  if (more.length > 0) yield `the volunteer's phone rang ${volunteerRings.length} times`;
  if (cases.some(({ caller }) => ring.shown.includes(caller.number))) yield 'the volunteer was shown the number of a caller';
  if (!ring.isAsked) yield 'the volunteer was asked nothing';
  if (ring.pressed === null) yield 'the volunteer pressed no key';
  for (const { name, call } of foreign(cases)) {
    const interpreter = call?.interpreter;
    const asked = interpreter?.asked.map(({ volunteer, outcome }) => `${volunteer} ${outcome}`).join(', ') ?? '';
    if (asked !== `${VOLUNTEER.id} served`)
      yield `${name}: the record of the call says ${asked || 'nobody'} instead of ${VOLUNTEER.id} served`;
    if (interpreter?.joinedAt == null) yield `${name}: no interpreter came into the conversation`;
  }
  for (const voice of VOICES) {
    const heard = hearings.find(({ at }) => at === voice)?.heard ?? [];
    const missing = VOICES.filter((other) => other !== voice && !heard.includes(other));
    if (missing.length > 0) yield `the ${voice} did not hear the ${missing.join(' and the ')}`;
  }
}

function* onRecord(cases: readonly Case[]): Generator<string> {
  for (const { name, incident, deliveries, speaks } of foreign(cases)) {
    const delivered = deliveries.findLast(({ isAccepted }) => isAccepted)?.incident;
    for (const [whose, document] of [
      ['on record', incident],
      ['at dispatch', delivered],
    ] as const) {
      if (document === undefined) {
        yield `${name}: there is nothing ${whose}`;
        continue;
      }
      const { reporter, call } = document;
      const interpreter = call?.interpreter ?? null;
      if (reporter.language !== speaks.onRecord) yield `${name}: the language ${whose} is ${reporter.language}, not ${speaks.onRecord}`;
      if (interpreter === null) {
        yield `${name}: no interpreter is ${whose}`;
        continue;
      }
      if (interpreter.language !== speaks.onRecord) yield `${name}: the interpreter ${whose} is for ${interpreter.language}`;
      if (interpreter.volunteer !== VOLUNTEER.id) yield `${name}: the interpreter ${whose} is ${interpreter.volunteer ?? 'nobody'}`;
      if (interpreter.acceptedAt === null) yield `${name}: when the interpreter accepted is not ${whose}`;
      if (interpreter.joinedAt === null) yield `${name}: when the interpreter came in is not ${whose}`;
    }
  }
}

function* delivered({ deliveries }: Evidence, cases: readonly Case[], texts: readonly TextCase[]): Generator<string> {
  for (const { caller, name, incident, deliveries: own } of cases) {
    const { fate } = caller;
    if (incident === undefined) {
      yield `${name}: there is no incident`;
      continue;
    }
    const accepted = own.filter(({ isAccepted }) => isAccepted);
    if (fate.is === 'not-sent') {
      if (own.length > 0) yield `${name}: dispatch received what is no matter for it`;
      if (incident.disposition?.outcome !== fate.closing.outcome)
        yield `${name}: it is ${incident.status}, not closed as ${fate.closing.outcome}`;
      continue;
    }
    const last = accepted.at(-1)?.incident;
    if (last === undefined) yield `${name}: nothing was delivered`;
    else if (!isDeepStrictEqual(last, incident))
      yield `${name}: dispatch has version ${last.version}, on record is version ${incident.version}`;
    if (fate.is === 'gives-up') continue;
    const what = fate.later?.what ?? fate.first.what;
    if (incident.what !== what) yield `${name}: what was written is not on record`;
    if (own.length > 0 && own[0]?.type !== 'incident.handed_over') yield `${name}: dispatch first received ${own[0]?.type}`;
    if (fate.later !== undefined && accepted.at(-1)?.type !== 'incident.amended')
      yield `${name}: what became known later was not sent as an amendment`;
  }
  const known = new Set([...cases.map(({ incident }) => incident), ...texts.flatMap(({ incidents }) => incidents)].map((one) => one?.id));
  yield* atDispatch(texts);
  const strange = deliveries.filter(({ incident }) => !known.has(incident.id));
  if (strange.length > 0) yield `${strange.length} of the deliveries belong to nobody of this play`;
}

function* genuine({ deliveries }: Evidence, cases: readonly Pick<Case, 'name' | 'deliveries'>[]): Generator<string> {
  const forged = deliveries.filter(({ complaint }) => complaint !== null);
  if (deliveries.length === 0) yield 'nothing was delivered';
  if (forged.length > 0) yield `${forged.length} of the deliveries were not genuine: ${forged[0]?.complaint}`;
  for (const { name, deliveries: own } of cases) {
    const versions = own.filter(({ isAccepted }) => isAccepted).map(({ incident }) => incident.version);
    if (versions.some((version, at) => version < (versions[at - 1] ?? 0)))
      yield `${name}: versions were accepted as ${versions.join(', ')}`;
  }
}

function* recorded({ recordings }: Evidence, cases: readonly Case[]): Generator<string> {
  for (const { caller, name, incident } of cases) {
    if (caller.fate.is === 'gives-up') continue;
    const names = incident?.call?.recordings ?? [];
    if (names.length !== 1) yield `${name}: ${names.length} recordings are on record`;
    for (const recording of names) {
      const found = recordings.get(recording) ?? null;
      if (found === null) yield `${name}: the recording is not there`;
      else if (found.seconds < SECONDS_MIN) yield `${name}: the recording is only ${found.seconds.toFixed(1)} s long`;
      else if (found.isSilent) yield `${name}: nothing can be heard in the recording`;
    }
  }
}

function* calm({ accidents, sinks }: Evidence): Generator<string> {
  yield* accidents;
  for (const { name, waiting, dead } of sinks) {
    if (waiting > 0) yield `${waiting} of the deliveries to '${name}' still wait`;
    if (dead > 0) yield `${dead} of the deliveries to '${name}' were given up`;
  }
  if (sinks.length === 0) yield 'there is no sink';
}
