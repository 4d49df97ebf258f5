/**
 * What an exchange brings to be held to the telephony contract: levers for the people and the lines at both of its ends.
 */
import type { Heard, Standing, Telephony } from '../../src/control/ports.ts';
import type { CallId } from '../../src/kernel/ids.ts';

/** `cut`: the line fails; nobody chose it. */
export type How = 'choice' | 'cut';

export interface ContractCaller {
  hangUp(how: How): Promise<void>;
  /** Whether the caller's own phone knows that the call is over. */
  isOver(): boolean;
}

export interface ContractPhone {
  readonly endpoint: string;
  /** What it does when it rings next. */
  conduct(conduct: 'answer' | 'decline' | 'ignore'): void;
  register(): Promise<void>;
  unregister(): Promise<void>;
  hangUp(how: How): Promise<void>;
  isRinging(): boolean;
}

export interface ContractVolunteer {
  /** As a roster has it. */
  readonly address: string;
  /** What the phone does when it rings next. */
  conduct(conduct: 'answer' | 'decline' | 'ignore'): void;
  press(key: string, by: 'sound' | 'info'): Promise<void>;
  hangUp(how: How): Promise<void>;
  isRinging(): boolean;
  isTalking(): boolean;
}

export interface ContractExchange {
  readonly telephony: Telephony;
  /** The exchange as another controller sees it, with an application of its own; not open yet. */
  another(instance: string): Telephony;
  /** Dials 110. `null`: withholds the number. */
  dial(number: string | null): Promise<ContractCaller>;
  readonly phone: ContractPhone;
  readonly otherPhone: ContractPhone;
  /** One with a phone that registers here, one who is rung over the trunk. */
  readonly volunteer: ContractVolunteer;
  readonly farVolunteer: ContractVolunteer;
  cutLink(): Promise<void>;
  mendLink(): Promise<void>;
  stop(): Promise<void>;
}

export type HeardOf<T extends Heard['type']> = Extract<Heard, { type: T }>;

export interface Entered {
  readonly caller: ContractCaller;
  readonly call: CallId;
  readonly number: string;
}

/** What the parts of the contract share: the exchange, what it has told so far, and the usual ways into a call. */
export interface House {
  readonly exchange: ContractExchange;
  readonly telephony: Telephony;
  readonly presences: readonly boolean[];
  told<T extends Heard['type']>(this: void, type: T): readonly HeardOf<T>[];
  hears<T extends Heard['type']>(this: void, type: T, which: (word: HeardOf<T>) => boolean): Promise<HeardOf<T>>;
  ended(this: void, call: CallId, attempt?: number): Promise<HeardOf<'call-taker-leg-ended'>>;
  volunteerEnded(this: void, call: CallId, leg?: number): Promise<HeardOf<'volunteer-leg-ended'>>;
  finished(this: void, call: CallId, utterance: number): Promise<unknown>;
  arrive(this: void): Promise<Entered>;
  enter(this: void): Promise<Entered>;
  answered(this: void, call: CallId, attempt?: number): Promise<void>;
  talk(this: void): Promise<Entered>;
  /** A volunteer has answered on this leg. */
  picksUp(this: void, call: CallId, leg?: number, who?: ContractVolunteer): Promise<void>;
  bridgeOf(this: void, call: CallId): Promise<Standing['bridges'][number] | undefined>;
}
