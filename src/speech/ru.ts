/**
 * Russian: phrases and composed numbers. The words of each clip stand in the prompt manifest; here is only their order.
 * Numbers stand in the nominative everywhere: the sentences around them are worded so that no other case is ever needed.
 */
import { aheadOf, placesOf, type ToldWait, waitToTell } from './figures.ts';
import { INTERPRETING, interpreting, interpreterTold } from './interpreting.ts';
import type { Language } from './language.ts';

/** As masculine things are counted (один человек). The zero is no count. */
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

/** одна and две: as feminine things are counted (минута, тысяча). The other numbers have one gender. */
const FEMININE = ['number/1-feminine', 'number/2-feminine'] as const;

const TENS = ['number/20', 'number/30', 'number/40', 'number/50', 'number/60', 'number/70', 'number/80', 'number/90'] as const;

/** сто, двести, триста … */
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

/** A line that offers the language is one recording, so that it sounds of one piece. */
const MENU = ['menu/0', 'menu/1', 'menu/2', 'menu/3', 'menu/4', 'menu/5', 'menu/6', 'menu/7', 'menu/8', 'menu/9'] as const;

/** The forms of a thing that is counted: 1, 21, 101 … one; 2 to 4, 22 to 24 … few; all others many, 11 to 14 among them. */
const FORMS = {
  thousand: { gender: 'feminine', one: 'thousand/one', few: 'thousand/few', many: 'thousand/many' },
  person: { gender: 'masculine', one: 'person/one', few: 'person/few', many: 'person/many' },
  minute: { gender: 'feminine', one: 'minute/one', few: 'minute/few', many: 'minute/many' },
} as const;

const CLIPS = [
  'greeting',
  'patience',
  'redial',
  'place/next',
  'place/ahead',
  'wait/about',
  'wait/least',
  'wait/most',
  'first-again',
  'hold',
  'still-in-line',
  ...INTERPRETING,
  ...MENU,
  ...UNITS,
  ...FEMININE,
  ...TENS,
  ...HUNDREDS,
  'thousand/one',
  'thousand/few',
  'thousand/many',
  'person/one',
  'person/few',
  'person/many',
  'minute/one',
  'minute/few',
  'minute/many',
] as const;

type RuClip = (typeof CLIPS)[number];
type Thing = keyof typeof FORMS;

const formOf = (count: number): 'one' | 'few' | 'many' => {
  const { tens, ones } = placesOf(count);
  if (tens === 1 || ones === 0 || ones > 4) return 'many';
  return ones === 1 ? 'one' : 'few';
};

const below1000 = (count: number, gender: 'masculine' | 'feminine'): readonly RuClip[] => {
  const { hundreds, tens, ones } = placesOf(count);
  const rest = tens === 1 ? 10 + ones : ones;
  const clips = [HUNDREDS[hundreds - 1], TENS[tens - 2], (gender === 'feminine' ? FEMININE[rest - 1] : undefined) ?? UNITS[rest - 1]];
  return clips.filter((clip) => clip !== undefined);
};

/** "двадцать одна минута", "тысяча два человека"; 1 to `MOST`, the caller of this function has seen to that. */
export const counted = (count: number, thing: Thing): readonly RuClip[] => {
  const { thousands } = placesOf(count);
  const { gender, ...forms } = FORMS[thing];
  return [
    // тысяча stands alone, as in English "a thousand".
    ...(thousands > 1 ? below1000(thousands, FORMS.thousand.gender) : []),
    ...(thousands > 0 ? [FORMS.thousand[formOf(thousands)]] : []),
    ...below1000(count % 1000, gender),
    forms[formOf(count)],
  ];
};

const placeTold = (ahead: number | null): readonly RuClip[] => {
  if (ahead === null) return [];
  return ahead === 0 ? ['place/next'] : ['place/ahead', ...counted(ahead, 'person')];
};

/** минимум and максимум leave the number in the nominative, where от … до would ask for the genitive. */
const waitTold = (wait: ToldWait | null): readonly RuClip[] => {
  if (wait === null) return [];
  const least: readonly RuClip[] = wait.from === null ? [] : ['wait/least', ...counted(wait.from, 'minute')];
  return ['wait/about', ...least, 'wait/most', ...counted(wait.to, 'minute')];
};

export const ru: Language<RuClip> = {
  clips: CLIPS,
  sayings: {
    greeting: () => ['greeting'],
    patience: ({ place, wait, interpreter }) => [
      ...placeTold(aheadOf(place)),
      ...waitTold(waitToTell(wait)),
      ...interpreterTold(interpreter),
      'patience',
      'redial',
    ],
    'first-again': () => ['first-again'],
    hold: () => ['hold'],
    'still-in-line': () => ['still-in-line'],
    ...interpreting,
  },
  offer: (key) => [MENU[key]],
};
