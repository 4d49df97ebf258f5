/**
 * The attack of the benchmark, as a thread of its own so that the clock of the one who measures is not held up: everything at once, at a
 * steady pace, until it is told to stop; then it says what it did. Measures nothing.
 */
import { parentPort, workerData } from 'node:worker_threads';
import { attackSip } from '../test/simulators/sip-attacker.ts';
import { drip, pour, sitIdle, throwGarbage, type Door, type Siege } from '../test/simulators/tcp-attacker.ts';

export interface Targets {
  readonly sip: { readonly host: string; readonly port: number };
  readonly api: Door;
  /** Everything else that listens on TCP. */
  readonly others: readonly Door[];
}

/** What was done, in numbers. */
export interface Toll {
  readonly sip: number;
  readonly garbage: number;
  readonly slow: number;
  readonly large: number;
  readonly guesses: number;
}

/** A second, or connections at a time. */
export const PACE = { sip: 400, garbage: 100, slow: 100, idle: 100, large: 10, guesses: 50 } as const;
const BODY = 100 * 1024 * 1024;
/** More than is read of a body. */
const PIECES_AT_ONCE = 6;
const RENEW_MS = 10_000;

const { sip, api, others } = workerData as Targets;
const doors = [api, ...others];
const scan = await attackSip({ server: sip, perSecond: PACE.sip });
const garbage = throwGarbage(doors, PACE.garbage);
let sieges: Siege[] = [];
let slow = 0;
const besiege = (): void => {
  for (const siege of sieges) siege.stop();
  sieges = [drip([api], PACE.slow), sitIdle([api], PACE.idle), sitIdle(others, PACE.idle / 5)];
  slow += PACE.slow + PACE.idle + (others.length * PACE.idle) / 5;
};
besiege();
// Whoever is slow has been cut by then, and comes again.
const renewal = setInterval(besiege, RENEW_MS);
const over = new AbortController();
let large = 0;
let guesses = 0;
const guessing = setInterval(() => {
  guesses += 1;
  fetch(`http://${api.host}:${api.port}/api/v1/calls`, { headers: { authorization: `Bearer guess-${guesses}` } }).then(
    (answer) => answer.arrayBuffer(),
    // Connections may be cut: that is the other side's right.
    () => undefined,
  );
}, 1000 / PACE.guesses);
const pouring = (async () => {
  const head = `PATCH /api/v1/incidents/01JAB3C4D5E6F7G8H9J0K1M2N3 HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: ${BODY}\r\n\r\n`;
  while (!over.signal.aborted) {
    await pour(api, head, BODY, 2000, PIECES_AT_ONCE);
    large += 1;
    await new Promise((resolve) => setTimeout(resolve, 1000 / PACE.large));
  }
})();

async function end(): Promise<void> {
  over.abort();
  clearInterval(renewal);
  clearInterval(guessing);
  garbage.stop();
  for (const siege of sieges) siege.stop();
  await Promise.all([pouring, scan.stop()]);
  const toll: Toll = { sip: scan.sent(), garbage: garbage.knocks.length, slow, large, guesses };
  parentPort?.postMessage(toll);
  parentPort?.close();
}

parentPort?.once('message', () => void end());
parentPort?.postMessage('begun');
