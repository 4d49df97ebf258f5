/**
 * The telephone exchange as the control room sees it, on a real Asterisk through ARI.
 * Every verb may be said twice; a leg that has left meanwhile is told as 'gone'. Keeps no truth: what it remembers of a call (what
 * is being said, why a channel ends) only spares questions, and is forgotten with the call.
 * Recordings are named `<call>.recording.<attempt>` and lie in Asterisk's recording folder as WAV.
 */
import type { Message } from '../call/messages.ts';
import type { Heard, Log, Standing, Telephony } from '../control/ports.ts';
import { wordsOf } from '../kernel/faults.ts';
import type { CallId } from '../kernel/ids.ts';
import { compose, isTone } from '../speech/compose.ts';
import { type Answer, type Connection, gone, openConnection } from './connection.ts';
import { applicationOf, nameOf } from './names.ts';
import { phoneAtRest } from './phone-at-rest.ts';
import type { PromptLibrary } from './prompt-library.ts';
import { type AmiSettings, type Phone, watchRegistrations } from './registrations.ts';
import { openRungLegs } from './rung-legs.ts';
import { phonesIn, readStanding } from './standing.ts';
import { takeOver } from './taking-over.ts';
import { EVENTS, translate } from './translate.ts';
import { openVolunteers, type VolunteerSettings } from './volunteers.ts';

export interface TelephonySettings extends VolunteerSettings {
  /** Where ARI answers, e.g. `http://127.0.0.1:8088/ari`. */
  readonly ariUrl: string;
  readonly ariUser: string;
  readonly ariPassword: string;
  /** This controller's name among all controllers of one Asterisk. */
  readonly instance: string;
  /** `null`: phones are asked for at intervals only. */
  readonly ami: AmiSettings | null;
  readonly prompts: Pick<PromptLibrary, 'path'>;
  readonly log: Log;
}

/** Ends remembered, so that one that Asterisk tells twice is told once; and causes not yet spent. */
const REMEMBERED = 10_000;

export function openTelephony(settings: TelephonySettings): Telephony {
  const { log, prompts } = settings;
  const application = applicationOf(settings.instance);
  const connection = openConnection({ ...settings, application, events: EVENTS });
  const saying = new Map<CallId, { last: number; playing: boolean }>();
  /** Reassurances so far, and whether the last one may still be heard. */
  const assuring = new Map<CallId, { readonly count: number; playing: boolean }>();
  const claimed = new Set<CallId>();
  const causes = new Map<string, number>();
  const ends = new Set<string>();
  let tell: (heard: Heard) => void = () => {};
  const command: Connection['command'] = (...asked) => connection.command(...asked);

  const legs = openRungLegs({ application, command, log });
  const phones = async (): Promise<readonly Phone[]> => phonesIn((await command('GET', ['endpoints', 'PJSIP'])).body);
  const registrations = { current: null as ReturnType<typeof watchRegistrations> | null };

  const hear = (event: unknown): void => {
    const translation = translate(event, (channel) => causes.get(channel) ?? null);
    switch (translation.is) {
      case 'replaced':
        return connection.giveWay();
      case 'cause':
        // The first one counts: what follows it is Asterisk clearing up.
        if (causes.has(translation.channel) || ends.has(translation.channel)) return undefined;
        causes.set(translation.channel, translation.cause);
        return forgetOldest(causes);
      case 'told':
        return volunteers.told(translation.call, translation.utterance);
      case 'ignored':
        return log.debug({ why: translation.why }, 'an event was ignored');
      case 'heard':
        return heardOnce(translation.heard, translation.once);
    }
  };
  const heardOnce = (heard: Heard, ended: string | undefined): void => {
    if (ended !== undefined) {
      if (ends.has(ended)) return;
      ends.add(ended);
      forgetOldest(ends);
      causes.delete(ended);
      legs.ended(ended);
    }
    if (heard.type === 'arrival' || heard.type === 'caller-entered') ends.delete(heard.call);
    if (heard.type === 'utterance-finished') {
      const said = saying.get(heard.call);
      if (said?.last === heard.utterance) said.playing = false;
    }
    if (heard.type === 'call-taker-answered') legs.answered(nameOf(heard.call, 'taker', heard.attempt));
    if (heard.type === 'volunteer-answered') legs.answered(nameOf(heard.call, 'interpreter', heard.leg));
    if (heard.type === 'volunteer-leg-ended') volunteers.left(heard.call, heard.leg);
    if (heard.type === 'caller-left') {
      saying.delete(heard.call);
      assuring.delete(heard.call);
      claimed.delete(heard.call);
    }
    tell(heard);
  };

  const isOurs = async (call: CallId): Promise<boolean> => {
    const answer = await command('GET', ['applications', application]);
    const ids = (answer.body as { channel_ids?: unknown } | null)?.channel_ids;
    return Array.isArray(ids) && ids.includes(call);
  };
  /** A prompt stopped before its first sound ends without a word of Asterisk's: its end is told here, and once. */
  const stopUtterance = async (call: CallId, utterance: number): Promise<void> => {
    const playback = nameOf(call, 'say', utterance);
    await command('DELETE', ['playbacks', playback]);
    if (saying.get(call)?.last === utterance) heardOnce({ type: 'utterance-finished', call, utterance }, playback);
  };
  const stopAssuring = async (call: CallId): Promise<void> => {
    const assured = assuring.get(call);
    if (assured?.playing !== true) return;
    assured.playing = false;
    await command('DELETE', ['playbacks', nameOf(call, 'assure', assured.count)]);
  };
  const stopSaying = async (call: CallId): Promise<void> => {
    await stopAssuring(call);
    const said = saying.get(call);
    if (said?.playing === true) await stopUtterance(call, said.last);
  };
  const media = (message: Message, language: string): string =>
    compose(message, language)
      .map((spoken) => (isTone(spoken.clip) ? `${spoken.clip};tonezone=cn` : `sound:${prompts.path(spoken.language, spoken.clip)}`))
      .join(',');
  const isPlaying = async (call: CallId, utterance: number): Promise<boolean> =>
    (await command('GET', ['playbacks', nameOf(call, 'say', utterance)])).status === 200;
  const bridged = async (call: CallId, attempt: number): Promise<readonly unknown[] | null> => {
    const answer = await command('GET', ['bridges', nameOf(call, 'talk', attempt)]);
    if (answer.status !== 200) return null;
    const channels = (answer.body as { channels?: unknown } | null)?.channels;
    return Array.isArray(channels) ? channels : [];
  };
  const atRest = (endpoint: string, leg: string): Promise<Answer> => phoneAtRest(command, endpoint, leg);
  /** A conversation that cannot be recorded is held all the same: the caller has been answered, and our trouble is not theirs. */
  const record = async (call: CallId, attempt: number): Promise<void> => {
    const asked = { name: nameOf(call, 'recording', attempt), format: 'wav', ifExists: 'append' };
    const { status } = await command('POST', ['bridges', nameOf(call, 'talk', attempt), 'record'], asked, [500]);
    if (status >= 300 && status !== 409) log.error({ call, status }, 'a conversation is not recorded');
  };
  const add = (call: CallId, attempt: number, channels: readonly string[]): Promise<Answer> =>
    command('POST', ['bridges', nameOf(call, 'talk', attempt), 'addChannel'], { channel: channels.join(',') });
  const volunteers = openVolunteers({ ...settings, application, command, rung: legs.rung, media, phoneAtRest: atRest, bridged });

  return {
    open: async (listener) => {
      tell = listener;
      registrations.current ??= watchRegistrations(settings.ami, phones, (phone) => tell({ type: 'phone', ...phone }), log);
      await connection.open(hear);
      await registrations.current.look();
    },

    claim: async (call) => {
      if (claimed.has(call)) return 'ours';
      const answer = await command('POST', ['events', 'claim'], { channelId: call, application });
      const accepted = answer.status === 204 || (await isOurs(call));
      // Who has left before the answer came was told as gone already, and is not remembered again.
      const ours = accepted && !ends.has(call);
      if (ours) claimed.add(call);
      return ours ? 'ours' : 'elsewhere';
    },

    say: async (call, utterance, message, language) => {
      const before = saying.get(call);
      if (before !== undefined && utterance <= before.last) return 'saying';
      // Asterisk itself would queue a second playback of the same name.
      if (before === undefined && (await isPlaying(call, utterance))) return 'saying';
      const words = { media: media(message, language) };
      await stopAssuring(call);
      saying.set(call, { last: utterance, playing: true });
      let begun = false;
      try {
        const answer = await command('POST', ['channels', call, 'play', nameOf(call, 'say', utterance)], words);
        begun = answer.status < 300;
        return begun ? 'saying' : gone(answer, 'say');
      } finally {
        if (!begun) saying.delete(call);
      }
    },

    hush: async (call, utterance) => {
      await stopAssuring(call);
      await stopUtterance(call, utterance);
    },

    reassure: async (call, language) => {
      // Left, or taken over by another controller.
      if (ends.has(call)) return 'gone';
      await stopAssuring(call);
      const count = (assuring.get(call)?.count ?? 0) + 1;
      const words = { media: media({ say: 'still-in-line' }, language) };
      assuring.set(call, { count, playing: true });
      const answer = await command('POST', ['channels', call, 'play', nameOf(call, 'assure', count)], words);
      if (answer.status < 300) return 'saying';
      assuring.delete(call);
      return gone(answer, 'reassure');
    },

    ring: async (call, attempt, endpoint, seconds, show) => {
      const phone = await atRest(endpoint, nameOf(call, 'taker', attempt));
      if ((phone.body as { state?: unknown } | null)?.state !== 'online') return 'unreachable';
      const callerId = show !== null && /^\+?\d{1,32}$/.test(show) ? show : undefined;
      const asked = { endpoint: `PJSIP/${endpoint}`, app: application, timeout: seconds, callerId };
      const leg = ['channels', nameOf(call, 'taker', attempt)];
      // 500: the phone's registration went in this very moment. 409: this leg exists already.
      let answer = await command('POST', leg, { ...asked, originator: call }, [500]);
      // The caller has left in this very moment, which is told by itself and no fault of the phone's.
      if (answer.status === 400) answer = await command('POST', leg, asked, [500]);
      if (answer.status < 300) legs.rung(nameOf(call, 'taker', attempt));
      return answer.status < 300 || answer.status === 409 ? 'ringing' : 'unreachable';
    },

    releaseCallTaker: async (call, attempt) => {
      await command('DELETE', ['channels', nameOf(call, 'taker', attempt)], { reason: 'normal' });
    },

    join: async (call, attempt) => {
      const bridge = nameOf(call, 'talk', attempt);
      await stopSaying(call);
      const made = await command('POST', ['bridges', bridge], { type: 'mixing' });
      const inside = made.status < 300 ? [] : ((await bridged(call, attempt)) ?? []);
      await record(call, attempt).catch((thrown: unknown) => log.error({ call, words: wordsOf(thrown) }, 'a conversation is not recorded'));
      const missing = [call, nameOf(call, 'taker', attempt)].filter((channel) => !inside.includes(channel));
      if (missing.length === 0) return 'joined';
      const answer = await add(call, attempt, missing);
      if (answer.status < 300) return 'joined';
      await command('DELETE', ['recordings', 'live', nameOf(call, 'recording', attempt)]);
      await command('DELETE', ['bridges', bridge]);
      return gone(answer, 'join');
    },

    part: async (call, attempt) => {
      await command('DELETE', ['bridges', nameOf(call, 'talk', attempt)]);
    },

    hold: async (call, attempt) => {
      const answer = await command('POST', ['bridges', nameOf(call, 'talk', attempt), 'removeChannel'], { channel: call });
      // 422: not in this bridge, so on hold already.
      return answer.status < 300 || answer.status === 422 ? 'held' : gone(answer, 'hold');
    },

    resume: async (call, attempt) => {
      const inside = await bridged(call, attempt);
      if (inside === null || !inside.includes(nameOf(call, 'taker', attempt))) return 'gone';
      if (inside.includes(call)) return 'resumed';
      await stopSaying(call);
      const answer = await add(call, attempt, [call]);
      return answer.status < 300 ? 'resumed' : gone(answer, 'resume');
    },

    releaseCaller: async (call) => {
      await command('DELETE', ['channels', call], { reason: 'normal' });
    },

    ringVolunteer: volunteers.ringVolunteer,
    tellVolunteer: volunteers.tellVolunteer,
    releaseVolunteer: volunteers.releaseVolunteer,
    joinInterpreter: volunteers.joinInterpreter,

    adopt: async (calls) => {
      const moved = await takeOver({ application, command, log }, calls);
      // What an earlier holding of ours has told as ended begins once more.
      for (const channel of moved) {
        ends.delete(channel);
        causes.delete(channel);
      }
      for (const { call } of calls) saying.delete(call);
    },

    standing: async (): Promise<Standing> => {
      const [own, channels, bridges, endpoints] = await Promise.all([
        command('GET', ['applications', application]),
        command('GET', ['channels']),
        command('GET', ['bridges']),
        command('GET', ['endpoints', 'PJSIP']),
      ]);
      return readStanding({ application: own.body, channels: channels.body, bridges: bridges.body, endpoints: endpoints.body });
    },

    isPresent: () => connection.isPresent(),
    onPresence: (listener) => {
      connection.onPresence((present) => {
        if (present) void registrations.current?.look();
        listener(present);
      });
    },
    close: async () => {
      registrations.current?.close();
      await volunteers.close();
      await connection.close();
    },
  };
}

function forgetOldest(remembered: Set<string> | Map<string, number>): void {
  if (remembered.size <= REMEMBERED) return;
  const oldest = remembered.keys().next();
  if (oldest.done !== true) remembered.delete(oldest.value);
}
