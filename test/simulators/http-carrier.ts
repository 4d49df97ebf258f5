/**
 * A carrier that speaks HTTP, for tests: takes texts of ours as JSON and as Kannel's sendsms, hands texts in, and can be told to refuse,
 * to be busy, to fall silent and to go away. Written from docs of the two forms; knows nothing of the door under test.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';

export type Behaviour = 'accept' | 'refuse' | 'busy' | 'silent';

export interface Submitted {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly text: string;
  readonly headers: IncomingMessage['headers'];
  readonly query: URLSearchParams;
  readonly body: string;
}

export interface HttpCarrier {
  readonly url: string;
  /** Every text that was asked for, refused ones too. */
  readonly asked: readonly Submitted[];
  readonly accepted: readonly Submitted[];
  behave(how: Behaviour): void;
  /** The token that is taken; another is answered 401. */
  want(token: string): void;
  /** What it answers to a text that it accepts; `{}` unless told. */
  answerWith(body: string): void;
  cut(): void;
  mend(): Promise<void>;
  close(): Promise<void>;
}

export async function openHttpCarrier(): Promise<HttpCarrier> {
  const asked: Submitted[] = [];
  const accepted: Submitted[] = [];
  const sockets = new Set<Socket>();
  let how: Behaviour = 'accept';
  let token: string | null = null;
  let answer = '{}';
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString('utf8');
    const { searchParams: query } = new URL(request.url ?? '/', 'http://carrier.invalid');
    const fields = body === '' ? Object.fromEntries(query) : (JSON.parse(body) as Record<string, string>);
    const text: Submitted = {
      id: fields['id'] ?? '',
      from: fields['from'] ?? '',
      to: fields['to'] ?? '',
      text: fields['text'] ?? '',
      headers: request.headers,
      query,
      body,
    };
    asked.push(text);
    const given = request.headers.authorization?.replace('Bearer ', '') ?? query.get('password');
    if (how === 'silent') return;
    const status = token !== null && given !== token ? 401 : { accept: 202, refuse: 400, busy: 503 }[how];
    if (status === 202) accepted.push(text);
    response.writeHead(status, { 'content-type': 'application/json' }).end(status === 202 ? answer : 'no: not this one');
  };
  const listen = async (port: number): Promise<Server> => {
    const server = createServer((request, response) => void take(request, response).catch(() => response.destroy()));
    server.on('connection', (socket) => {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    });
    await new Promise<void>((resolve, reject) => server.once('error', reject).listen(port, '127.0.0.1', resolve));
    return server;
  };
  let server: Server | null = await listen(0);
  const { port } = server.address() as AddressInfo;
  const cut = (): void => {
    server?.close();
    server = null;
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${port}/send`,
    asked,
    accepted,
    behave: (next) => {
      how = next;
    },
    want: (wanted) => {
      token = wanted;
    },
    answerWith: (body) => {
      answer = body;
    },
    cut,
    mend: async () => {
      server ??= await listen(port);
    },
    close: () => {
      cut();
      return Promise.resolve();
    },
  };
}
