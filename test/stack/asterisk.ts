/**
 * A private Asterisk for one test: own folder, own ports, rendered from the project's templates, ended by its pid.
 * Never touches another Asterisk, and leaves no folder behind.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type AsteriskSettings, renderAsteriskConfig } from '../../scripts/stack/asterisk-config.ts';
import { freePort } from '../../scripts/stack/ports.ts';
import { runtimeFolder, runtimeIn } from '../../scripts/stack/runtime.ts';
import { HOST } from './loopback.ts';
import { until } from './until.ts';

export interface PrivateAsterisk {
  readonly folder: string;
  readonly settings: AsteriskSettings;
  readonly process: ChildProcess;
  /** Answers of Asterisk's own console to one command. */
  ask(command: string): Promise<string>;
  /** What it has warned of so far. */
  warnings(): Promise<string>;
  stop(): Promise<void>;
}

const PROMPTS = fileURLToPath(new URL('../../prompts/recordings/zh', import.meta.url));

export async function startAsterisk(wishes: Partial<AsteriskSettings> = {}): Promise<PrivateAsterisk> {
  const runtime = runtimeIn(runtimeFolder());
  const folder = await mkdtemp(join(tmpdir(), 'intake-asterisk-'));
  // Each stack its own stretch of sound ports, below those that the machine hands out by itself.
  const rtpFrom = 10_000 + 2 * Math.floor(Math.random() * 8000);
  const settings: AsteriskSettings = {
    sipHost: HOST,
    sipPort: await freePort('udp'),
    rtpPorts: { from: rtpFrom, to: rtpFrom + 400 },
    httpHost: HOST,
    httpPort: await freePort('tcp'),
    ariUser: 'controller',
    ariPassword: 'ari-secret',
    amiHost: HOST,
    amiPort: await freePort('tcp'),
    amiUser: 'listener',
    amiPassword: 'ami-secret',
    trunkAddresses: [HOST],
    callTakers: [
      { endpoint: 'taker-1001', secret: 'secret-1001' },
      { endpoint: 'taker-1002', secret: 'secret-1002' },
    ],
    promptsFolder: PROMPTS,
    recordingsFolder: join(folder, 'recordings'),
    fallbackSpoolFolder: join(folder, 'fallback'),
    moduleFolder: runtime.asteriskModules,
    dataFolder: runtime.asteriskData,
    systemName: 'test',
    rtpTimeoutSeconds: 0,
    ...wishes,
  };
  const { confFile } = await renderAsteriskConfig(folder, settings);
  const program = runtime.asterisk;
  const child = spawn(program, ['-f', '-C', confFile], { stdio: 'ignore', env: { ...process.env, MALLOC_ARENA_MAX: '2' } });
  const ask = async (command: string): Promise<string> => {
    const console = spawn(program, ['-C', confFile, '-rx', command], { stdio: ['ignore', 'pipe', 'ignore'] });
    const said: Buffer[] = [];
    console.stdout.on('data', (chunk: Buffer) => said.push(chunk));
    await once(console, 'close');
    return Buffer.concat(said).toString('utf8');
  };
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    }
    await rm(folder, { recursive: true, force: true });
  };
  const warnings = (): Promise<string> => readFile(join(folder, 'log/messages'), 'utf8');
  try {
    await until(
      'Asterisk to be up',
      () => {
        if (child.exitCode !== null) throw new Error(`Asterisk ended with ${child.exitCode}`);
        return answersAri(settings);
      },
      20_000,
    );
  } catch (thrown) {
    const words = await warnings().catch(() => 'nothing was logged');
    await stop();
    throw new Error(`Asterisk did not come up: ${words}`, { cause: thrown });
  }
  return { folder, settings, process: child, ask, warnings, stop };
}

const answersAri = (settings: AsteriskSettings): Promise<boolean> =>
  fetch(`http://${settings.httpHost}:${settings.httpPort}/ari/applications`, {
    headers: { authorization: `Basic ${Buffer.from(`${settings.ariUser}:${settings.ariPassword}`).toString('base64')}` },
    signal: AbortSignal.timeout(1000),
  }).then(
    (answer) => answer.ok,
    () => false,
  );
