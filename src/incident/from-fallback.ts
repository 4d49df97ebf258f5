/**
 * The incident of a call that the dialplan served without us. Such a call drew no ticket, so it has no call of ours on record: what
 * the fallback noted stands in the reason of the matter, in words, for the person who completes the incident.
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

const REASON_MAX = 500;
const WORD_MAX = 80;

/** Open at once, for the call is over: `unclear` when somebody answered, `abandoned` when nobody did. Its language is not known. */
export function incidentFromFallback(call: ServedByFallback, id: IncidentId, now: Instant, centre: string): Incident {
  const empty = emptyIncident(id, 'fallback', centre, now);
  return {
    ...empty,
    status: 'open',
    matter: { class: call.answeredAt === null ? 'abandoned' : 'unclear', reason: account(call).slice(0, REASON_MAX) },
    reporter: { ...empty.reporter, number: phoneNumber(call.number) },
  };
}

function account(call: ServedByFallback): string {
  const answered =
    call.answeredAt === null ? 'nobody answered' : `answered ${rfc3339(call.answeredAt)} by ${word(call.answeredBy) ?? 'a desk not named'}`;
  return [
    `Served by the fallback as call ${word(call.id)} to ${word(call.calledNumber)}`,
    `arrived ${rfc3339(call.arrivedAt)}`,
    answered,
    `ended ${rfc3339(call.endedAt)}`,
    call.recording === null ? 'no recording' : `recording ${word(call.recording)}`,
  ].join('; ');
}

/** One short run of printable characters. */
const word = (raw: string | null): string | null => (raw === null ? null : raw.replaceAll(/\p{C}+/gu, ' ').slice(0, WORD_MAX));
