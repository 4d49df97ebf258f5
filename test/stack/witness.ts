/**
 * What really stands in Asterisk and what is really played to callers, by another ARI client than the engine's own.
 * Looks and listens; orders nothing but the end of what a test has left behind.
 */
import ari, { type Playback } from 'ari-client';
import { basename, dirname } from 'node:path';
import { TRUNK, trunkNo } from '../../src/asterisk/names.ts';
import type { Settings } from '../../src/config.ts';
import { until } from './until.ts';

export interface Witness {
  channels(): Promise<readonly { readonly id: string; readonly state: string; readonly number: string }[]>;
  bridges(): Promise<readonly { readonly id: string; readonly channels: readonly string[] }[]>;
  /** Names of the recordings begun on this channel so far, oldest first, e.g. `greeting`, `place/next`, `tone:ring`. */
  heardBy(channel: string): readonly string[];
  /** The same with the language before each, e.g. `zh/greeting`, `ru/place/next`. */
  spokenTo(channel: string): readonly string[];
  /** Resolves when no channel and no bridge is left. */
  sees(what: 'nothing', withinMs?: number): Promise<void>;
  /** Hangs up on everybody who is still there. */
  sweep(): Promise<void>;
  close(): void;
}

const APPLICATION = 'witness';

export async function callWitness({ ari: door, sip, volunteers }: Settings): Promise<Witness> {
  const client = await ari.connect(new URL(door.url).origin, door.user, door.password);
  const heard = new Map<string, string[]>();
  const last = new Map<string, string>();
  // A recording of a longer utterance is told when it begins and again when the next one does.
  const note = ({ playback: { id, target_uri: target, media_uri: media } }: { playback: Playback }): void => {
    if (last.get(id) === media) return;
    last.set(id, media);
    const channel = target.replace(/^channel:/, '');
    heard.set(channel, [...(heard.get(channel) ?? []), media]);
  };
  client.on('PlaybackStarted', note);
  client.on('PlaybackContinuing', note);
  client.on('WebSocketMaxRetries', () => undefined);
  await client.start([APPLICATION]);
  const trunks = sip.trunkAddresses.flatMap((address, at) => (address in sip.languagesByTrunk ? [trunkNo(at + 1)] : []));
  for (const endpoint of [TRUNK, ...trunks, ...volunteers.endpoints.map((one) => one.endpoint)]) {
    await client.applications.subscribe({ applicationName: APPLICATION, eventSource: `endpoint:PJSIP/${endpoint}` });
  }
  const channels: Witness['channels'] = async () =>
    (await client.channels.list()).map(({ id, state, caller }) => ({ id, state, number: caller.number }));
  const bridges: Witness['bridges'] = async () =>
    (await client.bridges.list()).map(({ id, channels: inside }) => ({ id, channels: inside.toSorted() }));
  return {
    channels,
    bridges,
    heardBy: (channel) => (heard.get(channel) ?? []).map(clipIn),
    spokenTo: (channel) => (heard.get(channel) ?? []).map(spokenIn),
    sees: async (_nothing, withinMs = 5000) => {
      await until('no channel and no bridge in Asterisk', async () => (await channels()).length + (await bridges()).length === 0, withinMs);
    },
    sweep: async () => {
      for (const { id } of await channels()) await client.channels.hangup({ channelId: id }).catch(() => undefined);
    },
    close: () => client.stop(),
  };
}

/** `sound:/…/recordings/zh/place/next` is `zh/place/next`. */
const spokenIn = (media: string): string => media.replace(/^sound:.*\/recordings\//, '').replace(/;.*$/, '');

/** `sound:/…/zh/place/next` is `place/next`; a tone stays as it is. */
function clipIn(media: string): string {
  const path = media.replace(/^sound:/, '');
  if (path === media) return media.replace(/;.*$/, '');
  const folder = basename(dirname(path));
  return folder === 'zh' ? basename(path) : `${folder}/${basename(path)}`;
}
