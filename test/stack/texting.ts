/**
 * Texts as a carrier has them, for tests of the whole: what somebody wrote, in parts where it is long, and handed in until it is
 * acknowledged. Knows no protocol.
 */

/** A text, or a part of one, of somebody who writes. */
export interface Written {
  readonly from: string;
  /** `121100451` unless given. */
  readonly to?: string;
  readonly text: string;
  /** The carrier's own name of it, where the protocol has one: the same again is the same text. A new one unless given. */
  readonly id?: string;
  readonly part?: Part;
}
/** Of a long text in UCS-2: these octets are handed in, and `text` of the same text is not looked at. */
export interface Part {
  readonly reference: number;
  readonly total: number;
  readonly number: number;
  readonly octets: Uint8Array;
}
/** `temporary`: it is to be repeated. `none`: no answer, or nobody there. */
export type Heard = 'acknowledged' | 'temporary' | 'refused' | 'none';
export interface Sent {
  readonly from: string;
  readonly to: string;
  readonly text: string;
}

/** An entry of gateways.yaml; `{ secret }` stands for the path of a file that holds it. */
export type Entry = Readonly<Record<string, unknown>>;

export interface AnyCarrier {
  readonly name: string;
  readonly entry: Entry;
  /** Hands it in once. Always settles. */
  hand(written: Written): Promise<Heard>;
  /** Whole texts of the city's, oldest first. */
  sent(): readonly Sent[];
  close(): Promise<void>;
}

export interface Carrier extends AnyCarrier {
  /** Reports everything that was sent and not yet reported as delivered; answers how many PDUs or requests that took. */
  report(): Promise<number>;
  cut(): void;
  mend(): Promise<void> | void;
  /** The password that the city holds is wrong from now on, or right again. */
  password(is: 'right' | 'wrong'): void;
}

/** A carrier that is told to repeat, or finds nobody, waits a little. */
const REPEAT_AFTER_MS = 100;
/** What a short message holds beside the header of a part. */
const OCTETS_MOST = 134;

export const ucs2 = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();

/** The user data header of a part, with a reference of 8 bits. */
export const header = ({ reference, total, number }: Part): readonly number[] => [5, 0, 3, reference, total, number];
export const userData = ({ text, part }: Written): Buffer =>
  part === undefined ? ucs2(text) : Buffer.from([...header(part), ...part.octets]);

/** The parts of a long text in UCS-2, cut before these units of it: also through the middle of a letter of two. */
export function partsOf(text: string, reference: number, cuts: readonly number[]): readonly Part[] {
  const whole = ucs2(text);
  const ends = [...cuts, text.length];
  return ends.map((end, n) => {
    const octets = whole.subarray(2 * (ends[n - 1] ?? 0), 2 * end);
    if (octets.length > OCTETS_MOST) throw new Error(`part ${n + 1} has ${octets.length} octets`);
    return { reference, total: ends.length, number: n + 1, octets };
  });
}

export interface Carried {
  /** How often something was handed in. */
  readonly attempts: number;
  /** Of them those that were not acknowledged. */
  readonly repeated: number;
}

export interface CarryWishes {
  readonly atATime?: number;
  readonly withinMs?: number;
  /** Told how many have been acknowledged, after each. */
  readonly heard?: (acknowledged: number) => void;
}

/**
 * Hands all of these in as a gateway that stores and forwards: in their order, so many at a time, each again until it is acknowledged.
 * Rejects with the first that is refused, and where it is not done within `withinMs`.
 */
export async function carry(
  carrier: Pick<Carrier, 'hand'>,
  texts: readonly Written[],
  { atATime = 16, withinMs = 30_000, heard: told = () => undefined }: CarryWishes = {},
): Promise<Carried> {
  const deadline = Date.now() + withinMs;
  const left = [...texts];
  let [attempts, repeated, acknowledged] = [0, 0, 0];
  const bearer = async (): Promise<void> => {
    for (let text = left.shift(); text !== undefined; text = left.shift()) {
      for (;;) {
        attempts += 1;
        const heard = await carrier.hand(text);
        if (heard === 'acknowledged') break;
        if (heard === 'refused') throw new Error(`a text from ${text.from} is refused`);
        if (Date.now() > deadline) throw new Error(`${left.length} texts are not acknowledged within ${withinMs} ms`);
        repeated += 1;
        await new Promise((resolve) => setTimeout(resolve, REPEAT_AFTER_MS));
      }
      acknowledged += 1;
      told(acknowledged);
    }
  };
  await Promise.all(Array.from({ length: atATime }, bearer));
  return { attempts, repeated };
}
