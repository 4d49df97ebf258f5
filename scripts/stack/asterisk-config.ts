/**
 * From the templates in dialplan/ and the settings of one stack to the folder that one Asterisk runs from.
 * A value can never become a line of configuration: what could end a line, a section or a dialplan argument is refused.
 * Never starts anything.
 */
import { mkdir, readdir, readFile, readlink, rename, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { TRUNK, trunkNo } from '../../src/asterisk/names.ts';
import { Fault } from '../../src/kernel/faults.ts';

export interface AsteriskSettings {
  /** Where SIP is listened to (UDP). */
  readonly sipHost: string;
  readonly sipPort: number;
  readonly rtpPorts: { readonly from: number; readonly to: number };
  readonly httpHost: string;
  readonly httpPort: number;
  readonly ariUser: string;
  readonly ariPassword: string;
  /** Loopback; AMI is for listening alone. */
  readonly amiHost: string;
  readonly amiPort: number;
  readonly amiUser: string;
  readonly amiPassword: string;
  /** IP addresses or networks (CIDR) whose calls are the trunk's. */
  readonly trunkAddresses: readonly string[];
  /** Language of the callers of a trunk address, where it sets one. */
  readonly languagesByTrunk?: Readonly<Record<string, string>>;
  /** Numbers that are answered, as the trunk dials them; default 110. */
  readonly emergencyNumbers?: readonly string[];
  readonly callTakers: readonly { readonly endpoint: string; readonly secret: string }[];
  /** Phones of volunteers that register here; those who are rung over the trunk need none. */
  readonly volunteers?: readonly { readonly endpoint: string; readonly secret: string }[];
  /** Where calls of ours go out, `host` or `host:port` of the trunk; without it nobody can be rung by a telephone number. */
  readonly trunkContact?: string;
  /** The recordings the fallback plays (`greeting`, `patience`), e.g. `…/prompts/recordings/zh`. */
  readonly promptsFolder: string;
  /** Conversations and fallback calls are recorded here, as WAV. */
  readonly recordingsFolder: string;
  /** Records of the calls served without a controller. */
  readonly fallbackSpoolFolder: string;
  /** Copies of the texts that come as SIP MESSAGE; default `texts` beside the fallback's records. */
  readonly textSpoolFolder?: string;
  /** Whether anybody reads them; where not, a MESSAGE is answered 404 and its sender knows. Default true. */
  readonly takesTexts?: boolean;
  /** Asterisk's own modules, e.g. `/usr/lib/x86_64-linux-gnu/asterisk/modules`. */
  readonly moduleFolder: string;
  /** Asterisk's own data (documentation, rest-api), e.g. `/usr/share/asterisk`. */
  readonly dataFolder: string;
  /** Begins every call's id; letters, digits and dashes. */
  readonly systemName: string;
  /** How long the controllers have to claim a caller, 100 to 10 000 ms; default 1500. */
  readonly broadcastMs?: number;
  /** How long the desks ring in one round of the fallback; default 20. */
  readonly ringSecondsFallback?: number;
  /** Rounds before the fallback gives a caller up; default 500, some hours. */
  readonly fallbackRounds?: number;
  /** In order of preference; default alaw, ulaw. */
  readonly codecs?: readonly string[];
  /** A phone of ours without any sound packet for so long is taken for cut; 0 never; default 30, on hold 300. Never the trunk. */
  readonly rtpTimeoutSeconds?: number;
  readonly rtpTimeoutHoldSeconds?: number;
  /** How often a registered phone is asked whether it is there; default 15. */
  readonly qualifySeconds?: number;
}

type Values = Readonly<Record<string, string>>;
type Lists = Readonly<Record<string, readonly Values[]>>;

const TEMPLATES = fileURLToPath(new URL('../../dialplan/', import.meta.url));
/** Asterisk asks for these and warns where they are missing; nothing is set in them. */
const EMPTY = ['acl', 'ccss', 'cel', 'cli', 'cli_aliases', 'cli_permissions', 'codecs', 'dnsmgr', 'dsp', 'enum', 'features'].concat([
  'sorcery',
  'stasis',
  'udptl',
  'websocket_client',
]);
/** A dialplan argument ends at more characters than a line of plain configuration. */
const PLAIN = /[\p{Cc};[\]]/u;
const DIALPLAN = /[\p{Cc}\s;[\]${}(),&"'|\\]/u;

/** Writes `<folder>/etc/*.conf` and the folders they name. Throws a Fault 'invalid' with every complaint, before anything is written. */
export async function renderAsteriskConfig(folder: string, settings: AsteriskSettings): Promise<{ confFile: string }> {
  const { values, lists } = whatIsSaid(folder, settings);
  const complaints = [...contradictions(settings)];
  const used = new Set<string>();
  const files: { name: string; text: string }[] = [];
  for (const name of (await readdir(TEMPLATES)).filter((file) => file.endsWith('.conf')).toSorted()) {
    const template = await readFile(join(TEMPLATES, name), 'utf8');
    const forbidden = name === 'extensions.conf' ? DIALPLAN : PLAIN;
    files.push({ name, text: renderTemplate(template, values, lists, { forbidden, complaints, used, name }) });
  }
  for (const name of [...Object.keys(values), ...Object.keys(lists)]) {
    if (!used.has(name)) complaints.push(`no template uses ${name}`);
  }
  if (complaints.length > 0) throw new Fault('invalid', 'Asterisk cannot be configured so', [...new Set(complaints)]);

  const folders = ['etc', 'lib', 'spool', 'run', 'log'].map((name) => join(folder, name));
  for (const path of [...folders, settings.recordingsFolder, settings.fallbackSpoolFolder, textSpoolFolderOf(settings)])
    await mkdir(path, { recursive: true, mode: 0o750 });
  for (const { name, text } of files) await writeFile(join(folder, 'etc', name), text, { mode: 0o600 });
  for (const name of EMPTY) await writeFile(join(folder, 'etc', `${name}.conf`), '', { mode: 0o600 });
  await linkTo(settings.recordingsFolder, join(folder, 'spool', 'recording'));
  return { confFile: join(folder, 'etc', 'asterisk.conf') };
}

/** Beside the fallback's records unless it is set. */
export const textSpoolFolderOf = ({
  fallbackSpoolFolder,
  textSpoolFolder,
}: Pick<AsteriskSettings, 'fallbackSpoolFolder' | 'textSpoolFolder'>): string =>
  textSpoolFolder ?? join(dirname(fallbackSpoolFolder), 'texts');

function whatIsSaid(folder: string, settings: AsteriskSettings): { values: Values; lists: Lists } {
  const trunks = settings.trunkAddresses.map((address, index) => {
    const language = settings.languagesByTrunk?.[address] ?? null;
    return { nth: `${index + 1}`, address, language, endpoint: language === null ? TRUNK : trunkNo(index + 1) };
  });
  return {
    values: {
      folder,
      sipHost: settings.sipHost,
      sipPort: String(settings.sipPort),
      rtpFrom: String(settings.rtpPorts.from),
      rtpTo: String(settings.rtpPorts.to),
      httpHost: settings.httpHost,
      httpPort: String(settings.httpPort),
      ariUser: settings.ariUser,
      ariPassword: settings.ariPassword,
      amiHost: settings.amiHost,
      amiPort: String(settings.amiPort),
      amiUser: settings.amiUser,
      amiPassword: settings.amiPassword,
      promptsFolder: settings.promptsFolder,
      recordingsFolder: settings.recordingsFolder,
      fallbackSpoolFolder: settings.fallbackSpoolFolder,
      textSpoolFolder: textSpoolFolderOf(settings),
      textContext: (settings.takesTexts ?? true) ? 'texts' : 'no-texts',
      moduleFolder: settings.moduleFolder,
      dataFolder: settings.dataFolder,
      systemName: settings.systemName,
      broadcastMs: String(settings.broadcastMs ?? 1500),
      ringSecondsFallback: String(settings.ringSecondsFallback ?? 20),
      fallbackRounds: String(settings.fallbackRounds ?? 500),
      codecs: (settings.codecs ?? ['alaw', 'ulaw']).join(','),
      rtpTimeoutSeconds: String(settings.rtpTimeoutSeconds ?? 30),
      rtpTimeoutHoldSeconds: String(settings.rtpTimeoutHoldSeconds ?? 300),
      qualifySeconds: String(settings.qualifySeconds ?? 15),
    },
    lists: {
      trunkAddresses: trunks.map(({ nth, endpoint, address }) => ({ nth, endpoint, address })),
      trunksWithLanguage: trunks.flatMap(({ endpoint, language }) => (language === null ? [] : [{ endpoint, language }])),
      emergencyNumbers: (settings.emergencyNumbers ?? ['110']).map((number) => ({ number })),
      callTakers: settings.callTakers.map(({ endpoint, secret }) => ({ endpoint, secret })),
      phones: [
        ...settings.callTakers.map(({ endpoint, secret }) => ({ endpoint, secret, context: 'from-desk' })),
        // A volunteer who dials 110 is a caller like any other.
        ...(settings.volunteers ?? []).map(({ endpoint, secret }) => ({ endpoint, secret, context: 'from-trunk' })),
      ],
      trunkContacts: settings.trunkContact === undefined ? [] : [{ contact: settings.trunkContact }],
    },
  };
}

function* contradictions(settings: AsteriskSettings): Generator<string> {
  const {
    rtpPorts,
    broadcastMs = 1500,
    emergencyNumbers = ['110'],
    callTakers,
    volunteers = [],
    trunkContact,
    languagesByTrunk = {},
  } = settings;
  if (!/^[A-Za-z0-9-]+$/.test(settings.systemName)) yield 'systemName: letters, digits and dashes only';
  if (rtpPorts.to - rtpPorts.from < 3) yield 'rtpPorts: at least four ports are needed';
  if (broadcastMs < 100 || broadcastMs > 10_000) yield 'broadcastMs: 100 to 10000';
  if (emergencyNumbers.length === 0) yield 'emergencyNumbers: at least one is needed';
  for (const number of emergencyNumbers) if (!/^\+?[0-9]{1,20}$/.test(number)) yield `emergencyNumbers: "${number}" is not a number`;
  if (settings.trunkAddresses.length === 0) yield 'trunkAddresses: at least one is needed';
  for (const address of Object.keys(languagesByTrunk)) {
    if (!settings.trunkAddresses.includes(address)) yield `languagesByTrunk: ${address} is no address of the trunk`;
  }
  if (trunkContact !== undefined && !/^(\[[0-9A-Fa-f:]+\]|[A-Za-z0-9.-]+)(:\d{1,5})?$/.test(trunkContact)) {
    yield `trunkContact: "${trunkContact}" is no host, nor host:port`;
  }
  for (const [list, phones] of Object.entries({ callTakers, volunteers })) {
    for (const { endpoint, secret } of phones) {
      if (!/^[A-Za-z0-9_-]+$/.test(endpoint) || endpoint === TRUNK) yield `${list}: "${endpoint}" cannot be an endpoint's name`;
      if (secret === '') yield `${list}: ${endpoint} has no secret`;
    }
  }
  const endpoints = [...callTakers, ...volunteers].map(({ endpoint }) => endpoint);
  if (new Set(endpoints).size < endpoints.length) yield 'callTakers and volunteers: two have the same endpoint';
}

interface Rendering {
  readonly name: string;
  readonly forbidden: RegExp;
  readonly complaints: string[];
  readonly used: Set<string>;
}

/** `{{name}}` is a value, `{{#list}}` … `{{/list}}` on lines of their own repeats what is between for every entry. */
export function renderTemplate(template: string, values: Values, lists: Lists, rendering: Rendering): string {
  const { name: file, forbidden, complaints, used } = rendering;
  const fill = (text: string, known: Values): string =>
    text.replaceAll(/\{\{(.*?)\}\}/g, (_whole, name: string) => {
      const value = known[name];
      used.add(name);
      if (value === undefined) complaints.push(`${file}: nothing is known of {{${name}}}`);
      else if (value === '') complaints.push(`${name} is empty`);
      else if (forbidden.test(value)) complaints.push(`${name}: has a character that cannot stand in ${file}`);
      return value ?? '';
    });
  const repeated = template.replaceAll(/^\{\{#(\w+)\}\}\n([\s\S]*?)^\{\{\/\1\}\}\n/gm, (_whole, name: string, body: string) => {
    used.add(name);
    const list = lists[name];
    if (list === undefined) complaints.push(`${file}: nothing is known of the list {{#${name}}}`);
    return (list ?? []).map((entry) => fill(body, { ...values, ...entry })).join('');
  });
  return fill(repeated, values);
}

/** Made beside its place and moved there, so that it can be made again while Asterisk runs. */
async function linkTo(target: string, link: string): Promise<void> {
  const present = await readlink(link).catch(() => null);
  if (present === target) return;
  await symlink(target, `${link}.new`);
  await rename(`${link}.new`, link);
}
