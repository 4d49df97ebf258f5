import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { INCIDENT } from '../simulators/control-room.ts';
import { openDoor, problem, told, TOKEN, type Door } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor({ headersMs: 1000, requestMs: 1500, answerMs: 700 });
});
afterAll(() => door.http.close());
beforeEach(() => door.scripted.heal());

const PATCH = `/api/v1/incidents/${INCIDENT}`;
const MATCH = { 'if-match': '"3"' };

/** Writes raw bytes and reads until the server ends the connection. */
function raw(bytes: string): Promise<string> {
  const { hostname, port } = new URL(door.http.url);
  return new Promise((resolve, reject) => {
    let heard = '';
    const socket = connect(Number(port), hostname, () => socket.write(bytes));
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      heard += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(heard));
  });
}

describe('what cannot be read', () => {
  it.each([
    ['no JSON', '{"what":'],
    ['a bare word', 'nonsense'],
    ['a key that would change all objects', '{"__proto__":{"role":"supervisor"}}'],
    ['the same by another way', '{"constructor":{"prototype":{"a":1}}}'],
  ])('%s in a body is 400 and reaches nobody', async (_name, body) => {
    expect(told(await door.ask('PATCH', PATCH, 'supervisor', { body, headers: MATCH }))).toEqual(problem(400, 'malformed-request'));
    expect(door.scripted.asked).toEqual([]);
  });

  it('text that is not UTF-8 is 400, not a record with holes', async () => {
    const response = await fetch(door.http.url + PATCH, {
      method: 'PATCH',
      headers: { authorization: `Bearer ${TOKEN.supervisor}`, 'content-type': 'application/json', ...MATCH },
      body: new Uint8Array([0x7b, 0x22, 0x77, 0x68, 0x61, 0x74, 0x22, 0x3a, 0x22, 0xff, 0x22, 0x7d]),
    });
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ type: '/problems/malformed-request', detail: 'The body is not UTF-8.' });
  });

  it('JSON nested a thousand deep is answered, not died of', async () => {
    const body = `{"what":${'['.repeat(20_000)}${']'.repeat(20_000)}}`;
    expect(told(await door.ask('PATCH', PATCH, 'supervisor', { body, headers: MATCH }))).toEqual(problem(422, 'invalid'));
  });

  it('a body of 10 MB is 413, told from its length alone, and another request is answered right after', async () => {
    const heard = await raw(
      `PATCH ${PATCH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN.supervisor}\r\nContent-Type: application/json\r\n` +
        `If-Match: "3"\r\nContent-Length: 10485760\r\n\r\n{"what":"`,
    );
    expect(heard).toMatch(/^HTTP\/1\.1 413 /);
    expect(heard).toContain('/problems/too-large');
    expect((await door.ask('GET', '/healthz', null)).status).toBe(200);
  });

  it('a body just over 64 kB is 413 and one just under is read', async () => {
    const over = await door.ask('PATCH', PATCH, 'supervisor', { body: { what: 'x'.repeat(66_000) }, headers: MATCH });
    expect(told(over)).toEqual(problem(413, 'too-large'));
    const under = await door.ask('PATCH', PATCH, 'supervisor', { body: { what: 'x'.repeat(64_000) }, headers: MATCH });
    expect(told(under)).toEqual(problem(422, 'invalid'));
  });

  it.each(['text/plain', 'application/xml', 'multipart/form-data; boundary=x', 'application/jsonx', 'nonsense'])(
    '%s is 415',
    async (type) => {
      const answer = await door.ask('PATCH', PATCH, 'supervisor', { body: '{"what":"x"}', headers: { ...MATCH, 'content-type': type } });
      expect(told(answer)).toEqual(problem(415, 'wrong-content-type'));
    },
  );

  it('a merge patch is read under both of its names', async () => {
    for (const type of ['application/merge-patch+json', 'application/json; charset=utf-8', 'Application/JSON']) {
      const answer = await door.ask('PATCH', PATCH, 'supervisor', { body: '{"what":"火灾"}', headers: { ...MATCH, 'content-type': type } });
      expect([type, answer.status]).toEqual([type, 200]);
    }
    expect(door.scripted.asked[0]).toEqual(['edit', INCIDENT, 3, { what: '火灾' }, 'supervisor-one']);
  });

  it.each([
    ['an endless header', `GET /healthz HTTP/1.1\r\nHost: x\r\nX-Long: ${'a'.repeat(20_000)}\r\n\r\n`, 431, 'headers-too-large'],
    ['no HTTP at all', 'INVITE sip:110@localhost SIP/2.0\r\n\r\n', 400, 'malformed-request'],
    ['two lengths', 'POST /api/v1/me HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nContent-Length: 5\r\n\r\nabc', 400, 'malformed-request'],
    [
      'length and chunks',
      'POST /api/v1/me HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
      'malformed-request',
    ],
    ['a header that never ends', 'GET /healthz HTTP/1.1\r\nHost: x\r\nX-Slow: ', 408, 'too-slow'],
    [
      'a body that never ends',
      `PATCH ${PATCH} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${TOKEN.supervisor}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`,
      408,
      'too-slow',
    ],
  ])('%s is answered with a problem and the connection ends', async (_name, bytes, status, kind) => {
    const heard = await raw(bytes);
    expect(heard).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(heard).toMatch(/Content-Type: application\/problem\+json/i);
    expect(JSON.parse(heard.slice(heard.indexOf('\r\n\r\n') + 4))).toMatchObject({ type: `/problems/${kind}`, status });
  });
});

describe('paths', () => {
  it.each([
    '/',
    '/api',
    '/api/v1',
    '/api/v1/nothing',
    '/%zz',
    '/../../etc/passwd',
    '/docs/static/..%2f..%2fpackage.json',
    `/${'a'.repeat(4000)}`,
  ])('%s is 404 with a problem', async (path) => {
    const answer = await door.ask('GET', path, 'supervisor');
    expect(told(answer)).toEqual(problem(404, 'no-such-path'));
  });

  it.each([
    `/api/v1/calls/${encodeURIComponent("';drop--")}`,
    '/api/v1/calls/%00',
    '/api/v1/incidents/..%2f..',
    `/api/v1/incidents/${'A'.repeat(200)}`,
    '/api/v1/sinks/%0d%0aX/dead-letters',
  ])('%s holds an id that we never gave: 404, and the room is not asked', async (path) => {
    expect(told(await door.ask('GET', path, 'supervisor'))).toEqual(problem(404, 'unknown'));
    expect(door.scripted.asked).toEqual([]);
  });

  it('a method that a path does not answer is 405 with those it does', async () => {
    const answer = await door.ask('DELETE', PATCH, 'supervisor');
    expect(told(answer)).toEqual(problem(405, 'wrong-method'));
    expect(answer.headers.get('allow')).toBe('GET, HEAD, PATCH');
  });
});
