/**
 * An interpreter prepared while the caller waits: asked as soon as the language is known, kept company with a prompt, there with the
 * first word; thanked and let go when the caller leaves first.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { CALL_TAKER, CALLER, type InterpretersCity, openInterpretersCity, reachesWords, threeHear } from '../stack/interpreters.ts';
import { until } from '../stack/until.ts';

const V1 = { id: 'v1', languages: 'ru native', speaks: 'ru', addresses: 'sip:volunteer-1' };
const V2 = { id: 'v2', languages: 'ru fluent', addresses: 'sip:volunteer-2' };
const RUSSIAN = '2';

let city: InterpretersCity;
beforeAll(async () => {
  city = await openInterpretersCity([V1, V2]);
});
afterAll(() => city.stop());
afterEach(async () => {
  await city.clear();
  await city.roster([V1, V2]);
});

/** A caller in line who has pressed the key for Russian, and whose interpreter, v1, has accepted. */
async function prepared(number: string) {
  await city.roster([V1]);
  const phone = await city.volunteer('volunteer-1');
  phone.conduct('answer');
  const caller = await city.dial(number);
  caller.sound.sing(CALLER);
  const greeted = await city.call(number, 'is greeted', ({ state }) => state === 'greeting');
  await caller.press(RUSSIAN, 'sound');
  await city.isAsked(greeted, 1, phone);
  await phone.press('1', 'sound');
  const call = await city.call(number, 'has one prepared', ({ interpreter }) => interpreter.state === 'prepared');
  return { caller, phone, call, leg: `${call.id}.interpreter.1` };
}

it('waits with a prompt of their own while the caller hears that one is found, and is there with the first word', async () => {
  const number = '13500000001';
  const { caller, phone, call, leg } = await prepared(number);
  await until('the volunteer to hear that it will be a moment', () => city.witness.spokenTo(leg).at(-1) === 'ru/volunteer/wait');
  await reachesWords(phone);
  await until('the caller to hear that one is found', () => city.witness.spokenTo(call.id).includes('ru/interpreter/found'), 10_000);
  await until(
    'the volunteer to be spoken to again',
    () => city.witness.spokenTo(leg).filter((clip) => clip === 'ru/volunteer/wait').length > 1,
    10_000,
  );
  expect(await city.witness.bridges()).toEqual([]);
  expect((await city.volunteers()).map(({ state, call: tied }) => [state, tied])).toEqual([['serving', call.id]]);

  const desk = await city.signOn('1001');
  desk.sound.sing(CALL_TAKER);
  desk.conduct('answer');
  desk.pickUp();
  const talking = await city.conversation(number);
  await city.present(number, 'v1');
  await threeHear(caller, desk, phone);
  const shown = await city.call(number, 'is interpreted', ({ interpreter }) => interpreter.joinedAt !== null);
  expect(shown.interpreter).toMatchObject({ volunteer: 'v1', joinedAt: shown.offers.at(-1)?.answeredAt });
  expect(talking.language).toBe('ru');
  await caller.hangUp();
  await city.witness.sees('nothing');
  await city.allFree();
  expect(await city.incident(call)).toMatchObject({
    reporter: { language: 'rus' },
    call: { interpreter: { language: 'rus', volunteer: 'v1', asked: [{ volunteer: 'v1', outcome: 'served' }] } },
  });
}, 30_000);

it('the caller leaves first: the volunteer is thanked and let go, and the record says who had come', async () => {
  const number = '13500000002';
  const { caller, phone, call, leg } = await prepared(number);
  await caller.hangUp();
  await until('the volunteer to be thanked', () => city.witness.spokenTo(leg).at(-1) === 'ru/volunteer/thanks');
  await until('the volunteer to be let go', () => !phone.isTalking());
  await city.witness.sees('nothing');
  await city.allFree();
  expect(await city.call(number, 'is over', ({ state }) => state === 'ended')).toMatchObject({ why: 'abandoned' });
  expect(await city.incident(call)).toMatchObject({
    matter: { class: 'abandoned' },
    call: { interpreter: { language: 'rus', joinedAt: null, asked: [{ volunteer: 'v1', outcome: 'withdrawn' }] } },
  });
}, 20_000);

it('the caller leaves while both phones ring, and while one listens: nothing rings on', async () => {
  const number = '13500000003';
  const [one, other] = [await city.volunteer('volunteer-1'), await city.volunteer('volunteer-2')];
  one.conduct('answer');
  const caller = await city.dial(number);
  await city.call(number, 'is greeted', ({ state }) => state === 'greeting');
  await caller.press(RUSSIAN, 'info');
  await until('one to listen and the other to ring', () => one.isTalking() && other.isRinging());
  await caller.hangUp();
  await until('both to be let go', () => !one.isTalking() && !other.isRinging());
  await city.witness.sees('nothing');
  await city.allFree();
  const { interpreter } = await city.call(number, 'is over', ({ state }) => state === 'ended');
  expect(interpreter.asked.map(({ outcome }) => outcome)).toEqual(['withdrawn', 'withdrawn']);
}, 15_000);

it('a prepared volunteer who hangs up is not rung again for it; the caller stays in line, and it is known that nobody comes', async () => {
  const number = '13500000004';
  const { caller, phone } = await prepared(number);
  await phone.hangUp();
  const alone = await city.call(number, 'has nobody', ({ interpreter }) => interpreter.state === 'nobody', 8000);
  expect(alone.interpreter.asked.map(({ volunteer }) => volunteer)).toEqual(['v1']);
  expect(phone.rings).toHaveLength(1);
  expect(alone.state).toMatch(/greeting|waiting/);
  await caller.hangUp();
  await city.allFree();
}, 20_000);

it('nobody comes while the caller waits: they stay in line, are served, and the call taker may ask again', async () => {
  const number = '13500000005';
  const caller = await city.dial(number);
  caller.sound.sing(CALLER);
  await city.call(number, 'is greeted', ({ state }) => state === 'greeting');
  await caller.press(RUSSIAN, 'info');
  const waiting = await city.call(number, 'has nobody', ({ interpreter }) => interpreter.state === 'nobody');
  expect(waiting).toMatchObject({ language: 'ru', interpreter: { asked: [{ outcome: 'unreachable' }, { outcome: 'unreachable' }] } });
  const phone = await city.volunteer('volunteer-2');
  phone.conduct('answer');
  const desk = await city.signOn('1001');
  desk.sound.sing(CALL_TAKER);
  desk.conduct('answer');
  desk.pickUp();
  const call = await city.conversation(number);
  expect(await city.seek(call)).toMatchObject({ status: 200, body: { interpreter: { language: 'ru' } } });
  await until('the volunteer to talk', () => phone.isTalking());
  await city.call(number, 'is heard', ({ interpreter }) => interpreter.asked.some(({ outcome }) => outcome === 'hearing'));
  await phone.press('1', 'sound');
  await city.present(number, 'v2');
  await threeHear(caller, desk, phone);
}, 20_000);
