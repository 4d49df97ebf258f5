/**
 * Between the PDUs of CMPP and the texts of the house: what a CMPP_DELIVER hands in, what a status report tells, the parts a text of
 * ours is submitted in, and what the gateway's numbers mean. Only computes; never drops a text because something about it is odd.
 */
import type { DeliveryReport, Sending } from '../control/text-ports.ts';
import { instant, type Instant } from '../kernel/instants.ts';
import { headerOctets, referenceOf, segmentsOf } from '../sms/segments.ts';
import type { Coding, TextHeard } from '../sms/text.ts';
import { splitUserData } from '../sms/user-data.ts';
import { LONGEST_CONTENT, type Deliver, type MsgId } from './cmpp-pdus.ts';

/** China has one time of day: UTC+8, without summer time. */
const CHINA_MS = 8 * 3600_000;
/** How old a text's own time may be, and how far it may be ahead of our clock, to be believed. */
const OLDEST_MS = 3 * 24 * 3600_000;
const AHEAD_MS = 10 * 60_000;
const HEADER_OF_PART = 6;

/** MMDDHHMMSS in China, as CMPP_CONNECT wants it. */
export function timestampOf(at: Instant): string {
  const [, month, day, hour, minute, second] = /-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)/.exec(new Date(at + CHINA_MS).toISOString()) ?? [];
  return `${month}${day}${hour}${minute}${second}`;
}

/**
 * When the gateway took a message, which stands in the first 26 bits of its name (month, day, hour, minute, second; the year is the
 * nearest). `null` where that is no time of the last days: gateways exist that name as they like.
 */
export function takenAt(id: MsgId, now: Instant): Instant | null {
  const bits = Number(BigInt(`0x${id}`) >> 38n);
  const [month, day, hour, minute, second] = [bits >> 22, (bits >> 17) & 31, (bits >> 12) & 31, (bits >> 6) & 63, bits & 63];
  if (month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 || second > 59) return null;
  const year = new Date(now + CHINA_MS).getUTCFullYear();
  const isRecent = (at: number): boolean => at >= now - OLDEST_MS && at <= now + AHEAD_MS;
  const found = [year, year - 1, year + 1].map((year) => Date.UTC(year, month - 1, day, hour, minute, second) - CHINA_MS).find(isRecent);
  return found === undefined ? null : instant(found);
}

/**
 * The text of a CMPP_DELIVER that is no status report. The carrier's name of a part has the part's number behind it (`…0a1f.2`): there
 * are gateways that name all parts of a long text alike, and a part must never pass for a repeat of another. A name of zeros is none.
 */
export function heardText(pdu: Deliver, gateway: string, now: Instant): { readonly text: TextHeard; readonly trouble: string | null } {
  const { octets, part, trouble } = pdu.hasHeader ? splitUserData(pdu.content) : { octets: pdu.content, part: null, trouble: null };
  const isNamed = !/^0+$/.test(pdu.id);
  const suffix = part === null ? '' : `.${part.number}`;
  return {
    text: {
      gateway,
      carrierId: isNamed ? `${pdu.id}${suffix}` : null,
      from: pdu.from,
      to: pdu.to,
      coding: codingOf(pdu.format, octets),
      octets: Uint8Array.from(octets),
      part,
      sentAt: isNamed ? takenAt(pdu.id, now) : null,
    },
    trouble,
  };
}

/**
 * Msg_Fmt: 0 ASCII, 3 a card to be written, 4 binary, 8 UCS-2, 15 GB18030. Some gateways hand the data coding scheme of the air through
 * (24 to 27: UCS-2 with a class), and some call GB text ASCII: what cannot be ASCII is read as GB18030 then. Any other number
 * is taken for ASCII where every octet is a letter, and for binary otherwise.
 */
export function codingOf(format: number, octets: Uint8Array): Coding {
  if (format === 8 || (format >= 24 && format <= 27)) return 'ucs2';
  if (format === 15) return 'gb18030';
  if (format === 3 || format === 4) return 'binary';
  if (octets.every((octet) => octet === 10 || octet === 13 || (octet >= 32 && octet < 127))) return 'ascii';
  if (format !== 0) return 'binary';
  return octets.some((octet) => octet >= 128) ? 'gb18030' : 'ascii';
}

/** The words of status reports that are no failure; all others (EXPIRED, UNDELIV, REJECTD, MK:0012 …) are. */
const OUTCOMES: Readonly<Record<string, DeliveryReport['outcome']>> = {
  DELIVRD: 'delivered',
  ACCEPTD: 'accepted',
  ENROUTE: 'accepted',
};
export const outcomeOf = (stat: string): DeliveryReport['outcome'] => OUTCOMES[stat.toUpperCase()] ?? 'failed';

/** What goes into one CMPP_SUBMIT of a text. */
export interface SubmitPart {
  readonly total: number;
  readonly number: number;
  readonly format: 0 | 8;
  readonly hasHeader: boolean;
  readonly content: Uint8Array;
}

/**
 * A text in its parts: ASCII where all of it is, else UCS-2, since CMPP does not know the GSM alphabet. Never more than 140 octets with
 * the header. `id` is that of the text: its reference is made of it. Throws a Fault ('invalid') where it takes more than 255 parts.
 */
export function partsOf(text: string, id: string): readonly SubmitPart[] {
  const reference = referenceOf(id);
  if (/^[\n\r\x20-\x7e]*$/.test(text)) {
    const room = text.length <= LONGEST_CONTENT ? LONGEST_CONTENT : LONGEST_CONTENT - HEADER_OF_PART;
    const total = Math.max(1, Math.ceil(text.length / room));
    if (total <= 255)
      return Array.from({ length: total }, (_, n) => asciiPart(text.slice(n * room, (n + 1) * room), reference, total, n + 1));
  }
  return segmentsOf(text, reference, 'ucs2').map(({ octets, part }) => ({
    total: part?.total ?? 1,
    number: part?.number ?? 1,
    format: 8,
    hasHeader: part !== null,
    content: part === null ? octets : Buffer.concat([headerOctets(part), octets]),
  }));
}

function asciiPart(piece: string, reference: number, total: number, number: number): SubmitPart {
  const octets = Buffer.from(piece, 'latin1');
  if (total === 1) return { total, number, format: 0, hasHeader: false, content: octets };
  const header = headerOctets({ reference, width: 8, total, number });
  return { total, number, format: 0, hasHeader: true, content: Buffer.concat([header, octets]) };
}

const RESULTS: Readonly<Record<number, string>> = {
  1: 'wrong structure',
  2: 'wrong command',
  3: 'the sequence number is not new',
  4: 'wrong length',
  5: 'wrong fee code',
  6: 'the text is too long',
  7: 'wrong service code',
  8: 'too many at a time',
  9: 'some other error',
  10: 'wrong source number',
  11: 'wrong source address',
  12: 'wrong number to charge',
  13: 'wrong receiver',
};
/** It does not help to submit the same again. Unknown numbers may mean anything, so they are tried again. */
const FOR_GOOD: ReadonlySet<number> = new Set([1, 2, 4, 5, 6, 7, 10, 11, 12, 13]);

/** What a result other than 0 of a CMPP_SUBMIT_RESP means. */
export const refusalOf = (result: number): Extract<Sending, { readonly answer: string }> => ({
  is: FOR_GOOD.has(result) ? 'refused' : 'unreachable',
  answer: `CMPP result ${result}: ${RESULTS[result] ?? 'of the gateway’s own'}`,
});

const STATUSES: Readonly<Record<number, string>> = {
  1: 'our connect has the wrong structure',
  2: 'it does not know our source address',
  3: 'wrong password or source address',
  4: 'our version is too high for it',
};
/** What a status other than 0 of a CMPP_CONNECT_RESP means. */
export const statusWords = (status: number): string =>
  `the gateway refuses us (status ${status}): ${STATUSES[status] ?? 'some other error'}`;
