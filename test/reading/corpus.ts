/**
 * The corpus of texts that the reading is scored on: its form, and its reading from test/reading/corpus/*.yaml (worked on) and
 * test/reading/corpus/held-out/*.yaml (never tuned on). A wrong entry is an error that names file, entry and field.
 * The texts are written for the purpose: no real report, no real person. Never scores; scripts/scores.ts does.
 *
 * An entry: id, kind, at (RFC 3339, when the text came), text, expect. In `expect` a field left out means "nothing is expected".
 * - A list as the value of a single-valued field: any of these is right; `null` among them: finding nothing is right too.
 * - In weapons, danger and intents (sets) a name ending in `?` may be found but need not be.
 * - happened: `{ at, within }`, `within` in minutes. matter: `class` or `class/code`, codes as in words/.
 * - address, landmark, poleCode, plateCode stand in the text as written here; " … " joins pieces that stand apart; a code that is
 *   written otherwise (幺零五…) is `{ value, said }`. point: WGS-84. hurt: a count, or `some`. saysWhat: true, false or `either`.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { Type, type Static, type TSchema } from 'typebox';
import { Value } from 'typebox/value';
import { parse } from 'yaml';
import { MATTERS } from '../../src/incident/incident.ts';
import { DANGER_SIGNS, INTENTS, SPOKEN, URGENCY_WORDS } from '../../src/reading/reading.ts';
import type { SpokenLanguage } from '../../src/reading/reading.ts';

export const HALVES = ['worked-on', 'held-out'] as const;
export type Half = (typeof HALVES)[number];

const closed = { additionalProperties: false } as const;
const word = <T extends string>(words: readonly T[]) => Type.Enum<T[]>([...words]);
/** One value, or a list of which any is right. */
const anyOf = <T extends TSchema>(one: T) => Type.Union([one, Type.Array(Type.Union([one, Type.Null()]), { minItems: 1 })]);
const marked = (words: readonly string[]) => word(words.flatMap((name) => [name, `${name}?`]));
const rfc3339 = Type.String({ pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+08:00$` });
const matter = Type.String({ pattern: `^(${MATTERS.join('|')})(/[a-z-]+)?$` });
const stands = Type.String({ minLength: 1 });

const Code = Type.Union([stands, Type.Object({ value: stands, said: stands }, closed)]);
const ExpectedInstant = Type.Object({ at: rfc3339, within: Type.Integer({ minimum: 1, maximum: 1440 }) }, closed);
const ExpectedPoint = Type.Object(
  { lat: Type.Number({ minimum: -90, maximum: 90 }), lon: Type.Number({ minimum: -180, maximum: 180 }) },
  closed,
);
const Expected = Type.Object(
  {
    language: anyOf(word([...SPOKEN, 'und'] as const)),
    happened: Type.Optional(anyOf(ExpectedInstant)),
    place: Type.Optional(
      Type.Object(
        {
          address: Type.Optional(anyOf(stands)),
          poleCode: Type.Optional(Code),
          plateCode: Type.Optional(Code),
          point: Type.Optional(anyOf(ExpectedPoint)),
          landmark: Type.Optional(anyOf(stands)),
        },
        closed,
      ),
    ),
    matter: Type.Optional(anyOf(matter)),
    urgency: Type.Optional(anyOf(word(URGENCY_WORDS))),
    hurt: Type.Optional(anyOf(Type.Union([Type.Integer({ minimum: 0 }), Type.Literal('some')]))),
    weapons: Type.Optional(Type.Array(Type.String({ pattern: String.raw`^[a-z-]+\??$` }))),
    danger: Type.Optional(Type.Array(marked(DANGER_SIGNS))),
    impaired: Type.Optional(Type.Boolean()),
    intents: Type.Optional(Type.Array(marked(INTENTS))),
    saysWhat: Type.Optional(Type.Union([Type.Boolean(), Type.Literal('either')])),
  },
  closed,
);
const Entry = Type.Object(
  {
    id: Type.String({ pattern: `^(${SPOKEN.join('|')})-\\d{3}$` }),
    kind: Type.String({ pattern: '^[a-z-]+$' }),
    at: rfc3339,
    text: Type.String(),
    expect: Expected,
  },
  closed,
);
const Entries = Type.Array(Entry);

export type Expected = Static<typeof Expected>;
/** `file` is the language of the file an entry stands in, which is the language of its reporter. */
export type CorpusText = Static<typeof Entry> & { readonly half: Half; readonly file: SpokenLanguage };

/** What any-of fields hold, always as a list. A field left out: `[null]`. */
export function choices<T>(expected: T | readonly (T | null)[] | undefined): readonly (T | null)[] {
  if (expected === undefined) return [null];
  return Array.isArray(expected) ? (expected as readonly (T | null)[]) : [expected as T];
}

const piecesOf = (stated: string): readonly string[] => stated.split(' … ');
/** What an entry says stands in the text, piece by piece. */
export function saidIn(entry: CorpusText): readonly string[] {
  const { address, landmark, poleCode, plateCode } = entry.expect.place ?? {};
  const codes = [poleCode, plateCode].filter((code) => code !== undefined).map((code) => (typeof code === 'string' ? code : code.said));
  return [...choices(address), ...choices(landmark)].flatMap((stated) => (stated === null ? [] : piecesOf(stated))).concat(codes);
}

function complaintsOf(entry: CorpusText): readonly string[] {
  const complaints = saidIn(entry)
    .filter((piece) => !entry.text.includes(piece))
    .map((piece) => `"${piece}" does not stand in the text`);
  if (!entry.id.startsWith(`${entry.file}-`)) complaints.push(`an id of ${entry.file}.yaml begins with ${entry.file}-`);
  for (const stated of choices(entry.expect.happened)) {
    if (stated !== null && Number.isNaN(Date.parse(stated.at))) complaints.push(`happened: no such instant, ${stated.at}`);
  }
  if (Number.isNaN(Date.parse(entry.at))) complaints.push(`at: no such instant, ${entry.at}`);
  return complaints;
}

/**
 * The entries of one file.
 * @throws Error with every complaint, one a line, where the content is not a list of right entries.
 */
export function entriesOf(content: unknown, half: Half, file: SpokenLanguage): readonly CorpusText[] {
  const name = `${half} ${file}.yaml`;
  if (!Value.Check(Entries, content)) {
    const complaints = Value.Errors(Entries, content).map((error) => {
      const index = Number(/^\/(\d+)/.exec(error.instancePath)?.[1] ?? Number.NaN);
      const id = Array.isArray(content) ? (content[index] as { id?: unknown } | undefined)?.id : undefined;
      return `${name}: ${typeof id === 'string' ? id : 'entry'} ${error.instancePath}: ${error.message}`;
    });
    throw new Error(complaints.join('\n'));
  }
  const entries = content.map((entry) => ({ ...entry, half, file }));
  const complaints = entries.flatMap((entry) => complaintsOf(entry).map((complaint) => `${name}: ${entry.id}: ${complaint}`));
  if (complaints.length > 0) throw new Error(complaints.join('\n'));
  return entries;
}

/** The whole corpus, or one half of it. Files are named after the language. */
export function readCorpus(halves: readonly Half[] = HALVES): readonly CorpusText[] {
  return halves.flatMap((half) => {
    const folder = new URL(half === 'held-out' ? './corpus/held-out/' : './corpus/', import.meta.url);
    const names = readdirSync(folder).filter((name) => name.endsWith('.yaml'));
    return names.toSorted().flatMap((name) => {
      const file = SPOKEN.find((language) => name === `${language}.yaml`);
      if (file === undefined) throw new Error(`${name}: no language of ours`);
      return entriesOf(parse(readFileSync(new URL(name, folder), 'utf8')), half, file);
    });
  });
}
