/**
 * A link between a door and a real ARI that can be cut, frozen and mended, and on which the command that sends a text can be answered in
 * Asterisk's place. Everything else goes through as it is.
 */
import { createServer, request as ask, type IncomingMessage, type ServerResponse } from 'node:http';
import { openLink } from './link.ts';
import { HOST } from './loopback.ts';

export type Sends = 'accept' | 'refuse' | 'busy' | 'silent';

export interface AriLink {
  readonly port: number;
  /** What becomes of texts that are to be sent: handed to Asterisk, 400, 503, or no answer. */
  behave(how: Sends): void;
  cut(): void;
  freeze(): void;
  mend(): void;
  close(): Promise<void>;
}

const ANSWERS = { refuse: [400, 'Bad Request'], busy: [503, 'Service Unavailable'] } as const;

export async function openAriLink(target: { readonly host: string; readonly port: number }): Promise<AriLink> {
  let how: Sends = 'accept';
  const through = (near: IncomingMessage, answer?: ServerResponse): ReturnType<typeof ask> => {
    const { method, url, headers } = near;
    const far = ask({ ...target, method, path: url, headers, agent: false });
    far.on('error', () => (answer ?? near).destroy());
    if (answer !== undefined) {
      far.on('response', (told) => {
        answer.writeHead(told.statusCode ?? 500, told.headers);
        told.pipe(answer);
      });
    }
    return near.pipe(far);
  };
  const server = createServer((near, answer) => {
    const isText = near.url?.startsWith('/ari/endpoints/sendMessage') === true;
    if (!isText || how === 'accept') return void through(near, answer);
    if (how === 'silent') return undefined;
    const [status, message] = ANSWERS[how];
    answer.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify({ message }));
    return undefined;
  });
  server.on('upgrade', (near: IncomingMessage, socket) => {
    const far = through(near);
    far.on('upgrade', (told, other, head) => {
      const lines = told.rawHeaders.flatMap((word, at) => (at % 2 === 0 ? [`${word}: ${told.rawHeaders[at + 1] ?? ''}`] : []));
      socket.write(`HTTP/1.1 101 Switching Protocols\r\n${lines.join('\r\n')}\r\n\r\n`);
      socket.write(head);
      for (const [one, another] of [
        [socket, other],
        [other, socket],
      ] as const) {
        one.on('error', () => another.destroy());
        one.on('close', () => another.destroy());
        one.pipe(another);
      }
    });
    far.on('response', () => socket.destroy());
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(0, HOST, resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  const link = await openLink({ host: HOST, port: address.port });
  return {
    port: link.port,
    behave: (next) => {
      how = next;
    },
    cut: () => link.cut(),
    freeze: () => link.freeze(),
    mend: () => link.mend(),
    close: async () => {
      await link.close();
      server.close();
      server.closeAllConnections();
    },
  };
}
