/**
 * The interpreter of a call, as asked for and as shown: who is sought, who came, and what can be done when nobody does. Never decides
 * who is rung; the roster does.
 */
import { Type, type Static, type TSchema } from 'typebox';
import type { Asking, Call } from '../call/call.ts';
import type { ControlRoom } from '../control/room-ports.ts';
import { callId } from '../kernel/ids.ts';
import { instant, rfc3339, type Instant } from '../kernel/instants.ts';
import { bearerOf, CLOSED, EVERYONE, LanguageTag, moment, nullable, oneOf, problems, type Api } from './api.ts';
import { CallPath } from './call-takers.ts';
import { CARD_LANGUAGES, PhraseCard, phraseCard } from './phrase-cards.ts';
import { Refusal } from './problems.ts';
import type { TokenEntry } from './tokens.ts';

const OUTCOMES = [
  'ringing',
  'hearing',
  'accepted',
  'refused',
  'no-answer',
  'unreachable',
  'silent',
  'beaten',
  'withdrawn',
  'served',
  'lost',
] as const satisfies readonly Asking['outcome'][];

const NextStep = Type.Object(
  {
    words: Type.String({ description: 'What to do, for the call taker' }),
    method: oneOf(['GET', 'PUT'] as const),
    href: Type.String({ description: 'Where, on this server' }),
  },
  CLOSED,
);
const AskingShown = Type.Object(
  {
    volunteer: Type.String(),
    language: Type.String({ description: 'The language that is needed' }),
    outcome: oneOf(OUTCOMES, { description: 'hearing: has answered, and not pressed a key; silent: never did' }),
    askedAt: moment('The phone began to ring'),
    joinedAt: nullable(moment('Came into the conversation')),
    endedAt: nullable(moment('Let go, or left')),
  },
  CLOSED,
);
export const InterpreterShown = Type.Object(
  {
    state: oneOf(['none', 'sought', 'prepared', 'present', 'nobody'] as const, {
      description: 'prepared: accepted, and no call taker is talking yet; nobody: no one accepted, `next` says what can be done',
    }),
    language: nullable(Type.String({ description: 'BCP 47 primary tag; null: none is asked for' })),
    volunteer: nullable(Type.String({ description: 'prepared, present: who' })),
    askedAt: nullable(moment('First asked for')),
    joinedAt: nullable(moment('The first one came into the conversation')),
    secondsToInterpreter: nullable(Type.Number({ minimum: 0, description: 'From the one to the other' })),
    asked: Type.Array(AskingShown),
    next: Type.Array(NextStep, { description: 'Empty unless nobody accepted' }),
  },
  CLOSED,
);

const maybe = (at: Instant | null): string | null => (at === null ? null : rfc3339(at));

export function shownInterpreter({ id, interpreter, askings, interpreterAskedAt }: Call): Static<typeof InterpreterShown> {
  const leg = interpreter.is === 'prepared' || interpreter.is === 'present' ? interpreter.leg : null;
  const joins = askings.flatMap(({ joinedAt }) => (joinedAt === null ? [] : [joinedAt]));
  const joinedAt = joins.length === 0 ? null : instant(Math.min(...joins));
  return {
    state: interpreter.is,
    language: interpreter.is === 'none' ? null : interpreter.language,
    volunteer: askings.find((asking) => asking.leg === leg)?.volunteer ?? null,
    askedAt: maybe(interpreterAskedAt),
    joinedAt: maybe(joinedAt),
    secondsToInterpreter: joinedAt === null || interpreterAskedAt === null ? null : Math.max(0, joinedAt - interpreterAskedAt) / 1000,
    asked: askings.map((asking) => ({
      volunteer: asking.volunteer,
      language: asking.language,
      outcome: asking.outcome,
      askedAt: rfc3339(asking.askedAt),
      joinedAt: maybe(asking.joinedAt),
      endedAt: maybe(asking.endedAt),
    })),
    next: interpreter.is === 'nobody' ? nextSteps(id, interpreter.language) : [],
  };
}

function nextSteps(call: string, language: string): Static<typeof NextStep>[] {
  const ask = `/api/v1/calls/${encodeURIComponent(call)}/interpreter`;
  const card = {
    words: 'Read the phrase card of this language to the caller',
    method: 'GET',
    href: `/api/v1/phrase-cards/${language}`,
  } as const;
  return [
    { words: 'Ask the volunteers again', method: 'PUT', href: ask },
    { words: 'Ask for another language that the caller may speak: name it in `language`', method: 'PUT', href: ask },
    {
      words: "See who is on the roster, another centre's volunteers included where they are listed",
      method: 'GET',
      href: '/api/v1/volunteers',
    },
    ...(CARD_LANGUAGES.includes(language) ? [card] : []),
  ];
}

const AskFor = Type.Object(
  { language: Type.Optional(LanguageTag) },
  { ...CLOSED, description: "Without a language it is the caller's", examples: [{ language: 'ru' }] },
);

/** How a call is answered: its schema, and the call as this asker may see it. */
export interface CallAnswer {
  readonly One: TSchema;
  readonly shown: (call: Call, bearer: TokenEntry) => unknown;
}

export function interpreterRoutes(api: Api, room: ControlRoom, { One, shown }: CallAnswer): void {
  const tags = ['interpreters'];
  const roles = ['call-taker', 'supervisor'] as const;

  api.put(
    '/calls/:id/interpreter',
    {
      config: { roles, bodyOptional: true },
      schema: {
        tags,
        summary: 'Ask for an interpreter',
        description:
          'At any time of the call, from any desk. Volunteers are rung until one accepts by a key. Asked for another language, those rung for the first are let go. 409 where an interpreter is there already.',
        params: CallPath,
        body: AskFor,
        response: { 200: One, ...problems('unknown', 'conflict', 'invalid', 'too-large', 'wrong-content-type') },
      },
    },
    async (request) => shown(await room.askInterpreter(callId(request.params.id), request.body.language ?? null), bearerOf(request)),
  );

  api.delete(
    '/calls/:id/interpreter',
    {
      config: { roles },
      schema: {
        tags,
        summary: 'Dismiss the interpreter, or call off the search',
        description:
          'Whoever is rung or present is thanked and let go; caller and call taker stay. Where the call taker has left the two to each other, it ends the call.',
        params: CallPath,
        response: { 200: One, ...problems('unknown', 'conflict') },
      },
    },
    async (request) => shown(await room.dismissInterpreter(callId(request.params.id)), bearerOf(request)),
  );

  api.get(
    '/phrase-cards/:language',
    {
      config: { roles: EVERYONE },
      schema: {
        tags,
        summary: 'Sentences to read out where nobody interprets',
        params: Type.Object({ language: LanguageTag }, CLOSED),
        response: { 200: PhraseCard, ...problems('unknown') },
      },
    },
    async (request) => {
      const card = phraseCard(request.params.language);
      if (card === null) throw new Refusal('unknown', `There is no phrase card for that language; there are ${CARD_LANGUAGES.join(', ')}.`);
      return card;
    },
  );
}
