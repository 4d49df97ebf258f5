/**
 * What is heard in each of Asterisk's words, and that no word of it can hurt.
 */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { EVENTS, legEndOf, releaseOf, translate } from '../../src/asterisk/translate.ts';

const channel = (id: string, about: object = {}): object => ({
  id,
  state: 'Up',
  caller: { name: '', number: '13800001111' },
  dialplan: { context: 'intake', exten: '110', priority: 2 },
  ...about,
});
const nothingKnown = (): null => null;
const heard = (event: unknown, cause: number | null = null): unknown => {
  const translation = translate(event, () => cause);
  return translation.is === 'heard' ? translation.heard : translation;
};

describe('a caller', () => {
  const call = 'intake-1763750000.12';
  test('is offered, then enters, with the numbers as the trunk gave them', () => {
    const about = { call, number: '13800001111', calledNumber: '110', language: null };
    expect(heard({ type: 'CallBroadcast', channel: channel(call) })).toEqual({ type: 'arrival', ...about });
    expect(heard({ type: 'StasisStart', args: [], channel: channel(call) })).toEqual({ type: 'caller-entered', ...about });
  });
  test('brings the language of the trunk, where it sets one', () => {
    const of = (channelvars: unknown): unknown => heard({ type: 'CallBroadcast', channel: channel(call, { channelvars }) });
    expect(of({ INTAKE_LANGUAGE: 'ru' })).toMatchObject({ language: 'ru' });
    for (const none of [{ INTAKE_LANGUAGE: '' }, { INTAKE_LANGUAGE: null }, {}, null, 'ru']) {
      expect(of(none)).toMatchObject({ language: null });
    }
  });
  test('without a number has none', () => {
    expect(heard({ type: 'CallBroadcast', channel: channel(call, { caller: { name: '', number: '' } }) })).toMatchObject({ number: null });
    expect(heard({ type: 'CallBroadcast', channel: channel(call, { caller: null }) })).toMatchObject({ number: null });
  });
  test('leaves for the cause that was heard before, whichever event says so', () => {
    for (const type of ['StasisEnd', 'ChannelDestroyed']) {
      expect(heard({ type, channel: channel(call) }, 16)).toEqual({ type: 'caller-left', call, release: { by: 'choice', cause: 16 } });
      expect(heard({ type, channel: channel(call) }, 38)).toEqual({ type: 'caller-left', call, release: { by: 'cut', cause: 38 } });
      expect(heard({ type, channel: channel(call) })).toEqual({ type: 'caller-left', call, release: { by: 'cut', cause: null } });
    }
  });
});

describe('a call taker', () => {
  const id = 'intake-1763750000.12.taker.3';
  const leg = { call: 'intake-1763750000.12', attempt: 3 };
  test('answers when the leg comes to us', () => {
    expect(heard({ type: 'StasisStart', channel: channel(id) })).toEqual({ type: 'call-taker-answered', ...leg });
  });
  test('is never taken for a caller at the door', () => {
    expect(translate({ type: 'CallBroadcast', channel: channel(id) }, nothingKnown).is).toBe('ignored');
  });
  test.each([
    ['Ringing', 19, 'no-answer'],
    ['Ringing', 16, 'no-answer'],
    ['Ringing', 21, 'declined'],
    ['Ringing', 17, 'declined'],
    ['Down', 20, 'unreachable'],
    ['Down', 0, 'unreachable'],
    ['Ringing', 38, 'unreachable'],
    ['Up', 16, 'hung-up'],
    ['Up', 0, 'hung-up'],
    ['Up', 38, 'cut'],
    ['Up', 1, 'cut'],
  ])('whose leg ends in state %s for cause %i is told as %s', (state, cause, end) => {
    expect(heard({ type: 'ChannelDestroyed', cause, channel: channel(id, { state }) })).toEqual({
      type: 'call-taker-leg-ended',
      ...leg,
      end,
    });
  });
});

describe('a volunteer', () => {
  const id = 'intake-1763750000.12.interpreter.3';
  const leg = { call: 'intake-1763750000.12', leg: 3 };
  test('answers when the leg comes to us, and is never taken for a caller at the door', () => {
    expect(heard({ type: 'StasisStart', channel: channel(id) })).toEqual({ type: 'volunteer-answered', ...leg });
    expect(translate({ type: 'CallBroadcast', channel: channel(id) }, nothingKnown).is).toBe('ignored');
  });
  test('presses keys of their own; a call taker presses none', () => {
    expect(heard({ type: 'ChannelDtmfReceived', digit: '1', channel: channel(id) })).toEqual({
      type: 'volunteer-pressed',
      ...leg,
      key: '1',
    });
    for (const digit of ['', '12', 'x', 1, null]) {
      expect(translate({ type: 'ChannelDtmfReceived', digit, channel: channel(id) }, nothingKnown).is).toBe('ignored');
    }
    expect(translate({ type: 'ChannelDtmfReceived', digit: '1', channel: channel('a.1.taker.1') }, nothingKnown).is).toBe('ignored');
  });
  test.each([
    ['Ringing', 19, 'no-answer'],
    ['Ringing', 21, 'declined'],
    ['Down', 20, 'unreachable'],
    ['Up', 16, 'hung-up'],
    ['Up', 38, 'cut'],
  ])('whose leg ends in state %s for cause %i is told as %s', (state, cause, end) => {
    expect(heard({ type: 'ChannelDestroyed', cause, channel: channel(id, { state }) })).toEqual({
      type: 'volunteer-leg-ended',
      ...leg,
      end,
    });
  });
  test("has heard something: that is nobody else's matter", () => {
    const told = { is: 'told', call: 'a.1', utterance: 4 };
    expect(translate({ type: 'PlaybackFinished', playback: { id: 'a.1.tell.4', state: 'done' } }, nothingKnown)).toEqual(told);
  });
});

test('a hang-up without a reason is a choice; one ordered here is normal clearing', () => {
  const event = { type: 'ChannelHangupRequest', channel: channel('a.1') };
  expect(translate(event, nothingKnown)).toEqual({ is: 'cause', channel: 'a.1', cause: 0 });
  expect(translate({ ...event, soft: true, cause: 32 }, nothingKnown)).toEqual({ is: 'cause', channel: 'a.1', cause: 16 });
  expect(releaseOf(0).by).toBe('choice');
  expect(releaseOf(null).by).toBe('cut');
});

test('network causes are a cut, for the caller and for an answered leg alike', () => {
  for (const cause of [1, 27, 38, 41, 44, 102, 127]) {
    expect(releaseOf(cause).by).toBe('cut');
    expect(legEndOf(true, cause)).toBe('cut');
  }
});

test('the end of what was said is told by call and utterance; other playbacks are not ours', () => {
  const said = { type: 'utterance-finished', call: 'a.1', utterance: 4 };
  expect(heard({ type: 'PlaybackFinished', playback: { id: 'a.1.say.4', state: 'done' } })).toEqual(said);
  expect(heard({ type: 'PlaybackFinished', playback: { id: 'a.1.say.4', state: 'failed' } })).toEqual(said);
  expect(translate({ type: 'PlaybackFinished', playback: { id: 'somebody else' } }, nothingKnown).is).toBe('ignored');
});

test('unknown and malformed events are ignored with a reason, whatever they are made of', () => {
  const junk = fc.oneof(fc.anything(), fc.record({ type: fc.constantFrom(...EVENTS), channel: fc.anything(), playback: fc.anything() }));
  fc.assert(
    fc.property(junk, fc.option(fc.integer()), (event, cause) => {
      const translation = translate(event, () => cause);
      expect(translation).not.toMatchObject({ is: 'ignored', why: '' });
    }),
    { numRuns: 2000 },
  );
});

test('a half-broken event is ignored or heard, never thrown over, wherever it is broken', () => {
  const whole = { type: 'StasisStart', channel: channel('a.1'), playback: { id: 'a.1.say.1' }, cause: 16 };
  fc.assert(
    fc.property(fc.constantFrom(...EVENTS), fc.constantFrom('channel', 'playback', 'cause'), fc.anything(), (type, part, broken) => {
      expect(['heard', 'told', 'ignored', 'cause', 'replaced']).toContain(translate({ ...whole, type, [part]: broken }, nothingKnown).is);
    }),
  );
});
