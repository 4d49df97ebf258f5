/** The roster as it is written: what is understood, and every complaint told in one go. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { isOnDuty } from '../../src/interpreters/duty.ts';
import { csvRows, newRoster, readRoster, type RosterEntry } from '../../src/interpreters/roster.ts';
import { callId } from '../../src/kernel/ids.ts';
import { HARBIN, harbin, volunteer } from './volunteers.ts';

const KNOWN = { languages: ['zh', 'en', 'ru', 'ja', 'ko'] };
const row = (more: object = {}): object => ({
  id: 'v01',
  name: '志愿者 01',
  languages: 'ru native',
  addresses: '13800000001',
  duty: 'mon-fri 09:00-18:00',
  ...more,
});
const complaints = (...rows: readonly unknown[]): readonly string[] => {
  const read = readRoster(rows, KNOWN);
  return read.is === 'wrong' ? read.complaints : [];
};
const entry = (more: object = {}): RosterEntry => {
  const read = readRoster([row(more)], KNOWN);
  if (read.is === 'wrong') throw new Error(read.complaints.join('\n'));
  return read.entries[0] as RosterEntry;
};

describe('a right row', () => {
  it('is read whole', () => {
    const full = {
      languages: 'ru native, EN basic',
      speaks: 'ru',
      addresses: 'sip:volunteer-01, tel:0451-8888 0000；+7 912 345-67-89',
      duty: 'mon-tue 09:00-18:00, sat 20:00-02:00',
      exceptions: '2026-10-01 off, 2026-10-02 14:00-16:00, 2026-10-02 10:00-12:00',
      reserve: 'yes',
      available: false,
    };
    expect(entry(full)).toEqual({
      id: 'v01',
      name: '志愿者 01',
      languages: [
        { language: 'ru', level: 'native' },
        { language: 'en', level: 'basic' },
      ],
      speaks: 'ru',
      addresses: ['sip:volunteer-01', 'tel:+8645188880000', 'tel:+79123456789'],
      duty: [
        { weekday: 1, fromMinute: 540, toMinute: 1080 },
        { weekday: 2, fromMinute: 540, toMinute: 1080 },
        { weekday: 6, fromMinute: 1200, toMinute: 1560 },
      ],
      exceptions: [
        { date: '2026-10-01', hours: [] },
        {
          date: '2026-10-02',
          hours: [
            { fromMinute: 600, toMinute: 720 },
            { fromMinute: 840, toMinute: 960 },
          ],
        },
      ],
      isReserve: true,
      isAvailable: false,
    });
  });

  it('may leave out what has a usual value, and may have lists for commas', () => {
    expect(entry({ languages: ['ru native', 'ko basic'], exceptions: '', speaks: null })).toMatchObject({
      speaks: 'zh',
      exceptions: [],
      isReserve: false,
      isAvailable: true,
      languages: [{ language: 'ru' }, { language: 'ko' }],
    });
  });

  it('may name days over the weekend, whole days, and hours that touch', () => {
    const { duty } = entry({ duty: 'sat-mon 00:00-24:00, Tuesday 00:00-9:00, tue 09:00-10:00' });
    expect(duty.map(({ weekday, fromMinute, toMinute }) => [weekday, fromMinute, toMinute])).toEqual([
      [6, 0, 1440],
      [7, 0, 1440],
      [1, 0, 1440],
      [2, 0, 540],
      [2, 540, 600],
    ]);
  });

  it('with any hours is on duty in them and at no other minute', () => {
    const time = fc.integer({ min: 0, max: 1439 });
    const text = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
    fc.assert(
      fc.property(time, time, time, (from, to, at) => {
        fc.pre(from !== to);
        const read = volunteer('v', entry({ duty: `mon-sun ${text(from)}-${text(to)}`, reserve: 'yes' }));
        const isIn = from < to ? from <= at && at < to : at >= from || at < to;
        expect(isOnDuty(read, harbin(`2026-03-04 ${text(at)}`), HARBIN)).toBe(isIn);
      }),
    );
  });
});

describe('the complaints', () => {
  it.each([
    ['an id', { id: 'v 01' }, 'row 1, id: must be 1 to 32 letters, digits, - or _, not "v 01"'],
    ['an id without quotes', { id: 1 }, 'row 1, id: must be 1 to 32 letters, digits, - or _, not the number 1, which needs quotes here'],
    ['no name', { name: undefined }, 'row 1 (v01), name: is missing'],
    ['a name of two lines', { name: 'a\nb' }, 'row 1 (v01), name: must be a text of one line, not "a\\nb"'],
    ['no language', { languages: ' , ' }, 'row 1 (v01), languages: is missing'],
    ['an unknown language', { languages: 'rus native' }, 'row 1 (v01), languages: "rus" is not spoken here; the nearest is ru'],
    ['an unknown level', { languages: 'ru nativ' }, 'row 1 (v01), languages: "nativ" is no level; the nearest is native'],
    [
      'no level',
      { languages: 'ru' },
      'row 1 (v01), languages: "ru" is not written like "ru fluent": a language and how well, native, fluent, basic',
    ],
    ['a language twice', { languages: 'ru native, ru basic' }, 'row 1 (v01), languages: ru is there twice'],
    ['an unknown tongue', { speaks: 'jp' }, 'row 1 (v01), speaks: "jp" is not spoken here; the nearest is ja'],
    ['no address', { addresses: [] }, 'row 1 (v01), addresses: is missing'],
    ['a short number', { addresses: '110' }, 'row 1 (v01), addresses: "110" is no number that can be rung, and no sip:endpoint'],
    [
      'a number with a digit missing',
      { addresses: '1380000000' },
      'row 1 (v01), addresses: "138*****00" is no number that can be rung, and no sip:endpoint',
    ],
    [
      'a number of no country',
      { addresses: '+999 123 456 78' },
      'row 1 (v01), addresses: "+999******78" is no number that can be rung, and no sip:endpoint',
    ],
    [
      'a number in a sentence',
      { addresses: 'ring 13800000001' },
      'row 1 (v01), addresses: "ring 138******01" is no number that can be rung, and no sip:endpoint',
    ],
    [
      'a number without quotes',
      { addresses: 13800000001 },
      'row 1 (v01), addresses: must be a text or a list of texts, not the number 138******01, which needs quotes here',
    ],
    ['an endpoint that is none', { addresses: 'sip:a@b' }, 'row 1 (v01), addresses: "sip:a@b" names no endpoint (letters, digits, - or _)'],
    ['an address twice', { addresses: '13800000001, +86 138-0000-0001' }, 'row 1 (v01), addresses: tel:+861********01 is there twice'],
    ['overlapping duty', { duty: 'mon 09:00-18:00, mon 17:00-20:00' }, 'row 1 (v01), duty: mon 09:00-18:00 and mon 17:00-20:00 overlap'],
    [
      'a night in a morning',
      { duty: 'mon 01:00-03:00, sun 20:00-02:00' },
      'row 1 (v01), duty: sun 20:00-02:00 and mon 01:00-03:00 overlap',
    ],
    ['an unknown day', { duty: 'thrusday 09:00-10:00' }, 'row 1 (v01), duty: "thrusday" is no day; the nearest is thu'],
    ['no days', { duty: '09:00-18:00' }, 'row 1 (v01), duty: "09:00-18:00" is not written like "mon-fri 09:00-18:00"'],
    ['hours that are none', { duty: 'mon 9-18' }, 'row 1 (v01), duty: "9-18" is not written like "09:00-18:00"'],
    ['an hour too late', { duty: 'mon 09:00-24:01' }, 'row 1 (v01), duty: "09:00-24:01" is no time of day (00:00 to 24:00)'],
    ['a minute too many', { duty: 'mon 09:60-10:00' }, 'row 1 (v01), duty: "09:60-10:00" is no time of day (00:00 to 24:00)'],
    [
      'hours of nothing',
      { duty: 'mon 09:00-09:00' },
      'row 1 (v01), duty: "09:00-09:00" is nothing or a whole day; a whole day is 00:00-24:00',
    ],
    ['a date that is none', { exceptions: '2026-02-29 off' }, 'row 1 (v01), exceptions: "2026-02-29" is no date (YYYY-MM-DD)'],
    ['a date the other way', { exceptions: '01.10.2026 off' }, 'row 1 (v01), exceptions: "01.10.2026" is no date (YYYY-MM-DD)'],
    [
      'a date alone',
      { exceptions: '2026-10-01' },
      'row 1 (v01), exceptions: "2026-10-01" is not written like "2026-10-01 off" or "2026-10-01 10:00-12:00"',
    ],
    [
      'a day off with hours',
      { exceptions: '2026-10-01 off, 2026-10-01 10:00-12:00' },
      'row 1 (v01), exceptions: 2026-10-01 is off and has hours as well: which one is meant?',
    ],
    [
      'an exception that overlaps',
      { exceptions: '2026-10-01 11:00-13:00, 2026-10-01 10:00-12:00' },
      'row 1 (v01), exceptions: 2026-10-01: 10:00-12:00 and 11:00-13:00 overlap',
    ],
    ['a flag that is none', { reserve: 'maybe' }, 'row 1 (v01), reserve: must be yes or no, not "maybe"'],
    ['an unknown key', { adresses: '1' }, 'row 1 (v01), "adresses": is not a field; the nearest is addresses'],
    ['no hours at all', { duty: '' }, 'row 1 (v01), duty: no hours, and no reserve: would never be rung; set reserve, or available to no'],
  ])('name row and field: %s', (_name, more, complaint) => {
    expect(complaints(row(more))).toEqual([complaint]);
  });

  it('are all told at once, and nothing is taken in', () => {
    const read = readRoster(
      [
        row(),
        row({ id: 'v02', name: '', duty: 'mon 9', addresses: '1' }),
        'rubbish',
        row({ addresses: '138 0000 0003' }),
        row({ id: 'v05' }),
      ],
      KNOWN,
    );
    expect(read).toEqual({
      is: 'wrong',
      complaints: [
        'row 2 (v02), name: is missing',
        'row 2 (v02), addresses: "1" is no number that can be rung, and no sip:endpoint',
        'row 2 (v02), duty: "9" is not written like "09:00-18:00"',
        'row 3, must be a group of fields',
        "row 4 (v01), id: v01 is row 1's already",
        "row 5 (v05), addresses: tel:+861********01 is row 1's already",
      ],
    });
  });

  it('are told of rubbish instead of a list, of too long a list, and of nothing in an empty one', () => {
    expect(readRoster({ volunteers: [] }, KNOWN)).toEqual({ is: 'wrong', complaints: ['the roster must be a list of volunteers'] });
    const long = Array.from({ length: 5001 }, () => row());
    expect(readRoster(long, KNOWN)).toEqual({ is: 'wrong', complaints: ['the roster has 5001 rows; 5000 are the most'] });
    expect(readRoster([], KNOWN)).toEqual({ is: 'right', entries: [] });
  });

  it('are sentences whatever the rows hold: nothing is thrown', () => {
    const rubbish = fc.array(fc.oneof(fc.anything(), fc.record(Object.fromEntries(Object.keys(row()).map((key) => [key, fc.anything()])))));
    expect(complaints({})).not.toEqual([]);
    fc.assert(
      fc.property(rubbish, (rows) => {
        const read = readRoster(rows, KNOWN);
        const told = read.is === 'wrong' ? read.complaints : [];
        expect(told.filter((complaint) => !complaint.startsWith('row '))).toEqual([]);
      }),
    );
  });
});

describe('5000 rows', () => {
  it('are read within a second or so', () => {
    const rows = Array.from({ length: 5000 }, (_, n) => row({ id: `v${n}`, addresses: `1380000${String(n).padStart(4, '0')}` }));
    const before = performance.now();
    expect(readRoster(rows, KNOWN).is).toBe('right');
    expect(performance.now() - before).toBeLessThan(5000);
  });
});

describe('a CSV', () => {
  it('says what the same rows in YAML say', () => {
    const text =
      '\uFEFFid,name,languages,addresses,duty,reserve\r\n' +
      'v01,"志愿者 ""01""","ru native, en basic",13800000001,"mon-fri 09:00-18:00, sat 20:00-02:00",\r\n' +
      '\r\n' +
      'v02, 志愿者 02 ,ru fluent,"sip:volunteer-02\nsip:volunteer-02b",,yes\r\n';
    expect(csvRows(text)).toEqual([
      {
        id: 'v01',
        name: '志愿者 "01"',
        languages: 'ru native, en basic',
        addresses: '13800000001',
        duty: 'mon-fri 09:00-18:00, sat 20:00-02:00',
      },
      { id: 'v02', name: '志愿者 02', languages: 'ru fluent', addresses: 'sip:volunteer-02\nsip:volunteer-02b', reserve: 'yes' },
    ]);
    const read = readRoster(csvRows(text), KNOWN);
    expect(read).toMatchObject({ is: 'right', entries: [{ id: 'v01' }, { addresses: ['sip:volunteer-02', 'sip:volunteer-02b'] }] });
  });

  it('gives back every cell that was written by the rules', () => {
    const cell = fc.string({ unit: fc.constantFrom('a', '志', '"', ',', '\n', '\r\n', ' ', ';') }).map((text) => `x${text}x`);
    const written = (text: string): string => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    fc.assert(
      fc.property(fc.array(fc.tuple(cell, cell, cell)), fc.constantFrom('\n', '\r\n'), fc.boolean(), (rows, end, endsWithOne) => {
        const text = ['id,name,duty', ...rows.map((cells) => cells.map(written).join(','))].join(end) + (endsWithOne ? end : '');
        expect(csvRows(text)).toEqual(rows.map(([id, name, duty]) => ({ id, name, duty })));
      }),
    );
  });

  it.each([
    ['an open quote', 'id,name\nv01,"open\n', ['line 2: a quote is left open, or stands inside a cell that does not begin with one']],
    ['a quote inside', 'id,name\nv01,o"pen\n', ['line 2: a quote is left open, or stands inside a cell that does not begin with one']],
    ['a column twice or without a name', 'id,,id\n', ['column 2 has no name', 'the column "id" is there twice']],
    ['more cells than columns', 'id\n"v\n1"\nv2,3\nv4,,\n', ['line 4: 2 cells under 1 columns', 'line 5: 3 cells under 1 columns']],
    ['nothing', '', ['there is no line that names the columns']],
  ])('with %s is refused with every complaint', (_name, text, details) => {
    expect(() => csvRows(text)).toThrow(expect.objectContaining({ kind: 'invalid', details }));
  });
});

describe('the example in config/', () => {
  it('is right, and names nobody', () => {
    const text = readFileSync(resolve(import.meta.dirname, '../../config/volunteers.example.yaml'), 'utf8');
    const read = readRoster((parse(text) as { readonly volunteers: unknown }).volunteers, KNOWN);
    expect(read).toMatchObject({ is: 'right' });
    const entries = read.is === 'right' ? read.entries : [];
    expect(entries.map(({ name }) => name)).toEqual(entries.map((_, n) => `志愿者 0${n + 1}`));
    expect(entries.flatMap(({ addresses }) => addresses).every((address) => /^(sip:|tel:\+861380000000\d$)/.test(address))).toBe(true);
  });
});

describe('a new list over the roster there is', () => {
  const known = volunteer('v01', {
    ...entry(),
    revision: 7,
    lastAskedAt: harbin('2026-03-01 10:00'),
    state: { is: 'asked', call: callId('c'), leg: 2 },
  });

  it('adds new ones as free and never asked', () => {
    expect(newRoster([], [entry()]).on).toEqual([
      { ...entry(), revision: 1, lastAskedAt: null, lastServedAt: null, state: { is: 'free' } },
    ]);
  });

  it('changes what it says and keeps state and turns; what it does not change keeps its revision', () => {
    const { on } = newRoster([known], [entry({ name: 'another' })]);
    expect(on).toEqual([{ ...known, name: 'another', revision: 8 }]);
    expect(newRoster([known], [entry()])).toEqual({ on: [known], off: [] });
  });

  it('names those who have left', () => {
    expect(newRoster([known], [])).toEqual({ on: [], off: [known] });
  });
});
