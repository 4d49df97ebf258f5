/**
 * A control room that answers from a small fixed house, remembers what it was asked, and fails as told: what stands behind the HTTP
 * door in its tests. Never calls anybody.
 */
import type { Asking, Call } from '../../src/call/call.ts';
import type { OutboxEntry } from '../../src/control/ports.ts';
import type { ControlRoom, Figures } from '../../src/control/room-ports.ts';
import type { CallTaker } from '../../src/desk/call-taker.ts';
import type { Incident } from '../../src/incident/incident.ts';
import { Fault } from '../../src/kernel/faults.ts';
import type { Volunteer } from '../../src/interpreters/volunteer.ts';
import { callId, callTakerId, incidentId, ticket, volunteerId } from '../../src/kernel/ids.ts';
import { instant, later, rfc3339, type Instant } from '../../src/kernel/instants.ts';
import { phoneNumber } from '../../src/kernel/phone-numbers.ts';
import { TEXT_FIGURES, textRoom } from './text-room.ts';

export const NOW: Instant = instant(Date.UTC(2026, 2, 1, 8));
export const NUMBER = '13800001234';
export const CALL = 'intake-1763750000.12';
export const INCIDENT = '01JAB3C4D5E6F7G8H9J0K1M2N3';

type Question = Exclude<keyof ControlRoom, symbol>;

export interface ScriptedRoom {
  readonly room: ControlRoom;
  /** What was asked, in order: the question and what came with it. */
  readonly asked: readonly (readonly [Question, ...unknown[]])[];
  /** From now on this question is answered so; a thrown value, or a promise of one's own. */
  answer(question: Question, how: (...given: never[]) => Promise<unknown>): void;
  /** Back to the fixed house. */
  heal(): void;
}

export function incident(changes: Partial<Incident> = {}): Incident {
  return {
    id: INCIDENT,
    version: 3,
    centre: '230100',
    channel: 'voice',
    status: 'open',
    createdAt: rfc3339(NOW),
    updatedAt: rfc3339(NOW),
    matter: { class: 'unclear' },
    urgency: null,
    what: `Call back on ${NUMBER}`,
    place: {
      stated: 'behind the station',
      address: null,
      poleCode: '1020304',
      plateCode: null,
      landmark: null,
      point: null,
      certainty: 'stated',
    },
    happened: { stated: null, at: null, certainty: 'stated' },
    reporter: { number: NUMBER, name: 'Reporter One', language: 'cmn', confidential: false, impairment: null },
    call: null,
    texts: null,
    circumstances: { hurt: null, weapons: [], danger: [] },
    confirmed: true,
    missing: ['time'],
    links: [],
    handedOverAt: null,
    handedOverBy: null,
    disposition: null,
    ...changes,
  };
}

export const VOLUNTEER_NUMBER = '+8613800000007';

export const call: Call = {
  id: callId(CALL),
  revision: 4,
  ticket: ticket(7),
  arrivedAt: NOW,
  enteredAt: NOW,
  endedAt: null,
  number: phoneNumber(NUMBER),
  calledNumber: '110',
  language: 'zh',
  incident: incidentId(INCIDENT),
  offers: [{ attempt: 1, to: callTakerId('1001'), offeredAt: NOW, answeredAt: NOW, endedAt: null, outcome: 'talking' }],
  utterances: 1,
  saying: null,
  told: { place: null, wait: null },
  interpreter: { is: 'present', language: 'ru', leg: 2 },
  askings: [
    asking(1, 'v06', { outcome: 'beaten', endedAt: later(NOW, 9000) }),
    asking(2, 'v07', { outcome: 'accepted', acceptedAt: later(NOW, 9000), joinedAt: later(NOW, 9500) }),
  ],
  interpreterAskedAt: NOW,
  release: null,
  placeWhenLeft: null,
  state: { at: 'talking', with: callTakerId('1001'), attempt: 1, floor: { is: 'open' } },
};

function asking(leg: number, volunteer: string, what: Partial<Asking>): Asking {
  return {
    leg,
    volunteer: volunteerId(volunteer),
    address: `tel:${VOLUNTEER_NUMBER}`,
    speaks: 'zh',
    language: 'ru',
    askedAt: NOW,
    until: later(NOW, 25_000),
    answeredAt: null,
    acceptedAt: null,
    joinedAt: null,
    endedAt: null,
    outcome: 'ringing',
    ...what,
  };
}

const volunteers = (['free', 'serving'] as const).map((is, i): Volunteer => ({
  id: volunteerId(`v0${6 + i}`),
  revision: 1,
  name: `Volunteer ${6 + i}`,
  languages: [
    { language: 'ru', level: 'fluent' },
    { language: 'en', level: 'basic' },
  ],
  speaks: 'zh',
  addresses: [`sip:volunteer-${6 + i}`, `tel:${VOLUNTEER_NUMBER}`],
  duty: [
    { weekday: 1, fromMinute: 540, toMinute: 1080 },
    { weekday: 5, fromMinute: 1200, toMinute: 1560 },
    { weekday: 7, fromMinute: 0, toMinute: 1440 },
  ],
  exceptions: [
    { date: '2026-10-01', hours: [] },
    { date: '2026-10-02', hours: [{ fromMinute: 600, toMinute: 720 }] },
  ],
  isReserve: false,
  isAvailable: true,
  lastAskedAt: is === 'free' ? null : NOW,
  lastServedAt: is === 'free' ? null : NOW,
  state: is === 'free' ? { is } : { is, call: call.id, leg: 2 },
}));

const states: readonly CallTaker['state'][] = [
  { is: 'ready', since: NOW },
  { is: 'pause', since: NOW, reason: 'meal' },
  { is: 'off' },
  { is: 'offered', call: call.id, attempt: 1, readySince: NOW },
  { is: 'after-call', call: call.id, until: NOW },
];
const callTakers = states.map((state, i): CallTaker => ({
  id: callTakerId(`${1001 + i}`),
  revision: 1,
  name: `Call taker ${i + 1}`,
  endpoint: `taker-${1001 + i}`,
  phone: 'registered',
  afterwards: { be: 'ready' },
  state,
}));

export const FIGURES: Figures = {
  callsByPlace: { arriving: 0, greeting: 1, waiting: 2, offered: 0, talking: 3, interpreted: 1, ended: 9 },
  lineLength: 3,
  callTakersByState: { off: 1, ready: 2, offered: 0, talking: 3, 'after-call': 0, pause: 1 },
  sinks: [{ name: 'dispatch', waiting: 2, dead: 1, lagSeconds: 4.5 }],
  texts: TEXT_FIGURES,
};

const deadLetter: OutboxEntry & { readonly buriedAt: Instant } = {
  id: 'msg_1',
  type: 'incident.handed_over',
  at: NOW,
  incident: incident(),
  sink: 'dispatch',
  attempts: 3,
  lastAnswer: '400 Bad Request',
  buriedAt: NOW,
};

const unknown = (what: string): never => {
  throw new Fault('unknown', `There is no such ${what}.`);
};

function house(): ControlRoom {
  const taker = async (id: string): Promise<CallTaker> => callTakers.find((one) => one.id === id) ?? unknown('call taker');
  const theCall = async (id: string): Promise<Call> => (id === CALL ? call : unknown('call'));
  const volunteer = async (id: string): Promise<Volunteer> => volunteers.find((one) => one.id === id) ?? unknown('volunteer');
  const theIncident = async (id: string): Promise<Incident> => (id === INCIDENT ? incident() : unknown('incident'));
  const change = async (id: string, version: number): Promise<Incident> => {
    const before = await theIncident(id);
    if (before.version !== version) throw new Fault('conflict', 'It has changed.');
    return incident({ version: version + 1 });
  };
  const letters = async (sink: string) => (sink === 'dispatch' ? [deadLetter] : unknown('sink'));
  return {
    ...textRoom(),
    callTakers: async () => callTakers,
    callTaker: taker,
    ready: taker,
    pause: taker,
    off: taker,
    calls: async () => [call],
    call: theCall,
    line: async () => ({ length: 1, callers: [{ call: call.id, ticket: 8, arrivedAt: NOW, language: 'zh' }] }),
    setLanguage: theCall,
    hold: theCall,
    resume: theCall,
    askInterpreter: theCall,
    dismissInterpreter: theCall,
    speakPrivately: theCall,
    leaveToInterpreter: theCall,
    finish: theCall,
    volunteers: async () => volunteers,
    volunteer,
    setAvailable: async (id, isAvailable) => ({ ...(await volunteer(id)), isAvailable }),
    importRoster: async () => volunteers,
    incident: theIncident,
    incidents: async () => [incident()],
    edit: change,
    handOver: change,
    close: change,
    sinks: async () => FIGURES.sinks,
    deadLetters: letters,
    resend: async (sink, id) => {
      if ((await letters(sink)).every((letter) => letter.id !== id)) unknown('dead letter');
    },
    journal: async () => [{ id: '1-0', at: NOW, kind: 'CallerEntered', call: call.id, ticket: 7, data: { number: NUMBER, again: false } }],
    readiness: async () => [
      { part: 'redis', trouble: null },
      { part: 'asterisk', trouble: null },
    ],
    figures: async () => FIGURES,
  };
}

export function scriptedRoom(): ScriptedRoom {
  const asked: [Question, ...unknown[]][] = [];
  const scripted = new Map<Question, (...given: never[]) => Promise<unknown>>();
  const fixed = house();
  const room = Object.fromEntries(
    (Object.keys(fixed) as Question[]).map((question) => [
      question,
      (...given: never[]) => {
        asked.push([question, ...given]);
        const how = scripted.get(question) ?? fixed[question];
        return how(...given);
      },
    ]),
  ) as unknown as ControlRoom;
  return {
    room,
    asked,
    answer: (question, how) => void scripted.set(question, how),
    heal() {
      scripted.clear();
      asked.length = 0;
    },
  };
}
