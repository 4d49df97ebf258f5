/**
 * Which centre a text is for, by the number it was sent to. The sender chooses the city by the digits behind 12110; no network routes it.
 * Never throws and never turns a text away: what cannot be known is said to be unknown.
 */
import type { Centre, CentreTable } from './centres.ts';

export type ShortNumber =
  | { readonly is: 'ours' }
  /** Another's, to whom it is sent on: its code and its name. */
  | { readonly is: 'other'; readonly centre: string; readonly name: string }
  /** Nobody's in the table, or several's: the digits that say which, or the whole number where it is none of the forms. */
  | { readonly is: 'unknown'; readonly suffix: string };

/**
 * The forms: 12110 alone; with an area code behind it, with its 0 or without (of a code of four digits these are its last three, which
 * some cities ask for); with an area code before it, as from another city. Each may have the country code in front (`+86`, `0086`, `86`) or digits of the carrier's own
 * (`106…`), and spaces, dashes, points, brackets or full-width digits anywhere.
 */
export function forCentre(to: string, table: CentreTable): ShortNumber {
  const written = to.normalize('NFKC').replaceAll(/[\s\p{Pd}\p{Cf}.()/]/gu, '');
  const international = /^\+?\d+$/.test(written) ? written.replace(/^\+/, '') : '';
  for (const digits of withoutCountry(international, table.countryCode)) {
    if (table.alsoOurs.includes(digits)) return { is: 'ours' };
    const at = digits.indexOf(table.shortNumber);
    if (at < 0) continue;
    const [before, behind] = [digits.slice(0, at), digits.slice(at + table.shortNumber.length)];
    if (before === '' || table.carrierPrefixes.some((prefix) => before.startsWith(prefix))) return byAreaCode(behind, table);
    if (behind === '' && centresOf(before, table).length > 0) return byAreaCode(before, table);
  }
  return { is: 'unknown', suffix: written };
}

/** As it is, and without the country code where it begins with one. */
function withoutCountry(digits: string, country: string): readonly string[] {
  const prefix = [`00${country}`, country].find((prefix) => digits.startsWith(prefix));
  return prefix === undefined ? [digits] : [digits, digits.slice(prefix.length)];
}

function byAreaCode(suffix: string, table: CentreTable): ShortNumber {
  if (suffix === '') return { is: 'ours' };
  const centres = centresOf(suffix, table);
  if (centres.some(({ code }) => code === table.ours)) return { is: 'ours' };
  const [centre, another] = centres;
  if (centre === undefined || another !== undefined) return { is: 'unknown', suffix };
  return { is: 'other', centre: centre.code, name: centre.name };
}

/** Those with this area code, written with its 0 or without. */
const centresOf = (digits: string, { centres }: CentreTable): readonly Centre[] =>
  centres.filter(({ areaCodes }) => areaCodes.some((code) => code === digits || code.slice(1) === digits));
