/**
 * The telephony contract, the callers: offered, claimed, spoken to, let go.
 */
import { expect, test } from 'vitest';
import { callId } from '../../src/kernel/ids.ts';
import { until } from '../stack/until.ts';
import type { House } from './telephony.levers.ts';

export function promisesToCallers(house: House): void {
  const { told, hears, finished, arrive, enter } = house;

  test('a caller is offered with their number and the number they dialled, and enters when claimed', async () => {
    const { call, number } = await arrive();
    expect(told('arrival').filter((word) => word.call === call)).toEqual([
      { type: 'arrival', call, number, calledNumber: '110', language: null },
    ]);
    expect(await house.telephony.claim(call)).toBe('ours');
    expect(await hears('caller-entered', (word) => word.call === call)).toEqual({
      type: 'caller-entered',
      call,
      number,
      calledNumber: '110',
      language: null,
    });
    expect((await house.telephony.standing()).callers).toEqual([{ call, number, calledNumber: '110', language: null }]);
  });

  test('a caller who withholds the number is a caller too', async () => {
    await house.exchange.dial(null);
    const arrival = await hears('arrival', (word) => word.number === null || !/^\d+$/.test(word.number));
    expect(await house.telephony.claim(arrival.call)).toBe('ours');
    await hears('caller-entered', (word) => word.call === arrival.call);
  });

  test('claiming a caller who is ours already answers ours again, and they enter once', async () => {
    const { call } = await enter();
    expect(await house.telephony.claim(call)).toBe('ours');
    expect(told('caller-entered').filter((word) => word.call === call)).toHaveLength(1);
  });

  test('claiming a caller nobody knows, or one who has hung up, answers elsewhere', async () => {
    expect(await house.telephony.claim(callId('nobody-1763750000.99'))).toBe('elsewhere');
    const { call, caller } = await arrive();
    await caller.hangUp('choice');
    await until('the caller to be gone', async () => (await house.telephony.claim(call)) === 'elsewhere');
  });

  test('a caller who hangs up in the very moment of the claim is not taken for ours for ever', async () => {
    for (let ms = 0; ms < 12; ms += 1) {
      const { call, caller } = await arrive();
      const hangingUp = caller.hangUp('choice');
      await new Promise((resolve) => setTimeout(resolve, ms));
      await until('the caller to be gone', async () => (await house.telephony.claim(call)) === 'elsewhere', 2000);
      await hangingUp;
      expect(caller.isOver()).toBe(true);
    }
  });

  test('a prompt is said to its end and told finished once', async () => {
    const { call } = await enter();
    expect(await house.telephony.say(call, 1, { say: 'hold' }, 'zh')).toBe('saying');
    await finished(call, 1);
    expect(told('utterance-finished').filter((word) => word.call === call)).toHaveLength(1);
  });

  test('the same utterance asked for again is said once', async () => {
    const { call } = await enter();
    await house.telephony.say(call, 1, { say: 'hold' }, 'zh');
    expect(await house.telephony.say(call, 1, { say: 'hold' }, 'zh')).toBe('saying');
    await finished(call, 1);
    expect(await house.telephony.say(call, 1, { say: 'hold' }, 'zh')).toBe('saying');
    await house.telephony.say(call, 2, { say: 'hold' }, 'zh');
    await finished(call, 2);
    expect(told('utterance-finished').filter((word) => word.call === call)).toHaveLength(2);
  });

  test('the ring-back tone sounds until it is hushed; hushing again or hushing nothing is harmless', async () => {
    const { call } = await enter();
    await house.telephony.say(call, 1, { say: 'ringing' }, 'zh');
    await house.telephony.say(call, 1, { say: 'ringing' }, 'zh');
    expect(told('utterance-finished').filter((word) => word.call === call)).toHaveLength(0);
    await house.telephony.hush(call, 1);
    await finished(call, 1);
    await house.telephony.hush(call, 1);
    await house.telephony.hush(call, 7);
  });

  test('a prompt hushed before its first sound is told finished too, and once', async () => {
    const { call } = await enter();
    for (const utterance of [1, 2, 3]) {
      await house.telephony.say(call, utterance, { say: 'hold' }, 'zh');
      await house.telephony.hush(call, utterance);
    }
    for (const utterance of [1, 2, 3]) await finished(call, utterance);
    await house.telephony.say(call, 4, { say: 'hold' }, 'zh');
    await finished(call, 4);
    expect(told('utterance-finished').flatMap((word) => (word.call === call ? [word.utterance] : []))).toEqual([1, 2, 3, 4]);
  });

  test('a reassurance is no utterance: no end of it is told, and the utterance after it is said, and at once', async () => {
    const { call } = await enter();
    await house.telephony.say(call, 1, { say: 'hold' }, 'zh');
    await house.telephony.hush(call, 1);
    expect(await house.telephony.reassure(call, 'zh')).toBe('saying');
    expect(await house.telephony.reassure(call, 'zh')).toBe('saying');
    expect(await house.telephony.say(call, 2, { say: 'ringing' }, 'zh')).toBe('saying');
    expect(await house.telephony.reassure(call, 'zh')).toBe('saying');
    await house.telephony.hush(call, 2);
    expect(await house.telephony.say(call, 3, { say: 'hold' }, 'zh')).toBe('saying');
    await finished(call, 3);
    expect(told('utterance-finished').flatMap((word) => (word.call === call ? [word.utterance] : []))).toEqual([1, 2, 3]);
  });

  test('nothing can be said to a caller who is gone: that is told, not thrown', async () => {
    const { call, caller } = await enter();
    await caller.hangUp('choice');
    await hears('caller-left', (word) => word.call === call);
    expect(await house.telephony.say(call, 1, { say: 'greeting' }, 'zh')).toBe('gone');
    expect(await house.telephony.reassure(call, 'zh')).toBe('gone');
    await house.telephony.hush(call, 1);
    await house.telephony.releaseCaller(call);
  });

  test('a caller who hangs up has left by choice; one whose line fails was cut', async () => {
    const one = await enter();
    await one.caller.hangUp('choice');
    expect((await hears('caller-left', (word) => word.call === one.call)).release.by).toBe('choice');
    const two = await enter();
    await two.caller.hangUp('cut');
    expect((await hears('caller-left', (word) => word.call === two.call)).release.by).toBe('cut');
    expect(told('caller-left').filter((word) => word.call === one.call || word.call === two.call)).toHaveLength(2);
  });

  test('hanging up in the middle of a prompt ends the prompt and the call', async () => {
    const { call, caller } = await enter();
    await house.telephony.say(call, 1, { say: 'ringing' }, 'zh');
    await caller.hangUp('choice');
    await hears('caller-left', (word) => word.call === call);
    expect((await house.telephony.standing()).callers).toEqual([]);
  });

  test('a caller is let go once, and their phone knows', async () => {
    const { call, caller } = await enter();
    await house.telephony.releaseCaller(call);
    expect((await hears('caller-left', (word) => word.call === call)).release.by).toBe('choice');
    await until('the phone to know', () => caller.isOver());
    await house.telephony.releaseCaller(call);
  });
}
