import { describe, expect, test } from 'vitest';
import { decodeAlaw, encodeAlaw, levelled, RATE, readWav, recordingOf, resampled, trimmed } from '../../scripts/prompts/sound.ts';
import { isFault } from '../../src/kernel/faults.ts';

const tone = (hertz: number, ms: number, rate: number, loud = 0.5): Float64Array =>
  Float64Array.from({ length: (ms * rate) / 1000 }, (_, i) => loud * Math.sin((2 * Math.PI * hertz * i) / rate));
const silence = (ms: number, rate: number): Float64Array => new Float64Array((ms * rate) / 1000);
const joined = (...parts: Float64Array[]): Float64Array => Float64Array.from(parts.flatMap((part) => [...part]));
const loudnessOf = (samples: Float64Array): number => Math.sqrt(samples.reduce((sum, s) => sum + s * s, 0) / samples.length);
const middle = (samples: Float64Array): Float64Array => samples.subarray(samples.length / 4, (samples.length * 3) / 4);
const db = (ratio: number): number => 20 * Math.log10(ratio);

const wav = (samples: Float64Array, rate: number, { channels = 1, bits = 16, code = 1, told = 0 } = {}): Buffer => {
  const width = bits / 8;
  const header = Buffer.alloc(44);
  const length = samples.length * width * channels;
  header.write('RIFF', 0);
  header.write('WAVEfmt ', 8);
  header.writeUInt32LE(16, 16);
  header.writeUInt16LE(code, 20);
  header.writeUInt16LE(channels, 22);
  header.writeUInt32LE(rate, 24);
  header.writeUInt16LE(bits, 34);
  header.write('data', 36);
  header.writeUInt32LE(told || length, 40);
  const body = Buffer.alloc(length);
  samples.forEach((sample, i) => {
    for (let c = 0; c < channels; c += 1) body.writeIntLE(Math.round(sample * (2 ** (bits - 1) - 1)), (i * channels + c) * width, width);
  });
  return Buffer.concat([header, body]);
};

describe('A-law', () => {
  test.each([
    [-32_768, 0x2a],
    [-1000, 0x7a],
    [-1, 0x55],
    [0, 0xd5],
    [16, 0xd4],
    [1000, 0xfa],
    [32_767, 0xaa],
  ])('the sample %i is written as G.711 says', (sample, code) => {
    expect(encodeAlaw(Float64Array.of(sample / 32_768))[0]).toBe(code);
  });

  test('every code read and written again is itself', () => {
    const codes = Uint8Array.from({ length: 256 }, (_, code) => code);
    expect([...encodeAlaw(decodeAlaw(codes))]).toEqual([...codes]);
  });

  test('what is too loud is cut, never wrapped round', () => {
    expect([...encodeAlaw(Float64Array.of(7, -7))]).toEqual([0xaa, 0x2a]);
  });
});

describe('resampling to the telephone', () => {
  test.each([16_000, 22_050, 44_100, 48_000])('from %i Hz keeps the length and a voice of 1000 Hz', (rate) => {
    const out = resampled({ rate, samples: tone(1000, 500, rate) });
    expect(out.length).toBeCloseTo(RATE / 2, -1);
    expect(Math.abs(db(loudnessOf(middle(out)) / loudnessOf(tone(1000, 500, RATE))))).toBeLessThan(0.1);
  });

  test.each([4700, 5500, 7000, 9000])('a hiss of %i Hz does not fold back into the voice', (hertz) => {
    const out = resampled({ rate: 22_050, samples: tone(hertz, 500, 22_050) });
    expect(db(loudnessOf(middle(out)) / loudnessOf(tone(hertz, 500, 22_050)))).toBeLessThan(-50);
  });
});

describe('a recording', () => {
  test('loses the silence at its ends and keeps the pause inside', () => {
    const voice = joined(silence(300, RATE), tone(500, 200, RATE), silence(400, RATE), tone(500, 200, RATE), silence(700, RATE));
    const ms = (trimmed(voice).length * 1000) / RATE;
    expect(ms).toBeGreaterThanOrEqual(800);
    expect(ms).toBeLessThanOrEqual(830);
  });

  test('is equally loud whether whispered or shouted, and does not overdrive', () => {
    const whispered = levelled(tone(500, 300, RATE, 0.01));
    const shouted = levelled(tone(500, 300, RATE, 0.99));
    expect(Math.abs(db(loudnessOf(whispered) / loudnessOf(shouted)))).toBeLessThan(0.1);
    const spiky = tone(500, 300, RATE, 0.02);
    spiky[1000] = 0.9;
    expect(Math.max(...levelled(spiky))).toBeLessThanOrEqual(0.9);
  });

  test.each([
    ['16 bits', {}],
    ['24 bits', { bits: 24 }],
    ['two channels', { channels: 2 }],
    ['a length that lies', { told: 0x7f_ff_ff_ff }],
  ])('of %s is heard as it was spoken', (_, shape) => {
    const { rate, samples } = readWav(wav(tone(500, 100, 16_000), 16_000, shape));
    expect(rate).toBe(16_000);
    expect(samples.length).toBe(1600);
    expect(samples[8]).toBeCloseTo(0.5, 3);
  });

  test('ends with the pause that was asked for', () => {
    const without = recordingOf(wav(tone(500, 200, 16_000), 16_000), 0);
    const paused = recordingOf(wav(tone(500, 200, 16_000), 16_000), 250);
    expect(paused.length - without.length).toBe((250 * RATE) / 1000);
    expect(new Set(paused.subarray(-1900))).toEqual(new Set([0xd5]));
  });

  test.each([
    ['no WAV file', Buffer.from('ID3 and so on')],
    ['a WAV file without sound', wav(tone(500, 10, RATE), RATE).subarray(0, 36)],
    ['compressed sound', wav(tone(500, 10, RATE), RATE, { code: 85 })],
    ['fewer samples than the telephone has', wav(tone(500, 10, 6000), 6000)],
    ['silence', wav(silence(500, RATE), RATE)],
    ['nothing at all', wav(silence(0, RATE), RATE)],
  ])('is refused when it is %s', (_, bytes) => {
    expect(() => recordingOf(bytes, 0)).toThrow(expect.toSatisfy((thrown) => isFault(thrown, 'invalid')));
  });
});
