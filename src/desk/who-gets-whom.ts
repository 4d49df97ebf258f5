/**
 * The one policy of the house: the longest-waiting caller goes to the longest-ready call taker.
 * Never claims anybody: a pair is a proposal, and the save succeeds only if both are still free.
 */
import type { CallId, Ticket } from '../kernel/ids.ts';
import { isFree, type CallTaker } from './call-taker.ts';

/** One caller in the line. Earlier tickets are served first. */
export interface LineEntry {
  readonly call: CallId;
  readonly ticket: Ticket;
}

export interface Pair {
  readonly call: CallId;
  readonly callTaker: CallTaker;
}

/** As many pairs as both sides allow, best first. Ties among call takers fall to the smaller id, so that every controller proposes alike. */
export function whoGetsWhom(line: readonly LineEntry[], callTakers: readonly CallTaker[]): readonly Pair[] {
  const callers = line.toSorted((a, b) => a.ticket - b.ticket);
  const free = callTakers.filter(isFree).toSorted((a, b) => readySince(a) - readySince(b) || (a.id < b.id ? -1 : 1));
  return callers.slice(0, free.length).map((caller, i) => ({ call: caller.call, callTaker: free[i] as CallTaker }));
}

const readySince = (callTaker: CallTaker): number => (callTaker.state.is === 'ready' ? callTaker.state.since : Infinity);
