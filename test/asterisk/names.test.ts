/**
 * Names are made and read back without loss, whatever a call is called.
 */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { applicationOf, nameOf, readName } from '../../src/asterisk/names.ts';
import { callId } from '../../src/kernel/ids.ts';

test('a name of ours reads back as the call, role and count it was made of', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1 }),
      fc.constantFrom('taker', 'interpreter', 'say', 'assure', 'tell', 'talk', 'recording'),
      fc.integer({ min: 1, max: 99_999_999 }),
      (call, role, count) => {
        expect(readName(nameOf(callId(call), role, count))).toEqual({ role, call, count });
      },
    ),
  );
});

test('a call id with dots and dashes is a caller, and its parts are not taken for a role', () => {
  for (const id of ['intake-1763750000.12', 'intake-a.b-1763750000.12', 'x.taker.0', 'x.taker.one', 'x.taker.', '.taker.1', '']) {
    expect(readName(id)).toEqual({ role: 'caller', call: id });
  }
});

test('a name never reads back as something that was not made so', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const name = readName(text);
      expect(name.role === 'caller' ? name.call : nameOf(name.call, name.role, name.count)).toBe(text);
    }),
  );
});

test("the application's name begins as the dialplan asks for", () => {
  expect(applicationOf('a')).toMatch(/^intake-.*/);
});
