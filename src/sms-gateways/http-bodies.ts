/**
 * What a gateway over HTTP is handed, in its two forms: our own JSON, and the query of Kannel's `get-url`. Reads and complains; keeps
 * nothing and answers nobody.
 */
import type { DeliveryReport } from '../control/text-ports.ts';
import { fromRfc3339, instant } from '../kernel/instants.ts';
import type { Coding, PartHeader, TextHeard } from '../sms/text.ts';
import { splitUserData } from '../sms/user-data.ts';

export type Read<T> = { readonly is: 'right'; readonly value: T } | { readonly is: 'wrong'; readonly complaints: readonly string[] };

export const CODINGS: readonly Coding[] = ['gsm7', 'ascii', 'latin1', 'ucs2', 'gb18030', 'utf8', 'binary'];
const ID_MAX = 128;
const NUMBER_MAX = 64;
const OCTETS_MAX = 65_536;
const WORDS_MAX = 64;

const TEXT_FIELDS = ['id', 'from', 'to', 'text', 'octets', 'coding', 'part', 'sent_at'];
const PART_FIELDS = ['reference', 'width', 'total', 'number'];
const REPORT_FIELDS = ['id', 'outcome', 'words'];
const OUTCOMES = ['accepted', 'delivered', 'failed'] as const;

/**
 * `{ id, from, to, text }`, or `octets` (base64) with their `coding` in place of `text`, and `part` where it is a part of a long text.
 * `id`: the carrier's own name, the same when it is repeated.
 */
export function textInJson(body: unknown, gateway: string): Read<TextHeard> {
  const fields = fieldsIn(body);
  if (fields === null) return wrong(['the body must be a JSON object']);
  const complaints = unknownIn(fields, TEXT_FIELDS);
  const { id, from, to, text, octets, coding, part, sent_at: sentAt } = fields;
  if (!isText(id, 1, ID_MAX)) complaints.push(`id: a text of 1 to ${ID_MAX} characters, the same when the text is repeated`);
  if (!isText(from, 0, NUMBER_MAX)) complaints.push(`from: the sender, a text of at most ${NUMBER_MAX} characters`);
  if (!isText(to, 0, NUMBER_MAX)) complaints.push(`to: the number it was sent to, a text of at most ${NUMBER_MAX} characters`);
  if ((text === undefined) === (octets === undefined)) complaints.push('either text, or octets with their coding');
  if (text !== undefined && !isText(text, 0, OCTETS_MAX)) complaints.push(`text: at most ${OCTETS_MAX} characters`);
  if (octets !== undefined && !isBase64(octets)) complaints.push(`octets: base64 of at most ${OCTETS_MAX} octets`);
  if (octets !== undefined && !CODINGS.some((one) => one === coding)) complaints.push(`coding: one of ${CODINGS.join(', ')}`);
  if (octets === undefined && coding !== undefined) complaints.push('coding: only together with octets');
  if (part !== undefined && part !== null && partIn(part) === null) {
    complaints.push(`part: { ${PART_FIELDS.join(', ')} }, whole numbers; width is 8 or 16`);
  }
  const sent = sentAt === undefined || sentAt === null ? null : isText(sentAt, 1, NUMBER_MAX) ? fromRfc3339(sentAt) : undefined;
  if (sent === undefined || (sent === null && sentAt !== undefined && sentAt !== null)) complaints.push('sent_at: a moment of RFC 3339');
  if (complaints.length > 0) return wrong(complaints);
  const isPlain = typeof text === 'string';
  return right({
    gateway,
    carrierId: id as string,
    from: from as string,
    to: to as string,
    coding: isPlain ? 'utf8' : (coding as Coding),
    octets: isPlain ? Buffer.from(text, 'utf8') : Buffer.from(octets as string, 'base64'),
    part: partIn(part),
    sentAt: sent ?? null,
  });
}

/** `{ id, outcome, words }`: what became of the text that we sent under this id. */
export function reportInJson(body: unknown, gateway: string): Read<DeliveryReport> {
  const fields = fieldsIn(body);
  if (fields === null) return wrong(['the body must be a JSON object']);
  const complaints = unknownIn(fields, REPORT_FIELDS);
  const { id, outcome: given, words } = fields;
  const outcome = OUTCOMES.find((one) => one === given);
  if (!isText(id, 1, ID_MAX)) complaints.push(`id: a text of 1 to ${ID_MAX} characters`);
  if (outcome === undefined) complaints.push(`outcome: one of ${OUTCOMES.join(', ')}`);
  if (words !== undefined && !isText(words, 0, OCTETS_MAX)) complaints.push('words: a text');
  if (complaints.length > 0 || outcome === undefined) return wrong(complaints);
  return right({ gateway, carrierId: id as string, outcome, words: (isText(words, 0, OCTETS_MAX) ? words : outcome).slice(0, WORDS_MAX) });
}

/** Kannel's `%c`: 0 the GSM alphabet, 1 octets, 2 UCS-2. */
const KANNEL_CODINGS: Readonly<Record<string, Coding>> = { '0': 'gsm7', '1': 'binary', '2': 'ucs2' };
/** Character sets that Kannel names in `%C`, of a text it has decoded itself. */
const CHARSETS: Readonly<Record<string, Coding>> = {
  'utf-8': 'utf8',
  utf8: 'utf8',
  'utf-16be': 'ucs2',
  'iso-8859-1': 'latin1',
  'windows-1252': 'latin1',
  'us-ascii': 'ascii',
  gb18030: 'gb18030',
};
const DLR: Readonly<Record<string, DeliveryReport['outcome']>> = {
  '1': 'delivered',
  '2': 'failed',
  '4': 'accepted',
  '8': 'accepted',
  '16': 'failed',
};

/**
 * `id=%I&from=%p&to=%P&coding=%c&charset=%C&udh=%u&text=%b&at=%T`. The octets of `%b` stand in the query as they came over the air;
 * those of a text in the GSM alphabet Kannel has turned into its own character set, which `charset` names.
 */
export function textInQuery(query: ReadonlyMap<string, Buffer>, gateway: string): Read<TextHeard> {
  const word = (name: string): string => query.get(name)?.toString('utf8').trim() ?? '';
  const octets = query.get('text');
  const complaints: string[] = [];
  if (octets === undefined) complaints.push('text is missing (text=%b)');
  if (octets !== undefined && octets.length > OCTETS_MAX) complaints.push(`text: at most ${OCTETS_MAX} octets`);
  if (!query.has('from')) complaints.push('from is missing (from=%p)');
  if (!query.has('to')) complaints.push('to is missing (to=%P)');
  if (word('id').length > ID_MAX) complaints.push(`id: at most ${ID_MAX} characters`);
  if (word('from').length > NUMBER_MAX || word('to').length > NUMBER_MAX) complaints.push(`from, to: at most ${NUMBER_MAX} characters`);
  const coding = kannelCoding(word('coding'), word('charset'));
  if (coding === null) complaints.push(`coding: 0, 1 or 2, with a charset out of ${Object.keys(CHARSETS).join(', ')}`);
  if (complaints.length > 0 || octets === undefined || coding === null) return wrong(complaints);
  const header = query.get('udh') ?? Buffer.alloc(0);
  const { part } = header.length === 0 ? { part: null } : splitUserData(header);
  const at = /^\d{9,11}$/.test(word('at')) ? instant(Number(word('at')) * 1000) : null;
  return right({
    gateway,
    carrierId: word('id') === '' ? null : word('id'),
    from: word('from'),
    to: word('to'),
    coding,
    octets,
    part,
    sentAt: at,
  });
}

/** `id=…&status=%d&words=%A`, called back by Kannel for the id that we put into `dlr-url`. */
export function reportInQuery(query: ReadonlyMap<string, Buffer>, gateway: string): Read<DeliveryReport> {
  const word = (name: string): string => query.get(name)?.toString('utf8').trim() ?? '';
  const outcome = DLR[word('status')];
  const complaints: string[] = [];
  if (word('id') === '' || word('id').length > ID_MAX) complaints.push(`id: 1 to ${ID_MAX} characters`);
  if (outcome === undefined) complaints.push(`status: one of ${Object.keys(DLR).join(', ')} (status=%d)`);
  if (complaints.length > 0 || outcome === undefined) return wrong(complaints);
  return right({
    gateway,
    carrierId: word('id'),
    outcome,
    words: word('words') === '' ? `dlr ${word('status')}` : word('words').slice(0, WORDS_MAX),
  });
}

/** The fields of a query as octets: a text in UCS-2 is no UTF-8. The first of a name counts. */
export function octetsOfQuery(query: string): ReadonlyMap<string, Buffer> {
  const fields = new Map<string, Buffer>();
  for (const pair of query.split('&')) {
    const at = pair.indexOf('=');
    const name = unescaped(at === -1 ? pair : pair.slice(0, at)).toString('utf8');
    if (name !== '' && !fields.has(name)) fields.set(name, unescaped(at === -1 ? '' : pair.slice(at + 1)));
  }
  return fields;
}

const unescaped = (text: string): Buffer =>
  Buffer.from(
    text.replaceAll('+', ' ').replaceAll(/%([0-9A-Fa-f]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16))),
    'latin1',
  );

function kannelCoding(coding: string, charset: string): Coding | null {
  const over = KANNEL_CODINGS[coding === '' ? '0' : coding];
  if (over === undefined) return null;
  if (over !== 'gsm7') return over;
  return CHARSETS[charset === '' ? 'utf-8' : charset.toLowerCase()] ?? null;
}

function partIn(value: unknown): PartHeader | null {
  const fields = fieldsIn(value);
  if (fields === null || Object.keys(fields).some((key) => !PART_FIELDS.includes(key))) return null;
  const { reference, width, total, number } = fields;
  if (!isWhole(reference) || !isWhole(total) || !isWhole(number) || (width !== 8 && width !== 16)) return null;
  return { reference, width, total, number };
}

const isWhole = (value: unknown): value is number => typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= 65_535;
const isText = (value: unknown, least: number, most: number): value is string =>
  typeof value === 'string' && value.length >= least && value.length <= most;
const isBase64 = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= (OCTETS_MAX * 4) / 3 + 4 && /^[A-Za-z0-9+/]*={0,2}$/.test(value) && value.length % 4 === 0;

const fieldsIn = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : null;

const unknownIn = (fields: Readonly<Record<string, unknown>>, known: readonly string[]): string[] =>
  Object.keys(fields).flatMap((key) => (known.includes(key) ? [] : [`${key.slice(0, 40)}: no such field; there are ${known.join(', ')}`]));

const wrong = (complaints: readonly string[]): { readonly is: 'wrong'; readonly complaints: readonly string[] } => ({
  is: 'wrong',
  complaints,
});
const right = <T>(value: T): { readonly is: 'right'; readonly value: T } => ({ is: 'right', value });
