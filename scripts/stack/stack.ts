/**
 * The whole house on one machine: Redis, Asterisk and one controller, or two, as children of this process, on loopback, in one state folder.
 * For `npm start`, the demo and the tests. Never touches a program it did not start, and leaves none behind.
 */
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { loadSettings, outlineOf, projectFiles, type Environment, type Outline, type Settings } from '../../src/config.ts';
import { Fault, wordsOf } from '../../src/kernel/faults.ts';
import { planAsterisk } from './asterisk.ts';
import { makePart, type Part } from './part.ts';
import { freePort, freePorts, isFree } from './ports.ts';
import type { ProcessIdentity } from './process-identity.ts';
import { planRedis } from './redis.ts';
import { ensureRuntime } from './runtime.ts';
import { freshSecret, makeSecrets, makeTextsDoor, tokensInClear } from './secrets.ts';
import { takeStateFolder } from './state-folder.ts';

export type ControllerName = 'controller' | 'controller-2';
export type PartName = 'redis' | 'asterisk' | ControllerName;

export interface StackOptions {
  /** The settings, as environment; `process.env` unless given. */
  readonly env?: Environment;
  /** Which parts to run; Redis, Asterisk and one controller unless given. A controller of a test's own can take `Stack.env`. */
  readonly parts?: readonly PartName[];
  /** Whether texts are taken over HTTP on loopback where the centre has no file of gateways; no unless given. */
  readonly takesTexts?: boolean;
  /** What happens, a line at a time. */
  readonly tell?: (line: string) => void;
}

export interface Stack {
  readonly settings: Settings;
  /** The environment the controller runs with, secrets included; another controller on the same Redis and Asterisk needs it. */
  readonly env: Environment;
  /** Where the API answers, e.g. `http://127.0.0.1:8110`. */
  readonly url: string;
  /** Where this controller's API answers. */
  urlOf(this: void, controller: ControllerName): string;
  /** A YAML file with the API tokens in clear: supervisor, dispatcher, operator, call-taker-<id>. */
  readonly tokensFile: string;
  /** Where texts can be handed in by hand; `null`: the centre has gateways of its own, or nobody asked for this. */
  readonly texts: { readonly url: string; readonly tokenFile: string } | null;
  readonly parts: readonly Part[];
  part(name: PartName): Part;
  /** Controller, Asterisk, Redis, each in bounded time. May be called twice. */
  stop(): Promise<void>;
}

const ROOT = resolve(import.meta.dirname, '../..');
const SETTINGS_WRONG = 2;
/** Where the API listens unless set. */
const HTTP_PORT = 8110;
/** Where `npm start` takes texts unless set. */
const TEXTS_PORT = 8120;

/** Rejects with a Fault 'invalid' when settings are wrong, and with a sentence for a person in every other case; then nothing runs. */
export async function startStack({
  env = process.env,
  parts: wanted = ['redis', 'asterisk', 'controller'],
  takesTexts = false,
  tell = () => undefined,
}: StackOptions = {}): Promise<Stack> {
  const outline = outlineOf(env, projectFiles(ROOT));
  const folder = await takeStateFolder(outline.folders.state, tell);
  const parts: Part[] = [];
  const stop = async (): Promise<void> => {
    const failures: unknown[] = [];
    for (const part of parts.toReversed()) await part.stop().catch((thrown: unknown) => failures.push(thrown));
    await folder.release();
    if (failures.length > 0) throw new Error(`not everything could be ended: ${failures.map(wordsOf).join('; ')}`);
  };
  try {
    makeSecrets(outline);
    const { folders, said } = outline;
    const textsPort = Number(said('INTAKE_TEXTS_PORT') ?? TEXTS_PORT);
    const hasGateways = said('INTAKE_GATEWAYS_FILE') !== null || existsSync(folders.gatewaysFile);
    const door = takesTexts && !hasGateways ? makeTextsDoor(folders, textsPort) : null;
    const inner = { ...(await withPrivateWays(env, outline)), ...(door === null ? {} : { INTAKE_GATEWAYS_FILE: door.file }) };
    const settings = loadSettings(inner, projectFiles(ROOT));
    await complainOfTakenPorts(settings, wanted, door !== null);
    const { state } = settings.folders;
    mkdirSync(join(state, 'log'), { recursive: true, mode: 0o700 });
    const runtime = await ensureRuntime(env);
    // A note for the day this launcher crashes: without it the parts run, and end, all the same.
    const remember = (): void => {
      try {
        folder.remember(running(parts));
      } catch (thrown) {
        tell(`it could not be noted which parts run: ${wordsOf(thrown)}`);
      }
    };
    const add = (plan: Parameters<typeof makePart>[0]): void => void parts.push(makePart(plan, tell, remember));

    if (wanted.includes('redis') && outline.said('REDIS_URL') === null) {
      add(planRedis(runtime, { state, port: Number(new URL(settings.redis.url).port), password: settings.redis.password ?? '' }));
    }
    if (wanted.includes('asterisk')) add(await planAsterisk(runtime, settings));
    const texts = door === null ? null : { url: `http://127.0.0.1:${textsPort}/texts`, tokenFile: door.tokenFile };
    const url = urlAt(settings.http.host, settings.http.port);
    const urls: Readonly<Record<ControllerName, string>> = {
      controller: url,
      'controller-2': urlAt(settings.http.host, await freePort('tcp', settings.http.host)),
    };
    if (wanted.includes('controller')) add(planController('controller', settings, inner, url, texts?.url ?? null));
    if (wanted.includes('controller-2')) {
      const second = { INTAKE_INSTANCE: `${settings.instance}-2`, INTAKE_HTTP_PORT: new URL(urls['controller-2']).port };
      add(planController('controller-2', settings, { ...inner, ...second }, urls['controller-2'], null));
    }
    for (const part of parts) {
      await part.start();
      tell(`${part.name} is up (process ${part.identity()?.pid}, log ${part.logFile})`);
    }
    return {
      settings,
      env: inner,
      url,
      urlOf: (controller) => urls[controller],
      tokensFile: tokensInClear(folders),
      texts,
      parts,
      part(name) {
        const found = parts.find((part) => part.name === name);
        if (found === undefined) throw new Error(`this stack runs no ${name}`);
        return found;
      },
      stop: once(stop),
    };
  } catch (failed) {
    await stop();
    throw failed;
  }
}

const running = (parts: readonly Part[]): Readonly<Record<string, ProcessIdentity>> =>
  Object.fromEntries(
    parts.flatMap((part) => {
      const identity = part.identity();
      return identity === null ? [] : [[part.name, identity] as const];
    }),
  );

function once(act: () => Promise<void>): () => Promise<void> {
  let acting: Promise<void> | null = null;
  return () => (acting ??= act());
}

/** Redis, ARI and AMI get free ports and fresh passwords, where the centre has not named its own: nobody but the parts needs them. */
async function withPrivateWays(env: Environment, { said }: Outline): Promise<Environment> {
  const way = (name: Parameters<typeof said>[0], make: () => string): Record<string, string> => {
    // What is named but wrong is complained of, not put aside.
    const isNamed = [name, `${name}_FILE`].some((key) => (env[key]?.trim() ?? '') !== '');
    return said(name) === null && !isNamed ? { [name]: make() } : {};
  };
  const [redis, ari, ami] = await freePorts(3, [
    Number(said('INTAKE_HTTP_PORT') ?? HTTP_PORT),
    Number(said('INTAKE_TEXTS_PORT') ?? TEXTS_PORT),
  ]);
  return {
    ...env,
    ...way('REDIS_URL', () => `redis://127.0.0.1:${redis}`),
    ...(said('REDIS_URL') === null ? way('REDIS_PASSWORD', freshSecret) : {}),
    ...way('INTAKE_ARI_URL', () => `http://127.0.0.1:${ari}/ari`),
    ...way('INTAKE_ARI_PASSWORD', freshSecret),
    INTAKE_AMI: 'yes',
    ...way('INTAKE_AMI_PORT', () => String(ami)),
    ...way('INTAKE_AMI_PASSWORD', freshSecret),
  };
}

/** `isOwnDoor`: the one HTTP gateway is that of the launcher. */
async function complainOfTakenPorts({ http, sip, ari, texts }: Settings, wanted: readonly PartName[], isOwnDoor: boolean): Promise<void> {
  const { hostname, port } = new URL(ari.url);
  const doors = [
    { part: 'controller', setting: 'INTAKE_HTTP_PORT', protocol: 'tcp', host: http.host, port: http.port },
    ...texts.gateways.flatMap((gateway) => {
      if (gateway.kind !== 'http') return [];
      const setting = isOwnDoor ? 'INTAKE_TEXTS_PORT' : `gateway ${gateway.name}`;
      return [{ part: 'controller', setting, protocol: 'tcp', host: gateway.host, port: gateway.port } as const];
    }),
    { part: 'asterisk', setting: 'INTAKE_SIP_PORT', protocol: 'udp', host: sip.host, port: sip.port },
    { part: 'asterisk', setting: 'INTAKE_ARI_URL', protocol: 'tcp', host: hostname, port: Number(port === '' ? 80 : port) },
  ] as const;
  const complaints: string[] = [];
  for (const door of doors) {
    if (!wanted.includes(door.part) || (await isFree(door.protocol, door.host, door.port))) continue;
    complaints.push(`${door.setting}: another program has ${door.protocol} port ${door.port} on ${door.host}; set another one`);
  }
  if (complaints.length > 0) throw new Fault('invalid', 'the stack cannot listen where it should', complaints);
}

const urlAt = (host: string, port: number): string => `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

/** `textsUrl`: of the launcher's own door for texts. */
function planController(
  name: ControllerName,
  settings: Settings,
  env: Environment,
  url: string,
  textsUrl: string | null,
): Parameters<typeof makePart>[0] {
  return {
    name,
    command: process.execPath,
    args: [join(ROOT, 'src', 'main.ts')],
    env,
    cwd: ROOT,
    logFile: join(settings.folders.state, 'log', `${name}.log`),
    answers: async () => (await hears(`${url}/readyz`, 200)) && (textsUrl === null || (await hears(textsUrl, 401))),
    readyWithinMs: 30_000,
    stopWithinMs: 15_000,
    hopelessCode: SETTINGS_WRONG,
  };
}

/** Whether this address answers so a request without a token. */
async function hears(url: string, status: number): Promise<boolean> {
  try {
    const answer = await fetch(url, { signal: AbortSignal.timeout(1000) });
    await answer.arrayBuffer();
    return answer.status === status;
  } catch (notYet) {
    if (notYet instanceof Error) return false;
    throw notYet;
  }
}
