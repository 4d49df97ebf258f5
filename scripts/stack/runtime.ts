/**
 * Where the programs are that this project runs but did not write: Asterisk, Redis, SIPp. Fetches them through scripts/runtime.sh
 * when they are missing. Never installs anything and never starts one of them for longer than asking its version.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export interface Runtime {
  readonly folder: string;
  readonly asterisk: string;
  readonly redisServer: string;
  readonly redisCli: string;
  readonly sipp: string;
  /** For asterisk.conf: `astmoddir`. */
  readonly asteriskModules: string;
  /** For asterisk.conf: `astdatadir`, with documentation and rest-api. */
  readonly asteriskData: string;
}

type Environment = Readonly<Record<string, string | undefined>>;
const given = (text: string | undefined): string | null => (text === undefined || text.trim() === '' ? null : text.trim());

export function cacheFolder(env: Environment = process.env): string {
  const own = given(env['INTAKE_CACHE_DIR']);
  if (own !== null) return resolve(own);
  return join(given(env['XDG_CACHE_HOME']) ?? join(given(env['HOME']) ?? homedir(), '.cache'), 'intake110');
}

/** INTAKE_RUNTIME, else the folder that scripts/runtime.sh makes. The programs are in its bin/. */
export function runtimeFolder(env: Environment = process.env): string {
  const own = given(env['INTAKE_RUNTIME']);
  if (own !== null) return resolve(own);
  const system = /^(yes?|t(rue)?|on|1)$/i.test(given(env['INTAKE_SYSTEM_RUNTIME']) ?? '');
  return join(cacheFolder(env), system ? 'system' : 'runtime');
}

/** The programs of a folder; throws naming what is missing. */
export function runtimeIn(folder: string): Runtime {
  const program = (name: string): string => {
    const path = join(folder, 'bin', name);
    if (!existsSync(path)) throw new Error(`${name} is missing: there is no ${path}`);
    return path;
  };
  return {
    folder,
    asterisk: program('asterisk'),
    redisServer: program('redis-server'),
    redisCli: program('redis-cli'),
    sipp: program('sipp'),
    ...asteriskFolders(folder),
  };
}

/** Asterisk's own folders under `<folder>/root`, else the system's. */
export function asteriskFolders(folder: string): Pick<Runtime, 'asteriskModules' | 'asteriskData'> {
  const libraries = (root: string): readonly string[] => [
    ...triplets(join(root, '/usr/lib')).map((triplet) => join(root, '/usr/lib', triplet, 'asterisk/modules')),
    join(root, '/usr/lib/asterisk/modules'),
    join(root, '/usr/lib64/asterisk/modules'),
  ];
  return {
    asteriskModules: firstOf('the modules of Asterisk', [...libraries(join(folder, 'root')), ...libraries('/')]),
    asteriskData: firstOf('the data of Asterisk', [join(folder, 'root/usr/share/asterisk'), '/usr/share/asterisk', '/var/lib/asterisk']),
  };
}

const triplets = (folder: string): readonly string[] =>
  existsSync(folder) ? readdirSync(folder).filter((name) => name.endsWith('-linux-gnu')) : [];

function firstOf(what: string, paths: readonly string[]): string {
  const found = paths.find((path) => existsSync(path));
  if (found === undefined) throw new Error(`${what} are missing: looked in ${paths.join(', ')}`);
  return found;
}

/**
 * Makes sure of the programs. A folder of one's own (INTAKE_RUNTIME) is taken as it is; the fetched one is verified, and fetched
 * where missing or damaged, with progress on standard error; at most half an hour, usually 0.1 s.
 */
export async function ensureRuntime(env: Environment = process.env): Promise<Runtime> {
  if (given(env['INTAKE_RUNTIME']) === null) await setUp([], 'Asterisk, Redis and SIPp', env);
  return runtimeIn(runtimeFolder(env));
}

/** The programs of Kannel, the gateway that stands on the other side in some tests. */
export interface Kannel {
  readonly bearerbox: string;
  readonly smsbox: string;
}

/** Makes sure of Kannel, likewise: only those who need it ask for it. */
export async function ensureKannel(env: Environment = process.env): Promise<Kannel> {
  const folder = join(await setUp(['kannel'], 'Kannel', env), 'bin');
  return { bearerbox: join(folder, 'bearerbox'), smsbox: join(folder, 'smsbox') };
}

/** Runs scripts/runtime.sh; the folder it names. */
function setUp(wanted: readonly string[], what: string, env: Environment): Promise<string> {
  const script = resolve(import.meta.dirname, '../runtime.sh');
  return new Promise((done, fail) => {
    const child = spawn('bash', [script, ...wanted], { env, stdio: ['ignore', 'pipe', 'inherit'], timeout: 1_800_000 });
    let said = '';
    child.stdout.on('data', (text: Buffer) => {
      said += text.toString();
    });
    child.once('error', fail);
    child.once('close', (code, signal) => {
      if (code === 0) done(said.trim());
      else fail(new Error(`the set-up of ${what} failed (${signal ?? code}); what it said stands above`));
    });
  });
}
