/**
 * The product's API as its people use it: one token each, If-Match on every change of an incident, read again where it has moved on.
 * Every request has a deadline; what is refused becomes a sentence.
 */
import { readFileSync } from 'node:fs';
import type { Static } from 'typebox';
import { parse } from 'yaml';
import type { CallTakerShown } from '../../src/http/call-takers.ts';
import type { CallShown } from '../../src/http/calls.ts';
import type { Closing, SinkView } from '../../src/control/room-ports.ts';
import type { Incident, IncidentEdit } from '../../src/incident/incident.ts';

export type ShownCall = Static<typeof CallShown>;
export type ShownCallTaker = Static<typeof CallTakerShown>;
export interface JournalLine {
  readonly id: string;
  readonly at: string;
  readonly kind: string;
  readonly call: string | null;
  readonly callTaker: string | null;
  readonly ticket: number | null;
  readonly data: Readonly<Record<string, string | number | boolean | null>>;
}
export type Change = { readonly edit: IncidentEdit } | { readonly handOver: true } | { readonly close: Closing };

const WITHIN_MS = 5000;
/** The line writes into an incident too (answered, ended): a version read may be old a moment later. */
const TRIES = 5;

export interface Api {
  callTaker(id: string): Promise<ShownCallTaker>;
  setState(id: string, state: 'ready' | 'off'): Promise<void>;
  calls(): Promise<readonly ShownCall[]>;
  call(id: string): Promise<ShownCall>;
  journal(after: string | null): Promise<readonly JournalLine[]>;
  incident(id: string): Promise<Incident>;
  /** All of them, newest first. */
  incidents(): Promise<readonly Incident[]>;
  /** The new version. */
  change(id: string, change: Change): Promise<Incident>;
  /** Tells a reporter who texted that police are on their way, where that is safe. */
  onTheirWay(incident: string): Promise<void>;
  sinks(): Promise<readonly SinkView[]>;
}

/** `name`: whose token, as the stack's file of tokens names it. */
export function openApi(url: string, tokensFile: string, name: string): Api {
  const token = (parse(readFileSync(tokensFile, 'utf8')) as Readonly<Record<string, string>>)[name];
  if (token === undefined) throw new Error(`${tokensFile} holds no token for ${name}`);

  const ask = async (method: string, path: string, body?: object, headers: Readonly<Record<string, string>> = {}): Promise<Response> => {
    const type: Record<string, string> = body === undefined ? {} : { 'content-type': 'application/json' };
    return fetch(`${url}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, ...type, ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(WITHIN_MS),
    });
  };
  const answered = async <T>(what: string, response: Response): Promise<T> => {
    const text = await response.text();
    if (!response.ok) throw new Error(`${what}: HTTP ${response.status} ${text.slice(0, 500)}`);
    return JSON.parse(text) as T;
  };
  const get = async <T>(path: string): Promise<T> => answered<T>(`GET ${path}`, await ask('GET', path));
  const incident = (id: string): Promise<Incident> => get(`/incidents/${id}`);

  return {
    callTaker: (id) => get(`/call-takers/${id}`),
    setState: async (id, state) => {
      await answered(`${id} ${state}`, await ask('PUT', `/call-takers/${id}/state`, { state }));
    },
    calls: async () => (await get<{ calls: readonly ShownCall[] }>('/calls?limit=100')).calls,
    call: (id) => get(`/calls/${id}`),
    journal: async (after) =>
      (await get<{ entries: readonly JournalLine[] }>(`/journal?limit=1000${after === null ? '' : `&after=${after}`}`)).entries,
    incident,
    incidents: async () => (await get<{ incidents: readonly Incident[] }>('/incidents?limit=100')).incidents,
    change: async (id, change) => {
      const [method, path, body] =
        'edit' in change
          ? (['PATCH', `/incidents/${id}`, change.edit] as const)
          : 'close' in change
            ? (['POST', `/incidents/${id}/close`, change.close] as const)
            : (['POST', `/incidents/${id}/hand-over`, {}] as const);
      for (let tries = 1; ; tries += 1) {
        const { version } = await incident(id);
        const response = await ask(method, path, body, { 'if-match': `"${version}"` });
        if (response.status !== 412 || tries === TRIES) return answered(`${method} ${path}`, response);
        await response.arrayBuffer();
      }
    },
    onTheirWay: async (id) => {
      await answered(`police on their way to ${id}`, await ask('POST', `/incidents/${id}/on-their-way`, {}));
    },
    sinks: async () => (await get<{ sinks: readonly SinkView[] }>('/sinks')).sinks,
  };
}
