/**
 * The figures of the house in Prometheus' text form. Gauges are asked of the control room at each scrape, and left out, not
 * repeated, while it cannot answer; what happens is counted through the Observer. Never holds a number, a name or a call's id.
 */
import { Counter, Gauge, Histogram, Registry } from '@prometheus-io/client';
import type { ControlRoom, Figures, Observer } from '../control/room-ports.ts';
import { machineFigures } from './machine-figures.ts';
import { settledWithin } from './settled-within.ts';

export interface Metrics {
  readonly observer: Observer;
  readonly contentType: string;
  /** Answers always, within about two seconds, whatever the room does. */
  text(room: Pick<ControlRoom, 'figures'>): Promise<string>;
  /** `route`: the pattern, never the path. */
  httpAnswered(method: string, route: string, status: number, seconds: number): void;
  close(): void;
}

/** NENA-STA-020 looks at 15 s and 20 s, NFPA 1225 at 10 s. */
const WAIT_BUCKETS = [1, 2, 5, 8, 10, 12, 15, 18, 20, 25, 30, 45, 60, 90, 120, 180, 300, 600, 1200];
const ASSIGNMENT_BUCKETS = [0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.25, 0.5, 1, 2.5, 5];
/** The receipt is meant to be "at once"; what waits for Redis waits longer. */
const TEXT_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300];
const DELIVERY_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2, 5, 10, 30, 60, 300, 900];
const HTTP_BUCKETS = [0.002, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const FIGURES_WITHIN_MS = 2000;

export function makeMetrics(centre: string): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const gauge = <T extends string>(name: string, help: string, labelNames: readonly T[] = []) =>
    new Gauge({ name, help, labelNames, registers });
  const counter = <T extends string>(name: string, help: string, labelNames: readonly T[] = []) =>
    new Counter({ name, help, labelNames, registers });
  const histogram = <T extends string>(name: string, help: string, buckets: number[], labelNames: readonly T[] = []) =>
    new Histogram({ name, help, buckets, labelNames, registers });

  gauge('intake_info', 'Always 1; tells the centre', ['centre']).set({ centre }, 1);
  const present = gauge('intake_store_present', '1 while the control room can read its records, else 0 and the gauges below are left out');
  const calls = gauge('intake_calls', 'Calls by where they are', ['place']);
  const line = gauge('intake_line_length', 'Callers in the line');
  const callTakers = gauge('intake_call_takers', 'Call takers by state', ['state']);
  const lag = gauge('intake_webhook_lag_seconds', 'Age of the oldest handover that waits for a sink; 0 when none waits', ['sink']);
  const waiting = gauge('intake_webhook_waiting', 'Handovers that wait for a sink', ['sink']);
  const dead = gauge('intake_webhook_dead', 'Handovers given up and kept for a person', ['sink']);
  const textLine = gauge('intake_text_line_length', 'Threads of texts that wait for a call taker');
  const unread = gauge('intake_texts_unread', 'Texts that are kept and not yet in a thread');
  const unreadLag = gauge('intake_texts_unread_lag_seconds', 'Age of the oldest unread text; 0 when none is');
  const gatewayUp = gauge('intake_gateway_up', '1 while a gateway of texts is connected or listens', ['gateway', 'kind']);
  const gatewayWaiting = gauge('intake_gateway_waiting', 'Texts of ours that wait for a gateway', ['gateway']);
  const gatewayLag = gauge('intake_gateway_lag_seconds', 'Seconds by which the oldest of them is late', ['gateway']);
  const labelled = [calls, callTakers, lag, waiting, dead, gatewayUp, gatewayWaiting, gatewayLag];
  const plain = [line, textLine, unread, unreadLag];

  const waits = histogram('intake_wait_seconds', "Callers' waits from the door to an answer, or to leaving without one", WAIT_BUCKETS, [
    'outcome',
  ]);
  waits.zero({ outcome: 'answered' });
  waits.zero({ outcome: 'abandoned' });
  const assignments = histogram(
    'intake_assignment_seconds',
    "From a call taker's becoming free, or a caller's coming, to the ring command's answer",
    ASSIGNMENT_BUCKETS,
  );
  const deliveries = counter('intake_webhook_deliveries_total', 'Handovers delivered', ['sink']);
  const deliverySeconds = histogram('intake_webhook_delivery_seconds', 'From the making of a handover to its delivery', DELIVERY_BUCKETS, [
    'sink',
  ]);
  const ignored = counter('intake_events_ignored_total', 'Events that meant nothing where the call was (late or repeated)', [
    'place',
    'event',
  ]);
  const textSeconds = histogram(
    'intake_text_taken_seconds',
    "From a text's being handed in by its gateway to its durable incident",
    TEXT_BUCKETS,
    ['gateway'],
  );
  const outgoing = counter('intake_outgoing_texts_total', 'Texts of ours that came into a state, by gateway and what they are for', [
    'gateway',
    'purpose',
    'state',
  ]);
  const http = histogram('intake_http_request_seconds', 'HTTP requests answered, by route', HTTP_BUCKETS, ['method', 'route', 'status']);
  const machine = machineFigures(registry);

  function show(figures: Figures): void {
    for (const [place, n] of Object.entries(figures.callsByPlace)) calls.set({ place }, n);
    line.set(figures.lineLength);
    for (const [state, n] of Object.entries(figures.callTakersByState)) callTakers.set({ state }, n);
    for (const sink of figures.sinks) {
      lag.set({ sink: sink.name }, sink.lagSeconds);
      waiting.set({ sink: sink.name }, sink.waiting);
      dead.set({ sink: sink.name }, sink.dead);
      deliveries.inc({ sink: sink.name }, 0);
    }
    showTexts(figures.texts);
  }

  /** Gateways are named as the settings name them; nothing that a stranger sends is a label. */
  function showTexts(texts: Figures['texts']): void {
    textLine.set(texts.lineLength);
    unread.set(texts.unread);
    unreadLag.set(texts.unreadLagSeconds);
    for (const { name, kind, isUp, waiting: held, lagSeconds } of texts.gateways) {
      gatewayUp.set({ gateway: name, kind }, isUp ? 1 : 0);
      gatewayWaiting.set({ gateway: name }, held);
      gatewayLag.set({ gateway: name }, lagSeconds);
    }
  }

  async function scrape(room: Pick<ControlRoom, 'figures'>): Promise<string> {
    const figures = await settledWithin(FIGURES_WITHIN_MS, () => room.figures());
    for (const gauge of labelled) gauge.reset();
    for (const gauge of plain) gauge.remove();
    present.set(figures.ok ? 1 : 0);
    if (figures.ok) show(figures.value);
    machine.read();
    return registry.metrics();
  }

  let running: Promise<string> | null = null;
  return {
    observer: {
      waited: (seconds, outcome) => waits.observe({ outcome }, seconds),
      assigned: (seconds) => assignments.observe(seconds),
      delivered(sink, seconds) {
        deliveries.inc({ sink });
        deliverySeconds.observe({ sink }, seconds);
      },
      ignored: (place, event) => ignored.inc({ place, event }),
      textTaken: (gateway, seconds) => textSeconds.observe({ gateway }, seconds),
      outgoing: (gateway, purpose, state) => outgoing.inc({ gateway, purpose, state }),
    },
    contentType: registry.contentType,
    text(room) {
      running ??= scrape(room).finally(() => {
        running = null;
      });
      return running;
    },
    httpAnswered: (method, route, status, seconds) => http.observe({ method, route, status: String(status) }, seconds),
    close: () => machine.close(),
  };
}
