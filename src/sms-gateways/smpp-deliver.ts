/**
 * A deliver_sm (or data_sm) of SMPP 3.4 as a text that was heard, or as a report about a text of ours. Pure. Nothing is refused: what
 * cannot be read is handed on as octets.
 */
import type { DeliveryReport } from '../control/text-ports.ts';
import { splitUserData } from '../sms/user-data.ts';
import type { Coding, PartHeader, TextHeard } from '../sms/text.ts';
import type { Pdu } from './smpp-pdu.ts';

export interface DeliverRules {
  readonly name: string;
  /** What data_coding 0 means at this carrier. */
  readonly defaultAlphabet: 'gsm7' | 'latin1' | 'ascii';
  /** Data codings that this carrier uses in its own way, e.g. `{ 15: 'gb18030' }`. */
  readonly codings: Readonly<Record<number, Coding>>;
  readonly hexIds: HexIds;
}

/**
 * Carriers whose names of texts are hexadecimal in the answer to submit_sm and decimal in the text of a report ('answers'), or the other
 * way round ('reports'). Names are then told as decimal numbers. 'nowhere': they are the same in both.
 */
export type HexIds = 'nowhere' | 'answers' | 'reports';

export type Delivery =
  | { readonly is: 'text'; readonly heard: TextHeard; readonly trouble: string | null }
  | { readonly is: 'report'; readonly report: DeliveryReport };

const LONGEST_OCTETS = 65_536;
const LONGEST_ADDRESS = 64;
const LONGEST_NAME = 128;
const LONGEST_WORDS = 64;

/** Bits of esm_class (SMPP 3.4, 5.2.12). */
const KIND_OF_MESSAGE = 0x3c;
const RECEIPT = 0x04;
const INTERMEDIATE = 0x20;
const HAS_HEADER = 0x40;

const INTERNATIONAL = 1;

/** message_state (SMPP 3.4, 5.2.28), and the words a report has for them (appendix B). */
const STATES: readonly string[] = [
  'SCHEDULED',
  'ENROUTE',
  'DELIVRD',
  'EXPIRED',
  'DELETED',
  'UNDELIV',
  'ACCEPTD',
  'UNKNOWN',
  'REJECTD',
  'SKIPPED',
];
const FAILED: ReadonlySet<string> = new Set(['EXPIRED', 'DELETED', 'UNDELIV', 'REJECTD', 'SKIPPED']);

export function readDelivery(pdu: Pdu, rules: DeliverRules): Delivery {
  const esmClass = pdu.number('esm_class') ?? 0;
  const kind = esmClass & KIND_OF_MESSAGE;
  const report = kind === RECEIPT || kind === INTERMEDIATE ? reportIn(pdu, rules) : null;
  if (report !== null) return { is: 'report', report };
  const address = { from: addressIn(pdu, 'source_addr', 'source_addr_ton'), to: addressIn(pdu, 'destination_addr', 'dest_addr_ton') };
  const whole = userDataOf(pdu);
  const split = whole === null || (esmClass & HAS_HEADER) === 0 ? null : splitUserData(whole);
  const octets = split?.octets ?? whole ?? pdu.body;
  const heard: TextHeard = {
    gateway: rules.name,
    carrierId: null,
    ...address,
    coding: whole === null ? 'binary' : codingOf(pdu.number('data_coding') ?? 0, rules),
    octets: octets.subarray(0, LONGEST_OCTETS),
    part: split?.part ?? partByFields(pdu),
    sentAt: null,
  };
  return { is: 'text', heard, trouble: pdu.damage ?? split?.trouble ?? null };
}

/** A text is in one field or in the other; `null` where the PDU breaks off before either. */
function userDataOf(pdu: Pdu): Buffer | null {
  const short = pdu.octets('short_message');
  return short === null || short.length === 0 ? (pdu.octets('message_payload') ?? short) : short;
}

/** An international number is told with its plus, as phones show it. */
function addressIn(pdu: Pdu, field: string, kind: string): string {
  const address = pdu.text(field) ?? '';
  const isPlusMissing = pdu.number(kind) === INTERNATIONAL && /^\d+$/.test(address);
  return `${isPlusMissing ? '+' : ''}${address}`.slice(0, LONGEST_ADDRESS);
}

/** data_coding (SMPP 3.4, 5.2.19), with the groups of GSM 03.38 that carriers put there as well. */
export function codingOf(dataCoding: number, { codings, defaultAlphabet }: Pick<DeliverRules, 'codings' | 'defaultAlphabet'>): Coding {
  const own = codings[dataCoding];
  if (own !== undefined) return own;
  switch (dataCoding) {
    case 0:
      return defaultAlphabet;
    case 1:
      return 'ascii';
    case 3:
      return 'latin1';
    case 8:
      return 'ucs2';
    default:
      return codingOfGroup(dataCoding);
  }
}

function codingOfGroup(dataCoding: number): Coding {
  const group = dataCoding >> 4;
  const isUncompressed = (dataCoding & 0x20) === 0;
  if (group >= 1 && group <= 3 && isUncompressed) return (['gsm7', 'binary', 'ucs2', 'binary'] as const)[(dataCoding >> 2) & 3] ?? 'binary';
  if (group === 0xc || group === 0xd) return 'gsm7';
  if (group === 0xe) return 'ucs2';
  if (group === 0xf) return (dataCoding & 4) === 0 ? 'gsm7' : 'binary';
  return 'binary';
}

/** Parts that are numbered by fields instead of a header; the reference has 16 bits. */
function partByFields(pdu: Pdu): PartHeader | null {
  const [reference, total, number] = [pdu.number('sar_msg_ref_num'), pdu.number('sar_total_segments'), pdu.number('sar_segment_seqnum')];
  if (reference === null || total === null || number === null) return null;
  return { reference, width: 16, total, number };
}

/** By its fields where it has them, otherwise by its words (SMPP 3.4, appendix B); `null` where it names no text. */
function reportIn(pdu: Pdu, { name, hexIds }: DeliverRules): DeliveryReport | null {
  const words = userDataOf(pdu)?.toString('latin1') ?? '';
  const wordOf = (label: string): string | null => new RegExp(`\\b${label}:\\s*([^\\s]+)`, 'i').exec(words)?.[1] ?? null;
  const byField = pdu.text('receipted_message_id');
  const byWord = wordOf('id');
  // The field holds just what submit_sm was answered with; only the words may spell it in another way.
  const id = byField !== null && byField !== '' ? nameInAnswer(byField, hexIds) : byWord === null ? null : nameInReport(byWord, hexIds);
  if (id === null) return null;
  const state = (wordOf('stat') ?? STATES[pdu.number('message_state') ?? 7] ?? 'UNKNOWN').toUpperCase();
  const error = wordOf('err');
  return {
    gateway: name,
    carrierId: id.slice(0, LONGEST_NAME),
    outcome: state === 'DELIVRD' ? 'delivered' : FAILED.has(state) ? 'failed' : 'accepted',
    words: `${state}${error === null || /^0+$/.test(error) ? '' : ` ${error}`}`.slice(0, LONGEST_WORDS),
  };
}

/** The carrier's name of a text, as reports about it will be told. */
export const nameInAnswer = (id: string, hexIds: HexIds): string => (hexIds === 'nowhere' ? id : plainNumber(id, hexIds === 'answers'));
const nameInReport = (id: string, hexIds: HexIds): string => (hexIds === 'nowhere' ? id : plainNumber(id, hexIds === 'reports'));

/** As it is where it is no such number. */
function plainNumber(id: string, isHex: boolean): string {
  if (!(isHex ? /^[0-9a-f]{1,32}$/i : /^\d{1,40}$/).test(id)) return id;
  return BigInt(isHex ? `0x${id}` : id).toString();
}
