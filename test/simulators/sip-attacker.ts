/**
 * Somebody who wants in by SIP: scans names, tries passwords, sends what is no SIP and datagrams of 60 kB, all at a steady pace from an
 * address of their own on loopback. Keeps what is answered; never knows a secret, and ends by itself at the latest after a minute.
 */
import { createHash, randomBytes } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** On loopback, and nobody's trunk. */
export const STRANGER = '127.0.0.66';
export const SIP_KINDS = ['scan', 'password', 'garbage', 'large'] as const;
/** `scan`: OPTIONS, REGISTER, INVITE and MESSAGE under many names. `large`: 60 kB. */
export type SipKind = (typeof SIP_KINDS)[number];

export interface SipAttackPlan {
  readonly server: { readonly host: string; readonly port: number };
  readonly perSecond: number;
  readonly kinds?: readonly SipKind[];
  /** Names that are tried, turn about; those of scanners unless given. */
  readonly names?: readonly string[];
}

export interface SipAttack {
  sent(): number;
  /** How often each answer came, e.g. `REGISTER 401`. */
  answers(): ReadonlyMap<string, number>;
  /** The first answer to each method and name, without what differs by itself (nonce, branch, tags, Call-ID). */
  firsts(): ReadonlyMap<string, string>;
  stop(): Promise<void>;
}

const AT_MOST_MS = 60_000;
const EVERY_MS = 20;
const BURST_MOST = 200;
const METHODS = ['OPTIONS', 'REGISTER', 'INVITE', 'MESSAGE'] as const;
const NAMES = ['100', '101', '1000', 'admin', 'sip', 'test', 'trunk', 'asterisk', 'root', '00441234567890'];
const hex = (): string => randomBytes(8).toString('hex');

/** What is no SIP, or barely: cut off, numbers that cannot be, headers by the thousand, a name with line ends and format signs. */
const garbage = (host: string): readonly (string | Buffer)[] => [
  randomBytes(300),
  Buffer.alloc(1400, 0),
  'INVITE',
  'INVITE sip:110@ SIP/9.9\r\n\r\n',
  `INVITE sip:110@${host} SIP/2.0\r\nVia: SIP/2.0/UDP\r\nContent-Length: -1\r\n\r\n`,
  `INVITE sip:110@${host} SIP/2.0\r\nVia: SIP/2.0/UDP ${STRANGER};branch=z9hG4bK1\r\nFrom: <sip:%n%s%x@x>;tag=1\r\nTo: <sip:110@x>\r\nCall-ID: 1\r\nCSeq: 99999999999 INVITE\r\nContent-Length: 999999999\r\n\r\nv=0`,
  `OPTIONS sip:${'a'.repeat(2000)}@${host} SIP/2.0\r\n${'X-Long: y\r\n'.repeat(2000)}\r\n`,
  `SIP/2.0 200 OK\r\nVia: SIP/2.0/UDP ${STRANGER}\r\nCSeq: 1 INVITE\r\nCall-ID: none\r\nFrom: <sip:a@b>;tag=x\r\nTo: <sip:a@b>;tag=y\r\nContent-Length: 0\r\n\r\n`,
  `BYE sip:110@${host} SIP/2.0\r\nVia: SIP/2.0/UDP ${STRANGER}:5060;branch=z9hG4bK${hex()}\r\nFrom: <sip:a@b>;tag=x\r\nTo: <sip:110@b>;tag=y\r\nCall-ID: ${hex()}\r\nCSeq: 2 BYE\r\nContent-Length: 0\r\n\r\n`,
];

export async function attackSip({ server, perSecond, kinds = SIP_KINDS, names = NAMES }: SipAttackPlan): Promise<SipAttack> {
  const socket = createSocket('udp4');
  socket.bind(0, STRANGER);
  await once(socket, 'listening');
  const { port } = socket.address();
  const answers = new Map<string, number>();
  const firsts = new Map<string, string>();
  const began = performance.now();
  let sent = 0;
  let turn = 0;
  let ending: Promise<unknown> | null = null;

  const request = (method: string, name: string, more: readonly string[] = [], body = ''): string =>
    [
      `${method} sip:${method === 'REGISTER' ? '' : '110@'}${server.host}:${server.port} SIP/2.0`,
      `Via: SIP/2.0/UDP ${STRANGER}:${port};branch=z9hG4bK${hex()};rport`,
      `From: <sip:${name}@${server.host}>;tag=${hex()}`,
      `To: <sip:${method === 'REGISTER' ? name : '110'}@${server.host}>`,
      `Call-ID: ${name}~${hex()}`,
      `CSeq: 1 ${method}`,
      'Max-Forwards: 70',
      `Contact: <sip:${name}@${STRANGER}:${port}>`,
      ...more,
      ...(body === '' ? [] : [`Content-Type: ${method === 'MESSAGE' ? 'text/plain' : 'application/sdp'}`]),
      `Content-Length: ${Buffer.byteLength(body)}`,
      '',
      body,
    ].join('\r\n');
  const sdp = `v=0\r\no=- 1 1 IN IP4 ${STRANGER}\r\ns=-\r\nc=IN IP4 ${STRANGER}\r\nt=0 0\r\nm=audio 4000 RTP/AVP 8\r\n`;
  const bodyOf = (method: string): string => (method === 'INVITE' ? sdp : method === 'MESSAGE' ? 'help' : '');
  const guess = (method: string, name: string, nonce: string, realm: string): string => {
    const response = createHash('md5').update(`${nonce}${hex()}`).digest('hex');
    const uri = `sip:${server.host}:${server.port}`;
    const proof = `Digest username="${name}", realm="${realm}", nonce="${nonce}", uri="${uri}", response="${response}", algorithm=MD5`;
    return request(method, name, [`Authorization: ${proof}`], bodyOf(method));
  };
  const next = (): string | Buffer => {
    turn += 1;
    const kind = kinds[turn % kinds.length] ?? 'scan';
    const round = Math.floor(turn / kinds.length);
    const name = names[round % names.length] ?? '100';
    const method = METHODS[Math.floor(round / names.length) % METHODS.length] ?? 'OPTIONS';
    switch (kind) {
      case 'scan':
        return request(method, name, [], bodyOf(method));
      case 'password':
        return guess(round % 2 === 0 ? 'REGISTER' : 'INVITE', name, hex(), 'asterisk');
      case 'garbage':
        return garbage(server.host)[round % garbage(server.host).length] ?? '';
      case 'large':
        return request('MESSAGE', name, [], 'x'.repeat(60_000));
    }
  };
  const send = (packet: string | Buffer): void => {
    sent += 1;
    socket.send(packet, server.port, server.host, (refused) => {
      if (refused !== null) count('could not be sent');
    });
  };
  const count = (what: string): void => void answers.set(what, (answers.get(what) ?? 0) + 1);

  socket.on('message', (packet) => {
    const text = packet.toString('latin1');
    const status = /^SIP\/2\.0 (\d{3})/.exec(text)?.[1];
    const method = /^CSeq: *\d+ (\w+)/im.exec(text)?.[1] ?? '?';
    if (status === undefined) return count(`asked of us: ${/^\w+/.exec(text)?.[0] ?? '?'}`);
    count(`${method} ${status}`);
    const name = /^Call-ID: *([^~\s]+)~/im.exec(text)?.[1];
    if (name !== undefined && !firsts.has(`${method} ${name}`)) firsts.set(`${method} ${name}`, plain(text, name));
    // Whoever guesses answers the challenge that they were given.
    const nonce = /nonce="([^"]+)"/.exec(text)?.[1];
    if (status === '401' && kinds.includes('password') && nonce !== undefined && !text.includes('stale=true') && sent % 2 === 0)
      send(guess(method, name ?? '100', nonce, /realm="([^"]+)"/.exec(text)?.[1] ?? ''));
    return undefined;
  });
  const timer = setInterval(() => {
    if (performance.now() - began > AT_MOST_MS) return clearInterval(timer);
    const due = Math.floor(((performance.now() - began) / 1000) * perSecond) - sent;
    for (let burst = 0; burst < Math.min(due, BURST_MOST); burst++) send(next());
    return undefined;
  }, EVERY_MS);
  return {
    sent: () => sent,
    answers: () => answers,
    firsts: () => firsts,
    stop: async () => {
      clearInterval(timer);
      if (ending === null) {
        ending = once(socket, 'close');
        socket.close();
      }
      await ending;
    },
  };
}

/** An answer with everything taken out that is new in each, and the name itself. */
const plain = (text: string, name: string): string =>
  text
    .replaceAll(/(nonce|opaque)="[^"]*"/g, '$1')
    .replaceAll(/(branch|tag|rport|received)=[^;\s]*/g, '$1')
    .replaceAll(/^Call-ID:.*$/gim, 'Call-ID')
    .replaceAll(`sip:${name}@`, 'sip:NAME@');
