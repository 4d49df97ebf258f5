import { DANGER_SIGNS } from '../../src/reading/reading.ts';
import { describe, expect, test } from 'vitest';
import { answer, onTheirWay } from '../../src/sms/answering.ts';
import { decide, guardAfter, stricter } from '../../src/sms/guard.ts';
import { closeThread, putBack, reopenThread, takeOver } from '../../src/sms/holding.ts';
import { sendingAnswered, sendingNext } from '../../src/sms/outgoing.ts';
import { takeText } from '../../src/sms/taking-in.ts';
import type { Guard, Thread } from '../../src/sms/thread.ts';
import { all, ANNA, at, BERT, outgoing, part, refusal, REPLIES, right, RULES, text, threadOf } from './world.ts';

const took = (thread: Thread, words: string, seconds: number): Thread => takeText(thread, text(words, seconds), at(seconds), RULES);
const allow = (thread: Thread, seconds = 50): Thread => right(decide(thread, true, 'she is alone now', DANGER_SIGNS, ANNA, at(seconds)));
const forbid = (thread: Thread, seconds = 50): Thread =>
  right(decide(thread, false, 'he has her telephone', DANGER_SIGNS, ANNA, at(seconds)));
const signs = (...kinds: readonly string[]): unknown => kinds.map((sign) => ({ sign, said: `!${sign}` }));

describe('the guard', () => {
  test('is silent at the first sign, and nothing is even written', () => {
    const thread = threadOf([text('@what !hiding !attacker-near', 0)]);
    expect(thread.guard).toEqual({ is: 'silent', since: at(0), signs: signs('hiding', 'attacker-near') });
    expect(thread.outgoing).toEqual([]);
    expect(took(thread, '@place #asks-state', 60).outgoing).toEqual([]);
    expect(takeText(thread, text(null, 61), at(61), RULES).outgoing).toEqual([]);
  });

  test('keeps back what waits and what no gateway has answered for, with the reason', () => {
    const first = threadOf([text('@what', 0)]);
    const spoken = right(answer(first, 'we are here', ANNA, at(1), RULES));
    const given = sendingNext(spoken, 1, at(1), false, RULES) as Thread;
    const thread = took(given, '!captive', 2);
    expect(all(thread)).toEqual(['1 receipt, place? withheld', '2 call-taker withheld']);
    for (const one of thread.outgoing) {
      expect(one).toMatchObject({ dueAt: null, settledAt: at(2) });
      expect(one.why).toBe('an answer may endanger the reporter (captive); decide first whether they may be answered');
    }
  });

  test('leaves what is out as it is', () => {
    const given = sendingNext(threadOf([text('@what', 0)]), 1, at(1), false, RULES) as Thread;
    const out = sendingAnswered(given, 1, { is: 'accepted', carrierIds: ['a'] }, at(2), RULES);
    expect(all(took(out, '!captive', 3))).toEqual(['1 receipt, place? accepted']);
  });

  test('does not open by itself, and knows every kind of sign once, as it was first said', () => {
    const thread = took(took(threadOf([text('!hiding', 0)]), 'all is well @place @what @time', 60), '!hiding !self-harm', 90);
    expect(thread.guard).toEqual({ is: 'silent', since: at(0), signs: signs('hiding', 'self-harm') });
  });

  test('once allowed lets texts out, until a sign comes that was not there', () => {
    const allowed = allow(threadOf([text('@what !hiding', 0)]));
    expect(allowed.guard).toEqual({ is: 'allowed', at: at(50), by: ANNA, reason: 'she is alone now', signs: signs('hiding') });
    expect(allowed.outgoing).toEqual([]);
    const asked = took(allowed, '!hiding', 60);
    expect(asked.guard.is).toBe('allowed');
    expect(all(asked)).toEqual(['1 receipt, place? waiting']);
    const again = took(asked, '!no-reply', 61);
    expect(again.guard).toEqual({ is: 'silent', since: at(61), signs: signs('hiding', 'no-reply') });
    expect(all(again)).toEqual(['1 receipt, place? withheld']);
    expect(allow(again, 70).guard).toMatchObject({ is: 'allowed', at: at(70), signs: signs('hiding', 'no-reply') });
  });

  test('once forbidden lets nothing out, whatever comes, until somebody decides otherwise', () => {
    const spoken = right(answer(threadOf([text('@what', 0)]), 'where are you?', BERT, at(1), RULES));
    const forbidden = forbid(spoken);
    expect(all(forbidden)).toEqual(['1 receipt, place? withheld', '2 call-taker withheld']);
    expect(outgoing(forbidden, 2).why).toBe('a call taker decided that this reporter must not be answered');
    const more = took(forbidden, '!hiding #asks-state', 60);
    expect(more.guard).toEqual({ is: 'forbidden', at: at(50), by: ANNA, reason: 'he has her telephone', signs: signs('hiding') });
    expect(more.outgoing).toHaveLength(2);
    expect(refusal(answer(more, 'x', ANNA, at(61), RULES))).toBe('a call taker decided that this reporter must not be answered');
    expect(all(took(allow(more, 70), '@place', 80)).at(-1)).toBe('3 receipt, time? waiting');
  });

  test('refuses a call taker’s own words while nobody has decided', () => {
    const silent = threadOf([text('!hiding', 0)]);
    expect(refusal(answer(silent, 'x', ANNA, at(1), RULES))).toBe(
      'an answer may endanger the reporter (hiding); decide first whether they may be answered',
    );
    expect(all(right(answer(allow(silent), ' stay where you are ', ANNA, at(60), RULES)))).toEqual(['1 call-taker waiting']);
  });

  test('wants a reason, and not a book', () => {
    const silent = threadOf([text('!hiding', 0)]);
    expect(refusal(decide(silent, true, ' \n', DANGER_SIGNS, ANNA, at(1)))).toBe('a decision needs its reason');
    expect(refusal(decide(silent, true, 'x'.repeat(501), DANGER_SIGNS, ANNA, at(1)))).toBe('the reason is longer than 500 characters');
  });

  test('may be shut by a call taker where there was no sign', () => {
    const forbidden = forbid(threadOf([text('@what', 0)]));
    expect(forbidden.guard).toMatchObject({ is: 'forbidden', signs: [] });
    const allowed = allow(forbidden, 60);
    expect(took(allowed, '!hiding', 70).guard.is).toBe('silent');
  });

  test('of two the stricter stands, with the signs of both', () => {
    const silent = guardAfter({ is: 'open' }, [{ said: 'h', certainty: 'stated', value: 'hiding' }], at(5));
    const later = guardAfter({ is: 'open' }, [{ said: 'c', certainty: 'stated', value: 'captive' }], at(9));
    const decided = (is: 'allowed' | 'forbidden', seconds: number, sign: 'hiding' | 'captive' = 'hiding'): Guard => ({
      is,
      at: at(seconds),
      by: ANNA,
      reason: `at ${seconds}`,
      signs: [{ sign, said: 's' }],
    });
    const open: Guard = { is: 'open' };
    const both = (one: Guard, other: Guard): readonly Guard[] => [stricter(one, other, at(99)), stricter(other, one, at(99))];
    for (const guard of both(open, open)) expect(guard).toBe(open);
    for (const guard of both(open, silent)) expect(guard).toEqual(silent);
    for (const guard of both(open, decided('allowed', 1))) expect(guard).toEqual(decided('allowed', 1));
    for (const guard of both(silent, decided('allowed', 1))) expect(guard).toMatchObject({ is: 'silent', since: at(5) });
    for (const guard of both(later, silent)) expect(guard).toMatchObject({ is: 'silent', since: at(5) });
    for (const guard of both(later, silent))
      expect(guard.is === 'silent' && guard.signs.map(({ sign }) => sign).toSorted()).toEqual(['captive', 'hiding']);
    for (const guard of both(decided('forbidden', 1), silent)) expect(guard).toMatchObject({ is: 'forbidden', at: at(1) });
    for (const guard of both(decided('forbidden', 1), later)) expect(guard.is !== 'open' && guard.signs).toHaveLength(2);
    for (const guard of both(decided('forbidden', 1), decided('allowed', 9))) expect(guard).toMatchObject({ is: 'forbidden' });
    for (const guard of both(decided('allowed', 1), decided('allowed', 9, 'captive')))
      expect(guard).toMatchObject({ is: 'allowed', at: at(9) });
    for (const guard of both(decided('forbidden', 1), decided('forbidden', 9))) expect(guard).toMatchObject({ reason: 'at 9' });
  });
});

describe('police are on their way:', () => {
  test('told once', () => {
    const told = right(onTheirWay(threadOf([text('@what', 0)]), at(60), RULES));
    expect(all(told)).toEqual(['1 receipt, place? waiting', '2 on-their-way waiting']);
    expect(outgoing(told, 2)).toMatchObject({ text: REPLIES.zh['on-their-way'], dueAt: at(60), by: 'system' });
    expect(onTheirWay(told, at(61), RULES)).toBe(told);
  });

  test('waits for parts that may tell of danger', () => {
    const told = right(onTheirWay(threadOf([text('@what', 0, part(1, 2))]), at(3), RULES));
    expect(outgoing(told, 2).dueAt).toBe(at(8));
  });

  test('is kept back and on record while the guard is shut, and told on a new word once it is open', () => {
    const silent = threadOf([text('!hiding', 0)]);
    const kept = right(onTheirWay(silent, at(60), RULES));
    expect(all(kept)).toEqual(['1 on-their-way withheld']);
    expect(onTheirWay(kept, at(61), RULES)).toBe(kept);
    const allowed = allow(kept, 70);
    expect(all(allowed)).toEqual(['1 on-their-way withheld']);
    expect(all(right(onTheirWay(allowed, at(71), RULES)))).toEqual(['1 on-their-way withheld', '2 on-their-way waiting']);
  });

  test('is kept back where nobody can be told, and told again where it failed', () => {
    const nameless = right(onTheirWay(threadOf([text('x', 0, { from: 'BANK' })]), at(1), RULES));
    expect(outgoing(nameless, 1)).toMatchObject({ state: 'withheld', to: 'BANK', why: 'there is no number that can be answered' });
    const told = right(onTheirWay(threadOf([text('@what', 0)]), at(1), RULES));
    const given = sendingNext(told, 2, at(1), false, RULES) as Thread;
    const failed = sendingAnswered(given, 2, { is: 'refused', answer: 'no' }, at(2), RULES);
    expect(all(right(onTheirWay(failed, at(3), RULES))).slice(1)).toEqual(['2 on-their-way failed', '3 on-their-way waiting']);
  });

  test('is one of the automatic texts, of which there are so many', () => {
    let thread = threadOf([text('@what', 0)]);
    const two = { ...RULES, automaticAtMost: 2 };
    for (let n = 0; n < 3; n++) {
      thread = right(onTheirWay(thread, at(n * 10), two));
      const last = thread.outgoing.length;
      const given = sendingNext(thread, last, at(n * 10 + 1), false, two);
      if (given !== null) thread = sendingAnswered(given, last, { is: 'refused', answer: 'no' }, at(n * 10 + 2), two);
    }
    expect(all(thread)).toEqual(['1 receipt, place? waiting', '2 on-their-way failed', '3 on-their-way withheld']);
    expect(outgoing(thread, 3).why).toBe('2 automatic texts are the most');
  });
});

describe('a call taker’s own words', () => {
  test('are refused where they are none, or too many', () => {
    const thread = threadOf([text('@what', 0)]);
    expect(refusal(answer(thread, ' ', ANNA, at(1), RULES))).toBe('an empty text is not sent');
    expect(refusal(answer(thread, 'x'.repeat(501), ANNA, at(1), RULES))).toBe('the text has 501 characters; 500 are the most');
    expect(right(answer(thread, ' hello ', ANNA, at(1), RULES)).outgoing.at(-1)).toMatchObject({
      purpose: 'call-taker',
      text: 'hello',
      by: ANNA,
      dueAt: at(1),
    });
  });
});

describe('who has a thread', () => {
  const waiting = (): Thread => threadOf([text('@what', 5)]);
  const taken = (): Thread => right(takeOver(waiting(), ANNA, at(10)));

  test('waits, is taken by one, and goes back to the place it had', () => {
    expect(taken().holder).toEqual({ is: 'taken', by: ANNA, at: at(10) });
    const mine = taken();
    expect(takeOver(mine, ANNA, at(11))).toBe(mine);
    expect(refusal(takeOver(mine, BERT, at(11)))).toBe('call taker 1001 has this thread');
    expect(refusal(putBack(mine, BERT, at(11)))).toBe('call taker 1001 has this thread');
    expect(right(putBack(took(mine, 'more', 11), ANNA, at(12))).holder).toEqual({ is: 'waiting', since: at(5) });
    const free = waiting();
    expect(putBack(free, ANNA, at(12))).toBe(free);
  });

  test('is closed, its unasked questions with it, and opened again as one that comes now', () => {
    const closed = closeThread(taken(), at(20));
    expect(closed.holder).toEqual({ is: 'closed', at: at(20) });
    expect(all(closed)).toEqual(['1 receipt, place? withheld']);
    expect(closeThread(closed, at(21))).toBe(closed);
    expect(refusal(takeOver(closed, ANNA, at(21)))).toBe('this thread is closed; open it again first');
    expect(refusal(putBack(closed, ANNA, at(21)))).toBe('nobody has this thread');
    expect(right(reopenThread(closed, at(22))).holder).toEqual({ is: 'waiting', since: at(22) });
    const mine = taken();
    expect(reopenThread(mine, at(22))).toBe(mine);
  });

  test('what is on its way to a reporter is not called back by closing', () => {
    const told = right(onTheirWay(right(answer(waiting(), 'x', ANNA, at(6), RULES)), at(7), RULES));
    expect(all(closeThread(told, at(8)))).toEqual(['1 receipt, place? withheld', '2 call-taker waiting', '3 on-their-way waiting']);
  });

  test('no step but taking in, splitting and joining changes what was received, and none counts the revision', () => {
    const thread = { ...waiting(), revision: 7 };
    const steps = [taken, () => allow(thread), () => right(onTheirWay(thread, at(9), RULES)), () => closeThread(thread, at(9))];
    for (const step of steps) expect(step().received).toHaveLength(1);
    expect(took(allow(closeThread(thread, at(9))), 'x', 99).revision).toBe(7);
  });
});
