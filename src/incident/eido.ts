/**
 * An incident as an Emergency Incident Data Object (NENA-STA-021.1b): the whole present state, no history. Every `$id` is made from the
 * incident's own id and what the component is, so that it stays the same from version to version.
 */
import type { Component, Eido, EidoCall, EidoLocation, EidoNotes, EidoPerson, Reference } from './eido-types.ts';
import { DISPOSITION, incidentType, PRIORITY, statusOf } from './eido-words.ts';
import type { Incident } from './incident.ts';
import { paragraphs } from './markup.ts';
import { pidfLo } from './pidf-lo.ts';
import { isWritten } from './record.ts';

/** Who sends. `domain`: a DNS name of the centre, e.g. `110.harbin.example`; `name`: for people. */
export interface Agency {
  readonly domain: string;
  readonly name: string;
}

/** One way to make ids and openings of components for one incident. */
interface Frame {
  readonly incident: Incident;
  readonly agency: Agency;
  readonly incidentUrn: string;
  readonly callUrn: string;
  readonly idOf: (part: string) => string;
  readonly opening: ($id: string) => Component;
}

const ref = ($ref: string): Reference => ({ $ref });
/** For an optional component: nothing where there is nothing. */
const some = <K extends string, T>(name: K, list: readonly T[]): { readonly [N in K]?: readonly T[] } =>
  (list.length === 0 ? {} : { [name]: list }) as { readonly [N in K]?: readonly T[] };

export function toEido(incident: Incident, agency: Agency): Eido {
  const frame = framed(incident, agency);
  const { incidentUrn, opening, idOf } = frame;
  const notes = notesOf(frame);
  const locations = locationsOf(frame);
  const number = incident.reporter.number;
  return {
    ...opening(incidentUrn),
    eidoVersion: '1.0',
    issuingElementIdentification: `intake110.${agency.domain}`,
    agencyComponent: [
      {
        ...opening(agency.domain),
        agencyRoleDescriptionRegistryText: ['CallReceiving'],
        agencyType: ['police'],
        incidentOwningAgencyIndicator: true,
        agencyJcard: JSON.stringify([
          'vcard',
          [
            ['version', {}, 'text', '4.0'],
            ['fn', {}, 'text', agency.name],
          ],
        ]),
      },
    ],
    ...some(
      'agentComponent',
      callTakersOf(incident).map((callTaker) => ({
        ...opening(agentId(frame, callTaker)),
        agentRoleRegistryText: ['Call Taking'],
        agencyReference: ref(agency.domain),
      })),
    ),
    incidentComponent: {
      ...opening(incidentUrn),
      incidentTypeCommonRegistryText: incidentType(incident.matter),
      incidentTypeInternalCode: incident.matter.code ?? incident.matter.class,
      incidentTypeInternalText: incident.matter.class,
      ...(incident.urgency === null
        ? {}
        : { incidentCommonPriorityNumber: PRIORITY[incident.urgency], incidentPriorityInternalText: incident.urgency }),
      incidentStatusCommonRegistryText: [statusOf(incident.status)],
      incidentStatusInternalText: [incident.status],
      internalIncidentId: incident.id,
      ...some(
        'locationReference',
        locations.map(({ $id }) => ref($id)),
      ),
      personReference: [ref(idOf('caller'))],
      notesReference: notes.map(({ $id }) => ref($id)),
      ...some(
        'agentReference',
        callTakersOf(incident).map((callTaker) => ref(agentId(frame, callTaker))),
      ),
      ...some('dispositionComponent', dispositionsOf(frame)),
    },
    ...some('callComponent', callsOf(frame)),
    ...some(
      'callbackComponent',
      number === null ? [] : [{ ...opening(idOf('callback')), callBackInformationUri: [telUri(number, agency)] }],
    ),
    personComponent: [personOf(frame)],
    ...some('locationComponent', locations),
    notesComponent: notes,
    ...some(
      'linkComponent',
      incident.links.map((link) => ({
        ...opening(idOf(`link.${link.incident}`)),
        incidentTrackingIdentifier: urn('incidentid', link.incident, agency),
        linkDirectionCode: 'RELATED' as const,
        transactionReasonText: link.relation,
      })),
    ),
  };
}

const urn = (kind: 'incidentid' | 'callid', serial: string, { domain }: Agency): string => `urn:emergency:uid:${kind}:${serial}:${domain}`;

function framed(incident: Incident, agency: Agency): Frame {
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

/** Everybody who answered, each once. */
const callTakersOf = ({ call }: Incident): readonly string[] => [
  ...new Set((call?.offers ?? []).filter((offer) => offer.answeredAt !== null).map((offer) => offer.callTaker)),
];
const agentId = ({ agency }: Frame, callTaker: string): string => `${callTaker.replaceAll(/[^A-Za-z0-9._-]/g, '_')}@${agency.domain}`;

/** RFC 3966; a number without a country is meaningful only within the centre. */
const telUri = (number: string, { domain }: Agency): string =>
  number.startsWith('+') ? `tel:${number}` : `tel:${number};phone-context=${domain}`;

function callsOf(frame: Frame): readonly EidoCall[] {
  const { incident, callUrn, opening, idOf } = frame;
  const { call, reporter } = incident;
  if (call === null) return [];
  return [
    {
      ...opening(callUrn),
      callStateRegistryText: callState(call),
      standardPrimaryCallType: 'emergency',
      direction: 'incoming',
      callStartTimestamp: call.arrivedAt,
      ...(call.answeredAt === null ? {} : { answerDate: call.answeredAt }),
      localCallType: call.calledNumber,
      ...(reporter.number === null ? {} : { callBackReference: ref(idOf('callback')) }),
      ...some(
        'agentReference',
        callTakersOf(incident).map((callTaker) => ref(agentId(frame, callTaker))),
      ),
      personReference: [ref(idOf('caller'))],
      notesReference: [ref(idOf('note.record'))],
    },
  ];
}

function callState(call: NonNullable<Incident['call']>): EidoCall['callStateRegistryText'] {
  if (call.endedAt !== null) return 'callEnd';
  if (call.answeredAt !== null) return 'callAnswered';
  return call.offeredAt === null ? 'callBegin' : 'callAlerting';
}

function personOf({ incident, callUrn, opening, idOf }: Frame): EidoPerson {
  const { name, language, number } = incident.reporter;
  return {
    ...opening(idOf('caller')),
    personIncidentRoleRegistryText: ['Caller'],
    ...(incident.call === null ? {} : { callIdentifier: [callUrn] }),
    ...(number === null ? {} : { callBackReference: ref(idOf('callback')) }),
    ncPersonComponent: {
      ...(isWritten(name) ? { name: [{ personFullName: [{ value: name }] }] } : {}),
      primaryLanguage: [{ languageCode: [{ simpleType: language }] }],
    },
  };
}

function locationsOf({ incident, incidentUrn, opening, idOf }: Frame): readonly EidoLocation[] {
  const { place } = incident;
  const document = pidfLo(place, incidentUrn);
  if (document === null) return [];
  const said = isWritten(place.stated) ? `; the reporter said: ${place.stated}` : '';
  return [
    {
      ...opening(idOf('place')),
      locationTypeDescriptionRegistryText: 'CurrentIncident',
      locationByValue: document,
      locationDescriptionText: `${place.certainty}${said}`,
    },
  ];
}

/** What happened in the call taker's words, and what has no field of its own. */
function notesOf(frame: Frame): readonly EidoNotes[] {
  const { incident, opening, idOf } = frame;
  const author = incident.call?.callTaker;
  const note = (part: string, text: string): EidoNotes => ({
    ...opening(idOf(`note.${part}`)),
    notesActionComments: paragraphs(text),
    ...(author === null || author === undefined ? {} : { agentReference: ref(agentId(frame, author)) }),
  });
  return [...(isWritten(incident.what) ? [note('what', incident.what)] : []), note('record', recordOf(incident))];
}

function recordOf({ channel, version, call, happened, matter, reporter, missing }: Incident): string {
  return [
    `Channel ${channel}, version ${version}`,
    ...(call === null
      ? []
      : [
          `Ticket ${call.ticket ?? 'none (fallback)'}, waited ${call.waitedSeconds ?? 'still waiting'} s, recordings: ${call.recordings.join(', ') || 'none'}`,
          ...interpreterNotes(call),
          ...(call.placeWhenLeft === null ? [] : [`Left unanswered from place ${call.placeWhenLeft} in the line`]),
        ]),
    ...(isWritten(happened.stated) ? [`When it happened, as said: ${happened.stated}`] : []),
    ...(happened.at === null ? [] : [`When it happened: ${happened.at} (${happened.certainty})`]),
    ...(isWritten(matter.reason ?? null) ? [`Taken for ${matter.class}: ${matter.reason}`] : []),
    ...(reporter.confidential ? ['The reporter asks to be kept confidential'] : []),
    ...(missing.length === 0 ? [] : [`Still to be asked: ${missing.join(', ')}`]),
  ].join('\n');
}

/** EIDO has no role for an interpreter: the volunteer and the times stand in the notes (ISO 639-3). */
function interpreterNotes({ language, interpreter }: NonNullable<Incident['call']>): readonly string[] {
  const spoken = `Spoken to in ${language}`;
  if (interpreter === null) return [spoken];
  const { volunteer, joinedAt, secondsToInterpreter, asked } = interpreter;
  const came = joinedAt === null ? 'did not join' : `joined ${joinedAt}, ${secondsToInterpreter ?? '?'} s after the request`;
  return [spoken, `Interpreter for ${interpreter.language}: ${volunteer ?? 'nobody accepted'} of ${asked.length} asked, ${came}`];
}

function dispositionsOf({ incident, opening, idOf }: Frame) {
  const { disposition } = incident;
  if (disposition === null) return [];
  return [
    {
      ...opening(idOf('disposition')),
      dispositionCommonRegistryCode: DISPOSITION[disposition.outcome],
      dispositionDescriptionText: `${disposition.outcome}: ${disposition.reason}`,
      dispositionPrimaryIndicator: true,
    },
  ];
}
