/** The header in front of a text: parts of both widths, what is skipped, and every length that cannot be. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { headerOctets } from '../../src/sms/segments.ts';
import { splitUserData } from '../../src/sms/user-data.ts';

const TEXT = [0x48, 0x49];
const split = (...octets: readonly number[]) => {
  const { octets: left, part, trouble } = splitUserData(Uint8Array.from(octets));
  return { octets: [...left], part, trouble };
};

describe('the header of a text', () => {
  it('tells the part by an 8-bit reference', () => {
    const part = { reference: 0xc7, width: 8, total: 3, number: 2 };
    expect(split(5, 0, 3, 0xc7, 3, 2, ...TEXT)).toEqual({ octets: TEXT, part, trouble: null });
  });
  it('tells the part by a 16-bit reference', () => {
    const part = { reference: 0x12fe, width: 16, total: 4, number: 1 };
    expect(split(6, 8, 4, 0x12, 0xfe, 4, 1, ...TEXT)).toEqual({ octets: TEXT, part, trouble: null });
  });
  it.each([
    ['ports, before the parts', [11, 5, 4, 0x0b, 0x84, 0x23, 0xf0, 0, 3, 9, 2, 1]],
    ['a national single shift table, behind the parts', [8, 0, 3, 9, 2, 1, 0x24, 1, 1]],
    ['a national locking shift table and an empty element', [10, 0x25, 1, 1, 0, 3, 9, 2, 1, 0x70, 0]],
    ['an earlier element about parts: the last counts', [10, 0, 3, 1, 5, 5, 0, 3, 9, 2, 1]],
    ['an earlier element of the other width', [11, 8, 4, 0, 1, 5, 5, 0, 3, 9, 2, 1]],
  ])('skips %s', (_, header) => {
    expect(split(...header, ...TEXT)).toEqual({ octets: TEXT, part: { reference: 9, width: 8, total: 2, number: 1 }, trouble: null });
  });
  it('may speak of no parts at all', () => {
    expect(split(6, 5, 4, 0x0b, 0x84, 0x23, 0xf0, ...TEXT)).toEqual({ octets: TEXT, part: null, trouble: null });
    expect(split(0, ...TEXT)).toEqual({ octets: TEXT, part: null, trouble: null });
  });
  it('hands nonsense on as it is written', () => {
    expect(split(5, 0, 3, 9, 0, 7, ...TEXT).part).toEqual({ reference: 9, width: 8, total: 0, number: 7 });
  });
});

describe('a header that cannot be', () => {
  it('is taken for text where it is longer than the data', () => {
    expect(split(5, 0, 3, 9, 2)).toEqual({
      octets: [5, 0, 3, 9, 2],
      part: null,
      trouble: expect.stringContaining('5 octets and 4 follow'),
    });
    expect(split(255)).toMatchObject({ octets: [255], part: null });
  });
  it('is missing where there are no octets', () => {
    expect(split()).toEqual({ octets: [], part: null, trouble: expect.stringContaining('missing') });
  });
  it.each([
    ['an element longer than the header', [5, 0, 9, 9, 2, 1]],
    ['an element without its length', [1, 0]],
    ['a part of two octets', [4, 0, 2, 9, 2]],
    ['a part of four octets', [6, 0, 4, 9, 2, 1, 1]],
    ['a 16-bit part of three octets', [5, 8, 3, 9, 2, 1]],
    ['an element that takes its octets from the text', [3, 0, 3, 9]],
  ])('costs the text nothing: %s', (_, header) => {
    expect(split(...header, ...TEXT)).toEqual({ octets: TEXT, part: null, trouble: expect.stringMatching(/^element \d+ of the header/) });
  });
  it('keeps what stood in front of the trouble', () => {
    expect(split(7, 0, 3, 9, 2, 1, 5, 4, ...TEXT)).toMatchObject({ octets: TEXT, part: { reference: 9, total: 2, number: 1 } });
  });
  it('never throws, and never loses an octet behind the header', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (octets) => {
        const read = splitUserData(octets);
        const header = octets.length - read.octets.length;
        expect([...octets.subarray(header)]).toEqual([...read.octets]);
        expect(header === 0 || header === 1 + (octets[0] ?? 0)).toBe(true);
      }),
    );
  });
});

describe('a header of ours', () => {
  it('is read back, whatever the part', () => {
    const parts = fc.oneof(
      fc.record({ reference: fc.nat(255), width: fc.constant(8 as const), total: fc.nat(255), number: fc.nat(255) }),
      fc.record({ reference: fc.nat(65_535), width: fc.constant(16 as const), total: fc.nat(255), number: fc.nat(255) }),
    );
    fc.assert(
      fc.property(parts, (part) => {
        expect(splitUserData(Uint8Array.of(...headerOctets(part), ...TEXT))).toEqual({
          octets: Uint8Array.from(TEXT),
          part,
          trouble: null,
        });
      }),
    );
  });
});
