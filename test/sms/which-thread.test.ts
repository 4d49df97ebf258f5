import { describe, expect, test } from 'vitest';
import { threadId } from '../../src/kernel/ids.ts';
import { phoneNumber } from '../../src/kernel/phone-numbers.ts';
import { answer } from '../../src/sms/answering.ts';
import { forwardText } from '../../src/sms/forwarding.ts';
import { closeThread } from '../../src/sms/holding.ts';
import { sendingNext } from '../../src/sms/outgoing.ts';
import { joinInto } from '../../src/sms/split-join.ts';
import type { KeptText } from '../../src/sms/text.ts';
import type { Thread } from '../../src/sms/thread.ts';
import { CONDITIONS, USUAL_WHICH, whichRulesOf, type WhichRule } from '../../src/sms/which-rules.ts';
import { whichThread } from '../../src/sms/which-thread.ts';
import { ANNA, at, part, right, RULES, text, threadOf } from './world.ts';

const MINUTE = 60;
const isClosed = (thread: Thread): boolean => thread.holder.is === 'closed';
const choice = (candidates: readonly Thread[], one: KeptText, rules = RULES): string => {
  const fresh = rules.read(Buffer.from(one.octets, 'base64').toString(), one.receivedAt);
  const which = whichThread(candidates, one, fresh, isClosed, rules);
  if (which.is === 'same') return which.thread.id;
  return which.continues === null ? 'new' : `new, continues ${which.continues}`;
};
const ours = (words = 'first @what'): Thread => threadOf([text(words, 0)]);
const closed = (): Thread => closeThread(ours(), at(30));

describe('by the usual rules a text goes to', () => {
  test.each<readonly [string, readonly Thread[], string, number, string]>([
    ['a new thread where the reporter has none', [], 'x', 1, 'new'],
    ['the thread of two hours', [ours()], 'x', 120, 'A'],
    ['a new thread after two hours', [ours()], 'x', 121, 'new'],
    ['a new one where it says so', [ours()], '#another', 1, 'new'],
    ['the same where it says that it is more of it, within a day', [ours()], '#supplement', 1440, 'A'],
    ['a new one even then after a day', [ours()], '#supplement', 1441, 'new'],
    ['the same where it puts something right', [ours()], '#correction', 1000, 'A'],
    ['the same where it asks for the state', [ours()], '#asks-state', 1000, 'A'],
    ['the same where it calls police off', [ours()], '#calls-off', 1000, 'A'],
    ['the closed one within ten minutes', [closed()], 'x', 10, 'A'],
    ['a new one after that', [closed()], 'x', 11, 'new'],
    ['the closed one all the same where it asks for the state', [closed()], '#asks-state', 600, 'A'],
    ['the open one that has the very same', [ours('help')], 'help', 119, 'A'],
    ['the open one that has the very same, though it says that it is another', [ours('#another')], '#another', 60, 'A'],
    ['a new one where a closed one has the very same', [closeThread(ours('help'), at(30))], 'help', 60, 'new'],
  ])('%s', (_, candidates, words, minutes, expected) => {
    expect(choice(candidates, text(words, minutes * MINUTE))).toBe(expected);
  });

  test('the thread last spoken to, whatever order they are handed in', () => {
    const late = threadOf([text('b', 30 * MINUTE)], RULES, 'B');
    expect(choice([ours(), late], text('x', 40 * MINUTE))).toBe('B');
    expect(choice([late, ours()], text('x', 40 * MINUTE))).toBe('B');
    expect(choice([late, ours('help')], text('help', 40 * MINUTE))).toBe('A');
  });

  test('that in which we spoke last: an answer to a call taker’s question finds it after hours', () => {
    const asked = right(answer(ours(), 'where?', ANNA, at(110 * MINUTE), RULES));
    const sent = sendingNext(asked, 2, at(110 * MINUTE), false, RULES);
    expect(choice([asked], text('x', 200 * MINUTE))).toBe('new');
    expect(choice([sent as Thread], text('x', 200 * MINUTE))).toBe('A');
  });
});

describe('whatever the rules say', () => {
  const always = { ...RULES, which: [{ then: 'new' }] satisfies WhichRule[] };

  test('a later part of a long text goes where the others are, and an unknown part by the rules', () => {
    const long = threadOf([text('one ', 0, part(2, 3))]);
    const later = threadOf([text('x', 10)], RULES, 'B');
    expect(choice([later, long], text('two', 20, part(1, 3)), always)).toBe('A');
    expect(choice([later, long], text('two', 20, part(1, 3, 8)), always)).toBe('new');
    expect(choice([later, long], text('two', 20, part(1, 2)), always)).toBe('new');
    expect(choice([long], text('two', 25 * 3600, part(1, 3)), always)).toBe('new');
    expect(choice([closeThread(long, at(5))], text('two', 3600, part(1, 3)), always)).toBe('A');
  });

  test('a thread that went to another centre is joined only by texts to the same number', () => {
    const first = text('x', 0, { to: '12110755' });
    const gone = forwardText(threadOf([first]), { code: '440300', name: '深圳', gateway: 'centre' }, at(0), RULES);
    expect(gone.holder).toEqual({ is: 'elsewhere', centre: '440300' });
    expect(choice([gone], text('y', 60))).toBe('new');
    expect(choice([gone], text('y', 60, { to: '12110755' }))).toBe('A');
  });

  test('a thread whose texts were joined into another one is never chosen', () => {
    const other = threadOf([text('z', 5)], RULES, 'B');
    const { joined, into } = right(joinInto(threadOf([text('help', 10)]), other, at(20), RULES));
    expect(choice([joined, into], text('help', 60))).toBe('B');
    expect(choice([joined], text('x', 60))).toBe('new');
  });

  test('a full thread is continued by a new one, but takes parts and repeats of what it has', () => {
    const two = { ...RULES, receivedAtMost: 2 };
    const full = threadOf([text('a', 0), text('b ', 1, part(1, 2))]);
    expect(choice([full], text('c', 60), two)).toBe('new, continues A');
    expect(choice([full], text('c', 60, part(1, 2, 9)), two)).toBe('new, continues A');
    expect(choice([full], text('b2', 60, part(2, 2)), two)).toBe('A');
    expect(choice([full], text('a', 60), two)).toBe('A');
    expect(choice([full], text('#another', 60), two)).toBe('new');
    const next = { ...threadOf([text('c', 60)], RULES, 'B'), links: [{ thread: threadId('A'), relation: 'continues' as const }] };
    expect(choice([next, full], text('d', 90), two)).toBe('B');
  });

  test('a thread of the longest texts is full before it has many: every further text makes all of it be read and saved again', () => {
    const longest = (seconds: number) => text(`${seconds} ${'字'.repeat(17_000)}`, seconds);
    const some = threadOf([longest(0), longest(1), longest(2)]);
    expect(choice([some], text('c', 60))).toBe('A');
    const many = threadOf([0, 1, 2, 3, 4, 5, 6].map(longest));
    expect(choice([many], text('c', 60))).toBe('new, continues A');
    expect(choice([many], longest(3))).toBe('A');
  });

  test('a thread without a number is never joined', () => {
    const nameless = threadOf([text('x', 0, { from: 'BANK' })]);
    expect(nameless.number).toBe(phoneNumber('BANK'));
    expect(choice([nameless], text('x', 1, { from: 'BANK' }))).toBe('new');
  });
});

describe('rules of a centre', () => {
  const complaints = (value: unknown): readonly string[] => {
    const checked = whichRulesOf(value);
    return checked.is === 'wrong' ? checked.complaints : [];
  };

  test('decide: another list, other threads', () => {
    const never = { ...RULES, which: [{ if: ['open', 'says-supplement'], then: 'same' }, { then: 'new' }] satisfies WhichRule[] };
    expect(choice([ours()], text('x', 1), never)).toBe('new');
    expect(choice([ours()], text('#supplement', 90_000), never)).toBe('A');
    expect(choice([closed()], text('#supplement', 60), never)).toBe('new');
    expect(choice([ours()], text('x', 90_000), { ...RULES, which: [{ then: 'same' }] })).toBe('A');
  });

  test('are right as they usually are, and with every condition there is', () => {
    expect(whichRulesOf(USUAL_WHICH)).toEqual({ is: 'right', value: USUAL_WHICH });
    expect(complaints([{ if: [...CONDITIONS], within_minutes: 1, then: 'new' }, { then: 'same' }])).toEqual([]);
  });

  test.each<readonly [unknown, readonly string[]]>([
    ['new', ['the rules for threads must be a list']],
    [null, ['the rules for threads must be a list']],
    [[], ['the rules for threads must be 1 to 100, not 0']],
    [[7], ['rule 1 for threads must have "then", and may have "if" and "within_minutes"']],
    [
      [{ iff: 'closed', then: 'old' }, { then: 'new' }],
      [
        'rule 1 for threads has "iff", which is not known; the nearest is if',
        'rule 1 for threads must say "then: same" or "then: new", not "old"',
      ],
    ],
    [
      [{ if: 'says-suplement', then: 'same' }, {}],
      [
        'rule 1 for threads asks for "says-suplement", which is not known; the nearest is says-supplement',
        'rule 2 for threads must say "then: same" or "then: new", not nothing',
      ],
    ],
    [[{ if: [], then: 'new' }], ['rule 1 for threads has an empty list behind "if"']],
    [[{ if: [3], then: 'new' }], ['rule 1 for threads has 3 behind "if"']],
    [[{ within_minutes: 0, then: 'new' }], ['rule 1 for threads must have within_minutes from 1 to 10080, not 0']],
    [[{ within_minutes: '5', then: 'new' }], ['rule 1 for threads must have within_minutes from 1 to 10080, not "5"']],
    [[{ within_minutes: 10_081, then: 'new' }], ['rule 1 for threads must have within_minutes from 1 to 10080, not 10081']],
    [[{ if: 'open', then: 'same' }], ['the last rule for threads must have no condition, e.g. "then: new"']],
    [[{ then: 'same' }, { if: 'open', then: 'new' }], ['rule 1 for threads fits always: those behind it would never be asked']],
  ])('%j: every complaint', (value, expected) => {
    expect(complaints(value)).toEqual(expected);
  });
});
