import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { deskStep, isFree, type CallTaker, type DeskEvent } from '../../src/desk/call-taker.ts';
import { callId, callTakerId } from '../../src/kernel/ids.ts';
import { instant } from '../../src/kernel/instants.ts';

const RULES = { afterCallMs: 30_000 };
const CALL = callId('c1');
const at = (ms: number) => ({ time: instant(ms) });
const about = { call: CALL, attempt: 1 };

const OFF: CallTaker = {
  id: callTakerId('1001'),
  revision: 1,
  name: 'One',
  endpoint: 'taker-1001',
  phone: 'registered',
  afterwards: { be: 'ready' },
  state: { is: 'off' },
};

function after(start: CallTaker, ...events: DeskEvent[]): CallTaker {
  return events.reduce((before, event) => {
    const step = deskStep(before, event, RULES);
    expect(step.refused, event.type).toBeUndefined();
    return step.callTaker;
  }, start);
}

const READY = after(OFF, { ...at(1), type: 'ReadyAsked' });
const OFFERED = after(READY, { ...at(5), ...about, type: 'Offered' });
const TALKING = after(OFFERED, { ...at(9), ...about, type: 'Answered' });

describe('a call taker', () => {
  test('is free only when ready and with a registered phone', () => {
    expect(isFree(READY)).toBe(true);
    expect(isFree({ ...READY, phone: 'absent' })).toBe(false);
    for (const busy of [OFF, OFFERED, TALKING]) expect(isFree(busy)).toBe(false);
  });

  test('is offered one caller at a time', () => {
    expect(deskStep(OFFERED, { ...at(6), call: callId('c2'), attempt: 1, type: 'Offered' }, RULES).refused).toBeDefined();
    expect(deskStep(TALKING, { ...at(6), call: callId('c2'), attempt: 1, type: 'Offered' }, RULES).refused).toBeDefined();
  });

  test('who does not answer, declines or cannot be reached is put on pause with that reason', () => {
    for (const why of ['no-answer', 'declined', 'unreachable'] as const) {
      expect(after(OFFERED, { ...at(7), ...about, type: 'OfferFailed', why }).state).toEqual({ is: 'pause', since: 7, reason: why });
    }
  });

  test('keeps the place among the ready where the offer failed by nobody’s fault', () => {
    for (const why of ['caller-left', 'withdrawn'] as const) {
      expect(after(OFFERED, { ...at(7), ...about, type: 'OfferFailed', why }).state).toEqual({ is: 'ready', since: 1 });
    }
  });

  test('finishes the record for the set time after a conversation, or not at all where none is set', () => {
    expect(after(TALKING, { ...at(20), ...about, type: 'ConversationEnded', lost: false }).state).toEqual({
      is: 'after-call',
      call: CALL,
      until: 30_020,
    });
    const none = deskStep(TALKING, { ...at(20), ...about, type: 'ConversationEnded', lost: false }, { afterCallMs: 0 }).callTaker;
    expect(none.state).toEqual({ is: 'ready', since: 20 });
  });

  test('whose line was lost in a conversation is put on pause, not offered the next caller at once', () => {
    expect(after(TALKING, { ...at(20), ...about, type: 'ConversationEnded', lost: true }).state).toEqual({
      is: 'pause',
      since: 20,
      reason: 'line-lost',
    });
  });

  test('becomes what was asked for in the conversation when it is over, once', () => {
    const wished = after(TALKING, { ...at(10), type: 'PauseAsked', reason: 'lunch' });
    expect(wished.state).toEqual(TALKING.state);
    const done = after(wished, { ...at(20), ...about, type: 'ConversationEnded', lost: false }, { ...at(30), type: 'AfterCallOver' });
    expect(done.state).toEqual({ is: 'pause', since: 30, reason: 'lunch' });
    expect(done.afterwards).toEqual({ be: 'ready' });
  });

  test('goes to the end of the ready when the phone comes back', () => {
    const back = after(READY, { ...at(50), type: 'PhoneLost' }, { ...at(60), type: 'PhoneRegistered' });
    expect(back.state).toEqual({ is: 'ready', since: 60 });
  });

  test('is not moved by news of another call or an earlier offer', () => {
    const others: DeskEvent[] = [
      { ...at(7), call: callId('c2'), attempt: 1, type: 'Answered' },
      { ...at(7), call: CALL, attempt: 2, type: 'OfferFailed', why: 'no-answer' },
      { ...at(7), call: CALL, attempt: 2, type: 'ConversationEnded', lost: true },
    ];
    for (const event of others) {
      for (const start of [OFF, READY, OFFERED, TALKING]) {
        const step = deskStep(start, event, RULES);
        expect(step.refused).toBeDefined();
        expect(step.callTaker).toBe(start);
      }
    }
  });
});

test('whatever comes in whatever order: a change counts one revision, and a refusal changes nothing and says why', () => {
  const anyEvent: fc.Arbitrary<DeskEvent> = fc.oneof(
    ...(['ReadyAsked', 'OffAsked', 'PhoneRegistered', 'PhoneLost', 'AfterCallOver'] as const).map((type) =>
      fc.constant({ ...at(100), type }),
    ),
    fc.constant<DeskEvent>({ ...at(100), type: 'PauseAsked', reason: 'x' }),
    fc.constantFrom(
      ...[1, 2].flatMap((attempt): DeskEvent[] => [
        { ...at(100), call: CALL, attempt, type: 'Offered' },
        { ...at(100), call: CALL, attempt, type: 'Answered' },
        { ...at(100), call: CALL, attempt, type: 'OfferFailed', why: 'no-answer' },
        { ...at(100), call: CALL, attempt, type: 'ConversationEnded', lost: false },
      ]),
    ),
  );
  fc.assert(
    fc.property(fc.array(anyEvent, { maxLength: 30 }), (events) => {
      let callTaker = OFF;
      for (const event of events) {
        const step = deskStep(callTaker, event, RULES);
        if (step.refused === undefined) expect(step.callTaker.revision).toBe(callTaker.revision + (step.callTaker === callTaker ? 0 : 1));
        else expect(step.callTaker).toBe(callTaker);
        callTaker = step.callTaker;
      }
    }),
  );
});
