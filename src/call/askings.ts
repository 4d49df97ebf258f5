/**
 * The call's own log of which volunteers were asked. Pure bookkeeping on the call; interpreter.ts decides.
 */
import { later, type Instant } from '../kernel/instants.ts';
import { isOpen, type Asking, type AskingEnd, type Call } from './call.ts';
import type { Action, VolunteerNotice } from './effects.ts';
import type { Candidate, LegEnd } from './events.ts';
import type { Rules } from './rules.ts';
import type { Step } from './station.ts';

export const askingOf = (call: Call, leg: number): Asking | undefined => call.askings.find((asking) => asking.leg === leg);

export const note = (call: Call, leg: number, what: Partial<Asking>): Call => ({
  ...call,
  askings: call.askings.map((asking) => (asking.leg === leg ? { ...asking, ...what } : asking)),
});

/** Ring them all, side by side. Each leg's number is used once. */
export function ringAll(call: Call, candidates: readonly Candidate[], language: string, time: Instant, rules: Rules): Step {
  const until = later(time, rules.volunteerRingMs);
  const first = call.askings.length + 1;
  const fresh: Asking[] = candidates.map((candidate, i) => ({
    ...candidate,
    leg: first + i,
    language,
    askedAt: time,
    until,
    answeredAt: null,
    acceptedAt: null,
    joinedAt: null,
    endedAt: null,
    outcome: 'ringing',
  }));
  const notices = fresh.map(({ volunteer, leg }): VolunteerNotice => ({ do: 'volunteer-notice', volunteer, tell: 'asked', leg }));
  const rings = fresh.map(({ leg, address }): Action => ({ do: 'ring-volunteer', leg, address, until }));
  return { call: { ...call, askings: [...call.askings, ...fresh] }, effects: [...notices, ...rings] };
}

/** The volunteer is free again, and the leg is let go; who has picked up hears thanks. Letting a leg go twice is harmless. */
export function endAsking(call: Call, asking: Asking, outcome: AskingEnd, time: Instant): Step {
  const hasAnswered = asking.outcome !== 'ringing';
  const utterance = call.utterances + (hasAnswered ? 1 : 0);
  const ended = note({ ...call, utterances: utterance }, asking.leg, { outcome, endedAt: time });
  return {
    call: ended,
    effects: [
      { do: 'volunteer-notice', volunteer: asking.volunteer, tell: 'freed', leg: asking.leg },
      { do: 'release-volunteer', leg: asking.leg, utterance, thanks: hasAnswered ? asking.speaks : null },
    ],
  };
}

/** The same, where the leg has ended by itself. */
export function noteEnded(call: Call, asking: Asking, outcome: AskingEnd, time: Instant): Step {
  return {
    call: note(call, asking.leg, { outcome, endedAt: time }),
    effects: [{ do: 'volunteer-notice', volunteer: asking.volunteer, tell: 'freed', leg: asking.leg }],
  };
}

/** End all that are still open, but one. */
export function endOpen(call: Call, outcome: AskingEnd, time: Instant, but: number | null = null): Step {
  return chain(
    call,
    call.askings.filter((asking) => isOpen(asking) && asking.leg !== but),
    (now, asking) => endAsking(now, asking, outcome, time),
  );
}

/** Steps one after the other over the same call. */
export function chain<T>(call: Call, things: readonly T[], step: (call: Call, thing: T) => Step): Step {
  return things.reduce<Step>(
    (done, thing) => {
      const next = step(done.call, thing);
      return { call: next.call, effects: [...done.effects, ...next.effects] };
    },
    { call, effects: [] },
  );
}

/** How a leg that ended before it accepted is put on record. */
export function endOf(asking: Asking, end: LegEnd): AskingEnd {
  if (asking.outcome === 'hearing') return end === 'hung-up' ? 'refused' : 'lost';
  switch (end) {
    case 'no-answer':
      return 'no-answer';
    case 'declined':
    case 'hung-up':
      return 'refused';
    case 'unreachable':
      return 'unreachable';
    // Nobody saw how it ended, or another controller let it go: no reason not to ring there anew.
    case 'cut':
      return 'withdrawn';
  }
}
