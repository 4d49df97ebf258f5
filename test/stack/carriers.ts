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

/** A text, or a part of one, of somebody who writes. */
export interface Written {
  readonly from: string;
  /** `121100451` unless given. */
  readonly to?: string;
  readonly text: string;
  /** The carrier's own name of it, where the protocol has one: the same again is the same text. A new one unless given. */
  readonly id?: string;
  readonly part?: Part;
}
/** Of a long text in UCS-2: these octets are handed in, and `text` of the same text is not looked at. */
export interface Part {
  readonly reference: number;
  readonly total: number;
  readonly number: number;
  readonly octets: Uint8Array;
}
/** `temporary`: it is to be repeated. `none`: no answer, or nobody there. */
export type Heard = 'acknowledged' | 'temporary' | 'refused' | 'none';
export interface Sent {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** An entry of gateways.yaml; `{ secret }` stands for the path of a file that holds it. */
export type Entry = Readonly<Record<string, unknown>>;

export interface Carrier {
  readonly name: string;
  readonly entry: Entry;
  /** Hands it in once. Always settles. */
  hand(written: Written): Promise<Heard>;
  /** Whole texts of the city's, oldest first. */
  sent(): readonly Sent[];
  /** Reports everything that was sent and not yet reported as delivered; answers how many PDUs or requests that took. */
  report(): Promise<number>;
  cut(): void;
  mend(): Promise<void> | void;
  /** The password that the city holds is wrong from now on, or right again. */
  password(is: 'right' | 'wrong'): void;
  close(): Promise<void>;
}

const CENTRE = '121100451';
const SOON = { answer_within_seconds: 2, reconnect_first_seconds: 0.1, reconnect_most_seconds: 0.5, refused_retry_seconds: 0.5 };
const HEARD_WITHIN_MS = 3000;
/** A carrier that is told to repeat, or finds nobody, waits a little. */
const REPEAT_AFTER_MS = 100;
/** What a short message holds beside the header of a part. */
const OCTETS_MOST = 134;

export const ucs2 = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

/** The user data header of a part, with a reference of 8 bits. */
const header = ({ reference, total, number }: Part): readonly number[] => [5, 0, 3, reference, total, number];
const userData = ({ text, part }: Written): Buffer => (part === undefined ? ucs2(text) : Buffer.from([...header(part), ...part.octets]));

/** The parts of a long text in UCS-2, cut before these units of it: also through the middle of a letter of two. */
export function partsOf(text: string, reference: number, cuts: readonly number[]): readonly Part[] {
  const whole = ucs2(text);
  const ends = [...cuts, text.length];
  return ends.map((end, n) => {
    const octets = whole.subarray(2 * (ends[n - 1] ?? 0), 2 * end);
    if (octets.length > OCTETS_MOST) throw new Error(`part ${n + 1} has ${octets.length} octets`);
    return { reference, total: ends.length, number: n + 1, octets };
  });
}

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

export interface Carried {
  /** How often something was handed in. */
  readonly attempts: number;
  /** Of them those that were not acknowledged. */
  readonly repeated: number;
}

export interface CarryWishes {
  readonly atATime?: number;
  readonly withinMs?: number;
  /** Told how many have been acknowledged, after each. */
  readonly heard?: (acknowledged: number) => void;
}

/**
 * Hands all of these in as a gateway that stores and forwards: in their order, so many at a time, each again until it is acknowledged.
 * Rejects with the first that is refused, and where it is not done within `withinMs`.
 */
export async function carry(
  carrier: Pick<Carrier, 'hand'>,
  texts: readonly Written[],
  { atATime = 16, withinMs = 30_000, heard: told = () => undefined }: CarryWishes = {},
): Promise<Carried> {
  const deadline = Date.now() + withinMs;
  const left = [...texts];
  let [attempts, repeated, acknowledged] = [0, 0, 0];
  const bearer = async (): Promise<void> => {
    for (let text = left.shift(); text !== undefined; text = left.shift()) {
      for (;;) {
        attempts += 1;
        const heard = await carrier.hand(text);
        if (heard === 'acknowledged') break;
        if (heard === 'refused') throw new Error(`a text from ${text.from} is refused`);
        if (Date.now() > deadline) throw new Error(`${left.length} texts are not acknowledged within ${withinMs} ms`);
        repeated += 1;
        await new Promise((resolve) => setTimeout(resolve, REPEAT_AFTER_MS));
      }
      acknowledged += 1;
      told(acknowledged);
    }
  };
  await Promise.all(Array.from({ length: atATime }, bearer));
  return { attempts, repeated };
}
