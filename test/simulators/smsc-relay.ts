/**
 * A message centre with two clients that hands every text of the one to the other, octets untouched: submit_sm and deliver_sm have the
 * same fields, so nothing but the command and the number of the PDU is another. The one is answered as the other has answered.
 */
import type { Socket } from 'node:net';
import smpp from 'smpp';
import { openSmsc, type Smsc } from './smsc.ts';

export interface Relay {
  readonly smsc: Smsc;
  /** Every text as it was submitted: data_coding, esm_class and user data. */
  readonly relayed: readonly { readonly dataCoding: number; readonly esmClass: number; readonly octets: Buffer }[];
}

const SUBMIT = 0x04;
const DELIVER = 0x05;
const TEMPORARY = 0x14;
const WITHIN_MS = 5000;

export async function openRelay(password: string): Promise<Relay> {
  const relayed: Relay['relayed'][number][] = [];
  const smsc = await openSmsc({
    password,
    taken: (octets, from) => {
      if (octets.readUInt32BE(4) !== SUBMIT) return false;
      relayed.push(userDataOf(octets));
      void hand(octets, from);
      return true;
    },
  });
  const hand = async (octets: Buffer, from: Socket): Promise<void> => {
    const other = smsc.bound().find((socket) => socket !== from);
    const copy = Buffer.from(octets);
    copy.writeUInt32BE(DELIVER, 4);
    const asDeliver = (sequence: number): Buffer => {
      copy.writeUInt32BE(sequence, 12);
      return copy;
    };
    const answer = other === undefined ? null : await smsc.ask(asDeliver, WITHIN_MS, other);
    const status = answer === null ? TEMPORARY : answer.status;
    const number = octets.readUInt32BE(12);
    const fields = { message_id: `relay-${relayed.length}-${number}`, command_status: status, sequence_number: number };
    if (from.writable) from.write(new smpp.PDU('submit_sm_resp', fields).toBuffer());
  };
  return { smsc, relayed };
}

/** Read by hand: the package would decode the octets. */
function userDataOf(octets: Buffer): Relay['relayed'][number] {
  let at = 16;
  const skipText = (): void => {
    while (octets[at] !== 0) at += 1;
    at += 1;
  };
  skipText(); // service_type
  for (const _ of ['source', 'destination']) {
    at += 2;
    skipText();
  }
  const esmClass = octets[at] ?? 0;
  at += 3;
  skipText(); // schedule_delivery_time
  skipText(); // validity_period
  const dataCoding = octets[at + 2] ?? 0;
  const length = octets[at + 4] ?? 0;
  return { dataCoding, esmClass, octets: octets.subarray(at + 5, at + 5 + length) };
}
