/**
 * The words and figures of the failover measurement. Pure: a measurement in, a text out.
 */
import { spreadOf, table } from './figures.ts';
import type { Machine } from './machine.ts';

/** `killed`: kill -9; `asked`: SIGTERM, the planned way; `bare`: a process is started and lists the channels. */
export const WAYS = ['killed', 'asked', 'bare'] as const;
export type Way = (typeof WAYS)[number];

export type Round = { readonly way: Way } & ({ readonly ms: number } | { readonly odd: string });

export interface FailoverMeasurement {
  readonly machine: Machine & { readonly loadAfter: number };
  /** Callers in the line in each round. */
  readonly waiting: number;
  readonly rounds: readonly Round[];
}

const WORDS: Readonly<Record<Way, string>> = {
  killed: 'kill -9 → first caller rings',
  asked: 'SIGTERM → first caller rings',
  bare: 'bare: start a process, list channels',
};
/** Milliseconds that the median is to stay under. */
const AIMS: Readonly<Partial<Record<Way, number>>> = { killed: 3000, asked: 1000 };

const msOf = (rounds: readonly Round[], way: Way): readonly number[] =>
  rounds.flatMap((round) => (round.way === way && 'ms' in round ? [round.ms] : []));

export const isMeasured = ({ rounds }: FailoverMeasurement): boolean => WAYS.every((way) => msOf(rounds, way).length > 0);

export function report(measurement: FailoverMeasurement): string {
  const { machine, waiting, rounds } = measurement;
  return [
    '\n',
    `  ${waiting} callers wait, all of the controller that goes; a call taker becomes ready as it goes. To the INVITE for the first of the\n`,
    '  line at the phone of the call taker, ordered by the other controller. Milliseconds.\n',
    `  ${machine.cores} cores (${machine.processor}), ${machine.memoryGb} GB, Node ${machine.node}, Asterisk ${machine.asterisk}, Redis ${machine.redis} with appendfsync always`,
    `${machine.recordsOnDisk ? '' : ' ON TMPFS, where it costs nothing'}; load ${machine.loadBefore} before, ${machine.loadAfter} at the end.\n\n`,
    table([['way', 'rounds', 'p10', 'median', 'p90', 'most', 'aim'], ...WAYS.map((way) => row(rounds, way))]),
    '\n',
    ...oddities(rounds),
    isMeasured(measurement) ? '' : '  NOT MEASURED: at least one way had no round that counts.\n',
  ].join('');
}

function row(rounds: readonly Round[], way: Way): readonly string[] {
  const { count, p10, median, p90, most } = spreadOf(msOf(rounds, way));
  const aim = AIMS[way];
  const verdict = aim === undefined ? '' : `under ${aim}: ${median < aim ? 'met' : 'MISSED'}`;
  return [
    WORDS[way],
    String(count),
    ...[p10, median, p90, most].map((figure) => (Number.isNaN(figure) ? '-' : figure.toFixed(0))),
    verdict,
  ];
}

function oddities(rounds: readonly Round[]): readonly string[] {
  const odd = rounds.flatMap((round) => ('odd' in round ? [`${round.way}: ${round.odd}`] : []));
  return [...new Set(odd)].map((words) => `  not counted: ${odd.filter((one) => one === words).length} × ${words}\n`);
}
