/**
 * The sound of a scripted phone: an RTP port that can whistle, sound a tone or press a key (A-law, 20 ms packets; RFC 4733), and tells
 * how much it hears and at which frequencies. Never keeps more than the last fifth of a second.
 */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { fromALaw, shareOf, toneInALaw } from './tones.ts';

const SAMPLES = 160;
const A_LAW = 8;
/** Half the packets of a 500 Hz square wave in A-law, at medium loudness. */
const WHISTLE = Buffer.from(Array.from({ length: SAMPLES }, (_, n) => (n % 16 < 8 ? 0xa5 : 0x25)));

/** As Asterisk itself numbers telephone events. */
const KEY_PAYLOAD = 101;
const KEYS = '0123456789*#ABCD';
const KEPT = 10 * SAMPLES;

export interface Sound {
  readonly port: number;
  /** What an INVITE or its answer carries. */
  offer(): string;
  /** Where the other side wants its packets, read from its SDP. */
  sendTo(sdp: string | undefined): void;
  whistle(): void;
  /** A tone of its own in the place of the whistle. */
  sing(hertz: number): void;
  hush(): void;
  /** A key of 100 ms, as events in the sound. */
  press(key: string): Promise<void>;
  /** When the last key went up, in milliseconds of `performance.now()`; 0 before any. */
  keyUpAt(): number;
  /** What was heard so far is forgotten. */
  listen(): void;
  /** For each frequency, its share (0 to 1) of all power in the last fifth of a second; 0 where all was silence, or less was heard. */
  shares(hertz: readonly number[]): readonly number[];
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
  let sample = 0;
  let upAt = 0;
  let wave: (from: number) => Buffer = () => WHISTLE;
  let kept: readonly number[] = [];
  socket.on('message', (packet) => {
    packets += 1;
    if (isLoud(packet.subarray(12))) loud += 1;
    if (((packet[1] ?? 0) & 0x7f) === A_LAW) kept = [...kept, ...[...packet.subarray(12)].map(fromALaw)].slice(-KEPT);
  });
  const post = (payloadType: number, timestamp: number, payload: Buffer): void => {
    if (target === null) return;
    const header = Buffer.alloc(12);
    header[0] = 0x80;
    header[1] = payloadType;
    header.writeUInt16BE(sequence & 0xffff, 2);
    header.writeUInt32BE(timestamp >>> 0, 4);
    header.writeUInt32BE(port, 8);
    sequence += 1;
    socket.send(Buffer.concat([header, payload]), target.port, target.host);
  };
  const send = (): void => {
    sample += SAMPLES;
    post(A_LAW, sample, wave(sample));
  };
  const hush = (): void => {
    if (timer !== null) clearInterval(timer);
    timer = null;
  };
  return {
    port,
    offer: () =>
      ['v=0', `o=- ${port} 1 IN IP4 ${host}`, 's=-', `c=IN IP4 ${host}`, 't=0 0', `m=audio ${port} RTP/AVP 8 0 ${KEY_PAYLOAD}`]
        .concat(['a=rtpmap:8 PCMA/8000', 'a=rtpmap:0 PCMU/8000', `a=rtpmap:${KEY_PAYLOAD} telephone-event/8000`, 'a=sendrecv', ''])
        .join('\r\n'),
    sendTo: (sdp) => {
      const at = /^m=audio (\d+)/m.exec(sdp ?? '')?.[1];
      const where = /^c=IN IP4 (\S+)/m.exec(sdp ?? '')?.[1];
      if (at !== undefined && where !== undefined) target = { host: where, port: Number(at) };
    },
    whistle: () => {
      wave = () => WHISTLE;
      timer ??= setInterval(send, 20);
    },
    sing: (hertz) => {
      wave = (from) => toneInALaw(hertz, from, SAMPLES);
      timer ??= setInterval(send, 20);
    },
    hush,
    press: async (key) => {
      const event = KEYS.indexOf(key);
      if (key.length !== 1 || event < 0) throw new Error(`no telephone has the key ${key}`);
      const began = (sample += SAMPLES);
      upAt = 0;
      // The end is sent three times, because nothing tells of a packet that is lost.
      for (const [duration, last] of [
        [160, 0],
        [320, 0],
        [480, 0],
        [640, 0],
        [800, 0x80],
        [800, 0x80],
        [800, 0x80],
      ] as const) {
        if (last !== 0) upAt ||= performance.now();
        post(KEY_PAYLOAD, began, Buffer.from([event, last | 10, duration >> 8, duration & 0xff]));
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },
    keyUpAt: () => upAt,
    listen: () => {
      kept = [];
    },
    shares: (hertz) => hertz.map((one) => (kept.length < KEPT ? 0 : shareOf(one, kept))),
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
