/**
 * CMPP 2.0 and 3.0 between PDUs and octets, as one who is connected to a gateway needs it: what we say to octets, what the gateway says
 * from octets. Decoding never throws and never reads past what is there; encoding throws a RangeError where a field cannot hold its
 * value, for a number that is cut is another number. Knows nothing of connections.
 */
import {
  HEADER_OCTETS,
  LONGEST_CONTENT,
  LONGEST_PDU,
  terminalWidth,
  type CmppVersion,
  type ConnectResp,
  type Decoded,
  type Heard,
  type MsgId,
  type Said,
  type Submit,
} from './cmpp-pdus.ts';

const SAID: Readonly<Record<Said['is'], number>> = {
  connect: 0x00000001,
  terminate: 0x00000002,
  'terminate-resp': 0x80000002,
  submit: 0x00000004,
  'deliver-resp': 0x80000005,
  'cancel-resp': 0x80000007,
  'active-test': 0x00000008,
  'active-test-resp': 0x80000008,
};

const number = (value: number, width: 1 | 4): Buffer => {
  const octets = Buffer.alloc(width);
  octets.writeUIntBE(value, 0, width);
  return octets;
};
const text = (value: string, width: number): Buffer => {
  if (!/^[\x20-\x7e]*$/.test(value) || value.length > width) throw new RangeError(`a field of ${width} octets cannot hold this`);
  const octets = Buffer.alloc(width);
  octets.write(value, 'latin1');
  return octets;
};
const exactly = (octets: Uint8Array, width: number): Uint8Array => {
  if (octets.length !== width) throw new RangeError(`a field of ${width} octets cannot hold ${octets.length}`);
  return octets;
};

/** The whole PDU, header included. */
export function encode(pdu: Said, sequence: number, version: CmppVersion): Buffer {
  const octets = Buffer.concat([Buffer.alloc(HEADER_OCTETS), ...bodyOf(pdu, version)]);
  octets.writeUInt32BE(octets.length, 0);
  octets.writeUInt32BE(SAID[pdu.is], 4);
  octets.writeUInt32BE(sequence, 8);
  return octets;
}

function bodyOf(pdu: Said, version: CmppVersion): readonly Uint8Array[] {
  const resultWidth = version === '2.0' ? 1 : 4;
  switch (pdu.is) {
    case 'connect':
      return [
        text(pdu.sourceAddress, 6),
        exactly(pdu.authenticator, 16),
        number(version === '2.0' ? 0x20 : 0x30, 1),
        number(pdu.timestamp, 4),
      ];
    case 'submit':
      return submitBody(pdu, version);
    case 'deliver-resp':
      return [exactly(Buffer.from(pdu.id, 'hex'), 8), number(pdu.result, resultWidth)];
    case 'cancel-resp':
      return [number(pdu.result, resultWidth)];
    case 'active-test-resp':
      return [number(0, 1)];
    case 'terminate':
    case 'terminate-resp':
    case 'active-test':
      return [];
  }
}

function submitBody(pdu: Submit, version: CmppVersion): readonly Uint8Array[] {
  if (pdu.content.length > LONGEST_CONTENT) throw new RangeError(`a content of ${pdu.content.length} octets is too long`);
  const is3 = version === '3.0';
  const numberType = is3 ? [number(0, 1)] : [];
  return [
    Buffer.alloc(8), // Msg_Id: the gateway's to give
    number(pdu.total, 1),
    number(pdu.number, 1),
    number(1, 1), // Registered_Delivery
    number(0, 1), // Msg_level
    text(pdu.serviceId, 10),
    number(pdu.fee.payer, 1),
    Buffer.alloc(terminalWidth(version)), // Fee_terminal_Id
    ...numberType,
    number(0, 1), // TP_pId
    number(pdu.hasHeader ? 1 : 0, 1),
    number(pdu.format, 1),
    text(pdu.sourceAddress, 6),
    text(pdu.fee.type, 2),
    text(pdu.fee.code, 6),
    Buffer.alloc(17 + 17), // ValId_Time, At_Time
    text(pdu.from, 21),
    number(1, 1), // DestUsr_tl
    text(pdu.to, terminalWidth(version)),
    ...numberType,
    number(pdu.content.length, 1),
    pdu.content,
    Buffer.alloc(is3 ? 20 : 8), // LinkID, Reserve
  ];
}

/** Of one whole frame, as `Frames` cuts them; of anything else too. */
export function decode(frame: Uint8Array, version: CmppVersion): Decoded {
  const octets = Buffer.from(frame.buffer, frame.byteOffset, frame.byteLength);
  if (octets.length < HEADER_OCTETS) return { sequence: 0, pdu: null, complaint: 'a PDU shorter than its header', refuse: null };
  const command = octets.readUInt32BE(4);
  const sequence = octets.readUInt32BE(8);
  const body = octets.subarray(HEADER_OCTETS);
  const read = (pdu: Heard): Decoded => ({ sequence, pdu, complaint: null, refuse: null });
  const unread = (complaint: string): Decoded => ({ sequence, pdu: null, complaint, refuse: null });
  switch (command) {
    case 0x80000001: {
      const pdu = connectRespIn(body);
      return pdu === null ? unread(`an answer to our connect of ${body.length} octets`) : read(pdu);
    }
    case 0x80000004: {
      // 2.0 has one octet of result, 3.0 four; the length tells what came.
      if (body.length < 9) return unread(`an answer to a submit of ${body.length} octets`);
      return read({ is: 'submit-resp', id: hex(body.subarray(0, 8)), result: body.readUIntBE(8, body.length < 12 ? 1 : 4) });
    }
    case 0x00000005:
      return { sequence, ...deliverIn(body, version) };
    case 0x00000002:
      return read({ is: 'terminate' });
    case 0x80000002:
      return read({ is: 'terminate-resp' });
    case 0x00000008:
      return read({ is: 'active-test' });
    case 0x80000008:
      return read({ is: 'active-test-resp' });
    case 0x00000006:
      return read({ is: 'query' });
    case 0x00000007:
      return read({ is: 'cancel' });
    default:
      return unread(`a PDU of the unknown command ${command.toString(16)}`);
  }
}

const hex = (octets: Buffer): string => octets.toString('hex');
/** A text field without the zeros or spaces it is filled up with. */
const textIn = (octets: Buffer): string => {
  const end = octets.indexOf(0);
  return octets.toString('latin1', 0, end < 0 ? octets.length : end).trim();
};

function connectRespIn(body: Buffer): ConnectResp | null {
  const width = body.length >= 21 ? 4 : 1;
  if (body.length < width + 17) return null;
  return {
    is: 'connect-resp',
    status: body.readUIntBE(0, width),
    statusOctets: body.subarray(0, width),
    authenticator: body.subarray(width, width + 16),
    version: body.readUInt8(width + 16),
  };
}

function deliverIn(body: Buffer, version: CmppVersion): Omit<Decoded, 'sequence'> {
  const width = terminalWidth(version);
  const afterNumber = 42 + width + (version === '3.0' ? 1 : 0);
  const begin = afterNumber + 2;
  if (body.length < begin) {
    const refuse = body.length < 8 ? '0'.repeat(16) : hex(body.subarray(0, 8));
    return { pdu: null, complaint: `a deliver of ${body.length} octets`, refuse };
  }
  const promised = body.readUInt8(afterNumber + 1);
  const content = body.subarray(begin, begin + promised);
  return {
    pdu: {
      is: 'deliver',
      id: hex(body.subarray(0, 8)),
      to: textIn(body.subarray(8, 29)),
      hasHeader: body.readUInt8(40) !== 0,
      format: body.readUInt8(41),
      from: textIn(body.subarray(42, 42 + width)),
      isReport: body.readUInt8(afterNumber) === 1,
      content,
    },
    complaint: content.length < promised ? `a deliver with ${content.length} of ${promised} octets of content` : null,
    refuse: null,
  };
}

/** A status report, the content of a CMPP_DELIVER. */
export interface StatusReport {
  /** Of the submit it speaks of. */
  readonly id: MsgId;
  /** `DELIVRD`, `EXPIRED`, `MK:0012` … */
  readonly stat: string;
}

/** Only the name and the word are read: the rest differs from gateway to gateway. `null` where not even they came. */
export function statusReportIn(content: Uint8Array): StatusReport | null {
  if (content.length < 15) return null;
  const octets = Buffer.from(content.buffer, content.byteOffset, content.byteLength);
  return { id: hex(octets.subarray(0, 8)), stat: textIn(octets.subarray(8, 15)) };
}

/** Cuts what comes off a connection into frames. Keeps no more than one frame that is not whole yet. */
export class Frames {
  #rest: Buffer = Buffer.alloc(0);

  /** The whole frames in it so far; `absurd` is a length no PDU can have: nothing after it can be understood. */
  take(chunk: Uint8Array): { readonly frames: readonly Buffer[]; readonly absurd: number | null } {
    const octets = this.#rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.#rest, chunk]);
    const frames: Buffer[] = [];
    let at = 0;
    while (octets.length - at >= 4) {
      const length = octets.readUInt32BE(at);
      if (length < HEADER_OCTETS || length > LONGEST_PDU) {
        this.#rest = Buffer.alloc(0);
        return { frames, absurd: length };
      }
      if (octets.length - at < length) break;
      frames.push(octets.subarray(at, at + length));
      at += length;
    }
    this.#rest = octets.subarray(at);
    return { frames, absurd: null };
  }
}
