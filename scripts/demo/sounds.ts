/**
 * What the callers hear, as Asterisk itself tells it: a listener of its own beside the controller, subscribed to each caller's channel.
 * Never commands anything but its own subscriptions.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { WebSocket } from 'ws';
import { parsePromptManifest } from '../../src/asterisk/prompt-manifest.ts';
import type { Settings } from '../../src/config.ts';

/** One piece of what is said: a recording of the manifest with its words. Tones are not told. */
export interface Heard {
  readonly call: string;
  readonly language: string;
  readonly clip: string;
  readonly words: string;
}

export interface Listener {
  listenTo(call: string): Promise<void>;
  close(): void;
}

const APPLICATION = 'demo-listener';
const WITHIN_MS = 5000;

interface Playback {
  readonly id?: string;
  readonly media_uri?: string;
  readonly target_uri?: string;
}

export async function openListener({ ari, folders, languages }: Settings, tell: (heard: Heard) => void): Promise<Listener> {
  const manifest = parsePromptManifest(readFileSync(join(folders.prompts, 'manifest.yaml'), 'utf8')).languages;
  const recordings = `sound:${join(folders.prompts, 'recordings')}/`;
  const headers = { authorization: `Basic ${Buffer.from(`${ari.user}:${ari.password}`).toString('base64')}` };
  const told = new Set<string>();

  const hear = ({ id = '', media_uri: media = '', target_uri: target = '' }: Playback): void => {
    const language = languages.find((one) => media.startsWith(`${recordings}${one}/`));
    if (language === undefined) return;
    const clip = media.slice(`${recordings}${language}/`.length);
    const words = manifest[language]?.clips[clip]?.words;
    const key = `${id} ${media}`;
    if (words === undefined || told.has(key)) return;
    told.add(key);
    tell({ call: target.replace(/^channel:/, ''), language, clip, words });
  };

  const socket = new WebSocket(`${ari.url.replace(/^http/, 'ws')}/events?app=${APPLICATION}`, { headers, handshakeTimeout: WITHIN_MS });
  socket.on('message', (data: Buffer) => {
    const event = JSON.parse(data.toString('utf8')) as { type?: string; playback?: Playback };
    if (event.type === 'PlaybackStarted' || event.type === 'PlaybackContinuing') hear(event.playback ?? {});
  });
  await new Promise<void>((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', (error) => reject(new Error(`Asterisk cannot be listened to: ${error.message}`)));
  });

  const ask = (method: string, path: string): Promise<Response> =>
    fetch(`${ari.url}/${path}`, { method, headers, signal: AbortSignal.timeout(WITHIN_MS) });

  return {
    listenTo: async (call) => {
      const source = encodeURIComponent(`channel:${call}`);
      await (await ask('POST', `applications/${APPLICATION}/subscription?eventSource=${source}`)).arrayBuffer();
      // The greeting began before we listened.
      const first = await ask('GET', `playbacks/${encodeURIComponent(`${call}.say.1`)}`);
      if (first.ok) hear((await first.json()) as Playback);
      else await first.arrayBuffer();
    },
    close: () => socket.terminate(),
  };
}
