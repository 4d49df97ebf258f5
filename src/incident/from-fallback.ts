/**
 * The incident of a call that the dialplan served without us, from what the fallback noted. Such a call drew no ticket and was offered
 * to nobody in particular. Never guesses what the fallback did not note.
 */
import type { IncidentId } from '../kernel/ids.ts';
import { rfc3339, type Instant } from '../kernel/instants.ts';
import { phoneNumber } from '../kernel/phone-numbers.ts';
import type { Incident } from './incident.ts';
import { emptyIncident } from './record.ts';

/** What the fallback notes of one call. Texts are raw, as the trunk sent them. */
export interface ServedByFallback {
  readonly id: string;
  readonly number: string | null;
  readonly calledNumber: string;
  readonly arrivedAt: Instant;
  readonly answeredAt: Instant | null;
  readonly endedAt: Instant;
  /** Endpoint that answered. */
  readonly answeredBy: string | null;
  readonly recording: string | null;
}

/** Open at once, for the call is over: `unclear` when somebody answered, `abandoned` when nobody did. Its language is not known. */
export function incidentFromFallback(call: ServedByFallback, id: IncidentId, now: Instant, centre: string): Incident {
  const empty = emptyIncident(id, 'fallback', centre, now);
  return {
    ...empty,
    status: 'open',
    matter:
      call.answeredAt === null
        ? { class: 'abandoned', reason: 'served by the fallback, and nobody answered' }
        : { class: 'unclear', reason: 'served by the fallback; to be completed by whoever answered' },
    reporter: { ...empty.reporter, number: phoneNumber(call.number) },
    call: onRecord(call),
  };
}

/** No ticket and no offers: all free desks rang together. The call taker is named by the endpoint that answered. */
function onRecord(call: ServedByFallback): NonNullable<Incident['call']> {
  return {
    id: word(call.id),
    ticket: null,
    calledNumber: word(call.calledNumber),
    arrivedAt: rfc3339(call.arrivedAt),
    offeredAt: null,
    answeredAt: call.answeredAt === null ? null : rfc3339(call.answeredAt),
    endedAt: rfc3339(call.endedAt),
    waitedSeconds: Math.max(0, (call.answeredAt ?? call.endedAt) - call.arrivedAt) / 1000,
    placeWhenLeft: null,
    callTaker: call.answeredBy === null ? null : word(call.answeredBy),
    release: null,
    language: 'und',
    interpreter: null,
    offers: [],
    recordings: call.recording === null ? [] : [word(call.recording)],
  };
}

const WORD_MAX = 64;
/** One short run of printable characters. */
const word = (raw: string): string => raw.replaceAll(/\p{C}+/gu, ' ').slice(0, WORD_MAX);
