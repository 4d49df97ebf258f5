/**
 * Korean: phrases and composed numbers. The words of each clip stand in the prompt manifest; here is only their order.
 * Persons are counted with native numbers (세 명), minutes with Chinese ones (삼 분); hundreds and thousands are Chinese in both.
 */
import { aheadOf, placesOf, type ToldWait, waitToTell } from './figures.ts';
import { INTERPRETING, interpreting, interpreterTold } from './interpreting.ts';
import type { Language } from './language.ts';

/** 영, 일, 이, 삼 … */
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

/** 한, 두, 세, 네, 다섯 … 아홉: as they stand before a counter. */
const NATIVE = ['native/1', 'native/2', 'native/3', 'native/4', 'native/5', 'native/6', 'native/7', 'native/8', 'native/9'] as const;

/** 열, 스물, 서른 … 아흔. */
const NATIVE_TENS = [
  'native/10',
  'native/20',
  'native/30',
  'native/40',
  'native/50',
  'native/60',
  'native/70',
  'native/80',
  'native/90',
] as const;

/** 스무: twenty when the counter follows at once (스무 명, but 스물한 명). */
const SEUMU = 'native/seumu';

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
  'number/10',
  'number/100',
  'number/1000',
  ...NATIVE,
  ...NATIVE_TENS,
  SEUMU,
] as const;

type KoClip = (typeof CLIPS)[number];

/** 백, 이백, 삼백: the 1 before a unit is not spoken. */
const unitsOf = (digit: number, unit: KoClip): readonly KoClip[] => {
  const name = DIGITS[digit];
  if (digit === 0 || name === undefined) return [];
  return digit === 1 ? [unit] : [name, unit];
};

const upper = (thousands: number, hundreds: number): readonly KoClip[] => [
  ...unitsOf(thousands, 'number/1000'),
  ...unitsOf(hundreds, 'number/100'),
];

/** Before 분: 이십오, 백오; 1 to `MOST`, the caller of this function has seen to that. */
export const chinese = (count: number): readonly KoClip[] => {
  const { thousands, hundreds, tens, ones } = placesOf(count);
  const one = ones === 0 ? undefined : DIGITS[ones];
  return [...upper(thousands, hundreds), ...unitsOf(tens, 'number/10'), ...(one === undefined ? [] : [one])];
};

/** Before 명: 두, 스무, 스물한, 백서른네; 1 to `MOST`, the caller of this function has seen to that. */
export const native = (count: number): readonly KoClip[] => {
  const { thousands, hundreds, tens, ones } = placesOf(count);
  const ten: KoClip | undefined = tens === 2 && ones === 0 ? SEUMU : NATIVE_TENS[tens - 1];
  const one = NATIVE[ones - 1];
  return [...upper(thousands, hundreds), ...(ten === undefined ? [] : [ten]), ...(one === undefined ? [] : [one])];
};

/** 앞에 N 명이 기다리고 있습니다. */
const placeTold = (ahead: number | null): readonly KoClip[] => {
  if (ahead === null) return [];
  return ahead === 0 ? ['place/next'] : ['place/ahead', ...native(ahead), 'place/callers'];
};

/** 예상 대기 시간은 N 분에서 M 분입니다; from zero 예상 대기 시간은 최대 M 분입니다. */
const waitTold = (wait: ToldWait | null): readonly KoClip[] => {
  if (wait === null) return [];
  if (wait.from === null) return ['wait/at-most', ...chinese(wait.to), 'wait/end'];
  return ['wait/about', ...chinese(wait.from), 'wait/from', ...chinese(wait.to), 'wait/end'];
};

export const ko: Language<KoClip> = {
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
