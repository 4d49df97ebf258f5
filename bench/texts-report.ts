/**
 * The words and figures of the benchmark of texts. Pure: a measurement in, a text out.
 */
import { percentile, spreadOf, table } from './figures.ts';
import type { Machine } from './machine.ts';

export const GATEWAYS = ['smpp', 'cmpp', 'http', 'sip'] as const;
export type GatewayName = (typeof GATEWAYS)[number];
export const SIDES = ['ours', 'bare'] as const;
export type SideName = (typeof SIDES)[number];

/** One side's share of a round. Milliseconds from handing in; of the bare loop both are the 200, which comes when all is durable. */
export interface Turn {
  readonly side: SideName;
  /** Durable incidents a second: from the first handed in to the last that is durable. */
  readonly perSecond: number;
  /** Milliseconds of a core that the controller (with receipts and handovers), or the bare loop, took for each text. */
  readonly cpuMs: number;
  readonly acknowledged: readonly number[];
  readonly durable: readonly number[];
}

/** As fast as it goes with so many unacknowledged (`window`), or `pace` a second whatever becomes of them. */
export type Load = { readonly window: number } | { readonly pace: number };

export interface Series {
  readonly gateway: GatewayName;
  readonly load: Load;
  /** One turn of each side, in the order of `SIDES`. */
  readonly rounds: readonly (readonly [Turn, Turn])[];
  /** Why other rounds do not count. */
  readonly odd: readonly string[];
}

export interface TextsMeasurement {
  readonly machine: Machine & { readonly loadAfter: number };
  /** Texts of one turn. */
  readonly texts: number;
  readonly series: readonly Series[];
}

/** The least ratio of ours to the bare loop. */
export const AIM = 0.5;

const turnsOf = ({ rounds }: Series, side: SideName): readonly Turn[] => rounds.map((round) => round[SIDES.indexOf(side)] as Turn);
const ratesOf = (series: Series, side: SideName): readonly number[] => turnsOf(series, side).map(({ perSecond }) => perSecond);
const ratiosOf = ({ rounds }: Series): readonly number[] => rounds.map(([ours, bare]) => ours.perSecond / bare.perSecond);
const isFlood = ({ load }: Series): boolean => 'window' in load;

/** Gateways whose median ratio is below the aim, at any window. */
export const missed = ({ series }: TextsMeasurement): readonly Series[] =>
  series.filter((one) => isFlood(one) && !(percentile(ratiosOf(one), 0.5) >= AIM));

/** Every gateway had at least one round that counts, under every load. */
export const isMeasured = ({ series }: TextsMeasurement): boolean => series.every(({ rounds }) => rounds.length > 0);

export function report(measurement: TextsMeasurement): string {
  const { machine, texts, series } = measurement;
  const below = missed(measurement);
  return [
    '\n',
    '  Texts to durable incident, a second: handed in by the gateway, read, in a thread, with an incident, made durable by Redis.\n',
    '  bare: the same two Redis calls and HTTP 200, without decoding, reading, threads, receipts. ratio: of two turns one after the other.\n',
    `  ${machine.cores} cores (${machine.processor}), ${machine.memoryGb} GB, Node ${machine.node}, Redis ${machine.redis} with appendfsync always`,
    `${machine.recordsOnDisk ? '' : ' ON TMPFS, where it costs nothing'}; load ${machine.loadBefore} before, ${machine.loadAfter} at the end.\n`,
    `  Just before, a line was durable on this disk in ${ms(machine.durable.median)} ms (p99 ${ms(machine.durable.p99)}), and a timer late by ${ms(machine.late.median)} ms (p99 ${ms(machine.late.p99)}).\n\n`,
    `  As fast as it goes, ${texts} texts a turn; texts/s: median (least to most). cpu: of a core for each text, ours with receipts and handovers\n`,
    table([['gateway', 'window', 'rounds', 'ours', 'bare', 'ratio', 'ours cpu ms', 'bare cpu ms'], ...series.filter(isFlood).map(rateRow)]),
    '\n  Milliseconds from handing in: to the acknowledgement, and to the durable incident\n',
    table([
      ['gateway', 'load', 'ours ack. p50', 'p99', 'ours durable p50', 'p99', 'bare p50', 'p99'],
      ...series.map((one) => [one.gateway, loadWords(one.load), ...msRow(one)]),
    ]),
    '\n',
    ...series.flatMap(({ gateway, load, odd }) => odd.map((words) => `  not counted: ${gateway} at ${loadWords(load)}: ${words}\n`)),
    isMeasured(measurement) ? '' : '  NOT MEASURED: at least one gateway had no round that counts.\n',
    below.length === 0
      ? `  The aim, a ratio of ${AIM} or more, is met.\n`
      : `  The aim, a ratio of ${AIM} or more, is MISSED: ${below.map(({ gateway, load }) => `${gateway} at ${loadWords(load)}`).join(', ')}.\n`,
  ].join('');
}

const rateRow = (one: Series): readonly string[] => [
  one.gateway,
  'window' in one.load ? String(one.load.window) : '',
  String(one.rounds.length),
  range(ratesOf(one, 'ours'), (rate) => rate.toFixed(0)),
  range(ratesOf(one, 'bare'), (rate) => rate.toFixed(0)),
  range(ratiosOf(one), (ratio) => ratio.toFixed(2)),
  ...SIDES.map((side) =>
    percentile(
      turnsOf(one, side).map(({ cpuMs }) => cpuMs),
      0.5,
    ).toFixed(2),
  ),
];

function msRow(one: Series): readonly string[] {
  const of = (side: SideName, what: 'acknowledged' | 'durable') => spreadOf(turnsOf(one, side).flatMap((turn) => turn[what]));
  return [of('ours', 'acknowledged'), of('ours', 'durable'), of('bare', 'durable')].flatMap(({ median, p99 }) => [ms(median), ms(p99)]);
}

const loadWords = (load: Load): string => ('window' in load ? `window ${load.window}` : `${load.pace}/s`);

const range = (figures: readonly number[], words: (figure: number) => string): string => {
  const [least, median, most] = [0, 0.5, 1].map((share) => words(percentile(figures, share)));
  return `${median} (${least} to ${most})`;
};

const ms = (figure: number): string => (Number.isNaN(figure) ? '-' : figure < 100 ? figure.toFixed(1) : figure.toFixed(0));
