/**
 * The telephony contract, several controllers: what another one held is taken over, and nobody at the line notices.
 */
import { expect, onTestFinished, test } from 'vitest';
import type { Adopted, Heard, Telephony } from '../../src/control/ports.ts';
import { callId, type CallId } from '../../src/kernel/ids.ts';
import { until } from '../stack/until.ts';
import type { Entered, House } from './telephony.levers.ts';

export function promisesToHeirs(house: House): void {
  const { told, hears, ended, volunteerEnded, finished, arrive, enter, bridgeOf } = house;
  let count = 0;

  interface Other {
    readonly telephony: Telephony;
    readonly heard: readonly Heard[];
    hears(type: Heard['type'], call: CallId): Promise<unknown>;
  }
  const openOther = async (): Promise<Other> => {
    const telephony = house.exchange.another(`other${(count += 1)}`);
    const heard: Heard[] = [];
    onTestFinished(() => telephony.close());
    await telephony.open((word) => heard.push(word));
    const hears = (type: Heard['type'], call: CallId) =>
      until(`the other to hear "${type}"`, () => heard.some((word) => word.type === type && 'call' in word && word.call === call));
    return { telephony, heard, hears };
  };
  const entersOther = async (other: Other): Promise<Entered> => {
    const arrived = await arrive();
    expect(await other.telephony.claim(arrived.call)).toBe('ours');
    await other.hears('caller-entered', arrived.call);
    return arrived;
  };
  const talksWithOther = async (other: Other): Promise<Entered> => {
    const entered = await entersOther(other);
    house.exchange.phone.conduct('answer');
    expect(await other.telephony.ring(entered.call, 1, house.exchange.phone.endpoint, 10, null)).toBe('ringing');
    await other.hears('call-taker-answered', entered.call);
    expect(await other.telephony.join(entered.call, 1)).toBe('joined');
    return entered;
  };
  const adopted = (call: CallId, said = 0): Adopted => ({ call, utterance: said === 0 ? null : said, utterances: said });
  const standing = () => house.telephony.standing();
  const times = (type: Heard['type'], call: CallId) => told(type).filter((word) => 'call' in word && word.call === call).length;

  test('of two who claim a caller at the same moment one has them', async () => {
    const other = await openOther();
    for (let round = 0; round < 5; round += 1) {
      const { call, caller } = await arrive();
      const claims = await Promise.all([house.telephony.claim(call), other.telephony.claim(call)]);
      expect(claims.toSorted()).toEqual(['elsewhere', 'ours']);
      const [mine, theirs] = [(await standing()).callers, (await other.telephony.standing()).callers];
      expect([...mine, ...theirs].map((one) => one.call)).toEqual([call]);
      await caller.hangUp('choice');
      await until('the caller to be gone', async () => !(await standing()).elsewhere.includes(call));
    }
  });

  test('a waiting caller of one who died is ours: spoken to, heard, and told once when they leave', async () => {
    const other = await openOther();
    const { call, caller } = await entersOther(other);
    await other.telephony.say(call, 1, { say: 'ringing' }, 'zh');
    expect(await standing()).toMatchObject({ callers: [], elsewhere: [call] });
    await other.telephony.close();
    await house.telephony.adopt([adopted(call, 1)]);
    expect(await standing()).toMatchObject({ callers: [{ call }], elsewhere: [] });
    await hears('caller-entered', (word) => word.call === call);
    expect(await house.telephony.say(call, 2, { say: 'hold' }, 'zh')).toBe('saying');
    await finished(call, 2);
    await caller.hangUp('choice');
    expect(await hears('caller-left', (word) => word.call === call)).toMatchObject({ release: { by: 'choice' } });
    expect(times('caller-left', call)).toBe(1);
  });

  test('a caller is taken from one who still lives, and that one hears of it', async () => {
    const other = await openOther();
    const { call } = await entersOther(other);
    await house.telephony.adopt([adopted(call)]);
    await other.hears('caller-left', call);
    expect((await standing()).callers).toMatchObject([{ call }]);
    expect((await other.telephony.standing()).callers).toEqual([]);
  });

  test('a conversation goes on, and its ends are told to us', async () => {
    const other = await openOther();
    const { call, caller } = await talksWithOther(other);
    await other.telephony.close();
    await house.telephony.adopt([adopted(call)]);
    expect(await bridgeOf(call)).toMatchObject({ callerIn: true, callTakerIn: true });
    expect((await standing()).legs).toEqual([{ call, attempt: 1, answered: true }]);
    expect(await house.telephony.hold(call, 1)).toBe('held');
    expect(await house.telephony.resume(call, 1)).toBe('resumed');
    expect([caller.isOver(), times('caller-left', call), times('call-taker-leg-ended', call)]).toEqual([false, 0, 0]);
    await house.exchange.phone.hangUp('choice');
    expect((await ended(call)).end).toBe('hung-up');
  });

  test('an interpreter who has answered comes along, and their keys are heard', async () => {
    const other = await openOther();
    const { call } = await talksWithOther(other);
    house.exchange.volunteer.conduct('answer');
    await other.telephony.ringVolunteer(call, 1, house.exchange.volunteer.address, 10);
    await other.hears('volunteer-answered', call);
    await other.telephony.tellVolunteer(call, 1, 1, { say: 'volunteer-asked', language: 'ru' }, 'zh');
    await other.telephony.close();
    await house.telephony.adopt([{ call, utterance: null, utterances: 1 }]);
    await house.exchange.volunteer.press('1', 'sound');
    expect((await hears('volunteer-pressed', (word) => word.call === call)).leg).toBe(1);
    expect(await house.telephony.joinInterpreter(call, 1, 1)).toBe('joined');
    expect(await bridgeOf(call)).toMatchObject({ callerIn: true, callTakerIn: true, volunteersIn: [1] });
    await house.exchange.volunteer.hangUp('choice');
    expect((await volunteerEnded(call)).end).toBe('hung-up');
  });

  test('a phone that rings for another is let go, the caller stays', async () => {
    const other = await openOther();
    const { call, caller } = await entersOther(other);
    house.exchange.phone.conduct('ignore');
    await other.telephony.ring(call, 1, house.exchange.phone.endpoint, 10, null);
    await until('the phone to ring', () => house.exchange.phone.isRinging());
    await other.telephony.close();
    await house.telephony.adopt([adopted(call)]);
    expect(await standing()).toMatchObject({ callers: [{ call }], legs: [] });
    await until('the phone to be quiet', () => !house.exchange.phone.isRinging());
    expect(caller.isOver()).toBe(false);
  });

  test('what is ours already stays ours, and nobody is no trouble', async () => {
    const { call, caller } = await enter();
    await house.telephony.adopt([adopted(call), adopted(callId('nobody-1763750000.99'))]);
    await house.telephony.adopt([adopted(call)]);
    expect(await house.telephony.say(call, 1, { say: 'hold' }, 'zh')).toBe('saying');
    await finished(call, 1);
    expect([caller.isOver(), times('caller-left', call), times('caller-entered', call)]).toEqual([false, 0, 1]);
  });

  test('a caller at the door is nobody’s yet and stays there', async () => {
    const { call } = await arrive();
    await house.telephony.adopt([adopted(call)]);
    expect(await house.telephony.claim(call)).toBe('ours');
    await hears('caller-entered', (word) => word.call === call);
  });

  test('a conversation that went to another and came back is heard as before', async () => {
    const other = await openOther();
    const { call, caller } = await house.talk();
    await other.telephony.adopt([adopted(call)]);
    await hears('caller-left', (word) => word.call === call);
    await other.telephony.close();
    await house.telephony.adopt([adopted(call)]);
    expect(await bridgeOf(call)).toMatchObject({ callerIn: true, callTakerIn: true });
    await caller.hangUp('choice');
    await until('the end to be told once more', () => times('caller-left', call) === 2);
    await house.exchange.phone.hangUp('choice');
    await until('the end of the leg to be told once more', () => times('call-taker-leg-ended', call) === 2);
  });

  test('many are taken over at once', async () => {
    const other = await openOther();
    const entered: Entered[] = [];
    for (let n = 0; n < 8; n += 1) entered.push(await entersOther(other));
    for (const { call } of entered) await other.telephony.say(call, 1, { say: 'ringing' }, 'zh');
    await other.telephony.close();
    await house.telephony.adopt(entered.map(({ call }) => adopted(call, 1)));
    expect((await standing()).callers.map(({ call }) => call).toSorted()).toEqual(entered.map(({ call }) => call).toSorted());
  });
}
