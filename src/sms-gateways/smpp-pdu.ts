/**
 * Octets of SMPP 3.4 to PDUs and back, by the codec of the `smpp` package, with two differences: octets of texts stay octets (the codec
 * would decode them, part by part, and lose what it cannot), and a PDU whose fields reach beyond its end is read as far as it goes.
 * Never throws for what the other side sends.
 */
import smpp from 'smpp';
import { wordsOf } from '../kernel/faults.ts';

/** The shortest is a header alone. */
const SHORTEST = 16;
/** A message_payload of 64 KiB and everything around it. */
const LONGEST = 68_000;
smpp.PDU.maxLength = LONGEST;

export type Fields = Readonly<Record<string, string | number | Buffer>>;

/** Also the fields by their names in the specification: numbers, strings, and a Buffer where it is octets. */
export interface Pdu {
  /** Its name in the specification; `unknown` where it has none. */
  readonly command: string;
  readonly isResponse: boolean;
  readonly status: number;
  readonly sequence: number;
  /** What is wrong with its body, a sentence; the fields before the damage are there. */
  readonly damage: string | null;
  /** Everything after the header. */
  readonly body: Buffer;
  readonly number: (field: string) => number | null;
  readonly text: (field: string) => string | null;
  readonly octets: (field: string) => Buffer | null;
}

class RawPdu extends smpp.PDU {
  declare damage: string | null;

  override fromBuffer(octets: Buffer): void {
    this.damage = null;
    try {
      super.fromBuffer(octets);
    } catch (thrown) {
      this.damage = wordsOf(thrown);
    }
  }

  override _filter(): void {}
}

/** One whole PDU, its length included. */
export function readPdu(octets: Buffer): Pdu {
  const raw = new RawPdu(octets);
  return {
    command: raw.command,
    isResponse: raw.isResponse(),
    status: raw.command_status,
    sequence: raw.sequence_number,
    damage: raw.damage,
    body: octets.subarray(SHORTEST),
    number: (field) => (typeof raw[field] === 'number' ? raw[field] : null),
    text: (field) => (typeof raw[field] === 'string' ? raw[field] : null),
    octets: (field) => (Buffer.isBuffer(raw[field]) ? raw[field] : null),
  };
}

/** Throws only where the fields are wrong, which is our own fault. */
export const writePdu = (command: string, sequence: number, status: number, fields: Fields): Buffer =>
  new smpp.PDU(command, { ...fields, command_status: status, sequence_number: sequence }).toBuffer();

/** Cuts a stream into PDUs. */
export interface Framing {
  /** The whole PDUs that these octets complete; `absurd` is a length that no PDU has, after which nothing can be read any more. */
  take(chunk: Buffer): { readonly pdus: readonly Buffer[]; readonly absurd: number | null };
}

export function openFraming(): Framing {
  let chunks: Buffer[] = [];
  let held = 0;
  /** How many octets must be held before it is worth looking again. */
  let wanted = 4;
  return {
    take: (chunk) => {
      chunks.push(chunk);
      held += chunk.length;
      if (held < wanted) return { pdus: [], absurd: null };
      let rest = Buffer.concat(chunks);
      const pdus: Buffer[] = [];
      let absurd: number | null = null;
      wanted = 4;
      while (rest.length >= 4) {
        const length = rest.readUInt32BE(0);
        if (length < SHORTEST || length > LONGEST) {
          absurd = length;
          break;
        }
        if (rest.length < length) {
          wanted = length;
          break;
        }
        pdus.push(rest.subarray(0, length));
        rest = rest.subarray(length);
      }
      chunks = [rest];
      held = rest.length;
      return { pdus, absurd };
    },
  };
}

/** The name of a status in the specification with its number, e.g. `ESME_RTHROTTLED (0x58)`; vendors have numbers of their own. */
export function statusWords(status: number): string {
  const name = Object.keys(smpp.errors).find((word) => smpp.errors[word] === status) ?? 'a status of its own';
  return `${name} (0x${status.toString(16).padStart(2, '0')})`;
}
