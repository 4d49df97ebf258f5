import { cpSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { isAbsolute, join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { loadPromptLibrary, manifestPath, recordingPath } from '../../src/asterisk/prompt-library.ts';
import { parsePromptManifest } from '../../src/asterisk/prompt-manifest.ts';
import { Fault, isFault } from '../../src/kernel/faults.ts';
import { clipsOf, languages, RING_BACK } from '../../src/speech/compose.ts';

const SHIPPED = join(import.meta.dirname, '../../prompts');
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'intake-prompts-'));
  cpSync(SHIPPED, folder, { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const faultOf = (act: () => unknown): Fault => {
  try {
    act();
  } catch (thrown) {
    if (isFault(thrown)) return thrown;
    throw thrown;
  }
  throw new Error('no fault was thrown');
};
const file = (clip: string): string => `${recordingPath(folder, 'zh', clip)}.alaw`;
const rewrite = (change: (yaml: string) => string): void =>
  writeFileSync(manifestPath(folder), change(readFileSync(manifestPath(folder), 'utf8')));

describe('the prompts that are shipped', () => {
  test.each(languages)('hold a recording for every clip of %s that can be asked for, of a length that a caller can bear', (language) => {
    const library = loadPromptLibrary(SHIPPED, [language]);
    for (const clip of clipsOf(language)) {
      expect(library.durationMs(language, clip)).toBeGreaterThan(100);
      expect(library.durationMs(language, clip)).toBeLessThan(15_000);
      expect(statSync(`${library.path(language, clip)}.alaw`).size).toBe(library.durationMs(language, clip) * 8);
    }
  });

  test('are given to Asterisk as absolute paths without an ending, wherever the service was started', () => {
    const library = loadPromptLibrary(relative(process.cwd(), SHIPPED), ['zh']);
    expect(isAbsolute(library.path('zh', 'number/10'))).toBe(true);
    expect(library.path('zh', 'number/10')).toMatch(/recordings\/zh\/number\/10$/);
  });

  test('stay small enough to be kept with the code', () => {
    const library = loadPromptLibrary(SHIPPED, languages);
    const lengths = languages.flatMap((language) => clipsOf(language).map((clip) => library.durationMs(language, clip)));
    expect(lengths.reduce((sum, ms) => sum + ms * 8, 0)).toBeLessThan(4_600_000);
  });
});

describe('loading', () => {
  test('tells which recordings a machine spoke', () => {
    rewrite((yaml) => yaml.replace(/(greeting:[\s\S]*?placeholder: )true/, '$1false'));
    const { placeholders } = loadPromptLibrary(folder, ['zh']);
    expect(placeholders).not.toContain('zh/greeting');
    expect(placeholders).toContain('zh/patience');
  });

  test('complains of everything at once, in one fault', () => {
    rmSync(file('number/7'));
    writeFileSync(file('hold'), '');
    writeFileSync(file('patience'), 'RIFF----WAVEfmt ');
    rewrite((yaml) => yaml.replace('      greeting:', '      greting:'));
    const fault = faultOf(() => loadPromptLibrary(folder, ['zh', 'zn']));
    expect(fault.kind).toBe('invalid');
    expect(fault.details.toSorted()).toEqual([
      'zh/greeting: is not in the manifest',
      'zh/hold: its recording is empty',
      'zh/number/7: has no recording',
      'zh/patience: its recording is a WAV file, not raw A-law',
      'zn: this language is not spoken here; did you mean "zh"? (zh, en, ru, ja, ko)',
    ]);
  });

  test('complains of a language that is to be offered and has no recordings', () => {
    rmSync(join(folder, 'recordings/ko/menu'), { recursive: true });
    rewrite((yaml) => yaml.replace(/^ {2}ru:$/m, '  uk:'));
    expect(faultOf(() => loadPromptLibrary(folder, ['zh', 'ko', 'ru'])).details).toEqual([
      'ko/menu/language: has no recording',
      'ko/menu/press: has no recording',
      expect.stringMatching(/^ru: the manifest does not have this language/),
    ]);
  });

  test('does not mistake a folder for a recording', () => {
    rmSync(file('hold'));
    cpSync(join(folder, 'recordings/zh/number'), file('hold'), { recursive: true });
    expect(faultOf(() => loadPromptLibrary(folder, ['zh'])).details).toEqual([expect.stringMatching(/^zh\/hold: EISDIR/)]);
  });

  test('wants at least one language', () => {
    expect(faultOf(() => loadPromptLibrary(folder, [])).kind).toBe('invalid');
  });

  test('wants a manifest, and says where it was looked for', () => {
    rmSync(manifestPath(folder));
    const fault = faultOf(() => loadPromptLibrary(folder, ['zh']));
    expect(fault.kind).toBe('invalid');
    expect(fault.details.join()).toContain(manifestPath(folder));
  });

  test.each([
    ['a clip that does not exist', 'zh', 'number/11'],
    ['a language that was not loaded', 'en', 'greeting'],
    ['a tone', 'zh', RING_BACK],
  ])('afterwards, %s is unknown', (_, language, clip) => {
    const library = loadPromptLibrary(folder, ['zh']);
    expect(faultOf(() => library.path(language, clip)).kind).toBe('unknown');
    expect(faultOf(() => library.durationMs(language, clip)).kind).toBe('unknown');
  });
});

describe('the manifest', () => {
  const manifest = (clip: string): string => `languages:\n  zh:\n    voice: cmn\n    clips:\n${clip}`;
  const clip = '      greeting: { words: 您好, source: us, licence: ours, placeholder: true }\n';

  test('is read as it is written', () => {
    expect(parsePromptManifest(manifest(clip)).languages['zh']?.clips['greeting']).toEqual({
      words: '您好',
      source: 'us',
      licence: 'ours',
      placeholder: true,
    });
  });

  test.each([
    ['no YAML', 'languages: [', /./],
    ['nothing', '', /^the manifest: must be object/],
    ['a clip named twice', manifest(clip + clip), /unique/],
    ['a forgotten mark', manifest(clip.replace(', placeholder: true', '')), /^languages, zh, clips, greeting: .*placeholder/],
    ['a mark in words', manifest(clip.replace('true', 'yes')), /^languages, zh, clips, greeting, placeholder: must be boolean/],
    ['blank words', manifest(clip.replace('您好', '" "')), /^languages, zh, clips, greeting, words: /],
    ['a program that speaks no placeholders', manifest(clip).replace('voice:', 'program: cat\n    voice:'), /^languages, zh, program: /],
    ['a mistyped field', manifest(clip.replace('licence', 'license')), /^languages, zh, clips, greeting, license: is not a known name/],
    ['a clip that climbs out of the folder', manifest(clip.replace('greeting', '../x')), /clips, \.\.\/x: is not a known name/],
    ['a language that is no tag', manifest(clip).replace('zh:', 'Mandarin:'), /^languages, Mandarin: is not a known name/],
  ])('is refused with %s', (_, yaml, complaint) => {
    const fault = faultOf(() => parsePromptManifest(yaml));
    expect(fault.kind).toBe('invalid');
    expect(fault.details).toContainEqual(expect.stringMatching(complaint));
  });
});
