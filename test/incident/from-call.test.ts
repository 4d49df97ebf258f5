import { describe, expect, it } from 'vitest';
import type { Asking, Call } from '../../src/call/call.ts';
import { checkIncident } from '../../src/incident/checking.ts';
import { applyEdit } from '../../src/incident/editing.ts';
import { toEido } from '../../src/incident/eido.ts';
import { incidentFromCall } from '../../src/incident/from-call.ts';
import { incidentFromFallback } from '../../src/incident/from-fallback.ts';
import { incidentId, volunteerId } from '../../src/kernel/ids.ts';
import {
  abandonedCall,
  after,
  answeredCall,
  CENTRE,
  completed,
  done,
  endedCall,
  incidentOf,
  offer,
  offeredCall,
  START,
  waitingCall,
} from './calls.ts';

describe('an incident from a call', () => {
  it('does not exist before the first offer', () => {
    expect(incidentFromCall(waitingCall(), null, after(1), CENTRE)).toBeNull();
  });

  it('does not exist for a call that went elsewhere', () => {
    const elsewhere = { ...waitingCall(), endedAt: after(2), state: { at: 'ended', why: 'elsewhere' } } as const;
    expect(incidentFromCall(elsewhere, null, after(2), CENTRE)).toBeNull();
  });

  it('is a draft at the first offer, with number, language, ticket and times', () => {
    const incident = incidentOf(offeredCall(), null, after(5));
    expect(incident).toMatchObject({
      id: '01ARZ3NDEKTSV4RRFFQ69G5FAV',
      version: 1,
      centre: CENTRE,
      channel: 'voice',
      status: 'draft',
      createdAt: '2026-03-01T00:00:05.000+00:00',
      matter: { class: 'unclear' },
      reporter: { number: '13800000078', language: 'cmn' },
      missing: ['time', 'place', 'what'],
      call: { ticket: 7, offeredAt: '2026-03-01T00:00:05.000+00:00', answeredAt: null, waitedSeconds: null, recordings: [] },
    });
  });

  it('opens when answered, and keeps every offer, the wait and the name of the recording', () => {
    const incident = incidentOf(answeredCall(), incidentOf(offeredCall()));
    expect(incident).toMatchObject({
      version: 2,
      status: 'open',
      call: {
        offeredAt: '2026-03-01T00:00:05.000+00:00',
        answeredAt: '2026-03-01T00:00:24.000+00:00',
        waitedSeconds: 24,
        callTaker: '1002',
        offers: [{ outcome: 'no-answer' }, { outcome: 'talking' }],
        recordings: ['intake-1763750000.12.recording.2'],
      },
    });
  });

  it('names one recording for every answered offer, and counts the wait to the first answer', () => {
    const call = endedCall();
    const lost = {
      ...call,
      offers: [offer(1, 5, { answeredAt: after(7), endedAt: after(20), outcome: 'lost' as const }), call.offers[1]!],
    };
    expect(incidentOf(lost).call).toMatchObject({
      waitedSeconds: 7,
      callTaker: '1002',
      recordings: ['intake-1763750000.12.recording.1', 'intake-1763750000.12.recording.2'],
    });
  });

  it('is an open, abandoned one when the caller leaves unanswered, with number, wait and place', () => {
    const incident = incidentOf(abandonedCall());
    expect(incident).toMatchObject({
      version: 1,
      status: 'open',
      matter: { class: 'abandoned', reason: 'The caller left from place 3 in the line after 43.3 s, before anybody answered' },
      reporter: { number: '13800000078' },
      call: { waitedSeconds: 43.25, placeWhenLeft: 3, release: 'choice', offeredAt: null },
    });
  });

  it('says so when the line was cut, and when a call taker was lost before', () => {
    const cut = { ...abandonedCall(), release: { by: 'cut', cause: null } } as const;
    expect(incidentOf(cut).matter.reason).toContain('was cut off');
    const lost = { ...abandonedCall(), offers: [offer(1, 5, { answeredAt: after(7), endedAt: after(20), outcome: 'lost' })] };
    expect(incidentOf(lost).matter).toMatchObject({ class: 'abandoned', reason: expect.stringContaining('call taker was lost') });
  });

  it('leaves the matter alone when a call taker has classified it already', () => {
    const lost = { ...abandonedCall(), offers: answeredCall().offers };
    expect(incidentOf(lost, completed()).matter).toEqual({ class: 'public-order', code: 'fight' });
    const said = done(applyEdit(incidentOf(answeredCall()), { matter: { class: 'unclear', reason: 'too noisy' } }, after(30)));
    expect(incidentOf(lost, said).matter).toEqual({ class: 'unclear', reason: 'too noisy' });
  });

  it('is the very same value when nothing has changed, so that nothing is saved', () => {
    const before = incidentOf(answeredCall(), null, after(24));
    expect(incidentFromCall({ ...answeredCall(), revision: 9, utterances: 4 }, before, after(50), CENTRE)).toBe(before);
  });

  it('never overwrites what a call taker wrote, and never goes back to open', () => {
    const written = { ...completed(), status: 'closed' as const };
    const later = incidentOf(endedCall(), written);
    expect(later.version).toBe(written.version + 1);
    expect({ ...later, version: 0, updatedAt: '', call: null }).toEqual({ ...written, version: 0, updatedAt: '', call: null });
    expect(later.call).toMatchObject({ endedAt: '2026-03-01T00:01:30.000+00:00', release: 'choice' });
  });

  it('fits the schema whatever the caller sent', () => {
    const odd = { ...abandonedCall(), number: null, calledNumber: '1'.repeat(300), language: 'xx-YY' };
    expect(checkIncident(incidentOf(odd))).toMatchObject({ is: 'right', value: { reporter: { number: null, language: 'und' } } });
    for (const call of [offeredCall(), answeredCall(), endedCall(), abandonedCall()]) {
      expect(checkIncident(incidentOf(call)).is).toBe('right');
    }
  });

  it('never waits less than nothing, even when two clocks disagree', () => {
    expect(incidentOf({ ...abandonedCall(), endedAt: after(-5) }).call?.waitedSeconds).toBe(0);
  });
});

describe('an incident from a call the fallback served', () => {
  const served = {
    id: 'intake-1763750001.3',
    number: '+8613800000078',
    calledNumber: '110',
    arrivedAt: START,
    answeredAt: after(9),
    endedAt: after(99),
    answeredBy: 'PJSIP/1001',
    recording: 'fallback-1763750001.3.wav',
  };
  const id = incidentId('01ARZ3NDEKTSV4RRFFQ69G5FAX');

  it('is open at once, with the number and everything the fallback noted', () => {
    const incident = incidentFromFallback(served, id, after(120), CENTRE);
    expect(incident).toMatchObject({ id, version: 1, channel: 'fallback', status: 'open', matter: { class: 'unclear' } });
    expect(incident.reporter.number).toBe('+8613800000078');
    expect(incident.call).toMatchObject({
      ticket: null,
      waitedSeconds: 9,
      callTaker: 'PJSIP/1001',
      recordings: ['fallback-1763750001.3.wav'],
      offers: [],
    });
    const times = [incident.call?.arrivedAt, incident.call?.answeredAt, incident.call?.endedAt].map((time) => time?.slice(0, 19));
    expect(times).toEqual(['2026-03-01T00:00:00', '2026-03-01T00:00:09', '2026-03-01T00:01:39']);
    expect(checkIncident(incident).is).toBe('right');
  });

  it('is an abandoned one when nobody answered', () => {
    expect(incidentFromFallback({ ...served, answeredAt: null }, id, after(120), CENTRE).matter.class).toBe('abandoned');
  });

  it('fits the schema for a caller without a number and with rubbish for a name', () => {
    const odd = { ...served, number: 'anonymous', calledNumber: '\r\n'.repeat(400), answeredBy: 'x'.repeat(999), recording: null };
    const checked = checkIncident(incidentFromFallback(odd, id, after(120), CENTRE));
    expect(checked).toMatchObject({ is: 'right', value: { reporter: { number: null } } });
  });
});

describe('the interpreter on record', () => {
  const asked = (leg: number, volunteer: string, outcome: Asking['outcome'], more: Partial<Asking> = {}): Asking => ({
    leg,
    volunteer: volunteerId(volunteer),
    address: 'tel:+8613900000099',
    speaks: 'zh',
    language: 'ru',
    askedAt: after(20),
    until: after(45),
    answeredAt: null,
    acceptedAt: null,
    joinedAt: null,
    endedAt: null,
    outcome,
    ...more,
  });
  const interpretedCall: Call = {
    ...answeredCall(),
    language: 'ru',
    interpreterAskedAt: after(20),
    interpreter: { is: 'present', language: 'ru', leg: 2 },
    askings: [asked(1, 'v1', 'beaten', { endedAt: after(30) }), asked(2, 'v2', 'accepted', { acceptedAt: after(30), joinedAt: after(31) })],
  };

  it('says language, who was asked, who accepted and joined, and how long it took', () => {
    const incident = incidentFromCall(interpretedCall, null, after(40), CENTRE);
    expect(incident?.call?.language).toBe('rus');
    expect(incident?.call?.interpreter).toMatchObject({
      language: 'rus',
      volunteer: 'v2',
      secondsToInterpreter: 11,
      asked: [
        { volunteer: 'v1', outcome: 'beaten' },
        { volunteer: 'v2', outcome: 'accepted' },
      ],
    });
    expect(checkIncident(incident).is).toBe('right');
  });

  it('never holds the number of a volunteer, in the document or in EIDO', () => {
    const incident = incidentFromCall(interpretedCall, null, after(40), CENTRE);
    expect(incident).not.toBeNull();
    expect(JSON.stringify(incident)).not.toContain('13900000099');
    if (incident !== null)
      expect(JSON.stringify(toEido(incident, { domain: 'city.invalid', name: 'City' }))).toContain('Interpreter for rus: v2 of 2 asked');
  });

  it('follows the language the caller is spoken to in, until a call taker writes another', () => {
    const first = incidentFromCall({ ...answeredCall(), language: 'zh' }, null, after(10), CENTRE);
    const second = incidentFromCall({ ...answeredCall(), language: 'ru' }, first, after(20), CENTRE);
    expect(second?.reporter.language).toBe('rus');
    if (second === null) throw new Error('no incident');
    const written = { ...second, reporter: { ...second.reporter, language: 'ukr' } };
    expect(incidentFromCall({ ...answeredCall(), language: 'en' }, written, after(30), CENTRE)?.reporter.language).toBe('ukr');
  });
});
