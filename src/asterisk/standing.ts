/**
 * What stands in Asterisk, read from the names in its lists. Pure, and never throws: what is malformed is left out.
 */
import type { Standing } from '../control/ports.ts';
import { isTrunk, LANGUAGE_VARIABLE, nameOf, readName } from './names.ts';

/** Bodies of ARI's answers: our application, all channels, all bridges, all endpoints. */
export interface Lists {
  readonly application: unknown;
  readonly channels: unknown;
  readonly bridges: unknown;
  readonly endpoints: unknown;
}

/** A channel without a role is a caller only if our application holds it; the others are the fallback's, or recorders. */
export function readStanding({ application, channels, bridges, endpoints }: Lists): Standing {
  const held = new Set(texts(field(application, 'channel_ids')));
  const callers: Standing['callers'][number][] = [];
  const legs: Standing['legs'][number][] = [];
  const volunteers: Standing['volunteers'][number][] = [];
  const elsewhere: Standing['elsewhere'][number][] = [];
  for (const channel of list(channels)) {
    const id = text(channel, 'id');
    if (id === '') continue;
    const name = readName(id);
    const answered = text(channel, 'state') === 'Up';
    if (name.role === 'taker') legs.push({ call: name.call, attempt: name.count, answered });
    if (name.role === 'interpreter') volunteers.push({ call: name.call, leg: name.count, answered });
    if (name.role === 'caller' && !held.has(id)) elsewhere.push(name.call);
    if (name.role === 'caller' && held.has(id)) {
      const number = text(field(channel, 'caller'), 'number');
      const calledNumber = text(field(channel, 'dialplan'), 'exten');
      const language = text(field(channel, 'channelvars'), LANGUAGE_VARIABLE);
      callers.push({
        call: name.call,
        number: number === '' ? null : number,
        calledNumber,
        language: language === '' ? null : language,
      });
    }
  }
  return { callers, legs, volunteers, bridges: bridgesIn(bridges), phones: phonesIn(endpoints), elsewhere };
}

function bridgesIn(bridges: unknown): Standing['bridges'] {
  return list(bridges).flatMap((bridge) => {
    const name = readName(text(bridge, 'id'));
    if (name.role !== 'talk') return [];
    const inside = texts(field(bridge, 'channels'));
    const { call, count } = name;
    const volunteersIn = inside.map(readName).flatMap((one) => (one.role === 'interpreter' && one.call === call ? [one.count] : []));
    const callTakerIn = inside.includes(nameOf(call, 'taker', count));
    return [{ call, attempt: count, callerIn: inside.includes(call), callTakerIn, volunteersIn }];
  });
}

/** Ids of the bridges, ours or not, that this channel is in. */
export const bridgesWith = (channel: string, bridges: unknown): readonly string[] =>
  list(bridges).flatMap((bridge) => (texts(field(bridge, 'channels')).includes(channel) ? [text(bridge, 'id')] : []));

/** A phone in a call that is none of ours (the fallback's) is as good as absent: rung now, it would say that it is busy. */
export function phonesIn(endpoints: unknown): Standing['phones'] {
  return list(endpoints).flatMap((one) => {
    const endpoint = text(one, 'resource');
    if (endpoint === '' || isTrunk(endpoint)) return [];
    const isOurs = texts(field(one, 'channel_ids')).every((channel) => readName(channel).role === 'taker');
    return [{ endpoint, is: isOurs && text(one, 'state') === 'online' ? 'registered' : 'absent' } as const];
  });
}

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const texts = (value: unknown): readonly string[] => list(value).filter((one): one is string => typeof one === 'string');
const field = (value: unknown, key: string): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key) ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
const text = (value: unknown, key: string): string => {
  const found = field(value, key);
  return typeof found === 'string' ? found : '';
};
