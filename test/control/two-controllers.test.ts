/**
 * Two control rooms on one line, on simulators: one dies, stands still, goes on, leaves and comes back, at any moment; the line does not
 * notice. Each caller in one place, nobody answered twice, in order of ticket, nobody lost.
 */
import { expect, test } from 'vitest';
import type { CallId } from '../../src/kernel/ids.ts';
import type { ControlPair, Side } from '../simulators/control-pair.ts';
import { callOf, complaintOfWalks, live, nth, openPair } from '../simulators/control-walk.ts';
import { ANNA } from './house.ts';

/** A caller who is this side's: the other one stands still while they come. */
async function arrives(pair: ControlPair, n: number, at: Side): Promise<CallId> {
  const other = at === 'one' ? 'two' : 'one';
  pair.freeze(other);
  await pair.exchange.arrive(nth(n), '13845101234');
  await pair.settle();
  pair.thaw(other);
  await pair.pass(1000);
  expect(await pair.records.ownerOf(nth(n))).toMatch(new RegExp(`^${at}#`));
  return nth(n);
}

test('a caller of one who died is taken over within seconds, spoken to again, and served by the other', async () => {
  const pair = await openPair();
  const id = await arrives(pair, 1, 'one');
  pair.kill('one');
  await pair.pass(3000);
  expect(await pair.records.ownerOf(id)).toMatch(/^two#/);
  expect(pair.exchange.callers.get(id)).toMatchObject({ app: 'two' });
  expect(pair.exchange.commands.filter((one) => one.by === 'two' && one.verb === 'say').length).toBeGreaterThan(0);
  await pair.room('two')?.ready(ANNA);
  await pair.settle();
  await pair.exchange.answer(id, 1);
  await pair.settle();
  expect((await callOf(pair, id)).state).toMatchObject({ at: 'talking', with: ANNA });
});

test('a conversation of one who died goes on untouched, and its end is on record', async () => {
  const pair = await openPair();
  await pair.room('two')?.ready(ANNA);
  const id = await arrives(pair, 1, 'one');
  await pair.exchange.answer(id, 1);
  await pair.settle();
  pair.kill('one');
  await pair.pass(3000);
  expect((await callOf(pair, id)).state).toMatchObject({ at: 'talking', attempt: 1 });
  expect([...pair.exchange.bridges.values()]).toMatchObject([{ call: id, callerIn: true, callTakerIn: true }]);
  await pair.exchange.callerLeaves(id);
  await pair.settle();
  expect(await callOf(pair, id)).toMatchObject({ state: { at: 'ended', why: 'completed' }, release: { by: 'choice' } });
});

test('a phone that rings for one who died is rung anew by the other, and the caller keeps their place', async () => {
  const pair = await openPair();
  await pair.room('two')?.ready(ANNA);
  const id = await arrives(pair, 1, 'one');
  const later = await arrives(pair, 2, 'two');
  expect((await callOf(pair, id)).state.at).toBe('offered');
  pair.kill('one');
  await pair.pass(3000);
  expect(await callOf(pair, id)).toMatchObject({ state: { at: 'offered', to: ANNA, attempt: 2 }, offers: [{ outcome: 'withdrawn' }, {}] });
  expect((await callOf(pair, later)).state.at).toBe('waiting');
});

test('the head of the line is not overtaken while its controller is dead and not yet followed', async () => {
  const pair = await openPair();
  const first = await arrives(pair, 1, 'one');
  const second = await arrives(pair, 2, 'two');
  pair.kill('one');
  await pair.room('two')?.ready(ANNA);
  await pair.pass(1000);
  expect((await callOf(pair, second)).state.at).toBe('waiting');
  await pair.pass(2000);
  expect((await callOf(pair, first)).state.at).toBe('offered');
  expect((await callOf(pair, second)).state.at).toBe('waiting');
});

test('one that stood still saves nothing and does nothing for calls that another has now, and serves again', async () => {
  const pair = await openPair();
  await pair.room('two')?.ready(ANNA);
  const id = await arrives(pair, 1, 'one');
  pair.freeze('one');
  // Heard by nobody but the frozen one.
  await pair.exchange.answer(id, 1);
  await pair.pass(4000);
  expect((await callOf(pair, id)).state.at).toBe('talking');
  const [before, commands] = [await callOf(pair, id), pair.exchange.commands.length];
  pair.thaw('one');
  await pair.pass(1000);
  expect(await callOf(pair, id)).toEqual(before);
  expect(pair.exchange.commands.slice(commands).filter(({ verb, by }) => by === undefined && verb !== 'standing')).toEqual([]);
  const next = await arrives(pair, 2, 'one');
  expect((await callOf(pair, next)).state.at).toBe('waiting');
});

test('what one that stood still hears late of a conversation that was moved away from it ends nothing', async () => {
  const pair = await openPair();
  await pair.room('two')?.ready(ANNA);
  const id = await arrives(pair, 1, 'one');
  await pair.exchange.answer(id, 1);
  await pair.settle();
  pair.freeze('one');
  await pair.pass(4000);
  const before = await callOf(pair, id);
  expect([before.state.at, await pair.records.ownerOf(id)]).toEqual(['talking', expect.stringMatching(/^two#/)]);
  pair.thaw('one');
  await pair.pass(1000);
  expect(await callOf(pair, id)).toEqual(before);
  expect(pair.exchange.callers.has(id)).toBe(true);
});

test('a caller whose channel another controller still holds is not taken for gone', async () => {
  const pair = await openPair();
  const id = await arrives(pair, 1, 'one');
  pair.kill('one');
  // The exchange does not let go of them yet.
  for (let n = 0; n < 4; n += 1) pair.exchange.failNext('adopt');
  pair.exchange.doNothingNext('adopt');
  await pair.pass(8000);
  expect((await callOf(pair, id)).state.at).toBe('waiting');
  await pair.pass(3000);
  expect(pair.exchange.callers.get(id)).toMatchObject({ app: 'two' });
});

test.each([1, 2, 3, 4, 5, 6, 8, 10, 14, 20])(
  'stopped in the very middle of an answer, after %i turns, it does not join twice or release anybody',
  async (turns) => {
    const pair = await openPair();
    await pair.room('two')?.ready(ANNA);
    const id = await arrives(pair, 1, 'one');
    void pair.exchange.answer(id, 1);
    for (let turn = 0; turn < turns; turn += 1) await Promise.resolve();
    pair.freeze('one');
    await pair.pass(4000);
    expect(await pair.records.ownerOf(id)).toMatch(/^two#/);
    const commands = pair.exchange.commands.length;
    pair.thaw('one');
    await pair.pass(3000);
    expect((await callOf(pair, id)).state).toMatchObject({ at: 'talking', attempt: 1 });
    expect([...pair.exchange.bridges.values()]).toMatchObject([{ call: id, callerIn: true, callTakerIn: true }]);
    const late = pair.exchange.commands.slice(commands).filter(({ verb, by }) => by === undefined && verb !== 'standing');
    expect(late).toEqual([]);
  },
);

test('a call taker freed by a call of one is given a caller of the other at once', async () => {
  const pair = await openPair(1);
  await pair.room('one')?.ready(ANNA);
  const first = await arrives(pair, 1, 'one');
  await pair.exchange.answer(first, 1);
  const second = await arrives(pair, 2, 'two');
  await pair.exchange.callerLeaves(first);
  await pair.settle();
  expect((await callOf(pair, second)).state).toMatchObject({ at: 'offered', to: ANNA });
});

test.each(['one', 'two'] as const)('the API of either controller works for a call of the other: %s', async (at) => {
  const pair = await openPair();
  await pair.room(at)?.ready(ANNA);
  const id = await arrives(pair, 1, at === 'one' ? 'two' : 'one');
  await pair.exchange.answer(id, 1);
  await pair.settle();
  const room = pair.room(at);
  expect((await room?.hold(id, ANNA))?.state).toMatchObject({ floor: { is: 'hold' } });
  expect((await room?.resume(id, ANNA))?.state).toMatchObject({ floor: { is: 'open' } });
  expect((await room?.finish(id, ANNA))?.state).toMatchObject({ at: 'ended' });
});

test.each(['kill', 'freeze'] as const)(
  'asked for a call of one that is gone (%s), the other has it soon and does what was asked',
  async (how) => {
    const pair = await openPair();
    await pair.room('two')?.ready(ANNA);
    const id = await arrives(pair, 1, 'one');
    await pair.exchange.answer(id, 1);
    await pair.settle();
    pair[how]('one');
    const asked = pair.room('two')?.hold(id, ANNA);
    await pair.pass(3000);
    expect((await asked)?.state).toMatchObject({ floor: { is: 'hold' } });
    pair.thaw('one');
    await pair.pass(1000);
    expect((await callOf(pair, id)).state).toMatchObject({ floor: { is: 'hold' } });
  },
);

test('asked for a call of one that lives and does not answer, the other says unavailable after a while', async () => {
  const pair = await openPair();
  await pair.room('two')?.ready(ANNA);
  const id = await arrives(pair, 1, 'one');
  await pair.exchange.answer(id, 1);
  await pair.settle();
  pair.switchboard.freeze('one');
  const asked = pair
    .room('two')
    ?.hold(id, ANNA)
    .catch((refused: unknown) => refused);
  await pair.pass(5000);
  expect(await asked).toMatchObject({ kind: 'unavailable' });
  expect(await pair.records.ownerOf(id)).toMatch(/^one#/);
});

test('a call taker who signs off at one controller while the other rings them: the caller is back in the line at once', async () => {
  const pair = await openPair();
  await pair.room('two')?.ready(ANNA);
  const id = await arrives(pair, 1, 'one');
  expect((await callOf(pair, id)).state.at).toBe('offered');
  await pair.room('two')?.off(ANNA);
  await pair.settle();
  expect((await callOf(pair, id)).state.at).toBe('waiting');
  expect(pair.exchange.legs.size).toBe(0);
});

/** In conversation at `one`, and one volunteer of the roster rings for it. */
async function seeking(pair: ControlPair): Promise<CallId> {
  await pair.exchange.register('v1');
  const volunteer = { id: 'v1', name: 'One', languages: ['ru native'], speaks: 'zh', addresses: ['sip:v1'], duty: 'mon-sun 00:00-24:00' };
  await pair.room('two')?.importRoster([volunteer]);
  await pair.room('two')?.ready(ANNA);
  const id = await arrives(pair, 1, 'one');
  await pair.exchange.answer(id, 1);
  await pair.settle();
  await pair.room('two')?.askInterpreter(id, 'ru');
  await pair.settle();
  return id;
}

test('a volunteer who rings for one who died is rung anew by the other', async () => {
  const pair = await openPair();
  const id = await seeking(pair);
  expect([...pair.exchange.volunteers.legs.keys()]).toEqual([`${id}.interpreter.1`]);
  pair.kill('one');
  await pair.pass(4000);
  expect([...pair.exchange.volunteers.legs.values()]).toMatchObject([{ leg: 2, app: 'two', answered: false }]);
  await pair.exchange.volunteerAnswers(id, 2);
  await pair.settle();
  await pair.exchange.volunteerPresses(id, 2, '1');
  await pair.settle();
  expect((await callOf(pair, id)).interpreter).toMatchObject({ is: 'present', leg: 2 });
});

test('an interpreter in the conversation of one who died stays the third, and their leaving is heard', async () => {
  const pair = await openPair();
  const id = await seeking(pair);
  await pair.exchange.volunteerAnswers(id, 1);
  await pair.settle();
  await pair.exchange.volunteerPresses(id, 1, '1');
  await pair.settle();
  pair.kill('one');
  await pair.pass(4000);
  expect((await callOf(pair, id)).interpreter).toMatchObject({ is: 'present', leg: 1 });
  expect([...pair.exchange.bridges.values()]).toMatchObject([{ callerIn: true, callTakerIn: true, volunteersIn: [1] }]);
  await pair.exchange.volunteerEnds(id, 1, 'hung-up');
  await pair.settle();
  expect(await callOf(pair, id)).toMatchObject({ state: { at: 'talking' }, interpreter: { is: 'none' } });
});

test('a controller that leaves hands its calls over at once, and none of them is told to be over', async () => {
  const pair = await openPair();
  await pair.room('two')?.ready(ANNA);
  const talking = await arrives(pair, 1, 'one');
  await pair.exchange.answer(talking, 1);
  const waiting = await arrives(pair, 2, 'one');
  await pair.leave('one');
  for (const id of [talking, waiting]) expect(await pair.records.ownerOf(id)).toMatch(/^two#/);
  expect([(await callOf(pair, talking)).state.at, (await callOf(pair, waiting)).state.at]).toEqual(['talking', 'waiting']);
});

test('the last controller that leaves keeps its calls for its next life', async () => {
  const pair = await openPair();
  pair.kill('two');
  await pair.pass(4000);
  await pair.exchange.arrive(nth(1));
  await pair.pass(1000);
  await pair.leave('one');
  expect(await pair.records.ownerOf(nth(1))).toMatch(/^one#/);
  await pair.start('one');
  expect(await pair.records.ownerOf(nth(1))).toMatch(/^one#/);
  expect((await callOf(pair, nth(1))).state.at).toBe('waiting');
});

test('two at the door: one has the caller, the other forgets them, and no record says they went elsewhere', async () => {
  const pair = await openPair();
  for (let n = 1; n <= 10; n += 1) await pair.exchange.arrive(nth(n));
  await pair.pass(8000);
  const calls = await live(pair);
  expect(calls.map(({ state }) => state.at)).toEqual(calls.map(() => 'waiting'));
  expect(calls.map(({ ticket }) => ticket)).toEqual(Array.from({ length: 10 }, (_, n) => n + 1));
  expect((await pair.records.journal(null, 1000)).filter(({ data }) => data?.['to'] === 'ended')).toEqual([]);
  expect(pair.exchange.given('claim')).toHaveLength(10);
});

test('one that dies between the ticket and the claim: the fallback serves, and the record says so', async () => {
  const pair = await openPair();
  pair.kill('two');
  await pair.pass(4000);
  const heard = pair.exchange.arrive(nth(1));
  pair.exchange.goElsewhere(nth(1));
  await heard;
  await pair.settle();
  await pair.start('two');
  pair.kill('one');
  await pair.pass(10_000);
  expect((await callOf(pair, nth(1))).state).toEqual({ at: 'ended', why: 'elsewhere' });
});

test.each([1, 2])(
  'whatever happens to callers, desks (%i) and both controllers, in any order: nobody is lost, nobody is served twice, in order of ticket',
  async (desks) => {
    expect(await complaintOfWalks(desks, Number(process.env['INTAKE_WALKS'] ?? 60))).toBeUndefined();
  },
  60_000,
);
