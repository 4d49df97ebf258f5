/**
 * What an exchange brings to be held to the telephony contract: levers for the people and the lines at both of its ends.
 */
import type { Telephony } from '../../src/control/ports.ts';

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

export interface ContractExchange {
  readonly telephony: Telephony;
  /** Dials 110. `null`: withholds the number. */
  dial(number: string | null): Promise<ContractCaller>;
  readonly phone: ContractPhone;
  readonly otherPhone: ContractPhone;
  cutLink(): Promise<void>;
  mendLink(): Promise<void>;
  stop(): Promise<void>;
}
