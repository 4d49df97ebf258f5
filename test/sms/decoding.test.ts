/** Every coding against a converter of another make, what must not be shown, and what no converter could read. */
import iconv from 'iconv-lite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodedText, spelled, visible } from '../../src/sms/decoding.ts';
import type { Coding } from '../../src/sms/text.ts';

const CODINGS: readonly Coding[] = ['gsm7', 'ascii', 'latin1', 'ucs2', 'gb18030', 'utf8', 'binary'];
const NOT_AT_GAP = { followsGap: false, precedesGap: false };
const BEFORE_GAP = { followsGap: false, precedesGap: true };
const BEHIND_GAP = { followsGap: true, precedesGap: false };

describe('a coding', () => {
  const shown = fc.string({ unit: fc.constantFrom(...Array.from('救命道里区ёж日本語カ한국어 €12#a\n'), '😀', '𠮷', '👍🏽') });
  it.each([
    ['ucs2', 'utf16-be'],
    ['gb18030', 'gb18030'],
    ['utf8', 'utf8'],
  ] as const)('is spelled as another converter has it: %s', (coding, oracle) => {
    fc.assert(
      fc.property(shown, (text) => {
        expect(decodedText(coding, iconv.encode(text, oracle))).toBe(text);
      }),
    );
  });
  it('has all the hanzi and all planes of GB18030', () => {
    const letters = Array.from({ length: 0x9fa6 - 0x4e00 }, (_, n) => String.fromCodePoint(0x4e00 + n)).join('');
    const others = Array.from({ length: 16 }, (_, plane) => String.fromCodePoint(((plane + 1) << 16) + 0x1234)).join('');
    expect(spelled('gb18030', iconv.encode(letters + others, 'gb18030'), NOT_AT_GAP)).toBe(letters + others);
  });
  it('is Latin-1 by ISO 8859-1, and by Windows-1252 where that has only controls', () => {
    const all = Uint8Array.from({ length: 256 }, (_, octet) => octet);
    const latin1 = spelled('latin1', all, NOT_AT_GAP);
    expect(latin1.slice(0, 0x80) + latin1.slice(0xa0)).toBe(
      iconv.decode(Buffer.from([...all.slice(0, 0x80), ...all.slice(0xa0)]), 'latin1'),
    );
    const undefinedThere = [0x81, 0x8d, 0x8f, 0x90, 0x9d];
    const letters = all.slice(0x80, 0xa0).filter((octet) => !undefinedThere.includes(octet));
    expect(decodedText('latin1', letters)).toBe(iconv.decode(Buffer.from(letters), 'windows-1252'));
    expect(decodedText('latin1', Uint8Array.from(undefinedThere))).toBe('');
  });
  it('is the GSM alphabet, one septet an octet', () => {
    expect(decodedText('gsm7', Uint8Array.of(0, 0x48, 0x0a, 0x1b, 0x65))).toBe('@H\n€');
  });
  it('is ASCII, or what gateways send under its name', () => {
    expect(decodedText('ascii', Buffer.from('Help! $5'))).toBe('Help! $5');
    expect(decodedText('ascii', Buffer.from('救命'))).toBe('救命');
    expect(decodedText('ascii', iconv.encode('救命', 'gb18030'))).toBe('救命');
    expect(decodedText('ascii', Uint8Array.of(0x41, 0xff))).toBe('Aÿ');
  });
  it('may be no text at all', () => {
    expect(decodedText('binary', Buffer.from('MMS'))).toBe('');
  });
  it('of the other octet order is known by its mark', () => {
    expect(decodedText('ucs2', iconv.encode('救命', 'utf16-le', { addBOM: true }))).toBe('救命');
    expect(decodedText('ucs2', iconv.encode('救命', 'utf16-be', { addBOM: true }))).toBe('救命');
    expect(decodedText('utf8', iconv.encode('救命', 'utf8', { addBOM: true }))).toBe('救命');
  });
});

describe('what spells nothing', () => {
  it.each([
    ['a high surrogate alone', [0xd8, 0x3d, 0, 0x41], '\ufffdA'],
    ['a low surrogate alone', [0, 0x41, 0xde, 0x00], 'A\ufffd'],
    ['surrogates the wrong way round', [0xde, 0x00, 0xd8, 0x3d], '\ufffd\ufffd'],
    ['half a unit at the end', [0, 0x41, 0x62], 'A\ufffd'],
    ['a terminator of one octet', [0, 0x41, 0], 'A'],
  ])('is U+FFFD in UCS-2: %s', (_, octets, text) => {
    expect(decodedText('ucs2', Uint8Array.from(octets))).toBe(text);
  });
  it('is U+FFFD in GB18030 and UTF-8, and the rest stays', () => {
    expect(decodedText('gb18030', Uint8Array.of(0xce, 0xd2, 0xff, 0x41))).toBe('我\ufffdA');
    expect(decodedText('gb18030', Uint8Array.of(0x41, 0x90, 0x30))).toBe('A\ufffd');
    expect(decodedText('utf8', Uint8Array.of(0x41, 0xc0, 0x42, 0xe6, 0x95))).toBe('A\ufffdB\ufffd');
  });
  it('never throws, is always well formed, and shows nothing that must not be seen', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...CODINGS),
        fc.uint8Array({ maxLength: 300 }),
        fc.boolean(),
        fc.boolean(),
        (coding, octets, one, other) => {
          const whole = decodedText(coding, octets);
          expect(whole.isWellFormed()).toBe(true);
          expect(whole).not.toMatch(/[^\P{Cc}\n]|\p{Bidi_Control}|\u200b|\ufeff/u);
          expect(visible(whole)).toBe(whole);
          expect(spelled(coding, octets, { followsGap: one, precedesGap: other }).isWellFormed()).toBe(true);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe('half a letter at a gap', () => {
  it.each([
    ['ucs2', 'utf16-be'],
    ['gb18030', 'gb18030'],
    ['utf8', 'utf8'],
  ] as const)('is left out until the rest comes: %s', (coding, oracle) => {
    const octets = iconv.encode('救😀', oracle);
    const hanzi = iconv.encode('救', oracle).length;
    for (let at = hanzi + 1; at < octets.length; at++) {
      expect(spelled(coding, octets.subarray(0, at), BEFORE_GAP), `${coding} ${at}`).toBe('救');
      expect(spelled(coding, octets.subarray(0, at), NOT_AT_GAP), `${coding} ${at}`).toMatch(/^救\ufffd+$|^救\ufffd?0?$/);
    }
  });
  it('is left out behind it where the coding tells', () => {
    expect(spelled('ucs2', iconv.encode('😀救', 'utf16-be').subarray(2), BEHIND_GAP)).toBe('救');
    expect(spelled('utf8', Buffer.from('😀救').subarray(1), BEHIND_GAP)).toBe('救');
    expect(spelled('utf8', Buffer.from('😀救').subarray(3), BEHIND_GAP)).toBe('救');
    expect(spelled('gb18030', iconv.encode('😀 help', 'gb18030').subarray(1), BEHIND_GAP)).toBe(' help');
    expect(spelled('gb18030', iconv.encode('😀 help', 'gb18030').subarray(2), BEHIND_GAP)).toBe(' help');
    expect(spelled('gb18030', iconv.encode('我 help', 'gb18030').subarray(1), BEHIND_GAP)).toBe(' help');
    expect(spelled('gb18030', Uint8Array.of(0xd2, 0x20, 0x41, 0xff, 0x41), BEHIND_GAP)).toBe('\ufffd A\ufffdA');
    expect(spelled('gb18030', iconv.encode('救我', 'gb18030'), BEHIND_GAP)).toBe('救我');
  });
});

describe('what is shown', () => {
  it.each([
    ['NUL and other controls', 'A\u0000B\u0007C\u001b[31mD\u007fE\u009fF', 'ABC[31mDEF'],
    ['marks and overrides of direction', '\u200eA\u202eB\u202cC\u2066D\u2069\u061cE\u200f', 'ABCDE'],
    ['letters of no width', 'A\u200bB\u2060C\ufeffD\u00adE\u034fF\u180eG\u200cH', 'ABCDEFGH'],
    ['noncharacters', 'A\uffffB\ufffeC\ufdd0D\u{1ffff}E', 'ABCDE'],
    ['hidden tags', 'A\u{e0041}\u{e0042}B', 'AB'],
    ['joiners between letters', 'A\u200dB\u200d', 'AB'],
    ['a row of joiners', '👩\u200d\u200d👩', '👩👩'],
  ])('has no %s', (_, text, seen) => {
    expect(visible(text)).toBe(seen);
  });
  it.each(['👨‍👩‍👧‍👦', '👮🏽‍♀️', '🏳️‍🌈', '❤️‍🔥', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🇨🇳', '1️⃣', '葛\u{e0100}', 'e\u0301', 'שלום'])('keeps %s whole', (text) => {
    expect(visible(text)).toBe(text);
  });
  it('breaks lines one way', () => {
    expect(visible('a\r\nb\rc\nd\u2028e\fg\u0085h\ti')).toBe('a\nb\nc\nd\ne\ng\nh i');
  });
  it('is cut, with a mark, behind 20,000 characters', () => {
    expect(visible('a'.repeat(20_000))).toBe('a'.repeat(20_000));
    const long = visible('a'.repeat(20_001));
    expect(long).toHaveLength(20_000);
    expect(long.endsWith('a […]')).toBe(true);
    expect(visible(`b${'😀'.repeat(20_000)}`).isWellFormed()).toBe(true);
    expect(visible('😀'.repeat(20_000)).endsWith('😀 […]')).toBe(true);
  });
  it('is made quickly of the worst', () => {
    const worst = ['👩‍'.repeat(20_000), '\u{e0041}'.repeat(30_000), '\u200d'.repeat(60_000), '\u202e'.repeat(60_000), '\r'.repeat(60_000)];
    const begun = performance.now();
    for (const text of worst) visible(text);
    expect(performance.now() - begun).toBeLessThan(1000);
  });
  it('is 10 kB of emoji, whole', () => {
    const emoji = '👨‍👩‍👧‍👦'.repeat(400);
    const octets = iconv.encode(emoji, 'utf16-be');
    expect(octets.length).toBeGreaterThan(8000);
    expect(decodedText('ucs2', octets)).toBe(emoji);
  });
});
