/**
 * When nobody comes: voicemail, silence, refusal, phones that are off or busy; and the volunteer who is late. Answered is not a person,
 * and the call taker is told at once what can be done instead. The conversation goes on through all of it.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { ShownCall } from '../stack/city.ts';
import { CALL_TAKER, CALLER, INTERPRETER, type InterpretersCity, openInterpretersCity, reaches, threeHear } from '../stack/interpreters.ts';
import { type DeskPhone, placeCall } from '../stack/phone.ts';
import { HOST } from '../stack/loopback.ts';
import { until } from '../stack/until.ts';

const V1 = { id: 'v1', languages: 'ru native', addresses: 'sip:volunteer-1' };
const V2 = { id: 'v2', languages: 'ru fluent', addresses: 'sip:volunteer-2' };

let city: InterpretersCity;
beforeAll(async () => {
  city = await openInterpretersCity([V1, V2]);
});
afterAll(() => city.stop());
afterEach(async () => {
  await city.clear();
  await city.roster([V1, V2]);
});

const outcomes = (call: ShownCall): Readonly<Record<string, string>> =>
  Object.fromEntries(call.interpreter.asked.map(({ volunteer, outcome }) => [volunteer, outcome]));
const nobody = (number: string | null, withinMs?: number): Promise<ShownCall> =>
  city.call(number, 'is told that nobody comes', ({ interpreter }) => interpreter.state === 'nobody', withinMs);
const phones = async (): Promise<readonly [DeskPhone, DeskPhone]> => [
  await city.volunteer('volunteer-1'),
  await city.volunteer('volunteer-2'),
];

it('a voicemail that talks and a phone that rings unheard are no interpreter; the next steps are told and can be taken', async () => {
  const [voicemail, unheard] = await phones();
  voicemail.conduct('answer');
  const { caller, desk, call } = await city.talk('13600000001');
  await city.seek(call, 'ru');
  await until('the voicemail to answer', () => voicemail.isTalking() && unheard.isRinging());
  const told = await nobody('13600000001', 12_000);
  expect(outcomes(told)).toEqual({ v1: 'silent', v2: 'no-answer' });
  expect(told.interpreter).toMatchObject({ language: 'ru', volunteer: null, joinedAt: null, secondsToInterpreter: null });
  await until('both phones to be let go', () => !voicemail.isTalking() && !unheard.isRinging());
  await reaches(caller, CALL_TAKER);
  await reaches(desk, CALLER);
  await city.allFree();

  expect(told.interpreter.next.length).toBeGreaterThanOrEqual(3);
  for (const { method, href } of told.interpreter.next) {
    const path = href.replace('/api/v1', '');
    const answer = await city.ask('call-taker-1001', method, path, method === 'PUT' ? { language: 'ru' } : undefined);
    expect(answer, href).toMatchObject({ status: 200 });
  }
  expect(told.interpreter.next.map(({ href }) => href)).toContain('/api/v1/phrase-cards/ru');
  // Asked again: the same volunteers ring once more.
  await until('both to ring again', () => [voicemail, unheard].every(({ rings }) => rings.length === 2));
}, 30_000);

it('who declines, and who presses another key, has refused: the call taker knows within seconds', async () => {
  const [declines, refuses] = await phones();
  declines.conduct('decline');
  refuses.conduct('answer');
  const { call } = await city.talk('13600000002');
  await city.seek(call, 'ru');
  await until('the other to talk', () => refuses.isTalking());
  await city.call('13600000002', 'is heard', (one) => outcomes(one)['v2'] === 'hearing');
  await refuses.press('5', 'sound');
  expect(outcomes(await nobody('13600000002', 2000))).toEqual({ v1: 'refused', v2: 'refused' });
  await until('the refusing one to be let go', () => !refuses.isTalking());
  expect([declines, refuses].map(({ rings }) => rings.length)).toEqual([1, 1]);
  await city.allFree();
});

it('phones that are off are not waited for; a second address is rung at once, and a busy phone counts as a no', async () => {
  const { caller, desk, call } = await city.talk('13600000003');
  const began = performance.now();
  await city.seek(call, 'ru');
  expect(outcomes(await nobody('13600000003', 3000))).toEqual({ v1: 'unreachable', v2: 'unreachable' });
  expect(performance.now() - began).toBeLessThan(3000);

  const far = await city.volunteer('volunteer-2');
  far.conduct('busy');
  await city.roster([{ ...V1, addresses: 'sip:volunteer-1, sip:volunteer-2' }]);
  await city.seek(call, 'ru');
  const busy = await nobody('13600000003', 3000);
  expect(busy.interpreter.asked.slice(2).map(({ outcome }) => outcome)).toEqual(['unreachable', 'refused']);
  expect(far.rings).toHaveLength(1);

  far.conduct('answer');
  await city.seek(call, 'ru');
  await until('the second address to talk', () => far.isTalking());
  await city.call('13600000003', 'is heard', ({ interpreter }) => interpreter.asked.at(-1)?.outcome === 'hearing');
  await far.press('1', 'info');
  await city.present('13600000003', 'v1');
  await threeHear(caller, desk, far);
}, 20_000);

it('every volunteer serving another caller is nobody, said at once and without a ring; set free, they are asked again', async () => {
  await city.roster([V1]);
  const one = await city.volunteer('volunteer-1');
  one.conduct('answer');
  const first = await city.talk('13600000004');
  await city.seek(first.call, 'ru');
  await city.isAsked(first.call, 1, one);
  await one.press('1', 'info');
  await city.present('13600000004', 'v1');
  const second = await city.talk('13600000005', '1002');
  await city.seek(second.call, 'ru');
  expect(await nobody('13600000005', 2000)).toMatchObject({ interpreter: { asked: [] } });
  expect(one.rings).toHaveLength(1);
  await threeHear(first.caller, first.desk, one);

  await first.caller.hangUp();
  await city.allFree();
  await until('the phone to be down', () => !one.isTalking());
  await city.seek(second.call, 'ru');
  await city.isAsked(second.call, 1, one);
  await one.press('1', 'info');
  await city.present('13600000005', 'v1');
  await threeHear(second.caller, second.desk, one);
}, 20_000);

it('two who accept in the same moment: one joins, once; the other is thanked, and no later key of either changes anything', async () => {
  const both = await phones();
  for (const phone of both) phone.conduct('answer');
  const { caller, desk, call } = await city.talk('13600000006');
  await city.seek(call, 'ru');
  await until('both to talk', () => both.every((phone) => phone.isTalking()));
  await city.call(
    '13600000006',
    'is heard by both',
    ({ interpreter }) => interpreter.asked.every(({ outcome }) => outcome === 'hearing') && interpreter.asked.length === 2,
  );
  await Promise.all(both.flatMap((phone) => [phone.press('1', 'info'), phone.press('1', 'info')]));
  const joined = await city.call('13600000006', 'is interpreted', ({ interpreter }) => interpreter.state === 'present');
  const winner = joined.interpreter.volunteer ?? '';
  await city.present('13600000006', winner);
  const [chosen, beaten] = winner === 'v1' ? both : ([both[1], both[0]] as const);
  expect(Object.values(outcomes(joined)).toSorted()).toEqual(['accepted', 'beaten']);
  await beaten.press('1', 'info').catch(() => undefined);
  await chosen.press('1', 'sound');
  await chosen.press('9', 'info');
  await until('the other to be let go', () => !beaten.isTalking());
  await threeHear(caller, desk, chosen);
  expect((await city.witness.bridges()).map(({ channels }) => channels.length)).toEqual([3]);
  expect(await city.call('13600000006', 'stays so', ({ interpreter }) => interpreter.volunteer === winner)).toMatchObject({
    interpreter: { state: 'present' },
  });
  await beaten.unregister();
  expect((await city.volunteers()).filter(({ state }) => state === 'serving').map(({ id }) => id)).toEqual([winner]);
}, 20_000);

it('a volunteer who calls 110 is not asked to interpret that call, from whichever of their own telephones', async () => {
  await city.roster([{ ...V1, addresses: 'sip:volunteer-1, tel:+8613600000007' }, V2]);
  const [own, other] = await phones();
  const { desk, call } = await city.talk('13600000007');
  await city.seek(call, 'ru');
  await until('the other to ring', () => other.isRinging());
  await other.hangUp();
  expect(outcomes(await nobody('13600000007', 3000))).toEqual({ v2: 'refused' });
  expect(own.rings).toEqual([]);
  await desk.hangUp();
  await city.call('13600000007', 'is over', ({ state }) => state === 'ended');

  // From the phone that registers here there is no number; but it is in a call, and nobody is rung twice at once.
  const secret = city.stack.settings.volunteers.endpoints.find(({ endpoint }) => endpoint === 'volunteer-1')?.secret ?? '';
  const caller = await placeCall({ host: HOST, port: city.stack.settings.sip.port }, 'volunteer-1', '110', '', secret);
  try {
    expect(await caller.answered).toBe(200);
    caller.sound.sing(INTERPRETER);
    await city.callTakerIs('1001', 'is ready', ({ state }) => state === 'talking' || state === 'ready');
    const inside = await city.conversation(null);
    await city.seek(inside, 'ru');
    await until('the other to ring', () => other.isRinging());
    await other.hangUp();
    expect(outcomes(await nobody(null, 5000))).toMatchObject({ v2: 'refused' });
    expect(own.rings).toEqual([]);
  } finally {
    await caller.hangUp();
    caller.close();
  }
}, 25_000);
