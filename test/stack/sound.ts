/**
 * The sound of a scripted phone: an RTP port that can whistle (A-law, 20 ms packets) and tells how much it hears.
 * Never plays or keeps anything: it counts packets, and those of them that are not silence.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const SAMPLES = 160;
/** Half the packets of a 500 Hz square wave in A-law, at medium loudness. */
const WHISTLE = Buffer.from(Array.from({ length: SAMPLES }, (_, n) => (n % 16 < 8 ? 0xa5 : 0x25)));

export interface Sound {
  readonly port: number;
  /** What an INVITE or its answer carries. */
  offer(): string;
  /** Where the other side wants its packets, read from its SDP. */
  sendTo(sdp: string | undefined): void;
  whistle(): void;
  hush(): void;
  /** Packets heard since the last asking, and how many of them were no silence. */
  heard(): { readonly packets: number; readonly loud: number };
  close(): void;
}

export async function openSound(host: string): Promise<Sound> {
  const socket = createSocket('udp4');
  socket.bind(0, host);
  await once(socket, 'listening');
  const { port } = socket.address();
  let target: { host: string; port: number } | null = null;
  let timer: NodeJS.Timeout | null = null;
  let sequence = 1;
  let packets = 0;
  let loud = 0;
  socket.on('message', (packet) => {
    packets += 1;
    if (isLoud(packet.subarray(12))) loud += 1;
  });
  const send = (): void => {
    if (target === null) return;
    const header = Buffer.alloc(12);
    header[0] = 0x80;
    header[1] = 8;
    header.writeUInt16BE(sequence & 0xffff, 2);
    header.writeUInt32BE((sequence * SAMPLES) >>> 0, 4);
    header.writeUInt32BE(port, 8);
    sequence += 1;
    socket.send(Buffer.concat([header, WHISTLE]), target.port, target.host);
  };
  const hush = (): void => {
    if (timer !== null) clearInterval(timer);
    timer = null;
  };
  return {
    port,
    offer: () =>
      ['v=0', `o=- ${port} 1 IN IP4 ${host}`, 's=-', `c=IN IP4 ${host}`, 't=0 0', `m=audio ${port} RTP/AVP 8 0`]
        .concat(['a=rtpmap:8 PCMA/8000', 'a=rtpmap:0 PCMU/8000', 'a=sendrecv', ''])
        .join('\r\n'),
    sendTo: (sdp) => {
      const at = /^m=audio (\d+)/m.exec(sdp ?? '')?.[1];
      const where = /^c=IN IP4 (\S+)/m.exec(sdp ?? '')?.[1];
      if (at !== undefined && where !== undefined) target = { host: where, port: Number(at) };
    },
    whistle: () => {
      timer ??= setInterval(send, 20);
    },
    hush,
    heard: () => {
      const answer = { packets, loud };
      packets = 0;
      loud = 0;
      return answer;
    },
    close: () => {
      hush();
      socket.close();
    },
  };
}

/** A-law's sign and step sizes: silence stays in the lowest segments. */
const isLoud = (payload: Buffer): boolean => payload.some((byte) => ((byte ^ 0x55) & 0x7f) > 0x30);
