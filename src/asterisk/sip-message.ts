/**
 * A SIP MESSAGE (RFC 3428) as Asterisk hands it on, in its two copies: the event of ARI, and the record that the dialplan writes. Both
 * become the same text under the same name. Pure, and never throws: whatever a sender puts into a header is a sender's good right.
 */
import { createHash } from 'node:crypto';
import type { Instant } from '../kernel/instants.ts';
import { instant } from '../kernel/instants.ts';
import type { Coding, TextHeard } from '../sms/text.ts';

/** Headers as they stood in the request; '' where there was none. */
export interface SipMessage {
  readonly from: string;
  readonly to: string;
  /** P-Asserted-Identity (RFC 3325): the network's own word on who sends. */
  readonly asserted: string;
  readonly callId: string;
  readonly contentType: string;
  /** What the sender says the body has; Asterisk hands on none at all where it has more than 1,023 octets. */
  readonly contentLength: number | null;
  readonly octets: Uint8Array;
  /** When Asterisk wrote it down; `null` where it did not. */
  readonly receivedAt: Instant | null;
}

/** Of a header; the dialplan cuts at the same place, so that both copies say the same. */
const HEADER_MAX = 300;
const CALL_ID_MAX = 200;
const CONTENT_TYPE_MAX = 100;
const NUMBER_MAX = 64;
/** Longer names, and those with odd characters, are told apart by their digest. */
const PLAIN_CALL_ID = /^[\x21-\x7e]{1,100}$/;

const CHARSETS: Readonly<Record<string, Coding>> = {
  'us-ascii': 'ascii',
  'iso-8859-1': 'latin1',
  'utf-16be': 'ucs2',
  gb2312: 'gb18030',
  gbk: 'gb18030',
  gb18030: 'gb18030',
};

/** `null` where the event is no TextMessageReceived. */
export function messageInEvent(raw: unknown): SipMessage | null {
  const event = fieldsIn(raw);
  const message = fieldsIn(event?.['message']);
  if (event?.['type'] !== 'TextMessageReceived' || message === null) return null;
  const variables = fieldsIn(message['variables']) ?? {};
  const word = (name: string): string => textOf(variables[name]);
  return {
    from: textOf(message['from']).slice(0, HEADER_MAX),
    to: word('To').slice(0, HEADER_MAX),
    asserted: word('P-Asserted-Identity').slice(0, HEADER_MAX),
    callId: word('Call-ID').slice(0, CALL_ID_MAX),
    contentType: word('Content-Type').slice(0, CONTENT_TYPE_MAX),
    contentLength: lengthIn(word('Content-Length')),
    octets: Buffer.from(textOf(message['body']), 'utf8'),
    receivedAt: null,
  };
}

/** One line of JSON, every text in it base64; `null` where it is not whole. */
export function messageInRecord(line: string): SipMessage | null {
  const record = fieldsIn(parsed(line));
  if (record?.['whole'] !== true) return null;
  const octets = octetsIn(record['body']);
  const [from, to, asserted, callId, contentType, contentLength] = ['from', 'to', 'asserted', 'callId', 'contentType', 'contentLength'].map(
    (name) => octetsIn(record[name])?.toString('utf8') ?? null,
  );
  const at = record['receivedAt'];
  if (octets === null || typeof at !== 'number' || !Number.isSafeInteger(at) || at <= 0) return null;
  if (from == null || to == null || asserted == null || callId == null || contentType == null || contentLength == null) return null;
  return { from, to, asserted, callId, contentType, contentLength: lengthIn(contentLength), octets, receivedAt: instant(at) };
}

export function textIn(message: SipMessage, gateway: string): TextHeard {
  const asserted = message.asserted === '' ? '' : numberIn(firstAddress(message.asserted));
  return {
    gateway,
    carrierId: nameOf(message),
    from: asserted === '' ? numberIn(lastAddress(message.from)) : asserted,
    to: numberIn(lastAddress(message.to)),
    coding: codingOf(message),
    octets: message.octets,
    part: null,
    sentAt: message.receivedAt,
  };
}

/**
 * A repeated request has the same Call-ID. A sender that gives all its texts one Call-ID and only counts them must not lose any: what
 * the text says is a part of its name.
 */
function nameOf({ callId, octets }: SipMessage): string {
  const digest = (what: string | Uint8Array): string => createHash('sha256').update(what).digest('hex');
  return `${PLAIN_CALL_ID.test(callId) ? callId : digest(callId)} ${digest(octets).slice(0, 16)}`;
}

/**
 * The character set that is named, else UTF-8, which RFC 3428 asks for. What is no UTF-8 is read as GB18030 where it can be, the
 * likeliest of what else is written here; one that only breaks off in the middle of a sign is UTF-8 all the same. A body that Asterisk
 * did not hand on cannot be read.
 */
function codingOf({ contentType, contentLength, octets }: SipMessage): Coding {
  if (octets.length === 0 && contentLength !== null && contentLength > 0) return 'binary';
  const charset = /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType)?.[1]?.toLowerCase() ?? 'utf-8';
  if (charset !== 'utf-8' && charset !== 'utf8') return CHARSETS[charset] ?? 'binary';
  if (isText('utf-8', octets)) return 'utf8';
  if ([1, 2, 3].some((end) => octets.length > end && isText('utf-8', octets.subarray(0, -end)) && isLead(octets.at(-end)))) return 'utf8';
  return isText('gb18030', octets) ? 'gb18030' : 'latin1';
}

const isLead = (octet: number | undefined): boolean => octet !== undefined && octet >= 0xc2 && octet <= 0xf4;

function isText(label: string, octets: Uint8Array): boolean {
  try {
    new TextDecoder(label, { fatal: true }).decode(octets);
    return true;
  } catch {
    return false;
  }
}

/** A name in quotes may say anything; the address stands in the last brackets behind it. */
const withoutNames = (header: string): string => header.replaceAll(/"(?:[^"\\]|\\.)*"/g, '');
const lastAddress = (header: string): string => /[\s\S]*<([^<>]*)/.exec(withoutNames(header))?.[1] ?? withoutNames(header);
/** A list may name a `sip:` and a `tel:` of the same sender. */
const firstAddress = (header: string): string => /<([^<>]*)/.exec(withoutNames(header))?.[1] ?? withoutNames(header);

/** `13800000078` of `sip:13800000078@host`, `tel:13800000078;phone-context=+86`; '' where the address names nobody. */
function numberIn(address: string): string {
  const rest = /^\s*(?:sips?|tel):([\s\S]*)$/i.exec(address)?.[1] ?? '';
  const isTel = /^\s*tel:/i.test(address);
  const at = rest.lastIndexOf('@');
  if (!isTel && at === -1) return '';
  const name = (at === -1 ? rest : rest.slice(0, at)).split(';')[0] ?? '';
  return unescaped(name.replace(/:.*$/s, '')).trim().slice(0, NUMBER_MAX);
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

const lengthIn = (word: string): number | null => (/^\s*\d{1,9}\s*$/.test(word) ? Number(word) : null);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const octetsIn = (value: unknown): Buffer | null =>
  typeof value === 'string' && /^[A-Za-z0-9+/]*={0,2}$/.test(value) && value.length % 4 === 0 ? Buffer.from(value, 'base64') : null;

const fieldsIn = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : null;

/** `null` where it is no JSON, or not yet. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

/** RFC 3428, section 8: a whole request of at most 1300 bytes; the rest is for its headers. */
const PIECE_OCTETS = 900;

/** A text of ours in pieces that each fit one MESSAGE; no sign is split. One piece even of an empty text. */
export function piecesOf(text: string): readonly string[] {
  const pieces: string[] = [];
  let piece = '';
  let size = 0;
  for (const sign of text) {
    const octets = Buffer.byteLength(sign, 'utf8');
    if (size + octets > PIECE_OCTETS) {
      pieces.push(piece);
      [piece, size] = ['', 0];
    }
    piece += sign;
    size += octets;
  }
  return [...pieces, piece];
}
