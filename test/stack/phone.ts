/**
 * Scripted SIP phones on loopback, made with the `sip` package: a call taker's phone that registers and rings, and a caller.
 * For tests and the demo alone: one UDP port each, no retransmission beyond the package's own.
 */
import type { Headers, Request, Response } from 'sip';
import digest from 'sip/digest.js';
import { HOST } from './loopback.ts';
import { bye, type Dialog, keyInfo, openEndpoint, SDP, token } from './sip-endpoint.ts';
import type { Sound } from './sound.ts';

export interface SipServer {
  readonly host: string;
  readonly port: number;
}

/** `Reason` header of a BYE (RFC 3326): why the line ended. */
export const BY_CHOICE = 'Q.850;cause=16;text="Normal call clearing"';
export const LINE_CUT = 'Q.850;cause=38;text="Network out of order"';

export type Conduct = 'answer' | 'decline' | 'busy' | 'ignore';

export interface DeskPhone {
  readonly endpoint: string;
  readonly sound: Sound;
  /** When each INVITE of a new call came, in milliseconds of `performance.now()`, the number shown and the one dialled. */
  readonly rings: readonly { readonly at: number; readonly shown: string; readonly dialled: string }[];
  readonly port: number;
  /** Every SIP request it was sent, in full. */
  readonly requests: readonly string[];
  /** What it does when it rings; 'ignore' until told otherwise. */
  conduct(conduct: Conduct): void;
  register(): Promise<void>;
  unregister(): Promise<void>;
  isRinging(): boolean;
  isTalking(): boolean;
  pickUp(): void;
  /** Presses a key: in the sound (RFC 4733) or as SIP INFO. */
  press(key: string, by: 'sound' | 'info'): Promise<void>;
  /** Ends the conversation; `reason` goes into the BYE, `null` sends none. */
  hangUp(reason?: string | null): Promise<void>;
  /** Answers nothing any more, as if its cable were drawn. */
  close(): void;
}

export async function openDeskPhone(server: SipServer, endpoint: string, secret: string): Promise<DeskPhone> {
  const rings: { at: number; shown: string; dialled: string }[] = [];
  const requests: string[] = [];
  const registration = { callId: token(), sequence: 0, tag: token() };
  let conduct: Conduct = 'ignore';
  let ringing: Request | null = null;
  let dialog: Dialog | null = null;

  const pickUp = (): void => {
    if (ringing === null) return;
    const request = ringing;
    ringing = null;
    line.sound.sendTo(request.content);
    line.reply(request, 200, 'OK', line.sound.offer());
    dialog = {
      callId: request.headers['call-id'],
      local: { uri: request.headers.to.uri, params: { tag: `${line.port}` } },
      remote: request.headers.from,
      target: request.headers.contact?.[0]?.uri ?? request.headers.from.uri,
      sequence: 1,
    };
  };
  const refuse = (status: number, reason: string): void => {
    if (ringing !== null) line.reply(ringing, status, reason);
    ringing = null;
  };
  const invited = (request: Request): void => {
    if (dialog?.callId === request.headers['call-id']) {
      line.sound.sendTo(request.content);
      return line.reply(request, 200, 'OK', line.sound.offer());
    }
    const [shown, dialled] = [request.headers.from.uri, request.uri].map((uri) => /sip:([^@;>]*)@/.exec(uri)?.[1] ?? '');
    rings.push({ at: performance.now(), shown: shown ?? '', dialled: dialled ?? '' });
    if (dialog !== null || ringing !== null) return line.reply(request, 486, 'Busy Here');
    ringing = request;
    line.reply(request, 180, 'Ringing');
    if (conduct === 'answer') pickUp();
    if (conduct === 'decline') refuse(603, 'Decline');
    if (conduct === 'busy') refuse(486, 'Busy Here');
  };
  const line = await openEndpoint(endpoint, (request) => {
    requests.push(JSON.stringify(request));
    switch (request.method) {
      case 'INVITE':
        return invited(request);
      case 'CANCEL':
        line.reply(request, 200, 'OK');
        return refuse(487, 'Request Terminated');
      case 'BYE':
        if (dialog?.callId === request.headers['call-id']) dialog = null;
        return line.reply(request, 200, 'OK');
      case 'ACK':
        return undefined;
      default:
        return line.reply(request, 200, 'OK');
    }
  });
  const register = async (seconds: number): Promise<void> => {
    const request = (): Request => ({
      method: 'REGISTER',
      uri: `sip:${server.host}:${server.port}`,
      headers: {
        to: { uri: `sip:${endpoint}@${server.host}`, params: {} },
        from: { uri: `sip:${endpoint}@${server.host}`, params: { tag: registration.tag } },
        'call-id': registration.callId,
        cseq: { seq: ++registration.sequence, method: 'REGISTER' },
        contact: line.contact(endpoint),
        expires: seconds,
        'max-forwards': 70,
      },
    });
    const challenge = await line.send(request());
    const signed = request();
    digest.signRequest({}, signed, challenge, { user: endpoint, password: secret });
    const answer = await line.send(signed);
    if (answer.status !== 200) throw new Error(`${endpoint} was not registered: ${answer.status} ${answer.reason}`);
  };
  return {
    endpoint,
    sound: line.sound,
    rings,
    port: line.port,
    requests,
    conduct: (next) => {
      conduct = next;
    },
    register: () => register(600),
    unregister: () => register(0),
    isRinging: () => ringing !== null,
    isTalking: () => dialog !== null,
    pickUp,
    press: async (key, by) => {
      if (dialog === null) throw new Error(`${endpoint} is in no call`);
      if (by === 'sound') return line.sound.press(key);
      const answer = await line.send(keyInfo(dialog, key));
      if (answer.status !== 200) throw new Error(`the key was refused: ${answer.status} ${answer.reason}`);
    },
    hangUp: async (reason = BY_CHOICE) => {
      if (dialog === null) return refuse(603, 'Decline');
      const over = dialog;
      dialog = null;
      await line.send(bye(over, reason));
    },
    close: () => line.close(),
  };
}

export interface SipCaller {
  readonly sound: Sound;
  /** Settles with the status of the final answer to the INVITE. */
  readonly answered: Promise<number>;
  isOver(): boolean;
  /** Presses a key: in the sound (RFC 4733) or as SIP INFO. */
  press(key: string, by: 'sound' | 'info'): Promise<void>;
  /** BYE when answered, CANCEL before, and both where they cross. */
  hangUp(reason?: string | null): Promise<void>;
  close(): void;
}

/**
 * Dials. `number` null: the caller withholds it. `name` goes into the display name as it is. With a `secret` it is a phone that is
 * known here by its name, `number`, and proves it when it is asked.
 */
export async function placeCall(
  server: SipServer,
  number: string | null,
  dialled = '110',
  name = '',
  secret: string | null = null,
): Promise<SipCaller> {
  const user = number ?? 'anonymous';
  const callId = token();
  let dialog: Dialog | null = null;
  let over = false;
  const line = await openEndpoint(user, (request) => {
    if (request.method === 'ACK') return;
    if (request.method === 'BYE') over = true;
    line.reply(request, 200, 'OK', request.method === 'INVITE' ? line.sound.offer() : undefined);
  });
  const host = number === null ? 'anonymous.invalid' : HOST;
  const invite: Request = {
    method: 'INVITE',
    uri: `sip:${dialled}@${server.host}:${server.port}`,
    headers: {
      to: { uri: `sip:${dialled}@${server.host}`, params: {} },
      from: { name: name === '' ? undefined : `"${name}"`, uri: `sip:${user}@${host}`, params: { tag: token() } },
      'call-id': callId,
      cseq: { seq: 1, method: 'INVITE' },
      contact: line.contact(user),
      'max-forwards': 70,
      ...SDP,
    },
    content: line.sound.offer(),
  };
  const dial = async (): Promise<Response> => {
    const first = await line.send(invite);
    if (first.status !== 401 || secret === null) return first;
    invite.headers.cseq = { seq: 2, method: 'INVITE' };
    delete invite.headers['via'];
    digest.signRequest({}, invite, first, { user, password: secret });
    return line.send(invite);
  };
  const answered = dial().then((response) => {
    const { headers } = response;
    if (response.status >= 300) {
      over = true;
      return response.status;
    }
    line.sound.sendTo(response.content);
    dialog = {
      callId,
      local: headers.from,
      remote: headers.to,
      target: headers.contact?.[0]?.uri ?? invite.uri,
      sequence: headers.cseq.seq,
    };
    line.post({ method: 'ACK', uri: dialog.target, headers: acknowledging(headers) });
    return response.status;
  });
  return {
    sound: line.sound,
    answered,
    isOver: () => over,
    press: async (key, by) => {
      // The other side may know of the call before our own answer has been read.
      await answered;
      if (dialog === null) throw new Error(`${user} is in no call`);
      if (by === 'sound') return line.sound.press(key);
      const answer = await line.send(keyInfo(dialog, key));
      if (answer.status !== 200) throw new Error(`the key was refused: ${answer.status} ${answer.reason}`);
    },
    hangUp: async (reason = BY_CHOICE) => {
      if (over) return;
      over = true;
      if (dialog !== null) {
        await line.send(bye(dialog, reason));
        return;
      }
      const { to, from } = invite.headers;
      const headers: Headers = {
        to,
        from,
        'call-id': callId,
        cseq: { seq: 1, method: 'CANCEL' },
        via: [(invite.headers['via'] as unknown[])[0]],
      };
      line.post({ method: 'CANCEL', uri: invite.uri, headers });
      await answered;
      // The answer was on its way already (RFC 3261, 9.1): what was answered is ended by BYE.
      if (dialog !== null) await line.send(bye(dialog, reason));
    },
    close: () => line.close(),
  };
}

const acknowledging = (headers: Headers): Headers => ({
  to: headers.to,
  from: headers.from,
  'call-id': headers['call-id'],
  cseq: { seq: headers.cseq.seq, method: 'ACK' },
  'max-forwards': 70,
  via: [],
});
