/**
 * A real redis-server of a test's own: loopback, a free port, a folder of its own, appendfsync always. It can be frozen, killed like
 * a pulled plug, and started again on the same records. Everything started here is ended by its pid.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { runtimeFolder } from '../../scripts/stack/runtime.ts';
import { until } from './until.ts';

export interface RedisStack {
  readonly url: string;
  /** One command on a connection of its own, for looking behind the store. */
  ask(...command: readonly string[]): Promise<unknown>;
  /** The process stops being run; its connections stay. */
  freeze(): void;
  thaw(): void;
  /** SIGKILL: nothing more is written or answered. */
  kill(): Promise<void>;
  /** Again on the same port and records, after `kill`. */
  startAgain(): Promise<void>;
  stop(): Promise<void>;
}

export interface RedisStackSettings {
  /** More of redis-server's own settings, e.g. `{ appendfsync: 'everysec' }`. */
  readonly more?: Readonly<Record<string, string>>;
  /** What `ask` and the start's own question log in with, where `more` demands it. */
  readonly password?: string;
}

export async function startRedis({ more = {}, password }: RedisStackSettings = {}): Promise<RedisStack> {
  const folder = await mkdtemp(join(tmpdir(), 'intake110-redis-'));
  const port = await freePort();
  const url = `redis://127.0.0.1:${port}/0`;
  const wanted = { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction', save: '', ...more };
  const settings = Object.entries({ port: String(port), bind: '127.0.0.1', dir: folder, ...wanted });
  const whole = password === undefined ? url : url.replace('//', `//:${password}@`);
  const args = settings.flatMap(([name, value]) => [`--${name}`, value]);
  let child = await running(args, whole);
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    child.kill(signal);
    if (signal !== 'SIGKILL') child.kill('SIGCONT');
    await ended;
  };
  return {
    url,
    ask: (...command) => ask(whole, command),
    freeze: () => void child.kill('SIGSTOP'),
    thaw: () => void child.kill('SIGCONT'),
    kill: () => end('SIGKILL'),
    startAgain: async () => {
      child = await running(args, whole);
    },
    stop: async () => {
      await end('SIGTERM');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function running(args: readonly string[], url: string): Promise<ChildProcess> {
  const said: string[] = [];
  const child = spawn(join(runtimeFolder(), 'bin', 'redis-server'), args, { stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.on('data', (text: Buffer) => said.push(text.toString()));
  child.stderr.on('data', (text: Buffer) => said.push(text.toString()));
  const failed = new Promise<never>((_, reject) => {
    child.once('error', reject);
    child.once('exit', () => reject(new Error(`redis-server ended: ${said.join('').slice(-2000)}`)));
  });
  failed.catch(() => undefined);
  const answers = until('redis-server answers', () => ask(url, ['PING']).then(...settledTrue), 10_000);
  await Promise.race([answers, failed]);
  return child;
}

const settledTrue = [() => true, () => false] as const;

/** One command on a connection of its own. */
export async function ask(url: string, command: readonly string[]): Promise<unknown> {
  const client = createClient({ url, socket: { reconnectStrategy: false, connectTimeout: 1000 } });
  let trouble: unknown;
  client.on('error', (error: unknown) => {
    trouble = error;
  });
  try {
    await client.connect();
    return await client.sendCommand(command);
  } catch (error) {
    throw trouble ?? error;
  } finally {
    client.destroy();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}
