import { expect, test } from 'vitest';
import { widthOf } from '../../../scripts/demo/terminal.ts';
import { answersWords, documentWords, partWords, repliesInEnglish } from '../../../scripts/demo/text-words.ts';
import { partOf, TEXTERS } from '../../../scripts/demo/texters.ts';
import { projectFiles } from '../../../src/config.ts';
import { rightEvidence } from './right-evidence.ts';

const [witness, hiding] = TEXTERS;
const evidence = rightEvidence();
const [written, hidden] = evidence.incidents.filter(({ channel }) => channel === 'text');
const first = evidence.deliveries.find(({ incident }) => incident.id === written?.id)?.incident;
if (witness === undefined || hiding === undefined || written === undefined || hidden === undefined || first === undefined)
  throw new Error('a text in parts and one from hiding are needed');

test('the parts of a text are as many as arrive, each with its gist, and together they are the text', () => {
  for (const texter of TEXTERS) {
    expect(texter.gists.length).toBe(texter.arrive.length);
    if (texter.arrive.length === 1) continue;
    const parts = [...texter.arrive.keys()].map((nth) => partOf(texter, nth + 1));
    expect(parts.join('')).toBe(texter.text);
    expect(parts.every((part) => part.length > 0 && part.length <= 67)).toBe(true);
    expect(texter.arrive.join()).not.toBe('1,2,3');
  }
});

test('a text that is not long fits into one short message', () => {
  expect(hiding.text.length).toBeLessThanOrEqual(70);
});

test('a part is told with its place among all, the first as the first and the last as the whole', () => {
  expect(partWords(witness, 0)).toMatch(/^part 3 of 3 arrives first\n“…/);
  expect(partWords(witness, 1)).toMatch(/^part 1 of 3 arrives\n“I am deaf/);
  expect(partWords(witness, 2)).toMatch(/^part 2 of 3 arrives, and the text is whole\n“…/);
  expect(partWords(hiding, 0)).toMatch(/^“Just now/);
});

test('what dispatch sees is told with the gaps, what was made out, and by whom it is confirmed', () => {
  expect(documentWords(first, 'Asia/Shanghai')).toContain('[…1-2/3…]');
  const words = documentWords(written, 'Asia/Shanghai').replaceAll('\n', ' ');
  expect(words).toContain('when 刚才 (08:00)');
  expect(words).toContain('where 道里区友谊路, lamp post 1030512');
  expect(words).toContain('what robbery, immediate');
  expect(words).toContain('confirmed by nobody yet');
  expect(words).not.toContain('SILENCE');
  expect(documentWords({ ...written, confirmed: true }, 'Asia/Shanghai')).not.toContain('confirmed by nobody');
});

test('what is not said is told as missing', () => {
  const nothing = { ...written, happened: { ...written.happened, stated: null, at: null } };
  const nowhere = { ...nothing, place: { ...nothing.place, address: null, poleCode: null } };
  expect(documentWords(nowhere, 'Asia/Shanghai')).toMatch(/when not said yet · where not said yet/);
});

test('silence is told with its signs', () => {
  expect(documentWords(hidden, 'Asia/Shanghai').replaceAll('\n', ' ')).toContain('SILENCE: hiding (我躲); nothing goes back');
});

test('what goes to the reporter is told with its state', () => {
  expect(answersWords(written)).toBe('to the reporter: receipt (waiting), on-their-way (waiting)');
  expect(answersWords(hidden)).toBe('to the reporter: on-their-way (withheld)');
  expect(answersWords({ ...written, texts: null })).toBe('to the reporter: nothing');
});

test('no line is wider than a hundred columns, and no word is lost at its end', () => {
  const words = documentWords(written, 'Asia/Shanghai');
  for (const line of words.split('\n')) expect(widthOf(line)).toBeLessThanOrEqual(100);
  expect(words.replaceAll(/\s/g, '')).toContain(witness.text.replaceAll(/\s/g, ''));
});

test('every Chinese reply has its English', () => {
  const replies = repliesInEnglish(`${projectFiles().root}/words`);
  expect(replies.size).toBeGreaterThan(10);
  expect([...replies.values()]).not.toContain('');
});
