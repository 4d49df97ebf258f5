/** Calls and incidents as they are in the middle of a day, for tests. */
import type { Call, Offer } from '../../src/call/call.ts';
import type { Incident } from '../../src/incident/incident.ts';
import { incidentFromCall } from '../../src/incident/from-call.ts';
import { applyEdit, type Answer } from '../../src/incident/editing.ts';
import { callId, callTakerId, incidentId, ticket } from '../../src/kernel/ids.ts';
import { instant, later, type Instant } from '../../src/kernel/instants.ts';
import { phoneNumber } from '../../src/kernel/phone-numbers.ts';

export const START = instant(Date.parse('2026-03-01T00:00:00Z'));
export const CENTRE = '230100';
export const after = (seconds: number): Instant => later(START, seconds * 1000);

export const waitingCall = (): Call => ({
  id: callId('intake-1763750000.12'),
  revision: 2,
  ticket: ticket(7),
  arrivedAt: START,
  enteredAt: START,
  endedAt: null,
  number: phoneNumber('13800000078'),
  calledNumber: '110',
  language: 'zh',
  incident: incidentId('01ARZ3NDEKTSV4RRFFQ69G5FAV'),
  offers: [],
  utterances: 1,
  saying: null,
  told: { place: null, wait: null },
  interpreter: { is: 'none' },
  askings: [],
  interpreterAskedAt: null,
  release: null,
  placeWhenLeft: null,
  state: { at: 'waiting', speakAt: after(20) },
});

export const offer = (attempt: number, seconds: number, more: Partial<Offer> = {}): Offer => ({
  attempt,
  to: callTakerId(`100${attempt}`),
  offeredAt: after(seconds),
  answeredAt: null,
  endedAt: null,
  outcome: 'ringing',
  ...more,
});

export const offeredCall = (): Call => ({
  ...waitingCall(),
  offers: [offer(1, 5)],
  state: { at: 'offered', to: callTakerId('1001'), attempt: 1, until: after(25) },
});

/** The first call taker did not answer, the second did, 24 s after the door. */
export const answeredCall = (): Call => ({
  ...waitingCall(),
  offers: [offer(1, 5, { endedAt: after(20), outcome: 'no-answer' }), offer(2, 21, { answeredAt: after(24), outcome: 'talking' })],
  state: { at: 'talking', with: callTakerId('1002'), attempt: 2, floor: { is: 'open' } },
});

export const endedCall = (): Call => ({
  ...answeredCall(),
  offers: [
    offer(1, 5, { endedAt: after(20), outcome: 'no-answer' }),
    offer(2, 21, { answeredAt: after(24), endedAt: after(90), outcome: 'completed' }),
  ],
  endedAt: after(90),
  release: { by: 'choice', cause: 16 },
  state: { at: 'ended', why: 'completed' },
});

export const abandonedCall = (): Call => ({
  ...waitingCall(),
  endedAt: after(43.25),
  release: { by: 'choice', cause: 16 },
  placeWhenLeft: 3,
  state: { at: 'ended', why: 'abandoned' },
});

export function incidentOf(call: Call, before: Incident | null = null, now = after(100)): Incident {
  const incident = incidentFromCall(call, before, now, CENTRE);
  if (incident === null) throw new Error('this call has no incident yet');
  return incident;
}

export function done(answer: Answer): Incident {
  if (answer.is !== 'done') throw new Error(JSON.stringify(answer));
  return answer.incident;
}

/** What a call taker fills in before handing over. */
export const COMPLETION = {
  what: 'Two men fight with <knives> & bottles\nOne is hurt',
  matter: { class: 'public-order', code: 'fight' },
  urgency: 'immediate',
  place: {
    stated: 'under the lamp by the bridge',
    poleCode: '1023456',
    point: { lat: 45.75, lon: 126.65, datum: 'WGS-84' },
    certainty: 'confirmed',
  },
  happened: { stated: '刚才' },
} as const;

export const completed = (incident: Incident = incidentOf(answeredCall())): Incident => done(applyEdit(incident, COMPLETION, after(60)));
