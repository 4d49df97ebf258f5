/**
 * What the store derives from a document beside the document itself, and what makes a commit impossible from the start.
 * Pure, so that Redis and its twin in memory keep the same indexes. Never reads what is stored.
 */
import { isInLine, type Call } from '../call/call.ts';
import type { Commit, JournalEntry } from '../control/ports.ts';
import type { NewRoster } from '../interpreters/roster.ts';
import type { Volunteer } from '../interpreters/volunteer.ts';
import { Fault } from '../kernel/faults.ts';
import type { Instant } from '../kernel/instants.ts';

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
  if (hasTwice(commit.callTakers)) complaints.push('the same call taker twice');
  if (hasTwice(commit.volunteers)) complaints.push('the same volunteer twice');
  if (hasTwice(commit.incidents)) complaints.push('the same incident twice');
  if (complaints.length > 0) throw new Fault('invalid', `Commit ${commit.id} cannot be saved: ${complaints.join('; ')}`, complaints);
}

const hasTwice = (changes: readonly { readonly value: { readonly id: string } }[] = []): boolean =>
  new Set(changes.map(({ value }) => value.id)).size < changes.length;
