/**
 * The notes of an Emergency Incident Data Object: what has no field of its own there. Whatever a reporter could have said is escaped,
 * and no line of theirs can pass for a line of ours.
 */
import { agentId, mayBeContacted, ref, type Frame } from './eido-frame.ts';
import type { EidoNotes } from './eido-types.ts';
import type { Incident } from './incident.ts';
import { paragraphs } from './markup.ts';
import { isWritten } from './record.ts';

/** Whether the reporter may be contacted stands before everything; then what happened, the texts, and what has no field of its own. */
export function notesOf(frame: Frame): readonly EidoNotes[] {
  const { incident, opening, idOf } = frame;
  const author = incident.call?.callTaker ?? (incident.confirmed ? incident.texts?.callTaker : null);
  const note = (part: string, text: string): EidoNotes => ({
    ...opening(idOf(`note.${part}`)),
    notesActionComments: paragraphs(text),
    ...(author === null || author === undefined ? {} : { agentReference: ref(agentId(frame, author)) }),
  });
  const spoken = (texts: Texts): EidoNotes => ({ ...opening(idOf('note.texts')), notesActionComments: paragraphs(messagesOf(texts)) });
  const { what, texts } = incident;
  return [
    ...(texts === null || texts.contact === 'open' ? [] : [note('contact', contactOf(incident, texts))]),
    ...(isWritten(what) ? [note('what', what)] : []),
    ...(texts === null || texts.messages.length === 0 ? [] : [spoken(texts)]),
    note('record', recordOf(incident)),
  ];
}

type Texts = NonNullable<Incident['texts']>;

function contactOf(incident: Incident, { contact, contactReason }: Texts): string {
  const why = contactReason === null ? '' : `: ${oneLine(contactReason)}`;
  if (mayBeContacted(incident)) return `The reporter may be texted and called, a call taker decided${why}`;
  const { number } = incident.reporter;
  const decided = contact === 'forbidden' ? 'a call taker decided so' : 'no call taker has decided yet';
  return [
    `DO NOT TEXT OR CALL THE REPORTER (${decided})${why}`,
    ...(number === null ? [] : [`Their number, not to be called: ${number}`]),
  ].join('\n');
}

/** In order, one a line, with time, direction and what became of ours. */
const messagesOf = ({ messages }: Texts): string =>
  messages
    .map(({ direction, at, text, isComplete, repeats, state, purpose, by }) =>
      direction === 'from-reporter'
        ? `${at} from the reporter${isComplete ? '' : ', parts missing'}${repeats === 0 ? '' : `, came ${repeats + 1} times`}: ${oneLine(text)}`
        : `${at} to the reporter by ${by ?? 'system'} (${purpose ?? 'text'}, ${state ?? 'unknown'}): ${oneLine(text)}`,
    )
    .join('\n');

/** A reporter's line break must not begin a line that looks like one of ours. */
const oneLine = (text: string): string => text.replaceAll(/\s*[\r\n\u0085\u2028\u2029]+\s*/g, ' / ');

function recordOf({
  channel,
  version,
  call,
  happened,
  matter,
  reporter,
  missing,
  circumstances,
  confirmed,
  handedOverBy,
}: Incident): string {
  return [
    `Channel ${channel}, version ${version}`,
    ...(confirmed
      ? []
      : [`Made out of the words by rule; no person has confirmed it${handedOverBy === null ? '' : `, handed over by ${handedOverBy}`}`]),
    ...circumstanceNotes(circumstances),
    ...(reporter.impairment === null ? [] : ['The reporter cannot hear or speak']),
    ...(call === null
      ? []
      : [
          `Ticket ${call.ticket ?? 'none (fallback)'}, waited ${call.waitedSeconds ?? 'still waiting'} s, recordings: ${call.recordings.join(', ') || 'none'}`,
          ...interpreterNotes(call),
          ...(call.placeWhenLeft === null ? [] : [`Left unanswered from place ${call.placeWhenLeft} in the line`]),
        ]),
    ...(isWritten(happened.stated) ? [`When it happened, as said: ${oneLine(happened.stated)}`] : []),
    ...(happened.at === null ? [] : [`When it happened: ${happened.at} (${happened.certainty})`]),
    ...(isWritten(matter.reason ?? null) ? [`Taken for ${matter.class}: ${oneLine(matter.reason ?? '')}`] : []),
    ...(reporter.confidential ? ['The reporter asks to be kept confidential'] : []),
    ...(missing.length === 0 ? [] : [`Still to be asked: ${missing.join(', ')}`]),
  ].join('\n');
}

function circumstanceNotes({ hurt, weapons, danger }: Incident['circumstances']): readonly string[] {
  const count = hurt === null || hurt.count === null ? 'number not said' : String(hurt.count);
  return [
    ...(hurt === null ? [] : [`People hurt: ${count} (${hurt.certainty}); the reporter said: ${oneLine(hurt.stated)}`]),
    ...weapons.map(({ what, stated }) => `Weapon: ${what}; the reporter said: ${oneLine(stated)}`),
    ...danger.map(({ sign, stated }) => `Sign of danger: ${sign}; the reporter said: ${oneLine(stated)}`),
  ];
}

/** EIDO has no role for an interpreter: the volunteer and the times stand in the notes (ISO 639-3). */
function interpreterNotes({ language, interpreter }: NonNullable<Incident['call']>): readonly string[] {
  const spoken = `Spoken to in ${language}`;
  if (interpreter === null) return [spoken];
  const { volunteer, joinedAt, secondsToInterpreter, asked } = interpreter;
  const came = joinedAt === null ? 'did not join' : `joined ${joinedAt}, ${secondsToInterpreter ?? '?'} s after the request`;
  return [spoken, `Interpreter for ${interpreter.language}: ${volunteer ?? 'nobody accepted'} of ${asked.length} asked, ${came}`];
}
