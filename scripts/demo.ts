/**
 * `npm run demo`: the product's main job once, on the real stack, told as it happens. Exits 0 only if everything was right, 1 where
 * something was not (the state folder then stays), 130 after Ctrl-C. Runs beside `npm start` and beside another demo.
 *
 *   npm run demo -- --keep              keeps the state folder with recordings and logs
 *   npm run demo -- --broken-webhook    dispatch answers 503 to everything: what a red verdict looks like
 */
import { rmSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { isFault, wordsOf } from '../src/kernel/faults.ts';
import { makeFolder, openHouse, type House } from './demo/house.ts';
import { lastWords } from './demo/last-words.ts';
import { startPlay, type Play } from './demo/play.ts';
import { closingTable, closingVerdict } from './demo/report.ts';
import { startStory } from './demo/story.ts';
import { paint } from './demo/terminal.ts';
import { repliesInEnglish } from './demo/text-words.ts';
import { isRight, verdict } from './demo/verdict.ts';
import { pause } from './demo/watch.ts';

/** From the end of the set-up. */
const WHOLE_PLAY_MS = 90_000;
/** More than all parts together are given to end in order. */
const ENDS_WITHIN_MS = 40_000;
const COLUMNS = 120;
const INTERRUPTED = 130;
const USAGE = 2;

class Interrupted extends Error {}

let isHeard = true;
const say = (line: string): void => {
  if (isHeard) process.stdout.write(`${line}\n`);
};
const wishes = wishesOrExit();
const look = paint(process.stdout.isTTY && (process.env['NO_COLOR'] ?? '') === '');

let isEnding = false;
let code = 1;
/** A second Ctrl-C: whoever has not ended in order by now is ended by force. */
const urged = Promise.withResolvers<void>();
const complain = (thrown: unknown): void => {
  say(`While stopping: ${wordsOf(thrown)}`);
  code = 1;
};

/** Rejects when the play must not go on: Ctrl-C, nobody reads any more, or something broke that nobody expected. */
const stopped = new Promise<never>((_, reject) => {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(signal, () => (isEnding ? urged.resolve() : reject(new Interrupted(signal))));
  }
  process.stdout.on('error', () => {
    isHeard = false;
    reject(new Interrupted('nobody reads this'));
  });
  process.on('uncaughtException', (thrown) => (isEnding ? complain(thrown) : reject(thrown)));
});
stopped.catch(() => undefined);

const folder = makeFolder();
const accidents: string[] = [];
/** A part of the stack that ends by itself ends the play: what comes after it would only hide the cause. */
const accident = Promise.withResolvers<never>();
accident.promise.catch(() => undefined);
let house: House | null = null;
let play: Play | null = null;

function wishesOrExit(): { readonly keep?: boolean; readonly 'broken-webhook'?: boolean } {
  try {
    return parseArgs({ options: { keep: { type: 'boolean' }, 'broken-webhook': { type: 'boolean' } } }).values;
  } catch (wrong) {
    process.stderr.write(`${wordsOf(wrong)}\nusage: npm run demo -- [--keep] [--broken-webhook]\n`);
    return process.exit(USAGE);
  }
}

/** Whether everything was right. */
async function demo(): Promise<boolean> {
  say(
    look.bold(
      'intake110: seven people call the police emergency number 110, one of them in Russian, and two text it; two call takers are on duty.',
    ),
  );
  say(
    look.dim(
      'Starting a real Asterisk, Redis and controller on this machine; callers are SIPp, desks and an interpreter are SIP phones,\nthe mobile carrier is a simulated CMPP gateway.',
    ),
  );
  // Waited for to the end, Ctrl-C or not: only so is everything known that has to be ended.
  house = await openHouse(folder, (line) => {
    if (!/ended unasked|would not mend/.test(line)) return;
    accidents.push(line);
    accident.reject(new Error(line));
  });
  if (wishes['broken-webhook'] === true) house.sink.behave({ do: 'answer', status: 503, body: 'out of order' });
  say('');
  const begun = Date.now();
  const { centre, folders } = house.stack.settings;
  const story = startStory(say, look, { timeZone: centre.timeZone, replies: repliesInEnglish(folders.words) });
  try {
    play = startPlay(house, story, accidents);
    const evidence = await Promise.race([accident.promise, stopped, play.seen, tooLong()]);
    story.end();
    const checks = verdict(evidence);
    say('');
    for (const line of closingTable(evidence, process.stdout.columns ?? COLUMNS)) say(line);
    say('');
    for (const line of closingVerdict(checks, look)) say(line);
    say(look.dim(`The whole play took ${Math.round((Date.now() - begun) / 1000)} s.`));
    return isRight(checks);
  } finally {
    story.end();
  }
}

function tooLong(): Promise<never> {
  return new Promise((_, reject) => {
    const words = `the play did not come to its end within ${WHOLE_PLAY_MS / 1000} s`;
    setTimeout(() => reject(new Error(words)), WHOLE_PLAY_MS).unref();
  });
}

/** The people, then the stack; what does not end in time is ended by force. */
async function end(keep: boolean): Promise<void> {
  const force = async (): Promise<void> => {
    await Promise.race([urged.promise, pause(ENDS_WITHIN_MS)]);
    await Promise.all((house?.stack.parts ?? []).map((part) => part.kill()));
    throw new Error('it did not end in order, and was ended by force');
  };
  const inOrder = async (): Promise<void> => {
    await play?.stop().catch(complain);
    await house?.close();
  };
  await Promise.race([inOrder(), force()]);
  if (!keep) rmSync(folder, { recursive: true, force: true });
}

const showLastWords = (): void => {
  for (const line of lastWords(house, play, accidents)) say(line);
};

try {
  code = (await demo()) ? 0 : 1;
  if (code !== 0) showLastWords();
} catch (failed) {
  if (failed instanceof Interrupted) {
    code = INTERRUPTED;
    say('\nStopping.');
  } else {
    say(`\n${look.bad(look.bold(`The demo failed: ${wordsOf(failed)}`))}`);
    if (isFault(failed)) for (const detail of failed.details) say(`  - ${detail}`);
    showLastWords();
  }
}
const keep = wishes.keep === true || code === 1;
isEnding = true;
await end(keep).catch(complain);
if (keep) say(`\nLogs, records and recordings are in ${folder}`);
process.exit(code);
