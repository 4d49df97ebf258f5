/**
 * The launcher on the real programs: what it starts answers, keeps its records, is found by nobody else, and is gone afterwards.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'redis';
import { afterEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { Fault } from '../../src/kernel/faults.ts';
import { planAsterisk } from '../../scripts/stack/asterisk.ts';
import { freePort, isFree } from '../../scripts/stack/ports.ts';
import { identityOf, stillLives } from '../../scripts/stack/process-identity.ts';
import { startStack, type Stack, type StackOptions } from '../../scripts/stack/stack.ts';
import { until } from '../stack/until.ts';

const endings: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).toReversed()) await end();
});

function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'intake-stack-'));
  endings.push(async () => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

async function started(state: string, options: StackOptions = {}): Promise<Stack> {
  // Below the ports that the machine hands out by itself.
  const rtp = 20_000 + 300 * (process.pid % 40);
  const env = {
    PATH: process.env['PATH'],
    HOME: state,
    INTAKE_RUNTIME: process.env['INTAKE_RUNTIME'],
    INTAKE_CACHE_DIR:
      process.env['INTAKE_CACHE_DIR'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(process.env['HOME'] ?? '', '.cache'), 'intake110'),
    INTAKE_STATE_DIR: state,
    INTAKE_HTTP_PORT: String(await freePort('tcp')),
    INTAKE_SIP_PORT: String(await freePort('udp')),
    INTAKE_RTP_FROM: String(rtp),
    INTAKE_RTP_TO: String(rtp + 199),
    ...options.env,
  };
  const stack = await startStack({ parts: ['redis', 'asterisk'], ...options, env });
  endings.push(() => stack.stop());
  return stack;
}

async function redis(stack: Stack, ...command: readonly string[]): Promise<unknown> {
  const { url, password } = stack.settings.redis;
  const client = createClient({ url, password: password ?? '', socket: { reconnectStrategy: false } });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await client.sendCommand(command);
  } finally {
    client.destroy();
  }
}

async function ari(stack: Stack): Promise<number> {
  const { url, user, password } = stack.settings.ari;
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const answer = await fetch(`${new URL(url).origin}/ari/applications`, { headers: { authorization } });
  return answer.status;
}

describe('a stack', () => {
  it('answers when it says so, keeps its records over a pulled plug, and is gone after stop', { timeout: 30_000 }, async () => {
    const said: string[] = [];
    const stack = await started(freshFolder(), { tell: (line) => said.push(line) });
    expect(await ari(stack)).toBe(200);
    expect(await redis(stack, 'CONFIG', 'GET', 'appendfsync')).toEqual({ appendfsync: 'always' });
    expect(await redis(stack, 'CONFIG', 'GET', 'maxmemory-policy')).toEqual({ 'maxmemory-policy': 'noeviction' });
    await redis(stack, 'SET', 'kept', 'yes');

    await stack.part('redis').kill();
    await expect(redis(stack, 'GET', 'kept')).rejects.toThrow('ECONNREFUSED');
    await stack.part('redis').start();
    expect(await redis(stack, 'GET', 'kept')).toBe('yes');

    const parts = stack.parts.map((part) => part.identity());
    await stack.stop();
    expect(parts.map((one) => one !== null && stillLives(one))).toEqual([false, false]);
    expect(await isFree('udp', '127.0.0.1', stack.settings.sip.port)).toBe(true);
    expect(existsSync(join(stack.settings.folders.state, 'running.json'))).toBe(false);
    expect(said.join('\n')).toMatch(/redis is up.*\n.*asterisk is up/);
  });

  it('starts a part again that ended unasked', { timeout: 30_000 }, async () => {
    const said: string[] = [];
    const stack = await started(freshFolder(), { parts: ['redis'], tell: (line) => said.push(line) });
    const before = stack.part('redis').identity();
    process.kill(before?.pid ?? 0, 'SIGKILL');
    await until('another redis', () => (stack.part('redis').identity()?.pid ?? before?.pid) !== before?.pid);
    await until('it answers', () =>
      redis(stack, 'PING').then(
        (answer) => answer === 'PONG',
        () => false,
      ),
    );
    expect(said.join('\n')).toContain('redis ended unasked (SIGKILL)');
  });

  it('is gone after stop although its folder was taken away under it', { timeout: 30_000 }, async () => {
    const said: string[] = [];
    const state = freshFolder();
    const stack = await started(state, { tell: (line) => said.push(line) });
    const parts = stack.parts.map((part) => part.identity());
    rmSync(state, { recursive: true, force: true });
    await stack.stop();
    expect(parts.map((one) => one !== null && stillLives(one))).toEqual([false, false]);
    expect(said.join('\n')).toContain('it could not be noted which parts run');
  });

  it('starts a part again as soon as that is possible once more', { timeout: 30_000 }, async () => {
    const said: string[] = [];
    const state = freshFolder();
    const stack = await started(state, { parts: ['redis'], tell: (line) => said.push(line) });
    await redis(stack, 'SET', 'kept', 'yes');
    renameSync(state, `${state}.away`);
    try {
      process.kill(stack.part('redis').identity()?.pid ?? 0, 'SIGKILL');
      await until('it to be tried twice', () => said.filter((line) => line.includes('redis could not be started')).length >= 2);
    } finally {
      renameSync(`${state}.away`, state);
    }
    await until('it answers', () =>
      redis(stack, 'PING').then(
        (answer) => answer === 'PONG',
        () => false,
      ),
    );
    expect(await redis(stack, 'GET', 'kept')).toBe('yes');
  });

  it('runs beside another one, and refuses to share its folder', { timeout: 30_000 }, async () => {
    const state = freshFolder();
    const one = await started(state, { parts: ['redis'] });
    const other = await started(freshFolder(), { parts: ['redis'] });
    expect(await redis(one, 'PING')).toBe('PONG');
    expect(await redis(other, 'PING')).toBe('PONG');
    await expect(started(state, { parts: ['redis'] })).rejects.toThrow(`another stack runs in ${state}`);
    expect(await redis(one, 'PING')).toBe('PONG');
  });

  it('ends what a crashed launcher left running, and no other process that was given its pid', { timeout: 30_000 }, async () => {
    const state = freshFolder();
    const script = `
      import { startStack } from ${JSON.stringify(join(import.meta.dirname, '../../scripts/stack/stack.ts'))};
      await startStack({ parts: ['redis'] });
      process.kill(process.pid, 'SIGKILL');`;
    const env = { ...process.env, INTAKE_STATE_DIR: state };
    const crashed = spawnSync(process.execPath, ['--input-type=module', '--eval', script], { env, encoding: 'utf8', timeout: 20_000 });
    expect(crashed.signal).toBe('SIGKILL');
    const left = (JSON.parse(readFileSync(join(state, 'running.json'), 'utf8')) as { redis: { pid: number; began: string } }).redis;
    expect(stillLives(left)).toBe(true);
    expect(stillLives({ pid: process.pid, began: left.began })).toBe(false);

    const said: string[] = [];
    const stack = await started(state, { parts: ['redis'], tell: (line) => said.push(line) });
    expect(stillLives(left)).toBe(false);
    expect(said[0]).toContain(`redis (process ${left.pid}) was left running by a stack that crashed`);
    expect(await redis(stack, 'PING')).toBe('PONG');
  });

  it('names every port that another program has, and starts nothing', async () => {
    const occupant = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => occupant.once('listening', resolve));
    endings.push(() => new Promise((resolve) => occupant.close(() => resolve())));
    const { port } = occupant.address() as { port: number };
    const wish = started(freshFolder(), { parts: ['controller'], env: { INTAKE_HTTP_PORT: String(port) } });
    const fault = await wish.then(
      () => null,
      (thrown: unknown) => thrown,
    );
    expect(fault).toBeInstanceOf(Fault);
    expect((fault as Fault).details).toEqual([`INTAKE_HTTP_PORT: another program has tcp port ${port} on 127.0.0.1; set another one`]);
  });

  it("makes a SIP password for each volunteer's phone that registers here, and hands it to Asterisk", { timeout: 30_000 }, async () => {
    const state = freshFolder();
    const file = join(state, 'volunteers.yaml');
    writeFileSync(file, 'volunteers: [{ id: v1, addresses: ["sip:volunteer-1", "tel:+8613800000001"] }]\n');
    const { settings } = await started(state, { parts: [], env: { INTAKE_VOLUNTEERS_FILE: file } });
    const [phone, ...others] = settings.volunteers.endpoints;
    expect([phone?.endpoint, phone?.secret?.length, others]).toEqual(['volunteer-1', 32, []]);
    expect(statSync(join(settings.folders.phoneSecrets, 'volunteer-1')).mode & 0o777).toBe(0o600);
    await planAsterisk({ asterisk: 'asterisk', asteriskModules: '/m', asteriskData: '/d' }, settings);
    const written = readFileSync(join(state, 'asterisk', 'etc', 'pjsip.conf'), 'utf8');
    expect(written).toContain('[volunteer-1]');
    expect(written).toContain(phone?.secret ?? 'none');
  });

  it('takes texts on loopback where it is asked to, by a token of its own, and keeps them', { timeout: 60_000 }, async () => {
    const state = freshFolder();
    const port = String(await freePort('tcp'));
    const env = { INTAKE_TEXTS_PORT: port, INTAKE_GATEWAYS_FILE: '' };
    const { texts, tokensFile, url } = await started(state, { parts: ['redis', 'asterisk', 'controller'], env, takesTexts: true });
    expect(texts?.url).toBe(`http://127.0.0.1:${port}/texts`);
    const tokenFile = texts?.tokenFile ?? '';
    for (const path of [tokenFile, join(state, 'gateways.yaml')]) expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readFileSync(join(state, 'gateways.yaml'), 'utf8')).not.toContain(readFileSync(tokenFile, 'utf8').trim());
    const text = { id: '1', from: '13800000110', to: '12110', text: '刚才在中央大街有人打架，旁边路灯杆编号1030507' };
    const handIn = async (token: string): Promise<number> => {
      const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
      return (await fetch(texts?.url ?? '', { method: 'POST', headers, body: JSON.stringify(text) })).status;
    };
    expect(await handIn('another')).toBe(401);
    expect(await handIn(readFileSync(tokenFile, 'utf8').trim())).toBe(200);
    const { supervisor } = parse(readFileSync(tokensFile, 'utf8')) as Record<string, string>;
    const newest = async (): Promise<unknown> => {
      const answer = await fetch(`${url}/api/v1/incidents?limit=1`, { headers: { authorization: `Bearer ${supervisor}` } });
      const { incidents } = (await answer.json()) as { incidents: readonly { channel: string; place: { poleCode: string } }[] };
      return incidents.length === 0 ? null : incidents.map(({ channel, place }) => [channel, place.poleCode]);
    };
    await until('the incident of the text', async () => JSON.stringify(await newest()) === '[["text","1030507"]]');
  });

  it('keeps the token of its door for texts, and lets the port be another', async () => {
    const state = freshFolder();
    const own = { parts: [], takesTexts: true } as const;
    const one = await started(state, { ...own, env: { INTAKE_TEXTS_PORT: '18120' } });
    const token = readFileSync(one.texts?.tokenFile ?? '', 'utf8');
    expect(one.settings.texts.gateways).toMatchObject([{ name: 'local', kind: 'http', host: '127.0.0.1', port: 18_120 }]);
    await one.stop();
    const two = await started(state, { ...own, env: { INTAKE_TEXTS_PORT: '18121' } });
    expect(readFileSync(two.texts?.tokenFile ?? '', 'utf8')).toBe(token);
    expect(two.settings.texts.gateways).toMatchObject([{ port: 18_121 }]);
  });

  it('opens no door for texts unasked, nor beside the gateways that a centre has of its own', async () => {
    const unasked = await started(freshFolder(), { parts: [] });
    expect([unasked.texts, unasked.settings.texts.gateways]).toEqual([null, []]);
    const state = freshFolder();
    const file = join(state, 'own.yaml');
    writeFileSync(file, 'gateways: []\n');
    const own = await started(state, { parts: [], takesTexts: true, env: { INTAKE_GATEWAYS_FILE: file } });
    expect([own.texts, own.settings.texts.gateways]).toEqual([null, []]);
    expect(existsSync(join(state, 'gateways.yaml'))).toBe(false);
  });

  it('names the port for texts where another program has it', async () => {
    const occupant = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => occupant.once('listening', resolve));
    endings.push(() => new Promise((resolve) => occupant.close(() => resolve())));
    const { port } = occupant.address() as { port: number };
    const wish = started(freshFolder(), { parts: ['controller'], takesTexts: true, env: { INTAKE_TEXTS_PORT: String(port) } });
    await expect(wish).rejects.toMatchObject({
      details: [`INTAKE_TEXTS_PORT: another program has tcp port ${port} on 127.0.0.1; set another one`],
    });
  });

  it('makes its secrets once, for its owner alone, and a struck token stays struck', { timeout: 30_000 }, async () => {
    const state = freshFolder();
    const one = await started(state, { parts: [] });
    const read = (): Record<string, string> => parse(readFileSync(one.tokensFile, 'utf8')) as Record<string, string>;
    const before = read();
    expect(Object.keys(before).slice(0, 4)).toEqual(['supervisor', 'dispatcher', 'operator', 'call-taker-1001']);
    expect(one.settings.tokens.map(({ name }) => name)).toEqual(Object.keys(before));
    expect(one.settings.callTakers.map(({ secret }) => (secret ?? '').length)).toEqual([32, 32, 32, 32]);
    for (const path of [one.tokensFile, one.settings.folders.tokensFile, join(one.settings.folders.phoneSecrets, 'taker-1001')]) {
      expect(statSync(path).mode & 0o777).toBe(0o600);
    }
    await one.stop();
    const struck = readFileSync(one.settings.folders.tokensFile, 'utf8').replace(/ {2}- name: operator\n.*\n.*\n/, '');
    writeFileSync(one.settings.folders.tokensFile, struck);
    const two = await started(state, { parts: [] });
    expect(read()).toEqual(before);
    expect(two.settings.tokens.map(({ name }) => name)).not.toContain('operator');
    expect(two.settings.callTakers).toEqual(one.settings.callTakers);
  });
});

describe('a process', () => {
  it('is known by the moment it began', () => {
    expect(identityOf(process.pid)).toEqual(identityOf(process.pid));
    expect(identityOf(2 ** 22 + 1)).toBe(null);
  });
});
