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

/**
 * The same for every way in which networks write one subscriber's number (E.164, and the numbering plan of China): `+86 138…`, `0086138…`,
 * `86138…`, `0138…` and `138…` alike, `+86451…` as `0451…`. For comparing only: a number is dialled and shown as it came. Numbers of
 * other countries keep their `+`, for without it some are mobiles of China.
 */
export function subscriberOf(number: PhoneNumber): string {
  const abroad = /^(?:\+|00)(.+)$/.exec(number)?.[1] ?? null;
  const national = abroad === null ? number.replace(OF_MOBILE, '') : /^86(.+)$/.exec(abroad)?.[1];
  if (national === undefined) return `+${abroad}`;
  if (MOBILE.test(national)) return national.slice(-MOBILE_DIGITS);
  return abroad !== null && /^[1-9]\d{8,}$/.test(national) ? `0${national}` : national;
}
const MOBILE_DIGITS = 11;
const MOBILE = /^0?1[3-9]\d{9}$/;
const OF_MOBILE = /^86(?=0?1[3-9]\d{9}$)/;

/** First three and last two digits, the rest starred: `138******78`; short numbers wholly starred unless they are services like 110. */
export function masked(number: PhoneNumber | null): string {
  if (number === null) return 'withheld';
  return maskDigits(number);
}

/** Stars the middle of every run of seven or more digits in a text; instants in milliseconds and ids must not pass through here. */
export const maskDigits = (text: string): string =>
  text.replaceAll(/\d{7,}/g, (run) => run.slice(0, 3) + '*'.repeat(run.length - 5) + run.slice(-2));
