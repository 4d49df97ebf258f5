/**
 * The PDUs of CMPP 2.0 and 3.0 (China Mobile's interface of short message gateways, its chapters on the message format) as shapes: what
 * one who is connected to a gateway says, what the gateway says, and the widths in octets that matter elsewhere. Shapes only.
 */
export type CmppVersion = '2.0' | '3.0';

/** A message's name with the gateway: its 8 octets as 16 hexadecimal digits. */
export type MsgId = string;

export interface Connect {
  readonly is: 'connect';
  readonly sourceAddress: string;
  /** AuthenticatorSource, 16 octets. */
  readonly authenticator: Uint8Array;
  /** MMDDHHMMSS as a number, e.g. 301080000 for 1 March, 08:00:00. */
  readonly timestamp: number;
}

export interface Submit {
  readonly is: 'submit';
  /** Parts of this text, and which this is, from 1. */
  readonly total: number;
  readonly number: number;
  readonly serviceId: string;
  readonly fee: Fee;
  /** The content begins with a header (TP_udhi). */
  readonly hasHeader: boolean;
  readonly format: number;
  /** Msg_src: the address we are connected by. */
  readonly sourceAddress: string;
  readonly from: string;
  /** One receiver; the protocol would take 99. */
  readonly to: string;
  /** At most 140 octets, header included. */
  readonly content: Uint8Array;
}

export interface Fee {
  /** 0: the receiver pays, 1: the sender, 2: we do. */
  readonly payer: 0 | 1 | 2;
  /** Two digits; `01`: free. */
  readonly type: string;
  /** Up to six digits. */
  readonly code: string;
}

/** What we say. A status report is asked for with every submit. */
export type Said =
  | Connect
  | Submit
  | { readonly is: 'deliver-resp'; readonly id: MsgId; readonly result: number }
  | { readonly is: 'cancel-resp'; readonly result: number }
  | { readonly is: 'terminate' | 'terminate-resp' | 'active-test' | 'active-test-resp' };

export interface ConnectResp {
  readonly is: 'connect-resp';
  /** 0 right, 1 structure, 2 source address, 3 authentication, 4 version too high, from 5 something else. */
  readonly status: number;
  /** The status as it came, 1 octet (2.0) or 4: the gateway's authenticator is made from it. */
  readonly statusOctets: Uint8Array;
  /** AuthenticatorISMG, 16 octets. */
  readonly authenticator: Uint8Array;
  /** The highest the gateway speaks, 0x20 or 0x30. */
  readonly version: number;
}

export interface Deliver {
  readonly is: 'deliver';
  readonly id: MsgId;
  readonly to: string;
  readonly from: string;
  /** The content begins with a header (TP_udhi). */
  readonly hasHeader: boolean;
  readonly format: number;
  /** The content is a status report. */
  readonly isReport: boolean;
  readonly content: Uint8Array;
}

/** What the gateway says. */
export type Heard =
  | ConnectResp
  | Deliver
  | { readonly is: 'submit-resp'; readonly id: MsgId; readonly result: number }
  | { readonly is: 'terminate' | 'terminate-resp' | 'active-test' | 'active-test-resp' | 'query' | 'cancel' };

/** What is made of one frame. */
export interface Decoded {
  readonly sequence: number;
  /** `null`: it cannot be read. */
  readonly pdu: Heard | null;
  /** What is amiss, also with one that can be read; `null` where nothing is. */
  readonly complaint: string | null;
  /** Of a CMPP_DELIVER that cannot be read, for the refusal; all zero where not even that came. */
  readonly refuse: MsgId | null;
}

export const HEADER_OCTETS = 12;
/** Far beyond the longest that a gateway may send us: a CMPP_DELIVER of 3.0 has 249 octets with a content of 140. */
export const LONGEST_PDU = 4096;
/** Octets of content a text may have (Msg_Length), the header of a long text included. */
export const LONGEST_CONTENT = 140;

/** Octets of a reporter's number, which 3.0 made wider. */
export const terminalWidth = (version: CmppVersion): 21 | 32 => (version === '2.0' ? 21 : 32);
