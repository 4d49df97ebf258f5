/**
 * One piece of an address, by where it stands in the text. A shape only.
 */
export interface AddressPiece {
  readonly from: number;
  readonly to: number;
  /** Grows with how closely it tells a place; 0 tells nothing by itself. */
  readonly weight: number;
  /** Without one of these a chain is no address. */
  readonly isAnchor: boolean;
}
