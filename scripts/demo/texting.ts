/**
 * The reporters who write: their texts in the order in which the carrier brings them, told as they come, and a dispatcher who has every one
 * of them told that police are on their way. Waits in bounds for what is to come back; what did not come is the verdict's to say.
 */
import type { Api } from './api.ts';
import type { Carrier } from './carrier.ts';
import type { Story } from './story.ts';
import { TEXTERS, type Texter } from './texters.ts';
import { pause } from './watch.ts';

const BETWEEN_PARTS_MS = 2300;
const BETWEEN_REPORTERS_MS = 2500;
/** Longer than a receipt waits for missing parts. */
const ANSWERED_WITHIN_MS = 12_000;
const DISPATCHES_AFTER_MS = 2500;
/** A text that must not come would have come by then. */
const SILENT_FOR_MS = 4000;
const LOOK_MS = 100;

export async function writeTexts(carrier: Carrier, dispatcher: Api, story: Story): Promise<void> {
  for (const [nth, texter] of TEXTERS.entries()) {
    if (nth > 0) await pause(BETWEEN_REPORTERS_MS);
    await write(texter, carrier, story);
  }
  await haveAll(carrier, 1);
  await pause(DISPATCHES_AFTER_MS);
  const incidents = await dispatcher.incidents();
  for (const texter of TEXTERS) {
    const incident = incidents.find(({ channel, reporter }) => channel === 'text' && reporter.number === texter.number);
    if (incident === undefined) continue;
    story.wrote(texter, 'the dispatcher sends a patrol, and wants the reporter told', Date.now());
    await dispatcher.onTheirWay(incident.id);
  }
  const silence = pause(SILENT_FOR_MS);
  await haveAll(carrier, 2);
  await silence;
  for (const texter of TEXTERS) {
    if (!texter.isInHiding || arrivedAt(texter, carrier) > 0) continue;
    story.wrote(texter, 'nothing has come to this phone, and nothing will before a call taker allows it', Date.now());
  }
}

const arrivedAt = ({ number }: Texter, carrier: Carrier): number => carrier.arrived().filter((one) => one.number === number).length;

/** Until everybody who may be answered has so many texts, or for as long as there is for it. */
async function haveAll(carrier: Carrier, count: number): Promise<void> {
  const waiting = TEXTERS.filter(({ isInHiding }) => !isInHiding);
  const deadline = Date.now() + ANSWERED_WITHIN_MS;
  while (Date.now() < deadline && waiting.some((texter) => arrivedAt(texter, carrier) < count)) await pause(LOOK_MS);
}

async function write(texter: Texter, carrier: Carrier, story: Story): Promise<void> {
  story.writes(texter, Date.now());
  for (const [nth, part] of texter.arrive.entries()) {
    if (nth > 0) await pause(BETWEEN_PARTS_MS);
    story.part(texter, nth, Date.now());
    await carrier.bring(texter, part);
  }
}
