/**
 * The machine voices that speak placeholders, as programs run once a clip. Throws a Fault 'unavailable' that says how to get one that is
 * missing, too old or fails. Knows no manifest and writes no recording.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { VoiceProgram } from '../../src/asterisk/prompt-manifest.ts';
import { Fault } from '../../src/kernel/faults.ts';

/** The path of each program. */
export type Programs = Readonly<Record<VoiceProgram, string>>;

/** Words in, a WAV file out. */
export type Voice = (words: string) => Buffer;

const WORDS_A_MINUTE = 200;
/** Older ones read Chinese signs as English letter names. */
const OLDEST = [1, 52] as const;

const HOW_TO_GET: Readonly<Record<VoiceProgram, readonly string[]>> = {
  'espeak-ng': [
    `espeak-ng ${OLDEST.join('.')} or newer speaks the placeholders; older ones read Chinese signs as English letters`,
    'set ESPEAK_NG to the path of the program: ESPEAK_NG="$(bash scripts/runtime.sh espeak-ng)/bin/espeak-ng" fetches it without root',
  ],
  'open-jtalk': [
    'Open JTalk speaks the Japanese placeholders, with its dictionary and the voice named in the manifest',
    'set OPEN_JTALK to the path of the program: OPEN_JTALK="$(bash scripts/runtime.sh open-jtalk)/bin/open_jtalk" fetches it without root',
  ],
};

const run = (program: VoiceProgram, path: string, options: readonly string[], words: string): Buffer => {
  const spoken = spawnSync(path, options, { input: words, maxBuffer: 64 << 20 });
  if (spoken.error !== undefined) throw new Fault('unavailable', `${path} cannot be run`, [spoken.error.message, ...HOW_TO_GET[program]]);
  if (spoken.status !== 0) throw new Fault('unavailable', `${path} could not speak "${words}"`, [spoken.stderr.toString().trim()]);
  return spoken.stdout;
};

const openEspeak = (voice: string, path: string): Voice => {
  const told = run('espeak-ng', path, ['--version'], '').toString();
  const version = /: (\d+)\.(\d+)/.exec(told);
  const [major, minor] = [Number(version?.[1] ?? 0), Number(version?.[2] ?? 0)];
  if (major < OLDEST[0] || (major === OLDEST[0] && minor < OLDEST[1])) {
    throw new Fault('unavailable', `${path} is too old`, [told.trim(), ...HOW_TO_GET['espeak-ng']]);
  }
  return (words) => run('espeak-ng', path, ['-v', voice, '-s', `${WORDS_A_MINUTE}`, '--stdin', '--stdout'], words);
};

/**
 * The program runs where its voices lie, and brings its own dictionary: `scripts/runtime.sh open-jtalk` makes it so. It wants a file to
 * write into.
 */
const openOpenJtalk =
  (voice: string, path: string): Voice =>
  (words) => {
    const folder = mkdtempSync(join(tmpdir(), 'intake-voice-'));
    try {
      const wav = join(folder, 'spoken.wav');
      run('open-jtalk', path, ['-m', `${voice}.htsvoice`, '-ow', wav], words);
      return readFileSync(wav);
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  };

export const openVoice = (program: VoiceProgram, voice: string, programs: Programs): Voice =>
  program === 'espeak-ng' ? openEspeak(voice, programs[program]) : openOpenJtalk(voice, programs[program]);
