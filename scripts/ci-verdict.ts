/**
 * From the result of the test run to CI's last line and exit code: `node scripts/ci-verdict.ts RESULT CHECK-CODE TEST-CODE`.
 * A run that crashed, ran nothing or left no result is a failure, whatever it counted.
 */
import { readFileSync } from 'node:fs';
import { wordsOf } from '../src/kernel/faults.ts';

export interface TestResult {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly success: boolean;
  readonly testResults: readonly { readonly name: string; readonly status: string; readonly assertionResults: readonly unknown[] }[];
}

export interface Verdict {
  readonly complaints: readonly string[];
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** `result` is `null` where the run left none. A file that failed without a test of its own counts as one failure. */
export function verdictOf(result: TestResult | null, checkCode: number, testCode: number): Verdict {
  const complaints: string[] = [];
  if (checkCode !== 0) complaints.push('types, lint or format are wrong');
  if (result === null) return { complaints: [...complaints, 'the test run left no result: it crashed'], passed: 0, failed: 1, skipped: 0 };
  const crashed = result.testResults.filter(({ status, assertionResults }) => status === 'failed' && assertionResults.length === 0);
  for (const { name } of crashed) complaints.push(`${name} could not be run`);
  const [passed, failed] = [result.numPassedTests, result.numFailedTests + crashed.length];
  if (failed > 0) complaints.push(`${failed} failed`);
  if (passed + failed === 0) complaints.push('no test ran');
  if (failed === 0 && (testCode !== 0 || !result.success)) complaints.push(`every test passed and the run still failed (code ${testCode})`);
  return { complaints, passed, failed, skipped: result.numPendingTests };
}

function readResult(path: string): TestResult | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as TestResult;
  } catch (unreadable) {
    process.stdout.write(`no result: ${wordsOf(unreadable)}\n`);
    return null;
  }
}

if (import.meta.main) {
  const [path = '', check = '1', tests = '1'] = process.argv.slice(2);
  const { complaints, passed, failed, skipped } = verdictOf(readResult(path), Number(check), Number(tests));
  for (const complaint of complaints) process.stdout.write(`CI: ${complaint}\n`);
  process.stdout.write(`${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}\n`);
  process.exitCode = complaints.length === 0 ? 0 : 1;
}
