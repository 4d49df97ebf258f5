/**
 * A caller may leave from anywhere and at any moment: what happened is on record, and nothing of the call is left behind.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import type { Incident } from '../../src/incident/incident.ts';
import { type City, openCity, type ShownCall } from '../stack/city.ts';
import { LINE_CUT, type SipCaller } from '../stack/phone.ts';
import { until } from '../stack/until.ts';

let city: City;
beforeAll(async () => {
  city = await openCity();
});
afterAll(() => city.stop());
afterEach(() => city.clear());

const ended = ({ state }: ShownCall): boolean => state === 'ended';

async function abandonedRecord(call: ShownCall): Promise<Incident> {
  const received = await until('the abandoned call is told', () =>
    city.sink.received.find(({ body }) => body.includes(call.incident) && body.includes('"incident.abandoned"')),
  );
  expect(received.complaint).toBe(null);
  return (JSON.parse(received.body) as { data: Incident }).data;
}

it('from the greeting', async () => {
  const caller = await city.dial('13900000001');
  const greeted = await city.call('13900000001', 'is greeted', ({ state }) => state === 'greeting');
  await caller.hangUp();
  const left = await city.call('13900000001', 'is over', ended);
  expect(left).toMatchObject({ why: 'abandoned', placeWhenLeft: 1, ticket: greeted.ticket, offers: [] });
  const record = await abandonedRecord(left);
  expect(record).toMatchObject({
    status: 'open',
    matter: { class: 'abandoned' },
    reporter: { number: '13900000001' },
    call: { ticket: greeted.ticket, placeWhenLeft: 1, answeredAt: null, recordings: [], release: 'choice' },
  });
  expect(record.call?.waitedSeconds).toBeGreaterThan(0);
  await city.witness.sees('nothing');
});

it('from the line, with the place they stood at; those behind move up', async () => {
  const dialled = async (number: string): Promise<SipCaller> => {
    const caller = await city.dial(number);
    await city.call(number, 'waits', ({ state }) => state === 'waiting');
    return caller;
  };
  const [first, second] = [await dialled('13900000011'), await dialled('13900000012')];
  await dialled('13900000013');
  await second.hangUp();
  const left = await city.call('13900000012', 'is over', ended);
  expect(left).toMatchObject({ why: 'abandoned', placeWhenLeft: 2 });
  expect(await abandonedRecord(left)).toMatchObject({ call: { placeWhenLeft: 2 } });
  expect((await city.ask('supervisor', 'GET', '/line')).body).toMatchObject({ length: 2 });
  await first.hangUp(LINE_CUT);
  const cut = await city.call('13900000011', 'is over', ended);
  expect(await abandonedRecord(cut)).toMatchObject({ call: { placeWhenLeft: 1, release: 'cut' } });
});

it('while a phone rings: it falls silent, and its call taker keeps the place among the ready', async () => {
  const phone = await city.signOn('1001');
  const { since } = await city.callTaker('1001');
  const caller = await city.dial('13900000021');
  await until('the phone rings', () => phone.isRinging());
  await caller.hangUp();
  const left = await city.call('13900000021', 'is over', ended);
  expect(left).toMatchObject({ why: 'abandoned', offers: [{ callTaker: '1001', outcome: 'caller-left' }] });
  await until('the phone has fallen silent', () => !phone.isRinging());
  expect(await city.callTaker('1001')).toMatchObject({ state: 'ready', since });
  await abandonedRecord(left);
  await city.witness.sees('nothing');
});

it('in the very moment in which the call taker answers: nobody is left talking to nobody', async () => {
  const phone = await city.signOn('1001');
  for (let n = 1; n <= 5; n++) {
    const number = `1390000003${n}`;
    const caller = await city.dial(number);
    await until('the phone rings', () => phone.isRinging());
    phone.pickUp();
    await caller.hangUp();
    await city.call(number, 'is over', ended);
    await city.callTakerIs('1001', 'is ready again', ({ state }) => state === 'ready');
    await city.witness.sees('nothing');
    await until('the phone is down', () => !phone.isTalking());
  }
  expect(phone.rings).toHaveLength(5);
});

it.for(['in conversation', 'on hold'] as const)('%s: the call is complete and the call taker free', async (where) => {
  const number = where === 'on hold' ? '13900000042' : '13900000041';
  const phone = await city.signOn('1001');
  phone.conduct('answer');
  const caller = await city.dial(number);
  const call = await city.conversation(number);
  if (where === 'on hold') {
    await city.ask('call-taker-1001', 'POST', `/calls/${call.id}/hold`);
    await until('the hold prompt', () => city.witness.heardBy(call.id).at(-1) === 'hold');
  }
  await caller.hangUp();
  expect(await city.call(number, 'is over', ended)).toMatchObject({ why: 'completed', placeWhenLeft: null });
  await city.callTakerIs('1001', 'is ready again', ({ state }) => state === 'ready');
  await until('the phone is down', () => !phone.isTalking());
  await city.witness.sees('nothing');
  expect(city.sink.received.filter(({ body }) => body.includes(call.incident))).toEqual([]);
});

it('the call taker hangs up while the caller is on hold: the caller is let go as well', async () => {
  const phone = await city.signOn('1001');
  phone.conduct('answer');
  const caller = await city.dial('13900000051');
  const call = await city.conversation('13900000051');
  await city.ask('call-taker-1001', 'POST', `/calls/${call.id}/hold`);
  await phone.hangUp();
  expect(await city.call('13900000051', 'is over', ended)).toMatchObject({ why: 'completed' });
  await until('the caller is let go', () => caller.isOver());
  await city.witness.sees('nothing');
});

it('with a CANCEL that crosses the answer: no caller is left in Asterisk and none in the line', async () => {
  const numbers = Array.from({ length: 8 }, (_, n) => `1390000006${n}`);
  const callers = await Promise.all(numbers.map((number) => city.dial(number)));
  await Promise.all(callers.map((caller) => caller.hangUp()));
  await city.witness.sees('nothing');
  await until('nobody is in the line', async () => {
    const { body } = await city.ask('supervisor', 'GET', '/line');
    return (body as { length: number }).length === 0;
  });
  const known = (await city.calls()).filter(({ number }) => numbers.includes(number ?? ''));
  const over = await Promise.all(known.map(({ number }) => city.call(number, 'is over', ended, 12_000)));
  expect(over.filter(({ why }) => why === 'completed')).toEqual([]);
}, 30_000);
