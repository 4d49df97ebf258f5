import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { complaintsAbout } from '../../scripts/prompts/check.ts';
import { pauseAfter, speakPlaceholders } from '../../scripts/prompts/placeholders.ts';
import { readPromptManifest } from '../../src/asterisk/prompt-library.ts';
import { isFault } from '../../src/kernel/faults.ts';

const SHIPPED = join(import.meta.dirname, '../../prompts');
const SCRIPT = join(import.meta.dirname, '../../scripts/prompts.ts');
let base: string;
let folder: string;
let voice: string;
let japanese: string;

/** A stand-in for espeak-ng: it hums 60 ms a sign, and knows its version. As Open JTalk it knows one voice and writes into a file. */
const standIn = (name: string, version: string): string => {
  const path = join(base, name);
  const program = `#!${process.execPath}
const { readFileSync, writeFileSync } = require('node:fs');
if (process.argv.includes('--version')) { console.log('eSpeak NG text-to-speech: ${version}  Data at: /nowhere'); process.exit(0); }
const length = readFileSync(0, 'utf8').length * 480 * 2;
const wav = Buffer.alloc(44 + length);
wav.write('RIFF'); wav.write('WAVEfmt ', 8); wav.writeUInt32LE(16, 16); wav.writeUInt16LE(1, 20); wav.writeUInt16LE(1, 22);
wav.writeUInt32LE(8000, 24); wav.writeUInt16LE(16, 34); wav.write('data', 36); wav.writeUInt32LE(0x7fffffff, 40);
for (let i = 0; i < length / 2; i += 1) wav.writeInt16LE(Math.round(9000 * Math.sin(i / 5)), 44 + 2 * i);
const into = process.argv.indexOf('-ow');
if (into > 0 && !process.argv.includes('nitech_jp_atr503_m001.htsvoice')) process.exit(1);
if (into > 0) writeFileSync(process.argv[into + 1], wav);
else process.stdout.write(wav);
`;
  writeFileSync(path, program);
  chmodSync(path, 0o755);
  return path;
};

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'intake-workshop-'));
  voice = standIn('voice', '1.52.0');
  japanese = standIn('japanese', 'none');
});
afterAll(() => rmSync(base, { recursive: true, force: true }));
beforeEach(() => {
  folder = mkdtempSync(join(base, 'prompts-'));
  cpSync(SHIPPED, folder, { recursive: true });
});

const recording = (clip: string, language = 'zh'): string => join(folder, 'recordings', language, `${clip}.alaw`);
const rewrite = (from: string, to: string): void => {
  const path = join(folder, 'manifest.yaml');
  const before = readFileSync(path, 'utf8');
  expect(before).toContain(from);
  writeFileSync(path, before.replace(from, to));
};
const speak = (program = voice, other = japanese): readonly string[] =>
  speakPlaceholders(folder, readPromptManifest(folder), { 'espeak-ng': program, 'open-jtalk': other });
const complaints = (): readonly string[] => complaintsAbout(folder, readPromptManifest(folder));
const run = (...words: string[]) => spawnSync(process.execPath, [SCRIPT, '--folder', folder, ...words], { encoding: 'utf8' });

test('nothing is to be complained of in the prompts that are shipped', () => {
  expect(complaintsAbout(SHIPPED, readPromptManifest(SHIPPED))).toEqual([]);
});

describe('speaking placeholders', () => {
  test('does nothing, and needs no program, when all are spoken', () => {
    expect(speak('/no/such/program', '/no/such/program')).toEqual([]);
  });

  test('is done by the program that the language names, and by no other', () => {
    rmSync(recording('hold', 'ja'));
    expect(speak('/no/such/program')).toEqual(['ja/hold']);
    rmSync(recording('hold', 'ru'));
    expect(speak(voice, '/no/such/program')).toEqual(['ru/hold']);
    expect(complaints()).toEqual([]);
  });

  test('speaks all clips of a language again when its voice changes, but none that a person has recorded', () => {
    rewrite('voice: en-us', 'voice: en-gb');
    expect(complaints()).toContainEqual(expect.stringMatching(/^en\/hold: speaks the words of before/));
    const spoken = speak();
    expect(spoken).toContain('en/hold');
    expect(spoken).not.toContain('en/number/1');
    expect(complaints()).toEqual([]);
  });

  test('says how to get the program of a language that has another one', () => {
    rmSync(recording('hold', 'ja'));
    expect(() => speak(voice, '/no/such/program')).toThrow(
      expect.toSatisfy((thrown) => isFault(thrown, 'unavailable') && thrown.details.join().includes('OPEN_JTALK')),
    );
  });

  test('speaks the missing one and the one whose words changed, and no other', () => {
    rmSync(recording('number/7'));
    rewrite('words: 您是下一位。', 'words: 下一位就是您。');
    expect([...speak()].toSorted()).toEqual(['zh/number/7', 'zh/place/next']);
    expect(complaints()).toEqual([]);
    expect(speak('/no/such/program', '/no/such/program')).toEqual([]);
  });

  test('never overwrites what a person has recorded, even where the mark was forgotten and the words changed', () => {
    const own = readFileSync(recording('hold')).subarray(800);
    writeFileSync(recording('hold'), own);
    rewrite('words: 请保持通话', 'words: 请您保持通话');
    expect(speak()).toEqual([]);
    expect(readFileSync(recording('hold')).equals(own)).toBe(true);
    expect(complaints()).toEqual([expect.stringMatching(/^zh\/hold: .*"placeholder: false"/)]);
  });

  test('does not put a machine in the place of a lost recording of a person', () => {
    rewrite('placeholder: true', 'placeholder: false');
    rmSync(recording('greeting'));
    expect(speak()).toEqual([]);
    expect(complaints()).toEqual(['zh/greeting: has no recording']);
  });

  test.each([
    ['is missing', () => '/no/such/program'],
    ['is too old to read Chinese', () => standIn('old', '1.51')],
  ])('says how to get the program when it %s', (_, program) => {
    rmSync(recording('hold'));
    const path = program();
    expect(() => speak(path)).toThrow(
      expect.toSatisfy((thrown) => isFault(thrown, 'unavailable') && thrown.details.join().includes('ESPEAK_NG')),
    );
  });

  test.each([
    ['您是下一位。', 350],
    ['您好，', 180],
    ['您前面还有', 0],
  ])('leaves the pause behind %s that its closing mark asks for', (words, ms) => {
    expect(pauseAfter(words)).toBe(ms);
  });
});

describe('the check', () => {
  test.each<[string, () => void, RegExp]>([
    ['a missing recording', () => rmSync(recording('hold')), /^zh\/hold: has no recording$/],
    ['an empty recording', () => writeFileSync(recording('hold'), ''), /^zh\/hold: its recording is empty$/],
    [
      'a recording cut short',
      () => writeFileSync(recording('hold'), readFileSync(recording('hold')).subarray(0, 2000)),
      /does not fit its 20 signs/,
    ],
    ['a recording far too long', () => writeFileSync(recording('number/1'), Buffer.alloc(80_000, 0x2a)), /does not fit its 1 signs/],
    ['silence', () => writeFileSync(recording('hold'), Buffer.alloc(40_000, 0xd5)), /^zh\/hold: is silent$/],
    ['words that changed', () => rewrite('words: 您是下一位。', 'words: 下一位是您。'), /^zh\/place\/next: speaks the words of before/],
    ['a placeholder sold as real', () => rewrite('placeholder: true', 'placeholder: false'), /^zh\/greeting: .*still the placeholder/],
    ['a stray file', () => writeFileSync(join(folder, 'recordings/zh/hold.wav'), 'x'), /^recordings\/zh\/hold\.wav: belongs to no clip$/],
    [
      'a clip nobody uses',
      () => rewrite('      greeting:', '      farewell: { words: 再见, source: x, licence: x, placeholder: true }\n      greeting:'),
      /^zh\/farewell: .*no message/,
    ],
    ['a language nobody speaks', () => rewrite('  zh:', '  fr: { voice: fr, clips: {} }\n  zh:'), /^fr: .*no message/],
    [
      'a folder of another language',
      () => (mkdirSync(join(folder, 'recordings/fr')), writeFileSync(join(folder, 'recordings/fr/hold.alaw'), 'x')),
      /^recordings\/fr\/hold\.alaw/,
    ],
  ])('complains of %s', (_, spoil, complaint) => {
    spoil();
    expect(complaints()).toContainEqual(expect.stringMatching(complaint));
  });
});

describe('npm run prompts', () => {
  test('--check is content with the shipped prompts, warns of placeholders and changes nothing', () => {
    const told = run('--check');
    expect(told.stdout).toMatch(/warning: \d+ placeholders.* zh\/greeting /);
    expect(told.status).toBe(0);
  });

  test('--check tells every complaint and fails', () => {
    rmSync(recording('hold'));
    rmSync(recording('number/3'));
    const told = run('--check');
    expect(told.stdout).toContain('complaint: zh/hold: has no recording');
    expect(told.stdout).toContain('complaint: zh/number/3: has no recording');
    expect(told.status).toBe(1);
  });

  test("--take makes a person's WAV file the clip's recording, marks it, and keeps the manifest's comments", () => {
    const wav = join(base, 'take.wav');
    writeFileSync(wav, spawnSync(voice, { input: '请保持通话不要挂机接警员稍后继续与您通话' }).stdout);
    const told = run('--take', 'zh', 'hold', wav, '--source', 'Wang Li, 2026', '--licence', 'for this centre');
    expect(told.stderr).toBe('');
    expect(told.status).toBe(0);
    expect(readPromptManifest(folder).languages['zh']?.clips['hold']).toMatchObject({
      source: 'Wang Li, 2026',
      licence: 'for this centre',
      placeholder: false,
    });
    expect(readFileSync(join(folder, 'manifest.yaml'), 'utf8').split('\n').length).toBe(
      readFileSync(join(SHIPPED, 'manifest.yaml'), 'utf8').split('\n').length,
    );
  });

  test.each([
    ['a clip that does not exist', ['--take', 'zh', 'hodl', 'x.wav', '--source', 'a', '--licence', 'b'], /zh\/hodl is not in the manifest/],
    ['no licence', ['--take', 'zh', 'hold', 'x.wav', '--source', 'a'], /licence/],
    ['a file that is not there', ['--take', 'zh', 'hold', 'none.wav', '--source', 'a', '--licence', 'b'], /none\.wav/],
    ['a stray word', ['chekc'], /"chekc" means nothing here/],
    ['an unknown option', ['--chekc'], /--chekc/],
  ])('refuses %s with a sentence, not with a trace', (_, words, complaint) => {
    const told = run(...words);
    expect(told.status).toBe(1);
    expect(told.stderr).toMatch(complaint);
    expect(told.stderr).not.toMatch(/^\s+at /m);
  });
});

test('every recording that is not ours to give away is named, with its terms, in the page of licences', () => {
  const page = readFileSync(join(SHIPPED, 'LICENCES.md'), 'utf8');
  for (const [language, { clips }] of Object.entries(readPromptManifest(SHIPPED).languages)) {
    for (const [clip, { source, licence }] of Object.entries(clips)) {
      if (!source.startsWith('machine voice')) expect(page).toContain(`| \`${language}/${clip}\` | ${source.split(', ').at(-1)} |`);
      expect(page).toContain(licence);
    }
  }
});

test("the operators' page shows the words of every clip as the manifest has them", () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/prompts.md'), 'utf8');
  for (const { clips } of Object.values(readPromptManifest(SHIPPED).languages)) {
    for (const [clip, { words }] of Object.entries(clips)) expect(page).toContain(`| \`${clip}\` | ${words} |`);
  }
});
