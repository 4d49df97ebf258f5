/**
 * A crowd of callers at one number: one SIPp process that keeps so many calls up at a time and dials anew as soon as one is over.
 * Its sound arrives at a port that nobody reads, so that hearing prompts costs the measuring nothing. Measures nothing.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { freePort } from '../scripts/stack/ports.ts';

export interface Callers {
  isRunning(): boolean;
  /** Places no new calls from now on. */
  retire(): void;
  /** Leaves its last callers a moment to go, then ends. */
  stop(): Promise<void>;
}

export interface Crowd {
  readonly sipp: string;
  readonly server: { readonly host: string; readonly port: number };
  readonly number: string;
  /** Calls kept up at a time. */
  readonly size: number;
  readonly perSecond: number;
  /** What SIPp says goes here. */
  readonly folder: string;
}

const STOP_WITHIN_MS = 3000;

export async function openCallers({ sipp, server, number, size, perSecond, folder }: Crowd): Promise<Callers> {
  const logFile = join(folder, `callers-${number}.log`);
  const log = openSync(logFile, 'a', 0o600);
  const ports = ['-p', String(await freePort('udp')), '-cp', String(await freePort('udp')), '-mp', String(await freePort('udp'))];
  const load = ['-l', String(size), '-r', String(perSecond), '-rp', '1000', '-s', number];
  const scenario = ['-sf', join(import.meta.dirname, 'callers.xml'), '-i', server.host, '-mi', server.host];
  const child = spawn(sipp, [...scenario, ...ports, ...load, '-nostdin', '-f', '60', `${server.host}:${server.port}`], {
    cwd: folder,
    env: { ...process.env, TERM: 'dumb' },
    stdio: ['ignore', log, log],
  });
  closeSync(log);
  const started = once(child, 'spawn');
  await started;
  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  child.once('exit', (code, signal) => {
    if (code !== 0 && signal === null) void complain(logFile, code);
  });
  return {
    isRunning,
    // SIPp's own word for "no new calls, and end with the last one".
    retire: () => void child.kill('SIGUSR1'),
    stop: () => end(child, isRunning),
  };
}

async function end(child: ChildProcess, isRunning: () => boolean): Promise<void> {
  if (!isRunning()) return;
  const ended = once(child, 'exit');
  child.kill('SIGUSR1');
  const force = setTimeout(() => child.kill('SIGKILL'), STOP_WITHIN_MS);
  await ended;
  clearTimeout(force);
}

async function complain(logFile: string, code: number | null): Promise<void> {
  const words = (await readFile(logFile, 'utf8')).trim().split('\n').slice(-5).join('\n');
  process.stderr.write(`SIPp ended with ${code}: ${words}\n`);
}
