/** The GSM alphabet against the table of 3GPP TS 23.038, written down by code points, and its odd corners. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { gsm7Octets, gsm7Text, unpackSeptets } from '../../src/sms/gsm7.ts';

/** Unicode of the septets, a row of 16 a line, as the 3GPP table names the letters; 1B is the escape. */
const TABLE = `
  0040 00A3 0024 00A5 00E8 00E9 00F9 00EC 00F2 00C7 000A 00D8 00F8 000D 00C5 00E5
  0394 005F 03A6 0393 039B 03A9 03A0 03A8 03A3 0398 039E ---- 00C6 00E6 00DF 00C9
  0020 0021 0022 0023 00A4 0025 0026 0027 0028 0029 002A 002B 002C 002D 002E 002F
  0030 0031 0032 0033 0034 0035 0036 0037 0038 0039 003A 003B 003C 003D 003E 003F
  00A1 0041 0042 0043 0044 0045 0046 0047 0048 0049 004A 004B 004C 004D 004E 004F
  0050 0051 0052 0053 0054 0055 0056 0057 0058 0059 005A 00C4 00D6 00D1 00DC 00A7
  00BF 0061 0062 0063 0064 0065 0066 0067 0068 0069 006A 006B 006C 006D 006E 006F
  0070 0071 0072 0073 0074 0075 0076 0077 0078 0079 007A 00E4 00F6 00F1 00FC 00E0`
  .trim()
  .split(/\s+/);
const EXTENDED = { '\f': 0x0a, '^': 0x14, '{': 0x28, '}': 0x29, '\\': 0x2f, '[': 0x3c, '~': 0x3d, ']': 0x3e, '|': 0x40, '€': 0x65 };
const letters = TABLE.flatMap((code, septet) =>
  code === '----' ? [] : [{ septet, letter: String.fromCodePoint(Number.parseInt(code, 16)) }],
);
const text = (...septets: readonly number[]): string => gsm7Text(Uint8Array.from(septets));

describe('the GSM 7-bit alphabet', () => {
  it('has the 127 letters of the default table', () => {
    expect(letters).toHaveLength(127);
    for (const { septet, letter } of letters) {
      expect(text(septet), TABLE[septet]).toBe(letter);
      expect([...(gsm7Octets(letter) ?? [])], TABLE[septet]).toEqual([septet]);
    }
  });
  it.each(Object.entries(EXTENDED))('has %j behind an escape', (letter, septet) => {
    expect(text(0x1b, septet)).toBe(letter);
    expect([...(gsm7Octets(letter) ?? [])]).toEqual([0x1b, septet]);
  });
  it('shows the letter of the default table where the extension has none', () => {
    const others = letters.filter(({ septet }) => !Object.values(EXTENDED).includes(septet));
    expect(others.map(({ septet }) => text(0x1b, septet))).toEqual(others.map(({ letter }) => letter));
  });
  it('shows two escapes as a space, and one at the end as nothing', () => {
    expect(text(0x41, 0x1b, 0x1b, 0x41)).toBe('A A');
    expect(text(0x41, 0x1b)).toBe('A');
  });
  it('shows an octet that is no septet as Latin-1', () => {
    expect(text(0x41, 0xe9, 0x1b, 0xff)).toBe('Aéÿ');
  });
  it.each(['救命', 'ç', '`', 'ё', '\u001b', 'A😀', '\ud800'])('does not know %j', (letter) => {
    expect(gsm7Octets(letter)).toBeNull();
  });
  it('gives every text of its letters back', () => {
    const letter = fc.constantFrom(...letters.map(({ letter }) => letter), ...Object.keys(EXTENDED));
    fc.assert(
      fc.property(fc.string({ unit: letter, maxLength: 400 }), (whole) => {
        const octets = gsm7Octets(whole);
        expect(octets).not.toBeNull();
        expect(gsm7Text(octets ?? new Uint8Array())).toBe(whole);
      }),
    );
  });
});

describe('packed septets', () => {
  it('are the ones of the well-known example', () => {
    const packed = Uint8Array.of(0xe8, 0x32, 0x9b, 0xfd, 0x46, 0x97, 0xd9, 0xec, 0x37);
    expect(gsm7Text(unpackSeptets(packed, 10, 0))).toBe('hellohello');
  });
  it('are read back behind any fill bits', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(127), { maxLength: 160 }), fc.nat(6), (septets, fill) => {
        let bits = 0n;
        for (const [n, septet] of septets.entries()) bits |= BigInt(septet) << BigInt(fill + n * 7);
        const octets = Uint8Array.from({ length: Math.ceil((fill + septets.length * 7) / 8) }, (_, n) =>
          Number((bits >> BigInt(n * 8)) & 255n),
        );
        expect([...unpackSeptets(octets, septets.length, fill)]).toEqual(septets);
      }),
    );
  });
  it('are never more than the octets hold', () => {
    expect(unpackSeptets(Uint8Array.of(1, 2), 4_000_000_000, 0)).toHaveLength(2);
    expect(unpackSeptets(Uint8Array.of(1), 5, 6)).toHaveLength(0);
    expect(unpackSeptets(new Uint8Array(), 5, 6)).toHaveLength(0);
    expect(unpackSeptets(Uint8Array.of(1), -1, 0)).toHaveLength(0);
  });
});
