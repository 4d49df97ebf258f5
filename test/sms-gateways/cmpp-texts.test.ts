/** What is made of a CMPP_DELIVER, what a text of ours is submitted as, and what the numbers mean. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../src/kernel/instants.ts';
import { authenticatorSource, isGatewayKnown } from '../../src/sms-gateways/cmpp-login.ts';
import type { ConnectResp, Deliver } from '../../src/sms-gateways/cmpp-pdus.ts';
import {
  codingOf,
  heardText,
  outcomeOf,
  partsOf,
  refusalOf,
  statusWords,
  takenAt,
  timestampOf,
} from '../../src/sms-gateways/cmpp-texts.ts';

const at = (text: string) => instant(Date.parse(text));
const NOW = at('2026-03-01T08:05:40+08:00');
/** 1 March, 08:05:30 in China. */
const ID = '30a05781af730007';
const deliver = (wishes: Partial<Deliver> = {}): Deliver => ({
  is: 'deliver',
  id: ID,
  to: '121100451',
  from: '8613812345678',
  hasHeader: false,
  format: 8,
  isReport: false,
  content: Buffer.from('6551547d', 'hex'),
  ...wishes,
});
const heard = (wishes: Partial<Deliver> = {}) => heardText(deliver(wishes), 'mobile', NOW);

describe('a text that comes', () => {
  it('has the gateway’s name of it and the time that stands in the name', () => {
    expect(heard()).toEqual({
      text: {
        gateway: 'mobile',
        carrierId: ID,
        from: '8613812345678',
        to: '121100451',
        coding: 'ucs2',
        octets: Uint8Array.of(0x65, 0x51, 0x54, 0x7d),
        part: null,
        sentAt: at('2026-03-01T08:05:30+08:00'),
      },
      trouble: null,
    });
  });

  it('has its header taken off, and a name of its own where a gateway names all parts alike', () => {
    const part = (number: number) => heard({ hasHeader: true, content: Uint8Array.of(5, 0, 3, 42, 2, number, 0x65, 0x51) }).text;
    expect(part(1)).toMatchObject({ carrierId: `${ID}.1`, part: { reference: 42, width: 8, total: 2, number: 1 }, coding: 'ucs2' });
    expect(part(2).carrierId).toBe(`${ID}.2`);
    expect(part(1).octets).toEqual(Uint8Array.of(0x65, 0x51));
  });

  it('is kept whole where its header cannot be, and that is told', () => {
    const { text, trouble } = heard({ hasHeader: true, content: Uint8Array.of(200, 1, 2) });
    expect(text).toMatchObject({ part: null, octets: Uint8Array.of(200, 1, 2) });
    expect(trouble).not.toBeNull();
  });

  it('has no name where the gateway gives none: a name of zeros would make all texts repeats of the first', () => {
    expect(heard({ id: '0'.repeat(16) }).text).toMatchObject({ carrierId: null, sentAt: null });
  });

  it('is spelt as its format says, by whatever number a gateway calls it', () => {
    const [ascii, gb, odd] = [Buffer.from('help\r\n'), Buffer.from('bec8c3fc', 'hex'), Buffer.from([1, 2, 3])];
    expect([0, 3, 4, 8, 15, 24, 25].map((format) => codingOf(format, ascii))).toEqual([
      'ascii',
      'binary',
      'binary',
      'ucs2',
      'gb18030',
      'ucs2',
      'ucs2',
    ]);
    expect([codingOf(0, gb), codingOf(0, odd), codingOf(99, ascii), codingOf(99, gb), codingOf(0, Buffer.alloc(0))]).toEqual([
      'gb18030',
      'ascii',
      'ascii',
      'binary',
      'ascii',
    ]);
  });
});

describe('the time in a name', () => {
  const named = (month: number, day: number, hour: number, minute: number, second: number): string => {
    const bits = (((month * 32 + day) * 32 + hour) * 64 + minute) * 64 + second;
    return ((BigInt(bits) << 38n) | 7n).toString(16).padStart(16, '0');
  };
  it('is of the year that makes it recent', () => {
    expect(takenAt(named(12, 31, 23, 59, 0), at('2027-01-01T00:10:00+08:00'))).toBe(at('2026-12-31T23:59:00+08:00'));
    expect(takenAt(named(1, 1, 0, 1, 0), at('2026-12-31T23:59:00+08:00'))).toBe(at('2027-01-01T00:01:00+08:00'));
    expect(takenAt(named(3, 1, 7, 5, 30), NOW)).toBe(at('2026-03-01T07:05:30+08:00'));
  });
  it('is not believed where it is no time, long past or ahead', () => {
    for (const id of [
      named(0, 1, 0, 0, 0),
      named(13, 1, 0, 0, 0),
      named(3, 0, 0, 0, 0),
      named(3, 1, 24, 0, 0),
      named(3, 1, 8, 60, 0),
      named(3, 1, 8, 4, 60),
    ]) {
      expect(takenAt(id, NOW)).toBeNull();
    }
    expect(takenAt(named(2, 20, 8, 0, 0), NOW)).toBeNull();
    expect(takenAt(named(3, 1, 9, 0, 0), NOW)).toBeNull();
  });
  it('is written for a login as the gateway’s clock shows it, ten digits', () => {
    expect(timestampOf(at('2026-02-28T16:00:07Z'))).toBe('0301000007');
    expect(timestampOf(at('2026-12-31T15:59:59Z'))).toBe('1231235959');
  });
});

describe('a login', () => {
  // Both sums were made with md5sum.
  const ours = authenticatorSource('110451', 'secret', '0301080000');
  it('is signed as the specification says', () => {
    expect(Buffer.from(ours).toString('hex')).toBe('9e8a6cdff3d02daccb32ffee29ee23f0');
  });
  it('tells whether the gateway knows the secret, by a status of one octet or of four', () => {
    const answer = (statusOctets: string, authenticator: string): ConnectResp => ({
      is: 'connect-resp',
      status: 0,
      statusOctets: Buffer.from(statusOctets, 'hex'),
      authenticator: Buffer.from(authenticator, 'hex'),
      version: 0x20,
    });
    const known = (status: string, sum: string) => isGatewayKnown(answer(status, sum), ours, 'secret');
    expect(known('00', 'd0791446d7fe39036e15b5929e8e4e08')).toBe(true);
    expect(known('00000000', 'e88af9c9c1be4a65dcde8930f62f7107')).toBe(true);
    expect(known('00', 'e88af9c9c1be4a65dcde8930f62f7107')).toBe(false);
    expect(known('00', '00'.repeat(16))).toBe(false);
  });
});

describe('a text that goes', () => {
  const content = (part: { readonly hasHeader: boolean; readonly content: Uint8Array }) =>
    Buffer.from(part.content).subarray(part.hasHeader ? 6 : 0);

  it('is one part up to 140 letters of ASCII or 70 units of UCS-2', () => {
    expect(partsOf('x'.repeat(140), 'a.1')).toMatchObject([{ total: 1, number: 1, format: 0, hasHeader: false }]);
    expect(partsOf('x'.repeat(141), 'a.1')).toHaveLength(2);
    expect(partsOf('警'.repeat(70), 'a.1')).toMatchObject([{ total: 1, number: 1, format: 8, hasHeader: false }]);
    expect(partsOf('警'.repeat(71), 'a.1')).toHaveLength(2);
    expect(partsOf('', 'a.1')).toMatchObject([{ total: 1, format: 0, content: Buffer.alloc(0) }]);
  });

  it('is UCS-2 where it has a letter that GSM knows and ASCII does not', () => {
    expect(partsOf('¿Dónde?', 'a.1')).toMatchObject([{ format: 8 }]);
    expect(partsOf('é'.repeat(100), 'a.1')).toHaveLength(2);
  });

  it('comes out whole again, in parts of at most 140 octets that all have the same reference', () => {
    const text = fc.oneof(fc.string({ maxLength: 600, unit: 'binary' }), fc.stringMatching(/^[ -~\r\n]{0,600}$/));
    fc.assert(
      fc.property(text, (text) => {
        const parts = partsOf(text, '01JAB0000000000000000000AA.3');
        expect(parts.map(({ number }) => number)).toEqual(parts.map((_, n) => n + 1));
        for (const part of parts) {
          expect(part.total).toBe(parts.length);
          expect(part.content.length).toBeLessThanOrEqual(140);
          expect(part.hasHeader).toBe(parts.length > 1);
          if (part.hasHeader) expect([...part.content.subarray(0, 6)]).toEqual([5, 0, 3, parts[0]?.content[3], parts.length, part.number]);
        }
        const label = parts[0]?.format === 8 ? 'utf-16be' : 'latin1';
        expect(parts.map((part) => new TextDecoder(label, { fatal: true, ignoreBOM: true }).decode(content(part))).join('')).toBe(
          text.toWellFormed(),
        );
      }),
    );
  });

  it('is refused where it takes more than 255 parts', () => {
    expect(() => partsOf('警'.repeat(67 * 255 + 1), 'a.1')).toThrow(/255/);
    expect(() => partsOf('x'.repeat(134 * 255 + 1), 'a.1')).toThrow(/255/);
    expect(partsOf('x'.repeat(134 * 255), 'a.1')).toHaveLength(255);
  });
});

describe('the numbers of the gateway', () => {
  it('are told in words, and tried again unless it is of no use', () => {
    expect([1, 2, 4, 5, 6, 7, 10, 11, 12, 13].map((result) => refusalOf(result).is)).toEqual(Array.from({ length: 10 }, () => 'refused'));
    expect([3, 8, 9, 14, 100].map((result) => refusalOf(result).is)).toEqual(Array.from({ length: 5 }, () => 'unreachable'));
    expect(refusalOf(13).answer).toBe('CMPP result 13: wrong receiver');
    expect(statusWords(3)).toContain('password');
    expect(statusWords(77)).toContain('77');
  });
  it('and the words of reports: only one means that the telephone has it', () => {
    expect(['DELIVRD', 'delivrd', 'ACCEPTD', 'EXPIRED', 'DELETED', 'UNDELIV', 'UNKNOWN', 'REJECTD', 'MK:0012', ''].map(outcomeOf)).toEqual([
      'delivered',
      'delivered',
      'accepted',
      ...Array.from({ length: 7 }, () => 'failed'),
    ]);
  });
});
