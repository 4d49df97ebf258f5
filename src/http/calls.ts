/**
 * The line and the calls: what stands where, and hold, resume, private, leave, finish for the call taker in conversation.
 * Shows a call as a flat record with RFC 3339 instants; never shows an operator a whole number.
 */
import { Type, type Static } from 'typebox';
import { callTakerOf, type Call } from '../call/call.ts';
import type { ControlRoom } from '../control/room-ports.ts';
import { callId } from '../kernel/ids.ts';
import { rfc3339, type Instant } from '../kernel/instants.ts';
import { actingFor, CallPath, OnBehalf } from './call-takers.ts';
import { InterpreterShown, interpreterRoutes, shownInterpreter } from './interpreters.ts';
import { bearerOf, CLOSED, EVERYONE, LanguageTag, limit, moment, nullable, numberFor, oneOf, problems, type Api } from './api.ts';
import type { TokenEntry } from './tokens.ts';

const OfferShown = Type.Object(
  {
    attempt: Type.Integer({ minimum: 1 }),
    callTaker: Type.String(),
    offeredAt: moment('The phone began to ring'),
    answeredAt: nullable(moment('Off-hook')),
    endedAt: nullable(moment('The offer or the conversation ended')),
    outcome: oneOf([
      'ringing',
      'talking',
      'completed',
      'lost',
      'no-answer',
      'declined',
      'unreachable',
      'caller-left',
      'withdrawn',
    ] as const),
  },
  CLOSED,
);
export const CallShown = Type.Object(
  {
    id: Type.String(),
    ticket: Type.Integer({ minimum: 1, description: 'Place drawn at the door; never changes' }),
    state: oneOf(['arriving', 'greeting', 'waiting', 'offered', 'talking', 'interpreted', 'ended'] as const, {
      description: 'interpreted: the call taker has left caller and interpreter to each other',
    }),
    onHold: Type.Boolean(),
    floor: nullable(
      oneOf(['open', 'hold', 'private'] as const, {
        description: 'talking: who hears whom. private: call taker and interpreter, while the caller hears a prompt',
      }),
    ),
    why: nullable(oneOf(['completed', 'abandoned', 'elsewhere'] as const, { description: 'ended: how' })),
    callTaker: nullable(Type.String({ description: 'Who is rung or spoken to' })),
    incident: Type.String(),
    number: nullable(Type.String({ description: 'null: withheld or none; masked for operators', examples: ['13800001234'] })),
    calledNumber: Type.String({ examples: ['110'] }),
    language: Type.String({ description: 'BCP 47 primary tag', examples: ['zh'] }),
    arrivedAt: moment('Ticket drawn'),
    enteredAt: nullable(moment('The channel became ours')),
    endedAt: nullable(moment('The caller left the house')),
    interpreter: InterpreterShown,
    placeWhenLeft: nullable(Type.Integer({ minimum: 1, description: 'Place in line when an unanswered caller left' })),
    offers: Type.Array(OfferShown),
  },
  { ...CLOSED, $id: 'Call' },
);
const One = Type.Unsafe<Static<typeof CallShown>>({ $ref: 'Call#' });
const Calls = Type.Object({ calls: Type.Array(One) }, CLOSED);
const Line = Type.Object(
  {
    length: Type.Integer({ minimum: 0, description: 'All callers in the line, shown or not' }),
    callers: Type.Array(
      Type.Object(
        {
          place: Type.Integer({ minimum: 1, description: '1 is served next' }),
          call: Type.String(),
          ticket: Type.Integer({ minimum: 1 }),
          arrivedAt: moment('Ticket drawn'),
          language: Type.String(),
        },
        CLOSED,
      ),
    ),
  },
  { ...CLOSED, description: 'Earliest ticket first' },
);

const maybe = (at: Instant | null): string | null => (at === null ? null : rfc3339(at));

export function shownCall(call: Call, bearer: TokenEntry): Static<typeof CallShown> {
  const { state } = call;
  return {
    id: call.id,
    ticket: call.ticket,
    state: state.at,
    onHold: state.at === 'talking' && state.floor.is === 'hold',
    floor: state.at === 'talking' ? state.floor.is : null,
    why: state.at === 'ended' ? state.why : null,
    callTaker: callTakerOf(call),
    incident: call.incident,
    number: numberFor(bearer, call.number),
    calledNumber: call.calledNumber,
    language: call.language,
    arrivedAt: rfc3339(call.arrivedAt),
    enteredAt: maybe(call.enteredAt),
    endedAt: maybe(call.endedAt),
    interpreter: shownInterpreter(call),
    placeWhenLeft: call.placeWhenLeft,
    offers: call.offers.map(({ attempt, to, offeredAt, answeredAt, endedAt, outcome }) => ({
      attempt,
      callTaker: to,
      offeredAt: rfc3339(offeredAt),
      answeredAt: maybe(answeredAt),
      endedAt: maybe(endedAt),
      outcome,
    })),
  };
}

export function callRoutes(api: Api, room: ControlRoom): void {
  api.addSchema(CallShown);
  const tags = ['calls'];

  api.get(
    '/line',
    {
      config: { roles: EVERYONE },
      schema: {
        tags,
        summary: 'The line',
        querystring: Type.Object({ limit: limit(1000, 100) }, CLOSED),
        response: { 200: Line, ...problems('invalid-query') },
      },
    },
    async (request) => {
      const { length, callers } = await room.line(request.query.limit ?? 100);
      return {
        length,
        callers: callers.map(({ call, ticket, arrivedAt, language }, i) => ({
          place: i + 1,
          call,
          ticket,
          arrivedAt: rfc3339(arrivedAt),
          language,
        })),
      };
    },
  );

  api.get(
    '/calls',
    {
      config: { roles: EVERYONE },
      schema: {
        tags,
        summary: 'The latest calls',
        querystring: Type.Object({ limit: limit(500, 50) }, CLOSED),
        response: { 200: Calls, ...problems('invalid-query') },
      },
    },
    async (request) => {
      const bearer = bearerOf(request);
      return { calls: (await room.calls(request.query.limit ?? 50)).map((call) => shownCall(call, bearer)) };
    },
  );

  api.get(
    '/calls/:id',
    {
      config: { roles: EVERYONE },
      schema: { tags, summary: 'One call', params: CallPath, response: { 200: One, ...problems('unknown') } },
    },
    async (request) => shownCall(await room.call(callId(request.params.id)), bearerOf(request)),
  );

  api.put(
    '/calls/:id/language',
    {
      config: { roles: ['call-taker', 'supervisor'] },
      schema: {
        tags,
        summary: 'The language of this caller',
        description: 'From now on every prompt is spoken in it. Whoever hears it may say so; the caller can do the same by a key.',
        params: CallPath,
        body: Type.Object({ language: LanguageTag }, CLOSED),
        response: { 200: One, ...problems('unknown', 'conflict', 'invalid', 'too-large', 'wrong-content-type') },
      },
    },
    async (request) => shownCall(await room.setLanguage(callId(request.params.id), request.body.language), bearerOf(request)),
  );

  for (const [path, verb, summary] of [
    ['hold', 'hold', 'Put the caller on hold; the recording goes on'],
    ['private', 'speakPrivately', 'Speak with the interpreter alone; the caller hears a prompt, the recording goes on'],
    ['resume', 'resume', 'Speak with the caller again, after a hold or a private word'],
    ['leave', 'leaveToInterpreter', 'Leave caller and interpreter to each other, and be free for the next caller'],
    ['finish', 'finish', 'End the conversation'],
  ] as const) {
    api.post(
      `/calls/:id/${path}`,
      {
        config: { roles: ['call-taker', 'supervisor'], bodyOptional: true },
        schema: {
          tags,
          summary,
          description: 'For the call taker in conversation with this caller, or a supervisor naming that call taker.',
          params: CallPath,
          body: OnBehalf,
          response: { 200: One, ...problems('unknown', 'conflict', 'invalid', 'too-large', 'wrong-content-type') },
        },
      },
      async (request) => {
        const bearer = bearerOf(request);
        const by = actingFor(bearer, request.body.callTaker);
        return shownCall(await room[verb](callId(request.params.id), by), bearer);
      },
    );
  }

  interpreterRoutes(api, room, { One, shown: shownCall });
}
