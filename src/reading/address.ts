/**
 * Addresses, out of the words of a text: the pieces each language's rules find (district, road, number, building, unit, room), joined where
 * they stand side by side. The fullest chain wins. A city or a floor alone is no address. Knows no map: a road that does not exist is taken
 * down as it was said.
 */
import { chineseAddressPieces } from './address-han.ts';
import type { AddressPiece } from './address-piece.ts';
import { englishAddressPieces, koreanAddressPieces, russianAddressPieces } from './address-spaced.ts';
import { pattern, scriptsOf } from './plain-text.ts';
import type { Found } from './reading.ts';

interface Chain extends AddressPiece {
  readonly isDenied: boolean;
}

const LONGEST_GAP = 6;
const GAP = pattern('^(?:[\\s,/|-]|的|の|和|与|跟|及|近|在|of|in|at|and|\\.)*$', '');
const DENIED = pattern('(?:不是|不在|并非|not(?: at| on| in)?|не(?: на| в)?)\\s?$', '');
const DENIED_AFTER = pattern('^(?:ではなく|じゃなく|이 아니|가 아니|错了)', '');
const LONGEST_ADDRESS = 160;

export interface AddressFound extends Found<string> {
  readonly from: number;
  readonly to: number;
}

/** `plain` is the folded text with blanks in place of links; `text` may be longer. */
export function addressIn(text: string, plain: string): AddressFound | null {
  const pieces = piecesIn(text, plain);
  let best: Chain | null = null;
  for (const chain of chained(pieces, plain)) {
    if (chain.isAnchor && !chain.isDenied && chain.weight > (best?.weight ?? 0)) best = chain;
  }
  if (best === null) return null;
  const said = text.slice(best.from, best.to);
  return { said, certainty: 'stated', value: said.replaceAll(/\s+/g, ' '), from: best.from, to: best.to };
}

function piecesIn(text: string, plain: string): readonly AddressPiece[] {
  const { han, hangul, cyrillic, latin } = scriptsOf(plain);
  const found = [
    ...(han > 1 ? chineseAddressPieces(plain) : []),
    ...(hangul > 1 ? koreanAddressPieces(plain) : []),
    ...(cyrillic > 1 ? russianAddressPieces(text.slice(0, plain.length), plain) : []),
    ...(latin > 3 ? englishAddressPieces(plain) : []),
  ].toSorted((a, b) => a.from - b.from || b.to - a.to);
  const kept: AddressPiece[] = [];
  for (const piece of found) {
    const before = kept.at(-1);
    if (before === undefined || piece.from >= before.to) kept.push(piece);
    else kept.splice(-1, 1, union(before, piece));
  }
  return kept;
}

/** Two rules that saw the same words: one piece of all of them. */
const union = (a: AddressPiece, b: AddressPiece): AddressPiece => ({
  from: a.from,
  to: Math.max(a.to, b.to),
  weight: Math.max(a.weight, b.weight),
  isAnchor: a.isAnchor || b.isAnchor,
});

function chained(pieces: readonly AddressPiece[], plain: string): readonly Chain[] {
  const chains: Chain[] = [];
  for (const piece of pieces) {
    const before = chains.at(-1);
    if (before !== undefined && isGap(plain, before.to, piece.from) && piece.to - before.from <= LONGEST_ADDRESS) {
      const both = { weight: before.weight + piece.weight, isAnchor: before.isAnchor || piece.isAnchor, isDenied: before.isDenied };
      chains.splice(-1, 1, { from: before.from, to: piece.to, ...both });
    } else {
      chains.push({ ...piece, isDenied: DENIED.test(plain.slice(Math.max(0, piece.from - 10), piece.from)) });
    }
  }
  return chains.map((chain) => ({ ...chain, isDenied: chain.isDenied || DENIED_AFTER.test(plain.slice(chain.to, chain.to + 8)) }));
}

const isGap = (plain: string, from: number, to: number): boolean => to - from <= LONGEST_GAP && GAP.test(plain.slice(from, to));
