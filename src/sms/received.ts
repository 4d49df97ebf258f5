/**
 * A kept text joins what its sender wrote before: a part of a long text, the same once more, or a new one. Nothing is ever dropped: a part
 * alone is shown with its gaps marked, and what does not fit stands for itself.
 */
import type { Instant } from '../kernel/instants.ts';
import { spelled, visible } from './decoding.ts';
import type { Coding, KeptText, PartHeader } from './text.ts';
import type { Received } from './thread.ts';

export interface TakingInRules {
  /** A part may follow the last one of its long text within this. */
  readonly partsWithinMs: number;
  /** The very same octets within this, counted from when they last came, are a repeat. */
  readonly repeatWithinMs: number;
}

export interface TakenIn {
  readonly list: readonly Received[];
  readonly is: 'new' | 'part' | 'repeat';
  /** Where in the list. */
  readonly at: number;
}

type Part = Received['parts'][number];
type CodedPart = Required<Part>;

/**
 * The list with the text in it. The list is of one sender and one number written to; a long text in it is known by its reference, the
 * width of that and the total. Of several that go by the same, the one that last changed takes the part first; where its place is taken
 * by other octets, the reference is used again by another text. A header that cannot be (total or number 0, number over total) and a
 * total of 1 are no parts.
 */
export function takeIn(list: readonly Received[], text: KeptText, rules: TakingInRules): TakenIn {
  const known = list.findIndex(({ parts }) => parts.some(({ id }) => id === text.id));
  if (known >= 0) return { list, is: 'repeat', at: known };
  const header = possible(text.part);
  const part: CodedPart = { id: text.id, number: header?.number ?? 1, octets: text.octets, coding: text.coding };
  for (const at of newestFirst(list)) {
    const earlier = list[at];
    if (earlier === undefined || !isOf(earlier, header)) continue;
    const there = earlier.parts.find(({ number }) => number === part.number);
    if (there === undefined) {
      if (!isWithin(rules.partsWithinMs, earlier.changedAt, text.receivedAt)) continue;
      return { list: list.with(at, joined(earlier, part, text.receivedAt)), is: 'part', at };
    }
    if (there.octets !== part.octets || (there.coding ?? earlier.coding) !== part.coding) continue;
    const patience = header === null ? rules.repeatWithinMs : Math.max(rules.repeatWithinMs, rules.partsWithinMs);
    if (!isWithin(patience, earlier.repeatedAt ?? earlier.changedAt, text.receivedAt)) continue;
    const repeated: Received = { ...earlier, repeats: earlier.repeats + 1, repeatedAt: text.receivedAt };
    return { list: list.with(at, repeated), is: 'repeat', at };
  }
  return { list: [...list, alone(text, header, part)], is: 'new', at: list.length };
}

/** A header that can be one of several parts; else `null`. */
function possible(header: PartHeader | null): PartHeader | null {
  if (header === null) return null;
  const { total, number } = header;
  const isPart = Number.isInteger(total) && Number.isInteger(number) && total > 1 && total <= 255 && number >= 1 && number <= total;
  return isPart ? header : null;
}

/** Those that last changed first; of two at the same moment the later in the list. */
const newestFirst = (list: readonly Received[]): readonly number[] =>
  Array.from(list.keys()).sort((one, other) => (list[other]?.changedAt ?? 0) - (list[one]?.changedAt ?? 0) || other - one);

const isWithin = (ms: number, one: Instant, other: Instant): boolean => Math.abs(one - other) <= ms;

function isOf({ long }: Received, header: PartHeader | null): boolean {
  if (long === null || header === null) return long === null && header === null;
  return long.reference === header.reference && long.width === header.width && long.total === header.total;
}

function alone(text: KeptText, header: PartHeader | null, part: CodedPart): Received {
  const long = header === null ? null : { reference: header.reference, width: header.width, total: header.total };
  const about = { id: text.id, receivedAt: text.receivedAt, changedAt: text.receivedAt, long, repeats: 0, repeatedAt: null };
  return { ...about, ...spelledOut([part], long?.total ?? 1) };
}

function joined(earlier: Received, part: CodedPart, at: Instant): Received {
  const before = earlier.parts.map((one): CodedPart => ({ ...one, coding: one.coding ?? earlier.coding }));
  // In the order they came, so that the first of them gives the coding.
  const first = before.find(({ id }) => id === earlier.id);
  const parts = first === undefined ? [...before, part] : [first, ...before.filter((one) => one !== first), part];
  return { ...earlier, changedAt: at, ...spelledOut(parts, earlier.long?.total ?? 1) };
}

/** What the parts come to. The coding is that of the first that came, or where that spells nothing, of the first that is a text. */
function spelledOut(came: readonly CodedPart[], total: number): Pick<Received, 'parts' | 'coding' | 'text' | 'isComplete'> {
  const coding = (came.find((part) => part.coding !== 'binary') ?? came[0])?.coding ?? 'binary';
  const inOrder = came.toSorted((one, other) => one.number - other.number);
  const parts = inOrder.map(({ id, number, octets, coding: own }): Part =>
    own === coding ? { id, number, octets } : { id, number, octets, coding: own },
  );
  return { parts, coding, text: coding === 'binary' ? '' : textOf(inOrder, total), isComplete: parts.length === total };
}

/** Parts that follow one another in one coding are joined before they are spelled: a letter may be cut in two between them. */
interface Run {
  readonly first: number;
  readonly coding: Coding;
  readonly octets: readonly Uint8Array[];
}

function textOf(parts: readonly CodedPart[], total: number): string {
  const runs = runsOf(parts);
  let text = '';
  let next = 1;
  for (const [n, { first, coding, octets }] of runs.entries()) {
    const end = first + octets.length;
    const follower = runs[n + 1]?.first ?? total + 1;
    text += gap(next, first - 1, total);
    text += spelled(coding, Buffer.concat(octets), { followsGap: first > next, precedesGap: follower > end });
    next = end;
  }
  return visible(text + gap(next, total, total));
}

function runsOf(parts: readonly CodedPart[]): readonly Run[] {
  const runs: (Run & { readonly octets: Uint8Array[] })[] = [];
  for (const { number, coding, octets } of parts) {
    const run = runs.at(-1);
    const more = Buffer.from(octets, 'base64');
    if (run !== undefined && run.first + run.octets.length === number && run.coding === coding) run.octets.push(more);
    else runs.push({ first: number, coding, octets: [more] });
  }
  return runs;
}

/** The mark of parts that have not come; '' where none is missing. */
function gap(from: number, to: number, total: number): string {
  if (to < from) return '';
  return from === to ? `[…${from}/${total}…]` : `[…${from}-${to}/${total}…]`;
}
