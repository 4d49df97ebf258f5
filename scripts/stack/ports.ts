/**
 * Which ports nobody uses at this moment. A port that is free now may be taken a moment later: ask just before using it.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';

const LOOPBACK = '127.0.0.1';

/** Binds and lets go again; answers the port, or `null` where another program has it. Throws for any other reason. */
async function bound(protocol: 'tcp' | 'udp', host: string, port: number): Promise<number | null> {
  const socket = protocol === 'tcp' ? createServer() : createSocket(host.includes(':') ? 'udp6' : 'udp4');
  try {
    const listening = once(socket, 'listening');
    if ('listen' in socket) socket.listen(port, host);
    else socket.bind(port, host);
    await listening;
    const { port: given } = socket.address() as AddressInfo;
    const closed = once(socket, 'close');
    socket.close();
    await closed;
    return given;
  } catch (refused) {
    if ((refused as NodeJS.ErrnoException).code === 'EADDRINUSE') return null;
    throw refused;
  }
}

export const isFree = async (protocol: 'tcp' | 'udp', host: string, port: number): Promise<boolean> =>
  (await bound(protocol, host, port)) !== null;

/** So many free ports, each another, and none of those named. The machine may hand out the same one twice in a row. */
export async function freePorts(count: number, but: readonly number[] = []): Promise<number[]> {
  const found = new Set<number>();
  for (let tries = 0; found.size < count; tries++) {
    if (tries > 100 * count) throw new Error(`${LOOPBACK} has no ${count} free ports`);
    const port = await freePort('tcp');
    if (!but.includes(port)) found.add(port);
  }
  return [...found];
}

export async function freePort(protocol: 'tcp' | 'udp', host: string = LOOPBACK): Promise<number> {
  const port = await bound(protocol, host, 0);
  if (port === null) throw new Error(`${host} has no free ${protocol} port`);
  return port;
}
