/**
 * The reporters who write: their texts in the order in which the carrier brings them, told as they come, and then a bounded wait for what
 * is to come back. Judges nothing; what did not come is the verdict's to say.
 */
import type { Carrier } from './carrier.ts';
import type { Story } from './story.ts';
import { TEXTERS, type Texter } from './texters.ts';
import { pause } from './watch.ts';

const BETWEEN_PARTS_MS = 2300;
const BETWEEN_REPORTERS_MS = 2500;
/** Longer than a receipt waits for missing parts. */
const ANSWERED_WITHIN_MS = 12_000;
/** A receipt that must not come would have come by then. */
const SILENT_FOR_MS = 4000;

export async function writeTexts(carrier: Carrier, story: Story): Promise<void> {
  for (const [nth, texter] of TEXTERS.entries()) {
    if (nth > 0) await pause(BETWEEN_REPORTERS_MS);
    await write(texter, carrier, story);
  }
  const silence = pause(SILENT_FOR_MS);
  const waiting = TEXTERS.filter(({ isInHiding }) => !isInHiding);
  const isAnswered = ({ number }: Texter): boolean => carrier.arrived().some((one) => one.number === number);
  const deadline = Date.now() + ANSWERED_WITHIN_MS;
  while (Date.now() < deadline && !waiting.every(isAnswered)) await pause(100);
  await silence;
  for (const texter of TEXTERS) {
    if (texter.isInHiding && !isAnswered(texter))
      story.wrote(texter, 'nothing has come back to this phone, and nothing will before a call taker allows it', Date.now());
  }
}

async function write(texter: Texter, carrier: Carrier, story: Story): Promise<void> {
  story.writes(texter, Date.now());
  for (const [nth, part] of texter.arrive.entries()) {
    if (nth > 0) await pause(BETWEEN_PARTS_MS);
    story.part(texter, nth, Date.now());
    await carrier.bring(texter, part);
  }
}
