/**
 * The telephony contract, the volunteers: rung, asked, heard, the third in a conversation, let go.
 */
import { expect, test } from 'vitest';
import { until } from '../stack/until.ts';
import type { House } from './telephony.levers.ts';

const ASKED = { say: 'volunteer-asked', language: 'ru' } as const;

export function promisesToVolunteers(house: House): void {
  const { told, hears, volunteerEnded, enter, talk, picksUp, bridgeOf } = house;

  test('a volunteer is rung once, by phone or by number, and the answer is told', async () => {
    for (const who of [house.exchange.volunteer, house.exchange.farVolunteer]) {
      const { call } = await enter();
      who.conduct('ignore');
      expect(await house.telephony.ringVolunteer(call, 1, who.address, 10)).toBe('ringing');
      await until('the phone to ring', () => who.isRinging());
      expect(await house.telephony.ringVolunteer(call, 1, who.address, 10)).toBe('ringing');
      expect((await house.telephony.standing()).volunteers).toContainEqual({ call, leg: 1, answered: false });
      await house.telephony.releaseVolunteer(call, 1, 0, null);
      await volunteerEnded(call, 1);
      await until('the phone to be quiet', () => !who.isRinging());
      await picksUp(call, 2, who);
      expect((await house.telephony.standing()).volunteers).toEqual([{ call, leg: 2, answered: true }]);
      expect(told('volunteer-answered').filter((word) => word.call === call)).toEqual([{ type: 'volunteer-answered', call, leg: 2 }]);
      expect(told('caller-entered').filter((word) => word.call === call)).toHaveLength(1);
      await house.telephony.releaseVolunteer(call, 2, 0, null);
      await volunteerEnded(call, 2);
    }
  });

  test('several are rung side by side, each leg by its own name', async () => {
    const { call } = await enter();
    await picksUp(call, 1);
    await picksUp(call, 2, house.exchange.farVolunteer);
    await house.exchange.farVolunteer.press('1', 'sound');
    expect((await hears('volunteer-pressed', (word) => word.call === call)).leg).toBe(2);
    await house.telephony.releaseVolunteer(call, 1, 0, null);
    await volunteerEnded(call, 1);
    expect((await house.telephony.standing()).volunteers).toEqual([{ call, leg: 2, answered: true }]);
  });

  test.each(['sip:volunteer-none', 'sip:trunk', 'sip:volunteer-anna/sip:else@127.0.0.1', 'mailto:anna', 'tel:', 'tel:one', ''])(
    'nobody is rung at "%s": unreachable at once',
    async (address) => {
      const { call } = await enter();
      expect(await house.telephony.ringVolunteer(call, 1, address, 10)).toBe('unreachable');
      expect((await house.telephony.standing()).volunteers).toEqual([]);
    },
  );

  test('a volunteer who declines, and one who does not answer in time', async () => {
    const { call } = await enter();
    const { volunteer, farVolunteer } = house.exchange;
    volunteer.conduct('decline');
    await house.telephony.ringVolunteer(call, 1, volunteer.address, 10);
    expect((await volunteerEnded(call, 1)).end).toBe('declined');
    farVolunteer.conduct('ignore');
    await house.telephony.ringVolunteer(call, 2, farVolunteer.address, 1);
    expect((await volunteerEnded(call, 2)).end).toBe('no-answer');
  });

  test('keys are told as they are pressed, in the sound or by SIP INFO, also in the middle of what is said', async () => {
    const { call } = await enter();
    await picksUp(call);
    await house.telephony.tellVolunteer(call, 1, 1, ASKED, 'zh');
    for (const [key, by] of [
      ['2', 'sound'],
      ['*', 'info'],
      ['1', 'info'],
      ['1', 'sound'],
    ] as const)
      await house.exchange.volunteer.press(key, by);
    const pressed = () => told('volunteer-pressed').flatMap((word) => (word.call === call && word.leg === 1 ? [word.key] : []));
    await until('four keys', () => pressed().length === 4);
    expect(pressed()).toEqual(['2', '*', '1', '1']);
    expect(told('key-pressed').filter((word) => word.call === call)).toEqual([]);
  });

  test("what is said to a volunteer is said once, gives way to what comes next, and its end is not told as the caller's", async () => {
    const { call } = await enter();
    await picksUp(call);
    expect(await house.telephony.tellVolunteer(call, 1, 3, { say: 'ringing' }, 'zh')).toBe('saying');
    expect(await house.telephony.tellVolunteer(call, 1, 3, { say: 'ringing' }, 'zh')).toBe('saying');
    expect(await house.telephony.tellVolunteer(call, 1, 4, ASKED, 'zh')).toBe('saying');
    expect(await house.telephony.tellVolunteer(call, 1, 3, ASKED, 'zh')).toBe('saying');
    expect(await house.telephony.say(call, 5, { say: 'hold' }, 'zh')).toBe('saying');
    await house.finished(call, 5);
    expect(told('utterance-finished').flatMap((word) => (word.call === call ? [word.utterance] : []))).toEqual([5]);
  });

  test('nothing can be said to a volunteer who is gone, nor do they join: that is told, not thrown', async () => {
    const { call } = await talk();
    expect(await house.telephony.tellVolunteer(call, 1, 1, ASKED, 'zh')).toBe('gone');
    expect(await house.telephony.joinInterpreter(call, 1, 1)).toBe('gone');
    await picksUp(call);
    expect(await house.telephony.joinInterpreter(call, 1, 9)).toBe('gone');
    await house.exchange.volunteer.hangUp('choice');
    expect((await volunteerEnded(call)).end).toBe('hung-up');
    expect(await house.telephony.tellVolunteer(call, 1, 2, ASKED, 'zh')).toBe('gone');
    expect(await house.telephony.joinInterpreter(call, 1, 1)).toBe('gone');
    await house.telephony.releaseVolunteer(call, 1, 3, 'zh');
    await house.telephony.releaseVolunteer(call, 1, 0, null);
    expect(told('volunteer-leg-ended').filter((word) => word.call === call)).toHaveLength(1);
  });

  test('the interpreter joins once, however often it is asked, in the middle of what is said; the others stay', async () => {
    const { call } = await talk();
    await picksUp(call);
    await house.telephony.tellVolunteer(call, 1, 1, { say: 'ringing' }, 'zh');
    const before = Date.now();
    expect(await house.telephony.joinInterpreter(call, 1, 1)).toBe('joined');
    expect(Date.now() - before).toBeLessThan(1000);
    expect(await house.telephony.joinInterpreter(call, 1, 1)).toBe('joined');
    expect(await house.telephony.join(call, 1)).toBe('joined');
    const three = { call, attempt: 1, callerIn: true, callTakerIn: true, volunteersIn: [1] };
    expect(await bridgeOf(call)).toEqual(three);
    expect(await house.telephony.hold(call, 1)).toBe('held');
    expect(await bridgeOf(call)).toEqual({ ...three, callerIn: false });
    expect(await house.telephony.say(call, 2, { say: 'private' }, 'zh')).toBe('saying');
    expect(await house.telephony.resume(call, 1)).toBe('resumed');
    expect(await bridgeOf(call)).toEqual(three);
    await house.exchange.volunteer.hangUp('cut');
    expect((await volunteerEnded(call)).end).toBe('cut');
    expect(await bridgeOf(call)).toEqual({ ...three, volunteersIn: [] });
  });

  test('parting leaves all three on the line, and caller and interpreter join another call taker', async () => {
    const { call } = await talk();
    await picksUp(call);
    await house.telephony.joinInterpreter(call, 1, 1);
    await house.exchange.phone.hangUp('cut');
    await house.ended(call);
    await house.telephony.part(call, 1);
    await until('the bridge to be gone', async () => (await bridgeOf(call)) === undefined);
    const standing = await house.telephony.standing();
    expect(standing.bridges).toEqual([]);
    expect(standing.callers).toHaveLength(1);
    expect(standing.volunteers).toEqual([{ call, leg: 1, answered: true }]);
    expect(await house.telephony.tellVolunteer(call, 1, 1, { say: 'volunteer-wait' }, 'zh')).toBe('saying');
    await house.answered(call, 2);
    expect(await house.telephony.join(call, 2)).toBe('joined');
    expect(await house.telephony.joinInterpreter(call, 1, 2)).toBe('joined');
    expect(await bridgeOf(call)).toEqual({ call, attempt: 2, callerIn: true, callTakerIn: true, volunteersIn: [1] });
  });

  test('the call taker goes, and caller and interpreter stay with one another', async () => {
    const { call } = await talk();
    await picksUp(call);
    await house.telephony.joinInterpreter(call, 1, 1);
    await house.telephony.releaseCallTaker(call, 1);
    await house.ended(call);
    expect(await bridgeOf(call)).toEqual({ call, attempt: 1, callerIn: true, callTakerIn: false, volunteersIn: [1] });
    expect(await house.telephony.joinInterpreter(call, 1, 1)).toBe('joined');
  });

  test('a volunteer who has answered hears thanks and is let go, once, though it is asked again', async () => {
    const { call } = await talk();
    await picksUp(call);
    await house.telephony.tellVolunteer(call, 1, 1, { say: 'ringing' }, 'zh');
    await house.telephony.joinInterpreter(call, 1, 1);
    await house.telephony.releaseVolunteer(call, 1, 2, 'zh');
    expect((await bridgeOf(call))?.volunteersIn).toEqual([]);
    await house.telephony.releaseVolunteer(call, 1, 2, 'zh');
    expect(await house.telephony.joinInterpreter(call, 1, 1)).toBe('gone');
    expect((await volunteerEnded(call)).end).toBe('hung-up');
    await until('the phone to know', () => !house.exchange.volunteer.isTalking());
    expect(told('volunteer-leg-ended').filter((word) => word.call === call)).toHaveLength(1);
    expect(await bridgeOf(call)).toEqual({ call, attempt: 1, callerIn: true, callTakerIn: true, volunteersIn: [] });
  });

  test('a volunteer whose phone still rings is let go at once, thanks or not', async () => {
    const { call } = await enter();
    house.exchange.volunteer.conduct('ignore');
    await house.telephony.ringVolunteer(call, 1, house.exchange.volunteer.address, 10);
    await until('the phone to ring', () => house.exchange.volunteer.isRinging());
    await house.telephony.releaseVolunteer(call, 1, 1, 'zh');
    expect((await volunteerEnded(call)).end).toBe('no-answer');
    await until('the phone to be quiet', () => !house.exchange.volunteer.isRinging());
  });

  test('a volunteer is let go though nobody speaks the language of the thanks', async () => {
    const { call } = await enter();
    await picksUp(call);
    await house.telephony.releaseVolunteer(call, 1, 1, 'tlh').catch(() => null);
    expect((await volunteerEnded(call)).end).toBe('hung-up');
  });
}
