/** The CMPP door on real connections: logging in to gateways of either version, and what is carried in both directions. */
import { afterEach, describe, expect, it } from 'vitest';
import { clock } from '../../src/clock.ts';
import { openCmpp, type CmppSettings } from '../../src/sms-gateways/cmpp.ts';
import { textOf } from '../contract/gateway.peer.ts';
import { message } from '../simulators/ismg-tables.ts';
import { keptLog } from '../stack/log.ts';
import { until } from '../stack/until.ts';
import { begin, CENTRE, endHouses, SENDER } from './cmpp.house.ts';
import { RIGHT, settingsFor, SOURCE } from './cmpp.peer.ts';

afterEach(endHouses);

describe('the login', () => {
  it('that is never answered is given up and tried again', async () => {
    const { ismg, isUp, trouble, send, count } = await begin('2.0', {}, (ismg) => {
      ismg.answersLogin = false;
    });
    await trouble(/does not answer our login/);
    expect((await send('x')).is).toBe('unreachable');
    await until('a second login', () => count('CMPP_CONNECT') >= 2);
    ismg.answersLogin = true;
    await isUp();
  });

  it('to a gateway that cannot show that it knows the secret goes on, and is warned of', async () => {
    const { ismg, log, isUp, text } = await begin('3.0', {}, (ismg) => {
      ismg.authenticator = 'wrong';
    });
    await isUp();
    expect(log.lines.filter((line) => /^warn .*knows our password/.test(line))).toHaveLength(1);
    expect(await ismg.deliver(text('x'))).toBe(0);
  });

  it('is without a warning where it can', async () => {
    const { log, isUp } = await begin('2.0');
    await isUp();
    expect(log.lines.filter((line) => line.startsWith('warn'))).toEqual([]);
  });

  it('to a gateway of 2.0 that finds 3.0 too high is repeated with 2.0, and everything has its widths then', async () => {
    const { ismg, ears, isUp, text, send, count } = await begin('2.0', { version: '3.0' });
    await isUp();
    expect(count('CMPP_CONNECT')).toBe(2);
    expect(await ismg.deliver(text('救命'))).toBe(0);
    expect(ears.kept.map(textOf)).toEqual(['救命']);
    expect((await send('警察')).is).toBe('accepted');
    expect(ismg.complaints).toEqual([]);
  });

  it('with 2.0 to a gateway of 3.0 speaks 2.0', async () => {
    const { ismg, ears, isUp, text, send } = await begin('3.0', { version: '2.0' });
    await isUp();
    expect(await ismg.deliver(text('救命'))).toBe(0);
    expect((await send('警察')).is).toBe('accepted');
    expect([ears.kept.map(textOf), ismg.complaints]).toEqual([['救命'], []]);
  });

  it('under a source address the gateway does not know says so', async () => {
    const { ismg, gateway, trouble } = await begin('2.0', { sourceAddress: '999999' });
    await trouble(/source address/);
    expect([gateway.health().isUp, ismg.lines]).toEqual([false, 0]);
  });
});

describe.each(['2.0', '3.0'] as const)('CMPP %s', (version) => {
  it('a text of ours goes with everything a gateway wants of it', async () => {
    const { ismg, isUp, send } = await begin(version);
    await isUp();
    const sending = await send('Police are on their way');
    const [submitted] = ismg.submitted;
    expect(sending).toEqual({ is: 'accepted', carrierIds: [submitted?.id.toString('hex')] });
    expect(submitted?.values).toMatchObject({
      Pk_total: 1,
      Pk_number: 1,
      Registered_Delivery: 1,
      Service_Id: 'POLICE',
      Fee_UserType: 2,
      Fee_terminal_Id: '',
      TP_udhi: 0,
      Msg_Fmt: 0,
      Msg_src: SOURCE,
      FeeType: '01',
      FeeCode: '000000',
      ValId_Time: '',
      At_Time: '',
      Src_Id: CENTRE,
      Dest_terminal_Id: SENDER,
      Msg_Content: Buffer.from('Police are on their way'),
    });
  });

  it('a long text goes in parts that are named and numbered', async () => {
    const { ismg, isUp, send } = await begin(version);
    await isUp();
    const sending = await send('警'.repeat(140));
    expect(sending.is === 'accepted' && sending.carrierIds).toEqual(ismg.submitted.map(({ id }) => id.toString('hex')));
    expect(ismg.submitted.map(({ values }) => [values['Pk_total'], values['Pk_number'], values['TP_udhi'], values['Msg_Length']])).toEqual([
      [3, 1, 1, 140],
      [3, 2, 1, 140],
      [3, 3, 1, 18],
    ]);
  });

  it('what a report says is told, in its words', async () => {
    const { ismg, ears, isUp } = await begin(version);
    await isUp();
    const id = Buffer.from('30a05781af730007', 'hex');
    for (const stat of ['DELIVRD', 'MK:0012', 'ACCEPTD']) expect(await ismg.deliver(ismg.report(id, stat, SENDER))).toBe(0);
    const told = { gateway: 'mobile', carrierId: '30a05781af730007' };
    expect(ears.reports).toEqual([
      { ...told, outcome: 'delivered', words: 'DELIVRD' },
      { ...told, outcome: 'failed', words: 'MK:0012' },
      { ...told, outcome: 'accepted', words: 'ACCEPTD' },
    ]);
    expect(ears.texts).toEqual([]);
  });

  it('everything from an hour ago comes once more: acknowledged again, kept once, with the time it was sent', async () => {
    const { ismg, ears, isUp, text } = await begin(version);
    await isUp();
    const hourAgo = Date.now() - 3600_000;
    const words = Array.from({ length: 50 }, (_, n) => `text ${n}`);
    const first = await Promise.all(words.map((word) => ismg.deliver(text(word, hourAgo))));
    expect(first.every((heard) => heard === 0)).toBe(true);
    ismg.drop();
    expect((await ismg.repeatEverything()).every((heard) => heard === 0)).toBe(true);
    expect(ears.texts).toHaveLength(100);
    expect(ears.kept.map(textOf).toSorted()).toEqual(words.toSorted());
    expect(ears.kept.every(({ sentAt }) => sentAt !== null && Math.abs(sentAt - hourAgo) < 1000)).toBe(true);
  });

  it('a text that cannot be read is refused as such, and a report too; the connection stays and the next is taken', async () => {
    const { ismg, ears, isUp, text, count } = await begin(version);
    await isUp();
    const broken = Buffer.from(message(version, 'CMPP_DELIVER', 77, { Msg_Id: Buffer.alloc(8, 1) }).subarray(0, 40));
    broken.writeUInt32BE(40, 0);
    ismg.raw(broken);
    const report = ismg.report(Buffer.alloc(8, 1), 'DELIVRD');
    expect(await ismg.deliver({ ...report, content: report.content.subarray(0, 14) })).toBe(1);
    expect(await ismg.deliver(text('next'))).toBe(0);
    expect(count('CMPP_DELIVER_RESP')).toBe(3);
    expect([ears.texts.map(textOf), ears.reports]).toEqual([['next'], []]);
    expect([ismg.lines, count('CMPP_CONNECT'), ismg.complaints]).toEqual([1, 1, []]);
  });
});

describe('what CMPP cannot carry', () => {
  it('is refused without being submitted', async () => {
    const { isUp, send, count } = await begin('2.0');
    await isUp();
    const wrong = [{ to: '' }, { to: '1'.repeat(22) }, { to: '警察' }, { from: 'POLICE' }, { from: '' }, { from: '1'.repeat(22) }];
    for (const wishes of wrong) expect((await send('x', wishes)).is).toBe('refused');
    expect((await send('警'.repeat(20_000))).is).toBe('refused');
    expect(count('CMPP_SUBMIT')).toBe(0);
    expect((await send('x', { to: `+${SENDER}` })).is).toBe('accepted');
  });

  it('is named in wrong settings, and the secret is not', () => {
    const wrong: readonly Partial<CmppSettings>[] = [
      { sourceAddress: '' },
      { sourceAddress: '1104511' },
      { secret: '' },
      { serviceId: '12345678901' },
      { fee: { payer: 2, type: '1', code: '0' } },
    ];
    for (const wishes of wrong) {
      const open = () => openCmpp(settingsFor(1, wishes), { clock, log: keptLog() });
      expect(open).toThrow(/^the gateway 'mobile': /);
      expect(open).not.toThrow(RIGHT);
    }
  });
});
