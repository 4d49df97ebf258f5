import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { Check } from 'typebox/value';
import { describe, expect, it } from 'vitest';
import { checkClosing, checkEdit, checkIncident, IncidentClosing } from '../../src/incident/checking.ts';
import { Incident, IncidentEdit } from '../../src/incident/incident.ts';
import { completed, incidentOf, abandonedCall } from './calls.ts';

const complaintsOf = (input: unknown): readonly string[] => {
  const checked = checkEdit(input);
  return checked.is === 'wrong' ? checked.complaints : [];
};

describe('checking an edit', () => {
  it('names every wrong field at once, in plain words', () => {
    const edit = {
      what: 5,
      matter: { class: 'theft' },
      urgency: 'hi',
      place: { poleCode: '12', point: { lat: 91, lon: 'x', datum: 'GCJ-02' } },
      reporter: { language: 'zh' },
      links: [{ incident: 'x', relation: 'foo' }],
    };
    expect(complaintsOf(edit)).toEqual([
      'what: a text of at most 4000 characters, or null',
      expect.stringMatching(/^matter\.class: one of criminal, .*unclear$/),
      'urgency: one of immediate, urgent, normal, low, or null',
      'place.poleCode: 4 to 12 digits, or null',
      'place.point.lat: a number from -90 to 90',
      'place.point.lon: a number from -180 to 180',
      'place.point.datum: must be WGS-84',
      'reporter.language: three small letters of ISO 639-3, e.g. cmn, rus, eng',
      'links.0.relation: one of repeat, duplicate, related',
    ]);
  });

  it('answers an unknown field with the nearest known one', () => {
    expect(complaintsOf({ plase: {} })).toEqual(['plase: no such field; did you mean place?']);
    expect(complaintsOf({ place: { polecode: '1234567' } })).toEqual(['place.polecode: no such field; did you mean poleCode?']);
    expect(complaintsOf({ reporter: { number: '110' } })).toEqual([
      'reporter.number: no such field; there are name, language, confidential, impairment',
    ]);
  });

  it.each([
    '2026-02-30T08:00:00Z',
    '2026-03-01 08:00',
    '2026-03-01T08:00:00',
    'yesterday',
    '',
    '2026-03-01T08:00:00+08:00[Asia/Shanghai]',
    '2016-12-31T23:59:60Z',
  ])('takes no moment that is none: %s', (at) => {
    expect(complaintsOf({ happened: { at } })).toEqual(['happened.at: a moment with its offset, e.g. 2026-03-01T08:00:00+08:00, or null']);
  });

  it('takes a moment with any offset', () => {
    for (const at of ['2026-03-01T08:00:00+08:00', '2026-03-01T00:00:00.250Z', '2024-02-29T00:00:00-03:30']) {
      expect(complaintsOf({ happened: { at } })).toEqual([]);
    }
  });

  it('says so when nothing is to be changed, and when it is no object', () => {
    expect(complaintsOf({})).toEqual([expect.stringContaining('nothing is said')]);
    for (const input of [null, 7, 'x', [], undefined]) expect(complaintsOf(input)).toEqual(['an object']);
  });

  it('takes what a text told of people and weapons, and nothing of the signs of danger', () => {
    const hurt = { stated: 'two are bleeding', count: 2, certainty: 'confirmed' };
    expect(complaintsOf({ circumstances: { hurt, weapons: [{ stated: 'a knife', what: 'knife' }] } })).toEqual([]);
    expect(complaintsOf({ circumstances: { hurt: null } })).toEqual([]);
    expect(complaintsOf({ circumstances: { hurt: { ...hurt, count: 1.5 }, weapons: [{ what: 'knife' }], danger: [] } })).toEqual([
      'circumstances.hurt.count: a whole number from 0 to 1000000, or null',
      'circumstances.weapons.0.stated: is missing',
      'circumstances.danger: no such field; there are hurt, weapons',
    ]);
    const place = { plateCode: '23010212-001', landmark: 'opposite the cinema' };
    expect(complaintsOf({ place, reporter: { impairment: 'hearing-or-speech' } })).toEqual([]);
  });

  it('is not led astray by names of the language', () => {
    expect(complaintsOf(JSON.parse('{"__proto__":{"what":"x"},"constructor":1,"what":"x"}'))).toHaveLength(2);
  });

  it('does not repeat what was sent, nor a name as long as a book, nor a thousand complaints', () => {
    const secret = '13800000078';
    expect(JSON.stringify(complaintsOf({ reporter: { language: secret, name: 5 }, what: { secret } }))).not.toContain(secret);
    const flood = Object.fromEntries(Array.from({ length: 1000 }, (_, n) => [`${'x'.repeat(5000)}\n${n}`, 1]));
    const found = complaintsOf(flood);
    expect(found).toHaveLength(21);
    expect(found.at(-1)).toBe('and 980 more');
    expect(found.join('').length).toBeLessThan(3000);
    expect(found.join('')).not.toContain('\n');
  });
});

describe('checking', () => {
  it('has plain words for every pattern of the schemas', () => {
    const patterns = [...JSON.stringify([Incident, IncidentEdit, IncidentClosing]).matchAll(/"pattern":"((?:[^"\\]|\\.)*)"/g)];
    expect(patterns.length).toBeGreaterThan(3);
    const wrong = { ...incidentOf(abandonedCall()), id: '-', place: { ...completed().place, poleCode: '-', plateCode: '_' } };
    const all = [
      checkIncident({ ...wrong, reporter: { ...wrong.reporter, number: '-', language: '-' } }),
      checkEdit({ reporter: { language: '-' }, place: { poleCode: '-', plateCode: '_' } }),
    ].flatMap((checked) => (checked.is === 'wrong' ? checked.complaints : []));
    expect(all).toHaveLength(8);
    expect(all.filter((words) => words.includes('^'))).toEqual([]);
  });

  it('takes whole incidents and closings, and names what is missing in them', () => {
    expect(checkIncident(completed()).is).toBe('right');
    const { what: _, ...incomplete } = completed();
    expect(checkIncident(incomplete)).toEqual({ is: 'wrong', complaints: ['what: is missing'] });
    expect(checkClosing({ outcome: 'x' })).toEqual({
      is: 'wrong',
      complaints: ['reason: is missing', expect.stringMatching(/^outcome: one of dispatched/)],
    });
    expect(checkClosing({ outcome: 'no-action', reason: 'a test call' }).is).toBe('right');
  });

  it('finds the examples in the docs right', () => {
    const page = readFileSync(new URL('../../docs/webhooks.md', import.meta.url), 'utf8');
    const blocks = [...page.matchAll(/```json\n([^`]*)```/g)].map(([, block = '']) => block.trim());
    const whole = blocks.find((block) => block.startsWith('{'));
    const byText = blocks.find((block) => block.startsWith('"channel": "text"'));
    const { data } = JSON.parse(whole ?? '') as { data: object };
    const texted = { ...data, ...(JSON.parse(`{${(byText ?? '').replace(/,$/, '')}}`) as object), call: null };
    expect([checkIncident(data), checkIncident(texted)].map((checked) => (checked.is === 'wrong' ? checked.complaints : []))).toEqual([
      [],
      [],
    ]);
  });

  it('is right exactly when the schema is, for whatever comes (but for moments, where it is stricter)', () => {
    const nearly = fc.oneof(fc.jsonValue(), fc.constantFrom('criminal', 'urgent', 'stated', '1234567', null, true, 'WGS-84', 45));
    const field = (names: readonly string[]) => fc.dictionary(fc.constantFrom(...names), nearly, { maxKeys: 4 });
    const place = field(['stated', 'address', 'poleCode', 'plateCode', 'landmark', 'point', 'certainty', 'x']);
    const edits = fc.oneof(
      fc.jsonValue(),
      fc.record(
        {
          what: nearly,
          urgency: nearly,
          place: fc.oneof(nearly, place),
          matter: fc.oneof(nearly, field(['class', 'code', 'reason'])),
          links: fc.oneof(nearly, fc.array(field(['incident', 'relation']), { maxLength: 3 })),
          reporter: fc.oneof(nearly, field(['name', 'language', 'confidential', 'impairment'])),
          circumstances: fc.oneof(nearly, field(['hurt', 'weapons', 'danger'])),
        },
        { requiredKeys: [] },
      ),
    );
    const agrees = fc.property(edits, (edit) => (checkEdit(edit).is === 'right') === Check(IncidentEdit, edit));
    expect(() => fc.assert(agrees, { numRuns: 1000 })).not.toThrow();
  });
});
