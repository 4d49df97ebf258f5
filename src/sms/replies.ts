/**
 * What reporters are answered, in five languages: data that a centre edits, checked as a whole with every complaint at once, and put
 * together here with its blanks filled. Never decides whether anything is said.
 */
import { closest } from 'fastest-levenshtein';
import { SPOKEN, type SpokenLanguage } from '../reading/reading.ts';
import { segmentCount } from './segments.ts';
import type { Essential } from './thread.ts';
import type { Checked } from './which-rules.ts';

export const STATE_WORDS = ['received', 'handed-over', 'taken', 'on-their-way', 'closed'] as const;
/** What has become of a report. */
export type StateWord = (typeof STATE_WORDS)[number];

/**
 * Every sentence of a language and the blanks that it may have; those that it must have are marked `!`. `{question}`: one of the
 * `ask-…`; `{centre}`: the centre that a text went on to; `{us}`: the name of this one.
 */
const BLANKS = {
  receipt: ['question!', 'us'],
  'receipt-complete': ['us'],
  'receipt-calls-off': ['us'],
  'ask-place': [],
  'ask-place-again': [],
  'ask-what': [],
  'ask-time': [],
  'state-received': ['us'],
  'state-handed-over': ['us'],
  'state-taken': ['us'],
  'state-on-their-way': ['us'],
  'state-closed': ['us'],
  'on-their-way': ['us'],
  forwarded: ['centre!', 'us'],
  unreadable: ['us'],
} as const satisfies Readonly<Record<string, readonly string[]>>;

export type ReplyName = keyof typeof BLANKS;
export const REPLY_NAMES = Object.keys(BLANKS) as readonly ReplyName[];
export type Replies = Readonly<Record<SpokenLanguage, Readonly<Record<ReplyName, string>>>>;

/** Short messages that one reply may take, its question included; names of centres are counted as ten characters. */
const SEGMENTS_AT_MOST = 2;
const SOME_NAME = '一二三四五六七八九十';

/** The replies in a parsed YAML or JSON value, or every complaint, a sentence each. */
export function repliesOf(value: unknown): Checked<Replies> {
  const languages = fieldsOf(value);
  if (languages === null) return { is: 'wrong', complaints: ['the replies must be a list of languages with their sentences'] };
  const complaints = [
    ...strangers(languages, SPOKEN).map((told) => `replies: ${told}`),
    ...SPOKEN.flatMap((language) => complaintsAbout(languages[language]).map((told) => `replies, ${language}: ${told}`)),
  ];
  if (complaints.length > 0) return { is: 'wrong', complaints };
  const right = languages as unknown as Replies;
  const long = SPOKEN.flatMap((language) => tooLong(right[language]).map((told) => `replies, ${language}: ${told}`));
  return long.length > 0 ? { is: 'wrong', complaints: long } : { is: 'right', value: right };
}

export interface Spoken {
  readonly receipt: (asks: Essential | null) => string;
  readonly callsOff: () => string;
  readonly question: (asks: Essential, isAgain: boolean) => string;
  readonly state: (state: StateWord) => string;
  readonly onTheirWay: () => string;
  readonly forwarded: (centre: string) => string;
  readonly unreadable: () => string;
}

/** The replies of a language with their blanks filled. */
export function spoken(rules: { readonly replies: Replies; readonly centreName: string }, language: SpokenLanguage): Spoken {
  const sentences = rules.replies[language];
  const say = (name: ReplyName, blanks: Readonly<Record<string, string>> = {}): string =>
    filled(sentences[name], { us: rules.centreName, ...blanks });
  const question = (asks: Essential, isAgain: boolean): string => say(isAgain && asks === 'place' ? 'ask-place-again' : `ask-${asks}`);
  return {
    receipt: (asks) => (asks === null ? say('receipt-complete') : say('receipt', { question: question(asks, false) })),
    callsOff: () => say('receipt-calls-off'),
    question,
    state: (state) => say(`state-${state}`),
    onTheirWay: () => say('on-their-way'),
    forwarded: (centre) => say('forwarded', { centre }),
    unreadable: () => say('unreadable'),
  };
}

const BLANK = /\{([^{}]*)\}/g;
const filled = (sentence: string, blanks: Readonly<Record<string, string>>): string =>
  sentence.replaceAll(BLANK, (whole, name: string) => blanks[name] ?? whole).trim();

function complaintsAbout(value: unknown): readonly string[] {
  const sentences = fieldsOf(value);
  if (sentences === null) return ['is missing or no list of sentences'];
  return [
    ...strangers(sentences, REPLY_NAMES),
    ...REPLY_NAMES.flatMap((name) => complaintsAboutSentence(name, sentences[name]).map((told) => `${name} ${told}`)),
  ];
}

function complaintsAboutSentence(name: ReplyName, sentence: unknown): readonly string[] {
  if (sentence === undefined) return ['is missing'];
  if (typeof sentence !== 'string') return [`must be a text${typeof sentence === 'number' ? ' (in quotes)' : ''}`];
  if (sentence.trim() === '') return ['is empty'];
  if (/[\p{Cc}\p{Cf}]/u.test(sentence)) return ['has a line break or another character that cannot be seen'];
  const blanks: readonly string[] = BLANKS[name];
  const known = blanks.map((blank) => blank.replace('!', ''));
  const found = [...sentence.matchAll(BLANK)].map(([, blank = '']) => blank);
  const missing = blanks.filter((blank) => blank.endsWith('!') && !found.includes(blank.slice(0, -1)));
  return [
    ...found.flatMap((blank) => (known.includes(blank) ? [] : [`has {${blank}}, which is not known there${nearest(blank, known)}`])),
    ...missing.map((blank) => `must have {${blank.slice(0, -1)}} in it`),
    ...(/[{}]/.test(sentence.replaceAll(BLANK, '')) ? ['has a { or } that stands alone'] : []),
  ];
}

function tooLong(sentences: Readonly<Record<ReplyName, string>>): readonly string[] {
  const questions = [sentences['ask-place'], sentences['ask-what'], sentences['ask-time']];
  const longest = questions.toSorted((a, b) => segmentCount(b) - segmentCount(a) || b.length - a.length)[0] ?? '';
  return REPLY_NAMES.flatMap((name) => {
    const whole = filled(sentences[name], { question: longest, centre: SOME_NAME, us: SOME_NAME });
    const count = segmentCount(whole);
    return count > SEGMENTS_AT_MOST ? [`${name} takes ${count} short messages; ${SEGMENTS_AT_MOST} are the most`] : [];
  });
}

const fieldsOf = (value: unknown): Readonly<Record<string, unknown>> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Readonly<Record<string, unknown>>) : null;

const strangers = (fields: Readonly<Record<string, unknown>>, known: readonly string[]): readonly string[] =>
  Object.keys(fields)
    .filter((key) => !known.includes(key))
    .map((key) => `${JSON.stringify(key.slice(0, 40))} is not known${nearest(key, known)}`);

const nearest = (word: string, known: readonly string[]): string =>
  known.length === 0 ? '' : `; the nearest is ${closest(word.slice(0, 40), [...known])}`;
