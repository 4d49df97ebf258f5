/**
 * The rules that the corpus was written for: the word list as it stands in words/, Beijing time, lamp posts of seven digits (five in the
 * counties), door plates of district, letter and six digits, and bare coordinates as Chinese maps show them.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { parse } from 'yaml';
import type { ReadingRules } from '../../src/reading/read.ts';
import { wordListOf } from '../../src/reading/word-list.ts';

/** @throws Error with every complaint about the word list. */
export function corpusRules(): ReadingRules {
  const folder = new URL('../../words/', import.meta.url);
  const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
  const words = wordListOf(Object.fromEntries(names.map((name) => [name, parse(readFileSync(new URL(name, folder), 'utf8')) as unknown])));
  if (words.is === 'wrong') throw new Error(words.complaints.join('\n'));
  return {
    words: words.value,
    timeZone: 'Asia/Shanghai',
    place: { poleDigits: [7, 5], platePattern: String.raw`23\d{4}[A-Z]\d{6}`, plainDatum: 'gcj-02' },
  };
}
