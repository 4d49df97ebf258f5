/**
 * The words and figures of the benchmark of attacks. Pure: a measurement in, a text out.
 */
import { percentile, spreadOf, table } from './figures.ts';
import type { Toll } from './hostile-attack.ts';
import type { Machine } from './machine.ts';

export const SIDES = ['peace', 'attack'] as const;
export type SideName = (typeof SIDES)[number];

export interface Block {
  readonly side: SideName;
  /** Milliseconds from each caller's INVITE to the one at the phone. */
  readonly ms: readonly number[];
  /** Resident memory of the controller at the end of the block. */
  readonly controllerMb: number;
}

export interface HostileMeasurement {
  readonly machine: Machine & { readonly loadAfter: number };
  /** Turn about, peace first. */
  readonly blocks: readonly Block[];
  readonly tolls: readonly Toll[];
}

const of = (blocks: readonly Block[], side: SideName): readonly Block[] => blocks.filter((block) => block.side === side);

/** Under attack by in peace, of the two blocks that followed each other. */
function ratios(blocks: readonly Block[], share: number): readonly number[] {
  const peace = of(blocks, 'peace');
  return of(blocks, 'attack').map(({ ms }, at) => percentile(ms, share) / percentile(peace[at]?.ms ?? [], share));
}

export function report({ machine, blocks, tolls }: HostileMeasurement): string {
  const sum = (what: keyof Toll): number => tolls.reduce((all, toll) => all + toll[what], 0);
  return [
    '\n',
    "  arrival to ringing: from a caller's INVITE to the INVITE at the call taker's phone. Milliseconds.\n",
    `  ${machine.cores} cores (${machine.processor}), ${machine.memoryGb} GB, Node ${machine.node}, Asterisk ${machine.asterisk}, Redis ${machine.redis} with appendfsync always`,
    `${machine.recordsOnDisk ? '' : ' ON TMPFS, where it costs nothing'}; load ${machine.loadBefore} before, ${machine.loadAfter} at the end.\n`,
    `  Just before, a line was durable on this disk in ${ms(machine.durable.median)} ms (p99 ${ms(machine.durable.p99)}), and a timer late by ${ms(machine.late.median)} ms (p99 ${ms(machine.late.p99)}).\n\n`,
    table([['side', 'callers', 'p50', 'p90', 'p99', 'most', 'controller'], ...SIDES.map((side) => row(blocks, side))]),
    '\n',
    table([
      ['attack / peace', 'rounds', 'least', 'median', 'most'],
      ...([0.5, 0.99] as const).map((share) => ratioRow(`p${share * 100}`, ratios(blocks, share))),
    ]),
    '\n',
    `  Meanwhile: ${sum('sip')} SIP packets, ${sum('garbage')} pieces of garbage, ${sum('slow')} slow or silent connections, `,
    `${sum('large')} bodies of 100 MB begun, ${sum('guesses')} tokens guessed.\n`,
  ].join('');
}

function row(blocks: readonly Block[], side: SideName): readonly string[] {
  const mine = of(blocks, side);
  const { count, median, p90, p99, most } = spreadOf(mine.flatMap((block) => block.ms));
  return [side, String(count), ms(median), ms(p90), ms(p99), ms(most), `${Math.max(...mine.map((block) => block.controllerMb))} MB`];
}

const ratioRow = (name: string, all: readonly number[]): readonly string[] => [
  name,
  String(all.length),
  ...[0, 0.5, 1].map((share) => percentile(all, share).toFixed(2)),
];

const ms = (figure: number): string => (Number.isNaN(figure) ? '-' : figure < 100 ? figure.toFixed(1) : figure.toFixed(0));
