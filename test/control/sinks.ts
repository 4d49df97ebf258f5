/** The loops that hand incidents over, on the store in memory and sinks that answer as told, with a clock moved by hand. */
import { startHandingOver, type HandingOver, type SinkPlan } from '../../src/control/handing-over.ts';
import type { Delivery, Handover, OutboxEntry, Sink, Store } from '../../src/control/ports.ts';
import type { Observer } from '../../src/control/room-ports.ts';
import type { Incident } from '../../src/incident/incident.ts';
import { incidentId } from '../../src/kernel/ids.ts';
import { instant } from '../../src/kernel/instants.ts';
import { answeredCall, incidentOf } from '../incident/calls.ts';
import { HandClock } from '../simulators/hand-clock.ts';
import { memoryStore, type MemoryStore } from '../simulators/memory-store.ts';
import { keptLog } from '../stack/log.ts';

export const OK: Delivery = { is: 'delivered', answer: 'HTTP 204' };
export const AWAY: Delivery = { is: 'unreachable', answer: 'HTTP 503' };
export const NO: Delivery = { is: 'refused', answer: 'HTTP 422: no' };

export interface ScriptedSink extends Sink {
  readonly got: OutboxEntry[];
}
export type Answer = (entry: OutboxEntry, n: number) => Delivery | Promise<Delivery>;
export function scripted(name: string, answer: Answer): ScriptedSink {
  const got: OutboxEntry[] = [];
  return {
    name,
    got,
    deliver: async (entry) => {
      got.push(entry);
      return answer(entry, got.length);
    },
  };
}

export const plan = (sink: Sink, more: Partial<SinkPlan> = {}): SinkPlan => ({
  sink,
  backoffMs: [1000, 2000],
  maxAttempts: 5,
  concurrency: 4,
  ...more,
});
export const incidentNo = (n: number, version = 1): Incident => ({
  ...incidentOf(answeredCall()),
  id: incidentId(`01ARZ3NDEKTSV4RRFFQ69G${String(n).padStart(4, '0')}`),
  version,
});
export const START = 1_772_323_200_000;

export async function put(store: Store, incident: Incident, at = START): Promise<Handover> {
  const handover: Handover = { id: `msg_${incident.id}_${incident.version}`, type: 'incident.amended', at: instant(at), incident };
  const from = incident.version - 1;
  const verdict = await store.commit({ id: handover.id, incidents: [{ value: incident, from }], journal: [], handovers: [handover] });
  if (verdict.is !== 'saved') throw new Error(JSON.stringify(verdict));
  return handover;
}

export function house(sinks: readonly SinkPlan[], store: MemoryStore = memoryStore({ sinks: sinks.map(({ sink }) => sink.name) })) {
  const clock = new HandClock(START);
  const log = keptLog();
  const lags: [string, number][] = [];
  const observer: Observer = {
    waited: () => undefined,
    assigned: () => undefined,
    delivered: (sink, seconds) => lags.push([sink, seconds]),
    ignored: () => undefined,
    textTaken: () => undefined,
    outgoing: () => undefined,
  };
  const begin = (): HandingOver => startHandingOver({ store, sinks, clock, log, observer });
  return { clock, log, lags, store, begin };
}
/** Lets everything that is ready run; the loops wait for nothing but promises and the clock. */
export const settle = () =>
  new Promise<void>((resolve) => {
    setImmediate(resolve);
  });
export async function pass(clock: HandClock, ms: number, step = 100): Promise<void> {
  for (let gone = 0; gone < ms; gone += step) {
    clock.pass(step);
    await settle();
  }
}
export const never = (): Promise<Delivery> => new Promise(() => undefined);
export const idsOf = (sink: ScriptedSink): readonly string[] => sink.got.map(({ id }) => id);
