/**
 * The store of the control room on a real Redis: one connection, one function library, all names of one centre. It decides nothing;
 * what is saved and what is refused is said by the revisions.
 */
import type { Log, Store } from '../control/ports.ts';
import { Fault, wordsOf } from '../kernel/faults.ts';
import { callDoor, callShelf } from './calls.ts';
import { commitTo } from './commit.ts';
import { Connection, type ConnectionSettings } from './connection.ts';
import { keysOf } from './keys.ts';
import { membershipDoor } from './membership.ts';
import { outboxDoor } from './outbox.ts';
import { recordsDoor } from './records.ts';
import { rosterDoor } from './roster.ts';
import { textDoor } from './texts.ts';

export interface StoreSettings {
  /** `redis://host:port/0`, or `rediss://…` for TLS. */
  readonly url: string;
  readonly password?: string;
  /** The centre whose line this is; all keys carry it. */
  readonly centre: string;
  /** This controller's name; until it joins as a life, the owner of the calls it admits. */
  readonly instance: string;
  /** Every handover goes to each of these. */
  readonly sinks: readonly string[];
  /** Milliseconds a command may take; 2,000 unless told. */
  readonly deadlineMs?: number;
  /** About how many journal entries are kept; 1,000,000 unless told. */
  readonly journalLength?: number;
  readonly log: Log;
}

export interface RedisStore extends Store {
  /** What of Redis's own settings could lose a record, in sentences; also logged at each connection. */
  troubles(): Promise<readonly string[]>;
}

/**
 * Resolves once Redis has answered or could not be reached within the deadline; then the store keeps trying and every command rejects
 * with 'unavailable' meanwhile. Rejects with 'invalid' only where a setting can never work.
 */
export async function openStore(settings: StoreSettings): Promise<RedisStore> {
  const { instance, sinks, log, deadlineMs = 2000, journalLength = 1_000_000 } = settings;
  const keys = keysOf(settings.centre, sinks);
  const { url, password } = settings;
  const redis = connect({ url, deadlineMs, log, ...(password === undefined ? {} : { password }) });
  await firstAnswer(redis, deadlineMs);
  let life = instance;
  const begin = (as: string): void => {
    life = as;
  };
  return {
    ...callDoor(redis, keys, journalLength, () => life),
    ...membershipDoor(redis, keys, callShelf(keys), instance, begin),
    ...recordsDoor(redis, keys),
    ...rosterDoor(redis, keys, journalLength),
    ...outboxDoor(redis, keys, instance, log),
    ...textDoor(redis, keys, journalLength, log),
    commit: (commit) => commitTo(redis, { keys, life: () => life, sinks, journalLength }, commit),
    troubles: () => redis.troubles(),
    isPresent: () => redis.isPresent(),
    onPresence: (tell) => redis.onPresence(tell),
    close: () => redis.close(),
  };
}

function connect(settings: ConnectionSettings): Connection {
  try {
    return new Connection(settings);
  } catch (error) {
    throw new Fault('invalid', `The address of Redis cannot be used: ${wordsOf(error)}`, [], error);
  }
}

function firstAnswer(redis: Connection, deadlineMs: number): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, deadlineMs);
    redis.onPresence((present) => {
      if (!present) return;
      clearTimeout(timer);
      resolve();
    });
  });
}
