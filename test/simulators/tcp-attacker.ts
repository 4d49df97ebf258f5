/**
 * Somebody who wants a TCP door shut: garbage, bodies of 100 MB, letters that come one by one, and connections that say nothing. Keeps
 * what is answered and how much was taken of it; ends when told to, and every connection by itself after half a minute.
 */
import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

export interface Door {
  readonly host: string;
  readonly port: number;
}

export interface Knock {
  /** Everything that was answered, at most the first 4000 signs. */
  readonly heard: string;
  /** Bytes that we could hand over before the connection ended. */
  readonly sent: number;
  readonly ms: number;
  /** Why it ended: the other side did (`closed`), broke it (e.g. `ECONNRESET`), or we had waited long enough. */
  readonly ended: string;
}

const WAIT_MS = 30_000;
const HEARD_MOST = 4000;

/** Connects, lets `speak` write, and listens until the other side ends it, `enough` is heard or the time is over. Never rejects. */
export function knock(door: Door, speak: (socket: Socket) => void, enough: (heard: string) => boolean = () => false, waitMs = WAIT_MS) {
  const began = performance.now();
  return new Promise<Knock>((resolve) => {
    let heard = '';
    let sent = 0;
    const socket = connect({ host: door.host, port: door.port });
    const end = (ended: string): void => {
      clearTimeout(timer);
      sent = Math.max(sent, socket.bytesWritten - socket.writableLength);
      socket.destroy();
      resolve({ heard, sent, ms: performance.now() - began, ended });
    };
    const timer = setTimeout(() => end('waited long enough'), waitMs);
    socket.on('data', (data: Buffer) => {
      if (heard.length < HEARD_MOST) heard += data.toString('latin1').slice(0, HEARD_MOST - heard.length);
      if (enough(heard)) end('heard enough');
    });
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    socket.once('close', () => end('closed'));
    socket.once('connect', () => speak(socket));
  });
}

export const statusIn = (heard: string): number => Number(/^HTTP\/1\.[01] (\d{3})/.exec(heard)?.[1] ?? 0);

/** What no server should die of, whatever it speaks. */
export const GARBAGE: readonly (string | Buffer)[] = [
  randomBytes(2000),
  Buffer.alloc(20_000, 0),
  'A'.repeat(100_000),
  'GET / HTTP/9.9\r\n\r\n',
  'GET /\u0000 HTTP/1.1\r\nHost: x\r\n\r\n',
  `GET /${'../'.repeat(2000)}etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`,
  `GET /api/v1/calls HTTP/1.1\r\nHost: x\r\n${'X-Long: yyyyyyyyyyyyyyyy\r\n'.repeat(2000)}\r\n`,
  'POST /api/v1/calls HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /',
  'POST /texts HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nfffffffffffffffffff\r\n',
  'Action: Login\r\nUsername: intake\r\nSecret: guessed\r\n\r\nAction: Command\r\nCommand: core stop now\r\n\r\n',
  '*1000000\r\n$1000000000\r\nAUTH x\r\n',
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
];

export interface Siege {
  /** What became of each knock that is over. */
  readonly knocks: readonly Knock[];
  open(): number;
  stop(): void;
}

/** `perSecond` connections, each with a piece of garbage, to the doors turn about. */
export function throwGarbage(doors: readonly Door[], perSecond: number): Siege {
  return siege((nth) => {
    const door = doors[nth % doors.length];
    const piece = GARBAGE[Math.floor(nth / doors.length) % GARBAGE.length];
    return door === undefined || piece === undefined ? null : { door, speak: (socket) => void socket.write(piece), waitMs: 3000 };
  }, perSecond);
}

/** So many connections to each door at once, kept, that never say a word. */
export function sitIdle(doors: readonly Door[], each: number): Siege {
  return siege((nth) => {
    const door = doors[nth % doors.length];
    return door === undefined || nth >= doors.length * each ? null : { door, speak: () => undefined, waitMs: WAIT_MS };
  }, 500);
}

/** So many connections to each door, whose request comes a letter at a time. `request`: what is sent slowly after `head`. */
export function drip(doors: readonly Door[], each: number, head = '', letters = `GET / HTTP/1.1\r\nX-Slow: ${'x'.repeat(5000)}`): Siege {
  return siege((nth) => {
    const door = doors[nth % doors.length];
    if (door === undefined || nth >= doors.length * each) return null;
    const speak = (socket: Socket): void => {
      if (head !== '') socket.write(head);
      let at = 0;
      const timer = setInterval(() => {
        if (socket.destroyed || at >= letters.length) return clearInterval(timer);
        return void socket.write(letters.charAt(at++));
      }, 100);
      socket.once('close', () => clearInterval(timer));
    };
    return { door, speak, waitMs: WAIT_MS };
  }, 300);
}

const ANSWER_MS = 300;

/**
 * A body of `bytes` behind `head`, as fast as it is taken, until it is whole or the connection ends. `first`: pieces of 64 kB that go out
 * before there is a moment for an answer; it may be lost to one who has sent more than was read when the other side closes.
 */
export function pour(door: Door, head: string, bytes: number, waitMs = 20_000, first = 0): Promise<Knock> {
  const piece = Buffer.alloc(64 * 1024, 0x20);
  const isChunked = /transfer-encoding: chunked/i.test(head);
  const chunk = isChunked ? Buffer.concat([Buffer.from(`${piece.length.toString(16)}\r\n`), piece, Buffer.from('\r\n')]) : piece;
  return knock(
    door,
    (socket) => {
      socket.write(head);
      let left = bytes;
      const more = (): void => {
        while (left > 0 && !socket.destroyed) {
          left -= piece.length;
          if (!socket.write(chunk)) return void socket.once('drain', more);
        }
      };
      for (let n = 0; n < first; n++) socket.write(chunk);
      left -= first * piece.length;
      setTimeout(more, ANSWER_MS);
    },
    undefined,
    waitMs,
  );
}

interface Plan {
  readonly door: Door;
  readonly speak: (socket: Socket) => void;
  readonly waitMs: number;
}

const EVERY_MS = 20;

function siege(plan: (nth: number) => Plan | null, perSecond: number): Siege {
  const knocks: Knock[] = [];
  const sockets = new Set<Socket>();
  const began = performance.now();
  let begun = 0;
  const timer = setInterval(() => {
    const due = Math.floor(((performance.now() - began) / 1000) * perSecond) - begun;
    for (let burst = 0; burst < due; burst++) {
      const next = plan(begun);
      if (next === null) return clearInterval(timer);
      begun += 1;
      const speak = (socket: Socket): void => {
        sockets.add(socket);
        socket.once('close', () => sockets.delete(socket));
        next.speak(socket);
      };
      void knock(next.door, speak, undefined, next.waitMs).then((over) => knocks.push(over));
    }
    return undefined;
  }, EVERY_MS);
  return {
    knocks,
    open: () => sockets.size,
    stop: () => {
      clearInterval(timer);
      for (const socket of sockets) socket.destroy();
    },
  };
}
