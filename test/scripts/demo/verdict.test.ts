import { expect, test } from 'vitest';
import { isRight, verdict, type Delivered, type Evidence } from '../../../scripts/demo/verdict.ts';
import type { ShownCall } from '../../../scripts/demo/api.ts';
import { CALLERS, VOICES } from '../../../scripts/demo/cast.ts';
import type { Heard } from '../../../scripts/demo/sounds.ts';
import { TEXTERS } from '../../../scripts/demo/texters.ts';
import type { Incident } from '../../../src/incident/incident.ts';
import { rightEvidence } from './right-evidence.ts';

type InterpreterOnRecord = NonNullable<NonNullable<Incident['call']>['interpreter']>;

const right = rightEvidence();
const [, second, , fourth, fifth, sixth, seventh] = right.incidents;
if (second === undefined || fourth === undefined || fifth === undefined || sixth === undefined || seventh === undefined)
  throw new Error('seven incidents are needed');

const [witness, hiding] = TEXTERS;
const [written, hidden] = right.incidents.slice(7);
const [received] = written?.texts?.messages ?? [];
if (witness === undefined || hiding === undefined || written?.texts == null || hidden?.texts == null || received === undefined)
  throw new Error('a text in parts and one from hiding are needed');
const [ofWitness, ofHiding] = [written.texts, hidden.texts];

const without = <T>(list: readonly T[], index: number): readonly T[] => list.filter((_, at) => at !== index);
const changed = <T>(list: readonly T[], index: number, change: (one: T) => T): readonly T[] =>
  list.map((one, at) => (at === index ? change(one) : one));
const incidentsWith = (index: number, change: Partial<Incident>): Partial<Evidence> => ({
  incidents: changed(right.incidents, index, (incident) => ({ ...incident, ...change })),
});
const deliveriesOf = (incident: Incident, change: (own: readonly Delivered[]) => readonly Delivered[]): Partial<Evidence> => {
  const isOwn = (one: Delivered): boolean => one.incident.id === incident.id;
  return { deliveries: [...right.deliveries.filter((one) => !isOwn(one)), ...change(right.deliveries.filter(isOwn))] };
};
/** What stands on record of the sixth caller's call, changed; dispatch has it as it was. */
const interpreterWith = (change: Partial<InterpreterOnRecord> | null): Partial<Evidence> =>
  incidentsWith(5, {
    call: sixth.call && { ...sixth.call, interpreter: change && sixth.call.interpreter && { ...sixth.call.interpreter, ...change } },
  });
const callWith = (change: (call: ShownCall) => Partial<ShownCall>): Partial<Evidence> => ({
  calls: changed(right.calls, 5, (call) => ({ ...call, ...change(call) })),
});
const isSixths = ({ call }: Heard): boolean => call === 'call-6';
const heardWithout = (isGone: (one: Heard) => boolean): Partial<Evidence> => ({
  heard: right.heard.filter((one) => !(isSixths(one) && isGone(one))),
});
const textWith = (change: Partial<typeof ofWitness>): Partial<Evidence> => incidentsWith(7, { texts: { ...ofWitness, ...change } });
const silenceWith = (change: Partial<typeof ofHiding>): Partial<Evidence> => incidentsWith(8, { texts: { ...ofHiding, ...change } });
const recordingsWith = (found: { seconds: number; isSilent: boolean } | null): Partial<Evidence> => ({
  recordings: new Map([...right.recordings, ['call-1.recording', found]]),
});

test('when everything is seen that should be, every check holds', () => {
  const checks = verdict(right);
  expect(checks.flatMap(({ wrong }) => wrong)).toEqual([]);
  expect(isRight(checks)).toBe(true);
});

test('the same version delivered twice is no fault: at least once is the promise', () => {
  expect(isRight(verdict({ ...right, ...deliveriesOf(fifth, (own) => own.flatMap((one) => [one, one])) }))).toBe(true);
});

test('what was kept back is no answer to the one in hiding', () => {
  const kept = { ...received, direction: 'to-reporter' as const, state: 'withheld' as const };
  const incident = { ...hidden, texts: { ...ofHiding, messages: [...ofHiding.messages, kept] } };
  const change = { ...incidentsWith(8, incident), ...deliveriesOf(hidden, (own) => own.map((one) => ({ ...one, incident }))) };
  expect(isRight(verdict({ ...right, ...change }))).toBe(true);
});

test.each<[what: string, change: Partial<Evidence>, complaint: RegExp]>([
  [
    "a caller's program saw something else",
    { callers: changed(right.callers, 2, (one) => ({ ...one, went: false })) },
    /…03: the caller's own program/,
  ],
  [
    "a caller's program has not ended",
    { callers: changed(right.callers, 2, (one) => ({ ...one, went: null })) },
    /…03: the caller's own program/,
  ],
  ['a call has no record', { calls: without(right.calls, 0) }, /…01: there is no record of the call/],
  [
    'a call was taken for abandoned',
    { calls: changed(right.calls, 0, (call) => ({ ...call, why: 'abandoned' })) },
    /…01: abandoned instead of completed/,
  ],
  [
    'there is a call that nobody placed',
    { calls: [...right.calls, ...right.calls.slice(0, 1)] },
    /8 calls are on record, and 7 were placed/,
  ],
  [
    'tickets were drawn in another order',
    { calls: changed(right.calls, 1, (call) => ({ ...call, ticket: 3 })) },
    /…02 came as number 2 and has ticket 3/,
  ],
  [
    'the phones answered in another order',
    { rings: changed(right.rings, 0, (ring) => ({ ...ring, pickedUpAt: ring.at + 60_000 })) },
    /the phones answered …02/,
  ],
  ['nobody answered at all', { rings: [] }, /the phones answered nobody/],
  ['every ring was answered', { rings: right.rings.filter(({ pickedUpAt }) => pickedUpAt !== null) }, /every ring was answered/],
  [
    'another ring was left unanswered',
    { rings: [...right.rings, ...right.rings.filter(({ pickedUpAt }) => pickedUpAt === null)] },
    /2 rings were left unanswered/,
  ],
  [
    'the missed offer is not on record',
    { calls: changed(right.calls, 1, (call) => ({ ...call, offers: call.offers.slice(1) })) },
    /the record says completed instead/,
  ],
  [
    'the same call taker answered after all',
    { rings: right.rings.map((ring) => (ring.pickedUpAt === null ? { ...ring, desk: '1001' as const } : ring)) },
    /no other call taker/,
  ],
  ['the abandoned call has no record', { incidents: without(right.incidents, 3) }, /…04: there is no record of the abandoned call/],
  ['the abandoned call is another matter', incidentsWith(3, { matter: { class: 'unclear' } }), /…04: it is on record as unclear/],
  [
    'the number of the abandoned call is lost',
    incidentsWith(3, { reporter: { ...fourth.reporter, number: null } }),
    /…04: the number to call back/,
  ],
  [
    'the wait of the abandoned call is lost',
    incidentsWith(3, { call: fourth.call && { ...fourth.call, waitedSeconds: null } }),
    /…04: the wait on record is missing/,
  ],
  [
    'the wait of the abandoned call is too short',
    incidentsWith(3, { call: fourth.call && { ...fourth.call, waitedSeconds: 3 } }),
    /…04: the wait on record is 3 s/,
  ],
  [
    'the place of the abandoned call is lost',
    incidentsWith(3, { call: fourth.call && { ...fourth.call, placeWhenLeft: null } }),
    /…04: the place in the line/,
  ],
  ['the abandoned call stays open', incidentsWith(3, { status: 'open', disposition: null }), /…04: it is open, not closed as called-back/],
  [
    'dispatch was not told of the closing',
    deliveriesOf(fourth, (own) => own.slice(0, 1)),
    /…04: dispatch accepted incident.abandoned instead/,
  ],
  [
    'nobody called who needs an interpreter',
    { callers: right.callers.filter(({ caller }) => caller.speaks === undefined) },
    /nobody called who speaks no Chinese/,
  ],
  ['the call stayed in Chinese', callWith(() => ({ language: 'zh' })), /…06: the call is in zh, not in ru/],
  ['the menu offered no Russian', heardWithout(({ clip }) => clip === 'menu/2'), /…06: the menu did not offer Russian/],
  [
    'Chinese was spoken after the key',
    { heard: [...right.heard, { call: 'call-6', language: 'zh', clip: 'patience', words: '' }] },
    /…06: was spoken to in zh after the key/,
  ],
  [
    'nothing more was said after the key',
    heardWithout(({ clip, language }) => language === 'ru' && clip !== 'menu/2'),
    /…06: heard no Russian after the key/,
  ],
  ['nobody told of the interpreter', heardWithout(({ clip }) => clip === 'interpreter/found'), /…06: was not told of an interpreter/],
  ["the volunteer's phone did not ring", { volunteerRings: [] }, /the volunteer's phone did not ring/],
  [
    "the volunteer's phone rang again",
    { volunteerRings: [...right.volunteerRings, ...right.volunteerRings] },
    /the volunteer's phone rang 2 times/,
  ],
  [
    "the volunteer was shown the caller's number",
    { volunteerRings: right.volunteerRings.map((ring) => ({ ...ring, shown: `+86${CALLERS[5]?.number ?? ''}` })) },
    /the volunteer was shown the number of a caller/,
  ],
  [
    'the volunteer heard nothing before the key',
    { volunteerRings: right.volunteerRings.map((ring) => ({ ...ring, isAsked: false })) },
    /the volunteer was asked nothing/,
  ],
  [
    'the volunteer pressed nothing',
    { volunteerRings: right.volunteerRings.map((ring) => ({ ...ring, pressed: null })) },
    /the volunteer pressed no key/,
  ],
  [
    'the volunteer was lost',
    callWith(({ interpreter }) => ({
      interpreter: { ...interpreter, asked: interpreter.asked.map((one) => ({ ...one, outcome: 'lost' as const })) },
    })),
    /…06: the record of the call says v01 lost instead of v01 served/,
  ],
  [
    'the volunteer never came in',
    callWith(({ interpreter }) => ({ interpreter: { ...interpreter, joinedAt: null } })),
    /…06: no interpreter came into the conversation/,
  ],
  ...VOICES.map((voice): [string, Partial<Evidence>, RegExp] => [
    `the ${voice} heard nobody`,
    { hearings: right.hearings.map((one) => (one.at === voice ? { ...one, heard: [] } : one)) },
    new RegExp(`the ${voice} did not hear the .+ and the `),
  ]),
  [
    'the caller and the interpreter did not hear each other',
    { hearings: right.hearings.map(({ at }) => ({ at, heard: ['call taker' as const] })) },
    /the caller did not hear the interpreter/,
  ],
  [
    'the language is not on record',
    incidentsWith(5, { reporter: { ...sixth.reporter, language: 'cmn' } }),
    /…06: the language on record is cmn, not rus/,
  ],
  ['no interpreter is on record', interpreterWith(null), /…06: no interpreter is on record/],
  ['another language was interpreted', interpreterWith({ language: 'kor' }), /…06: the interpreter on record is for kor/],
  ['another volunteer is on record', interpreterWith({ volunteer: 'v02' }), /…06: the interpreter on record is v02/],
  ['nobody is on record as interpreter', interpreterWith({ volunteer: null }), /…06: the interpreter on record is nobody/],
  ['the acceptance is not on record', interpreterWith({ acceptedAt: null }), /…06: when the interpreter accepted is not on record/],
  ['the coming in is not on record', interpreterWith({ joinedAt: null }), /…06: when the interpreter came in is not on record/],
  ['dispatch knows nothing of the foreign caller', deliveriesOf(sixth, () => []), /…06: there is nothing at dispatch/],
  [
    'dispatch was not told the language',
    deliveriesOf(sixth, (own) => own.map((one) => ({ ...one, incident: { ...sixth, reporter: { ...sixth.reporter, language: 'cmn' } } }))),
    /…06: the language at dispatch is cmn, not rus/,
  ],
  [
    'dispatch was not told of the interpreter',
    deliveriesOf(sixth, (own) =>
      own.map((one) => ({ ...one, incident: { ...sixth, call: sixth.call && { ...sixth.call, interpreter: null } } })),
    ),
    /…06: no interpreter is at dispatch/,
  ],
  ['an incident is not there', { incidents: without(right.incidents, 1) }, /…02: there is no incident/],
  ['an incident was not delivered', deliveriesOf(second, () => []), /…02: nothing was delivered/],
  [
    'a delivery was refused',
    deliveriesOf(second, (own) => own.map((one) => ({ ...one, isAccepted: false }))),
    /…02: nothing was delivered/,
  ],
  [
    'the last version was not delivered',
    deliveriesOf(fifth, (own) => own.slice(0, 1)),
    /…05: dispatch has version 3, on record is version 4/,
  ],
  [
    'what was delivered is not what is on record',
    deliveriesOf(second, (own) => own.map((one) => ({ ...one, incident: { ...one.incident, what: '' } }))),
    /…02: dispatch has version/,
  ],
  ['what was written is lost', incidentsWith(1, { what: '' }), /…02: what was written is not on record/],
  [
    'the first delivery has another name',
    deliveriesOf(second, (own) => own.map((one) => ({ ...one, type: 'incident.amended' }))),
    /…02: dispatch first received incident.amended/,
  ],
  [
    'the amendment has another name',
    deliveriesOf(fifth, (own) => own.map((one) => ({ ...one, type: 'incident.handed_over' }))),
    /…05: what became known later/,
  ],
  [
    'what is no matter for dispatch was sent',
    { deliveries: [...right.deliveries, { at: 0, type: 'incident.closed', incident: seventh, complaint: null, isAccepted: true }] },
    /…07: dispatch received what is no matter/,
  ],
  [
    'what is no matter for dispatch stays open',
    incidentsWith(6, { status: 'open', disposition: null }),
    /…07: it is open, not closed as referred/,
  ],
  [
    'a strange incident was delivered',
    {
      deliveries: [
        ...right.deliveries,
        { at: 0, type: 'incident.closed', incident: { ...sixth, id: '01ARZ3NDEKTSV4RRFFQ69G5FAX' }, complaint: null, isAccepted: true },
      ],
    },
    /1 of the deliveries belong to nobody/,
  ],
  [
    'a signature is not genuine',
    { deliveries: changed(right.deliveries, 0, (one) => ({ ...one, complaint: 'no signature matches' })) },
    /1 of the deliveries were not genuine: no signature matches/,
  ],
  ['versions came the wrong way round', deliveriesOf(fifth, (own) => own.toReversed()), /…05: versions were accepted as 4, 3/],
  ['nothing was delivered at all', { deliveries: [] }, /^nothing was delivered/],
  [
    'a conversation has no recording',
    incidentsWith(0, { call: right.incidents[0]?.call ? { ...right.incidents[0].call, recordings: [] } : null }),
    /…01: 0 recordings/,
  ],
  ['a recording is not there', recordingsWith(null), /…01: the recording is not there/],
  ['a recording is too short', recordingsWith({ seconds: 0.4, isSilent: false }), /…01: the recording is only 0.4 s long/],
  ['a recording is silent', recordingsWith({ seconds: 6, isSilent: true }), /…01: nothing can be heard/],
  ['a part of the stack ended by itself', { accidents: ['asterisk ended unasked'] }, /asterisk ended unasked/],
  [
    'something waits in the outbox',
    { sinks: [{ name: 'dispatch', waiting: 2, dead: 0, lagSeconds: 3 }] },
    /2 of the deliveries to 'dispatch' still wait/,
  ],
  [
    'something was given up',
    { sinks: [{ name: 'dispatch', waiting: 0, dead: 1, lagSeconds: 0 }] },
    /1 of the deliveries to 'dispatch' were given up/,
  ],
  ['there is no sink', { sinks: [] }, /there is no sink/],
  ['nobody wrote', { texters: [] }, /nobody wrote a long text/],
  ['nobody wrote who may be answered', { texters: [hiding] }, /nobody wrote who may be answered/],
  ['nobody in hiding wrote', { texters: [witness] }, /nobody in hiding wrote/],
  ['a text has no incident', { incidents: without(right.incidents, 7) }, /…08: there is no incident/],
  [
    'one text became two incidents',
    { incidents: [...right.incidents, { ...written, id: '01ARZ3NDEKTSV4RRFFQ69G5FC0' }] },
    /…08: one emergency became 2 incidents/,
  ],
  ['the parts were not joined', textWith({ messages: [received, received] }), /…08: the parts were not joined, 2 texts/],
  ['a part is missing', textWith({ messages: [{ ...received, isComplete: false }] }), /…08: the text on record is not what was written/],
  ['the text is another', textWith({ messages: [{ ...received, text: '救命' }] }), /…08: the text on record is not what was written/],
  [
    'the lamp post is lost',
    incidentsWith(7, { place: { ...written.place, poleCode: null } }),
    /…08: the lamp post is on record as nothing/,
  ],
  ['the address is lost', incidentsWith(7, { place: { ...written.place, address: null } }), /…08: no address/],
  ['the time is lost', incidentsWith(7, { happened: { ...written.happened, at: null } }), /…08: when it happened/],
  ['it was taken for something else', incidentsWith(7, { matter: { class: 'unclear' } }), /…08: it was taken for unclear, not robbery/],
  ['something is said to be missing', incidentsWith(7, { missing: ['place'] }), /…08: place is said to be missing/],
  ['it is marked as confirmed', incidentsWith(7, { confirmed: true }), /…08: it is marked as confirmed/],
  ['it was not handed over', incidentsWith(7, { status: 'open' }), /…08: it is open by rules, not handed over/],
  ['a person handed it over', incidentsWith(7, { handedOverBy: '1001' }), /…08: it is handed-over by 1001/],
  [
    'dispatch waited for the whole text',
    deliveriesOf(written, (own) => own.slice(1)),
    /…08: dispatch did not have it from the first part on/,
  ],
  [
    'dispatch never got the whole text',
    deliveriesOf(written, (own) => own.slice(0, 1)),
    /…08: dispatch has version 1, on record is version 2/,
  ],
  ['versions of a text came the wrong way round', deliveriesOf(written, (own) => own.toReversed()), /…08: versions were accepted as 2, 1/],
  ['no receipt arrived', { arrived: without(right.arrived, 0) }, /…08: the receipt text did not arrive at the phone/],
  ['the word of the dispatcher did not arrive', { arrived: without(right.arrived, 1) }, /…08: the on-their-way text did not arrive/],
  ['no receipt was written', textWith({ messages: [received] }), /…08: no text is on record as receipt/],
  ['nobody was told that police are on their way', textWith({ messages: [received] }), /…08: no text is on record as on-their-way/],
  [
    'it is not on record what was kept back',
    silenceWith({ messages: ofHiding.messages.slice(0, 1) }),
    /…09: it is not on record that the dispatcher's word was kept back/,
  ],
  [
    'the phone got something else',
    { arrived: changed(right.arrived, 0, (one) => ({ ...one, text: '别的' })) },
    /…08: the phone got a text that is not on record: 别的/,
  ],
  [
    'the answer came from a strange number',
    { arrived: changed(right.arrived, 0, (one) => ({ ...one, from: '10086' })) },
    /…08: the answer came from 10086/,
  ],
  [
    'the telephone of the one in hiding lit up',
    { arrived: [...right.arrived, { number: hiding.number, from: hiding.to, text: '已收到' }] },
    /…09: is in hiding, and the phone lit up: 已收到/,
  ],
  [
    'a text to the one in hiding is on record as sent',
    silenceWith({ messages: [...(hidden.texts?.messages ?? []), { ...received, direction: 'to-reporter', state: 'sent' }] }),
    /…09: 1 texts to the reporter are on record as not withheld/,
  ],
  ['the one in hiding may be called', silenceWith({ contact: 'open' }), /…09: contact is open, not silent/],
  [
    'dispatch was not told of the hiding',
    deliveriesOf(hidden, (own) =>
      own.map((one) => ({ ...one, incident: { ...hidden, circumstances: { ...hidden.circumstances, danger: [] } } })),
    ),
    /…09: dispatch was not told that the reporter hides/,
  ],
])('it is not right when %s', (_, change, complaint) => {
  const checks = verdict({ ...right, ...change });
  expect(isRight(checks)).toBe(false);
  expect(checks.flatMap(({ wrong }) => wrong)).toContainEqual(expect.stringMatching(complaint));
});
