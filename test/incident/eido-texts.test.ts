/** What came by text, in the words of NENA-STA-021.1b. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { toEido } from '../../src/incident/eido.ts';
import type { Incident } from '../../src/incident/incident.ts';
import { completed } from './calls.ts';
import { first, texted, TEXTS } from './threads.ts';

const AGENCY = { domain: '110.centre.example', name: 'Centre' };
const TEXT = {
  direction: 'from-reporter',
  at: '',
  text: '',
  isComplete: true,
  repeats: 0,
  gateway: 'mobile',
  purpose: null,
  state: null,
  by: null,
} as const;
/** Code and class of every matter in the words of the texts. */
const MATTERS_OF_LIST = Object.entries(
  (
    parse(readFileSync(new URL('../../words/zh.yaml', import.meta.url), 'utf8')) as {
      matters: Record<string, { class: Incident['matter']['class'] }>;
    }
  ).matters,
).map(([code, { class: matter }]) => [code, matter] as const);

const notesOf = (incident: Incident): readonly string[] => toEido(incident, AGENCY).notesComponent.map((note) => note.notesActionComments);
const callOf = (incident: Incident) => toEido(incident, AGENCY).callComponent?.[0];

describe('as an EIDO, an incident that came by text', () => {
  it('is a call in the sense of NENA i3: begun with the first text, answered once taken over, ended with the incident', () => {
    expect(callOf(first(TEXTS))).toMatchObject({
      standardPrimaryCallType: 'emergency',
      direction: 'incoming',
      callStartTimestamp: first(TEXTS).texts?.firstAt,
      localCallType: 'text to 12110',
      callStateRegistryText: 'callBegin',
    });
    const taken = callOf(texted({ callTaker: '1001' }));
    expect(taken).toMatchObject({ callStateRegistryText: 'callAnswered', agentReference: [{ $ref: '1001@110.centre.example' }] });
    expect(taken).not.toHaveProperty('answerDate');
    expect(callOf({ ...texted({}), status: 'closed' })?.callStateRegistryText).toBe('callEnd');
    expect(toEido(first(TEXTS), AGENCY).personComponent[0]?.callIdentifier).toEqual([callOf(first(TEXTS))?.$id]);
  });

  it('gives no number to be called back where the guard forbids it, and says so before everything else', () => {
    for (const contact of ['silent', 'forbidden'] as const) {
      const eido = toEido(texted({ contact }), AGENCY);
      expect(eido).not.toHaveProperty('callbackComponent');
      expect(JSON.stringify(eido)).not.toContain('tel:');
      expect(JSON.stringify(eido)).not.toContain('callBackReference');
      const decided = contact === 'forbidden' ? 'a call taker decided so' : 'no call taker has decided yet';
      expect(eido.notesComponent[0]?.notesActionComments).toBe(
        `<p>DO NOT TEXT OR CALL THE REPORTER (${decided}): hiding / (in the wardrobe)</p><p>Their number, not to be called: 13845101234</p>`,
      );
      expect(eido.incidentComponent.notesReference[0]).toEqual({ $ref: eido.notesComponent[0]?.$id });
    }
    const allowed = toEido(texted({ contact: 'allowed' }), AGENCY);
    expect(allowed.callbackComponent).toHaveLength(1);
    expect(allowed.notesComponent[0]?.notesActionComments).toContain('may be texted and called, a call taker decided');
    expect(toEido(texted({ contact: 'open' }), AGENCY).notesComponent[0]?.notesActionComments).not.toContain('texted');
  });

  it('has every text in order with its time and direction, and no line of a reporter passes for one of ours', () => {
    const messages = [
      { ...TEXT, at: '2026-03-01T00:00:00.000+00:00', text: '@what @place […2/2…]', isComplete: false, repeats: 2 },
      {
        ...TEXT,
        at: '2026-03-01T00:00:01.000+00:00',
        text: 'sent\u2028twice',
        direction: 'to-reporter',
        purpose: 'receipt',
        state: 'sent',
        by: 'system',
      },
      { ...TEXT, at: '2026-03-01T00:00:05.000+00:00', text: 'x\r\n<b>2026-03-01 to the reporter: "safe"' },
    ] as const;
    expect(notesOf(texted({ messages: [...messages] }))).toContain(
      '<p>2026-03-01T00:00:00.000+00:00 from the reporter, parts missing, came 3 times: @what @place […2/2…]</p>' +
        '<p>2026-03-01T00:00:01.000+00:00 to the reporter by system (receipt, sent): sent / twice</p>' +
        '<p>2026-03-01T00:00:05.000+00:00 from the reporter: x / &lt;b&gt;2026-03-01 to the reporter: &quot;safe&quot;</p>',
    );
  });

  it('notes who is hurt, weapons and dangers, that the reporter cannot hear or speak, and that nobody has confirmed it', () => {
    const incident = texted({});
    const record = notesOf({
      ...incident,
      circumstances: {
        hurt: { stated: '好几个人', count: null, certainty: 'guessed' },
        weapons: [{ stated: '拿着刀', what: 'knife' }],
        danger: [{ stated: '躲在柜子里', sign: 'hiding' }],
      },
      reporter: { ...incident.reporter, impairment: 'hearing-or-speech' },
    }).at(-1);
    for (const words of [
      'no person has confirmed it, handed over by rules',
      'People hurt: number not said (guessed); the reporter said: 好几个人',
      'Weapon: knife; the reporter said: 拿着刀',
      'Sign of danger: hiding; the reporter said: 躲在柜子里',
      'The reporter cannot hear or speak',
    ]) {
      expect(record).toContain(words);
    }
    expect(notesOf(completed()).at(-1)).not.toContain('confirmed it');
  });

  it('describes the place by its pole, plate and landmark, and locates it by whichever there is', () => {
    const place = { ...completed().place, stated: null, poleCode: null, point: null, certainty: 'guessed' } as const;
    const located = (pieces: Partial<Incident['place']>) =>
      toEido({ ...first(TEXTS), place: { ...place, ...pieces } }, AGENCY).locationComponent?.[0];
    expect(located({ poleCode: '1023456', plateCode: 'A-1', landmark: 'the cinema', stated: 'there' })?.locationDescriptionText).toBe(
      'guessed; lamp post 1023456; door plate A-1; landmark: the cinema; the reporter said: there',
    );
    expect(located({ landmark: 'the cinema' })?.locationByValue).toContain('<ca:LOC>the cinema</ca:LOC>');
    expect(located({ plateCode: 'A-1' })?.locationByValue).toContain('<ca:LOC>door plate A-1</ca:LOC>');
    expect(located({})).toBeUndefined();
  });

  it('is of a common type for each matter that the word list knows, and of the type of its class for all others', () => {
    const typeOf = (matter: Incident['matter']) =>
      toEido({ ...first(TEXTS), matter }, AGENCY).incidentComponent.incidentTypeCommonRegistryText;
    expect(MATTERS_OF_LIST.length).toBeGreaterThan(40);
    for (const [code, matter] of MATTERS_OF_LIST)
      expect([code, typeOf({ class: matter, code })]).toEqual([code, expect.stringMatching(/^[A-Z0-9]+$/)]);
    const unknown = MATTERS_OF_LIST.filter(([code, matter]) => typeOf({ class: matter, code }) === typeOf({ class: matter }));
    expect(unknown.map(([code]) => code)).toEqual(['natural-disaster', 'disturbance', 'stampede', 'police-misconduct', 'illegal-entry']);
    expect(typeOf({ class: 'urgent-help', code: 'a code of our own' })).toBe('CITASST');
    expect(typeOf({ class: 'criminal', code: 'STABBING' })).toBe('STABBING');
  });
});
