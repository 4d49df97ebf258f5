/**
 * Reads what the people of a centre edit about texts: the word lists, the replies, the table of centres and the rules for threads, and
 * makes the rules of them by which texts are read and answered. Every complaint is a sentence that names its file.
 */
import { join } from 'node:path';
import { read, readTogether, type ReadingRules } from '../reading/read.ts';
import { SPOKEN, type SpokenLanguage } from '../reading/reading.ts';
import { WORD_FILES, wordListOf } from '../reading/word-list.ts';
import { centreTableOf, type CentreTable } from '../sms/centres.ts';
import { repliesOf } from '../sms/replies.ts';
import type { TextNumbers, TextRules } from '../sms/rules.ts';
import { USUAL_WHICH, whichRulesOf } from '../sms/which-rules.ts';
import { readYaml, type Complain, type Files } from './reading.ts';

export interface WordsOf {
  /** Folder of `zh.yaml`, …, `replies.yaml`, `centres.yaml`. */
  readonly folder: string;
  readonly centre: { readonly code: string; readonly name: string; readonly timeZone: string };
  /** The centre's own language; a text that tells none is answered in it. */
  readonly language: string;
  readonly place: ReadingRules['place'];
  readonly numbers: TextNumbers;
  /** `texts.threads` of the settings file, unchecked; `undefined`: the usual rules. */
  readonly threads: unknown;
}

export interface Words {
  readonly rules: TextRules;
  readonly centres: CentreTable;
}

type Checked<T> = { readonly is: 'right'; readonly value: T } | { readonly is: 'wrong'; readonly complaints: readonly string[] };

/** `null` after complaints. */
export function readWords(of: WordsOf, files: Files, complain: Complain): Words | null {
  const yaml = (name: string): unknown => readYaml(files, join(of.folder, name), `INTAKE_WORDS_DIR: ${name}`, complain);
  const told = <T>(checked: Checked<T>, where: string): T | null => {
    if (checked.is === 'right') return checked.value;
    for (const complaint of checked.complaints) complain(`${where}: ${complaint}`);
    return null;
  };
  const words = told(wordListOf(Object.fromEntries(Object.keys(WORD_FILES).map((name) => [name, yaml(name)]))), 'words');
  const replies = told(repliesOf(yaml('replies.yaml')), 'replies.yaml');
  const centres = told(centreTableOf(yaml('centres.yaml'), of.centre.code), 'centres.yaml');
  const which = of.threads === undefined || of.threads === null ? USUAL_WHICH : told(whichRulesOf(of.threads), 'texts.threads');
  if (words === null || replies === null || centres === null || which === null) return null;
  const reading: ReadingRules = { words, timeZone: of.centre.timeZone, place: of.place };
  return {
    centres,
    rules: {
      ...of.numbers,
      which,
      language: spokenOr(of.language, 'zh'),
      centreName: of.centre.name,
      replies,
      read: (text, at) => read(text, at, reading),
      readTogether: (texts) => readTogether(texts, reading),
    },
  };
}

const spokenOr = (language: string, otherwise: SpokenLanguage): SpokenLanguage => SPOKEN.find((one) => one === language) ?? otherwise;
