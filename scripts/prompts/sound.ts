/**
 * A voice recording becomes what the trunk plays: WAV in, raw A-law at 8000 samples a second out, trimmed and levelled.
 * Samples are numbers from -1 to 1. Never touches a file.
 */
import { Fault } from '../../src/kernel/faults.ts';

export const RATE = 8000;
/** Telephony passes 300 to 3400 Hz; above that the trunk would only carry aliases. */
const PASS_HZ = 3400;
/** Zero crossings of the low-pass filter on each side: with them what lies above 4600 Hz is about 60 dB down. */
const CROSSINGS = 32;
/** Loudness of the speech itself (pauses left out), and the peak it may reach, both below full scale. */
const SPEECH_DB = -19;
const PEAK_DB = -1;
/** Quieter than this, measured against the loudest moment, is silence at the ends. */
const SILENCE_DB = -42;
const FRAME = RATE / 100;

export interface Sound {
  readonly rate: number;
  readonly samples: Float64Array;
}

const ratioOf = (db: number): number => 10 ** (db / 20);

const refuse = (why: string): never => {
  throw new Fault('invalid', 'this WAV file cannot be used', [why]);
};

/**
 * Whole-number PCM of 16 or 24 bits, any count of channels (averaged), 8000 samples a second or more. A data length that lies, as
 * programs write it that stream, is cut to what is there. Throws a Fault 'invalid' for anything else.
 */
export const readWav = (bytes: Buffer): Sound => {
  if (bytes.toString('latin1', 0, 4) !== 'RIFF' || bytes.toString('latin1', 8, 12) !== 'WAVE')
    return refuse('it does not begin as a WAV file');
  let format: { readonly channels: number; readonly rate: number; readonly width: number } | null = null;
  for (let at = 12; at + 8 <= bytes.length;) {
    const name = bytes.toString('latin1', at, at + 4);
    const start = at + 8;
    const end = Math.min(start + bytes.readUInt32LE(at + 4), bytes.length);
    if (name === 'fmt ') {
      if (end - start < 16) return refuse('its format is cut short');
      const code = bytes.readUInt16LE(start);
      const bits = bytes.readUInt16LE(start + 14);
      if ((code !== 1 && code !== 0xfffe) || (bits !== 16 && bits !== 24)) {
        return refuse(`it is not PCM of 16 or 24 bits (format ${code}, ${bits} bits)`);
      }
      format = { channels: bytes.readUInt16LE(start + 2), rate: bytes.readUInt32LE(start + 4), width: bits / 8 };
      if (format.channels < 1) return refuse('it has no channel');
      if (format.rate < RATE) return refuse(`it has ${format.rate} samples a second, fewer than ${RATE}`);
    }
    if (name === 'data') {
      if (format === null) return refuse('its sound comes before its format');
      const { channels, rate, width } = format;
      const full = 2 ** (8 * width - 1);
      const samples = new Float64Array(Math.floor((end - start) / (width * channels)));
      for (let i = 0; i < samples.length; i += 1) {
        let sum = 0;
        for (let c = 0; c < channels; c += 1) sum += bytes.readIntLE(start + (i * channels + c) * width, width);
        samples[i] = sum / channels / full;
      }
      return { rate, samples };
    }
    at = end + ((end - start) % 2);
  }
  return refuse('it holds no sound');
};

/** Resampled to `RATE` through a windowed-sinc low-pass, so that sibilants above the telephone's band do not fold back into it. */
export const resampled = ({ rate, samples }: Sound): Float64Array => {
  if (rate === RATE) return samples;
  const cutoff = (2 * PASS_HZ) / rate;
  const reach = CROSSINGS / cutoff;
  const out = new Float64Array(Math.floor((samples.length * RATE) / rate));
  for (let i = 0; i < out.length; i += 1) {
    const centre = (i * rate) / RATE;
    let sum = 0;
    let weights = 0;
    for (let k = Math.ceil(centre - reach); k <= centre + reach; k += 1) {
      const x = (k - centre) * cutoff;
      const window = 0.5 + 0.5 * Math.cos((Math.PI * (k - centre)) / reach);
      const weight = window * (x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x));
      weights += weight;
      sum += weight * (samples[k] ?? 0);
    }
    out[i] = sum / weights;
  }
  return out;
};

/** The loudness (root mean square) of each hundredth of a second. */
const frames = (samples: Float64Array): readonly number[] => {
  const loudness: number[] = [];
  for (let at = 0; at < samples.length; at += FRAME) {
    const frame = samples.subarray(at, at + FRAME);
    loudness.push(Math.sqrt(frame.reduce((sum, sample) => sum + sample * sample, 0) / frame.length));
  }
  return loudness;
};

/** Without the silence before and behind; 10 ms are left on each side. Nothing is left of a silent recording. */
export const trimmed = (samples: Float64Array): Float64Array => {
  const loudness = frames(samples);
  const floor = Math.max(...loudness, 0) * ratioOf(SILENCE_DB);
  const first = loudness.findIndex((loud) => loud > floor);
  if (first < 0) return samples.subarray(0, 0);
  const last = loudness.findLastIndex((loud) => loud > floor);
  return samples.subarray(Math.max(0, first - 1) * FRAME, (last + 2) * FRAME);
};

/** The same speech at one loudness for all recordings, so that composed numbers do not jump; peaks stay below full scale. */
export const levelled = (samples: Float64Array): Float64Array => {
  const loudness = frames(samples);
  const floor = Math.max(...loudness, 0) / 10;
  const speech = loudness.filter((loud) => loud > floor);
  if (speech.length === 0) return samples;
  const level = Math.sqrt(speech.reduce((sum, loud) => sum + loud * loud, 0) / speech.length);
  const peak = samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
  const gain = Math.min(ratioOf(SPEECH_DB) / level, ratioOf(PEAK_DB) / peak);
  return samples.map((sample) => sample * gain);
};

/** One sample in A-law (ITU-T G.711): 13 bits in sign, three bits of exponent, four of fraction; every other bit inverted. */
const alawOf = (sample: number): number => {
  const linear = Math.max(-32_768, Math.min(32_767, Math.round(sample * 32_768)));
  const magnitude = (linear < 0 ? ~linear : linear) >> 4;
  const exponent = Math.max(0, 28 - Math.clz32(magnitude));
  const fraction = (magnitude >> Math.max(0, exponent - 1)) & 0x0f;
  return ((linear < 0 ? 0 : 0x80) | (exponent << 4) | fraction) ^ 0x55;
};

export const encodeAlaw = (samples: Float64Array): Buffer => Buffer.from(Uint8Array.from(samples, alawOf));

/** The middle of each of the 256 A-law steps. */
const STEPS = Float64Array.from({ length: 256 }, (_, byte) => {
  const code = byte ^ 0x55;
  const exponent = (code >> 4) & 7;
  const step = ((code & 0x0f) << 1) + 1;
  const magnitude = exponent === 0 ? step : (step + 32) << (exponent - 1);
  return ((code & 0x80 ? 1 : -1) * magnitude * 8) / 32_768;
});

export const decodeAlaw = (bytes: Uint8Array): Float64Array => {
  const samples = new Float64Array(bytes.length);
  for (let i = 0; i < bytes.length; i += 1) samples[i] = STEPS[bytes[i] ?? 0] ?? 0;
  return samples;
};

/** A recording as the trunk plays it, with `pauseMs` of silence behind it. Throws a Fault 'invalid' when nothing is to be heard. */
export const recordingOf = (wav: Buffer, pauseMs: number): Buffer => {
  const speech = levelled(trimmed(resampled(readWav(wav))));
  if (speech.length === 0) return refuse('nothing is to be heard in it');
  return Buffer.concat([encodeAlaw(speech), encodeAlaw(new Float64Array((pauseMs * RATE) / 1000))]);
};
