import { Check, Errors } from 'typebox/schema';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '../../src/kernel/faults.ts';
import type { Role } from '../../src/http/tokens.ts';
import { CALL, INCIDENT } from '../simulators/control-room.ts';
import { OTHER_THREAD, SECOND_TEXT, THREAD } from '../simulators/text-room.ts';
import { openDoor, type Door } from './door.ts';

interface OpenApi {
  readonly openapi: string;
  readonly components: { readonly schemas: Record<string, object>; readonly securitySchemes: object };
  readonly paths: Record<string, Record<string, Operation>>;
}
interface Operation {
  readonly security?: readonly object[];
  readonly summary?: string;
  readonly responses: Record<string, { readonly content?: Record<string, { readonly schema: object }> }>;
}

let door: Door;
let doc: OpenApi;
beforeAll(async () => {
  door = await openDoor();
  doc = (await door.ask('GET', '/docs/json', null)).json as unknown as OpenApi;
});
afterAll(() => door.http.close());
beforeEach(() => door.scripted.heal());

const PATCH = `/api/v1/incidents/${INCIDENT}`;
const MATCH = { 'if-match': '"3"' };
const STALE = { 'if-match': '"2"' };
const JSON_TYPE = { 'content-type': 'application/json' };
type Extra = { body?: unknown; headers?: Record<string, string> };
const close = { outcome: 'no-action', reason: 'x' };
/** One request for each answer that the page promises and that can be had without breaking the house. */
const REQUESTS: readonly (readonly [verb: string, template: string, path: string, status: number, role?: Role | null, extra?: Extra])[] = [
  ['GET', '/healthz', '/healthz', 200, null],
  ['GET', '/readyz', '/readyz', 200, null],
  ['GET', '/problems/{kind}', '/problems/conflict', 200, null],
  ['GET', '/api/v1/me', '/api/v1/me', 200],
  ['GET', '/api/v1/me', '/api/v1/me', 401, null],
  ['GET', '/api/v1/call-takers', '/api/v1/call-takers', 200],
  ['GET', '/api/v1/call-takers/{id}', '/api/v1/call-takers/1001', 200],
  ['GET', '/api/v1/call-takers/{id}', '/api/v1/call-takers/9999', 404],
  [
    'PUT',
    '/api/v1/call-takers/{id}/state',
    '/api/v1/call-takers/1002/state',
    200,
    'supervisor',
    { body: { state: 'pause', reason: 'meal' } },
  ],
  ['PUT', '/api/v1/call-takers/{id}/state', '/api/v1/call-takers/1002/state', 403, 'call-taker', { body: { state: 'off' } }],
  ['PUT', '/api/v1/call-takers/{id}/state', '/api/v1/call-takers/1002/state', 422, 'supervisor', { body: {} }],
  ['GET', '/api/v1/line', '/api/v1/line?limit=5', 200],
  ['GET', '/api/v1/line', '/api/v1/line?limit=x', 400],
  ['GET', '/api/v1/calls', '/api/v1/calls', 200],
  ['GET', '/api/v1/calls', '/api/v1/calls', 200, 'operator'],
  ['GET', '/api/v1/calls/{id}', `/api/v1/calls/${CALL}`, 200],
  ['GET', '/api/v1/calls/{id}', '/api/v1/calls/none', 404],
  ['PUT', '/api/v1/calls/{id}/language', `/api/v1/calls/${CALL}/language`, 200, 'call-taker', { body: { language: 'ru' } }],
  ['POST', '/api/v1/calls/{id}/hold', `/api/v1/calls/${CALL}/hold`, 200, 'call-taker'],
  ['POST', '/api/v1/calls/{id}/resume', `/api/v1/calls/${CALL}/resume`, 200, 'call-taker', { body: {} }],
  ['POST', '/api/v1/calls/{id}/private', `/api/v1/calls/${CALL}/private`, 200, 'call-taker'],
  ['POST', '/api/v1/calls/{id}/leave', `/api/v1/calls/${CALL}/leave`, 200, 'call-taker'],
  ['PUT', '/api/v1/calls/{id}/interpreter', `/api/v1/calls/${CALL}/interpreter`, 200, 'call-taker'],
  ['PUT', '/api/v1/calls/{id}/interpreter', `/api/v1/calls/${CALL}/interpreter`, 422, 'call-taker', { body: { language: 'Russian' } }],
  ['DELETE', '/api/v1/calls/{id}/interpreter', `/api/v1/calls/${CALL}/interpreter`, 200, 'call-taker'],
  ['GET', '/api/v1/phrase-cards/{language}', '/api/v1/phrase-cards/ko', 200],
  ['GET', '/api/v1/phrase-cards/{language}', '/api/v1/phrase-cards/fr', 404],
  ['GET', '/api/v1/volunteers', '/api/v1/volunteers', 200],
  ['PUT', '/api/v1/volunteers', '/api/v1/volunteers', 200, 'supervisor', { body: [] }],
  ['PUT', '/api/v1/volunteers', '/api/v1/volunteers', 413, 'supervisor', { body: ['x'.repeat(1_100_000)] }],
  ['PUT', '/api/v1/volunteers', '/api/v1/volunteers', 422, 'supervisor'],
  ['GET', '/api/v1/volunteers/{id}', '/api/v1/volunteers/v07', 200, 'operator'],
  ['GET', '/api/v1/volunteers/{id}', '/api/v1/volunteers/v99', 404],
  ['PUT', '/api/v1/volunteers/{id}/availability', '/api/v1/volunteers/v07/availability', 200, 'supervisor', { body: { available: false } }],
  ['PUT', '/api/v1/volunteers/{id}/availability', '/api/v1/volunteers/v07/availability', 422, 'supervisor', { body: { available: 'no' } }],
  ['POST', '/api/v1/calls/{id}/finish', `/api/v1/calls/${CALL}/finish`, 200, 'call-taker', { headers: JSON_TYPE }],
  [
    'POST',
    '/api/v1/calls/{id}/finish',
    `/api/v1/calls/${CALL}/finish`,
    415,
    'call-taker',
    { body: 'x', headers: { 'content-type': 'text/plain' } },
  ],
  ['GET', '/api/v1/incidents', '/api/v1/incidents?status=open&matter=silent&limit=1', 200],
  ['GET', '/api/v1/incidents', '/api/v1/incidents', 200, 'operator'],
  ['GET', '/api/v1/incidents/{id}', PATCH, 200],
  ['GET', '/api/v1/incidents/{id}', PATCH, 200, 'operator'],
  ['PATCH', '/api/v1/incidents/{id}', PATCH, 200, 'supervisor', { body: { what: 'x' }, headers: MATCH }],
  ['PATCH', '/api/v1/incidents/{id}', PATCH, 412, 'supervisor', { body: { what: 'x' }, headers: STALE }],
  ['PATCH', '/api/v1/incidents/{id}', PATCH, 413, 'supervisor', { body: { what: 'x'.repeat(70_000) }, headers: MATCH }],
  ['PATCH', '/api/v1/incidents/{id}', PATCH, 422, 'supervisor', { body: { x: 1 }, headers: MATCH }],
  ['PATCH', '/api/v1/incidents/{id}', PATCH, 428, 'supervisor', { body: { what: 'x' } }],
  ['POST', '/api/v1/incidents/{id}/hand-over', `${PATCH}/hand-over`, 200, 'supervisor', { headers: MATCH }],
  ['POST', '/api/v1/incidents/{id}/close', `${PATCH}/close`, 200, 'dispatcher', { body: close, headers: MATCH }],
  ['POST', '/api/v1/incidents/{id}/close', `${PATCH}/close`, 422, 'dispatcher', { body: { outcome: 'forgotten' }, headers: MATCH }],
  ['GET', '/api/v1/texts', '/api/v1/texts?limit=5', 200],
  ['GET', '/api/v1/texts', '/api/v1/texts', 200, 'operator'],
  ['GET', '/api/v1/texts', '/api/v1/texts?limit=501', 400],
  ['GET', '/api/v1/texts/line', '/api/v1/texts/line', 200],
  ['POST', '/api/v1/texts/next', '/api/v1/texts/next', 200, 'call-taker'],
  ['POST', '/api/v1/texts/next', '/api/v1/texts/next', 422, 'supervisor'],
  ['GET', '/api/v1/texts/{id}', `/api/v1/texts/${THREAD}`, 200],
  ['GET', '/api/v1/texts/{id}', `/api/v1/texts/${THREAD}`, 200, 'operator'],
  ['GET', '/api/v1/texts/{id}', '/api/v1/texts/01JAB3C4D5E6F7G8H9J0K1M2ZZ', 404],
  ['POST', '/api/v1/texts/{id}/take', `/api/v1/texts/${THREAD}/take`, 200, 'call-taker'],
  ['POST', '/api/v1/texts/{id}/put-back', `/api/v1/texts/${THREAD}/put-back`, 200, 'call-taker'],
  ['POST', '/api/v1/texts/{id}/answer', `/api/v1/texts/${THREAD}/answer`, 200, 'call-taker', { body: { text: '几号楼?' } }],
  ['POST', '/api/v1/texts/{id}/answer', `/api/v1/texts/${THREAD}/answer`, 413, 'call-taker', { body: { text: 'x'.repeat(70_000) } }],
  ['POST', '/api/v1/texts/{id}/answer', `/api/v1/texts/${THREAD}/answer`, 422, 'call-taker', { body: { text: '' } }],
  [
    'POST',
    '/api/v1/texts/{id}/reply-decision',
    `/api/v1/texts/${THREAD}/reply-decision`,
    200,
    'call-taker',
    { body: { allow: false, reason: 'he is there' } },
  ],
  ['POST', '/api/v1/texts/{id}/split', `/api/v1/texts/${THREAD}/split`, 200, 'call-taker', { body: { from: SECOND_TEXT } }],
  ['POST', '/api/v1/texts/{id}/join', `/api/v1/texts/${THREAD}/join`, 200, 'call-taker', { body: { into: OTHER_THREAD } }],
  ['POST', '/api/v1/incidents/{id}/on-their-way', `${PATCH}/on-their-way`, 200, 'dispatcher'],
  ['GET', '/api/v1/gateways', '/api/v1/gateways', 200],
  ['GET', '/api/v1/sinks', '/api/v1/sinks', 200],
  ['GET', '/api/v1/sinks/{name}/dead-letters', '/api/v1/sinks/dispatch/dead-letters', 200],
  ['GET', '/api/v1/sinks/{name}/dead-letters', '/api/v1/sinks/none/dead-letters', 404],
  ['POST', '/api/v1/sinks/{name}/dead-letters/{id}/resend', '/api/v1/sinks/dispatch/dead-letters/msg_1/resend', 202],
  ['POST', '/api/v1/sinks/{name}/dead-letters/{id}/resend', '/api/v1/sinks/dispatch/dead-letters/msg_2/resend', 404],
  ['GET', '/api/v1/journal', '/api/v1/journal?after=1-0&limit=5', 200],
];

/** What the page promises for this answer is wrong with it. */
function complaints(verb: string, template: string, status: number, type: string, value: unknown): readonly unknown[] {
  const content = doc.paths[template]?.[verb.toLowerCase()]?.responses[status]?.content?.[type];
  if (content === undefined) return [`${verb} ${template} promises no ${status} of ${type}`];
  const schema = { ...content.schema, components: doc.components };
  return Check(schema, value) ? [] : [Errors(schema, value)];
}

const ROWS = REQUESTS.map(([verb, template, path, status, role = 'supervisor', extra = {}]) => ({
  verb,
  template,
  path,
  status,
  role,
  extra,
}));

describe('the OpenAPI page', () => {
  it.each(ROWS)('$verb $path by $role is answered with $status as promised', async ({ verb, template, path, status, role, extra }) => {
    const answer = await door.ask(verb, path, role, extra);
    const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? '';
    expect([answer.status, complaints(verb, template, status, type, answer.json)]).toEqual([status, []]);
  });

  it('holds no operation that is not tried here, and none is tried that it does not hold', () => {
    const promised = Object.entries(doc.paths).flatMap(([path, verbs]) =>
      Object.keys(verbs).map((verb) => `${verb.toUpperCase()} ${path}`),
    );
    const asked = REQUESTS.map(([verb, template]) => `${verb} ${template}`);
    expect(new Set([...asked, 'GET /metrics'])).toEqual(new Set(promised));
  });

  it('would see an answer that is not as promised', async () => {
    door.scripted.answer('sinks', () => Promise.resolve([{ name: 'dispatch', waiting: 'many', dead: 0, lagSeconds: 0 }]));
    const { json } = await door.ask('GET', '/api/v1/sinks', 'supervisor');
    expect(complaints('GET', '/api/v1/sinks', 200, 'application/json', json)).toHaveLength(1);
    expect(complaints('GET', '/api/v1/calls', 200, 'application/json', { calls: [{ id: 'x' }] })).toHaveLength(1);
  });

  it('promises the answers of trouble as well: 409, 500 and 503', async () => {
    const faults = [
      [409, new Fault('conflict', 'not in conversation')],
      [500, new Error('inner')],
      [503, new Fault('unavailable', 'away')],
    ] as const;
    for (const [status, fault] of faults) {
      door.scripted.answer('hold', () => Promise.reject(fault));
      const { json } = await door.ask('POST', `/api/v1/calls/${CALL}/hold`, 'call-taker');
      expect([status, complaints('POST', '/api/v1/calls/{id}/hold', status, 'application/problem+json', json)]).toEqual([status, []]);
    }
    door.scripted.answer('readiness', () => Promise.resolve([{ part: 'redis', trouble: 'away' }]));
    const { json } = await door.ask('GET', '/readyz', null);
    expect(complaints('GET', '/readyz', 503, 'application/problem+json', json)).toEqual([]);
  });

  it('asks for a token on every path of the API and on no other, and says in a line what each is for', () => {
    for (const [path, verbs] of Object.entries(doc.paths)) {
      for (const { security, summary } of Object.values(verbs)) {
        expect([path, security === undefined, summary !== undefined]).toEqual([path, path.startsWith('/api/v1/'), true]);
      }
    }
    expect(doc.openapi).toBe('3.1.0');
    expect(Object.keys(doc.components.securitySchemes)).toEqual(['token']);
    expect(Object.keys(doc.components.schemas)).toEqual(
      expect.arrayContaining(['Problem', 'Call', 'CallTaker', 'Incident', 'IncidentEdit']),
    );
  });

  it('has no reference that leads nowhere', () => {
    const refs = [...JSON.stringify(doc).matchAll(/"\$ref":"([^"]+)"/g)].map((match) => match[1] ?? '');
    const known = Object.keys(doc.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(refs.filter((ref) => !known.includes(ref))).toEqual([]);
  });

  it('comes with all its scripts and styles from this server', async () => {
    const page = await door.ask('GET', '/docs', null);
    expect(page.headers.get('content-security-policy')).toMatch(/script-src 'self'; style-src 'self' /);
    const parts = [...page.text.matchAll(/(?:src|href)="([^"]+)"/g)].map((match) => match[1] ?? '');
    expect(parts.length).toBeGreaterThan(4);
    for (const part of parts) expect([part, (await door.ask('GET', part, null)).status]).toEqual([part, 200]);
  });
});
