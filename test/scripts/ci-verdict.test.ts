/**
 * CI's verdict: green only when something ran, nothing failed and nothing crashed.
 */
import { describe, expect, it } from 'vitest';
import { verdictOf, type TestResult } from '../../scripts/ci-verdict.ts';

const right: TestResult = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  success: true,
  testResults: [{ name: 'a.test.ts', status: 'passed', assertionResults: [{}, {}, {}] }],
};

describe('the verdict of CI', () => {
  it('is green when every test passed and nothing else is wrong', () => {
    expect(verdictOf(right, 0, 0)).toEqual({ complaints: [], passed: 3, failed: 0, skipped: 0 });
  });

  it.each([
    ['types or lint are wrong', right, 1, 0, 'types, lint or format are wrong'],
    ['a test failed', { ...right, numFailedTests: 1, success: false }, 0, 1, '1 failed'],
    ['no test ran', { ...right, numPassedTests: 0, testResults: [] }, 0, 0, 'no test ran'],
    ['the run crashed', null, 0, 1, 'the test run left no result: it crashed'],
    ['something broke outside every test', { ...right, success: false }, 0, 1, 'every test passed and the run still failed (code 1)'],
    [
      'a file could not be loaded',
      { ...right, success: false, testResults: [...right.testResults, { name: 'b.test.ts', status: 'failed', assertionResults: [] }] },
      0,
      1,
      'b.test.ts could not be run',
    ],
  ])('is red when %s', (_what, result, check, tests, complaint) => {
    expect(verdictOf(result, check, tests).complaints).toContain(complaint);
  });

  it('counts a file that could not be loaded as a failure', () => {
    const broken = { ...right, success: false, testResults: [{ name: 'b.test.ts', status: 'failed', assertionResults: [] }] };
    expect(verdictOf(broken, 0, 1)).toMatchObject({ passed: 3, failed: 1 });
  });
});
