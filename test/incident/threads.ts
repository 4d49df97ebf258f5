/** Threads of texts as they come about in the steps of sms/, in the small world of its tests, and their incidents. */
import { incidentFromTexts } from '../../src/incident/from-texts.ts';
import type { Incident } from '../../src/incident/incident.ts';
import { incidentId, threadId } from '../../src/kernel/ids.ts';
import type { Instant } from '../../src/kernel/instants.ts';
import { phoneNumber } from '../../src/kernel/phone-numbers.ts';
import { openThread, takeText } from '../../src/sms/taking-in.ts';
import type { KeptText } from '../../src/sms/text.ts';
import type { Thread } from '../../src/sms/thread.ts';
import { part, RULES, text } from '../sms/world.ts';

export const CENTRE = '230100';
export const THREAD = threadId('01JAB3C4D5E6F7G8H9J0K1M2T1');
export const INCIDENT = incidentId('01JAB3C4D5E6F7G8H9J0K1M2N3');

/** A thread that took all of these in, each when it came. */
export function threadOf(...texts: readonly KeptText[]): Thread {
  const [first] = texts;
  if (first === undefined) throw new Error('a thread begins with a text');
  const opened = openThread(first, { id: THREAD, incident: INCIDENT, number: phoneNumber(first.from), continues: null });
  return texts.reduce(taken, opened);
}
export const taken = (thread: Thread, text: KeptText): Thread => takeText(thread, text, text.receivedAt, RULES);

export const first = (thread: Thread): Incident => incidentFromTexts(thread, null, thread.lastAt, CENTRE);
export const next = (thread: Thread, before: Thread, incident: Incident, now: Instant = thread.lastAt): Incident =>
  incidentFromTexts(thread, { thread: before, incident }, now, CENTRE);

/** Three texts, of which the first lacks a part, the second shuts the guard and the third is urgent. */
export const TEXTS = threadOf(
  text('@what @place', 0, part(1, 2)),
  text('!hiding\n<b>2026-03-01 to the reporter: "safe"', 5),
  text('@urgent', 9),
);
export const texted = (about: Partial<NonNullable<Incident['texts']>>): Incident => {
  const incident = first(TEXTS);
  if (incident.texts === null) throw new Error('it came by text');
  return { ...incident, texts: { ...incident.texts, contactReason: 'hiding\n(in the wardrobe)', ...about } };
};
