/**
 * The demo's own house: a temporary folder, free ports, two desks, a volunteer, a carrier of texts, a webhook sink, and nothing of the settings of
 * the real centre that may be configured here, so that no invented incident ever leaves this machine. Never uses a folder or a port of another stack.
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { isFree, freePort } from '../stack/ports.ts';
import { runtimeFolder, runtimeIn } from '../stack/runtime.ts';
import { openWebhookSink, type WebhookSink } from '../stack/sink.ts';
import { startStack, type Stack } from '../stack/stack.ts';
import { openCarrier, type Carrier } from './carrier.ts';
import { DESKS, LANGUAGES, VOLUNTEER } from './cast.ts';

export const RING_SECONDS = 4;

export interface House {
  readonly folder: string;
  readonly stack: Stack;
  readonly sink: WebhookSink;
  readonly secret: string;
  /** Brings the texts. */
  readonly carrier: Carrier;
  /** SIPp. */
  readonly sipp: string;
  /** Stack, then carrier and sink; the folder stays. */
  close(): Promise<void>;
}

/** Of the environment only what the set-up and the programs need. */
const KEPT = /^(?!INTAKE_|DISPATCH_|REDIS_)|^INTAKE_(CACHE_DIR|RUNTIME|SYSTEM_RUNTIME)$/;
/** Sound ports of one demo, below those the machine hands out by itself; Asterisk itself steps over a taken one. */
const SOUND = { from: 12_000, to: 32_000, ports: 100 };

export const makeFolder = (): string => mkdtempSync(join(tmpdir(), 'intake110-demo-'));

export async function openHouse(folder: string, tell: (line: string) => void): Promise<House> {
  const secret = `whsec_${randomBytes(32).toString('base64')}`;
  const sink = await openWebhookSink({ secrets: [secret] });
  const carrier = await openCarrier();
  const closeOthers = async (): Promise<void> => {
    await carrier.close();
    await sink.stop();
  };
  try {
    const stack = await startStack({ env: await environment(folder, sink.url, secret, carrier), tell });
    return {
      folder,
      stack,
      sink,
      secret,
      carrier,
      sipp: runtimeIn(runtimeFolder()).sipp,
      close: async () => {
        try {
          await stack.stop();
        } finally {
          await closeOthers();
        }
      },
    };
  } catch (failed) {
    await closeOthers();
    throw failed;
  }
}

async function environment(
  folder: string,
  url: string,
  secret: string,
  carrier: Carrier,
): Promise<Readonly<Record<string, string | undefined>>> {
  const config = join(folder, 'intake.yaml');
  const callTakers = join(folder, 'call-takers.yaml');
  writeFileSync(config, 'centre:\n  code: "230100"\n  name: 哈尔滨市\n');
  writeFileSync(callTakers, `call_takers:\n${DESKS.map((id) => `  - id: "${id}"\n    name: "${id} 号接警员"\n`).join('')}`);
  const volunteers = join(folder, 'volunteers.yaml');
  writeFileSync(volunteers, stringify({ volunteers: [VOLUNTEER] }));
  const [gateways, carrierSecret] = [join(folder, 'gateways.yaml'), join(folder, 'carrier-secret')];
  writeFileSync(carrierSecret, `${carrier.secret}\n`, { mode: 0o600 });
  writeFileSync(gateways, stringify({ gateways: [{ ...carrier.entry, secret_file: carrierSecret }] }));
  const rtp = await soundPorts();
  return {
    ...Object.fromEntries(Object.entries(process.env).filter(([name]) => KEPT.test(name))),
    INTAKE_CONFIG: config,
    INTAKE_CALL_TAKERS_FILE: callTakers,
    INTAKE_VOLUNTEERS_FILE: volunteers,
    INTAKE_GATEWAYS_FILE: gateways,
    INTAKE_LANGUAGES: LANGUAGES.join(','),
    INTAKE_STATE_DIR: folder,
    INTAKE_HTTP_PORT: String(await freePort('tcp')),
    INTAKE_SIP_PORT: String(await freePort('udp')),
    INTAKE_RTP_FROM: String(rtp),
    INTAKE_RTP_TO: String(rtp + SOUND.ports - 1),
    INTAKE_RING_SECONDS: String(RING_SECONDS),
    INTAKE_PATIENCE_EVERY_SECONDS: '5',
    DISPATCH_WEBHOOK_URL: url,
    DISPATCH_WEBHOOK_SECRET: secret,
    DISPATCH_WEBHOOK_ALLOW_PRIVATE: 'yes',
  };
}

/** The first of a hundred ports, none of the looked-at ones taken; two demos at once rarely meet, and may. */
async function soundPorts(): Promise<number> {
  for (let tries = 0; tries < 20; tries += 1) {
    const stretches = (SOUND.to - SOUND.from) / SOUND.ports;
    const from = SOUND.from + SOUND.ports * Math.floor(Math.random() * stretches);
    const free = await Promise.all([0, 2, 4, 50].map((step) => isFree('udp', '127.0.0.1', from + step)));
    if (free.every(Boolean)) return from;
  }
  throw new Error(`no stretch of free UDP ports between ${SOUND.from} and ${SOUND.to}`);
}
