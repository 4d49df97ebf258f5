/**
 * The interpreter at the HTTP door: asked for, shown, dismissed; the roster in three forms; the phrase cards.
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../../src/call/call.ts';
import { readRoster } from '../../src/interpreters/roster.ts';
import { Fault } from '../../src/kernel/faults.ts';
import { CALL, call, NOW } from '../simulators/control-room.ts';
import { openDoor, problem, told, TOKEN, type Door } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.http.close());
beforeEach(() => door.scripted.heal());

const PATH = `/api/v1/calls/${CALL}`;
interface Shown {
  readonly state: string;
  readonly onHold: boolean;
  readonly floor: string | null;
  readonly callTaker: string | null;
  readonly interpreter: {
    readonly state: string;
    readonly language: string | null;
    readonly secondsToInterpreter: number | null;
    readonly next: readonly { readonly words: string; readonly method: string; readonly href: string }[];
  };
}
async function shown(changes: Partial<Call>): Promise<Shown> {
  door.scripted.answer('call', async () => ({ ...call, ...changes }));
  return (await door.ask('GET', PATH, 'call-taker')).json as unknown as Shown;
}

describe('an interpreter', () => {
  it('is asked for in a language, or in the language of the caller', async () => {
    await door.ask('PUT', `${PATH}/interpreter`, 'call-taker', { body: { language: 'ru' } });
    await door.ask('PUT', `${PATH}/interpreter`, 'call-taker');
    await door.ask('PUT', `${PATH}/interpreter`, 'supervisor', { body: {} });
    await door.ask('DELETE', `${PATH}/interpreter`, 'call-taker');
    expect(door.scripted.asked).toEqual([
      ['askInterpreter', CALL, 'ru'],
      ['askInterpreter', CALL, null],
      ['askInterpreter', CALL, null],
      ['dismissInterpreter', CALL],
    ]);
  });

  it.each([
    [{ language: 'Russian' }, 'language: a text of 2 to 3 characters'],
    [{ langauge: 'ru' }, 'langauge: not known; did you mean language?'],
    [['ru'], 'an object is expected'],
  ])('is not asked for with %j', async (body, complaint) => {
    const answer = await door.ask('PUT', `${PATH}/interpreter`, 'call-taker', { body });
    expect(told(answer)).toEqual(problem(422, 'invalid'));
    expect([answer.json.complaints, door.scripted.asked]).toEqual([[complaint], []]);
  });

  it('is spoken with in private, and left alone with the caller, by the call taker in conversation or in the name of one', async () => {
    for (const verb of ['private', 'leave']) {
      await door.ask('POST', `${PATH}/${verb}`, 'call-taker');
      await door.ask('POST', `${PATH}/${verb}`, 'supervisor', { body: { callTaker: '1004' } });
      expect((await door.ask('POST', `${PATH}/${verb}`, 'supervisor')).status).toBe(422);
      expect((await door.ask('POST', `${PATH}/${verb}`, 'call-taker', { body: { callTaker: '1004' } })).status).toBe(403);
    }
    expect(door.scripted.asked).toEqual([
      ['speakPrivately', CALL, '1001'],
      ['speakPrivately', CALL, '1004'],
      ['leaveToInterpreter', CALL, '1001'],
      ['leaveToInterpreter', CALL, '1004'],
    ]);
  });

  it('stands in the call with who was asked, who came and how long it took', async () => {
    const { interpreter } = (await door.ask('GET', PATH, 'call-taker')).json;
    expect(interpreter).toEqual({
      state: 'present',
      language: 'ru',
      volunteer: 'v07',
      askedAt: '2026-03-01T08:00:00.000+00:00',
      joinedAt: '2026-03-01T08:00:09.500+00:00',
      secondsToInterpreter: 9.5,
      asked: [
        {
          volunteer: 'v06',
          language: 'ru',
          outcome: 'beaten',
          askedAt: '2026-03-01T08:00:00.000+00:00',
          joinedAt: null,
          endedAt: '2026-03-01T08:00:09.000+00:00',
        },
        {
          volunteer: 'v07',
          language: 'ru',
          outcome: 'accepted',
          askedAt: '2026-03-01T08:00:00.000+00:00',
          joinedAt: '2026-03-01T08:00:09.500+00:00',
          endedAt: null,
        },
      ],
      next: [],
    });
  });

  it('who is never asked for is none, without a time', async () => {
    const { interpreter } = await shown({ interpreter: { is: 'none' }, askings: [], interpreterAskedAt: null });
    expect(interpreter).toMatchObject({ state: 'none', language: null, volunteer: null, secondsToInterpreter: null, asked: [], next: [] });
  });

  it('whom nobody wants to be leaves the call taker with next steps that can each be followed', async () => {
    const { interpreter } = await shown({ interpreter: { is: 'nobody', language: 'ru' } });
    expect(interpreter.next.map(({ method, href }) => `${method} ${href}`)).toEqual([
      `PUT ${PATH}/interpreter`,
      `PUT ${PATH}/interpreter`,
      'GET /api/v1/volunteers',
      'GET /api/v1/phrase-cards/ru',
    ]);
    for (const { method, href, words } of interpreter.next) {
      expect([words, (await door.ask(method, href, 'call-taker')).status]).toEqual([words, 200]);
    }
    const other = await shown({ interpreter: { is: 'nobody', language: 'vi' } });
    expect(other.interpreter.next.some(({ href }) => href.includes('phrase-cards'))).toBe(false);
  });

  it('changes who hears whom: open, hold, private; left to each other, no call taker is there', async () => {
    const floors = (['open', 'hold', 'private'] as const).map(
      (is) => ({ ...call.state, floor: is === 'open' ? { is } : { is, speakAt: NOW } }) as Call['state'],
    );
    for (const state of floors) {
      const { floor, onHold } = await shown({ state });
      expect([floor, onHold]).toEqual([(state as { floor: { is: string } }).floor.is, floor === 'hold']);
    }
    const left = await shown({ state: { at: 'interpreted', attempt: 1, leg: 2 } });
    expect([left.state, left.floor, left.callTaker]).toEqual(['interpreted', null, null]);
  });
});

const put = async (type: string, body: string) =>
  door.ask('PUT', '/api/v1/volunteers', 'supervisor', { body, headers: { 'content-type': type } });
const imported = (): unknown => door.scripted.asked.filter(([question]) => question === 'importRoster').at(-1)?.[1];

describe('the roster', () => {
  const ROWS = [
    { id: 'v1', name: '志愿者一', languages: 'ru fluent, en basic', addresses: 'sip:volunteer-1', duty: 'mon-fri 09:00-18:00' },
    { id: 'v2', name: 'Two', languages: 'ja native', addresses: 'tel:13800000002', reserve: 'yes' },
  ];
  const CSV =
    '\uFEFFid,name,languages,addresses,duty,reserve\r\n' +
    'v1,志愿者一,"ru fluent, en basic",sip:volunteer-1,mon-fri 09:00-18:00,\r\n' +
    'v2,Two,ja native,tel:13800000002,,yes\r\n';
  const YAML = `volunteers:
  - { id: v1, name: 志愿者一, languages: "ru fluent, en basic", addresses: "sip:volunteer-1", duty: "mon-fri 09:00-18:00" }
  - { id: v2, name: Two, languages: ja native, addresses: "tel:13800000002", reserve: yes }
`;

  it.each([
    ['application/json', JSON.stringify(ROWS)],
    ['application/json', JSON.stringify({ volunteers: ROWS })],
    ['text/csv', CSV],
    ['text/csv; charset=utf-8', CSV],
    ['application/yaml', YAML],
    ['text/yaml', YAML],
  ])('sent as %s is the same roster', async (type, body) => {
    expect((await put(type, body)).status).toBe(200);
    expect(imported()).toEqual(ROWS);
  });

  it('as it is shown to a supervisor can be sent back', async () => {
    const read = await door.ask('GET', '/api/v1/volunteers', 'supervisor');
    const rows = (read.json.volunteers as Record<string, unknown>[]).map(
      ({ id, name, languages, speaks, addresses, duty, exceptions, reserve, available }) =>
        // Two of the fixed house share a telephone, which a real roster may not.
        ({ id, name, languages, speaks, addresses: (addresses as string[]).slice(0, 1), duty, exceptions, reserve, available }),
    );
    expect(rows[0]?.duty).toEqual(['mon 09:00-18:00', 'fri 20:00-02:00', 'sun 00:00-24:00']);
    expect(readRoster(rows, { languages: ['zh', 'ru', 'en'] })).toMatchObject({
      is: 'right',
      entries: [
        {
          languages: [
            { language: 'ru', level: 'fluent' },
            { language: 'en', level: 'basic' },
          ],
          duty: [{ weekday: 1, fromMinute: 540, toMinute: 1080 }, { weekday: 5, fromMinute: 1200, toMinute: 1560 }, { toMinute: 1440 }],
          exceptions: [
            { date: '2026-10-01', hours: [] },
            { date: '2026-10-02', hours: [{ fromMinute: 600, toMinute: 720 }] },
          ],
        },
        {},
      ],
    });
  });

  it.each(['yaml', 'csv'])('as docs/interpreters.md shows it in %s is right, and the same in both', async (form) => {
    const page = readFileSync(resolve(import.meta.dirname, '../../docs/interpreters.md'), 'utf8');
    const example = new RegExp(`\`\`\`${form}\n([\\s\\S]*?)\`\`\``).exec(page)?.[1] ?? '';
    expect((await put(form === 'csv' ? 'text/csv' : 'application/yaml', example)).status).toBe(200);
    const read = readRoster(imported(), { languages: ['zh', 'ru', 'en', 'ja'] });
    expect(read).toMatchObject({
      is: 'right',
      entries: [
        {
          id: 'v01',
          addresses: ['sip:volunteer-01', 'tel:+8613800000001'],
          duty: { length: 6 },
          exceptions: [{ date: '2026-10-01', hours: [] }],
          isReserve: false,
        },
        { id: 'v02', addresses: ['tel:+8613800000002'], isReserve: true },
      ],
    });
  });

  it('with wrong rows is refused with every complaint', async () => {
    const complaints = ['row 1 (v1), languages: is missing', 'row 2, id: is missing'];
    door.scripted.answer('importRoster', () => Promise.reject(new Fault('invalid', 'the roster was not taken in', complaints)));
    const answer = await put('application/json', '[]');
    expect(told(answer)).toEqual(problem(422, 'invalid'));
    expect(answer.json.complaints).toEqual(complaints);
  });

  it.each([
    ['text/csv', 'id,id\nv1,v1\n', 422, 'the column "id" is there twice'],
    ['text/csv', 'id,name\nv1,"open', 422, 'a quote is left open'],
    ['application/yaml', 'volunteers: [1', 400, 'line 1, column'],
    [
      'application/yaml',
      'a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\nc: [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n',
      400,
      '',
    ],
    ['application/yaml', '', 422, 'a list of volunteers is missing'],
    ['text/csv', '  \n', 422, 'a list of volunteers is missing'],
    ['text/plain', CSV, 415, ''],
  ])('%s that cannot be read (%j) is %i, and nothing is taken in', async (type, body, status, complaint) => {
    const answer = await put(type, body);
    expect([answer.status, told(answer).isProblem, imported()]).toEqual([status, true, undefined]);
    expect(((answer.json.complaints ?? ['']) as string[])[0]).toContain(complaint);
  });

  it('in the bytes of an older spreadsheet is 400, not a list of broken names', async () => {
    const response = await fetch(`${door.http.url}/api/v1/volunteers`, {
      method: 'PUT',
      headers: { authorization: `Bearer ${TOKEN.supervisor}`, 'content-type': 'text/csv' },
      body: new Uint8Array([0x69, 0x64, 0x0a, 0xd5, 0xc5, 0xc8, 0xfd]),
    });
    expect([response.status, imported()]).toEqual([400, undefined]);
  });

  it('may be far larger than any other body; nothing else may be CSV', async () => {
    const rows = Array.from({ length: 2000 }, (_, i) => ({ ...ROWS[0], id: `v${i}` }));
    const body = JSON.stringify(rows);
    expect(body.length).toBeGreaterThan(200_000);
    expect((await put('application/json', body)).status).toBe(200);
    const other = await door.ask('PUT', '/api/v1/volunteers/v07/availability', 'supervisor', {
      body: 'available\nno\n',
      headers: { 'content-type': 'text/csv' },
    });
    expect(told(other)).toEqual(problem(415, 'wrong-content-type'));
  });

  it('lets a supervisor say who is available', async () => {
    const answer = await door.ask('PUT', '/api/v1/volunteers/v07/availability', 'supervisor', { body: { available: false } });
    expect([answer.json.available, door.scripted.asked]).toEqual([false, [['setAvailable', 'v07', false]]]);
  });
});

describe('a phrase card', () => {
  const SCRIPT = { en: /^[A-Za-z0-9 ,.?']+$/, ru: /\p{Script=Cyrillic}/u, ja: /\p{Script=Hiragana}/u, ko: /\p{Script=Hangul}/u };

  it.each(Object.entries(SCRIPT))('in %s has each sentence in its script, in Latin letters and in Chinese', async (language, script) => {
    const card = (await door.ask('GET', `/api/v1/phrase-cards/${language}`, 'call-taker')).json as unknown as {
      readonly yes: object;
      readonly no: object;
      readonly phrases: readonly {
        readonly about: string;
        readonly text: string;
        readonly pronunciation: string;
        readonly meaning: string;
      }[];
    };
    expect(card.phrases.length).toBeGreaterThanOrEqual(12);
    expect(new Set(card.phrases.map(({ about }) => about)).size).toBe(card.phrases.length);
    for (const { text, pronunciation, meaning } of card.phrases) {
      expect(text).toMatch(script);
      expect(pronunciation).toMatch(/^[\p{Script=Latin} ,.?"-]+$/u);
      expect(meaning).toMatch(/^[\p{Script=Han}\d，。？、“”（）]+$/u);
    }
  });

  it('is there for the languages that have one, and says which those are', async () => {
    const answer = await door.ask('GET', '/api/v1/phrase-cards/fr', 'call-taker');
    expect([told(answer), answer.json.detail]).toEqual([problem(404, 'unknown'), expect.stringContaining('en, ru, ja, ko')]);
    expect((await door.ask('GET', '/api/v1/phrase-cards/constructor', 'call-taker')).status).toBe(404);
  });
});
