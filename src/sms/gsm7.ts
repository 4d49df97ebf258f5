/**
 * The GSM 7-bit default alphabet with its extension table (3GPP TS 23.038, 6.2.1). Never throws: an unknown septet is shown as the
 * specification has it. The national tables are not known here.
 */

const BASIC =
  '@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\u001bÆæßÉ !"#¤%&\'()*+,-./0123456789:;<=>?' +
  '¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà';
const ESCAPE = 0x1b;
/** What stands behind an escape. */
const EXTENSION: ReadonlyMap<number, string> = new Map([
  [0x0a, '\f'],
  [0x14, '^'],
  [0x28, '{'],
  [0x29, '}'],
  [0x2f, '\\'],
  [0x3c, '['],
  [0x3d, '~'],
  [0x3e, ']'],
  [0x40, '|'],
  [0x65, '€'],
]);
const SEPTETS: ReadonlyMap<string, readonly number[]> = new Map<string, readonly number[]>([
  ...Array.from(BASIC, (letter, septet): [string, readonly number[]] => [letter, [septet]]).filter((_, septet) => septet !== ESCAPE),
  ...Array.from(EXTENSION, ([septet, letter]): [string, readonly number[]] => [letter, [ESCAPE, septet]]),
]);

/**
 * The text that septets spell, one an octet. An escape before a septet the extension table does not have shows that septet's letter of
 * the default table; two escapes (another table, not yet given out) are a space, and one at the very end is nothing. An octet over 127
 * is no septet: gateways that pass Latin-1 under this name are shown as that.
 */
export function gsm7Text(septetsOnePerOctet: Uint8Array): string {
  let text = '';
  let isEscaped = false;
  for (const septet of septetsOnePerOctet) {
    if (isEscaped) {
      text += septet === ESCAPE ? ' ' : (EXTENSION.get(septet) ?? letterOf(septet));
      isEscaped = false;
    } else if (septet === ESCAPE) isEscaped = true;
    else text += letterOf(septet);
  }
  return text;
}

const letterOf = (septet: number): string => BASIC[septet] ?? String.fromCharCode(septet);

/** The septets of a text, one an octet; `null` where a letter is not in the alphabet. */
export function gsm7Octets(text: string): Uint8Array | null {
  const octets: number[] = [];
  for (const letter of text) {
    const septets = SEPTETS.get(letter);
    if (septets === undefined) return null;
    octets.push(...septets);
  }
  return Uint8Array.from(octets);
}

/**
 * Packed septets (TS 23.038, 6.1.2.1) one an octet. `count` is how many there are, header not counted; `fillBits` are skipped
 * first: behind a header, its length octet included, they are what its bits lack to whole septets.
 * Never more than the octets hold, whatever is asked for.
 */
export function unpackSeptets(octets: Uint8Array, count: number, fillBits: number): Uint8Array {
  const most = Math.max(0, Math.floor((octets.length * 8 - fillBits) / 7));
  return Uint8Array.from({ length: Math.min(Math.max(0, count), most) }, (_, n) => {
    const bit = fillBits + n * 7;
    const at = Math.floor(bit / 8);
    const pair = (octets[at] ?? 0) | ((octets[at + 1] ?? 0) << 8);
    return (pair >> (bit % 8)) & 0x7f;
  });
}
