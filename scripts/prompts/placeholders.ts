/**
 * Placeholder recordings: spoken by a machine where nobody has recorded a clip yet, and again when its words change. What was made is
 * remembered by fingerprints, so that a person's recording is never overwritten, whatever the manifest says.
 */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Type, type Static } from 'typebox';
import { Parse } from 'typebox/value';
import { RECORDING_ENDING, recordingPath } from '../../src/asterisk/prompt-library.ts';
import type { ClipEntry, PromptManifest } from '../../src/asterisk/prompt-manifest.ts';
import { recordingOf } from './sound.ts';
import { openVoice, type Programs, type Voice } from './voices.ts';

const Memory = Type.Record(Type.String(), Type.Object({ words: Type.String(), sound: Type.String() }));
/** By `language/clip`: fingerprints of the words that were spoken and of the sound that came of them. */
export type Memory = Static<typeof Memory>;

/** Counts up when recordings are to be made differently from the same words. */
const MAKING = 1;

const memoryPath = (folder: string): string => join(folder, 'placeholders.json');

const fingerprint = (what: string | Buffer): string => createHash('sha256').update(what).digest('hex').slice(0, 16);

type Speaker = Pick<PromptManifest['languages'][string], 'program' | 'voice'>;
export const wordsPrint = ({ program = 'espeak-ng', voice }: Speaker, entry: ClipEntry): string =>
  fingerprint(JSON.stringify([MAKING, program === 'espeak-ng' ? voice : `${program} ${voice}`, entry.words, entry.reading ?? null]));
export const soundPrint = (recording: Buffer): string => fingerprint(recording);

export const readMemory = (folder: string): Memory =>
  existsSync(memoryPath(folder)) ? Parse(Memory, JSON.parse(readFileSync(memoryPath(folder), 'utf8'))) : {};

const writeMemory = (folder: string, memory: Memory): void => {
  const sorted = Object.fromEntries(Object.entries(memory).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  writeFileSync(memoryPath(folder), `${JSON.stringify(sorted, null, 2)}\n`);
};

/** Silence behind a clip, in milliseconds: a full stop closes a sentence, a comma a clause, and a bare clip runs on into the next. */
export const pauseAfter = (words: string): number => {
  if (/[。！？.!?]$/u.test(words.trim())) return 350;
  return /[，、；：,;:]$/u.test(words.trim()) ? 180 : 0;
};

/**
 * Speaks every placeholder that has no recording or whose words have changed, and gives back their names. What a person recorded is
 * left alone. Throws a Fault 'unavailable' when there is something to speak and no program to speak it.
 */
export const speakPlaceholders = (folder: string, manifest: PromptManifest, programs: Programs): readonly string[] => {
  const memory = readMemory(folder);
  const kept: Memory = {};
  const spoken: string[] = [];
  for (const [language, { clips, ...speaker }] of Object.entries(manifest.languages)) {
    let speak: Voice | null = null;
    for (const [clip, entry] of Object.entries(clips)) {
      const name = `${language}/${clip}`;
      const path = recordingPath(folder, language, clip) + RECORDING_ENDING;
      const words = wordsPrint(speaker, entry);
      const before = memory[name];
      if (existsSync(path)) {
        const ours = before !== undefined && before.sound === soundPrint(readFileSync(path));
        if (ours) kept[name] = before;
        if (!ours || !entry.placeholder || before.words === words) continue;
      } else if (!entry.placeholder) continue;
      speak ??= openVoice(speaker.program ?? 'espeak-ng', speaker.voice, programs);
      const recording = recordingOf(speak(entry.reading ?? entry.words), pauseAfter(entry.words));
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, recording);
      kept[name] = { words, sound: soundPrint(recording) };
      spoken.push(name);
      writeMemory(folder, { ...memory, ...kept });
    }
  }
  writeMemory(folder, kept);
  return spoken;
};
