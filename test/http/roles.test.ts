import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { ROLES, type Role } from '../../src/http/tokens.ts';
import { CALL, INCIDENT, NUMBER, VOLUNTEER_NUMBER } from '../simulators/control-room.ts';
import { OTHER_THREAD, SECOND_TEXT, THREAD } from '../simulators/text-room.ts';
import { ENTRIES, openDoor, sha256, TOKEN, type Door } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor();
});
afterAll(() => door.http.close());
beforeEach(() => door.scripted.heal());

const OF_ALL: readonly Role[] = ROLES;
const MATCH = { 'if-match': '"3"' };
type Row = readonly [
  method: string,
  path: string,
  may: readonly Role[],
  status: number,
  extra?: { body?: unknown; headers?: Record<string, string> },
];
const MATRIX: readonly Row[] = [
  ['GET', '/me', OF_ALL, 200],
  ['GET', '/call-takers', OF_ALL, 200],
  ['GET', '/call-takers/1001', OF_ALL, 200],
  ['PUT', '/call-takers/1001/state', ['call-taker', 'supervisor'], 200, { body: { state: 'ready' } }],
  ['PUT', '/call-takers/1002/state', ['supervisor'], 200, { body: { state: 'off' } }],
  ['GET', '/line', OF_ALL, 200],
  ['GET', '/calls', OF_ALL, 200],
  ['GET', `/calls/${CALL}`, OF_ALL, 200],
  ['PUT', `/calls/${CALL}/language`, ['call-taker', 'supervisor'], 200, { body: { language: 'ru' } }],
  ['POST', `/calls/${CALL}/hold`, ['call-taker', 'supervisor'], 200, { body: { callTaker: '1001' } }],
  ['POST', `/calls/${CALL}/resume`, ['call-taker', 'supervisor'], 200, { body: { callTaker: '1001' } }],
  ['POST', `/calls/${CALL}/private`, ['call-taker', 'supervisor'], 200, { body: { callTaker: '1001' } }],
  ['POST', `/calls/${CALL}/leave`, ['call-taker', 'supervisor'], 200, { body: { callTaker: '1001' } }],
  ['PUT', `/calls/${CALL}/interpreter`, ['call-taker', 'supervisor'], 200, { body: { language: 'ru' } }],
  ['DELETE', `/calls/${CALL}/interpreter`, ['call-taker', 'supervisor'], 200],
  ['GET', '/volunteers', OF_ALL, 200],
  ['PUT', '/volunteers', ['supervisor'], 200, { body: [] }],
  ['GET', '/volunteers/v07', OF_ALL, 200],
  ['PUT', '/volunteers/v07/availability', ['supervisor'], 200, { body: { available: false } }],
  ['GET', '/phrase-cards/ru', OF_ALL, 200],
  ['POST', `/calls/${CALL}/finish`, ['supervisor'], 200, { body: { callTaker: '1002' } }],
  ['GET', '/incidents', OF_ALL, 200],
  ['GET', `/incidents/${INCIDENT}`, OF_ALL, 200],
  ['PATCH', `/incidents/${INCIDENT}`, ['call-taker', 'supervisor'], 200, { body: { what: 'x' }, headers: MATCH }],
  ['POST', `/incidents/${INCIDENT}/hand-over`, ['call-taker', 'supervisor'], 200, { headers: MATCH }],
  [
    'POST',
    `/incidents/${INCIDENT}/close`,
    ['call-taker', 'supervisor', 'dispatcher'],
    200,
    { body: { outcome: 'called-back', reason: 'reached' }, headers: MATCH },
  ],
  ['GET', '/texts', OF_ALL, 200],
  ['GET', '/texts/line', OF_ALL, 200],
  ['POST', '/texts/next', ['call-taker', 'supervisor'], 200, { body: { callTaker: '1001' } }],
  ['GET', `/texts/${THREAD}`, OF_ALL, 200],
  ['POST', `/texts/${THREAD}/take`, ['call-taker', 'supervisor'], 200, { body: { callTaker: '1001' } }],
  ['POST', `/texts/${THREAD}/put-back`, ['call-taker', 'supervisor'], 200, { body: { callTaker: '1001' } }],
  ['POST', `/texts/${THREAD}/answer`, ['call-taker', 'supervisor'], 200, { body: { text: 'x', callTaker: '1001' } }],
  ['POST', `/texts/${THREAD}/reply-decision`, ['call-taker', 'supervisor'], 200, { body: { allow: true, reason: 'x', callTaker: '1001' } }],
  ['POST', `/texts/${THREAD}/split`, ['call-taker', 'supervisor'], 200, { body: { from: SECOND_TEXT, callTaker: '1001' } }],
  ['POST', `/texts/${THREAD}/join`, ['call-taker', 'supervisor'], 200, { body: { into: OTHER_THREAD, callTaker: '1001' } }],
  ['POST', `/incidents/${INCIDENT}/on-their-way`, ['call-taker', 'supervisor', 'dispatcher'], 200],
  ['GET', '/gateways', OF_ALL, 200],
  ['GET', '/sinks', ['supervisor', 'dispatcher', 'operator'], 200],
  ['GET', '/sinks/dispatch/dead-letters', ['supervisor', 'dispatcher', 'operator'], 200],
  ['POST', '/sinks/dispatch/dead-letters/msg_1/resend', ['supervisor', 'dispatcher', 'operator'], 202],
  ['GET', '/journal', ['supervisor', 'operator'], 200],
];

const ROWS = MATRIX.map(([method, path, may, status, extra]) => ({ name: `${method} ${path}`, method, path, may, status, extra }));

describe('who may do what', () => {
  it.each(ROWS)('$name is for its roles and for nobody else', async ({ method, path, may, status, extra }) => {
    for (const role of ROLES) {
      const answer = await door.ask(method, `/api/v1${path}`, role, extra);
      const refused = answer.json.type === '/problems/wrong-role';
      expect([role, answer.status, refused]).toEqual(may.includes(role) ? [role, status, false] : [role, 403, true]);
    }
  });

  it.each(ROWS)(
    '$name is refused without a token, with an unknown or a garbled one, before the room is asked',
    async ({ method, path, extra }) => {
      for (const authorization of [
        null,
        'Bearer nobody-knows-me',
        'Basic dGVzdDp0ZXN0',
        'Bearer',
        `Bearer ${'a'.repeat(600)}`,
        'Bearer a b',
      ]) {
        const headers = { ...extra?.headers, ...(authorization !== null && { authorization }) };
        const answer = await door.ask(method, `/api/v1${path}`, null, { ...extra, headers });
        expect([authorization, answer.status]).toEqual([authorization, 401]);
        expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer realm="intake110"/);
      }
      expect(door.scripted.asked).toEqual([]);
    },
  );

  it('every route of the API stands in this matrix', async () => {
    const { json } = await door.ask('GET', '/docs/json', null);
    const told = Object.entries(json.paths as Record<string, object>)
      .filter(([path]) => path.startsWith('/api/v1/'))
      .flatMap(([path, verbs]) => Object.keys(verbs).map((verb) => `${verb.toUpperCase()} ${path.slice('/api/v1'.length)}`));
    const covered = MATRIX.map(([method, path]) => `${method} ${pattern(path)}`);
    expect(new Set(covered)).toEqual(new Set(told));
  });

  it('a call taker acts under their own id and a supervisor must say for whom', async () => {
    await door.ask('POST', `/api/v1/calls/${CALL}/hold`, 'call-taker');
    await door.ask('POST', `/api/v1/calls/${CALL}/hold`, 'supervisor', { body: { callTaker: '1004' } });
    const unsaid = await door.ask('POST', `/api/v1/calls/${CALL}/hold`, 'supervisor');
    expect(unsaid.status).toBe(422);
    expect(unsaid.json.complaints).toEqual(['callTaker is missing: a supervisor says for which call taker']);
    expect(door.scripted.asked).toEqual([
      ['hold', CALL, '1001'],
      ['hold', CALL, '1004'],
    ]);
  });

  it("an incident is signed with the call taker's id, or with the name of the token", async () => {
    const extra = { body: { what: 'x' }, headers: MATCH };
    await door.ask('PATCH', `/api/v1/incidents/${INCIDENT}`, 'call-taker', extra);
    await door.ask('PATCH', `/api/v1/incidents/${INCIDENT}`, 'supervisor', extra);
    expect(door.scripted.asked.map((one) => one.at(-1))).toEqual(['1001', 'supervisor-one']);
  });
});

describe('numbers', () => {
  it('stand whole for those who need them and nowhere in what an operator reads', async () => {
    for (const path of ['/calls', `/calls/${CALL}`, '/incidents', `/incidents/${INCIDENT}`]) {
      for (const role of ROLES) {
        const { text, status } = await door.ask('GET', `/api/v1${path}`, role);
        expect(status).toBe(200);
        const whole = role !== 'operator';
        expect([path, role, text.includes(NUMBER), text.includes('138******34')]).toEqual([path, role, whole, !whole]);
      }
    }
    const journal = await door.ask('GET', '/api/v1/journal', 'operator');
    expect(journal.text).not.toContain(NUMBER);
    expect((await door.ask('GET', '/api/v1/incidents', 'operator')).text).not.toContain('Reporter One');
  });

  it('and tokens stand nowhere in the log', async () => {
    await door.ask('GET', `/api/v1/calls?limit=${NUMBER}`, 'supervisor');
    await door.ask('GET', `/api/v1/calls/${NUMBER}`, 'supervisor');
    await door.ask('GET', `/${NUMBER}`, null, { headers: { 'user-agent': NUMBER } });
    await door.ask('GET', `/api/v1/calls/${CALL}`, 'supervisor');
    const log = door.logged();
    expect(log).toContain('"route":"/api/v1/calls/:id"');
    expect(log).toContain(`http {"call":"${CALL}"`);
    expect(log).toContain('"who":"supervisor-one"');
    expect(log).not.toContain(NUMBER);
    for (const token of Object.values(TOKEN)) expect(log).not.toContain(token);
  });
});

describe("a volunteer's addresses", () => {
  it('stand whole for a supervisor and for nobody else', async () => {
    for (const path of ['/volunteers', '/volunteers/v07', `/calls/${CALL}`]) {
      for (const role of ROLES) {
        const { text } = await door.ask('GET', `/api/v1${path}`, role);
        const whole = role === 'supervisor' && path.startsWith('/volunteers');
        expect([path, role, text.includes(VOLUNTEER_NUMBER), text.includes('sip:volunteer-7')]).toEqual([path, role, whole, whole]);
      }
    }
    expect((await door.ask('GET', '/api/v1/volunteers/v07', 'call-taker')).json.addresses).toEqual(['sip:***', 'tel:+861********07']);
    door.scripted.answer('journal', async () => [
      { id: '1-0', at: 0, kind: 'VolunteersChosen', data: { address: `tel:${VOLUNTEER_NUMBER}` } },
    ]);
    expect((await door.ask('GET', '/api/v1/journal', 'operator')).text).not.toContain(VOLUNTEER_NUMBER);
  });
});

describe('tokens', () => {
  it('that are withdrawn are refused at once, and new ones are known at once', async () => {
    const own = await openDoor();
    const fresh = { name: 'night', role: 'operator', callTaker: null, sha256: sha256('the-night-shift').toUpperCase() } as const;
    own.http.reloadTokens([fresh]);
    expect((await own.ask('GET', '/api/v1/me', 'supervisor')).json.type).toBe('/problems/unknown-token');
    const night = await own.ask('GET', '/api/v1/me', null, { headers: { authorization: 'bearer the-night-shift' } });
    expect(night.json).toEqual({ name: 'night', role: 'operator', callTaker: null, centre: '230100' });
    await own.http.close();
  });

  it('that cannot be used are refused with every complaint, and the present ones stay', async () => {
    const bad = [
      { name: 'short', role: 'operator', callTaker: null, sha256: 'abc' },
      { name: 'nobody', role: 'call-taker', callTaker: null, sha256: sha256('1') },
      { name: 'twice', role: 'operator', callTaker: null, sha256: sha256('1') },
      { name: 'odd', role: 'supervisor', callTaker: '1001', sha256: sha256('2') },
    ] as const;
    expect(() => door.http.reloadTokens(bad)).toThrow(
      expect.objectContaining({ kind: 'invalid', details: expect.objectContaining({ length: 4 }) }),
    );
    expect((await door.ask('GET', '/api/v1/me', 'supervisor')).status).toBe(200);
    door.http.reloadTokens(ENTRIES);
  });

  it('have a rate of their own, so that a busy script throttles nobody else', async () => {
    const own = await openDoor({ perMinute: 5 });
    const statuses: number[] = [];
    for (let i = 0; i < 7; i++) statuses.push((await own.ask('GET', '/api/v1/me', 'operator')).status);
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429, 429]);
    const refused = await own.ask('GET', '/api/v1/me', 'operator');
    expect(refused.json.type).toBe('/problems/too-many-requests');
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(0);
    expect((await own.ask('GET', '/api/v1/me', 'call-taker')).status).toBe(200);
    expect((await own.ask('GET', '/api/v1/me', null)).status).toBe(401);
    await own.http.close();
  });
});

const pattern = (path: string): string =>
  path
    .replace(/(call-takers|calls|incidents|volunteers)\/[^/]+/, '$1/{id}')
    .replace(/texts\/[0-9A-Z]+/, 'texts/{id}')
    .replace(/phrase-cards\/[^/]+/, 'phrase-cards/{language}')
    .replace(/sinks\/[^/]+/, 'sinks/{name}')
    .replace(/dead-letters\/[^/]+/, 'dead-letters/{id}');
