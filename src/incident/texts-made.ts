/**
 * What the rules make of a thread of texts, in the incident's own fields: what the reporter said and what was made of it stand apart, a
 * guess is marked as one, and whatever the words were it fits the schema: what does not stands in `stated` alone.
 */
import { rfc3339, type Instant } from '../kernel/instants.ts';
import type { Found, Reading } from '../reading/reading.ts';
import type { Guard, Outgoing, Received, Thread } from '../sms/thread.ts';
import { MATTERS, type Incident } from './incident.ts';
import { iso6393 } from './record.ts';

const WHAT_MAX = 4000;
const TEXT_MAX = 20_000;
const STATED_MAX = 200;
const HURT_MAX = 1_000_000;
const WEAPONS_MAX = 50;
const CODE_MAX = 64;
/** The last moment that RFC 3339 can write. */
const LATEST = Date.UTC(9999, 11, 31, 23, 59, 59);

type Circumstances = Incident['circumstances'];

/** The fields that are filled by rule. */
export interface Made extends Pick<Incident, 'matter' | 'urgency' | 'what' | 'place' | 'happened'> {
  readonly hurt: Circumstances['hurt'];
  readonly weapons: Circumstances['weapons'];
  readonly danger: Circumstances['danger'];
  readonly language: string;
  readonly impairment: Incident['reporter']['impairment'];
}

export function madeOf({ reading, received }: Thread): Made {
  return {
    matter: matterOf(reading),
    urgency: reading.urgency?.value ?? null,
    what: reading.saysWhat || reading.matter !== null ? wordsOf(received) : null,
    place: placeOf(reading.place),
    happened: happenedOf(reading.happened),
    hurt: hurtOf(reading.hurt),
    weapons: reading.weapons
      .slice(0, WEAPONS_MAX)
      .map(({ said, value }) => ({ stated: cut(said, STATED_MAX), what: cut(value, CODE_MAX) })),
    danger: reading.danger.map(({ said, value }) => ({ stated: cut(said, STATED_MAX), sign: value })),
    language: iso6393(reading.language.tag),
    impairment: reading.impaired?.value ?? null,
  };
}

function matterOf({ matter }: Reading): Incident['matter'] {
  const known = MATTERS.find((one) => one === matter?.value.class);
  if (matter === null || known === undefined) return { class: 'unclear' };
  return { class: known, code: cut(matter.value.code, CODE_MAX), reason: `by rule, the reporter wrote: ${cut(matter.said, STATED_MAX)}` };
}

/** The reporter's own words, one text a line. */
const wordsOf = (received: readonly Received[]): string | null => {
  const words = received.map(({ text }) => text.trim()).filter((text) => text !== '');
  return words.length === 0 ? null : cut(words.join('\n'), WHAT_MAX);
};

function placeOf({ address, poleCode, plateCode, point, landmark }: Reading['place']): Incident['place'] {
  const found: readonly Found<unknown>[] = [address, poleCode, plateCode, point, landmark].filter((piece) => piece !== null);
  const said = [...new Set(found.map((piece) => piece.said))].join('；');
  return {
    stated: said === '' ? null : cut(said, 1000),
    address: address === null ? null : cut(address.value, 500),
    poleCode: codeOf(poleCode, /^[0-9]{4,12}$/),
    plateCode: codeOf(plateCode, /^[0-9A-Za-z-]{4,40}$/),
    landmark: landmark === null ? null : cut(landmark.value, 200),
    point: point !== null && isOnEarth(point.value) ? { lat: point.value.lat, lon: point.value.lon, datum: 'WGS-84' } : null,
    certainty: found.length === 0 || found.some(({ certainty }) => certainty === 'stated') ? 'stated' : 'guessed',
  };
}

const codeOf = (code: Found<string> | null, form: RegExp): string | null => (code !== null && form.test(code.value) ? code.value : null);

const isOnEarth = ({ lat, lon }: { readonly lat: number; readonly lon: number }): boolean => Math.abs(lat) <= 90 && Math.abs(lon) <= 180;

const happenedOf = (happened: Reading['happened']): Incident['happened'] =>
  happened === null
    ? { stated: null, at: null, certainty: 'stated' }
    : { stated: cut(happened.said, 500), at: momentOf(happened.value), certainty: happened.certainty };

/** RFC 3339, or `null` for a moment that it cannot write. */
export const momentOf = (at: Instant): string | null => (at >= 0 && at <= LATEST ? rfc3339(at) : null);

function hurtOf(hurt: Reading['hurt']): Circumstances['hurt'] {
  if (hurt === null) return null;
  const isCount = hurt.value !== null && Number.isInteger(hurt.value) && hurt.value >= 0 && hurt.value <= HURT_MAX;
  return { stated: cut(hurt.said, STATED_MAX), count: isCount ? hurt.value : null, certainty: hurt.certainty };
}

type TextsOnRecord = NonNullable<Incident['texts']>;

/** The thread as it stands in the incident. `before`: as it stood there; who had it stays on record when it is closed. */
export function textsOnRecord(thread: Thread, before: Incident['texts']): TextsOnRecord {
  const { guard, holder } = thread;
  const gatewayOf = gatewaysIn(before, thread.gateway);
  const messages = [...thread.received.map(fromReporter(gatewayOf)), ...thread.outgoing.filter(isToReporter).map(toReporter)];
  return {
    thread: thread.id,
    shortNumber: cut(thread.to, 64),
    firstAt: rfc3339(thread.openedAt),
    lastAt: rfc3339(thread.lastAt),
    callTaker: holder.is === 'taken' ? holder.by : holder.is === 'closed' ? (before?.callTaker ?? null) : null,
    contact: guard.is,
    contactReason: reasonOf(guard),
    messages: messages.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at)),
  };
}

/** A thread knows only by what gateway it was written to last; the others stand in the version before. */
function gatewaysIn(before: Incident['texts'], last: string): (at: string) => string {
  const theirs = (before?.messages ?? []).filter(({ direction }) => direction === 'from-reporter');
  const known = new Map(theirs.map(({ at, gateway }) => [at, gateway]));
  return (at) => known.get(at) ?? last;
}

const fromReporter =
  (gatewayOf: (at: string) => string) =>
  ({ receivedAt, text, isComplete, repeats }: Received): TextsOnRecord['messages'][number] => ({
    direction: 'from-reporter',
    at: rfc3339(receivedAt),
    text: cut(text, TEXT_MAX),
    isComplete,
    repeats,
    gateway: gatewayOf(rfc3339(receivedAt)),
    purpose: null,
    state: null,
    by: null,
  });

const isToReporter = ({ purpose }: Outgoing): boolean => purpose !== 'forward';

/** Its state when this version was written; the thread has the present one. */
const toReporter = ({ createdAt, text, gateway, purpose, state, by }: Outgoing): TextsOnRecord['messages'][number] => ({
  direction: 'to-reporter',
  at: rfc3339(createdAt),
  text: cut(text, TEXT_MAX),
  isComplete: true,
  repeats: 0,
  gateway,
  purpose,
  state,
  by,
});

function reasonOf(guard: Guard): string | null {
  switch (guard.is) {
    case 'open':
      return null;
    case 'silent':
      return cut(`signs of danger: ${guard.signs.map(({ sign, said }) => `${sign} (${said})`).join(', ')}`, 500);
    case 'allowed':
    case 'forbidden':
      return cut(`${guard.by}: ${guard.reason}`, 500);
  }
}

/** Never through the middle of a sign of two units. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = /[\uD800-\uDBFF]/.test(text.charAt(most - 1)) ? most - 1 : most;
  return text.slice(0, end);
}
