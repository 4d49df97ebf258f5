/**
 * A thread of texts as it is shown: every text with its times, what was read with the words it was read from, and who decided what. Flat
 * records with RFC 3339 instants and no octets. An operator is shown no word that was written and no whole number.
 */
import { Type, type Static } from 'typebox';
import { momentOf } from '../incident/texts-made.ts';
import { rfc3339, type Instant } from '../kernel/instants.ts';
import { maskDigits } from '../kernel/phone-numbers.ts';
import { DANGER_SIGNS, INTENTS, SPOKEN, URGENCY_WORDS, type Found, type Reading } from '../reading/reading.ts';
import type { Guard, Holder, Outgoing, Received, Thread } from '../sms/thread.ts';
import { CLOSED, incidentIdText, moment, nullable, numberFor, oneOf, seesNumbers, textFor } from './api.ts';
import type { TokenEntry } from './tokens.ts';

const WORDS_MAX = 200;
const CERTAINTIES = ['stated', 'guessed'] as const;
const ESSENTIALS = ['place', 'what', 'time'] as const;
const words = (description: string) => nullable(Type.String({ description: `${description}; null for operators` }));
const count = (description: string) => Type.Integer({ minimum: 0, description });

const SignShown = Type.Object({ sign: oneOf(DANGER_SIGNS), said: words('In the words of the reporter') }, CLOSED);
const ContactShown = Type.Object(
  {
    state: oneOf(['open', 'silent', 'allowed', 'forbidden'] as const, {
      description: 'silent: signs of danger, nothing goes out until a call taker decides; allowed, forbidden: decided',
    }),
    since: nullable(moment('silent: when the first sign was seen; allowed, forbidden: when it was decided')),
    by: nullable(Type.String({ description: 'allowed, forbidden: the call taker who decided' })),
    reason: words('allowed, forbidden: why'),
    signs: Type.Array(SignShown),
  },
  CLOSED,
);
const HEAD = {
  id: incidentIdText('Of the thread'),
  revision: Type.Integer({ minimum: 0, description: 'Counts the saved changes' }),
  incident: Type.String(),
  number: nullable(Type.String({ description: 'null: withheld, letters or none, which cannot be answered; masked for operators' })),
  from: Type.String({ description: 'The sender as it came; masked for operators' }),
  to: Type.String({ description: 'The number the reporter wrote to' }),
  gateway: Type.String({ description: 'Of the last text; answers go out by it' }),
  state: oneOf(['waiting', 'taken', 'closed', 'elsewhere'] as const, { description: 'elsewhere: it went to another centre' }),
  since: nullable(moment('waiting, taken, closed: since when')),
  callTaker: nullable(Type.String({ description: 'taken: who has it' })),
  centre: nullable(Type.String({ description: 'elsewhere: code of the centre' })),
  openedAt: moment('First text; its place in the line is by this'),
  lastAt: moment('Last text of the reporter'),
  language: oneOf(SPOKEN, { description: 'What the reporter is answered in; BCP 47 primary tag' }),
  urgent: Type.Boolean(),
  missing: Type.Array(oneOf(ESSENTIALS), { description: 'What nothing the reporter wrote has told' }),
  contact: ContactShown,
};

export const ThreadHead = Type.Object(
  { ...HEAD, texts: count('Texts of the reporter'), lastWords: words(`The last of them, at most ${WORDS_MAX} characters`) },
  { ...CLOSED, $id: 'ThreadHead', description: 'A thread as it stands in lists' },
);

const ReceivedShown = Type.Object(
  {
    id: incidentIdText('Of the text; where a split may begin'),
    at: moment('When its first part came'),
    changedAt: moment('When its last new part came'),
    text: words('As it can be read now; parts that have not come are marked […2/3…]'),
    complete: Type.Boolean(),
    parts: count('Parts that have come'),
    partsOf: count('Parts that it has'),
    repeats: count('Times the very same text came again'),
    repeatedAt: nullable(moment('When last')),
  },
  CLOSED,
);
const SentShown = Type.Object(
  {
    number: Type.Integer({ minimum: 1, description: '1, 2, 3 … in its thread' }),
    purpose: oneOf(
      [
        'receipt',
        'question',
        'state',
        'on-their-way',
        'forwarded',
        'unreadable',
        'call-taker',
        'forward',
      ] as const satisfies readonly Outgoing['purpose'][],
      { description: "forward: the reporter's own text on its way to another centre" },
    ),
    asks: nullable(oneOf(ESSENTIALS)),
    text: words('What is said'),
    by: Type.String({ description: 'A call taker, or system' }),
    gateway: Type.String(),
    to: Type.String({ description: 'Masked for operators' }),
    state: oneOf(['waiting', 'sent', 'accepted', 'delivered', 'failed', 'withheld'] as const, {
      description:
        'sent: given to the gateway, no answer yet; accepted: the gateway has it; delivered: the telephone has it, says the carrier; withheld: kept back',
    }),
    why: nullable(Type.String({ description: 'Why it failed, is withheld or waits again' })),
    attempts: count('Times it was given to the gateway'),
    createdAt: moment('Written'),
    dueAt: nullable(moment('waiting: when it goes; sent: when it is tried again should no answer come')),
    sentAt: nullable(moment('Last given to the gateway')),
    acceptedAt: nullable(moment('The gateway answered that it has it')),
    deliveredAt: nullable(moment('The carrier reported all its parts delivered')),
    failedAt: nullable(moment('It will not come')),
    withheldAt: nullable(moment('Kept back')),
    parts: count('Parts that the gateway named'),
    partsDelivered: count('Parts reported delivered so far'),
  },
  CLOSED,
);

const FOUND = { said: Type.String({ description: 'In the words of the reporter' }), certainty: oneOf(CERTAINTIES) };
const FoundText = Type.Object({ ...FOUND, value: Type.String() }, CLOSED);
const ReadingShown = Type.Object(
  {
    language: Type.Object({ tag: Type.String({ description: 'und: not known' }), certainty: oneOf(CERTAINTIES) }, CLOSED),
    happened: nullable(Type.Object({ ...FOUND, at: nullable(moment('When it happened; null: no moment that can be written')) }, CLOSED)),
    place: Type.Object(
      {
        address: nullable(FoundText),
        poleCode: nullable(FoundText),
        plateCode: nullable(FoundText),
        landmark: nullable(FoundText),
        point: nullable(Type.Object({ ...FOUND, lat: Type.Number(), lon: Type.Number(), datum: Type.Literal('WGS-84') }, CLOSED)),
      },
      CLOSED,
    ),
    matter: nullable(Type.Object({ ...FOUND, class: Type.String(), code: Type.String() }, CLOSED)),
    urgency: nullable(Type.Object({ ...FOUND, value: oneOf(URGENCY_WORDS) }, CLOSED)),
    hurt: nullable(Type.Object({ ...FOUND, count: nullable(Type.Number({ description: 'null: not said how many' })) }, CLOSED)),
    weapons: Type.Array(FoundText),
    danger: Type.Array(Type.Object({ ...FOUND, value: oneOf(DANGER_SIGNS) }, CLOSED)),
    impaired: nullable(FoundText),
    intents: Type.Array(Type.Object({ ...FOUND, value: oneOf(INTENTS) }, CLOSED)),
    saysWhat: Type.Boolean(),
  },
  { ...CLOSED, description: 'What the rules read in all texts of the thread together' },
);

export const ThreadShown = Type.Object(
  {
    ...HEAD,
    received: Type.Array(ReceivedShown),
    sent: Type.Array(SentShown),
    reading: Type.Union([ReadingShown, Type.Null()], { description: 'null for operators' }),
    links: Type.Array(Type.Object({ thread: Type.String(), relation: oneOf(['split-from', 'joined-into', 'continues'] as const) }, CLOSED)),
  },
  { ...CLOSED, $id: 'Thread' },
);

const maybe = (at: Instant | null): string | null => (at === null ? null : rfc3339(at));
const only = (bearer: TokenEntry, text: string): string | null => (seesNumbers(bearer) ? text : null);

/** A sender may be written with spaces, dashes or brackets; a number in pieces is a number all the same. */
const BETWEEN_DIGITS = /(?<=\d)[^\p{L}\p{N}]+(?=\d)/gu;

function headOf(thread: Thread, bearer: TokenEntry) {
  const { id, revision, incident, number, from, to, gateway, holder, openedAt, lastAt, language, isUrgent, missing } = thread;
  return {
    id,
    revision,
    incident,
    number: numberFor(bearer, number),
    from: seesNumbers(bearer) ? from : maskDigits(from.replaceAll(BETWEEN_DIGITS, '')),
    to,
    gateway,
    ...shownHolder(holder),
    openedAt: rfc3339(openedAt),
    lastAt: rfc3339(lastAt),
    language,
    urgent: isUrgent,
    missing: [...missing],
    contact: shownGuard(thread.guard, bearer),
  };
}

function shownHolder(holder: Holder) {
  return {
    state: holder.is,
    since: holder.is === 'elsewhere' ? null : rfc3339(holder.is === 'waiting' ? holder.since : holder.at),
    callTaker: holder.is === 'taken' ? holder.by : null,
    centre: holder.is === 'elsewhere' ? holder.centre : null,
  };
}

function shownGuard(guard: Guard, bearer: TokenEntry): Static<typeof ContactShown> {
  if (guard.is === 'open') return { state: 'open', since: null, by: null, reason: null, signs: [] };
  const signs = guard.signs.map(({ sign, said }) => ({ sign, said: only(bearer, said) }));
  if (guard.is === 'silent') return { state: 'silent', since: rfc3339(guard.since), by: null, reason: null, signs };
  return { state: guard.is, since: rfc3339(guard.at), by: guard.by, reason: only(bearer, guard.reason), signs };
}

export function shownHead(thread: Thread, bearer: TokenEntry): Static<typeof ThreadHead> {
  const last = thread.received.at(-1);
  const lastWords = last === undefined ? null : only(bearer, last.text.slice(0, WORDS_MAX).replace(/[\uD800-\uDBFF]$/, ''));
  return { ...headOf(thread, bearer), texts: thread.received.length, lastWords };
}

export function shownThread(thread: Thread, bearer: TokenEntry): Static<typeof ThreadShown> {
  return {
    ...headOf(thread, bearer),
    received: thread.received.map((one) => shownReceived(one, bearer)),
    sent: thread.outgoing.map((one) => shownSent(one, bearer)),
    reading: seesNumbers(bearer) ? shownReading(thread.reading) : null,
    links: thread.links.map(({ thread: other, relation }) => ({ thread: other, relation })),
  };
}

const shownReceived = (one: Received, bearer: TokenEntry): Static<typeof ReceivedShown> => ({
  id: one.id,
  at: rfc3339(one.receivedAt),
  changedAt: rfc3339(one.changedAt),
  text: only(bearer, one.text),
  complete: one.isComplete,
  parts: one.parts.length,
  partsOf: one.long?.total ?? 1,
  repeats: one.repeats,
  repeatedAt: maybe(one.repeatedAt),
});

function shownSent(one: Outgoing, bearer: TokenEntry): Static<typeof SentShown> {
  const settled = (state: Outgoing['state']): string | null => (one.state === state ? maybe(one.settledAt) : null);
  return {
    number: one.number,
    purpose: one.purpose,
    asks: one.asks,
    text: only(bearer, one.text),
    by: one.by,
    gateway: one.gateway,
    to: seesNumbers(bearer) ? one.to : maskDigits(one.to),
    state: one.state,
    why: textFor(bearer, one.why),
    attempts: one.attempts,
    createdAt: rfc3339(one.createdAt),
    dueAt: maybe(one.dueAt),
    sentAt: maybe(one.sentAt),
    acceptedAt: maybe(one.acceptedAt),
    deliveredAt: settled('delivered'),
    failedAt: settled('failed'),
    withheldAt: settled('withheld'),
    parts: one.carrierIds.length,
    partsDelivered: one.deliveredIds.length,
  };
}

/** A finding with its value under the names it is shown by. */
const found = <T, V>(one: Found<T> | null, value: (value: T) => V) =>
  one === null ? null : { said: one.said, certainty: one.certainty, ...value(one.value) };
const plain = <T>(value: T): { readonly value: T } => ({ value });
const list = <T>(all: readonly Found<T>[]) => all.map(({ said, certainty, value }) => ({ said, certainty, value }));

function shownReading({ place, ...reading }: Reading): Static<typeof ReadingShown> {
  return {
    language: reading.language,
    happened: found(reading.happened, (at) => ({ at: momentOf(at) })),
    place: {
      address: found(place.address, plain),
      poleCode: found(place.poleCode, plain),
      plateCode: found(place.plateCode, plain),
      landmark: found(place.landmark, plain),
      point: found(place.point, ({ lat, lon, datum }) => ({ lat, lon, datum })),
    },
    matter: found(reading.matter, ({ class: matter, code }) => ({ class: matter, code })),
    urgency: found(reading.urgency, plain),
    hurt: found(reading.hurt, (people) => ({ count: people })),
    weapons: list(reading.weapons),
    danger: list(reading.danger),
    impaired: found(reading.impaired, plain),
    intents: list(reading.intents),
    saysWhat: reading.saysWhat,
  };
}
