/**
 * The words and figures of the assignment benchmark. Pure: a measurement in, a text out.
 */
import { spreadOf, table, type Spread } from './figures.ts';
import type { Machine } from './machine.ts';

export interface Size {
  /** Callers waiting for each side. */
  readonly waiting: number;
  /** Milliseconds of every round that counted, in the order of measuring, and what was odd about the others. */
  readonly sides: readonly { readonly name: string; readonly ms: readonly number[]; readonly odd: readonly string[] }[];
  /** More rounds of ours, for its 99th percentile. */
  readonly tail: { readonly ms: readonly number[]; readonly odd: readonly string[] };
}

export interface Measurement {
  readonly machine: Machine & { readonly loadAfter: number };
  readonly patienceSeconds: number;
  readonly sizes: readonly Size[];
}

const AIM_P99_MS = 50;
/** Below this many rounds the 99th percentile is the slowest of a few. */
const ENOUGH_FOR_P99 = 100;

export interface Verdict {
  /** Every side was measured at every size. */
  readonly isMeasured: boolean;
  readonly isMet: boolean;
  /** Of ours, at the largest size. */
  readonly p99: number;
  readonly rounds: number;
  readonly waiting: number;
}

export function verdict({ sizes }: Measurement): Verdict {
  const largest = sizes.reduce<Size | null>((most, size) => (most === null || size.waiting > most.waiting ? size : most), null);
  const ours = largest === null ? [] : oursOf(largest);
  const { p99, count } = spreadOf(ours);
  const isMeasured = sizes.length > 0 && sizes.every(({ sides }) => sides.every(({ ms }) => ms.length > 0));
  return { isMeasured, isMet: p99 < AIM_P99_MS, p99, rounds: count, waiting: largest?.waiting ?? 0 };
}

const oursOf = ({ sides, tail }: Size): readonly number[] => [...(sides.find(({ name }) => name === 'ours')?.ms ?? []), ...tail.ms];

export function report(measurement: Measurement): string {
  const { machine, sizes, patienceSeconds } = measurement;
  const { isMeasured, isMet, p99, rounds, waiting } = verdict(measurement);
  const few = rounds < ENOUGH_FOR_P99 ? `; ${rounds} rounds are few for it: take more with --tail` : '';
  return [
    '\n',
    '  From hang-up (BYE leaves the phone) to the next INVITE at the same phone, in milliseconds.\n',
    `  ${machine.cores} cores (${machine.processor}), ${machine.memoryGb} GB, Node ${machine.node}, Asterisk ${machine.asterisk}, Redis ${machine.redis} with appendfsync always`,
    `${machine.recordsOnDisk ? '' : ' ON TMPFS, where it costs nothing'}; load ${machine.loadBefore} before, ${machine.loadAfter} at the end.\n`,
    `  Just before, a line was durable on this disk in ${short(machine.durable)}, and a timer late by ${short(machine.late)}.\n`,
    `  Prompts every ${patienceSeconds} s. "Waiting" is for each side; the callers of all three wait at the same time on the same Asterisk.\n\n`,
    table([['waiting', 'side', 'rounds', 'p10', 'median', 'p90', 'most', 'median / ours', 'odd'], ...sizes.flatMap(rowsOf)]),
    '\n',
    `  p99 of ours at ${waiting} waiting: ${ms(p99)} ms in ${rounds} rounds; the aim is under ${AIM_P99_MS} ms: ${isMet ? 'met' : 'MISSED'}${few}.\n`,
    ...oddities(sizes),
    isMeasured ? '' : '  NOT MEASURED: at least one side had no round that counts.\n',
  ].join('');
}

function rowsOf(size: Size): readonly (readonly string[])[] {
  const ours = spreadOf(size.sides.find(({ name }) => name === 'ours')?.ms ?? []).median;
  return size.sides.map(({ name, ms: figures, odd }) => {
    const { count, p10, median, p90, most } = spreadOf(figures);
    const ratio = name === 'ours' ? '1' : (median / ours).toPrecision(2);
    return [String(size.waiting), labelOf(name), String(count), ms(p10), ms(median), ms(p90), ms(most), ratio, String(odd.length)];
  });
}

const labelOf = (side: string): string => (side === 'ours' ? 'ours' : `app_queue, ${side}`);
const ms = (figure: number): string => (Number.isNaN(figure) ? '-' : figure < 100 ? figure.toFixed(1) : figure.toFixed(0));

const short = ({ median, p99 }: Spread): string => `${ms(median)} ms (p99 ${ms(p99)})`;

/** Rounds that were not counted, and why, the same words once. */
function oddities(sizes: readonly Size[]): readonly string[] {
  const lines = sizes.flatMap(({ waiting, sides, tail }) =>
    [...sides, { name: 'ours', odd: tail.odd }].flatMap(({ name, odd }) =>
      [...new Set(odd)].map(
        (words) => `  not counted: ${odd.filter((one) => one === words).length} × ${labelOf(name)}, ${waiting} waiting: ${words}\n`,
      ),
    ),
  );
  return lines;
}
