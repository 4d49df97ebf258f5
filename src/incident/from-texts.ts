/**
 * The incident of a thread of texts: opened with the first text, kept true to what comes, and given to the dispatch side by itself as
 * soon as it is urgent or complete, marked as confirmed by nobody. What the reporter said and what was made of it stand apart. Never
 * overwrites what a person wrote: a field is filled only while it still holds what the rules had made.
 */
import { Equal } from 'typebox/value';
import { rfc3339, type Instant } from '../kernel/instants.ts';
import type { Found, Reading } from '../reading/reading.ts';
import type { Guard, Outgoing, Received, Thread } from '../sms/thread.ts';
import { MATTERS, type Incident } from './incident.ts';
import { emptyIncident, iso6393, nextVersion } from './record.ts';

/** Who hands over what no person has looked at. */
const BY_RULE = 'rules';
const WHAT_MAX = 4000;
const TEXT_MAX = 20_000;

/** A thread and its incident as last saved. */
export interface TextsBefore {
  readonly thread: Thread;
  readonly incident: Incident;
}

/**
 * The incident of this thread as it should be now: a first version, the one after `before`, or `before.incident` itself where nothing
 * has changed. A reporter who writes again after the closing opens it again.
 */
export function incidentFromTexts(thread: Thread, before: TextsBefore | null, now: Instant, centre: string): Incident {
  const made = madeOf(thread);
  const known = before?.incident ?? emptyIncident(thread.incident, 'text', centre, now);
  const madeBefore = before === null ? null : madeOf(before.thread);
  /** What the rules make now, unless a person wrote something else meanwhile. */
  const kept = <K extends keyof Made>(key: K, present: Made[K]): Made[K] =>
    madeBefore === null || Equal(present, madeBefore[key]) ? made[key] : present;
  const filled: Incident = {
    ...known,
    matter: kept('matter', known.matter),
    urgency: kept('urgency', known.urgency),
    what: kept('what', known.what),
    place: kept('place', known.place),
    happened: kept('happened', known.happened),
    circumstances: kept('circumstances', known.circumstances),
    reporter: {
      ...known.reporter,
      number: thread.number,
      language: kept('language', known.reporter.language),
      impairment: kept('impairment', known.reporter.impairment),
    },
    texts: onRecord(thread),
  };
  const next = withStatus(filled, thread, now);
  return before === null ? { ...nextVersion(known, next, now), version: 1 } : nextVersion(known, next, now);
}

function withStatus(incident: Incident, thread: Thread, now: Instant): Incident {
  const isBack = incident.status === 'closed' && (thread.holder.is === 'waiting' || thread.holder.is === 'taken');
  const open: Incident = isBack
    ? { ...incident, status: incident.handedOverAt === null ? 'open' : 'handed-over', disposition: null }
    : { ...incident, status: incident.status === 'draft' ? 'open' : incident.status };
  const isToHandOver = open.status === 'open' && (thread.isUrgent || thread.missing.length === 0);
  return isToHandOver ? { ...open, status: 'handed-over', handedOverAt: rfc3339(now), handedOverBy: BY_RULE } : open;
}

/** What the rules make of the words. */
interface Made extends Pick<Incident, 'matter' | 'urgency' | 'what' | 'place' | 'happened' | 'circumstances'> {
  readonly language: string;
  readonly impairment: Incident['reporter']['impairment'];
}

function madeOf({ reading, received }: Thread): Made {
  return {
    matter: matterOf(reading),
    urgency: reading.urgency?.value ?? null,
    what: reading.saysWhat || reading.matter !== null ? wordsOf(received) : null,
    place: placeOf(reading.place),
    happened: happenedOf(reading.happened),
    circumstances: {
      hurt:
        reading.hurt === null
          ? null
          : { stated: cut(reading.hurt.said, 200), count: reading.hurt.value, certainty: reading.hurt.certainty },
      weapons: reading.weapons.map(({ said, value }) => ({ stated: cut(said, 200), what: value })),
      danger: reading.danger.map(({ said, value }) => ({ stated: cut(said, 200), sign: value })),
    },
    language: iso6393(reading.language.tag),
    impairment: reading.impaired?.value ?? null,
  };
}

function matterOf({ matter }: Reading): Incident['matter'] {
  const known = MATTERS.find((one) => one === matter?.value.class);
  if (matter === null || known === undefined) return { class: 'unclear' };
  return { class: known, code: matter.value.code, reason: `by rule, the reporter wrote: ${cut(matter.said, 200)}` };
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
    poleCode: poleCode?.value ?? null,
    plateCode: plateCode?.value ?? null,
    landmark: landmark === null ? null : cut(landmark.value, 200),
    point: point?.value ?? null,
    certainty: found.length === 0 || found.some(({ certainty }) => certainty === 'stated') ? 'stated' : 'guessed',
  };
}

const happenedOf = (happened: Reading['happened']): Incident['happened'] =>
  happened === null
    ? { stated: null, at: null, certainty: 'stated' }
    : { stated: cut(happened.said, 500), at: rfc3339(happened.value), certainty: happened.certainty };

type TextsOnRecord = NonNullable<Incident['texts']>;

function onRecord(thread: Thread): TextsOnRecord {
  const { guard, holder } = thread;
  const messages = [...thread.received.map(fromReporter(thread.gateway)), ...thread.outgoing.filter(isToReporter).map(toReporter)];
  return {
    thread: thread.id,
    shortNumber: thread.to,
    firstAt: rfc3339(thread.openedAt),
    lastAt: rfc3339(thread.lastAt),
    callTaker: holder.is === 'taken' ? holder.by : null,
    contact: guard.is,
    contactReason: reasonOf(guard),
    messages: messages.toSorted((one, other) => Date.parse(one.at) - Date.parse(other.at)),
  };
}

const fromReporter =
  (gateway: string) =>
  ({ receivedAt, text, isComplete, repeats }: Received): TextsOnRecord['messages'][number] => ({
    direction: 'from-reporter',
    at: rfc3339(receivedAt),
    text: cut(text, TEXT_MAX),
    isComplete,
    repeats,
    gateway,
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
