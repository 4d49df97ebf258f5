/**
 * Words between the controllers of one centre, by Redis' Pub/Sub on a connection of its own for hearing: what has changed, and events
 * for calls that another has. Nothing is kept: a word said while nobody listens is lost, and whoever needs it looks by themselves.
 */
import { randomUUID } from 'node:crypto';
import type { CallEvent } from '../call/events.ts';
import type { AskAnswer, Change, ColleagueEars, Colleagues, Life } from '../control/membership-ports.ts';
import type { Log } from '../control/ports.ts';
import { wordsOf } from '../kernel/faults.ts';
import { callId, type CallId } from '../kernel/ids.ts';
import { clientOf } from './connection.ts';
import { keysOf } from './keys.ts';

export interface ColleaguesSettings {
  readonly url: string;
  readonly password?: string;
  readonly centre: string;
  readonly instance: string;
  /** Milliseconds an answer is waited for; 2,000 unless told. */
  readonly deadlineMs?: number;
  readonly log: Log;
}

/** `to`: the life that is asked; `from`: the instance that waits for the answer. */
interface Ask {
  readonly id: string;
  readonly to: Life;
  readonly from: string;
  readonly call: CallId;
  readonly event: CallEvent;
}
interface Answer {
  readonly answers: string;
  readonly answer: AskAnswer;
}

const CHANGES: readonly Change[] = ['line', 'seek', 'lives'];

export function openColleagues(settings: ColleaguesSettings): Colleagues {
  const { centre, instance, log, deadlineMs = 2000 } = settings;
  const { changes, words } = keysOf(centre, []);
  const me = randomUUID();
  const [speaking, hearing] = [clientOf({ ...settings, deadlineMs }), clientOf({ ...settings, deadlineMs })];
  const waiting = new Map<string, (answer: AskAnswer | 'nobody') => void>();
  const toTell = new Set<Change>();
  let ears: ColleagueEars | null = null;
  let isTelling = false;
  let isClosed = false;

  const trouble = (thrown: unknown): void =>
    log.debug({ part: 'redis', reason: wordsOf(thrown) }, 'no word to or from other controllers now');
  for (const client of [speaking, hearing]) {
    client.on('error', trouble);
    client.connect().catch(trouble);
  }
  /** How many heard it. */
  const say = async (channel: string, word: object | string): Promise<number> => {
    if (!speaking.isReady) return 0;
    return speaking.publish(channel, typeof word === 'string' ? word : JSON.stringify(word));
  };

  const heard = (text: string): void => {
    const word = parsed(text);
    if (isAnswer(word)) waiting.get(word.answers)?.(word.answer);
    else if (isAsk(word)) void answer(word);
    else log.warn({ part: 'redis' }, 'a word of another controller that means nothing here');
  };
  const answer = async ({ id, to, from, call, event }: Ask): Promise<void> => {
    try {
      const said: Answer = { answers: id, answer: (await ears?.asked(to, callId(call), event)) ?? 'not-mine' };
      await say(words + from, said);
    } catch (thrown) {
      trouble(thrown);
    }
  };
  const changed = (text: string): void => {
    const [what, from] = text.split(' ');
    const change = CHANGES.find((known) => known === what);
    if (from !== me && change !== undefined) ears?.changed(change);
  };
  /** One word on its way at a time: what changes meanwhile is told with the next. */
  const tellAll = async (): Promise<void> => {
    isTelling = true;
    try {
      for (const [change] of toTell.entries()) {
        toTell.delete(change);
        await say(changes, `${change} ${me}`);
      }
    } catch (thrown) {
      trouble(thrown);
    }
    isTelling = false;
    if (toTell.size > 0 && !isClosed) setImmediate(() => void tellAll());
  };

  return {
    listen: (given) => {
      const isFirst = ears === null;
      ears = given;
      if (!isFirst) return;
      hearing.subscribe(changes, changed).catch(trouble);
      hearing.subscribe(words + instance, heard).catch(trouble);
    },
    tell: (change) => {
      toTell.add(change);
      if (!isTelling && !isClosed) void tellAll();
    },
    ask: async (owner, call, event) => {
      const id = randomUUID();
      const { promise, resolve } = Promise.withResolvers<AskAnswer | 'nobody'>();
      const timer = setTimeout(() => resolve('nobody'), deadlineMs);
      waiting.set(id, resolve);
      try {
        const ask: Ask = { id, to: owner, from: instance, call, event };
        const listeners = await say(words + owner.replace(/#\d+$/, ''), ask);
        return listeners === 0 ? 'nobody' : await promise;
      } catch (thrown) {
        trouble(thrown);
        return 'nobody';
      } finally {
        clearTimeout(timer);
        waiting.delete(id);
      }
    },
    close: async () => {
      isClosed = true;
      for (const done of [...waiting.values()]) done('nobody');
      for (const client of [speaking, hearing]) client.destroy();
      return Promise.resolve();
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

const has = <K extends string>(word: unknown, ...names: readonly K[]): word is Record<K, unknown> =>
  typeof word === 'object' && word !== null && names.every((name) => Object.hasOwn(word, name));

const isAnswer = (word: unknown): word is Answer => has(word, 'answers', 'answer');
const isAsk = (word: unknown): word is Ask =>
  has(word, 'id', 'to', 'from', 'call', 'event') && typeof word.call === 'string' && has(word.event, 'type', 'time');
