/**
 * Two controllers serve one line, and one is killed with everybody in its house: in the line, being offered, in conversation, with an
 * interpreter. The other takes them over while they wait and talk; nobody hears a hang-up, nobody loses a place.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type InterpretersCity, openInterpretersCity, threeHear } from '../stack/interpreters.ts';
import { until } from '../stack/until.ts';

let city: InterpretersCity;
beforeAll(async () => {
  city = await openInterpretersCity([{ id: 'v1', languages: 'ru native', addresses: 'sip:volunteer-1' }], {
    parts: ['redis', 'asterisk', 'controller', 'controller-2'],
    callTakers: ['1001', '1002', '1003'],
    env: { INTAKE_LANGUAGES: 'zh,ru' },
  });
}, 30_000);
afterAll(() => city.stop());

const secondStarts = (): Promise<void> => city.stack.part('controller-2').start();

it('callers in the line, one being offered, one in conversation and one with an interpreter all go on with the other controller', async () => {
  // All calls are the first one's.
  await city.stack.part('controller-2').stop();
  const [other, third] = [await city.phone('1002'), await city.phone('1003')];
  const volunteer = await city.volunteer('volunteer-1');
  volunteer.conduct('answer');
  other.conduct('answer');
  const { caller: interpreted, desk, call: withInterpreter } = await city.talk('13500000001');
  await city.seek(withInterpreter, 'ru');
  await city.isAsked(withInterpreter, 1, volunteer);
  await volunteer.press('1', 'info');
  await city.present('13500000001', 'v1');
  await city.become('1002', 'ready');
  const talker = await city.dial('13500000002');
  const talking = await city.conversation('13500000002');
  const ringing = await city.dial('13500000003');
  await city.call('13500000003', 'waits', ({ state }) => state === 'waiting', 15_000);
  const waiters = [];
  for (const number of ['13500000004', '13500000005', '13500000006']) {
    waiters.push(await city.dial(number));
    await city.call(number, 'waits', ({ state }) => state === 'waiting', 15_000);
  }
  await city.become('1003', 'ready');
  await until('the third phone rings', () => third.isRinging());
  await secondStarts();
  const before = await city.calls();
  for (const { id } of before) expect(await city.ownerOf(id)).toBe('controller');
  const channels = (await city.witness.channels())
    .map(({ id }) => id)
    .filter((id) => !id.includes('.taker.') || !id.startsWith(before[2]?.id ?? ''));
  const [recorded, recordedToo] = [withInterpreter, talking].map(({ id }) => city.recorded(`${id}.recording.1`));

  // Of the next ring; the present one rings on.
  third.conduct('answer');
  const killedAt = performance.now();
  await city.stack.part('controller').kill();
  city.through('controller-2');
  await until(
    'every call is the second controller’s',
    async () => {
      const owners = await Promise.all(before.map(({ id }) => city.ownerOf(id)));
      return owners.every((owner) => owner === 'controller-2');
    },
    4000,
  );
  const adoptedMs = performance.now() - killedAt;
  expect((await city.conversation('13500000003', 6000)).offers.at(-1)?.callTaker).toBe('1003');
  console.info(`taken over after ${Math.round(adoptedMs)} ms, answered after ${Math.round(performance.now() - killedAt)} ms`);

  // Nobody was hung up on, and they hear one another.
  expect((await city.witness.channels()).map(({ id }) => id)).toEqual(expect.arrayContaining(channels));
  expect([interpreted, talker, ringing, ...waiters].map((caller) => caller.isOver())).toEqual([false, false, false, false, false, false]);
  await threeHear(interpreted, desk, volunteer);
  talker.sound.heard();
  other.sound.heard();
  await until('caller and call taker hear each other', () => talker.sound.heard().loud > 0 && other.sound.heard().loud > 0);
  await until(
    'both recordings go on',
    () =>
      city.recorded(`${withInterpreter.id}.recording.1`) > (recorded ?? 0) &&
      city.recorded(`${talking.id}.recording.1`) > (recordedToo ?? 0),
  );
  const first = before[3]?.id ?? '';
  const spoken = city.witness.heardBy(first).length;
  await until('the line is spoken to again', () => city.witness.heardBy(first).length > spoken);
  expect((await city.calls()).map(({ id, ticket }) => [id, ticket])).toEqual(before.map(({ id, ticket }) => [id, ticket]));

  // The order is kept, and everything can be done.
  const verb = (who: string, id: string | undefined, what: string) => city.ask(`call-taker-${who}`, 'POST', `/calls/${id}/${what}`);
  expect((await verb('1001', withInterpreter.id, 'private')).status).toBe(200);
  expect((await verb('1001', withInterpreter.id, 'resume')).status).toBe(200);
  await threeHear(interpreted, desk, volunteer);
  expect((await verb('1002', talking.id, 'finish')).status).toBe(200);
  await until('the first is let go', () => talker.isOver());
  expect((await city.conversation('13500000004')).callTaker).toBe('1002');
  await other.hangUp();
  expect((await city.conversation('13500000005')).callTaker).toBe('1002');
  await interpreted.hangUp();
  await until('the volunteer is let go', () => !volunteer.isTalking());
  expect((await city.conversation('13500000006')).callTaker).toBe('1001');

  // The first comes back as another life, and both serve.
  await city.stack.part('controller').start();
  expect((await city.readyz('controller')).ready).toBe(true);
  await city.clear();
  const served = (await city.calls()).map(({ why }) => why);
  expect(served).toEqual(before.map(() => 'completed'));
}, 60_000);
