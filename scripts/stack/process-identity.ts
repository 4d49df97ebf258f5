/**
 * Tells a process from a later one that was given the same pid: by the moment it began, as the kernel counts it. Linux only;
 * elsewhere nobody is recognised, and so nobody is ended by mistake.
 */
import { readFileSync } from 'node:fs';

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks from boot to the process's beginning. */
  readonly began: string;
}

/** `null` where no such process lives. */
export function identityOf(pid: number): ProcessIdentity | null {
  try {
    // After the last bracket of the name: state is field 3, the beginning field 22 (proc(5)).
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    const [state, began] = [fields[0], fields[19]];
    return began === undefined || state === 'Z' ? null : { pid, began };
  } catch (gone) {
    if (['ENOENT', 'ESRCH'].includes((gone as NodeJS.ErrnoException).code ?? '')) return null;
    throw gone;
  }
}

export const stillLives = (one: ProcessIdentity): boolean => identityOf(one.pid)?.began === one.began;

/** The signal, then SIGKILL after `withinMs`. Resolves when the process is gone; answers whether it had to be killed. */
export async function endProcess(one: ProcessIdentity, withinMs: number, first: NodeJS.Signals = 'SIGTERM'): Promise<'gone' | 'killed'> {
  const send = (signal: NodeJS.Signals): void => {
    try {
      process.kill(one.pid, signal);
    } catch (gone) {
      if ((gone as NodeJS.ErrnoException).code !== 'ESRCH') throw gone;
    }
  };
  const goneBy = async (deadline: number): Promise<boolean> => {
    while (stillLives(one)) {
      if (Date.now() > deadline) return false;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    return true;
  };
  if (!stillLives(one)) return 'gone';
  send(first);
  if (await goneBy(Date.now() + withinMs)) return 'gone';
  send('SIGKILL');
  if (!(await goneBy(Date.now() + 5000))) throw new Error(`process ${one.pid} cannot be ended`);
  return 'killed';
}
