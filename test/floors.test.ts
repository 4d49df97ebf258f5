/**
 * The house stands as it was drawn; and the test that says so fails when it does not.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { againstTheFloors, FLOORS, PURE } from './floors.ts';

const SRC = resolve(import.meta.dirname, '../src');

const built = new Map(
  readdirSync(SRC, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts'))
    .map((path) => [path.replaceAll('\\', '/'), readFileSync(join(SRC, path), 'utf8')] as const),
);

const DOC = '/**\n * What it is for.\n */\n';
const sources = (files: Record<string, string>): ReadonlyMap<string, string> =>
  new Map(Object.entries(files).map(([path, code]) => [path, DOC + code]));

describe('the house', () => {
  it('stands as it was drawn', () => {
    expect(built.size).toBeGreaterThan(20);
    expect(againstTheFloors(built)).toEqual([]);
  });

  it('has a floor for every folder', () => {
    const rooms = new Set([...built.keys()].filter((path) => path !== 'main.ts').map((path) => path.split('/')[0] ?? path));
    expect([...rooms].filter((room) => FLOORS[room] === undefined)).toEqual([]);
  });

  it('has pure floors that look at no door', () => {
    for (const room of PURE) expect(FLOORS[room]?.filter((other) => !PURE.includes(other.split('/')[0] ?? ''))).toEqual([]);
  });
});

describe('the floors', () => {
  it('find nothing in a house that is right', () => {
    const right = sources({
      'kernel/ids.ts': 'export const x = 1;',
      'call/call.ts': "import { x } from '../kernel/ids.ts';\n// await Date.now() import y from '../http/api.ts'\nexport const y = x;",
      'control/ports.ts': "import type { y } from '../call/call.ts';",
      'redis/store.ts': "import type { Store } from '../control/ports.ts';\nimport { readFile } from 'node:fs/promises';\nawait 1;",
      'main.ts': "import { store } from './redis/store.ts';",
    });
    expect(againstTheFloors(right)).toEqual([]);
  });

  it.each([
    ['a floor below', 'kernel/a.ts', "import { b } from '../call/b.ts';", 'call/b.ts', 'kernel/a.ts may not import call/b.ts'],
    ['by type alone', 'call/a.ts', "import type { B } from '../desk/b.ts';", 'desk/b.ts', 'call/a.ts may not import desk/b.ts'],
    [
      'over several lines',
      'call/a.ts',
      "import type {\n  B,\n  C,\n} from '../desk/b.ts';",
      'desk/b.ts',
      'call/a.ts may not import desk/b.ts',
    ],
    ['by passing on', 'redis/a.ts', "export { b } from '../http/b.ts';", 'http/b.ts', 'redis/a.ts may not import http/b.ts'],
    ['for its effect', 'http/a.ts', "import '../redis/b.ts';", 'redis/b.ts', 'http/a.ts may not import redis/b.ts'],
    ['at run time', 'http/a.ts', "const b = await import('../redis/b.ts');", 'redis/b.ts', 'http/a.ts may not import redis/b.ts'],
    [
      'past the ports',
      'asterisk/a.ts',
      "import { b } from '../control/b.ts';",
      'control/b.ts',
      'asterisk/a.ts may not import control/b.ts',
    ],
    ['past the messages', 'speech/a.ts', "import { b } from '../call/b.ts';", 'call/b.ts', 'speech/a.ts may not import call/b.ts'],
    ['the top', 'http/a.ts', "import { b } from '../main.ts';", 'main.ts', 'http/a.ts may not import main.ts: nobody may'],
    [
      'what is not there',
      'call/a.ts',
      "import { b } from '../kernel/c.ts';",
      'kernel/b.ts',
      'call/a.ts imports kernel/c.ts, which is not there',
    ],
    ['from nowhere on the plan', 'attic/a.ts', "import { b } from '../kernel/b.ts';", 'kernel/b.ts', 'attic is not in the table of floors'],
    ['outside', 'call/a.ts', "import { b } from '../../test/b.ts';", 'kernel/b.ts', 'call/a.ts reaches out of src/ to ../test/b.ts'],
  ])('complain of looking at another room: %s', (_how, from, code, to, complaint) => {
    expect(againstTheFloors(sources({ [from]: code, [to]: 'export const b = 1;' }))).toEqual([complaint]);
  });

  it('complain of circles, also of types and inside one room', () => {
    const ring = sources({
      'call/a.ts': "import type { B } from './b.ts';",
      'call/b.ts': "import { c } from './c.ts';",
      'call/c.ts': "export type { A } from './a.ts';",
    });
    expect(againstTheFloors(ring)).toEqual(['a circle: call/a.ts → call/b.ts → call/c.ts → call/a.ts']);
  });

  it.each([
    ['await something();', 'waits (await)'],
    ['export const f = async () => 1;', 'waits (async)'],
    ['const now = Date.now();', 'reads a clock (Date.now)'],
    ['const now = new Date( );', 'reads a clock (new Date())'],
    ['setTimeout(f, 10);', 'sets a timer'],
    ['const x = Math.random();', 'draws lots'],
    ['const x = process.env.HOME;', 'looks at the process'],
    ["import { readFileSync } from 'node:fs';", 'imports node:fs'],
    ["console.log('x');", 'prints'],
  ])('complain of %s on a pure floor, and nowhere else', (code, is) => {
    expect(againstTheFloors(sources({ 'call/a.ts': code }))).toEqual([`call/a.ts ${is} and stands on a pure floor`]);
    expect(againstTheFloors(sources({ 'redis/a.ts': code }))).toEqual([]);
  });

  it('allow a date made from a given moment', () => {
    expect(againstTheFloors(sources({ 'kernel/a.ts': 'export const text = (at: number) => new Date(at).toISOString();' }))).toEqual([]);
  });

  it('complain of a file that does not say what it is for', () => {
    expect(againstTheFloors(new Map([['call/a.ts', 'export const a = 1;\n']]))).toEqual(['call/a.ts does not open with what it is for']);
  });
});
