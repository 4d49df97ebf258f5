/**
 * Three in a conversation, and whoever of them leaves, by choice or by a cut line, in every order: those who stay hear each other as
 * they should, and in the end nothing is left in Asterisk and everybody is free.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { ShownCall } from '../stack/city.ts';
import { CALL_TAKER, CALLER, INTERPRETER, type InterpretersCity, openInterpretersCity, reaches, threeHear } from '../stack/interpreters.ts';
import { BY_CHOICE, type DeskPhone, LINE_CUT, type SipCaller } from '../stack/phone.ts';
import { until } from '../stack/until.ts';

let city: InterpretersCity;
beforeAll(async () => {
  city = await openInterpretersCity([{ id: 'v1', languages: 'ru native', addresses: 'sip:volunteer-1' }]);
});
afterAll(() => city.stop());
afterEach(() => city.clear());

interface Three {
  readonly number: string;
  readonly caller: SipCaller;
  readonly desk: DeskPhone;
  readonly volunteer: DeskPhone;
  readonly call: ShownCall;
}
let dialled = 13_400_000_000;

async function three(): Promise<Three> {
  const number = String((dialled += 1));
  const volunteer = await city.volunteer('volunteer-1');
  volunteer.conduct('answer');
  const { caller, desk, call } = await city.talk(number);
  await city.seek(call, 'ru');
  await city.isAsked(call, 1, volunteer);
  await volunteer.press('1', 'info');
  await city.present(number, 'v1');
  await threeHear(caller, desk, volunteer);
  return { number, caller, desk, volunteer, call };
}
const verb = (call: ShownCall, what: string) => city.ask('call-taker-1001', 'POST', `/calls/${call.id}/${what}`);

/** The call is on record as ended, all three are let go, nothing is left. Answers the call as it ended. */
async function isOver({ number, caller, desk, volunteer }: Three): Promise<ShownCall> {
  const ended = await city.call(number, 'is over', ({ state }) => state === 'ended');
  await until('all three to be let go', () => caller.isOver() && !desk.isTalking() && !volunteer.isTalking());
  await city.witness.sees('nothing');
  await city.allFree();
  const { call } = await city.incident(ended);
  expect(call?.endedAt).not.toBe(null);
  expect(call?.interpreter?.asked.map(({ endedAt }) => endedAt)).not.toContain(null);
  return ended;
}
const outcome = (call: ShownCall): string | undefined => call.interpreter.asked[0]?.outcome;

it.for(['hangs up', 'is cut'] as const)('the caller %s: the two others are let go, the volunteer with thanks', async (how) => {
  const all = await three();
  await all.caller.hangUp(how === 'is cut' ? LINE_CUT : BY_CHOICE);
  const ended = await isOver(all);
  expect(ended).toMatchObject({ why: 'completed', offers: [{ outcome: 'completed' }] });
  expect(outcome(ended)).toBe('served');
  expect(city.witness.heardBy(`${all.call.id}.interpreter.1`).at(-1)).toBe('volunteer/thanks');
  await city.callTakerIs('1001', 'is ready again', ({ state }) => state === 'ready');
});

it('the call taker hangs up: the conversation is over for all three', async () => {
  const all = await three();
  await all.desk.hangUp();
  expect(await isOver(all)).toMatchObject({ why: 'completed', offers: [{ outcome: 'completed' }] });
  await city.callTakerIs('1001', 'is ready again', ({ state }) => state === 'ready');
});

it.for([
  ['hangs up', 'the caller'],
  ['is cut', 'the call taker'],
] as const)(
  'the interpreter %s: the two others stay, until %s hangs up; and another may be asked',
  { timeout: 20_000 },
  async ([how, last]) => {
    const all = await three();
    await all.volunteer.hangUp(how === 'is cut' ? LINE_CUT : BY_CHOICE);
    await city.call(all.number, 'is without', ({ interpreter }) => interpreter.state === 'none');
    await reaches(all.caller, CALL_TAKER);
    await reaches(all.desk, CALLER);
    await city.allFree();
    const again = await city.seek(all.call, 'ru');
    expect(again.status).toBe(200);
    await until('the volunteer to be rung again', () => all.volunteer.isTalking());
    await city.call(all.number, 'is heard', ({ interpreter }) => interpreter.asked.at(-1)?.outcome === 'hearing');
    await all.volunteer.press('1', 'sound');
    await city.present(all.number, 'v1');
    await threeHear(all.caller, all.desk, all.volunteer);
    await (last === 'the caller' ? all.caller : all.desk).hangUp();
    const ended = await isOver(all);
    expect(ended.interpreter.asked.map((asked) => asked.outcome)).toEqual([how === 'is cut' ? 'lost' : 'served', 'served']);
  },
);

it.for([
  'caller, interpreter, call taker',
  'call taker, interpreter, caller',
  'all in the same moment',
  'interpreter, call taker cut, caller',
] as const)('one after the other without a pause (%s): nobody is left talking to nobody', async (order) => {
  const all = await three();
  const leave: Record<string, () => Promise<void>> = {
    caller: () => all.caller.hangUp(),
    'call taker': () => all.desk.hangUp(),
    'call taker cut': () => all.desk.hangUp(LINE_CUT),
    interpreter: () => all.volunteer.hangUp(),
  };
  const names = order === 'all in the same moment' ? ['call taker', 'interpreter', 'caller'] : order.split(', ');
  const leaving = names.map((name) => leave[name]?.() ?? Promise.reject(new Error(`nobody is ${name}`)));
  await Promise.race([Promise.allSettled(leaving), new Promise((resolve) => setTimeout(resolve, 3000))]);
  expect((await isOver(all)).why).toMatch(/completed|abandoned/);
});

it('a call taker who is cut: caller and interpreter wait together at the head of the line, and meet the next one together', async () => {
  const all = await three();
  const other = await city.dial('13400001000');
  await city.call('13400001000', 'is in line', ({ state }) => state === 'greeting');
  await all.desk.hangUp(LINE_CUT);
  const waiting = await city.call(all.number, 'waits again', ({ state }) => state === 'waiting');
  expect(waiting).toMatchObject({ ticket: all.call.ticket, interpreter: { state: 'prepared', volunteer: 'v1' } });
  expect((await city.ask('supervisor', 'GET', '/line')).body).toMatchObject({ length: 2, callers: [{ call: all.call.id }, {}] });
  await until('the caller to hear why', () => city.witness.heardBy(all.call.id).includes('first-again'));
  await until('the volunteer to hear why', () => city.witness.heardBy(`${all.call.id}.interpreter.1`).at(-1) === 'volunteer/wait');
  expect(all.volunteer.isTalking()).toBe(true);

  const next = await city.signOn('1002');
  next.sound.sing(CALL_TAKER);
  next.conduct('answer');
  next.pickUp();
  expect(await city.conversation(all.number)).toMatchObject({ callTaker: '1002' });
  await city.present(all.number, 'v1');
  await threeHear(all.caller, next, all.volunteer);
  await other.hangUp();
  await all.caller.hangUp();
  const ended = await isOver(all);
  expect(ended.offers.map((offer) => [offer.callTaker, offer.outcome])).toEqual([
    ['1001', 'lost'],
    ['1002', 'completed'],
  ]);
  expect((await city.incident(ended)).call).toMatchObject({
    recordings: [`${ended.id}.recording.1`, `${ended.id}.recording.2`],
    interpreter: { volunteer: 'v1', asked: [{ outcome: 'served' }] },
  });
  expect(all.volunteer.rings).toHaveLength(1);
}, 20_000);

it.for(['the caller', 'the interpreter'] as const)('waiting together, and %s leaves before the next call taker comes', async (who) => {
  const all = await three();
  await city.become('1001', 'off');
  await all.desk.hangUp(LINE_CUT);
  await city.call(all.number, 'waits again', ({ state }) => state === 'waiting');
  if (who === 'the interpreter') {
    await all.volunteer.hangUp();
    const alone = await city.call(all.number, 'stays', ({ interpreter }) => interpreter.state === 'nobody');
    expect(alone.state).toBe('waiting');
    await all.caller.hangUp();
  } else await all.caller.hangUp();
  const ended = await isOver(all);
  expect(ended.why).toBe('abandoned');
  expect(outcome(ended)).toBe('served');
});

it.for(['the interpreter', 'the caller', 'the call taker'] as const)(
  'in private speech %s leaves: nobody is left apart from the others',
  async (who) => {
    const all = await three();
    expect(await verb(all.call, 'private')).toMatchObject({ status: 200 });
    await reaches(all.desk, INTERPRETER);
    if (who === 'the interpreter') {
      await all.volunteer.hangUp();
      // There is nobody to be private with: the caller is let in again, without a word of the call taker's.
      await city.call(all.number, 'is together again', ({ floor }) => floor === 'open');
      await reaches(all.caller, CALL_TAKER);
      await reaches(all.desk, CALLER);
      await all.desk.hangUp();
    }
    if (who === 'the caller') await all.caller.hangUp();
    if (who === 'the call taker') await all.desk.hangUp();
    expect((await isOver(all)).why).toBe('completed');
  },
);

it.for(['the caller hangs up', 'the interpreter hangs up', 'the caller is cut'] as const)(
  'left to the interpreter on purpose, the call taker is free at once; %s, and it is over',
  async (how) => {
    const all = await three();
    expect(await verb(all.call, 'leave')).toMatchObject({ status: 200, body: { state: 'interpreted', callTaker: null } });
    await until('the call taker to be let go', () => !all.desk.isTalking());
    await city.callTakerIs('1001', 'is ready again', ({ state }) => state === 'ready');
    await reaches(all.caller, INTERPRETER);
    await reaches(all.volunteer, CALLER);
    const before = city.recorded(`${all.call.id}.recording.1`);
    await until('the recording to go on', () => city.recorded(`${all.call.id}.recording.1`) > before);
    expect(await verb(all.call, 'finish')).toMatchObject({ status: 409 });
    if (how === 'the caller hangs up') await all.caller.hangUp();
    if (how === 'the caller is cut') await all.caller.hangUp(LINE_CUT);
    if (how === 'the interpreter hangs up') await all.volunteer.hangUp();
    const ended = await isOver(all);
    expect(ended).toMatchObject({ why: 'completed', offers: [{ outcome: 'completed' }] });
    expect(outcome(ended)).toBe('served');
  },
);

it.for(['is cut', 'is dismissed'] as const)(
  'left to the interpreter, who %s: the caller is at the head of the line again, and a call taker helps',
  { timeout: 15_000 },
  async (how) => {
    const all = await three();
    await city.become('1001', 'pause');
    expect(await verb(all.call, 'leave')).toMatchObject({ status: 200 });
    await reaches(all.caller, INTERPRETER);
    if (how === 'is cut') await all.volunteer.hangUp(LINE_CUT);
    else expect(await city.ask('supervisor', 'DELETE', `/calls/${all.call.id}/interpreter`)).toMatchObject({ status: 200 });
    expect(await city.call(all.number, 'waits again', ({ state }) => state === 'waiting')).toMatchObject({
      ticket: all.call.ticket,
      interpreter: { state: 'none', asked: [{ outcome: how === 'is cut' ? 'lost' : 'served' }] },
    });
    await until('the caller to hear why', () => city.witness.heardBy(all.call.id).includes('first-again'));
    await city.allFree();
    await city.become('1001', 'ready');
    await city.conversation(all.number);
    await reaches(all.caller, CALL_TAKER);
    await all.caller.hangUp();
    await isOver(all);
  },
);
