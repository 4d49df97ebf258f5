/**
 * What the store derives from a document beside the document itself, and what makes a commit impossible from the start.
 * Pure, so that Redis and its twin in memory keep the same indexes. Never reads what is stored.
 */
import { createHash } from 'node:crypto';
import { isInLine, type Call } from '../call/call.ts';
import type { Commit, JournalEntry } from '../control/ports.ts';
import type { DeliveryReport } from '../control/text-ports.ts';
import type { NewRoster } from '../interpreters/roster.ts';
import type { Volunteer } from '../interpreters/volunteer.ts';
import { Fault } from '../kernel/faults.ts';
import type { Instant } from '../kernel/instants.ts';
import type { KeptText } from '../sms/text.ts';
import type { Thread } from '../sms/thread.ts';
import { isName } from './keys.ts';

/** How long the first wait of a caller was, in milliseconds, and whether it ended unanswered. */
export interface Wait {
  readonly waitedMs: number;
  readonly abandoned: boolean;
}

export interface CallFacts {
  readonly inLine: boolean;
  readonly live: boolean;
  /** `null` while the wait is not over, and for calls that were never ours. Counted once a call. */
  readonly wait: Wait | null;
  /** One length, in milliseconds, for each conversation that has ended, in their order. */
  readonly servicesMs: readonly number[];
}

export function factsOf(call: Call): CallFacts {
  const servicesMs = call.offers.flatMap(({ answeredAt, endedAt }) =>
    answeredAt === null || endedAt === null ? [] : [Math.max(0, endedAt - answeredAt)],
  );
  return { inLine: isInLine(call), live: call.state.at !== 'ended', wait: waitOf(call), servicesMs };
}

function waitOf(call: Call): Wait | null {
  const answeredAt = call.offers.find((offer) => offer.answeredAt !== null)?.answeredAt ?? null;
  if (answeredAt !== null) return { waitedMs: Math.max(0, answeredAt - call.arrivedAt), abandoned: false };
  if (call.state.at !== 'ended' || call.state.why !== 'abandoned' || call.endedAt === null) return null;
  return { waitedMs: Math.max(0, call.endedAt - call.arrivedAt), abandoned: true };
}

export interface ThreadFacts {
  /** In the line of texts. */
  readonly waits: boolean;
  /** Its guard keeps every text to this number back. */
  readonly silences: boolean;
  readonly due: readonly { readonly gateway: string; readonly number: number; readonly at: Instant }[];
  /** What carriers call the texts of ours. */
  readonly carriers: readonly { readonly gateway: string; readonly carrierId: string; readonly number: number }[];
}

export function factsOfThread({ holder, guard, outgoing }: Thread): ThreadFacts {
  return {
    waits: holder.is === 'waiting',
    silences: guard.is === 'silent' || guard.is === 'forbidden',
    due: outgoing.flatMap(({ gateway, number, dueAt }) => (dueAt === null ? [] : [{ gateway, number, at: dueAt }])),
    carriers: outgoing.flatMap(({ gateway, number, carrierIds }) => carrierIds.map((carrierId) => ({ gateway, carrierId, number }))),
  };
}

/**
 * By what a text that its carrier repeats is known: the carrier's name together with what it says and of whom. A carrier that counts anew,
 * or names all parts alike, must not lose a text for it.
 */
export function repeatNameOf(carrierId: string, { from, to, octets, part }: KeptText): string {
  return `${carrierId} ${createHash('sha256')
    .update(JSON.stringify([from, to, octets, part]))
    .digest('base64url')
    .slice(0, 22)}`;
}

/** What the journal says of a text that is kept, and of a report about a text that nobody knows: no number and none of the words. */
export const keptEntry = ({ gateway, receivedAt }: KeptText): JournalEntry => ({ at: receivedAt, kind: 'TextKept', data: { gateway } });
export const earlyReportEntry = ({ gateway, outcome }: DeliveryReport, at: Instant): JournalEntry => ({
  at,
  kind: 'ReportCameEarly',
  data: { gateway, outcome },
});

/** What the journal says of a new roster: how many are on it, how many of them it added or changed, how many have left it. */
export function rosterEntry(at: Instant, known: readonly Volunteer[], { on, off }: NewRoster): JournalEntry {
  const before = new Map(known.map(({ id, revision }) => [id, revision]));
  const added = on.filter(({ id }) => !before.has(id)).length;
  const changed = on.filter(({ id, revision }) => before.has(id) && before.get(id) !== revision).length;
  return { at, kind: 'RosterReplaced', data: { volunteers: on.length, added, changed, left: off.length } };
}

/** Throws a Fault 'invalid' with every complaint where a commit cannot be right whatever is stored. */
export function checkCommit(commit: Commit): void {
  const complaints: string[] = [];
  if (commit.id === '') complaints.push('a commit needs an id');
  const grows = (what: string, from: number, to: number) => {
    if (!Number.isSafeInteger(from) || from < 0) complaints.push(`${what}: made from revision ${from}`);
    if (!Number.isSafeInteger(to) || to <= from) complaints.push(`${what}: revision ${to} does not follow ${from}`);
  };
  if (commit.call) grows(`call ${commit.call.value.id}`, commit.call.from, commit.call.value.revision);
  for (const { value, from } of commit.callTakers ?? []) grows(`call taker ${value.id}`, from, value.revision);
  for (const { value, from } of commit.volunteers ?? []) grows(`volunteer ${value.id}`, from, value.revision);
  for (const { value, from } of commit.incidents ?? []) grows(`incident ${value.id}`, from, value.version);
  for (const { value, from } of commit.threads ?? []) {
    grows(`thread ${value.id}`, from, value.revision);
    for (const { number, gateway } of value.outgoing) {
      if (!isName(gateway)) complaints.push(`text ${number} of thread ${value.id}: ${JSON.stringify(gateway)} is no name of a gateway`);
    }
  }
  if (hasTwice(commit.callTakers)) complaints.push('the same call taker twice');
  if (hasTwice(commit.volunteers)) complaints.push('the same volunteer twice');
  if (hasTwice(commit.incidents)) complaints.push('the same incident twice');
  if (hasTwice(commit.threads)) complaints.push('the same thread twice');
  if (new Set(commit.read).size < (commit.read ?? []).length) complaints.push('the same text twice');
  if (complaints.length > 0) throw new Fault('invalid', `Commit ${commit.id} cannot be saved: ${complaints.join('; ')}`, complaints);
}

const hasTwice = (changes: readonly { readonly value: { readonly id: string } }[] = []): boolean =>
  new Set(changes.map(({ value }) => value.id)).size < changes.length;
