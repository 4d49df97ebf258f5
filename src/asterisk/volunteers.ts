/**
 * The volunteers' legs in Asterisk: rung at a phone of ours or over the trunk, spoken to, made the third in a conversation, let go.
 * A volunteer is shown the centre's own number and never the caller's. Keeps no truth: what it remembers of a leg (what is being said,
 * whether thanks are being said) only spares questions, and is forgotten with the leg.
 */
import type { Message } from '../call/messages.ts';
import type { Log, Telephony } from '../control/ports.ts';
import { wordsOf } from '../kernel/faults.ts';
import type { CallId } from '../kernel/ids.ts';
import { type Answer, type Connection, gone } from './connection.ts';
import { nameOf, TRUNK } from './names.ts';
import { bridgesWith } from './standing.ts';

export interface VolunteerSettings {
  /** What a volunteer sees as the number that calls; default 110. */
  readonly emergencyNumber?: string;
}

interface Surroundings extends VolunteerSettings {
  readonly application: string;
  readonly command: Connection['command'];
  /** Told of every leg that rings because of us. */
  rung(this: void, leg: string): void;
  readonly log: Log;
  media(this: void, message: Message, language: string): string;
  /** The endpoint as Asterisk knows it, once nothing but this leg is on it. */
  phoneAtRest(this: void, endpoint: string, leg: string): Promise<Answer>;
  /** Channels in the bridge of this attempt; `null` where there is no such bridge. */
  bridged(this: void, call: CallId, attempt: number): Promise<readonly unknown[] | null>;
}

type Verbs = Pick<Telephony, 'ringVolunteer' | 'tellVolunteer' | 'releaseVolunteer' | 'joinInterpreter'>;

export interface Volunteers extends Verbs {
  /** A playback of ours has ended. */
  told(call: CallId, utterance: number): void;
  /** A leg has ended. */
  left(call: CallId, leg: number): void;
  /** Whoever still hears thanks is let go now. */
  close(): Promise<void>;
}

/** Thanks are a short sentence; what has not ended by then never will. */
const THANKS_WITHIN_MS = 10_000;

export function openVolunteers(around: Surroundings): Volunteers {
  const { application, command, rung, log, media, phoneAtRest, bridged } = around;
  const shown = around.emergencyNumber ?? '110';
  /** The last thing said on a leg, by its playback. */
  const saying = new Map<string, { readonly utterance: number; readonly playback: string; playing: boolean }>();
  /** Legs that hear thanks, and what ends them. */
  const leaving = new Map<string, { readonly playback: string; readonly timer: NodeJS.Timeout }>();

  const stopTelling = async (leg: string): Promise<void> => {
    const said = saying.get(leg);
    if (said?.playing !== true) return;
    said.playing = false;
    await command('DELETE', ['playbacks', said.playback]);
  };
  const isPlaying = async (playback: string): Promise<boolean> => (await command('GET', ['playbacks', playback])).status === 200;
  const play = async (leg: string, playback: string, utterance: number, words: string): Promise<Answer> => {
    saying.set(leg, { utterance, playback, playing: true });
    let begun = false;
    try {
      const answer = await command('POST', ['channels', leg, 'play', playback], { media: words });
      begun = answer.status < 300;
      return answer;
    } finally {
      if (!begun) saying.delete(leg);
    }
  };
  const hangUp = async (leg: string): Promise<void> => {
    forget(leg);
    await command('DELETE', ['channels', leg], { reason: 'normal' });
  };
  const forget = (leg: string): void => {
    clearTimeout(leaving.get(leg)?.timer);
    leaving.delete(leg);
    saying.delete(leg);
  };
  /** By itself, after the thanks: nobody waits for it. What fails here is found among what stands. */
  const hangUpLater = (leg: string): void => {
    hangUp(leg).catch((thrown: unknown) => log.warn({ leg, reason: wordsOf(thrown) }, 'a volunteer could not be let go'));
  };
  const takeOut = async (leg: string): Promise<void> => {
    const { body } = await command('GET', ['bridges']);
    for (const bridge of bridgesWith(leg, body)) await command('POST', ['bridges', bridge, 'removeChannel'], { channel: leg });
  };
  /** `null`: nobody can be rung there. The endpoint is the one that must be reachable for it. */
  const wayTo = (address: string): { readonly dial: string; readonly endpoint: string } | null => {
    const phone = /^sip:([A-Za-z0-9_-]+)$/.exec(address)?.[1];
    if (phone !== undefined) return phone === TRUNK ? null : { dial: phone, endpoint: phone };
    // RFC 3966: visual separators mean nothing.
    const number = /^tel:(\+?[0-9().-]+)$/.exec(address)?.[1]?.replaceAll(/[().-]/g, '') ?? '';
    return /^\+?\d{1,32}$/.test(number) ? { dial: `${number}@${TRUNK}`, endpoint: TRUNK } : null;
  };

  return {
    ringVolunteer: async (call, leg, address, seconds) => {
      const name = nameOf(call, 'interpreter', leg);
      const way = wayTo(address);
      if (way === null) {
        log.warn({ call, leg }, "a volunteer's address is neither a phone of ours nor a telephone number");
        return 'unreachable';
      }
      const isPhone = way.dial === way.endpoint;
      const phone = isPhone ? await phoneAtRest(way.endpoint, name) : await command('GET', ['endpoints', 'PJSIP', way.endpoint]);
      if ((phone.body as { state?: unknown } | null)?.state !== 'online') {
        if (!isPhone) log.error({ call, leg, endpoint: way.endpoint }, 'a volunteer cannot be rung: the trunk has no way out');
        return 'unreachable';
      }
      // In a call of ours already, maybe their own to 110: nobody is asked on a second line.
      const lines = (phone.body as { channel_ids?: unknown } | null)?.channel_ids;
      if (isPhone && Array.isArray(lines) && lines.some((line) => line !== name)) return 'unreachable';
      // Without an originator: nothing of the caller's channel, so no number of theirs, may pass on to this leg.
      const asked = { endpoint: `PJSIP/${way.dial}`, app: application, timeout: seconds, callerId: shown };
      // 500: the phone's registration went in this very moment. 409: this leg exists already.
      const answer = await command('POST', ['channels', name], asked, [500]);
      if (answer.status < 300) rung(name);
      return answer.status < 300 || answer.status === 409 ? 'ringing' : 'unreachable';
    },

    tellVolunteer: async (call, leg, utterance, message, language) => {
      const name = nameOf(call, 'interpreter', leg);
      const playback = nameOf(call, 'tell', utterance);
      const before = saying.get(name);
      if (leaving.has(name)) return 'gone';
      if (before !== undefined && utterance <= before.utterance) return 'saying';
      // Asterisk itself would queue a second playback of the same name.
      if (before === undefined && (await isPlaying(playback))) return 'saying';
      const words = media(message, language);
      await stopTelling(name);
      const answer = await play(name, playback, utterance, words);
      return answer.status < 300 ? 'saying' : gone(answer, 'tell');
    },

    releaseVolunteer: async (call, leg, utterance, thanks) => {
      const name = nameOf(call, 'interpreter', leg);
      if (thanks === null) return hangUp(name);
      if (leaving.has(name)) return undefined;
      const playback = nameOf(call, 'tell', utterance);
      const timer = setTimeout(() => hangUpLater(name), THANKS_WITHIN_MS);
      leaving.set(name, { playback, timer });
      let thanked = false;
      try {
        const channel = await command('GET', ['channels', name]);
        if ((channel.body as { state?: unknown } | null)?.state === 'Up') {
          const words = media({ say: 'volunteer-thanks' }, thanks);
          await stopTelling(name);
          await takeOut(name);
          thanked = (await isPlaying(playback)) || (await play(name, playback, utterance, words)).status < 300;
        }
      } finally {
        if (!thanked) await hangUp(name);
      }
    },

    joinInterpreter: async (call, leg, attempt) => {
      const name = nameOf(call, 'interpreter', leg);
      const inside = await bridged(call, attempt);
      if (inside === null || leaving.has(name)) return 'gone';
      if (inside.includes(name)) return 'joined';
      await stopTelling(name);
      const answer = await command('POST', ['bridges', nameOf(call, 'talk', attempt), 'addChannel'], { channel: name });
      return answer.status < 300 ? 'joined' : gone(answer, 'join');
    },

    told: (call, utterance) => {
      const playback = nameOf(call, 'tell', utterance);
      for (const said of saying.values()) if (said.playback === playback) said.playing = false;
      for (const [leg, thanks] of leaving) if (thanks.playback === playback) hangUpLater(leg);
    },
    left: (call, leg) => forget(nameOf(call, 'interpreter', leg)),
    close: async () => {
      const last = [...leaving.keys()];
      const ended = await Promise.allSettled(last.map(hangUp));
      for (const { status } of ended) if (status === 'rejected') log.warn({}, 'a volunteer could not be let go');
    },
  };
}
