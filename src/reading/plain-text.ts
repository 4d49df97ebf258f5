/**
 * A text made plain for looking things up in, one code unit for one: full-width letters and digits become ordinary ones, capitals small,
 * and traditional characters their simplified kin. What is found in the folded text stands at the same place in the reporter's own,
 * and is always cut out of theirs. Never changes the length of a text, and never shows folded text to anyone.
 */
import { SIMPLIFIED } from './simplified.ts';

/** Longer texts are read up to here; a text of 255 parts has at most 39,000 letters, and an emergency stands at the front. */
export const LONGEST_READ = 20_000;

/** Forms that words of time and place are made of and that the table of simplified characters leaves out. */
const MORE = '剛刚桿杆維维緯纬週周淩凌裏里衚胡衕同啱刚広广県县経经単单対对団团戸户薬药歩步楽乐';

const SIMPLE = new Map<number, number>([...SIMPLIFIED].map(([from, to]) => [from.charCodeAt(0), to.charCodeAt(0)] as const));
for (let i = 0; i + 1 < MORE.length; i += 2) SIMPLE.set(MORE.charCodeAt(i), MORE.charCodeAt(i + 1));

/** What looks like an ordinary sign and is written with another. */
const SIGNS = new Map<number, number>(
  [
    ['\u3000', ' '],
    ['\u00a0', ' '],
    ['\u2009', ' '],
    ['\t', ' '],
    ['‘', "'"],
    ['’', "'"],
    ['′', "'"],
    ['“', '"'],
    ['”', '"'],
    ['″', '"'],
    ['º', '°'],
    ['˚', '°'],
    ['–', '-'],
    ['—', '-'],
    ['−', '-'],
    ['‐', '-'],
    ['‑', '-'],
    ['。', ';'],
    ['、', ','],
    ['Ё', 'е'],
    ['ё', 'е'],
  ].map(([from = '', to = '']) => [from.charCodeAt(0), to.charCodeAt(0)] as const),
);

function foldedUnit(unit: number): number {
  if (unit < 0x80) return unit >= 0x41 && unit <= 0x5a ? unit + 32 : unit === 9 ? 32 : unit;
  if (unit >= 0xff01 && unit <= 0xff5e) return foldedUnit(unit - 0xfee0);
  if (unit >= 0x410 && unit <= 0x42f) return unit + 32;
  return SIGNS.get(unit) ?? SIMPLE.get(unit) ?? unit;
}

/** The first 20,000 code units of the text, folded; place for place the same as in the text itself. */
export function folded(text: string): string {
  const length = Math.min(text.length, LONGEST_READ);
  let from = 0;
  let made = '';
  for (let i = 0; i < length; i++) {
    const unit = text.charCodeAt(i);
    const plain = foldedUnit(unit);
    if (plain === unit) continue;
    made += text.slice(from, i) + String.fromCharCode(plain);
    from = i + 1;
  }
  return made + text.slice(from, length);
}

/** A pattern over folded text, written with the characters people write; escapes such as `\S` keep their meaning. */
export function pattern(source: string, flags = 'g'): RegExp {
  let made = '';
  for (const sign of source) made += String.fromCharCode(SIMPLE.get(sign.charCodeAt(0)) ?? sign.charCodeAt(0));
  return new RegExp(made, flags);
}

/** The words of a list, written with blanks between, as one folded choice; longer words first, so that the longest fits. */
export const choice = (words: string): string =>
  words
    .split(/\s+/)
    .filter((word) => word !== '')
    .toSorted((a, b) => b.length - a.length)
    .join('|');

export interface Scripts {
  readonly han: number;
  readonly kana: number;
  readonly hangul: number;
  readonly cyrillic: number;
  /** a to z. */
  readonly latin: number;
  /** Latin letters with marks. */
  readonly marked: number;
  readonly other: number;
}

/** How many letters of each script stand in a folded text. */
export function scriptsOf(text: string): Scripts {
  const count = { han: 0, kana: 0, hangul: 0, cyrillic: 0, latin: 0, marked: 0, other: 0 };
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x61) continue;
    if (unit <= 0x7a) count.latin++;
    else if (unit >= 0xc0 && unit <= 0x24f) count.marked++;
    else if (unit >= 0x1e00 && unit <= 0x1eff) count.marked++;
    else if (unit >= 0x400 && unit <= 0x52f) count.cyrillic++;
    else if (unit >= 0x3041 && unit <= 0x30fe && unit !== 0x30fb) count.kana++;
    else if (unit >= 0xff66 && unit <= 0xff9d) count.kana++;
    else if ((unit >= 0xac00 && unit <= 0xd7a3) || (unit >= 0x1100 && unit <= 0x11ff) || (unit >= 0x3130 && unit <= 0x318f)) count.hangul++;
    else if ((unit >= 0x4e00 && unit <= 0x9fff) || (unit >= 0x3400 && unit <= 0x4dbf) || unit === 0x3007) count.han++;
    else if ((unit >= 0x370 && unit <= 0x3ff) || (unit >= 0x530 && unit <= 0x10ff) || (unit >= 0x1200 && unit <= 0x1dbf)) count.other++;
  }
  return count;
}
