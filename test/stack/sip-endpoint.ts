/**
 * One UDP port that speaks SIP by the `sip` package, with its sound: what the scripted phones are made of.
 * Never decides anything: it hands on what it hears and sends what it is given.
 */
import { randomBytes } from 'node:crypto';
import sip, { type Address, type Request, type Response, type Stack } from 'sip';
import { freePort } from '../../scripts/stack/ports.ts';
import { HOST } from './loopback.ts';
import { openSound, type Sound } from './sound.ts';

export const token = (): string => randomBytes(8).toString('hex');

export interface Dialog {
  readonly callId: string;
  readonly local: Address;
  readonly remote: Address;
  readonly target: string;
  sequence: number;
}

export interface Endpoint {
  readonly port: number;
  readonly sound: Sound;
  send(request: Request): Promise<Response>;
  reply(request: Request, status: number, reason: string, content?: string): void;
  post(request: Request): void;
  contact(user: string): Address[];
  close(): void;
}

export const SDP = { 'content-type': 'application/sdp' };

export async function openEndpoint(user: string, hear: (request: Request) => void): Promise<Endpoint> {
  const port = await freePort('udp');
  const sound = await openSound(HOST);
  const contact = (name: string): Address[] => [{ uri: `sip:${name}@${HOST}:${port}`, params: {} }];
  // The package takes a request to its own host name for itself: the name in Via must not be the server's address.
  const stack: Stack = sip.create({ address: HOST, port, publicAddress: 'localhost', tcp: false, udp: true }, hear);
  return {
    port,
    sound,
    send: (request) =>
      new Promise((resolve) => {
        stack.send(request, (response) => {
          if (response.status >= 200) resolve(response);
        });
      }),
    reply: (request, status, reason, content) => {
      const tagged = sip.makeResponse(request, status, reason, {
        headers: { contact: contact(user), ...(content === undefined ? {} : SDP) },
      });
      tagged.headers.to.params['tag'] ??= `${port}`;
      if (content !== undefined) tagged.content = content;
      stack.send(tagged);
    },
    post: (request) => stack.send(request, () => {}),
    contact,
    close: () => {
      stack.destroy();
      sound.close();
    },
  };
}

export const bye = (dialog: Dialog, reason: string | null): Request => ({
  method: 'BYE',
  uri: dialog.target,
  headers: {
    to: dialog.remote,
    from: dialog.local,
    'call-id': dialog.callId,
    cseq: { seq: ++dialog.sequence, method: 'BYE' },
    'max-forwards': 70,
    ...(reason === null ? {} : { reason }),
  },
});

/** A key as SIP INFO, for lines whose sound carries none. */
export const keyInfo = (dialog: Dialog, key: string): Request => ({
  method: 'INFO',
  uri: dialog.target,
  headers: {
    to: dialog.remote,
    from: dialog.local,
    'call-id': dialog.callId,
    cseq: { seq: ++dialog.sequence, method: 'INFO' },
    'max-forwards': 70,
    'content-type': 'application/dtmf-relay',
  },
  content: `Signal=${key}\r\nDuration=160\r\n`,
});
