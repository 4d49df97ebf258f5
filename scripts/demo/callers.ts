/**
 * The callers: one SIPp each, with a number and ports of its own. They echo what they hear, so that the line is never without sound.
 * Each is ended by its pid, if it does not end by itself.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from '../stack/ports.ts';
import type { Caller } from './cast.ts';

export interface Placed {
  readonly caller: Caller;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** SIPp's own judgement: `true` where the call went as the scenario says. `null` while it goes on. */
  went: boolean | null;
  readonly ended: Promise<void>;
  /** What SIPp complained of; may be empty. */
  complaints(): string;
  stop(): Promise<void>;
}

const HOST = '127.0.0.1';

export async function placeCall(
  sipp: string,
  server: { readonly host: string; readonly port: number },
  folder: string,
  caller: Caller,
): Promise<Placed> {
  mkdirSync(folder, { recursive: true });
  const gives = caller.fate.is === 'gives-up' ? caller.fate.afterMs : null;
  const scenario = join(import.meta.dirname, gives === null ? 'caller-waits.xml' : 'caller-gives-up.xml');
  const errors = join(folder, `${caller.number}.log`);
  const [port, media] = [await freePort('udp'), await freePort('udp')];
  const args = [`${server.host}:${server.port}`, '-sf', scenario, '-s', '110', '-key', 'number', caller.number]
    .concat(['-i', HOST, '-p', String(port), '-mi', HOST, '-mp', String(media), '-rtp_echo', '-m', '1', '-nostdin'])
    .concat(['-trace_err', '-error_file', errors, '-timeout', '90', '-timeout_error'])
    .concat(gives === null ? [] : ['-d', String(gives)]);
  // In a process group of its own: Ctrl-C reaches the demo alone, which ends everything in order.
  const child = spawn(sipp, args, { cwd: folder, stdio: 'ignore', detached: true });
  const ended = new Promise<void>((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`SIPp could not be started: ${error.message}`)));
    child.once('exit', (code) => {
      placed.went = code === 0;
      resolve();
    });
  });
  ended.catch(() => undefined);
  const placed: Placed = {
    caller,
    at: Date.now(),
    went: null,
    ended,
    complaints: () => (existsSync(errors) ? readFileSync(errors, 'utf8').trim() : ''),
    stop: async () => {
      if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
  return placed;
}
