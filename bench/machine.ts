/**
 * What the figures were measured on. Names the machine's kind and its programs, never its name, its owner or its paths.
 */
import { execFile } from 'node:child_process';
import { open, rm, statfs } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { spreadOf, type Spread } from './figures.ts';
import type { Runtime } from '../scripts/stack/runtime.ts';
import type { House } from './house.ts';

export interface Machine {
  readonly cores: number;
  readonly processor: string;
  readonly memoryGb: number;
  readonly node: string;
  readonly asterisk: string;
  readonly redis: string;
  /** Milliseconds in which the folder of the records makes a line durable (fdatasync), just before: Redis does so for every step. */
  readonly durable: Spread;
  /** Milliseconds by which a timer of this process was late, just before: how long one waits here for a core. */
  readonly late: Spread;
  readonly recordsOnDisk: boolean;
  /** Processes that want to run, one minute's mean, before anything of ours did. */
  readonly loadBefore: number;
}

/** `f_type` of tmpfs (statfs(2)): what is made durable there costs nothing, and is not durable. */
const TMPFS = 0x01021994;

export const loadNow = (): number => Math.round((loadavg()[0] ?? 0) * 10) / 10;

export async function machineOf(house: House, programs: Pick<Runtime, 'asterisk' | 'redisServer'>, loadBefore: number): Promise<Machine> {
  const said = async (program: string, asked: string): Promise<string> =>
    (await promisify(execFile)(program, [asked], { timeout: 5000 })).stdout;
  return {
    cores: availableParallelism(),
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    memoryGb: Math.round(totalmem() / 2 ** 30),
    node: process.version,
    asterisk: /^Asterisk (\S+)/.exec(await said(programs.asterisk, '-V'))?.[1] ?? 'unknown',
    redis: /v=(\S+)/.exec(await said(programs.redisServer, '--version'))?.[1] ?? 'unknown',
    ...(await moods(house.stack.settings.folders.state)),
    recordsOnDisk: (await statfs(house.stack.settings.folders.state)).type !== TMPFS,
    loadBefore,
  };
}

const SAMPLES = 150;
const SAMPLE_EVERY_MS = 10;

/** How disk and cores are disposed at this moment; without it nobody could tell a slow program from a busy machine. */
async function moods(folder: string): Promise<{ durable: Spread; late: Spread }> {
  const path = join(folder, 'durable');
  const file = await open(path, 'w');
  const durable: number[] = [];
  const late: number[] = [];
  for (let sample = 0; sample < SAMPLES; sample++) {
    const began = performance.now();
    await new Promise((resolve) => setTimeout(resolve, SAMPLE_EVERY_MS));
    late.push(Math.max(0, performance.now() - began - SAMPLE_EVERY_MS));
    await file.write('a step of a call, as long as its line in the records would be\n');
    const written = performance.now();
    await file.datasync();
    durable.push(performance.now() - written);
  }
  await file.close();
  await rm(path);
  return { durable: spreadOf(durable), late: spreadOf(late) };
}
