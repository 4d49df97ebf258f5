/**
 * The texts' part of the scripted control room: one thread, a line with it in it, two gateways, each question answered from them.
 */
import { NOTHING_READ } from '../../src/reading/reading.ts';
import type { GatewayView, TextFigures, TextRoom } from '../../src/control/text-ports.ts';
import { Fault } from '../../src/kernel/faults.ts';
import { callTakerId, incidentId, textId, threadId } from '../../src/kernel/ids.ts';
import { instant, later, type Instant } from '../../src/kernel/instants.ts';
import { phoneNumber } from '../../src/kernel/phone-numbers.ts';
import type { Outgoing, Thread } from '../../src/sms/thread.ts';

export const THREAD = '01JAB3C4D5E6F7G8H9J0K1M2T1';
export const OTHER_THREAD = '01JAB3C4D5E6F7G8H9J0K1M2T2';
export const SECOND_TEXT = '01JAB3C4D5E6F7G8H9J0K1M2X2';
/** Words that only who answers the reporter may see. */
export const SAID = '我躲在柜子里 别回短信 打13999998888';
const REPORTER = '13845101234';
const AT: Instant = instant(Date.UTC(2026, 2, 1, 8));

const ours = (number: number, changes: Partial<Outgoing>): Outgoing => ({
  number,
  purpose: 'receipt',
  asks: 'place',
  gateway: 'mobile',
  to: REPORTER,
  from: '121100451',
  text: '您的报警已收到。请问在哪里?',
  by: 'system',
  createdAt: AT,
  state: 'waiting',
  dueAt: null,
  attempts: 1,
  sentAt: AT,
  acceptedAt: null,
  settledAt: null,
  carrierIds: [],
  deliveredIds: [],
  why: null,
  ...changes,
});

/** One text of ours in each of its states. */
export const OUTGOING: readonly Outgoing[] = [
  ours(1, { state: 'delivered', acceptedAt: later(AT, 10), settledAt: later(AT, 20), carrierIds: ['a', 'b'], deliveredIds: ['a', 'b'] }),
  ours(2, { state: 'accepted', acceptedAt: later(AT, 10), carrierIds: ['c', 'd'], deliveredIds: ['c'] }),
  ours(3, { state: 'sent', dueAt: later(AT, 30_000) }),
  ours(4, { state: 'failed', settledAt: later(AT, 20), why: 'the carrier reports EXPIRED for 13999998888' }),
  ours(5, { state: 'withheld', attempts: 0, sentAt: null, settledAt: later(AT, 20), why: 'an answer may endanger the reporter (hiding)' }),
  ours(6, { state: 'waiting', attempts: 0, sentAt: null, dueAt: AT, purpose: 'call-taker', asks: null, by: callTakerId('1001') }),
];

export const thread = (changes: Partial<Thread> = {}): Thread => ({
  id: threadId(THREAD),
  revision: 5,
  incident: incidentId('01JAB3C4D5E6F7G8H9J0K1M2N3'),
  number: phoneNumber(REPORTER),
  from: REPORTER,
  to: '121100451',
  gateway: 'mobile',
  openedAt: AT,
  lastAt: later(AT, 60_000),
  received: [
    {
      id: textId('01JAB3C4D5E6F7G8H9J0K1M2X1'),
      receivedAt: AT,
      changedAt: AT,
      long: { reference: 7, width: 8, total: 3 },
      parts: [{ id: textId('01JAB3C4D5E6F7G8H9J0K1M2X1'), number: 1, octets: 'b2N0ZXRz' }],
      coding: 'utf8',
      text: `${SAID}[…2-3/3…]`,
      isComplete: false,
      repeats: 2,
      repeatedAt: later(AT, 5000),
    },
    {
      id: textId(SECOND_TEXT),
      receivedAt: later(AT, 60_000),
      changedAt: later(AT, 60_000),
      long: null,
      parts: [{ id: textId(SECOND_TEXT), number: 1, octets: 'b2N0ZXRz' }],
      coding: 'utf8',
      text: '刚才 中央大街灯杆1023456',
      isComplete: true,
      repeats: 0,
      repeatedAt: null,
    },
  ],
  outgoing: OUTGOING,
  reading: {
    ...NOTHING_READ,
    language: { tag: 'zh', certainty: 'stated' },
    happened: { said: '刚才', certainty: 'guessed', value: AT },
    place: {
      address: { said: '中央大街', certainty: 'stated', value: '中央大街' },
      poleCode: { said: '灯杆1023456', certainty: 'stated', value: '1023456' },
      plateCode: null,
      point: { said: 'geo:45.7,126.6', certainty: 'stated', value: { lat: 45.7, lon: 126.6, datum: 'WGS-84' } },
      landmark: null,
    },
    matter: { said: '躲在', certainty: 'guessed', value: { class: 'urgent-help', code: 'hiding' } },
    urgency: { said: '躲在', certainty: 'guessed', value: 'immediate' },
    hurt: { said: '两个人受伤', certainty: 'stated', value: 2 },
    weapons: [{ said: '刀', certainty: 'stated', value: 'knife' }],
    danger: [{ said: '躲在柜子里', certainty: 'stated', value: 'hiding' }],
    impaired: { said: 'L', certainty: 'guessed', value: 'hearing-or-speech' },
    intents: [{ said: '补充', certainty: 'stated', value: 'supplement' }],
    saysWhat: true,
  },
  language: 'zh',
  missing: ['what'],
  isUrgent: true,
  holder: { is: 'waiting', since: AT },
  guard: { is: 'silent', since: AT, signs: [{ sign: 'hiding', said: '躲在柜子里' }] },
  links: [{ thread: threadId(OTHER_THREAD), relation: 'continues' }],
  ...changes,
});

export const GATEWAYS: readonly GatewayView[] = [
  { name: 'mobile', kind: 'smpp', isUp: true, trouble: null, heardAt: AT, waiting: 2, lagSeconds: 1.5 },
  { name: 'unicom', kind: 'cmpp', isUp: false, trouble: 'wrong password', heardAt: null, waiting: 0, lagSeconds: 0 },
];
export const TEXT_FIGURES: TextFigures = { lineLength: 4, unread: 3, unreadLagSeconds: 2.5, gateways: GATEWAYS };

export function textRoom(): TextRoom {
  const known = async (id: string): Promise<Thread> => {
    if (id !== THREAD && id !== OTHER_THREAD) throw new Fault('unknown', 'There is no such thread.');
    return thread({ id: threadId(id) });
  };
  return {
    thread: known,
    threads: async () => [thread()],
    textLine: async () => ({ length: 1, threads: [thread()] }),
    takeNextText: async (by) => thread({ holder: { is: 'taken', by, at: AT } }),
    takeText: async (id, by) => ({ ...(await known(id)), holder: { is: 'taken', by, at: AT } }),
    putBackText: known,
    answerText: known,
    decideReply: async (id, allow, reason, _seen, by) => ({
      ...(await known(id)),
      guard: { is: allow ? 'allowed' : 'forbidden', at: AT, by, reason, signs: [] },
    }),
    onTheirWay: async () => thread(),
    splitThread: async (id) => ({ ...(await known(id)), id: threadId(OTHER_THREAD) }),
    joinThreads: async (id, into) => (await Promise.all([known(id), known(into)]))[1],
    gateways: async () => GATEWAYS,
    textFigures: async () => TEXT_FIGURES,
  };
}
