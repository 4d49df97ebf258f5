/**
 * A webhook sink on loopback: verifies every signature, keeps what it got, and can be told to misbehave. For the demo and the tests,
 * and a small example of a receiver. Never answers 2xx to what is not genuine (unless told to lie).
 */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { complaintOfSignature } from '../../src/kernel/signature.ts';

/** What it does with the next delivery, genuine or not. */
export type Behaviour =
  | { readonly do: 'answer'; readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  /** Takes the request and says nothing for so long, then accepts. */
  | { readonly do: 'dawdle'; readonly ms: number }
  /** Takes the request and never answers. */
  | { readonly do: 'hang' }
  /** Says 200, then breaks off in the middle of the answer. */
  | { readonly do: 'lie' }
  /** Breaks off without a word. */
  | { readonly do: 'reset' }
  /** Says 200 and goes on and on. */
  | { readonly do: 'babble' };

export const ACCEPT: Behaviour = { do: 'answer', status: 204 };

export interface Received {
  readonly id: string;
  /** When the request was complete, milliseconds since 1970. */
  readonly at: number;
  readonly headers: IncomingMessage['headers'];
  /** Exactly as received. */
  readonly body: string;
  /** `null`: genuine. */
  readonly complaint: string | null;
  /** Whether the whole 2xx answer was sent. */
  isAccepted: boolean;
}

export interface WebhookSink {
  readonly url: string;
  /** Every delivery, oldest first, misbehaviour included. */
  readonly received: readonly Received[];
  /** From now on; the n-th delivery of all (1, 2, …) may be told apart. */
  behave(behaviour: Behaviour | ((received: Received, n: number) => Behaviour)): void;
  stop(): Promise<void>;
}

const BODY_MAX = 1024 * 1024;

/** Listens on 127.0.0.1, on a free port unless one is given. */
export async function openWebhookSink(settings: { readonly secrets: readonly string[]; readonly port?: number }): Promise<WebhookSink> {
  const received: Received[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let behaviour: (received: Received, n: number) => Behaviour = () => ACCEPT;

  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    const at = Date.now();
    const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signature } = request.headers;
    const headers = { 'webhook-id': one(id), 'webhook-timestamp': one(timestamp), 'webhook-signature': one(signature) };
    const complaint = complaintOfSignature(settings.secrets, headers, body, at);
    const delivery: Received = { id: one(id) ?? '', at, headers: request.headers, body, complaint, isAccepted: false };
    received.push(delivery);
    act(behaviour(delivery, received.length), delivery, response);
  };

  const act = (told: Behaviour, delivery: Received, response: ServerResponse): void => {
    switch (told.do) {
      case 'answer':
        answer(told, delivery, response);
        return;
      case 'dawdle': {
        const timer = setTimeout(() => {
          timers.delete(timer);
          answer(ACCEPT as Extract<Behaviour, { do: 'answer' }>, delivery, response);
        }, told.ms);
        timers.add(timer);
        return;
      }
      case 'hang':
        return;
      case 'lie':
        response.writeHead(200, { 'content-length': '1000' }).write('{"ok":', () => response.socket?.resetAndDestroy());
        return;
      case 'reset':
        response.socket?.resetAndDestroy();
        return;
      case 'babble':
        response.writeHead(200);
        babble(response);
        return;
    }
  };

  const server = createServer((request, response) => {
    take(request, response).catch((thrown: unknown) => response.destroy(thrown instanceof Error ? thrown : undefined));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(settings.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/incidents`,
    received,
    behave: (next) => {
      behaviour = typeof next === 'function' ? next : () => next;
    },
    stop: () =>
      new Promise((resolve) => {
        for (const timer of timers) clearTimeout(timer);
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

const one = (header: string | string[] | undefined): string | undefined => (Array.isArray(header) ? header[0] : header);

async function bodyOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > BODY_MAX) throw new Error(`a delivery is longer than ${BODY_MAX} bytes`);
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function answer(told: Extract<Behaviour, { do: 'answer' }>, delivery: Received, response: ServerResponse): void {
  const status = delivery.complaint === null ? told.status : 401;
  response.writeHead(status, told.headers).end(delivery.complaint ?? told.body ?? '', () => {
    delivery.isAccepted = status >= 200 && status < 300;
  });
}

/** Until the other side has had enough. */
function babble(response: ServerResponse): void {
  response.write('x'.repeat(16 * 1024), () => {
    if (!response.destroyed && response.writable) babble(response);
  });
}
