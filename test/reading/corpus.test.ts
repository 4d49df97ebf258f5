/**
 * The corpus itself is sound, and one promise of the reading is kept on the half that is worked on: no reporter in danger is answered
 * for want of a sign. The other scores are measured (`npm run scores`), not asserted.
 */
import { describe, expect, it } from 'vitest';
import { instant } from '../../src/kernel/instants.ts';
import { read } from '../../src/reading/read.ts';
import { SPOKEN } from '../../src/reading/reading.ts';
import { entriesOf, HALVES, readCorpus, saidIn } from './corpus.ts';
import { corpusRules } from './corpus-rules.ts';

const texts = readCorpus();
const countOf = (half: string, of: (entry: (typeof texts)[number]) => boolean): number =>
  texts.filter((entry) => entry.half === half && of(entry)).length;

const right = {
  id: 'zh-900',
  kind: 'fire',
  at: '2026-05-01T08:00:00+08:00',
  text: '大成街40号着火了',
  expect: { language: 'zh', place: { address: '大成街40号' }, matter: 'disaster-accident/fire', urgency: 'immediate', saysWhat: true },
};

describe('the corpus of texts', () => {
  it('has two hundred texts and more, in all five languages', () => {
    expect(texts.length).toBeGreaterThanOrEqual(200);
    const least = { zh: 90, en: 40, ru: 25, ja: 25, ko: 20 };
    for (const language of SPOKEN) expect(texts.filter((entry) => entry.file === language).length).toBeGreaterThanOrEqual(least[language]);
  });

  it('names every text once, and never has the same text in both halves', () => {
    expect(new Set(texts.map((entry) => entry.id)).size).toBe(texts.length);
    expect(new Set(texts.map((entry) => entry.text)).size).toBe(texts.length);
  });

  it('expects nothing to be said that does not stand in the text', () => {
    for (const entry of texts) for (const piece of saidIn(entry)) expect(entry.text, entry.id).toContain(piece);
  });

  it('is cut in the middle, each language and each kind of text', () => {
    for (const language of SPOKEN) {
      const [one = 0, other = 0] = HALVES.map((half) => countOf(half, (entry) => entry.file === language));
      expect(Math.abs(one - other), language).toBeLessThanOrEqual(1);
    }
    for (const kind of new Set(texts.map((entry) => entry.kind))) {
      const [one = 0, other = 0] = HALVES.map((half) => countOf(half, (entry) => entry.kind === kind));
      expect(Math.abs(one - other), kind).toBeLessThanOrEqual(2);
    }
  });

  it('has danger, impaired reporters, follow-ups, traps, codes and map links in both halves', () => {
    for (const half of HALVES) {
      for (const kind of ['hiding', 'domestic', 'abduction', 'suicide', 'deaf', 'follow-up', 'trap', 'code', 'map']) {
        expect(
          countOf(half, (entry) => entry.kind === kind),
          `${kind}, ${half}`,
        ).toBeGreaterThanOrEqual(3);
      }
    }
  });
});

describe('a wrong entry', () => {
  const complaintAbout = (change: object): string => {
    try {
      entriesOf([{ ...right, ...change }], 'worked-on', 'zh');
      return 'no complaint';
    } catch (thrown) {
      return String(thrown);
    }
  };

  it('is told from a right one', () => {
    expect(complaintAbout({})).toBe('no complaint');
  });

  it.each([
    [
      'an address that does not stand in the text',
      { expect: { ...right.expect, place: { address: '大成街41号' } } },
      /zh-900: "大成街41号"/,
    ],
    ['a field that does not exist', { expect: { ...right.expect, weapon: ['knife'] } }, /zh-900.*\/expect/],
    ['a class of matter that does not exist', { expect: { ...right.expect, matter: 'fires' } }, /zh-900 \/0\/expect\/matter/],
    ['a danger sign that does not exist', { expect: { ...right.expect, danger: ['frightened'] } }, /zh-900 \/0\/expect\/danger/],
    ['an instant that does not exist', { at: '2026-02-30T25:00:00+08:00' }, /no such instant/],
    ['an id of another language', { id: 'en-900' }, /begins with zh-/],
  ])('is named where it has %s', (_, change, complaint) => {
    expect(complaintAbout(change)).toMatch(complaint);
  });
});

describe('a promise of safety', () => {
  const rules = corpusRules();
  const inDanger = texts.filter(
    ({ half, expect: { danger } }) => half === 'worked-on' && danger?.some((sign) => !sign.endsWith('?')) === true,
  );

  it.each(inDanger.map((entry) => [entry.id, entry.text, entry] as const))('no reporter in danger goes unseen: %s %s', (_, text, entry) => {
    expect(read(text, instant(Date.parse(entry.at)), rules).danger).not.toHaveLength(0);
  });
});
