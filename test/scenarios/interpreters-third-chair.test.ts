/**
 * The interpreter's third chair, from the call taker's asking to the record: three tones, and at each phone just those of the two others;
 * in private speech the caller hears neither, and the recording goes on through all of it.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { toEido } from '../../src/incident/eido.ts';
import type { Incident } from '../../src/incident/incident.ts';
import type { ShownCall } from '../stack/city.ts';
import {
  CALL_TAKER,
  CALLER,
  INTERPRETER,
  type InterpretersCity,
  openInterpretersCity,
  reaches,
  reachesWords,
  threeHear,
} from '../stack/interpreters.ts';
import { until } from '../stack/until.ts';

let city: InterpretersCity;
beforeAll(async () => {
  city = await openInterpretersCity([
    { id: 'v1', languages: 'ru native', speaks: 'ru', addresses: 'sip:volunteer-1' },
    { id: 'v2', languages: 'ru fluent, en basic', addresses: 'sip:volunteer-2' },
  ]);
});
afterAll(() => city.stop());
afterEach(() => city.clear());

const recording = (call: ShownCall): number => city.recorded(`${call.id}.recording.1`);
const grows = async (call: ShownCall): Promise<void> => {
  const before = recording(call);
  await until('the recording to grow', () => recording(call) > before);
};
const at = (moment: string | null | undefined): number => Date.parse(moment ?? '');
const verb = (call: ShownCall, what: 'private' | 'resume' | 'leave' | 'finish') =>
  city.ask('call-taker-1001', 'POST', `/calls/${call.id}/${what}`);

it('two volunteers ring, the first who accepts by key is the third, the other is thanked and let go; all of it is on record', async () => {
  const phones = { v1: await city.volunteer('volunteer-1'), v2: await city.volunteer('volunteer-2') };
  for (const phone of Object.values(phones)) phone.conduct('answer');
  const { caller, desk, call } = await city.talk('13700000001');
  await reaches(caller, CALL_TAKER);

  const began = Date.now();
  expect(await city.seek(call, 'ru')).toMatchObject({ status: 200, body: { interpreter: { state: 'sought', language: 'ru' } } });
  const { interpreter } = await city.call('13700000001', 'rings two', ({ interpreter: { asked } }) => asked.length === 2);
  const [first, second] = interpreter.asked.map(({ volunteer }) => phones[volunteer as keyof typeof phones]);
  if (first === undefined || second === undefined) throw new Error('nobody was asked');
  await city.isAsked(call, 1, first);
  await city.isAsked(call, 2, second);
  // Answered is not a person: nobody has joined, each is spoken to in their own language, and the centre's number is all they see.
  expect((await city.witness.bridges())[0]?.channels).toHaveLength(2);
  for (const [n, { volunteer }] of interpreter.asked.entries()) {
    const leg = `${call.id}.interpreter.${n + 1}`;
    const tongue = volunteer === 'v1' ? 'ru' : 'zh';
    await until('the language to be named', () => city.witness.spokenTo(leg).includes(`${tongue}/language/ru`));
    expect(city.witness.spokenTo(leg)).toEqual(
      [`${tongue}/volunteer/asked`, `${tongue}/language/ru`].concat(city.witness.spokenTo(leg).slice(2)),
    );
  }
  expect([first, second].map(({ rings }) => rings.map(({ shown }) => shown))).toEqual([['110'], ['110']]);
  expect(await city.seek(call, 'ru')).toMatchObject({ status: 200 });
  await grows(call);

  const winner = interpreter.asked[1]?.volunteer ?? '';
  await second.press('1', 'sound');
  await city.present('13700000001', winner);
  const waited = (Date.now() - began) / 1000;
  await threeHear(caller, desk, second);
  await until('the other to be thanked', () => city.witness.heardBy(`${call.id}.interpreter.1`).at(-1) === 'volunteer/thanks');
  await until('the other to be let go', () => !first.isTalking());
  expect(await city.seek(call, 'en')).toMatchObject({ status: 409 });
  await grows(call);

  expect(await verb(call, 'private')).toMatchObject({ status: 200, body: { floor: 'private' } });
  // A prompt on a channel hides what it says to its bridge: that it has left is seen, not only heard.
  await until('the caller to be out of the bridge', async () => (await city.witness.bridges())[0]?.channels.includes(call.id) === false);
  await reaches(desk, INTERPRETER);
  await reaches(second, CALL_TAKER);
  await reachesWords(caller);
  expect(city.witness.spokenTo(call.id).at(-1)).toBe('zh/private');
  expect(await verb(call, 'leave')).toMatchObject({ status: 409 });
  await grows(call);
  expect(await verb(call, 'resume')).toMatchObject({ status: 200, body: { floor: 'open' } });
  await threeHear(caller, desk, second);
  await grows(call);

  const path = `/incidents/${call.incident}`;
  const open = await city.ask('call-taker-1001', 'GET', path);
  const edit = {
    what: 'Паспорт и деньги украдены',
    place: { stated: '中央大街' },
    happened: { stated: '刚才' },
    matter: { class: 'criminal' },
  };
  const edited = await city.ask('call-taker-1001', 'PATCH', path, edit, open.etag);
  expect(await city.ask('call-taker-1001', 'POST', `${path}/hand-over`, {}, edited.etag)).toMatchObject({ status: 200 });
  await second.hangUp();
  await city.call('13700000001', 'is without interpreter', (one) => one.interpreter.state === 'none');
  await reaches(caller, CALL_TAKER);
  await reaches(desk, CALLER);
  expect(await verb(call, 'finish')).toMatchObject({ status: 200 });
  await until('the caller is let go', () => caller.isOver());
  await city.witness.sees('nothing');
  await city.allFree();

  const received = (): readonly Incident[] =>
    city.sink.received.filter(({ body }) => body.includes(call.incident)).map(({ body }) => (JSON.parse(body) as { data: Incident }).data);
  await until('the end to be told', () => received().some((incident) => incident.call?.endedAt != null));
  const record = received().findLast((incident) => incident.call?.endedAt != null);
  if (record?.call?.interpreter == null) throw new Error('no interpreter on record');
  const told = record.call.interpreter;
  expect(told).toMatchObject({ language: 'rus', volunteer: winner });
  expect(told.asked.map(({ volunteer, outcome }) => [volunteer, outcome])).toEqual([
    [interpreter.asked[0]?.volunteer, 'beaten'],
    [winner, 'served'],
  ]);
  const moments = [told.requestedAt, told.asked[1]?.askedAt, told.acceptedAt, told.joinedAt, told.leftAt, record.call.endedAt].map(at);
  expect(moments).toEqual(moments.toSorted((one, other) => one - other));
  expect(moments.every((moment) => moment >= began - 1000)).toBe(true);
  expect(told.secondsToInterpreter).toBeGreaterThan(0);
  expect(told.secondsToInterpreter).toBeLessThanOrEqual(waited);
  expect(record.call.recordings).toEqual([`${call.id}.recording.1`]);
  expect(await city.incident(call)).toEqual(record);
  const talkedMs = at(record.call.endedAt) - at(record.call.answeredAt);
  await until('nearly all of it to be recorded', () => recording(call) / 16 > talkedMs * 0.7);
  const notes = JSON.stringify(toEido(record, { domain: 'intake110.invalid', name: 'Centre' }).notesComponent);
  expect(notes).toContain(`Interpreter for rus: ${winner} of 2 asked, joined ${told.joinedAt}`);
}, 45_000);

it('the interpreter is dismissed with thanks, and another is asked for another language; neither learns who calls', async () => {
  const [first, second] = [await city.volunteer('volunteer-1'), await city.volunteer('volunteer-2')];
  const { caller, desk, call } = await city.talk('13700000002');
  first.conduct('answer');
  await city.seek(call, 'ru');
  await city.isAsked(call, (await legOf('v1')) + 1, first);
  await first.press('1', 'info');
  await city.present('13700000002', 'v1');
  await threeHear(caller, desk, first);
  await until('the other phone falls silent', () => !second.isRinging());

  expect(await city.ask('call-taker-1001', 'DELETE', `/calls/${call.id}/interpreter`)).toMatchObject({
    status: 200,
    body: { interpreter: { state: 'none' } },
  });
  await reachesWords(first);
  await reaches(caller, CALL_TAKER);
  await until('the first is let go', () => !first.isTalking());

  second.conduct('answer');
  expect(await city.seek(call, 'en')).toMatchObject({ status: 200 });
  await until('the second to talk', () => second.isTalking());
  await city.call('13700000002', 'is asked for', ({ interpreter }) => interpreter.asked.at(-1)?.outcome === 'hearing');
  await second.press('1', 'info');
  await city.present('13700000002', 'v2');
  await threeHear(caller, desk, second);
  await caller.hangUp();
  await city.witness.sees('nothing');
  await city.allFree();
  const { call: record } = await city.incident(call);
  expect(record?.interpreter).toMatchObject({ language: 'eng', volunteer: 'v2' });
  expect(record?.interpreter?.asked.at(0)).toMatchObject({ outcome: expect.stringMatching(/served|beaten/) as string });
  for (const phone of [first, second]) expect(phone.requests.filter((request) => request.includes('13700000002'))).toEqual([]);

  async function legOf(volunteer: string): Promise<number> {
    const { interpreter } = await city.call('13700000002', 'rings two', ({ interpreter: { asked } }) => asked.length === 2);
    return interpreter.asked.findIndex((asked) => asked.volunteer === volunteer);
  }
}, 30_000);
