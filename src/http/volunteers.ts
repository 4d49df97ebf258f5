/**
 * The volunteer interpreters' routes: the roster read and replaced, who is available. A roster is shown in the words in which it is
 * written, so that what was read can be changed and sent back. Never judges a row; the roster does, with all its complaints at once.
 */
import { Type, type Static } from 'typebox';
import { LineCounter, parseDocument } from 'yaml';
import type { ControlRoom } from '../control/room-ports.ts';
import { csvRows } from '../interpreters/roster.ts';
import type { DutyException, Volunteer } from '../interpreters/volunteer.ts';
import { volunteerId } from '../kernel/ids.ts';
import { rfc3339 } from '../kernel/instants.ts';
import { maskDigits } from '../kernel/phone-numbers.ts';
import { bearerOf, CLOSED, EVERYONE, moment, nullable, oneOf, problems, type Api } from './api.ts';
import { Refusal } from './problems.ts';
import type { TokenEntry } from './tokens.ts';

const ROSTER_BYTES = 1024 * 1024;
const CSV = 'text/csv';
/** RFC 9512, and the names used before it. */
const YAML = ['application/yaml', 'application/x-yaml', 'text/yaml'];

const VolunteerIdText = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,31}$',
  description: 'As the roster gives it',
  examples: ['v07'],
});
const texts = (description: string, examples: readonly string[]) => Type.Array(Type.String(), { description, examples: [examples] });
export const VolunteerShown = Type.Object(
  {
    id: VolunteerIdText,
    name: Type.String(),
    languages: texts('What they interpret and how well: native, fluent or basic', ['ru fluent', 'en basic']),
    speaks: Type.String({ description: 'The language they are spoken to in', examples: ['zh'] }),
    addresses: texts('In the order in which they are rung; masked unless a supervisor asks', ['sip:volunteer-7', 'tel:+8613800000007']),
    duty: texts("Hours of the week, in the centre's time zone", ['mon 09:00-18:00']),
    exceptions: texts('Dates with other hours, or off', ['2026-10-01 off']),
    reserve: Type.Boolean({ description: 'May be rung outside duty hours, after all who are on duty' }),
    available: Type.Boolean({ description: 'false: is not rung at all' }),
    state: oneOf(['free', 'asked', 'serving'] as const),
    call: nullable(Type.String({ description: 'asked, serving: which call' })),
    lastAskedAt: nullable(moment('The phone last rang for a call')),
    lastServedAt: nullable(moment('Last accepted')),
  },
  { ...CLOSED, $id: 'Volunteer' },
);
const One = Type.Unsafe<Static<typeof VolunteerShown>>({ $ref: 'Volunteer#' });
const Volunteers = Type.Object({ volunteers: Type.Array(One) }, CLOSED);
const ById = Type.Object({ id: VolunteerIdText }, CLOSED);
const Availability = Type.Object({ available: Type.Boolean() }, { ...CLOSED, examples: [{ available: false }] });
const Rows = Type.Unknown({
  description: 'A list of volunteers with the fields of the roster, or an object that holds it as `volunteers`',
  examples: [
    {
      volunteers: [
        { id: 'v07', name: 'Volunteer 7', languages: ['ru fluent'], addresses: ['sip:volunteer-7'], duty: ['mon-fri 09:00-18:00'] },
      ],
    },
  ],
});

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];
const DAY_MINUTES = 1440;
const clock = (minute: number): string => `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`;
const span = ({ fromMinute, toMinute }: DutyException['hours'][number]): string =>
  `${clock(fromMinute)}-${clock(toMinute > DAY_MINUTES ? toMinute - DAY_MINUTES : toMinute)}`;

/** An address is a private person's: only a supervisor, who keeps the roster, sees it whole. */
function addressFor({ role }: TokenEntry, address: string): string {
  if (role === 'supervisor') return address;
  const [scheme = '', rest = ''] = address.split(':', 2);
  return scheme === 'tel' && /\d{7}/.test(rest) ? `tel:${maskDigits(rest)}` : `${scheme}:***`;
}

export function shownVolunteer(volunteer: Volunteer, bearer: TokenEntry): Static<typeof VolunteerShown> {
  const { state, lastAskedAt, lastServedAt } = volunteer;
  return {
    id: volunteer.id,
    name: volunteer.name,
    languages: volunteer.languages.map(({ language, level }) => `${language} ${level}`),
    speaks: volunteer.speaks,
    addresses: volunteer.addresses.map((address) => addressFor(bearer, address)),
    duty: volunteer.duty.map((hours) => `${DAYS[hours.weekday - 1] ?? ''} ${span(hours)}`),
    exceptions: volunteer.exceptions.flatMap(({ date, hours }) =>
      hours.length === 0 ? [`${date} off`] : hours.map((one) => `${date} ${span(one)}`),
    ),
    reserve: volunteer.isReserve,
    available: volunteer.isAvailable,
    state: state.is,
    call: state.is === 'free' ? null : state.call,
    lastAskedAt: lastAskedAt === null ? null : rfc3339(lastAskedAt),
    lastServedAt: lastServedAt === null ? null : rfc3339(lastServedAt),
  };
}

export async function volunteerRoutes(api: Api, room: ControlRoom): Promise<void> {
  api.addSchema(VolunteerShown);
  const tags = ['interpreters'];

  api.get(
    '/volunteers',
    {
      config: { roles: EVERYONE },
      schema: { tags, summary: 'The roster of volunteer interpreters', response: { 200: Volunteers, ...problems() } },
    },
    async (request) => shownAll(await room.volunteers(), bearerOf(request)),
  );

  api.get(
    '/volunteers/:id',
    {
      config: { roles: EVERYONE },
      schema: { tags, summary: 'One volunteer', params: ById, response: { 200: One, ...problems('unknown') } },
    },
    async (request) => shownVolunteer(await room.volunteer(volunteerId(request.params.id)), bearerOf(request)),
  );

  api.put(
    '/volunteers/:id/availability',
    {
      config: { roles: ['supervisor'] },
      schema: {
        tags,
        summary: 'Whether a volunteer may be rung',
        description: 'Whoever is not available is never rung; a call under way goes on.',
        params: ById,
        body: Availability,
        response: { 200: One, ...problems('unknown', 'conflict', 'invalid', 'too-large', 'wrong-content-type') },
      },
    },
    async (request) => {
      const { available } = request.body;
      return shownVolunteer(await room.setAvailable(volunteerId(request.params.id), available), bearerOf(request));
    },
  );

  // A scope of its own: no other body may be CSV or YAML.
  await api.register(async (scope) => {
    const roster = scope as Api;
    readRosters(roster);
    roster.put(
      '/volunteers',
      {
        config: { roles: ['supervisor'] },
        bodyLimit: ROSTER_BYTES,
        schema: {
          tags,
          summary: 'Replace the roster',
          description:
            'The whole list, all of it or nothing; 422 lists every complaint of every row. Volunteers known by their id keep their turns; who is not on the list is taken out, once free.',
          body: { content: Object.fromEntries(['application/json', CSV, ...YAML].map((type) => [type, { schema: Rows }])) },
          response: { 200: Volunteers, ...problems('invalid', 'too-large', 'wrong-content-type') },
        },
      },
      async (request) => shownAll(await room.importRoster(rowsIn(request.body)), bearerOf(request)),
    );
  });
}

const shownAll = (volunteers: readonly Volunteer[], bearer: TokenEntry) => ({
  volunteers: volunteers.map((volunteer) => shownVolunteer(volunteer, bearer)),
});

function rowsIn(body: unknown): unknown {
  if (body === undefined || body === null)
    throw new Refusal('invalid', 'A list of volunteers is missing.', { complaints: ['a list of volunteers is missing'] });
  const isWrapped = typeof body === 'object' && body !== null && Object.keys(body).join() === 'volunteers';
  return isWrapped ? (body as { readonly volunteers: unknown }).volunteers : body;
}

function readRosters(api: Api): void {
  const utf8 = new TextDecoder('utf-8', { fatal: true });
  const reader = (types: string | string[], read: (text: string) => unknown): void => {
    api.addContentTypeParser(types, { parseAs: 'buffer' }, async (_request: unknown, bytes: Buffer) => {
      let text: string;
      try {
        text = utf8.decode(bytes);
      } catch {
        throw new Refusal('malformed-request', 'The body is not UTF-8; a spreadsheet can save CSV as UTF-8.');
      }
      return text.trim() === '' ? undefined : read(text);
    });
  };
  reader(CSV, csvRows);
  reader(YAML, yamlIn);
}

function yamlIn(text: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const complaints = document.errors.map(({ message, pos }) => {
    const { line, col } = lines.linePos(pos[0]);
    return `line ${line}, column ${col}: ${message}`;
  });
  if (complaints.length > 0) throw new Refusal('malformed-request', 'The body is not YAML.', { complaints });
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (tooMany) {
    // The parser's guard against a document that unfolds without end (references to references).
    if (tooMany instanceof ReferenceError) throw new Refusal('malformed-request', 'The YAML refers to itself too often.');
    throw tooMany;
  }
}
