/**
 * The HTTP door of the tests: the real server on a free port before a scripted room, one token for each role, and a log that is kept.
 */
import { createHash } from 'node:crypto';
import type { Log } from '../../src/control/ports.ts';
import { openHttp, type Http, type Limits } from '../../src/http/server.ts';
import type { Role, TokenEntry } from '../../src/http/tokens.ts';
import { scriptedRoom, type ScriptedRoom } from '../simulators/control-room.ts';

export const TOKEN: Readonly<Record<Role, string>> = {
  'call-taker': 'test-token-of-desk-1001',
  supervisor: 'test-token-of-the-floor',
  dispatcher: 'test-token-of-dispatch',
  operator: 'test-token-of-the-engineers',
};
export const sha256 = (token: string): string => createHash('sha256').update(token).digest('hex');
export const ENTRIES: readonly TokenEntry[] = (Object.keys(TOKEN) as Role[]).map((role) => ({
  name: `${role}-one`,
  role,
  callTaker: role === 'call-taker' ? '1001' : null,
  sha256: sha256(TOKEN[role]),
}));

export interface Door {
  readonly http: Http;
  readonly scripted: ScriptedRoom;
  /** Every line that went to the log, as one text. */
  logged(): string;
  /** `body`: sent as JSON unless it is a text already. */
  ask(method: string, path: string, role: Role | null, extra?: { body?: unknown; headers?: Record<string, string> }): Promise<Answer>;
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // The tests look into answers of every form.
  readonly json: Record<string, unknown>;
}

export async function openDoor(limits: Partial<Limits> = {}): Promise<Door> {
  const scripted = scriptedRoom();
  const lines: string[] = [];
  const keep = (about: object, words: string): void => void lines.push(`${words} ${JSON.stringify(about)}`);
  const log: Log = { debug: keep, info: keep, warn: keep, error: keep };
  const http = await openHttp({ host: '127.0.0.1', port: 0, room: scripted.room, tokens: ENTRIES, log, centre: '230100', limits });
  return {
    http,
    scripted,
    logged: () => lines.join('\n'),
    async ask(method, path, role, { body, headers = {} } = {}) {
      const response = await fetch(http.url + path, {
        method,
        headers: {
          ...(role !== null && { authorization: `Bearer ${TOKEN[role]}` }),
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await response.text();
      const isJson = /json/.test(response.headers.get('content-type') ?? '');
      return {
        status: response.status,
        headers: response.headers,
        text,
        json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
      };
    },
  };
}

/** What makes an answer a proper problem, to be compared with `problem`. */
export const told = (answer: Answer) => ({
  status: answer.status,
  type: answer.json.type,
  isProblem: /^application\/problem\+json/.test(answer.headers.get('content-type') ?? ''),
  saysWhat: [answer.json.title, answer.json.detail].every((words) => typeof words === 'string' && words !== ''),
  repeatsStatus: answer.json.status === answer.status,
  isTraceable: answer.json.requestId === answer.headers.get('x-request-id'),
  leaks: /\bat .*\.(ts|js):\d+|node_modules/.test(answer.text),
});
export const problem = (status: number, kind: string): ReturnType<typeof told> => ({
  status,
  type: `/problems/${kind}`,
  isProblem: true,
  saysWhat: true,
  repeatsStatus: true,
  isTraceable: true,
  leaks: false,
});
