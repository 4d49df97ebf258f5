/**
 * A volunteer who is let go with thanks, when the records are compared with Asterisk while the thanks are said, and when they never end.
 */
import { beforeEach, expect, test } from 'vitest';
import { until } from '../stack/until.ts';
import { HandClock } from '../simulators/hand-clock.ts';
import { SimulatedExchange } from '../simulators/telephony.ts';
import { ANNA, CALLER, openHouse, type House } from './house.ts';

const COMPARED_EVERY_MS = 15_000;
let house: House;

beforeEach(async () => {
  const clock = new HandClock(1_000_000);
  house = await openHouse({ clock, exchange: new SimulatedExchange({ clock, utteranceMs: 10 * COMPARED_EVERY_MS }) });
  const { room } = house.control;
  await house.exchange.register('v1');
  await room.importRoster([{ id: 'v1', name: 'v1', languages: 'ru native', addresses: 'sip:v1', duty: 'mon-sun 00:00-24:00' }]);
  await room.ready(ANNA);
  await house.exchange.arrive(CALLER, '13845101234');
  await house.settle();
  await house.exchange.answer(CALLER, 1);
  await house.settle();
  await room.askInterpreter(CALLER, 'ru');
  await house.settle();
  await house.exchange.volunteerAnswers(CALLER, 1);
  await house.settle();
  await house.exchange.volunteerPresses(CALLER, 1, '1');
  await house.settle();
  await until('the interpreter is present', async () => (await house.call()).interpreter.is === 'present');
});

/** The last word to the volunteer's leg that it is to go, and whether with thanks. */
const letGo = (): readonly (string | null)[] => house.exchange.given('releaseVolunteer').map((command) => command.thanks ?? null);
const passes = async (ms: number): Promise<void> => {
  house.clock.pass(ms);
  await house.settle();
};

test.each([
  ['the caller leaves', () => house.exchange.callerLeaves(CALLER)],
  ['the call taker dismisses them', () => house.control.room.dismissInterpreter(CALLER)],
])('thanks are heard to their end though a comparison falls into them: %s', async (_, happens) => {
  await passes(COMPARED_EVERY_MS - 1000);
  await happens();
  await house.settle();
  expect(letGo()).toEqual(['zh']);
  await passes(1500);
  expect(letGo()).toEqual(['zh']);
  expect([...house.exchange.volunteers.legs.values()]).toMatchObject([{ leg: 1, saying: { say: 'volunteer-thanks' } }]);
});

test('a leg whose thanks never end is let go all the same, at a later comparison', async () => {
  await house.exchange.callerLeaves(CALLER);
  await house.settle();
  await passes(COMPARED_EVERY_MS + 500);
  expect(letGo()).toEqual(['zh', null]);
  expect(house.complaints).toContain("a volunteer's leg that nobody asked for is let go");
});
