/**
 * Reads the gateways that texts come in and go out by, and the ways to other centres: one group of settings for each, its fields by its
 * kind. Complains of every wrong field and every unknown one. Opens nothing.
 */
import { createHash } from 'node:crypto';
import { Type } from 'typebox';
import { entries, flag, list, name, number, oneOf, readEntry, text, whole, type Field, type Read } from './entries.ts';
import { host, httpUrl, port } from './forms.ts';
import type { CentreWay, CmppGateway, GatewaySettings, HttpGateway, HttpWayOut, Reconnecting, SmppGateway } from './gateway-settings.ts';
import { fieldsOf, readFile, type Complain, type Fields, type Files } from './reading.ts';
import { isWebhookSecret } from './shapes.ts';

const KINDS = ['smpp', 'cmpp', 'http', 'sip'] as const;

const path = { schema: Type.String({ minLength: 1 }), must: 'a path', fallback: null };
const paths = { ...list(Type.String({ minLength: 1 }), 2, 'one or two paths'), fallback: null };
const seconds = (minimum: number, maximum: number, fallback: number) => ({ ...number(minimum, maximum), fallback });
const letters = (most: number) => ({
  schema: Type.String({ pattern: `^[\\x21-\\x7e]{1,${most}}$` }),
  must: `1 to ${most} printable characters`,
});

const RECONNECTING = {
  answer_within_seconds: seconds(0.1, 60, 8),
  reconnect_first_seconds: seconds(0.05, 60, 0.5),
  reconnect_most_seconds: seconds(0.1, 600, 10),
  refused_retry_seconds: seconds(0.1, 3600, 30),
};

const FIELDS = {
  smpp: {
    name,
    kind: oneOf('smpp'),
    host,
    port: { ...port, fallback: 2775 },
    system_id: letters(15),
    password_file: { ...path, fallback: undefined },
    system_type: { ...letters(12), fallback: '' },
    tls: { ...flag, fallback: false },
    ca_file: path,
    window: { ...whole(1, 1000), fallback: 10 },
    enquire_link_seconds: seconds(0.1, 600, 10),
    default_alphabet: { ...oneOf('gsm7', 'latin1', 'ascii'), fallback: 'gsm7' },
    hex_ids: { ...oneOf('nowhere', 'answers', 'reports'), fallback: 'nowhere' },
    ...RECONNECTING,
  },
  cmpp: {
    name,
    kind: oneOf('cmpp'),
    host,
    port: { ...port, fallback: 7890 },
    version: { ...oneOf('2.0', '3.0'), fallback: '2.0' },
    source_address: { schema: Type.String({ pattern: '^[A-Za-z0-9]{1,6}$' }), must: '1 to 6 letters and digits, in quotes' },
    secret_file: { ...path, fallback: undefined },
    service_id: { ...letters(10), fallback: '110' },
    window: { ...whole(1, 1000), fallback: 16 },
    active_test_seconds: seconds(0.1, 600, 30),
    ...RECONNECTING,
  },
  http: {
    name,
    kind: oneOf('http'),
    host: { ...host, fallback: '127.0.0.1' },
    port,
    token_file: path,
    secret_files: paths,
    drain_seconds: seconds(0.1, 60, 5),
    send: { schema: Type.Object({}, { additionalProperties: true }), must: 'a group of settings', fallback: null },
  },
  sip: { name, kind: oneOf('sip') },
} satisfies Record<(typeof KINDS)[number], Record<string, Field>>;

const SEND = {
  form: { ...oneOf('json', 'kannel'), fallback: 'json' },
  url: httpUrl,
  token_file: path,
  secret_files: paths,
  user: { ...text, fallback: null },
  password_file: path,
  report_url: { schema: Type.String({ pattern: '^https?://\\S+\\{id\\}\\S*$' }), must: 'an http address with {id} in it', fallback: null },
  answer_within_seconds: seconds(0.1, 60, 8),
} satisfies Record<string, Field>;

const CENTRE = {
  code: { schema: Type.String({ pattern: '^[0-9]{6}$' }), must: 'the six digits of an administrative division, in quotes' },
  url: httpUrl,
  secret_files: paths,
  answer_within_seconds: seconds(0.1, 60, 8),
} satisfies Record<string, Field>;

export function readGateways(value: unknown, files: Files, complain: Complain): readonly GatewaySettings[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) {
    complain('gateways must be a list');
    return [];
  }
  const gateways = (value as readonly unknown[]).flatMap(
    (entry, at) => readGateway(`gateways[${at + 1}]`, fieldsOf(entry), files, complain) ?? [],
  );
  const names = gateways.map((gateway) => gateway.name);
  for (const twice of new Set(names.filter((one, at) => names.indexOf(one) < at))) complain(`gateways: two of them are called ${twice}`);
  if (gateways.filter(({ kind }) => kind === 'sip').length > 1) complain('gateways: there is one trunk, and so at most one of kind sip');
  return gateways;
}

function readGateway(where: string, given: Fields | null, files: Files, complain: Complain): GatewaySettings | null {
  const kind = KINDS.find((one) => one === given?.['kind']);
  if (given === null || kind === undefined) {
    complain(`${where} must be a group of settings with a kind, one of ${KINDS.join(', ')}`);
    return null;
  }
  switch (kind) {
    case 'smpp':
      return when(readEntry(where, given, FIELDS.smpp, complain), (read) => smpp(where, read, files, complain));
    case 'cmpp':
      return when(readEntry(where, given, FIELDS.cmpp, complain), (read) => cmpp(where, read, files, complain));
    case 'http':
      return when(readEntry(where, given, FIELDS.http, complain), (read) => http(where, read, files, complain));
    case 'sip':
      return when(readEntry(where, given, FIELDS.sip, complain), (read) => ({ kind, name: String(read.name) }));
  }
}

const when = <T, R>(read: T | null, then: (read: T) => R): R | null => (read === null ? null : then(read));
const ms = (value: unknown): number => Math.round(Number(value) * 1000);

function smpp(where: string, read: Read<typeof FIELDS.smpp>, files: Files, complain: Complain): SmppGateway {
  return {
    kind: 'smpp',
    name: String(read.name),
    host: String(read.host),
    port: Number(read.port),
    systemId: String(read.system_id),
    password: secretIn(files, read.password_file, `${where}.password_file`, complain) ?? '',
    systemType: String(read.system_type),
    tls: read.tls === true,
    ca: read.ca_file === null ? null : readFile(files, read.ca_file as string, `${where}.ca_file`, complain),
    window: Number(read.window),
    enquireLinkMs: ms(read.enquire_link_seconds),
    defaultAlphabet: read.default_alphabet as SmppGateway['defaultAlphabet'],
    hexIds: read.hex_ids as SmppGateway['hexIds'],
    ...reconnecting(read),
  };
}

function cmpp(where: string, read: Read<typeof FIELDS.cmpp>, files: Files, complain: Complain): CmppGateway {
  return {
    kind: 'cmpp',
    name: String(read.name),
    host: String(read.host),
    port: Number(read.port),
    version: read.version as CmppGateway['version'],
    sourceAddress: String(read.source_address),
    secret: secretIn(files, read.secret_file, `${where}.secret_file`, complain) ?? '',
    serviceId: String(read.service_id),
    window: Number(read.window),
    activeTestMs: ms(read.active_test_seconds),
    ...reconnecting(read),
  };
}

const reconnecting = (read: Read<typeof RECONNECTING>): Reconnecting => ({
  answerWithinMs: ms(read.answer_within_seconds),
  reconnectFirstMs: ms(read.reconnect_first_seconds),
  reconnectMostMs: ms(read.reconnect_most_seconds),
  refusedRetryMs: ms(read.refused_retry_seconds),
});

function http(where: string, read: Read<typeof FIELDS.http>, files: Files, complain: Complain): HttpGateway {
  const token = secretIn(files, read.token_file, `${where}.token_file`, complain);
  const secrets = webhookSecrets(files, read.secret_files, `${where}.secret_files`, complain);
  if (read.token_file === null && read.secret_files === null) complain(`${where} needs token_file or secret_files: nobody could be let in`);
  const given = read.send === null ? null : readEntry(`${where}.send`, read.send as Fields, SEND, complain);
  return {
    kind: 'http',
    name: String(read.name),
    host: String(read.host),
    port: Number(read.port),
    tokenSha256: token === null ? null : createHash('sha256').update(token, 'utf8').digest('hex'),
    secrets,
    drainMs: ms(read.drain_seconds),
    out: when(given, (send) => wayOut(`${where}.send`, send, files, complain)),
  };
}

function wayOut(where: string, send: Read<typeof SEND>, files: Files, complain: Complain): HttpWayOut {
  if (send.form === 'kannel' && (send.user === null || send.password_file === null))
    complain(`${where}: kannel needs user and password_file`);
  return {
    form: send.form as HttpWayOut['form'],
    url: String(send.url),
    secrets: webhookSecrets(files, send.secret_files, `${where}.secret_files`, complain),
    token: secretIn(files, send.token_file, `${where}.token_file`, complain),
    user: send.user as string | null,
    password: secretIn(files, send.password_file, `${where}.password_file`, complain),
    reportUrl: send.report_url as string | null,
    answerWithinMs: ms(send.answer_within_seconds),
  };
}

export function readCentreWays(value: unknown, files: Files, complain: Complain): readonly CentreWay[] {
  return entries('centres', value, CENTRE, complain).map((centre) => {
    const where = `centre ${String(centre.code)}`;
    const secrets = webhookSecrets(files, centre.secret_files, `${where}: secret_files`, complain);
    if (centre.secret_files === null) complain(`${where}: secret_files is missing; what goes there is signed`);
    return { code: String(centre.code), url: String(centre.url), secrets, answerWithinMs: ms(centre.answer_within_seconds) };
  });
}

/** Never shown, whatever is wrong with it. */
function secretIn(files: Files, from: unknown, where: string, complain: Complain): string | null {
  if (typeof from !== 'string') return null;
  const secret = readFile(files, from, where, complain)?.trim() ?? null;
  if (secret === null) return null;
  if (/^[\x21-\x7e]{1,512}$/.test(secret)) return secret;
  complain(`${where} must hold 1 to 512 printable characters without spaces`);
  return null;
}

function webhookSecrets(files: Files, from: unknown, where: string, complain: Complain): readonly string[] {
  const secrets = ((from ?? []) as readonly string[]).flatMap((one) => readFile(files, one, where, complain)?.trim() ?? []);
  for (const secret of secrets) if (!isWebhookSecret(secret)) complain(`${where} must hold whsec_ and the base64 of 24 to 64 bytes`);
  return secrets.filter(isWebhookSecret);
}
