/**
 * Tells what happens as it happens, for somebody who has never seen the product: one line for each thing, with the seconds since the first
 * call. What happened is read from the journal, from Asterisk and from the sink; this file finds the words. Never decides anything.
 */
import { masked, phoneNumber } from '../../src/kernel/phone-numbers.ts';
import type { JournalLine, ShownCall } from './api.ts';
import type { Arrived } from './carrier.ts';
import type { Caller } from './cast.ts';
import type { Heard } from './sounds.ts';
import { padded, type Paint } from './terminal.ts';
import { answersWords, documentWords, partWords } from './text-words.ts';
import { texterOf, type Texter } from './texters.ts';
import type { Delivered } from './verdict.ts';

/** Lines come from several places, a little late each: they are held back so long and told in the order of their moments. */
const HELD_BACK_MS = 400;

export const shownNumber = (number: string | null): string => masked(phoneNumber(number));

/** Where the words of a line begin. */
const INDENT = 13;

/** In English, for those who do not read Chinese. */
const PROMPTS = {
  greeting: {
    name: 'the greeting',
    gist: 'Hello, this is the 110 police line. Calls are answered in the order they came; please do not hang up.',
  },
  patience: {
    name: 'the patience prompt',
    gist: 'Please do not hang up, you will be answered in your turn. Who redials starts at the end of the line.',
  },
  'interpreter/sought': {
    name: 'that an interpreter is being called',
    gist: 'An interpreter is being called for you. Please do not hang up.',
  },
  'interpreter/found': {
    name: 'that an interpreter has been found',
    gist: 'An interpreter has been found and will join the call. Please do not hang up.',
  },
} as const;

const isPrompt = (clip: string): clip is keyof typeof PROMPTS => Object.hasOwn(PROMPTS, clip);
const LANGUAGE_NAMES: Readonly<Record<string, string>> = { zh: 'Chinese', en: 'English', ru: 'Russian', ja: 'Japanese', ko: 'Korean' };

export interface Story {
  /** A caller is known by number and ticket; tell it before listening to the call. */
  arrived(call: ShownCall, caller: Caller): void;
  journal(line: JournalLine): void;
  heard(heard: Heard): void;
  delivered(delivered: Delivered): void;
  note(number: string, words: string, at: number): void;
  /** Somebody begins to write. */
  writes(texter: Texter, at: number): void;
  /** `nth`: which of the parts to come, counted from 0. */
  part(texter: Texter, nth: number, at: number): void;
  wrote(texter: Texter, words: string, at: number): void;
  /** A text of ours is on somebody's phone. */
  onPhone(arrived: Arrived, at: number): void;
  /** Everything held back is told. */
  end(): void;
}

/** Where it plays. */
export interface Centre {
  readonly timeZone: string;
  /** What is answered in Chinese, with its English. */
  readonly replies: ReadonlyMap<string, string>;
}

interface Line {
  readonly at: number;
  /** A ticket, or the label of who writes. */
  readonly label: string;
  readonly words: string;
}

export function startStory(say: (line: string) => void, { bold, dim }: Paint, { timeZone, replies }: Centre): Story {
  const calls = new Map<string, ShownCall>();
  const pieces = new Map<string, Heard[]>();
  const translated = new Set<string>();
  /** As they were told last, by incident. */
  const documents = new Map<string, string>();
  let lines: Line[] = [];
  let begun: number | null = null;

  const tellUntil = (moment: number): void => {
    const due = lines.filter(({ at }) => at <= moment).toSorted((a, b) => a.at - b.at);
    lines = lines.filter(({ at }) => at > moment);
    for (const { at, label, words } of due) {
      begun ??= at;
      const seconds = `${((at - begun) / 1000).toFixed(1)} s`.padStart(7);
      const [first = '', ...rest] = words.split('\n');
      say(`${dim(seconds)}  ${bold(padded(label, 3))} ${first}`);
      for (const more of rest) say(`${' '.repeat(INDENT)}${dim(more)}`);
    }
  };
  const timer = setInterval(() => tellUntil(Date.now() - HELD_BACK_MS), 50);
  const tell = (at: number, ticket: number | null, words: string): void =>
    void lines.push({ at, label: ticket === null ? '' : `#${ticket}`, words });
  const tellOf = ({ label }: Texter, at: number, words: string): void => void lines.push({ at, label, words });
  const ticketOf = (call: string): number | null => calls.get(call)?.ticket ?? null;

  /** In full once, and by its name after that. */
  const prompt = (clip: keyof typeof PROMPTS, { language, words }: Heard): string => {
    const { name, gist } = PROMPTS[clip];
    if (isNew(`${language} ${clip}`)) return `hears ${words}\n“${gist}”`;
    return language === 'zh' ? `hears ${name}` : `hears ${name}, in ${LANGUAGE_NAMES[language]}`;
  };
  const isNew = (piece: string): boolean => {
    const known = translated.has(piece);
    translated.add(piece);
    return !known;
  };

  return {
    arrived: (call, { number, about }) => {
      calls.set(call.id, call);
      tell(Date.parse(call.arrivedAt), call.ticket, bold(`${shownNumber(number)} calls 110 and draws ticket ${call.ticket}: ${about}`));
    },
    journal: ({ at, kind, call, callTaker, ticket, data }) => {
      const moment = Date.parse(at);
      const arrivedAt = calls.get(call ?? '')?.arrivedAt;
      const waited = arrivedAt === undefined ? '' : `${((moment - Date.parse(arrivedAt)) / 1000).toFixed(1)} s`;
      const words =
        interpreterWords(kind, data['interpreter']) ?? wordsFor(kind, `${data['from']} → ${data['to']}`, callTaker ?? '', waited);
      if (words !== null) tell(moment, ticket, words.startsWith('!') ? bold(words.slice(1)) : words);
    },
    heard: (heard) => {
      const { call, clip, words } = heard;
      const at = Date.now();
      if (isPrompt(clip)) return tell(at, ticketOf(call), prompt(clip, heard));
      const key = /^menu\/(\d)$/.exec(clip)?.[1];
      if (key !== undefined) {
        const gist = `For ${LANGUAGE_NAMES[heard.language]}, press ${key}.`;
        if (isNew(`${heard.language} ${clip}`)) tell(at, ticketOf(call), `hears ${words}${words === gist ? '' : dim(` “${gist}”`)}`);
        else if (key === '1') tell(at, ticketOf(call), 'hears which keys choose a language');
        return undefined;
      }
      if (clip === 'place/next') return tell(at, ticketOf(call), `hears ${words} ${dim('“You are next.”')}`);
      const said = clip === 'place/ahead' ? [heard] : [...(pieces.get(call) ?? []), heard];
      pieces.set(call, said);
      // The last piece, in Chinese and in Russian.
      if (clip !== 'place/callers' && !clip.startsWith('person/')) return undefined;
      const ahead = said.reduce((sum, piece) => sum + figure(piece.clip), 0);
      const gist = ahead === 1 ? 'One caller is before you.' : `${ahead} callers are before you.`;
      return tell(
        at,
        ticketOf(call),
        `hears ${said.map((piece) => piece.words).join(heard.language === 'zh' ? '' : ' ')} ${dim(`“${gist}”`)}`,
      );
    },
    delivered: ({ at, type, incident, complaint, isAccepted }) => {
      const signed = complaint === null ? 'signature verified' : `NOT GENUINE: ${complaint}`;
      const told = `▶ dispatch ${isAccepted ? 'has' : 'REFUSES'} ${type}, version ${incident.version}, ${signed}`;
      const texter = incident.channel === 'text' ? texterOf(incident.reporter.number) : null;
      if (texter === null) tell(at, incident.call?.ticket ?? null, told);
      else {
        const document = documentWords(incident, timeZone);
        tellOf(texter, at, `${told}\n${documents.get(incident.id) === document ? answersWords(incident) : document}`);
        documents.set(incident.id, document);
      }
    },
    note: (number, words, at) => {
      const call = [...calls.values()].find((one) => one.number === number);
      tell(at, call?.ticket ?? null, words);
    },
    writes: (texter, at) => {
      const { number, to, about } = texter;
      tellOf(texter, at, bold(`${shownNumber(number)} does not call and texts ${to}: ${about}`));
    },
    part: (texter, nth, at) => tellOf(texter, at, partWords(texter, nth)),
    wrote: (texter, words, at) => tellOf(texter, at, words),
    onPhone: ({ number, from, text }, at) => {
      const texter = texterOf(number);
      const gist = replies.get(text) ?? '';
      const words = `◀ a text from ${from} arrives at this phone: ${text}${gist === '' ? '' : `\n“${gist}”`}`;
      if (texter === null) tell(at, null, words);
      else tellOf(texter, at, bold(words));
    },
    end: () => {
      clearInterval(timer);
      tellUntil(Infinity);
    },
  };
}

/** `number/4` is 4, `number/liang` (two, of something) is 2; the pieces of a composed number below twenty add up. */
function figure(clip: string): number {
  const name = clip.startsWith('number/') ? clip.slice('number/'.length) : '0';
  return name === 'liang' ? 2 : Number(name);
}

/** What the journal tells of the interpreter; `interpreter`: what has become of that part of the call by this event. `null`: nothing. */
function interpreterWords(kind: string, interpreter: unknown): string | null {
  switch (kind) {
    case 'LanguageChosen':
      return `everything is said in that language from now on${interpreter === 'sought' ? ', and an interpreter is called' : ''}`;
    case 'VolunteersChosen':
      return 'the phone of a volunteer interpreter rings';
    case 'VolunteerAnswered':
      return 'the volunteer answers and hears who asks, for which language, and the key that accepts; no number and no address';
    case 'VolunteerPressed':
      if (interpreter === 'prepared') return '!the volunteer accepts by a key: the interpreter is ready before a call taker is';
      return interpreter === 'present' ? '!the volunteer accepts by a key and is in the conversation' : null;
    default:
      return null;
  }
}

/** `way`: from which place to which; `!` in front: a turn of the story. `null`: not told. */
function wordsFor(kind: string, way: string, callTaker: string, waited: string): string | null {
  switch (way) {
    case 'greeting → offered':
    case 'waiting → offered':
      return `is first in the line: the phone of call taker ${callTaker} rings`;
    case 'offered → waiting':
      return `!call taker ${callTaker} does not answer: back into the line with the same ticket, and ${callTaker} is on pause`;
    case 'offered → talking':
      return `!talks with call taker ${callTaker}, ${waited} after the call came in; recorded from the first word`;
    case 'talking → ended':
      return kind === 'CallerLeft' ? 'hangs up' : `call taker ${callTaker} ends the conversation`;
    case 'greeting → ended':
    case 'waiting → ended':
    case 'offered → ended':
      return `!hangs up unanswered after ${waited}: an abandoned call, on record with its number, wait and place`;
    default:
      return null;
  }
}
