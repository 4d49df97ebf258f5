/**
 * `npm run scores`: reads every text of the corpus and prints, field by field, how much of what was found is right (precision) and how
 * much of what was expected was found (recall), for the half that is worked on and the half held out, in all and by language. Rules of
 * matching: test/reading/scoring.ts.
 *
 *   --misses [worked-on|held-out]   what was missed, extra or wrong besides, one a line; worked-on where no half is named
 *   --kinds                         recall by kind of text (hiding, fraud, …), all fields together
 *
 * Never fails for a low score: it measures.
 */
import { parseArgs } from 'node:util';
import { SPOKEN } from '../src/reading/reading.ts';
import { read } from '../src/reading/read.ts';
import { instant } from '../src/kernel/instants.ts';
import { HALVES, readCorpus, type CorpusText, type Half } from '../test/reading/corpus.ts';
import { corpusRules } from '../test/reading/corpus-rules.ts';
import { FIELDS, precisionOf, recallOf, tallyOf, verdictsOf, type Verdict } from '../test/reading/scoring.ts';

interface Scored {
  readonly entry: CorpusText;
  readonly verdicts: readonly Verdict[];
}

const percent = (share: number | null): string => (share === null ? '–' : `${(share * 100).toFixed(0)} %`);
const say = (line = ''): boolean => process.stdout.write(`${line}\n`);

/** A Markdown table, padded to be read in a terminal too. */
function table(head: readonly string[], rows: readonly (readonly string[])[]): void {
  const widths = head.map((title, column) => Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string =>
    `| ${cells.map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0))).join(' | ')} |`;
  say(line(head));
  say(`|${widths.map((width, column) => (column === 0 ? `:${'-'.repeat(width + 1)}` : `${'-'.repeat(width + 1)}:`)).join('|')}|`);
  for (const row of rows) say(line(row));
  say();
}

const ofHalf = (scored: readonly Scored[], half: Half): readonly Scored[] => scored.filter(({ entry }) => entry.half === half);
const verdictsIn = (scored: readonly Scored[]): readonly Verdict[] => scored.flatMap(({ verdicts }) => verdicts);

function fieldTable(scored: readonly Scored[]): void {
  const rows = FIELDS.map((field) => [
    field,
    ...HALVES.flatMap((half) => {
      const tally = tallyOf(verdictsIn(ofHalf(scored, half)).filter((verdict) => verdict.field === field));
      return [percent(precisionOf(tally)), percent(recallOf(tally)), String(tally.right), String(tally.missed), String(tally.extra)];
    }),
  ]);
  const counts = ['right', 'missed', 'extra'];
  table(['field', ...HALVES.flatMap((half) => [`${half}: precision`, 'recall', ...counts])], rows);
}

function languageTable(scored: readonly Scored[]): void {
  const rows = FIELDS.map((field) => [
    field,
    ...SPOKEN.map((language) => {
      const texts = scored.filter(({ entry }) => entry.file === language);
      const tally = tallyOf(verdictsIn(texts).filter((verdict) => verdict.field === field));
      return `${percent(precisionOf(tally))} / ${percent(recallOf(tally))}`;
    }),
  ]);
  table(['precision / recall', ...SPOKEN], rows);
}

function kindTable(scored: readonly Scored[]): void {
  const kinds = [...new Set(scored.map(({ entry }) => entry.kind))].toSorted();
  const rows = kinds.map((kind) => [
    kind,
    ...HALVES.flatMap((half) => {
      const texts = ofHalf(scored, half).filter(({ entry }) => entry.kind === kind);
      const tally = tallyOf(verdictsIn(texts));
      return [String(texts.length), percent(precisionOf(tally)), percent(recallOf(tally))];
    }),
  ]);
  table(['kind', ...HALVES.flatMap((half) => [`${half}: texts`, 'precision', 'recall'])], rows);
}

function misses(scored: readonly Scored[]): void {
  for (const field of FIELDS) {
    const wrong = scored.flatMap(({ entry, verdicts }) =>
      verdicts.filter((verdict) => verdict.field === field && verdict.missed + verdict.extra > 0).map((verdict) => ({ entry, verdict })),
    );
    if (wrong.length === 0) continue;
    say(`${field} (${wrong.length})`);
    for (const { entry, verdict } of wrong) {
      say(`  ${entry.id} expected ${verdict.expected}, found ${verdict.found}   ⟨${entry.text.replaceAll('\n', ' ⏎ ')}⟩`);
    }
    say();
  }
}

const { values, positionals } = parseArgs({
  options: { misses: { type: 'boolean', default: false }, kinds: { type: 'boolean', default: false } },
  allowPositionals: true,
});
const halfOfMisses = HALVES.find((half) => half === (positionals[0] ?? 'worked-on'));
if (halfOfMisses === undefined || positionals.length > 1) {
  process.stderr.write(`usage: scores [--kinds] [--misses [${HALVES.join('|')}]]\n`);
  process.exit(2);
}

const rules = corpusRules();
const scored = readCorpus().map((entry) => ({
  entry,
  verdicts: verdictsOf(entry, read(entry.text, instant(Date.parse(entry.at)), rules)),
}));

say(`All languages (${HALVES.map((half) => `${ofHalf(scored, half).length} texts ${half}`).join(', ')})\n`);
fieldTable(scored);
say('Held out, by language\n');
languageTable(ofHalf(scored, 'held-out'));
for (const language of SPOKEN) {
  const texts = scored.filter(({ entry }) => entry.file === language);
  say(`${language} (${HALVES.map((half) => `${ofHalf(texts, half).length} texts ${half}`).join(', ')})\n`);
  fieldTable(texts);
}
if (values.kinds) {
  say('All fields by kind of text\n');
  kindTable(scored);
}
if (values.misses) {
  say(`Misses, ${halfOfMisses}\n`);
  misses(ofHalf(scored, halfOfMisses));
}
