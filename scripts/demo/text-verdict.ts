/**
 * Was everything right with what reporters wrote? Pure, as the verdict it belongs to: from what was written, what is on record, what
 * dispatch got and what arrived at the phones, to sentences about what is wrong.
 */
import { isDeepStrictEqual } from 'node:util';
import type { Incident } from '../../src/incident/incident.ts';
import type { Arrived } from './carrier.ts';
import type { Texter } from './texters.ts';
import type { Delivered } from './verdict.ts';

export interface TextCase {
  readonly texter: Texter;
  readonly name: string;
  /** Of this reporter; it should be one. */
  readonly incidents: readonly Incident[];
  readonly deliveries: readonly Delivered[];
  readonly arrived: readonly Arrived[];
}

const LAST_DIGITS = 2;
const GAP = /\[…[\d-]+\/\d+…\]/;

export function textCases(
  texters: readonly Texter[],
  incidents: readonly Incident[],
  deliveries: readonly Delivered[],
  arrived: readonly Arrived[],
): readonly TextCase[] {
  return texters.map((texter) => {
    const own = incidents.filter(({ channel, reporter }) => channel === 'text' && reporter.number === texter.number);
    return {
      texter,
      name: `reporter …${texter.number.slice(-LAST_DIGITS)}`,
      incidents: own,
      deliveries: deliveries.filter(({ incident }) => own.some(({ id }) => id === incident.id)),
      arrived: arrived.filter(({ number }) => number === texter.number),
    };
  });
}

/** What is checked, with what is wrong. */
export const textChecks = (cases: readonly TextCase[]): readonly (readonly [what: string, wrong: Iterable<string>])[] => [
  ['the text in three parts became one whole incident, with the lamp post, and is marked as confirmed by nobody', written(cases)],
  ['receipt and the word of the dispatcher arrived at the phone of the reporter who may be answered', answered(cases)],
  ['nothing went to the reporter in hiding, whoever wished it, and dispatch knows why', leftInSilence(cases)],
];

type Message = NonNullable<Incident['texts']>['messages'][number];
const messages = (incident: Incident | undefined, direction: Message['direction']): readonly Message[] =>
  (incident?.texts?.messages ?? []).filter((message) => message.direction === direction);

/** One incident each, whole and unconfirmed, with everything that was to be made out. */
function* written(cases: readonly TextCase[]): Generator<string> {
  if (!cases.some(({ texter }) => texter.arrive.length > 1)) yield 'nobody wrote a long text';
  for (const { texter, name, incidents, deliveries } of cases) {
    const [incident, ...more] = incidents;
    if (incident === undefined) {
      yield `${name}: there is no incident`;
      continue;
    }
    if (more.length > 0) yield `${name}: one emergency became ${incidents.length} incidents`;
    const [text, ...others] = messages(incident, 'from-reporter');
    if (others.length > 0) yield `${name}: the parts were not joined, ${others.length + 1} texts are on record`;
    if (text?.text !== texter.text || !text.isComplete) yield `${name}: the text on record is not what was written`;
    const { place, happened, matter, confirmed, status, handedOverBy, missing } = incident;
    if (texter.poleCode !== null && place.poleCode !== texter.poleCode)
      yield `${name}: the lamp post is on record as ${place.poleCode ?? 'nothing'}, not ${texter.poleCode}`;
    if (place.address === null) yield `${name}: no address was made out`;
    if (happened.at === null) yield `${name}: when it happened was not made out`;
    if (matter.code !== texter.matter) yield `${name}: it was taken for ${matter.code ?? matter.class}, not ${texter.matter}`;
    if (missing.length > 0) yield `${name}: ${missing.join(', ')} is said to be missing`;
    if (confirmed) yield `${name}: it is marked as confirmed, and nobody has looked at it`;
    if (status !== 'handed-over' || handedOverBy !== 'rules')
      yield `${name}: it is ${status} by ${handedOverBy ?? 'nobody'}, not handed over by rule`;
    if (texter.arrive.length === 1) continue;
    const first = messages(deliveries.find(({ isAccepted }) => isAccepted)?.incident, 'from-reporter')[0];
    if (first === undefined || first.isComplete || !GAP.test(first.text))
      yield `${name}: dispatch did not have it from the first part on, with its gaps marked`;
  }
}

/** The last version of each, as it stands on record. */
export function* atDispatch(cases: readonly TextCase[]): Generator<string> {
  for (const { name, incidents, deliveries } of cases) {
    for (const incident of incidents) {
      const last = deliveries.findLast((one) => one.isAccepted && one.incident.id === incident.id)?.incident;
      if (!isDeepStrictEqual(last, incident))
        yield `${name}: dispatch has version ${last?.version ?? 'none'}, on record is version ${incident.version}`;
    }
  }
}

/** Whoever may be answered has on the phone what is on record as sent to them. */
function* answered(cases: readonly TextCase[]): Generator<string> {
  const all = cases.filter(({ texter }) => !texter.isInHiding);
  if (all.length === 0) yield 'nobody wrote who may be answered';
  for (const { texter, name, incidents, arrived } of all) {
    const sent = messages(incidents[0], 'to-reporter');
    const onRecord = sent.map(({ text }) => text);
    for (const purpose of ['receipt', 'on-their-way']) {
      const text = sent.find((one) => one.purpose === purpose)?.text;
      if (text === undefined) yield `${name}: no text is on record as ${purpose}`;
      else if (!arrived.some((one) => one.text === text)) yield `${name}: the ${purpose} text did not arrive at the phone`;
    }
    for (const { from, text } of arrived) {
      if (!onRecord.includes(text)) yield `${name}: the phone got a text that is not on record: ${text}`;
      if (from !== texter.to) yield `${name}: the answer came from ${from}, and ${texter.to} was written to`;
    }
  }
}

/** Whoever is in hiding is left in silence, and dispatch is told why. */
function* leftInSilence(cases: readonly TextCase[]): Generator<string> {
  const all = cases.filter(({ texter }) => texter.isInHiding);
  if (all.length === 0) yield 'nobody in hiding wrote';
  for (const { name, incidents, deliveries, arrived } of all) {
    for (const { text } of arrived) yield `${name}: is in hiding, and the phone lit up: ${text}`;
    const [incident] = incidents;
    const ours = messages(incident, 'to-reporter');
    const sent = ours.filter(({ state }) => state !== 'withheld');
    if (sent.length > 0) yield `${name}: ${sent.length} texts to the reporter are on record as not withheld`;
    if (!ours.some(({ purpose }) => purpose === 'on-their-way'))
      yield `${name}: it is not on record that the dispatcher's word was kept back`;
    if (incident?.texts?.contact !== 'silent') yield `${name}: contact is ${incident?.texts?.contact ?? 'unknown'}, not silent`;
    const told = deliveries.findLast(({ isAccepted }) => isAccepted)?.incident;
    if (told?.circumstances.danger.some(({ sign }) => sign === 'hiding') !== true)
      yield `${name}: dispatch was not told that the reporter hides`;
  }
}
