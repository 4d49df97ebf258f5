/**
 * The texts' routes: the line of texts, one thread, taking over, answering, deciding whether the reporter may be answered, splitting and
 * joining; the gateways; and "on their way". Never judges what a thread allows; the control room does.
 */
import type { FastifyRequest } from 'fastify';
import { Type, type Static } from 'typebox';
import type { ControlRoom } from '../control/room-ports.ts';
import { incidentId, textId, threadId, type CallTakerId } from '../kernel/ids.ts';
import { DANGER_SIGNS } from '../reading/reading.ts';
import { rfc3339 } from '../kernel/instants.ts';
import { USUAL_NUMBERS } from '../sms/rules.ts';
import type { Thread } from '../sms/thread.ts';
import {
  bearerOf,
  CLOSED,
  EVERYONE,
  incidentIdText,
  limit,
  moment,
  nullable,
  oneOf,
  problems,
  signatureOf,
  textFor,
  type Api,
} from './api.ts';
import { actingFor, OnBehalf } from './call-takers.ts';
import { shownHead, shownThread, ThreadHead, ThreadShown } from './thread-view.ts';
import type { Role } from './tokens.ts';

const DESKS: readonly Role[] = ['call-taker', 'supervisor'];
const REASON_MAX = 500;

const One = Type.Unsafe<Static<typeof ThreadShown>>({ $ref: 'Thread#' });
const Heads = Type.Array(Type.Unsafe<Static<typeof ThreadHead>>({ $ref: 'ThreadHead#' }));
const Threads = Type.Object({ threads: Heads }, { ...CLOSED, description: 'The last opened first' });
const TextLine = Type.Object(
  { length: Type.Integer({ minimum: 0, description: 'All that wait, shown or not' }), threads: Heads },
  { ...CLOSED, description: 'The oldest first; urgent ones are marked, and keep their place' },
);
const Gateways = Type.Object(
  {
    gateways: Type.Array(
      Type.Object(
        {
          name: Type.String(),
          kind: oneOf(['smpp', 'cmpp', 'http', 'sip', 'centre'] as const, { description: 'centre: the way to another centre' }),
          up: Type.Boolean({ description: 'Connected, or listening' }),
          trouble: nullable(Type.String({ description: 'In a sentence; null: none' })),
          heardAt: nullable(moment('When the other side was last heard at all')),
          waiting: Type.Integer({ minimum: 0, description: 'Texts of ours that wait for it' }),
          lagSeconds: Type.Number({ minimum: 0, description: 'By how much the oldest of them is late' }),
        },
        CLOSED,
      ),
    ),
  },
  CLOSED,
);
const ThreadPath = Type.Object({ id: incidentIdText('Of the thread') }, CLOSED);
const callTaker = OnBehalf.properties.callTaker;
const written = (most: number, description: string) => Type.String({ minLength: 1, maxLength: most, pattern: '\\S', description });

const Answer = Type.Object(
  { text: written(USUAL_NUMBERS.answerLongest, 'To the reporter, in your own words'), callTaker },
  { ...CLOSED, examples: [{ text: '请问您在几号楼?' }] },
);
const Decision = Type.Object(
  {
    allow: Type.Boolean({ description: 'true: the reporter may be texted and called' }),
    reason: written(REASON_MAX, 'Kept with the decision'),
    signs: Type.Optional(
      Type.Array(Type.Enum([...DANGER_SIGNS]), {
        maxItems: DANGER_SIGNS.length,
        description: 'The signs of danger that you have seen, as the guard of the thread names them; to allow, all of them',
      }),
    ),
    callTaker,
  },
  { ...CLOSED, examples: [{ allow: true, reason: '独自在家', signs: ['hiding'] }] },
);
const Split = Type.Object({ from: incidentIdText('The text from which on it is another emergency'), callTaker }, CLOSED);
const Join = Type.Object({ into: incidentIdText('The thread that these texts belong to'), callTaker }, CLOSED);

export function textRoutes(api: Api, room: ControlRoom): void {
  api.addSchema(ThreadHead);
  api.addSchema(ThreadShown);
  const tags = ['texts'];
  const answers = { 200: One, ...problems('unknown', 'conflict', 'invalid', 'too-large', 'wrong-content-type') };
  const onBehalf = 'For a call taker, or a supervisor naming one.';

  /** Who does it: somebody on record, so that no thread is held by nobody. */
  async function actor(request: FastifyRequest): Promise<CallTakerId> {
    const { callTaker: named } = (request.body ?? {}) as { readonly callTaker?: string };
    const by = actingFor(bearerOf(request), named);
    return (await room.callTaker(by)).id;
  }
  const shown = async (request: FastifyRequest, asked: Promise<Thread>) => shownThread(await asked, bearerOf(request));

  api.get(
    '/texts',
    {
      config: { roles: EVERYONE },
      schema: {
        tags,
        summary: 'The latest threads of texts',
        querystring: Type.Object({ limit: limit(500, 50) }, CLOSED),
        response: { 200: Threads, ...problems('invalid-query') },
      },
    },
    async (request) => {
      const threads = await room.threads(request.query.limit ?? 50);
      return { threads: threads.map((thread) => shownHead(thread, bearerOf(request))) };
    },
  );

  api.get(
    '/texts/line',
    {
      config: { roles: EVERYONE },
      schema: {
        tags,
        summary: 'The line of texts',
        querystring: Type.Object({ limit: limit(1000, 100) }, CLOSED),
        response: { 200: TextLine, ...problems('invalid-query') },
      },
    },
    async (request) => {
      const { length, threads } = await room.textLine(request.query.limit ?? 100);
      return { length, threads: threads.map((thread) => shownHead(thread, bearerOf(request))) };
    },
  );

  api.post(
    '/texts/next',
    {
      config: { roles: DESKS, bodyOptional: true },
      schema: {
        tags,
        summary: 'Take over the oldest in the line of texts',
        description: `${onBehalf} 204 when nobody waits.`,
        body: OnBehalf,
        response: {
          ...answers,
          204: Type.Unsafe<undefined>({ description: 'Nobody waits' }),
        },
      },
    },
    async (request, reply) => {
      const thread = await room.takeNextText(await actor(request));
      if (thread !== null) return shownThread(thread, bearerOf(request));
      reply.code(204);
      return undefined;
    },
  );

  api.get(
    '/texts/:id',
    {
      config: { roles: EVERYONE },
      schema: { tags, summary: 'One thread of texts', params: ThreadPath, response: { 200: One, ...problems('unknown') } },
    },
    (request) => shown(request, room.thread(threadId(request.params.id))),
  );

  for (const [path, verb, summary] of [
    ['take', 'takeText', 'Take this thread over; 409 where another has it'],
    ['put-back', 'putBackText', 'Put it back into the line, at the place it had'],
  ] as const) {
    api.post(
      `/texts/:id/${path}`,
      {
        config: { roles: DESKS, bodyOptional: true },
        schema: { tags, summary, description: onBehalf, params: ThreadPath, body: OnBehalf, response: answers },
      },
      async (request) => shown(request, room[verb](threadId(request.params.id), await actor(request))),
    );
  }

  api.post(
    '/texts/:id/answer',
    {
      config: { roles: DESKS },
      schema: {
        tags,
        summary: 'Answer the reporter in your own words',
        description: `${onBehalf} 409 where the guard keeps the reporter from being answered, or there is no number. Asked twice, it is sent twice.`,
        params: ThreadPath,
        body: Answer,
        response: answers,
      },
    },
    async (request) => {
      const { text } = request.body;
      return shown(request, room.answerText(threadId(request.params.id), text, await actor(request)));
    },
  );

  api.post(
    '/texts/:id/reply-decision',
    {
      config: { roles: DESKS },
      schema: {
        tags,
        summary: 'Decide whether the reporter may be texted and called',
        description: `${onBehalf} Kept with its reason. What was kept back stays so. A sign that came since you looked is a conflict (409). A new kind of sign of danger makes an allowed thread silent again.`,
        params: ThreadPath,
        body: Decision,
        response: answers,
      },
    },
    async (request) => {
      const { allow, reason, signs = [] } = request.body;
      return shown(request, room.decideReply(threadId(request.params.id), allow, reason, signs, await actor(request)));
    },
  );

  api.post(
    '/texts/:id/split',
    {
      config: { roles: DESKS },
      schema: {
        tags,
        summary: 'From this text on it is another emergency',
        description: `${onBehalf} The answer is the new thread, which waits in the line with an incident of its own.`,
        params: ThreadPath,
        body: Split,
        response: answers,
      },
    },
    async (request) => {
      const { from } = request.body;
      return shown(request, room.splitThread(threadId(request.params.id), textId(from), await actor(request)));
    },
  );

  api.post(
    '/texts/:id/join',
    {
      config: { roles: DESKS },
      schema: {
        tags,
        summary: 'These texts belong to another thread of the same reporter',
        description: `${onBehalf} Its incident is closed as a duplicate of the other's. The answer is the thread that now holds them all.`,
        params: ThreadPath,
        body: Join,
        response: answers,
      },
    },
    async (request) => {
      const { into } = request.body;
      return shown(request, room.joinThreads(threadId(request.params.id), threadId(into), await actor(request)));
    },
  );

  api.post(
    '/incidents/:id/on-their-way',
    {
      config: { roles: ['call-taker', 'supervisor', 'dispatcher'], bodyOptional: true },
      schema: {
        tags,
        summary: 'Police are on their way: the reporter is told by text',
        description:
          'Once, and where the guard lets it out; where not, it stands as withheld in the thread, which is the answer. 404 where the incident did not come by text.',
        params: Type.Object({ id: incidentIdText('As it stands in the thread') }, CLOSED),
        body: Type.Object({}, CLOSED),
        response: answers,
      },
    },
    (request) => shown(request, room.onTheirWay(incidentId(request.params.id), signatureOf(bearerOf(request)))),
  );

  api.get(
    '/gateways',
    {
      config: { roles: EVERYONE },
      schema: { tags, summary: 'The gateways of texts', response: { 200: Gateways, ...problems() } },
    },
    async (request) => {
      const bearer = bearerOf(request);
      const gateways = await room.gateways();
      return {
        gateways: gateways.map(({ name, kind, isUp, trouble, heardAt, waiting, lagSeconds }) => ({
          name,
          kind,
          up: isUp,
          trouble: textFor(bearer, trouble),
          heardAt: heardAt === null ? null : rfc3339(heardAt),
          waiting,
          lagSeconds,
        })),
      };
    },
  );
}
