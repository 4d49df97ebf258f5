/**
 * What people may do to an incident: complete it, hand it over, close it. Nothing is thrown: every answer is the next version, a
 * conflict with its state, or all complaints at once in plain words.
 *
 *   draft ──answered, or left──▶ open ──hand over──▶ handed-over ──(the other side accepts)──▶ accepted
 *                                  └───────────────────── close ─────────────┴──────────────────────┴──▶ closed
 *
 * An edit of what is handed over is an amendment, the same step. A closed incident stands as it is; only the line still adds to it.
 * What a person has edited, handed over or closed is confirmed from then on.
 */
import { rfc3339, type Instant } from '../kernel/instants.ts';
import type { Incident, IncidentEdit, OUTCOMES } from './incident.ts';
import { isWritten, nextVersion } from './record.ts';

type Outcome = (typeof OUTCOMES)[number];

export type Answer =
  /** The next version, or the very same incident where nothing has changed. */
  | { readonly is: 'done'; readonly incident: Incident }
  | { readonly is: 'conflict'; readonly why: string }
  | { readonly is: 'invalid'; readonly complaints: readonly string[] };

export interface Closing {
  readonly outcome: Outcome;
  readonly reason: string;
}

const REASON_MAX = 1000;

const done = (before: Incident, next: Incident, now: Instant): Answer => ({ is: 'done', incident: nextVersion(before, next, now) });
const conflict = (why: string): Answer => ({ is: 'conflict', why });
const invalid = (complaints: readonly string[]): Answer => ({ is: 'invalid', complaints });

/** Writes what the call taker wrote; a field left out stays as it is, `null` empties it. Expects an edit that has passed the check. */
export function applyEdit(before: Incident, edit: IncidentEdit, now: Instant): Answer {
  const { matter, urgency, what, place, happened, reporter, circumstances, links } = edit;
  if (before.status === 'closed') return conflict('the incident is closed and stands as it is');
  const own = (links ?? []).findIndex((link) => link.incident === before.id);
  if (own !== -1) return invalid([`links.${own}.incident: an incident cannot be linked to itself`]);
  const next: Incident = {
    ...before,
    matter: matter ?? before.matter,
    urgency: urgency === undefined ? before.urgency : urgency,
    what: what === undefined ? before.what : what,
    place: { ...before.place, ...place },
    happened: { ...before.happened, ...happened },
    reporter: { ...before.reporter, ...reporter },
    circumstances: { ...before.circumstances, ...circumstances },
    links: links ?? before.links,
    confirmed: true,
  };
  return done(before, next, now);
}

/** What stands between this incident and dispatch, each with the field to fill. The time is asked for, but not waited for. */
export function complaints(incident: Incident): readonly string[] {
  const { matter, missing } = incident;
  return [
    ...(missing.includes('what') ? ['say what happened (what)'] : []),
    ...(missing.includes('place') ? ['say where (place.stated, address, landmark, poleCode, plateCode or point)'] : []),
    ...(matter.class === 'unclear' ? ['say what kind of matter it is (matter.class)'] : []),
    ...(matter.class === 'abandoned' ? ['close an abandoned call with its outcome, or say what it turned out to be (matter.class)'] : []),
  ];
}

/**
 * Gives an open and complete incident to the dispatch side. `by`: who does so. One that a rule had handed over is confirmed by it: it
 * stays handed over as of then.
 */
export function handOver(before: Incident, by: string, now: Instant): Answer {
  if (before.status === 'draft') return conflict('nobody has answered this call yet');
  if (before.status === 'closed') return conflict('the incident is closed and stands as it is');
  if (before.status !== 'open' && before.confirmed) return conflict('it was handed over before; every later version is sent by itself');
  const found = complaints(before);
  if (found.length > 0) return invalid(found);
  if (before.status !== 'open') return done(before, { ...before, confirmed: true }, now);
  return done(before, { ...before, status: 'handed-over', handedOverAt: rfc3339(now), handedOverBy: by, confirmed: true }, now);
}

/**
 * Ends an incident with an outcome and a written reason. `dispatched` needs all that handing over needs, a duplicate nothing, for the
 * other one has it; any other outcome of what was answered needs its matter; an abandoned call needs neither place nor what happened.
 */
export function closeIncident(before: Incident, closing: Closing, by: string, now: Instant): Answer {
  if (before.status === 'draft') return conflict('nobody has answered this call yet');
  if (before.status === 'closed') return conflict('the incident is closed and stands as it is');
  const found = [...complaintsOfReason(closing.reason), ...complaintsOfOutcome(before, closing.outcome)];
  if (found.length > 0) return invalid(found);
  const disposition = { outcome: closing.outcome, reason: closing.reason, by, at: rfc3339(now) };
  return done(before, { ...before, status: 'closed', disposition, confirmed: true }, now);
}

function complaintsOfReason(reason: string): readonly string[] {
  if (!isWritten(reason)) return ['say why it is closed so (reason)'];
  return reason.length > REASON_MAX ? [`reason: at most ${REASON_MAX} characters`] : [];
}

function complaintsOfOutcome(incident: Incident, outcome: Outcome): readonly string[] {
  if (outcome === 'dispatched') return complaints(incident);
  if (outcome === 'duplicate') return [];
  return incident.matter.class === 'unclear' ? ['say what kind of matter it is (matter.class)'] : [];
}

/**
 * Whether the dispatch side has been told of it: handed over by a person, or sent unasked because its call ended with no conversation.
 * What it came to be called since makes no difference.
 */
export function isToldOf({ handedOverAt, call }: Incident): boolean {
  if (handedOverAt !== null) return true;
  if (call === null || call.endedAt === null) return false;
  return call.offers.length > 0 ? !call.offers.some(({ outcome }) => outcome === 'completed') : call.answeredAt === null;
}
