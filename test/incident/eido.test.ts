/** The rules of NENA-STA-021.1b as far as we write it. What a schema checker would say is not asked here: the schema is not ours to keep. */
import { describe, expect, it } from 'vitest';
import { closeIncident, handOver } from '../../src/incident/editing.ts';
import { toEido } from '../../src/incident/eido.ts';
import { incidentFromFallback } from '../../src/incident/from-fallback.ts';
import type { Incident } from '../../src/incident/incident.ts';
import { incidentId } from '../../src/kernel/ids.ts';
import { text } from '../sms/world.ts';
import { first, texted, TEXTS, threadOf } from './threads.ts';
import { abandonedCall, after, answeredCall, CENTRE, completed, done, endedCall, incidentOf, offeredCall, START } from './calls.ts';

const AGENCY = { domain: '110.centre.example', name: 'Centre "110" <north>' };
const OFFSET = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?[+-]\d\d:\d\d$/;

const handed = (): Incident => done(handOver(completed(), '1002', after(61)));
const closed = (): Incident => done(closeIncident(handed(), { outcome: 'duplicate', reason: 'the same fight' }, '1002', after(70)));
const linked = (): Incident => ({ ...completed(), links: [{ incident: '01ARZ3NDEKTSV4RRFFQ69G5FAW', relation: 'repeat' }] });
const fallback = (): Incident =>
  incidentFromFallback(
    {
      id: 'x',
      number: null,
      calledNumber: '110',
      arrivedAt: START,
      answeredAt: null,
      endedAt: after(9),
      answeredBy: null,
      recording: null,
    },
    incidentId('01ARZ3NDEKTSV4RRFFQ69G5FAX'),
    after(100),
    CENTRE,
  );
const EVERY: readonly (readonly [string, () => Incident])[] = [
  ['a draft', () => incidentOf(offeredCall())],
  ['an answered one', () => incidentOf(answeredCall())],
  ['one handed over', handed],
  ['a closed one', closed],
  ['an abandoned one', () => incidentOf(abandonedCall())],
  ['a linked one', linked],
  ['one of the fallback', fallback],
  ['one by text, read by rule', () => first(TEXTS)],
  ['one by text that must not be answered', () => texted({ contact: 'silent' })],
  ['one by text, taken over', () => texted({ callTaker: '1001', contact: 'allowed' })],
  ['one by text, joined into another', () => ({ ...texted({ callTaker: '1001' }), status: 'closed' })],
  ['one by text without a number', () => first(threadOf(text('', 0, { from: 'BANK' })))],
];

/** Every object of the document, with the name it stands under. */
function* parts(value: unknown, name = 'eido'): Generator<readonly [string, Record<string, unknown>]> {
  if (Array.isArray(value)) for (const inside of value) yield* parts(inside, name);
  else if (typeof value === 'object' && value !== null) {
    yield [name, value as Record<string, unknown>];
    for (const [below, inside] of Object.entries(value)) yield* parts(inside, below);
  }
}
const componentsOf = (eido: unknown) =>
  [...parts(eido)].filter(([name]) => name === 'eido' || (/Component$/.test(name) && name !== 'ncPersonComponent'));

describe.each(EVERY)('as an EIDO, %s', (_name, make) => {
  const eido = toEido(make(), AGENCY);

  it('opens every component with an id, a time with offset and the agency', () => {
    expect(componentsOf(eido).length).toBeGreaterThanOrEqual(5);
    for (const [name, component] of componentsOf(eido)) {
      expect(component, name).toMatchObject({ $id: expect.any(String), updatedByAgencyReference: { $ref: AGENCY.domain } });
      expect(component.lastUpdateTimeStamp, name).toMatch(OFFSET);
    }
  });

  it('gives every component an id of its own; only the document goes by the name of its incident', () => {
    const ids = componentsOf(eido).map(([, component]) => component.$id);
    expect(ids.length - new Set(ids).size).toBe(1);
    expect(eido.$id).toBe(eido.incidentComponent.$id);
  });

  it('refers only to what it holds', () => {
    const held = new Set(componentsOf(eido).map(([, component]) => component.$id));
    const references = [...parts(eido)].filter(([, part]) => '$ref' in part).map(([, part]) => part.$ref);
    expect(references.filter((reference) => !held.has(reference))).toEqual([]);
  });

  it('has one owning agency, one caller and one type of incident', () => {
    expect(eido.agencyComponent.filter((agency) => agency.incidentOwningAgencyIndicator)).toHaveLength(1);
    expect(eido.personComponent.filter((person) => person.personIncidentRoleRegistryText.includes('Caller'))).toHaveLength(1);
    expect(eido.incidentComponent.incidentTypeCommonRegistryText).toMatch(/^[A-Z0-9]+$/);
    expect(eido.eidoVersion).toBe('1.0');
  });

  it('has emergency ids of 10 to 32 letters and digits', () => {
    const urns = JSON.stringify(eido).match(/urn:emergency:uid:[^"&<\\]*/g) ?? [];
    for (const urn of urns) expect(urn).toMatch(/^urn:emergency:uid:(incidentid|callid):[A-Za-z0-9]{10,32}:110\.centre\.example$/);
  });

  it('says when with an offset wherever it says when', () => {
    const call = eido.callComponent?.[0];
    const moments = [call?.callStartTimestamp, call?.answerDate].filter((at) => at !== undefined);
    expect(moments.filter((at) => !OFFSET.test(at))).toEqual([]);
  });
});

describe('as an EIDO, an incident', () => {
  it('keeps the ids of its components through later versions', () => {
    const idsOf = (incident: Incident) => componentsOf(toEido(incident, AGENCY)).map(([, component]) => component.$id);
    const early = idsOf(incidentOf(answeredCall()));
    expect(idsOf(closed())).toEqual(expect.arrayContaining(early));
    expect(toEido(closed(), AGENCY).lastUpdateTimeStamp).not.toBe(toEido(handed(), AGENCY).lastUpdateTimeStamp);
  });

  it('tells the state of the call', () => {
    const stateOf = (call: Parameters<typeof incidentOf>[0]) => toEido(incidentOf(call), AGENCY).callComponent?.[0]?.callStateRegistryText;
    expect([offeredCall(), answeredCall(), endedCall(), abandonedCall()].map(stateOf)).toEqual([
      'callAlerting',
      'callAnswered',
      'callEnd',
      'callEnd',
    ]);
  });

  it('carries type, priority, status and disposition', () => {
    const { incidentComponent } = toEido(closed(), AGENCY);
    expect(incidentComponent).toMatchObject({
      incidentTypeCommonRegistryText: 'FIGHT',
      incidentTypeInternalCode: 'fight',
      incidentTypeInternalText: 'public-order',
      incidentCommonPriorityNumber: 10,
      incidentStatusCommonRegistryText: ['Closed'],
      dispositionComponent: [{ dispositionCommonRegistryCode: '22', dispositionDescriptionText: 'duplicate: the same fight' }],
    });
    expect(toEido(incidentOf(abandonedCall()), AGENCY).incidentComponent.incidentTypeCommonRegistryText).toBe('911H');
    expect(toEido(incidentOf(answeredCall()), AGENCY).incidentComponent).not.toHaveProperty('incidentCommonPriorityNumber');
  });

  it('writes notes as HTML in which a reporter can say nothing to the machine', () => {
    const note = toEido(completed(), AGENCY).notesComponent[0]?.notesActionComments;
    expect(note).toBe('<p>Two men fight with &lt;knives&gt; &amp; bottles</p><p>One is hurt</p>');
  });

  it('locates by value, in WGS-84, latitude first, with pole and words', () => {
    const [place, ...others] = toEido(completed(), AGENCY).locationComponent ?? [];
    expect(others).toEqual([]);
    expect(place).not.toHaveProperty('locationByReferenceUrl');
    expect(place?.locationByValue).toContain('srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>45.75 126.65</gml:pos>');
    expect(place?.locationByValue).toMatch(/<cae:PN [^>]*>1023456<\/cae:PN>/);
    expect(place?.locationByValue).toContain('<ca:LOC>under the lamp by the bridge</ca:LOC>');
    expect(place?.locationDescriptionText).toMatch(/^confirmed; lamp post 1023456; the reporter said: /);
  });

  it('holds XML that is well formed whatever was said', () => {
    const stated = '</ca:LOC><x a="1" b=\'2\'>&amp;\u0000\u000B\uD800\uFFFF ]]>';
    const incident = completed();
    const place = toEido({ ...incident, place: { ...incident.place, stated } }, AGENCY).locationComponent?.[0]?.locationByValue ?? '';
    expect(place).toContain('<ca:LOC>&lt;/ca:LOC&gt;&lt;x a=&quot;1&quot; b=&#39;2&#39;&gt;&amp;amp; ]]&gt;</ca:LOC>');
    const open: string[] = [];
    for (const [, end, name, empty] of place.replace(/^<\?xml[^>]*\?>/, '').matchAll(/<(\/?)([a-zA-Z:]+)[^<>]*?(\/?)>/g)) {
      if (end === '/') expect(open.pop()).toBe(name);
      else if (empty !== '/') open.push(name ?? '');
    }
    expect(open).toEqual([]);
  });

  it('has no location when nothing is known of the place, and no number when it was withheld', () => {
    const eido = toEido(
      { ...incidentOf(abandonedCall()), reporter: { number: null, name: null, language: 'und', confidential: false, impairment: null } },
      AGENCY,
    );
    expect(eido).not.toHaveProperty('locationComponent');
    expect(eido).not.toHaveProperty('callbackComponent');
  });

  it('names the number so that it can be dialled, and the language by ISO 639-3', () => {
    const eido = toEido(incidentOf(answeredCall()), AGENCY);
    expect(eido.callbackComponent?.[0]?.callBackInformationUri).toEqual(['tel:13800000078;phone-context=110.centre.example']);
    expect(eido.personComponent[0]?.ncPersonComponent).toEqual({ primaryLanguage: [{ languageCode: [{ simpleType: 'cmn' }] }] });
    const abroad = {
      ...incidentOf(answeredCall()),
      reporter: { number: '+7495000000', name: 'Anna', language: 'rus', confidential: true, impairment: null },
    };
    expect(toEido(abroad, AGENCY).callbackComponent?.[0]?.callBackInformationUri).toEqual(['tel:+7495000000']);
    expect(JSON.stringify(toEido(abroad, AGENCY).notesComponent)).toContain('confidential');
  });
});
