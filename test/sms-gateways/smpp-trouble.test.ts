/** The SMPP gateway with a message centre that says what no message centre should: it loses no text by it, and is back by itself. */
import fc from 'fast-check';
import smpp from 'smpp';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { clock } from '../../src/clock.ts';
import type { TextGateway } from '../../src/control/text-ports.ts';
import { openSmpp, type SmppSettings } from '../../src/sms-gateways/smpp.ts';
import { openEars, type Ears } from '../contract/gateway.ears.ts';
import { textOf } from '../contract/gateway.peer.ts';
import { openSmsc, type Smsc, type SmscWishes } from '../simulators/smsc.ts';
import { keptLog, type KeptLog } from '../stack/log.ts';
import { until } from '../stack/until.ts';
import { delivered, settingsFor } from './smpp.peer.ts';
import { TEST_CERTIFICATE } from './test-certificate.ts';

const PASSWORD = 'rightpw1';
const SENDER = '8613812345678';
const CENTRE = '121100451';
const HELP = '救命';

let smsc: Smsc;
let gateway: TextGateway;
let ears: Ears;
let log: KeptLog;
const begin = async (wishes: Partial<SmppSettings> = {}, centre: SmscWishes = {}): Promise<void> => {
  smsc = await openSmsc({ password: PASSWORD, ...centre });
  ears = openEars();
  log = keptLog();
  gateway = openSmpp(settingsFor(smsc.port, { password: PASSWORD, ...wishes }), { clock, log });
};
const end = async (): Promise<void> => {
  await gateway.close();
  await smsc.close();
};
const instead = async (...how: Parameters<typeof begin>): Promise<void> => {
  await end();
  await begin(...how);
};
const isUp = () => until('the gateway is up', () => gateway.health().isUp);
const binds = (): number => smsc.heard.filter((command) => command === 'bind_transceiver').length;
const send = (text: string, id = '01JAB.1') => gateway.send({ id, to: `+${SENDER}`, from: CENTRE, text });
const deliver = async (text: string): Promise<number | undefined> => (await smsc.deliver(delivered(SENDER, CENTRE, text)))?.status;

beforeEach(() => begin());
afterEach(end);

const word = (...numbers: readonly number[]): Buffer => {
  const octets = Buffer.alloc(4 * numbers.length);
  for (const [n, number] of numbers.entries()) octets.writeUInt32BE(number, 4 * n);
  return octets;
};
const DELIVER = new smpp.PDU('deliver_sm', { ...delivered(SENDER, CENTRE, HELP), sequence_number: 1 }).toBuffer();
/** A deliver_sm of any body under an honest header. */
const headed = (command: number, body: Buffer) => (sequence: number) => Buffer.concat([word(16 + body.length, command, 0, sequence), body]);

describe('a message centre that says what cannot be', () => {
  beforeEach(async () => {
    await gateway.open(ears);
    await isUp();
  });

  it.each([0, 4, 8, 15, 68_001, 0x7fffffff, 0xffffffff])(
    'is left when a PDU is to have %d octets, and connected to anew',
    async (length) => {
      smsc.say(word(length, 5, 0, 77));
      await until('it was left', () => log.lines.some((line) => line.includes(`announced a PDU of ${length} octets`)));
      await until('it is bound anew', () => binds() === 2);
      await isUp();
      expect(await deliver(HELP)).toBe(0);
      expect(ears.texts.map(textOf)).toEqual([HELP]);
    },
  );

  it('has what it said before the nonsense heard', async () => {
    smsc.say(Buffer.concat([DELIVER, DELIVER, Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')]));
    await until('it is bound anew', () => binds() === 2);
    expect(ears.texts.map(textOf)).toEqual([HELP, HELP]);
  });

  it('is left when it breaks off within a PDU and only goes on asking whether we live', async () => {
    smsc.say(DELIVER.subarray(0, DELIVER.length - 3));
    await until('it is bound anew', () => binds() === 2);
    await isUp();
    expect(await deliver(HELP)).toBe(0);
  });

  it('is understood octet by octet, and many PDUs at a time', async () => {
    const [socket] = smsc.bound();
    socket?.setNoDelay(true);
    for (const octet of DELIVER) {
      smsc.say(Buffer.of(octet));
      await new Promise((resolve) => setImmediate(resolve));
    }
    smsc.say(Buffer.concat(Array.from({ length: 50 }, () => DELIVER)));
    await until('all are heard', () => ears.texts.length === 51);
    expect(ears.texts.every((heard) => textOf(heard) === HELP)).toBe(true);
    expect(binds()).toBe(1);
  });

  it('is told to repeat what it says beyond a thousand texts that are still being kept', async () => {
    ears.hold();
    smsc.say(Buffer.concat(Array.from({ length: 3000 }, () => DELIVER)));
    expect(await smsc.ask(headed(0x15, Buffer.alloc(0)), 5000)).toEqual({ command: 'enquire_link_resp', status: 0 });
    expect(ears.texts).toHaveLength(1000);
    expect(await deliver(HELP)).toBe(0x64);
    ears.release();
    await until('all are kept', () => ears.kept.length === 1000);
    expect(await deliver(HELP)).toBe(0);
    expect(binds()).toBe(1);
  });

  it('has a text kept of whatever is left of it, wherever it is cut', async () => {
    for (let length = 16; length <= DELIVER.length; length += 1) {
      const answer = await smsc.ask(headed(5, DELIVER.subarray(16, length)));
      expect([length, answer]).toEqual([length, { command: 'deliver_sm_resp', status: 0 }]);
    }
    expect(ears.texts).toHaveLength(DELIVER.length - 15);
    expect(ears.texts.at(0)).toMatchObject({ from: '', to: '', coding: 'binary' });
    expect(ears.texts.slice(0, 20).map(({ octets }) => octets.length)).toEqual(Array.from({ length: 20 }, (_, n) => n));
    expect(ears.texts.at(-2)).toMatchObject({ from: SENDER, to: CENTRE, coding: 'ucs2' });
    expect(binds()).toBe(1);
  });

  it('is answered whatever the body of a text is', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 400 }), async (body) => {
        expect(await smsc.ask(headed(5, Buffer.from(body)))).toEqual({ command: 'deliver_sm_resp', status: 0 });
      }),
      { numRuns: 300 },
    );
    expect(binds()).toBe(1);
  });

  it('is told that a command is unknown, and goes on', async () => {
    for (const command of [0x0, 0x77, 0x10203, 0x4, 0x1]) {
      const answer = await smsc.ask(headed(command, Buffer.from('whatever')));
      expect([command, answer]).toEqual([command, { command: 'generic_nack', status: 3 }]);
    }
    expect(await deliver(HELP)).toBe(0);
    expect(binds()).toBe(1);
  });

  it('may answer what was never asked', async () => {
    smsc.say(
      Buffer.concat([word(16, 0x80000004, 0, 4711), word(16, 0x80000000, 3, 0), word(16, 0x80009999, 0, 2), word(16, 0x80000009, 0, 1)]),
    );
    expect(await deliver(HELP)).toBe(0);
    expect(binds()).toBe(1);
  });

  it('has its answer to one question not taken for that to another', async () => {
    smsc.answerWith('silent');
    const sending = send('x');
    await until('it was submitted', () => smsc.heard.includes('submit_sm'));
    for (let sequence = 1; sequence < 20; sequence += 1) smsc.say(word(17, 0x80000005, 0, sequence, 0).subarray(0, 17));
    expect(await sending).toEqual({ is: 'unreachable', answer: 'no answer to submit_sm in time' });
  });

  it('may hand in a text of sixty thousand octets', async () => {
    const octets = Buffer.from('警'.repeat(30_000), 'utf16le').swap16();
    expect(await smsc.deliver({ source_addr: SENDER, data_coding: 8, message_payload: octets })).toMatchObject({ status: 0 });
    expect(ears.texts[0] && Buffer.from(ears.texts[0].octets).equals(octets)).toBe(true);
  });

  it('may repeat everything from an hour ago: all of it is acknowledged', async () => {
    const texts = Array.from({ length: 300 }, (_, n) => `${HELP} ${n}`);
    for (const _ of ['then', 'an hour later']) {
      const answers = await Promise.all(texts.map(deliver));
      expect(answers.filter((status) => status !== 0)).toEqual([]);
    }
    expect(ears.texts.map(textOf).toSorted()).toEqual([...texts, ...texts].toSorted());
  });

  it('may end the session: it is told so, and connected to anew', async () => {
    expect(await smsc.ask(headed(6, Buffer.alloc(0)))).toEqual({ command: 'unbind_resp', status: 0 });
    await until('it was told', () => log.lines.some((line) => line.includes('the other side has ended the session')));
    await until('it is bound anew', () => binds() === 2);
    await isUp();
    expect(await deliver(HELP)).toBe(0);
  });
});

describe('the window', () => {
  beforeEach(async () => {
    await instead({ window: 4, answerWithinMs: 3000 });
    await gateway.open(ears);
    await isUp();
  });
  const sendMany = (count: number) => Promise.all(Array.from({ length: count }, (_, n) => send(`text ${n}`, `01JAB.${n}`)));

  it('is used, and never exceeded', async () => {
    smsc.answerAfter(15);
    const sendings = await sendMany(60);
    expect(sendings.every(({ is }) => is === 'accepted')).toBe(true);
    expect(new Set(sendings.flatMap((sending) => (sending.is === 'accepted' ? sending.carrierIds : []))).size).toBe(60);
    expect(smsc.mostWaiting()).toBe(4);
    expect(smsc.submitted.map(({ text }) => text)).toEqual(Array.from({ length: 60 }, (_, n) => `text ${n}`));
  });

  it('may break in the middle: what was answered is accepted, everything else is to be tried again, nothing waits on', async () => {
    smsc.answerAfter(20);
    const sending = sendMany(40);
    await until('some were submitted', () => smsc.submitted.length >= 9);
    const cutAt = performance.now();
    smsc.cut();
    const outcomes = await sending;
    expect(performance.now() - cutAt).toBeLessThan(1500);
    const accepted = outcomes.flatMap((one) => (one.is === 'accepted' ? one.carrierIds : []));
    expect(accepted.length).toBeGreaterThan(0);
    expect(accepted.length).toBeLessThanOrEqual(smsc.submitted.length);
    expect(outcomes.filter(({ is }) => is === 'unreachable')).toHaveLength(40 - accepted.length);
    smsc.mend();
    await isUp();
    expect((await send('again')).is).toBe('accepted');
  });

  it('is not stopped up for ever by answers that never come, and an answer that comes late harms nothing', async () => {
    await instead({ window: 2, answerWithinMs: 100 });
    await gateway.open(ears);
    await isUp();
    smsc.answerAfter(150);
    expect((await sendMany(2)).every(({ is }) => is === 'unreachable')).toBe(true);
    smsc.answerWith('silent');
    expect((await sendMany(4)).every(({ is }) => is === 'unreachable')).toBe(true);
    smsc.answerWith(0);
    smsc.answerAfter(0);
    await until('a text goes', async () => (await send('again')).is === 'accepted');
    expect(binds()).toBe(1);
  });

  it('stays as it is when texts are not understood', async () => {
    smsc.answerWith('nack');
    expect((await sendMany(10)).every((one) => one.is === 'unreachable' && one.answer.includes('not understood'))).toBe(true);
    smsc.answerWith(0);
    expect((await sendMany(10)).every(({ is }) => is === 'accepted')).toBe(true);
  });

  it('is one for the parts of a long text: one part refused refuses it, one throttled lets it be tried again', async () => {
    const long = '请留在安全的地方。'.repeat(60);
    smsc.answerWith((count) => (count === 3 ? 0x58 : 0));
    expect(await send(long)).toEqual({ is: 'unreachable', answer: 'ESME_RTHROTTLED (0x58)' });
    smsc.answerWith((count) => (count % 4 === 0 ? 0x0b : 0));
    expect(await send(long)).toEqual({ is: 'refused', answer: 'ESME_RINVDSTADR (0x0b)' });
  });
});

describe('binding', () => {
  it.each([
    [0x0d, /does not accept our name or password: ESME_RBINDFAIL/],
    [0x0e, /does not accept our name or password: ESME_RINVPASWD/],
    [0x0f, /does not accept our name or password: ESME_RINVSYSID/],
    [0x05, /does not let us in: ESME_RALYBND/],
    [0x4ff, /does not let us in: a status of its own \(0x4ff\)/],
  ])('is told in words when it is refused with %d', async (status, words) => {
    smsc.setBindStatus(status);
    await gateway.open(ears);
    await until('the trouble is told', () => words.test(gateway.health().trouble ?? ''));
    expect(gateway.health().isUp).toBe(false);
    smsc.setBindStatus(0);
    await isUp();
  });

  it('is tried again more slowly with a password that is wrong', async () => {
    await instead({ password: 'wrongpw2', refusedRetryMs: 250 });
    const begun = performance.now();
    await gateway.open(ears);
    await until('it was tried three times', () => binds() === 3);
    expect(performance.now() - begun).toBeGreaterThanOrEqual(495);
  });

  it('is given up when nobody answers it, and begun anew', async () => {
    smsc.freeze();
    await gateway.open(ears);
    await until('the trouble is told', () => /no answer to bind_transceiver in time/.test(gateway.health().trouble ?? ''));
    smsc.mend();
    await isUp();
    expect((await send('x')).is).toBe('accepted');
  });

  it('is over TLS where that is wished, with nobody but whom we trust', async () => {
    await instead({ tls: true, ca: TEST_CERTIFICATE.cert }, { tls: TEST_CERTIFICATE });
    await gateway.open(ears);
    await isUp();
    expect(await deliver(HELP)).toBe(0);
    await instead({ tls: true }, { tls: TEST_CERTIFICATE });
    await gateway.open(ears);
    await until('the trouble is told', () => /certificate/.test(gateway.health().trouble ?? ''));
    expect(smsc.heard).toEqual([]);
  });
});

describe('closing', () => {
  it('says goodbye', async () => {
    await gateway.open(ears);
    await isUp();
    await gateway.close();
    expect(smsc.heard.at(-1)).toBe('unbind');
    await until('the line is down', () => smsc.bound().length === 0);
  });

  it('tells the message centre to keep what comes meanwhile', async () => {
    await gateway.open(ears);
    await isUp();
    ears.hold();
    const early = deliver(HELP);
    await until('it is handed in', () => ears.texts.length === 1);
    const closing = gateway.close();
    expect(await deliver('later')).toBe(0x64);
    ears.release();
    expect(await early).toBe(0);
    await closing;
    expect(ears.texts).toHaveLength(1);
  });
});

describe('names of texts', () => {
  it('are the same number in the answer and in the report where a carrier spells them in two ways', async () => {
    await instead({ hexIds: 'answers' }, { nameOf: (count) => `0${(0xabcd00 + count).toString(16).toUpperCase()}` });
    await gateway.open(ears);
    await isUp();
    const sending = await send('x');
    expect(sending).toEqual({ is: 'accepted', carrierIds: [String(0xabcd01)] });
    await smsc.deliver({ esm_class: 4, short_message: Buffer.from(`id:00${String(0xabcd01)} sub:001 stat:DELIVRD err:000`) });
    expect(ears.reports).toMatchObject([{ carrierId: String(0xabcd01), outcome: 'delivered' }]);
  });
});

describe('what stands in a submission', () => {
  it('asks for a report and names the kinds of both numbers', async () => {
    await gateway.open(ears);
    await isUp();
    await send('x');
    await gateway.send({ id: 'a', to: '13812345678', from: 'POLICE', text: 'x' });
    const kinds = [
      'source_addr_ton',
      'source_addr',
      'dest_addr_ton',
      'dest_addr_npi',
      'destination_addr',
      'registered_delivery',
      'esm_class',
    ];
    expect(smsc.submitted.map(({ fields }) => kinds.map((kind) => fields[kind]))).toEqual([
      [0, CENTRE, 1, 1, SENDER, 1, 0],
      [5, 'POLICE', 0, 1, '13812345678', 1, 0],
    ]);
  });

  it('gives a long text the same reference however often it is tried, and another text another', async () => {
    await gateway.open(ears);
    await isUp();
    const references = async (id: string): Promise<readonly unknown[]> => {
      const before = smsc.submitted.length;
      await send('请留在安全的地方。'.repeat(20), id);
      return smsc.submitted.slice(before).map(({ header }) => header[0]?.[2]);
    };
    const [first, again, other] = [await references('01JAB.1'), await references('01JAB.1'), await references('01JAB.2')];
    expect(first).toHaveLength(3);
    expect(new Set([...first, ...again]).size).toBe(1);
    expect(other).not.toEqual(first);
  });

  it('is refused where a number has no place in it, and where the text is too long to be sent', async () => {
    await gateway.open(ears);
    await isUp();
    for (const to of ['', '1'.repeat(21), '138\u0000', '警察']) {
      expect((await gateway.send({ id: 'a', to, from: CENTRE, text: 'x' })).is).toBe('refused');
    }
    expect((await send('警'.repeat(67 * 255 + 1))).is).toBe('refused');
    expect(smsc.submitted).toEqual([]);
  });
});
