/**
 * The controller is killed with an interpreter in the house: the three go on talking, and the next life knows who is there, keeps
 * private what was private, and finishes record and conversation.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { ShownCall } from '../stack/city.ts';
import { CALL_TAKER, CALLER, INTERPRETER, type InterpretersCity, openInterpretersCity, reaches, threeHear } from '../stack/interpreters.ts';
import type { DeskPhone, SipCaller } from '../stack/phone.ts';
import { until } from '../stack/until.ts';

let city: InterpretersCity;
beforeAll(async () => {
  city = await openInterpretersCity([{ id: 'v1', languages: 'ru native', addresses: 'sip:volunteer-1' }]);
});
afterAll(() => city.stop());
afterEach(async () => {
  await returnOfController();
  await city.clear();
});

const killController = (): Promise<void> => city.stack.part('controller').kill();
const returnOfController = (): Promise<void> => city.stack.part('controller').start();
const verb = (call: ShownCall, what: string) => city.ask('call-taker-1001', 'POST', `/calls/${call.id}/${what}`);
const recording = (call: ShownCall): number => city.recorded(`${call.id}.recording.1`);
const grows = async (call: ShownCall): Promise<void> => {
  const before = recording(call);
  await until('the recording to grow', () => recording(call) > before);
};

async function asked(number: string): Promise<{ caller: SipCaller; desk: DeskPhone; volunteer: DeskPhone; call: ShownCall }> {
  const volunteer = await city.volunteer('volunteer-1');
  volunteer.conduct('answer');
  const { caller, desk, call } = await city.talk(number);
  await city.seek(call, 'ru');
  await city.isAsked(call, 1, volunteer);
  return { caller, desk, volunteer, call };
}
async function three(number: string) {
  const all = await asked(number);
  await all.volunteer.press('1', 'info');
  await city.present(number, 'v1');
  await threeHear(all.caller, all.desk, all.volunteer);
  return all;
}

it('three in the bridge: they go on hearing each other, and after the return all can be done and the record is complete', async () => {
  const number = '13300000001';
  const { caller, desk, volunteer, call } = await three(number);
  await killController();
  await threeHear(caller, desk, volunteer);
  await grows(call);
  await returnOfController();
  await city.present(number, 'v1');
  await threeHear(caller, desk, volunteer);
  expect(volunteer.rings).toHaveLength(1);
  expect((await city.volunteers()).map(({ state, call: tied }) => [state, tied])).toEqual([['serving', call.id]]);

  expect(await verb(call, 'private')).toMatchObject({ status: 200 });
  await reaches(desk, INTERPRETER);
  expect(await verb(call, 'resume')).toMatchObject({ status: 200 });
  await threeHear(caller, desk, volunteer);
  await grows(call);
  expect(await verb(call, 'finish')).toMatchObject({ status: 200 });
  await until('all to be let go', () => caller.isOver() && !desk.isTalking() && !volunteer.isTalking());
  await city.witness.sees('nothing');
  await city.allFree();
  expect((await city.incident(call)).call).toMatchObject({
    callTaker: '1001',
    recordings: [`${call.id}.recording.1`],
    interpreter: {
      language: 'rus',
      volunteer: 'v1',
      leftAt: expect.any(String) as string,
      asked: [{ volunteer: 'v1', outcome: 'served' }],
    },
  });
}, 25_000);

it('in private speech: the caller is not let in by the return, and hears the two again when the call taker says so', async () => {
  const number = '13300000002';
  const { caller, desk, volunteer, call } = await three(number);
  expect(await verb(call, 'private')).toMatchObject({ status: 200 });
  await reaches(desk, INTERPRETER);
  await killController();
  await reaches(volunteer, CALL_TAKER);
  await returnOfController();
  const prompts = city.witness.heardBy(call.id).length;
  await until('the caller to be spoken to again', () => city.witness.heardBy(call.id).slice(prompts).includes('private'), 8000);
  await reaches(desk, INTERPRETER);
  await reaches(volunteer, CALL_TAKER);
  expect((await city.witness.bridges()).map(({ channels }) => channels.includes(call.id))).toEqual([false]);
  expect(await city.call(number, 'is apart', ({ floor }) => floor === 'private')).toMatchObject({ interpreter: { state: 'present' } });
  expect(await verb(call, 'resume')).toMatchObject({ status: 200 });
  await threeHear(caller, desk, volunteer);
  await caller.hangUp();
  await city.witness.sees('nothing');
  await city.allFree();
}, 25_000);

it('a volunteer who presses the key while nobody listens is not in yet, and is once they press it again', async () => {
  const number = '13300000003';
  const { caller, desk, volunteer, call } = await asked(number);
  await killController();
  await volunteer.press('1', 'sound');
  await returnOfController();
  expect(await city.call(number, 'is talked to', ({ state }) => state === 'talking')).toMatchObject({ interpreter: { state: 'sought' } });
  await volunteer.press('1', 'sound');
  await city.present(number, 'v1');
  await threeHear(caller, desk, volunteer);
  expect(volunteer.rings).toHaveLength(1);
  await desk.hangUp();
  await city.witness.sees('nothing');
  expect(await city.call(number, 'is over', ({ state }) => state === 'ended')).toMatchObject({ id: call.id, why: 'completed' });
}, 20_000);

it.for(['the interpreter', 'the caller', 'the call taker'] as const)(
  '%s hangs up while nobody listens: it is on record afterwards',
  { timeout: 20_000 },
  async (who) => {
    const number = `1330000001${who.length % 10}`;
    const { caller, desk, volunteer, call } = await three(number);
    await killController();
    await { 'the interpreter': volunteer, 'the caller': caller, 'the call taker': desk }[who].hangUp();
    await returnOfController();
    if (who === 'the interpreter') {
      await city.call(number, 'is without', ({ interpreter }) => interpreter.state === 'none' || interpreter.state === 'nobody');
      await reaches(caller, CALL_TAKER);
      await reaches(desk, CALLER);
      expect(await verb(call, 'finish')).toMatchObject({ status: 200 });
    }
    if (who === 'the call taker') {
      // Nobody saw whether it was by choice: the caller is not given up, and the interpreter waits with them.
      await city.call(
        number,
        'waits with the interpreter',
        ({ state, interpreter }) => state === 'waiting' && interpreter.state === 'prepared',
      );
      expect(volunteer.isTalking()).toBe(true);
      await caller.hangUp();
    }
    await city.call(number, 'is over', ({ state }) => state === 'ended');
    await until('all to be let go', () => !desk.isTalking() && !volunteer.isTalking());
    await city.witness.sees('nothing');
    await city.allFree();
  },
);

it('left to the interpreter: the two go on, and either ends it after the return', async () => {
  const number = '13300000021';
  const { caller, desk, volunteer, call } = await three(number);
  expect(await verb(call, 'leave')).toMatchObject({ status: 200 });
  await until('the call taker to be let go', () => !desk.isTalking());
  await killController();
  await reaches(caller, INTERPRETER);
  await returnOfController();
  await reaches(volunteer, CALLER);
  await grows(call);
  expect(await city.call(number, 'goes on', ({ state }) => state === 'interpreted')).toMatchObject({ interpreter: { volunteer: 'v1' } });
  await volunteer.hangUp();
  await city.call(number, 'is over', ({ state }) => state === 'ended');
  await until('the caller to be let go', () => caller.isOver());
  await city.witness.sees('nothing');
  await city.allFree();
}, 20_000);
