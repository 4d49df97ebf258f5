/**
 * A message centre of SMPP 3.4 for tests: lets clients in, keeps what they submit, hands texts to them, and misbehaves when told to. It
 * frames octets by itself and reads and decodes PDUs by the `smpp` package alone: nothing of it is code under test.
 */
import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import smpp from 'smpp';
import { HOST } from '../stack/loopback.ts';

export interface Submitted {
  readonly from: string;
  readonly to: string;
  /** Of this part, decoded by the package. */
  readonly text: string;
  /** Elements of its header. */
  readonly header: readonly Buffer[];
  readonly messageId: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface SmscWishes {
  readonly password?: string;
  readonly tls?: { readonly key: string; readonly cert: string };
  /** Names given to texts, from 1 on. */
  readonly nameOf?: (count: number) => string;
  /** Every PDU with its octets, before it is answered; `true`: it is dealt with. */
  readonly taken?: (octets: Buffer, from: Socket) => boolean;
}

export interface Smsc {
  readonly port: number;
  /** What clients have to log in with from now on. */
  setPassword(password: string): void;
  /** Status every bind is answered with; 0 lets in. */
  setBindStatus(status: number): void;
  /** Clients that are bound at the moment. */
  bound(): readonly Socket[];
  /** Commands as they came, e.g. `bind_transceiver`, the first first. */
  readonly heard: readonly string[];
  readonly submitted: readonly Submitted[];
  /** The most submit_sm that were without an answer at a time. */
  mostWaiting(): number;
  /** Status of every submit_sm from now on; 'silent': never answered; a function decides by the count, from 1. */
  answerWith(how: number | 'silent' | 'nack' | ((count: number) => number)): void;
  answerAfter(ms: number): void;
  /** The answer's command and status; `null` where none came within `ms`. */
  deliver(fields: Readonly<Record<string, unknown>>, ms?: number, command?: string): Promise<{ command: string; status: number } | null>;
  /** Octets as they are to every bound client. */
  say(octets: Buffer): void;
  /** A request of any kind to one client, the first where none is named; what it was answered with. */
  ask(octets: (sequence: number) => Buffer, ms?: number, to?: Socket): Promise<{ command: string; status: number } | null>;
  cut(): void;
  freeze(): void;
  mend(): void;
  close(): Promise<void>;
}

type Pdu = InstanceType<typeof smpp.PDU>;

const INVALID_PASSWORD = 0x0e;

export async function openSmsc(wishes: SmscWishes = {}): Promise<Smsc> {
  const sockets = new Set<Socket>();
  const boundNow = new Set<Socket>();
  const heard: string[] = [];
  const submitted: Submitted[] = [];
  const answers = new Map<number, (answer: { command: string; status: number }) => void>();
  let password = wishes.password ?? 'secret';
  let bindStatus = 0;
  let how: Parameters<Smsc['answerWith']>[0] = 0;
  let afterMs = 0;
  let state: 'whole' | 'cut' | 'frozen' = 'whole';
  let sequence = 1000;
  let count = 0;
  let waiting = 0;
  let most = 0;

  const answer = (socket: Socket, to: Pdu, status: number, fields: Record<string, unknown> = {}, command = `${to.command}_resp`): void => {
    if (state === 'whole' && socket.writable) {
      socket.write(new smpp.PDU(command, { ...fields, command_status: status, sequence_number: to.sequence_number }).toBuffer());
    }
  };

  const submit = (socket: Socket, pdu: Pdu): void => {
    count += 1;
    waiting += 1;
    most = Math.max(most, waiting);
    if (how === 'silent') return;
    const status = typeof how === 'function' ? how(count) : how === 'nack' ? 0x03 : how;
    const messageId = (wishes.nameOf ?? ((n) => `m${n}`))(count);
    const { message, udh = [] } = pdu['short_message'] as { message: string; udh?: Buffer[] };
    const [from, to] = [pdu['source_addr'] as string, pdu['destination_addr'] as string];
    if (status === 0) submitted.push({ from, to, text: message, header: udh, messageId, fields: Object.fromEntries(Object.entries(pdu)) });
    setTimeout(() => {
      waiting -= 1;
      if (how === 'nack') answer(socket, pdu, 0x03, {}, 'generic_nack');
      else answer(socket, pdu, status, { message_id: messageId });
    }, afterMs);
  };

  const hear = (socket: Socket, octets: Buffer): void => {
    if (wishes.taken?.(octets, socket) === true) return;
    const pdu = new smpp.PDU(octets);
    heard.push(pdu.command);
    if (pdu.isResponse()) {
      answers.get(pdu.sequence_number)?.({ command: pdu.command, status: pdu.command_status });
      answers.delete(pdu.sequence_number);
    } else if (/^bind_/.test(pdu.command)) {
      const status = bindStatus === 0 && pdu['password'] !== password ? INVALID_PASSWORD : bindStatus;
      if (status === 0) boundNow.add(socket);
      answer(socket, pdu, status, { system_id: 'centre' });
    } else if (pdu.command === 'submit_sm') submit(socket, pdu);
    else if (pdu.command === 'unbind' || pdu.command === 'enquire_link') answer(socket, pdu, 0);
  };

  const welcome = (socket: Socket): void => {
    if (state === 'cut') return void socket.resetAndDestroy();
    sockets.add(socket);
    socket.setMaxListeners(0);
    let rest = Buffer.alloc(0);
    socket.on('data', (chunk: Buffer) => {
      rest = Buffer.concat([rest, chunk]);
      while (rest.length >= 4 && rest.length >= rest.readUInt32BE(0)) {
        const length = rest.readUInt32BE(0);
        hear(socket, rest.subarray(0, length));
        rest = rest.subarray(length);
      }
    });
    socket.on('error', () => socket.destroy());
    socket.on('close', () => {
      sockets.delete(socket);
      boundNow.delete(socket);
    });
    if (state === 'frozen') socket.pause();
    return undefined;
  };

  const server = wishes.tls === undefined ? createServer(welcome) : createTlsServer(wishes.tls, welcome);
  server.listen(0, HOST);
  await once(server, 'listening');

  const ask: Smsc['ask'] = (octetsOf, ms = 2000, to = [...boundNow][0]) => {
    const socket = to;
    if (socket === undefined) return Promise.resolve(null);
    sequence += 1;
    const mine = sequence;
    return new Promise((resolve) => {
      const settle = (told: { command: string; status: number } | null): void => {
        clearTimeout(deadline);
        socket.removeListener('close', gone);
        answers.delete(mine);
        resolve(told);
      };
      const gone = (): void => settle(null);
      const deadline = setTimeout(gone, ms);
      socket.once('close', gone);
      answers.set(mine, settle);
      socket.write(octetsOf(mine));
    });
  };
  return {
    port: (server.address() as AddressInfo).port,
    setPassword: (now) => {
      password = now;
    },
    setBindStatus: (status) => {
      bindStatus = status;
    },
    bound: () => [...boundNow],
    heard,
    submitted,
    mostWaiting: () => most,
    answerWith: (now) => {
      how = now;
      waiting = 0;
    },
    answerAfter: (ms) => {
      afterMs = ms;
    },
    deliver: (fields, ms, command = 'deliver_sm') =>
      ask((number) => new smpp.PDU(command, { ...fields, sequence_number: number }).toBuffer(), ms),
    say: (octets) => {
      for (const socket of boundNow) socket.write(octets);
    },
    ask,
    cut: () => {
      state = 'cut';
      for (const socket of sockets) socket.resetAndDestroy();
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
      const closed = once(server, 'close');
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
