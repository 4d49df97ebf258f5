/**
 * The incident (警情): one document for all channels. These schemas are its single source: types, the check and the OpenAPI page
 * come from them. What the reporter said and what we made of it are kept apart, and a guess is marked as one.
 * Instants are RFC 3339 with offset. Never holds a fact that cannot be told to the dispatch side.
 */
import { Type, type Static } from 'typebox';

const nullable = <T extends Parameters<typeof Type.Union>[0][number]>(schema: T) => Type.Union([schema, Type.Null()]);
const oneOf = <T extends string[]>(...words: T) => Type.Enum<T>([...words]);
const text = (maxLength: number, description: string) => Type.String({ maxLength, description });
const moment = (description: string) => Type.String({ format: 'date-time', description });

export const MATTERS = [
  'criminal',
  'public-order',
  'mass-incident',
  'disaster-accident',
  'other-offence',
  'urgent-help',
  'police-misconduct',
  'non-police',
  'silent',
  'abandoned',
  'unclear',
] as const;
export const URGENCIES = ['immediate', 'urgent', 'normal', 'low'] as const;
export const STATUSES = ['draft', 'open', 'handed-over', 'accepted', 'closed'] as const;
export const OUTCOMES = [
  'dispatched',
  'advice-given',
  'referred',
  'duplicate',
  'called-back',
  'not-reached',
  'false-alarm',
  'no-action',
] as const;
/** What a reporter can be missing before dispatch can act (field: asked of every reporter). */
export const ESSENTIALS = ['time', 'place', 'what'] as const;

const closed = { additionalProperties: false } as const;

export const Matter = Type.Object(
  {
    class: oneOf(...MATTERS),
    code: Type.Optional(text(64, "The centre's own code of the matter")),
    reason: Type.Optional(text(500, 'Why it was taken for this')),
  },
  closed,
);
export const Point = Type.Object(
  {
    lat: Type.Number({ minimum: -90, maximum: 90 }),
    lon: Type.Number({ minimum: -180, maximum: 180 }),
    datum: Type.Literal('WGS-84'),
  },
  closed,
);
export const PlaceOfIncident = Type.Object(
  {
    stated: nullable(text(1000, 'In the words of the reporter')),
    address: nullable(text(500, 'As the call taker made it out')),
    poleCode: nullable(Type.String({ pattern: '^[0-9]{4,12}$', description: 'Number on a lamp post' })),
    plateCode: nullable(Type.String({ pattern: '^[0-9A-Za-z-]{4,40}$', description: 'Code on a door plate' })),
    landmark: nullable(text(200, 'A name one can find')),
    point: nullable(Point),
    certainty: oneOf('stated', 'guessed', 'confirmed'),
  },
  closed,
);
export const Happened = Type.Object(
  {
    stated: nullable(text(500, 'In the words of the reporter, e.g. 刚才')),
    at: nullable(moment('When it happened')),
    certainty: oneOf('stated', 'guessed', 'confirmed'),
  },
  closed,
);
export const Reporter = Type.Object(
  {
    number: nullable(Type.String({ pattern: '^\\+?[0-9]{1,32}$', description: 'null: withheld or none' })),
    name: nullable(text(200, 'A foreign name may be long')),
    language: Type.String({ pattern: '^[a-z]{3}$', description: 'ISO 639-3' }),
    confidential: Type.Boolean(),
    impairment: nullable(oneOf('hearing-or-speech')),
  },
  closed,
);
export const OfferOnRecord = Type.Object(
  {
    callTaker: Type.String(),
    offeredAt: moment('The phone began to ring'),
    answeredAt: nullable(moment('Off-hook')),
    endedAt: nullable(moment('The offer or the conversation ended')),
    outcome: Type.String(),
  },
  closed,
);
export const InterpreterOnRecord = Type.Object(
  {
    language: Type.String({ pattern: '^[a-z]{3}$', description: 'ISO 639-3' }),
    requestedAt: moment('First asked for'),
    volunteer: nullable(Type.String({ description: 'Who accepted last; null: nobody' })),
    acceptedAt: nullable(moment('Accepted by key')),
    joinedAt: nullable(moment('Heard by both')),
    leftAt: nullable(moment('Left, was let go, or was cut off')),
    secondsToInterpreter: nullable(Type.Number({ minimum: 0, description: 'From the first request until heard by both' })),
    asked: Type.Array(
      Type.Object(
        { volunteer: Type.String(), askedAt: moment('Rung'), endedAt: nullable(moment('Let go, or gone')), outcome: Type.String() },
        closed,
      ),
    ),
  },
  closed,
);
export const CallOnRecord = Type.Object(
  {
    id: Type.String(),
    ticket: nullable(Type.Integer({ minimum: 1, description: 'null: served by the fallback, which draws none' })),
    calledNumber: text(64, 'As dialled'),
    arrivedAt: moment('Ticket drawn'),
    offeredAt: nullable(moment('First given to a desk (BJSJ)')),
    answeredAt: nullable(moment('First off-hook (JJSJ)')),
    endedAt: nullable(moment('The caller left the house')),
    waitedSeconds: nullable(Type.Number({ minimum: 0, description: 'Door to answer, or to leaving unanswered' })),
    placeWhenLeft: nullable(Type.Integer({ minimum: 1, description: 'Place in line when an unanswered caller left' })),
    callTaker: nullable(Type.String({ description: 'Who answered last' })),
    release: nullable(oneOf('choice', 'cut')),
    language: Type.String({ pattern: '^[a-z]{3}$', description: 'ISO 639-3; what the caller was last spoken to in' }),
    interpreter: nullable(InterpreterOnRecord),
    offers: Type.Array(OfferOnRecord),
    recordings: Type.Array(Type.String()),
  },
  closed,
);
const WeaponsOfIncident = Type.Array(
  Type.Object({ stated: text(200, 'In the words of the reporter'), what: text(64, 'Code of the word list, e.g. knife') }, closed),
  { maxItems: 50 },
);
/** What the words of a text tell about people and danger; kept apart from what a call taker writes. */
export const Circumstances = Type.Object(
  {
    hurt: nullable(
      Type.Object(
        {
          stated: text(200, 'In the words of the reporter'),
          count: nullable(Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'null: not said how many' })),
          certainty: oneOf('stated', 'guessed', 'confirmed'),
        },
        closed,
      ),
    ),
    weapons: WeaponsOfIncident,
    danger: Type.Array(
      Type.Object({ stated: text(200, 'In the words of the reporter'), sign: text(64, 'Why an answer may endanger them') }, closed),
    ),
  },
  closed,
);
export const TextOnRecord = Type.Object(
  {
    direction: oneOf('from-reporter', 'to-reporter'),
    at: moment('Received, or written'),
    text: text(20_000, 'As it can be read; missing parts are marked […2/3…]'),
    isComplete: Type.Boolean(),
    repeats: Type.Integer({ minimum: 0, description: 'Times the very same text came again' }),
    gateway: Type.String(),
    purpose: nullable(Type.String({ description: 'Why it was written; null: by the reporter' })),
    state: nullable(oneOf('waiting', 'sent', 'accepted', 'delivered', 'failed', 'withheld')),
    by: nullable(Type.String({ description: 'The call taker, or system; null: the reporter' })),
  },
  closed,
);
export const TextsOnRecord = Type.Object(
  {
    thread: Type.String(),
    shortNumber: text(64, 'As the reporter wrote it'),
    firstAt: moment('First text received'),
    lastAt: moment('Last text received'),
    callTaker: nullable(Type.String({ description: 'Who took it over; null: nobody yet' })),
    /** Whether it is safe to text or call the reporter. */
    contact: oneOf('open', 'silent', 'allowed', 'forbidden'),
    contactReason: nullable(text(500, 'Signs seen, or the reason of the decision')),
    messages: Type.Array(TextOnRecord),
  },
  closed,
);
export const Disposition = Type.Object(
  {
    outcome: oneOf(...OUTCOMES),
    reason: Type.String({ minLength: 1, maxLength: 1000 }),
    by: Type.String(),
    at: moment('When it was closed'),
  },
  closed,
);
export const LinkToOther = Type.Object({ incident: Type.String(), relation: oneOf('repeat', 'duplicate', 'related') }, closed);

export const Incident = Type.Object(
  {
    id: Type.String({ pattern: '^[0-9A-Z]{10,32}$' }),
    version: Type.Integer({ minimum: 1, description: 'Counts the saved changes; the ETag' }),
    centre: Type.String(),
    channel: oneOf('voice', 'fallback', 'text'),
    status: oneOf(...STATUSES),
    createdAt: moment('Draft opened'),
    updatedAt: moment('Last change'),
    matter: Matter,
    urgency: nullable(oneOf(...URGENCIES)),
    what: nullable(text(4000, 'What happened, as the call taker wrote it')),
    place: PlaceOfIncident,
    happened: Happened,
    reporter: Reporter,
    call: nullable(CallOnRecord),
    texts: nullable(TextsOnRecord),
    circumstances: Circumstances,
    confirmed: Type.Boolean({ description: 'false: made out of words by rule, and no person has looked at it yet' }),
    missing: Type.Array(oneOf(...ESSENTIALS), { description: 'What dispatch would still have to ask' }),
    links: Type.Array(LinkToOther),
    handedOverAt: nullable(moment('First handed over')),
    handedOverBy: nullable(Type.String()),
    disposition: nullable(Disposition),
  },
  { ...closed, $id: 'Incident' },
);
export type Incident = Static<typeof Incident>;

/** What a call taker may write; everything else comes from the line. A key left out stays as it is. */
export const IncidentEdit = Type.Object(
  {
    matter: Type.Optional(Matter),
    urgency: Type.Optional(nullable(oneOf(...URGENCIES))),
    what: Type.Optional(nullable(text(4000, 'What happened'))),
    place: Type.Optional(Type.Partial(PlaceOfIncident, closed)),
    happened: Type.Optional(Type.Partial(Happened, closed)),
    reporter: Type.Optional(Type.Partial(Type.Omit(Reporter, ['number']), closed)),
    circumstances: Type.Optional(
      Type.Partial(Type.Object({ hurt: Circumstances.properties.hurt, weapons: WeaponsOfIncident }, closed), closed),
    ),
    links: Type.Optional(Type.Array(LinkToOther, { maxItems: 100 })),
  },
  { ...closed, minProperties: 1, $id: 'IncidentEdit' },
);
export type IncidentEdit = Static<typeof IncidentEdit>;
