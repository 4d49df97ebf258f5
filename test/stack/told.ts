/**
 * What the dispatch side has been told: the deliveries at a city's webhook sink, each counted once, put together by incident.
 */
import type { Received, WebhookSink } from '../../scripts/stack/sink.ts';
import type { Incident } from '../../src/incident/incident.ts';
import { until } from './until.ts';

export interface Told {
  readonly incident: string;
  /** Types of its deliveries in the order of their versions, e.g. `incident.handed_over`. */
  readonly types: readonly string[];
  /** Oldest first. */
  readonly versions: readonly Incident[];
  readonly last: Incident;
}

interface Envelope {
  readonly type: string;
  readonly data: Incident;
}

/** Each body is read once, however often it is asked for. */
const read = new WeakMap<Received, Envelope>();
function envelopeOf(received: Received): Envelope {
  const envelope = read.get(received) ?? (JSON.parse(received.body) as Envelope);
  read.set(received, envelope);
  return envelope;
}

/** Throws where a delivery was not genuine, or one id stands for two different bodies. */
export function toldIncidents(sink: Pick<WebhookSink, 'received'>): ReadonlyMap<string, Told> {
  const once = new Map<string, Received>();
  for (const received of sink.received) {
    const { id, body, complaint } = received;
    if (complaint !== null) throw new Error(`a delivery is not genuine: ${complaint}`);
    if ((once.get(id)?.body ?? body) !== body) throw new Error(`delivery ${id} came with two bodies`);
    once.set(id, received);
  }
  const byIncident = Map.groupBy([...once.values()].map(envelopeOf), ({ data }) => data.id);
  return new Map(
    [...byIncident].map(([incident, envelopes]) => {
      const inOrder = envelopes.toSorted((one, other) => one.data.version - other.data.version);
      const versions = inOrder.map(({ data }) => data);
      return [incident, { incident, types: inOrder.map(({ type }) => type), versions, last: versions.at(-1) as Incident }];
    }),
  );
}

/** The same by the numbers of the reporters. */
export const toldByNumber = (sink: Pick<WebhookSink, 'received'>): ReadonlyMap<string | null, readonly Told[]> =>
  Map.groupBy(toldIncidents(sink).values(), ({ last }) => last.reporter.number);

/** Those of one reporter. */
export const toldOf = (sink: Pick<WebhookSink, 'received'>, number: string): readonly Told[] => toldByNumber(sink).get(number) ?? [];

/** The one incident of this reporter as soon as `holds` is true of it. Rejects where there are several. */
export function told(
  sink: Pick<WebhookSink, 'received'>,
  number: string,
  what: string,
  holds: (incident: Incident, told: Told) => boolean = () => true,
  withinMs = 5000,
): Promise<Told> {
  return until(
    `the dispatch side is told of ${number}: ${what}`,
    () => {
      const [one, ...others] = toldOf(sink, number);
      if (others.length > 0) throw new Error(`${number} has ${others.length} incidents beside ${one?.incident ?? 'none'}`);
      return one !== undefined && holds(one.last, one) ? one : null;
    },
    withinMs,
  );
}

/** What the reporter wrote, as the incident shows it. */
export const wordsOf = ({ texts }: Incident): readonly string[] =>
  (texts?.messages ?? []).filter(({ direction }) => direction === 'from-reporter').map(({ text }) => text);
