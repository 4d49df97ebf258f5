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

  it('has no more submits under way than the window lets through, and settles those that wait when it breaks', async () => {
    const { ismg, isUp, text, send, count } = await begin('2.0', { window: 3, answerWithinMs: 8000, activeTestMs: 5000 });
    await isUp();
    ismg.submitResult = 'silent';
    const sendings = Array.from({ length: 10 }, () => send('x'));
    await until('three are there', () => count('CMPP_SUBMIT') === 3);
    expect(await ismg.deliver(text('meanwhile'))).toBe(0);
    expect(count('CMPP_SUBMIT')).toBe(3);
    const broke = performance.now();
    ismg.drop();
    expect((await Promise.all(sendings)).every(({ is }) => is === 'unreachable')).toBe(true);
    expect(performance.now() - broke).toBeLessThan(4000);
  });

  it('carries no text whose time is over before its turn comes', async () => {
    const { ismg, isUp, send, count } = await begin('2.0', { window: 1 });
    await isUp();
    ismg.submitResult = 'silent';
    expect((await Promise.all([send('first'), send('second')])).map(({ is }) => is)).toEqual(['unreachable', 'unreachable']);
    ismg.submitResult = 0;
    expect((await send('third')).is).toBe('accepted');
    expect(count('CMPP_SUBMIT')).toBe(2);
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

  it('is kept where submits are answered again before three in a row are not', async () => {
    const { ismg, isUp, send, count } = await begin('2.0', { answerWithinMs: 100, activeTestMs: 1000 });
    await isUp();
    for (const result of ['silent', 'silent', 0, 'silent', 'silent', 8, 'silent', 0] as const) {
      ismg.submitResult = result;
      await send('x');
    }
    expect([count('CMPP_CONNECT'), count('CMPP_SUBMIT')]).toEqual([1, 8]);
  });

  it('is down as soon as a text cannot be kept, though others are under way', async () => {
    const { ismg, gateway, ears, isUp, trouble, text } = await begin('2.0', { answerWithinMs: 3000, activeTestMs: 1000 });
    await isUp();
    ears.holdOne();
    const held = ismg.deliver(text('held'));
    await until('it is held', () => ears.texts.length === 1);
    ears.fail();
    const failed = ismg.deliver(text('failed'));
    await trouble(/cannot be kept: the records cannot be reached/);
    expect([gateway.health().isUp, ismg.lines]).toEqual([false, 1]);
    ears.mend();
    ears.release();
    expect([await held, await failed]).toEqual([0, 'gone']);
  });

  it('is tried again ever more slowly, and at once again after it has carried something', async () => {
    const { ismg, gateway, alarms, isUp, text } = await begin('2.0', { reconnectFirstMs: 10, reconnectMostMs: 45, answerWithinMs: 7000 });
    await isUp();
    expect(await ismg.deliver(text('x'))).toBe(0);
    // What was left of a pause when its alarm was set: on a busy machine less than the whole.
    const pauses = () => alarms.lengths.filter((ms) => ms <= 45).map((ms) => Math.ceil(ms / 5) * 5);
    const isAtMost = (most: readonly number[], from: number) => most.every((ms, n) => (pauses()[from + n] ?? Infinity) <= ms);
    ismg.cut();
    await until('five attempts', () => pauses().length >= 5);
    expect(isAtMost([10, 20, 40, 45, 45], 0)).toBe(true);
    expect(Math.max(...pauses().slice(2, 5))).toBeGreaterThan(20);
    ismg.mend();
    await isUp();
    expect(await ismg.deliver(text('y'))).toBe(0);
    const before = pauses().length;
    ismg.drop();
    await until('another attempt', () => pauses().length > before);
    expect(isAtMost([10], before)).toBe(true);
    ismg.cut();
    await until('it waits', () => !gateway.health().isUp);
    await gateway.close();
    expect(alarms.pending).toBe(0);
  });

  it('is tried again late where the login was refused: a gateway may lock out who asks too often', async () => {
    const { alarms, trouble } = await begin('2.0', { secret: 'another', refusedRetryMs: 60_000 });
    await trouble(/password/);
    expect(alarms.lengths.some((ms) => ms > 59_000)).toBe(true);
    expect(alarms.pending).toBe(1);
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

  it('is closed once what is under way is answered, takes nothing new meanwhile, and goodbye is said last', async () => {
    const { ismg, gateway, ears, isUp, text, count } = await begin('2.0', { answerWithinMs: 3000, activeTestMs: 1000 });
    await isUp();
    ears.hold();
    const held = ismg.deliver(text('held'));
    await until('it is held', () => ears.texts.length === 1);
    const closing = gateway.close();
    const late = ismg.deliver(text('late'));
    await ismg.say('CMPP_ACTIVE_TEST');
    await until('it still answers', () => count('CMPP_ACTIVE_TEST_RESP') === 1);
    ears.release();
    expect([await held, await late]).toEqual([0, 'gone']);
    await closing;
    await until('the line is gone', () => ismg.lines === 0);
    expect(ears.texts).toHaveLength(1);
    expect(ismg.heard.slice(-2)).toEqual(['CMPP_DELIVER_RESP', 'CMPP_TERMINATE']);
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
