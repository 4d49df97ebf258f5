import { describe, expect, test } from 'vitest';
import { instant } from '../../src/kernel/instants.ts';
import { phoneNumber, type PhoneNumber } from '../../src/kernel/phone-numbers.ts';
import type { Incident } from '../../src/incident/incident.ts';
import type { Thread } from '../../src/sms/thread.ts';
import type { PartHeader } from '../../src/sms/text.ts';
import { SimulatedGateway } from '../simulators/gateway.ts';
import { ANNA, BEN, openHouse, type House } from './house.ts';

const NUMBER = '13845101234';
const WHOLE = '@place @what @time';

/** One text in the words of the small world: `@place`, `@what`, `@time`, `@urgent`, `!hiding` … */
const text = (house: House, words: string, about: { from?: string; to?: string; carrierId?: string | null; part?: PartHeader } = {}) =>
  house.gateway.deliver({
    carrierId: about.carrierId ?? null,
    from: about.from ?? NUMBER,
    to: about.to ?? '12110',
    coding: 'utf8',
    octets: Buffer.from(words, 'utf8'),
    part: about.part ?? null,
    sentAt: null,
  });

const threadsOf = (house: House, number = NUMBER): Promise<readonly Thread[]> =>
  house.store.threadsOf(phoneNumber(number) as PhoneNumber, 20);

async function theThread(house: House, number = NUMBER): Promise<Thread> {
  const [thread, ...others] = await threadsOf(house, number);
  if (thread === undefined || others.length > 0) throw new Error(`${others.length} threads beside the one`);
  return thread;
}

async function theIncident(house: House, number = NUMBER): Promise<Incident> {
  const incident = await house.store.incident((await theThread(house, number)).incident);
  if (incident === null) throw new Error('the thread has no incident');
  return incident;
}

const handedOver = (house: House): readonly string[] =>
  house.store.saved.flatMap(({ handovers }) => (handovers ?? []).map(({ type, incident }) => `${type} ${incident.version}`));

const sent = (house: House): readonly string[] => house.gateway.accepted.map(({ text: words }) => words);

describe('a text to the short number', () => {
  test('is kept, then acknowledged, then read: a thread, an incident, and a receipt with one question', async () => {
    const house = await openHouse();
    expect(await text(house, '@what')).toBe('acknowledged');
    await house.settle();
    const thread = await theThread(house);
    expect(thread).toMatchObject({ missing: ['place', 'time'], holder: { is: 'waiting' } });
    expect(await theIncident(house)).toMatchObject({
      channel: 'text',
      status: 'open',
      confirmed: false,
      what: '@what',
      reporter: { number: NUMBER },
    });
    expect(sent(house)).toEqual([expect.stringContaining('您在哪里')]);
    expect(handedOver(house)).toEqual([]);
    expect(await house.store.unread()).toEqual({ count: 0, oldest: null });
  });

  test('that tells everything is handed over at once, and marked as confirmed by nobody', async () => {
    const house = await openHouse();
    await text(house, WHOLE);
    await house.settle();
    expect(await theIncident(house)).toMatchObject({ status: 'handed-over', handedOverBy: 'rules', confirmed: false, missing: [] });
    expect(handedOver(house)).toEqual(['incident.handed_over 1']);
  });

  test('that is urgent is handed over with what there is, and amended as more comes', async () => {
    const house = await openHouse();
    await text(house, '@urgent @what');
    await house.settle();
    await text(house, '@place');
    await house.settle();
    expect(await theIncident(house)).toMatchObject({ status: 'handed-over', missing: ['time'] });
    expect(handedOver(house)).toEqual(['incident.handed_over 1', 'incident.amended 2']);
  });

  test('with a name of the carrier is one text however often it comes', async () => {
    const house = await openHouse();
    const answers = [];
    for (let times = 0; times < 3; times++) answers.push(await text(house, WHOLE, { carrierId: 'msg-1' }));
    await house.settle();
    expect(answers).toEqual(['acknowledged', 'acknowledged', 'acknowledged']);
    expect((await theThread(house)).received).toMatchObject([{ repeats: 0 }]);
    expect(handedOver(house)).toHaveLength(1);
  });

  test('without one is counted as a repeat, and answered once', async () => {
    const house = await openHouse();
    for (let times = 0; times < 100; times++) await text(house, '@what');
    await house.settle();
    expect((await theThread(house)).received).toMatchObject([{ repeats: 99 }]);
    expect(sent(house)).toHaveLength(1);
  });

  test('in parts, out of order: shown at once with its gaps, whole when the rest comes, and answered when it is whole', async () => {
    const house = await openHouse();
    const part = (number: number): { part: PartHeader } => ({ part: { reference: 9, width: 8, total: 3, number } });
    await text(house, 'third @time', part(3));
    await house.settle();
    expect((await theThread(house)).received).toMatchObject([{ text: '[…1-2/3…]third @time', isComplete: false }]);
    expect((await theIncident(house)).texts?.messages[0]).toMatchObject({ text: '[…1-2/3…]third @time', isComplete: false });
    expect(sent(house)).toEqual([]);
    await text(house, 'first @what ', part(1));
    await text(house, 'second @place ', part(2));
    await house.settle();
    expect((await theThread(house)).received).toMatchObject([{ text: 'first @what second @place third @time', isComplete: true }]);
    expect(await theIncident(house)).toMatchObject({ missing: [], status: 'handed-over' });
    house.clock.pass(10_000);
    await house.settle();
    expect(sent(house)).toHaveLength(1);
  });

  test('whose other parts never come is answered after a while', async () => {
    const house = await openHouse();
    await text(house, '@what', { part: { reference: 9, width: 16, total: 2, number: 1 } });
    await house.settle();
    expect(sent(house)).toEqual([]);
    house.clock.pass(8000);
    await house.settle();
    expect(sent(house)).toHaveLength(1);
  });

  test.each(['110', 'BANK', '', '12110', 'anonymous'])('from %j is an incident, and nothing is sent back', async (from) => {
    const house = await openHouse();
    await text(house, '@urgent', { from });
    await house.settle();
    const [thread] = await house.store.recentThreads(10);
    expect(await house.store.incident(thread?.incident ?? ('' as never))).toMatchObject({ status: 'handed-over' });
    house.clock.pass(60_000);
    await house.settle();
    expect(house.gateway.accepted).toEqual([]);
  });

  test('of one sender waits for no other sender, and keeps the order it came in', async () => {
    const house = await openHouse();
    await Promise.all(
      Array.from({ length: 300 }, (_, n) => text(house, `text ${n}`, { from: `1390000${String(n % 30).padStart(4, '0')}` })),
    );
    await house.settle();
    const threads = await house.store.recentThreads(100);
    expect(threads).toHaveLength(30);
    for (const { received } of threads) {
      const order = received.map(({ text: words }) => Number(words.replace('text ', '')));
      expect(order).toEqual(order.toSorted((a, b) => a - b));
      expect(order).toHaveLength(10);
    }
  });
});

describe('the records away', () => {
  test('the carrier is told to repeat, and the repeat makes one incident', async () => {
    const house = await openHouse();
    house.store.goAway();
    expect(await text(house, WHOLE, { carrierId: 'a' })).toBe('temporary');
    house.store.comeBack();
    expect(await text(house, WHOLE, { carrierId: 'a' })).toBe('acknowledged');
    await house.settle();
    expect((await theThread(house)).received).toHaveLength(1);
    expect(handedOver(house)).toHaveLength(1);
  });

  test('a text whose acknowledgement was lost is one text when the carrier repeats it', async () => {
    const house = await openHouse();
    house.store.loseNextAnswer();
    expect(await text(house, WHOLE, { carrierId: 'a' })).toBe('temporary');
    expect(await text(house, WHOLE, { carrierId: 'a' })).toBe('acknowledged');
    house.clock.pass(5000);
    await house.settle();
    expect((await theThread(house)).received).toMatchObject([{ repeats: 0 }]);
    expect(handedOver(house)).toHaveLength(1);
  });

  test('what was kept and not read is read when they are back', async () => {
    const house = await openHouse();
    const delivered = text(house, WHOLE);
    await delivered;
    house.store.goAway();
    await house.settle();
    house.store.comeBack();
    house.clock.pass(5000);
    await house.settle();
    expect((await theThread(house)).received).toHaveLength(1);
    expect(handedOver(house)).toHaveLength(1);
  });

  test('what a killed controller had kept is read by the next, once', async () => {
    const first = await openHouse();
    await first.store.keepText({
      id: '01KEPT' as never,
      gateway: 'mobile',
      carrierId: null,
      from: NUMBER,
      to: '12110',
      coding: 'utf8',
      octets: Buffer.from(WHOLE).toString('base64'),
      part: null,
      sentAt: null,
      receivedAt: instant(1_000_000),
    });
    first.clock.pass(5000);
    await first.settle();
    first.clock.pass(5000);
    await first.settle();
    expect((await theThread(first)).received).toHaveLength(1);
    expect(handedOver(first)).toHaveLength(1);
  });
});

describe('the safe-reply guard', () => {
  test('lets nothing out where there are signs of danger, until a call taker allows it', async () => {
    const house = await openHouse();
    await text(house, '@what !hiding');
    await house.settle();
    house.clock.pass(60_000);
    await house.settle();
    const { id } = await theThread(house);
    await expect(house.control.room.answerText(id, '在吗', ANNA)).rejects.toMatchObject({ kind: 'conflict' });
    expect(house.gateway.accepted).toEqual([]);
    expect((await theIncident(house)).texts).toMatchObject({ contact: 'silent', contactReason: expect.stringContaining('hiding') });
    await house.control.room.decideReply(id, true, 'she called from another room', ['hiding'], ANNA);
    await house.control.room.answerText(id, '在吗', ANNA);
    await house.settle();
    expect(sent(house)).toEqual(['在吗']);
    expect((await theThread(house)).guard).toMatchObject({ is: 'allowed', by: ANNA, reason: 'she called from another room' });
    expect(house.store.memory.journal.map(({ json }) => (JSON.parse(json) as { kind: string }).kind)).toContain('SafeReplyDecided');
  });

  test('is not opened over a sign that the call taker has not seen', async () => {
    const house = await openHouse();
    await text(house, '@what !hiding');
    await house.settle();
    const { id } = await theThread(house);
    await text(house, '!captive');
    await house.settle();
    const decided = house.control.room.decideReply(id, true, 'looked fine', ['hiding'], ANNA);
    await expect(decided).rejects.toMatchObject({ kind: 'conflict', message: expect.stringContaining('captive') });
    await text(house, 'more @what');
    await house.settle();
    expect(house.gateway.accepted).toEqual([]);
    await house.control.room.decideReply(id, false, 'he has the telephone', [], ANNA);
    expect((await theThread(house)).guard).toMatchObject({ is: 'forbidden' });
  });

  test('keeps back what was waiting when the danger is told before it goes', async () => {
    const house = await openHouse();
    house.gateway.cut();
    house.gateway.mend();
    house.gateway.behave('busy');
    await text(house, '@what');
    await house.settle();
    await text(house, '!no-reply');
    house.gateway.behave('accept');
    house.clock.pass(120_000);
    await house.settle();
    expect(house.gateway.accepted).toEqual([]);
    expect((await theThread(house)).outgoing).toMatchObject([{ state: 'withheld' }]);
  });

  test('stands before every thread of the same number', async () => {
    const house = await openHouse();
    await text(house, '@what');
    await house.settle();
    await text(house, '#another !captive');
    await house.settle();
    const before = house.gateway.accepted.length;
    await text(house, '#another @what again');
    await house.settle();
    expect(await threadsOf(house)).toHaveLength(3);
    expect(house.gateway.accepted).toHaveLength(before);
  });
});

describe('a text of ours', () => {
  test('is waiting, accepted, delivered: each is shown, and the incident does not move for it', async () => {
    const house = await openHouse();
    await text(house, '@what');
    await house.settle();
    const { version } = await theIncident(house);
    expect((await theThread(house)).outgoing).toMatchObject([{ state: 'accepted', attempts: 1 }]);
    const [id = ''] = (await theThread(house)).outgoing[0]?.carrierIds ?? [];
    expect(await house.gateway.report({ carrierId: id, outcome: 'delivered', words: 'DELIVRD' })).toBe('acknowledged');
    await house.settle();
    expect((await theThread(house)).outgoing).toMatchObject([{ state: 'delivered' }]);
    expect((await theIncident(house)).version).toBe(version);
  });

  test('is tried again, under the same id, while the carrier is busy', async () => {
    const house = await openHouse();
    house.gateway.behave('busy');
    await text(house, '@what');
    await house.settle();
    expect((await theThread(house)).outgoing).toMatchObject([{ state: 'waiting', why: expect.stringContaining('busy') }]);
    house.gateway.behave('accept');
    house.clock.pass(10_000);
    await house.settle();
    expect((await theThread(house)).outgoing).toMatchObject([{ state: 'accepted', attempts: 2 }]);
    expect(house.gateway.accepted).toHaveLength(1);
  });

  test('has failed where the carrier refuses it', async () => {
    const house = await openHouse();
    house.gateway.behave('refuse');
    await text(house, '@what');
    await house.settle();
    expect((await theThread(house)).outgoing).toMatchObject([{ state: 'failed', why: expect.stringContaining('no such number') }]);
  });

  test('is delivered also where the report was quicker than our note', async () => {
    const house = await openHouse();
    await house.gateway.report({ carrierId: 'mobile-early', outcome: 'delivered', words: 'DELIVRD' });
    house.gateway.behave('accept');
    const send = house.gateway.send.bind(house.gateway);
    house.gateway.send = async (one) => {
      const answer = await send(one);
      return answer.is === 'accepted' ? { is: 'accepted', carrierIds: ['mobile-early'] } : answer;
    };
    await text(house, '@what');
    await house.settle();
    expect((await theThread(house)).outgoing).toMatchObject([{ state: 'delivered' }]);
  });

  test('a report about a text that nobody knows is acknowledged', async () => {
    const house = await openHouse();
    expect(await house.gateway.report({ carrierId: 'nobody', outcome: 'failed', words: 'EXPIRED' })).toBe('acknowledged');
  });

  test('says that police are on their way, on the dispatcher’s word', async () => {
    const house = await openHouse();
    await text(house, WHOLE);
    await house.settle();
    await house.control.room.onTheirWay((await theThread(house)).incident, 'dispatcher');
    await house.settle();
    expect(sent(house).at(-1)).toContain('正在赶来');
  });

  test('tells what has become of a report to whoever asks for their own', async () => {
    const house = await openHouse();
    await text(house, WHOLE);
    await house.settle();
    await text(house, '#asks-state');
    await house.settle();
    expect(await threadsOf(house)).toHaveLength(1);
    expect((await theThread(house)).outgoing.map(({ purpose }) => purpose)).toEqual(['receipt', 'state']);
  });
});

describe('the line of texts', () => {
  test('is served oldest first, urgent ones marked and not before', async () => {
    const house = await openHouse();
    for (const [n, words] of ['@what', '@urgent @what', '@what'].entries()) {
      await text(house, words, { from: `1380000000${n}` });
      await house.settle();
      house.clock.pass(1000);
    }
    const { length, threads } = await house.control.room.textLine(10);
    expect([length, threads.map(({ isUrgent }) => isUrgent)]).toEqual([3, [false, true, false]]);
    const taken = [await house.control.room.takeNextText(ANNA), await house.control.room.takeNextText(BEN)];
    expect(taken.map((thread) => thread?.from)).toEqual(['13800000000', '13800000001']);
    expect(await house.control.room.textLine(10)).toMatchObject({ length: 1 });
    expect((await theIncident(house, '13800000000')).texts?.callTaker).toBe(ANNA);
  });

  test('two call takers who ask at once are given two different threads, and the last one nothing', async () => {
    const house = await openHouse();
    await text(house, '@what', { from: '13800000000' });
    await text(house, '@what', { from: '13800000001' });
    await house.settle();
    const taken = await Promise.all([ANNA, BEN, ANNA].map((by) => house.control.room.takeNextText(by)));
    const ids = taken.flatMap((thread) => thread?.id ?? []);
    expect(ids).toHaveLength(2);
    expect(new Set(ids).size).toBe(2);
  });

  test('who puts a thread back gives it its old place', async () => {
    const house = await openHouse();
    for (const from of ['13800000000', '13800000001']) {
      await text(house, '@what', { from });
      await house.settle();
      house.clock.pass(1000);
    }
    const taken = await house.control.room.takeNextText(ANNA);
    await house.control.room.putBackText(taken?.id ?? ('' as never), ANNA);
    expect((await house.control.room.textLine(1)).threads[0]?.from).toBe('13800000000');
  });

  test('an incident that is closed takes its thread out of the line; a later text is another emergency', async () => {
    const house = await openHouse();
    await text(house, WHOLE);
    await house.settle();
    const incident = await theIncident(house);
    await house.control.room.close(incident.id as never, incident.version, { outcome: 'duplicate', reason: 'known already' }, '1001');
    expect(await house.control.room.textLine(10)).toMatchObject({ length: 0 });
    house.clock.pass(3_600_000);
    await text(house, '@what again');
    await house.settle();
    expect(await threadsOf(house)).toHaveLength(2);
    expect(await house.control.room.textLine(10)).toMatchObject({ length: 1 });
  });

  test('a call taker splits a thread: the later texts are another emergency with an incident of its own', async () => {
    const house = await openHouse();
    await text(house, WHOLE);
    await text(house, '@urgent @what else');
    await house.settle();
    const thread = await theThread(house);
    const split = await house.control.room.splitThread(thread.id, thread.received[1]?.id ?? ('' as never), ANNA);
    expect(split.received).toHaveLength(1);
    expect((await house.store.thread(thread.id))?.received).toHaveLength(1);
    expect(split.incident).not.toBe(thread.incident);
    expect(await house.store.incident(split.incident)).toMatchObject({ status: 'handed-over', what: '@urgent @what else' });
    expect(await house.store.incident(thread.incident)).toMatchObject({ what: WHOLE });
  });

  test('a call taker joins two threads: one incident goes on, the other is its duplicate', async () => {
    const house = await openHouse();
    await text(house, WHOLE);
    await house.settle();
    house.clock.pass(1000);
    await text(house, '#another @what of the same');
    await house.settle();
    const [second, first] = await threadsOf(house);
    if (first === undefined || second === undefined) throw new Error('there are not two threads');
    const joined = await house.control.room.joinThreads(second.id, first.id, ANNA);
    expect(joined.received).toHaveLength(2);
    expect(await house.store.incident(second.incident)).toMatchObject({
      status: 'closed',
      disposition: { outcome: 'duplicate' },
      links: [{ incident: first.incident, relation: 'duplicate' }],
    });
    expect(await house.store.incident(first.incident)).toMatchObject({ status: 'handed-over' });
    expect(await house.control.room.textLine(10)).toMatchObject({ length: 1 });
  });
});

describe('a text for another centre', () => {
  test('goes there whole under the number of its sender, who is told, and is no incident of ours', async () => {
    const house = await openHouse();
    await text(house, WHOLE, { to: '121100755' });
    await house.settle();
    expect(house.otherCentre.accepted).toMatchObject([{ from: NUMBER, to: '121100755', text: WHOLE }]);
    expect(sent(house)).toEqual([expect.stringContaining('深圳市')]);
    const thread = await theThread(house);
    expect(thread.holder).toEqual({ is: 'elsewhere', centre: '440300' });
    expect(await house.store.incident(thread.incident)).toBeNull();
    expect(await house.control.room.textLine(10)).toMatchObject({ length: 0 });
  });

  test('to which no way is known stays here as an incident', async () => {
    const house = await openHouse();
    await text(house, WHOLE, { to: '12110010' });
    await house.settle();
    expect(await theIncident(house)).toMatchObject({ status: 'handed-over' });
  });

  test('and a text for us from the same sender are two threads', async () => {
    const house = await openHouse();
    await text(house, WHOLE, { to: '121100755' });
    await house.settle();
    await text(house, '@what');
    await house.settle();
    expect((await threadsOf(house)).map(({ holder }) => holder.is).toSorted()).toEqual(['elsewhere', 'waiting']);
  });
});

describe('what is told about it', () => {
  test('a gateway that is down and texts that lie unread are troubles of the house', async () => {
    const house = await openHouse();
    const troubles = async (): Promise<readonly string[]> =>
      (await house.control.room.readiness()).flatMap(({ part, trouble }) => (trouble === null ? [] : [part]));
    expect(await troubles()).toEqual([]);
    house.gateway.cut();
    expect(await troubles()).toEqual(['gateway mobile']);
  });

  test('what the rules of reading stumble over still reaches a person', async () => {
    const gateway = new SimulatedGateway('mobile');
    const house = await openHouse({ gateway, readingFails: true });
    await text(house, WHOLE);
    await house.settle();
    expect(await theIncident(house)).toMatchObject({ status: 'open', texts: { messages: [{ text: WHOLE }, {}] } });
    expect(house.complaints.join()).toContain('a person reads them');
  });
});
