/** The codec of CMPP against PDUs put together by hand from the specification's tables. */
import { describe, expect, it } from 'vitest';
import { decode, encode, statusReportIn } from '../../src/sms-gateways/cmpp-codec.ts';
import type { CmppVersion, Said, Submit } from '../../src/sms-gateways/cmpp-pdus.ts';

const VERSIONS = ['2.0', '3.0'] as const;
const octets = (hex: string): Buffer => Buffer.from(hex.replaceAll(/\s/g, ''), 'hex');
const zeros = (count: number): string => '00'.repeat(count);
const plain = (hex: string): string => hex.replaceAll(/\s/g, '');

const AUTHENTICATOR = '9e8a6cdff3d02daccb32ffee29ee23f0';
const ID = '30a05781af730007';
const CENTRE = `31323131 30303435 31 ${zeros(12)}`;
const SENDER = '38363133 38313233 34353637 38';
const HELP = '6551 547d';

const submit: Submit = {
  is: 'submit',
  total: 2,
  number: 1,
  serviceId: 'POLICE',
  fee: { payer: 2, type: '01', code: '000000' },
  hasHeader: true,
  format: 8,
  sourceAddress: '110451',
  from: '121100451',
  to: '8613812345678',
  content: octets(`050003 2a 02 01 ${HELP}`),
};

describe('what we say, put together by hand', () => {
  const cases: readonly (readonly [string, CmppVersion, Said, string])[] = [
    [
      'a connect of 2.0',
      '2.0',
      { is: 'connect', sourceAddress: '110451', authenticator: octets(AUTHENTICATOR), timestamp: 301080000 },
      `00000027 00000001 00000007 313130343531 ${AUTHENTICATOR} 20 11f21dc0`,
    ],
    [
      'a connect of 3.0',
      '3.0',
      { is: 'connect', sourceAddress: '1104', authenticator: octets(AUTHENTICATOR), timestamp: 1231235959 },
      `00000027 00000001 00000007 313130340000 ${AUTHENTICATOR} 30 49632b77`,
    ],
    [
      'a submit of 2.0',
      '2.0',
      submit,
      `000000a9 00000004 00000007 ${zeros(8)} 02 01 01 00 504f4c494345 ${zeros(4)} 02 ${zeros(21)} 00 01 08 313130343531 3031 303030303030
       ${zeros(34)} ${CENTRE} 01 ${SENDER} ${zeros(8)} 0a 050003 2a 02 01 ${HELP} ${zeros(8)}`,
    ],
    [
      'a submit of 3.0',
      '3.0',
      submit,
      `000000cd 00000004 00000007 ${zeros(8)} 02 01 01 00 504f4c494345 ${zeros(4)} 02 ${zeros(32)} 00 00 01 08 313130343531 3031 303030303030
       ${zeros(34)} ${CENTRE} 01 ${SENDER} ${zeros(19)} 00 0a 050003 2a 02 01 ${HELP} ${zeros(20)}`,
    ],
    ['a deliver’s answer of 2.0', '2.0', { is: 'deliver-resp', id: ID, result: 9 }, `00000015 80000005 00000007 ${ID} 09`],
    ['a deliver’s answer of 3.0', '3.0', { is: 'deliver-resp', id: ID, result: 9 }, `00000018 80000005 00000007 ${ID} 00000009`],
    ['a refusal to cancel of 2.0', '2.0', { is: 'cancel-resp', result: 1 }, '0000000d 80000007 00000007 01'],
    ['a refusal to cancel of 3.0', '3.0', { is: 'cancel-resp', result: 1 }, '00000010 80000007 00000007 00000001'],
    ['an active test', '2.0', { is: 'active-test' }, '0000000c 00000008 00000007'],
    ['an active test’s answer', '3.0', { is: 'active-test-resp' }, '0000000d 80000008 00000007 00'],
    ['a terminate', '2.0', { is: 'terminate' }, '0000000c 00000002 00000007'],
    ['a terminate’s answer', '3.0', { is: 'terminate-resp' }, '0000000c 80000002 00000007'],
  ];
  it.each(cases)('%s', (_, version, pdu, expected) => {
    expect(encode(pdu, 7, version).toString('hex')).toBe(plain(expected));
  });

  it('refuses what a field cannot hold rather than cut it', () => {
    const wrong: readonly Partial<Submit>[] = [
      { to: '8'.repeat(22) },
      { from: '1'.repeat(22) },
      { sourceAddress: '1104511' },
      { serviceId: '12345678901' },
      { content: new Uint8Array(141) },
      { total: 256 },
      { to: '手机' },
    ];
    for (const part of wrong) expect(() => encode({ ...submit, ...part }, 1, '2.0')).toThrow(RangeError);
    expect(() => encode({ ...submit, to: '8'.repeat(32) }, 1, '3.0')).not.toThrow();
    expect(() => encode({ is: 'deliver-resp', id: '12', result: 0 }, 1, '2.0')).toThrow(RangeError);
  });
});

describe('what the gateway says, put together by hand', () => {
  const said = (hex: string, version: CmppVersion) => {
    const { sequence, pdu, complaint } = decode(octets(hex), version);
    expect([sequence, complaint]).toEqual([9, null]);
    return pdu;
  };

  it('an answer to our connect, its status of one octet or of four', () => {
    const two = said(`0000001e 80000001 00000009 03 ${AUTHENTICATOR} 20`, '2.0');
    expect(two).toEqual({
      is: 'connect-resp',
      status: 3,
      statusOctets: octets('03'),
      authenticator: octets(AUTHENTICATOR),
      version: 0x20,
    });
    const three = `00000021 80000001 00000009 00000004 ${AUTHENTICATOR} 30`;
    for (const version of VERSIONS)
      expect(said(three, version)).toMatchObject({ status: 4, statusOctets: octets('00000004'), version: 0x30 });
  });

  it('an answer to a submit', () => {
    expect(said(`00000015 80000004 00000009 ${ID} 08`, '2.0')).toEqual({ is: 'submit-resp', id: ID, result: 8 });
    expect(said(`00000018 80000004 00000009 ${ID} 0000000d`, '3.0')).toEqual({ is: 'submit-resp', id: ID, result: 13 });
  });

  it('a text', () => {
    const two = `00000059 00000005 00000009 ${ID} ${CENTRE} ${zeros(10)} 00 01 08 ${SENDER} ${zeros(8)} 00 04 ${HELP} ${zeros(8)}`;
    const three = `00000071 00000005 00000009 ${ID} ${CENTRE} ${zeros(10)} 00 01 08 ${SENDER} ${zeros(19)} 01 00 04 ${HELP} ${zeros(20)}`;
    const expected = { is: 'deliver', id: ID, to: '121100451', from: '8613812345678', hasHeader: true, format: 8, isReport: false };
    for (const pdu of [said(two, '2.0'), said(three, '3.0')]) expect(pdu).toEqual({ ...expected, content: octets(HELP) });
  });

  it('a status report, the number in it as wide as the version has it', () => {
    const report = (width: number): string => `${ID} 44454c49565244 ${'30'.repeat(20)} ${SENDER} ${zeros(width - 13)} 00000001`;
    const two = `00000091 00000005 00000009 ${zeros(8)} ${CENTRE} ${zeros(10)} 00 00 00 ${SENDER} ${zeros(8)} 01 3c ${report(21)} ${zeros(8)}`;
    const three = `000000b4 00000005 00000009 ${zeros(8)} ${CENTRE} ${zeros(10)} 00 00 00 ${SENDER} ${zeros(19)} 00 01 47 ${report(32)} ${zeros(20)}`;
    for (const pdu of [said(two, '2.0'), said(three, '3.0')]) {
      expect(pdu).toMatchObject({ is: 'deliver', isReport: true });
      expect(pdu?.is === 'deliver' && statusReportIn(pdu.content)).toEqual({ id: ID, stat: 'DELIVRD' });
    }
  });

  it('what has no body', () => {
    expect(said('0000000c 00000002 00000009', '2.0')).toEqual({ is: 'terminate' });
    expect(said('0000000c 80000002 00000009', '2.0')).toEqual({ is: 'terminate-resp' });
    expect(said('0000000c 00000008 00000009', '3.0')).toEqual({ is: 'active-test' });
    expect(said('0000000d 80000008 00000009 00', '3.0')).toEqual({ is: 'active-test-resp' });
    expect(said(`00000014 00000007 00000009 ${ID}`, '2.0')).toEqual({ is: 'cancel' });
    expect(said(`00000027 00000006 00000009 ${zeros(27)}`, '2.0')).toEqual({ is: 'query' });
  });
});
