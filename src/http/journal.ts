/**
 * The journal, page by page, and the asker's own mirror (`/me`). Never changes anything.
 */
import { Type, type Static } from 'typebox';
import type { JournalEntry } from '../control/ports.ts';
import type { ControlRoom } from '../control/room-ports.ts';
import { rfc3339 } from '../kernel/instants.ts';
import { bearerOf, CLOSED, EVERYONE, limit, moment, nullable, oneOf, problems, textFor, type Api } from './api.ts';
import { ROLES, type TokenEntry } from './tokens.ts';

const Entry = Type.Object(
  {
    id: Type.String(),
    at: moment('When it happened'),
    kind: Type.String({ description: "An event's type" }),
    call: nullable(Type.String()),
    callTaker: nullable(Type.String()),
    incident: nullable(Type.String()),
    thread: nullable(Type.String({ description: 'Of texts' })),
    ticket: nullable(Type.Integer()),
    data: Type.Record(Type.String(), Type.Union([Type.String(), Type.Number(), Type.Boolean(), Type.Null()])),
  },
  CLOSED,
);
const Page = Type.Object(
  { entries: Type.Array(Entry), next: nullable(Type.String({ description: 'Send as `after` for what comes later' })) },
  { ...CLOSED, description: 'Newest last' },
);
const Me = Type.Object(
  {
    name: Type.String(),
    role: oneOf(ROLES),
    callTaker: nullable(Type.String({ description: 'The call taker this token speaks for' })),
    centre: Type.String(),
  },
  CLOSED,
);
const After = Type.Optional(Type.String({ pattern: '^[A-Za-z0-9-]{1,64}$', description: "An entry's id: only later ones" }));

function shownEntry(entry: JournalEntry & { readonly id: string }, bearer: TokenEntry): Static<typeof Entry> {
  const data = Object.entries(entry.data ?? {}).map(([key, value]) => [
    key,
    typeof value === 'string' && isNumber(value) ? textFor(bearer, value) : value,
  ]);
  return {
    id: entry.id,
    at: rfc3339(entry.at),
    kind: entry.kind,
    call: entry.call ?? null,
    callTaker: entry.callTaker ?? null,
    incident: entry.incident ?? null,
    thread: entry.thread ?? null,
    ticket: entry.ticket ?? null,
    data: Object.fromEntries(data),
  };
}
const isNumber = (text: string): boolean => /^(tel:)?\+?[0-9]{7,}$/.test(text);

export function journalRoutes(api: Api, room: ControlRoom, centre: string): void {
  api.get(
    '/journal',
    {
      config: { roles: ['operator', 'supervisor'] },
      schema: {
        tags: ['journal'],
        summary: 'What happened, in order',
        querystring: Type.Object({ after: After, limit: limit(1000, 100) }, CLOSED),
        response: { 200: Page, ...problems('invalid-query') },
      },
    },
    async (request) => {
      const bearer = bearerOf(request);
      const { after, limit = 100 } = request.query;
      const entries = await room.journal(after ?? null, limit);
      return { entries: entries.map((entry) => shownEntry(entry, bearer)), next: entries.at(-1)?.id ?? after ?? null };
    },
  );

  api.get(
    '/me',
    { config: { roles: EVERYONE }, schema: { tags: ['journal'], summary: 'Whose token this is', response: { 200: Me, ...problems() } } },
    async (request) => {
      const { name, role, callTaker } = bearerOf(request);
      return { name, role, callTaker, centre };
    },
  );
}
