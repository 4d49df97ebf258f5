/**
 * One program of the stack, run as a child: its output in a log file, started again with a growing pause when it ends unasked,
 * ended in a bounded time when asked. It stands in a process group of its own, so that Ctrl-C reaches the launcher alone and the
 * parts end in order. Never decides what a part is for.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, openSync, readFileSync, renameSync, statSync } from 'node:fs';
import { wordsOf } from '../../src/kernel/faults.ts';
import { endProcess, identityOf, type ProcessIdentity } from './process-identity.ts';

export interface PartPlan {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly cwd: string;
  readonly logFile: string;
  /** Whether it answers; asked again and again until it does. Must settle within a second or so. */
  readonly answers: () => Promise<boolean>;
  readonly readyWithinMs: number;
  readonly stopWithinMs: number;
  /** An exit code that starting again would not mend. */
  readonly hopelessCode?: number;
}

export interface Part {
  readonly name: string;
  readonly logFile: string;
  /** `null` while it does not run. */
  identity(): ProcessIdentity | null;
  /** Resolves when it answers; rejects with the last lines of its log when it ends first or does not answer in time. */
  start(): Promise<void>;
  /** As if the plug were pulled; it stays down until `start`. */
  kill(): Promise<void>;
  stop(): Promise<void>;
}

const PAUSES_MS = [200, 500, 1000, 2000, 5000];
/** A part that ran for so long had not failed at the start: its next pause is the shortest again. */
const STEADY_MS = 60_000;
const LOG_AT_MOST_BYTES = 50_000_000;

/** `changed`: it began or ended; must not throw. */
export function makePart(plan: PartPlan, tell: (line: string) => void, changed: () => void): Part {
  let child: ChildProcess | null = null;
  let wanted = false;
  let failures = 0;
  let again: NodeJS.Timeout | null = null;

  const launch = (): ChildProcess => {
    rotate(plan.logFile);
    const log = openSync(plan.logFile, 'a', 0o600);
    const begun = Date.now();
    const started = spawn(plan.command, plan.args, {
      cwd: plan.cwd,
      env: plan.env,
      detached: true,
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    started.once('error', (error) => {
      const isStillborn = child === started && started.pid === undefined;
      if (isStillborn) child = null;
      if (isStillborn && wanted) launchAgain(`could not be started (${error.message})`);
      else tell(`${plan.name}: ${error.message}`);
    });
    started.once('exit', (code, signal) => {
      if (child === started) child = null;
      changed();
      if (wanted) lost(code, signal, Date.now() - begun);
    });
    child = started;
    changed();
    return started;
  };

  const lost = (code: number | null, signal: NodeJS.Signals | null, livedMs: number): void => {
    if (code !== null && code === plan.hopelessCode) {
      wanted = false;
      tell(`${plan.name} ended with ${code}, which starting again would not mend; its last words: ${lastWords(plan.logFile)}`);
      return;
    }
    failures = livedMs > STEADY_MS ? 0 : failures;
    launchAgain(`ended unasked (${signal ?? `code ${code}`})`);
  };

  /** Where not even that can be done (no room for its log, say) it is tried again, and again. */
  const launchAgain = (what: string): void => {
    const pause = PAUSES_MS[Math.min(failures, PAUSES_MS.length - 1)] ?? 0;
    failures += 1;
    tell(`${plan.name} ${what}; starting it again in ${pause} ms; its log: ${plan.logFile}`);
    again = setTimeout(() => {
      try {
        launch();
      } catch (thrown) {
        launchAgain(`could not be started (${wordsOf(thrown)})`);
      }
    }, pause);
  };

  const rest = (): void => {
    wanted = false;
    if (again !== null) clearTimeout(again);
    again = null;
  };

  const end = async (signal: 'SIGTERM' | 'SIGKILL', withinMs: number): Promise<'gone' | 'killed'> => {
    rest();
    const [one, present] = [identity(), child];
    if (present === null) return 'gone';
    const heard = once(present, 'exit');
    const how = one === null ? 'gone' : await endProcess(one, withinMs, signal);
    await heard;
    return how;
  };

  const identity = (): ProcessIdentity | null => (child?.pid === undefined ? null : identityOf(child.pid));

  return {
    name: plan.name,
    logFile: plan.logFile,
    identity,
    async start() {
      if (child !== null) return;
      const started = launch();
      const deadline = Date.now() + plan.readyWithinMs;
      while (!(await plan.answers())) {
        if (child !== started) throw new Error(`${plan.name} ended instead of starting; its last words: ${lastWords(plan.logFile)}`);
        if (Date.now() > deadline) {
          throw new Error(`${plan.name} does not answer after ${plan.readyWithinMs / 1000} s; its last words: ${lastWords(plan.logFile)}`);
        }
        await new Promise((resolve) => setTimeout(resolve, 40));
      }
      if (child !== started) throw new Error(`${plan.name} ended as soon as it answered; its last words: ${lastWords(plan.logFile)}`);
      wanted = true;
    },
    async kill() {
      await end('SIGKILL', 0);
    },
    async stop() {
      if ((await end('SIGTERM', plan.stopWithinMs)) === 'killed' && plan.stopWithinMs > 0) {
        tell(`${plan.name} did not end within ${plan.stopWithinMs / 1000} s and was killed`);
      }
    },
  };
}

function rotate(path: string): void {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  if (size > LOG_AT_MOST_BYTES) renameSync(path, `${path}.1`);
}

function lastWords(path: string): string {
  if (!existsSync(path)) return `none (${path} is not there)`;
  const lines = readFileSync(path, 'utf8').trim().split('\n').slice(-8);
  return lines.join('\n    ').trim() === '' ? `none (${path})` : `\n    ${lines.join('\n    ')}`;
}
