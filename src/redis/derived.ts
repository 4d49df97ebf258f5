/**
 * What the store derives from a document beside the document itself, and what makes a commit impossible from the start.
 * Pure, so that Redis and its twin in memory keep the same indexes. Never reads what is stored.
 */
import { isInLine, type Call } from '../call/call.ts';
import type { Commit } from '../control/ports.ts';
import { Fault } from '../kernel/faults.ts';

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
  if (commit.incident) grows(`incident ${commit.incident.value.id}`, commit.incident.from, commit.incident.value.version);
  const ids = (commit.callTakers ?? []).map(({ value }) => value.id);
  if (new Set(ids).size < ids.length) complaints.push('the same call taker twice');
  if (complaints.length > 0) throw new Fault('invalid', `Commit ${commit.id} cannot be saved: ${complaints.join('; ')}`, complaints);
}
