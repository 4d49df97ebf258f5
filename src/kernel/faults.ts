/**
 * What can go wrong between rooms, by name. A fault says whose it is, so that every door can answer in its own language
 * (HTTP a problem document, the lane another attempt). Never thrown for what a caller does: callers make events, not faults.
 */
export type FaultKind =
  /** The asker sent something that cannot be right; `details` lists every complaint. */
  | 'invalid'
  /** No such call, incident, call taker, sink. */
  | 'unknown'
  /** The thing has changed since it was read, or is not in a state that allows this. */
  | 'conflict'
  /** Redis or Asterisk cannot be reached now; asking again later may help. */
  | 'unavailable'
  /** This controller no longer owns what it tries to change. */
  | 'fenced';

export class Fault extends Error {
  readonly kind: FaultKind;
  readonly details: readonly string[];
  constructor(kind: FaultKind, message: string, details: readonly string[] = [], cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'Fault';
    this.kind = kind;
    this.details = details;
  }
}

export const isFault = (thrown: unknown, kind?: FaultKind): thrown is Fault =>
  thrown instanceof Fault && (kind === undefined || thrown.kind === kind);

/** The words of whatever was thrown. */
export const wordsOf = (thrown: unknown): string => (thrown instanceof Error ? thrown.message : String(thrown));
