/**
 * The settings of one controller: read from the environment, then config/intake.yaml, then the defaults, checked together, and
 * complained of together. The one door to them: no other file of the engine reads the environment. Never prints and never exits.
 */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { complainOfContradictions } from './config/contradictions.ts';
import type { Setting } from './config/forms.ts';
import { readCallTakers, readSinks, readTokens, type CallTakerSettings, type SinkSettings } from './config/lists.ts';
import { fieldsOf, readTable, readYaml, type Complain, type Environment, type Fields, type Files, type Values } from './config/reading.ts';
import type { Settings } from './config/settings.ts';
import { TABLE, type Env } from './config/table.ts';
import { readCentreWays, readGateways } from './config/gateways.ts';
import { readVolunteers, type VolunteerEndpoint } from './config/volunteers.ts';
import { Fault } from './kernel/faults.ts';
import { USUAL_NUMBERS } from './sms/rules.ts';
import { USUAL_WHICH, whichRulesOf, type WhichRule } from './sms/which-rules.ts';

export type { Settings } from './config/settings.ts';
export type { CallTakerSettings, SinkSettings, TokenSettings } from './config/lists.ts';
export type { VolunteerSettings } from './config/volunteers.ts';
export type { Environment, Files } from './config/reading.ts';

/** Keys 1 to 9 offer a language. */
const KEYS = 9;

/** The files of the project, relative paths starting from its folder. */
export function projectFiles(root: string = resolve(import.meta.dirname, '..')): Files {
  return {
    root,
    read(path) {
      try {
        return readFileSync(resolve(root, path), 'utf8');
      } catch (missing) {
        if ((missing as NodeJS.ErrnoException).code === 'ENOENT') return null;
        throw missing;
      }
    },
  };
}

/** Throws Fault('invalid') whose details are all complaints, each a sentence without a secret. */
export function loadSettings(env: Environment = process.env, files: Files = projectFiles()): Settings {
  const complaints: string[] = [];
  const complain = (complaint: string): void => {
    if (!complaints.includes(complaint)) complaints.push(complaint);
  };
  const { document, values } = readAll(env, files, complain);
  const settings = assemble(values, document, env, files, complain);
  complainOfContradictions(settings, complain);
  if (complaints.length > 0) {
    throw new Fault('invalid', `${complaints.length} ${complaints.length === 1 ? 'setting is' : 'settings are'} wrong`, complaints);
  }
  return settings;
}

/** What the launcher must know before it can make the secrets without which loadSettings would complain. Complains of nothing itself. */
export interface Outline {
  readonly folders: Settings['folders'];
  readonly callTakers: readonly CallTakerSettings[];
  readonly volunteers: readonly VolunteerEndpoint[];
  /** What the settings file and the environment say of a name; `null` where neither speaks. */
  readonly said: (name: Env) => string | null;
}

export function outlineOf(env: Environment, files: Files = projectFiles()): Outline {
  const later = (): void => undefined;
  const { values } = readAll(env, files, later);
  const folders = foldersOf(values, env, files);
  return {
    folders,
    callTakers: readCallTakers(readYaml(files, folders.callTakersFile, null, later)['call_takers'], folders.phoneSecrets, files, later),
    volunteers: readVolunteers(folders.volunteersFile, null, folders.phoneSecrets, files, later).endpoints,
    said: (name) => (values.origin(name) === 'default' ? null : String(values.get(name))),
  };
}

function readAll(env: Environment, files: Files, complain: Complain): { readonly document: Fields; readonly values: Values } {
  const chosen = env['INTAKE_CONFIG']?.trim() ?? '';
  const document = readYaml(files, chosen === '' ? 'config/intake.yaml' : chosen, chosen === '' ? null : 'INTAKE_CONFIG', complain);
  return { document, values: readTable(env, document, files, ['dispatch', 'texts.threads'], complain) };
}

/** Rows for the README: name in the environment, path in config/intake.yaml, default, description. */
export function settingsTable(): readonly {
  readonly env: string;
  readonly yaml: string;
  readonly fallback: string;
  readonly says: string;
}[] {
  return (TABLE as readonly Setting[]).map(({ env, yaml, fallback, secret, says }) => ({
    env: secret === true ? `${env}, ${env}_FILE` : env,
    yaml: yaml ?? '',
    fallback:
      typeof fallback === 'boolean' ? (fallback ? 'yes' : 'no') : Array.isArray(fallback) ? fallback.join(', ') : String(fallback ?? ''),
    says,
  }));
}

function foldersOf(values: Values, env: Environment, files: Files): Settings['folders'] {
  const folder = (name: Env, usual: string): string => resolve(files.root, (values.get(name) as string | null) ?? usual);
  const stateHome = env['XDG_STATE_HOME'] ?? '';
  const state = folder(
    'INTAKE_STATE_DIR',
    join(stateHome === '' ? join(env['HOME'] ?? homedir(), '.local/state') : stateHome, 'intake110'),
  );
  return {
    state,
    recordings: folder('INTAKE_RECORDINGS_DIR', join(state, 'recordings')),
    fallbackSpool: folder('INTAKE_FALLBACK_DIR', join(state, 'fallback')),
    textSpool: folder('INTAKE_TEXT_SPOOL_DIR', join(state, 'texts')),
    words: folder('INTAKE_WORDS_DIR', 'words'),
    gatewaysFile: folder('INTAKE_GATEWAYS_FILE', 'config/gateways.yaml'),
    prompts: folder('INTAKE_PROMPTS_DIR', 'prompts'),
    phoneSecrets: join(state, 'secrets', 'phones'),
    callTakersFile: folder('INTAKE_CALL_TAKERS_FILE', 'config/call-takers.yaml'),
    volunteersFile: folder('INTAKE_VOLUNTEERS_FILE', 'config/volunteers.yaml'),
    tokensFile: folder('INTAKE_TOKENS_FILE', join(state, 'tokens.yaml')),
  };
}

function assemble(values: Values, document: Fields, env: Environment, files: Files, complain: Complain): Settings {
  const text = (name: Env): string => (values.get(name) ?? '') as string;
  const maybe = (name: Env): string | null => (values.get(name) === null ? null : text(name));
  const number = (name: Env): number => Number(values.get(name));
  const list = (name: Env): readonly string[] => values.get(name) as readonly string[];
  const ms = (name: Env): number => Math.round(number(name) * 1000);
  const password = (name: Env): string => {
    if (values.get(name) === null && values.origin(name) === 'default' && !wasGiven(env, name)) complain(`${name} is missing`);
    return text(name);
  };
  const folders = foldersOf(values, env, files);
  const callTakers = readYaml(files, folders.callTakersFile, 'INTAKE_CALL_TAKERS_FILE', complain);
  const volunteersNeeded = values.origin('INTAKE_VOLUNTEERS_FILE') === 'default' ? null : 'INTAKE_VOLUNTEERS_FILE';
  const tokensNeeded = values.origin('INTAKE_TOKENS_FILE') === 'default' ? null : 'INTAKE_TOKENS_FILE';
  return {
    instance: text('INTAKE_INSTANCE'),
    centre: {
      code: text('INTAKE_CENTRE_CODE'),
      name: text('INTAKE_CENTRE_NAME'),
      timeZone: text('INTAKE_TIME_ZONE'),
      agency: text('INTAKE_AGENCY'),
    },
    http: { host: text('INTAKE_HTTP_HOST'), port: number('INTAKE_HTTP_PORT') },
    sip: {
      host: text('INTAKE_SIP_HOST'),
      port: number('INTAKE_SIP_PORT'),
      rtp: { from: number('INTAKE_RTP_FROM'), to: number('INTAKE_RTP_TO') },
      trunkAddresses: list('INTAKE_TRUNK_ADDRESSES'),
      emergencyNumbers: list('INTAKE_EMERGENCY_NUMBERS'),
      trunkContact: maybe('INTAKE_TRUNK_CONTACT'),
      languagesByNumber: (values.get('INTAKE_LANGUAGES_BY_NUMBER') ?? {}) as Settings['sip']['languagesByNumber'],
      languagesByTrunk: (values.get('INTAKE_LANGUAGES_BY_TRUNK') ?? {}) as Settings['sip']['languagesByTrunk'],
    },
    ari: { url: text('INTAKE_ARI_URL'), user: text('INTAKE_ARI_USER'), password: password('INTAKE_ARI_PASSWORD') },
    ami:
      values.get('INTAKE_AMI') === true
        ? {
            host: text('INTAKE_AMI_HOST'),
            port: number('INTAKE_AMI_PORT'),
            user: text('INTAKE_AMI_USER'),
            password: password('INTAKE_AMI_PASSWORD'),
          }
        : null,
    redis: { url: text('REDIS_URL'), password: maybe('REDIS_PASSWORD') },
    folders,
    languages: list('INTAKE_LANGUAGES') as Settings['languages'],
    rules: {
      arriveWithinMs: ms('INTAKE_ARRIVE_WITHIN_SECONDS'),
      greetingMaxMs: ms('INTAKE_GREETING_MAX_SECONDS'),
      patienceEveryMs: ms('INTAKE_PATIENCE_EVERY_SECONDS'),
      promptMaxMs: ms('INTAKE_PROMPT_MAX_SECONDS'),
      ringMs: ms('INTAKE_RING_SECONDS'),
      seekMs: ms('INTAKE_SEEK_SECONDS'),
      volunteerRingMs: ms('INTAKE_VOLUNTEER_RING_SECONDS'),
      acceptMs: ms('INTAKE_ACCEPT_SECONDS'),
      preparesInterpreter: values.get('INTAKE_PREPARES_INTERPRETER') === true,
      // In the order of the setting: 1 for the second language, 2 for the third, and so on.
      languageOffers: list('INTAKE_LANGUAGES')
        .slice(1, KEYS + 1)
        .map((language, i) => ({ language, key: String(i + 1) })),
    },
    desk: { afterCallMs: ms('INTAKE_AFTER_CALL_SECONDS') },
    waitSamples: number('INTAKE_WAIT_SAMPLES'),
    sinks: [...readSinks(document['dispatch'], files, complain), ...shortcutSink(values, complain)],
    callTakers: readCallTakers(listIn(callTakers, 'call_takers', folders.callTakersFile, complain), folders.phoneSecrets, files, complain),
    volunteers: {
      ...readVolunteers(folders.volunteersFile, volunteersNeeded, folders.phoneSecrets, files, complain),
      parallel: number('INTAKE_INTERPRETERS_PARALLEL'),
    },
    tokens: readTokens(
      listIn(readYaml(files, folders.tokensFile, tokensNeeded, complain), 'tokens', folders.tokensFile, complain),
      complain,
    ),
    texts: textsOf(values, document, folders, files, complain),
    logLevel: text('INTAKE_LOG_LEVEL') as Settings['logLevel'],
  };
}

function textsOf(values: Values, document: Fields, folders: Settings['folders'], files: Files, complain: Complain): Settings['texts'] {
  const ms = (name: Env, unit: number): number => Math.round(Number(values.get(name)) * unit);
  const needed = values.origin('INTAKE_GATEWAYS_FILE') === 'default' ? null : 'INTAKE_GATEWAYS_FILE';
  const { gateways, centres, ...others } = readYaml(files, folders.gatewaysFile, needed, complain);
  for (const other of Object.keys(others)) complain(`${folders.gatewaysFile}: ${other} is not known here; only gateways and centres are`);
  return {
    numbers: {
      ...USUAL_NUMBERS,
      partsWithinMs: ms('INTAKE_TEXT_PARTS_HOURS', 3_600_000),
      repeatWithinMs: ms('INTAKE_TEXT_REPEAT_MINUTES', 60_000),
      waitForPartsMs: ms('INTAKE_TEXT_PARTS_WAIT_SECONDS', 1000),
      questionsAtMost: Number(values.get('INTAKE_TEXT_QUESTIONS')),
      automaticAtMost: Number(values.get('INTAKE_TEXT_AUTOMATIC')),
    },
    which: whichIn(fieldsOf(document['texts'])?.['threads'], complain),
    place: {
      poleDigits: (values.get('INTAKE_POLE_DIGITS') as readonly string[]).map(Number),
      platePattern: values.get('INTAKE_PLATE_PATTERN') as string | null,
      plainDatum: values.get('INTAKE_PLAIN_DATUM') as 'wgs-84' | 'gcj-02',
    },
    gateways: readGateways(gateways, files, complain),
    ways: readCentreWays(centres, files, complain),
  };
}

function whichIn(threads: unknown, complain: Complain): readonly WhichRule[] {
  if (threads === undefined || threads === null) return USUAL_WHICH;
  const checked = whichRulesOf(threads);
  if (checked.is === 'right') return checked.value;
  for (const complaint of checked.complaints) complain(`texts.threads: ${complaint}`);
  return USUAL_WHICH;
}

/** A wrong value has been complained of already: it is not missing as well. */
const wasGiven = (env: Environment, name: Env): boolean => [name, `${name}_FILE`].some((key) => (env[key]?.trim() ?? '') !== '');

function listIn(fields: Fields, key: string, path: string, complain: Complain): unknown {
  for (const other of Object.keys(fields)) if (other !== key) complain(`${path}: ${other} is not known here; only ${key} is`);
  return fields[key];
}

/** DISPATCH_WEBHOOK_URL and its companions are short for one sink. */
function shortcutSink(values: Values, complain: Complain): readonly SinkSettings[] {
  const secrets = values.get('DISPATCH_WEBHOOK_SECRET') as readonly string[] | null;
  if (values.get('DISPATCH_WEBHOOK_URL') === null) {
    if (secrets !== null) complain('DISPATCH_WEBHOOK_SECRET is set and DISPATCH_WEBHOOK_URL is not');
    return [];
  }
  const files: Files = { root: '', read: () => null };
  const sink = {
    name: 'dispatch',
    url: values.get('DISPATCH_WEBHOOK_URL'),
    format: values.get('DISPATCH_WEBHOOK_FORMAT'),
    allow_private: values.get('DISPATCH_WEBHOOK_ALLOW_PRIVATE'),
  };
  return readSinks([sink], files, complain).map((read) => ({ ...read, secrets: secrets ?? [] }));
}
