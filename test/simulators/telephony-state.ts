/**
 * What the simulated exchange keeps: who stands in it, everything that it was asked, and what is to go wrong.
 */
import type { Message } from '../../src/call/messages.ts';
import type { Standing, Telephony } from '../../src/control/ports.ts';
import { Fault } from '../../src/kernel/faults.ts';
import type { CallId } from '../../src/kernel/ids.ts';

export type Verb = Exclude<keyof Telephony, 'open' | 'isPresent' | 'onPresence' | 'close'>;

/** What a phone does when it rings; 'ignore' lets it ring. */
export type Conduct = 'answer' | 'decline' | 'ignore';

/** One command as it was given; the fields are those the verb has. */
export interface Command {
  readonly verb: Verb;
  readonly call?: CallId;
  readonly attempt?: number;
  readonly leg?: number;
  readonly address?: string;
  readonly thanks?: string | null;
  readonly utterance?: number;
  readonly message?: Message;
  readonly language?: string;
  readonly endpoint?: string;
  readonly seconds?: number;
  readonly show?: string | null;
  readonly calls?: readonly CallId[];
  /** The application that gave it, where it is not the first. */
  readonly by?: string;
}

export interface Caller {
  readonly call: CallId;
  readonly number: string | null;
  readonly calledNumber: string;
  /** Set by the trunk they came by. */
  readonly language: string | null;
  at: 'door' | 'ours' | 'elsewhere';
  /** Whose they are where they are ours. */
  app: string;
  utterance: number;
  saying: Message | null;
  /** Hears now that they are still in line. */
  isReassured: boolean;
}

export interface Leg {
  readonly call: CallId;
  readonly attempt: number;
  readonly endpoint: string;
  /** Who rang it. */
  app: string;
  answered: boolean;
  stopRinging: () => void;
}

export interface Bridge {
  readonly call: CallId;
  readonly attempt: number;
  callerIn: boolean;
  callTakerIn: boolean;
  /** Legs of volunteers in it. */
  volunteersIn: number[];
}

/** `leaving`: hears the thanks, and is let go after them. `stop`: no more ringing out, no more letting go. */
export interface VolunteerLeg {
  readonly call: CallId;
  readonly leg: number;
  readonly address: string;
  app: string;
  answered: boolean;
  leaving: boolean;
  utterance: number;
  saying: Message | null;
  stop: () => void;
}

interface Kept {
  readonly callers: ReadonlyMap<CallId, Caller>;
  readonly legs: ReadonlyMap<string, Leg>;
  readonly volunteers: { readonly legs: ReadonlyMap<string, VolunteerLeg> };
  readonly bridges: ReadonlyMap<string, Bridge>;
}

/** What stands for one application, read from what is kept; `phones` says of each whether it is registered. */
export function standingOf(kept: Kept, app: string, phones: readonly (readonly [string, boolean])[]): Standing {
  return {
    callers: [...kept.callers.values()]
      .filter((caller) => caller.at === 'ours' && caller.app === app)
      .map(({ call, number, calledNumber, language }) => ({ call, number, calledNumber, language })),
    legs: [...kept.legs.values()].map(({ call, attempt, answered }) => ({ call, attempt, answered })),
    volunteers: [...kept.volunteers.legs.values()].map(({ call, leg, answered }) => ({ call, leg, answered })),
    bridges: [...kept.bridges.values()].map((bridge) => ({ ...bridge, volunteersIn: [...bridge.volunteersIn] })),
    elsewhere: [...kept.callers.values()].filter((caller) => caller.at !== 'ours' || caller.app !== app).map(({ call }) => call),
    phones: phones.map(([endpoint, isRegistered]) => ({ endpoint, is: isRegistered ? 'registered' : 'absent' })),
  };
}

/** What is to happen to the next commands of each verb in place of what they ask for. */
export class Troubles {
  readonly #next = new Map<Verb, (() => Promise<unknown>)[]>();

  fail(verb: Verb, fault: Error): void {
    this.#plan(verb, () => Promise.reject(fault));
  }

  hang(verb: Verb): () => void {
    const { promise, reject } = Promise.withResolvers<never>();
    this.#plan(verb, () => promise);
    return () => reject(new Fault('unavailable', `no answer to ${verb} in time`));
  }

  /** Answered as if it were done. */
  pretend(verb: Verb): void {
    this.#plan(verb, () => Promise.resolve(undefined));
  }

  next(verb: Verb): (() => Promise<unknown>) | undefined {
    return this.#next.get(verb)?.shift();
  }

  #plan(verb: Verb, outcome: () => Promise<unknown>): void {
    this.#next.set(verb, [...(this.#next.get(verb) ?? []), outcome]);
  }
}
