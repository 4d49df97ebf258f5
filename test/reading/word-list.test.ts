/** The word list as data: what is complained of, in which words, and how its words match. */
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { MATTERS } from '../../src/incident/incident.ts';
import { weaponsIn } from '../../src/reading/danger.ts';
import { DANGER_SIGNS, INTENTS, SPOKEN } from '../../src/reading/reading.ts';
import { SIMPLIFIED } from '../../src/reading/simplified.ts';
import { wordHitsIn } from '../../src/reading/word-hits.ts';
import { MATTER_CLASSES, WORD_FILES, wordListOf, type WordList } from '../../src/reading/word-list.ts';

const folder = new URL('../../words/', import.meta.url);
const contentOf = (name: string): unknown => parse(readFileSync(new URL(name, folder), 'utf8')) as unknown;
const shipped: Readonly<Record<string, unknown>> = Object.fromEntries(Object.keys(WORD_FILES).map((name) => [name, contentOf(name)]));

const robbery = { class: 'criminal', urgency: 'immediate', words: ['抢劫'] };
const complaintsOf = (files: Readonly<Record<string, unknown>>): readonly string[] => {
  const list = wordListOf(files);
  return list.is === 'wrong' ? list.complaints : [];
};
function listOf(files: Readonly<Record<string, unknown>>): WordList {
  const list = wordListOf(files);
  if (list.is === 'wrong') throw new Error(list.complaints.join('\n'));
  return list.value;
}
const wordsFound = (words: readonly string[], text: string, not: readonly string[] = [], file = 'zh.yaml'): readonly string[] => {
  const list = listOf({ [file]: { matters: { robbery: { ...robbery, words, not } } } });
  const hits = wordHitsIn(text, list);
  return hits.of('matters').map(({ start, end }) => text.slice(hits.folded.from[start], hits.folded.to[end - 1]));
};

describe('the word list of the centre', () => {
  it('is right as it is shipped, in all five languages', () => {
    expect(complaintsOf(shipped)).toEqual([]);
    expect(Object.values(WORD_FILES).toSorted()).toEqual([...SPOKEN].toSorted());
  });

  it('may be handed over with whatever else stands in its folder', () => {
    const others = readdirSync(folder).filter((name) => name.endsWith('.yaml') && !Object.hasOwn(WORD_FILES, name));
    expect(others.length).toBeGreaterThan(0);
    expect(complaintsOf({ ...shipped, ...Object.fromEntries(others.map((name) => [name, contentOf(name)])) })).toEqual([]);
  });

  it('knows no class of a matter that the incident does not know', () => {
    for (const known of MATTER_CLASSES) expect(MATTERS).toContain(known);
    const { meanings } = listOf(shipped);
    const matters = [...meanings].filter(([path]) => path.startsWith('matters/'));
    expect(matters.length).toBeGreaterThan(40);
    for (const [path, meaning] of matters) expect(MATTERS, path).toContain(meaning.class);
    expect(new Set(matters.map(([, meaning]) => meaning.class))).toEqual(new Set(MATTER_CLASSES));
  });

  it('has words for every sign of danger and every intent in every language', () => {
    for (const [name, content] of Object.entries(shipped)) {
      const { danger, intents } = content as Record<'danger' | 'intents', Record<string, { words: string[] }>>;
      for (const sign of DANGER_SIGNS) expect(danger[sign]?.words.length, `${name}, ${sign}`).toBeGreaterThan(5);
      for (const intent of INTENTS) expect(intents[intent]?.words.length, `${name}, ${intent}`).toBeGreaterThan(3);
    }
  });

  it('says at the top of each file how it is edited', () => {
    for (const name of Object.keys(WORD_FILES))
      expect(readFileSync(new URL(name, folder), 'utf8'), name).toMatch(/^#[\s\S]*How to edit\n#\s+words[\s\S]*\n#\s+not/);
  });
});

describe('a mistake in the word list', () => {
  it.each<[string, Readonly<Record<string, unknown>>, string]>([
    [
      'a class misspelt',
      { 'zh.yaml': { matters: { robbery: { ...robbery, class: 'criminel' } } } },
      'zh.yaml: matters, robbery: unknown class criminel: perhaps criminal?',
    ],
    [
      'an urgency misspelt',
      { 'zh.yaml': { matters: { robbery: { ...robbery, urgency: 'urgend' } } } },
      'zh.yaml: matters, robbery: unknown urgency urgend: perhaps urgent?',
    ],
    [
      'a key misspelt',
      { 'zh.yaml': { matters: { robbery: { ...robbery, wrods: [] } } } },
      'zh.yaml: matters, robbery: wrods is not known here: perhaps words?',
    ],
    [
      'a key of another heading',
      { 'zh.yaml': { matters: { robbery: { ...robbery, unless_impaired: [] } } } },
      'unless_impaired is not known here',
    ],
    ['a heading misspelt', { 'zh.yaml': { mater: {} } }, 'zh.yaml: mater is not a known heading: perhaps matters?'],
    [
      'a sign of danger misspelt',
      { 'zh.yaml': { danger: { hidding: { words: ['躲'] } } } },
      'zh.yaml: danger, hidding: unknown name: perhaps hiding?',
    ],
    [
      'a matter that is not there',
      { 'zh.yaml': { matters: { robbery }, weapons: { gun: { matter: 'robery', words: ['枪'] } } } },
      'weapons/gun: matter robery is not among the matters: perhaps robbery?',
    ],
    ['a file of no language', { 'zn.yaml': {} }, 'zn.yaml is no file of the word list: perhaps zh.yaml?'],
    ['a file that is a list', { 'zh.yaml': ['抢劫'] }, 'zh.yaml must be a list of headings with words'],
    ['no file at all', {}, 'there is not a single word in the list'],
    ['no class anywhere', { 'en.yaml': { matters: { robbery: { words: ['robbed'] } } } }, 'matters/robbery: no file says its class'],
    ['no urgency anywhere', { 'en.yaml': { matters: { robbery: { words: ['robbed'] } } } }, 'matters/robbery: no file says its urgency'],
    [
      'two files that contradict',
      { 'zh.yaml': { matters: { robbery } }, 'en.yaml': { matters: { robbery: { urgency: 'low', words: ['robbed'] } } } },
      'en.yaml: matters, robbery: urgency is low here and immediate in zh.yaml: which one is right?',
    ],
    ['a name in capitals', { 'zh.yaml': { matters: { Robbery: robbery } } }, 'a name is 1 to 64 small letters'],
    ['words that are no list', { 'zh.yaml': { matters: { robbery: { ...robbery, words: '抢劫' } } } }, 'words must be a list of words'],
    [
      'a number without quotes',
      { 'zh.yaml': { matters: { robbery: { ...robbery, words: [110] } } } },
      '110 in words must be a word (put it in "quotes")',
    ],
    ['an empty word', { 'zh.yaml': { matters: { robbery: { ...robbery, words: [' '] } } } }, '" " is no word'],
    ['an open end in Chinese', { 'zh.yaml': { matters: { robbery: { ...robbery, words: ['抢劫*'] } } } }, '"抢劫*" is no word'],
    ['an open end after one letter', { 'en.yaml': { matters: { robbery: { ...robbery, words: ['r*'] } } } }, '"r*" is no word'],
    ['a gap with nothing behind', { 'zh.yaml': { matters: { robbery: { ...robbery, words: ['抢…'] } } } }, '"抢…" is no word'],
    ['a word twice', { 'zh.yaml': { matters: { robbery: { ...robbery, words: ['抢', '抢'] } } } }, '抢 stands twice in words'],
    [
      'a word as long as a letter',
      { 'zh.yaml': { matters: { robbery: { ...robbery, words: ['抢'.repeat(81)] } } } },
      'is longer than 80 characters',
    ],
    ['a number that is none', { 'en.yaml': { numbers: { two: 'zwei' } } }, 'numbers, two must be a whole number, 0 to 1000, not "zwei"'],
    ['a heading without names', { 'zh.yaml': { matters: null } }, 'zh.yaml: matters must be a list of names with words'],
    ['a name without words', { 'zh.yaml': { matters: { robbery: ['抢劫'] } } }, 'must have words: [ … ]'],
  ])('is complained of in plain words: %s', (_, files, complaint) => {
    expect(complaintsOf(files).join('\n')).toContain(complaint);
  });

  it('is told together with all the others', () => {
    expect(complaintsOf({ 'zh.yaml': { mater: {}, matters: { robbery: { class: 'x', words: [1, '*'] } } } }).length).toBeGreaterThanOrEqual(
      5,
    );
  });

  it('does not come from names that every object has', () => {
    expect(complaintsOf({ constructor: {} }).join()).toContain('is no file of the word list');
    expect(complaintsOf({ 'zh.yaml': { toString: {} } }).join()).toContain('toString is not a known heading');
  });
});

describe('the table of simplified characters', () => {
  it('pairs single characters, none with itself and none twice, and reaches its end in one step', () => {
    for (const [from, to] of SIMPLIFIED) {
      expect(from + to).toHaveLength(2);
      expect(from).not.toBe(to);
      expect(SIMPLIFIED.has(to), to).toBe(false);
    }
    expect(SIMPLIFIED.get('報')).toBe('报');
    expect(SIMPLIFIED.get('別')).toBe('别');
  });
});

describe('a word of the list', () => {
  it('is found anywhere in Chinese, and whole in alphabetic scripts', () => {
    expect(wordsFound(['抢劫'], '有人抢劫了')).toEqual(['抢劫']);
    expect(wordsFound(['rob'], 'rob robs Rob! problem', [], 'en.yaml')).toEqual(['rob', 'Rob']);
    expect(wordsFound(['кража'], 'кража кражами', [], 'ru.yaml')).toEqual(['кража']);
  });

  it('takes any ending where it has an open end, and is quoted with it', () => {
    expect(wordsFound(['robb*'], 'Robbery! I was robbed, not scrobbled', [], 'en.yaml')).toEqual(['Robbery', 'robbed']);
    expect(wordsFound(['избил* мен*'], 'он избила меня', [], 'ru.yaml')).toEqual(['избила меня']);
  });

  it('bridges a gap within a sentence, neither too far nor across its end', () => {
    expect(wordsFound(['老公…打我'], '老公喝多了，又打我')).toEqual(['老公喝多了，又打我']);
    expect(wordsFound(['老公…打我'], '老公走了。有人打我')).toEqual([]);
    expect(wordsFound(['老公…打我'], `老公${'他'.repeat(13)}打我`)).toEqual([]);
    expect(wordsFound(['husband … hit*'], 'my husband is drunk and hits me', [], 'en.yaml')).toEqual(['husband is drunk and hits']);
    expect(wordsFound(['husband … hit*'], 'my husband has white hair', [], 'en.yaml')).toEqual([]);
  });

  it('is cancelled by a not-word that covers it, and by no other', () => {
    expect(wordsFound(['抢'], '我在抢票', ['抢票'])).toEqual([]);
    expect(wordsFound(['抢'], '抢票的时候被抢', ['抢票'])).toEqual(['抢']);
    expect(wordsFound(['被抢'], '被抢票', ['抢票'])).toEqual(['被抢']);
  });

  it('is seen through full-width and traditional forms, blanks, emoji and ornaments, and quoted as written', () => {
    expect(wordsFound(['抢劫'], '被搶劫了')).toEqual(['搶劫']);
    expect(wordsFound(['抢劫'], '抢 😱 劫')).toEqual(['抢 😱 劫']);
    expect(wordsFound(['抢劫'], '抢*劫·抢\u200b劫')).toEqual(['抢*劫', '抢\u200b劫']);
    expect(wordsFound(['sos'], 'ＳＯＳ！', [], 'en.yaml')).toEqual(['ＳＯＳ']);
    expect(wordsFound(["don't"], 'DON’T dont don`t', [], 'en.yaml')).toEqual(['DON’T', 'dont', 'don`t']);
    expect(wordsFound(['ёлка'], 'елка Е\u0308лка', [], 'ru.yaml')).toEqual(['елка', 'Е\u0308лка']);
    expect(wordsFound(['ガラス'], 'ｶﾞﾗｽ', [], 'ja.yaml')).toEqual(['ｶﾞﾗｽ']);
    expect(wordsFound(['전화하지 마'], '전화하지마', [], 'ko.yaml')).toEqual(['전화하지마']);
  });

  it('is quoted with the mark that follows its last letter, and cut short where blanks make it very long', () => {
    expect(wordsFound(['тай'], 'таи\u0306', [], 'ru.yaml')).toEqual(['таи\u0306']);
    const list = listOf({ 'zh.yaml': { weapons: { gun: { words: ['手枪'] } } } });
    const [said] = weaponsIn(wordHitsIn(`手${' '.repeat(500)}枪`, list)).map((weapon) => weapon.said);
    expect(said).toHaveLength(200);
    const [split] = weaponsIn(wordHitsIn(`手${'😀'.repeat(300)}枪`, list)).map((weapon) => weapon.said);
    expect(split).toBe(`手${'😀'.repeat(99)}`);
  });

  it('of Japanese is not looked for in Chinese, nor the other way round', () => {
    expect(wordsFound(['怪我'], '都怪我', [], 'ja.yaml')).toEqual([]);
    expect(wordsFound(['大丈夫'], '大丈夫です、はい', [], 'zh.yaml')).toEqual([]);
    expect(wordsFound(['优'], '优の良品')).toEqual(['优']);
  });
});
