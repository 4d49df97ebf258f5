/** What a CMPP gateway can do to the line, on real connections: each trouble, and that nothing is lost and nothing kept twice. */
import { afterEach, describe, expect, it } from 'vitest';
import { textOf } from '../contract/gateway.peer.ts';
import { message } from '../simulators/ismg-tables.ts';
import { until } from '../stack/until.ts';
import { begin, endHouses, SENDER } from './cmpp.house.ts';

afterEach(endHouses);

describe('the line', () => {
  it.each([0, 4, 11, 5000, 0xffffffff])('is given up on a PDU of %d octets, made anew, and what came before it is kept', async (length) => {
    const { ismg, ears, log, isUp, text } = await begin('2.0');
    await isUp();
    const absurd = Buffer.alloc(64);
    absurd.writeUInt32BE(length, 0);
    const before = text('before');
    const values = { Msg_Id: before.id, Msg_Fmt: 8, Msg_Length: before.content.length, Msg_Content: before.content };
    ismg.raw(Buffer.concat([message('2.0', 'CMPP_DELIVER', 5, values), absurd]));
    await until('it is left', () => log.lines.some((line) => line.includes(`a PDU of ${length} octets`)));
    await isUp();
    expect(await ismg.deliver(text('after'))).toBe(0);
    expect(ears.kept.map(textOf)).toEqual(['before', 'after']);
  });

  it('outlives PDUs that nobody knows', async () => {
    const { ismg, isUp, text, count } = await begin('3.0');
    await isUp();
    const unknown = message('3.0', 'CMPP_ACTIVE_TEST', 9);
    unknown.writeUInt32BE(0x55, 4);
    ismg.raw(unknown);
    await ismg.say('CMPP_QUERY', { Time: '20260301' });
    await ismg.say('CMPP_CANCEL', { Msg_Id: Buffer.alloc(8, 1) });
    await ismg.say('CMPP_SUBMIT_RESP', { Msg_Id: Buffer.alloc(8, 1) });
    expect(await ismg.deliver(text('x'))).toBe(0);
    expect([count('CMPP_CANCEL_RESP'), count('CMPP_CONNECT'), ismg.complaints]).toEqual([1, 1, []]);
  });

  it('breaks in the middle of a window: every text of ours settles, every text that came is kept once', async () => {
    const { ismg, ears, isUp, text, send, count } = await begin('2.0');
    await isUp();
    ismg.submitResult = 'silent';
    ears.hold();
    const carried = Array.from({ length: 40 }, (_, n) => ismg.carry(text(`text ${n}`)));
    const sendings = Array.from({ length: 20 }, (_, n) => send(`x ${n}`));
    await until('the windows are full', () => ears.texts.length === 16 && count('CMPP_SUBMIT') === 16);
    ismg.drop();
    ears.release();
    expect((await Promise.all(sendings)).every(({ is }) => is === 'unreachable')).toBe(true);
    expect((await Promise.all(carried)).every((heard) => heard === 0)).toBe(true);
    expect(ears.kept.map(textOf).toSorted()).toEqual(Array.from({ length: 40 }, (_, n) => `text ${n}`).toSorted());
  });

  it('has no more submits under way than the window lets through', async () => {
    const { ismg, isUp, text, send, count } = await begin('2.0', { window: 3, answerWithinMs: 1500, activeTestMs: 1000 });
    await isUp();
    ismg.submitResult = 'silent';
    const sendings = Array.from({ length: 10 }, () => send('x'));
    await until('three are there', () => count('CMPP_SUBMIT') === 3);
    expect(await ismg.deliver(text('meanwhile'))).toBe(0);
    expect(count('CMPP_SUBMIT')).toBe(3);
    ismg.drop();
    await Promise.all(sendings);
  });

  it('is left where texts cannot be kept, for only what is unanswered is repeated; the gateway carries all of them later, once each', async () => {
    const { ismg, gateway, ears, isUp, trouble, text, count } = await begin('3.0');
    await isUp();
    ears.fail();
    const carried = Array.from({ length: 40 }, (_, n) => ismg.carry(text(`text ${n}`)));
    await trouble(/cannot be kept/);
    await until('it has come back', () => count('CMPP_CONNECT') >= 3);
    expect(ears.kept).toEqual([]);
    ears.mend();
    expect((await Promise.all(carried)).every((heard) => heard === 0)).toBe(true);
    expect(ears.kept.map(textOf).toSorted()).toEqual(Array.from({ length: 40 }, (_, n) => `text ${n}`).toSorted());
    await isUp();
    expect(gateway.health().trouble).toBeNull();
  });

  it('is asked whether it lives, and answers when it is asked', async () => {
    const { ismg, isUp, count } = await begin('2.0', { activeTestMs: 30 });
    await isUp();
    await until('it was asked', () => count('CMPP_ACTIVE_TEST') >= 5);
    await ismg.say('CMPP_ACTIVE_TEST');
    await until('it has answered', () => count('CMPP_ACTIVE_TEST_RESP') === 1);
    expect(count('CMPP_CONNECT')).toBe(1);
  });

  it('is given up after three questions without an answer, but not where anything else is heard', async () => {
    const { ismg, isUp, trouble, count } = await begin('2.0', { activeTestMs: 60 }, (ismg) => {
      ismg.answersActiveTests = false;
    });
    await isUp();
    const beforeSilence = count('CMPP_CONNECT');
    await until('it has asked often', async () => {
      await ismg.say('CMPP_ACTIVE_TEST');
      return count('CMPP_ACTIVE_TEST') >= 8;
    });
    expect(count('CMPP_CONNECT')).toBe(beforeSilence);
    await trouble(/silent/);
    await until('it connects again', () => count('CMPP_CONNECT') > beforeSilence);
  });

  it('is made anew where the gateway says goodbye', async () => {
    const { ismg, isUp, text, count } = await begin('2.0');
    await isUp();
    await ismg.say('CMPP_TERMINATE');
    await until('goodbye is answered', () => count('CMPP_TERMINATE_RESP') === 1);
    await until('it connects again', () => count('CMPP_CONNECT') === 2);
    expect(await ismg.deliver(text('x'))).toBe(0);
  });

  it('is made anew where nothing that is submitted is answered, though everything else is', async () => {
    const { ismg, isUp, send, count } = await begin('2.0', { answerWithinMs: 100, activeTestMs: 30 });
    await isUp();
    ismg.submitResult = 'silent';
    for (let n = 0; n < 3; n++) expect((await send('x')).is).toBe('unreachable');
    await until('it connects again', () => count('CMPP_CONNECT') === 2);
    ismg.submitResult = 0;
    await until('a text goes', async () => (await send('x')).is === 'accepted');
  });

  it('is not read further while more texts than can be held are being kept, and loses none of them', async () => {
    const { ismg, ears, isUp, text, count } = await begin('2.0', { activeTestMs: 5000 });
    await isUp();
    ears.hold();
    const pdus = Array.from({ length: 3000 }, (_, n) =>
      message('2.0', 'CMPP_DELIVER', n, { Msg_Id: ismg.nextId(), Src_terminal_Id: SENDER }),
    );
    ismg.raw(Buffer.concat(pdus));
    await until('as many as can be held', () => ears.texts.length >= 256);
    expect(await ismg.deliver(text('after'), 200)).toBe('none');
    expect(ears.texts.length).toBeLessThan(1500);
    ears.release();
    await until('all are kept', () => ears.kept.length === 3001);
    await until('all are acknowledged', () => count('CMPP_DELIVER_RESP') === 3001);
  });

  it('goodbye is said when it is closed', async () => {
    const { ismg, gateway, isUp, count } = await begin('2.0');
    await isUp();
    await gateway.close();
    await until('goodbye', () => count('CMPP_TERMINATE') === 1);
    await until('the line is gone', () => ismg.lines === 0);
    expect(ismg.complaints).toEqual([]);
  });

  it('that nobody listens on is told, and tried again until somebody does', async () => {
    const { ismg, gateway, isUp, trouble, send } = await begin('2.0');
    await isUp();
    await ismg.close();
    await until('the gateway is down', () => !gateway.health().isUp);
    await trouble(/ECONNREFUSED/);
    expect((await send('x')).is).toBe('unreachable');
  });
});
