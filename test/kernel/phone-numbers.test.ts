import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { maskDigits, masked, phoneNumber, subscriberOf, type PhoneNumber } from '../../src/kernel/phone-numbers.ts';

describe('a number as the trunk sent it', () => {
  test('is kept as digits with an optional plus', () => {
    expect(phoneNumber('138 4510-1234')).toBe('13845101234');
    expect(phoneNumber('+86 (451) 8765.4321')).toBe('+8645187654321');
    expect(phoneNumber('110')).toBe('110');
  });

  test('is none where it is withheld, missing or no number at all, which refuses nobody', () => {
    for (const raw of [null, undefined, '', ' ', 'anonymous', 'Unavailable', 'sip:alice', '\r\nX: y', '1;DROP', '+', '--', '１３８']) {
      expect(phoneNumber(raw), String(raw)).toBeNull();
    }
  });

  test('whatever is sent, at most 32 digits come of it and nothing else', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (raw) => {
        expect(phoneNumber(raw) ?? '1').toMatch(/^\+?[0-9]{1,32}$/);
      }),
    );
  });
});

describe('the subscriber of a number', () => {
  const of = (raw: string): string => subscriberOf(phoneNumber(raw) as PhoneNumber);

  test('is the same however a network writes it', () => {
    for (const raw of ['+8613845101234', '008613845101234', '8613845101234', '013845101234', '138 4510 1234', '+86 013845101234']) {
      expect(of(raw), raw).toBe('13845101234');
    }
    for (const raw of ['+8645187654321', '008645187654321', '045187654321']) expect(of(raw), raw).toBe('045187654321');
    for (const raw of ['+13845101234', '0013845101234']) expect(of(raw), raw).toBe('+13845101234');
  });

  test('is another where the number is', () => {
    const others = ['13845101234', '+13845101234', '045187654321', '+74951234567', '110', '12110', '86', '8613', '106901234567'];
    expect(new Set(others.map(of)).size).toBe(others.length);
  });

  test('is never empty, and its own', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^(\+|00)?(86)?[0-9]{1,20}$/), (raw) => {
        expect(of(raw)).not.toBe('');
        expect(of(of(raw))).toBe(of(raw));
      }),
    );
  });
});

describe('in a log', () => {
  test('a number shows its first three and last two digits', () => {
    expect(masked(phoneNumber('13845101234'))).toBe('138******34');
    expect(masked(null)).toBe('withheld');
  });

  test('no text holds seven digits in a row, however they stand in it', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(fc.string(), fc.stringMatching(/^[0-9]{1,20}$/))), (parts) => {
        expect(maskDigits(parts.join(''))).not.toMatch(/\d{7}/);
      }),
    );
  });
});
