import { expect, test } from 'vitest';
import { fromRfc3339, instant, later, rfc3339 } from '../../src/kernel/instants.ts';

test('an instant is written with its offset and read back the same', () => {
  const at = instant(Date.UTC(2026, 2, 1, 8, 0, 0, 250));
  expect(rfc3339(at)).toBe('2026-03-01T08:00:00.250+00:00');
  expect(fromRfc3339(rfc3339(at))).toBe(at);
  expect(fromRfc3339('2026-03-01T16:00:00.250+08:00')).toBe(at);
  expect(later(at, 500)).toBe(at + 500);
});

test('what is no instant is answered with null', () => {
  for (const text of ['', 'yesterday', '2026-13-01T00:00:00Z']) expect(fromRfc3339(text)).toBeNull();
});
