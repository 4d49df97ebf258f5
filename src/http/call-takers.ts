/**
 * The call takers' routes: who sits where, and what they ask to be. Never decides whether a state is allowed; the desk does.
 */
import { Type, type Static } from 'typebox';
import type { ControlRoom } from '../control/room-ports.ts';
import type { CallTaker } from '../desk/call-taker.ts';
import { callTakerId } from '../kernel/ids.ts';
import { rfc3339 } from '../kernel/instants.ts';
import { bearerOf, CallIdText, callTakerIdText, CLOSED, EVERYONE, moment, nullable, oneOf, problems, type Api } from './api.ts';
import { Refusal } from './problems.ts';

const WISHES = ['ready', 'pause', 'off'] as const;

export const CallTakerShown = Type.Object(
  {
    id: callTakerIdText('As the centre gave it'),
    name: Type.String(),
    endpoint: Type.String({ description: 'Name of their phone in Asterisk' }),
    phone: oneOf(['registered', 'absent'] as const, { description: 'Without a registered phone nobody is offered to them' }),
    state: oneOf(['off', 'ready', 'offered', 'talking', 'after-call', 'pause'] as const),
    since: nullable(moment('ready, pause: since when; offered: ready since when')),
    until: nullable(moment('after-call: when the time for the record is over')),
    reason: nullable(Type.String({ description: 'pause: why' })),
    call: nullable(Type.String({ description: 'offered, talking, after-call: which call' })),
    afterwards: oneOf(WISHES, { description: 'What comes after the present call' }),
  },
  { ...CLOSED, $id: 'CallTaker' },
);
const StateWish = Type.Object(
  {
    state: oneOf(WISHES, { description: 'During a call it is what comes after it', examples: ['ready'] }),
    reason: Type.Optional(
      Type.String({ minLength: 1, maxLength: 200, description: 'Why a pause; not kept otherwise', examples: ['meal'] }),
    ),
  },
  { ...CLOSED, examples: [{ state: 'pause', reason: 'meal' }] },
);
const CallTakers = Type.Object({ callTakers: Type.Array(Type.Unsafe<Static<typeof CallTakerShown>>({ $ref: 'CallTaker#' })) }, CLOSED);
const One = Type.Unsafe<Static<typeof CallTakerShown>>({ $ref: 'CallTaker#' });
const ById = Type.Object({ id: callTakerIdText('As the centre gave it') }, CLOSED);

export function shownCallTaker({ id, name, endpoint, phone, state, afterwards }: CallTaker): Static<typeof CallTakerShown> {
  const since = state.is === 'ready' || state.is === 'pause' ? state.since : state.is === 'offered' ? state.readySince : null;
  return {
    id,
    name,
    endpoint,
    phone,
    state: state.is,
    since: since === null ? null : rfc3339(since),
    until: state.is === 'after-call' ? rfc3339(state.until) : null,
    reason: state.is === 'pause' ? state.reason : null,
    call: 'call' in state ? state.call : null,
    afterwards: afterwards.be,
  };
}

export function callTakerRoutes(api: Api, room: ControlRoom): void {
  api.addSchema(CallTakerShown);
  const tags = ['call takers'];

  api.get(
    '/call-takers',
    { config: { roles: EVERYONE }, schema: { tags, summary: 'All call takers', response: { 200: CallTakers, ...problems() } } },
    async () => ({ callTakers: (await room.callTakers()).map(shownCallTaker) }),
  );

  api.get(
    '/call-takers/:id',
    {
      config: { roles: EVERYONE },
      schema: { tags, summary: 'One call taker', params: ById, response: { 200: One, ...problems('unknown') } },
    },
    async (request) => shownCallTaker(await room.callTaker(callTakerId(request.params.id))),
  );

  api.put(
    '/call-takers/:id/state',
    {
      config: { roles: ['call-taker', 'supervisor'] },
      schema: {
        tags,
        summary: 'Sign on, pause, sign off',
        description: 'A call taker for themselves, a supervisor for anybody. Asked during a call, it is what comes after the call.',
        params: ById,
        body: StateWish,
        response: { 200: One, ...problems('unknown', 'conflict', 'invalid', 'too-large', 'wrong-content-type') },
      },
    },
    async (request) => {
      const { role, callTaker } = bearerOf(request);
      if (role === 'call-taker' && callTaker !== request.params.id) {
        throw new Refusal('wrong-role', 'A call taker changes their own state only; a supervisor may change that of others.');
      }
      return shownCallTaker(await become(room, request.params.id, request.body));
    },
  );
}

function become(room: ControlRoom, id: string, wish: Static<typeof StateWish>): Promise<CallTaker> {
  const who = callTakerId(id);
  switch (wish.state) {
    case 'ready':
      return room.ready(who);
    case 'pause':
      return room.pause(who, wish.reason ?? 'not given');
    case 'off':
      return room.off(who);
  }
}

/** A call taker acts for themselves; a supervisor says for whom. Throws a Refusal otherwise. */
export function actingFor(bearer: ReturnType<typeof bearerOf>, named: string | undefined): ReturnType<typeof callTakerId> {
  if (bearer.callTaker !== null) {
    if (named !== undefined && named !== bearer.callTaker) {
      throw new Refusal('wrong-role', 'A call taker acts for themselves only; a supervisor may act for others.');
    }
    return callTakerId(bearer.callTaker);
  }
  if (named === undefined) {
    const complaint = 'callTaker is missing: a supervisor says for which call taker';
    throw new Refusal('invalid', complaint, { complaints: [complaint] });
  }
  return callTakerId(named);
}

/** Whose conversation a supervisor means; a call taker may leave it out. */
export const OnBehalf = Type.Object(
  { callTaker: Type.Optional(callTakerIdText('Needed from a supervisor only')) },
  { ...CLOSED, examples: [{ callTaker: '1001' }] },
);
export const CallPath = Type.Object({ id: CallIdText }, CLOSED);
