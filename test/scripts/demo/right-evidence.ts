/** What is seen when the demo goes as it should, made up for the tests of its verdict. */
import type { Arrived } from '../../../scripts/demo/carrier.ts';
import type { ShownCall } from '../../../scripts/demo/api.ts';
import { CALLERS, VOICES, VOLUNTEER, type Caller } from '../../../scripts/demo/cast.ts';
import type { Heard } from '../../../scripts/demo/sounds.ts';
import { partOf, TEXTERS, type Texter } from '../../../scripts/demo/texters.ts';
import type { Delivered, Evidence } from '../../../scripts/demo/verdict.ts';
import { applyEdit, closeIncident, handOver, type Answer } from '../../../src/incident/editing.ts';
import type { Incident } from '../../../src/incident/incident.ts';
import { emptyIncident } from '../../../src/incident/record.ts';
import { incidentId } from '../../../src/kernel/ids.ts';
import { instant, rfc3339 } from '../../../src/kernel/instants.ts';

const START = Date.parse('2026-03-01T00:00:00Z');
const at = (seconds: number) => instant(START + seconds * 1000);
const text = (seconds: number): string => rfc3339(at(seconds));

/** Which caller is answered, by whom, and when; the second one by the other desk first, in vain. */
const ANSWERED: Readonly<Record<number, { readonly desk: '1001' | '1002'; readonly after: number }>> = {
  1: { desk: '1001', after: 1 },
  2: { desk: '1001', after: 10 },
  3: { desk: '1002', after: 11 },
  5: { desk: '1001', after: 22 },
  6: { desk: '1002', after: 24 },
  7: { desk: '1001', after: 28 },
};

const done = (answer: Answer): Incident => {
  if (answer.is !== 'done') throw new Error(`the evidence is not right: ${JSON.stringify(answer)}`);
  return answer.incident;
};

const ASKED = { askedAt: text(15), joinedAt: text(24), endedAt: text(28) };

const interpreterShown = ({ speaks }: Caller): ShownCall['interpreter'] => ({
  state: 'none',
  language: null,
  volunteer: null,
  askedAt: speaks === undefined ? null : text(15),
  joinedAt: speaks === undefined ? null : text(24),
  secondsToInterpreter: speaks === undefined ? null : 9,
  asked: speaks === undefined ? [] : [{ ...ASKED, volunteer: VOLUNTEER.id, language: speaks.language, outcome: 'served' }],
  next: [],
});

const interpreterOnRecord = ({ speaks }: Caller): NonNullable<Incident['call']>['interpreter'] =>
  speaks === undefined
    ? null
    : {
        language: speaks.onRecord,
        requestedAt: text(15),
        volunteer: VOLUNTEER.id,
        acceptedAt: text(18),
        joinedAt: text(24),
        leftAt: text(28),
        secondsToInterpreter: 9,
        asked: [{ volunteer: VOLUNTEER.id, askedAt: text(15), endedAt: text(28), outcome: 'served' }],
      };

/** The menu up to the key, and what is said after it. */
function heardBy({ speaks }: Caller, ticket: number): readonly Heard[] {
  const said = (language: string, ...clips: readonly string[]): readonly Heard[] =>
    clips.map((clip) => ({ call: `call-${ticket}`, language, clip, words: clip }));
  if (speaks === undefined) return [...said('zh', 'greeting'), ...said('en', 'menu/1'), ...said('ru', 'menu/2'), ...said('zh', 'patience')];
  return [
    ...said('zh', 'greeting'),
    ...said('en', 'menu/1'),
    ...said(speaks.language, `menu/${speaks.key}`),
    ...said('ja', 'menu/3'),
    ...said(speaks.language, 'greeting', 'interpreter/found', 'patience'),
  ];
}

function callOf(caller: Caller, ticket: number): ShownCall {
  const answered = ANSWERED[ticket];
  const offer = { attempt: 1, offeredAt: text(ticket), answeredAt: null, endedAt: text(30) };
  const inVain = ticket === 2 ? [{ ...offer, callTaker: '1002', outcome: 'no-answer' as const }] : [];
  const talk =
    answered === undefined ? [] : [{ ...offer, callTaker: answered.desk, answeredAt: text(answered.after), outcome: 'completed' as const }];
  return {
    id: `call-${ticket}`,
    ticket,
    state: 'ended',
    onHold: false,
    floor: null,
    interpreter: interpreterShown(caller),
    why: answered === undefined ? 'abandoned' : 'completed',
    callTaker: null,
    incident: `01ARZ3NDEKTSV4RRFFQ69G5FA${ticket}`,
    number: caller.number,
    calledNumber: '110',
    language: caller.speaks?.language ?? 'zh',
    arrivedAt: text(ticket),
    enteredAt: text(ticket),
    endedAt: text(30),
    placeWhenLeft: answered === undefined ? 1 : null,
    offers: [...inVain, ...talk],
  };
}

/** Every version that is on record, with the name under which it is sent. */
function versionsOf(caller: Caller, call: ShownCall): readonly (readonly [type: string, incident: Incident])[] {
  const { fate } = caller;
  const empty = emptyIncident(incidentId(call.incident), 'voice', '230100', at(0));
  const opened: Incident = {
    ...empty,
    status: 'open',
    matter: fate.is === 'gives-up' ? { class: 'abandoned' } : empty.matter,
    reporter: { ...empty.reporter, number: caller.number, language: caller.speaks?.onRecord ?? empty.reporter.language },
    call: {
      id: call.id,
      ticket: call.ticket,
      calledNumber: '110',
      arrivedAt: call.arrivedAt,
      offeredAt: null,
      answeredAt: null,
      endedAt: call.endedAt,
      waitedSeconds: fate.is === 'gives-up' ? fate.afterMs / 1000 : 5,
      placeWhenLeft: call.placeWhenLeft,
      callTaker: ANSWERED[call.ticket]?.desk ?? null,
      release: 'choice',
      language: caller.speaks?.onRecord ?? 'cmn',
      interpreter: interpreterOnRecord(caller),
      offers: [],
      recordings: fate.is === 'gives-up' ? [] : [`${call.id}.recording`],
    },
  };
  if (fate.is === 'gives-up') {
    return [
      ['incident.abandoned', opened],
      ['incident.closed', done(closeIncident(opened, fate.closing, 'supervisor', at(31)))],
    ];
  }
  const written = done(applyEdit(opened, fate.first, at(20)));
  if (fate.is === 'not-sent') return [['', done(closeIncident(written, fate.closing, '1002', at(21)))]];
  const handed = done(handOver(written, '1001', at(21)));
  if (fate.later === undefined) return [['incident.handed_over', handed]];
  return [
    ['incident.handed_over', handed],
    ['incident.amended', done(applyEdit(handed, fate.later, at(25)))],
  ];
}

const RECEIPT = '已收到';
const ON_THEIR_WAY = '警察正在赶来';

/** The versions of a text's incident: with its last part alone where it has parts, then whole. */
function textVersionsOf(texter: Texter, nth: number): readonly Incident[] {
  const empty = emptyIncident(incidentId(`01ARZ3NDEKTSV4RRFFQ69G5FB${nth}`), 'text', '230100', at(40));
  const total = texter.arrive.length;
  const version = (number: number, words: string, isComplete: boolean): Incident => ({
    ...empty,
    version: number,
    status: 'handed-over',
    handedOverAt: text(41),
    handedOverBy: 'rules',
    confirmed: false,
    missing: [],
    matter: { class: 'criminal', code: texter.matter },
    urgency: 'immediate',
    what: words,
    place: { ...empty.place, address: '道里区友谊路', poleCode: texter.poleCode },
    happened: { stated: '刚才', at: rfc3339(at(30)), certainty: 'guessed' },
    reporter: { ...empty.reporter, number: texter.number },
    circumstances: { ...empty.circumstances, danger: texter.isInHiding ? [{ stated: '我躲', sign: 'hiding' }] : [] },
    texts: {
      thread: `thread-${nth}`,
      shortNumber: texter.to,
      firstAt: rfc3339(at(40)),
      lastAt: rfc3339(at(41)),
      callTaker: null,
      contact: texter.isInHiding ? 'silent' : 'open',
      contactReason: null,
      messages: [
        message('from-reporter', words, isComplete),
        ...(texter.isInHiding ? [onTheirWay('withheld')] : [message('to-reporter', RECEIPT, true), onTheirWay('waiting')]),
      ],
    },
  });
  const whole = version(2, texter.text, true);
  return total === 1 ? [whole] : [version(1, `[…1-${total - 1}/${total}…]${partOf(texter, total)}`, false), whole];
}

const message = (
  direction: 'from-reporter' | 'to-reporter',
  words: string,
  isComplete: boolean,
): NonNullable<Incident['texts']>['messages'][number] => ({
  direction,
  at: text(40),
  text: words,
  isComplete,
  repeats: 0,
  gateway: 'mobile',
  purpose: direction === 'to-reporter' ? 'receipt' : null,
  state: direction === 'to-reporter' ? 'waiting' : null,
  by: direction === 'to-reporter' ? 'system' : null,
});

const onTheirWay = (state: 'waiting' | 'withheld'): ReturnType<typeof message> => ({
  ...message('to-reporter', ON_THEIR_WAY, true),
  purpose: 'on-their-way',
  state,
});

export function rightEvidence(): Evidence {
  const calls = CALLERS.map((caller, index) => callOf(caller, index + 1));
  const records = CALLERS.map((caller, index) => versionsOf(caller, calls[index] ?? callOf(caller, index + 1)));
  const texts = TEXTERS.map(textVersionsOf);
  const delivered = (type: string, incident: Incident): Delivered => ({ at: START, type, incident, complaint: null, isAccepted: true });
  const deliveries = [
    ...records.flat().flatMap(([type, incident]) => (type === '' ? [] : [delivered(type, incident)])),
    ...texts.flatMap((versions) => versions.map((one, n) => delivered(n === 0 ? 'incident.handed_over' : 'incident.amended', one))),
  ];
  const arrived = TEXTERS.flatMap(({ number, to, isInHiding }): Arrived[] =>
    isInHiding ? [] : [RECEIPT, ON_THEIR_WAY].map((words) => ({ number, from: to, text: words })),
  );
  const rings = calls.flatMap(({ ticket, number }) => {
    const answered = ANSWERED[ticket];
    const shown = number ?? '';
    const inVain = ticket === 2 ? [{ desk: '1002' as const, shown, at: START + 2000, pickedUpAt: null }] : [];
    return answered === undefined
      ? inVain
      : [...inVain, { desk: answered.desk, shown, at: START, pickedUpAt: START + answered.after * 1000 }];
  });
  const incidents = [
    ...records.flatMap((versions) => versions.slice(-1).map(([, incident]) => incident)),
    ...texts.flatMap((versions) => versions.slice(-1)),
  ];
  return {
    callers: CALLERS.map((caller) => ({ caller, went: true })),
    texters: TEXTERS,
    arrived,
    calls,
    incidents,
    rings,
    deliveries,
    recordings: new Map(
      incidents.flatMap(({ call }) => (call?.recordings ?? []).map((name) => [name, { seconds: 6, isSilent: false }] as const)),
    ),
    heard: CALLERS.flatMap((caller, index) => heardBy(caller, index + 1)),
    volunteerRings: [{ shown: '110', isAsked: true, pressed: '1' }],
    hearings: VOICES.map((at) => ({ at, heard: VOICES.filter((other) => other !== at) })),
    sinks: [{ name: 'dispatch', waiting: 0, dead: 0, lagSeconds: 0 }],
    accidents: [],
  };
}
