/**
 * The stack's own Asterisk: rendered from the templates in dialplan/, in a folder of its own, asked over ARI whether it is up.
 */
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Settings } from '../../src/config.ts';
import { renderAsteriskConfig } from './asterisk-config.ts';
import type { PartPlan } from './part.ts';
import type { Runtime } from './runtime.ts';

/** A unix socket's path is at most 107 bytes long (unix(7)). */
const LONGEST_SOCKET_PATH = 107;

export async function planAsterisk(
  runtime: Pick<Runtime, 'asterisk' | 'asteriskModules' | 'asteriskData'>,
  settings: Settings,
): Promise<PartPlan> {
  const { ari, ami, sip, folders, callTakers, volunteers } = settings;
  const folder = join(folders.state, 'asterisk');
  const control = join(folder, 'run', 'asterisk.ctl');
  if (Buffer.byteLength(control) > LONGEST_SOCKET_PATH) {
    throw new Error(`the state folder's path is too long for Asterisk (${control}): set INTAKE_STATE_DIR to a shorter one`);
  }
  if (ami === null) throw new Error('Asterisk needs an AMI user: INTAKE_AMI is no');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const url = new URL(ari.url);
  const { confFile } = await renderAsteriskConfig(folder, {
    sipHost: sip.host,
    sipPort: sip.port,
    rtpPorts: sip.rtp,
    httpHost: url.hostname,
    httpPort: Number(url.port === '' ? 80 : url.port),
    ariUser: ari.user,
    ariPassword: ari.password,
    amiHost: ami.host,
    amiPort: ami.port,
    amiUser: ami.user,
    amiPassword: ami.password,
    trunkAddresses: sip.trunkAddresses,
    languagesByTrunk: sip.languagesByTrunk,
    emergencyNumbers: sip.emergencyNumbers,
    callTakers: callTakers.flatMap(({ endpoint, secret }) => (secret === null ? [] : [{ endpoint, secret }])),
    volunteers: volunteers.endpoints.flatMap(({ endpoint, secret }) => (secret === null ? [] : [{ endpoint, secret }])),
    ...(sip.trunkContact === null ? {} : { trunkContact: sip.trunkContact }),
    promptsFolder: join(folders.prompts, 'recordings', settings.languages[0]),
    recordingsFolder: folders.recordings,
    fallbackSpoolFolder: folders.fallbackSpool,
    textSpoolFolder: folders.textSpool,
    takesTexts: settings.texts.gateways.some(({ kind }) => kind === 'sip'),
    moduleFolder: runtime.asteriskModules,
    dataFolder: runtime.asteriskData,
    systemName: `intake-${settings.instance.replaceAll('_', '-')}`,
  });
  return {
    name: 'asterisk',
    command: runtime.asterisk,
    args: ['-f', '-n', '-C', confFile],
    // Without it, its memory grows by an arena a thread (asterisk issue 2157).
    env: { ...process.env, MALLOC_ARENA_MAX: '2' },
    cwd: folder,
    logFile: join(folders.state, 'log', 'asterisk.log'),
    answers: () => answersAri(url.origin, ari),
    readyWithinMs: 60_000,
    stopWithinMs: 10_000,
  };
}

/** Until every module is loaded, ARI answers 503 to whatever it is asked. */
async function answersAri(origin: string, { user, password }: Settings['ari']): Promise<boolean> {
  try {
    const answer = await fetch(`${origin}/ari/applications`, {
      headers: { authorization: `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}` },
      signal: AbortSignal.timeout(1000),
    });
    await answer.arrayBuffer();
    return answer.status === 200;
  } catch (notYet) {
    if (notYet instanceof Error) return false;
    throw notYet;
  }
}
