/**
 * The rules by which a text finds its thread, as data that a centre edits: an ordered list, the first that fits decides. Checks such a
 * list and complains of everything in it at once. Never applies one.
 */
import { closest } from 'fastest-levenshtein';
import { INTENTS, type Intent } from '../reading/reading.ts';

/**
 * `says-…`: the text alone says so. `repeats`: a thread holds the very same text; the rule then speaks of that thread. `open`, `closed`:
 * what the thread is.
 */
export type Condition = `says-${Intent}` | 'repeats' | 'open' | 'closed';
export const CONDITIONS: readonly Condition[] = [...INTENTS.map((intent) => `says-${intent}` as const), 'repeats', 'open', 'closed'];

/** A rule speaks of the thread last spoken to, by either side; with `repeats`, of the one that holds the same. Everything in it must hold. */
export interface WhichRule {
  readonly if?: Condition | readonly Condition[];
  /** Minutes since the last word of either side in that thread; 1 to 10080 (a week). */
  readonly within_minutes?: number;
  readonly then: 'same' | 'new';
}

/** What holds where a centre says nothing. */
export const USUAL_WHICH: readonly WhichRule[] = [
  { if: ['repeats', 'open'], then: 'same' },
  { if: 'says-another', then: 'new' },
  { if: 'says-supplement', within_minutes: 1440, then: 'same' },
  { if: 'says-correction', within_minutes: 1440, then: 'same' },
  { if: 'says-asks-state', within_minutes: 1440, then: 'same' },
  { if: 'says-calls-off', within_minutes: 1440, then: 'same' },
  { if: 'closed', within_minutes: 10, then: 'same' },
  { if: 'closed', then: 'new' },
  { within_minutes: 120, then: 'same' },
  { then: 'new' },
];

export type Checked<T> = { readonly is: 'right'; readonly value: T } | { readonly is: 'wrong'; readonly complaints: readonly string[] };

const KEYS = ['if', 'within_minutes', 'then'];
const RULES_AT_MOST = 100;
const WEEK_MINUTES = 7 * 24 * 60;

/** The rules in a parsed YAML or JSON value, or every complaint, a sentence each. */
export function whichRulesOf(value: unknown): Checked<readonly WhichRule[]> {
  if (!Array.isArray(value)) return { is: 'wrong', complaints: ['the rules for threads must be a list'] };
  if (value.length === 0 || value.length > RULES_AT_MOST) {
    return { is: 'wrong', complaints: [`the rules for threads must be 1 to ${RULES_AT_MOST}, not ${value.length}`] };
  }
  const complaints = (value as readonly unknown[]).flatMap((rule, index) =>
    complaintsAbout(rule).map((complaint) => `rule ${index + 1} for threads ${complaint}`),
  );
  if (complaints.length > 0) return { is: 'wrong', complaints };
  const rules = value as readonly WhichRule[];
  const order = complaintsAboutOrder(rules);
  return order.length > 0 ? { is: 'wrong', complaints: order } : { is: 'right', value: rules };
}

export const conditionsOf = (rule: WhichRule): readonly Condition[] =>
  rule.if === undefined ? [] : typeof rule.if === 'string' ? [rule.if] : rule.if;

function complaintsAbout(rule: unknown): readonly string[] {
  if (typeof rule !== 'object' || rule === null || Array.isArray(rule)) return ['must have "then", and may have "if" and "within_minutes"'];
  const fields = rule as Readonly<Record<string, unknown>>;
  const unknown = Object.keys(fields).filter((key) => !KEYS.includes(key));
  const { then, within_minutes: minutes, if: conditions } = fields;
  return [
    ...unknown.map((key) => `has "${short(key)}", which is not known; the nearest is ${closest(short(key), KEYS)}`),
    ...(then === 'same' || then === 'new' ? [] : [`must say "then: same" or "then: new", not ${told(then)}`]),
    ...(minutes === undefined || isMinutes(minutes) ? [] : [`must have within_minutes from 1 to ${WEEK_MINUTES}, not ${told(minutes)}`]),
    ...(conditions === undefined ? [] : complaintsAboutConditions(conditions)),
  ];
}

function complaintsAboutConditions(conditions: unknown): readonly string[] {
  const list: readonly unknown[] = Array.isArray(conditions) ? conditions : [conditions];
  if (list.length === 0) return ['has an empty list behind "if"'];
  return list.flatMap((condition) => {
    if (typeof condition !== 'string') return [`has ${told(condition)} behind "if"`];
    if ((CONDITIONS as readonly string[]).includes(condition)) return [];
    return [`asks for "${short(condition)}", which is not known; the nearest is ${closest(short(condition), [...CONDITIONS])}`];
  });
}

/** The last rule fits always, and no other one does: what stands behind such a one would never be asked. */
function complaintsAboutOrder(rules: readonly WhichRule[]): readonly string[] {
  const fitsAlways = (rule: WhichRule): boolean => rule.if === undefined && rule.within_minutes === undefined;
  const first = rules.findIndex(fitsAlways);
  if (first === rules.length - 1) return [];
  if (first === -1) return ['the last rule for threads must have no condition, e.g. "then: new"'];
  return [`rule ${first + 1} for threads fits always: those behind it would never be asked`];
}

const isMinutes = (value: unknown): boolean => typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= WEEK_MINUTES;
const short = (text: string): string => (text.length > 40 ? `${text.slice(0, 40)}…` : text);
const told = (value: unknown): string => (value === undefined ? 'nothing' : short(JSON.stringify(value)));
