/** Parts put together: in any order, repeated, missing, nonsensical, under a reference used again; and the same text once more. */
import iconv from 'iconv-lite';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { textId } from '../../src/kernel/ids.ts';
import { instant } from '../../src/kernel/instants.ts';
import { takeIn, type TakenIn, type TakingInRules } from '../../src/sms/received.ts';
import { segmentsOf } from '../../src/sms/segments.ts';
import type { Coding, KeptText, PartHeader } from '../../src/sms/text.ts';
import type { Received } from '../../src/sms/thread.ts';

const MINUTE = 60_000;
const RULES: TakingInRules = { partsWithinMs: 60 * MINUTE, repeatWithinMs: 10 * MINUTE };
/** A little before midnight in Harbin. */
const BEGUN = Date.parse('2026-03-01T15:59:50Z');

let born = 0;
interface Came {
  readonly octets: Uint8Array;
  readonly coding?: Coding;
  readonly part?: PartHeader | null;
  readonly after?: number;
}
const came = ({ octets, coding = 'ucs2', part = null, after = 0 }: Came): KeptText => ({
  id: textId(`01JAB${String((born += 1)).padStart(21, '0')}`),
  gateway: 'one',
  carrierId: null,
  from: '13800000001',
  to: '121100451',
  coding,
  octets: Buffer.from(octets).toString('base64'),
  part,
  sentAt: null,
  receivedAt: instant(BEGUN + after),
});
const part = (number: number, total: number, reference = 7, width: 8 | 16 = 8): PartHeader => ({ reference, width, total, number });
const ucs2 = (text: string): Uint8Array => iconv.encode(text, 'utf16-be');
const takenIn = (texts: readonly KeptText[], rules = RULES): readonly TakenIn[] => {
  const steps: TakenIn[] = [];
  for (const text of texts) steps.push(takeIn(steps.at(-1)?.list ?? [], text, rules));
  return steps;
};
const listOf = (...texts: readonly KeptText[]): readonly Received[] => takenIn(texts).at(-1)?.list ?? [];
const shown = (...texts: readonly KeptText[]): readonly string[] => listOf(...texts).map(({ text }) => text);
const ways = (...texts: readonly KeptText[]): readonly string[] => takenIn(texts).map(({ is, at }) => `${is} ${at}`);

describe('a text without parts', () => {
  it('is there as it came', () => {
    const text = came({ octets: ucs2('救命') });
    expect(takeIn([], text, RULES)).toEqual({
      list: [
        {
          id: text.id,
          receivedAt: text.receivedAt,
          changedAt: text.receivedAt,
          long: null,
          parts: [{ id: text.id, number: 1, octets: text.octets }],
          coding: 'ucs2',
          text: '救命',
          isComplete: true,
          repeats: 0,
          repeatedAt: null,
        },
      ],
      is: 'new',
      at: 0,
    });
  });
  it('is counted where the same octets come again, and the time runs from the last of them', () => {
    const again = (after: number): KeptText => came({ octets: ucs2('救命'), after: after * MINUTE });
    const texts = [again(0), came({ octets: ucs2('快来'), after: MINUTE }), again(9), again(19), again(29.1)];
    expect(ways(...texts)).toEqual(['new 0', 'new 1', 'repeat 0', 'repeat 0', 'new 2']);
    expect(listOf(...texts)[0]).toMatchObject({ repeats: 2, repeatedAt: BEGUN + 19 * MINUTE, changedAt: BEGUN });
  });
  it('is another one in another coding', () => {
    expect(ways(came({ octets: Buffer.from('AB'), coding: 'ascii' }), came({ octets: Buffer.from('AB'), coding: 'gsm7' }))).toEqual([
      'new 0',
      'new 1',
    ]);
  });
  it('may be empty, or no text at all', () => {
    expect(listOf(came({ octets: new Uint8Array() }), came({ octets: Buffer.from('MMS'), coding: 'binary' }))).toMatchObject([
      { text: '', coding: 'ucs2', isComplete: true },
      { text: '', coding: 'binary', isComplete: true },
    ]);
  });
  it('handed in a second time under its own id changes nothing', () => {
    const text = came({ octets: ucs2('救命') });
    const { list } = takeIn([], text, RULES);
    expect(takeIn(list, text, RULES)).toEqual({ list, is: 'repeat', at: 0 });
    expect(takeIn(list, text, RULES).list).toBe(list);
  });
});

describe('a long text', () => {
  const one = came({ octets: ucs2('我在中央'), part: part(1, 5) });
  const three = came({ octets: ucs2('灯杆'), part: part(3, 5), after: 20_000 });
  const four = came({ octets: ucs2('1203045'), part: part(4, 5), after: 30_000 });
  const two = came({ octets: ucs2('大街'), part: part(2, 5), after: 40_000 });
  const five = came({ octets: ucs2('有人打架'), part: part(5, 5), after: 50_000 });

  it('is shown at once with its gaps marked, and whole when the rest has come', () => {
    expect(takenIn([three, one, four, two, five]).map(({ list }) => list.map(({ text }) => text))).toEqual([
      ['[…1-2/5…]灯杆[…4-5/5…]'],
      ['我在中央[…2/5…]灯杆[…4-5/5…]'],
      ['我在中央[…2/5…]灯杆1203045[…5/5…]'],
      ['我在中央大街灯杆1203045[…5/5…]'],
      ['我在中央大街灯杆1203045有人打架'],
    ]);
  });
  it('has the name and the time of the part that came first, also across midnight', () => {
    const list = listOf(three, one, five);
    expect(list).toMatchObject([
      {
        id: three.id,
        receivedAt: three.receivedAt,
        changedAt: five.receivedAt,
        long: { reference: 7, width: 8, total: 5 },
        isComplete: false,
      },
    ]);
    expect(list[0]?.parts.map(({ id, number }) => `${number} ${id}`)).toEqual([`1 ${one.id}`, `3 ${three.id}`, `5 ${five.id}`]);
    expect(listOf(one, two, three, four, five)).toMatchObject([{ isComplete: true }]);
  });
  it('counts the parts that come again', () => {
    const again = { ...one, id: textId('again'), receivedAt: instant(BEGUN + 59 * MINUTE) };
    expect(ways(one, three, again)).toEqual(['new 0', 'part 0', 'repeat 0']);
    expect(listOf(one, three, again)).toMatchObject([{ repeats: 1, repeatedAt: again.receivedAt, changedAt: three.receivedAt }]);
  });
  it('knows the repeats of everything from an hour ago where the rule has the hour', () => {
    const rules = { partsWithinMs: 5 * MINUTE, repeatWithinMs: 70 * MINUTE };
    const first = [one, two, came({ octets: ucs2('快') })];
    const later = first.map((text) => ({ ...text, id: textId(`${text.id}x`), receivedAt: instant(text.receivedAt + 60 * MINUTE) }));
    expect(takenIn([...first, ...later], rules).map(({ is }) => is)).toEqual(['new', 'part', 'new', 'repeat', 'repeat', 'repeat']);
  });
  it('is another one by the width of the reference, by the reference and by the total', () => {
    const texts = [part(1, 2), part(2, 2, 7, 16), part(2, 2, 8), part(2, 3)].map((header) => came({ octets: ucs2('甲'), part: header }));
    expect(ways(...texts)).toEqual(['new 0', 'new 1', 'new 2', 'new 3']);
  });
  it('is another one where the place is taken by other octets, and takes what follows', () => {
    const texts = ['甲', '乙', '丙', '丁'].map((letter, n) => came({ octets: ucs2(letter), part: part((n % 2) + 1, 2), after: n }));
    expect(ways(...texts)).toEqual(['new 0', 'part 0', 'new 1', 'part 1']);
    expect(shown(...texts)).toEqual(['甲乙', '丙丁']);
  });
  it('that lost a part does not take the part of a later one', () => {
    const texts = [
      came({ octets: ucs2('甲'), part: part(1, 2) }),
      came({ octets: ucs2('丙'), part: part(1, 2), after: 5 }),
      came({ octets: ucs2('丁'), part: part(2, 2), after: 6 }),
    ];
    expect(shown(...texts)).toEqual(['甲[…2/2…]', '丙丁']);
    expect(ways(...texts, came({ octets: ucs2('甲'), part: part(1, 2), after: 7 })).at(-1)).toBe('repeat 0');
    expect(shown(...texts.map((text) => ({ ...text, receivedAt: instant(BEGUN) })))).toEqual(['甲[…2/2…]', '丙丁']);
  });
  it('waits for its parts as long as the rule says, from the last that came', () => {
    const late = (after: number, number: number): KeptText => came({ octets: ucs2(`${number}`), part: part(number, 4), after });
    expect(ways(late(0, 1), late(60 * MINUTE, 2), late(120 * MINUTE, 3), late(180 * MINUTE + 1, 4))).toEqual([
      'new 0',
      'part 0',
      'part 0',
      'new 1',
    ]);
  });
  it('may have 255 parts, each of them alone at first', () => {
    const texts = Array.from({ length: 255 }, (_, n) => came({ octets: ucs2(`${n},`), part: part(255 - n, 255) }));
    const steps = takenIn(texts);
    expect(steps[0]?.list[0]?.text).toBe('[…1-254/255…]0,');
    expect(steps.at(-1)?.list).toMatchObject([{ isComplete: true, text: Array.from({ length: 255 }, (_, n) => `${254 - n},`).join('') }]);
  });
  it('is never dropped for a header that cannot be', () => {
    const headers = [part(1, 0), part(0, 2), part(3, 2), part(1, 1), part(1, 256), part(1.5, 3), part(Number.NaN, 3), part(-1, 3)];
    const texts = headers.map((header, n) => came({ octets: ucs2(`救${n}`), part: header }));
    expect(listOf(...texts)).toMatchObject(texts.map((_, n) => ({ text: `救${n}`, long: null, isComplete: true, parts: [{ number: 1 }] })));
  });
});

describe('a letter cut in two between parts', () => {
  it.each([
    ['ucs2', 'utf16-be'],
    ['gb18030', 'gb18030'],
    ['utf8', 'utf8'],
  ] as const)('is whole when both have come, and no garbage before: %s', (coding, oracle) => {
    const octets = iconv.encode('家暴😀救我', oracle);
    const cut = iconv.encode('家暴', oracle).length + 2;
    const [one, two] = [
      came({ octets: octets.subarray(0, cut), coding, part: part(1, 2) }),
      came({ octets: octets.subarray(cut), coding, part: part(2, 2) }),
    ];
    expect(shown(one)).toEqual(['家暴[…2/2…]']);
    expect(shown(two)).toEqual(['[…1/2…]救我']);
    expect(shown(two, one)).toEqual(['家暴😀救我']);
  });
  it('is not put together across a gap', () => {
    const [high, low] = [Uint8Array.of(0xd8, 0x3d), Uint8Array.of(0xde, 0x00)];
    const texts = [came({ octets: high, part: part(1, 3) }), came({ octets: low, part: part(3, 3) })];
    expect(shown(...texts)).toEqual(['[…2/3…]']);
    expect(shown(...texts, came({ octets: ucs2('甲'), part: part(2, 3) }))).toEqual(['\ufffd甲\ufffd']);
    expect(shown(came({ octets: ucs2('甲'), part: part(1, 2) }), came({ octets: high, part: part(2, 2) }))).toEqual(['甲\ufffd']);
  });
});

describe('parts in different codings', () => {
  const ascii = came({ octets: Buffer.from('Help'), coding: 'ascii', part: part(1, 3) });
  const binary = came({ octets: Buffer.from('xx'), coding: 'binary', part: part(2, 3) });
  const hanzi = came({ octets: iconv.encode('救命', 'gb18030'), coding: 'gb18030', part: part(3, 3) });
  it('are each spelled by their own', () => {
    expect(listOf(hanzi, ascii)).toMatchObject([{ text: 'Help[…2/3…]救命', coding: 'gb18030', parts: [{ coding: 'ascii' }, {}] }]);
    expect(listOf(hanzi, ascii)[0]?.parts[1]).not.toHaveProperty('coding');
    expect(ways(hanzi, ascii, { ...ascii, id: textId('more') }, { ...ascii, id: textId('other'), coding: 'latin1' })).toEqual([
      'new 0',
      'part 0',
      'repeat 0',
      'new 1',
    ]);
  });
  it('have the coding of the one that came first', () => {
    const latin1 = came({ octets: Buffer.from('é', 'latin1'), coding: 'latin1', part: part(2, 3) });
    expect(listOf(hanzi, ascii, latin1)).toMatchObject([
      { text: 'Helpé救命', coding: 'gb18030', parts: [{ coding: 'ascii' }, { coding: 'latin1' }, {}] },
    ]);
    expect(listOf(ascii, hanzi, latin1)).toMatchObject([{ text: 'Helpé救命', coding: 'ascii' }]);
  });
  it('are binary until one is a text', () => {
    expect(listOf(binary)).toMatchObject([{ coding: 'binary', text: '' }]);
    expect(listOf(binary, ascii, hanzi)).toMatchObject([{ coding: 'ascii', text: 'Help救命', isComplete: true }]);
    expect(listOf(binary, ascii, hanzi)[0]?.parts.map(({ coding }) => coding)).toEqual([undefined, 'binary', 'gb18030']);
  });
});

describe('whatever comes', () => {
  const letter = fc.constantFrom('a', '€', '[', '警', '😀', 'ж', '#', '7', '\n', '👮🏽‍♀️', '한');
  it('long texts in any order, with repeats, are the texts that were sent', () => {
    const texts = fc.uniqueArray(fc.string({ unit: letter, minLength: 1, maxLength: 300 }), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(texts, fc.infiniteStream(fc.nat()), (sent, chance) => {
        const draw = (most: number): number => (chance.next().value ?? 0) % most;
        const parts = sent.flatMap((text, n) => segmentsOf(text, n).map((segment) => ({ ...segment, n })));
        const all = [...parts, ...parts.filter(() => draw(3) === 0)];
        for (let n = all.length - 1; n > 0; n--) {
          const other = draw(n + 1);
          [all[n], all[other]] = [all[other] as (typeof all)[0], all[n] as (typeof all)[0]];
        }
        const list = listOf(...all.map((segment, after) => came({ ...segment, after })));
        expect(list.map(({ text }) => text).toSorted()).toEqual(sent.toSorted());
        expect(list.every(({ isComplete }) => isComplete)).toBe(true);
        expect(list.reduce((sum, { repeats }) => sum + repeats, 0)).toBe(all.length - parts.length);
        expect(JSON.parse(JSON.stringify(list))).toEqual(list);
      }),
    );
  });
  it('every octet that came is kept in exactly one place, or is a repeat', () => {
    const texts = fc.array(
      fc.record({
        octets: fc.uint8Array({ maxLength: 3 }),
        coding: fc.constantFrom<Coding>('ucs2', 'gsm7', 'binary', 'gb18030'),
        part: fc.option(fc.record({ reference: fc.nat(1), width: fc.constant(8 as const), total: fc.nat(4), number: fc.nat(4) })),
        after: fc.nat(200 * MINUTE),
      }),
      { maxLength: 40 },
    );
    fc.assert(
      fc.property(texts, (all) => {
        const kept = all.map(came);
        const steps = takenIn(kept);
        for (const [n, { list, is, at }] of steps.entries()) {
          const before = steps[n - 1]?.list ?? [];
          expect(list).toHaveLength(before.length + (is === 'new' ? 1 : 0));
          expect(list[at]?.parts.some(({ octets }) => octets === kept[n]?.octets)).toBe(true);
          expect(list.filter((one, m) => one !== before[m])).toEqual([list[at]]);
        }
        const list = steps.at(-1)?.list ?? [];
        expect(list.reduce((sum, { parts, repeats }) => sum + parts.length + repeats, 0)).toBe(kept.length);
      }),
    );
  });
  it('takes well under a millisecond among 200 earlier ones', () => {
    let list: readonly Received[] = [];
    for (let n = 0; n < 100; n++) {
      list = takeIn(list, came({ octets: ucs2(`第${n}条${'警'.repeat(60)}`), after: n }), RULES).list;
      list = takeIn(list, came({ octets: ucs2('警'.repeat(67)), part: part((n % 3) + 1, 3, n % 256), after: n }), RULES).list;
    }
    expect(list).toHaveLength(200);
    const texts = Array.from({ length: 500 }, (_, n) =>
      came({ octets: ucs2(`新${n}`), part: n % 2 === 0 ? null : part(2, 3, n % 100), after: n }),
    );
    const begun = performance.now();
    for (const text of texts) takeIn(list, text, RULES);
    const each = (performance.now() - begun) / texts.length;
    expect(each).toBeLessThan(1);
  });
});
