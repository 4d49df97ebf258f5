/**
 * The main way on the real stack: from the door through the line into a recorded conversation, and on to the dispatch side.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Incident } from '../../src/incident/incident.ts';
import { type City, openCity } from '../stack/city.ts';
import { until } from '../stack/until.ts';

let city: City;
beforeAll(async () => {
  city = await openCity();
});
afterAll(() => city.stop());
afterEach(() => city.clear());

/** 16 bit, 8000 samples a second, behind a header of 44 bytes. */
const recordedMs = (name: string): number => (city.recorded(name) - 44) / 16;
/** From the beginning of a recording to its first sound. */
function silentForMs(path: string): number {
  const samples = readFileSync(path).subarray(44);
  for (let byte = 0; byte + 1 < samples.length; byte += 2) if (Math.abs(samples.readInt16LE(byte)) > 1000) return byte / 16;
  return Infinity;
}
const at = (moment: string | null | undefined): number => Date.parse(moment ?? '');

it('more callers than call takers are answered in the order of their tickets, and each is spoken to while waiting', async () => {
  const numbers = [1, 2, 3, 4, 5, 6].map((n) => `1390000000${n}`);
  const phone = await city.signOn('1001');
  const callers = await city.sipp({ numbers, then: 'wait' });

  const first = await city.call('13900000001', 'is offered', ({ state }) => state === 'offered');
  expect(first.callTaker).toBe('1001');
  expect(at(first.offers[0]?.offeredAt) - at(first.arrivedAt)).toBeLessThan(1000);
  await until('the greeting begins', () => city.witness.heardBy(first.id).includes('greeting'));
  await until('the phone rings', () => phone.isRinging());

  await city.call('13900000006', 'waits', ({ state }) => state === 'waiting');
  const last = await city.call('13900000004', 'waits', ({ state }) => state === 'waiting');
  await until('a patience prompt with the place', () => city.witness.heardBy(last.id).includes('place/callers'), 8000);
  expect(city.witness.heardBy(last.id).slice(0, 4)).toEqual(['greeting', 'place/ahead', 'number/liang', 'place/callers']);
  const { body: line } = await city.ask('supervisor', 'GET', '/line');
  expect(line).toMatchObject({ length: 5, callers: [2, 3, 4, 5, 6].map((ticket) => ({ ticket: first.ticket - 1 + ticket })) });

  phone.conduct('answer');
  phone.pickUp();
  for (const number of numbers) {
    const call = await city.conversation(number);
    const waiting = (await city.calls()).filter(({ state }) => state === 'waiting').map((one) => one.ticket);
    expect(waiting.every((ticket) => ticket > call.ticket)).toBe(true);
    expect((await city.ask('call-taker-1001', 'POST', `/calls/${call.id}/finish`)).status).toBe(200);
  }
  expect(await callers.ended, callers.complaints()).toBe(0);
  const served = (await city.calls()).filter(({ number }) => numbers.includes(number ?? ''));
  expect(served.map(({ number, why }) => [number, why])).toEqual(numbers.map((number) => [number, 'completed']));
  // Rung in the very moment in which the last call ends, the phone was down each time: nobody was offered twice.
  expect(served.map(({ offers }) => offers.map(({ outcome }) => outcome))).toEqual(numbers.map(() => ['completed']));
  const answers = served.map(({ offers }) => at(offers[0]?.answeredAt));
  expect(answers).toEqual(answers.toSorted((one, other) => one - other));
  await city.witness.sees('nothing');
}, 30_000);

it('of several free call takers the one who has been ready longest is rung', async () => {
  const phones = [await city.signOn('1002'), await city.signOn('1001')];
  for (const phone of phones) phone.conduct('answer');
  const [one, two] = [await city.dial('13900000011'), await city.conversation('13900000011')];
  await city.dial('13900000012');
  expect([two.callTaker, (await city.conversation('13900000012')).callTaker]).toEqual(['1002', '1001']);
  await one.hangUp();
  await city.callTakerIs('1002', 'is ready', ({ state }) => state === 'ready');
  await city.become('1002', 'pause');
  await city.become('1002', 'ready');
  await city.dial('13900000013');
  expect(await city.conversation('13900000013')).toMatchObject({ callTaker: '1002' });
});

it('caller and call taker hear each other in one bridge, on hold only the caller hears, and all of it is recorded', async () => {
  const phone = await city.signOn('1001');
  phone.conduct('answer');
  const caller = await city.dial('13800000001');
  expect(await caller.answered).toBe(200);
  const call = await city.conversation('13800000001');
  const recording = `${call.id}.recording.1`;
  expect(await city.witness.bridges()).toHaveLength(1);
  caller.sound.heard();
  phone.sound.heard();
  await until('sound both ways', () => caller.sound.heard().loud > 0 && phone.sound.heard().loud > 0);
  await until('the recording has begun', () => recordedMs(recording) > 0);

  expect(await city.ask('call-taker-1002', 'POST', `/calls/${call.id}/hold`)).toMatchObject({ status: 409 });
  expect(await city.ask('call-taker-1001', 'POST', `/calls/${call.id}/hold`)).toMatchObject({ status: 200, body: { onHold: true } });
  await until('the caller hears the hold prompt', () => city.witness.heardBy(call.id).at(-1) === 'hold');
  await until('the caller is out of the bridge', async () => !(await city.witness.bridges())[0]?.channels.includes(call.id));
  const before = recordedMs(recording);
  caller.sound.heard();
  phone.sound.heard();
  await until('the caller hears something', () => caller.sound.heard().loud > 0);
  expect(phone.sound.heard().loud).toBe(0);
  await until('the recording goes on', () => recordedMs(recording) > before + 400);

  expect(await city.ask('call-taker-1001', 'POST', `/calls/${call.id}/resume`)).toMatchObject({ status: 200, body: { onHold: false } });
  await until('both are in the bridge again', async () => (await city.witness.bridges())[0]?.channels.includes(call.id) === true);
  await until('the call taker hears the caller again', () => phone.sound.heard().loud > 0);

  await caller.hangUp();
  const ended = await city.call('13800000001', 'is over', ({ state }) => state === 'ended');
  expect(ended.why).toBe('completed');
  await until('the call taker is let go', () => !phone.isTalking());
  await city.witness.sees('nothing');
  const talkedMs = at(ended.offers[0]?.endedAt) - at(ended.offers[0]?.answeredAt);
  // The recorder writes what phones send: a scripted phone on a busy machine sends a little less than it should.
  await until(`of ${talkedMs} ms nearly all is recorded`, () => recordedMs(recording) > talkedMs * 0.7, 2000);
  expect(silentForMs(join(city.stack.settings.folders.recordings, `${recording}.wav`))).toBeLessThan(300);
}, 30_000);

it.for(['the caller hangs up', 'the call taker hangs up', 'the call taker ends it by the API'] as const)(
  '%s, and everybody is free again and the record complete',
  async (how) => {
    const number = `1370000000${how.length % 10}`;
    const phone = await city.signOn('1001');
    phone.conduct('answer');
    const caller = await city.dial(number);
    const call = await city.conversation(number);
    if (how === 'the caller hangs up') await caller.hangUp();
    if (how === 'the call taker hangs up') await phone.hangUp();
    if (how === 'the call taker ends it by the API') await city.ask('call-taker-1001', 'POST', `/calls/${call.id}/finish`, {});
    const ended = await city.call(number, 'is over', ({ state }) => state === 'ended');
    expect(ended).toMatchObject({ why: 'completed', offers: [{ callTaker: '1001', outcome: 'completed' }] });
    await until('both phones are down', () => caller.isOver() && !phone.isTalking());
    await city.callTakerIs('1001', 'is ready again', ({ state }) => state === 'ready');
    await city.witness.sees('nothing');
  },
);

it('an incident is drafted by the line, completed by the call taker, handed over once, and amended when the call ends', async () => {
  const phone = await city.signOn('1001');
  const caller = await city.dial('13600000001');
  const offered = await city.call('13600000001', 'is offered', ({ state }) => state === 'offered');
  const path = `/incidents/${offered.incident}`;
  const draft = await city.ask('call-taker-1001', 'GET', path);
  expect(draft.body).toMatchObject({
    status: 'draft',
    channel: 'voice',
    reporter: { number: '13600000001', language: 'cmn' },
    call: { ticket: offered.ticket, calledNumber: '110', answeredAt: null },
    missing: ['time', 'place', 'what'],
  });
  phone.conduct('answer');
  phone.pickUp();
  await city.conversation('13600000001');

  const open = await city.ask('call-taker-1001', 'GET', path);
  expect(open.body).toMatchObject({ status: 'open', call: { recordings: [`${offered.id}.recording.1`] } });
  const early = await city.ask('call-taker-1001', 'POST', `${path}/hand-over`, {}, open.etag);
  expect(early).toMatchObject({ status: 422 });
  const edit = { what: '两车相撞，有人受伤', place: { stated: '中山路与文昌街口' }, matter: { class: 'urgent-help' } };
  expect(await city.ask('call-taker-1001', 'PATCH', path, edit, draft.etag)).toMatchObject({ status: 412 });
  expect(await city.ask('call-taker-1001', 'PATCH', path, edit)).toMatchObject({ status: 428 });
  const edited = await city.ask('call-taker-1001', 'PATCH', path, edit, open.etag);
  expect(edited).toMatchObject({ status: 200, body: { what: edit.what, missing: ['time'] } });
  const handed = await city.ask('call-taker-1001', 'POST', `${path}/hand-over`, {}, edited.etag);
  expect(handed).toMatchObject({ status: 200, body: { status: 'handed-over', handedOverBy: '1001' } });

  await caller.hangUp();
  const bodies = (): readonly { type: string; data: Incident }[] =>
    city.sink.received.filter(({ body }) => body.includes(offered.incident)).map(({ body }) => JSON.parse(body) as never);
  await until('both versions have been delivered', () => bodies().length >= 2);
  expect(city.sink.received.map(({ complaint }) => complaint).filter((complaint) => complaint !== null)).toEqual([]);
  const [one, two] = bodies();
  expect(one).toMatchObject({ type: 'incident.handed_over', data: { what: edit.what, call: { endedAt: null } } });
  expect(two).toMatchObject({ type: 'incident.amended', data: { what: edit.what, call: { callTaker: '1001', release: 'choice' } } });
  expect(two?.data.call?.endedAt).not.toBe(null);
  expect(two?.data.version).toBe((one?.data.version ?? 0) + 1);
  expect(new Set(city.sink.received.map(({ id }) => id)).size).toBe(city.sink.received.length);
}, 30_000);
