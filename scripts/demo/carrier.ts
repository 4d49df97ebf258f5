/**
 * The mobile carrier: a short message gateway of China Mobile's protocol, played by a simulator made from the specification's tables.
 * Brings the texts of the reporters in whatever order it is told, each until it is acknowledged, and keeps what arrives at a phone.
 * Never reads what the product thinks of a text.
 */
import { randomBytes } from 'node:crypto';
import { Ismg, type Submitted } from '../../test/simulators/ismg.ts';
import { partOf, type Texter } from './texters.ts';

/** A whole text of the centre's, as a phone has it. */
export interface Arrived {
  readonly number: string;
  readonly from: string;
  readonly text: string;
}

export interface Carrier {
  /** Its entry of gateways.yaml; `secret_file` is put in where the secret is written. */
  readonly entry: Readonly<Record<string, string | number>>;
  readonly secret: string;
  /** One part of a text; resolves once it is acknowledged. */
  bring(texter: Texter, part: number): Promise<void>;
  /** Oldest first; a long one once all its parts have come. */
  arrived(): readonly Arrived[];
  close(): Promise<void>;
}

const CUSTOMER = '110451';
const REPEATS_AFTER_MS = 3000;
const REFERENCE = 77;
const UCS2 = 8;
const HEADER_OCTETS = 6;
const ELEVEN_DIGITS = -11;

export async function openCarrier(): Promise<Carrier> {
  const secret = randomBytes(6).toString('hex');
  const ismg = await Ismg.open({ version: '2.0', sourceAddress: CUSTOMER, secret, repeatAfterMs: REPEATS_AFTER_MS });
  // Whatever arrives at a phone is reported back as delivered.
  ismg.reports = true;
  return {
    entry: { name: 'mobile', kind: 'cmpp', host: '127.0.0.1', port: ismg.port, version: '2.0', source_address: CUSTOMER },
    secret,
    bring: async (texter, part) => {
      const { number, to, arrive } = texter;
      const isLong = arrive.length > 1;
      const words = Buffer.from(isLong ? partOf(texter, part) : texter.text, 'utf16le').swap16();
      const header = isLong ? [HEADER_OCTETS - 1, 0, 3, REFERENCE, arrive.length, part] : [];
      const content = Buffer.from([...header, ...words]);
      const heard = await ismg.carry({ id: ismg.nextId(), from: number, to, format: UCS2, content, hasHeader: isLong });
      if (heard !== 0) throw new Error(`the carrier could not hand over part ${part} of ${texter.label}: ${heard}`);
    },
    arrived: () => wholeTexts(ismg.submitted),
    close: () => ismg.close(),
  };
}

/** Of everything that was submitted; a long text of which a part has not come is not there yet. */
export function wholeTexts(submitted: readonly Submitted[]): readonly Arrived[] {
  const texts = new Map<string, { number: string; from: string; format: number; total: number; pieces: Map<number, Buffer> }>();
  for (const { id, values } of submitted) {
    const content = values['Msg_Content'] as Buffer;
    const isPart = values['TP_udhi'] === 1;
    const number = String(values['Dest_terminal_Id']).slice(ELEVEN_DIGITS);
    const key = isPart ? `${number} ${content[3]}` : id.toString('hex');
    const [total, place] = isPart ? [content[4] ?? 1, content[5] ?? 1] : [1, 1];
    const text = texts.get(key) ?? { number, from: String(values['Src_Id']), format: Number(values['Msg_Fmt']), total, pieces: new Map() };
    text.pieces.set(place, isPart ? content.subarray(HEADER_OCTETS) : content);
    texts.set(key, text);
  }
  return [...texts.values()].flatMap(({ number, from, format, total, pieces }) => {
    if (pieces.size < total) return [];
    const octets = Buffer.concat([...pieces].toSorted(([one], [other]) => one - other).map(([, piece]) => piece));
    return [{ number, from, text: new TextDecoder(format === UCS2 ? 'utf-16be' : 'latin1').decode(octets) }];
  });
}
