/**
 * Every setting that is one value: its name in the environment, its place in config/intake.yaml, its default, what it must be and
 * what it is for. The README's table is made from this one. Never reads anything.
 */
import { Type, type TSchema } from 'typebox';
import { isAddress, isHost, isTimeZone, isUrl, isWebhookSecret } from './shapes.ts';

export interface Setting {
  readonly env: string;
  /** Path in config/intake.yaml, keys joined by dots; `null`: only by environment. */
  readonly yaml: string | null;
  /** As one would write it; `null`: none. */
  readonly fallback: string | number | boolean | readonly string[] | null;
  readonly schema: TSchema;
  /** "must be …", in plain words. */
  readonly must: string;
  readonly says: string;
  /** Never shown; may also come from the file named by `<env>_FILE`. */
  readonly secret?: true;
  /** Read by the set-up and the launcher, not by the engine. */
  readonly setUp?: true;
}

const port = { schema: Type.Integer({ minimum: 1, maximum: 65_535 }), must: 'a port, 1 to 65535' };
const host = {
  schema: Type.Refine(Type.String(), (text) => isHost(text)),
  must: 'an IP address or a host name',
};
const word = { schema: Type.String({ pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$' }), must: '1 to 32 letters, digits, - or _' };
const text = { schema: Type.String({ minLength: 1, maxLength: 4096 }), must: 'a text' };
const password = {
  schema: Type.String({ pattern: '^[\\x21-\\x7e]{8,128}$' }),
  must: '8 to 128 printable ASCII characters without spaces',
};
const httpUrl = { schema: Type.Refine(Type.String(), (text) => isUrl(text, ['http:', 'https:'])), must: 'an http:// or https:// address' };
const seconds = (minimum: number, maximum: number) => ({
  schema: Type.Number({ minimum, maximum }),
  must: `${minimum} to ${maximum} seconds`,
});
const listOf = (schema: TSchema, must: string) => ({ schema: Type.Array(schema, { minItems: 1, uniqueItems: true }), must });
const oneOf = <T extends string>(...words: readonly T[]) => ({
  schema: Type.Union(words.map((choice) => Type.Literal(choice))),
  must: `one of ${words.join(', ')}`,
});

export const LOG_LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

export const TABLE = [
  { env: 'INTAKE_CONFIG', yaml: null, fallback: 'config/intake.yaml', ...text, says: "The centre's settings file; read when it is there" },
  {
    env: 'INTAKE_INSTANCE',
    yaml: 'instance',
    fallback: '1',
    ...word,
    says: 'Name of this controller; its Stasis application is intake-<instance>',
  },
  {
    env: 'INTAKE_CENTRE_CODE',
    yaml: 'centre.code',
    fallback: '230100',
    schema: Type.String({ pattern: '^[0-9]{6}$' }),
    must: 'the six digits of an administrative division, in quotes',
    says: 'Administrative division of the centre',
  },
  { env: 'INTAKE_CENTRE_NAME', yaml: 'centre.name', fallback: '哈尔滨市', ...text, says: 'Name of the centre' },
  {
    env: 'INTAKE_TIME_ZONE',
    yaml: 'centre.time_zone',
    fallback: 'Asia/Shanghai',
    schema: Type.Refine(Type.String(), (zone) => isTimeZone(zone)),
    must: 'an IANA time zone, such as Asia/Shanghai',
    says: 'Time zone of the centre',
  },
  {
    env: 'INTAKE_AGENCY',
    yaml: 'centre.agency',
    fallback: 'intake110.invalid',
    schema: Type.String({ pattern: '^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$' }),
    must: 'a domain name in small letters',
    says: "The centre's domain in EIDO documents",
  },
  { env: 'INTAKE_HTTP_HOST', yaml: 'http.host', fallback: '127.0.0.1', ...host, says: 'Address the API listens on' },
  { env: 'INTAKE_HTTP_PORT', yaml: 'http.port', fallback: 8110, ...port, says: 'Port of the API' },
  {
    env: 'INTAKE_SIP_HOST',
    yaml: 'sip.host',
    fallback: '127.0.0.1',
    ...host,
    says: 'Address Asterisk listens on for the trunk and the phones',
  },
  { env: 'INTAKE_SIP_PORT', yaml: 'sip.port', fallback: 5060, ...port, says: 'SIP port (UDP)' },
  { env: 'INTAKE_RTP_FROM', yaml: 'sip.rtp_from', fallback: 10_000, ...port, says: 'First port for sound (UDP)' },
  { env: 'INTAKE_RTP_TO', yaml: 'sip.rtp_to', fallback: 11_999, ...port, says: 'Last port for sound (UDP)' },
  {
    env: 'INTAKE_TRUNK_ADDRESSES',
    yaml: 'sip.trunk_addresses',
    fallback: ['127.0.0.1'],
    ...listOf(
      Type.Refine(Type.String(), (text) => isAddress(text)),
      'IP addresses, each with or without /bits',
    ),
    says: 'Where calls of the public may come from',
  },
  {
    env: 'INTAKE_EMERGENCY_NUMBERS',
    yaml: 'sip.emergency_numbers',
    fallback: ['110'],
    ...listOf(Type.String({ pattern: '^[0-9]{2,15}$' }), 'numbers of 2 to 15 digits, in quotes'),
    says: 'Called numbers that are emergency calls',
  },
  { env: 'INTAKE_ARI_URL', yaml: 'ari.url', fallback: 'http://127.0.0.1:8088/ari', ...httpUrl, says: "Asterisk's REST interface" },
  { env: 'INTAKE_ARI_USER', yaml: 'ari.user', fallback: 'intake', ...word, says: 'ARI user' },
  { env: 'INTAKE_ARI_PASSWORD', yaml: null, fallback: null, ...password, secret: true, says: 'ARI password; `npm start` makes its own' },
  {
    env: 'INTAKE_AMI',
    yaml: 'ami.use',
    fallback: false,
    schema: Type.Boolean(),
    must: 'yes or no',
    says: 'Whether the manager interface is listened to',
  },
  { env: 'INTAKE_AMI_HOST', yaml: 'ami.host', fallback: '127.0.0.1', ...host, says: "Asterisk's manager interface" },
  { env: 'INTAKE_AMI_PORT', yaml: 'ami.port', fallback: 5038, ...port, says: 'Its port' },
  { env: 'INTAKE_AMI_USER', yaml: 'ami.user', fallback: 'intake', ...word, says: 'AMI user; needs no right to write' },
  { env: 'INTAKE_AMI_PASSWORD', yaml: null, fallback: null, ...password, secret: true, says: 'AMI password' },
  {
    env: 'REDIS_URL',
    yaml: 'redis.url',
    fallback: 'redis://127.0.0.1:6379',
    schema: Type.Refine(Type.String(), (text) => isUrl(text, ['redis:', 'rediss:'])),
    must: 'a redis:// or rediss:// address',
    secret: true,
    says: 'Redis with appendfsync always; `npm start` runs its own unless this is set',
  },
  { env: 'REDIS_PASSWORD', yaml: null, fallback: null, ...password, secret: true, says: 'Redis password' },
  {
    env: 'INTAKE_STATE_DIR',
    yaml: 'folders.state',
    fallback: null,
    ...text,
    says: 'Records, recordings and secrets; ${XDG_STATE_HOME:-~/.local/state}/intake110 unless set',
  },
  { env: 'INTAKE_RECORDINGS_DIR', yaml: 'folders.recordings', fallback: null, ...text, says: 'Recordings; <state>/recordings unless set' },
  {
    env: 'INTAKE_FALLBACK_DIR',
    yaml: 'folders.fallback_spool',
    fallback: null,
    ...text,
    says: 'Records of calls served without a controller; <state>/fallback unless set',
  },
  { env: 'INTAKE_PROMPTS_DIR', yaml: 'folders.prompts', fallback: 'prompts', ...text, says: 'The manifest of prompts and the recordings' },
  {
    env: 'INTAKE_CALL_TAKERS_FILE',
    yaml: 'folders.call_takers_file',
    fallback: 'config/call-takers.yaml',
    ...text,
    says: 'Who the call takers are',
  },
  {
    env: 'INTAKE_TOKENS_FILE',
    yaml: 'folders.tokens_file',
    fallback: null,
    ...text,
    says: 'Who may use the API, with hashes of the tokens; <state>/tokens.yaml unless set',
  },
  {
    env: 'INTAKE_LANGUAGES',
    yaml: 'languages',
    fallback: ['zh'],
    ...listOf(Type.String({ pattern: '^[a-z]{2,3}$' }), 'language tags such as zh'),
    says: 'Languages the prompts are spoken in; the first is the default',
  },
  {
    env: 'INTAKE_ARRIVE_WITHIN_SECONDS',
    yaml: 'rules.arrive_within_seconds',
    fallback: 10,
    ...seconds(1, 60),
    says: 'How long Asterisk may take to hand over a new caller',
  },
  {
    env: 'INTAKE_GREETING_MAX_SECONDS',
    yaml: 'rules.greeting_max_seconds',
    fallback: 30,
    ...seconds(1, 120),
    says: 'The greeting is over after this, whatever Asterisk says',
  },
  {
    env: 'INTAKE_PATIENCE_EVERY_SECONDS',
    yaml: 'rules.patience_every_seconds',
    fallback: 20,
    ...seconds(3, 600),
    says: 'From the end of one patience prompt to the next',
  },
  {
    env: 'INTAKE_PROMPT_MAX_SECONDS',
    yaml: 'rules.prompt_max_seconds',
    fallback: 60,
    ...seconds(1, 300),
    says: 'A patience prompt is over after this, whatever Asterisk says',
  },
  { env: 'INTAKE_RING_SECONDS', yaml: 'rules.ring_seconds', fallback: 15, ...seconds(1, 120), says: "How long a call taker's phone rings" },
  {
    env: 'INTAKE_AFTER_CALL_SECONDS',
    yaml: 'rules.after_call_seconds',
    fallback: 0,
    ...seconds(0, 3600),
    says: 'Time to finish the record after a conversation; 0 is none',
  },
  {
    env: 'INTAKE_WAIT_SAMPLES',
    yaml: 'rules.wait_samples',
    fallback: 30,
    schema: Type.Integer({ minimum: 5, maximum: 10_000 }),
    must: 'a whole number, 5 to 10000',
    says: 'No wait is told before this many conversations were measured',
  },
  {
    env: 'DISPATCH_WEBHOOK_URL',
    yaml: null,
    fallback: null,
    ...httpUrl,
    says: "Short for one sink named 'dispatch'; more of them stand in the settings file under dispatch",
  },
  {
    env: 'DISPATCH_WEBHOOK_SECRET',
    yaml: null,
    fallback: null,
    ...listOf(
      Type.Refine(Type.String(), (text) => isWebhookSecret(text)),
      'whsec_ and the base64 of 24 to 64 bytes; two of them, with a comma, while one is changed',
    ),
    secret: true,
    says: 'Signing secret of that sink (Standard Webhooks)',
  },
  { env: 'DISPATCH_WEBHOOK_FORMAT', yaml: null, fallback: 'intake', ...oneOf('intake', 'eido'), says: 'Body of that sink' },
  {
    env: 'DISPATCH_WEBHOOK_ALLOW_PRIVATE',
    yaml: null,
    fallback: false,
    schema: Type.Boolean(),
    must: 'yes or no',
    says: 'Whether that sink may be at a private or loopback address',
  },
  { env: 'INTAKE_LOG_LEVEL', yaml: 'log.level', fallback: 'info', ...oneOf(...LOG_LEVELS), says: 'How much is logged' },
  {
    env: 'INTAKE_CACHE_DIR',
    yaml: null,
    fallback: null,
    ...text,
    setUp: true,
    says: 'Where Asterisk, Redis and SIPp are fetched to; ${XDG_CACHE_HOME:-~/.cache}/intake110 unless set',
  },
  {
    env: 'INTAKE_RUNTIME',
    yaml: null,
    fallback: null,
    ...text,
    setUp: true,
    says: 'A folder with bin/asterisk, bin/redis-server … to be used as it is',
  },
  {
    env: 'INTAKE_SYSTEM_RUNTIME',
    yaml: null,
    fallback: false,
    schema: Type.Boolean(),
    must: 'yes or no',
    setUp: true,
    says: "Use the system's own Asterisk, Redis and SIPp where they are new enough",
  },
] as const satisfies readonly Setting[];

export type Env = (typeof TABLE)[number]['env'];
