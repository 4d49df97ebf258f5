import { DANGER_SIGNS } from '../../src/reading/reading.ts';
import { expect, test } from 'vitest';
import { incidentId, textId, threadId } from '../../src/kernel/ids.ts';
import { answer, onTheirWay } from '../../src/sms/answering.ts';
import { decide } from '../../src/sms/guard.ts';
import { closeThread, putBack, takeOver } from '../../src/sms/holding.ts';
import { reported, sendingAnswered, sendingNext } from '../../src/sms/outgoing.ts';
import type { Refused } from '../../src/sms/rules.ts';
import { splitFrom } from '../../src/sms/split-join.ts';
import { takeText } from '../../src/sms/taking-in.ts';
import type { Thread } from '../../src/sms/thread.ts';
import { all, ANNA, at, opened, part, RULES, text } from './world.ts';

/**
 * What happens to a thread, line by line, and behind the arrow how it then stands: who has it, the guard unless it is open, and every text
 * of ours in its state. A line that is refused says so.
 */
const TRANSCRIPTS: Readonly<Record<string, string>> = {
  'the usual way: receipt, one question, a call taker, police': `
    0 writes @what                 → waiting; 1 receipt, place? waiting
    0 given 1                      → waiting; 1 receipt, place? sent
    1 accepted 1                   → waiting; 1 receipt, place? accepted
    5 delivered 1                  → waiting; 1 receipt, place? delivered
    60 writes @place               → waiting; 1 receipt, place? delivered; 2 question, time? waiting
    60 given 2                     → waiting; 1 receipt, place? delivered; 2 question, time? sent
    61 accepted 2                  → waiting; 1 receipt, place? delivered; 2 question, time? accepted
    70 taken                       → taken; 1 receipt, place? delivered; 2 question, time? accepted
    80 answers                     → taken; 1 receipt, place? delivered; 2 question, time? accepted; 3 call-taker waiting
    90 on their way                → taken; 1 receipt, place? delivered; 2 question, time? accepted; 3 call-taker waiting; 4 on-their-way waiting
    99 closed                      → closed; 1 receipt, place? delivered; 2 question, time? accepted; 3 call-taker waiting; 4 on-their-way waiting`,
  'one who hides, and is safe later': `
    0 writes @what !hiding         → waiting, silent
    9 writes #asks-state           → waiting, silent
    10 taken                       → taken, silent
    11 answers                     → refused: an answer may endanger the reporter (hiding); decide first whether they may be answered
    12 on their way                → taken, silent; 1 on-their-way withheld
    20 allowed                     → taken, allowed; 1 on-their-way withheld
    21 answers                     → taken, allowed; 1 on-their-way withheld; 2 call-taker waiting
    22 given 2                     → taken, allowed; 1 on-their-way withheld; 2 call-taker sent
    23 writes !captive             → taken, silent; 1 on-their-way withheld; 2 call-taker withheld
    24 accepted 2                  → taken, silent; 1 on-their-way withheld; 2 call-taker accepted
    30 forbidden                   → taken, forbidden; 1 on-their-way withheld; 2 call-taker accepted
    31 answers                     → refused: a call taker decided that this reporter must not be answered`,
  'a long text whose last part tells of danger': `
    0 writes 1/2 @what             → waiting; 1 receipt, place? waiting
    7 given 1                      → nothing to do
    7 writes 2/2 !no-reply         → waiting, silent; 1 receipt, place? withheld
    8 given 1                      → nothing to do`,
  'a long text whose last part never comes': `
    0 writes 1/2 @what             → waiting; 1 receipt, place? waiting
    8 given 1                      → waiting; 1 receipt, place? sent
    9 accepted 1                   → waiting; 1 receipt, place? accepted
    9 writes 1/2 @what             → waiting; 1 receipt, place? accepted`,
  'a gateway that is away': `
    0 writes @what                 → waiting; 1 receipt, place? waiting
    0 given 1                      → waiting; 1 receipt, place? sent
    1 unreachable 1                → waiting; 1 receipt, place? waiting
    2 given 1                      → nothing to do
    3 given 1                      → waiting; 1 receipt, place? sent
    20 given 1                     → nothing to do
    33 given 1                     → waiting; 1 receipt, place? sent
    34 refused 1                   → waiting; 1 receipt, place? failed
    40 writes hello                → waiting; 1 receipt, place? failed; 2 question, place? waiting`,
  'a carrier that contradicts itself': `
    0 writes @what @time           → waiting; 1 receipt, place? waiting
    0 delivered 1                  → waiting; 1 receipt, place? waiting
    0 given 1                      → waiting; 1 receipt, place? sent
    1 accepted 1                   → waiting; 1 receipt, place? accepted
    2 failed 1                     → waiting; 1 receipt, place? failed
    3 delivered 1                  → waiting; 1 receipt, place? delivered
    4 failed 1                     → waiting; 1 receipt, place? delivered`,
  'the line of texts': `
    0 writes @place @what @time    → waiting; 1 receipt waiting
    5 taken                        → taken; 1 receipt waiting
    6 put back                     → waiting; 1 receipt waiting
    7 put back                     → waiting; 1 receipt waiting
    8 closed                       → closed; 1 receipt waiting
    9 taken                        → refused: this thread is closed; open it again first
    20 writes #asks-state          → closed; 1 receipt waiting
    30 writes he is back           → waiting; 1 receipt waiting`,
  'two emergencies in one thread': `
    0 writes @place                → waiting; 1 receipt, what? waiting
    60 writes @what                → waiting; 1 receipt, time? waiting
    70 split from 2                → waiting; 1 receipt, time? waiting
    80 writes @time                → waiting; 1 receipt, what? waiting`,
};

const NOTHING = 'nothing to do';

function after(thread: Thread, seconds: number, happens: string): Thread | Refused | typeof NOTHING {
  const now = at(seconds);
  const number = Number(/\d+$/.exec(happens)?.[0] ?? 0);
  const [what = ''] = happens.split(' ');
  if (what === 'writes') {
    const [, piece, total, said = ''] = /^writes (?:(\d)\/(\d) )?(.*)$/.exec(happens) ?? [];
    return takeText(thread, text(said, seconds, piece === undefined ? {} : part(Number(piece), Number(total))), now, RULES);
  }
  switch (what) {
    case 'given':
      return sendingNext(thread, number, now, false, RULES) ?? NOTHING;
    case 'accepted':
      return sendingAnswered(thread, number, { is: 'accepted', carrierIds: ['a'] }, now, RULES);
    case 'refused':
    case 'unreachable':
      return sendingAnswered(thread, number, { is: what, answer: 'no' }, now, RULES);
    case 'delivered':
    case 'failed':
      return reported(thread, number, 'a', what, 'X', now);
    case 'taken':
      return takeOver(thread, ANNA, now);
    case 'put':
      return putBack(thread, ANNA, now);
    case 'closed':
      return closeThread(thread, now);
    case 'answers':
      return answer(thread, 'stay where you are', ANNA, now, RULES);
    case 'on':
      return onTheirWay(thread, now, RULES);
    case 'allowed':
    case 'forbidden':
      return decide(thread, what === 'allowed', 'seen by a patrol', DANGER_SIGNS, ANNA, now);
    case 'split': {
      const from = thread.received[number - 1]?.id ?? textId('none');
      const halves = splitFrom(thread, from, { id: threadId('S'), incident: incidentId('S') }, now, RULES);
      return 'refused' in halves ? halves : halves.rest;
    }
    default:
      throw new Error(`no such happening: ${happens}`);
  }
}

const standing = (thread: Thread): string =>
  [`${thread.holder.is}${thread.guard.is === 'open' ? '' : `, ${thread.guard.is}`}`, ...all(thread)].join('; ');

test.each(Object.entries(TRANSCRIPTS))('%s', (_, transcript) => {
  const lines = transcript
    .trim()
    .split('\n')
    .map((line) => /^\s*(\d+) (.*?)\s+→ (.*)$/.exec(line) ?? []);
  let thread = opened(text('', 0));
  const told = lines.map(([, seconds = '', happens = '']) => {
    const next = after(thread, Number(seconds), happens);
    if (next === NOTHING) return NOTHING;
    if ('refused' in next) return `refused: ${next.refused}`;
    thread = next;
    return standing(thread);
  });
  expect(told).toEqual(lines.map(([, , , expected]) => expected));
});
