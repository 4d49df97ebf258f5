/**
 * The telephony contract, the call takers: rung, joined, on hold, parted, lost; and the link to the exchange itself.
 */
import { expect, test } from 'vitest';
import { isFault } from '../../src/kernel/faults.ts';
import { until } from '../stack/until.ts';
import type { House } from './telephony.levers.ts';

export function promisesToDesks(house: House): void {
  const { told, hears, ended, finished, enter, answered, talk, bridgeOf } = house;

  test('a phone that is asked to ring rings, and its answer is told', async () => {
    const { call } = await enter();
    house.exchange.phone.conduct('ignore');
    expect(await house.telephony.ring(call, 1, house.exchange.phone.endpoint, 10, '13800001234')).toBe('ringing');
    await until('the phone to ring', () => house.exchange.phone.isRinging());
    expect(await house.telephony.ring(call, 1, house.exchange.phone.endpoint, 10, '13800001234')).toBe('ringing');
    expect((await house.telephony.standing()).legs).toEqual([{ call, attempt: 1, answered: false }]);
    await house.telephony.releaseCallTaker(call, 1);
    await ended(call);
    await until('the phone to be quiet', () => !house.exchange.phone.isRinging());
    await answered(call, 2);
    expect((await house.telephony.standing()).legs).toEqual([{ call, attempt: 2, answered: true }]);
    expect(told('call-taker-answered').filter((word) => word.call === call)).toHaveLength(1);
  });

  test('a phone that is not registered is unreachable at once', async () => {
    const { call } = await enter();
    expect(await house.telephony.ring(call, 1, 'taker-none', 10, null)).toBe('unreachable');
  });

  test('a phone is not called unreachable because the caller has just left', async () => {
    const { call, caller } = await enter();
    await caller.hangUp('choice');
    await hears('caller-left', (word) => word.call === call);
    house.exchange.phone.conduct('ignore');
    expect(await house.telephony.ring(call, 1, house.exchange.phone.endpoint, 10, null)).toBe('ringing');
    await house.telephony.releaseCallTaker(call, 1);
    await ended(call, 1);
  });

  test('a phone that declines, and one that does not answer in time', async () => {
    const { call } = await enter();
    house.exchange.phone.conduct('decline');
    await house.telephony.ring(call, 1, house.exchange.phone.endpoint, 10, null);
    expect((await ended(call, 1)).end).toBe('declined');
    house.exchange.otherPhone.conduct('ignore');
    await house.telephony.ring(call, 2, house.exchange.otherPhone.endpoint, 1, null);
    expect((await ended(call, 2)).end).toBe('no-answer');
  });

  test('a ringing phone is taken back when it is let go, and that twice', async () => {
    const { call } = await enter();
    house.exchange.phone.conduct('ignore');
    await house.telephony.ring(call, 1, house.exchange.phone.endpoint, 10, null);
    await until('the phone to ring', () => house.exchange.phone.isRinging());
    await house.telephony.releaseCallTaker(call, 1);
    await ended(call, 1);
    await until('the phone to be quiet', () => !house.exchange.phone.isRinging());
    await house.telephony.releaseCallTaker(call, 1);
    expect(told('call-taker-leg-ended').filter((word) => word.call === call)).toHaveLength(1);
  });

  test('caller and call taker are joined once, however often it is asked, even in the middle of a prompt', async () => {
    const { call } = await enter();
    await answered(call);
    await house.telephony.say(call, 1, { say: 'ringing' }, 'zh');
    const before = Date.now();
    expect(await house.telephony.join(call, 1)).toBe('joined');
    expect(Date.now() - before).toBeLessThan(1500);
    expect(await house.telephony.join(call, 1)).toBe('joined');
    expect(await bridgeOf(call)).toEqual({ call, attempt: 1, callerIn: true, callTakerIn: true, volunteersIn: [] });
  });

  test('nobody is joined to a leg that is gone, and no bridge is left standing', async () => {
    const { call } = await enter();
    expect(await house.telephony.join(call, 1)).toBe('gone');
    const two = await enter();
    await answered(two.call);
    await two.caller.hangUp('choice');
    await hears('caller-left', (word) => word.call === two.call);
    expect(await house.telephony.join(two.call, 1)).toBe('gone');
    await house.telephony.part(two.call, 1);
    expect((await house.telephony.standing()).bridges).toEqual([]);
  });

  test('on hold the caller leaves the sound and can be spoken to; resumed they are back; each twice', async () => {
    const { call } = await talk();
    expect(await house.telephony.hold(call, 1)).toBe('held');
    expect(await house.telephony.hold(call, 1)).toBe('held');
    expect(await bridgeOf(call)).toEqual({ call, attempt: 1, callerIn: false, callTakerIn: true, volunteersIn: [] });
    expect(await house.telephony.say(call, 1, { say: 'hold' }, 'zh')).toBe('saying');
    expect(await house.telephony.resume(call, 1)).toBe('resumed');
    expect(await house.telephony.resume(call, 1)).toBe('resumed');
    expect(await bridgeOf(call)).toEqual({ call, attempt: 1, callerIn: true, callTakerIn: true, volunteersIn: [] });
  });

  test('hold and resume of a conversation that is over answer gone', async () => {
    const { call, caller } = await talk();
    await caller.hangUp('choice');
    await hears('caller-left', (word) => word.call === call);
    expect(await house.telephony.hold(call, 1)).toBe('gone');
    expect(await house.telephony.resume(call, 1)).toBe('gone');
  });

  test('parting ends the bridge and leaves both on the line, and that twice', async () => {
    const { call } = await talk();
    await house.telephony.part(call, 1);
    await house.telephony.part(call, 1);
    const standing = await house.telephony.standing();
    expect(standing.bridges).toEqual([]);
    expect(standing.callers).toHaveLength(1);
    expect(standing.legs).toHaveLength(1);
    expect(await house.telephony.say(call, 5, { say: 'first-again' }, 'zh')).toBe('saying');
  });

  test('a call taker who hangs up, and one whose line fails; the caller stays', async () => {
    const one = await talk();
    await house.exchange.phone.hangUp('choice');
    expect((await ended(one.call)).end).toBe('hung-up');
    const two = await talk();
    await house.exchange.phone.hangUp('cut');
    expect((await ended(two.call)).end).toBe('cut');
    const calls = (await house.telephony.standing()).callers.map((caller) => caller.call);
    expect(calls).toContain(one.call);
    expect(calls).toContain(two.call);
  });

  test('a phone that leaves is told absent, and registered when it is back', async () => {
    const { endpoint } = house.exchange.otherPhone;
    const words = (): readonly string[] => told('phone').flatMap((word) => (word.endpoint === endpoint ? [word.is] : []));
    await house.exchange.otherPhone.unregister();
    await until('absent to be told', () => words().at(-1) === 'absent');
    expect((await house.telephony.standing()).phones).toContainEqual({ endpoint, is: 'absent' });
    await house.exchange.otherPhone.register();
    await until('registered to be told', () => words().at(-1) === 'registered');
    expect((await house.telephony.standing()).phones).toContainEqual({ endpoint, is: 'registered' });
  });

  test('a lost link is told and commands are refused as unavailable; back again, everybody still stands and is heard', async () => {
    const { call, caller } = await talk();
    await house.exchange.cutLink();
    await until('the loss to be told', () => house.presences.at(-1) === false);
    expect(house.telephony.isPresent()).toBe(false);
    const refusal = await house.telephony.say(call, 9, { say: 'still-in-line' }, 'zh').catch((thrown: unknown) => thrown);
    expect(isFault(refusal, 'unavailable')).toBe(true);
    await house.exchange.mendLink();
    await until('the return to be told', () => house.presences.at(-1) === true, 10_000);
    const standing = await house.telephony.standing();
    expect(standing.callers.map((one) => one.call)).toEqual([call]);
    expect(standing.legs).toEqual([{ call, attempt: 1, answered: true }]);
    expect(standing.bridges).toEqual([{ call, attempt: 1, callerIn: true, callTakerIn: true, volunteersIn: [] }]);
    await house.exchange.phone.hangUp('choice');
    expect((await ended(call)).end).toBe('hung-up');
    expect(await house.telephony.say(call, 10, { say: 'hold' }, 'zh')).toBe('saying');
    await finished(call, 10);
    await caller.hangUp('choice');
    await hears('caller-left', (word) => word.call === call);
  });
}
