/** Whose text it is by the number it was sent to: every form for every centre of the real table, and what is in no table. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { centreTableOf, type CentreTable } from '../../src/sms/centres.ts';
import { forCentre } from '../../src/sms/short-number.ts';

const HARBIN = '230100';
const written = parse(readFileSync(resolve(import.meta.dirname, '../../words/centres.yaml'), 'utf8')) as Record<string, unknown>;
const tableOf = (ours: string, more: object = {}): CentreTable => {
  const read = centreTableOf({ ...written, ...more }, ours);
  if (read.is === 'wrong') throw new Error(read.complaints.join('\n'));
  return read.value;
};
const table = tableOf(HARBIN);
const complaints = (given: unknown, ours = HARBIN): readonly string[] => {
  const read = centreTableOf(given, ours);
  return read.is === 'wrong' ? read.complaints : [];
};
const shenzhen = { is: 'other', centre: '440300', name: '深圳市' };

describe('the table of centres', () => {
  it('is right as it stands, with every area code in one place', () => {
    const codes = table.centres.flatMap(({ areaCodes }) => areaCodes);
    expect(table.centres.length).toBeGreaterThan(80);
    expect(new Set(codes).size).toBe(codes.length);
    expect(table.centres.find(({ code }) => code === HARBIN)).toEqual({ code: HARBIN, name: '哈尔滨市', areaCodes: ['0451'] });
  });
  it.each([
    ['010', '110000'],
    ['021', '310000'],
    ['0432', '220200'],
    ['0371', '410100'],
    ['029', '610100'],
    ['0851', '520100'],
  ])('has %s', (areaCode, centre) => {
    expect(forCentre(`12110${areaCode}`, table)).toMatchObject({ is: 'other', centre });
  });
  it.each([null, undefined, 7, 'centres', [], true])('must be a group: %j', (given) => {
    expect(complaints(given)).toContain('must be a group of fields');
  });
  it('is told everything that is wrong with it, each with its place', () => {
    const rows = [
      { code: 230100, name: '哈尔滨市', area_codes: ['0451'] },
      { code: '230100', name: '', area_codes: [451, '0551 ', '0110'] },
      { code: '230100', name: 'a\nb', area_codes: '0451', place: 1 },
      null,
      { code: '220200', name: '吉林市', area_codes: [] },
    ];
    const wrong = { ...written, short_number: 12110, country_code: '086', also_ours: '110', centres: rows, colour: 1 };
    expect(complaints(wrong)).toEqual([
      '"colour" is not a field',
      'short_number: 12110 is not right: digits stand in quotation marks here',
      'also_ours: must be a list, not "110"',
      'country_code: "086" is not right',
      'centres, number 1: code: 230100 is not right: digits stand in quotation marks here',
      'centres, number 2: name: must be a text of one line, not ""',
      'centres, number 2: area_codes: 451 is not right: digits stand in quotation marks here',
      'centres, number 2: area_codes: "0551 " is not right',
      'centres, number 2: area_codes: "0110" is not right',
      'centres, number 3: "place" is not a field',
      'centres, number 3: name: must be a text of one line, not "a\\nb"',
      'centres, number 3: area_codes: must be a list, not "0451"',
      'centres, number 4: must be a group of fields',
      'centres, number 4: name: must be a text of one line, not nothing',
      'centres, number 4: area_codes: must be a list, not nothing',
      'centres, number 4: code: nothing is not right',
      'centres, number 5: area_codes: is empty',
      'centres: 230100 is there twice',
    ]);
  });
  it('must have this centre in it', () => {
    expect(complaints(written, '999999')).toEqual(['centres: 999999, which is this centre, is not there']);
  });
});

describe('a number that was written to', () => {
  it.each([
    '12110',
    '121100451',
    '12110451',
    '12110 0451',
    ' 12110-0451 ',
    '12110(0451)',
    '12110—0451',
    '１２１１００４５１',
    '\u202a12110451\u202c',
    '+86 12110 0451',
    '8612110451',
    '008612110451',
    '+8612110',
    '045112110',
    '0451-12110',
    '+8645112110',
    '10690000121100451',
    '8610612110',
    '110',
    '+86110',
  ])('is ours: %j', (to) => {
    expect(forCentre(to, table)).toEqual({ is: 'ours' });
  });
  it.each(['121100755', '12110755', '12110 755', '075512110', '106575121100755', '+86-12110-0755'])('is another’s: %j', (to) => {
    expect(forCentre(to, table)).toEqual(shenzhen);
  });
  it('is known in every form for every centre, to itself and to others', () => {
    for (const { code, name, areaCodes } of table.centres) {
      const itself = tableOf(code);
      for (const areaCode of areaCodes) {
        for (const form of [`12110${areaCode}`, `12110${areaCode.slice(1)}`, `12110${areaCode.slice(-3)}`, `+8612110 ${areaCode}`]) {
          expect(forCentre(form, itself), form).toEqual({ is: 'ours' });
          expect(forCentre(form, tableOf(code === HARBIN ? '220200' : HARBIN)), form).toEqual({ is: 'other', centre: code, name });
        }
      }
    }
  });
  it.each([
    ['121109999', '9999'],
    ['1211004510', '04510'],
    ['12110045', '045'],
    ['12121', '12121'],
    ['999912110', '999912110'],
    ['075512110755', '075512110755'],
    ['', ''],
    ['Police', 'Police'],
    ['12110abc', '12110abc'],
    ['110451', '110451'],
  ])('is nobody’s: %j', (to, suffix) => {
    expect(forCentre(to, table)).toEqual({ is: 'unknown', suffix });
  });
  it('with an area code of several is ours where we are one of them, and else unknown', () => {
    const sanya = { code: '460200', name: '三亚市', area_codes: ['0898'] };
    const more = { centres: [...(written['centres'] as readonly unknown[]), sanya] };
    expect(forCentre('121100898', tableOf('460200', more))).toEqual({ is: 'ours' });
    expect(forCentre('12110898', tableOf('460100', more))).toEqual({ is: 'ours' });
    expect(forCentre('12110898', tableOf(HARBIN, more))).toEqual({ is: 'unknown', suffix: '898' });
    expect(forCentre('089812110', tableOf(HARBIN, more))).toEqual({ is: 'unknown', suffix: '0898' });
  });
  it('is read by what the table says', () => {
    const other = tableOf(HARBIN, { short_number: '911', also_ours: [], country_code: '1', carrier_prefixes: ['5'] });
    expect(forCentre('1911451', other)).toEqual({ is: 'ours' });
    expect(forCentre('559110755', other)).toEqual(shenzhen);
    expect(forCentre('110', other)).toEqual({ is: 'unknown', suffix: '110' });
  });
  it('never throws, whatever it is', () => {
    const digits = fc.string({ unit: fc.constantFrom('0', '1', '2', '4', '5', '6', '8', '+', ' ', '-', '12110') });
    fc.assert(
      fc.property(fc.oneof(digits, fc.string({ unit: 'binary' })), (to) => {
        expect(['ours', 'other', 'unknown']).toContain(forCentre(to, table).is);
      }),
    );
  });
});
