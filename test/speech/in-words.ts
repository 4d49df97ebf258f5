/**
 * What is said, as the prompt manifest writes it: so that a test reads what a caller hears. Never composes anything itself.
 */
import { join } from 'node:path';
import { readPromptManifest } from '../../src/asterisk/prompt-library.ts';
import type { Message, WaitRange } from '../../src/call/messages.ts';
import { compose } from '../../src/speech/compose.ts';

const manifest = readPromptManifest(join(import.meta.dirname, '../../prompts'));
/** Chinese and Japanese are written without spaces. */
const gapIn = (language: string): string => (['zh', 'ja'].includes(language) ? '' : ' ');

export const inWords = (clips: readonly string[], language: string): string =>
  clips.map((clip) => manifest.languages[language]?.clips[clip]?.words ?? `<${clip}?>`).join(gapIn(language));

export const said = (message: Message, language: string): string =>
  inWords(
    compose(message, language).map(({ clip }) => clip),
    language,
  );

export const patience = (
  place: number | null,
  wait: WaitRange | null = null,
  interpreter: Extract<Message, { say: 'patience' }>['interpreter'] = null,
): Message => ({ say: 'patience', place, wait, interpreter });
export const minutes = (fromMinutes: number, toMinutes: number): WaitRange => ({ fromMinutes, toMinutes });
