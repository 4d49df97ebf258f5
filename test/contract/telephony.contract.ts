/**
 * What every telephone exchange behind the port must do, run on the simulator and on a real Asterisk.
 * Knows neither: an exchange brings levers for the people at both ends of the line.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Heard, Telephony } from '../../src/control/ports.ts';
import { isFault } from '../../src/kernel/faults.ts';
import type { CallId } from '../../src/kernel/ids.ts';
import { callId } from '../../src/kernel/ids.ts';
import { until } from '../stack/until.ts';
import type { ContractCaller, ContractExchange } from './telephony.levers.ts';

type HeardOf<T extends Heard['type']> = Extract<Heard, { type: T }>;

export function telephonyContract(name: string, start: () => Promise<ContractExchange>): void {
  describe(`the telephone exchange: ${name}`, () => {
    let exchange: ContractExchange;
    let telephony: Telephony;
    const heard: Heard[] = [];
    const presences: boolean[] = [];
    let lastNumber = 13_800_000_000;

    beforeAll(async () => {
      exchange = await start();
      telephony = exchange.telephony;
      telephony.onPresence((present) => presences.push(present));
      await telephony.open((word) => heard.push(word));
      await exchange.phone.register();
      await exchange.otherPhone.register();
      await until('both phones to be registered', () =>
        [exchange.phone, exchange.otherPhone].every(({ endpoint }) => told('phone').some((word) => word.endpoint === endpoint)),
      );
    }, 30_000);
    afterAll(async () => {
      await telephony.close();
      await exchange.stop();
    }, 30_000);
    afterEach(async () => {
      for (const { call } of (await telephony.standing()).callers) await telephony.releaseCaller(call);
      const { legs, bridges } = await telephony.standing();
      for (const { call, attempt } of legs) await telephony.releaseCallTaker(call, attempt);
      for (const { call, attempt } of bridges) await telephony.part(call, attempt);
      await until('an empty house', async () => {
        const { callers, legs, bridges } = await telephony.standing();
        return callers.length + legs.length + bridges.length === 0;
      });
    });

    const told = <T extends Heard['type']>(type: T): readonly HeardOf<T>[] =>
      heard.filter((word): word is HeardOf<T> => word.type === type);
    const hears = <T extends Heard['type']>(type: T, which: (word: HeardOf<T>) => boolean): Promise<HeardOf<T>> =>
      until(`"${type}" to be told`, () => told(type).find(which));
    const ended = (call: CallId, attempt = 1): Promise<HeardOf<'call-taker-leg-ended'>> =>
      hears('call-taker-leg-ended', (word) => word.call === call && word.attempt === attempt);
    const finished = (call: CallId, utterance: number): Promise<unknown> =>
      hears('utterance-finished', (word) => word.call === call && word.utterance === utterance);

    const arrive = async (): Promise<{ caller: ContractCaller; call: CallId; number: string }> => {
      const number = String(++lastNumber);
      const caller = await exchange.dial(number);
      const { call } = await hears('arrival', (word) => word.number === number);
      return { caller, call, number };
    };
    const enter = async (): Promise<{ caller: ContractCaller; call: CallId; number: string }> => {
      const arrived = await arrive();
      expect(await telephony.claim(arrived.call)).toBe('ours');
      await hears('caller-entered', (word) => word.call === arrived.call);
      return arrived;
    };
    const answered = async (call: CallId, attempt = 1): Promise<void> => {
      exchange.phone.conduct('answer');
      expect(await telephony.ring(call, attempt, exchange.phone.endpoint, 10, null)).toBe('ringing');
      await hears('call-taker-answered', (word) => word.call === call && word.attempt === attempt);
    };
    const talk = async (): Promise<{ caller: ContractCaller; call: CallId }> => {
      const entered = await enter();
      await answered(entered.call);
      expect(await telephony.join(entered.call, 1)).toBe('joined');
      return entered;
    };
    const bridgeOf = async (call: CallId) => (await telephony.standing()).bridges.find((bridge) => bridge.call === call);

    test('is present once it is open, and has said so', () => {
      expect(telephony.isPresent()).toBe(true);
      expect(presences).toEqual([true]);
    });

    test('a caller is offered with their number and the number they dialled, and enters when claimed', async () => {
      const { call, number } = await arrive();
      expect(told('arrival').filter((word) => word.call === call)).toEqual([{ type: 'arrival', call, number, calledNumber: '110' }]);
      expect(await telephony.claim(call)).toBe('ours');
      expect(await hears('caller-entered', (word) => word.call === call)).toEqual({
        type: 'caller-entered',
        call,
        number,
        calledNumber: '110',
      });
      expect((await telephony.standing()).callers).toEqual([{ call, number, calledNumber: '110' }]);
    });

    test('a caller who withholds the number is a caller too', async () => {
      await exchange.dial(null);
      const arrival = await hears('arrival', (word) => word.number === null || !/^\d+$/.test(word.number));
      expect(await telephony.claim(arrival.call)).toBe('ours');
      await hears('caller-entered', (word) => word.call === arrival.call);
    });

    test('claiming a caller who is ours already answers ours again, and they enter once', async () => {
      const { call } = await enter();
      expect(await telephony.claim(call)).toBe('ours');
      expect(told('caller-entered').filter((word) => word.call === call)).toHaveLength(1);
    });

    test('claiming a caller nobody knows, or one who has hung up, answers elsewhere', async () => {
      expect(await telephony.claim(callId('nobody-1763750000.99'))).toBe('elsewhere');
      const { call, caller } = await arrive();
      await caller.hangUp('choice');
      await until('the caller to be gone', async () => (await telephony.claim(call)) === 'elsewhere');
    });

    test('a prompt is said to its end and told finished once', async () => {
      const { call } = await enter();
      expect(await telephony.say(call, 1, { say: 'hold' }, 'zh')).toBe('saying');
      await finished(call, 1);
      expect(told('utterance-finished').filter((word) => word.call === call)).toHaveLength(1);
    });

    test('the same utterance asked for again is said once', async () => {
      const { call } = await enter();
      await telephony.say(call, 1, { say: 'hold' }, 'zh');
      expect(await telephony.say(call, 1, { say: 'hold' }, 'zh')).toBe('saying');
      await finished(call, 1);
      expect(await telephony.say(call, 1, { say: 'hold' }, 'zh')).toBe('saying');
      await telephony.say(call, 2, { say: 'hold' }, 'zh');
      await finished(call, 2);
      expect(told('utterance-finished').filter((word) => word.call === call)).toHaveLength(2);
    });

    test('the ring-back tone sounds until it is hushed; hushing again or hushing nothing is harmless', async () => {
      const { call } = await enter();
      await telephony.say(call, 1, { say: 'ringing' }, 'zh');
      await telephony.say(call, 1, { say: 'ringing' }, 'zh');
      expect(told('utterance-finished').filter((word) => word.call === call)).toHaveLength(0);
      await telephony.hush(call, 1);
      await finished(call, 1);
      await telephony.hush(call, 1);
      await telephony.hush(call, 7);
    });

    test('a prompt hushed before its first sound is told finished too, and once', async () => {
      const { call } = await enter();
      for (const utterance of [1, 2, 3]) {
        await telephony.say(call, utterance, { say: 'hold' }, 'zh');
        await telephony.hush(call, utterance);
      }
      for (const utterance of [1, 2, 3]) await finished(call, utterance);
      await telephony.say(call, 4, { say: 'hold' }, 'zh');
      await finished(call, 4);
      expect(told('utterance-finished').flatMap((word) => (word.call === call ? [word.utterance] : []))).toEqual([1, 2, 3, 4]);
    });

    test('nothing can be said to a caller who is gone: that is told, not thrown', async () => {
      const { call, caller } = await enter();
      await caller.hangUp('choice');
      await hears('caller-left', (word) => word.call === call);
      expect(await telephony.say(call, 1, { say: 'greeting' }, 'zh')).toBe('gone');
      await telephony.hush(call, 1);
      await telephony.releaseCaller(call);
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
      await telephony.say(call, 1, { say: 'ringing' }, 'zh');
      await caller.hangUp('choice');
      await hears('caller-left', (word) => word.call === call);
      expect((await telephony.standing()).callers).toEqual([]);
    });

    test('a caller is let go once, and their phone knows', async () => {
      const { call, caller } = await enter();
      await telephony.releaseCaller(call);
      expect((await hears('caller-left', (word) => word.call === call)).release.by).toBe('choice');
      await until('the phone to know', () => caller.isOver());
      await telephony.releaseCaller(call);
    });

    test('a phone that is asked to ring rings, and its answer is told', async () => {
      const { call } = await enter();
      exchange.phone.conduct('ignore');
      expect(await telephony.ring(call, 1, exchange.phone.endpoint, 10, '13800001234')).toBe('ringing');
      await until('the phone to ring', () => exchange.phone.isRinging());
      expect(await telephony.ring(call, 1, exchange.phone.endpoint, 10, '13800001234')).toBe('ringing');
      expect((await telephony.standing()).legs).toEqual([{ call, attempt: 1, answered: false }]);
      await telephony.releaseCallTaker(call, 1);
      await ended(call);
      await until('the phone to be quiet', () => !exchange.phone.isRinging());
      await answered(call, 2);
      expect((await telephony.standing()).legs).toEqual([{ call, attempt: 2, answered: true }]);
      expect(told('call-taker-answered').filter((word) => word.call === call)).toHaveLength(1);
    });

    test('a phone that is not registered is unreachable at once', async () => {
      const { call } = await enter();
      expect(await telephony.ring(call, 1, 'taker-none', 10, null)).toBe('unreachable');
    });

    test('a phone is not called unreachable because the caller has just left', async () => {
      const { call, caller } = await enter();
      await caller.hangUp('choice');
      await hears('caller-left', (word) => word.call === call);
      exchange.phone.conduct('ignore');
      expect(await telephony.ring(call, 1, exchange.phone.endpoint, 10, null)).toBe('ringing');
      await telephony.releaseCallTaker(call, 1);
      await ended(call, 1);
    });

    test('a phone that declines, and one that does not answer in time', async () => {
      const { call } = await enter();
      exchange.phone.conduct('decline');
      await telephony.ring(call, 1, exchange.phone.endpoint, 10, null);
      expect((await ended(call, 1)).end).toBe('declined');
      exchange.otherPhone.conduct('ignore');
      await telephony.ring(call, 2, exchange.otherPhone.endpoint, 1, null);
      expect((await ended(call, 2)).end).toBe('no-answer');
    });

    test('a ringing phone is taken back when it is let go, and that twice', async () => {
      const { call } = await enter();
      exchange.phone.conduct('ignore');
      await telephony.ring(call, 1, exchange.phone.endpoint, 10, null);
      await until('the phone to ring', () => exchange.phone.isRinging());
      await telephony.releaseCallTaker(call, 1);
      await ended(call, 1);
      await until('the phone to be quiet', () => !exchange.phone.isRinging());
      await telephony.releaseCallTaker(call, 1);
      expect(told('call-taker-leg-ended').filter((word) => word.call === call)).toHaveLength(1);
    });

    test('caller and call taker are joined once, however often it is asked, even in the middle of a prompt', async () => {
      const { call } = await enter();
      await answered(call);
      await telephony.say(call, 1, { say: 'ringing' }, 'zh');
      const before = Date.now();
      expect(await telephony.join(call, 1)).toBe('joined');
      expect(Date.now() - before).toBeLessThan(1500);
      expect(await telephony.join(call, 1)).toBe('joined');
      expect(await bridgeOf(call)).toEqual({ call, attempt: 1, callerIn: true, callTakerIn: true });
    });

    test('nobody is joined to a leg that is gone, and no bridge is left standing', async () => {
      const { call } = await enter();
      expect(await telephony.join(call, 1)).toBe('gone');
      const two = await enter();
      await answered(two.call);
      await two.caller.hangUp('choice');
      await hears('caller-left', (word) => word.call === two.call);
      expect(await telephony.join(two.call, 1)).toBe('gone');
      await telephony.part(two.call, 1);
      expect((await telephony.standing()).bridges).toEqual([]);
    });

    test('on hold the caller leaves the sound and can be spoken to; resumed they are back; each twice', async () => {
      const { call } = await talk();
      expect(await telephony.hold(call, 1)).toBe('held');
      expect(await telephony.hold(call, 1)).toBe('held');
      expect(await bridgeOf(call)).toEqual({ call, attempt: 1, callerIn: false, callTakerIn: true });
      expect(await telephony.say(call, 1, { say: 'hold' }, 'zh')).toBe('saying');
      expect(await telephony.resume(call, 1)).toBe('resumed');
      expect(await telephony.resume(call, 1)).toBe('resumed');
      expect(await bridgeOf(call)).toEqual({ call, attempt: 1, callerIn: true, callTakerIn: true });
    });

    test('hold and resume of a conversation that is over answer gone', async () => {
      const { call, caller } = await talk();
      await caller.hangUp('choice');
      await hears('caller-left', (word) => word.call === call);
      expect(await telephony.hold(call, 1)).toBe('gone');
      expect(await telephony.resume(call, 1)).toBe('gone');
    });

    test('parting ends the bridge and leaves both on the line, and that twice', async () => {
      const { call } = await talk();
      await telephony.part(call, 1);
      await telephony.part(call, 1);
      const standing = await telephony.standing();
      expect(standing.bridges).toEqual([]);
      expect(standing.callers).toHaveLength(1);
      expect(standing.legs).toHaveLength(1);
      expect(await telephony.say(call, 5, { say: 'first-again' }, 'zh')).toBe('saying');
    });

    test('a call taker who hangs up, and one whose line fails; the caller stays', async () => {
      const one = await talk();
      await exchange.phone.hangUp('choice');
      expect((await ended(one.call)).end).toBe('hung-up');
      const two = await talk();
      await exchange.phone.hangUp('cut');
      expect((await ended(two.call)).end).toBe('cut');
      const calls = (await telephony.standing()).callers.map((caller) => caller.call);
      expect(calls).toContain(one.call);
      expect(calls).toContain(two.call);
    });

    test('a phone that leaves is told absent, and registered when it is back', async () => {
      const { endpoint } = exchange.otherPhone;
      const words = (): readonly string[] => told('phone').flatMap((word) => (word.endpoint === endpoint ? [word.is] : []));
      await exchange.otherPhone.unregister();
      await until('absent to be told', () => words().at(-1) === 'absent');
      expect((await telephony.standing()).phones).toContainEqual({ endpoint, is: 'absent' });
      await exchange.otherPhone.register();
      await until('registered to be told', () => words().at(-1) === 'registered');
      expect((await telephony.standing()).phones).toContainEqual({ endpoint, is: 'registered' });
    });

    test('a lost link is told and commands are refused as unavailable; back again, everybody still stands and is heard', async () => {
      const { call, caller } = await talk();
      await exchange.cutLink();
      await until('the loss to be told', () => presences.at(-1) === false);
      expect(telephony.isPresent()).toBe(false);
      const refusal = await telephony.say(call, 9, { say: 'still-in-line' }, 'zh').catch((thrown: unknown) => thrown);
      expect(isFault(refusal, 'unavailable')).toBe(true);
      await exchange.mendLink();
      await until('the return to be told', () => presences.at(-1) === true, 10_000);
      const standing = await telephony.standing();
      expect(standing.callers.map((one) => one.call)).toEqual([call]);
      expect(standing.legs).toEqual([{ call, attempt: 1, answered: true }]);
      expect(standing.bridges).toEqual([{ call, attempt: 1, callerIn: true, callTakerIn: true }]);
      await exchange.phone.hangUp('choice');
      expect((await ended(call)).end).toBe('hung-up');
      expect(await telephony.say(call, 10, { say: 'hold' }, 'zh')).toBe('saying');
      await finished(call, 10);
      await caller.hangUp('choice');
      await hears('caller-left', (word) => word.call === call);
    });
  });
}
