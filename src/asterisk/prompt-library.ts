/**
 * The recordings on disk, checked once at the start so that no caller meets a missing one: by language and clip, the path that
 * Asterisk plays and its length. Never writes, never converts, and never reads again after loading.
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { closest } from 'fastest-levenshtein';
import { Fault, wordsOf } from '../kernel/faults.ts';
import type { Clip } from '../speech/compose.ts';
import { clipsOf, languages as spokenLanguages } from '../speech/compose.ts';
import { parsePromptManifest, type PromptManifest } from './prompt-manifest.ts';

/** The trunk's codec, raw: played without transcoding. One sample is one byte, 8000 a second. */
export const RECORDING_ENDING = '.alaw';
const BYTES_PER_MS = 8;

/** Headers of files that are not raw A-law, whatever their name says. */
const HEADERS: readonly { readonly begins: string; readonly is: string }[] = [
  { begins: 'RIFF', is: 'a WAV file' },
  { begins: 'ID3', is: 'an MP3 file' },
  { begins: 'OggS', is: 'an Ogg file' },
  { begins: 'fLaC', is: 'a FLAC file' },
  { begins: '.snd', is: 'an AU file' },
];

export interface PromptLibrary {
  /** The recording's absolute path without its ending, as Asterisk wants it after `sound:`. Throws a Fault 'unknown' for what was not loaded. */
  readonly path: (language: string, clip: Clip) => string;
  /** The recording's length in milliseconds. Throws a Fault 'unknown' for what was not loaded; a tone has no length. */
  readonly durationMs: (language: string, clip: Clip) => number;
  /** Recordings that a machine spoke, as `zh/greeting`: to be replaced before the public hears them. */
  readonly placeholders: readonly string[];
}

export const manifestPath = (folder: string): string => join(folder, 'manifest.yaml');
/** Where a recording lies, without its ending. */
export const recordingPath = (folder: string, language: string, clip: Clip): string =>
  join(resolve(folder), 'recordings', language, ...clip.split('/'));

/** Throws a Fault 'invalid' when the manifest is missing, is not YAML or is not right. */
export const readPromptManifest = (folder: string): PromptManifest => {
  const path = manifestPath(folder);
  let yaml: string;
  try {
    yaml = readFileSync(path, 'utf8');
  } catch (thrown) {
    throw new Fault('invalid', 'the prompt manifest cannot be read', [wordsOf(thrown)], thrown);
  }
  return parsePromptManifest(yaml);
};

type Looked = { readonly bytes: number } | { readonly complaint: string };

const lookAt = (path: string): Looked => {
  let bytes: Buffer;
  try {
    bytes = readFileSync(path);
  } catch (thrown) {
    return { complaint: thrown instanceof Error && 'code' in thrown && thrown.code === 'ENOENT' ? 'has no recording' : wordsOf(thrown) };
  }
  if (bytes.length === 0) return { complaint: 'its recording is empty' };
  const header = HEADERS.find(({ begins }) => bytes.subarray(0, begins.length).toString('latin1') === begins);
  return header === undefined ? { bytes: bytes.length } : { complaint: `its recording is ${header.is}, not raw A-law` };
};

const nearest = (name: string, names: readonly string[]): string =>
  names.length === 0 ? '' : `; did you mean "${closest(name, names)}"? (${names.join(', ')})`;

/**
 * Loads what the given languages need from a folder with `manifest.yaml` and `recordings/<language>/<clip>.alaw`.
 * Throws one Fault 'invalid' whose details are all complaints: unknown language, clip without words, recording missing, empty or no A-law.
 */
export const loadPromptLibrary = (folder: string, languages: readonly string[]): PromptLibrary => {
  const complaints: string[] = [];
  const lengths = new Map<string, number>();
  const placeholders: string[] = [];
  const manifest = readPromptManifest(folder);
  for (const language of new Set(languages)) {
    if (!spokenLanguages.includes(language)) {
      complaints.push(`${language}: this language is not spoken here${nearest(language, spokenLanguages)}`);
      continue;
    }
    const written = manifest.languages[language];
    if (written === undefined) {
      complaints.push(`${language}: the manifest does not have this language${nearest(language, Object.keys(manifest.languages))}`);
      continue;
    }
    for (const clip of clipsOf(language)) {
      const name = `${language}/${clip}`;
      const entry = written.clips[clip];
      if (entry === undefined) {
        complaints.push(`${name}: is not in the manifest`);
        continue;
      }
      const looked = lookAt(recordingPath(folder, language, clip) + RECORDING_ENDING);
      if ('complaint' in looked) complaints.push(`${name}: ${looked.complaint}`);
      else lengths.set(name, looked.bytes / BYTES_PER_MS);
      if (entry.placeholder) placeholders.push(name);
    }
  }
  if (languages.length === 0) complaints.push('no language was asked for');
  if (complaints.length > 0) throw new Fault('invalid', 'the prompts are not complete', complaints);

  const durationMs = (language: string, clip: Clip): number => {
    const length = lengths.get(`${language}/${clip}`);
    if (length === undefined) throw new Fault('unknown', `no recording "${clip}" of language "${language}" was loaded`);
    return length;
  };
  return {
    path: (language, clip) => {
      durationMs(language, clip);
      return recordingPath(folder, language, clip);
    },
    durationMs,
    placeholders,
  };
};
