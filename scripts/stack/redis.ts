/**
 * The stack's own Redis: loopback, a password, every write on disk before it is answered, and rather an error than a forgotten key.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createConnection } from 'node:net';
import { join } from 'node:path';
import type { PartPlan } from './part.ts';
import type { Runtime } from './runtime.ts';

export interface RedisWishes {
  readonly state: string;
  readonly port: number;
  readonly password: string;
}

export function planRedis(runtime: Runtime, { state, port, password }: RedisWishes): PartPlan {
  const folder = join(state, 'redis');
  const conf = join(folder, 'redis.conf');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const lines = [
    'bind 127.0.0.1',
    `port ${port}`,
    `requirepass ${password}`,
    `dir "${folder}"`,
    'daemonize no',
    'appendonly yes',
    'appendfsync always',
    'save ""',
    'maxmemory-policy noeviction',
  ];
  writeFileSync(conf, `${lines.join('\n')}\n`, { mode: 0o600 });
  return {
    name: 'redis',
    command: runtime.redisServer,
    args: [conf],
    env: process.env,
    cwd: folder,
    logFile: join(state, 'log', 'redis.log'),
    answers: () => answersPing(port, password),
    readyWithinMs: 60_000,
    stopWithinMs: 15_000,
  };
}

/** Whether it takes the password and answers, having loaded its records. */
function answersPing(port: number, password: string): Promise<boolean> {
  return new Promise((done) => {
    const line = createConnection({ host: '127.0.0.1', port, timeout: 1000 });
    let heard = '';
    const end = (answer: boolean): void => {
      line.destroy();
      done(answer);
    };
    line.once('connect', () => line.write(`AUTH ${password}\r\nPING\r\n`));
    line.on('data', (data: Buffer) => {
      heard += data.toString('latin1');
      if (heard.includes('+PONG')) end(true);
      else if (/^-/m.test(heard)) end(false);
    });
    for (const trouble of ['error', 'timeout', 'close'] as const) line.once(trouble, () => end(false));
  });
}
