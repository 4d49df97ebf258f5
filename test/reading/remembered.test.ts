/** Reading that remembers answers what reading answers, and reads no text twice while it is remembered. */
import { beforeEach, expect, test } from 'vitest';
import { instant } from '../../src/kernel/instants.ts';
import { read, readTogether, type ReadingRules } from '../../src/reading/read.ts';
import { rememberingReader } from '../../src/reading/remembered.ts';
import { corpusRules } from './corpus-rules.ts';

const AT = instant(Date.parse('2026-03-01T08:00:00+08:00'));
const FIRST = { text: '刚才道外区靖宇街3号有人打架', at: AT };
const SECOND = { text: '不对，是5号，一个人头上流血了', at: instant(AT + 60_000) };
const TEXTS = [FIRST, SECOND, { text: FIRST.text, at: instant(AT + 3_600_000) }];

const plain = corpusRules();
let timesRead = 0;
/** Every reading asks for the time zone, once. */
const rules: ReadingRules = {
  words: plain.words,
  place: plain.place,
  get timeZone() {
    timesRead += 1;
    return plain.timeZone;
  },
};
beforeEach(() => {
  timesRead = 0;
});

test('a text tells what it tells without a memory, at each moment its own', () => {
  const reader = rememberingReader(plain);
  for (const { text, at } of [...TEXTS, ...TEXTS]) expect(reader.read(text, at)).toEqual(read(text, at, plain));
  for (const count of [0, 1, 2, 3]) {
    expect(reader.readTogether(TEXTS.slice(0, count))).toEqual(readTogether(TEXTS.slice(0, count), plain));
  }
  expect(reader.read(FIRST.text, AT).happened).not.toEqual(reader.read(FIRST.text, instant(AT + 3_600_000)).happened);
});

test('a text is read once, alone or with its thread', () => {
  const reader = rememberingReader(rules);
  for (const [n, { text, at }] of TEXTS.entries()) {
    reader.read(text, at);
    reader.readTogether(TEXTS.slice(0, n + 1));
  }
  expect(timesRead).toBe(TEXTS.length);
});

test('what is remembered is bounded: the longest remembered is read again, the newest is not', () => {
  const reader = rememberingReader(rules, 40);
  for (const { text, at } of [FIRST, SECOND, SECOND]) reader.read(text, at);
  expect(timesRead).toBe(2);
  expect(reader.read(FIRST.text, FIRST.at)).toEqual(read(FIRST.text, FIRST.at, plain));
  expect(timesRead).toBe(3);
});

test('a text longer than the whole memory is read all the same', () => {
  const reader = rememberingReader(rules, 10);
  expect(reader.read(FIRST.text, AT)).toEqual(read(FIRST.text, AT, plain));
  reader.read(FIRST.text, AT);
  expect(timesRead).toBe(2);
});
