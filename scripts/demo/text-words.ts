/**
 * The words of the story for what reporters write: each part as it comes, the document that dispatch gets of it, what goes back.
 * Reads the incident as it was delivered and adds nothing to it. Never decides anything.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Incident } from '../../src/incident/incident.ts';
import { widthOf } from './terminal.ts';
import type { Texter } from './texters.ts';

const COLUMNS = 100;

/** `nth`: which part it is to come, counted from 0. */
export function partWords({ arrive, gists }: Texter, nth: number): string {
  const part = arrive[nth] ?? 1;
  const gist = `“${gists[part - 1] ?? ''}”`;
  if (arrive.length === 1) return wrapped(gist);
  const last = nth === arrive.length - 1 ? ', and the text is whole' : '';
  return `part ${part} of ${arrive.length} arrives${nth === 0 ? ' first' : ''}${last}\n${wrapped(gist)}`;
}

/** What a dispatcher sees: the words with their gaps marked, and what was made out of them by rule. */
export function documentWords(incident: Incident, timeZone: string): string {
  const { texts, happened, place, matter, urgency, circumstances, reporter, confirmed } = incident;
  const words = (texts?.messages ?? []).filter(({ direction }) => direction === 'from-reporter').map(({ text }) => text);
  const clock = new Intl.DateTimeFormat('en-GB', { timeZone, hour: '2-digit', minute: '2-digit' });
  const at = happened.at === null ? '' : ` (${clock.format(new Date(happened.at))})`;
  const where = [place.address, place.poleCode === null ? null : `lamp post ${place.poleCode}`, place.landmark].filter(
    (piece) => piece !== null,
  );
  const { hurt, weapons, danger } = circumstances;
  const more = [
    hurt === null ? null : `hurt ${hurt.count ?? '?'} (${hurt.stated})`,
    ...weapons.map(({ what, stated }) => `${what} (${stated})`),
    reporter.impairment === null ? null : 'cannot hear or speak',
  ].filter((piece) => piece !== null);
  const facts = [
    `when ${happened.stated === null ? 'not said yet' : happened.stated + at}`,
    `where ${where.join(', ') || 'not said yet'}`,
    `what ${[matter.code ?? matter.class, urgency].filter((word) => word != null).join(', ')}`,
    ...more,
  ];
  const silence = `SILENCE: ${danger.map(({ sign, stated }) => `${sign} (${stated})`).join(', ')}; nothing goes back until a call taker decides`;
  return [
    ...words.map(wrapped),
    wrapped(`${facts.join(' · ')}${confirmed ? '' : ' · made out by rule, confirmed by nobody yet'}`),
    ...(texts?.contact === 'silent' ? [wrapped(silence)] : []),
  ].join('\n');
}

/** Which texts to the reporter stand in it, each as it stood when this version was written. */
export function answersWords({ texts }: Incident): string {
  const ours = (texts?.messages ?? []).filter(({ direction }) => direction === 'to-reporter');
  return `to the reporter: ${ours.map(({ purpose, state }) => `${purpose} (${state})`).join(', ') || 'nothing'}`;
}

/** What the centre answers in Chinese, each with the English of the same reply. */
export function repliesInEnglish(folder: string): ReadonlyMap<string, string> {
  const replies = parse(readFileSync(join(folder, 'replies.yaml'), 'utf8')) as Readonly<Record<string, Readonly<Record<string, string>>>>;
  return new Map(Object.entries(replies['zh'] ?? {}).map(([key, words]) => [words, replies['en']?.[key] ?? '']));
}

/** Over several lines, none wider than the terminal's usual columns; broken at blanks, and anywhere in Chinese. */
function wrapped(text: string): string {
  const lines: string[] = [];
  let line = '';
  for (const piece of text.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+/gu) ?? []) {
    if (line !== '' && widthOf(line + piece.trimEnd()) > COLUMNS) {
      lines.push(line.trimEnd());
      line = '';
    }
    line += piece;
  }
  return [...lines, line.trimEnd()].join('\n');
}
