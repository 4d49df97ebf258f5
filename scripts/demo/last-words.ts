/**
 * Whose log to look at when something went wrong, as far as one can tell: a caller's program that complained, a part of the stack that
 * ended by itself, else the controller. Only reads.
 */
import { existsSync, readFileSync } from 'node:fs';
import type { House } from './house.ts';
import type { Play } from './play.ts';

const LINES = 12;
const COLUMNS = 300;
/** The controller notes every request; what went wrong is elsewhere. */
const EVERYDAY = /"level":"info".*"words":"http"/;

export function lastWords(house: House | null, play: Play | null, accidents: readonly string[]): readonly string[] {
  const said = (play?.complaints() ?? '').split('\n').filter((line) => line.trim() !== '');
  const callers = said.length === 0 ? [] : ['', "The callers' programs said:", ...last(said)];
  const parts = house?.stack.parts ?? [];
  const guilty =
    parts.find(({ name }) => accidents.some((line) => line.startsWith(name))) ?? parts.find(({ name }) => name === 'controller');
  if (guilty === undefined || !existsSync(guilty.logFile)) return callers;
  const lines = readFileSync(guilty.logFile, 'utf8').trim().split('\n');
  return [...callers, '', `The last lines of ${guilty.logFile}:`, ...last(lines.filter((line) => !EVERYDAY.test(line)))];
}

const last = (lines: readonly string[]): readonly string[] => lines.slice(-LINES).map((line) => `  ${line.slice(0, COLUMNS)}`);
