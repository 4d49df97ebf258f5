/**
 * Japanese: phrases and composed numbers. The words of each clip stand in the prompt manifest; here is only their order.
 * Where number and counter melt into each other (一人, 四人, 三分, 十分) the melted form is one clip.
 */
import { aheadOf, placesOf, type ToldWait, waitToTell } from './figures.ts';
import { INTERPRETING, interpreting, interpreterTold } from './interpreting.ts';
import type { Language } from './language.ts';

const DIGITS = [
  'number/0',
  'number/1',
  'number/2',
  'number/3',
  'number/4',
  'number/5',
  'number/6',
  'number/7',
  'number/8',
  'number/9',
] as const;

const TENS = ['number/10', 'number/20', 'number/30', 'number/40', 'number/50', 'number/60', 'number/70', 'number/80', 'number/90'] as const;

/** Whole, for the sounds change: さんびゃく, ろっぴゃく, はっぴゃく. */
const HUNDREDS = [
  'number/100',
  'number/200',
  'number/300',
  'number/400',
  'number/500',
  'number/600',
  'number/700',
  'number/800',
  'number/900',
] as const;

/** せん, にせん, さんぜん … はっせん. */
const THOUSANDS = [
  'number/1000',
  'number/2000',
  'number/3000',
  'number/4000',
  'number/5000',
  'number/6000',
  'number/7000',
  'number/8000',
  'number/9000',
] as const;

/** いっぷん, にふん, さんぷん … きゅうふん: what a number ends in when minutes are counted. */
const MINUTES = [
  'minutes/1',
  'minutes/2',
  'minutes/3',
  'minutes/4',
  'minutes/5',
  'minutes/6',
  'minutes/7',
  'minutes/8',
  'minutes/9',
] as const;

/** じゅっぷん, にじゅっぷん … */
const TEN_MINUTES = [
  'minutes/10',
  'minutes/20',
  'minutes/30',
  'minutes/40',
  'minutes/50',
  'minutes/60',
  'minutes/70',
  'minutes/80',
  'minutes/90',
] as const;

/** ひゃっぷん, にひゃっぷん, さんびゃっぷん … */
const HUNDRED_MINUTES = [
  'minutes/100',
  'minutes/200',
  'minutes/300',
  'minutes/400',
  'minutes/500',
  'minutes/600',
  'minutes/700',
  'minutes/800',
  'minutes/900',
] as const;

const CLIPS = [
  'greeting',
  'patience',
  'place/next',
  'place/ahead',
  'place/callers',
  'wait/about',
  'wait/at-most',
  'wait/from',
  'wait/end',
  'first-again',
  'hold',
  'still-in-line',
  ...INTERPRETING,
  'menu/language',
  'menu/press',
  ...DIGITS,
  ...TENS,
  ...HUNDREDS,
  ...THOUSANDS,
  'persons/1',
  'persons/2',
  'persons/4',
  'persons/nin',
  ...MINUTES,
  ...TEN_MINUTES,
  ...HUNDRED_MINUTES,
  'minutes/pun',
] as const;

type JaClip = (typeof CLIPS)[number];

/** The clips of what a number is made of, without gaps; 四 before 人 is left to the counter. */
const said = (...clips: readonly (JaClip | undefined)[]): readonly JaClip[] => clips.filter((clip) => clip !== undefined);

/** ひとり, ふたり, さんにん, よにん … にじゅうよにん; 1 to `MOST`, the caller of this function has seen to that. */
export const persons = (count: number): readonly JaClip[] => {
  if (count === 1) return ['persons/1'];
  if (count === 2) return ['persons/2'];
  const { thousands, hundreds, tens, ones } = placesOf(count);
  const upper = said(THOUSANDS[thousands - 1], HUNDREDS[hundreds - 1], TENS[tens - 1]);
  if (ones === 4) return [...upper, 'persons/4'];
  return [...upper, ...(ones === 0 ? [] : [DIGITS[ones] as JaClip]), 'persons/nin'];
};

/** いっぷん, じゅっぷん, ひゃくにじゅうさんぷん; 1 to `MOST`, the caller of this function has seen to that. */
export const minutes = (count: number): readonly JaClip[] => {
  const { thousands, hundreds, tens, ones } = placesOf(count);
  const [thousand, hundred, ten] = [THOUSANDS[thousands - 1], HUNDREDS[hundreds - 1], TENS[tens - 1]];
  if (ones > 0) return said(thousand, hundred, ten, MINUTES[ones - 1]);
  if (tens > 0) return said(thousand, hundred, TEN_MINUTES[tens - 1]);
  if (hundreds > 0) return said(thousand, HUNDRED_MINUTES[hundreds - 1]);
  return said(thousand, 'minutes/pun');
};

/** あなたの前に N 人の方がお待ちです. */
const placeTold = (ahead: number | null): readonly JaClip[] => {
  if (ahead === null) return [];
  return ahead === 0 ? ['place/next'] : ['place/ahead', ...persons(ahead), 'place/callers'];
};

/** 待ち時間は、およそ N 分から M 分です; from zero 待ち時間は、長くて M 分です. */
const waitTold = (wait: ToldWait | null): readonly JaClip[] => {
  if (wait === null) return [];
  if (wait.from === null) return ['wait/at-most', ...minutes(wait.to), 'wait/end'];
  return ['wait/about', ...minutes(wait.from), 'wait/from', ...minutes(wait.to), 'wait/end'];
};

export const ja: Language<JaClip> = {
  clips: CLIPS,
  sayings: {
    greeting: () => ['greeting'],
    patience: ({ place, wait, interpreter }) => [
      ...placeTold(aheadOf(place)),
      ...waitTold(waitToTell(wait)),
      ...interpreterTold(interpreter),
      'patience',
    ],
    'first-again': () => ['first-again'],
    hold: () => ['hold'],
    'still-in-line': () => ['still-in-line'],
    ...interpreting,
  },
  offer: (key) => ['menu/language', DIGITS[key], 'menu/press'],
};
