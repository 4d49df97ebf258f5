/**
 * English: phrases and composed numbers. The words of each clip stand in the prompt manifest; here is only their order.
 * The sentences with figures are made of one person's recordings, which have no "to": of a wait only its end is told.
 */
import { aheadOf, placesOf, type ToldWait, waitToTell } from './figures.ts';
import { INTERPRETING, interpreting, interpreterTold } from './interpreting.ts';
import type { Language } from './language.ts';

/** Zero has no clip: nothing that is counted is none. */
const UNITS = [
  'number/1',
  'number/2',
  'number/3',
  'number/4',
  'number/5',
  'number/6',
  'number/7',
  'number/8',
  'number/9',
  'number/10',
  'number/11',
  'number/12',
  'number/13',
  'number/14',
  'number/15',
  'number/16',
  'number/17',
  'number/18',
  'number/19',
] as const;

const TENS = ['number/20', 'number/30', 'number/40', 'number/50', 'number/60', 'number/70', 'number/80', 'number/90'] as const;

/** A line that offers the language is one recording, so that it sounds of one piece. */
const MENU = ['menu/0', 'menu/1', 'menu/2', 'menu/3', 'menu/4', 'menu/5', 'menu/6', 'menu/7', 'menu/8', 'menu/9'] as const;

const CLIPS = [
  'greeting',
  'patience',
  'place/next',
  'place/number',
  'place/waiting',
  'wait/about',
  'wait/less-than',
  'wait/minute',
  'wait/minutes',
  'first-again',
  'hold',
  'still-in-line',
  ...INTERPRETING,
  ...MENU,
  ...UNITS,
  ...TENS,
  'number/100',
  'number/1000',
] as const;

type EnClip = (typeof CLIPS)[number];

const below100 = (count: number): readonly EnClip[] => {
  const unit = UNITS[(count < 20 ? count : count % 10) - 1];
  const ten = TENS[Math.floor(count / 10) - 2];
  return [...(ten === undefined ? [] : [ten]), ...(unit === undefined ? [] : [unit])];
};

/** "two thousand thirty five", as Americans count; 1 to `MOST`, the caller of this function has seen to that. */
export const counted = (count: number): readonly EnClip[] => {
  const { thousands, hundreds } = placesOf(count);
  return [
    ...(thousands === 0 ? [] : [...below100(thousands), 'number/1000' as const]),
    ...(hundreds === 0 ? [] : [...below100(hundreds), 'number/100' as const]),
    ...below100(count % 100),
  ];
};

/** The caller's own place, not those ahead: so the recordings have it. */
const placeTold = (ahead: number | null): readonly EnClip[] => {
  if (ahead === null) return [];
  if (ahead === 0) return ['place/next'];
  return ['place/number', ...counted(ahead + 1), 'place/waiting'];
};

const waitTold = (wait: ToldWait | null): readonly EnClip[] =>
  wait === null ? [] : ['wait/about', 'wait/less-than', ...counted(wait.to), wait.to === 1 ? 'wait/minute' : 'wait/minutes'];

export const en: Language<EnClip> = {
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
  offer: (key) => [MENU[key]],
};
