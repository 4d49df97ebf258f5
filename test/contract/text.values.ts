/** Texts and threads for the store's tests, as small as their types allow. */
import { expect } from 'vitest';
import type { Commit, Store, Verdict } from '../../src/control/ports.ts';
import type { DeliveryReport } from '../../src/control/text-ports.ts';
import { callTakerId, incidentId, textId, threadId } from '../../src/kernel/ids.ts';
import { instant, type Instant } from '../../src/kernel/instants.ts';
import type { PhoneNumber } from '../../src/kernel/phone-numbers.ts';
import { NOTHING_READ } from '../../src/reading/reading.ts';
import type { KeptText } from '../../src/sms/text.ts';
import type { Guard, Holder, Outgoing, Thread } from '../../src/sms/thread.ts';
import { commit, T0 } from './store.values.ts';

export const at = (ms: number): Instant => instant(T0 + ms);
const ulid = (name: string | number): string => `01JNT${String(name).toUpperCase().padStart(21, '0')}`;
export const textName = (name: string | number) => textId(ulid(name));
export const threadName = (name: string | number) => threadId(ulid(name));

export const NUMBER = '13812345678' as PhoneNumber;
export const OTHER_NUMBER = '+8613987654321' as PhoneNumber;

export const kept = (name: string | number, more: Partial<KeptText> = {}): KeptText => ({
  id: textName(name),
  gateway: 'mobile',
  carrierId: `c-${name}`,
  from: '8613812345678',
  to: '12110',
  coding: 'ucs2',
  octets: Buffer.from('有人打架', 'utf16le').swap16().toString('base64'),
  part: null,
  sentAt: null,
  receivedAt: T0,
  ...more,
});

export const outgoing = (number: number, more: Partial<Outgoing> = {}): Outgoing => ({
  number,
  purpose: 'receipt',
  asks: null,
  gateway: 'mobile',
  to: '13812345678',
  from: '12110',
  text: '已收到',
  by: 'system',
  createdAt: T0,
  state: 'waiting',
  dueAt: T0,
  attempts: 0,
  sentAt: null,
  acceptedAt: null,
  settledAt: null,
  carrierIds: [],
  deliveredIds: [],
  why: null,
  ...more,
});

export const WAITING: Holder = { is: 'waiting', since: T0 };
export const TAKEN: Holder = { is: 'taken', by: callTakerId('1001'), at: T0 };
export const SILENT: Guard = { is: 'silent', since: T0, signs: [{ sign: 'hiding', said: '躲在' }] };
export const decided = (is: 'allowed' | 'forbidden'): Guard => ({ is, at: T0, by: callTakerId('1001'), reason: 'safe now', signs: [] });

export const thread = (name: string | number, more: Partial<Thread> = {}): Thread => ({
  id: threadName(name),
  revision: 1,
  incident: incidentId(`01JNB${String(name).toUpperCase().padStart(21, '0')}`),
  number: NUMBER,
  from: '8613812345678',
  to: '12110',
  gateway: 'mobile',
  openedAt: T0,
  lastAt: T0,
  received: [],
  outgoing: [],
  reading: NOTHING_READ,
  language: 'zh',
  missing: ['time', 'place', 'what'],
  isUrgent: false,
  holder: WAITING,
  guard: { is: 'open' },
  links: [],
  ...more,
});

export const report = (carrierId: string, more: Partial<DeliveryReport> = {}): DeliveryReport => ({
  gateway: 'mobile',
  carrierId,
  outcome: 'delivered',
  words: 'DELIVRD',
  ...more,
});

export const next = (value: Thread, more: Partial<Thread>): Thread => ({ ...value, ...more, revision: value.revision + 1 });
/** Commits the thread as the revision that follows the one before. */
export const save = (store: Store, value: Thread, more: Partial<Commit> = {}): Promise<Verdict> =>
  store.commit(commit(`${value.id}/${value.revision}`, { threads: [{ value, from: value.revision - 1 }], ...more }));
/** Saves the next revision, and answers it. */
export async function saveNext(store: Store, value: Thread, more: Partial<Thread>): Promise<Thread> {
  const after = next(value, more);
  expect(await save(store, after)).toEqual({ is: 'saved' });
  return after;
}
/** What is due, each as the last letter of its thread and its number. */
export const due = async (store: Store, gateway: string, ms = 1_000_000): Promise<string[]> =>
  (await store.dueTexts(gateway, at(ms), 100)).map((one) => `${one.thread.slice(-1)}.${one.number}`);
export const idsOf = (list: readonly { readonly id: string }[]): string[] => list.map(({ id }) => id);
