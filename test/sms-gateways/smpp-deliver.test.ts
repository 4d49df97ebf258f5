/** What a deliver_sm is read as, by the tables of SMPP 3.4; PDUs are written by hand, octet by octet. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { codingOf, readDelivery, type DeliverRules } from '../../src/sms-gateways/smpp-deliver.ts';
import { openFraming, readPdu } from '../../src/sms-gateways/smpp-pdu.ts';
import { pauseBefore } from '../../src/sms-gateways/smpp.ts';

const RULES: DeliverRules = { name: 'carrier', defaultAlphabet: 'gsm7', codings: { 15: 'gb18030' }, hexIds: 'nowhere' };

interface Written {
  readonly esmClass?: number;
  readonly dataCoding?: number;
  readonly octets?: readonly number[] | Buffer;
  readonly ton?: number;
  /** Tag, value. */
  readonly fields?: readonly (readonly [number, readonly number[] | Buffer])[];
}

function pduOf({ esmClass = 0, dataCoding = 0, octets = [], ton = 0, fields = [] }: Written): Buffer {
  const body = Buffer.concat([
    Buffer.of(0, ton, 1),
    Buffer.from('8613812345678\0'),
    Buffer.of(0, 1),
    Buffer.from('12110\0'),
    Buffer.of(esmClass, 0, 0, 0, 0, 0, 0, dataCoding, 0, octets.length, ...octets),
    ...fields.map(([tag, value]) => Buffer.of(tag >> 8, tag & 255, value.length >> 8, value.length & 255, ...value)),
  ]);
  const header = Buffer.alloc(16);
  for (const [n, number] of [16 + body.length, 5, 0, 1].entries()) header.writeUInt32BE(number, 4 * n);
  return Buffer.concat([header, body]);
}
const read = (written: Written, rules: Partial<DeliverRules> = {}) => readDelivery(readPdu(pduOf(written)), { ...RULES, ...rules });
const heard = (written: Written) => {
  const delivery = read(written);
  if (delivery.is !== 'text') throw new Error('a report');
  return { ...delivery.heard, octets: [...delivery.heard.octets], trouble: delivery.trouble };
};
const report = (words: string, more: Written = {}, rules: Partial<DeliverRules> = {}) => {
  const delivery = read({ esmClass: 4, octets: Buffer.from(words), ...more }, rules);
  return delivery.is === 'report' ? delivery.report : null;
};

describe('a text', () => {
  it('has its octets untouched and its numbers as they came', () => {
    const octets = [0, 0x1b, 0x65, 0x80, 0xff];
    expect(heard({ octets })).toEqual({
      gateway: 'carrier',
      carrierId: null,
      from: '8613812345678',
      to: '12110',
      coding: 'gsm7',
      octets,
      part: null,
      sentAt: null,
      trouble: null,
    });
    expect(heard({ octets, ton: 1 }).from).toBe('+8613812345678');
  });

  it.each([
    [0, 'gsm7'],
    [1, 'ascii'],
    [2, 'binary'],
    [3, 'latin1'],
    [4, 'binary'],
    [6, 'binary'],
    [8, 'ucs2'],
    [15, 'gb18030'],
    [0x10, 'gsm7'],
    [0x14, 'binary'],
    [0x18, 'ucs2'],
    [0x30, 'binary'],
    [0xc8, 'gsm7'],
    [0xe0, 'ucs2'],
    [0xf0, 'gsm7'],
    [0xf5, 'binary'],
    [0xff, 'binary'],
  ] as const)('with data_coding %d is %s', (dataCoding, coding) => {
    expect(heard({ dataCoding }).coding).toBe(coding);
  });

  it('is read by the alphabet and the codings of its carrier', () => {
    expect(codingOf(0, { ...RULES, defaultAlphabet: 'latin1' })).toBe('latin1');
    expect(codingOf(0, { ...RULES, codings: { 0: 'utf8' } })).toBe('utf8');
    expect(codingOf(15, { ...RULES, codings: {} })).toBe('binary');
  });

  it.each([
    ['8 bits', [5, 0, 3, 200, 3, 2], { reference: 200, width: 8, total: 3, number: 2 }],
    ['16 bits', [6, 8, 4, 1, 200, 3, 2], { reference: 456, width: 16, total: 3, number: 2 }],
  ] as const)('is a part by its header, with a reference of %s', (_, header, part) => {
    expect(heard({ esmClass: 0x40, dataCoding: 8, octets: [...header, 0x62, 0x11] })).toMatchObject({
      part,
      octets: [0x62, 0x11],
      trouble: null,
    });
    expect(heard({ dataCoding: 8, octets: [...header, 0x62, 0x11] })).toMatchObject({ part: null, octets: [...header, 0x62, 0x11] });
  });

  it('is a part by its fields, which have a reference of 16 bits, unless its header says otherwise', () => {
    const fields = [
      [0x020c, [1, 200]],
      [0x020e, [3]],
      [0x020f, [2]],
    ] as const;
    expect(heard({ octets: [65], fields }).part).toEqual({ reference: 456, width: 16, total: 3, number: 2 });
    expect(heard({ esmClass: 0x40, octets: [5, 0, 3, 7, 2, 1, 65], fields }).part).toEqual({ reference: 7, width: 8, total: 2, number: 1 });
    expect(heard({ octets: [65], fields: fields.slice(0, 2) }).part).toBeNull();
  });

  it('may be in the message payload, header and all', () => {
    const payload = [5, 0, 3, 7, 2, 1, ...Array.from({ length: 400 }, (_, n) => n & 255)];
    expect(heard({ esmClass: 0x40, dataCoding: 8, fields: [[0x0424, payload]] })).toMatchObject({
      octets: payload.slice(6),
      part: { reference: 7, width: 8, total: 2, number: 1 },
    });
  });

  it('with a header that cannot be is kept whole, and it is said', () => {
    const delivery = heard({ esmClass: 0x40, octets: [200, 0, 3, 65] });
    expect(delivery.octets).toEqual([200, 0, 3, 65]);
    expect(delivery.trouble).not.toBeNull();
  });

  it('with a field that breaks off is kept, and it is said', () => {
    const delivery = heard({ dataCoding: 8, octets: [0x62, 0x11], fields: [[0x020c, []]] });
    expect(delivery).toMatchObject({ octets: [0x62, 0x11], coding: 'ucs2', from: '8613812345678', part: null });
    expect(delivery.trouble).not.toBeNull();
  });

  it('is not taken for a report because of its words, and a report that names no text is taken for one', () => {
    expect(read({ octets: Buffer.from('id:1 stat:DELIVRD') }).is).toBe('text');
    expect(read({ esmClass: 4, octets: Buffer.from('something else') }).is).toBe('text');
    expect(read({ esmClass: 8, octets: Buffer.from('id:1 stat:DELIVRD') }).is).toBe('text');
  });
});

describe('a report', () => {
  const words = (stat: string, err = '000') =>
    `id:0123456789 sub:001 dlvrd:001 submit date:2603010800 done date:2603010801 stat:${stat} err:${err} text:help`;

  it.each([
    ['DELIVRD', 'delivered'],
    ['ACCEPTD', 'accepted'],
    ['ENROUTE', 'accepted'],
    ['UNKNOWN', 'accepted'],
    ['EXPIRED', 'failed'],
    ['DELETED', 'failed'],
    ['UNDELIV', 'failed'],
    ['REJECTD', 'failed'],
  ] as const)('that says %s means %s', (stat, outcome) => {
    expect(report(words(stat))).toEqual({ gateway: 'carrier', carrierId: '0123456789', outcome, words: stat });
  });

  it.each([
    [1, 'accepted', 'ENROUTE'],
    [2, 'delivered', 'DELIVRD'],
    [3, 'failed', 'EXPIRED'],
    [5, 'failed', 'UNDELIV'],
    [8, 'failed', 'REJECTD'],
  ] as const)('by fields with the state %d means %s', (state, outcome, told) => {
    const fields = [
      [0x001e, Buffer.from('abc-1\0')],
      [0x0427, [state]],
    ] as const;
    expect(report('', { fields })).toEqual({ gateway: 'carrier', carrierId: 'abc-1', outcome, words: told });
  });

  it('keeps what the carrier says went wrong', () => {
    expect(report(words('UNDELIV', '01B'))?.words).toBe('UNDELIV 01B');
    expect(report('ID: x7 STAT: undeliv')).toMatchObject({ carrierId: 'x7', words: 'UNDELIV', outcome: 'failed' });
  });

  it('is read where it is on its way only', () => {
    expect(report(words('ENROUTE'), { esmClass: 0x20 })?.outcome).toBe('accepted');
  });

  it('names texts in decimal where its carrier has them in hexadecimal on one side', () => {
    expect(report('id:0000255 stat:DELIVRD', {}, { hexIds: 'answers' })?.carrierId).toBe('255');
    expect(report('id:00FF stat:DELIVRD', {}, { hexIds: 'reports' })?.carrierId).toBe('255');
    expect(report('id:x-ff stat:DELIVRD', {}, { hexIds: 'reports' })?.carrierId).toBe('x-ff');
    const fields = [[0x001e, Buffer.from('ff\0')]] as const;
    expect(report('id:255 stat:DELIVRD', { fields }, { hexIds: 'answers' })?.carrierId).toBe('255');
  });
});

describe('any octets', () => {
  it('are read without complaint', () => {
    const anyPdu = fc
      .tuple(fc.constantFrom(5, 0x103, 4, 0x80000004, 0x15, 0x111, 3, 0x21), fc.uint8Array({ maxLength: 300 }))
      .map(([command, body]) => {
        const header = Buffer.alloc(16);
        for (const [n, number] of [16 + body.length, command, 0, 1].entries()) header.writeUInt32BE(number, 4 * n);
        return Buffer.concat([header, body]);
      });
    fc.assert(
      fc.property(anyPdu, (octets) => {
        const delivery = readDelivery(readPdu(octets), RULES);
        expect(delivery.is === 'report' || delivery.heard.octets.length <= octets.length).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  it('are cut into the same PDUs however they arrive', () => {
    const pdus = [pduOf({ octets: [65] }), pduOf({}), pduOf({ octets: Array.from({ length: 200 }, () => 66) })];
    const stream = Buffer.concat(pdus);
    fc.assert(
      fc.property(fc.array(fc.nat({ max: stream.length }), { maxLength: 12 }), (cuts) => {
        const framing = openFraming();
        const at = [0, ...cuts.toSorted((one, other) => one - other), stream.length];
        const got = at.slice(1).flatMap((end, n) => framing.take(stream.subarray(at[n], end)).pdus);
        expect(got.map((pdu) => pdu.toString('hex'))).toEqual(pdus.map((pdu) => pdu.toString('hex')));
      }),
    );
  });
});

describe('the pause before connecting again', () => {
  const pauses = (name: string) =>
    [1, 2, 3, 4, 5, 6, 50, 2000].map((failures) => pauseBefore(failures, { name, reconnectFirstMs: 100, reconnectMostMs: 1000 }));

  it('grows, is never more than the most, and never less than three quarters of what it would be', () => {
    const whole = [100, 200, 400, 800, 1000, 1000, 1000, 1000];
    expect(pauses('a').every((ms, n) => ms <= (whole[n] ?? 0) && ms >= 0.75 * (whole[n] ?? 0) - 1)).toBe(true);
  });

  it('is the same for the same gateway and another for another', () => {
    expect(pauses('mobile')).toEqual(pauses('mobile'));
    expect(pauses('mobile')).not.toEqual(pauses('unicom'));
  });
});
