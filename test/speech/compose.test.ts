import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import type { Message, WaitRange } from '../../src/call/messages.ts';
import { isFault } from '../../src/kernel/faults.ts';
import { clipsOf, compose, isTone, languages, RING_BACK } from '../../src/speech/compose.ts';
import { counted, MOST } from '../../src/speech/zh.ts';

const manifest = parse(readFileSync(new URL('../../prompts/manifest.yaml', import.meta.url), 'utf8')) as {
  languages: { zh: { clips: Record<string, { words: string }> } };
};
const inWords = (clips: readonly string[]): string =>
  clips.map((clip) => manifest.languages.zh.clips[clip]?.words ?? `<${clip}?>`).join('');
const patience = (place: number | null, wait: WaitRange | null = null): Message => ({ say: 'patience', place, wait });
const minutes = (fromMinutes: number, toMinutes: number): WaitRange => ({ fromMinutes, toMinutes });

/** Reads a spoken number as a listener would, knowing nothing of how it was composed. */
const heard = (spoken: string): number => {
  const worth: Record<string, number> = { 十: 10, 百: 100, 千: 1000 };
  let sum = 0;
  let digit: number | null = null;
  for (const sign of spoken) {
    const unit = worth[sign];
    if (unit === undefined) {
      digit = sign === '两' ? 2 : '零一二三四五六七八九'.indexOf(sign);
      if (digit < 0) throw new Error(`"${sign}" is no number`);
    } else {
      sum += (digit ?? 1) * unit;
      digit = null;
    }
  }
  return sum + (digit ?? 0);
};

const anyWait = fc.option(fc.record({ fromMinutes: fc.integer(), toMinutes: fc.integer() }));
const anyMessage: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ say: fc.constant('patience' as const), place: fc.option(fc.oneof(fc.integer(), fc.double())), wait: anyWait }),
  fc.constantFrom<Message>(
    { say: 'greeting' },
    { say: 'ringing' },
    { say: 'first-again' },
    { say: 'hold' },
    { say: 'still-in-line' },
    patience(1, minutes(0, 3)),
  ),
);

describe('Mandarin numbers', () => {
  test.each([
    [0, '零'],
    [1, '一'],
    [2, '两'],
    [10, '十'],
    [11, '十一'],
    [12, '十二'],
    [20, '二十'],
    [22, '二十二'],
    [100, '一百'],
    [102, '一百零二'],
    [105, '一百零五'],
    [110, '一百一十'],
    [112, '一百一十二'],
    [120, '一百二十'],
    [200, '二百'],
    [1000, '一千'],
    [1002, '一千零二'],
    [1010, '一千零一十'],
    [2000, '两千'],
    [2020, '两千零二十'],
    [2222, '两千二百二十二'],
    [9009, '九千零九'],
    [9999, '九千九百九十九'],
  ])('%i before a measure word is %s', (count, spoken) => {
    expect(inWords(counted(count))).toBe(spoken);
  });

  test('every number from 0 to 9999 is heard as itself, and no two sound alike', () => {
    const spoken = Array.from({ length: MOST + 1 }, (_, count) => inWords(counted(count)));
    expect(spoken.findIndex((words, count) => heard(words) !== count)).toBe(-1);
    expect(new Set(spoken).size).toBe(MOST + 1);
  });

  test('a number never has two zeros in a row, never ends in one, and has 两 only at its head', () => {
    for (let count = 1; count <= MOST; count += 1) expect(inWords(counted(count))).not.toMatch(/零零|零$|.两/);
  });
});

describe('what a waiting caller hears', () => {
  test.each([
    [patience(null), ''],
    [patience(1), '您是下一位。'],
    [patience(2), '您前面还有一位来电人。'],
    [patience(3), '您前面还有两位来电人。'],
    [patience(13), '您前面还有十二位来电人。'],
    [patience(3, minutes(2, 5)), '您前面还有两位来电人。预计等待两到五分钟。'],
    [patience(null, minutes(10, 12)), '预计等待十到十二分钟。'],
    [patience(1, minutes(0, 2)), '您是下一位。预计等待不超过两分钟。'],
  ])('%j', (message, told) => {
    expect(inWords(compose(message, 'zh'))).toBe(`${told}${inWords(['patience'])}`);
  });

  test.each([
    ['beyond what can be counted aloud', patience(10_001, minutes(1, 10_000))],
    ['of nobody', patience(0, minutes(0, 0))],
    ['below zero or broken', patience(-4, minutes(-2, 3))],
    ['turned round', patience(2.5, minutes(5, 2))],
    ['that is no number', patience(Number.NaN, minutes(Number.NaN, Number.POSITIVE_INFINITY))],
  ])('a figure %s is left out and the rest is said', (_, message) => {
    expect(compose(message, 'zh')).toEqual(['patience']);
  });

  test('9999 ahead is still told', () => {
    expect(inWords(compose(patience(10_000), 'zh'))).toContain('九千九百九十九位');
  });

  test('while a call taker rings, the ring-back tone alone is heard', () => {
    expect(compose({ say: 'ringing' }, 'zh')).toEqual([RING_BACK]);
    expect(isTone(RING_BACK)).toBe(true);
  });
});

describe.each(languages)('the inventory of %s', (language) => {
  test('holds every clip of every message, and no message is silent', () => {
    const inventory = new Set(clipsOf(language));
    fc.assert(
      fc.property(anyMessage, (message) => {
        const clips = compose(message, language);
        expect(clips.length).toBeGreaterThan(0);
        expect(clips.filter((clip) => !isTone(clip) && !inventory.has(clip))).toEqual([]);
      }),
      { numRuns: 2000 },
    );
  });

  test('names each clip once, and none that no message uses', () => {
    const messages: Message[] = [{ say: 'greeting' }, { say: 'first-again' }, { say: 'hold' }, { say: 'still-in-line' }];
    for (let place = 1; place <= MOST; place += 1) messages.push(patience(place, minutes(place - 1, place)));
    const used = new Set(messages.flatMap((message) => compose(message, language)));
    expect([...clipsOf(language)].toSorted()).toEqual([...used].toSorted());
  });
});

test('a language nobody speaks here is a fault that names the languages', () => {
  const asked = [() => compose({ say: 'greeting' }, 'xx'), () => clipsOf('xx'), () => compose({ say: 'ringing' }, 'toString')];
  for (const ask of asked) {
    expect(ask).toThrow(expect.toSatisfy((thrown) => isFault(thrown, 'unknown') && thrown.details.join().includes('zh')));
  }
});
