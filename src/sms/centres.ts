/**
 * The table of centres and their numbers, read and checked: every complaint is a sentence that names its field, and all are told at once.
 * Never takes half a table.
 */

export interface Centre {
  /** Administrative division, GB/T 2260: six digits. */
  readonly code: string;
  readonly name: string;
  /** With the leading 0, e.g. `0451`. */
  readonly areaCodes: readonly string[];
}

export interface CentreTable {
  /** Code of the centre this is. */
  readonly ours: string;
  readonly shortNumber: string;
  /** Other numbers, whole, whose texts are ours. */
  readonly alsoOurs: readonly string[];
  readonly countryCode: string;
  readonly carrierPrefixes: readonly string[];
  readonly centres: readonly Centre[];
}

export type ReadCentres =
  | { readonly is: 'right'; readonly value: CentreTable }
  | { readonly is: 'wrong'; readonly complaints: readonly string[] };

type Complain = (complaint: string) => void;
type Fields = Readonly<Record<string, unknown>>;

const FIELDS = ['short_number', 'also_ours', 'country_code', 'carrier_prefixes', 'centres'] as const;
const CENTRE_FIELDS = ['code', 'name', 'area_codes'] as const;
/** 010, 02x, and 03xx to 09xx. */
const AREA_CODE = /^0(10|2\d|[3-9]\d{2})$/;
const DIGITS = /^\d{1,15}$/;

/** `parsed` is the table as a YAML reader gives it; `ours` the code of this centre, which must be in it. */
export function centreTableOf(parsed: unknown, ours: string): ReadCentres {
  const complaints: string[] = [];
  const complain: Complain = (complaint) => void complaints.push(complaint);
  const fields = fieldsOf(parsed, FIELDS, complain);
  const about = (field: (typeof FIELDS)[number]): Complain => named(field, complain);
  const value: CentreTable = {
    ours,
    shortNumber: digitsOf(fields['short_number'], DIGITS, about('short_number')),
    alsoOurs: listOf(fields['also_ours'] ?? [], about('also_ours')).map((one) => digitsOf(one, DIGITS, about('also_ours'))),
    countryCode: digitsOf(fields['country_code'], /^[1-9]\d{0,2}$/, about('country_code')),
    carrierPrefixes: listOf(fields['carrier_prefixes'] ?? [], about('carrier_prefixes')).map((one) =>
      digitsOf(one, DIGITS, about('carrier_prefixes')),
    ),
    centres: listOf(fields['centres'], about('centres')).map((one, n) => centreOf(one, named(`centres, number ${n + 1}`, complain))),
  };
  const codes = value.centres.map(({ code }) => code).filter((code) => code !== '');
  for (const code of new Set(codes.filter((code, n) => codes.indexOf(code) < n))) complain(`centres: ${code} is there twice`);
  if (value.centres.length > 0 && !codes.includes(ours)) complain(`centres: ${ours}, which is this centre, is not there`);
  return complaints.length === 0 ? { is: 'right', value } : { is: 'wrong', complaints };
}

function centreOf(row: unknown, complain: Complain): Centre {
  const fields = fieldsOf(row, CENTRE_FIELDS, complain);
  const name = fields['name'];
  const isName = typeof name === 'string' && /^[^\p{Cc}]{1,60}$/u.test(name.trim());
  if (!isName) complain(`name: must be a text of one line, not ${described(name)}`);
  const about = named('area_codes', complain);
  const areaCodes = listOf(fields['area_codes'], about).map((one) => digitsOf(one, AREA_CODE, about));
  if (Array.isArray(fields['area_codes']) && areaCodes.length === 0) about('is empty');
  return { code: digitsOf(fields['code'], /^\d{6}$/, named('code', complain)), name: isName ? name.trim() : '', areaCodes };
}

const named =
  (field: string, complain: Complain): Complain =>
  (complaint) =>
    complain(`${field}: ${complaint}`);

function fieldsOf(given: unknown, known: readonly string[], complain: Complain): Fields {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) {
    complain('must be a group of fields');
    return {};
  }
  for (const field of Object.keys(given)) if (!known.includes(field)) complain(`${JSON.stringify(field)} is not a field`);
  return given as Fields;
}

function listOf(given: unknown, complain: Complain): readonly unknown[] {
  if (Array.isArray(given)) return given as readonly unknown[];
  complain(`must be a list, not ${described(given)}`);
  return [];
}

function digitsOf(given: unknown, shape: RegExp, complain: Complain): string {
  if (typeof given === 'string' && shape.test(given)) return given;
  complain(`${described(given)} is not right${typeof given === 'number' ? ': digits stand in quotation marks here' : ''}`);
  return '';
}

function described(given: unknown): string {
  if (given === undefined || given === null) return 'nothing';
  if (typeof given === 'string') return JSON.stringify(given.slice(0, 60));
  if (typeof given === 'number' || typeof given === 'boolean') return String(given);
  return Array.isArray(given) ? 'a list' : 'a group';
}
