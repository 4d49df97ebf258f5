/**
 * Legs that go from one controller's application to another's, as Asterisk has it: who had them hears that they ended, who has them that
 * they answered, and what still rings is let go. Keeps nothing.
 */
import type { Heard } from '../../src/control/ports.ts';
import type { CallId } from '../../src/kernel/ids.ts';
import type { Leg, VolunteerLeg } from './telephony-state.ts';

interface Ways {
  hear(app: string, heard: Heard): Promise<void>;
  legEnds(attempt: number): Promise<void>;
  volunteerEnds(leg: number): Promise<void>;
}

export function moveLegs(app: string, legs: readonly Leg[], volunteers: readonly VolunteerLeg[], call: CallId, ways: Ways): void {
  for (const leg of legs.filter((one) => one.call === call && one.app !== app)) {
    const { attempt } = leg;
    if (leg.answered) {
      void ways.hear(leg.app, { type: 'call-taker-leg-ended', call, attempt, end: 'cut' });
      leg.app = app;
      void ways.hear(app, { type: 'call-taker-answered', call, attempt });
    } else {
      void ways.legEnds(attempt);
    }
  }
  for (const one of volunteers.filter((known) => known.call === call && known.app !== app)) {
    const { leg } = one;
    if (one.answered) {
      void ways.hear(one.app, { type: 'volunteer-leg-ended', call, leg, end: 'cut' });
      one.app = app;
      void ways.hear(app, { type: 'volunteer-answered', call, leg });
    } else {
      void ways.volunteerEnds(leg);
    }
  }
}
