import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Fault, type FaultKind } from '../../src/kernel/faults.ts';
import { CALL, INCIDENT, incident } from '../simulators/control-room.ts';
import { openDoor, problem, told, type Door } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor({ answerMs: 700 });
});
afterAll(() => door.http.close());
beforeEach(() => door.scripted.heal());

const PATCH = `/api/v1/incidents/${INCIDENT}`;
const MATCH = { 'if-match': '"3"' };

describe('queries and bodies that do not hold what they must', () => {
  it.each([
    ['/calls?limt=3', 'limt: not known; did you mean limit?'],
    ['/calls?limit=0', 'limit: a whole number, once, from 1 to 500'],
    ['/calls?limit=1e9', 'limit: a whole number, once, from 1 to 500'],
    ['/calls?limit=1&limit=2', 'limit: a whole number, once, from 1 to 500'],
    ['/incidents?status=opened', 'status: one of draft, open, handed-over, accepted, closed'],
    ['/journal?after=%27', 'after: one id, as we gave it'],
    ['/line?__proto__=1', '__proto__: not known'],
  ])('%s is 400 and says so plainly', async (path, complaint) => {
    const answer = await door.ask('GET', `/api/v1${path}`, 'supervisor');
    expect(told(answer)).toEqual(problem(400, 'invalid-query'));
    expect((answer.json.complaints as string[])[0]).toContain(complaint);
  });

  it('an edit hears all its complaints at once, with the nearest known name', async () => {
    const body = { waht: 'x', place: { poleCode: 'abc' }, matter: { class: 'theft' } };
    const answer = await door.ask('PATCH', PATCH, 'supervisor', { body, headers: MATCH });
    expect(told(answer)).toEqual(problem(422, 'invalid'));
    const complaints = (answer.json.complaints as string[]).join('\n');
    expect(answer.json.complaints).toHaveLength(3);
    expect(complaints).toMatch(/waht.*what/);
    expect(complaints).toMatch(/place\.poleCode/);
    expect(complaints).toMatch(/matter\.class.*criminal/);
  });

  it.each([
    [{}, 'state: is missing'],
    [{ state: 'redy' }, 'state: one of ready, pause, off'],
    [{ state: 'pause', reson: 'meal' }, 'reson: not known; did you mean reason?'],
    [{ state: 'pause', reason: '' }, 'reason: a text of 1 to 200 characters'],
    [[], 'an object is expected'],
  ])('the wish %j is 422', async (body, complaint) => {
    const answer = await door.ask('PUT', '/api/v1/call-takers/1001/state', 'supervisor', { body });
    expect(told(answer)).toEqual(problem(422, 'invalid'));
    expect(answer.json.complaints).toEqual([complaint]);
  });
});

describe('versions', () => {
  const changes = [
    ['PATCH', PATCH, { what: 'x' }],
    ['POST', `${PATCH}/hand-over`, undefined],
    ['POST', `${PATCH}/close`, { outcome: 'no-action', reason: 'x' }],
  ] as const;

  it.each(changes)('%s %s without If-Match is 428, and nothing is changed', async (method, path, body) => {
    expect(told(await door.ask(method, path, 'supervisor', { body }))).toEqual(problem(428, 'version-needed'));
    expect(door.scripted.asked).toEqual([]);
  });

  it.each(changes)('%s %s with an old version is 412 and names the present one', async (method, path, body) => {
    const answer = await door.ask(method, path, 'supervisor', { body, headers: { 'if-match': '"2"' } });
    expect(told(answer)).toEqual(problem(412, 'stale-version'));
    expect(answer.json.currentVersion).toBe(3);
    expect(answer.headers.get('etag')).toBe('"3"');
  });

  it('a change answers with the next version as ETag, which the next change can name', async () => {
    const read = await door.ask('GET', PATCH, 'call-taker');
    const changed = await door.ask('PATCH', PATCH, 'call-taker', {
      body: { what: 'x' },
      headers: { 'if-match': read.headers.get('etag') ?? '' },
    });
    expect([read.headers.get('etag'), changed.headers.get('etag'), changed.json.version]).toEqual(['"3"', '"4"', 4]);
  });

  it.each(['3', '*', 'W/"3"', '"3", "4"', '"0"', '"99999999999999999999"', '""'])(
    'If-Match %s is 400, for it names no one version',
    async (match) => {
      const answer = await door.ask('PATCH', PATCH, 'supervisor', { body: { what: 'x' }, headers: { 'if-match': match } });
      expect(told(answer)).toEqual(problem(400, 'malformed-request'));
    },
  );

  it('a state that is in the way is 409 while the version is right', async () => {
    door.scripted.answer('close', () => Promise.reject(new Fault('conflict', 'It is closed already.')));
    const answer = await door.ask('POST', `${PATCH}/close`, 'supervisor', { body: { outcome: 'no-action', reason: 'x' }, headers: MATCH });
    expect(told(answer)).toEqual(problem(409, 'conflict'));
    expect(answer.json.detail).toBe('It is closed already.');
  });
});

describe('what the control room refuses', () => {
  it.each([
    ['invalid', 422, 'invalid'],
    ['unknown', 404, 'unknown'],
    ['conflict', 409, 'conflict'],
    ['unavailable', 503, 'unavailable'],
    ['fenced', 503, 'unavailable'],
  ] as const)('%s is %i', async (kind: FaultKind, status, type) => {
    door.scripted.answer('hold', () => Promise.reject(new Fault(kind, `words of ${kind}`, ['one', 'two'])));
    const answer = await door.ask('POST', `/api/v1/calls/${CALL}/hold`, 'call-taker');
    expect(told(answer)).toEqual(problem(status, type));
    const away = status === 503;
    expect([answer.headers.has('retry-after'), answer.text.includes('words of')]).toEqual([away, !away]);
    expect(door.logged().includes(`words of ${kind}`)).toBe(away);
  });

  it('every complaint of a handing over is passed on', async () => {
    door.scripted.answer('handOver', () =>
      Promise.reject(new Fault('invalid', 'Dispatch cannot act on it.', ['place is missing', 'what is missing'])),
    );
    const answer = await door.ask('POST', `${PATCH}/hand-over`, 'supervisor', { headers: MATCH });
    expect(answer.json).toMatchObject({ detail: 'Dispatch cannot act on it.', complaints: ['place is missing', 'what is missing'] });
  });

  it("an error of our own is 500 without its words, which stand in the log under the request's id", async () => {
    door.scripted.answer('calls', () => Promise.reject(new TypeError('secret inner words')));
    const answer = await door.ask('GET', '/api/v1/calls', 'supervisor');
    expect(told(answer)).toEqual(problem(500, 'internal'));
    expect(answer.text).not.toContain('secret inner words');
    expect(door.logged()).toContain('secret inner words');
    expect(door.logged()).toContain(answer.json.requestId as string);
  });

  it('a room that never answers is 503 in time', async () => {
    door.scripted.answer('incident', () => new Promise(() => undefined));
    expect(told(await door.ask('GET', PATCH, 'supervisor'))).toEqual(problem(503, 'unavailable'));
  });

  it('a record of an older form is shown as it is', async () => {
    door.scripted.answer('incident', () => Promise.resolve({ ...incident(), olderField: true, urgency: undefined }));
    const answer = await door.ask('GET', PATCH, 'supervisor');
    expect([answer.status, answer.json.olderField]).toEqual([200, true]);
  });
});

describe('closing', () => {
  it('lets a request under way end, then refuses connections; twice is once', async () => {
    const own = await openDoor();
    let go = (): void => undefined;
    const reached = new Promise<void>((reach) => {
      own.scripted.answer('callTakers', async () => {
        reach();
        await new Promise<void>((resolve) => {
          go = resolve;
        });
        return [];
      });
    });
    const underWay = own.ask('GET', '/api/v1/call-takers', 'supervisor');
    await reached;
    const closed = Promise.all([own.http.close(), own.http.close()]);
    go();
    expect((await underWay).status).toBe(200);
    await closed;
    await expect(own.ask('GET', '/healthz', null)).rejects.toThrow('fetch failed');
  });

  it('does not wait for ever for one that does not end', async () => {
    const own = await openDoor({ drainMs: 200 });
    const reached = new Promise<void>((reach) => {
      own.scripted.answer('callTakers', () => {
        reach();
        return new Promise(() => undefined);
      });
    });
    const underWay = own.ask('GET', '/api/v1/call-takers', 'supervisor');
    const outcome = underWay.then(
      () => 'answered',
      () => 'cut',
    );
    await reached;
    const began = performance.now();
    await own.http.close();
    expect(performance.now() - began).toBeLessThan(2000);
    expect(await outcome).toBe('cut');
  });
});
