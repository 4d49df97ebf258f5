/**
 * A thread begins, and a text joins it: kept among what was received, read together with all the others, and answered where it is safe. A value in, a
 * value out; the raw octets stay in it.
 */
import { NOTHING_READ } from '../reading/reading.ts';
import type { IncidentId, ThreadId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instants.ts';
import { phoneNumber, type PhoneNumber } from '../kernel/phone-numbers.ts';
import { answered } from './asking.ts';
import { ESSENTIALS, readAgain, withoutGaps } from './rereading.ts';
import { takeIn } from './received.ts';
import type { TextRules } from './rules.ts';
import type { KeptText } from './text.ts';
import type { Thread } from './thread.ts';

/**
 * A thread for this text, which is still to be taken in: nothing received, and its language is not known before. The revision of a
 * thread is 0 until it is first saved; no step counts it: who saves writes `from + 1`.
 */
export function openThread(
  text: KeptText,
  about: { readonly id: ThreadId; readonly incident: IncidentId; readonly number: PhoneNumber | null; readonly continues: ThreadId | null },
): Thread {
  return {
    id: about.id,
    revision: 0,
    incident: about.incident,
    number: about.number,
    from: text.from,
    to: text.to,
    gateway: text.gateway,
    openedAt: text.receivedAt,
    lastAt: text.receivedAt,
    received: [],
    outgoing: [],
    reading: NOTHING_READ,
    language: 'zh',
    missing: ESSENTIALS,
    isUrgent: false,
    holder: { is: 'waiting', since: text.receivedAt },
    guard: { is: 'open' },
    links: about.continues === null ? [] : [{ thread: about.continues, relation: 'continues' }],
  };
}

/**
 * The thread with this text in it. A repeat is counted and changes nothing else. A text that is more than a question about the state
 * brings a closed thread back into the line: nothing that a reporter writes lies where nobody looks.
 */
export function takeText(thread: Thread, text: KeptText, now: Instant, rules: TextRules): Thread {
  const { list, is, at } = takeIn(thread.received, text, rules);
  const isLatest = text.receivedAt >= thread.lastAt;
  const kept: Thread = {
    ...thread,
    received: list,
    lastAt: isLatest ? text.receivedAt : thread.lastAt,
    // Answers go out by the gateway that came last, so the number is as that gateway writes it.
    ...(isLatest ? { gateway: text.gateway, to: text.to, number: phoneNumber(text.from) ?? thread.number } : {}),
  };
  const received = list[at];
  if (is === 'repeat' || received === undefined) return kept;
  const fresh = rules.read(withoutGaps(received), received.receivedAt);
  const asksOnly = fresh.intents.some(({ value }) => value === 'asks-state') && !fresh.saysWhat && fresh.matter === null;
  const read = readAgain(kept, now, rules);
  const isBack = read.holder.is === 'closed' && !asksOnly;
  return answered(isBack ? { ...read, holder: { is: 'waiting', since: now } } : read, { is, received, fresh }, now, rules);
}
