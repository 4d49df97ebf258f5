import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '../../src/kernel/faults.ts';
import { instant } from '../../src/kernel/instants.ts';
import { INCIDENT, NOW } from '../simulators/control-room.ts';
import { OTHER_THREAD, SAID, SECOND_TEXT, THREAD, thread } from '../simulators/text-room.ts';
import { openDoor, problem, told, type Door } from './door.ts';

let door: Door;
beforeAll(async () => {
  door = await openDoor({ answerMs: 700 });
});
afterAll(() => door.http.close());
beforeEach(() => door.scripted.heal());

const ONE = `/api/v1/texts/${THREAD}`;
const asked = () => door.scripted.asked.filter(([question]) => question !== 'callTaker');
type Fields = Record<string, unknown>;

describe('a thread as it is shown', () => {
  it('tells every text of the reporter, as it can be read, with what is missing and how often it came', async () => {
    const { json } = await door.ask('GET', ONE, 'call-taker');
    expect(json.received).toEqual([
      {
        id: '01JAB3C4D5E6F7G8H9J0K1M2X1',
        at: '2026-03-01T08:00:00.000+00:00',
        changedAt: '2026-03-01T08:00:00.000+00:00',
        text: `${SAID}[…2-3/3…]`,
        complete: false,
        parts: 1,
        partsOf: 3,
        repeats: 2,
        repeatedAt: '2026-03-01T08:00:05.000+00:00',
      },
      expect.objectContaining({ id: SECOND_TEXT, complete: true, parts: 1, partsOf: 1, repeats: 0, repeatedAt: null }),
    ]);
    expect(JSON.stringify(json)).not.toMatch(/octets|b2N0ZXRz/);
  });

  it('keeps sent, accepted, delivered, failed and withheld apart, each with its time', async () => {
    const { json } = await door.ask('GET', ONE, 'call-taker');
    const times = (json.sent as Fields[]).map(({ state, sentAt, acceptedAt, deliveredAt, failedAt, withheldAt, dueAt }) => [
      state,
      ...[sentAt, acceptedAt, deliveredAt, failedAt, withheldAt, dueAt].map((at) => at !== null),
    ]);
    expect(times).toEqual([
      ['delivered', true, true, true, false, false, false],
      ['accepted', true, true, false, false, false, false],
      ['sent', true, false, false, false, false, true],
      ['failed', true, false, false, true, false, false],
      ['withheld', false, false, false, false, true, false],
      ['waiting', false, false, false, false, false, true],
    ]);
    expect((json.sent as Fields[]).map(({ parts, partsDelivered }) => [parts, partsDelivered]).slice(0, 2)).toEqual([
      [2, 2],
      [2, 1],
    ]);
    expect((json.sent as Fields[])[4]).toMatchObject({ why: 'an answer may endanger the reporter (hiding)' });
  });

  it('tells what was read with the words it was read from, and how sure that is', async () => {
    const { json } = await door.ask('GET', ONE, 'call-taker');
    expect(json.reading).toMatchObject({
      happened: { said: '刚才', certainty: 'guessed', at: '2026-03-01T08:00:00.000+00:00' },
      place: {
        poleCode: { said: '灯杆1023456', certainty: 'stated', value: '1023456' },
        plateCode: null,
        point: { said: 'geo:45.7,126.6', lat: 45.7, lon: 126.6, datum: 'WGS-84' },
      },
      matter: { said: '躲在', class: 'urgent-help', code: 'hiding' },
      hurt: { said: '两个人受伤', count: 2 },
      weapons: [{ said: '刀', certainty: 'stated', value: 'knife' }],
      danger: [{ said: '躲在柜子里', value: 'hiding' }],
      impaired: { said: 'L', value: 'hearing-or-speech' },
    });
    expect(json).toMatchObject({ urgent: true, missing: ['what'], links: [{ thread: OTHER_THREAD, relation: 'continues' }] });
  });

  it('is shown whatever was read in it', async () => {
    const reading = { ...thread().reading, happened: { said: '公元前', certainty: 'guessed', value: instant(8.64e15) } } as const;
    door.scripted.answer('thread', async () => thread({ reading }));
    expect((await door.ask('GET', ONE, 'call-taker')).json).toMatchObject({ reading: { happened: { said: '公元前', at: null } } });
  });

  it.each([
    ['open', { is: 'open' }, { state: 'open', since: null, by: null, reason: null, signs: [] }],
    [
      'silent',
      { is: 'silent', since: NOW, signs: [{ sign: 'hiding', said: '躲' }] },
      { state: 'silent', since: '2026-03-01T08:00:00.000+00:00', by: null, reason: null, signs: [{ sign: 'hiding', said: '躲' }] },
    ],
    [
      'forbidden',
      { is: 'forbidden', at: NOW, by: '1001', reason: 'he is there', signs: [] },
      { state: 'forbidden', since: '2026-03-01T08:00:00.000+00:00', by: '1001', reason: 'he is there', signs: [] },
    ],
  ])('says whether the reporter may be answered: %s', async (_name, guard, shown) => {
    door.scripted.answer('thread', async () => thread({ guard } as Partial<ReturnType<typeof thread>>));
    expect((await door.ask('GET', ONE, 'call-taker')).json.contact).toEqual(shown);
  });

  it.each([
    [
      { is: 'waiting', since: NOW },
      { state: 'waiting', since: '2026-03-01T08:00:00.000+00:00', callTaker: null, centre: null },
    ],
    [
      { is: 'taken', by: '1001', at: NOW },
      { state: 'taken', callTaker: '1001' },
    ],
    [
      { is: 'closed', at: NOW },
      { state: 'closed', callTaker: null },
    ],
    [
      { is: 'elsewhere', centre: '120000' },
      { state: 'elsewhere', since: null, centre: '120000' },
    ],
  ])('says who has it: %j', async (holder, shown) => {
    door.scripted.answer('threads', async () => [thread({ holder } as Partial<ReturnType<typeof thread>>)]);
    expect((await door.ask('GET', '/api/v1/texts', 'dispatcher')).json.threads).toMatchObject([shown]);
  });

  it('stands in lists with its last words alone, cut where no sign is cut in two', async () => {
    const [one] = thread().received;
    if (one === undefined) throw new Error('a thread has texts');
    door.scripted.answer('textLine', async () => ({
      length: 9,
      threads: [thread({ received: [{ ...one, text: `x${'😀'.repeat(200)}` }] })],
    }));
    const { json } = await door.ask('GET', '/api/v1/texts/line?limit=1', 'call-taker');
    expect(json).toMatchObject({ length: 9, threads: [{ id: THREAD, texts: 1, lastWords: `x${'😀'.repeat(99)}` }] });
    expect((json.threads as Fields[])[0]).not.toHaveProperty('received');
    expect(asked()).toEqual([['textLine', 1]]);
  });
});

describe('what is asked of a thread', () => {
  it.each([
    ['next', `/api/v1/texts/next`, {}, ['takeNextText', '1001']],
    ['take', `${ONE}/take`, {}, ['takeText', THREAD, '1001']],
    ['put-back', `${ONE}/put-back`, {}, ['putBackText', THREAD, '1001']],
    ['answer', `${ONE}/answer`, { text: ' 几号楼? ' }, ['answerText', THREAD, ' 几号楼? ', '1001']],
    [
      'allow',
      `${ONE}/reply-decision`,
      { allow: true, reason: 'alone', signs: ['hiding'] },
      ['decideReply', THREAD, true, 'alone', ['hiding'], '1001'],
    ],
    ['forbid', `${ONE}/reply-decision`, { allow: false, reason: 'not' }, ['decideReply', THREAD, false, 'not', [], '1001']],
    ['split', `${ONE}/split`, { from: SECOND_TEXT }, ['splitThread', THREAD, SECOND_TEXT, '1001']],
    ['join', `${ONE}/join`, { into: OTHER_THREAD }, ['joinThreads', THREAD, OTHER_THREAD, '1001']],
  ])('%s is done in the name of the call taker, whom a supervisor names', async (_name, path, body, question) => {
    expect((await door.ask('POST', path, 'call-taker', { body })).status).toBe(200);
    expect((await door.ask('POST', path, 'supervisor', { body: { ...body, callTaker: '1002' } })).status).toBe(200);
    expect(asked()).toEqual([question, question.with(-1, '1002')]);
    door.scripted.heal();
    expect(told(await door.ask('POST', path, 'call-taker', { body: { ...body, callTaker: '1002' } }))).toEqual(problem(403, 'wrong-role'));
    expect(told(await door.ask('POST', path, 'supervisor', { body }))).toEqual(problem(422, 'invalid'));
    expect(told(await door.ask('POST', path, 'supervisor', { body: { ...body, callTaker: '9999' } }))).toEqual(problem(404, 'unknown'));
    expect(asked()).toEqual([]);
  });

  it('the next one is 204 without a body when nobody waits', async () => {
    door.scripted.answer('takeNextText', async () => null);
    const answer = await door.ask('POST', '/api/v1/texts/next', 'call-taker');
    expect([answer.status, answer.text]).toEqual([204, '']);
  });

  it('that police are on their way is signed by whoever says so', async () => {
    for (const role of ['call-taker', 'supervisor', 'dispatcher'] as const) {
      expect((await door.ask('POST', `/api/v1/incidents/${INCIDENT}/on-their-way`, role)).json.id).toBe(THREAD);
    }
    expect(asked()).toEqual(['1001', 'supervisor-one', 'dispatcher-one'].map((by) => ['onTheirWay', INCIDENT, by]));
  });

  it.each([
    ['conflict', 409],
    ['unknown', 404],
    ['unavailable', 503],
  ] as const)('and refused as %s is %i, with its sentence where it may be told', async (kind, status) => {
    door.scripted.answer('answerText', () => Promise.reject(new Fault(kind, 'an answer may endanger the reporter')));
    const answer = await door.ask('POST', `${ONE}/answer`, 'call-taker', { body: { text: 'x' } });
    expect(told(answer)).toEqual(problem(status, kind));
    expect(answer.text.includes('endanger')).toBe(status !== 503);
  });

  it.each([
    ['answer', {}, 'text: is missing'],
    ['answer', { text: ' \n ' }, 'text: a text of 1 to 500 characters'],
    ['answer', { text: 'x'.repeat(501) }, 'text: a text of 1 to 500 characters'],
    ['answer', { text: 'x', txt: 'y' }, 'txt: not known; did you mean text?'],
    ['reply-decision', { reason: 'x' }, 'allow: is missing'],
    ['reply-decision', { allow: 'yes', reason: 'x' }, 'allow: true or false'],
    ['reply-decision', { allow: true, reason: '' }, 'reason: a text of 1 to 500 characters'],
    ['split', { from: "' OR 1=1" }, 'from: one id, as we gave it'],
    ['join', { into: '../../incidents' }, 'into: one id, as we gave it'],
    ['join', [], 'an object is expected'],
  ])('%s with %j is 422', async (path, body, complaint) => {
    const answer = await door.ask('POST', `${ONE}/${path}`, 'call-taker', { body });
    expect(told(answer)).toEqual(problem(422, 'invalid'));
    expect(answer.json.complaints).toContain(complaint);
    expect(asked()).toEqual([]);
  });

  it.each(['x', 'Line', '%00', '..%2f..%2fincidents', `${THREAD}%0d%0aSet-Cookie:a=b`, 'A'.repeat(33), '١٢٣٤٥٦٧٨٩٠', "1'--00000000"])(
    'an id like %s is on no record',
    async (id) => {
      for (const [method, path] of [
        ['GET', ''],
        ['POST', '/take'],
      ] as const) {
        expect([404, 405]).toContain((await door.ask(method, `/api/v1/texts/${id}${path}`, 'call-taker')).status);
      }
      expect(door.scripted.asked).toEqual([]);
    },
  );

  it('with a body that is no JSON, or nested a thousand deep, reaches nobody', async () => {
    expect(told(await door.ask('POST', `${ONE}/answer`, 'call-taker', { body: '{"text":' }))).toEqual(problem(400, 'malformed-request'));
    const deep = `{"text":${'['.repeat(5000)}${']'.repeat(5000)}}`;
    expect(told(await door.ask('POST', `${ONE}/answer`, 'call-taker', { body: deep }))).toEqual(problem(422, 'invalid'));
    expect(asked()).toEqual([]);
  });

  it('takes the words of a reporter into no log', async () => {
    await door.ask('POST', `${ONE}/answer`, 'call-taker', { body: { text: SAID } });
    await door.ask('GET', ONE, 'call-taker');
    expect(door.logged()).toContain(`http {"thread":"${THREAD}"`);
    expect(door.logged()).not.toMatch(/躲|13999998888|13845101234/);
  });
});

describe('the gateways', () => {
  it('are shown with their trouble, what waits for them and when they were last heard', async () => {
    const { json } = await door.ask('GET', '/api/v1/gateways', 'operator');
    expect(json.gateways).toEqual([
      { name: 'mobile', kind: 'smpp', up: true, trouble: null, heardAt: '2026-03-01T08:00:00.000+00:00', waiting: 2, lagSeconds: 1.5 },
      { name: 'unicom', kind: 'cmpp', up: false, trouble: 'wrong password', heardAt: null, waiting: 0, lagSeconds: 0 },
    ]);
  });
});
