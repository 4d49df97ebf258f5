/** A text, and the texts of a thread, read as a whole: what must hold of any string, and of several together. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../src/kernel/instants.ts';
import { read, readTogether } from '../../src/reading/read.ts';
import type { Found, Reading } from '../../src/reading/reading.ts';
import { readCorpus } from './corpus.ts';
import { corpusRules } from './corpus-rules.ts';

const rules = corpusRules();
const at = instant(Date.parse('2026-03-01T20:00:00+08:00'));
const readingOf = (text: string): Reading => read(text, at, rules);
const together = (...texts: readonly string[]): Reading =>
  readTogether(
    texts.map((text, index) => ({ text, at: instant(at + index * 60_000) })),
    rules,
  );

/** Time on the processor, which other work on the machine does not lengthen. */
const cpuMsOf = (work: () => unknown): number => {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
};

const findingsOf = ({ happened, place, matter, urgency, hurt, weapons, danger, impaired, intents }: Reading): readonly Found<unknown>[] =>
  [happened, ...Object.values(place), matter, urgency, hurt, ...weapons, ...danger, impaired, ...intents].filter(
    (finding) => finding !== null,
  );

const pieces = fc.constantFrom(
  ...'抢劫 被搶 没有人受伤 三个人 受伤 老公 打我 别回短信 躲在 L ｌ 😱 👨‍👩‍👧 \ud83d \udc00 \u200b \u202e \0 \n 。 ， don’t call hiding husband hit robbed двое ранены муж бьёт けが 2人 ｶﾞ 두 명 부상 전화하지 마 12110 2303015 刚才 […2/3…] https://x.invalid/ * … -'.split(
    ' ',
  ),
  ' ',
);
const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 200 }),
  fc.array(pieces, { maxLength: 40 }).map((words) => words.join('')),
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 80 }).map((units) => String.fromCharCode(...units)),
);

describe('any text at all', () => {
  it('is read without a fault, and every finding stands in it word for word', () => {
    fc.assert(
      fc.property(texts, (text) => {
        for (const finding of findingsOf(readingOf(text))) {
          expect(finding.said.length).toBeGreaterThan(0);
          expect(text).toContain(finding.said);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('is read the same each time', () => {
    fc.assert(
      fc.property(texts, (text) => {
        expect(readingOf(text)).toEqual(readingOf(text));
      }),
      { numRuns: 100 },
    );
  });

  it('is read alike alone and as the only one of a thread', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const alone = readingOf(text);
        expect(together(text)).toEqual(alone);
      }),
      { numRuns: 200 },
    );
  });

  it('never names one weapon, sign or intent twice', () => {
    fc.assert(
      fc.property(texts, texts, (one, other) => {
        const { weapons, danger, intents } = together(one, other);
        for (const list of [weapons, danger, intents]) expect(new Set(list.map(({ value }) => value)).size).toBe(list.length);
      }),
      { numRuns: 100 },
    );
  });

  it('keeps its signs of danger when blanks and emoji are put between Chinese characters', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('我躲在衣柜里', '别打电话', '他打我', '不敢出声', '我被关在屋里'),
        fc.array(fc.constantFrom('', ' ', '😭', '\u200b', '*'), { minLength: 6, maxLength: 6 }),
        (text, between) => {
          const spread = text
            .split('')
            .map((character, index) => character + (between[index] ?? ''))
            .join('');
          expect(readingOf(spread).danger.map(({ value }) => value)).toEqual(readingOf(text).danger.map(({ value }) => value));
        },
      ),
    );
  });
});

describe('a link', () => {
  it('tells where, and nothing of what happened: neither its figures nor its words are the reporter’s', () => {
    const reading = readingOf('I am here geo:45.75,126.63;u=20 please help https://maps.google.com/?q=45.75,126.63&fire=knife');
    expect(reading).toMatchObject({ hurt: null, weapons: [], place: { point: { value: { lat: 45.75, lon: 126.63 } } } });
    expect(reading.matter?.value.code ?? null).not.toBe('fire');
  });
});

describe('a hostile text of 20,000 characters', () => {
  it.each(
    [
      '老公',
      '老公打我',
      '没有',
      '没有人',
      '没有人受伤',
      '受伤',
      '三个人',
      '一',
      '1',
      'a',
      'a ',
      'husband ',
      'not a ',
      '2 people ',
      'robb',
      'L',
      'l ',
      '\n',
      '。',
      '😀',
      'の',
      '\u0300',
      '는',
      '다친 사람은 ',
      'муж ',
      'не ',
      'けが人は',
    ].map((unit) => [unit] as const),
  )('made of %j costs no more than one can wait for', (unit) => {
    const text = unit.repeat(Math.ceil(20_000 / unit.length)).slice(0, 20_000);
    expect(cpuMsOf(() => readingOf(text))).toBeLessThan(1500);
  });
});

describe('texts of one thread', () => {
  it('of which there are none tell nothing', () => {
    expect(together()).toMatchObject({ language: { tag: 'und' }, matter: null, saysWhat: false, danger: [] });
  });

  it('add up: one says what, the next where', () => {
    const reading = together('我被抢了', '道里区中央大街100号');
    expect(reading.matter?.value.code).toBe('robbery');
    expect(reading.place.address?.said).toContain('中央大街100号');
    expect(reading.saysWhat).toBe(true);
  });

  it('have the newest statement of a field', () => {
    expect(together('中央大街100号着火了', '在友谊路5号').place.address?.said).toContain('友谊路5号');
    expect(together('两个人受伤', '现在三个人受伤').hurt?.value).toBe(3);
  });

  it('keep a number of hurt people when somebody is merely said to be hurt, and take one back', () => {
    expect(together('两个人受伤', '有人受伤').hurt?.value).toBe(2);
    expect(together('没有人受伤', '有人受伤').hurt?.value).toBeNull();
    expect(together('有人受伤', '没有人受伤').hurt?.value).toBe(0);
  });

  it('keep a statement when a later text only gives a guess', () => {
    expect(together('今天早上8点电动车被偷了', '刚才又去看了').happened).toEqual(readingOf('今天早上8点电动车被偷了').happened);
    expect(together('电动车被偷了', '一个人手上有棍子').matter?.value.code).toBe('weapon-seen');
  });

  it('are not made less urgent by a word in passing, but by a correction', () => {
    expect(together('有人抢劫', '旁边很吵').matter?.value.code).toBe('robbery');
    expect(together('有人抢劫', '旁边很吵').urgency?.value).toBe('immediate');
    expect(together('有人抢劫', '更正 说错了 是很吵').matter?.value.code).toBe('noise');
    expect(together('旁边很吵', '有人抢劫').matter?.value.code).toBe('robbery');
  });

  it('join their signs, weapons and intents, each once', () => {
    const reading = together('他有刀，我躲在厕所', '他有刀和枪，别回短信');
    expect(reading.weapons.map(({ value }) => value)).toEqual(['knife', 'gun']);
    expect(reading.danger.map(({ value }) => value)).toEqual(expect.arrayContaining(['hiding', 'no-reply']));
    expect(new Set(reading.danger.map(({ value }) => value)).size).toBe(reading.danger.length);
  });

  it('have the language of the first with letters, unless a later one is clearly another', () => {
    expect(together('110', 'I was robbed', '100').language.tag).toBe('en');
    expect(together('我被抢了', 'ok').language.tag).toBe('zh');
    expect(together('我被抢了', 'Я русский, меня ограбили').language.tag).toBe('ru');
  });

  it('stay those of a deaf reporter once it was said', () => {
    expect(together('我是聋哑人', '我的包被抢了').impaired).not.toBeNull();
  });
});

describe('a typical text', () => {
  it('is read in well under a millisecond', () => {
    const typical = readCorpus(['worked-on']).map(({ text }) => text);
    const ofAll = Array.from({ length: 10 }, () => cpuMsOf(() => typical.forEach(readingOf)));
    expect(Math.min(...ofAll) / typical.length).toBeLessThan(1);
  });
});
