/** Calls, call takers, incidents and handovers for the store's tests, as small as their types allow. */
import type { Call } from '../../src/call/call.ts';
import type { Commit, Handover, JournalEntry, Store } from '../../src/control/ports.ts';
import type { CallTaker } from '../../src/desk/call-taker.ts';
import type { Incident } from '../../src/incident/incident.ts';
import { callId, callTakerId, incidentId, type Ticket } from '../../src/kernel/ids.ts';
import { instant, rfc3339 } from '../../src/kernel/instants.ts';
import type { PhoneNumber } from '../../src/kernel/phone-numbers.ts';

/** 2026-03-01, 16:00 in Harbin. */
export const T0 = instant(1_772_352_000_000);

export type Arrival = Omit<Call, 'ticket' | 'revision'>;

export const arrival = (name: string | number, more: Partial<Arrival> = {}): Arrival => ({
  id: callId(`intake-1772352000.${name}`),
  arrivedAt: T0,
  enteredAt: null,
  endedAt: null,
  number: '13812345678' as PhoneNumber,
  calledNumber: '110',
  language: 'zh',
  incident: incidentId(`01JNB${String(name).toUpperCase().padStart(21, '0')}`),
  offers: [],
  utterances: 0,
  saying: null,
  told: { place: null, wait: null },
  interpreter: { is: 'none' },
  askings: [],
  interpreterAskedAt: null,
  release: null,
  placeWhenLeft: null,
  state: { at: 'arriving', until: instant(T0 + 5000) },
  ...more,
});

export const arrived =
  (call: Arrival) =>
  (ticket: number): JournalEntry => ({
    at: call.arrivedAt,
    kind: 'Arrived',
    call: call.id,
    ticket,
    data: { ticket, calledNumber: call.calledNumber },
  });

export async function admitted(store: Store, name: string | number, more: Partial<Arrival> = {}): Promise<Call> {
  const call = arrival(name, more);
  return (await store.admit(call, arrived(call))).call;
}

export const next = <T extends Call>(call: T, more: Partial<T>): T => ({ ...call, ...more, revision: call.revision + 1 });
export const waiting = (call: Call): Call => next(call, { state: { at: 'waiting', speakAt: instant(T0 + 20_000) } });

export const callTaker = (name: string, revision = 1, more: Partial<CallTaker> = {}): CallTaker => ({
  id: callTakerId(name),
  revision,
  name: `Desk ${name}`,
  endpoint: `taker-${name}`,
  phone: 'registered',
  afterwards: { be: 'ready' },
  state: { is: 'ready', since: T0 },
  ...more,
});

export const incident = (name: string | number, version = 1, more: Partial<Incident> = {}): Incident => ({
  id: `01JNB${String(name).toUpperCase().padStart(21, '0')}`,
  version,
  centre: '230100',
  channel: 'voice',
  status: 'draft',
  createdAt: rfc3339(T0),
  updatedAt: rfc3339(T0),
  matter: { class: 'unclear' },
  urgency: null,
  what: '有人在中山路打架',
  place: { stated: null, address: null, poleCode: null, plateCode: null, landmark: null, point: null, certainty: 'stated' },
  happened: { stated: null, at: null, certainty: 'stated' },
  reporter: { number: null, name: null, language: 'zho', confidential: true, impairment: null },
  call: null,
  texts: null,
  circumstances: { hurt: null, weapons: [], danger: [] },
  confirmed: true,
  missing: [],
  links: [],
  handedOverAt: null,
  handedOverBy: null,
  disposition: null,
  ...more,
});

export const handover = (id: string, of: Incident, at = T0): Handover => ({ id, type: 'incident.handed_over', at, incident: of });

/** A commit of nothing but what is given. */
export const commit = (id: string, parts: Partial<Commit> = {}): Commit => ({ id, journal: [], ...parts });
export const note = (kind: string): JournalEntry => ({ at: T0, kind });
/** The commit that takes a call from the revision before its own. */
export const stepOf = (call: Call, id = `${call.id}/${call.revision}`): Commit =>
  commit(id, { call: { value: call, from: call.revision - 1 } });

export const ticketOf = (call: { readonly ticket: Ticket }): number => call.ticket;
