/**
 * Tones in A-law (ITU-T G.711) and what is in a piece of sound: Goertzel's measure at one frequency. Pure.
 */
const RATE = 8000;
const LOUDNESS = 6000;

/** Linear 16 bit to A-law: sign, three bits of segment, four of step, every second bit turned. */
export function toALaw(linear: number): number {
  const sign = linear >= 0 ? 0x80 : 0;
  const size = Math.min(Math.abs(Math.round(linear)), 32_767) >> 4;
  const segment = Math.max(0, 32 - Math.clz32(size >> 4));
  const step = (size >> Math.max(0, segment - 1)) & 0x0f;
  return (sign | (segment << 4) | step) ^ 0x55;
}

export function fromALaw(byte: number): number {
  const turned = byte ^ 0x55;
  const segment = (turned >> 4) & 7;
  const step = (turned & 0x0f) << 4;
  const size = segment === 0 ? step + 8 : (step + 0x108) << (segment - 1);
  return (turned & 0x80) === 0 ? -size : size;
}

/** `count` samples of a sine, from sample number `from` on, so that one packet follows the other without a click. */
export const toneInALaw = (hertz: number, from: number, count: number): Buffer =>
  Buffer.from(Array.from({ length: count }, (_, n) => toALaw(LOUDNESS * Math.sin((2 * Math.PI * hertz * (from + n)) / RATE))));

/** How much of all power lies at this frequency, 0 to 1 (Goertzel 1958); sound quieter than a whisper counts as none. */
export function shareOf(hertz: number, samples: readonly number[]): number {
  const twice = 2 * Math.cos((2 * Math.PI * hertz) / RATE);
  let before = 0;
  let last = 0;
  let power = 0;
  for (const sample of samples) {
    [before, last] = [last, sample + twice * last - before];
    power += sample * sample;
  }
  if (power < samples.length * 100 * 100 || samples.length === 0) return 0;
  return (2 * (last * last + before * before - twice * last * before)) / (samples.length * power);
}
