/**
 * From a step of the machine to one commit: the call, what the desk is told, the incident, the journal and the outbox, all in one
 * Redis function. Reads what it needs, decides nothing: the rules stand in call/, desk/ and incident/.
 */
import type { Call } from '../call/call.ts';
import { isNotice, isVolunteerNotice, type Effect, type Notice, type VolunteerNotice } from '../call/effects.ts';
import type { CallEvent } from '../call/events.ts';
import { deskStep, type CallTaker, type DeskEvent, type DeskRules } from '../desk/call-taker.ts';
import { incidentFromCall } from '../incident/from-call.ts';
import type { Incident } from '../incident/incident.ts';
import { volunteerStep, type Volunteer, type VolunteerEvent } from '../interpreters/volunteer.ts';
import { incidentId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instants.ts';
import type { Change, Commit, Handover, HandoverType, JournalEntry, Store } from './ports.ts';

export interface SavingRules {
  readonly desk: DeskRules;
  readonly centre: string;
}

/** `not-free`: the call taker of a claim is not free any more; nothing may be saved. */
export type Drafted = { readonly is: 'ready'; readonly commit: Commit; readonly refused: readonly string[] } | { readonly is: 'not-free' };

export async function draftCommit(
  store: Store,
  rules: SavingRules,
  id: string,
  before: Call,
  after: Call,
  effects: readonly Effect[],
  event: CallEvent,
): Promise<Drafted> {
  const [desk, roster, oldIncident] = await Promise.all([
    deskChanges(store, rules.desk, after, effects.filter(isNotice), event.time),
    rosterChanges(store, after, effects.filter(isVolunteerNotice), event.time),
    store.incident(after.incident),
  ]);
  if (desk === 'not-free' || roster === 'not-free') return { is: 'not-free' };
  const incident = incidentFromCall(after, oldIncident, event.time, rules.centre);
  const isChanged = incident !== null && incident !== oldIncident;
  const handover = isChanged ? handoverOf(after, incident, oldIncident, event.time) : null;
  const commit: Commit = {
    id,
    call: { value: after, from: before.revision },
    callTakers: desk.changes,
    volunteers: roster.changes,
    journal: [entryOf(before, after, event)],
    ...(isChanged ? { incidents: [{ value: incident, from: oldIncident?.version ?? 0 }] } : {}),
    ...(handover === null ? {} : { handovers: [handover] }),
  };
  return { is: 'ready', commit, refused: [...desk.refused, ...roster.refused] };
}

/** Sent on: an abandoned call at once, and every later version of what was handed over. */
function handoverOf(call: Call, incident: Incident, before: Incident | null, at: Instant): Handover | null {
  const isAbandoned = call.state.at === 'ended' && call.state.why === 'abandoned' && incident.status === 'open';
  if (isAbandoned) return handover(incident, 'incident.abandoned', at);
  return before !== null && before.handedOverAt !== null ? handover(incident, 'incident.amended', at) : null;
}

/** One message per version: the same version is never sent under two names. */
export const handover = (incident: Incident, type: HandoverType, at: Instant): Handover => ({
  id: `msg_${incident.id}_${incident.version}`,
  type,
  at,
  incident,
});

async function deskChanges(
  store: Store,
  rules: DeskRules,
  call: Call,
  notices: readonly Notice[],
  time: Instant,
): Promise<{ changes: readonly Change<CallTaker>[]; refused: readonly string[] } | 'not-free'> {
  const changes: Change<CallTaker>[] = [];
  const refused: string[] = [];
  for (const notice of notices) {
    const known = await store.callTaker(notice.callTaker);
    const step = known === null ? null : deskStep(known, deskEvent(call, notice, time), rules);
    if (known !== null && step !== null && step.refused === undefined) {
      if (step.callTaker !== known) changes.push({ value: step.callTaker, from: known.revision });
      continue;
    }
    if (notice.tell === 'offered') return 'not-free';
    refused.push(`${notice.tell} for ${notice.callTaker}: ${step?.refused ?? 'no such call taker'}`);
  }
  return { changes, refused };
}

function deskEvent(call: Call, notice: Notice, time: Instant): DeskEvent {
  const about = { time, call: call.id, attempt: notice.attempt };
  switch (notice.tell) {
    case 'offered':
      return { ...about, type: 'Offered' };
    case 'answered':
      return { ...about, type: 'Answered' };
    case 'offer-failed':
      return { ...about, type: 'OfferFailed', why: notice.why };
    case 'conversation-ended':
      return { ...about, type: 'ConversationEnded', lost: notice.lost };
  }
}

/** A volunteer may be told twice in one step (asked nowhere, freed here): each change goes on from the one before. */
async function rosterChanges(
  store: Store,
  call: Call,
  notices: readonly VolunteerNotice[],
  time: Instant,
): Promise<{ changes: readonly Change<Volunteer>[]; refused: readonly string[] } | 'not-free'> {
  const changes = new Map<string, Change<Volunteer>>();
  const refused: string[] = [];
  for (const notice of notices) {
    const earlier = changes.get(notice.volunteer);
    const known = earlier?.value ?? (await store.volunteer(notice.volunteer));
    const step = known === null ? null : volunteerStep(known, volunteerEvent(call, notice, time));
    if (known !== null && step !== null && step.refused === undefined) {
      changes.set(notice.volunteer, { value: step.volunteer, from: earlier?.from ?? known.revision });
      continue;
    }
    if (notice.tell === 'asked') return 'not-free';
    refused.push(`${notice.tell} for volunteer ${notice.volunteer}: ${step?.refused ?? 'no longer on the roster'}`);
  }
  return { changes: [...changes.values()], refused };
}

function volunteerEvent(call: Call, { tell, leg }: VolunteerNotice, time: Instant): VolunteerEvent {
  const about = { time, call: call.id, leg };
  switch (tell) {
    case 'asked':
      return { ...about, type: 'Asked' };
    case 'serving':
      return { ...about, type: 'Accepted' };
    case 'freed':
      return { ...about, type: 'Freed' };
  }
}

/** What anyone needs to recompute that the order was fair: ticket, from where to where, to whom. */
function entryOf(before: Call, after: Call, event: CallEvent): JournalEntry {
  const last = after.offers.at(-1);
  return {
    at: event.time,
    kind: event.type,
    call: after.id,
    ticket: after.ticket,
    incident: incidentId(after.incident),
    ...(last === undefined ? {} : { callTaker: last.to }),
    data: {
      from: before.state.at,
      to: after.state.at,
      ...(last === undefined ? {} : { attempt: last.attempt, offer: last.outcome }),
      ...(after.interpreter.is === before.interpreter.is ? {} : { interpreter: after.interpreter.is }),
      ...(after.release === null ? {} : { releasedBy: after.release.by, cause: after.release.cause }),
    },
  };
}
