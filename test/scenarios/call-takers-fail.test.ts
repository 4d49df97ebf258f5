/**
 * A call taker who fails costs the caller no place: not answering, declining, a phone that goes, a line that is cut in conversation.
 */
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { type City, openCity } from '../stack/city.ts';
import { LINE_CUT } from '../stack/phone.ts';
import { until } from '../stack/until.ts';

let city: City;
beforeAll(async () => {
  city = await openCity({ env: { INTAKE_RING_SECONDS: '2' } });
});
afterAll(() => city.stop());
afterEach(() => city.clear());

it('a call taker who does not answer is put on pause, and the caller goes to the next one with the same ticket', async () => {
  const silent = await city.signOn('1001');
  await city.dial('13900000001');
  await until('the first phone rings', () => silent.isRinging());
  const next = await city.signOn('1002');
  next.conduct('answer');
  const before = await city.call('13900000001', 'is offered', ({ state }) => state === 'offered');
  const talking = await city.conversation('13900000001');
  expect(talking).toMatchObject({
    ticket: before.ticket,
    callTaker: '1002',
    offers: [
      { callTaker: '1001', outcome: 'no-answer' },
      { callTaker: '1002', outcome: 'talking' },
    ],
  });
  expect(await city.callTaker('1001')).toMatchObject({ state: 'pause', reason: 'no-answer' });
  await until('the first phone has fallen silent', () => !silent.isRinging());
  expect((await city.witness.channels()).map(({ id }) => id).filter((id) => id.includes('.taker.'))).toEqual([`${talking.id}.taker.2`]);
});

it.for(['decline', 'busy'] as const)(
  'who answers "%s" is put on pause as declining, and the caller is first in line still',
  async (conduct) => {
    const [number, later] = conduct === 'decline' ? ['13900000011', '13900000012'] : ['13900000013', '13900000014'];
    const refusing = await city.signOn('1001');
    refusing.conduct(conduct);
    await city.dial(number);
    await city.callTakerIs('1001', 'is on pause', ({ state, reason }) => state === 'pause' && reason === 'declined');
    await city.dial(later);
    await city.call(later, 'is in the line', ({ state }) => state === 'greeting' || state === 'waiting');
    const next = await city.signOn('1002');
    next.conduct('answer');
    const talking = await city.conversation(number);
    expect(talking.offers.map(({ callTaker, outcome }) => [callTaker, outcome])).toEqual([
      ['1001', 'declined'],
      ['1002', 'talking'],
    ]);
    expect(refusing.rings).toHaveLength(1);
    expect((await city.call(later, 'still waits', () => true)).offers).toEqual([]);
  },
);

it('nobody is offered to a call taker whose phone has been unregistered, until it is back', async () => {
  const phone = await city.signOn('1001');
  phone.conduct('answer');
  await phone.unregister();
  await city.callTakerIs('1001', 'has no phone', (known) => known.phone === 'absent');
  await city.dial('13900000021');
  // The pairing looks once a second at the latest: two of them must pass without a ring.
  await city.call('13900000021', 'has been greeted', ({ state }) => state === 'waiting');
  await new Promise((resolve) => setTimeout(resolve, 2100));
  expect(phone.rings).toEqual([]);
  expect(await city.callTaker('1001')).toMatchObject({ state: 'ready', phone: 'absent' });
  await phone.register();
  await city.conversation('13900000021');
});

it('a phone that vanishes without a word while it rings gives the caller back, and its call taker is on pause', async () => {
  const phone = await city.signOn('1001');
  await city.dial('13900000031');
  await until('the phone rings', () => phone.isRinging());
  phone.close();
  await city.callTakerIs('1001', 'is on pause', ({ state, reason }) => state === 'pause' && reason !== null);
  await city.call('13900000031', 'is back in the line', ({ state }) => state === 'waiting');
  const next = await city.signOn('1002');
  next.conduct('answer');
  expect(await city.conversation('13900000031')).toMatchObject({ callTaker: '1002' });
});

it("a caller whose call taker's line is cut is told to be first again, and is served before those who came later", async () => {
  const cut = await city.signOn('1001');
  cut.conduct('answer');
  const caller = await city.dial('13900000041');
  const talking = await city.conversation('13900000041');
  await city.dial('13900000042');
  await city.call('13900000042', 'waits', ({ state }) => state === 'waiting');
  await cut.hangUp(LINE_CUT);
  const back = await city.call('13900000041', 'is back in the line', ({ state }) => state === 'waiting');
  expect(back).toMatchObject({ ticket: talking.ticket, offers: [{ outcome: 'lost' }] });
  expect(caller.isOver()).toBe(false);
  await until('the caller is told so', () => city.witness.heardBy(back.id).at(-1) === 'first-again');
  expect(await city.callTaker('1001')).toMatchObject({ state: 'pause', reason: 'line-lost' });
  const { body } = await city.ask('supervisor', 'GET', '/line');
  expect(body).toMatchObject({ callers: [{ place: 1, call: back.id }, { place: 2 }] });

  const next = await city.signOn('1002');
  next.conduct('answer');
  const again = await city.conversation('13900000041');
  expect(city.recorded(`${again.id}.recording.1`)).toBeGreaterThan(44);
  await city.ask('call-taker-1002', 'POST', `/calls/${again.id}/finish`);
  const { body: incident } = await city.ask('supervisor', 'GET', `/incidents/${again.incident}`);
  expect(incident).toMatchObject({ call: { callTaker: '1002', recordings: [`${again.id}.recording.1`, `${again.id}.recording.2`] } });
  await city.conversation('13900000042');
});

it('a call taker who signs off while the phone rings is let go, and the caller waits on without having lost a place', async () => {
  const phone = await city.signOn('1001');
  await city.dial('13900000051');
  await until('the phone rings', () => phone.isRinging());
  await city.become('1001', 'off');
  const waiting = await city.call('13900000051', 'waits', ({ state }) => state === 'waiting' || state === 'greeting');
  expect(waiting.offers).toMatchObject([{ outcome: 'withdrawn' }]);
  await until('the phone has fallen silent', () => !phone.isRinging());
  expect(await city.callTaker('1001')).toMatchObject({ state: 'off' });
});
