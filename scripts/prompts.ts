/**
 * The recordings' workshop (`npm run prompts`). Without options: speaks the missing placeholders, then checks. `--check`: only checks.
 * `--take LANGUAGE CLIP FILE.wav --source WHO --licence TERMS`: takes a person's recording over. Exits 1 when there is a complaint.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { parseDocument } from 'yaml';
import { manifestPath, readPromptManifest, RECORDING_ENDING, recordingPath } from '../src/asterisk/prompt-library.ts';
import { Fault, isFault, wordsOf } from '../src/kernel/faults.ts';
import { complaintsAbout } from './prompts/check.ts';
import { pauseAfter, speakPlaceholders } from './prompts/placeholders.ts';
import { recordingOf } from './prompts/sound.ts';

const say = (line: string): void => {
  process.stdout.write(`${line}\n`);
};

const USAGE = 'npm run prompts [-- --check | --take LANGUAGE CLIP FILE.wav --source WHO --licence TERMS] [--folder FOLDER]';

const OPTIONS = {
  check: { type: 'boolean', default: false },
  take: { type: 'boolean', default: false },
  source: { type: 'string' },
  licence: { type: 'string' },
  folder: { type: 'string', default: resolve(import.meta.dirname, '../prompts') },
} as const;

/** What cannot be done with what was asked is told as a sentence. */
const orRefuse = <T>(message: string, act: () => T): T => {
  try {
    return act();
  } catch (thrown) {
    throw new Fault('invalid', message, [wordsOf(thrown), USAGE], thrown);
  }
};

/** A person's recording becomes the clip's, and the manifest says so; its comments and order stay. */
const take = (folder: string, names: readonly string[], source: string | undefined, licence: string | undefined): void => {
  const [language, clip, file, ...more] = names;
  if (language === undefined || clip === undefined || file === undefined || more.length > 0 || !source || !licence) {
    throw new Fault('invalid', 'a recording is taken over with language, clip, file, source and licence', [USAGE]);
  }
  const entry = readPromptManifest(folder).languages[language]?.clips[clip];
  if (entry === undefined) throw new Fault('unknown', `${language}/${clip} is not in the manifest`);
  const recording = recordingOf(
    orRefuse('the recording cannot be read', () => readFileSync(file)),
    pauseAfter(entry.words),
  );
  const path = recordingPath(folder, language, clip) + RECORDING_ENDING;
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, recording);
  const document = parseDocument(readFileSync(manifestPath(folder), 'utf8'));
  for (const [key, value] of Object.entries({ source, licence, placeholder: false })) {
    document.setIn(['languages', language, 'clips', clip, key], value);
  }
  writeFileSync(manifestPath(folder), document.toString({ lineWidth: 0 }));
  say(`taken over: ${language}/${clip}, ${recording.length / 8} ms`);
};

/** True when there is no complaint. */
const check = (folder: string): boolean => {
  const manifest = readPromptManifest(folder);
  const complaints = complaintsAbout(folder, manifest);
  for (const complaint of complaints) say(`complaint: ${complaint}`);
  for (const [language, { clips }] of Object.entries(manifest.languages)) {
    const names = Object.entries(clips).flatMap(([clip, { placeholder }]) => (placeholder ? [`${language}/${clip}`] : []));
    if (names.length > 0) say(`warning: ${names.length} placeholders, not for the public: ${names.join(' ')}`);
  }
  say(complaints.length === 0 ? 'every clip has its recording' : `${complaints.length} complaints`);
  return complaints.length === 0;
};

try {
  const { values, positionals } = orRefuse('these options mean nothing here', () =>
    parseArgs({ allowPositionals: true, options: OPTIONS }),
  );
  const folder = resolve(values.folder);
  if (!values.take && positionals.length > 0) throw new Fault('invalid', `"${positionals.join(' ')}" means nothing here`, [USAGE]);
  if (values.take) take(folder, positionals, values.source, values.licence);
  else if (!values.check) {
    const programs = { 'espeak-ng': process.env['ESPEAK_NG'] ?? 'espeak-ng', 'open-jtalk': process.env['OPEN_JTALK'] ?? 'open_jtalk' };
    for (const name of speakPlaceholders(folder, readPromptManifest(folder), programs)) say(`spoken: ${name}`);
  }
  if (!check(folder)) process.exitCode = 1;
} catch (thrown) {
  if (!isFault(thrown)) throw thrown;
  for (const line of [thrown.message, ...thrown.details]) process.stderr.write(`${line}\n`);
  process.exitCode = 1;
}
