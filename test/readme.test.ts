/**
 * The README tells the truth where the code can say it itself. To draw those parts anew: `REWRITE_README=yes npm test -- test/readme.test.ts`.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { settingsTable } from '../src/config.ts';
import { roads, walk } from './call/walk.ts';

const root = resolve(import.meta.dirname, '..');
const path = join(root, 'README.md');
const REWRITE = process.env['REWRITE_README'] === 'yes';

/** The text between `<!-- name…` and `<!-- end of name -->`, and the way to put another there. */
function part(name: string): { readonly text: string; put(text: string): void } {
  const readme = readFileSync(path, 'utf8');
  const start = readme.indexOf('\n', readme.indexOf(`<!-- ${name}:`)) + 1;
  const end = readme.indexOf(`<!-- end of ${name} -->`);
  expect(start > 0 && end >= start, `README has no part for ${name}`).toBe(true);
  return { text: readme.slice(start, end), put: (text) => writeFileSync(path, readme.slice(0, start) + text + readme.slice(end)) };
}

/** What the README holds there; drawn anew first, where that was asked for. */
function held(name: string, drawn: string): string {
  if (REWRITE) part(name).put(drawn);
  return part(name).text;
}

test('the drawing of the call’s states is the machine’s', () => {
  const lines = [...roads(walk())].map(([road, events]) => `  ${road.replace(' ', ' --> ')}: ${[...events].toSorted().join(', ')}`);
  const drawn = ['```mermaid', 'stateDiagram-v2', '  [*] --> arriving', ...lines.toSorted(), '```', ''].join('\n');
  expect(held('call states', drawn)).toBe(drawn);
});

test('the table of settings is the code’s', () => {
  const cell = (text: string): string => (text === '' ? '' : `\`${text}\``);
  const rows = settingsTable().map(
    ({ env, yaml, fallback, says }) => `| ${cell(env).replaceAll(', ', '`, `')} | ${cell(yaml)} | ${cell(fallback)} | ${says} |`,
  );
  const drawn = ['| environment | `config/intake.yaml` | default | |', '|---|---|---|---|', ...rows, ''].join('\n');
  expect(held('settings', drawn)).toBe(drawn);
});

test('every file the README points to is there', () => {
  const readme = readFileSync(path, 'utf8');
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, to]) => to ?? '');
  expect(links.length).toBeGreaterThan(5);
  expect(links.filter((to) => !existsSync(join(root, to)))).toEqual([]);
});
