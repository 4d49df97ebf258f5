/**
 * The far side of a trunk, or a phone, that sends and takes texts as SIP MESSAGE: octets as they are, headers as they are wished.
 */
import type { Request } from 'sip';
import digest from 'sip/digest.js';
import { HOST } from './loopback.ts';
import type { SipServer } from './phone.ts';
import { openEndpoint, token } from './sip-endpoint.ts';

export interface SipText {
  readonly from?: string;
  readonly to?: string;
  readonly body: string | Uint8Array;
  readonly callId?: string;
  readonly sequence?: number;
  /** Further headers, or others in place of the usual ones; `undefined` leaves one out. */
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly as?: { readonly user: string; readonly password: string };
}

export interface SipTexter {
  readonly port: number;
  /** Texts taken, in their order. */
  readonly taken: readonly { readonly from: string; readonly to: string; readonly text: string; readonly octets: number }[];
  /** The status of the final answer; `null` where none came within two seconds. */
  send(text: SipText): Promise<number | null>;
  close(): void;
}

const ANSWER_MS = 2000;
const nameIn = (uri: string): string => /^sips?:([^@;>]*)@/.exec(uri)?.[1] ?? '';

export async function openSipTexter(server: () => SipServer): Promise<SipTexter> {
  const taken: { from: string; to: string; text: string; octets: number }[] = [];
  const line = await openEndpoint('texter', (request) => {
    // The package has bodies as one character an octet.
    const octets = Buffer.from(request.content ?? '', 'latin1');
    if (request.method === 'MESSAGE') {
      const { from, to } = request.headers;
      taken.push({ from: nameIn(from.uri), to: nameIn(to.uri), text: octets.toString('utf8'), octets: octets.length });
    }
    line.reply(request, 200, 'OK');
  });
  const send = async (text: SipText): Promise<number | null> => {
    const { from = '13800000078', to = '121100451', body, callId = token(), sequence = 1, headers = {} } = text;
    const { host, port } = server();
    const request = (seq: number): Request => ({
      method: 'MESSAGE',
      uri: `sip:${to}@${host}:${port}`,
      headers: {
        to: { uri: `sip:${to}@${host}`, params: {} },
        from: { uri: `sip:${from}@${HOST}`, params: { tag: token() } },
        'call-id': callId,
        cseq: { seq, method: 'MESSAGE' },
        'max-forwards': 70,
        'content-type': 'text/plain;charset=UTF-8',
        ...headers,
      },
      content: Buffer.from(body).toString('latin1'),
    });
    const asked = async (): Promise<number> => {
      const answer = await line.send(request(sequence));
      if (answer.status !== 401 || text.as === undefined) return answer.status;
      const signed = request(sequence + 1);
      digest.signRequest({}, signed, answer, text.as);
      return (await line.send(signed)).status;
    };
    return Promise.race([asked(), new Promise<null>((resolve) => setTimeout(resolve, ANSWER_MS, null))]);
  };
  return { port: line.port, taken, send, close: () => line.close() };
}
