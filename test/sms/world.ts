/**
 * A small world for the steps of a thread: texts that say openly what they tell (`@place`, `!hiding`, `#asks-state`, `en:`), so that a
 * test speaks of threads and not of words. The replies are the centre's own.
 */
import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { callTakerId, incidentId, textId, threadId } from '../../src/kernel/ids.ts';
import { instant, type Instant } from '../../src/kernel/instants.ts';
import { phoneNumber } from '../../src/kernel/phone-numbers.ts';
import { NOTHING_READ, DANGER_SIGNS, INTENTS, SPOKEN, type Found, type Reading, type Urgency } from '../../src/reading/reading.ts';
import { repliesOf, type Replies } from '../../src/sms/replies.ts';
import { USUAL_NUMBERS, type Refused, type TextRules } from '../../src/sms/rules.ts';
import { openThread, takeText } from '../../src/sms/taking-in.ts';
import type { KeptText, PartHeader } from '../../src/sms/text.ts';
import type { Outgoing, Thread } from '../../src/sms/thread.ts';
import { USUAL_WHICH } from '../../src/sms/which-rules.ts';

export const START = instant(1_780_000_000_000);
export const at = (seconds: number): Instant => instant(START + Math.round(seconds * 1000));
export const ANNA = callTakerId('1001');
export const BERT = callTakerId('1002');

export const REPLIES: Replies = (() => {
  const checked = repliesOf(parse(readFileSync(new URL('../../words/replies.yaml', import.meta.url), 'utf8')));
  if (checked.is === 'wrong') throw new Error(checked.complaints.join('\n'));
  return checked.value;
})();

const found = <T>(said: string, value: T): Found<T> => ({ said, certainty: 'stated', value });

export function readTogether(texts: readonly { readonly text: string; readonly at: Instant }[]): Reading {
  const all = texts.map(({ text }) => text).join('\n');
  const has = (mark: string): boolean => all.includes(mark);
  const tag = SPOKEN.find((language) => texts.some(({ text }) => text.startsWith(`${language}:`)));
  const urgency: Urgency | null = has('@immediate') ? 'immediate' : has('@urgent') ? 'urgent' : null;
  return {
    ...NOTHING_READ,
    language: { tag: tag ?? 'und', certainty: 'guessed' },
    happened: has('@time') ? found('@time', START) : null,
    place: { ...NOTHING_READ.place, landmark: has('@place') ? found('@place', '@place') : null },
    urgency: urgency === null ? null : found(`@${urgency}`, urgency),
    danger: DANGER_SIGNS.filter((sign) => has(`!${sign}`)).map((sign) => found(`!${sign}`, sign)),
    intents: INTENTS.filter((intent) => has(`#${intent}`)).map((intent) => found(`#${intent}`, intent)),
    saysWhat: has('@what'),
  };
}

export const RULES: TextRules = {
  ...USUAL_NUMBERS,
  which: USUAL_WHICH,
  language: 'zh',
  centreName: '哈尔滨',
  replies: REPLIES,
  read: (text, time) => readTogether([{ text, at: time }]),
  readTogether,
};

let drawn = 0;
/** A text that came `seconds` after the start. */
export function text(words: string | null, seconds: number, about: Partial<KeptText> = {}): KeptText {
  drawn += 1;
  return {
    id: textId(`T${String(drawn).padStart(6, '0')}`),
    gateway: 'mobile',
    carrierId: null,
    from: '13845101234',
    to: '12110',
    coding: words === null ? 'binary' : 'utf8',
    octets: Buffer.from(words ?? '\u0001\u0002').toString('base64'),
    part: null,
    sentAt: null,
    receivedAt: at(seconds),
    ...about,
  };
}
export const part = (number: number, total: number, reference = 7): { readonly part: PartHeader } => ({
  part: { reference, width: 8, total, number },
});

export const opened = (first: KeptText, name = 'A'): Thread =>
  openThread(first, { id: threadId(name), incident: incidentId(`INCIDENT${name}`), number: phoneNumber(first.from), continues: null });

/** A thread that was opened by the first of these and took them all in, each when it came. */
export function threadOf(texts: readonly KeptText[], rules: TextRules = RULES, name = 'A'): Thread {
  const [first] = texts;
  if (first === undefined) throw new Error('a thread begins with a text');
  return texts.reduce((thread, one) => takeText(thread, one, one.receivedAt, rules), opened(first, name));
}

export function right<T extends object>(answer: T | Refused): T {
  if ('refused' in answer) throw new Error(`refused: ${answer.refused}`);
  return answer;
}
export const refusal = (answer: object): string | null => ('refused' in answer ? String(answer.refused) : null);

export function outgoing(thread: Thread, number: number): Outgoing {
  const one = thread.outgoing[number - 1];
  if (one?.number !== number) throw new Error(`no text ${number}`);
  return one;
}

/** A text of ours in a few words: `1 receipt, place? waiting`. */
export const told = ({ number, purpose, asks, state }: Outgoing): string =>
  `${number} ${purpose}${asks === null ? '' : `, ${asks}?`} ${state}`;
export const all = (thread: Thread): readonly string[] => thread.outgoing.map(told);
