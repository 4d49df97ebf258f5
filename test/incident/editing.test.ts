import { describe, expect, it } from 'vitest';
import { applyEdit, closeIncident, complaints, handOver } from '../../src/incident/editing.ts';
import type { Incident } from '../../src/incident/incident.ts';
import { emptyIncident } from '../../src/incident/record.ts';
import { incidentId } from '../../src/kernel/ids.ts';
import { abandonedCall, after, answeredCall, completed, done, incidentOf, offeredCall } from './calls.ts';

const edit = (incident: Incident, what: object) => applyEdit(incident, what, after(60));
/** As a text opens it, before anybody has looked at it. */
const byText = (): Incident => ({ ...emptyIncident(incidentId('01ARZ3NDEKTSV4RRFFQ69G5FAV'), 'text', '230100', after(0)), status: 'open' });
const closing = { outcome: 'called-back', reason: 'spoke with her, pressed by mistake' } as const;

describe('editing an incident', () => {
  it('writes what is given and leaves the rest, also inside of place, happened and reporter', () => {
    const before = completed();
    const next = done(edit(before, { place: { address: 'Bridge Street 1' }, reporter: { name: 'Anna' } }));
    expect(next.version).toBe(before.version + 1);
    expect(next.place).toEqual({ ...before.place, address: 'Bridge Street 1' });
    expect(next.reporter).toEqual({ ...before.reporter, name: 'Anna' });
    expect(next.what).toBe(before.what);
  });

  it('is the very same value when nothing has changed', () => {
    const before = completed();
    expect(done(edit(before, { what: before.what, place: { poleCode: before.place.poleCode } }))).toBe(before);
  });

  it('counts anew what is missing, and takes blanks for nothing', () => {
    const before = incidentOf(answeredCall());
    expect(before.missing).toEqual(['time', 'place', 'what']);
    expect(done(edit(before, { what: ' \n ', place: { stated: '  ' } })).missing).toEqual(['time', 'place', 'what']);
    expect(done(edit(before, { place: { poleCode: '1023456' } })).missing).toEqual(['time', 'what']);
    expect(completed().missing).toEqual([]);
    expect(done(edit(completed(), { what: null })).missing).toEqual(['what']);
  });

  it('amends what is handed over, and what is accepted, without taking it back', () => {
    const handed = done(handOver(completed(), '1002', after(61)));
    const amended = done(edit(handed, { urgency: 'low' }));
    expect(amended).toMatchObject({ status: 'handed-over', handedOverAt: handed.handedOverAt, version: handed.version + 1 });
  });

  it('writes who is hurt and what weapons there are, and leaves the signs of danger as they were', () => {
    const danger = [{ stated: 'he is outside the door', sign: 'attacker-near' }];
    const before = { ...byText(), circumstances: { hurt: null, weapons: [], danger } };
    const hurt = { stated: 'two are bleeding', count: 2, certainty: 'confirmed' } as const;
    expect(done(edit(before, { circumstances: { hurt } })).circumstances).toEqual({ hurt, weapons: [], danger });
    const weapons = [{ stated: 'with a knife', what: 'knife' }];
    expect(done(edit(done(edit(before, { circumstances: { hurt } })), { circumstances: { weapons } })).circumstances).toEqual({
      hurt,
      weapons,
      danger,
    });
  });

  it('confirms what was made by rule, even where it writes what stands there already', () => {
    const before = byText();
    expect(before.confirmed).toBe(false);
    const next = done(edit(before, { what: before.what }));
    expect(next).toMatchObject({ confirmed: true, version: before.version + 1 });
    expect(done(edit(next, { what: before.what }))).toBe(next);
  });

  it('is a conflict once closed', () => {
    const closed = done(closeIncident(incidentOf(abandonedCall()), closing, '1002', after(61)));
    expect(edit(closed, { what: 'more' })).toEqual({ is: 'conflict', why: expect.stringContaining('closed') });
  });

  it('does not link an incident to itself', () => {
    const incident = completed();
    const links = [{ incident: incident.id, relation: 'repeat' }];
    expect(edit(incident, { links })).toEqual({ is: 'invalid', complaints: [expect.stringContaining('links.0.incident')] });
  });
});

describe('handing an incident over', () => {
  it('asks for everything that is missing at once, naming the fields', () => {
    expect(handOver(incidentOf(answeredCall()), '1002', after(61))).toEqual({
      is: 'invalid',
      complaints: [
        'say what happened (what)',
        'say where (place.stated, address, landmark, poleCode, plateCode or point)',
        'say what kind of matter it is (matter.class)',
      ],
    });
  });

  it.each([
    { stated: 'by the bridge' },
    { address: 'Bridge Street 1' },
    { poleCode: '1023456' },
    { plateCode: '23010212-001' },
    { landmark: 'opposite the cinema' },
    { point: { lat: 45, lon: 126, datum: 'WGS-84' } },
  ])('is content with a place in any form: %o', (place) => {
    const incident = done(edit(incidentOf(answeredCall()), { what: 'a fire', matter: { class: 'disaster-accident' }, place }));
    expect(complaints(incident)).toEqual([]);
  });

  it('does not wait for the time', () => {
    const incident = done(edit(completed(), { happened: { stated: null } }));
    expect(incident.missing).toEqual(['time']);
    expect(done(handOver(incident, '1002', after(61))).status).toBe('handed-over');
  });

  it('notes who did it and when', () => {
    expect(done(handOver(completed(), '1002', after(61)))).toMatchObject({
      status: 'handed-over',
      handedOverBy: '1002',
      handedOverAt: '2026-03-01T00:01:01.000+00:00',
    });
  });

  it('is a conflict for a draft, a second time, and when closed', () => {
    const handed = done(handOver(completed(), '1002', after(61)));
    const closed = done(closeIncident(handed, { outcome: 'dispatched', reason: 'done' }, '1002', after(62)));
    for (const incident of [incidentOf(offeredCall()), handed, closed]) {
      expect(handOver(incident, '1002', after(63)).is).toBe('conflict');
    }
  });

  it('confirms what a rule had handed over, as of when that was, once it is complete', () => {
    const byRule = { status: 'handed-over', handedOverAt: '2026-03-01T00:00:01.000+00:00', handedOverBy: 'rules' } as const;
    const complete = { ...completed(), ...byRule, confirmed: false };
    const confirmed = done(handOver(complete, '1002', after(61)));
    expect(confirmed).toMatchObject({ ...byRule, confirmed: true, version: complete.version + 1 });
    expect(handOver(confirmed, '1002', after(62)).is).toBe('conflict');
    expect(handOver({ ...complete, matter: { class: 'unclear' } }, '1002', after(61)).is).toBe('invalid');
  });

  it('is of itself confirmed', () => {
    expect(done(handOver({ ...completed(), confirmed: false }, '1002', after(61)))).toMatchObject({
      status: 'handed-over',
      confirmed: true,
    });
    for (const incident of [incidentOf(offeredCall()), incidentOf(abandonedCall())]) expect(incident.confirmed).toBe(true);
  });

  it('sends nobody out to an abandoned call before it is known what it was', () => {
    expect(complaints(incidentOf(abandonedCall()))).toContainEqual(expect.stringContaining('abandoned call'));
  });
});

describe('closing an incident', () => {
  it('needs no place and no what for an abandoned call, but an outcome with a written reason', () => {
    const abandoned = incidentOf(abandonedCall());
    expect(closeIncident(abandoned, { ...closing, reason: '  ' }, '1002', after(61))).toEqual({
      is: 'invalid',
      complaints: ['say why it is closed so (reason)'],
    });
    expect(done(closeIncident(abandoned, closing, '1002', after(61)))).toMatchObject({
      status: 'closed',
      disposition: { ...closing, by: '1002', at: '2026-03-01T00:01:01.000+00:00' },
    });
  });

  it('needs the matter of an answered call, and for "dispatched" all that dispatch needs', () => {
    const answered = incidentOf(answeredCall());
    expect(closeIncident(answered, closing, '1002', after(61))).toMatchObject({
      is: 'invalid',
      complaints: [expect.stringContaining('matter')],
    });
    const known = done(edit(answered, { matter: { class: 'non-police' } }));
    expect(closeIncident(known, closing, '1002', after(61)).is).toBe('done');
    expect(closeIncident(known, { outcome: 'dispatched', reason: 'x' }, '1002', after(61)).is).toBe('invalid');
  });

  it('is a conflict for a draft and a second time', () => {
    expect(closeIncident(incidentOf(offeredCall()), closing, '1002', after(61)).is).toBe('conflict');
    const closed = done(closeIncident(incidentOf(abandonedCall()), closing, '1002', after(61)));
    expect(closeIncident(closed, closing, '1002', after(62)).is).toBe('conflict');
  });

  it('needs no matter of a duplicate, for the other one has it, and confirms what no person had looked at', () => {
    const duplicate = { outcome: 'duplicate', reason: 'its texts were joined into another' } as const;
    expect(done(closeIncident(byText(), duplicate, '1002', after(61)))).toMatchObject({ status: 'closed', confirmed: true });
    expect(closeIncident(byText(), { ...duplicate, outcome: 'no-action' }, '1002', after(61)).is).toBe('invalid');
  });

  it('does not take a reason longer than the schema', () => {
    const answer = closeIncident(incidentOf(abandonedCall()), { ...closing, reason: 'x'.repeat(1001) }, '1002', after(61));
    expect(answer).toEqual({ is: 'invalid', complaints: ['reason: at most 1000 characters'] });
  });
});
