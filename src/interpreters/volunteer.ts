/**
 * One volunteer interpreter (志愿者) as a value, and every step they can take. Who is rung next stands in who-is-rung.ts.
 * Never reads a clock: on duty or not is asked with an instant.
 */
import type { CallId, VolunteerId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instants.ts';

export type Level = 'native' | 'fluent' | 'basic';

/** Minutes since midnight in the centre's time zone; `to` may pass midnight (1440 is the end of the day; 1500 is 01:00 of the next). */
export interface DutyHours {
  /** 1 is Monday, 7 is Sunday. */
  readonly weekday: number;
  readonly fromMinute: number;
  readonly toMinute: number;
}

/** One date (YYYY-MM-DD in the centre's time zone) on which other hours hold; none at all is a day off. */
export interface DutyException {
  readonly date: string;
  readonly hours: readonly { readonly fromMinute: number; readonly toMinute: number }[];
}

export type VolunteerState =
  | { readonly is: 'free' }
  | { readonly is: 'asked'; readonly call: CallId; readonly leg: number }
  | { readonly is: 'serving'; readonly call: CallId; readonly leg: number };

export interface Volunteer {
  readonly id: VolunteerId;
  /** Counts the saved steps; a save succeeds only from the revision it was made from. */
  readonly revision: number;
  readonly name: string;
  /** What they interpret, by BCP 47 primary tag, e.g. `ru`. */
  readonly languages: readonly { readonly language: string; readonly level: Level }[];
  /** The language the volunteer is spoken to in. */
  readonly speaks: string;
  /** `sip:endpoint` or `tel:+86138…`, in the order in which they are tried. */
  readonly addresses: readonly string[];
  readonly duty: readonly DutyHours[];
  readonly exceptions: readonly DutyException[];
  /** May be rung outside duty hours, after all who are on duty. */
  readonly isReserve: boolean;
  /** Set by the volunteer or a supervisor; whoever is not available is never rung. */
  readonly isAvailable: boolean;
  readonly lastAskedAt: Instant | null;
  readonly lastServedAt: Instant | null;
  readonly state: VolunteerState;
}

export type VolunteerEvent = { readonly time: Instant } & (
  | { readonly type: 'Asked'; readonly call: CallId; readonly leg: number }
  | { readonly type: 'Accepted'; readonly call: CallId; readonly leg: number }
  | { readonly type: 'Freed'; readonly call: CallId; readonly leg: number }
  | { readonly type: 'AvailabilityAsked'; readonly isAvailable: boolean }
);

/** `refused` is a sentence for a person; the value is then unchanged. */
export interface VolunteerStep {
  readonly volunteer: Volunteer;
  readonly refused?: string;
}

/** One step of a volunteer. Same value, same event, same step. The revision counts every change. */
export function volunteerStep(before: Volunteer, event: VolunteerEvent): VolunteerStep {
  const { state } = before;
  const change = (what: Partial<Volunteer>): VolunteerStep => ({ volunteer: { ...before, ...what, revision: before.revision + 1 } });
  const isAbout = (about: { readonly call: CallId; readonly leg: number }): boolean =>
    state.is !== 'free' && state.call === about.call && state.leg === about.leg;
  switch (event.type) {
    case 'Asked':
      return state.is === 'free' && before.isAvailable
        ? change({ state: { is: 'asked', call: event.call, leg: event.leg }, lastAskedAt: event.time })
        : { volunteer: before, refused: 'not free' };
    case 'Accepted':
      return state.is === 'asked' && isAbout(event)
        ? change({ state: { is: 'serving', call: event.call, leg: event.leg }, lastServedAt: event.time })
        : { volunteer: before, refused: 'was not asked for this' };
    case 'Freed':
      return isAbout(event) ? change({ state: { is: 'free' } }) : { volunteer: before, refused: 'not tied to this call' };
    case 'AvailabilityAsked':
      return event.isAvailable === before.isAvailable ? { volunteer: before } : change({ isAvailable: event.isAvailable });
  }
}
