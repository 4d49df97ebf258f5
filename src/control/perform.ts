/**
 * Carries out the actions of a step, in order, after it is saved. What fails comes back as an event; nothing is thrown.
 * 'gone' and 'elsewhere' are no failures: whoever left is told of by an event of their own, and a channel that does not come by
 * its deadline.
 */
import type { Call } from '../call/call.ts';
import type { Action } from '../call/effects.ts';
import { wordsOf } from '../kernel/faults.ts';
import type { Clock, Log, Telephony } from './ports.ts';

/** A leg that may not stay in the air is asked for this often before it is left to the next reconciliation. */
const RELEASE_TRIES = 3;

export interface Failure {
  readonly effect: Action;
  readonly reason: string;
}

export interface Performer {
  readonly telephony: Telephony;
  readonly clock: Clock;
  readonly log: Log;
  /** The PJSIP endpoint of a call taker. */
  readonly endpointOf: (callTaker: string) => string | null;
}

/** `mayAct` is asked before each; from a no on, nothing more is done, and that is no failure: another does it. */
export async function perform(
  performer: Performer,
  call: Call,
  actions: readonly Action[],
  mayAct: () => Promise<boolean>,
): Promise<readonly Failure[]> {
  const failed: Failure[] = [];
  for (const effect of actions) {
    if (!(await mayAct())) {
      performer.log.warn({ call: call.id, effect: effect.do }, 'not carried out: another controller may have this call now');
      return [];
    }
    try {
      await carryOut(performer, call, effect);
    } catch (thrown) {
      performer.log.warn({ call: call.id, effect: effect.do }, `not carried out: ${wordsOf(thrown)}`);
      failed.push({ effect, reason: wordsOf(thrown) });
    }
  }
  return failed;
}

async function carryOut({ telephony, clock, endpointOf }: Performer, call: Call, effect: Action): Promise<string | void> {
  switch (effect.do) {
    case 'claim-caller':
      return telephony.claim(call.id);
    case 'say':
      return telephony.say(call.id, effect.utterance, effect.message, call.language);
    case 'hush':
      return telephony.hush(call.id, effect.utterance);
    case 'ring': {
      const endpoint = endpointOf(effect.callTaker);
      if (endpoint === null) throw new Error(`call taker ${effect.callTaker} has no phone`);
      const seconds = secondsUntil(effect.until, clock);
      if ((await telephony.ring(call.id, effect.attempt, endpoint, seconds, call.number)) === 'unreachable') throw new Error('unreachable');
      return undefined;
    }
    case 'release-call-taker':
      return firmly(() => telephony.releaseCallTaker(call.id, effect.attempt));
    case 'join':
      return telephony.join(call.id, effect.attempt);
    case 'part':
      return firmly(() => telephony.part(call.id, effect.attempt));
    case 'hold':
      return telephony.hold(call.id, effect.attempt);
    case 'resume':
      return telephony.resume(call.id, effect.attempt);
    case 'ring-volunteer': {
      const seconds = secondsUntil(effect.until, clock);
      if ((await telephony.ringVolunteer(call.id, effect.leg, effect.address, seconds)) === 'unreachable') throw new Error('unreachable');
      return undefined;
    }
    case 'tell-volunteer':
      return telephony.tellVolunteer(call.id, effect.leg, effect.utterance, effect.message, effect.language);
    case 'release-volunteer':
      return firmly(() => telephony.releaseVolunteer(call.id, effect.leg, effect.utterance, effect.thanks));
    case 'join-interpreter':
      return telephony.joinInterpreter(call.id, effect.leg, effect.attempt);
    case 'release-caller':
      return firmly(() => telephony.releaseCaller(call.id));
  }
}

const secondsUntil = (until: number, clock: Clock): number => Math.max(1, Math.ceil((until - clock.now()) / 1000));

async function firmly(command: () => Promise<void>): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      return await command();
    } catch (thrown) {
      if (tries >= RELEASE_TRIES) throw thrown;
    }
  }
}
