import { describe, expect, test } from 'vitest';
import { SPOKEN } from '../../src/reading/reading.ts';
import { REPLY_NAMES, repliesOf, spoken, STATE_WORDS } from '../../src/sms/replies.ts';
import { segmentCount } from '../../src/sms/segments.ts';
import { REPLIES } from './world.ts';

const rules = { replies: REPLIES, centreName: '哈尔滨市公安局' };
const complaints = (value: unknown): readonly string[] => {
  const checked = repliesOf(value);
  return checked.is === 'wrong' ? checked.complaints : [];
};
const changed = (language: string, change: Record<string, unknown>): unknown => ({
  ...REPLIES,
  [language]: { ...REPLIES[language as keyof typeof REPLIES], ...change },
});

describe('the replies as they are', () => {
  test.each(SPOKEN)('in %s every one but those that name a centre is one short message, none is more than two', (language) => {
    const say = spoken(rules, language);
    const ones = [
      say.receipt(null),
      ...(['place', 'what', 'time'] as const).flatMap((asks) => [say.receipt(asks), say.question(asks, false), say.question(asks, true)]),
      ...STATE_WORDS.map(say.state),
      say.callsOff(),
      say.onTheirWay(),
      say.unreadable(),
    ];
    expect(ones.filter((one) => segmentCount(one) > 1)).toEqual([]);
    expect(segmentCount(say.forwarded('乌鲁木齐市'))).toBeLessThanOrEqual(2);
    expect(ones.filter((one) => /[{}]/.test(one) || one.trim() !== one || one === '')).toEqual([]);
    expect(say.forwarded('$& 深圳')).toContain('$& 深圳');
  });

  test('each language says each thing in its own words', () => {
    for (const name of REPLY_NAMES) expect(new Set(SPOKEN.map((language) => REPLIES[language][name])).size).toBe(SPOKEN.length);
    for (const language of SPOKEN) expect(new Set(Object.values(REPLIES[language])).size).toBe(REPLY_NAMES.length);
  });
});

describe('what a centre writes is checked, with every complaint:', () => {
  test.each<readonly [string, unknown, readonly string[]]>([
    ['no list', 7, ['the replies must be a list of languages with their sentences']],
    [
      'languages missing and strange',
      { ...REPLIES, ko: undefined, kr: {} },
      ['replies: "kr" is not known; the nearest is ko', 'replies, ko: is missing or no list of sentences'],
    ],
    [
      'sentences missing, strange, empty, numbers',
      changed('en', { receipts: 'x', unreadable: undefined, forwarded: ' ', 'ask-time': 110 }),
      [
        'replies, en: "receipts" is not known; the nearest is receipt',
        'replies, en: ask-time must be a text (in quotes)',
        'replies, en: forwarded is empty',
        'replies, en: unreadable is missing',
      ],
    ],
    [
      'blanks missing, strange, alone',
      changed('zh', { receipt: '您好', forwarded: '{center}', 'on-their-way': '警察{来', 'ask-what': '{us}' }),
      [
        'replies, zh: receipt must have {question} in it',
        'replies, zh: ask-what has {us}, which is not known there',
        'replies, zh: on-their-way has a { or } that stands alone',
        'replies, zh: forwarded has {center}, which is not known there; the nearest is centre',
        'replies, zh: forwarded must have {centre} in it',
      ],
    ],
    [
      'line breaks',
      changed('ja', { unreadable: 'a\nb' }),
      ['replies, ja: unreadable has a line break or another character that cannot be seen'],
    ],
    [
      'too long with its question',
      changed('zh', { receipt: `${'长'.repeat(100)}{question}`, 'ask-what': '问'.repeat(40) }),
      ['replies, zh: receipt takes 3 short messages; 2 are the most'],
    ],
  ])('%s', (_, value, expected) => {
    expect(complaints(value)).toEqual(expected);
  });

  test('the name of the centre goes where {us} stands', () => {
    const checked = repliesOf(changed('zh', { 'on-their-way': '{us}：警察正在赶来。' }));
    expect(checked.is === 'right' && spoken({ ...rules, replies: checked.value }, 'zh').onTheirWay()).toBe(
      '哈尔滨市公安局：警察正在赶来。',
    );
  });
});
