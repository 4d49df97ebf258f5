/**
 * The controller is killed with callers in the house: Asterisk keeps them, conversations go on, and the next life takes up
 * where the last one stood.
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
  await returnOfController();
  await city.clear();
});

const killController = (): Promise<void> => city.stack.part('controller').kill();
const returnOfController = (): Promise<void> => city.stack.part('controller').start();
const places = async () =>
  (await city.calls())
    .filter(({ state }) => state !== 'ended')
    .map(({ id, ticket, state, callTaker, offers }) => ({ id, ticket, state, callTaker, attempts: offers.length }));
const channels = async (): Promise<readonly string[]> => (await city.witness.channels()).map(({ id }) => id).toSorted();

const readyNow = [({ ready }: { ready: boolean }) => ready, () => false] as const;

it('a conversation goes on, the line stays in line, and after the return everybody is where they were', async () => {
  const phone = await city.signOn('1001');
  phone.conduct('answer');
  const talker = await city.dial('13900000001');
  const talking = await city.conversation('13900000001');
  const second = await city.dial('13900000002');
  await city.call('13900000002', 'waits', ({ state }) => state === 'waiting');
  await city.dial('13900000003');
  await city.call('13900000003', 'waits', ({ state }) => state === 'waiting');
  const [before, standing] = [await places(), await channels()];

  await killController();
  const recorded = city.recorded(`${talking.id}.recording.1`);
  talker.sound.heard();
  phone.sound.heard();
  await until('both still hear each other', () => talker.sound.heard().loud > 0 && phone.sound.heard().loud > 0);
  await until('the recording goes on', () => city.recorded(`${talking.id}.recording.1`) > recorded, 6000);
  expect(await channels()).toEqual(standing);

  await returnOfController();
  expect(await places()).toEqual(before);
  expect(await channels()).toEqual(standing);
  const [, waiting] = before;
  const spoken = city.witness.heardBy(waiting?.id ?? '').length;
  await until('the line is spoken to again', () => city.witness.heardBy(waiting?.id ?? '').length > spoken);
  phone.sound.heard();
  await until('the conversation is still one', () => phone.sound.heard().loud > 0);

  expect((await city.ask('call-taker-1001', 'POST', `/calls/${talking.id}/finish`)).status).toBe(200);
  await until('the first caller is let go', () => talker.isOver());
  expect(await city.conversation('13900000002')).toMatchObject({ callTaker: '1001' });
  await second.hangUp();
  await city.conversation('13900000003');
  expect(phone.rings).toHaveLength(3);
  const { body } = await city.ask('supervisor', 'GET', `/incidents/${talking.incident}`);
  expect(body).toMatchObject({ status: 'open', call: { callTaker: '1001', recordings: [`${talking.id}.recording.1`] } });
  expect((body as Incident).call?.endedAt).not.toBe(null);
}, 40_000);

it('what callers do meanwhile is on record afterwards, and a phone picked up for nobody is rung again', async () => {
  const [phone, other] = [await city.signOn('1001'), await city.phone('1002')];
  phone.conduct('answer');
  const talker = await city.dial('13900000011');
  const talking = await city.conversation('13900000011');
  const ringing = await city.dial('13900000012');
  await city.become('1002', 'ready');
  await until('the other phone rings', () => other.isRinging());
  const leaver = await city.dial('13900000013');
  await city.call('13900000013', 'waits', ({ state }) => state === 'waiting');

  await killController();
  await leaver.hangUp();
  await talker.hangUp();
  other.pickUp();
  other.conduct('answer');
  await returnOfController();

  expect(await city.call('13900000013', 'is over', ({ state }) => state === 'ended')).toMatchObject({ why: 'abandoned' });
  expect(await city.call('13900000011', 'is over', ({ state }) => state === 'ended')).toMatchObject({ why: 'completed', id: talking.id });
  const answered = await city.conversation('13900000012');
  expect(answered.offers.map(({ callTaker, outcome }) => [callTaker, outcome]).at(-1)).toEqual(['1002', 'talking']);
  await until('caller and call taker hear each other', () => other.sound.heard().loud > 0 && ringing.sound.heard().loud > 0);
  await until('the first phone is down', () => !phone.isTalking());
  await city.callTakerIs('1001', 'is free', ({ state }) => state === 'ready');
}, 40_000);

it('killed again and again while callers come and talk: nobody is lost, nobody is answered twice, and tickets are kept in order', async () => {
  const phone = await city.signOn('1001');
  phone.conduct('answer');
  const numbers = Array.from({ length: 6 }, (_, n) => `1390000002${n}`);
  const ours = async () => (await city.calls()).filter(({ number }) => numbers.includes(number ?? ''));
  const callers = await city.sipp({ numbers: numbers.slice(0, 4), then: 'wait', rate: 10 });
  await until('all four are known', async () => (await ours()).length === 4);
  for (const newcomer of numbers.slice(4)) {
    const talking = await until('somebody talks', async () => (await ours()).find(({ state }) => state === 'talking'), 8000);
    await city.conversation(talking.number);
    const one = await until('the controller runs', () => city.stack.part('controller').identity());
    process.kill(one.pid, 'SIGKILL');
    await city.dial(newcomer);
    // The launcher starts it again by itself.
    await until('the controller is ready again', () => city.readyz().then(...readyNow), 20_000);
    await city.call(newcomer, 'has come from the fallback into the line', ({ state }) => state === 'waiting', 10_000);
    expect((await ours()).filter(({ state }) => state === 'talking').map(({ id }) => id)).toEqual([talking.id]);
    await city.ask('call-taker-1001', 'POST', `/calls/${talking.id}/finish`);
  }
  for (const left of [4, 3, 2, 1]) {
    const talking = await until('the next one talks', async () => {
      const known = await ours();
      return known.filter(({ state }) => state !== 'ended').length === left && known.find(({ state }) => state === 'talking');
    });
    await city.conversation(talking.number);
    await city.ask('call-taker-1001', 'POST', `/calls/${talking.id}/finish`);
  }
  expect(await callers.ended, callers.complaints()).toBe(0);
  const served = await ours();
  expect(served.map(({ number, why }) => [number, why])).toEqual(numbers.map((number) => [number, 'completed']));
  const answers = served.flatMap(({ offers }) => offers.map(({ answeredAt }) => answeredAt).filter((moment) => moment !== null));
  expect(answers).toHaveLength(numbers.length);
  expect(answers).toEqual(answers.toSorted());
}, 60_000);
