/**
 * The house as it is measured: the stack of `npm start` (Redis with appendfsync always, Asterisk, the controller as a process of its
 * own) in a folder of its own under the system's folder for temporary files, with an opponent loaded beside our dialplan. Measures nothing.
 */
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse, stringify } from 'yaml';
import { freePort } from '../scripts/stack/ports.ts';
import { startStack, type ControllerName, type PartName, type Stack } from '../scripts/stack/stack.ts';

export interface House {
  readonly stack: Stack;
  /** One ARI question or order; answers the status and the parsed JSON. */
  ari(method: 'GET' | 'POST' | 'DELETE', path: string): Promise<{ readonly status: number; readonly body: unknown }>;
  /** A call taker of ours becomes ready to be offered callers. */
  signOn(callTaker: string): Promise<void>;
  /** Asks our API as the supervisor, at the first controller unless told; `path` begins behind `/api/v1`. Rejects what is refused. */
  ask(method: 'GET' | 'PUT', path: string, body?: object, at?: ControllerName): Promise<unknown>;
  /** Ends every part and removes the folder. */
  stop(): Promise<void>;
}

export interface Wishes {
  readonly callTakers: readonly string[];
  readonly patienceSeconds: number;
  readonly tell: (line: string) => void;
  /** Who is rung as an interpreter, as their file has it; nobody unless given. */
  readonly volunteers?: readonly object[];
  /** The centre's languages; Chinese alone unless given. */
  readonly languages?: readonly string[];
  /** What is loaded beside our dialplan; app_queue unless given, `null`: nothing. */
  readonly beside?: keyof typeof BESIDE | null;
  /** Settings that no other measurement needs, as environment; what they point to is written into the folder. */
  readonly more?: (folder: string) => Promise<Readonly<Record<string, string>>>;
  /** What runs; Redis, Asterisk and one controller unless given. */
  readonly parts?: readonly PartName[];
}

/** Pieces of configuration that are put behind ours, each from the folder of the opponent. */
const BESIDE = {
  app_queue: { folder: 'asterisk', files: ['modules.conf', 'extensions.conf', 'queues.conf'] },
  ConfBridge: { folder: 'confbridge', files: ['modules.conf', 'extensions.conf', 'confbridge.conf'] },
} as const;
/** Of the one who measures, nothing but where the programs are may have a say. */
const INHERITED = ['PATH', 'HOME', 'TMPDIR', 'INTAKE_RUNTIME', 'INTAKE_CACHE_DIR', 'XDG_CACHE_HOME'] as const;
const RTP_PORTS = 1999;

export async function openHouse(wishes: Wishes): Promise<House> {
  const { callTakers, patienceSeconds, tell, volunteers = [], languages = ['zh'], beside = 'app_queue', more, parts } = wishes;
  const folder = await mkdtemp(join(tmpdir(), 'intake-bench-'));
  const callTakersFile = join(folder, 'call-takers.yaml');
  const list = callTakers.map((id) => `  - { id: "${id}", name: "${id}" }\n`);
  await writeFile(callTakersFile, `call_takers:\n${list.join('')}`);
  const volunteersFile = join(folder, 'volunteers.yaml');
  await writeFile(volunteersFile, stringify({ volunteers }));
  const configFile = join(folder, 'intake.yaml');
  await writeFile(configFile, `rules: { patience_every_seconds: ${patienceSeconds} }\n`);
  // Below the ports that the machine hands out by itself, and not where `npm start` has them.
  const rtpFrom = 14_000 + 2 * Math.floor(Math.random() * 7500);
  const env = {
    ...Object.fromEntries(INHERITED.map((name) => [name, process.env[name]])),
    INTAKE_CONFIG: configFile,
    INTAKE_CALL_TAKERS_FILE: callTakersFile,
    INTAKE_VOLUNTEERS_FILE: volunteersFile,
    INTAKE_LANGUAGES: languages.join(','),
    INTAKE_STATE_DIR: join(folder, 'state'),
    INTAKE_HTTP_PORT: String(await freePort('tcp')),
    INTAKE_SIP_PORT: String(await freePort('udp')),
    INTAKE_RTP_FROM: String(rtpFrom),
    INTAKE_RTP_TO: String(rtpFrom + RTP_PORTS),
    ...(await more?.(folder)),
  };
  let stack: Stack | null = null;
  const stop = async (): Promise<void> => {
    await stack?.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const started = await startStack({ env, tell, ...(parts && { parts }) });
    stack = started;
    if (beside !== null) {
      await addOpponent(started, beside, patienceSeconds);
      tell(`Asterisk is started once more, with ${beside} beside our dialplan`);
      await started.part('asterisk').stop();
      await started.part('asterisk').start();
    }
    const ask = await askOf(started, 'supervisor');
    return { stack: started, ari: ariOf(started), ask, signOn: (id) => signOn(started, id), stop };
  } catch (failed) {
    await stop();
    throw failed;
  }
}

async function addOpponent({ settings }: Stack, beside: keyof typeof BESIDE, patienceSeconds: number): Promise<void> {
  const prompts = join(settings.folders.prompts, 'recordings', settings.languages[0]);
  const { folder, files } = BESIDE[beside];
  for (const name of files) {
    const fragment = await readFile(join(import.meta.dirname, folder, name), 'utf8');
    const text = fragment
      .replaceAll('{{prompts}}', prompts)
      .replaceAll('{{prompt}}', join(prompts, 'patience'))
      .replaceAll('{{patienceSeconds}}', String(patienceSeconds));
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

async function signOn(stack: Stack, callTaker: string): Promise<void> {
  const ask = await askOf(stack, `call-taker-${callTaker}`);
  await ask('PUT', `/call-takers/${callTaker}/state`, { state: 'ready' });
}

/** `who`: whose token. */
async function askOf({ urlOf, tokensFile }: Stack, who: string): Promise<House['ask']> {
  const tokens = parse(await readFile(tokensFile, 'utf8')) as Readonly<Record<string, string>>;
  return async (method, path, body, at = 'controller') => {
    const answer = await fetch(`${urlOf(at)}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${tokens[who]}`, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(DEADLINE_MS),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as unknown;
  };
}
