/**
 * The house's floors as a table, and what is against it in a set of sources. A pure function over paths and texts: the test that
 * calls it reads the files. Type imports count: a circle of types is still a circle.
 */
import { posix } from 'node:path';

/** Path relative to src/, e.g. `call/machine.ts`, to its text. */
export type Sources = ReadonlyMap<string, string>;

/** Who may look at whom: a folder, or one file. What is not named here may look at nothing but itself. main.ts sees everybody. */
export const FLOORS: Readonly<Record<string, readonly string[]>> = {
  kernel: [],
  call: ['kernel'],
  desk: ['kernel'],
  interpreters: ['kernel'],
  speech: ['kernel', 'call/messages.ts'],
  reading: ['kernel'],
  sms: ['kernel', 'reading'],
  incident: ['kernel', 'call', 'reading', 'sms'],
  control: ['kernel', 'call', 'desk', 'interpreters', 'speech', 'reading', 'sms', 'incident'],
  asterisk: ['kernel', 'call', 'desk', 'interpreters', 'speech', 'reading', 'sms', 'incident', 'control/ports.ts', 'control/text-ports.ts'],
  redis: [
    'kernel',
    'call',
    'desk',
    'interpreters',
    'speech',
    'reading',
    'sms',
    'incident',
    'control/ports.ts',
    'control/text-ports.ts',
    'control/membership-ports.ts',
  ],
  dispatch: ['kernel', 'call', 'desk', 'interpreters', 'speech', 'reading', 'sms', 'incident', 'control/ports.ts', 'control/text-ports.ts'],
  'sms-gateways': ['kernel', 'reading', 'sms', 'control/ports.ts', 'control/text-ports.ts'],
  http: [
    'kernel',
    'call',
    'desk',
    'interpreters',
    'speech',
    'reading',
    'sms',
    'incident',
    'control/ports.ts',
    'control/room-ports.ts',
    'control/text-ports.ts',
  ],
  'log.ts': ['kernel', 'control/ports.ts'],
  'clock.ts': ['kernel', 'control/ports.ts', 'control/membership-ports.ts'],
  config: ['kernel', 'call/rules.ts', 'desk/call-taker.ts', 'reading', 'sms'],
  'config.ts': ['kernel', 'config', 'sms/rules.ts', 'sms/which-rules.ts'],
};
/** Knows everybody, and nobody may know it. */
const TOP = 'main.ts';

/** Folders without time, chance, waiting or a world. */
export const PURE: readonly string[] = ['kernel', 'call', 'desk', 'interpreters', 'speech', 'reading', 'sms', 'incident'];

const IMPURE: readonly { readonly sign: RegExp; readonly is: string }[] = [
  { sign: /\bawait\b/, is: 'waits (await)' },
  { sign: /\basync\b/, is: 'waits (async)' },
  { sign: /\bDate\.now\b/, is: 'reads a clock (Date.now)' },
  { sign: /\bnew Date\(\s*\)/, is: 'reads a clock (new Date())' },
  { sign: /\bperformance\./, is: 'reads a clock (performance)' },
  { sign: /\bset(Timeout|Interval|Immediate)\b/, is: 'sets a timer' },
  { sign: /\bMath\.random\b|\brandomUUID\b|\brandomBytes\b/, is: 'draws lots' },
  { sign: /\bprocess\b\s*[.[]/, is: 'looks at the process' },
  { sign: /\bfetch\(/, is: 'asks the network' },
  { sign: /\bconsole\./, is: 'prints' },
];
/** Modules of Node that only compute. */
const HARMLESS = ['node:crypto', 'node:net'];

const IMPORTS = /\b(?:import|export)\b[^'"`;]*?\bfrom\s*['"]([^'"]+)['"]|\bimport\s*\(?\s*['"]([^'"]+)['"]/g;

/** Every complaint, a sentence each; empty when the house stands. */
export function againstTheFloors(sources: Sources): readonly string[] {
  const imports = new Map([...sources].map(([path, text]) => [path, importsOf(text)] as const));
  return [
    ...[...sources].flatMap(([path, text]) =>
      /^\/\*\*\s+(?:\* )?[A-Z"`]/.test(text) ? [] : [`${path} does not open with what it is for`],
    ),
    ...[...imports].flatMap(([path, names]) => names.flatMap((name) => againstTheTable(path, name, sources))),
    ...[...sources].flatMap(([path, text]) => (PURE.includes(roomOf(path)) ? impurities(path, text, imports.get(path) ?? []) : [])),
    ...circles(new Map([...imports].map(([path, names]) => [path, names.filter(isOurs).map((name) => resolved(path, name))]))),
  ];
}

const isOurs = (name: string): boolean => name.startsWith('.');
const roomOf = (path: string): string => path.split('/')[0] ?? path;
const resolved = (from: string, name: string): string => posix.join(posix.dirname(from), name);

/** Comments hold no imports and no clocks. */
const withoutComments = (text: string): string => text.replaceAll(/\/\*[\s\S]*?\*\//g, '').replaceAll(/(^|[^:'"`\\])\/\/.*$/gm, '$1');

function importsOf(text: string): readonly string[] {
  return [...withoutComments(text).matchAll(IMPORTS)].flatMap(([, from, bare]) => from ?? bare ?? []);
}

function againstTheTable(path: string, name: string, sources: Sources): readonly string[] {
  if (!isOurs(name)) return [];
  const to = resolved(path, name);
  if (to.startsWith('..')) return [`${path} reaches out of src/ to ${to}`];
  if (!sources.has(to)) return [`${path} imports ${to}, which is not there`];
  if (to === TOP) return [`${path} may not import ${TOP}: nobody may`];
  const [room, other] = [roomOf(path), roomOf(to)];
  if (path === TOP || room === other) return [];
  const may = FLOORS[room];
  if (may === undefined) return [`${room} is not in the table of floors`];
  return may.includes(other) || may.includes(to) ? [] : [`${path} may not import ${to}`];
}

function impurities(path: string, text: string, names: readonly string[]): readonly string[] {
  const code = withoutComments(text);
  return [
    ...IMPURE.flatMap(({ sign, is }) => (sign.test(code) ? [`${path} ${is} and stands on a pure floor`] : [])),
    ...names.flatMap((name) =>
      name.startsWith('node:') && !HARMLESS.includes(name) ? [`${path} imports ${name} and stands on a pure floor`] : [],
    ),
  ];
}

/** One complaint for each way back to where one came from. */
function circles(graph: ReadonlyMap<string, readonly string[]>): readonly string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (path: string, way: readonly string[]): void => {
    const back = way.indexOf(path);
    if (back >= 0) {
      found.push(`a circle: ${[...way.slice(back), path].join(' → ')}`);
      return;
    }
    if (done.has(path)) return;
    for (const next of graph.get(path) ?? []) visit(next, [...way, path]);
    done.add(path);
  };
  for (const path of graph.keys()) visit(path, []);
  return found;
}
