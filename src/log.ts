/**
 * The log: one JSON object a line, the call first, then what it is about, then the words. Never a secret and never a whole phone
 * number: names that hold secrets are replaced, and runs of digits are starred in every text except ids and instants.
 */
import pino, { type DestinationStream } from 'pino';
import type { Log } from './control/ports.ts';
import { maskDigits } from './kernel/phone-numbers.ts';

export type LogLevel = 'debug' | 'info' | 'warn' | 'error' | 'silent';

const CENSORED = '[secret]';
/** In any spelling: apiToken, api_token, x-api-token. */
const SECRET = /(password|passwd|secret|token|authorization|cookie|signature|credential|apikey|sha256)/i;
/** Names of ids: they hold many digits and are no phone numbers. Instants are numbers of 13 digits, told apart by their names too. */
const PLAIN =
  /^(call|callTaker|incident|thread|id|handover|channel|bridge|playback|recording|pid|port|revision|ticket|attempt|utterance|version|.*(At|Ms|Seconds|Id)|at|until|since|time)$/;
/** Addresses may hold a password before the host or a secret after the question mark. */
const CREDENTIALS = /\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi;
const QUERY_SECRETS = /([?&][^=&\s]*(?:key|token|secret|password)[^=&\s]*=)[^&\s]+/gi;
const BEARER = /\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+/gi;
const WEBHOOK_SECRET = /whsec_[A-Za-z0-9+/=]+/g;
const DEEPEST = 6;

/** A text without secrets and without whole phone numbers. */
export const discreet = (text: string): string => maskDigits(withoutSecrets(text));

const withoutSecrets = (text: string): string =>
  text
    .replaceAll(CREDENTIALS, `$1${CENSORED}@`)
    .replaceAll(QUERY_SECRETS, `$1${CENSORED}`)
    .replaceAll(BEARER, `$1 ${CENSORED}`)
    .replaceAll(WEBHOOK_SECRET, CENSORED);

/** A copy for the log, the call first. What is too deep or goes round in circles is cut off. */
export function discreetAbout(about: object): Readonly<Record<string, unknown>> {
  const copy = censored('', about, DEEPEST) as Record<string, unknown>;
  return 'call' in copy ? { call: copy['call'], ...copy } : copy;
}

function censored(name: string, value: unknown, depth: number): unknown {
  if (SECRET.test(name.replaceAll(/[-_]/g, '')) && value !== null && value !== undefined) return CENSORED;
  switch (typeof value) {
    case 'string':
      return PLAIN.test(name) && !/^\+?\d{7,}$/.test(value) ? withoutSecrets(value) : discreet(value);
    case 'number':
    case 'bigint':
      return PLAIN.test(name) ? Number(value) : maskedNumber(value);
    case 'object':
      return value === null ? null : censoredObject(value, name, depth);
    case 'boolean':
    case 'undefined':
      return value;
    case 'function':
    case 'symbol':
      return `[${typeof value}]`;
  }
}

/** Seven digits and more could be a phone number that was read as a number. */
const maskedNumber = (value: number | bigint): unknown => (/\d{7,}/.test(String(value)) ? maskDigits(String(value)) : Number(value));

function censoredObject(value: object, name: string, depth: number): unknown {
  if (depth === 0) return '[deeper]';
  if (value instanceof Error) return censoredError(value, depth);
  if (value instanceof Date) return value;
  if (Array.isArray(value)) return value.map((part: unknown) => censored(name, part, depth - 1));
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, censored(key, part, depth - 1)]));
}

function censoredError(error: Error, depth: number): unknown {
  return {
    name: error.name,
    message: discreet(error.message),
    stack: withoutSecrets(error.stack ?? '').replace(error.message, discreet(error.message)),
    ...(error.cause === undefined ? {} : { cause: censored('cause', error.cause, depth - 1) }),
  };
}

/** pino begins every line with the level and the time; the call, which follows them where there is one, goes before. */
const CALL_LATER = /^\{("level":"\w+","time":"[^"]+"),("call":(?:null|"(?:[^"\\]|\\.)*"))/;

export interface LogSettings {
  readonly level: LogLevel;
  /** Standard output unless said. */
  readonly to?: DestinationStream;
}

export function openLog({ level, to = pino.destination(1) }: LogSettings): Log {
  const log = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      messageKey: 'words',
      formatters: { level: (label) => ({ level: label }) },
      serializers: { err: (error: unknown) => error },
    },
    { write: (line: string) => to.write(line.replace(CALL_LATER, '{$2,$1')) },
  );
  const say = (how: Exclude<LogLevel, 'silent'>) => (about: object, words: string) => {
    if (log.isLevelEnabled(how)) log[how](discreetAbout(about instanceof Error ? { err: about } : about), discreet(words));
  };
  return { debug: say('debug'), info: say('info'), warn: say('warn'), error: say('error') };
}
