/**
 * What stands at the end: the table of calls and texts, and the verdict in one line for each check. Pure: makes lines, writes nothing.
 */
import type { Caller } from './cast.ts';
import { shownNumber } from './story.ts';
import type { Texter } from './texters.ts';
import { shortened, table, widthOf, type Paint } from './terminal.ts';
import { isRight, type Check, type Evidence } from './verdict.ts';

const HEAD = ['from', 'ticket', 'waited', 'who', 'language', 'incident', 'matter', 'what', 'delivered'];
const WHAT = HEAD.indexOf('what');
const WHAT_COLUMNS_MIN = 12;
const ID_LETTERS = 8;

/** What happened takes the columns that the others leave of `columns`. */
export function closingTable(evidence: Evidence, columns: number): readonly string[] {
  const rows = [
    ...evidence.callers.map(({ caller }) => rowOf(caller, evidence)),
    ...evidence.texters.map((texter) => textRowOf(texter, evidence)),
  ];
  const without = Math.max(
    ...table(
      HEAD,
      rows.map((row) => row.with(WHAT, '')),
    ).map(widthOf),
  );
  const room = Math.max(WHAT_COLUMNS_MIN, columns - without + widthOf(HEAD[WHAT] ?? ''));
  return table(
    HEAD,
    rows.map((row) => row.with(WHAT, shortened(row[WHAT] ?? '', room))),
  );
}

function rowOf({ number, about }: Caller, { calls, incidents, deliveries }: Evidence): readonly string[] {
  const call = calls.find((one) => one.number === number);
  const incident = incidents.find(({ id }) => id === call?.incident);
  const accepted = deliveries.filter((one) => one.isAccepted && one.incident.id === incident?.id);
  const waited = incident?.call?.waitedSeconds;
  return [
    shownNumber(number),
    call === undefined ? 'none' : `#${call.ticket}`,
    waited == null ? '' : `${waited.toFixed(1)} s`,
    call?.offers.map(({ callTaker, outcome }) => (outcome === 'completed' ? callTaker : `${callTaker} ${outcome}`)).join(', ') || 'nobody',
    [incident?.reporter.language, incident?.call?.interpreter?.volunteer].filter((word) => word != null).join(' by '),
    incident === undefined ? 'none' : `…${incident.id.slice(-ID_LETTERS)}`,
    incident?.matter.class ?? '',
    incident?.what ?? about,
    accepted.length === 0 ? (incident?.disposition?.outcome ?? 'no') : `v${accepted.map((one) => one.incident.version).join(', v')}`,
  ];
}

function textRowOf({ number, about, label }: Texter, { incidents, deliveries }: Evidence): readonly string[] {
  const incident = incidents.find(({ channel, reporter }) => channel === 'text' && reporter.number === number);
  const accepted = deliveries.filter((one) => one.isAccepted && one.incident.id === incident?.id);
  return [
    shownNumber(number),
    label,
    '',
    incident?.confirmed === false ? 'by rule, unconfirmed' : 'nobody',
    incident?.reporter.language ?? '',
    incident === undefined ? 'none' : `…${incident.id.slice(-ID_LETTERS)}`,
    incident?.matter.class ?? '',
    incident?.what ?? about,
    accepted.length === 0 ? 'no' : `v${accepted.map((one) => one.incident.version).join(', v')}`,
  ];
}

export function closingVerdict(checks: readonly Check[], { good, bad, bold }: Paint): readonly string[] {
  const lines = checks.flatMap(({ what, wrong }) =>
    wrong.length === 0 ? [`${good('✓')} ${what}`] : [`${bad('✗')} ${what}`, ...wrong.map((sentence) => `    ${bad(sentence)}`)],
  );
  const failed = checks.filter(({ wrong }) => wrong.length > 0).length;
  const sentence = isRight(checks)
    ? good(`All right: ${checks.length} of ${checks.length} checks hold.`)
    : bad(`Not right: ${failed} of ${checks.length} checks ${failed === 1 ? 'fails' : 'fail'}.`);
  return [...lines, '', bold(sentence)];
}
