import { DANGER_SIGNS } from '../../src/reading/reading.ts';
import { describe, expect, test } from 'vitest';
import { threadId } from '../../src/kernel/ids.ts';
import { onTheirWay, answer } from '../../src/sms/answering.ts';
import type { Instant } from '../../src/kernel/instants.ts';
import { decide } from '../../src/sms/guard.ts';
import { closeThread, takeOver } from '../../src/sms/holding.ts';
import { sendingAnswered, sendingNext } from '../../src/sms/outgoing.ts';
import { canAnswer } from '../../src/sms/own-texts.ts';
import { openThread, takeText } from '../../src/sms/taking-in.ts';
import { phoneNumber, type PhoneNumber } from '../../src/kernel/phone-numbers.ts';
import type { Thread } from '../../src/sms/thread.ts';
import { all, ANNA, at, opened, outgoing, part, REPLIES, right, RULES, text, threadOf } from './world.ts';

const took = (thread: Thread, words: string, seconds: number, about = {}): Thread =>
  takeText(thread, text(words, seconds, about), at(seconds), RULES);
/** All that waits is given to the gateway, which has it. */
const sent = (thread: Thread, seconds: number): Thread =>
  thread.outgoing.reduce((before, { number }) => {
    const next = sendingNext(before, number, at(seconds), false, RULES);
    return next === null ? before : sendingAnswered(next, number, { is: 'accepted', carrierIds: [`c${number}`] }, at(seconds), RULES);
  }, thread);

describe('the receipt', () => {
  test('comes at once, from the number that was written to, and asks where first', () => {
    const thread = threadOf([text('有人', 0)]);
    expect(all(thread)).toEqual(['1 receipt, place? waiting']);
    expect(outgoing(thread, 1)).toMatchObject({
      dueAt: at(0),
      from: '12110',
      to: '13845101234',
      gateway: 'mobile',
      by: 'system',
      attempts: 0,
    });
    expect(outgoing(thread, 1).text).toBe(REPLIES.zh.receipt.replace('{question}', REPLIES.zh['ask-place']));
  });

  test.each([
    ['@place', 'what'],
    ['@place @what', 'time'],
    ['@what @time', 'place'],
    ['@place @time', 'what'],
  ] as const)('after "%s" asks for %s', (words, asks) => {
    const thread = threadOf([text(words, 0)]);
    expect(outgoing(thread, 1).asks).toBe(asks);
    expect(outgoing(thread, 1).text).toContain(REPLIES.zh[`ask-${asks}`]);
  });

  test('asks nothing where nothing is missing', () => {
    const thread = threadOf([text('en: @place @what @time', 0)]);
    expect(thread.missing).toEqual([]);
    expect(all(thread)).toEqual(['1 receipt waiting']);
    expect(outgoing(thread, 1).text).toBe(REPLIES.en['receipt-complete']);
  });

  test('is in the language of the reporter, and in the centre’s where the text tells none', () => {
    expect(outgoing(threadOf([text('ru: @what', 0)]), 1).text).toContain(REPLIES.ru['ask-place']);
    expect(outgoing(threadOf([text('@what', 0)], { ...RULES, language: 'ko' }), 1).text).toContain(REPLIES.ko['ask-place']);
  });

  test('waits for the parts that have not come, and is written anew when they come', () => {
    const incomplete = threadOf([text('@what ', 0, part(1, 2))]);
    expect(outgoing(incomplete, 1)).toMatchObject({ asks: 'place', dueAt: at(8) });
    expect(sendingNext(incomplete, 1, at(7.9), false, RULES)).toBeNull();
    const whole = took(incomplete, '@place', 3, part(2, 2));
    expect(all(whole)).toEqual(['1 receipt, time? waiting']);
    expect(outgoing(whole, 1)).toMatchObject({ dueAt: at(3), createdAt: at(0) });
  });

  test('does not wait longer for another part, nor for another incomplete text', () => {
    const three = took(threadOf([text('@what ', 0, part(1, 3))]), '@x', 5, part(2, 3));
    expect(outgoing(three, 1).dueAt).toBe(at(8));
    expect(outgoing(took(three, 'another ', 6, part(1, 2, 99)), 1).dueAt).toBe(at(8));
  });

  test('never goes where the part that comes later tells of danger', () => {
    const whole = took(threadOf([text('@what ', 0, part(1, 2))]), '!hiding', 3, part(2, 2));
    expect(all(whole)).toEqual(['1 receipt, place? withheld']);
    expect(sendingNext(whole, 1, at(60), false, RULES)).toBeNull();
  });

  test('is given once', () => {
    expect(all(took(sent(threadOf([text('@place @what @time', 0)]), 1), 'more', 60))).toEqual(['1 receipt accepted']);
  });

  test('says that a person looks at it where the reporter calls the police off, and nothing is closed', () => {
    const thread = sent(threadOf([text('@what', 0)]), 1);
    const off = took(thread, '#calls-off', 60);
    expect(outgoing(off, 2)).toMatchObject({ purpose: 'receipt', asks: null, text: REPLIES.zh['receipt-calls-off'] });
    expect(off.holder.is).toBe('waiting');
    expect(all(took(sent(off, 61), 'really #calls-off', 90))).toHaveLength(2);
    expect(outgoing(threadOf([text('#calls-off', 0)]), 1).text).toBe(REPLIES.zh['receipt-calls-off']);
  });
});

describe('the questions', () => {
  test('ask for the next thing that is missing, and never more than two', () => {
    let thread = sent(threadOf([text('@what', 0)]), 1);
    thread = sent(took(thread, '@place', 60), 61);
    expect(all(thread)).toEqual(['1 receipt, place? accepted', '2 question, time? accepted']);
    thread = took(thread, 'I do not know', 120);
    expect(thread.missing).toEqual(['time']);
    expect(thread.outgoing).toHaveLength(2);
    let silent = sent(threadOf([text('hello', 0)]), 1);
    for (let n = 1; n <= 5; n++) silent = sent(took(silent, `hello ${n}`, n * 60), n * 60 + 1);
    expect(silent.outgoing.map(({ asks }) => asks)).toEqual(['place', 'place']);
  });

  test('ask for the place twice, the second time in other words; for the rest once', () => {
    const many = { ...RULES, questionsAtMost: 9 };
    let thread = sent(threadOf([text('hello', 0)], many), 1);
    for (let n = 1; n <= 5; n++) thread = sent(takeText(thread, text(`hello ${n}`, n * 60), at(n * 60), many), n * 60 + 1);
    expect(thread.outgoing.map(({ asks }) => asks)).toEqual(['place', 'place', 'what', 'time']);
    expect(outgoing(thread, 2).text).toBe(REPLIES.zh['ask-place-again']);
  });

  test('are rewritten before they went where the answer comes by itself, and dropped where nothing is left to ask', () => {
    const first = threadOf([text('@what', 0)]);
    const rewritten = took(first, '@place', 1);
    expect(all(rewritten)).toEqual(['1 receipt, time? waiting']);
    const asked = sent(first, 1);
    const pending = took(took(asked, 'what?', 60), '@place', 61);
    expect(all(pending)).toEqual(['1 receipt, place? accepted', '2 question, time? waiting']);
    expect(all(took(pending, '@time', 62))).toEqual(['1 receipt, place? accepted', '2 question, time? withheld']);
    expect(outgoing(took(pending, '@time', 62), 2)).toMatchObject({
      dueAt: null,
      settledAt: at(62),
      why: 'it needs not be asked any more',
    });
  });

  test('that a gateway had in hand are not rewritten; they are kept back where the answer has come', () => {
    const first = threadOf([text('@what', 0)]);
    const tried = sendingNext(first, 1, at(0), false, RULES);
    const again = sendingAnswered(tried as Thread, 1, { is: 'unreachable', answer: 'no line' }, at(1), RULES);
    expect(all(again)).toEqual(['1 receipt, place? waiting']);
    expect(all(took(again, 'still here', 2))).toEqual(['1 receipt, place? waiting']);
    const answered = took(again, '@place', 2);
    expect(all(answered)).toEqual(['1 receipt, place? withheld', '2 receipt, time? waiting']);
    expect(outgoing(answered, 1).text).toBe(outgoing(first, 1).text);
  });

  test('are not asked again because the rest of a text comes late', () => {
    const asked = sent(threadOf([text('@what ', 0, part(1, 2))]), 9);
    expect(all(asked)).toEqual(['1 receipt, place? accepted']);
    expect(all(took(asked, 'no place', 20, part(2, 2)))).toEqual(['1 receipt, place? accepted']);
    expect(all(took(asked, '@place', 20, part(2, 2)))).toEqual(['1 receipt, place? accepted', '2 question, time? waiting']);
    const three = sent(threadOf([text('@what ', 0, part(1, 3))]), 9);
    const two = took(three, '@place ', 20, part(2, 3));
    expect(all(two)).toEqual(['1 receipt, place? accepted']);
    expect(all(took(two, 'x', 21, part(3, 3)))).toEqual(['1 receipt, place? accepted', '2 question, time? waiting']);
  });

  test('are left to the call taker who has the thread', () => {
    const taken = right(takeOver(sent(threadOf([text('@what', 0)]), 1), ANNA, at(2)));
    expect(took(taken, 'hello', 60).outgoing).toHaveLength(1);
    expect(all(took(taken, '#asks-state', 60))).toEqual(['1 receipt, place? accepted', '2 state waiting']);
  });

  test('are not asked of one who only repeats', () => {
    const thread = sent(threadOf([text('help', 0)]), 1);
    const again = took(thread, 'help', 60);
    expect(again.outgoing).toBe(thread.outgoing);
    expect(again.received[0]?.repeats).toBe(1);
    expect(again.lastAt).toBe(at(60));
  });
});

describe('the state of a report', () => {
  const complete = (): Thread => sent(threadOf([text('@place @what @time', 0)]), 1);
  const stateTold = (thread: Thread): string | undefined => took(thread, '#asks-state', 600).outgoing.at(-1)?.text;

  test('is told as it is: received, handed over, with a call taker, on the way, closed', () => {
    expect(stateTold(sent(threadOf([text('@what', 0)]), 1))).toBe(REPLIES.zh['state-received']);
    expect(stateTold(sent(threadOf([text('@what @urgent', 0)]), 1))).toBe(REPLIES.zh['state-handed-over']);
    expect(stateTold(complete())).toBe(REPLIES.zh['state-handed-over']);
    const taken = right(takeOver(complete(), ANNA, at(5)));
    expect(stateTold(taken)).toBe(REPLIES.zh['state-taken']);
    const onWay = right(onTheirWay(taken, at(6), RULES));
    expect(stateTold(onWay)).toBe(REPLIES.zh['state-on-their-way']);
    expect(stateTold(closeThread(onWay, at(7)))).toBe(REPLIES.zh['state-closed']);
  });

  test('asked for in a closed thread leaves it closed; anything more brings it back into the line', () => {
    const closed = closeThread(complete(), at(5));
    expect(took(closed, '#asks-state', 60).holder.is).toBe('closed');
    expect(took(closed, '#asks-state @what', 60).holder).toEqual({ is: 'waiting', since: at(60) });
    expect(took(closed, 'he is back', 60).holder).toEqual({ is: 'waiting', since: at(60) });
    expect(took(closed, '@place @what @time', 60).holder.is).toBe('closed');
  });

  test('is asked for by a new reporter: a receipt, as nothing is known yet', () => {
    expect(all(threadOf([text('#asks-state', 0)]))).toEqual(['1 receipt, place? waiting']);
  });

  test('is not given up for a question', () => {
    const thread = took(sent(threadOf([text('@what', 0)]), 1), '#asks-state', 60);
    expect(all(took(thread, 'quick', 60))).toEqual(['1 receipt, place? accepted', '2 state waiting']);
  });

  test('is told up to the most, and one is kept for “on their way”', () => {
    let thread = complete();
    for (let n = 1; n <= 9; n++) thread = sent(took(thread, `#asks-state ${n}`, n * 60), n * 60 + 1);
    expect(thread.outgoing).toHaveLength(RULES.automaticAtMost - 1);
    thread = sent(right(onTheirWay(thread, at(1000), RULES)), 1000);
    expect(thread.outgoing).toHaveLength(RULES.automaticAtMost);
    expect(took(thread, '#asks-state!', 1100).outgoing).toHaveLength(RULES.automaticAtMost);
    let early = sent(right(onTheirWay(complete(), at(2), RULES)), 3);
    for (let n = 1; n <= 9; n++) early = sent(took(early, `#asks-state ${n}`, n * 60), n * 60 + 1);
    expect(early.outgoing).toHaveLength(RULES.automaticAtMost);
  });
});

describe('what cannot be read', () => {
  test('is kept and answered once, and the words that follow get their receipt', () => {
    let thread = threadOf([text(null, 0)]);
    expect(thread.received[0]?.text).toBe('');
    expect(all(thread)).toEqual(['1 unreadable waiting']);
    thread = sent(thread, 1);
    expect(takeText(thread, text(null, 60, { octets: 'AAAA' }), at(60), RULES).outgoing).toHaveLength(1);
    expect(all(took(thread, '@what', 60))).toEqual(['1 unreadable accepted', '2 receipt, place? waiting']);
  });

  test('is said after a receipt, too', () => {
    const thread = takeText(sent(threadOf([text('@what', 0)]), 1), text(null, 60), at(60), RULES);
    expect(all(thread)).toEqual(['1 receipt, place? accepted', '2 unreadable waiting']);
  });

  test('an empty text is a text: it is asked where', () => {
    expect(all(threadOf([text('', 0)]))).toEqual(['1 receipt, place? waiting']);
  });
});

describe('who is never answered', () => {
  test.each(['110', '119', '120', '12110', '121100451', '1211', '+8612110755', '008612110', '8612110451'])('%s', (number) => {
    expect(canAnswer(phoneNumber(number))).toBe(false);
    const thread = threadOf([text('@what', 0, { from: number })]);
    expect(thread.outgoing).toEqual([]);
    expect(thread.received).toHaveLength(1);
    expect(thread.missing).toEqual(['place', 'time']);
  });

  test.each(['13845101234', '+8613845101234', '+79161234567', '10086', '1065812345'])('but %s is', (number) => {
    expect(canAnswer(phoneNumber(number))).toBe(true);
  });

  test('a number written to itself, whatever it is', () => {
    expect(canAnswer('95110' as PhoneNumber, '95110')).toBe(false);
    expect(threadOf([text('x', 0, { from: '95110', to: '95110' })]).outgoing).toEqual([]);
  });

  test('letters, no number at all; and a call taker is told why', () => {
    const thread = threadOf([text('@what', 0, { from: 'BANK' })]);
    expect(thread).toMatchObject({ number: null, from: 'BANK', outgoing: [] });
    expect(answer(thread, 'hello', ANNA, at(1), RULES)).toEqual({ refused: 'there is no number that can be answered' });
  });
});

test('after a decision that answers are safe, automatic texts are made anew from the next text on', () => {
  const silent = took(threadOf([text('@what', 0, part(1, 2))]), '!no-reply', 1, part(2, 2));
  const allowed = right(decide(silent, true, 'called back, alone now', DANGER_SIGNS, ANNA, at(60)));
  expect(all(allowed)).toEqual(['1 receipt, place? withheld']);
  expect(all(took(allowed, '@place', 61))).toEqual(['1 receipt, place? withheld', '2 receipt, time? waiting']);
});

test('an opened thread has nothing received, knows its number and waits in the line from its first text on', () => {
  const first = text('x', 0);
  expect(opened(first)).toMatchObject({
    revision: 0,
    received: [],
    outgoing: [],
    holder: { is: 'waiting', since: at(0) },
    guard: { is: 'open' },
    links: [],
  });
  const about = { id: threadId('B'), incident: opened(first).incident, number: null, continues: threadId('A') };
  expect(openThread(first, about).links).toEqual([{ thread: 'A', relation: 'continues' }]);
});

test('a text that comes late does not turn the thread’s gateway back; a later one turns it', () => {
  const thread = threadOf([text('a', 100), text('b', 50, { gateway: 'old', to: '121100451' })]);
  expect(thread).toMatchObject({ gateway: 'mobile', to: '12110', lastAt: at(100) });
  expect(took(thread, 'c', 200, { gateway: 'unicom', to: '121100451' })).toMatchObject({
    gateway: 'unicom',
    to: '121100451',
    lastAt: at(200),
  });
});

test('the mark of a gap is not read', () => {
  const seen: string[] = [];
  const rules = {
    ...RULES,
    read: (words: string, time: Instant) => {
      seen.push(words);
      return RULES.read(words, time);
    },
  };
  const one = text('123 ', 0, part(1, 3));
  takeText(opened(one), one, at(0), rules);
  expect(seen).toEqual(['123  … ']);
});
