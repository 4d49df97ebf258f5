/**
 * The carriers of a city: for each kind of gateway the other side of it, with one way to hand a text in, to see what the city sent, and to
 * report it delivered. Each names the entry of gateways.yaml by which the city reaches it. Knows nothing of what the city makes of a text.
 */
import { randomBytes } from 'node:crypto';
import { freePort } from '../../scripts/stack/ports.ts';
import { openHttpCarrier, type HttpCarrier } from '../simulators/http-carrier.ts';
import { Ismg } from '../simulators/ismg.ts';
import { openSmsc, type Smsc } from '../simulators/smsc.ts';
import { wholeTexts as wholeByCmpp } from '../sms-gateways/cmpp.peer.ts';
import { receipt, wholeTexts as wholeBySmpp } from '../sms-gateways/smpp.peer.ts';
import { HOST } from './loopback.ts';
import type { SipServer } from './phone.ts';
import { type AnyCarrier, type Carrier, header, type Heard, ucs2, userData, type Written } from './texting.ts';
import { openSipTexter } from './sip-texter.ts';

const CENTRE = '121100451';
const SOON = { answer_within_seconds: 2, reconnect_first_seconds: 0.1, reconnect_most_seconds: 0.5, refused_retry_seconds: 0.5 };
const HEARD_WITHIN_MS = 3000;

export async function smppCarrier(name: string): Promise<Carrier & { readonly smsc: Smsc }> {
  const secret = secretOf(name);
  const smsc = await openSmsc({ password: secret });
  let reported = 0;
  return {
    name,
    smsc,
    entry: {
      name,
      kind: 'smpp',
      host: HOST,
      port: smsc.port,
      system_id: 'centre110',
      password_file: { secret },
      enquire_link_seconds: 0.5,
      ...SOON,
    },
    hand: async (written) => {
      const answer = await smsc.deliver(
        {
          source_addr: written.from,
          destination_addr: written.to ?? CENTRE,
          data_coding: 8,
          esm_class: written.part === undefined ? 0 : 0x40,
          short_message: userData(written),
        },
        HEARD_WITHIN_MS,
      );
      if (answer === null) return 'none';
      return answer.status === 0 ? 'acknowledged' : answer.status === 0x64 ? 'temporary' : 'refused';
    },
    sent: () => wholeBySmpp(smsc.submitted),
    report: async () => {
      const late = smsc.submitted.slice(reported);
      reported += late.length;
      for (const { messageId } of late) await smsc.deliver(receipt(messageId, 'delivered'), HEARD_WITHIN_MS);
      return late.length;
    },
    cut: () => smsc.cut(),
    mend: () => smsc.mend(),
    password: (is) => smsc.setPassword(is === 'right' ? secret : `${secret}x`),
    close: () => smsc.close(),
  };
}

export async function cmppCarrier(name: string, version: '2.0' | '3.0'): Promise<Carrier & { readonly ismg: Ismg }> {
  const secret = secretOf(name);
  const ismg = await Ismg.open({ version, sourceAddress: '110451', secret });
  const names = new Map<string, Buffer>();
  const nameOf = (id: string | undefined): Buffer => {
    const known = id === undefined ? undefined : names.get(id);
    const fresh = known ?? ismg.nextId();
    if (id !== undefined) names.set(id, fresh);
    return fresh;
  };
  let reported = 0;
  return {
    name,
    ismg,
    entry: {
      name,
      kind: 'cmpp',
      host: HOST,
      port: ismg.port,
      version,
      source_address: '110451',
      secret_file: { secret },
      active_test_seconds: 0.5,
      ...SOON,
    },
    hand: async (written) => {
      const heard = await ismg.deliver(
        {
          id: nameOf(written.id),
          from: written.from,
          to: written.to ?? CENTRE,
          format: 8,
          content: userData(written),
          hasHeader: written.part !== undefined,
        },
        HEARD_WITHIN_MS,
      );
      return typeof heard !== 'number' ? 'none' : heard === 0 ? 'acknowledged' : 'refused';
    },
    sent: () => wholeByCmpp(ismg),
    report: async () => {
      const late = ismg.submitted.slice(reported);
      reported += late.length;
      for (const { id, values } of late)
        await ismg.deliver(ismg.report(id, 'DELIVRD', String(values['Dest_terminal_Id'])), HEARD_WITHIN_MS);
      return late.length;
    },
    cut: () => ismg.cut(),
    mend: () => ismg.mend(),
    password: (is) => {
      ismg.secret = is === 'right' ? secret : `${secret}x`;
    },
    close: () => ismg.close(),
  };
}

/** By our own JSON or by Kannel's queries, in both directions. `url`: where the city's gateway listens. */
export async function httpCarrier(
  name: string,
  form: 'json' | 'kannel',
): Promise<Carrier & { readonly web: HttpCarrier; readonly url: string }> {
  const [token, secret] = [secretOf(`${name}-in`), secretOf(name)];
  const web = await openHttpCarrier();
  web.want(secret);
  const port = await freePort('tcp');
  const base = `http://${HOST}:${port}`;
  const reportUrl = `${base}/kannel/report?token=${token}&id={id}&status=%d`;
  const taken = form === 'json' ? { token_file: { secret } } : { user: 'intake', password_file: { secret }, report_url: reportUrl };
  const authorization = `Bearer ${token}`;
  const post = (path: string, body: object): Promise<Heard> =>
    knock(base + path, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: JSON.stringify(body) });
  let names = 0;
  let reported = 0;
  return {
    name,
    web,
    url: base,
    entry: { name, kind: 'http', port, token_file: { secret: token }, send: { form, url: web.url, answer_within_seconds: 2, ...taken } },
    hand: (written) => {
      names += 1;
      const { from, to = CENTRE, text, id = `${name}-${names}`, part } = written;
      if (form === 'kannel') return knock(`${base}/kannel?${kannelQuery({ token, id, from, to }, written)}`);
      if (part === undefined) return post('/texts', { id, from, to, text });
      const { octets, ...place } = part;
      return post('/texts', { id, from, to, coding: 'ucs2', octets: Buffer.from(octets).toString('base64'), part: { ...place, width: 8 } });
    },
    sent: () => web.accepted.map(({ from, to, text }) => ({ from, to, text })),
    report: async () => {
      const late = web.accepted.slice(reported);
      reported += late.length;
      for (const { id, query } of late) {
        const callBack = query.get('dlr-url')?.replace('%d', '1');
        await (form === 'kannel' && callBack !== undefined ? knock(callBack) : post('/reports', { id, outcome: 'delivered' }));
      }
      return late.length;
    },
    cut: () => web.cut(),
    mend: () => web.mend(),
    password: (is) => web.want(is === 'right' ? secret : `${secret}x`),
    close: () => web.close(),
  };
}

/** The far side of the trunk, for texts as SIP MESSAGE. There are no reports, and the city has to be told `address` to send to. */
export async function sipCarrier(name: string, server: () => SipServer): Promise<AnyCarrier & { readonly address: string }> {
  const texter = await openSipTexter(server);
  return {
    name,
    address: `${HOST}:${texter.port}`,
    entry: { name, kind: 'sip' },
    hand: async ({ from, to = CENTRE, text, id }) => {
      const status = await texter.send({ from, to, body: text, ...(id === undefined ? {} : { callId: id }) });
      return status === null ? 'none' : status === 202 ? 'acknowledged' : 'refused';
    },
    sent: () => texter.taken,
    close: () => Promise.resolve(texter.close()),
  };
}

/** Octets escaped one by one, as Kannel's `%b` and `%u` are. */
function kannelQuery(words: Readonly<Record<string, string>>, { text, part }: Written): string {
  const escaped = (octets: Iterable<number>): string => [...octets].map((octet) => `%${octet.toString(16).padStart(2, '0')}`).join('');
  const udh = part === undefined ? '' : `&udh=${escaped(header(part))}`;
  return `${new URLSearchParams(words).toString()}&coding=2${udh}&text=${escaped(part?.octets ?? ucs2(text))}`;
}

async function knock(url: string, init: RequestInit = {}): Promise<Heard> {
  let status: number;
  try {
    const answer = await fetch(url, { ...init, signal: AbortSignal.timeout(HEARD_WITHIN_MS) });
    await answer.arrayBuffer();
    status = answer.status;
  } catch (thrown) {
    if (thrown instanceof Error) return 'none';
    throw thrown;
  }
  return status === 200 ? 'acknowledged' : status === 503 ? 'temporary' : 'refused';
}

const secretOf = (name: string): string => `${name.slice(0, 2)}${randomBytes(3).toString('hex')}`;
