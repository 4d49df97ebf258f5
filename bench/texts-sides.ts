/**
 * The two sides of the benchmark of texts: our controller behind a gateway, and the bare loop. A turn hands texts in and tells how long
 * each took; both stamps are by the clock of this machine.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { openLog } from '../src/log.ts';
import { openStore, type RedisStore } from '../src/redis/store.ts';
import { until } from '../test/stack/until.ts';
import type { House } from './house.ts';
import { askerOf, bodyOf, type Carrier } from './texts-carriers.ts';
import type { GatewayName, Load, Turn } from './texts-report.ts';
import { written, type Written } from './texts-words.ts';

export interface Side {
  /** Ends when all of it is durable and nothing is left to do. Rejects where anything was not acknowledged, or not in time. */
  turn(load: Load, texts: number): Promise<Turn>;
}

const BARE_WITHIN_MS = 20_000;
const DURABLE_WITHIN_MS = 60_000;
const QUIET_WITHIN_MS = 120_000;
const JOURNAL_AT_ONCE = 1000;
const RECORDS_MS = 20_000;

/** Texts are never handed in twice, by neither side. */
let handedIn = 0;
const next = (texts: number): { readonly first: number; readonly list: readonly Written[] } => {
  const first = handedIn;
  handedIn += texts;
  return { first, list: Array.from({ length: texts }, (_, n) => written(first + n)) };
};

/** A look into the records of the house, on a connection of its own. */
export function openRecords({ stack }: House): Promise<RedisStore> {
  const { redis, centre, sinks } = stack.settings;
  return openStore({
    url: redis.url,
    ...(redis.password === null ? {} : { password: redis.password }),
    centre: centre.code,
    instance: 'bench',
    sinks: sinks.map(({ name }) => name),
    deadlineMs: RECORDS_MS,
    log: openLog({ level: 'warn' }),
  });
}

/**
 * When each incident was durable is read from the journal afterwards: the moment at which Redis took the step in, to the millisecond.
 * Making it durable follows, and is not in it.
 */
export function ourSide(carrier: Carrier, records: RedisStore, { stack }: House): Side {
  return {
    turn: async (load, texts) => {
      const { list } = next(texts);
      const pid = stack.part('controller').identity()?.pid;
      if (pid === undefined) throw new Error('the controller does not run');
      // After a turn that broke off, some of its texts may still be under way.
      await until('no text of before is left', async () => (await records.unread()).count === 0, DURABLE_WITHIN_MS);
      await quiet(carrier.name, records);
      const cpuBefore = await cpuMsOf(pid);
      const waited = await records.textLineLength();
      const mark = (await records.journal(null, 1))[0]?.id ?? '0-0';
      const { sentAt, acknowledgedAt } = await handIn(load, list, (text) => carrier.hand(text, stack.settings.sip));
      // Each is a thread of its own, and nobody takes one over.
      const isThere = async (): Promise<boolean> => (await records.textLineLength()) >= waited + texts;
      await until('every text is in a thread', isThere, DURABLE_WITHIN_MS);
      await quiet(carrier.name, records);
      const cpuMs = (await cpuMsOf(pid)) - cpuBefore;
      const durableAt = await durableOf(records, mark, list);
      return turnOf('ours', cpuMs, sentAt, acknowledgedAt, durableAt);
    },
  };
}

export interface Bare {
  readonly url: string;
  readonly pid: number;
  stop(): Promise<void>;
}

export async function openBare({ stack }: House): Promise<Bare> {
  const program = join(import.meta.dirname, 'texts-bare.ts');
  const child = spawn(process.execPath, [program], { env: stack.env, stdio: ['pipe', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  const port = await Promise.race([
    once(createInterface(child.stdout), 'line').then(([line]) => Number(line)),
    ended.then(() => Promise.reject(new Error('the bare loop ended instead of starting'))),
    new Promise<never>((_, reject) => setTimeout(() => reject(new Error('the bare loop does not start')), BARE_WITHIN_MS).unref()),
  ]);
  return {
    url: `http://127.0.0.1:${port}`,
    pid: child.pid ?? 0,
    stop: async () => {
      child.stdin.end();
      await ended;
    },
  };
}

/** `gateway`: whose texts it writes. */
export function bareSide(gateway: GatewayName, { url, pid }: Bare): Side {
  return {
    turn: async (load, texts) => {
      const { first, list } = next(texts);
      const asker = askerOf(url);
      try {
        await asker.post(`/prepare?gateway=${gateway}&first=${first}&count=${texts}`, '');
        const cpuBefore = await cpuMsOf(pid);
        const { sentAt, acknowledgedAt } = await handIn(load, list, (text, n) => asker.post(`/texts/${first + n}`, bodyOf(text)));
        return turnOf('bare', (await cpuMsOf(pid)) - cpuBefore, sentAt, acknowledgedAt, acknowledgedAt);
      } finally {
        await asker.close();
      }
    },
  };
}

interface HandedIn {
  /** By the number of the text; milliseconds since 1970 with fractions. */
  readonly sentAt: readonly number[];
  readonly acknowledgedAt: readonly number[];
}

const now = (): number => performance.timeOrigin + performance.now();

async function handIn(load: Load, list: readonly Written[], hand: (text: Written, n: number) => Promise<void>): Promise<HandedIn> {
  const sentAt: number[] = [];
  const acknowledgedAt: number[] = [];
  let taken = 0;
  const one = async (n: number): Promise<void> => {
    sentAt[n] = now();
    await hand(list[n] as Written, n).catch((thrown: unknown) => {
      taken = list.length;
      throw thrown;
    });
    acknowledgedAt[n] = now();
  };
  const worker = async (): Promise<void> => {
    while (taken < list.length) await one(taken++);
  };
  if ('window' in load) await Promise.all(Array.from({ length: load.window }, worker));
  else {
    const begun = performance.now();
    const underWay: Promise<void>[] = [];
    for (let n = 0; n < list.length; n++) {
      const wait = begun + (n * 1000) / load.pace - performance.now();
      if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
      underWay.push(one(n));
    }
    await Promise.all(underWay);
  }
  return { sentAt, acknowledgedAt };
}

/** Receipts are sent and handovers delivered. */
async function quiet(gateway: GatewayName, records: RedisStore): Promise<void> {
  const isQuiet = async (): Promise<boolean> =>
    (await records.outgoingBacklog(gateway)).waiting === 0 && (await records.backlog('dispatch')).waiting === 0;
  await until('receipts and handovers are out', isQuiet, QUIET_WITHIN_MS);
}

/** When the incident of each text was saved, in the order of the list. */
async function durableOf(records: RedisStore, mark: string, list: readonly Written[]): Promise<readonly number[]> {
  const savedAt = new Map<string, number>();
  for (let after = mark; ;) {
    const entries = await records.journal(after, JOURNAL_AT_ONCE);
    for (const { id, kind, thread, incident } of entries) {
      if (kind === 'TextRead' && thread !== undefined && incident !== undefined) savedAt.set(thread, Number(id.split('-')[0]));
    }
    const last = entries.at(-1);
    if (last === undefined) break;
    after = last.id;
  }
  const threadOf = new Map((await records.recentThreads(list.length)).map(({ from, id }) => [from, id]));
  return list.map(({ from }) => {
    const at = savedAt.get(threadOf.get(from) ?? '');
    if (at === undefined) throw new Error('a text has no thread and incident of its own');
    return at;
  });
}

const TICK_MS = 10;
/** Milliseconds of the cores that this process has had, proc(5). */
async function cpuMsOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const [user, system] = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .slice(11, 13)
    .map(Number);
  return ((user ?? 0) + (system ?? 0)) * TICK_MS;
}

function turnOf(
  side: Turn['side'],
  cpuMs: number,
  sentAt: readonly number[],
  acknowledgedAt: readonly number[],
  durableAt: readonly number[],
): Turn {
  const after = (at: readonly number[]): readonly number[] => at.map((moment, n) => Math.max(0, moment - (sentAt[n] ?? 0)));
  const seconds = (durableAt.reduce((most, at) => Math.max(most, at), 0) - (sentAt[0] ?? 0)) / 1000;
  const texts = sentAt.length;
  return { side, perSecond: texts / seconds, cpuMs: cpuMs / texts, acknowledged: after(acknowledgedAt), durable: after(durableAt) };
}
