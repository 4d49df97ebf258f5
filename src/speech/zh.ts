/**
 * Mandarin: phrases and composed numbers. The words of each clip stand in the prompt manifest; here is only their order.
 * Never tells a figure that cannot be said right.
 */
import { aheadOf, waitToTell } from './figures.ts';
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

/** 千, 百, 十 and the bare digit, from the left as they are spoken. */
const PLACES = [
  { worth: 1000, unit: 'number/1000' },
  { worth: 100, unit: 'number/100' },
  { worth: 10, unit: 'number/10' },
  { worth: 1, unit: null },
] as const;

/** 两: the 2 that counts things (两位, 两分钟, 两千), where 二 is the 2 inside a number (十二, 二十, 二百). */
const LIANG = 'number/liang';

const CLIPS = [
  'greeting',
  'patience',
  'place/next',
  'place/ahead',
  'place/callers',
  'wait/about',
  'wait/at-most',
  'wait/to',
  'wait/minutes',
  'first-again',
  'hold',
  'still-in-line',
  ...INTERPRETING,
  'menu/press',
  'menu/key',
  ...DIGITS,
  LIANG,
  'number/10',
  'number/100',
  'number/1000',
] as const;

type ZhClip = (typeof CLIPS)[number];

/**
 * A number before a measure word (位, 分钟): 两, 十二, 二十, 一百零五, 两千零二十. `count` is a whole number, 0 to `MOST`;
 * the caller of this function has seen to that.
 */
export const counted = (count: number): readonly ZhClip[] => {
  if (count === 0) return ['number/0'];
  if (count === 2) return [LIANG];
  const clips: ZhClip[] = [];
  let gap = false;
  for (const { worth, unit } of PLACES) {
    const digit = Math.floor(count / worth) % 10;
    const name = DIGITS[digit];
    if (digit === 0 || name === undefined) {
      gap = clips.length > 0;
      continue;
    }
    if (gap) clips.push('number/0');
    gap = false;
    const bareTen = worth === 10 && digit === 1 && clips.length === 0;
    if (worth === 1000 && digit === 2) clips.push(LIANG);
    else if (!bareTen) clips.push(name);
    if (unit !== null) clips.push(unit);
  }
  return clips;
};

/** 您是下一位, or 您前面还有 N 位来电人. */
const placeTold = (ahead: number | null): readonly ZhClip[] => {
  if (ahead === null) return [];
  return ahead === 0 ? ['place/next'] : ['place/ahead', ...counted(ahead), 'place/callers'];
};

/** 预计等待 N 到 M 分钟; a span from zero is 预计等待不超过 M 分钟, for 零到两分钟 is no Chinese. */
const waitTold = (wait: ReturnType<typeof waitToTell>): readonly ZhClip[] => {
  if (wait === null) return [];
  if (wait.from === null) return ['wait/at-most', ...counted(wait.to), 'wait/minutes'];
  return ['wait/about', ...counted(wait.from), 'wait/to', ...counted(wait.to), 'wait/minutes'];
};

export const zh: Language<ZhClip> = {
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
  // 中文请按二号键: before 号键 the 2 stays 二.
  offer: (key) => ['menu/press', DIGITS[key], 'menu/key'],
};
