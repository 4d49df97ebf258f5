import { DANGER_SIGNS } from '../../src/reading/reading.ts';
import { describe, expect, it } from 'vitest';
import { checkIncident } from '../../src/incident/checking.ts';
import { applyEdit, closeIncident, handOver } from '../../src/incident/editing.ts';
import type { IncidentEdit, Incident } from '../../src/incident/incident.ts';
import { answer } from '../../src/sms/answering.ts';
import { forwardText } from '../../src/sms/forwarding.ts';
import { decide } from '../../src/sms/guard.ts';
import { closeThread, putBack, takeOver } from '../../src/sms/holding.ts';
import { sendingAnswered, sendingNext } from '../../src/sms/outgoing.ts';
import type { Thread } from '../../src/sms/thread.ts';
import { ANNA, at, part, right, RULES, text } from '../sms/world.ts';
import { done } from './calls.ts';
import { CENTRE, first, INCIDENT, next, taken, THREAD, threadOf } from './threads.ts';

const edited = (incident: Incident, edit: IncidentEdit): Incident => done(applyEdit(incident, edit, at(1)));

describe('the incident of a thread of texts', () => {
  it('is opened by the first text, unconfirmed, with the number and the words', () => {
    const incident = first(threadOf(text('en: @what', 0)));
    expect(incident).toMatchObject({
      id: INCIDENT,
      version: 1,
      centre: CENTRE,
      channel: 'text',
      status: 'open',
      confirmed: false,
      what: 'en: @what',
      call: null,
      reporter: { number: '13845101234', language: 'eng' },
      missing: ['time', 'place'],
      handedOverAt: null,
      texts: { thread: THREAD, shortNumber: '12110', callTaker: null, contact: 'open', contactReason: null },
    });
    expect(checkIncident(incident).is).toBe('right');
  });

  it('is opened by a text that tells nothing, and by one that is none', () => {
    for (const words of ['', '?', null]) {
      const incident = first(threadOf(text(words, 0)));
      expect(incident).toMatchObject({ status: 'open', what: null, matter: { class: 'unclear' }, missing: ['time', 'place', 'what'] });
      expect(incident.texts?.messages[0]).toMatchObject({ direction: 'from-reporter', text: words ?? '' });
      expect(checkIncident(incident).is).toBe('right');
    }
  });

  it.each(['@urgent', '@immediate', '@what @place @time'])('is handed over with the first text by rule, unconfirmed: %s', (words) => {
    expect(first(threadOf(text(words, 5)))).toMatchObject({
      version: 1,
      status: 'handed-over',
      handedOverAt: '2026-05-28T20:26:45.000+00:00',
      handedOverBy: 'rules',
      confirmed: false,
    });
  });

  it('is handed over when the last thing that was missing comes, and not before', () => {
    const one = threadOf(text('@what', 0));
    const two = taken(one, text('@place', 10));
    const three = taken(two, text('@time', 20));
    const incidents = [first(one)];
    for (const [thread, before] of [
      [two, one],
      [three, two],
    ] as const)
      incidents.push(next(thread, before, incidents.at(-1) ?? first(one)));
    expect(incidents.map(({ status, version, missing }) => [status, version, missing.join()])).toEqual([
      ['open', 1, 'time,place'],
      ['open', 2, 'time'],
      ['handed-over', 3, ''],
    ]);
    expect(incidents[2]).toMatchObject({ what: '@what\n@place\n@time', handedOverBy: 'rules', confirmed: false });
  });

  it('is amended as more comes, and handed over once only', () => {
    const one = threadOf(text('@urgent @what', 0));
    const two = taken(one, text('@place @time', 30));
    const before = first(one);
    const amended = next(two, one, before);
    expect(amended).toMatchObject({ version: 2, status: 'handed-over', handedOverAt: before.handedOverAt, missing: [] });
    expect(amended.texts?.messages.filter(({ direction }) => direction === 'from-reporter')).toHaveLength(2);
  });

  it('marks what is missing of a long text, and is amended by the part that comes', () => {
    const one = threadOf(text('@what ', 0, part(1, 2)));
    const two = taken(one, text('@place', 3, part(2, 2)));
    const before = first(one);
    expect(before.texts?.messages[0]).toMatchObject({ text: '@what […2/2…]', isComplete: false });
    expect(next(two, one, before).texts?.messages[0]).toMatchObject({ text: '@what @place', isComplete: true });
  });

  it('is the very same value where nothing has changed, or only the very same text came again', () => {
    const one = threadOf(text('@what', 0));
    const before = first(one);
    expect(next(one, one, before, at(50))).toBe(before);
    const again = taken(one, text('@what', 20));
    expect(again.received).toMatchObject([{ repeats: 1 }]);
    expect(next(again, one, before)).toBe(before);
    const more = taken(again, text('@place', 40));
    expect(next(more, again, before)).toMatchObject({ version: 2, texts: { messages: [{ repeats: 1 }, {}, {}] } });
  });

  it('keeps by which gateway each text came', () => {
    const one = threadOf(text('@what', 0, { gateway: 'mobile' }));
    const two = taken(one, text('@place', 10, { gateway: 'unicom' }));
    const gateways = (next(two, one, first(one)).texts?.messages ?? []).filter(({ direction }) => direction === 'from-reporter');
    expect(gateways.map(({ gateway }) => gateway)).toEqual(['mobile', 'unicom']);
  });
});

describe('what a person wrote', () => {
  const one = threadOf(text('en: @what', 0));
  const two = taken(one, text('@place @time @urgent', 30));
  const EDITS: readonly (readonly [name: string, edit: IncidentEdit, (incident: Incident) => unknown])[] = [
    ['the matter', { matter: { class: 'non-police' } }, ({ matter }) => matter],
    ['the urgency', { urgency: 'low' }, ({ urgency }) => urgency],
    ['what happened', { what: 'a cat in a tree' }, ({ what }) => what],
    ['what happened, emptied', { what: null }, ({ what }) => what],
    ['the address', { place: { address: '1 Bridge Street' } }, ({ place }) => place.address],
    ['the stated place', { place: { stated: 'by the bridge' } }, ({ place }) => place.stated],
    ['the landmark', { place: { landmark: 'the cinema' } }, ({ place }) => place.landmark],
    ['the lamp post', { place: { poleCode: '1023456' } }, ({ place }) => place.poleCode],
    ['the plate', { place: { plateCode: 'A-1023' } }, ({ place }) => place.plateCode],
    ['the point', { place: { point: { lat: 1, lon: 2, datum: 'WGS-84' } } }, ({ place }) => place.point],
    ['how sure the place is', { place: { certainty: 'confirmed' } }, ({ place }) => place.certainty],
    ['the time', { happened: { at: '2026-03-01T08:00:00+08:00' } }, ({ happened }) => happened.at],
    ['the stated time', { happened: { stated: 'at noon' } }, ({ happened }) => happened.stated],
    ['the name', { reporter: { name: 'Anna' } }, ({ reporter }) => reporter.name],
    ['the language', { reporter: { language: 'ukr' } }, ({ reporter }) => reporter.language],
    ['confidentiality', { reporter: { confidential: true } }, ({ reporter }) => reporter.confidential],
    ['the impairment', { reporter: { impairment: 'hearing-or-speech' } }, ({ reporter }) => reporter.impairment],
    [
      'who is hurt',
      { circumstances: { hurt: { stated: 'two', count: 2, certainty: 'confirmed' } } },
      ({ circumstances }) => circumstances.hurt,
    ],
    ['the weapons', { circumstances: { weapons: [{ stated: 'a gun', what: 'gun' }] } }, ({ circumstances }) => circumstances.weapons],
    ['the links', { links: [{ incident: '01ARZ3NDEKTSV4RRFFQ69G5FAV', relation: 'related' }] }, ({ links }) => links],
  ];

  it.each(EDITS)('is never overwritten by what comes: %s', (_name, edit, field) => {
    const written = edited(first(one), edit);
    const later = next(two, one, written);
    expect(later.version).toBe(written.version + 1);
    expect(field(later)).toEqual(field(written));
    expect(later.confirmed).toBe(true);
  });

  it('in one field keeps no other from being filled', () => {
    const later = next(
      two,
      one,
      edited(first(one), { place: { address: '1 Bridge Street' }, what: 'a fight', happened: { stated: 'noon' } }),
    );
    expect(later.place).toEqual({
      stated: '@place',
      address: '1 Bridge Street',
      poleCode: null,
      plateCode: null,
      landmark: '@place',
      point: null,
      certainty: 'stated',
    });
    expect(later).toMatchObject({ what: 'a fight', urgency: 'urgent', happened: { stated: 'noon', at: '2026-05-28T20:26:40.000+00:00' } });
  });

  it('is as sure as they left it, whatever the words say later', () => {
    const guess = (thread: Thread): Thread => ({
      ...thread,
      reading: { ...thread.reading, happened: { said: '刚才', certainty: 'guessed', value: at(0) } },
    });
    const before = guess(one);
    const written = edited(first(before), { happened: { at: '2026-03-01T08:00:00+08:00' } });
    expect(next(two, before, written).happened).toEqual({ stated: '@time', at: '2026-03-01T08:00:00+08:00', certainty: 'guessed' });
  });
});

describe('the people of a thread', () => {
  const one = threadOf(text('@what', 0));

  it('stand in it: who took it over, also once it is closed, and nobody when it was put back', () => {
    const held = right(takeOver(one, ANNA, at(5)));
    const incident = next(held, one, first(one), at(5));
    expect(incident).toMatchObject({ version: 2, texts: { callTaker: '1001' } });
    expect(next(right(putBack(held, ANNA, at(6))), held, incident, at(6)).texts?.callTaker).toBeNull();
    expect(next(closeThread(held, at(6)), held, incident, at(6)).texts?.callTaker).toBe('1001');
  });

  it('decide about the guard, and what was seen and decided is on record with its reason', () => {
    const silent = taken(one, text('!hiding', 10));
    const quiet = next(silent, one, first(one));
    expect(quiet.texts).toMatchObject({ contact: 'silent', contactReason: 'signs of danger: hiding (!hiding)' });
    expect(quiet.circumstances.danger).toEqual([{ stated: '!hiding', sign: 'hiding' }]);
    const decided = right(decide(silent, true, 'she is alone now', DANGER_SIGNS, ANNA, at(20)));
    expect(next(decided, silent, quiet).texts).toMatchObject({ contact: 'allowed', contactReason: '1001: she is alone now' });
    const forbidden = right(decide(silent, false, 'x'.repeat(500), DANGER_SIGNS, ANNA, at(20)));
    const record = next(forbidden, silent, quiet);
    expect(record.texts).toMatchObject({ contact: 'forbidden', contactReason: expect.stringMatching(/^1001: x+$/) });
    expect(checkIncident(record).is).toBe('right');
  });

  it('have their texts among the messages, in order, each in its state', () => {
    const held = right(takeOver(one, ANNA, at(5)));
    const written = right(answer(held, 'where exactly?', ANNA, at(6), RULES));
    const sent = sendingNext(written, 1, at(20), false, RULES) ?? written;
    const accepted = sendingAnswered(sent, 1, { is: 'accepted', carrierIds: ['c1'] }, at(21), RULES);
    const more = taken(accepted, text('@place', 30));
    expect(next(more, one, first(one)).texts?.messages.map((one) => [one.direction, one.purpose, one.state, one.by])).toEqual([
      ['from-reporter', null, null, null],
      ['to-reporter', 'receipt', 'accepted', 'system'],
      ['to-reporter', 'call-taker', 'waiting', '1001'],
      ['from-reporter', null, null, null],
    ]);
  });

  it('never see a text that went to another centre as one to the reporter', () => {
    const centre = { code: '120000', name: '天津市', gateway: 'centre-120000' };
    const messages = first(forwardText(one, centre, at(1), RULES)).texts?.messages ?? [];
    expect(messages.map(({ purpose }) => purpose)).toEqual([null, 'forwarded']);
  });
});

describe('a reporter who writes again after the closing', () => {
  const one = threadOf(text('@what', 0));
  const shut = closeThread(one, at(60));
  const closing = { outcome: 'duplicate', reason: 'the same' } as const;
  const closed = done(closeIncident(first(one), closing, '1001', at(60)));

  it('opens it again, as told as it was', () => {
    const back = taken(shut, text('@place', 90));
    expect(next(back, shut, closed)).toMatchObject({ version: 3, status: 'open', disposition: null, confirmed: true });
    const handed = done(handOver(edited(first(one), { matter: { class: 'criminal' }, place: { address: 'x' } }), '1001', at(50)));
    const told = done(closeIncident(handed, closing, '1001', at(60)));
    expect(next(back, shut, told)).toMatchObject({ status: 'handed-over', handedOverBy: '1001', handedOverAt: handed.handedOverAt });
  });

  it('and is urgent, has it handed over at once', () => {
    expect(next(taken(shut, text('@immediate', 90)), shut, closed)).toMatchObject({ status: 'handed-over', handedOverBy: 'rules' });
  });

  it('to ask what has become of it, leaves it closed with the question in it', () => {
    const asked = next(taken(shut, text('#asks-state', 90)), shut, closed);
    expect(asked).toMatchObject({ version: 3, status: 'closed', disposition: { outcome: 'duplicate' } });
    expect(asked.texts?.messages.some(({ text: words }) => words === '#asks-state')).toBe(true);
  });
});
