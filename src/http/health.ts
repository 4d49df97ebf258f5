/**
 * Whether the process lives, whether the house is ready, and its figures: for machines that watch, without a token.
 * Never throws and never waits long; holds nothing that is said of a person.
 */
import { Type } from 'typebox';
import type { ControlRoom, PartOfHouse } from '../control/room-ports.ts';
import { CLOSED, nullable, type Api } from './api.ts';
import type { Metrics } from './metrics.ts';
import { CATALOGUE, PROBLEM_JSON } from './problems.ts';
import { settledWithin } from './settled-within.ts';

const READINESS_WITHIN_MS = 2000;

const Alive = Type.Object({ alive: Type.Literal(true), uptimeSeconds: Type.Number({ minimum: 0 }) }, CLOSED);
const Parts = Type.Array(
  Type.Object({ part: Type.String(), trouble: nullable(Type.String({ description: 'In words; null: nothing is wrong' })) }, CLOSED),
);
const Ready = Type.Object({ ready: Type.Literal(true), parts: Parts }, CLOSED);
const NotReady = Type.Object(
  { type: Type.String(), title: Type.String(), status: Type.Literal(503), detail: Type.String(), ready: Type.Literal(false), parts: Parts },
  CLOSED,
);

export function healthRoutes(api: Api, room: ControlRoom, metrics: Metrics): void {
  const tags = ['watching'];

  api.get('/healthz', { schema: { tags, summary: 'The process lives', security: [], response: { 200: Alive } } }, async () => ({
    alive: true as const,
    uptimeSeconds: Math.round(process.uptime()),
  }));

  api.get(
    '/readyz',
    {
      schema: {
        tags,
        summary: 'The house can serve callers',
        description: 'A carrier of texts that is away is named among the parts, and the house is ready all the same.',
        security: [],
        response: {
          200: Ready,
          503: Type.Unsafe<unknown>({
            description: 'A problem document with the parts',
            content: { [PROBLEM_JSON]: { schema: NotReady } },
          }),
        },
      },
    },
    async (_request, reply) => {
      const asked = await settledWithin(READINESS_WITHIN_MS, () => room.readiness());
      const known: readonly PartOfHouse[] = asked.ok ? asked.value : [{ part: 'control room', trouble: asked.why }];
      const parts = known.map(({ part, trouble }) => ({ part, trouble }));
      const inTheWay = known.filter(({ trouble, isDispensable }) => trouble !== null && isDispensable !== true);
      if (inTheWay.length === 0) return { ready: true as const, parts };
      const detail = inTheWay.map(({ part, trouble }) => `${part}: ${trouble}`).join('; ');
      reply.code(503).type(PROBLEM_JSON).header('retry-after', '2');
      return { type: '/problems/not-ready', ...CATALOGUE['not-ready'], detail, ready: false as const, parts };
    },
  );

  api.get(
    '/metrics',
    {
      schema: {
        tags,
        summary: 'Figures for Prometheus',
        security: [],
        response: {
          200: Type.Unsafe<string>({ description: 'Prometheus text format', content: { 'text/plain': { schema: { type: 'string' } } } }),
        },
      },
    },
    async (_request, reply) => {
      reply.type(metrics.contentType);
      return metrics.text(room);
    },
  );
}
