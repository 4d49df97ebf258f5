/**
 * The one policy of the roster: which volunteers are rung next for a call. The order, first to last:
 *
 *   1. who is on duty, before reserves outside their duty hours; nobody else is ever rung;
 *   2. fair turns: whose last asking or service lies longest ago, those never asked first;
 *   3. who speaks the language better (native, fluent, basic);
 *   4. by lot, drawn anew each turn from the id and the turn itself: those rung side by side are tied ever after, and the smaller id
 *      would always ring first. The same for every controller.
 *
 * Never claims anybody: a candidate is a proposal, and the save succeeds only if the volunteer is still free.
 */
import type { VolunteerId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instants.ts';
import { isOnDutyBy, wallClock } from './duty.ts';
import type { Level, Volunteer } from './volunteer.ts';

/** How asking somebody stands or ended, in the words of the call's own log. */
export type AskingOutcome =
  | 'ringing'
  | 'hearing'
  | 'accepted'
  | 'refused'
  | 'no-answer'
  | 'unreachable'
  | 'silent'
  | 'beaten'
  | 'withdrawn'
  | 'served'
  | 'lost';

export interface Need {
  /** BCP 47 primary tag, e.g. `ru`. */
  readonly language: string;
  readonly at: Instant;
  /** IANA name of the centre's time zone. */
  readonly timeZone: string;
  /** At most so many; one to each volunteer. */
  readonly count: number;
  /** What was rung in this call so far; without an outcome the address is used up. */
  readonly tried: readonly { readonly volunteer: VolunteerId; readonly address: string; readonly outcome?: AskingOutcome }[];
  /** As the trunk gave it; nobody is asked to interpret their own call. */
  readonly callerNumber: string | null;
}

export interface ToRing {
  readonly volunteer: VolunteerId;
  /** `sip:endpoint` or `tel:number`. */
  readonly address: string;
  /** The language the volunteer is spoken to in. */
  readonly speaks: string;
}

/**
 * What an asking leaves of its volunteer for the rest of the call. `nobody`: not asked again, they have answered for themselves or are
 * being asked. `next`: that address is used up. `same`: we broke it off ourselves, so it says nothing against ringing there again.
 */
const LEAVES: Readonly<Record<AskingOutcome, 'nobody' | 'next' | 'same'>> = {
  ringing: 'nobody',
  hearing: 'nobody',
  accepted: 'nobody',
  refused: 'nobody',
  served: 'nobody',
  'no-answer': 'next',
  unreachable: 'next',
  silent: 'next',
  lost: 'next',
  beaten: 'same',
  withdrawn: 'same',
};
const RANK: Readonly<Record<Level, number>> = { native: 0, fluent: 1, basic: 2 };

/** Best first; empty where nobody is left to ask. Throws a RangeError where there is no such time zone. */
export function whoIsRung(volunteers: readonly Volunteer[], need: Need): readonly ToRing[] {
  const clock = wallClock(need.at, need.timeZone);
  return volunteers
    .flatMap((volunteer) => {
      const level = volunteer.languages.find(({ language }) => language === need.language)?.level;
      const isOnDuty = isOnDutyBy(clock, volunteer);
      const isAskable = volunteer.isAvailable && volunteer.state.is === 'free' && (isOnDuty || volunteer.isReserve);
      if (level === undefined || !isAskable || isOwnCall(volunteer, need.callerNumber)) return [];
      const address = nextAddress(volunteer, need.tried);
      if (address === undefined) return [];
      return [{ volunteer, address, isOnDuty, turn: turnOf(volunteer), rank: RANK[level], lot: lotOf(volunteer) }];
    })
    .toSorted(
      (a, b) =>
        Number(b.isOnDuty) - Number(a.isOnDuty) ||
        a.turn - b.turn ||
        a.rank - b.rank ||
        a.lot - b.lot ||
        (a.volunteer.id < b.volunteer.id ? -1 : 1),
    )
    .slice(0, Math.max(0, need.count))
    .map(({ volunteer, address }) => ({ volunteer: volunteer.id, address, speaks: volunteer.speaks }));
}

/** The last time this volunteer was troubled; before all time where never. A number, so that two who never were are alike. */
const turnOf = ({ lastAskedAt, lastServedAt }: Volunteer): number =>
  Math.max(lastAskedAt ?? Number.MIN_SAFE_INTEGER, lastServedAt ?? Number.MIN_SAFE_INTEGER);

/** 0 to 2³²-1, by FNV-1a: the same for the same volunteer and turn, and without a pattern from one turn to the next. */
function lotOf(volunteer: Volunteer): number {
  const text = `${volunteer.id} ${turnOf(volunteer)}`;
  let hash = 2_166_136_261;
  for (let n = 0; n < text.length; n += 1) hash = Math.imul(hash ^ text.charCodeAt(n), 16_777_619);
  return hash >>> 0;
}

function nextAddress(volunteer: Volunteer, tried: Need['tried']): string | undefined {
  const rings = tried.filter((ring) => ring.volunteer === volunteer.id);
  const leaves = (ring: (typeof rings)[number]) => (ring.outcome === undefined ? 'next' : LEAVES[ring.outcome]);
  if (rings.some((ring) => leaves(ring) === 'nobody')) return undefined;
  const usedUp = rings.filter((ring) => leaves(ring) === 'next').map(({ address }) => address);
  return volunteer.addresses.find((address) => !usedUp.includes(address));
}

function isOwnCall(volunteer: Volunteer, callerNumber: string | null): boolean {
  const caller = subscriber(callerNumber ?? '');
  return caller !== '' && volunteer.addresses.some((address) => address.startsWith('tel:') && subscriber(address) === caller);
}

/** The digits of a number without the ways of dialling it from afar: 00, 86 before a whole national number, 0. */
const subscriber = (number: string): string =>
  number
    .replaceAll(/\D/g, '')
    .replace(/^0+/, '')
    .replace(/^86(?=0*[1-9]\d{9,})/, '')
    .replace(/^0+/, '');
