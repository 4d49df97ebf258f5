/**
 * The words and figures of the interpreter benchmark. Pure: a measurement in, a text out.
 */
import { spreadOf, table } from './figures.ts';
import type { Machine } from './machine.ts';

export const SIDES = ['ours', 'ConfBridge'] as const;
export type SideName = (typeof SIDES)[number];

/** Milliseconds. `rings`: from the request to the INVITE; `heard`: from the key going up to the volunteer's sound at both others. */
export type Round = { readonly side: SideName; readonly round: number } & (
  | { readonly rings: number; readonly heard: number }
  | { readonly odd: string }
);

export interface InterpreterMeasurement {
  readonly machine: Machine & { readonly loadAfter: number };
  /** In the order of measuring. */
  readonly rounds: readonly Round[];
}

const WAYS = [
  { way: 'rings', words: 'request → phone rings' },
  { way: 'heard', words: 'key → heard by both' },
] as const;
type Way = (typeof WAYS)[number]['way'];

const msOf = (rounds: readonly Round[], side: SideName, way: Way): readonly number[] =>
  rounds.flatMap((round) => (round.side === side && way in round ? [(round as Record<Way, number>)[way]] : []));

/** Every side had at least one round that counts. */
export const isMeasured = ({ rounds }: InterpreterMeasurement): boolean => SIDES.every((side) => msOf(rounds, side, 'heard').length > 0);

/** Ours by the opponent's, of the two rounds that followed each other. */
function ratiosOf(rounds: readonly Round[], way: Way): readonly number[] {
  const of = (side: SideName): ReadonlyMap<number, number> =>
    new Map(rounds.flatMap((one) => (one.side === side && way in one ? [[one.round, (one as Record<Way, number>)[way]]] : [])));
  const opponent = of('ConfBridge');
  return [...of('ours')].flatMap(([round, ms]) => {
    const other = opponent.get(round);
    return other === undefined || other <= 0 ? [] : [ms / other];
  });
}

export function report(measurement: InterpreterMeasurement): string {
  const { machine, rounds } = measurement;
  return [
    '\n',
    "  request → phone rings: from the HTTP request to the INVITE at the volunteer's phone. key → heard by both: from the key going up\n",
    "  to the first packet of the volunteer's tone at the later one of caller and call taker. Milliseconds.\n",
    `  ${machine.cores} cores (${machine.processor}), ${machine.memoryGb} GB, Node ${machine.node}, Asterisk ${machine.asterisk}, Redis ${machine.redis} with appendfsync always`,
    `${machine.recordsOnDisk ? '' : ' ON TMPFS, where it costs nothing'}; load ${machine.loadBefore} before, ${machine.loadAfter} at the end.\n`,
    `  Just before, a line was durable on this disk in ${ms(machine.durable.median)} ms (p99 ${ms(machine.durable.p99)}), and a timer late by ${ms(machine.late.median)} ms (p99 ${ms(machine.late.p99)}).\n\n`,
    table([['way', 'side', 'rounds', 'p10', 'median', 'p90', 'most'], ...WAYS.flatMap(({ way, words }) => rowsOf(rounds, way, words))]),
    '\n',
    table([['ours / ConfBridge', 'pairs', 'p10', 'median', 'p90'], ...WAYS.map(({ way, words }) => ratioRow(rounds, way, words))]),
    '\n',
    ...oddities(rounds),
    isMeasured(measurement) ? '' : '  NOT MEASURED: at least one side had no round that counts.\n',
  ].join('');
}

const rowsOf = (rounds: readonly Round[], way: Way, words: string): readonly (readonly string[])[] =>
  SIDES.map((side) => {
    const { count, p10, median, p90, most } = spreadOf(msOf(rounds, side, way));
    return [words, side, String(count), ms(p10), ms(median), ms(p90), ms(most)];
  });

function ratioRow(rounds: readonly Round[], way: Way, words: string): readonly string[] {
  const { count, p10, median, p90 } = spreadOf(ratiosOf(rounds, way));
  return [words, String(count), ...[p10, median, p90].map((ratio) => (Number.isNaN(ratio) ? '-' : ratio.toFixed(2)))];
}

const ms = (figure: number): string => (Number.isNaN(figure) ? '-' : figure < 100 ? figure.toFixed(1) : figure.toFixed(0));

/** Rounds that were not counted, and why, the same words once. */
function oddities(rounds: readonly Round[]): readonly string[] {
  const odd = rounds.flatMap((round) => ('odd' in round ? [`${round.side}: ${round.odd}`] : []));
  return [...new Set(odd)].map((words) => `  not counted: ${odd.filter((one) => one === words).length} × ${words}\n`);
}
