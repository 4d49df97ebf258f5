/**
 * The incidents: read, complete with optimistic versions (RFC 9110 If-Match, RFC 6585 428), hand over, close.
 * Never judges what an incident still needs; the control room does, and its complaints are passed on.
 */
import type { FastifyReply, FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import type { ControlRoom } from '../control/room-ports.ts';
import { IncidentClosing } from '../incident/checking.ts';
import { Incident, IncidentEdit, Matter, Reporter } from '../incident/incident.ts';
import { isFault } from '../kernel/faults.ts';
import { incidentId, type IncidentId } from '../kernel/ids.ts';
import {
  bearerOf,
  CLOSED,
  EVERYONE,
  incidentIdText,
  limit,
  named,
  nullable,
  numberFor,
  problems,
  seesNumbers,
  signatureOf,
  textFor,
  type Api,
} from './api.ts';
import { Refusal } from './problems.ts';
import type { TokenEntry } from './tokens.ts';

/** The incident as on record; only a number may be masked, so that it is looser here. */
export const IncidentShown = Type.Object(
  {
    ...Incident.properties,
    reporter: Type.Object(
      {
        ...Reporter.properties,
        number: nullable(Type.String({ maxLength: 33, description: 'null: withheld or none; masked for operators' })),
      },
      CLOSED,
    ),
  },
  { ...CLOSED, $id: 'Incident' },
);
const One = Type.Unsafe<Static<typeof IncidentShown>>({ $ref: 'Incident#' });
const Incidents = Type.Object(
  { incidents: Type.Array(One), next: nullable(Type.String({ description: 'Send as `before` for older ones; null: there are none' })) },
  { ...CLOSED, description: 'Newest first' },
);
const Filter = Type.Object(
  {
    status: Type.Optional(Incident.properties.status),
    matter: Type.Optional(Matter.properties.class),
    before: Type.Optional(incidentIdText('An incident id: only older ones')),
    limit: limit(500, 50),
  },
  CLOSED,
);
const ById = Type.Object({ id: incidentIdText('As it stands in the call') }, CLOSED);
const IfMatch = Type.Object({
  'if-match': Type.Optional(Type.String({ description: 'The version that was read, in quotes', examples: ['"3"'] })),
});

/**
 * An operator sees that there is an incident and what becomes of it, with names and numbers covered; of one that came by text, no words
 * of the reporter.
 */
export function shownIncident(incident: Incident, bearer: TokenEntry): Static<typeof IncidentShown> {
  if (seesNumbers(bearer)) return incident;
  const text = (words: string | null): string | null => textFor(bearer, words);
  const { place } = incident;
  const covered: Incident = {
    ...incident,
    what: text(incident.what),
    place: { ...place, stated: text(place.stated), address: text(place.address), landmark: text(place.landmark) },
    happened: { ...incident.happened, stated: text(incident.happened.stated) },
    reporter: { ...incident.reporter, number: numberFor(bearer, incident.reporter.number), name: null },
    disposition: incident.disposition && { ...incident.disposition, reason: text(incident.disposition.reason) ?? '' },
  };
  return incident.texts === null ? covered : withoutWords(covered, incident.texts);
}

/** Whose words these are cannot be told apart any more once a call taker has written into them: all are left out. */
function withoutWords(incident: Incident, texts: NonNullable<Incident['texts']>): Incident {
  const { matter, place, happened, circumstances } = incident;
  const { reason: _quotes, ...kind } = matter;
  return {
    ...incident,
    matter: kind,
    what: null,
    place: { ...place, stated: null, address: null, landmark: null },
    happened: { ...happened, stated: null },
    circumstances: {
      hurt: circumstances.hurt && { ...circumstances.hurt, stated: '' },
      weapons: circumstances.weapons.map(({ what }) => ({ stated: '', what })),
      danger: circumstances.danger.map(({ sign }) => ({ stated: '', sign })),
    },
    texts: { ...texts, contactReason: null, messages: texts.messages.map((message) => ({ ...message, text: '' })) },
  };
}

const etag = (version: number): string => `"${version}"`;

/** The one version that If-Match names. */
function versionIn(request: FastifyRequest): number {
  const header = request.headers['if-match'];
  if (header === undefined) {
    throw new Refusal('version-needed', "Read the incident, and send its ETag as If-Match, so that no one else's change is written over.");
  }
  const digits = /^"([1-9][0-9]{0,8})"$/.exec(header.trim())?.[1];
  if (digits === undefined)
    throw new Refusal('malformed-request', 'If-Match must be one version in quotes, as the ETag gave it, e.g. "3".');
  return Number(digits);
}

export function incidentRoutes(api: Api, room: ControlRoom): void {
  api.addSchema(IncidentShown);
  api.addSchema(IncidentEdit);
  api.addSchema(IncidentClosing);
  const tags = ['incidents'];
  const answers = {
    200: One,
    ...problems('unknown', 'conflict', 'stale-version', 'version-needed', 'invalid', 'too-large', 'wrong-content-type'),
  };

  /** A conflict is 412 where the version has moved on, 409 where the state is in the way. */
  async function change(request: FastifyRequest, reply: FastifyReply, id: IncidentId, act: (version: number) => Promise<Incident>) {
    const version = versionIn(request);
    try {
      const incident = await act(version);
      reply.header('etag', etag(incident.version));
      return shownIncident(incident, bearerOf(request));
    } catch (thrown) {
      if (!isFault(thrown, 'conflict')) throw thrown;
      const current = (await room.incident(id)).version;
      if (current === version) throw thrown;
      const detail = `You have read version ${version}; version ${current} is on record. Read it again, and decide anew.`;
      throw new Refusal('stale-version', detail, { currentVersion: current }, { etag: etag(current) });
    }
  }

  api.get(
    '/incidents',
    {
      config: { roles: EVERYONE },
      schema: { tags, summary: 'Incidents, newest first', querystring: Filter, response: { 200: Incidents, ...problems('invalid-query') } },
    },
    async (request) => {
      const bearer = bearerOf(request);
      const { status, matter, before, limit = 50 } = request.query;
      const filter = {
        limit,
        ...(status !== undefined && { status }),
        ...(matter !== undefined && { matter }),
        ...(before !== undefined && { before: incidentId(before) }),
      };
      const found = await room.incidents(filter);
      return {
        incidents: found.map((incident) => shownIncident(incident, bearer)),
        next: found.length < limit ? null : (found.at(-1)?.id ?? null),
      };
    },
  );

  api.get(
    '/incidents/:id',
    {
      config: { roles: EVERYONE },
      schema: {
        tags,
        summary: 'One incident',
        description: 'The ETag is its version.',
        params: ById,
        response: { 200: One, ...problems('unknown') },
      },
    },
    async (request, reply) => {
      const incident = await room.incident(incidentId(request.params.id));
      reply.header('etag', etag(incident.version));
      return shownIncident(incident, bearerOf(request));
    },
  );

  api.patch(
    '/incidents/:id',
    {
      config: { roles: ['call-taker', 'supervisor'] },
      schema: {
        tags,
        summary: 'Write into an incident',
        description:
          'A merge patch (RFC 7396) in the fields a call taker writes: what is left out stays, null empties. The answer is the new version.',
        consumes: ['application/merge-patch+json', 'application/json'],
        params: ById,
        headers: IfMatch,
        body: named(IncidentEdit),
        response: answers,
      },
    },
    (request, reply) => {
      const id = incidentId(request.params.id);
      return change(request, reply, id, (version) => room.edit(id, version, request.body, signatureOf(bearerOf(request))));
    },
  );

  api.post(
    '/incidents/:id/hand-over',
    {
      config: { roles: ['call-taker', 'supervisor'], bodyOptional: true },
      schema: {
        tags,
        summary: 'Hand over to dispatch',
        description: 'Every later version is sent as well. 422 lists what dispatch would still have to ask.',
        params: ById,
        headers: IfMatch,
        body: Type.Object({}, CLOSED),
        response: answers,
      },
    },
    (request, reply) => {
      const id = incidentId(request.params.id);
      return change(request, reply, id, (version) => room.handOver(id, version, signatureOf(bearerOf(request))));
    },
  );

  api.post(
    '/incidents/:id/close',
    {
      config: { roles: ['call-taker', 'supervisor', 'dispatcher'] },
      schema: {
        tags,
        summary: 'Close with an outcome and a reason',
        params: ById,
        headers: IfMatch,
        body: named(IncidentClosing),
        response: answers,
      },
    },
    (request, reply) => {
      const id = incidentId(request.params.id);
      return change(request, reply, id, (version) => room.close(id, version, request.body, signatureOf(bearerOf(request))));
    },
  );
}
