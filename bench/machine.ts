/**
 * What the figures were measured on. Names the machine's kind and its programs, never its name, its owner or its paths.
 */
import { execFile } from 'node:child_process';
import { statfs } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { promisify } from 'node:util';
import type { House } from './house.ts';

export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGb: number;
  readonly node: string;
  readonly asterisk: string;
  readonly redis: string;
  readonly recordsOnDisk: boolean;
  /** Processes that want to run, one minute's mean, before anything of ours did. */
  readonly loadBefore: number;
}

/** `f_type` of tmpfs (statfs(2)): what is made durable there costs nothing, and is not durable. */
const TMPFS = 0x01021994;

export const loadNow = (): number => Math.round((loadavg()[0] ?? 0) * 10) / 10;

export async function machineOf(house: House, redisServer: string, loadBefore: number): Promise<Machine> {
  const info = (await house.ari('GET', '/asterisk/info?only=system')).body as { system?: { version?: string } } | null;
  const { stdout } = await promisify(execFile)(redisServer, ['--version'], { timeout: 5000 });
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    asterisk: info?.system?.version ?? 'unknown',
    redis: /v=(\S+)/.exec(stdout)?.[1] ?? 'unknown',
    recordsOnDisk: (await statfs(house.stack.settings.folders.state)).type !== TMPFS,
    loadBefore,
  };
}
