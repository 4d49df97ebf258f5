/**
 * The codec of CMPP against PDUs that the tables beside the simulator write and read, and against what no gateway should send: broken
 * off anywhere, absurdly long, any octets at all.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decode, encode, Frames, statusReportIn } from '../../src/sms-gateways/cmpp-codec.ts';
import type { Submit } from '../../src/sms-gateways/cmpp-pdus.ts';
import { COMMAND_IDS, message, read, TABLES, written } from '../simulators/ismg-tables.ts';

const VERSIONS = ['2.0', '3.0'] as const;
const octets = (hex: string): Buffer => Buffer.from(hex, 'hex');
const AUTHENTICATOR = '9e8a6cdff3d02daccb32ffee29ee23f0';
const ID = '30a05781af730007';
const HELP = '6551547d';
const USUAL: Pick<Submit, 'is' | 'fee'> = { is: 'submit', fee: { payer: 2, type: '01', code: '000000' } };

const letters = (most: number, least = 0) => fc.stringMatching(new RegExp(`^[!-~]{${least},${most}}$`));
const content = fc.uint8Array({ maxLength: 140 });
const octet = fc.nat({ max: 255 });

describe.each(VERSIONS)('generated PDUs of CMPP %s', (version) => {
  it('a submit is read by the tables as it was written', () => {
    const fields = fc.record({
      total: octet,
      number: octet,
      serviceId: letters(10),
      hasHeader: fc.boolean(),
      format: octet,
      sourceAddress: letters(6),
      from: letters(21),
      to: letters(version === '2.0' ? 21 : 32),
      content,
    });
    fc.assert(
      fc.property(fields, fc.nat({ max: 0xffffffff }), (wishes, sequence) => {
        const pdu = encode({ ...USUAL, ...wishes }, sequence, version);
        expect([pdu.readUInt32BE(0), pdu.readUInt32BE(4), pdu.readUInt32BE(8)]).toEqual([pdu.length, COMMAND_IDS.CMPP_SUBMIT, sequence]);
        const values = read(TABLES[version].CMPP_SUBMIT, pdu.subarray(12));
        expect(values).toMatchObject({
          Pk_total: wishes.total,
          Pk_number: wishes.number,
          Registered_Delivery: 1,
          Service_Id: wishes.serviceId,
          Fee_UserType: 2,
          Fee_terminal_Id: '',
          TP_udhi: wishes.hasHeader ? 1 : 0,
          Msg_Fmt: wishes.format,
          Msg_src: wishes.sourceAddress,
          FeeType: '01',
          FeeCode: '000000',
          Src_Id: wishes.from,
          DestUsr_tl: 1,
          Dest_terminal_Id: wishes.to,
          Msg_Content: Buffer.from(wishes.content),
        });
      }),
    );
  });

  it('a deliver that the tables have written is read as it was meant', () => {
    const fields = fc.record({
      id: fc.uint8Array({ minLength: 8, maxLength: 8 }),
      to: letters(21),
      from: letters(version === '2.0' ? 21 : 32),
      hasHeader: fc.boolean(),
      format: octet,
      isReport: fc.boolean(),
      content,
    });
    fc.assert(
      fc.property(fields, fc.nat({ max: 0xffffffff }), ({ id, to, from, hasHeader, format, isReport, content }, sequence) => {
        const pdu = message(version, 'CMPP_DELIVER', sequence, {
          Msg_Id: id,
          Dest_Id: to,
          Service_Id: 'x',
          TP_udhi: hasHeader ? 1 : 0,
          Msg_Fmt: format,
          Src_terminal_Id: from,
          Registered_Delivery: isReport ? 1 : 0,
          Msg_Length: content.length,
          Msg_Content: content,
          LinkID: 'link',
        });
        expect(decode(pdu, version)).toEqual({
          sequence,
          pdu: { is: 'deliver', id: Buffer.from(id).toString('hex'), to, from, hasHeader, format, isReport, content: Buffer.from(content) },
          complaint: null,
          refuse: null,
        });
      }),
    );
  });

  it('a PDU broken off anywhere is complained of, or has lost nothing but its tail, and is never made up', () => {
    const whole = message(version, 'CMPP_DELIVER', 5, {
      Msg_Id: octets(ID),
      Dest_Id: '121100451',
      Msg_Fmt: 8,
      Src_terminal_Id: '8613812345678',
      Msg_Length: 4,
      Msg_Content: octets(HELP),
    });
    const contentEnds = whole.length - (version === '2.0' ? 8 : 20);
    for (let length = 0; length < whole.length; length++) {
      const { pdu, complaint, refuse } = decode(whole.subarray(0, length), version);
      if (length >= contentEnds) expect([complaint, pdu?.is === 'deliver' && pdu.content]).toEqual([null, octets(HELP)]);
      else expect(complaint).not.toBeNull();
      if (length < contentEnds - 4) expect(pdu).toBeNull();
      if (length >= 20 && pdu === null) expect(refuse).toBe(ID);
    }
  });

  it('what was rescued of a text whose content broke off is handed in', () => {
    const whole = message(version, 'CMPP_DELIVER', 5, { Msg_Id: octets(ID), Msg_Length: 4, Msg_Content: octets(HELP) });
    const broken = whole.subarray(0, whole.length - (version === '2.0' ? 8 : 20) - 2);
    const { pdu, complaint } = decode(broken, version);
    expect(pdu).toMatchObject({ is: 'deliver', content: octets('6551') });
    expect(complaint).toContain('2 of 4');
  });

  it('every other answer broken off anywhere is complained of', () => {
    for (const [command, values] of [
      ['CMPP_CONNECT_RESP', { AuthenticatorISMG: octets(AUTHENTICATOR) }],
      ['CMPP_SUBMIT_RESP', { Msg_Id: octets(ID) }],
    ] as const) {
      const whole = message('2.0', command, 5, values);
      for (let length = 0; length < whole.length; length++) {
        expect(decode(whole.subarray(0, length), version)).toMatchObject({ pdu: null, complaint: expect.any(String) });
      }
    }
  });

  it('any octets at all are read without an exception', () => {
    const command = fc.constantFrom(...Object.values(COMMAND_IDS), 0, 0x80000000, 0xffffffff);
    fc.assert(
      fc.property(command, fc.uint8Array({ maxLength: 300 }), (id, body) => {
        const header = Buffer.alloc(12);
        header.writeUInt32BE(id, 4);
        const { pdu, complaint } = decode(Buffer.concat([header, body]), version);
        expect(pdu === null && complaint === null).toBe(false);
        statusReportIn(body);
      }),
    );
  });
});

describe('a status report', () => {
  it('is read where a gateway has the number of the other version in it, and not where name or word are missing', () => {
    const values = { Msg_Id: octets(ID), Stat: 'MK:0012', Dest_terminal_Id: '8613812345678' };
    for (const version of VERSIONS) {
      const whole = written(TABLES[version].REPORT, values);
      for (let length = 0; length <= whole.length; length++) {
        expect(statusReportIn(whole.subarray(0, length))).toEqual(length < 15 ? null : { id: ID, stat: 'MK:0012' });
      }
    }
  });
});

describe('frames', () => {
  const pdus = [message('2.0', 'CMPP_ACTIVE_TEST', 1), message('3.0', 'CMPP_SUBMIT_RESP', 2), message('2.0', 'CMPP_DELIVER', 3)];

  it('are the same however the octets come', () => {
    const stream = Buffer.concat(pdus);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: stream.length })), (cuts) => {
        const frames = new Frames();
        const ends = [...cuts.toSorted((a, b) => a - b), stream.length];
        const taken = ends.flatMap((end, n) => frames.take(stream.subarray(ends[n - 1] ?? 0, end)).frames);
        expect(taken.map((frame) => frame.toString('hex'))).toEqual(pdus.map((pdu) => pdu.toString('hex')));
      }),
    );
  });

  it.each([0, 1, 4, 8, 11, 4097, 0x7fffffff, 0xffffffff])('a length of %d is absurd, and what came before it is not lost', (length) => {
    const absurd = Buffer.alloc(16);
    absurd.writeUInt32BE(length, 0);
    const { frames, absurd: found } = new Frames().take(Buffer.concat([...pdus, absurd, ...pdus]));
    expect([frames.length, found]).toEqual([pdus.length, length]);
  });

  it('wait for the longest PDU there may be, and for nothing longer', () => {
    const long = Buffer.alloc(4096);
    long.writeUInt32BE(4096, 0);
    const frames = new Frames();
    expect(frames.take(long.subarray(0, 4095))).toEqual({ frames: [], absurd: null });
    expect(frames.take(long.subarray(4095)).frames).toEqual([long]);
  });
});
