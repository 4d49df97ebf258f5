import { DANGER_SIGNS } from '../../src/reading/reading.ts';
import { describe, expect, test } from 'vitest';
import { incidentId, textId, threadId } from '../../src/kernel/ids.ts';
import { answer, onTheirWay } from '../../src/sms/answering.ts';
import { decide } from '../../src/sms/guard.ts';
import { forwardText } from '../../src/sms/forwarding.ts';
import { closeThread, putBack, reopenThread, takeOver } from '../../src/sms/holding.ts';
import { reported, sendingAnswered, sendingNext } from '../../src/sms/outgoing.ts';
import { joinInto, splitFrom } from '../../src/sms/split-join.ts';
import { takeText } from '../../src/sms/taking-in.ts';
import type { Thread } from '../../src/sms/thread.ts';
import { all, ANNA, at, BERT, outgoing, part, refusal, REPLIES, right, RULES, text, threadOf } from './world.ts';

const ABOUT = { id: threadId('S'), incident: incidentId('INCIDENTS') };
const words = (thread: Thread): readonly string[] => thread.received.map((received) => received.text);
const split = (thread: Thread, index: number): { readonly rest: Thread; readonly split: Thread } =>
  right(splitFrom(thread, thread.received[index]?.id ?? textId('?'), ABOUT, at(500), RULES));

describe('a thread that is split', () => {
  const three = (): Thread => threadOf([text('@what', 0), text('@place', 60), text('en: @time', 120)]);

  test('gives the texts from that one on to a new thread that waits, and both are read again', () => {
    const whole = right(takeOver(three(), ANNA, at(200)));
    const { rest, split: other } = split(whole, 1);
    expect(words(rest)).toEqual(['@what']);
    expect(rest).toMatchObject({ id: 'A', missing: ['place', 'time'], lastAt: at(0), holder: { is: 'taken' }, language: 'zh' });
    expect(words(other)).toEqual(['@place', 'en: @time']);
    expect(other).toMatchObject({
      id: 'S',
      revision: 0,
      incident: 'INCIDENTS',
      number: '13845101234',
      openedAt: at(60),
      lastAt: at(120),
      missing: ['what'],
      language: 'en',
      outgoing: [],
      holder: { is: 'waiting', since: at(60) },
      links: [{ thread: 'A', relation: 'split-from' }],
    });
    expect(rest.outgoing).toHaveLength(whole.outgoing.length);
  });

  test('is as careful in both halves as it was', () => {
    const silent = split(threadOf([text('!hiding', 0), text('@what', 60)]), 1);
    expect([silent.rest.guard.is, silent.split.guard.is]).toEqual(['silent', 'silent']);
    const allowed = right(decide(threadOf([text('!hiding', 0), text('@what', 60)]), true, 'alone', DANGER_SIGNS, ANNA, at(90)));
    const halves = split(allowed, 1);
    expect([halves.rest.guard.is, halves.split.guard.is]).toEqual(['allowed', 'allowed']);
    const more = takeText(halves.split, text('!captive', 600), at(600), RULES);
    expect(more.guard.is).toBe('silent');
  });

  test('drops a question that waits where what stays has the answer', () => {
    const thread = threadOf([text('@place', 0), text('x', 60)]);
    expect(all(thread)).toEqual(['1 receipt, what? waiting']);
    expect(all(split(thread, 1).rest)).toEqual(['1 receipt, what? waiting']);
    const asking = { ...thread, outgoing: thread.outgoing.map((one) => ({ ...one, asks: 'place' as const })) };
    expect(all(split(asking, 1).rest)).toEqual(['1 receipt, place? withheld']);
  });

  test('is known by any part of a long text', () => {
    const long = threadOf([text('a', 0), text('b', 60, part(2, 2)), text('c', 61, part(1, 2))]);
    const last = long.received[1]?.parts[0]?.id ?? textId('?');
    expect(words(right(splitFrom(long, last, ABOUT, at(500), RULES)).split)).toEqual(['cb']);
  });

  test('says why it cannot be', () => {
    const thread = three();
    expect(refusal(splitFrom(thread, textId('nobody'), ABOUT, at(1), RULES))).toBe('that text is not in this thread');
    expect(refusal(splitFrom(thread, thread.received[0]?.id ?? textId('?'), ABOUT, at(1), RULES))).toBe(
      'that is the first text of the thread: nothing would stay',
    );
    const gone = forwardText(thread, { code: '440300', name: '深圳', gateway: 'centre' }, at(1), RULES);
    expect(refusal(splitFrom(gone, textId('x'), ABOUT, at(1), RULES))).toBe('this thread went to another centre');
  });
});

describe('threads that are joined', () => {
  const early = (words = '@what'): Thread => threadOf([text(words, 0), text('early', 120)], RULES, 'A');
  const late = (words = '@place'): Thread => threadOf([text(words, 60, { gateway: 'unicom', to: '121100451' })], RULES, 'B');

  test('are one by time, with the holder of the one they are joined into', () => {
    const target = right(takeOver(late(), BERT, at(200)));
    const { joined, into } = right(joinInto(early(), target, at(300), RULES));
    expect(words(into)).toEqual(['@what', '@place', 'early']);
    expect(into).toMatchObject({
      id: 'B',
      missing: ['time'],
      openedAt: at(0),
      lastAt: at(120),
      gateway: 'mobile',
      to: '12110',
      holder: { is: 'taken', by: BERT },
      links: [],
    });
    expect(joined).toMatchObject({ id: 'A', holder: { is: 'closed', at: at(300) }, links: [{ thread: 'B', relation: 'joined-into' }] });
    expect(words(joined)).toEqual(['@what', 'early']);
  });

  test('keep what each has sent, so that gateways and carriers find it', () => {
    const given = sendingNext(early(), 1, at(130), false, RULES) as Thread;
    const { joined, into } = right(joinInto(given, late(), at(300), RULES));
    expect(into.outgoing.map(({ number }) => number)).toEqual([1]);
    const out = sendingAnswered(joined, 1, { is: 'accepted', carrierIds: ['a'] }, at(301), RULES);
    expect(outgoing(reported(out, 1, 'a', 'delivered', 'DELIVRD', at(302)), 1).state).toBe('delivered');
  });

  test('say nothing automatic from the joined one any more, but what people said still goes', () => {
    const spoken = right(onTheirWay(right(answer(early(), 'we come', ANNA, at(130), RULES)), at(131), RULES));
    const { joined } = right(joinInto(spoken, late(), at(300), RULES));
    expect(all(joined)).toEqual(['1 receipt, place? withheld', '2 call-taker waiting', '3 on-their-way waiting']);
    expect((sendingNext(joined, 2, at(301), false, RULES) as Thread).outgoing[1]?.state).toBe('sent');
    expect((sendingNext(joined, 2, at(301), true, RULES) as Thread).outgoing[1]?.state).toBe('withheld');
  });

  test('drop a question that the other one answers', () => {
    expect(all(late('hello'))).toEqual(['1 receipt, place? waiting']);
    expect(all(right(joinInto(early('@place'), late('hello'), at(300), RULES)).into)).toEqual(['1 receipt, place? withheld']);
  });

  test('have the stricter guard, which moves into the one that lives on: it alone decides from then', () => {
    const spoken = right(answer(late(), 'hello', ANNA, at(130), RULES));
    const { joined, into } = right(joinInto(early('!hiding'), spoken, at(300), RULES));
    expect(into.guard).toEqual({ is: 'silent', since: at(0), signs: [{ sign: 'hiding', said: '!hiding' }] });
    expect(all(into)).toEqual(['1 receipt, what? withheld', '2 call-taker withheld']);
    expect(joined.guard).toEqual({ is: 'open' });
    const other = right(joinInto(spoken, early('!hiding'), at(300), RULES));
    expect(other.into.guard.is).toBe('silent');
    expect(all(other.joined)).toEqual(['1 receipt, what? withheld', '2 call-taker withheld']);
    const forbidden = right(decide(early('!hiding'), false, 'no', DANGER_SIGNS, ANNA, at(200)));
    expect(right(joinInto(late(), forbidden, at(300), RULES)).into.guard).toMatchObject({ is: 'forbidden', by: ANNA, reason: 'no' });
    const allowed = right(decide(early('!hiding'), true, 'yes', DANGER_SIGNS, ANNA, at(200)));
    expect(right(joinInto(allowed, late('!captive'), at(300), RULES)).into.guard.is).toBe('silent');
    expect(right(joinInto(allowed, late(), at(300), RULES)).into.guard.is).toBe('allowed');
  });

  test('take no step of their own any more', () => {
    const { joined, into } = right(joinInto(early(), late(), at(300), RULES));
    const why = 'the texts of this thread were joined into another one';
    expect(refusal(takeOver(joined, ANNA, at(301)))).toBe(why);
    expect(refusal(reopenThread(joined, at(301)))).toBe(why);
    expect(refusal(answer(joined, 'x', ANNA, at(301), RULES))).toBe(why);
    expect(refusal(onTheirWay(joined, at(301), RULES))).toBe(why);
    expect(refusal(decide(joined, true, 'x', DANGER_SIGNS, ANNA, at(301)))).toBe(why);
    expect(refusal(splitFrom(joined, textId('x'), ABOUT, at(301), RULES))).toBe(why);
    expect(refusal(joinInto(joined, into, at(301), RULES))).toBe(why);
    expect(refusal(joinInto(into, joined, at(301), RULES))).toBe(why);
  });

  test('can be split and joined back', () => {
    const whole = early();
    const halves = split(whole, 1);
    const { into } = right(joinInto(halves.split, halves.rest, at(600), RULES));
    expect({ ...into, links: [] }).toEqual({ ...whole, links: [] });
  });

  test('are refused where they are of two reporters, one thread, elsewhere, or too long together', () => {
    const stranger = threadOf([text('x', 0, { from: '13900000000' })], RULES, 'B');
    expect(refusal(joinInto(early(), stranger, at(1), RULES))).toBe('these are threads of two reporters; link their incidents instead');
    const bank = threadOf([text('x', 0, { from: 'BANK' })], RULES, 'A');
    const shop = threadOf([text('x', 0, { from: 'SHOP' })], RULES, 'B');
    expect(refusal(joinInto(bank, shop, at(1), RULES))).toBe('these are threads of two reporters; link their incidents instead');
    expect(right(joinInto(bank, { ...shop, from: 'BANK' }, at(1), RULES)).into.received).toHaveLength(2);
    const one = early();
    expect(refusal(joinInto(one, one, at(1), RULES))).toBe('a thread cannot be joined into itself');
    expect(refusal(joinInto(one, late(), at(1), { ...RULES, receivedAtMost: 2 }))).toBe('together they have 3 texts; a thread holds 2');
    const gone = forwardText(late(), { code: '440300', name: '深圳', gateway: 'centre' }, at(1), RULES);
    expect(refusal(joinInto(one, gone, at(1), RULES))).toBe('this thread went to another centre');
  });
});

describe('a text for another centre', () => {
  const SHENZHEN = { code: '440300', name: '深圳', gateway: 'centre-440300' };
  const foreign = { to: '12110755' };

  test('goes there whole in the reporter’s name, and the reporter is told instead of asked', () => {
    const thread = forwardText(threadOf([text('@what', 0, foreign)]), SHENZHEN, at(0), RULES);
    expect(all(thread)).toEqual(['1 forwarded waiting', '2 forward waiting']);
    expect(outgoing(thread, 1)).toMatchObject({ asks: null, to: '13845101234', from: '12110755', gateway: 'mobile', dueAt: at(0) });
    expect(outgoing(thread, 1).text).toBe(REPLIES.zh.forwarded.replace('{centre}', '深圳'));
    expect(outgoing(thread, 2)).toMatchObject({ text: '@what', to: '12110755', from: '13845101234', gateway: 'centre-440300' });
    expect(thread.holder).toEqual({ is: 'elsewhere', centre: '440300' });
    expect(refusal(takeOver(thread, ANNA, at(1)))).toBe('this thread went to another centre');
    expect(refusal(putBack(thread, ANNA, at(1)))).toBe('nobody has this thread');
    expect(refusal(answer(thread, 'x', ANNA, at(1), RULES))).toBe('this thread went to another centre');
    expect(closeThread(thread, at(1))).toBe(thread);
  });

  const more = (thread: Thread, said: string, seconds: number, about = {}): Thread =>
    forwardText(takeText(thread, text(said, seconds, { ...foreign, ...about }), at(seconds), RULES), SHENZHEN, at(seconds), RULES);

  test('each later one goes as well, once, and is told once', () => {
    let thread = forwardText(threadOf([text('a', 0, foreign)]), SHENZHEN, at(0), RULES);
    thread = more(more(thread, 'b', 60), 'a', 9000);
    thread = more(thread, 'b', 61);
    expect(all(thread)).toEqual(['1 forwarded waiting', '2 forward waiting', '3 forward waiting', '4 forward waiting']);
    expect(thread.outgoing.slice(1).map((one) => one.text)).toEqual(['a', 'b', 'a']);
    expect(forwardText(thread, SHENZHEN, at(9001), RULES).outgoing).toHaveLength(4);
  });

  test('waits for its parts; what comes after it went goes again whole', () => {
    let thread = forwardText(threadOf([text('a ', 0, { ...foreign, ...part(1, 3) })]), SHENZHEN, at(0), RULES);
    expect(outgoing(thread, 2)).toMatchObject({ dueAt: at(8), text: 'a […2-3/3…]' });
    thread = more(thread, 'b ', 2, part(2, 3));
    expect(thread.outgoing).toHaveLength(2);
    expect(outgoing(thread, 2)).toMatchObject({ dueAt: at(8), text: 'a b […3/3…]' });
    const given = sendingNext(thread, 2, at(8), true, RULES) as Thread;
    thread = more(given, 'c', 20, part(3, 3));
    expect(thread.outgoing.slice(1).map((one) => [one.text, one.state])).toEqual([
      ['a b […3/3…]', 'sent'],
      ['a b c', 'waiting'],
    ]);
  });

  test('with signs of danger goes all the same, and the reporter is told nothing', () => {
    const thread = forwardText(threadOf([text('!hiding', 0, foreign)]), SHENZHEN, at(0), RULES);
    expect(all(thread)).toEqual(['1 forward waiting']);
    const later = more(forwardText(threadOf([text('a', 0, foreign)]), SHENZHEN, at(0), RULES), '!hiding', 1);
    expect(all(later)).toEqual(['1 forwarded withheld', '2 forward waiting', '3 forward waiting']);
  });

  test('that cannot be read goes nowhere; the reporter is told that', () => {
    const thread = forwardText(threadOf([text(null, 0, foreign)]), SHENZHEN, at(0), RULES);
    expect(all(thread)).toEqual(['1 unreadable waiting']);
    expect(all(more(thread, 'a', 60))).toEqual(['1 forwarded waiting', '2 forward waiting']);
  });

  test('from one who cannot be answered is forwarded in silence', () => {
    expect(all(forwardText(threadOf([text('a', 0, { ...foreign, from: '12110' })]), SHENZHEN, at(0), RULES))).toEqual([
      '1 forward waiting',
    ]);
  });
});
