/**
 * What the simulated exchange keeps: who stands in it, and everything that it was asked.
 */
import type { Message } from '../../src/call/messages.ts';
import type { Telephony } from '../../src/control/ports.ts';
import type { CallId } from '../../src/kernel/ids.ts';

export type Verb = Exclude<keyof Telephony, 'open' | 'isPresent' | 'onPresence' | 'close'>;

/** One command as it was given; the fields are those the verb has. */
export interface Command {
  readonly verb: Verb;
  readonly call?: CallId;
  readonly attempt?: number;
  readonly utterance?: number;
  readonly message?: Message;
  readonly language?: string;
  readonly endpoint?: string;
  readonly seconds?: number;
  readonly show?: string | null;
}

export interface Caller {
  readonly call: CallId;
  readonly number: string | null;
  readonly calledNumber: string;
  at: 'door' | 'ours' | 'elsewhere';
  utterance: number;
  saying: Message | null;
}

export interface Leg {
  readonly call: CallId;
  readonly attempt: number;
  readonly endpoint: string;
  answered: boolean;
  stopRinging: () => void;
}

export interface Bridge {
  readonly call: CallId;
  readonly attempt: number;
  callerIn: boolean;
  callTakerIn: boolean;
}
