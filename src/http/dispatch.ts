/**
 * The dispatch side's routes: how far each webhook sink is, what could not be delivered, and sending it again.
 * Shows dead letters by what they are about; the incident itself is read where incidents are read.
 */
import { Type } from 'typebox';
import type { ControlRoom } from '../control/room-ports.ts';
import { rfc3339 } from '../kernel/instants.ts';
import { CLOSED, limit, moment, nullable, oneOf, problems, SinkName, type Api } from './api.ts';
import type { Role } from './tokens.ts';

const DISPATCH_SIDE: readonly Role[] = ['supervisor', 'dispatcher', 'operator'];
const LetterId = Type.String({ pattern: '^[A-Za-z0-9_.:-]{1,128}$' });

const Sinks = Type.Object(
  {
    sinks: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          waiting: Type.Integer({ minimum: 0 }),
          dead: Type.Integer({ minimum: 0, description: 'Kept for a person' }),
          lagSeconds: Type.Number({ minimum: 0, description: 'Age of the oldest that waits; 0 when nothing waits' }),
        },
        CLOSED,
      ),
    ),
  },
  CLOSED,
);
const DeadLetters = Type.Object(
  {
    deadLetters: Type.Array(
      Type.Object(
        {
          id: Type.String({ description: 'The webhook-id' }),
          type: oneOf(['incident.handed_over', 'incident.amended', 'incident.closed', 'incident.abandoned'] as const),
          incident: Type.String(),
          version: Type.Integer({ minimum: 1 }),
          at: moment('When it was made'),
          buriedAt: moment('When it was given up'),
          attempts: Type.Integer({ minimum: 0 }),
          lastAnswer: nullable(Type.String({ description: 'What the sink said last' })),
        },
        CLOSED,
      ),
    ),
  },
  CLOSED,
);
const Resent = Type.Object({ id: Type.String(), sink: Type.String(), state: Type.Literal('waiting') }, CLOSED);

export function dispatchRoutes(api: Api, room: ControlRoom): void {
  const tags = ['dispatch'];

  api.get(
    '/sinks',
    { config: { roles: DISPATCH_SIDE }, schema: { tags, summary: 'The webhook sinks', response: { 200: Sinks, ...problems() } } },
    async () => ({ sinks: [...(await room.sinks())] }),
  );

  api.get(
    '/sinks/:name/dead-letters',
    {
      config: { roles: DISPATCH_SIDE },
      schema: {
        tags,
        summary: 'What could not be delivered',
        params: Type.Object({ name: SinkName }, CLOSED),
        querystring: Type.Object({ limit: limit(500, 100) }, CLOSED),
        response: { 200: DeadLetters, ...problems('unknown', 'invalid-query') },
      },
    },
    async (request) => {
      const letters = await room.deadLetters(request.params.name, request.query.limit ?? 100);
      return {
        deadLetters: letters.map(({ id, type, incident, at, buriedAt, attempts, lastAnswer }) => ({
          id,
          type,
          incident: incident.id,
          version: incident.version,
          at: rfc3339(at),
          buriedAt: rfc3339(buriedAt),
          attempts,
          lastAnswer,
        })),
      };
    },
  );

  api.post(
    '/sinks/:name/dead-letters/:id/resend',
    {
      config: { roles: DISPATCH_SIDE, bodyOptional: true },
      schema: {
        tags,
        summary: 'Send a dead letter again',
        description: 'It goes behind what waits for that sink, with the same webhook-id.',
        params: Type.Object({ name: SinkName, id: LetterId }, CLOSED),
        body: Type.Object({}, CLOSED),
        response: { 202: Resent, ...problems('unknown', 'invalid', 'too-large', 'wrong-content-type') },
      },
    },
    async (request, reply) => {
      const { name, id } = request.params;
      await room.resend(name, id);
      reply.code(202);
      return { id, sink: name, state: 'waiting' as const };
    },
  );
}
