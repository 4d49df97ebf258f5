/**
 * A rolling restart: one controller after the other is asked to end, hands over and is started again, with callers in the line, being
 * offered and in conversation. No caller notices; whoever comes meanwhile is taken in by the one that serves.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ControllerName } from '../../scripts/stack/stack.ts';
import { type City, openCity } from '../stack/city.ts';
import { until } from '../stack/until.ts';

let city: City;
beforeAll(async () => {
  city = await openCity({ parts: ['redis', 'asterisk', 'controller', 'controller-2'], callTakers: ['1001', '1002'] });
}, 30_000);
afterAll(() => city.stop());

const PAIR: readonly (readonly [ControllerName, ControllerName])[] = [
  ['controller', 'controller-2'],
  ['controller-2', 'controller'],
];
const waits = (number: string) => city.call(number, 'waits', ({ state }) => state === 'waiting', 10_000);

it('both are restarted one after the other under calls: nobody hears a hang-up, the order is kept, conversations and recordings go on', async () => {
  const [desk, other] = [await city.signOn('1001'), await city.phone('1002')];
  desk.conduct('answer');
  const callers = [await city.dial('13700000001')];
  const talking = await city.conversation('13700000001');
  for (const number of ['13700000002', '13700000003']) {
    callers.push(await city.dial(number));
    await waits(number);
  }
  let newcomers = 0;
  for (const [leaving, staying] of PAIR) {
    city.through(staying);
    const live = (await city.calls()).filter(({ state }) => state !== 'ended');
    const channels = (await city.witness.channels()).map(({ id }) => id);
    const recorded = city.recorded(`${talking.id}.recording.1`);
    const askedAt = performance.now();
    const stopped = city.stack.part(leaving).stop();
    await until(
      `every call is ${staying}'s`,
      async () => (await Promise.all(live.map(({ id }) => city.ownerOf(id)))).every((owner) => owner === staying),
      3000,
    );
    const handedOverMs = performance.now() - askedAt;
    await stopped;
    console.info(`${leaving} handed over within ${Math.round(handedOverMs)} ms`);
    expect(handedOverMs).toBeLessThan(1500);

    // While one is away: a newcomer, the conversation, the line.
    const newcomer = `1370000001${(newcomers += 1)}`;
    callers.push(await city.dial(newcomer));
    expect(await city.ownerOf((await waits(newcomer)).id)).toBe(staying);
    expect((await city.witness.channels()).map(({ id }) => id)).toEqual(expect.arrayContaining(channels));
    callers[0]?.sound.heard();
    desk.sound.heard();
    await until('both hear each other', () => (callers[0]?.sound.heard().loud ?? 0) > 0 && desk.sound.heard().loud > 0);
    await until('the recording goes on', () => city.recorded(`${talking.id}.recording.1`) > recorded);
    const spoken = city.witness.heardBy(live[1]?.id ?? '').length;
    await until('the line is spoken to', () => city.witness.heardBy(live[1]?.id ?? '').length > spoken);
    await city.stack.part(leaving).start();
    expect(callers.map((caller) => caller.isOver())).toEqual(callers.map(() => false));
  }

  // One more time, with a phone that rings: it is taken back and rung anew, and the caller keeps their place.
  const holder = (await city.ownerOf(talking.id)) ?? 'controller';
  const [, heir] = PAIR.find(([one]) => one === holder) ?? PAIR[0] ?? ['controller', 'controller-2'];
  city.through(heir);
  await city.become('1002', 'ready');
  await until('the other phone rings', () => other.isRinging());
  other.conduct('answer');
  await city.stack.part(holder).stop();
  expect((await city.conversation('13700000002', 4000)).callTaker).toBe('1002');
  await city.stack.part(holder).start();

  expect((await city.ask('call-taker-1001', 'POST', `/calls/${talking.id}/finish`)).status).toBe(200);
  expect((await city.conversation('13700000003')).callTaker).toBe('1001');
  await other.hangUp();
  expect((await city.conversation('13700000011')).callTaker).toBe('1002');
  await desk.hangUp();
  expect((await city.conversation('13700000012')).callTaker).toBe('1001');
  await city.clear();
  expect((await city.calls()).map(({ why }) => why)).toEqual(callers.map(() => 'completed'));
  for (const name of ['controller', 'controller-2'] as const) expect(city.log(name)).not.toContain('"level":50');
}, 60_000);
