/**
 * Where it happened, out of the words of a text: address, lamp post, door plate, point, landmark, each as far as it is said. Looks nothing up:
 * no geocoder, no net, no map.
 */
import { addressIn } from './address.ts';
import { plateCodeIn, poleCodeIn } from './codes.ts';
import { coordinatesIn } from './coordinates.ts';
import { folded, LONGEST_READ } from './plain-text.ts';
import { landmarkIn } from './landmark.ts';
import { linksIn, pointInLinks, withoutLinks } from './map-links.ts';
import type { PlaceReading } from './reading.ts';

/** How codes and points are written in one centre's area. */
export interface PlaceForms {
  /** How many digits a lamp post's code has here, e.g. `[7, 5]`. */
  readonly poleDigits: readonly number[];
  /** A regular expression for a whole door-plate code; `null`: there are none. */
  readonly platePattern: string | null;
  /** Datum of coordinates that say none. */
  readonly plainDatum: 'gcj-02' | 'wgs-84';
}

/** Never throws; a text longer than 20,000 code units is read up to there. */
export function placeIn(text: string, forms: PlaceForms): PlaceReading {
  const links = linksIn(text.slice(0, LONGEST_READ));
  const plain = withoutLinks(folded(text), links);
  const point = pointInLinks(links) ?? coordinatesIn(text, plain, forms.plainDatum);
  const plateCode = plateCodeIn(withoutLinks(text, links), plain, forms.platePattern);
  const poleCode = poleCodeIn(
    text,
    plateCode === null ? plain : without(plain, text.indexOf(plateCode.said), plateCode.said.length),
    forms.poleDigits,
  );
  const address = addressIn(text, plain);
  const landmark = landmarkIn(text, plain, address);
  return {
    address: address === null ? null : { said: address.said, certainty: address.certainty, value: address.value },
    poleCode,
    plateCode,
    point,
    landmark,
  };
}

const without = (plain: string, from: number, length: number): string =>
  plain.slice(0, from) + ' '.repeat(length) + plain.slice(from + length);
