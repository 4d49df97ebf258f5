/**
 * The settings of one city: a folder, free ports, call takers and a sink of its own, and recordings cut short. Nothing of whoever runs
 * the tests is taken over but where the programs are.
 */
import { cpSync, mkdirSync, readdirSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { freePort } from '../../scripts/stack/ports.ts';
import { cacheFolder } from '../../scripts/stack/runtime.ts';
import type { Entry } from './texting.ts';

/** Of the webhook. */
export const SECRET = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;
const PROMPTS = resolve(import.meta.dirname, '../../prompts');
const BYTES_PER_MS = 8;

/** The gateways of texts, and the ways to other centres: entries of gateways.yaml, with `{ secret }` in place of a file that holds it. */
export interface GatewaysOfCity {
  readonly gateways: readonly Entry[];
  readonly centres: readonly Entry[];
}

export async function cityEnvironment(
  folder: string,
  sinkUrl: string,
  callTakers: readonly string[],
  promptsMs: number,
  texts: GatewaysOfCity,
): Promise<Record<string, string>> {
  const path = (name: string): string => join(folder, name);
  mkdirSync(path('sipp'));
  writeFileSync(path('call-takers.yaml'), JSON.stringify({ call_takers: callTakers.map((id) => ({ id, name: `Desk ${id}` })) }));
  const sink = { name: 'dispatch', url: sinkUrl, secrets: [SECRET], allow_private: true, backoff_seconds: [0.1, 0.5] };
  writeFileSync(path('intake.yaml'), JSON.stringify({ dispatch: [sink] }), { mode: 0o600 });
  const secretFile = (secret: string, number: number): string => {
    const file = path(`gateway-secret-${number}`);
    writeFileSync(file, secret, { mode: 0o600 });
    return file;
  };
  writeFileSync(path('gateways.yaml'), JSON.stringify(withSecretFiles(texts, secretFile)), { mode: 0o600 });
  cpSync(PROMPTS, path('prompts'), { recursive: true });
  for (const file of readdirSync(path('prompts/recordings'), { recursive: true, encoding: 'utf8' })) {
    const recording = path(join('prompts/recordings', file));
    if (file.endsWith('.alaw') && statSync(recording).size > promptsMs * BYTES_PER_MS) truncateSync(recording, promptsMs * BYTES_PER_MS);
  }
  // Each city its own stretch of sound ports, below those that the machine hands out by itself.
  const rtp = 10_000 + 2 * Math.floor(Math.random() * 10_000);
  return {
    ...inherited(),
    INTAKE_CONFIG: path('intake.yaml'),
    INTAKE_CALL_TAKERS_FILE: path('call-takers.yaml'),
    INTAKE_GATEWAYS_FILE: path('gateways.yaml'),
    INTAKE_PROMPTS_DIR: path('prompts'),
    INTAKE_STATE_DIR: path('state'),
    INTAKE_HTTP_PORT: String(await freePort('tcp')),
    INTAKE_SIP_PORT: String(await freePort('udp')),
    INTAKE_RTP_FROM: String(rtp),
    INTAKE_RTP_TO: String(rtp + 399),
    INTAKE_PATIENCE_EVERY_SECONDS: '3',
    // A receipt need not wait long for parts that may never come.
    INTAKE_TEXT_PARTS_WAIT_SECONDS: '1',
    INTAKE_LOG_LEVEL: 'debug',
  };
}

function withSecretFiles(texts: GatewaysOfCity, fileOf: (secret: string, number: number) => string): unknown {
  let count = 0;
  const changed = (value: unknown): unknown => {
    if (typeof value !== 'object' || value === null) return value;
    if (Array.isArray(value)) return value.map(changed);
    if ('secret' in value && typeof value.secret === 'string') return fileOf(value.secret, (count += 1));
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, changed(inner)]));
  };
  return changed(texts);
}

function inherited(): Record<string, string> {
  const { PATH = '', HOME = '', INTAKE_RUNTIME, INTAKE_SYSTEM_RUNTIME } = process.env;
  return {
    PATH,
    HOME,
    // No menu after the greeting, unless a test is about it.
    INTAKE_LANGUAGES: 'zh',
    INTAKE_CACHE_DIR: cacheFolder(),
    ...(INTAKE_RUNTIME === undefined ? {} : { INTAKE_RUNTIME }),
    ...(INTAKE_SYSTEM_RUNTIME === undefined ? {} : { INTAKE_SYSTEM_RUNTIME }),
  };
}
