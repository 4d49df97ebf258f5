/**
 * The line to one Asterisk: events on a WebSocket that comes back by itself, commands on keep-alive HTTP with a deadline.
 * A socket that answers no ping is taken for dead. Credentials travel in the Authorization header alone, never in an address.
 * Knows nothing of calls: it hands on what it hears as it is.
 */
import { Pool } from 'undici';
import { WebSocket } from 'ws';
import type { Log } from '../control/ports.ts';
import { Fault, wordsOf } from '../kernel/faults.ts';

export interface ConnectionSettings {
  /** Where ARI answers, e.g. `http://127.0.0.1:8088/ari`. */
  readonly ariUrl: string;
  readonly ariUser: string;
  readonly ariPassword: string;
  readonly application: string;
  /** Event types to be sent; every other stays in Asterisk. */
  readonly events: readonly string[];
  /** How long a command may take; default 4000. */
  readonly commandMs?: number;
  /** How often the line is tried; one unanswered and it is given up; default 2000. */
  readonly pingEveryMs?: number;
  readonly log: Log;
}

export interface Answer {
  readonly status: number;
  /** Parsed JSON; `null` where there was none. */
  readonly body: unknown;
}

export interface Connection {
  /** Settles at the first connection; rejects only when closed before it. */
  open(hear: (event: unknown) => void): Promise<void>;
  isPresent(): boolean;
  onPresence(tell: (present: boolean) => void): void;
  /** Another socket has taken our application's name: leave it to that one for a while. */
  giveWay(): void;
  /**
   * One command. Answers of 2xx and 4xx are given back; Fault 'unavailable' when Asterisk is absent, fails (5xx other than those in
   * `expected`) or does not answer in time. `body`: parameters that are too long or too private for an address.
   */
  command(method: Method, path: readonly string[], query?: Query, expected?: readonly number[], body?: object): Promise<Answer>;
  close(): Promise<void>;
}

/** Answers that mean: no such channel, bridge or playback (any more), or it is on its way out. */
const GONE: ReadonlySet<number> = new Set([400, 404, 409, 412, 422]);

/** What a refusal says of a leg; Fault 'unavailable' where it says something else. */
export function gone(answer: Answer, verb: string): 'gone' {
  if (GONE.has(answer.status)) return 'gone';
  throw new Fault('unavailable', `Asterisk refused to ${verb}: ${answer.status}`);
}

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE';
export type Query = Readonly<Record<string, string | number | undefined>>;

const COMMAND_MS = 4000;
const HANDSHAKE_MS = 3000;
const PING_EVERY_MS = 2000;
const BACKOFF_FIRST_MS = 50;
const BACKOFF_MOST_MS = 2000;
const GIVE_WAY_MS = 10_000;
const PARALLEL_COMMANDS = 64;

export function openConnection(settings: ConnectionSettings): Connection {
  const { application, log, commandMs = COMMAND_MS, pingEveryMs = PING_EVERY_MS } = settings;
  const base = new URL(settings.ariUrl);
  const root = base.pathname.replace(/\/$/, '');
  const authorization = `Basic ${Buffer.from(`${settings.ariUser}:${settings.ariPassword}`).toString('base64')}`;
  const pool = new Pool(base.origin, { connections: PARALLEL_COMMANDS, pipelining: 1, connectTimeout: HANDSHAKE_MS });
  const first = Promise.withResolvers<void>();
  const listeners: ((present: boolean) => void)[] = [];
  let hear: (event: unknown) => void = () => {};
  let socket: WebSocket | null = null;
  let retry: NodeJS.Timeout | null = null;
  let backoff = BACKOFF_FIRST_MS;
  let present = false;
  let closed = false;

  const setPresent = (now: boolean): void => {
    if (present === now) return;
    present = now;
    log[now ? 'info' : 'warn']({ application }, now ? 'Asterisk is here' : 'Asterisk is gone; asking again until it is back');
    for (const tell of listeners) tell(now);
  };

  const send = async (method: Method, path: string, body?: object): Promise<Answer> => {
    try {
      const answer = await pool.request({
        method,
        path: `${root}${path}`,
        headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
        body: body === undefined ? null : JSON.stringify(body),
        signal: AbortSignal.timeout(commandMs),
      });
      const text = await answer.body.text();
      return { status: answer.statusCode, body: parsed(text) };
    } catch (thrown) {
      throw new Fault('unavailable', `Asterisk did not answer: ${wordsOf(thrown)}`, [], thrown);
    }
  };

  const connect = (): void => {
    const url = new URL(`${root}/events`, base);
    url.protocol = base.protocol === 'https:' ? 'wss:' : 'ws:';
    url.searchParams.set('app', application);
    const mine = new WebSocket(url, { headers: { authorization }, handshakeTimeout: HANDSHAKE_MS, perMessageDeflate: false });
    socket = mine;
    let answered = true;
    const watchdog = setInterval(() => {
      if (!answered) return mine.terminate();
      if (mine.readyState !== WebSocket.OPEN) return undefined;
      answered = false;
      return mine.ping();
    }, pingEveryMs);
    mine.on('pong', () => {
      answered = true;
    });
    mine.on('open', () => {
      send('PUT', `/applications/${encodeURIComponent(application)}/eventFilter`, {
        allowed: settings.events.map((type) => ({ type })),
      }).then(
        ({ status }) => {
          if (status >= 300) log.warn({ application, status }, 'the event filter was refused; every event is read');
          if (mine.readyState !== WebSocket.OPEN) return undefined;
          backoff = BACKOFF_FIRST_MS;
          setPresent(true);
          return first.resolve();
        },
        (thrown: unknown) => {
          log.warn({ application, reason: wordsOf(thrown) }, 'the event filter could not be set; connecting anew');
          mine.terminate();
        },
      );
    });
    mine.on('message', (data) => {
      answered = true;
      const event = parsed(textOf(data));
      if (event === null) return log.warn({ application }, 'Asterisk said something that is no JSON');
      return hear(event);
    });
    mine.on('error', (error) => log.debug({ application, reason: error.message }, 'the line of events failed'));
    mine.on('close', () => {
      clearInterval(watchdog);
      if (socket !== mine) return;
      setPresent(false);
      if (closed) return;
      retry = setTimeout(connect, backoff);
      backoff = Math.min(backoff * 2, BACKOFF_MOST_MS);
    });
  };

  return {
    open: (listener) => {
      hear = listener;
      if (socket === null) connect();
      return first.promise;
    },
    isPresent: () => present,
    onPresence: (tell) => void listeners.push(tell),
    giveWay: () => {
      log.error({ application }, 'another controller uses the same instance name; it has the calls now');
      backoff = GIVE_WAY_MS;
      socket?.terminate();
    },
    command: async (method, path, query = {}, expected = [], body) => {
      if (!present) throw new Fault('unavailable', 'Asterisk cannot be reached');
      const search = new URLSearchParams();
      for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, String(value));
      const words = search.size === 0 ? '' : `?${search.toString()}`;
      const answer = await send(method, `/${path.map(encodeURIComponent).join('/')}${words}`, body);
      if (answer.status === 401 || answer.status === 403) throw new Fault('unavailable', 'Asterisk does not accept our ARI user');
      if (answer.status >= 500 && !expected.includes(answer.status)) {
        throw new Fault('unavailable', `Asterisk failed at ${method} ${path[0] ?? ''}: ${answer.status}`);
      }
      return answer;
    },
    close: async () => {
      if (closed) return;
      closed = true;
      if (retry !== null) clearTimeout(retry);
      socket?.terminate();
      setPresent(false);
      first.promise.catch((thrown: unknown) => log.debug({ reason: wordsOf(thrown) }, 'closed before Asterisk was there'));
      first.reject(new Fault('unavailable', 'closed before Asterisk was there'));
      await pool.destroy();
    },
  };
}

const textOf = (data: WebSocket.RawData): string => {
  if (Array.isArray(data)) return Buffer.concat(data).toString('utf8');
  return Buffer.isBuffer(data) ? data.toString('utf8') : Buffer.from(data).toString('utf8');
};

/** `null` where it is no JSON. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
