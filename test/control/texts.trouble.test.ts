/** The texts of the control room where a carrier, a record or a second controller does not do what it should. */
import { describe, expect, test } from 'vitest';
import { phoneNumber, type PhoneNumber } from '../../src/kernel/phone-numbers.ts';
import type { Sending } from '../../src/control/text-ports.ts';
import { DANGER_SIGNS } from '../../src/reading/reading.ts';
import type { PartHeader } from '../../src/sms/text.ts';
import { Memory } from '../simulators/memory-store.ts';
import { Fault } from '../../src/kernel/faults.ts';
import { ANNA, openHouse, type House } from './house.ts';

const NUMBER = '13845101234';
const text = (house: House, words: string, about: { from?: string; to?: string; part?: PartHeader } = {}) =>
  house.gateway.deliver({
    carrierId: null,
    from: about.from ?? NUMBER,
    to: about.to ?? '12110',
    coding: 'utf8',
    octets: Buffer.from(words, 'utf8'),
    part: about.part ?? null,
    sentAt: null,
  });

describe('a gateway that hangs', () => {
  test('keeps no other from sending, however many texts wait for it', async () => {
    const house = await openHouse();
    house.gateway.send = () => new Promise<Sending>(() => undefined);
    for (let n = 0; n < 100; n += 1) await text(house, '@what', { from: `139000000${String(n).padStart(2, '0')}` });
    await house.settle();
    await text(house, '@what', { to: '121100755' });
    await house.settle();
    house.clock.pass(1000);
    await house.settle();
    expect(house.otherCentre.accepted).toHaveLength(1);
  });
});

describe('a reporter', () => {
  test.each([
    ['+8613845101234', '13845101234'],
    ['8613845101234', '+8613845101234'],
    ['008613845101234', '13845101234'],
  ])('is one reporter, whether the network writes %s or %s', async (one, other) => {
    const house = await openHouse();
    await text(house, '@what', { from: one });
    await text(house, '@place', { from: other });
    await house.settle();
    expect(await house.store.recentThreads(10)).toHaveLength(1);
  });

  test('in danger is not answered by the number in another spelling either', async () => {
    const house = await openHouse();
    await text(house, '@what !captive', { from: '+8613845101234' });
    await house.settle();
    await text(house, '#another @what', { from: '13845101234' });
    await house.settle();
    house.clock.pass(60_000);
    await house.settle();
    expect(house.gateway.accepted).toEqual([]);
    expect(await house.store.isSilenced(phoneNumber('008613845101234') as PhoneNumber)).toBe(true);
  });
});

describe('a text of ours that is due', () => {
  test('waits until what has just come from the same number is read: it may tell of danger', async () => {
    const house = await openHouse();
    house.gateway.behave('busy');
    await text(house, '@what');
    await house.settle();
    house.gateway.behave('accept');
    const threadsOf = house.store.threadsOf.bind(house.store);
    const slow = Promise.withResolvers<undefined>();
    house.store.threadsOf = async (...about) => {
      await slow.promise;
      return threadsOf(...about);
    };
    await text(house, '!no-reply', { from: `+86${NUMBER}` });
    for (let times = 0; times < 5; times += 1) {
      house.clock.pass(60_000);
      await house.settle();
    }
    expect(house.gateway.accepted).toEqual([]);
    slow.resolve(undefined);
    await house.settle();
    house.clock.pass(60_000);
    await house.settle();
    expect(house.gateway.accepted).toEqual([]);
    expect((await house.store.recentThreads(1))[0]).toMatchObject({ guard: { is: 'silent' }, outgoing: [{ state: 'withheld' }] });
  });
});

describe('a call taker’s answer', () => {
  test('is refused where another report of the same number must not be answered, not taken and then kept back unseen', async () => {
    const house = await openHouse();
    await text(house, '@what !captive');
    await house.settle();
    await text(house, '#another @what');
    await house.settle();
    const [second, first] = await house.store.threadsOf(phoneNumber(NUMBER) as PhoneNumber, 5);
    if (first === undefined || second === undefined) throw new Error('there are not two threads');
    await house.control.room.decideReply(second.id, true, 'she called', DANGER_SIGNS, ANNA);
    const asked = house.control.room.answerText(second.id, '在吗', ANNA);
    await expect(asked).rejects.toMatchObject({ kind: 'conflict', message: expect.stringContaining('another report') });
    await house.control.room.decideReply(first.id, true, 'she called', DANGER_SIGNS, ANNA);
    await house.control.room.answerText(second.id, '在吗', ANNA);
    await house.settle();
    expect(house.gateway.accepted.map(({ text: words }) => words)).toEqual(['在吗']);
  });
});

describe('two controllers', () => {
  test('to which the parts of one text come at once make one thread and one incident of them', async () => {
    const memory = new Memory();
    const [one, other] = [await openHouse({ store: { memory } }), await openHouse({ store: { memory, instance: 'two' } })];
    const part = (number: number) => ({ reference: 9, width: 8, total: 3, number }) as const;
    await Promise.all([
      text(one, 'first @what ', { part: part(1) }),
      text(other, 'second @place ', { part: part(2) }),
      text(one, 'third @time', { part: part(3) }),
    ]);
    await one.settle();
    await other.settle();
    const threads = await one.store.recentThreads(10);
    expect(threads.map(({ received }) => received.map(({ text: words }) => words))).toEqual([['first @what second @place third @time']]);
    expect((await one.store.incidents({ limit: 10 })).length).toBe(1);
  });
});

describe('texts that cannot be read', () => {
  test('hold up nobody else, however many they are, and are read as soon as they can be', async () => {
    const house = await openHouse();
    await text(house, '@what');
    await house.settle();
    const [{ incident } = { incident: '' }] = await house.store.recentThreads(1);
    const whole = house.store.memory.incidents.get(incident);
    if (whole === undefined) throw new Error('there is no incident');
    house.store.memory.incidents.set(incident, { ...whole, json: '{"broken' });
    for (let n = 0; n < 200; n += 1) await text(house, `@what ${n}`);
    for (let n = 0; n < 100; n += 1) await text(house, '@what', { from: `139000000${String(n).padStart(2, '0')}` });
    for (let seconds = 0; seconds < 30; seconds += 1) {
      house.clock.pass(1000);
      await house.settle();
    }
    expect((await house.store.recentThreads(500)).length).toBe(101);
    house.store.memory.incidents.set(incident, whole);
    for (let seconds = 0; seconds < 120; seconds += 1) {
      house.clock.pass(1000);
      await house.settle();
    }
    expect(await house.store.unread()).toEqual({ count: 0, oldest: null });
    const received = (await house.store.recentThreads(500)).at(-1)?.received.map(({ text: words }) => words);
    expect(received).toEqual(['@what', ...Array.from({ length: 199 }, (_, n) => `@what ${n}`)]);
  });
});

describe('a call taker who asks while the records are just going away', () => {
  test('is told so at once and does not wait until they are back', async () => {
    const house = await openHouse();
    await text(house, '@what');
    await house.settle();
    const [thread] = await house.store.recentThreads(1);
    house.store.incident = () => Promise.reject(new Fault('unavailable', 'The store is away'));
    const asked = house.control.room.takeText(thread?.id ?? ('' as never), ANNA).catch((thrown: unknown) => thrown);
    await house.settle();
    const waits = new Promise((resolve) => void setImmediate(() => resolve('still waiting')));
    expect(await Promise.race([asked, waits])).toMatchObject({ kind: 'unavailable' });
  });
});
