/**
 * The incident of a thread of texts: opened with the first text, kept true to what comes, and given to the dispatch side by itself as
 * soon as it is urgent or complete, marked as confirmed by nobody. Never overwrites what a person wrote: each field, and each field of
 * the place and of the time, is filled only while it still holds what the rules had made.
 */
import { Equal } from 'typebox/value';
import { rfc3339, type Instant } from '../kernel/instants.ts';
import type { Thread } from '../sms/thread.ts';
import type { Incident } from './incident.ts';
import { emptyIncident, nextVersion } from './record.ts';
import { madeOf, textsOnRecord, type Made } from './texts-made.ts';

/** Who hands over what no person has looked at. */
export const BY_RULE = 'rules';

/** A thread and its incident as last saved. */
export interface TextsBefore {
  readonly thread: Thread;
  readonly incident: Incident;
}

/**
 * The incident of this thread as it should be now: a first version, the one after `before`, or `before.incident` itself where nothing
 * has changed, or nothing but how often the very same text came. A reporter who writes again after the closing opens it again.
 */
export function incidentFromTexts(thread: Thread, before: TextsBefore | null, now: Instant, centre: string): Incident {
  const known = before?.incident ?? emptyIncident(thread.incident, 'text', centre, now);
  const next = withStatus(filled(known, thread, before), thread, now);
  if (before === null) return { ...nextVersion(known, next, now), version: 1 };
  return Equal(withoutRepeats(known), withoutRepeats(next)) ? known : nextVersion(known, next, now);
}

function filled(known: Incident, thread: Thread, before: TextsBefore | null): Incident {
  const made = madeOf(thread);
  const madeBefore = before === null ? null : madeOf(before.thread);
  /** What the rules make now, unless a person wrote something else meanwhile. */
  const kept = <K extends keyof Made>(key: K, present: Made[K]): Made[K] =>
    madeBefore === null || Equal(present, madeBefore[key]) ? made[key] : present;
  return {
    ...known,
    matter: kept('matter', known.matter),
    urgency: kept('urgency', known.urgency),
    what: kept('what', known.what),
    place: keptEach(made.place, madeBefore?.place ?? null, known.place),
    happened: keptEach(made.happened, madeBefore?.happened ?? null, known.happened),
    circumstances: {
      hurt: kept('hurt', known.circumstances.hurt),
      weapons: kept('weapons', known.circumstances.weapons),
      danger: made.danger,
    },
    reporter: {
      ...known.reporter,
      number: thread.number,
      language: kept('language', known.reporter.language),
      impairment: kept('impairment', known.reporter.impairment),
    },
    texts: textsOnRecord(thread, known.texts),
  };
}

/** Field by field; how certain it is follows the rules only while no person has written any of it. */
function keptEach<T extends { readonly certainty: string }>(made: T, madeBefore: T | null, present: T): T {
  if (madeBefore === null) return made;
  const isWritten = (key: keyof T): boolean => !Equal(present[key], madeBefore[key]);
  const keys = Object.keys(made) as (keyof T)[];
  const isAnyWritten = keys.some(isWritten);
  const isToKeep = (key: keyof T): boolean => (key === 'certainty' ? isAnyWritten : isWritten(key));
  return keys.reduce<T>((whole, key) => (isToKeep(key) ? { ...whole, [key]: present[key] } : whole), made);
}

function withStatus(incident: Incident, thread: Thread, now: Instant): Incident {
  const isBack = incident.status === 'closed' && (thread.holder.is === 'waiting' || thread.holder.is === 'taken');
  const open: Incident = isBack
    ? { ...incident, status: incident.handedOverAt === null ? 'open' : 'handed-over', disposition: null }
    : { ...incident, status: incident.status === 'draft' ? 'open' : incident.status };
  const isToHandOver = open.status === 'open' && (thread.isUrgent || thread.missing.length === 0);
  return isToHandOver ? { ...open, status: 'handed-over', handedOverAt: rfc3339(now), handedOverBy: BY_RULE } : open;
}

/** A sender who repeats one text a hundred times is not a hundred new versions; they are counted when something else changes. */
const withoutRepeats = (incident: Incident): Incident => ({
  ...incident,
  version: 0,
  updatedAt: '',
  missing: [],
  texts: incident.texts && {
    ...incident.texts,
    lastAt: '',
    messages: incident.texts.messages.map((message) => ({ ...message, repeats: 0, state: null })),
  },
});
