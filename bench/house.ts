/**
 * The house as it is measured: the stack of `npm start` (Redis with appendfsync always, Asterisk, the controller as a process of its
 * own) in a folder of its own under the system's folder for temporary files, with app_queue loaded beside our dialplan. Measures nothing.
 */
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { freePort } from '../scripts/stack/ports.ts';
import { startStack, type Stack } from '../scripts/stack/stack.ts';

export interface House {
  readonly stack: Stack;
  /** One ARI question or order; answers the status and the parsed JSON. */
  ari(method: 'GET' | 'DELETE', path: string): Promise<{ readonly status: number; readonly body: unknown }>;
  /** A call taker of ours becomes ready to be offered callers. */
  signOn(callTaker: string): Promise<void>;
  /** Ends every part and removes the folder. */
  stop(): Promise<void>;
}

export interface Wishes {
  readonly callTakers: readonly string[];
  readonly patienceSeconds: number;
  readonly tell: (line: string) => void;
}

const FRAGMENTS = ['modules.conf', 'extensions.conf', 'pjsip.conf', 'queues.conf'] as const;
/** Of the one who measures, nothing but where the programs are may have a say. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'INTAKE_RUNTIME', 'INTAKE_CACHE_DIR', 'XDG_CACHE_HOME'] as const;
const RTP_PORTS = 1999;

export async function openHouse({ callTakers, patienceSeconds, tell }: Wishes): Promise<House> {
  const folder = await mkdtemp(join(tmpdir(), 'intake-bench-'));
  const callTakersFile = join(folder, 'call-takers.yaml');
  const list = callTakers.map((id) => `  - { id: "${id}", name: "${id}" }\n`);
  await writeFile(callTakersFile, `call_takers:\n${list.join('')}`);
  const configFile = join(folder, 'intake.yaml');
  await writeFile(configFile, `rules: { patience_every_seconds: ${patienceSeconds} }\n`);
  // Below the ports that the machine hands out by itself, and not where `npm start` has them.
  const rtpFrom = 14_000 + 2 * Math.floor(Math.random() * 7500);
  const env = {
    ...Object.fromEntries(INHERITED.map((name) => [name, process.env[name]])),
    INTAKE_CONFIG: configFile,
    INTAKE_CALL_TAKERS_FILE: callTakersFile,
    INTAKE_STATE_DIR: join(folder, 'state'),
    INTAKE_HTTP_PORT: String(await freePort('tcp')),
    INTAKE_SIP_PORT: String(await freePort('udp')),
    INTAKE_RTP_FROM: String(rtpFrom),
    INTAKE_RTP_TO: String(rtpFrom + RTP_PORTS),
  };
  let stack: Stack | null = null;
  const stop = async (): Promise<void> => {
    await stack?.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const started = await startStack({ env, tell });
    stack = started;
    await addQueues(started, patienceSeconds);
    tell('Asterisk is started once more, with app_queue beside our dialplan');
    await started.part('asterisk').stop();
    await started.part('asterisk').start();
    return { stack: started, ari: ariOf(started), signOn: (id) => signOn(started, id), stop };
  } catch (failed) {
    await stop();
    throw failed;
  }
}

async function addQueues({ settings }: Stack, patienceSeconds: number): Promise<void> {
  const prompt = join(settings.folders.prompts, 'recordings', settings.languages[0], 'patience');
  for (const name of FRAGMENTS) {
    const fragment = await readFile(join(import.meta.dirname, 'asterisk', name), 'utf8');
    const text = fragment.replaceAll('{{prompt}}', prompt).replaceAll('{{patienceSeconds}}', String(patienceSeconds));
    await appendFile(join(settings.folders.state, 'asterisk', 'etc', name), text, { mode: 0o600 });
  }
}

const DEADLINE_MS = 5000;

function ariOf({ settings }: Stack): House['ari'] {
  const { url, user, password } = settings.ari;
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  return async (method, path) => {
    const answer = await fetch(`${url}${path}`, { method, headers: { authorization }, signal: AbortSignal.timeout(DEADLINE_MS) });
    const text = await answer.text();
    return { status: answer.status, body: text === '' ? null : (JSON.parse(text) as unknown) };
  };
}

async function signOn({ url, tokensFile }: Stack, callTaker: string): Promise<void> {
  const tokens = parse(await readFile(tokensFile, 'utf8')) as Readonly<Record<string, string>>;
  const answer = await fetch(`${url}/api/v1/call-takers/${callTaker}/state`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${tokens[`call-taker-${callTaker}`]}`, 'content-type': 'application/json' },
    body: JSON.stringify({ state: 'ready' }),
    signal: AbortSignal.timeout(DEADLINE_MS),
  });
  if (!answer.ok) throw new Error(`${callTaker} could not sign on: ${answer.status} ${await answer.text()}`);
}
