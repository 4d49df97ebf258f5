/**
 * A TCP link that can be cut and mended, between a door and the real thing behind it.
 */
import { once } from 'node:events';
import { connect, createServer, type Socket } from 'node:net';
import { HOST } from './loopback.ts';

export interface Link {
  readonly port: number;
  /** Every connection is reset and new ones are refused. */
  cut(): void;
  /** Connections stay open and carry nothing: a hung peer. */
  freeze(): void;
  mend(): void;
  close(): Promise<void>;
}

export async function openLink(target: { readonly host: string; readonly port: number }): Promise<Link> {
  const sockets = new Set<Socket>();
  let state: 'whole' | 'cut' | 'frozen' = 'whole';
  const server = createServer((near) => {
    if (state === 'cut') return near.resetAndDestroy();
    const far = connect(target.port, target.host);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(one);
      if (state === 'frozen') one.pause();
      one.on('error', () => other.destroy());
      one.on('close', () => {
        sockets.delete(one);
        other.destroy();
      });
      one.on('data', (chunk) => other.write(chunk));
      if (state === 'frozen') one.pause();
    }
    return undefined;
  }).listen(0, HOST);
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no TCP port');
  const reset = (): void => {
    for (const socket of sockets) socket.resetAndDestroy();
  };
  return {
    port: address.port,
    cut: () => {
      state = 'cut';
      reset();
    },
    freeze: () => {
      state = 'frozen';
      for (const socket of sockets) socket.pause();
    },
    mend: () => {
      state = 'whole';
      for (const socket of sockets) socket.resume();
    },
    close: async () => {
      server.close();
      reset();
      await once(server, 'close');
    },
  };
}
