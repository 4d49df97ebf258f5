/**
 * An incident as an Emergency Incident Data Object (NENA-STA-021.1b): the whole present state, no history. Every `$id` is made from the
 * incident's own id and what the component is, so that it stays the same from version to version.
 */
import { agentId, callTakersOf, framed, mayBeContacted, ref, urn, type Agency, type Frame } from './eido-frame.ts';
import { notesOf } from './eido-notes.ts';
import type { Eido, EidoCall, EidoLocation, EidoPerson } from './eido-types.ts';
import { DISPOSITION, incidentType, PRIORITY, statusOf } from './eido-words.ts';
import type { Incident } from './incident.ts';
import { pidfLo } from './pidf-lo.ts';
import { isWritten } from './record.ts';

/** For an optional component: nothing where there is nothing. */
const some = <K extends string, T>(name: K, list: readonly T[]): { readonly [N in K]?: readonly T[] } =>
  (list.length === 0 ? {} : { [name]: list }) as { readonly [N in K]?: readonly T[] };

export function toEido(incident: Incident, agency: Agency): Eido {
  const frame = framed(incident, agency);
  const { incidentUrn, opening, idOf } = frame;
  const notes = notesOf(frame);
  const locations = locationsOf(frame);
  const number = callbackNumber(incident);
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

/** RFC 3966; a number without a country is meaningful only within the centre. */
const telUri = (number: string, { domain }: Agency): string =>
  number.startsWith('+') ? `tel:${number}` : `tel:${number};phone-context=${domain}`;

/** Whom the guard keeps from being answered must not be called by the other side either: their number then stands in a note alone. */
const callbackNumber = (incident: Incident): string | null => (mayBeContacted(incident) ? incident.reporter.number : null);

type About = Pick<EidoCall, 'callStateRegistryText' | 'callStartTimestamp' | 'localCallType'> & { readonly answerDate?: string };

function callsOf(frame: Frame): readonly EidoCall[] {
  const { incident, callUrn, opening, idOf } = frame;
  const { call, texts } = incident;
  const about = call !== null ? ofCall(call) : texts !== null ? ofTexts(texts, incident.status) : null;
  if (about === null) return [];
  return [
    {
      ...opening(callUrn),
      standardPrimaryCallType: 'emergency',
      direction: 'incoming',
      ...about,
      ...(callbackNumber(incident) === null ? {} : { callBackReference: ref(idOf('callback')) }),
      ...some(
        'agentReference',
        callTakersOf(incident).map((callTaker) => ref(agentId(frame, callTaker))),
      ),
      personReference: [ref(idOf('caller'))],
      notesReference: [ref(idOf('note.record'))],
    },
  ];
}

const ofCall = (call: NonNullable<Incident['call']>): About => ({
  callStateRegistryText: callState(call),
  callStartTimestamp: call.arrivedAt,
  ...(call.answeredAt === null ? {} : { answerDate: call.answeredAt }),
  localCallType: call.calledNumber,
});

/**
 * NENA i3 calls any request for emergency assistance a call, texts included. Answered is one that a call taker has taken over; when, the
 * incident does not say, and so neither does this.
 */
const ofTexts = ({ firstAt, shortNumber, callTaker }: NonNullable<Incident['texts']>, status: Incident['status']): About => ({
  callStateRegistryText: status === 'closed' ? 'callEnd' : callTaker === null ? 'callBegin' : 'callAnswered',
  callStartTimestamp: firstAt,
  localCallType: `text to ${shortNumber}`,
});

function callState(call: NonNullable<Incident['call']>): EidoCall['callStateRegistryText'] {
  if (call.endedAt !== null) return 'callEnd';
  if (call.answeredAt !== null) return 'callAnswered';
  return call.offeredAt === null ? 'callBegin' : 'callAlerting';
}

function personOf({ incident, callUrn, opening, idOf }: Frame): EidoPerson {
  const { name, language } = incident.reporter;
  return {
    ...opening(idOf('caller')),
    personIncidentRoleRegistryText: ['Caller'],
    ...(incident.call === null && incident.texts === null ? {} : { callIdentifier: [callUrn] }),
    ...(callbackNumber(incident) === null ? {} : { callBackReference: ref(idOf('callback')) }),
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
  return [
    {
      ...opening(idOf('place')),
      locationTypeDescriptionRegistryText: 'CurrentIncident',
      locationByValue: document,
      locationDescriptionText: describedPlace(place),
    },
  ];
}

/** What a civic address has no field for; a lamp post has one, and is said here for people. */
const describedPlace = ({ certainty, stated, poleCode, plateCode, landmark }: Incident['place']): string =>
  [
    certainty,
    ...(poleCode === null ? [] : [`lamp post ${poleCode}`]),
    ...(plateCode === null ? [] : [`door plate ${plateCode}`]),
    ...(isWritten(landmark) ? [`landmark: ${landmark}`] : []),
    ...(isWritten(stated) ? [`the reporter said: ${stated}`] : []),
  ].join('; ');

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
