/**
 * A controller is stopped for a while with callers in its house, another takes them over, and then the first goes on: what it still meant
 * to save is refused, what it still meant to do harms nobody, and it serves again as another life.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type City, openCity } from '../stack/city.ts';
import { until } from '../stack/until.ts';

let city: City;
beforeAll(async () => {
  city = await openCity({ parts: ['redis', 'asterisk', 'controller', 'controller-2'], callTakers: ['1001', '1002'] });
}, 30_000);
afterAll(() => city.stop());

const allBelongTo = (calls: readonly { readonly id: string }[], whom: string): Promise<unknown> =>
  until(
    `every call is ${whom}'s`,
    async () => (await Promise.all(calls.map(({ id }) => city.ownerOf(id)))).every((owner) => owner === whom),
    6000,
  );

it('frozen and thawed: its calls went on with the other, its late saves are refused, nobody is let go or answered twice', async () => {
  await city.stack.part('controller-2').stop();
  const [desk, other] = [await city.signOn('1001'), await city.phone('1002')];
  desk.conduct('answer');
  other.conduct('answer');
  const talker = await city.dial('13600000001');
  const talking = await city.conversation('13600000001');
  const waiters = [];
  for (const number of ['13600000002', '13600000003', '13600000004']) {
    waiters.push(await city.dial(number));
    await city.call(number, 'waits', ({ state }) => state === 'waiting', 10_000);
  }
  await city.stack.part('controller-2').start();
  const before = await city.calls();

  city.freeze('controller');
  city.through('controller-2');
  // While it is frozen: one gives up, so that it has a late word to hear; the others are taken over.
  await waiters[0]?.hangUp();
  await allBelongTo(before, 'controller-2');
  await city.call('13600000002', 'is over', ({ state }) => state === 'ended');
  await city.become('1002', 'ready');
  const answered = await city.conversation('13600000003');
  expect(answered.callTaker).toBe('1002');

  city.thaw('controller');
  await until('the first is another life', () => city.log('controller').includes('it begins anew'));
  await until('the first serves again', () => city.readyz('controller').then(({ ready }) => ready));
  const revisions = new Map((await city.calls()).map((call) => [call.id, call]));
  talker.sound.heard();
  await until('the conversation goes on', () => talker.sound.heard().loud > 0);
  expect([talker, waiters[1], waiters[2]].map((caller) => caller?.isOver())).toEqual([false, false, false]);
  expect([...revisions.values()].map(({ state }) => state)).toEqual(['talking', 'ended', 'talking', 'waiting']);
  await allBelongTo(
    [before[0], before[2], before[3]].flatMap((call) => (call === undefined ? [] : [call])),
    'controller-2',
  );
  expect(city.witness.heardBy(answered.id).filter((word) => word === 'first-again')).toEqual([]);

  // What the first is asked for is done by the one that has the call.
  city.through('controller');
  expect((await city.ask('call-taker-1001', 'POST', `/calls/${talking.id}/hold`)).status).toBe(200);
  expect((await city.ask('call-taker-1001', 'POST', `/calls/${talking.id}/resume`)).status).toBe(200);
  expect((await city.ask('call-taker-1001', 'POST', `/calls/${talking.id}/finish`)).status).toBe(200);
  await until('the first caller is let go', () => talker.isOver());
  expect((await city.conversation('13600000004')).callTaker).toBe('1001');
  await city.clear();
  const served = (await city.calls()).map(({ why, offers }) => [why, offers.filter(({ answeredAt }) => answeredAt !== null).length]);
  expect(served).toEqual([
    ['completed', 1],
    ['abandoned', 0],
    ['completed', 1],
    ['completed', 1],
  ]);
}, 60_000);

it('both at the door: callers who come in a rush are each served by exactly one, in order, and the records name no one twice', async () => {
  city.through('controller');
  const desk = await city.signOn('1001');
  desk.conduct('answer');
  const numbers = Array.from({ length: 12 }, (_, n) => `136100000${String(n).padStart(2, '0')}`);
  const from = (await city.calls()).length;
  const callers = await city.sipp({ numbers, then: 'wait', rate: 40 });
  const ours = async () => (await city.calls()).slice(from);
  await until('all are known', async () => (await ours()).length === numbers.length, 10_000);
  await until(
    'all are in the house',
    async () => (await ours()).every(({ state }) => ['greeting', 'waiting', 'talking', 'offered'].includes(state)),
    10_000,
  );
  const owners = await Promise.all((await ours()).map(({ id }) => city.ownerOf(id)));
  console.info(`owners: ${owners.join(' ')}`);
  for (let left = numbers.length; left > 0; left -= 1) {
    const talking = await until('somebody talks', async () => {
      const known = await ours();
      return known.filter(({ state }) => state !== 'ended').length === left && known.find(({ state }) => state === 'talking');
    });
    expect((await city.ask('call-taker-1001', 'POST', `/calls/${talking.id}/finish`)).status).toBe(200);
  }
  expect(await callers.ended, callers.complaints()).toBe(0);
  const served = await ours();
  expect(served.map(({ why }) => why)).toEqual(numbers.map(() => 'completed'));
  expect(served.map(({ offers }) => offers.length)).toEqual(numbers.map(() => 1));
  const answers = served.map(({ offers }) => offers[0]?.answeredAt ?? '');
  expect(answers).toEqual(answers.toSorted());
  await city.clear();
}, 60_000);
