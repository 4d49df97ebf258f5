/**
 * The readable word list: one YAML file a language, data that the people of a centre edit. Checks the parsed files, with every complaint
 * at once and in plain words, and makes the matcher of them. Never reads a file.
 */
import { closest } from 'fastest-levenshtein';
import { matcherOf, piecesOf, type Heading, type Matcher, type Word } from './matcher.ts';
import { DANGER_SIGNS, INTENTS, SPOKEN, URGENCY_WORDS, type SpokenLanguage, type Urgency } from './reading.ts';

/** The classes of the incident that a text can be taken for. */
export const MATTER_CLASSES = [
  'criminal',
  'public-order',
  'mass-incident',
  'disaster-accident',
  'other-offence',
  'urgent-help',
  'police-misconduct',
  'non-police',
] as const;

/** The names of the files that make up a list, by language. */
export const WORD_FILES: Readonly<Record<string, SpokenLanguage>> = Object.fromEntries(SPOKEN.map((tag) => [`${tag}.yaml`, tag] as const));

/** Files that stand in the same folder and are no word list. */
const NEIGHBOURS: readonly string[] = ['centres.yaml', 'replies.yaml'];

/** What the words of a heading tell. */
export interface Meaning {
  /** Matters: one of the incident's classes. */
  readonly class: string | null;
  readonly urgency: Urgency | null;
  /** Danger, weapons, hurt: the matter it is taken for where nothing more urgent is said. */
  readonly matter: string | null;
}

export interface WordList {
  readonly matcher: Matcher;
  /** By `section/code`. */
  readonly meanings: ReadonlyMap<string, Meaning>;
}

type Right<T> = { readonly is: 'right'; readonly value: T };
type Wrong = { readonly is: 'wrong'; readonly complaints: readonly string[] };
type Fields = Readonly<Record<string, unknown>>;

interface Section {
  /** `null`: any name of small letters, digits and dashes. */
  readonly codes: readonly string[] | null;
  readonly keys: readonly string[];
  /** Lists of words besides `words` and `not`. */
  readonly lists?: readonly string[];
}

const SECTIONS: Readonly<Record<string, Section>> = {
  matters: { codes: null, keys: ['class', 'urgency'] },
  weapons: { codes: null, keys: ['urgency', 'matter'] },
  danger: { codes: DANGER_SIGNS, keys: ['urgency', 'matter'], lists: ['unless_impaired'] },
  hurt: { codes: ['injured', 'grave', 'dead', 'injured-by-number', 'dead-by-number'], keys: ['urgency', 'matter'] },
  counting: { codes: ['people', 'one', 'between', 'among'], keys: [] },
  urgency: { codes: URGENCY_WORDS, keys: [] },
  impaired: { codes: ['hearing', 'speech'], keys: [] },
  intents: { codes: INTENTS, keys: [] },
  negations: { codes: ['before', 'between', 'behind'], keys: [] },
  empty: { codes: null, keys: [] },
};
const NUMBERS = 'numbers';
const CODE = /^[a-z][a-z0-9-]{0,63}$/;
const LONGEST_WORD = 80;
const LARGEST_NUMBER = 1000;

const fieldsOf = (value: unknown): Fields | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Fields) : null;
const nearest = (name: string, known: readonly string[]): string =>
  name === '' ? `one of ${known.join(', ')}` : `perhaps ${closest(name, known)}`;
const shown = (value: unknown): string => JSON.stringify(value) ?? 'nothing';

/** `files`: parsed YAML by file name, `zh.yaml` … `ko.yaml`; a language may be missing, and what else stands in the folder is left alone. */
export function wordListOf(files: Readonly<Record<string, unknown>>): Right<WordList> | Wrong {
  const making = new Making();
  for (const [name, content] of Object.entries(files)) if (!NEIGHBOURS.includes(name)) making.file(name, content);
  return making.result();
}

class Making {
  readonly #complaints: string[] = [];
  readonly #headings = new Map<string, Heading>();
  readonly #meanings = new Map<string, Meaning>();
  /** In which file a meaning was first told, by `section/code/key`. */
  readonly #toldIn = new Map<string, string>();
  readonly #words: Word[] = [];

  file(name: string, content: unknown): void {
    const language = Object.hasOwn(WORD_FILES, name) ? WORD_FILES[name] : undefined;
    const sections = fieldsOf(content);
    if (language === undefined) this.#complain(`${name} is no file of the word list: ${nearest(name, Object.keys(WORD_FILES))}?`);
    else if (sections === null) this.#complain(`${name} must be a list of headings with words`);
    else for (const [section, codes] of Object.entries(sections)) this.#section(name, language, section, codes);
  }

  result(): Right<WordList> | Wrong {
    if (this.#words.length === 0 && this.#complaints.length === 0) this.#complain('there is not a single word in the list');
    for (const [path, meaning] of this.#meanings) {
      if (path.startsWith('matters/')) {
        if (meaning.class === null) this.#complain(`${path}: no file says its class`);
        if (meaning.urgency === null) this.#complain(`${path}: no file says its urgency`);
      } else if (meaning.matter !== null && !this.#meanings.has(`matters/${meaning.matter}`)) {
        const codes = [...this.#meanings.keys()].flatMap((key) => (key.startsWith('matters/') ? [key.slice('matters/'.length)] : []));
        this.#complain(
          `${path}: matter ${meaning.matter} is not among the matters${codes.length > 0 ? `: ${nearest(meaning.matter, codes)}?` : ''}`,
        );
      }
    }
    if (this.#complaints.length > 0) return { is: 'wrong', complaints: this.#complaints };
    return { is: 'right', value: { matcher: matcherOf(this.#words), meanings: this.#meanings } };
  }

  #complain(complaint: string): void {
    this.#complaints.push(complaint);
  }

  #section(file: string, language: SpokenLanguage, name: string, content: unknown): void {
    const section = Object.hasOwn(SECTIONS, name) ? SECTIONS[name] : undefined;
    const fields = fieldsOf(content);
    if (section === undefined && name !== NUMBERS)
      this.#complain(`${file}: ${name} is not a known heading: ${nearest(name, [...Object.keys(SECTIONS), NUMBERS])}?`);
    else if (fields === null) this.#complain(`${file}: ${name} must be a list of names with words`);
    else if (section === undefined) this.#numbers(file, language, fields);
    else for (const [code, words] of Object.entries(fields)) this.#heading(file, language, name, section, code, words);
  }

  #numbers(file: string, language: SpokenLanguage, fields: Fields): void {
    const heading = this.#headingOf(NUMBERS, 'number');
    for (const [word, value] of Object.entries(fields)) {
      const where = `${file}: ${NUMBERS}, ${word}`;
      if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > LARGEST_NUMBER)
        this.#complain(`${where} must be a whole number, 0 to ${LARGEST_NUMBER}, not ${shown(value)}`);
      else this.#word(where, word, { heading, language, cancels: false, unlessImpaired: false, value });
    }
  }

  #heading(file: string, language: SpokenLanguage, name: string, section: Section, code: string, content: unknown): void {
    const where = `${file}: ${name}, ${code}`;
    const fields = fieldsOf(content);
    if (section.codes !== null && !section.codes.includes(code)) this.#complain(`${where}: unknown name: ${nearest(code, section.codes)}?`);
    else if (!CODE.test(code)) this.#complain(`${where}: a name is 1 to 64 small letters, digits and dashes, a letter first`);
    else if (fields === null) this.#complain(`${where}: must have words: [ … ]`);
    else {
      const path = `${name}/${code}`;
      const lists = ['words', 'not', ...(section.lists ?? [])];
      const heading = this.#headingOf(name, code);
      if (!this.#meanings.has(path)) this.#meanings.set(path, { class: null, urgency: null, matter: null });
      for (const [key, value] of Object.entries(fields)) {
        if (lists.includes(key))
          this.#list(where, key, value, { heading, language, cancels: key === 'not', unlessImpaired: key === 'unless_impaired', value: 0 });
        else if (section.keys.includes(key)) this.#meaning(file, where, path, key, value);
        else this.#complain(`${where}: ${key} is not known here: ${nearest(key, [...lists, ...section.keys])}?`);
      }
    }
  }

  #headingOf(section: string, code: string): Heading {
    const path = `${section}/${code}`;
    const heading = this.#headings.get(path) ?? { section, code, number: this.#headings.size };
    this.#headings.set(path, heading);
    return heading;
  }

  #meaning(file: string, where: string, path: string, key: string, value: unknown): void {
    const known: readonly string[] | null = key === 'class' ? MATTER_CLASSES : key === 'urgency' ? URGENCY_WORDS : null;
    const [told, before] = [`${path}/${key}`, this.#meanings.get(path)];
    if (typeof value !== 'string') this.#complain(`${where}: ${key} must be a word, not ${shown(value)}`);
    else if (known !== null && !known.includes(value)) this.#complain(`${where}: unknown ${key} ${value}: ${nearest(value, known)}?`);
    else if (before !== undefined) {
      const earlier = before[key as keyof Meaning];
      if (earlier !== null && earlier !== value)
        this.#complain(
          `${where}: ${key} is ${value} here and ${earlier} in ${this.#toldIn.get(told) ?? 'another file'}: which one is right?`,
        );
      if (!this.#toldIn.has(told)) this.#toldIn.set(told, file);
      if (earlier === null) this.#meanings.set(path, { ...before, [key]: value });
    }
  }

  #list(where: string, key: string, value: unknown, about: Omit<Word, 'written'>): void {
    if (!Array.isArray(value)) {
      this.#complain(`${where}: ${key} must be a list of words: [ …, … ]`);
      return;
    }
    const seen = new Set<unknown>();
    for (const word of value as readonly unknown[]) {
      if (typeof word !== 'string') this.#complain(`${where}: ${shown(word)} in ${key} must be a word (put it in "quotes")`);
      else if (seen.has(word)) this.#complain(`${where}: ${word} stands twice in ${key}`);
      else this.#word(`${where}: ${key}`, word, about);
      seen.add(word);
    }
  }

  #word(where: string, written: string, about: Omit<Word, 'written'>): void {
    if (written.length > LONGEST_WORD) this.#complain(`${where}: ${written.slice(0, 20)}… is longer than ${LONGEST_WORD} characters`);
    else if (piecesOf(written) === null)
      this.#complain(`${where}: ${shown(written)} is no word: * stands behind two or more Latin or Cyrillic letters, … between words`);
    else this.#words.push({ ...about, written });
  }
}
