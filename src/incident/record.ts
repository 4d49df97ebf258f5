/**
 * What every incident has in common, whichever way it came: how an empty one looks, what is still missing, and how the next version
 * is made. Never reads a clock and never decides what a call means; that stands in from-call.ts and its neighbours.
 */
import { Equal } from 'typebox/value';
import type { IncidentId } from '../kernel/ids.ts';
import { rfc3339, type Instant } from '../kernel/instants.ts';
import type { ESSENTIALS, Incident } from './incident.ts';

export type Essential = (typeof ESSENTIALS)[number];

/** Whether somebody wrote something there; blanks are nothing. */
export const isWritten = (text: string | null): text is string => text !== null && text.trim() !== '';

/** What dispatch would still have to ask, in the order in which one asks: time, place, what. */
export function missingOf({ happened, place, what }: Pick<Incident, 'happened' | 'place' | 'what'>): Essential[] {
  const has: Readonly<Record<Essential, boolean>> = {
    time: happened.at !== null || isWritten(happened.stated),
    place:
      isWritten(place.stated) ||
      isWritten(place.address) ||
      isWritten(place.landmark) ||
      place.poleCode !== null ||
      place.plateCode !== null ||
      place.point !== null,
    what: isWritten(what),
  };
  return (['time', 'place', 'what'] as const).filter((essential) => !has[essential]);
}

/** A draft of which nothing is known but where and when it was opened. Version 1. */
export function emptyIncident(id: IncidentId, channel: Incident['channel'], centre: string, now: Instant): Incident {
  const incident: Incident = {
    id,
    version: 1,
    centre,
    channel,
    status: 'draft',
    createdAt: rfc3339(now),
    updatedAt: rfc3339(now),
    matter: { class: 'unclear' },
    urgency: null,
    what: null,
    place: { stated: null, address: null, poleCode: null, plateCode: null, landmark: null, point: null, certainty: 'stated' },
    happened: { stated: null, at: null, certainty: 'stated' },
    reporter: { number: null, name: null, language: 'und', confidential: false, impairment: null },
    call: null,
    texts: null,
    circumstances: { hurt: null, weapons: [], danger: [] },
    confirmed: channel !== 'text',
    missing: [],
    links: [],
    handedOverAt: null,
    handedOverBy: null,
    disposition: null,
  };
  return { ...incident, missing: missingOf(incident) };
}

/** The next version with what is missing counted anew; `before` itself where nothing has changed, so that nothing need be saved. */
export function nextVersion(before: Incident, wanted: Incident, now: Instant): Incident {
  const next = { ...wanted, version: before.version, updatedAt: before.updatedAt, missing: missingOf(wanted) };
  return Equal(before, next) ? before : { ...next, version: before.version + 1, updatedAt: rfc3339(now) };
}

/** ISO 639-3 of the languages that prompts are spoken in, by their BCP 47 primary tag; `und`: not known. */
export const iso6393 = (tag: string): string => ISO_639_3[tag.toLowerCase().split('-')[0] ?? ''] ?? 'und';
const ISO_639_3: Readonly<Record<string, string>> = { zh: 'cmn', en: 'eng', ru: 'rus', ja: 'jpn', ko: 'kor' };
