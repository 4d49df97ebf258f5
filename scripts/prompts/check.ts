/**
 * Everything that can be wrong with the recordings before they go live, in one list: what the start-up check refuses, and also
 * orphans, lengths that do not fit the words, silence, and marks that do not fit the sound. Changes nothing.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { loadPromptLibrary, RECORDING_ENDING, recordingPath } from '../../src/asterisk/prompt-library.ts';
import type { ClipEntry, PromptManifest } from '../../src/asterisk/prompt-manifest.ts';
import { isFault } from '../../src/kernel/faults.ts';
import { clipsOf, languages } from '../../src/speech/compose.ts';
import { readMemory, soundPrint, wordsPrint } from './placeholders.ts';
import { decodeAlaw, RATE } from './sound.ts';

/** Speech, slow and fast, takes this long a sign or letter; a pause may come on top. */
const FAST_MS = 40;
const SLOW_MS = 700;
const PAUSE_MS = 1500;
/** A recording whose loudest sample stays below this share of full scale is silent. */
const HEARD = 0.02;

const lookForStartUp = (folder: string): readonly string[] => {
  try {
    loadPromptLibrary(folder, languages);
    return [];
  } catch (thrown) {
    if (!isFault(thrown, 'invalid')) throw thrown;
    return thrown.details;
  }
};

const lookForLength = (recording: Buffer, words: string): string | null => {
  const signs = words.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
  const ms = (recording.length * 1000) / RATE;
  const [least, most] = [signs * FAST_MS, signs * SLOW_MS + PAUSE_MS];
  return ms < least || ms > most ? `lasts ${Math.round(ms)} ms, which does not fit its ${signs} signs (${least} to ${most} ms)` : null;
};

const lookAtRecording = (
  recording: Buffer,
  entry: ClipEntry,
  words: string,
  made: { words: string; sound: string } | undefined,
): string[] => {
  const complaints: string[] = [];
  const length = lookForLength(recording, entry.words);
  if (length !== null) complaints.push(length);
  if (!decodeAlaw(recording).some((sample) => Math.abs(sample) > HEARD)) complaints.push('is silent');
  const ours = made !== undefined && made.sound === soundPrint(recording);
  if (entry.placeholder && !ours) complaints.push('is marked as a placeholder, but somebody has recorded it: write "placeholder: false"');
  if (!entry.placeholder && ours) complaints.push('is marked as recorded, but is still the placeholder');
  if (entry.placeholder && ours && made.words !== words) complaints.push('speaks the words of before: run "npm run prompts"');
  return complaints;
};

const lookForOrphans = (folder: string, manifest: PromptManifest): string[] => {
  const complaints: string[] = [];
  const wanted = new Set<string>();
  for (const [language, { clips }] of Object.entries(manifest.languages)) {
    if (!languages.includes(language)) {
      complaints.push(`${language}: is in the manifest, but no message is spoken in it`);
      continue;
    }
    const asked = new Set(clipsOf(language));
    for (const clip of Object.keys(clips)) {
      if (!asked.has(clip)) complaints.push(`${language}/${clip}: is in the manifest, but no message uses it`);
      else wanted.add(recordingPath(folder, language, clip) + RECORDING_ENDING);
    }
  }
  const root = join(folder, 'recordings');
  if (!existsSync(root)) return complaints;
  for (const file of readdirSync(root, { recursive: true, withFileTypes: true })) {
    const path = join(file.parentPath, file.name);
    if (file.isFile() && !wanted.has(path)) complaints.push(`${relative(folder, path).split(sep).join('/')}: belongs to no clip`);
  }
  return complaints;
};

/** All complaints about an absolute folder of prompts, each beginning with the name of what it is about. None means: may go live. */
export const complaintsAbout = (folder: string, manifest: PromptManifest): readonly string[] => {
  const complaints = [...lookForStartUp(folder), ...lookForOrphans(folder, manifest)];
  const memory = readMemory(folder);
  for (const [language, { clips, ...speaker }] of Object.entries(manifest.languages)) {
    for (const [clip, entry] of Object.entries(clips)) {
      const path = recordingPath(folder, language, clip) + RECORDING_ENDING;
      const recording = existsSync(path) ? readFileSync(path) : Buffer.alloc(0);
      if (recording.length === 0) continue;
      const name = `${language}/${clip}`;
      for (const complaint of lookAtRecording(recording, entry, wordsPrint(speaker, entry), memory[name]))
        complaints.push(`${name}: ${complaint}`);
    }
  }
  return complaints;
};
