/**
 * Placeholder recordings: spoken by espeak-ng where nobody has recorded a clip yet, and again when its words change. What was made is
 * remembered by fingerprints, so that a person's recording is never overwritten, whatever the manifest says.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { Type, type Static } from 'typebox';
import { Parse } from 'typebox/value';
import { RECORDING_ENDING, recordingPath } from '../../src/asterisk/prompt-library.ts';
import type { ClipEntry, PromptManifest } from '../../src/asterisk/prompt-manifest.ts';
import { Fault } from '../../src/kernel/faults.ts';
import { recordingOf } from './sound.ts';

const Memory = Type.Record(Type.String(), Type.Object({ words: Type.String(), sound: Type.String() }));
/** By `language/clip`: fingerprints of the words that were spoken and of the sound that came of them. */
export type Memory = Static<typeof Memory>;

/** Counts up when recordings are to be made differently from the same words. */
const MAKING = 1;
const WORDS_A_MINUTE = 200;
/** Older ones read Chinese signs as English letter names. */
const OLDEST = [1, 52] as const;

const memoryPath = (folder: string): string => join(folder, 'placeholders.json');

const fingerprint = (what: string | Buffer): string => createHash('sha256').update(what).digest('hex').slice(0, 16);
export const wordsPrint = (voice: string, entry: ClipEntry): string =>
  fingerprint(JSON.stringify([MAKING, voice, entry.words, entry.reading ?? null]));
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

const HOW_TO_GET = [
  `espeak-ng ${OLDEST.join('.')} or newer speaks the placeholders; older ones read Chinese signs as English letters`,
  'set ESPEAK_NG to the path of the program: ESPEAK_NG="$(bash scripts/runtime.sh espeak-ng)/bin/espeak-ng" fetches it without root',
];

type Voice = (voice: string, words: string) => Buffer;

/** Throws a Fault 'unavailable' when the program is missing, too old or fails. */
const openVoice = (program: string): Voice => {
  const told = spawnSync(program, ['--version'], { encoding: 'utf8' });
  if (told.error !== undefined) throw new Fault('unavailable', `${program} cannot be run`, [told.error.message, ...HOW_TO_GET]);
  const version = /: (\d+)\.(\d+)/.exec(told.stdout);
  const [major, minor] = [Number(version?.[1] ?? 0), Number(version?.[2] ?? 0)];
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new Fault('unavailable', `${program} is too old`, [told.stdout.trim() || told.stderr.trim(), ...HOW_TO_GET]);
  }
  return (voice, words) => {
    const spoken = spawnSync(program, ['-v', voice, '-s', `${WORDS_A_MINUTE}`, '--stdin', '--stdout'], {
      input: words,
      maxBuffer: 64 << 20,
    });
    if (spoken.error !== undefined || spoken.status !== 0) {
      throw new Fault('unavailable', `${program} could not speak "${words}"`, [spoken.error?.message ?? spoken.stderr.toString().trim()]);
    }
    return spoken.stdout;
  };
};

/**
 * Speaks every placeholder that has no recording or whose words have changed, and gives back their names. What a person recorded is
 * left alone. Throws a Fault 'unavailable' when there is something to speak and no program to speak it.
 */
export const speakPlaceholders = (folder: string, manifest: PromptManifest, program: string): readonly string[] => {
  const memory = readMemory(folder);
  const kept: Memory = {};
  const spoken: string[] = [];
  let speak: Voice | null = null;
  for (const [language, { voice, clips }] of Object.entries(manifest.languages)) {
    for (const [clip, entry] of Object.entries(clips)) {
      const name = `${language}/${clip}`;
      const path = recordingPath(folder, language, clip) + RECORDING_ENDING;
      const words = wordsPrint(voice, entry);
      const before = memory[name];
      if (existsSync(path)) {
        const ours = before !== undefined && before.sound === soundPrint(readFileSync(path));
        if (ours) kept[name] = before;
        if (!ours || !entry.placeholder || before.words === words) continue;
      } else if (!entry.placeholder) continue;
      speak ??= openVoice(program);
      const recording = recordingOf(speak(voice, entry.reading ?? entry.words), pauseAfter(entry.words));
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
