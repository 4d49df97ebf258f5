/** A text of ours as submit_sm PDUs of SMPP 3.4, and what their answers come to. Pure. */
import type { Sending, TextToSend } from '../control/text-ports.ts';

import { headerOctets, referenceOf, segmentsOf } from '../sms/segments.ts';
import { nameInAnswer, type HexIds } from './smpp-deliver.ts';
import { statusWords, type Fields, type Pdu } from './smpp-pdu.ts';

/** An address is 20 signs and no control characters; anything else has no place in the field. */
const ADDRESS = /^[\x20-\x7e]{1,20}$/;
const HAS_HEADER = 0x40;
const UCS2 = 8;
const WITH_REPORT = 1;

/**
 * One for each part, in their order. `isGsm7`: whether data_coding 0 is the GSM alphabet at this carrier; otherwise everything goes as
 * UCS-2. Throws a Fault ('invalid') where the text is too long to be sent at all.
 */
export function submissionsOf({ id, to, from, text }: TextToSend, isGsm7: boolean): readonly Fields[] {
  const source = /^\+?\d+$/.test(from) ? kindOf(from) : { ton: 5, npi: 0, address: from };
  const goal = kindOf(to);
  return segmentsOf(text, referenceOf(id), isGsm7 ? 'gsm7-or-ucs2' : 'ucs2').map(({ coding, octets, part }) => ({
    source_addr_ton: source.ton,
    source_addr_npi: source.npi,
    source_addr: source.address,
    dest_addr_ton: goal.ton,
    dest_addr_npi: goal.npi,
    destination_addr: goal.address,
    esm_class: part === null ? 0 : HAS_HEADER,
    registered_delivery: WITH_REPORT,
    data_coding: coding === 'ucs2' ? UCS2 : 0,
    short_message: Buffer.concat(part === null ? [octets] : [headerOctets(part), octets]),
  }));
}

/** Whether both numbers fit into their fields; otherwise why not. */
export function complaintAbout({ to, from }: Pick<TextToSend, 'to' | 'from'>): string | null {
  if (!ADDRESS.test(to)) return 'the number to send to is none that SMPP can carry';
  return ADDRESS.test(from) ? null : 'the number to send from is none that SMPP can carry';
}

/** International with a plus, otherwise of a kind the carrier knows itself; the plan is E.164. */
const kindOf = (number: string): { readonly ton: number; readonly npi: number; readonly address: string } =>
  number.startsWith('+') ? { ton: 1, npi: 1, address: number.slice(1) } : { ton: 0, npi: 1, address: number };

/**
 * Statuses that another attempt will not change: something about the text, its numbers or our rights. Everything else, also what only
 * this carrier knows, is tried again.
 */
const FOR_GOOD: ReadonlySet<number> = new Set([
  0x01, 0x06, 0x07, 0x0a, 0x0b, 0x0c, 0x15, 0x33, 0x34, 0x40, 0x43, 0x44, 0x48, 0x49, 0x50, 0x51, 0x53, 0x54, 0x61, 0x62, 0x63, 0x65, 0x66,
  0xc0, 0xc1, 0xc2, 0xc3, 0xc4, 0x100, 0x101, 0x103, 0x104, 0x105, 0x106,
]);

/** What one part came to; a part without an answer is told by why it has none. */
export type Answer = Pdu | { readonly without: string };

export function sendingOf(answers: readonly Answer[], hexIds: HexIds): Sending {
  let unreachable: string | null = null;
  const carrierIds: string[] = [];
  for (const answer of answers) {
    if ('without' in answer) unreachable ??= answer.without;
    else if (answer.command === 'generic_nack') unreachable ??= `not understood: ${statusWords(answer.status)}`;
    else if (FOR_GOOD.has(answer.status)) return { is: 'refused', answer: statusWords(answer.status) };
    else if (answer.status !== 0) unreachable ??= statusWords(answer.status);
    else carrierIds.push(nameInAnswer(answer.text('message_id') ?? '', hexIds));
  }
  if (unreachable !== null) return { is: 'unreachable', answer: unreachable };
  return { is: 'accepted', carrierIds: carrierIds.filter((id) => id !== '') };
}
