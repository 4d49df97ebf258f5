/**
 * A reporter's number. It must never stand whole in a log: print it with `masked`, and run free text through `maskDigits`.
 * Never refuses a number: 110, withheld and odd ones are callers too.
 */
declare const brand: unique symbol;

/** Digits with an optional leading `+`, as the trunk gave them after cleaning; never empty. */
export type PhoneNumber = string & { readonly [brand]: 'PhoneNumber' };

const LONGEST = 32;
const WITHHELD = /^(anonymous|unavailable|unknown|restricted|private|withheld)$/i;

/** The number in what the trunk sent, or `null` where it is withheld, missing or no number at all. */
export function phoneNumber(raw: string | null | undefined): PhoneNumber | null {
  const text = (raw ?? '').trim();
  if (text === '' || WITHHELD.test(text) || text.length > 300) return null;
  if (!/^\+?[0-9 ()./-]+$/.test(text)) return null;
  const digits = text.replaceAll(/[^0-9]/g, '').slice(0, LONGEST);
  if (digits === '') return null;
  return ((text.startsWith('+') ? '+' : '') + digits) as PhoneNumber;
}

/** First three and last two digits, the rest starred: `138******78`; short numbers wholly starred unless they are services like 110. */
export function masked(number: PhoneNumber | null): string {
  if (number === null) return 'withheld';
  return maskDigits(number);
}

/** Stars the middle of every run of seven or more digits in a text; instants in milliseconds and ids must not pass through here. */
export const maskDigits = (text: string): string =>
  text.replaceAll(/\d{7,}/g, (run) => run.slice(0, 3) + '*'.repeat(run.length - 5) + run.slice(-2));
