/**
 * Two controllers are killed and stopped in turn, again and again, while callers wait, talk and come: everybody is served once, in the
 * order of their tickets, and nobody ends up in the fallback.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ControllerName } from '../../scripts/stack/stack.ts';
import { type City, openCity } from '../stack/city.ts';
import { until } from '../stack/until.ts';

let city: City;
beforeAll(async () => {
  city = await openCity({ parts: ['redis', 'asterisk', 'controller', 'controller-2'], callTakers: ['1001'] });
}, 30_000);
afterAll(() => city.stop());

const ready = (name: ControllerName): Promise<unknown> =>
  until(
    `${name} is ready`,
    () =>
      city.readyz(name).then(
        ({ ready: is }) => is,
        () => false,
      ),
    20_000,
  );

it('whoever is killed or stopped, the next caller in order talks within seconds', async () => {
  const desk = await city.signOn('1001');
  desk.conduct('answer');
  const numbers = Array.from({ length: 9 }, (_, n) => `1380000010${n}`);
  const callers = await city.sipp({ numbers: numbers.slice(0, 5), then: 'wait', rate: 10 });
  await until('all five are known', async () => (await city.calls()).length === 5);
  const talking = () =>
    until('somebody talks', async () => (await city.calls()).find(({ state }) => state === 'talking'), 8000).then((one) =>
      city.conversation(one.number),
    );
  const within: number[] = [];
  for (const [round, newcomer] of numbers.slice(5).entries()) {
    const [goes, stays]: readonly [ControllerName, ControllerName] =
      round % 2 === 0 ? ['controller', 'controller-2'] : ['controller-2', 'controller'];
    const now = await talking();
    const from = performance.now();
    if (round < 2) {
      const one = city.stack.part(goes).identity();
      if (one === null) throw new Error(`${goes} does not run`);
      // Its launcher starts it again by itself.
      process.kill(one.pid, 'SIGKILL');
    } else {
      city.freeze(goes);
    }
    city.through(stays);
    await city.dial(newcomer);
    const finished = async (): Promise<boolean> => (await city.ask('call-taker-1001', 'POST', `/calls/${now.id}/finish`)).status === 200;
    await until('the call is finished', finished, 8000);
    const next = await talking();
    within.push(Math.round(performance.now() - from));
    expect(next.ticket).toBe(now.ticket + 1);
    await city.call(newcomer, 'is in the line', ({ state }) => state === 'waiting', 8000);
    if (round >= 2) city.thaw(goes);
    await ready(goes);
    // A lease must have stood for its length before what has lapsed is taken over by it.
    const started = performance.now();
    await until('its lease has stood', () => performance.now() - started > 2600);
  }
  console.info(`from each loss to the next conversation: ${within.join(', ')} ms`);
  for (let left = numbers.length - 4; left > 0; left -= 1) {
    const now = await talking();
    expect((await city.ask('call-taker-1001', 'POST', `/calls/${now.id}/finish`)).status).toBe(200);
    await until('it is over', async () => (await city.calls()).find(({ id }) => id === now.id)?.state === 'ended');
  }
  expect(await callers.ended, callers.complaints()).toBe(0);
  const served = await city.calls();
  expect(served.map(({ number, why }) => [number, why])).toEqual(numbers.map((number) => [number, 'completed']));
  const answers = served.flatMap(({ offers }) => offers.flatMap(({ answeredAt }) => (answeredAt === null ? [] : [answeredAt])));
  expect(answers).toHaveLength(numbers.length);
  expect(answers).toEqual(answers.toSorted());
  await city.clear();
}, 90_000);
