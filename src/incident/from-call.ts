/**
 * The incident as the line fills it in: opened as a draft when the call is first offered (or when an unanswered caller has left), and
 * kept true to the call from then on. Never overwrites what a call taker wrote: after the first version only the facts of the call,
 * the status and the matter of an abandoned call are touched.
 */
import type { Call, Offer } from '../call/call.ts';
import { rfc3339, type Instant } from '../kernel/instants.ts';
import type { Incident } from './incident.ts';
import { emptyIncident, iso6393, nextVersion } from './record.ts';

type OnRecord = NonNullable<Incident['call']>;
const CALLED_NUMBER_MAX = 64;

/**
 * The incident of this call as it should be now.
 * @returns `null` while there is nothing to record: no offer yet, or the call went elsewhere unoffered; `before` itself where nothing
 *   has changed; else a first version, or the one after `before`.
 */
export function incidentFromCall(call: Call, before: Incident | null, now: Instant, centre: string): Incident | null {
  if (before !== null) return nextVersion(before, filled(before, call), now);
  const isToRecord = call.state.at === 'ended' ? call.state.why !== 'elsewhere' : call.offers.length > 0;
  if (!isToRecord) return null;
  const empty = emptyIncident(call.incident, 'voice', centre, now);
  const reporter = { ...empty.reporter, number: call.number, language: iso6393(call.language) };
  return filled({ ...empty, reporter }, call);
}

/** The name of the recording of one answered offer. */
export const recordingName = (call: string, attempt: number): string => `${call}.recording.${attempt}`;

function filled(incident: Incident, call: Call): Incident {
  const isOpen = isAbandoned(call) || call.offers.some(isAnswered);
  return {
    ...incident,
    status: incident.status === 'draft' && isOpen ? 'open' : incident.status,
    matter: isAbandoned(call) && isUnclassified(incident) ? { class: 'abandoned', reason: whyAbandoned(call) } : incident.matter,
    reporter: { ...incident.reporter, language: languageOf(incident, call) },
    call: onRecord(call),
  };
}

/** What the caller was last spoken to in, unless a call taker wrote another. */
function languageOf({ reporter, call: before }: Incident, call: Call): string {
  const isWritten = before !== null && reporter.language !== before.language;
  return isWritten ? reporter.language : iso6393(call.language);
}

const isAbandoned = (call: Call): boolean => call.state.at === 'ended' && call.state.why === 'abandoned';
const isAnswered = (offer: Offer): boolean => offer.answeredAt !== null;

/** Still as the line left it: a call taker who says 'unclear' with a reason has classified. */
const isUnclassified = ({ matter }: Incident): boolean =>
  matter.class === 'unclear' && matter.code === undefined && matter.reason === undefined;

function whyAbandoned(call: Call): string {
  if (call.offers.some(isAnswered)) return 'The call taker was lost, and the caller left before another answered';
  const waited = Math.round((waitedSeconds(call) ?? 0) * 10) / 10;
  const from = call.placeWhenLeft === null ? '' : ` from place ${call.placeWhenLeft} in the line`;
  const how = call.release?.by === 'cut' ? 'was cut off' : 'left';
  return `The caller ${how}${from} after ${waited} s, before anybody answered`;
}

/** Never a volunteer's number: the roster has it. */
function interpretation(call: Call): OnRecord['interpreter'] {
  const { interpreterAskedAt: requestedAt, askings, interpreter } = call;
  if (requestedAt === null) return null;
  const served = askings.findLast(({ acceptedAt }) => acceptedAt !== null);
  const language = served?.language ?? askings.at(-1)?.language ?? ('language' in interpreter ? interpreter.language : call.language);
  const joinedAt = askings.find((asking) => asking.joinedAt !== null)?.joinedAt ?? null;
  return {
    language: iso6393(language),
    requestedAt: rfc3339(requestedAt),
    volunteer: served?.volunteer ?? null,
    acceptedAt: text(served?.acceptedAt),
    joinedAt: text(joinedAt),
    leftAt: text(served?.endedAt),
    secondsToInterpreter: joinedAt === null ? null : (joinedAt - requestedAt) / 1000,
    asked: askings.map(({ volunteer, askedAt, endedAt, outcome }) => ({
      volunteer,
      askedAt: rfc3339(askedAt),
      endedAt: text(endedAt),
      outcome,
    })),
  };
}

const text = (at: Instant | null | undefined): string | null => (at === null || at === undefined ? null : rfc3339(at));

function onRecord(call: Call): OnRecord {
  const answered = call.offers.filter(isAnswered);
  return {
    id: call.id,
    ticket: call.ticket,
    calledNumber: call.calledNumber.slice(0, CALLED_NUMBER_MAX),
    arrivedAt: rfc3339(call.arrivedAt),
    offeredAt: text(call.offers[0]?.offeredAt),
    answeredAt: text(answered[0]?.answeredAt),
    endedAt: text(call.endedAt),
    waitedSeconds: waitedSeconds(call),
    placeWhenLeft: call.placeWhenLeft,
    callTaker: answered.at(-1)?.to ?? null,
    release: call.release?.by ?? null,
    language: iso6393(call.language),
    interpreter: interpretation(call),
    offers: call.offers.map((offer) => ({
      callTaker: offer.to,
      offeredAt: rfc3339(offer.offeredAt),
      answeredAt: text(offer.answeredAt),
      endedAt: text(offer.endedAt),
      outcome: offer.outcome,
    })),
    recordings: answered.map((offer) => recordingName(call.id, offer.attempt)),
  };
}

/** Door to first answer; of an unanswered caller, door to leaving. Two machines' clocks may disagree: never below 0. */
function waitedSeconds(call: Call): number | null {
  const until = call.offers.find(isAnswered)?.answeredAt ?? call.endedAt;
  return until === null ? null : Math.max(0, (until - call.arrivedAt) / 1000);
}
