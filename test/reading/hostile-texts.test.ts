/** Whatever a stranger sends: nothing is thrown, nothing takes long, and what is found stands in the text. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../src/kernel/instants.ts';
import { languageOf } from '../../src/reading/language.ts';
import { placeIn } from '../../src/reading/place.ts';
import type { PlaceForms } from '../../src/reading/place.ts';
import { happenedIn } from '../../src/reading/time.ts';

const FORMS: PlaceForms = { poleDigits: [7, 5, 4], platePattern: String.raw`\d{6}[A-Z]\d{6}`, plainDatum: 'gcj-02' };
const AT = instant(Date.parse('2026-11-21T18:00:00+08:00'));
const DAY = 86_400_000;

/** Pieces that the rules look at, and much that they do not expect. */
const PIECES = [
  ...'一二三十两半零幺〇点時时分刻号號路街区市县镇村楼层室前差半周月日年天昨今晚早刚正在的と和与の前後後駅站万'.split(''),
  ...[
    '昨天',
    '昨晚',
    '下午',
    '十点半',
    '小时前',
    '分钟前',
    '一刻',
    '中山路',
    '110号',
    '路灯',
    '编号',
    '门牌',
    '坐标',
    '北纬',
    '东经',
    '火车站',
    '对面',
  ],
  ...[
    'at ',
    'half past ',
    'ten ',
    'pm ',
    'minutes ago ',
    'yesterday ',
    'last night ',
    'Road ',
    'Zhongshan ',
    'near ',
    'the ',
    'station ',
    'pole ',
    'room ',
    'Nov ',
  ],
  ...[
    'вчера ',
    'в ',
    'половине ',
    'десятого ',
    'часов ',
    'назад ',
    'минут ',
    'ул. ',
    'Ленина ',
    'столб ',
    'у ',
    'школы ',
    'Центральной ',
    'улице ',
  ],
  ...[
    '昨日',
    '午後',
    'さっき',
    '10分前',
    '公園',
    'の近く',
    '어제 ',
    '오후 ',
    '열시 ',
    '반 ',
    '전 ',
    '강남구 ',
    '테헤란로 ',
    '역 ',
    '가로등 ',
  ],
  ...[
    '3021456',
    '13812345678',
    '45.75',
    '126.63',
    '45°45\'12"',
    'N',
    'E',
    '20:15',
    '2026-11-20',
    '31',
    '99',
    '0',
    '-',
    '.',
    ',',
    ':',
    ' ',
    '\n',
    '\t',
    '　',
  ],
  ...[
    'https://uri.amap.com/marker?position=126.63,45.75',
    'geo:45.75,126.63',
    'https://maps.google.com/?q=',
    'https://',
    '%',
    '%zz',
    '(',
    '«',
    '"',
    "'",
    '\\',
  ],
  ...['😀', '\ud800', '\udc00', '\u202e', '\u0000', 'İ', 'ß', 'ﬁ', '１２', '：', '。'],
];
const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.array(fc.constantFrom(...PIECES), { maxLength: 25 }).map((pieces) => pieces.join('')),
);
const anyInstant = fc.integer({ min: Date.parse('1990-01-01'), max: Date.parse('2090-01-01') }).map(instant);

it('of any text nothing is thrown, and every finding stands in it and can be meant', () => {
  fc.assert(
    fc.property(anyText, anyInstant, fc.constantFrom('Asia/Shanghai', 'America/St_Johns', 'Europe/Berlin', 'UTC'), (text, at, zone) => {
      expect(['zh', 'en', 'ru', 'ja', 'ko', 'und']).toContain(languageOf(text).tag);
      const happened = happenedIn(text, at, zone);
      if (happened !== null) {
        expect(happened.said).not.toBe('');
        expect(text).toContain(happened.said);
        expect(happened.value).toBeLessThanOrEqual(at + DAY);
        expect(happened.value).toBeGreaterThan(at - 21 * 365 * DAY);
      }
      for (const found of Object.values(placeIn(text, FORMS))) {
        if (found === null) continue;
        expect(found.said).not.toBe('');
        expect(text).toContain(found.said);
        if (typeof found.value === 'string') continue;
        expect(Math.abs(found.value.lat)).toBeLessThanOrEqual(90);
        expect(Math.abs(found.value.lon)).toBeLessThanOrEqual(180);
      }
    }),
    { numRuns: 3000 },
  );
});

describe('20,000 letters of anything are read at once', () => {
  const LONG = 20_000;
  /** Many times what it takes here; a pattern that goes astray takes minutes. */
  const ENOUGH_MS = 1500;
  const units = [
    ...new Set([
      ...PIECES,
      'a',
      '1 ',
      '1-',
      '十',
      '中山路',
      '中山',
      '昨天 ',
      '3号',
      '45.1,',
      'https://a.amap.com/?q=',
      'near ',
      'у школы ',
      'в 5 ',
      '기 ',
      'q',
      '幺 ',
      'at 1 ',
    ]),
  ];
  it.each(units.map((unit) => [JSON.stringify(unit), unit] as const))('%s over and over', (_, unit) => {
    const text = unit.repeat(Math.ceil(LONG / unit.length)).slice(0, LONG);
    const begun = performance.now();
    languageOf(text);
    happenedIn(text, AT, 'Asia/Shanghai');
    placeIn(text, FORMS);
    expect(performance.now() - begun).toBeLessThan(ENOUGH_MS);
  });

  it('what stands behind them is not read, and nothing breaks', () => {
    const text = `${'好'.repeat(LONG)}中山路110号 昨天下午3点`;
    expect(placeIn(text, FORMS).address).toBeNull();
    expect(happenedIn(text, AT, 'Asia/Shanghai')).toBeNull();
  });
});
