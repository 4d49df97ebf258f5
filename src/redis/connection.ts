/**
 * One connection to Redis, kept for ever: it reconnects by itself, makes sure our functions are there before anybody is let
 * through, and gives every command a deadline. Commands are sent in the order of calling and never replayed: after a lost answer it
 * is for the asker to ask again. Knows nothing of calls or incidents; never logs the address, which may carry a password.
 */
import { createClient, ErrorReply } from 'redis';
import type { Log } from '../control/ports.ts';
import { Fault, isFault, wordsOf } from '../kernel/faults.ts';
import { functionName, libraryCode, libraryName, type LibraryFunction } from './library.ts';

export interface ConnectionSettings {
  /** `redis://host:port/0` or `rediss://…`. */
  readonly url: string;
  readonly password?: string;
  /** Milliseconds a command may take, its answer included. */
  readonly deadlineMs: number;
  readonly log: Log;
}

/** Answers of Redis that say "not now" rather than "never". */
const NOT_NOW = /^(LOADING|BUSY|READONLY|MISCONF|OOM|MASTERDOWN|CLUSTERDOWN|TRYAGAIN|NOREPLICAS|NOAUTH|WRONGPASS|NOPERM|UNKILLABLE)\b/;
const LONGEST_PAUSE_MS = 1000;

type Client = ReturnType<typeof clientOf>;

/** A client that comes back by itself; who uses it listens to its errors. */
export function clientOf({ url, password, deadlineMs }: Omit<ConnectionSettings, 'log'>) {
  return createClient({
    url,
    ...(password === undefined ? {} : { password }),
    name: 'intake110',
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    pingInterval: Math.ceil(deadlineMs / 2),
    socket: {
      connectTimeout: deadlineMs,
      socketTimeout: Math.ceil(deadlineMs * 1.5),
      reconnectStrategy: (retries: number) => Math.min(50 * 2 ** Math.min(retries, 6), LONGEST_PAUSE_MS) * (0.75 + Math.random() / 4),
    },
  });
}

export class Connection {
  readonly #settings: ConnectionSettings;
  readonly #client: Client;
  readonly #listeners: ((present: boolean) => void)[] = [];
  #present = false;
  #closed = false;
  /** Counts the connections; what an older one still answers is not heard. */
  #epoch = 0;
  #lastTrouble = '';
  #again: NodeJS.Timeout | undefined;

  constructor(settings: ConnectionSettings) {
    this.#settings = settings;
    this.#client = clientOf(settings);
    this.#client.on('error', (error: unknown) => this.#lost(wordsOf(error)));
    this.#client.on('reconnecting', () => this.#lost('the connection was lost'));
    this.#client.on('ready', () => {
      this.#epoch += 1;
      void this.#prepare(this.#epoch);
    });
    this.#client.connect().catch((error: unknown) => {
      if (!this.#closed) this.#lost(wordsOf(error));
    });
  }

  isPresent(): boolean {
    return this.#present;
  }

  onPresence(tell: (present: boolean) => void): void {
    this.#listeners.push(tell);
  }

  /** One command. Rejects with a Fault 'unavailable' when Redis is away, is not able now, or does not answer in time. */
  send(...command: readonly string[]): Promise<unknown> {
    if (!this.#present) return Promise.reject(new Fault('unavailable', this.#closed ? 'The store is closed' : 'Redis is not reachable'));
    return this.#inTime(this.#client.sendCommand(command));
  }

  /** One of our functions. */
  run(name: LibraryFunction, keys: readonly string[], args: readonly string[]): Promise<unknown> {
    const command = ['FCALL', functionName(name), String(keys.length), ...keys, ...args];
    return this.send(...command).catch(async (error: unknown) => {
      if (!(error instanceof ErrorReply) || !/function not found/i.test(error.message)) throw error;
      this.#settings.log.warn({ library: libraryName }, 'Redis had lost our functions; they are loaded again');
      await this.#inTime(this.#loadLibrary());
      return this.send(...command);
    });
  }

  /** What of Redis's own settings could lose a record, in sentences; empty when all is well. */
  async troubles(): Promise<string[]> {
    const wanted = { appendonly: 'yes', appendfsync: 'always', 'maxmemory-policy': 'noeviction' };
    const troubles: string[] = [];
    for (const [name, value] of Object.entries(wanted)) {
      const found = configured(await this.#inTime(this.#client.sendCommand(['CONFIG', 'GET', name])), name);
      if (found !== value) troubles.push(`Redis has ${name} ${found ?? 'hidden'}, wanted is ${value}: records can be lost`);
    }
    return troubles;
  }

  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#again);
    this.#setPresent(false);
    if (this.#client.isReady) {
      await this.#inTime(this.#client.close()).catch((error: unknown) => {
        this.#settings.log.warn({ reason: wordsOf(error) }, 'Redis did not say good-bye in time');
      });
    }
    this.#client.destroy();
  }

  async #prepare(epoch: number): Promise<void> {
    try {
      await this.#inTime(this.#loadLibrary());
      if (epoch !== this.#epoch || this.#closed) return;
      this.#lastTrouble = '';
      this.#setPresent(true);
      await this.#warnOfTroubles();
    } catch (error) {
      this.#lost(wordsOf(error));
      if (epoch !== this.#epoch || this.#closed) return;
      this.#prepareLater(epoch);
    }
  }

  /** A connection that is up but of no use yet is tried again; one that has gone starts anew with 'ready'. */
  #prepareLater(epoch: number): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => {
      if (epoch === this.#epoch && this.#client.isReady) void this.#prepare(epoch);
    }, LONGEST_PAUSE_MS);
  }

  async #warnOfTroubles(): Promise<void> {
    const troubles = await this.troubles().catch((error: unknown) => [`Redis does not tell its settings: ${wordsOf(error)}`]);
    for (const trouble of troubles) this.#settings.log.warn({ part: 'redis' }, trouble);
  }

  async #loadLibrary(): Promise<void> {
    const found = await this.#client.sendCommand(['FUNCTION', 'LIST', 'LIBRARYNAME', libraryName]);
    if (Array.isArray(found) && found.length > 0) return;
    await this.#client.sendCommand(['FUNCTION', 'LOAD', 'REPLACE', libraryCode]);
  }

  #inTime<T>(answer: Promise<T>): Promise<T> {
    const { deadlineMs } = this.#settings;
    return new Promise((resolve, reject) => {
      const epoch = this.#epoch;
      const timer = setTimeout(() => {
        reject(new Fault('unavailable', `Redis did not answer within ${deadlineMs} ms`));
        this.#overrun(epoch);
      }, deadlineMs);
      answer.then(resolve, (error: unknown) => reject(asFault(error))).finally(() => clearTimeout(timer));
    });
  }

  /** A frozen Redis keeps its connections: nobody is let through until it has answered once more, or a new connection stands. */
  #overrun(epoch: number): void {
    if (epoch !== this.#epoch || !this.#present) return;
    this.#lost('no answer in time');
    this.#client.sendCommand(['PING']).then(
      () => (epoch === this.#epoch ? this.#prepare(epoch) : undefined),
      (error: unknown) => this.#lost(wordsOf(error)),
    );
  }

  /** Said once for each new reason. */
  #lost(reason: string): void {
    if (this.#closed) return;
    if (reason !== this.#lastTrouble) this.#settings.log.warn({ part: 'redis', reason }, 'Redis is not reachable; trying on');
    this.#lastTrouble = reason;
    this.#setPresent(false);
  }

  #setPresent(present: boolean): void {
    if (present === this.#present) return;
    this.#present = present;
    if (present) this.#settings.log.info({ part: 'redis', library: libraryName }, 'Redis is reachable');
    for (const tell of this.#listeners) tell(present);
  }
}

/** A connection that broke or a Redis that cannot now: 'unavailable'. An answer that means a defect of ours stays what it is. */
function asFault(error: unknown): unknown {
  if (isFault(error) || (error instanceof ErrorReply && !NOT_NOW.test(error.message))) return error;
  return new Fault('unavailable', `Redis: ${wordsOf(error)}`, [], error);
}

/** CONFIG GET answers a map or a flat list, by protocol. */
function configured(answer: unknown, name: string): string | undefined {
  const pairs = Array.isArray(answer) ? { [String(answer[0])]: answer[1] as unknown } : (answer as Record<string, unknown>);
  const found = pairs instanceof Map ? (pairs.get(name) as unknown) : pairs[name];
  return typeof found === 'string' ? found : undefined;
}
