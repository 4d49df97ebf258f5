/**
 * The other side of each gateway: hands one text in and hears it acknowledged, and takes the receipts. The simulators are those of the
 * tests. Measures nothing.
 */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Pool } from 'undici';
import { freePort } from '../scripts/stack/ports.ts';
import { Ismg } from '../test/simulators/ismg.ts';
import { openHttpCarrier } from '../test/simulators/http-carrier.ts';
import { openSmsc } from '../test/simulators/smsc.ts';
import type { SipServer } from '../test/stack/phone.ts';
import { openSipTexter } from '../test/stack/sip-texter.ts';
import type { GatewayName } from './texts-report.ts';
import { TO, ucs2, type Written } from './texts-words.ts';

export interface Carrier {
  readonly name: GatewayName;
  /** The entry of its gateway in the settings; its secret is written into the folder. */
  settings(folder: string): Promise<object>;
  /** Settings beside that entry. */
  readonly env?: Readonly<Record<string, string>>;
  /** Resolves once it is acknowledged; rejects where it is refused or nobody answers. `exchange`: where Asterisk listens. */
  hand(text: Written, exchange: SipServer): Promise<void>;
  close(): Promise<void>;
}

const SECRET = 'benchpw1';
const SOURCE = '110451';
/** Longer than any answer should take: an overrun is an error of the measurement, not a figure. */
const ANSWER_MS = 30_000;

export const openCarriers = async (): Promise<readonly Carrier[]> => [await smpp(), await cmpp(), await http(), await sip()];

async function secretFile(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, SECRET, { mode: 0o600 });
  return path;
}

async function smpp(): Promise<Carrier> {
  const smsc = await openSmsc({ password: SECRET });
  return {
    name: 'smpp',
    settings: async (folder) => ({
      name: 'smpp',
      kind: 'smpp',
      host: '127.0.0.1',
      port: smsc.port,
      system_id: 'centre110',
      password_file: await secretFile(folder, 'smpp'),
    }),
    hand: async ({ from, text }) => {
      const fields = { source_addr: from, destination_addr: TO, data_coding: 8, short_message: ucs2(text) };
      const answer = await smsc.deliver(fields, ANSWER_MS);
      if (answer?.status !== 0) throw new Error(`SMPP answered a text with ${JSON.stringify(answer)}`);
    },
    close: () => smsc.close(),
  };
}

async function cmpp(): Promise<Carrier> {
  const ismg = await Ismg.open({ version: '2.0', sourceAddress: SOURCE, secret: SECRET });
  return {
    name: 'cmpp',
    settings: async (folder) => ({
      name: 'cmpp',
      kind: 'cmpp',
      host: '127.0.0.1',
      port: ismg.port,
      source_address: SOURCE,
      secret_file: await secretFile(folder, 'cmpp'),
    }),
    hand: async ({ id, from, text }) => {
      const heard = await ismg.deliver({ id: Buffer.from(id, 'hex'), from, to: TO, format: 8, content: ucs2(text) }, ANSWER_MS);
      if (heard !== 0) throw new Error(`CMPP answered a text with ${heard}`);
    },
    close: () => ismg.close(),
  };
}

async function http(): Promise<Carrier> {
  const carrier = await openHttpCarrier();
  const port = await freePort('tcp');
  const asker = askerOf(`http://127.0.0.1:${port}`, { authorization: `Bearer ${SECRET}` });
  return {
    name: 'http',
    settings: async (folder) => {
      const token = await secretFile(folder, 'http');
      return { name: 'http', kind: 'http', port, token_file: token, send: { url: carrier.url, token_file: token } };
    },
    hand: (text) => asker.post('/texts', bodyOf(text)),
    close: async () => {
      await asker.close();
      await carrier.close();
    },
  };
}

/** Asterisk acknowledges by itself, before the text is kept: it writes it down first, and takes that away once it is. */
async function sip(): Promise<Carrier> {
  let exchange: SipServer | null = null;
  const texter = await openSipTexter(() => {
    if (exchange === null) throw new Error('nobody has said where Asterisk is');
    return exchange;
  });
  return {
    name: 'sip',
    env: { INTAKE_TRUNK_CONTACT: `127.0.0.1:${texter.port}` },
    settings: () => Promise.resolve({ name: 'sip', kind: 'sip' }),
    hand: async ({ id, from, text }, at) => {
      exchange = at;
      // Without an answer it is repeated under its name, as a carrier would.
      const deadline = performance.now() + ANSWER_MS;
      let status: number | null = null;
      while (status === null && performance.now() < deadline) status = await texter.send({ from, to: TO, body: text, callId: id });
      if (status === null || status >= 300) throw new Error(`SIP answered a text with ${status}`);
    },
    close: () => Promise.resolve(texter.close()),
  };
}

export const bodyOf = ({ id, from, text }: Written): string => JSON.stringify({ id, from, to: TO, text });

export interface Asker {
  /** Resolves with 200 alone. */
  post(path: string, body: string): Promise<void>;
  close(): Promise<void>;
}

/** Connections that are kept, one question on each at a time: the same for our gateway over HTTP and for the bare loop. */
export function askerOf(origin: string, headers: Readonly<Record<string, string>> = {}): Asker {
  const pool = new Pool(origin, { connections: 64, pipelining: 1, headersTimeout: ANSWER_MS, bodyTimeout: ANSWER_MS });
  return {
    post: async (path, body) => {
      const answer = await pool.request({ path, method: 'POST', headers: { 'content-type': 'application/json', ...headers }, body });
      const words = await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(`POST ${path} was answered with ${answer.statusCode}: ${words}`);
    },
    close: () => pool.close(),
  };
}
