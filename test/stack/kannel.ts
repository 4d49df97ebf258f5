/**
 * Kannel for a test: its bearerbox and its smsbox, in a folder and on ports of their own, ended by their pids. What it is sent over
 * HTTP goes to its message centre over SMPP; what comes from there is asked of an address of ours.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePorts } from '../../scripts/stack/ports.ts';
import { ensureKannel } from '../../scripts/stack/runtime.ts';
import { HOST } from './loopback.ts';
import { until } from './until.ts';

export interface KannelWishes {
  /** The message centre it logs in to. */
  readonly smsc: { readonly port: number; readonly systemId: string; readonly password: string };
  /**
   * What it asks for every text that comes from there, in Kannel's own form, e.g. `http://127.0.0.1:8110/in?from=%p&to=%P&text=%b`.
   * Without it such texts are dropped.
   */
  readonly getUrl?: string;
  /** More lines of the message centre's group, e.g. `alt-charset = "UTF-8"`. */
  readonly smscLines?: readonly string[];
  /** More lines of the core group, e.g. `sms-combine-concatenated-mo = false`. */
  readonly coreLines?: readonly string[];
}

export interface PrivateKannel {
  /** Of its HTTP door for texts to be sent: `/cgi-bin/sendsms?username=…&password=…`. */
  readonly sendUrl: string;
  readonly user: { readonly username: string; readonly password: string };
  /** Sends a text of any signs to `to`; UCS-2 where `coding` is 2, Kannel's alphabet where it is 0. Status and words of its answer. */
  send(text: { from: string; to: string; text: string; coding: 0 | 2; more?: Readonly<Record<string, string>> }): Promise<Answered>;
  /** What both have written into their logs. */
  log(): Promise<string>;
  stop(): Promise<void>;
}

export interface Answered {
  readonly status: number;
  readonly words: string;
}

const USER = { username: 'intake', password: 'sendsms-secret' };
const ADMIN_PASSWORD = 'admin-secret';

/** Fetches Kannel where it is missing, which takes its time once. Resolves when it is connected to its message centre. */
export async function startKannel(wishes: KannelWishes): Promise<PrivateKannel> {
  const programs = await ensureKannel();
  const folder = await mkdtemp(join(tmpdir(), 'intake110-kannel-'));
  const [adminPort = 0, boxPort = 0, sendPort = 0] = await freePorts(3);
  const conf = join(folder, 'kannel.conf');
  await writeFile(conf, configuration(folder, { adminPort, boxPort, sendPort }, wishes), { mode: 0o600 });
  const children: ChildProcess[] = [];
  const start = (program: string): void => void children.push(spawn(program, ['-v', '4', conf], { cwd: folder, stdio: 'ignore' }));
  const log = async (): Promise<string> =>
    (await Promise.all(['bearerbox.log', 'smsbox.log'].map((name) => readFile(join(folder, name), 'utf8').catch(() => '')))).join('\n');
  const stop = async (): Promise<void> => {
    for (const child of children.toReversed()) await ended(child);
    await rm(folder, { recursive: true, force: true });
  };
  const status = (): Promise<string> => asked(`http://${HOST}:${adminPort}/status.txt?password=${ADMIN_PASSWORD}`);
  try {
    start(programs.bearerbox);
    await until('bearerbox answers', async () => (await status()) !== '', 10_000);
    start(programs.smsbox);
    await until('smsbox is connected to bearerbox', async () => /smsbox/.test(await status()), 10_000);
    await until('Kannel is connected to its message centre', async () => /\(online/.test(await status()), 10_000);
  } catch (thrown) {
    const words = await log();
    await stop();
    throw new Error(`Kannel did not come up: ${words.slice(-3000)}`, { cause: thrown });
  }
  const sendUrl = `http://${HOST}:${sendPort}/cgi-bin/sendsms`;
  return {
    sendUrl,
    user: USER,
    send: async ({ from, to, text, coding, more = {} }) => {
      const query = new URLSearchParams({ ...USER, from, to, text, coding: String(coding), charset: 'UTF-8', ...more });
      const answer = await fetch(`${sendUrl}?${query.toString()}`, { signal: AbortSignal.timeout(5000) });
      return { status: answer.status, words: await answer.text() };
    },
    log,
    stop,
  };
}

/** Groups are parted by empty lines: without them Kannel reads two as one. */
function configuration(
  folder: string,
  { adminPort, boxPort, sendPort }: { readonly adminPort: number; readonly boxPort: number; readonly sendPort: number },
  { smsc, getUrl, smscLines = [], coreLines = [] }: KannelWishes,
): string {
  const groups: readonly (readonly string[])[] = [
    [
      'group = core',
      `admin-interface = "${HOST}"`,
      `admin-port = ${adminPort}`,
      `admin-password = "${ADMIN_PASSWORD}"`,
      `smsbox-interface = "${HOST}"`,
      `smsbox-port = ${boxPort}`,
      `log-file = "${join(folder, 'bearerbox.log')}"`,
      'log-level = 0',
      ...coreLines,
    ],
    [
      'group = smsc',
      'smsc = smpp',
      'smsc-id = "centre"',
      `host = "${HOST}"`,
      `port = ${smsc.port}`,
      'transceiver-mode = true',
      `smsc-username = "${smsc.systemId}"`,
      `smsc-password = "${smsc.password}"`,
      'system-type = ""',
      'interface-version = 34',
      'enquire-link-interval = 5',
      'reconnect-delay = 1',
      ...smscLines,
    ],
    [
      'group = smsbox',
      `bearerbox-host = "${HOST}"`,
      `bearerbox-port = ${boxPort}`,
      `sendsms-interface = "${HOST}"`,
      `sendsms-port = ${sendPort}`,
      `log-file = "${join(folder, 'smsbox.log')}"`,
      'log-level = 0',
    ],
    ['group = sendsms-user', `username = "${USER.username}"`, `password = "${USER.password}"`, 'max-messages = 50', 'concatenation = true'],
    ['group = sms-service', 'keyword = default', ...(getUrl === undefined ? ['text = ""'] : [`get-url = "${getUrl}"`]), 'max-messages = 0'],
  ];
  return groups.map((lines) => `${lines.join('\n')}\n`).join('\n');
}

/** The body, or nothing where it does not answer. */
const asked = (url: string): Promise<string> =>
  fetch(url, { signal: AbortSignal.timeout(1000) }).then(
    (answer) => answer.text(),
    () => '',
  );

async function ended(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  const hard = setTimeout(() => child.kill('SIGKILL'), 2000);
  child.kill('SIGTERM');
  await gone;
  clearTimeout(hard);
}
