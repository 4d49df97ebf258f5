/**
 * The scorer is held to what its head comment says: a score that flatters is worse than none.
 */
import { describe, expect, it } from 'vitest';
import { instant } from '../../src/kernel/instants.ts';
import type { Found, Reading } from '../../src/reading/reading.ts';
import { entriesOf, type CorpusText } from './corpus.ts';
import { isAddress, isLandmark, metresBetween, precisionOf, recallOf, tallyOf, verdictsOf, type Field, type Verdict } from './scoring.ts';

const AT = '2026-05-01T08:00:00+08:00';
const nothing: Reading = {
  language: { tag: 'zh', certainty: 'stated' },
  happened: null,
  place: { address: null, poleCode: null, plateCode: null, point: null, landmark: null },
  matter: null,
  urgency: null,
  hurt: null,
  weapons: [],
  danger: [],
  impaired: null,
  intents: [],
  saysWhat: false,
};
const found = <T>(value: T): Found<T> => ({ said: '…', certainty: 'stated', value });
const entryWith = (expected: object): CorpusText => {
  const [entry] = entriesOf(
    [{ id: 'zh-900', kind: 'fire', at: AT, text: '大成街40号', expect: { language: 'zh', ...expected } }],
    'worked-on',
    'zh',
  );
  if (entry === undefined) throw new Error('no entry');
  return entry;
};
const verdict = (field: Field, expected: object, reading: Partial<Reading>): Verdict | undefined =>
  verdictsOf(entryWith(expected), { ...nothing, ...reading }).find((one) => one.field === field);

describe('a field of one value', () => {
  it('is right where the value is one of those accepted', () => {
    expect(verdict('hurt', { hurt: [2, 'some'] }, { hurt: found(null) })).toMatchObject({ right: 1, missed: 0, extra: 0 });
  });

  it('is missed and extra at once where the value is wrong', () => {
    expect(verdict('hurt', { hurt: 2 }, { hurt: found(3) })).toMatchObject({ right: 0, missed: 1, extra: 1 });
  });

  it('is missed where nothing is found, unless nothing is right too', () => {
    expect(verdict('urgency', { urgency: 'immediate' }, {})).toMatchObject({ right: 0, missed: 1, extra: 0 });
    expect(verdict('urgency', { urgency: ['low', null] }, {})).toMatchObject({ right: 0, missed: 0, extra: 0 });
  });

  it('is extra where nothing was expected', () => {
    expect(verdict('urgency', {}, { urgency: found('low') })).toMatchObject({ right: 0, missed: 0, extra: 1 });
  });
});

describe('a set', () => {
  it('counts each member for itself, and a marked one neither way', () => {
    const danger = [found('hiding' as const), found('attacker-near' as const), found('self-harm' as const)];
    expect(verdict('danger', { danger: ['hiding', 'no-reply', 'attacker-near?'] }, { danger })).toMatchObject({
      right: 1,
      missed: 1,
      extra: 1,
    });
  });

  it('asks of danger also whether there is any sign at all', () => {
    const any = (expected: object, danger: Reading['danger']) => verdict('danger at all', expected, { danger });
    expect(any({ danger: ['hiding'] }, [found('captive')])).toMatchObject({ right: 1, missed: 0 });
    expect(any({ danger: ['hiding'] }, [])).toMatchObject({ right: 0, missed: 1 });
    expect(any({ danger: ['hiding?'] }, [])).toMatchObject({ missed: 0, extra: 0 });
    expect(any({}, [found('captive')])).toMatchObject({ extra: 1 });
  });
});

describe('an address', () => {
  it('is the same with blanks, commas and a word or two around it', () => {
    expect(isAddress('南岗区东大直街 … 118号', '南岗区,东大直街118号门前')).toBe(true);
  });

  it.each([
    ['another number', '南岗区东大直街118号', '南岗区东大直街181号'],
    ['a number missing', '经纬街78号2单元401', '经纬街78号2单元'],
    ['half of it missing', '南岗区东大直街118号', '118号'],
    ['half a sentence with it', '东大直街118号', '我在东大直街118号看见有人打架快来人'],
  ])('is another with %s', (_, expected, had) => {
    expect(isAddress(expected, had)).toBe(false);
  });
});

describe('a landmark', () => {
  it('may have a few words around it, and not a sentence', () => {
    expect(isLandmark('博物馆站', '地铁博物馆站A口')).toBe(true);
    expect(isLandmark('博物馆站', '有人打架在地铁博物馆站A口一个老头被推倒')).toBe(false);
    expect(isLandmark('博物馆站', '博物')).toBe(false);
  });
});

describe('instants and points', () => {
  it('are right within their tolerance and wrong beyond it', () => {
    const happened = { at: '2026-05-01T07:30:00+08:00', within: 5 };
    const at = (minutes: number) => ({ happened: found(instant(Date.parse(happened.at) + minutes * 60_000)) });
    expect(verdict('happened', { happened }, at(5))).toMatchObject({ right: 1 });
    expect(verdict('happened', { happened }, at(6))).toMatchObject({ missed: 1, extra: 1 });
  });

  it('measure metres on the ground', () => {
    expect(metresBetween({ lat: 45, lon: 126 }, { lat: 45.001, lon: 126 })).toBeCloseTo(111.2, 0);
    expect(metresBetween({ lat: 60, lon: 126 }, { lat: 60, lon: 126.001 })).toBeCloseTo(55.6, 0);
    const point = { lat: 45.7, lon: 126.6 };
    const away = (lat: number) => ({ place: { ...nothing.place, point: found({ lat, lon: 126.6, datum: 'WGS-84' as const }) } });
    expect(verdict('point', { place: { point } }, away(45.7004))).toMatchObject({ right: 1 });
    expect(verdict('point', { place: { point } }, away(45.7006))).toMatchObject({ missed: 1, extra: 1 });
  });
});

describe("a matter's code", () => {
  const matter = (code: string) => ({ matter: found({ class: 'criminal', code }) });
  it('counts where its class was accepted with a code, and nowhere else', () => {
    expect(verdict('matter code', { matter: 'criminal/robbery' }, matter('robbery'))).toMatchObject({ right: 1 });
    expect(verdict('matter code', { matter: 'criminal/robbery' }, matter('theft'))).toMatchObject({ missed: 1, extra: 1 });
    expect(verdict('matter code', { matter: ['criminal/robbery', 'criminal'] }, matter('theft'))).toBeUndefined();
    expect(verdict('matter code', { matter: 'public-order/fight' }, matter('theft'))).toBeUndefined();
  });
});

describe('precision and recall', () => {
  it('are shares of what was found and of what was expected', () => {
    const tally = tallyOf([
      { field: 'hurt', right: 3, missed: 1, extra: 0, expected: '', found: '' },
      { field: 'hurt', right: 0, missed: 2, extra: 1, expected: '', found: '' },
    ]);
    expect(precisionOf(tally)).toBe(0.75);
    expect(recallOf(tally)).toBe(0.5);
    expect(precisionOf({ right: 0, missed: 1, extra: 0 })).toBeNull();
    expect(recallOf({ right: 0, missed: 0, extra: 1 })).toBeNull();
  });
});
