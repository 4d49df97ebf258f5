import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { expectedWaitMs, waitRange, type WaitBasis } from '../../src/desk/expected-wait.ts';

const basis: WaitBasis = {
  ahead: 0,
  callTakers: 2,
  serviceMs: Array.from({ length: 30 }, () => 60_000),
  waits: [],
  enough: 30,
};

describe('the expected wait', () => {
  test('is told only when enough conversations were measured and somebody is on duty', () => {
    expect(expectedWaitMs({ ...basis, serviceMs: basis.serviceMs.slice(1) })).toBeNull();
    expect(expectedWaitMs({ ...basis, callTakers: 0 })).toBeNull();
    expect(expectedWaitMs(basis)).not.toBeNull();
  });

  test('with two call takers at a minute each and nobody giving up, every caller ahead costs half a minute', () => {
    expect(expectedWaitMs(basis)).toBeCloseTo(30_000);
    expect(expectedWaitMs({ ...basis, ahead: 3 })).toBeCloseTo(120_000);
  });

  test('is shorter where those ahead give up', () => {
    const waits = [
      { waitedMs: 60_000, abandoned: true },
      { waitedMs: 60_000, abandoned: false },
    ];
    const patient = expectedWaitMs({ ...basis, ahead: 5 }) ?? 0;
    const impatient = expectedWaitMs({ ...basis, ahead: 5, waits }) ?? 0;
    // 1/(2/60 + i/120) summed for i = 0 … 5, in seconds.
    expect(impatient).toBeCloseTo([0, 1, 2, 3, 4, 5].reduce((sum, i) => sum + 1000 / (2 / 60 + i / 120), 0));
    expect(impatient).toBeLessThan(patient);
  });

  test('grows with the callers ahead and falls with the call takers', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 200 }), fc.integer({ min: 1, max: 50 }), (ahead, callTakers) => {
        const here = expectedWaitMs({ ...basis, ahead, callTakers }) ?? 0;
        expect(expectedWaitMs({ ...basis, ahead: ahead + 1, callTakers }) ?? 0).toBeGreaterThan(here);
        expect(expectedWaitMs({ ...basis, ahead, callTakers: callTakers + 1 }) ?? 0).toBeLessThan(here);
      }),
    );
  });
});

describe('the range that is told', () => {
  test('is whole minutes around the estimate, and never empty', () => {
    expect(waitRange(30_000)).toEqual({ fromMinutes: 0, toMinutes: 1 });
    expect(waitRange(240_000)).toEqual({ fromMinutes: 3, toMinutes: 6 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 2_400_000 }), (ms) => {
        const range = waitRange(ms);
        if (range === null) return;
        expect(range.fromMinutes * 60_000).toBeLessThanOrEqual(ms);
        expect(range.toMinutes * 60_000).toBeGreaterThanOrEqual(ms);
        expect(range.toMinutes).toBeGreaterThan(range.fromMinutes);
      }),
    );
  });

  test('is not told above an hour: nobody can act on it', () => {
    expect(waitRange(3_000_000)).toBeNull();
  });
});
