import { expect, test } from 'vitest';
import { padded, paint, shortened, table, widthOf } from '../../../scripts/demo/terminal.ts';

test('a Chinese character and its marks take two columns, a letter one, a combining mark and a colour none', () => {
  expect(widthOf('接警员')).toBe(6);
  expect(widthOf('，。“”…')).toBe(4 + 3);
  expect(widthOf('138******01')).toBe(11);
  expect(widthOf('e\u0301')).toBe(1);
  expect(widthOf('𠮷')).toBe(2);
  expect(widthOf(paint(true).good('110报警'))).toBe(7);
});

test('a text is filled up to its width in columns, and one that is too wide is left as it is', () => {
  expect(padded('着火', 6)).toBe('着火  ');
  expect(padded('着火', 3)).toBe('着火');
});

test('a text is cut to the columns there are, never in the middle of a character, and says that it was', () => {
  expect(shortened('居民楼着火', 10)).toBe('居民楼着火');
  expect(shortened('居民楼着火', 9)).toBe('居民楼着…');
  expect(shortened('居民楼着火', 8)).toBe('居民楼…');
  for (let width = 1; width < 12; width += 1) expect(widthOf(shortened('a居民b楼着火', width))).toBeLessThanOrEqual(width);
});

test('every column of a table begins at the same column of the terminal, whatever the rows hold', () => {
  const lines = table(
    ['what', 'who'],
    [
      ['有人掉进松花江', '1001'],
      ['fire', '1002'],
    ],
  );
  const where = ['who', '1001', '1002'].map((word) => {
    const line = lines.find((one) => one.includes(word)) ?? '';
    return widthOf(line.slice(0, line.indexOf(word)));
  });
  expect(where).toEqual([16, 16, 16]);
});

test('nothing but the text is written where there is no person to see colours', () => {
  const plain = paint(false);
  expect([plain.bold('a'), plain.dim('a'), plain.good('a'), plain.bad('a')]).toEqual(['a', 'a', 'a', 'a']);
});
