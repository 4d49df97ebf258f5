/**
 * Asterisk has a leg followed by the application that rang it, to the leg's end, and lists it as that one's. Once it has answered it stands
 * in the application anyway, and is to be followed no longer than it stands there: another controller may take it over, and give it back.
 */
import type { Log } from '../control/ports.ts';
import { wordsOf } from '../kernel/faults.ts';
import type { Connection } from './connection.ts';

export interface RungLegs {
  rung(this: void, leg: string): void;
  answered(leg: string): void;
  ended(leg: string): void;
}

interface Surroundings {
  readonly application: string;
  readonly command: Connection['command'];
  readonly log: Log;
}

export function openRungLegs({ application, command, log }: Surroundings): RungLegs {
  /** Rung by this process, and not answered yet. */
  const ringing = new Set<string>();
  return {
    rung: (leg) => void ringing.add(leg),
    answered: (leg) => {
      if (!ringing.delete(leg)) return;
      command('DELETE', ['applications', application, 'subscription'], { eventSource: `channel:${leg}` }).catch((thrown: unknown) =>
        log.debug({ leg, reason: wordsOf(thrown) }, 'a leg is still followed'),
      );
    },
    ended: (leg) => void ringing.delete(leg),
  };
}
