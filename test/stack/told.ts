/**
 * What the dispatch side has been told: the deliveries at a city's webhook sink, each counted once, put together by incident.
 */
import type { WebhookSink } from '../../scripts/stack/sink.ts';
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

/** Throws where a delivery was not genuine, or one id stands for two different bodies. */
export function toldIncidents(sink: Pick<WebhookSink, 'received'>): ReadonlyMap<string, Told> {
  const once = new Map<string, string>();
  for (const { id, body, complaint } of sink.received) {
    if (complaint !== null) throw new Error(`a delivery is not genuine: ${complaint}`);
    if ((once.get(id) ?? body) !== body) throw new Error(`delivery ${id} came with two bodies`);
    once.set(id, body);
  }
  const byIncident = Map.groupBy(
    [...once.values()].map((body) => JSON.parse(body) as Envelope),
    ({ data }) => data.id,
  );
  return new Map(
    [...byIncident].map(([incident, envelopes]) => {
      const inOrder = envelopes.toSorted((one, other) => one.data.version - other.data.version);
      const versions = inOrder.map(({ data }) => data);
      return [incident, { incident, types: inOrder.map(({ type }) => type), versions, last: versions.at(-1) as Incident }];
    }),
  );
}

/** Those of one reporter. */
export const toldOf = (sink: Pick<WebhookSink, 'received'>, number: string): readonly Told[] =>
  [...toldIncidents(sink).values()].filter(({ last }) => last.reporter.number === number);

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
