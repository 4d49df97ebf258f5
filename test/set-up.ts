/**
 * Before the first test: Asterisk, Redis and SIPp are there, or fetched with progress shown. `npm run check` needs none of them.
 */
import { ensureRuntime } from '../scripts/stack/runtime.ts';

export default async function setUp(): Promise<void> {
  if (process.env['TESTS_WITHOUT_PROGRAMS'] === 'yes') return;
  const { folder } = await ensureRuntime();
  process.stderr.write(`set-up: Asterisk, Redis and SIPp of ${folder}\n`);
}
