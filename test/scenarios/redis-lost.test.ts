/**
 * Redis goes away with callers in the house: nothing is promised that could not be saved, nobody is hung up on, nobody waits in silence,
 * and the work goes on where it stood.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Incident } from '../../src/incident/incident.ts';
import { type City, openCity } from '../stack/city.ts';
import { until } from '../stack/until.ts';

let city: City;
beforeAll(async () => {
  city = await openCity();
});
afterAll(() => city.stop());
afterEach(async () => {
  city.thaw('redis');
  await city.stack.part('redis').start();
  await ready();
  await city.clear();
});

const ready = (): Promise<unknown> =>
  until(
    'the controller is ready',
    () =>
      city.readyz().then(
        ({ ready: is }) => is,
        () => false,
      ),
    20_000,
  );
/** Patience prompts that have begun on this caller's line after the first `counts` recordings. */
const patienceAfter = (call: string, counts: number): number =>
  city.witness
    .heardBy(call)
    .slice(counts)
    .filter((clip) => clip === 'patience').length;
const troubled = (): Promise<unknown> =>
  until(
    'the controller says that Redis is away',
    async () => {
      const { ready: is, text } = await city.readyz();
      return !is && text.includes('redis: not reachable');
    },
    10_000,
  );

it.for(['killed', 'frozen'] as const)(
  '%s with callers waiting and talking: they are told that they are still in line, and are',
  { timeout: 40_000 },
  async (how) => {
    const [talkers, waiters, newcomers] = how === 'killed' ? ['1', '2', '3'] : ['4', '5', '6'];
    const [talkersNumber, waitersNumber, newcomersNumber] = [`1390000000${talkers}`, `1390000000${waiters}`, `1390000000${newcomers}`];
    const phone = await city.signOn('1001');
    phone.conduct('answer');
    const talker = await city.dial(talkersNumber);
    const talking = await city.conversation(talkersNumber);
    const waiter = await city.dial(waitersNumber);
    const waiting = await city.call(waitersNumber, 'waits', ({ state }) => state === 'waiting');

    if (how === 'killed') await city.stack.part('redis').kill();
    else city.freeze('redis');
    await until('the waiting caller is told', () => city.witness.heardBy(waiting.id).includes('still-in-line'), 12_000);
    await troubled();
    const refused = await city.ask('call-taker-1001', 'POST', `/calls/${talking.id}/finish`);
    expect(refused).toMatchObject({ status: 503 });
    const newcomer = await city.dial(newcomersNumber);
    expect(await newcomer.answered).toBe(200);
    await until('the newcomer hears the fallback', () => newcomer.sound.heard().loud > 0);
    phone.sound.heard();
    await until('the conversation goes on', () => phone.sound.heard().loud > 0);
    expect([talker, waiter, newcomer].map((caller) => caller.isOver())).toEqual([false, false, false]);

    if (how === 'killed') await city.stack.part('redis').start();
    else city.thaw('redis');
    await ready();
    expect(await city.call(talkersNumber, 'still talks', ({ state }) => state === 'talking')).toMatchObject({ id: talking.id });
    expect(await city.call(waitersNumber, 'still waits', ({ state }) => state === 'waiting')).toMatchObject({ ticket: waiting.ticket });
    const counts = city.witness.heardBy(waiting.id).length;
    await until('the waiting caller hears patience prompts again', () => patienceAfter(waiting.id, counts) >= 2, 12_000);
    const arrived = await city.call(newcomersNumber, 'has joined the line', ({ state }) => state === 'waiting', 12_000);
    expect(arrived.ticket).toBeGreaterThan(waiting.ticket);
    await city.ask('call-taker-1001', 'POST', `/calls/${talking.id}/finish`);
    await city.conversation(waitersNumber);
    await waiter.hangUp();
    await city.conversation(newcomersNumber);
  },
);

it('what happens while it is away is on record afterwards: the end of a conversation, and a caller who gives up', async () => {
  const phone = await city.signOn('1001');
  phone.conduct('answer');
  const talker = await city.dial('13900000011');
  await city.conversation('13900000011');
  const leaver = await city.dial('13900000012');
  await city.call('13900000012', 'waits', ({ state }) => state === 'waiting');
  await city.stack.part('redis').kill();
  await troubled();
  await talker.hangUp();
  await leaver.hangUp();
  await city.stack.part('redis').start();
  await ready();
  const abandoned = await city.call('13900000012', 'is over', ({ state }) => state === 'ended', 10_000);
  expect(abandoned).toMatchObject({ why: 'abandoned', placeWhenLeft: 1 });
  const completed = await city.call('13900000011', 'is over', ({ state }) => state === 'ended', 10_000);
  expect(completed).toMatchObject({ why: 'completed', offers: [{ outcome: 'completed' }] });
  await city.callTakerIs('1001', 'is free', ({ state }) => state === 'ready');
  await until('the phone is down', () => !phone.isTalking());
  await city.witness.sees('nothing');
  await until('the abandoned call has been told', () => city.sink.received.some(({ body }) => body.includes(abandoned.incident)), 10_000);
}, 40_000);

it('started again by the launcher in a moment, no caller notices', async () => {
  const numbers = Array.from({ length: 4 }, (_, n) => `1390000002${n}`);
  const callers = await city.sipp({ numbers, then: 'wait', rate: 10 });
  const ours = async () => (await city.calls()).filter(({ number }) => numbers.includes(number ?? ''));
  await until('all wait', async () => (await ours()).filter(({ state }) => state === 'waiting').length === numbers.length);
  const before = (await ours()).map(({ id, ticket }) => ({ id, ticket }));
  const one = await until('Redis runs', () => city.stack.part('redis').identity());
  process.kill(one.pid, 'SIGKILL');
  await until('another Redis runs', () => (city.stack.part('redis').identity()?.pid ?? one.pid) !== one.pid);
  await ready();
  const phone = await city.signOn('1001');
  phone.conduct('answer');
  for (const number of numbers) {
    const call = await city.conversation(number, 8000);
    await city.ask('call-taker-1001', 'POST', `/calls/${call.id}/finish`);
  }
  expect(await callers.ended, callers.complaints()).toBe(0);
  expect((await ours()).map(({ id, ticket }) => ({ id, ticket }))).toEqual(before);
}, 40_000);

it('away at the start: the controller waits and says so, callers are served by the fallback, and then it takes over', async () => {
  const phone = await city.phone('1001');
  await city.stack.part('controller').kill();
  await city.stack.part('redis').kill();
  const starting = city.stack.part('controller').start();
  await until(
    'the API answers',
    () =>
      city.readyz().then(
        () => true,
        () => false,
      ),
    10_000,
  );
  await troubled();
  expect(city.log('controller')).toContain('Redis cannot be reached yet');

  phone.conduct('answer');
  const served = await city.dial('13900000031');
  await until('the fallback rings the desk', () => phone.isTalking(), 10_000);
  const waiting = await city.dial('13900000032');
  await until('the other caller hears the fallback', () => waiting.sound.heard().loud > 0);
  await city.stack.part('redis').start();
  await starting;
  await city.call('13900000032', 'is in the line', ({ state }) => state === 'waiting', 12_000);
  expect(served.isOver()).toBe(false);
  served.sound.heard();
  await until('the conversation of the fallback goes on', () => served.sound.heard().loud > 0);
  await served.hangUp();
  await until(
    'it is on record',
    async () => {
      const { body } = await city.ask('supervisor', 'GET', '/incidents');
      return (body as { incidents: Incident[] }).incidents.some(
        ({ channel, reporter }) => channel === 'fallback' && reporter.number === '13900000031',
      );
    },
    10_000,
  );
}, 60_000);
