/**
 * Loads what the people of a centre edit about texts (the word lists, the replies, the table of centres) and makes the rules of it by
 * which texts are read and answered. Every complaint is a sentence that names its file.
 */
import { join } from 'node:path';
import { Fault } from '../kernel/faults.ts';
import { SPOKEN, type SpokenLanguage } from '../reading/reading.ts';
import { rememberingReader } from '../reading/remembered.ts';
import { WORD_FILES, wordListOf } from '../reading/word-list.ts';
import { centreTableOf, type CentreTable } from '../sms/centres.ts';
import { repliesOf } from '../sms/replies.ts';
import type { TextRules } from '../sms/rules.ts';
import { readYaml, type Files } from './reading.ts';
import type { Settings } from './settings.ts';

export interface Words {
  readonly rules: TextRules;
  readonly centres: CentreTable;
}

type Checked<T> = { readonly is: 'right'; readonly value: T } | { readonly is: 'wrong'; readonly complaints: readonly string[] };

/** Throws Fault('invalid') whose details are all complaints. */
export function loadWords(settings: Pick<Settings, 'centre' | 'languages' | 'texts' | 'folders'>, files: Files): Words {
  const { centre, texts, folders } = settings;
  const complaints: string[] = [];
  const complain = (complaint: string): void => void complaints.push(complaint);
  const yaml = (name: string): unknown => readYaml(files, join(folders.words, name), name, complain);
  const told = <T>(checked: Checked<T>, where: string): T | null => {
    if (checked.is === 'right') return checked.value;
    for (const complaint of checked.complaints) complain(`${where}: ${complaint}`);
    return null;
  };
  const list = told(wordListOf(Object.fromEntries(Object.keys(WORD_FILES).map((name) => [name, yaml(name)]))), 'word list');
  const replies = told(repliesOf(yaml('replies.yaml')), 'replies.yaml');
  const centres = told(centreTableOf(yaml('centres.yaml'), centre.code), 'centres.yaml');
  if (list === null || replies === null || centres === null) {
    throw new Fault('invalid', `the words in ${folders.words} cannot be used`, complaints);
  }
  const rules: TextRules = {
    ...texts.numbers,
    which: texts.which,
    language: spokenOr(settings.languages[0], 'zh'),
    centreName: centre.name,
    replies,
    ...rememberingReader({ words: list, timeZone: centre.timeZone, place: texts.place }),
  };
  return { rules, centres };
}

const spokenOr = (language: string, otherwise: SpokenLanguage): SpokenLanguage => SPOKEN.find((one) => one === language) ?? otherwise;
