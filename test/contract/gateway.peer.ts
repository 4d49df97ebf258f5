/**
 * The other side of a gateway, as the contract of gateways drives it: a carrier that can be told to refuse, to be busy, to fall silent
 * and to go away. Each door brings its own.
 */
import type { Log } from '../../src/control/ports.ts';
import type { TextGateway } from '../../src/control/text-ports.ts';
import type { Coding, TextHeard } from '../../src/sms/text.ts';

export interface PeerWishes {
  /** The gateway's deadline for an answer; its other times (asking whether the line lives, reconnecting) are to be about as short. */
  readonly answerWithinMs: number;
  /** 'wrong': what the gateway logs in with is not what the peer wants. */
  readonly password: 'right' | 'wrong';
  /** The gateway's own log: no secret and no whole number may stand in it. */
  readonly log: Log;
}

/** What is not the same with every protocol. */
export interface PeerTraits {
  /** A text that comes has a name of the carrier's, the same when it is repeated (CMPP, HTTP, SIP; not SMPP). */
  readonly namesTexts: boolean;
  /** A text of ours is given a name by the carrier: 'accepted', otherwise 'handed-on'. */
  readonly namesOurs: boolean;
  readonly reports: boolean;
  /** The gateway keeps a connection to the peer and is down without it. */
  readonly keepsLine: boolean;
  /** The peer wants a password of the gateway. */
  readonly password: boolean;
}

/** `none`: no answer within a second or two, or the line went away. */
export type PeerHeard = 'acknowledged' | 'temporary' | 'refused' | 'none';

export interface Peer {
  /** Made with settings that find this peer; not opened. */
  readonly gateway: TextGateway;
  /** Hands in a text of any signs, unsplit (it is short). The same `id` is the same text repeated. Always settles. */
  deliver(text: { readonly id: string; readonly from: string; readonly to: string; readonly text: string }): Promise<PeerHeard>;
  /** Tells what became of a text of ours. Rejects where the protocol has no reports. */
  report(report: { readonly carrierId: string; readonly outcome: 'delivered' | 'failed' }): Promise<PeerHeard>;
  /** Texts of ours that were accepted, parts joined and decoded by the peer itself, in the order of their first parts. */
  submitted(): readonly { readonly from: string; readonly to: string; readonly text: string }[];
  /** How texts of ours are answered from now on; 'silent': taken and never answered, everything else goes on. */
  behave(how: 'accept' | 'refuse' | 'busy' | 'silent'): void;
  /** Connections break and new ones are refused; `mend` ends it. */
  cut(): void;
  /** Everything stays open and nothing is answered any more; `mend` ends it. */
  freeze(): void;
  mend(): void;
  /** After 'wrong': the peer now wants just what the gateway has. */
  takePassword(): void;
  /** Passwords on both sides; none may stand in a log. */
  secrets(): readonly string[];
  /** Ends what it started, whatever state it is in. Does not close the gateway. */
  close(): Promise<void>;
}

export type PeerMaker = (wishes: PeerWishes) => Promise<Peer>;

const LABELS: Readonly<Record<Exclude<Coding, 'gsm7' | 'binary'>, string>> = {
  ascii: 'latin1',
  latin1: 'latin1',
  ucs2: 'utf-16be',
  gb18030: 'gb18030',
  utf8: 'utf-8',
};

/** What a text handed in says, read without the code under test. In gsm7 only the letters and figures are read that ASCII has at the same place. */
export function textOf({ coding, octets }: Pick<TextHeard, 'coding' | 'octets'>): string {
  if (coding === 'binary') throw new Error('a binary is no text');
  return new TextDecoder(coding === 'gsm7' ? 'latin1' : LABELS[coding], { fatal: true }).decode(octets);
}
