/**
 * From Asterisk's words to ours: one ARI event, as it came off the wire, becomes something heard or is ignored with a reason.
 * Pure, and never throws: unknown, malformed, late and repeated events are Asterisk's good right.
 */
import type { Release } from '../call/call.ts';
import type { LegEnd } from '../call/events.ts';
import type { Heard } from '../control/ports.ts';
import type { CallId } from '../kernel/ids.ts';
import { LANGUAGE_VARIABLE, readName } from './names.ts';

/**
 * `once`: what ended, by its name; Asterisk may say so in several events. `cause`: a channel is about to end for this Q.850 cause; the end itself, told next, may
 * not say it again.
 */
export type Translation =
  | { readonly is: 'heard'; readonly heard: Heard; readonly once?: string }
  | { readonly is: 'cause'; readonly channel: string; readonly cause: number }
  /** The saying of something to a volunteer ended: the exchange's own matter. */
  | { readonly is: 'told'; readonly call: CallId; readonly utterance: number }
  | { readonly is: 'replaced' }
  | { readonly is: 'ignored'; readonly why: string };

/** The types asked for in the application's event filter; no other is translated. */
export const EVENTS = [
  'CallBroadcast',
  'StasisStart',
  'StasisEnd',
  'ChannelHangupRequest',
  'ChannelDestroyed',
  'PlaybackFinished',
  'ChannelDtmfReceived',
  'ApplicationReplaced',
] as const;

/** ITU-T Q.850. A BYE that gives no reason comes as 0: somebody hung up. */
const CHOSEN: ReadonlySet<number> = new Set([0, 16, 31]);
const DECLINED: ReadonlySet<number> = new Set([17, 21]);
const UNANSWERED: ReadonlySet<number> = new Set([16, 18, 19, 31]);
/** Asterisk's own mark of a hang-up that was ordered here, where a Q.850 cause belongs. */
const ORDERED_HERE = 32;
const NORMAL_CLEARING = 16;

export const releaseOf = (cause: number | null): Release => ({ by: cause !== null && CHOSEN.has(cause) ? 'choice' : 'cut', cause });

export function legEndOf(answered: boolean, cause: number | null): LegEnd {
  if (answered) return releaseOf(cause).by === 'choice' ? 'hung-up' : 'cut';
  if (cause !== null && DECLINED.has(cause)) return 'declined';
  return cause !== null && UNANSWERED.has(cause) ? 'no-answer' : 'unreachable';
}

/** `causeOf`: the cause heard before of this channel, `null` where none was. */
export function translate(raw: unknown, causeOf: (channel: string) => number | null): Translation {
  const type = textAt(raw, 'type');
  switch (type) {
    case 'CallBroadcast':
    case 'StasisStart':
      return begun(raw, type);
    case 'StasisEnd':
    case 'ChannelDestroyed':
      return ended(raw, type, causeOf);
    case 'ChannelHangupRequest':
      return endsFor(raw);
    case 'PlaybackFinished':
      return said(raw);
    case 'ChannelDtmfReceived':
      return pressed(raw);
    case 'ApplicationReplaced':
      return { is: 'replaced' };
    case null:
      return ignored('an event without a type');
    default:
      return ignored(`nothing hangs on ${type.slice(0, 40)}`);
  }
}

function begun(raw: unknown, type: 'CallBroadcast' | 'StasisStart'): Translation {
  const channel = textAt(raw, 'channel', 'id');
  if (channel === null) return ignored(`${type} of no channel`);
  const name = readName(channel);
  if (name.role === 'caller') {
    const number = textAt(raw, 'channel', 'caller', 'number');
    const language = textAt(raw, 'channel', 'channelvars', LANGUAGE_VARIABLE);
    const about = {
      call: name.call,
      number: number === '' ? null : number,
      calledNumber: textAt(raw, 'channel', 'dialplan', 'exten') ?? '',
      language: language === '' ? null : language,
    };
    return { is: 'heard', heard: { type: type === 'CallBroadcast' ? 'arrival' : 'caller-entered', ...about } };
  }
  if (type === 'CallBroadcast') return ignored(`${type} of a ${name.role}`);
  if (name.role === 'interpreter') return { is: 'heard', heard: { type: 'volunteer-answered', call: name.call, leg: name.count } };
  if (name.role !== 'taker') return ignored(`${type} of a ${name.role}`);
  return { is: 'heard', heard: { type: 'call-taker-answered', call: name.call, attempt: name.count } };
}

function ended(raw: unknown, type: 'StasisEnd' | 'ChannelDestroyed', causeOf: (channel: string) => number | null): Translation {
  const channel = textAt(raw, 'channel', 'id');
  if (channel === null) return ignored(`${type} of no channel`);
  const cause = causeOf(channel) ?? numberAt(raw, 'cause');
  const name = readName(channel);
  if (name.role === 'caller')
    return { is: 'heard', once: channel, heard: { type: 'caller-left', call: name.call, release: releaseOf(cause) } };
  if (name.role !== 'taker' && name.role !== 'interpreter') return ignored(`${type} of a ${name.role}`);
  const answered = type === 'StasisEnd' || textAt(raw, 'channel', 'state') === 'Up';
  const end = legEndOf(answered, cause);
  if (name.role === 'interpreter')
    return { is: 'heard', once: channel, heard: { type: 'volunteer-leg-ended', call: name.call, leg: name.count, end } };
  return { is: 'heard', once: channel, heard: { type: 'call-taker-leg-ended', call: name.call, attempt: name.count, end } };
}

function endsFor(raw: unknown): Translation {
  const channel = textAt(raw, 'channel', 'id');
  if (channel === null) return ignored('ChannelHangupRequest of no channel');
  const cause = numberAt(raw, 'cause') ?? 0;
  return { is: 'cause', channel, cause: cause === ORDERED_HERE ? NORMAL_CLEARING : cause };
}

function said(raw: unknown): Translation {
  const playback = textAt(raw, 'playback', 'id');
  if (playback === null) return ignored('PlaybackFinished of nothing');
  const name = readName(playback);
  if (name.role === 'tell') return { is: 'told', call: name.call, utterance: name.count };
  if (name.role !== 'say') return ignored('a playback whose end nobody waits for');
  return { is: 'heard', once: playback, heard: { type: 'utterance-finished', call: name.call, utterance: name.count } };
}

/** Callers' and volunteers' keys mean something, call takers' do not; events in the sound (RFC 4733) and SIP INFO come alike. */
function pressed(raw: unknown): Translation {
  const channel = textAt(raw, 'channel', 'id');
  const key = textAt(raw, 'digit');
  if (channel === null || key === null || !/^[0-9*#A-D]$/.test(key)) return ignored('a key of nobody, or no key');
  const name = readName(channel);
  if (name.role === 'caller') return { is: 'heard', heard: { type: 'key-pressed', call: name.call, key } };
  if (name.role === 'interpreter') return { is: 'heard', heard: { type: 'volunteer-pressed', call: name.call, leg: name.count, key } };
  return ignored(`a key of a ${name.role}`);
}

const ignored = (why: string): Translation => ({ is: 'ignored', why });

function valueAt(raw: unknown, path: readonly string[]): unknown {
  let value = raw;
  for (const key of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
    value = (value as Readonly<Record<string, unknown>>)[key];
  }
  return value;
}

function textAt(raw: unknown, ...path: readonly string[]): string | null {
  const value = valueAt(raw, path);
  return typeof value === 'string' ? value : null;
}

function numberAt(raw: unknown, ...path: readonly string[]): number | null {
  const value = valueAt(raw, path);
  return typeof value === 'number' && Number.isInteger(value) ? value : null;
}
