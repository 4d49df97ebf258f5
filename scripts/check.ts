/**
 * `npm run check`: types, lint, format, floors and the pure tests, side by side where that helps, in under a minute. Needs no Asterisk
 * and no Redis. One summary at the end; exits 1 where anything is wrong, with what it said.
 *
 *   npm run check -- --no-tests    types, lint and format alone
 */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(import.meta.dirname, '..');
const BIN = join(ROOT, 'node_modules', '.bin');
const WITHIN_MS = 120_000;

/** Folders whose tests need no door. */
const PURE_FOLDERS = new Set([
  '',
  'kernel',
  'call',
  'desk',
  'reading',
  'sms',
  'incident',
  'interpreters',
  'speech',
  'config',
  'transcripts',
  'control',
]);
/** Of a door's tests those that only read and write octets. */
const PURE_FILES = /^sms-gateways\/(cmpp-codec|cmpp-texts|smpp-deliver)[a-z.-]*$/;

/**
 * Tests of the pure folders, of the pure files of a door, and of test/ itself, without those that start a program: what starts one stands in test/stack, where
 * until.ts only waits.
 */
function pureTests(): readonly string[] {
  const all = readdirSync(join(ROOT, 'test'), { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.test.ts'));
  return all
    .filter((path) => PURE_FOLDERS.has(path.includes('/') ? (path.split('/')[0] ?? '') : '') || PURE_FILES.test(path))
    .filter((path) => !/from '[./]+stack\/(?!until\.ts)/.test(readFileSync(join(ROOT, 'test', path), 'utf8')))
    .map((path) => `test/${path}`);
}

interface Check {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
}

interface Outcome {
  readonly name: string;
  readonly isRight: boolean;
  readonly said: string;
  readonly seconds: number;
}

const run = ({ name, command, args }: Check): Promise<Outcome> =>
  new Promise((done) => {
    const begun = performance.now();
    const said: Buffer[] = [];
    const end = (isRight: boolean, more: string): void =>
      done({ name, isRight, said: Buffer.concat(said).toString('utf8') + more, seconds: (performance.now() - begun) / 1000 });
    const env = { ...process.env, TESTS_WITHOUT_PROGRAMS: 'yes' };
    const child = spawn(join(BIN, command), args, { cwd: ROOT, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: WITHIN_MS });
    child.stdout.on('data', (text: Buffer) => said.push(text));
    child.stderr.on('data', (text: Buffer) => said.push(text));
    child.once('error', (error) => end(false, error.message));
    child.once('close', (code, signal) => end(code === 0, signal === null ? '' : `\nended by ${signal}\n`));
  });

const quick: readonly Check[] = [
  { name: 'types', command: 'tsc', args: ['-p', '.'] },
  { name: 'lint', command: 'oxlint', args: ['--type-aware', '--quiet'] },
  { name: 'format', command: 'oxfmt', args: ['--check'] },
];
const tests: readonly Check[] = [{ name: 'pure tests', command: 'vitest', args: ['run', '--reporter=dot', ...pureTests()] }];

const outcomes = await Promise.all(quick.map(run));
if (!process.argv.includes('--no-tests')) for (const check of tests) outcomes.push(await run(check));

for (const { name, isRight, said } of outcomes) if (!isRight) process.stdout.write(`── ${name} ──\n${said.trim()}\n\n`);
for (const { name, isRight, seconds } of outcomes) {
  process.stdout.write(`${isRight ? 'right' : 'WRONG'}  ${name.padEnd(12)} ${seconds.toFixed(1)} s\n`);
}
process.exitCode = outcomes.every(({ isRight }) => isRight) ? 0 : 1;
