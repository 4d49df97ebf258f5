/**
 * Requirements as plain text: what happens stands at the margin, what is done stands indented below it, and behind the arrow where the
 * caller is then. A transcript is run against the machine alone and against the whole control room. To rewrite what is done after a
 * change that is understood: `REWRITE_TRANSCRIPTS=yes npm test -- test/transcripts`.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Call, Place } from '../../src/call/call.ts';
import type { Action } from '../../src/call/effects.ts';
import type { LanguageOffer, Message } from '../../src/call/messages.ts';

export interface Beat {
  readonly happens: string;
  readonly done: readonly string[];
}

export interface Transcript {
  readonly file: string;
  /** The comment at the head: what must hold. */
  readonly title: string;
  readonly offers: readonly LanguageOffer[];
  /** Those named interpreter-… have volunteers, and prepare one while the caller waits. */
  readonly hasVolunteers: boolean;
  readonly beats: readonly Beat[];
}

const folder = import.meta.dirname;
/** The centre of the transcripts speaks Mandarin; in those named language-… and interpreter-… it offers English and Russian as well. */
const OFFERS = [
  { language: 'en', key: '1' },
  { language: 'ru', key: '2' },
];
export const REWRITE = process.env.REWRITE_TRANSCRIPTS === 'yes';

export const transcripts = (): readonly Transcript[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .toSorted()
    .map((name) => read(name));

function read(file: string): Transcript {
  const lines = readFileSync(join(folder, file), 'utf8').split('\n');
  const title = lines.filter((line) => line.startsWith('#')).map((line) => line.slice(1).trim());
  const beats: { happens: string; done: string[] }[] = [];
  for (const line of lines) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    if (!line.startsWith(' ')) beats.push({ happens: line.trim(), done: [] });
    else beats.at(-1)?.done.push(line.trim());
  }
  return {
    file,
    title: title.join(' '),
    offers: /^(language|interpreter)-/.test(file) ? OFFERS : [],
    hasVolunteers: file.startsWith('interpreter-'),
    beats,
  };
}

export function rewrite(transcript: Transcript, done: readonly (readonly string[])[]): void {
  const head = readFileSync(join(folder, transcript.file), 'utf8')
    .split('\n')
    .filter((line) => line.startsWith('#'));
  const body = transcript.beats.map(({ happens }, i) => [happens, ...(done[i] ?? []).map((line) => `    ${line}`)].join('\n'));
  writeFileSync(join(folder, transcript.file), `${head.join('\n')}\n\n${body.join('\n\n')}\n`);
}

export const volunteerOf = (call: Call, leg: number): string => call.askings.find((asking) => asking.leg === leg)?.volunteer ?? 'nobody';

/** Two volunteers interpret Russian; they are rung side by side. */
export const VOLUNTEERS = ['v1', 'v2'];

export const whereTo = (place: Place): string => `→ ${place}`;

/** An action in the words of the transcripts. */
export function wordsFor(action: Action, call: Call): string {
  const of = (attempt: number): string => call.offers.find((offer) => offer.attempt === attempt)?.to ?? 'nobody';
  switch (action.do) {
    case 'claim-caller':
      return 'claim the caller';
    case 'say':
      return `say ${messageWords(action.message)}${inOther(call.language)}`;
    case 'hush':
      return 'hush';
    case 'ring':
      return `ring ${action.callTaker}`;
    case 'release-call-taker':
      return `let ${of(action.attempt)} go`;
    case 'join':
      return `join ${of(action.attempt)} and record`;
    case 'part':
      return `part from ${of(action.attempt)}`;
    case 'hold':
      return `hold for ${of(action.attempt)}`;
    case 'resume':
      return `resume with ${of(action.attempt)}`;
    case 'ring-volunteer':
      return `ring ${volunteerOf(call, action.leg)}`;
    case 'tell-volunteer':
      return `tell ${volunteerOf(call, action.leg)} ${messageWords(action.message)}`;
    case 'release-volunteer':
      return `let ${volunteerOf(call, action.leg)} go${action.thanks === null ? '' : ' with thanks'}`;
    case 'join-interpreter':
      return `join ${volunteerOf(call, action.leg)} as the third`;
    case 'release-caller':
      return 'let the caller go';
  }
}

/** Named only where it is not the centre's own. */
export const inOther = (language: string): string => (language === 'zh' ? '' : ` in ${language}`);

export function messageWords(message: Message): string {
  if (message.say === 'volunteer-asked') return `volunteer-asked for ${message.language}`;
  if (message.say !== 'patience') return message.say;
  const place = message.place === null ? '' : `, place ${message.place}`;
  const news = message.interpreter === null ? '' : `, interpreter ${message.interpreter}`;
  const wait = message.wait === null ? '' : `, ${message.wait.fromMinutes} to ${message.wait.toMinutes} minutes`;
  return `patience${place}${wait}${news}`;
}
