/**
 * Without any controller 110 still rings: the dialplan greets, rings the desks, records, and gives back whom nobody has answered.
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

it('a new caller without a controller hears the greeting, rings the desks, is recorded, and is on record afterwards', async () => {
  const phone = await city.phone('1001');
  phone.conduct('answer');
  await killController();
  const caller = await city.dial('13900000031');
  await until('the fallback rings the desk', () => phone.isTalking(), 10_000);
  caller.sound.heard();
  await until('both hear each other', () => caller.sound.heard().loud > 0 && phone.sound.heard().loud > 0);
  await phone.hangUp();
  await until('the caller is let go', () => caller.isOver());
  await returnOfController();
  const incident = await until(
    'the call is on record',
    async () => {
      const { body } = await city.ask('supervisor', 'GET', '/incidents');
      return (body as { incidents: Incident[] }).incidents.find(({ reporter }) => reporter.number === '13900000031');
    },
    8000,
  );
  expect(incident).toMatchObject({ channel: 'fallback', status: 'open', matter: { class: 'unclear' } });
  const recording = /[\w.-]+\.fallback/.exec(JSON.stringify(incident))?.[0] ?? 'none';
  expect(city.recorded(recording)).toBeGreaterThan(44);
}, 40_000);

it('a caller whom nobody answers in the fallback joins the line when the controller is back, and is not lost before', async () => {
  await killController();
  const caller = await city.dial('13900000041');
  expect(await caller.answered).toBe(200);
  await until('the caller hears something', () => caller.sound.heard().loud > 0);
  await returnOfController();
  const call = await city.call('13900000041', 'is in the line', ({ state }) => state === 'greeting' || state === 'waiting', 12_000);
  const phone = await city.signOn('1002');
  phone.conduct('answer');
  const talking = await city.conversation('13900000041');
  expect(talking).toMatchObject({ id: call.id, ticket: call.ticket, callTaker: '1002' });
  await until('both hear each other', () => caller.sound.heard().loud > 0 && phone.sound.heard().loud > 0);
  await caller.hangUp();
  await city.call('13900000041', 'is over', ({ state }) => state === 'ended');
  // Taken over by the controller, it is no fallback call: there is one record of it, not two.
  const { body } = await city.ask('supervisor', 'GET', '/incidents');
  const records = (body as { incidents: Incident[] }).incidents.filter(({ reporter }) => reporter.number === '13900000041');
  expect(records.map(({ channel }) => channel)).toEqual(['voice']);
}, 40_000);

it('a call taker whose phone is still in a call of the fallback is left in peace, and gets the next caller when it is over', async () => {
  const phone = await city.signOn('1001');
  await killController();
  const served = await city.dial('13900000051');
  await until('the fallback rings the desk', () => phone.isRinging(), 10_000);
  phone.pickUp();
  await city.dial('13900000052');
  await returnOfController();
  await city.call('13900000052', 'is in the line', ({ state }) => state === 'waiting', 12_000);
  // The pairing looks once a second at the latest: two of them must pass without an offer.
  await new Promise((resolve) => setTimeout(resolve, 2100));
  expect((await city.call('13900000052', 'waits', () => true)).offers).toEqual([]);
  expect(await city.callTaker('1001')).toMatchObject({ state: 'ready' });
  expect(phone.rings).toHaveLength(1);
  phone.conduct('answer');
  await served.hangUp();
  expect(await city.conversation('13900000052', 10_000)).toMatchObject({ callTaker: '1001', offers: [{ attempt: 1 }] });
}, 40_000);
