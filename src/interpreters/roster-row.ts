/**
 * One row of the roster: every field read and checked, every complaint a sentence that names its field.
 * Never takes half a row: a row with a complaint is none.
 */
import { closest } from 'fastest-levenshtein';
import { parsePhoneNumberFromString } from 'libphonenumber-js/max';
import { volunteerId } from '../kernel/ids.ts';
import { maskDigits } from '../kernel/phone-numbers.ts';
import { quoted, readDuty, readExceptions } from './hours-text.ts';
import type { Level, Volunteer } from './volunteer.ts';

/** What the list says of a volunteer; state and turns are the house's own. */
export type RosterEntry = Omit<Volunteer, 'revision' | 'lastAskedAt' | 'lastServedAt' | 'state'>;

/** The names of the columns, in CSV as in YAML. */
export const COLUMNS = ['id', 'name', 'languages', 'speaks', 'addresses', 'duty', 'exceptions', 'reserve', 'available'] as const;
type Column = (typeof COLUMNS)[number];
type Complain = (complaint: string) => void;

const LEVELS: readonly Level[] = ['native', 'fluent', 'basic'];
/** What a volunteer is spoken to in unless the list says otherwise. */
const USUAL_TONGUE = 'zh';
const WORDS: Readonly<Record<string, boolean>> = { yes: true, true: true, 是: true, no: false, false: false, 否: false };
const LONGEST_KEY = 64;
const LONGEST_TEXT = 20_000;
const MOST: Readonly<Partial<Record<Column, number>>> = { languages: 20, addresses: 10, duty: 100, exceptions: 400 };

/** The volunteer in a row, or `null` after a complaint. A field that is empty counts as not given. */
export function readRow(row: unknown, languages: readonly string[], complain: Complain): RosterEntry | null {
  if (typeof row !== 'object' || row === null || Array.isArray(row)) {
    complain('must be a group of fields');
    return null;
  }
  let isRight = true;
  const wrong = (field: string) => (complaint: string) => {
    isRight = false;
    complain(`${field}: ${complaint}`);
  };
  for (const key of Object.keys(row)) {
    if ((COLUMNS as readonly string[]).includes(key)) continue;
    wrong(quoted(key))(`is not a field; the nearest is ${closest(key.slice(0, LONGEST_KEY).toLowerCase(), [...COLUMNS])}`);
  }
  const given = (column: Column): unknown => {
    const value = Object.hasOwn(row, column) ? (row as Record<string, unknown>)[column] : undefined;
    return value === '' ? undefined : (value ?? undefined);
  };
  const pieces = (column: Column, isNeeded: boolean) => piecesOf(given(column), MOST[column] ?? 1, isNeeded, wrong(column));
  const entry: RosterEntry = {
    id: volunteerId(readText(given('id'), /^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$/, '1 to 32 letters, digits, - or _', wrong('id'))),
    name: readText(given('name'), /^[^\p{Cc}]{1,200}$/u, 'a text of one line', wrong('name')),
    languages: readLanguages(pieces('languages', true), languages, wrong('languages')),
    speaks: readSpeaks(given('speaks'), languages, wrong('speaks')),
    addresses: readAddresses(pieces('addresses', true), wrong('addresses')),
    duty: readDuty(pieces('duty', false), wrong('duty')),
    exceptions: readExceptions(pieces('exceptions', false), wrong('exceptions')),
    isReserve: readFlag(given('reserve'), false, wrong('reserve')),
    isAvailable: readFlag(given('available'), true, wrong('available')),
  };
  const hasHours = entry.duty.length > 0 || entry.exceptions.some(({ hours }) => hours.length > 0);
  if (isRight && !hasHours && !entry.isReserve && entry.isAvailable) {
    wrong('duty')('no hours, and no reserve: would never be rung; set reserve, or available to no');
  }
  return isRight ? entry : null;
}

/** How a value is told to a person who wrote it. */
function described(value: unknown): string {
  if (typeof value === 'number') return `the number ${maskDigits(String(value))}, which needs quotes here`;
  if (typeof value === 'string') return quoted(maskDigits(value));
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'boolean' ? String(value) : 'a group';
}

function readText(value: unknown, pattern: RegExp, must: string, complain: Complain): string {
  if (typeof value === 'string' && pattern.test(value.trim())) return value.trim();
  complain(value === undefined ? 'is missing' : `must be ${must}, not ${described(value)}`);
  return '';
}

/** One text with commas between its pieces, or a list of texts. */
function piecesOf(value: unknown, most: number, isNeeded: boolean, complain: Complain): readonly string[] {
  const given: readonly unknown[] = Array.isArray(value) ? (value as unknown[]) : value === undefined ? [] : [value];
  const texts = given.filter((one) => typeof one === 'string');
  const pieces = texts.flatMap((text) => text.slice(0, LONGEST_TEXT).split(/[,;，；、\n]/)).flatMap((piece) => piece.trim() || []);
  for (const one of given) if (typeof one !== 'string') complain(`must be a text or a list of texts, not ${described(one)}`);
  if (texts.some((text) => text.length > LONGEST_TEXT)) complain(`is longer than ${LONGEST_TEXT} characters`);
  if (texts.length === given.length && pieces.length === 0 && isNeeded) complain('is missing');
  if (pieces.length > most) complain(`${pieces.length} of them; ${most} are the most`);
  return pieces.slice(0, most);
}

function readLanguages(pieces: readonly string[], known: readonly string[], complain: Complain): RosterEntry['languages'] {
  const read = pieces.flatMap((piece) => {
    const [language = '', level, ...more] = piece.toLowerCase().split(/[\s:]+/);
    if (level === undefined || more.length > 0) {
      complain(`${quoted(piece)} is not written like "ru fluent": a language and how well, ${LEVELS.join(', ')}`);
      if (level === undefined) checkLanguage(language, known, complain);
      return [];
    }
    const found = LEVELS.find((one) => one === level);
    if (found === undefined) complain(`${quoted(level)} is no level; the nearest is ${closest(level.slice(0, LONGEST_KEY), [...LEVELS])}`);
    return checkLanguage(language, known, complain) && found !== undefined ? [{ language, level: found }] : [];
  });
  const tags = read.map(({ language }) => language);
  for (const tag of new Set(tags.filter((one, n) => tags.indexOf(one) < n))) complain(`${tag} is there twice`);
  return read;
}

function readSpeaks(value: unknown, known: readonly string[], complain: Complain): string {
  if (value === undefined) return USUAL_TONGUE;
  if (typeof value !== 'string') complain(`must be a language, not ${described(value)}`);
  const language = typeof value === 'string' ? value.trim().toLowerCase() : USUAL_TONGUE;
  if (typeof value === 'string') checkLanguage(language, known, complain);
  return language;
}

function checkLanguage(language: string, known: readonly string[], complain: Complain): boolean {
  if (known.includes(language)) return true;
  const nearest = known.length === 0 ? 'none is' : `the nearest is ${closest(language.slice(0, LONGEST_KEY), [...known])}`;
  complain(`${quoted(language)} is not spoken here; ${nearest}`);
  return false;
}

/** `sip:endpoint` as it is; numbers in E.164 (ITU-T), those without a country code being Chinese. */
function readAddresses(pieces: readonly string[], complain: Complain): readonly string[] {
  const read = pieces.flatMap((piece) => {
    if (/^sip:/i.test(piece)) {
      const endpoint = piece.slice('sip:'.length).trim();
      if (/^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/.test(endpoint)) return [`sip:${endpoint}`];
      complain(`${quoted(piece)} names no endpoint (letters, digits, - or _)`);
      return [];
    }
    const text = piece.replace(/^tel:/i, '').trim();
    const number = text.length > LONGEST_KEY ? undefined : parsePhoneNumberFromString(text, { defaultCountry: 'CN', extract: false });
    if (number?.isValid() === true && number.ext === undefined) return [`tel:${number.number}`];
    const shown = maskDigits(text.replaceAll(/(?<=\d)[\s().-]+(?=\d)/g, ''));
    complain(`${quoted(shown)} is no number that can be rung, and no sip:endpoint`);
    return [];
  });
  for (const address of new Set(read.filter((one, n) => read.indexOf(one) < n))) complain(`${maskDigits(address)} is there twice`);
  return read;
}

function readFlag(value: unknown, otherwise: boolean, complain: Complain): boolean {
  if (value === undefined) return otherwise;
  if (typeof value === 'boolean') return value;
  const word = typeof value === 'string' ? value.trim().toLowerCase() : '';
  if (Object.hasOwn(WORDS, word)) return WORDS[word] === true;
  complain(`must be yes or no, not ${described(value)}`);
  return otherwise;
}
