/**
 * What one stretch of words tells about time, before it is an instant: a day, a part of the day, a clock time, a while ago. Shapes, and the
 * way rules are written; the rules themselves stand by language.
 */

/** am and pm are the halves of a clock that strikes twelve; the others are how people call the hours. */
export type PartOfDay = 'am' | 'pm' | 'dawn' | 'morning' | 'noon' | 'afternoon' | 'evening' | 'night';

export type Day =
  | { readonly is: 'from-today'; readonly days: number }
  /** `null`: not said, the last such date. */
  | { readonly is: 'date'; readonly year: number | null; readonly month: number | null; readonly date: number }
  /** Of this month, or of the one before. */
  | { readonly is: 'date-of-month'; readonly monthsBack: 0 | 1; readonly date: number }
  /** 1 (Monday) to 7; `ofLastWeek`: 上周三, not the last Wednesday. */
  | { readonly is: 'weekday'; readonly weekday: number; readonly ofLastWeek: boolean };

export interface ClockTime {
  readonly hour: number;
  readonly minute: number;
  /** Written so that it can only be of twenty-four hours: 09:15, 21:15. */
  readonly isOf24: boolean;
}

export interface Told {
  readonly day?: Day;
  readonly part?: PartOfDay;
  readonly clock?: ClockTime;
  /** Milliseconds; rough: "a few minutes". */
  readonly ago?: { readonly ms: number; readonly isRough: boolean };
  /** `happening`: 正在, "right now"; `now`: a mere "now", which often tells only where someone is; `just`: 刚才, "just now". */
  readonly now?: 'happening' | 'now' | 'just';
  /** Too little by itself ("at 9", 一点): counts only beside another piece. */
  readonly isWeak?: true;
}

export interface TimeRule {
  /** Global, over folded text, every repetition bounded. */
  readonly pattern: RegExp;
  /** `null`: it only looks like a time. */
  readonly told: (match: RegExpExecArray) => Told | null;
}

export const clockTime = (hour: number | null, minute: number | null, isOf24 = false): ClockTime | null =>
  hour === null || minute === null || hour > 24 || minute > 59 || (hour === 24 && minute > 0)
    ? null
    : { hour: hour % 24, minute, isOf24: isOf24 || hour > 12 || hour === 0 };

/** A clock time as a rule's answer. */
export const atClock = (hour: number | null, minute: number | null, more: Omit<Told, 'clock'> = {}): Told | null => {
  const clock = clockTime(hour, minute);
  return clock === null ? null : { clock, ...more };
};

export const fromToday = (days: number, part?: PartOfDay): Told =>
  part === undefined ? { day: { is: 'from-today', days } } : { day: { is: 'from-today', days }, part };

export const dated = (year: string | undefined, month: string | number | null, date: string | number): Told | null => {
  const [m, d] = [month === null ? null : Number(month), Number(date)];
  if ((m !== null && !(m >= 1 && m <= 12)) || !(d >= 1 && d <= 31)) return null;
  return { day: { is: 'date', year: year === undefined ? null : fullYear(Number(year)), month: m, date: d } };
};
const fullYear = (year: number): number => (year < 100 ? 2000 + year : year);

/** Words, and what each of them tells: one rule for a whole list. `before` and `after` are patterns that must hold around a word. */
export function wordRule(words: Readonly<Record<string, Told>>, make: (source: string) => RegExp, before = '', after = ''): TimeRule {
  const table = new Map(Object.entries(words).map(([word, told]) => [make(word).source, told] as const));
  const source = [...table.keys()].toSorted((a, b) => b.length - a.length).join('|');
  return { pattern: new RegExp(`${before}(?:${source})${after}`, 'g'), told: ([word]) => table.get(word) ?? null };
}
