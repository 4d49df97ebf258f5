/**
 * What the files that write an Emergency Incident Data Object share: ids made from the incident's own, how a component opens, and how
 * components are told of one another.
 */
import type { Component, Reference } from './eido-types.ts';
import type { Incident } from './incident.ts';

/** Who sends. `domain`: a DNS name of the centre, e.g. `110.harbin.example`; `name`: for people. */
export interface Agency {
  readonly domain: string;
  readonly name: string;
}

/** One way to make ids and openings of components for one incident. */
export interface Frame {
  readonly incident: Incident;
  readonly agency: Agency;
  readonly incidentUrn: string;
  readonly callUrn: string;
  readonly idOf: (part: string) => string;
  readonly opening: ($id: string) => Component;
}

export const ref = ($ref: string): Reference => ({ $ref });

export const urn = (kind: 'incidentid' | 'callid', serial: string, { domain }: Agency): string =>
  `urn:emergency:uid:${kind}:${serial}:${domain}`;

export function framed(incident: Incident, agency: Agency): Frame {
  return {
    incident,
    agency,
    incidentUrn: urn('incidentid', incident.id, agency),
    // One call per incident; Asterisk's own name of it holds signs that an emergency id may not.
    callUrn: urn('callid', incident.id, agency),
    idOf: (part) => `${incident.id}.${part}@${agency.domain}`,
    opening: ($id) => ({ $id, lastUpdateTimeStamp: incident.updatedAt, updatedByAgencyReference: ref(agency.domain) }),
  };
}

/** Everybody who answered or took the texts over, each once. */
export const callTakersOf = ({ call, texts }: Incident): readonly string[] => [
  ...new Set([
    ...(call?.offers ?? []).filter((offer) => offer.answeredAt !== null).map((offer) => offer.callTaker),
    ...(texts?.callTaker === null || texts?.callTaker === undefined ? [] : [texts.callTaker]),
  ]),
];

export const agentId = ({ agency }: Frame, callTaker: string): string =>
  `${callTaker.replaceAll(/[^A-Za-z0-9._-]/g, '_')}@${agency.domain}`;

/** Whether the reporter may be texted and called: the guard of an incident that came by text, which stands in front of a dispatcher too. */
export const mayBeContacted = ({ texts }: Incident): boolean => texts === null || texts.contact === 'open' || texts.contact === 'allowed';
