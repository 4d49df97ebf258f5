/**
 * A text as it came over a gateway, before anything is made of it: octets, and what the carrier said about them. It is kept in just
 * this shape before the carrier is answered. Shapes only.
 */
import type { TextId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instants.ts';

/**
 * How the octets spell a text. `gsm7`: GSM 03.38, one septet an octet (a gateway unpacks). `ucs2`: UTF-16 big endian, surrogates
 * included. `binary`: not a text at all. `utf8`: gateways that speak it (HTTP, SIP).
 */
export type Coding = 'gsm7' | 'ascii' | 'latin1' | 'ucs2' | 'gb18030' | 'utf8' | 'binary';

/** Where a part stands in a long text (3GPP TS 23.040, 9.2.3.24.1 and .8), as the header has it: any of it may be nonsense. */
export interface PartHeader {
  readonly reference: number;
  /** Bits of the reference: 8 and 16 are different references even where the number is the same. */
  readonly width: 8 | 16;
  readonly total: number;
  /** From 1. */
  readonly number: number;
}

/** What a gateway hands in. */
export interface TextHeard {
  /** The gateway's name in the settings. */
  readonly gateway: string;
  /** The carrier's own name of it, the same when it is repeated; `null` where the protocol has none (SMPP). At most 128 characters. */
  readonly carrierId: string | null;
  /** Raw, as it came: may be letters, empty, 110 itself. At most 64 characters. */
  readonly from: string;
  /** The number it was sent to, raw. At most 64 characters. */
  readonly to: string;
  readonly coding: Coding;
  /** User data without its header; at most 64 KiB. */
  readonly octets: Uint8Array;
  readonly part: PartHeader | null;
  /** The carrier's own time of sending, where it tells one. */
  readonly sentAt: Instant | null;
}

/** A text that is kept. JSON-safe. */
export interface KeptText extends Omit<TextHeard, 'octets'> {
  readonly id: TextId;
  /** base64 */
  readonly octets: string;
  readonly receivedAt: Instant;
}
