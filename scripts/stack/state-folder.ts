/**
 * One stack to a state folder: the second one is told so, and what a crashed one left running is ended before the next begins.
 */
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdirSync, readFileSync, realpathSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { endProcess, stillLives, type ProcessIdentity } from './process-identity.ts';

export interface StateFolder {
  /** The parts that run now, so that a later stack finds them should this one crash. */
  remember(parts: Readonly<Record<string, ProcessIdentity>>): void;
  release(): Promise<void>;
}

const STOP_WITHIN_MS = 10_000;

/** Throws when another stack has the folder. */
export async function takeStateFolder(folder: string, tell: (line: string) => void): Promise<StateFolder> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  // An abstract socket is let go by the kernel when its holder ends, however it ends: no stale lock file.
  const name = `\0intake110-${createHash('sha256').update(realpathSync(folder)).digest('hex').slice(0, 32)}`;
  const lock = createServer();
  try {
    const listening = once(lock, 'listening');
    lock.listen(name);
    await listening;
  } catch (refused) {
    if ((refused as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw refused;
    throw new Error(`another stack runs in ${folder}: stop it, or give this one a folder of its own with INTAKE_STATE_DIR`, {
      cause: refused,
    });
  }
  lock.unref();
  const path = join(folder, 'running.json');
  for (const [part, identity] of Object.entries(remembered(path))) {
    if (!stillLives(identity)) continue;
    tell(`${part} (process ${identity.pid}) was left running by a stack that crashed; ending it`);
    await endProcess(identity, STOP_WITHIN_MS);
  }
  return {
    remember(parts) {
      writeFileSync(`${path}.new`, `${JSON.stringify(parts)}\n`, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    },
    async release() {
      rmSync(path, { force: true });
      const closed = once(lock, 'close');
      lock.close();
      await closed;
    },
  };
}

function remembered(path: string): Readonly<Record<string, ProcessIdentity>> {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Record<string, ProcessIdentity>;
  } catch (unreadable) {
    const none = (unreadable as NodeJS.ErrnoException).code === 'ENOENT' || unreadable instanceof SyntaxError;
    if (none) return {};
    throw unreadable;
  }
}
