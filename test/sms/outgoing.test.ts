import { DANGER_SIGNS } from '../../src/reading/reading.ts';
import { describe, expect, test } from 'vitest';
import { decide } from '../../src/sms/guard.ts';
import { reported, sendingAnswered, sendingNext, type SendingAnswer } from '../../src/sms/outgoing.ts';
import { takeText } from '../../src/sms/taking-in.ts';
import { forwardText } from '../../src/sms/forwarding.ts';
import type { Outgoing, Thread } from '../../src/sms/thread.ts';
import { all, ANNA, at, outgoing, right, RULES, text, threadOf } from './world.ts';

const first = (): Thread => threadOf([text('@what', 0)]);
const next = (thread: Thread, seconds: number, isSilenced = false): Thread => {
  const given = sendingNext(thread, 1, at(seconds), isSilenced, RULES);
  if (given === null) throw new Error('there is nothing to do');
  return given;
};
const answered = (thread: Thread, answer: SendingAnswer, seconds: number): Thread => sendingAnswered(thread, 1, answer, at(seconds), RULES);
const ACCEPTED = { is: 'accepted', carrierIds: ['a', 'b'] } as const;
const accepted = (): Thread => answered(next(first(), 1), ACCEPTED, 2);
type Outcome = 'accepted' | 'delivered' | 'failed';
const report = (thread: Thread, id: string, outcome: Outcome, seconds = 9): Thread =>
  reported(thread, 1, id, outcome, outcome.toUpperCase(), at(seconds));
const one = (thread: Thread): Outgoing => outgoing(thread, 1);

describe('a text that is due', () => {
  test('is sent, and is tried again where no answer comes', () => {
    const sent = next(first(), 1);
    expect(one(sent)).toMatchObject({ state: 'sent', attempts: 1, sentAt: at(1), dueAt: at(31) });
    expect(sendingNext(sent, 1, at(30), false, RULES)).toBeNull();
    expect(one(next(sent, 31))).toMatchObject({ state: 'sent', attempts: 2, sentAt: at(31) });
  });

  test('is nothing to do before its time, when it is settled, and when there is none', () => {
    expect(sendingNext(first(), 1, at(-1), false, RULES)).toBeNull();
    expect(sendingNext(first(), 2, at(9), false, RULES)).toBeNull();
    expect(sendingNext(accepted(), 1, at(9999), false, RULES)).toBeNull();
  });

  test('is kept back where another report of this number must not be answered', () => {
    const kept = next(first(), 1, true);
    expect(one(kept)).toMatchObject({
      state: 'withheld',
      attempts: 0,
      dueAt: null,
      settledAt: at(1),
      why: 'another report of this number must not be answered',
    });
    expect(one(next(next(first(), 1), 31, true))).toMatchObject({ state: 'withheld', attempts: 1 });
  });

  test('asks the guard of its own thread again', () => {
    const silent: Thread = { ...first(), guard: { is: 'silent', since: at(0), signs: [{ sign: 'hiding', said: 'x' }] } };
    expect(one(next(silent, 1))).toMatchObject({ state: 'withheld', attempts: 0 });
    const forbidden: Thread = { ...first(), guard: { is: 'forbidden', at: at(0), by: ANNA, reason: 'x', signs: [] } };
    expect(one(next(forbidden, 1)).state).toBe('withheld');
    const allowed: Thread = { ...first(), guard: { is: 'allowed', at: at(0), by: ANNA, reason: 'x', signs: [] } };
    expect(one(next(allowed, 1)).state).toBe('sent');
  });

  test('on its way to another centre passes the guard: it is no contact with the reporter', () => {
    const gone = forwardText(threadOf([text('!hiding', 0)]), { code: '440300', name: '深圳', gateway: 'centre' }, at(0), RULES);
    expect(all(gone)).toEqual(['1 forward waiting']);
    expect(one(next(gone, 1, true)).state).toBe('sent');
    expect(all(right(decide(gone, false, 'x', DANGER_SIGNS, ANNA, at(1))))).toEqual(['1 forward waiting']);
  });

  test('is a question that was answered while it was under way: it is kept back; a receipt goes all the same', () => {
    const asked = takeText(accepted(), text('hello', 60), at(60), RULES);
    const given = sendingNext(asked, 2, at(61), false, RULES) as Thread;
    const known = takeText(given, text('@place', 62), at(62), RULES);
    expect(all(known)).toEqual(['1 receipt, place? accepted', '2 question, place? sent']);
    const kept = sendingNext(known, 2, at(99), false, RULES) as Thread;
    expect(outgoing(kept, 2)).toMatchObject({ state: 'withheld', attempts: 1, why: 'the reporter has told it meanwhile' });
    const receipt = takeText(next(first(), 1), text('@place', 2), at(2), RULES);
    expect(one(next(receipt, 31))).toMatchObject({ state: 'sent', attempts: 2 });
  });

  test('fails after so many attempts, with the last reason', () => {
    let thread = first();
    let seconds = 1;
    for (let n = 1; n < RULES.sendAttemptsAtMost; n++) {
      thread = answered(next(thread, seconds), { is: 'unreachable', answer: 'no line' }, seconds);
      expect(one(thread)).toMatchObject({ state: 'waiting', attempts: n, why: 'the gateway could not be reached: no line' });
      seconds += 300;
    }
    thread = answered(next(thread, seconds), { is: 'unreachable', answer: 'no line' }, seconds);
    expect(one(thread)).toMatchObject({ state: 'failed', attempts: RULES.sendAttemptsAtMost, dueAt: null, settledAt: at(seconds) });
    let silent = first();
    for (let n = 0; n < RULES.sendAttemptsAtMost; n++) silent = next(silent, 1 + n * 300);
    expect(one(next(silent, 9000))).toMatchObject({ state: 'failed', why: 'no answer from the gateway', dueAt: null });
    expect(sendingNext(next(silent, 9000), 1, at(9999), false, RULES)).toBeNull();
  });

  test('waits longer after each attempt', () => {
    let thread = first();
    const pauses: number[] = [];
    for (let n = 0, seconds = 1; n < 9; n++, seconds += 1000) {
      thread = answered(next(thread, seconds), { is: 'unreachable', answer: 'x' }, seconds);
      pauses.push((one(thread).dueAt ?? 0) - at(seconds));
    }
    expect(pauses).toEqual([2_000, 5_000, 10_000, 30_000, 60_000, 120_000, 300_000, 300_000, 300_000]);
  });
});

describe('the gateway’s answer', () => {
  test('accepted: the names of its parts are kept, and nothing is due any more', () => {
    expect(one(accepted())).toMatchObject({
      state: 'accepted',
      acceptedAt: at(2),
      dueAt: null,
      carrierIds: ['a', 'b'],
      deliveredIds: [],
      why: null,
    });
    expect(one(answered(next(first(), 1), { is: 'accepted', carrierIds: ['a', 'a'] }, 2)).carrierIds).toEqual(['a']);
  });

  test('handed on: accepted, and no report will ever come', () => {
    expect(one(answered(next(first(), 1), { is: 'handed-on' }, 2))).toMatchObject({ state: 'accepted', carrierIds: [] });
  });

  test('refused: failed, with the gateway’s words, and never tried again', () => {
    const refused = answered(next(first(), 1), { is: 'refused', answer: 'x'.repeat(999) }, 2);
    expect(one(refused)).toMatchObject({ state: 'failed', settledAt: at(2), dueAt: null });
    expect(one(refused).why).toMatch(/^the gateway refused it: x+…$/);
    expect(one(refused).why?.length).toBeLessThanOrEqual(201);
    expect(answered(refused, ACCEPTED, 3)).toBe(refused);
  });

  test('comes late or twice: the first word about it stands', () => {
    const thread = accepted();
    for (const late of [ACCEPTED, { is: 'handed-on' }, { is: 'refused', answer: 'x' }, { is: 'unreachable', answer: 'x' }] as const) {
      expect(answered(thread, late, 9)).toBe(thread);
    }
    const waiting = answered(next(first(), 1), { is: 'unreachable', answer: 'x' }, 2);
    expect(one(answered(waiting, ACCEPTED, 3)).state).toBe('accepted');
    expect(answered(waiting, { is: 'unreachable', answer: 'y' }, 3)).toBe(waiting);
  });

  test('about a text that was kept back meanwhile: if the gateway has it, it is out and shown so; else it stays kept back', () => {
    const kept = right(decide(next(first(), 1), false, 'x', DANGER_SIGNS, ANNA, at(2)));
    expect(one(kept)).toMatchObject({ state: 'withheld', attempts: 1 });
    expect(one(answered(kept, ACCEPTED, 3))).toMatchObject({
      state: 'accepted',
      settledAt: null,
      why: 'it had gone out before it was to be kept back',
    });
    expect(answered(kept, { is: 'unreachable', answer: 'x' }, 3)).toBe(kept);
    expect(answered(kept, { is: 'refused', answer: 'x' }, 3)).toBe(kept);
    const untouched = right(decide(first(), false, 'x', DANGER_SIGNS, ANNA, at(2)));
    expect(answered(untouched, ACCEPTED, 3)).toBe(untouched);
    expect(sendingAnswered(first(), 7, ACCEPTED, at(3), RULES).outgoing).toHaveLength(1);
  });
});

describe('the carrier’s reports', () => {
  test('delivered only when every part is', () => {
    const half = report(accepted(), 'b', 'delivered', 5);
    expect(one(half)).toMatchObject({ state: 'accepted', deliveredIds: ['b'], settledAt: null });
    expect(report(half, 'b', 'delivered', 6)).toBe(half);
    expect(one(report(half, 'a', 'delivered', 7))).toMatchObject({ state: 'delivered', settledAt: at(7), deliveredIds: ['b', 'a'] });
  });

  test.each<readonly [string, readonly (readonly [string, Outcome])[], string]>([
    ['accepted says nothing new', [['a', 'accepted']], 'accepted'],
    [
      'one failed part fails the text',
      [
        ['a', 'delivered'],
        ['b', 'failed'],
      ],
      'failed',
    ],
    [
      'failed after delivered of the same part is not heard',
      [
        ['a', 'delivered'],
        ['a', 'failed'],
        ['b', 'delivered'],
      ],
      'delivered',
    ],
    [
      'failed after all are delivered is not heard',
      [
        ['a', 'delivered'],
        ['b', 'delivered'],
        ['b', 'failed'],
      ],
      'delivered',
    ],
    [
      'delivered after failed wins once all are',
      [
        ['a', 'failed'],
        ['b', 'delivered'],
        ['a', 'delivered'],
      ],
      'delivered',
    ],
    [
      'delivered after failed of another part leaves it failed',
      [
        ['a', 'failed'],
        ['b', 'delivered'],
      ],
      'failed',
    ],
    [
      'accepted after delivered is not heard',
      [
        ['a', 'delivered'],
        ['b', 'delivered'],
        ['a', 'accepted'],
      ],
      'delivered',
    ],
    [
      'a name that is not ours is not heard',
      [
        ['z', 'delivered'],
        ['z', 'failed'],
      ],
      'accepted',
    ],
  ])('%s', (_, reports, state) => {
    expect(one(reports.reduce((thread, [id, outcome]) => report(thread, id, outcome), accepted())).state).toBe(state);
  });

  test('failed keeps the carrier’s word, once', () => {
    const failed = report(accepted(), 'a', 'failed', 5);
    expect(one(failed)).toMatchObject({ state: 'failed', settledAt: at(5), why: 'the carrier reports FAILED' });
    expect(report(failed, 'b', 'failed', 6)).toBe(failed);
  });

  test('about what is not out change nothing', () => {
    const thread = first();
    expect(report(thread, 'a', 'delivered')).toBe(thread);
    expect(reported(thread, 9, 'a', 'delivered', 'x', at(1))).toBe(thread);
  });
});
