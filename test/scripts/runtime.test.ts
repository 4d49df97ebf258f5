/**
 * The set-up of Asterisk, Redis and SIPp, with an apt and a dpkg of our own in place of the network: what it fetches it verifies, once
 * is enough, two at a time are one, and what goes wrong leaves nothing behind.
 */
import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cacheFolder, ensureKannel, runtimeFolder, runtimeIn } from '../../scripts/stack/runtime.ts';

const SCRIPT = resolve(import.meta.dirname, '../../scripts/runtime.sh');
const VERSIONS = {
  'usr/sbin/asterisk': 'Asterisk 22.10.1+dfsg',
  'usr/bin/redis-server': 'Redis server v=8.0.6 sha=0',
  'usr/bin/redis-cli': 'redis-cli 8.0.6',
  'usr/bin/sipp': ' SIPp v3.8.0-TLS',
};

let here = '';
beforeEach(() => {
  here = mkdtempSync(join(tmpdir(), 'intake-runtime-'));
});
afterEach(() => rmSync(here, { recursive: true, force: true }));

function script(path: string, body: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
}

/** An apt that "downloads" one package and a dpkg that unpacks the folder `package/`; each download is noted in `fetched`. */
function shims(versions: Readonly<Record<string, string>> = VERSIONS, apt = ''): void {
  const lib = join(here, 'package/usr/lib/x86_64-linux-gnu');
  script(join(lib, 'ld-linux-x86-64.so.2'), 'shift 2; exec "$@"');
  for (const [path, version] of Object.entries(versions)) script(join(here, 'package', path), `cat << 'end'\n${version}\nend`);
  mkdirSync(join(lib, 'asterisk/modules'), { recursive: true });
  mkdirSync(join(here, 'package/usr/share/asterisk'), { recursive: true });
  script(
    join(here, 'shim/apt-get'),
    `${apt}
case "$*" in
  *download-only*) echo x >> ${here}/fetched; sleep 0.3; : > "$(dirname "$2")/cache/archives/one.deb" ;;
esac`,
  );
  script(
    join(here, 'shim/dpkg'),
    `case $1 in --print-architecture) echo amd64 ;; --fsys-tarfile) exec tar -c -C ${here}/package . ;; esac`,
  );
}

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly said: string;
}

function setUp(env: Record<string, string> = {}): Promise<Ended> {
  const all = {
    PATH: `${here}/shim:/usr/bin:/bin`,
    HOME: here,
    INTAKE_CACHE_DIR: join(here, 'cache'),
    DEBIAN_MIRROR: 'http://mirror.invalid/debian',
  };
  writeFileSync(join(here, 'keys'), '');
  return new Promise((done, fail) => {
    const child = spawn('bash', [SCRIPT], { env: { ...all, DEBIAN_KEYRING: join(here, 'keys'), ...env }, timeout: 25_000 });
    let [out, said] = ['', ''];
    child.stdout.on('data', (text: Buffer) => (out += text.toString()));
    child.stderr.on('data', (text: Buffer) => (said += text.toString()));
    child.once('error', fail);
    child.once('close', (code) => done({ code, out, said }));
  });
}

const fetches = (): number => readFileSync(join(here, 'fetched'), 'utf8').length / 2;
const left = (): readonly string[] => readdirSync(join(here, 'cache')).toSorted();

describe('the set-up', () => {
  it('fetches once, says how far it is, and verifies in well under a second from then on', async () => {
    shims();
    const first = await setUp();
    expect(first).toMatchObject({ code: 0, out: `${here}/cache/runtime\n` });
    expect(first.said).toMatch(/fetching asterisk[\s\S]*1\/4[\s\S]*2\/4[\s\S]*3\/4[\s\S]*4\/4[\s\S]*ready: asterisk 22\.10\.1/);
    const begun = performance.now();
    expect(await setUp()).toEqual({ code: 0, out: `${here}/cache/runtime\n`, said: '' });
    expect(performance.now() - begun).toBeLessThan(1000);
    expect(fetches()).toBe(1);
    expect(left()).toEqual(['runtime', 'runtime.lock']);
    expect(runtimeIn(join(here, 'cache/runtime')).asteriskModules).toContain('/cache/runtime/root/');
  });

  it('is done once where two begin side by side', async () => {
    shims();
    const both = await Promise.all([setUp(), setUp()]);
    expect(both.map(({ code }) => code)).toEqual([0, 0]);
    expect(both.map(({ said }) => said).join('')).toContain('another set-up is at work');
    expect(fetches()).toBe(1);
  });

  it.each([
    ['a file is gone', (runtime: string) => rmSync(join(runtime, 'root/usr/bin/sipp'))],
    ['a file is cut short', (runtime: string) => writeFileSync(join(runtime, 'root/usr/bin/sipp'), '#!/bin/sh\n')],
    ['a program does not run', (runtime: string) => chmodSync(join(runtime, 'bin/redis-server'), 0o644)],
    ['the note is gone', (runtime: string) => rmSync(join(runtime, 'stamp'))],
  ])('fetches anew when %s', async (_what, damage) => {
    shims();
    await setUp();
    damage(join(here, 'cache/runtime'));
    const again = await setUp();
    expect(again.code).toBe(0);
    expect(again.said).toContain('is damaged or too old');
    expect(fetches()).toBe(2);
    expect(left()).toEqual(['runtime', 'runtime.lock']);
    expect(statSync(join(here, 'cache/runtime/root/usr/bin/sipp')).size).toBeGreaterThan(20);
  });

  it('refuses what is too old, and leaves nothing behind', async () => {
    shims({ ...VERSIONS, 'usr/sbin/asterisk': 'Asterisk 22.9.3', 'usr/bin/redis-server': 'Redis server v=7.2.4 sha=0' });
    const { code, said } = await setUp();
    expect(code).toBe(1);
    expect(said).toContain('asterisk is 22.9.3, and 22.10.1 is the least that will do');
    expect(said).toContain('redis-server is 7.2.4, and 8.0.0 is the least that will do');
    expect(left()).toEqual(['runtime.lock']);
  });

  it('keeps the old folder until the new one is verified', async () => {
    shims();
    await setUp();
    rmSync(join(here, 'cache/runtime/root/usr/bin/sipp'));
    shims({ ...VERSIONS, 'usr/bin/sipp': 'nothing' });
    expect((await setUp()).code).toBe(1);
    expect(left()).toEqual(['runtime', 'runtime.lock']);
    expect(statSync(join(here, 'cache/runtime/bin/asterisk')).isFile()).toBe(true);
  });

  it('tries a failing mirror three times, tells what apt said, and leaves nothing behind', { timeout: 30_000 }, async () => {
    shims(VERSIONS, `echo try >> ${here}/tries; echo 'E: the mirror is away' >&2; exit 100`);
    const { code, said } = await setUp();
    expect(code).toBe(1);
    expect(readFileSync(join(here, 'tries'), 'utf8')).toBe('try\ntry\ntry\n');
    expect(said).toContain('E: the mirror is away');
    expect(said).toContain('the package lists cannot be fetched from http://mirror.invalid/debian');
    expect(left()).toEqual(['runtime.lock']);
  });

  it('says what to set on a machine that knows no Debian mirror', async () => {
    shims(VERSIONS, 'exit 0');
    const { code, said } = await setUp({ DEBIAN_MIRROR: '' });
    expect(code).toBe(1);
    expect(said).toContain('set DEBIAN_MIRROR=');
    expect(said).toContain('INTAKE_SYSTEM_RUNTIME=yes');
  });

  it("uses the system's own programs where that is asked for, and names the one that is too old", async () => {
    shims();
    for (const [path, version] of Object.entries(VERSIONS)) script(join(here, 'shim', path.split('/').at(-1) ?? ''), `echo '${version}'`);
    const env = { INTAKE_SYSTEM_RUNTIME: 'yes' };
    expect(await setUp(env)).toEqual({ code: 0, out: `${here}/cache/system\n`, said: '' });
    expect(await setUp(env)).toEqual({ code: 0, out: `${here}/cache/system\n`, said: '' });
    expect(left()).toEqual(['system', 'system.lock']);
    script(join(here, 'shim/sipp'), "echo 'SIPp v3.5.1'");
    const old = await setUp(env);
    expect(old.code).toBe(1);
    expect(old.said).toContain('sipp is 3.5.1, and 3.7.0 is the least that will do');
  });
});

describe('the set-up of Kannel', () => {
  const KANNEL = { 'usr/sbin/bearerbox': "Kannel bearerbox version `1.4.5'.", 'usr/sbin/smsbox': "Kannel smsbox version `1.4.5'." };
  const environment = (): Record<string, string> => {
    writeFileSync(join(here, 'keys'), '');
    return {
      PATH: `${here}/shim:/usr/bin:/bin`,
      HOME: here,
      INTAKE_CACHE_DIR: join(here, 'cache'),
      DEBIAN_MIRROR: 'http://mirror.invalid/debian',
      DEBIAN_KEYRING: join(here, 'keys'),
    };
  };

  it('has a folder of its own beside the others, and is done once', async () => {
    shims(KANNEL);
    const programs = { bearerbox: `${here}/cache/kannel/bin/bearerbox`, smsbox: `${here}/cache/kannel/bin/smsbox` };
    expect([await ensureKannel(environment()), await ensureKannel(environment())]).toEqual([programs, programs]);
    expect(fetches()).toBe(1);
    expect(left()).toEqual(['kannel', 'kannel.lock']);
  });

  it('refuses what is too old', async () => {
    shims({ ...KANNEL, 'usr/sbin/smsbox': "Kannel smsbox version `1.4.4'." });
    await expect(ensureKannel(environment())).rejects.toThrow(/the set-up of Kannel failed/);
    expect(left()).toEqual(['kannel.lock']);
  });
});

describe('the runtime folder', () => {
  it('is the one that is named, else in the cache', () => {
    expect(runtimeFolder({ INTAKE_RUNTIME: '/opt/rt' })).toBe('/opt/rt');
    expect(runtimeFolder({ INTAKE_CACHE_DIR: '/c' })).toBe('/c/runtime');
    expect(runtimeFolder({ INTAKE_CACHE_DIR: '/c', INTAKE_SYSTEM_RUNTIME: 'yes' })).toBe('/c/system');
    expect(cacheFolder({ XDG_CACHE_HOME: '/x', HOME: '/h' })).toBe('/x/intake110');
    expect(cacheFolder({ HOME: '/h' })).toBe('/h/.cache/intake110');
  });

  it('names the program that is missing', () => {
    expect(() => runtimeIn(here)).toThrow(`asterisk is missing: there is no ${here}/bin/asterisk`);
  });
});
