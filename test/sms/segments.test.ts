/** Our own texts in segments: the lengths at the edge, what is never cut in two, and what is too long. */
import iconv from 'iconv-lite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isFault } from '../../src/kernel/faults.ts';
import { gsm7Text } from '../../src/sms/gsm7.ts';
import { referenceOf, segmentCount, segmentsOf, type Segment } from '../../src/sms/segments.ts';

const lengths = (text: string): readonly number[] =>
  segmentsOf(text, 1).map(({ coding, octets }) => (coding === 'gsm7' ? octets.length : octets.length / 2));
const textOf = ({ coding, octets }: Segment): string =>
  coding === 'gsm7' ? gsm7Text(octets) : iconv.decode(Buffer.from(octets), 'utf16-be', { stripBOM: false });

describe('the segments of a text', () => {
  it.each([
    ['a letter of GSM', 'a', 'gsm7', 160, 153],
    ['a hanzi', '警', 'ucs2', 70, 67],
    ['a letter that only UCS-2 has', 'ж', 'ucs2', 70, 67],
  ])('are as long as they may be: %s', (_, letter, coding, alone, part) => {
    expect(segmentsOf(letter.repeat(alone), 7)).toMatchObject([{ coding, part: null }]);
    expect(lengths(letter.repeat(alone))).toEqual([alone]);
    expect(lengths(letter.repeat(alone + 1))).toEqual([part, alone + 1 - part]);
    expect(lengths(letter.repeat(part * 3))).toEqual([part, part, part]);
    expect(segmentCount(letter.repeat(part * 3 + 1))).toBe(4);
  });
  it('count letters behind an escape twice', () => {
    expect(lengths('€'.repeat(80))).toEqual([160]);
    expect(lengths('€'.repeat(81))).toEqual([152, 10]);
    expect(lengths(`a${'€'.repeat(80)}`)).toEqual([153, 8]);
  });
  it('never part two surrogates', () => {
    expect(lengths('😀'.repeat(35))).toEqual([70]);
    expect(lengths('😀'.repeat(36))).toEqual([66, 6]);
    expect(lengths('\u{10fffd}'.repeat(36))).toEqual([66, 6]);
    expect(lengths('\ue000'.repeat(71))).toEqual([67, 4]);
    expect(lengths(`警${'😀'.repeat(36)}`)).toEqual([67, 6]);
  });
  it('name their part', () => {
    expect(segmentsOf('a'.repeat(400), 0x1c7).map(({ part }) => part)).toEqual([
      { reference: 0xc7, width: 8, total: 3, number: 1 },
      { reference: 0xc7, width: 8, total: 3, number: 2 },
      { reference: 0xc7, width: 8, total: 3, number: 3 },
    ]);
  });
  it('are one, and empty, for an empty text', () => {
    expect(segmentsOf('', 1)).toEqual([{ coding: 'gsm7', octets: new Uint8Array(), part: null }]);
    expect(segmentCount('')).toBe(1);
  });
  it('are UCS-2 where the gateway knows nothing else', () => {
    expect(segmentsOf('ab', 1, 'ucs2')).toEqual([{ coding: 'ucs2', octets: Uint8Array.of(0, 0x61, 0, 0x62), part: null }]);
    expect(segmentCount('a'.repeat(71), 'ucs2')).toBe(2);
  });
  it('carry U+FFFD for half a surrogate pair', () => {
    expect(segmentsOf('\ud83d!', 1)).toMatchObject([{ coding: 'ucs2', octets: Uint8Array.of(0xff, 0xfd, 0, 0x21) }]);
  });
  it('are never more than 255', () => {
    expect(segmentsOf('a'.repeat(153 * 255), 1)).toHaveLength(255);
    expect(segmentCount('a'.repeat(153 * 255 + 1))).toBe(256);
    let thrown: unknown = null;
    try {
      segmentsOf('a'.repeat(153 * 255 + 1), 1);
    } catch (tooLong) {
      thrown = tooLong;
    }
    expect(isFault(thrown, 'invalid')).toBe(true);
  });
  it('spell the text one after the other, each of them readable alone', () => {
    const letter = fc.constantFrom('a', '€', '[', '\n', '警', '😀', 'ж', '👮‍♀️', '\u{10fffd}');
    const texts = fc.oneof(
      fc.string({ unit: letter, maxLength: 600 }),
      fc.string({ unit: fc.constantFrom('a', '€', '{'), maxLength: 600 }),
    );
    fc.assert(
      fc.property(texts, (text) => {
        const segments = segmentsOf(text, 1);
        expect(segments.map(textOf).join('')).toBe(text);
        expect(segments.every((segment) => textOf(segment).isWellFormed())).toBe(true);
        expect(segments.every(({ octets }) => octets.length <= (segments[0]?.coding === 'gsm7' ? 160 : 140))).toBe(true);
      }),
    );
  });
});

describe('the reference of a long text', () => {
  it('is an octet, and the same however often it is asked for', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 60 }), (id) => {
        const reference = referenceOf(id);
        expect(Number.isInteger(reference) && reference >= 0 && reference <= 255).toBe(true);
        expect(referenceOf(id)).toBe(reference);
      }),
    );
  });
  it('is another for each of the next 255 texts of a thread', () => {
    const references = Array.from({ length: 256 }, (_, n) => referenceOf(`01JAB3N5QW8RT2V4X6Y7Z9ABCD.${n + 1}`));
    expect(new Set(references).size).toBe(256);
  });
  it('is spread over threads', () => {
    const references = Array.from({ length: 2560 }, (_, n) => referenceOf(`01JAB3N5QW8RT2V4X6${n.toString(32)}ABCD.1`));
    expect(new Set(references).size).toBeGreaterThan(200);
  });
});
