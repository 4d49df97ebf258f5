/**
 * Wrong settings and missing prompts end the controller at once, with every complaint in words and an exit code of their own.
 */
import { spawn } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';

const ROOT = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'intake-settings-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const RIGHT = { PATH: process.env['PATH'], HOME: folder, INTAKE_STATE_DIR: join(folder, 'state'), INTAKE_ARI_PASSWORD: 'an-ari-password' };

async function run(program: string, env: Readonly<Record<string, string | undefined>>): Promise<{ code: number | null; said: string }> {
  const child = spawn(process.execPath, [join(ROOT, program)], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: 8000 });
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => said.push(chunk));
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => done({ code, said: Buffer.concat(said).toString('utf8') }));
  });
}

it.for(['src/main.ts', 'scripts/start.ts'])(
  '%s: all complaints at once, each naming its setting, without a secret, and exit code 2',
  async (program) => {
    const secret = 'a secret with spaces';
    const { code, said } = await run(program, {
      ...RIGHT,
      INTAKE_HTTP_PORT: 'eighty',
      INTAKE_RING_SECONDS: '-1',
      INTAKE_RING_SECOND: '15',
      INTAKE_EMERGENCY_NUMBERS: 'one-one-zero',
      INTAKE_ARI_PASSWORD: secret,
      DISPATCH_WEBHOOK_URL: 'http://127.0.0.1:9/incidents',
    });
    expect(code, said).toBe(2);
    for (const name of [
      'INTAKE_HTTP_PORT',
      'INTAKE_RING_SECONDS',
      'INTAKE_RING_SECOND',
      'INTAKE_EMERGENCY_NUMBERS',
      'INTAKE_ARI_PASSWORD',
    ]) {
      expect(said).toMatch(new RegExp(`^ *- .*${name}\\b`, 'm'));
    }
    expect(said).toContain("dispatch 'dispatch'");
    expect(said).not.toContain(secret);
    expect(said).not.toContain('    at ');
  },
);

it('prompts that are missing or empty are named, every one of them', async () => {
  const prompts = join(folder, 'prompts');
  cpSync(join(ROOT, 'prompts'), prompts, { recursive: true });
  rmSync(join(prompts, 'recordings/zh/greeting.alaw'));
  truncateSync(join(prompts, 'recordings/zh/hold.alaw'), 0);
  const { code, said } = await run('src/main.ts', { ...RIGHT, INTAKE_PROMPTS_DIR: prompts });
  expect(code, said).toBe(2);
  expect(said).toMatch(/^ *- zh\/greeting: has no recording$/m);
  expect(said).toMatch(/^ *- zh\/hold: its recording is empty$/m);
});
