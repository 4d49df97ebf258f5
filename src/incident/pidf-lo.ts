/**
 * A place as a PIDF-LO document (RFC 4119, RFC 5139, RFC 5491, RFC 6848): the point as GML in WGS-84, the address and the lamp post as a
 * civic address. Nothing is parsed out of an address: it stands whole in LOC, for a wrong street is worse than none.
 */
import type { Incident } from './incident.ts';
import { escaped } from './markup.ts';
import { isWritten } from './record.ts';

type Place = Incident['place'];

/** Decimal places of a degree; seven are about a centimetre. */
const DECIMALS = 7;

/** `null` where there is nothing to locate. `entity`: whose place it is, a URI. */
export function pidfLo(place: Place, entity: string): string | null {
  const shapes = [pointOf(place), civicOf(place)].filter((shape) => shape !== null);
  if (shapes.length === 0) return null;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<presence xmlns="urn:ietf:params:xml:ns:pidf" xmlns:gp="urn:ietf:params:xml:ns:pidf:geopriv10" entity="${escaped(entity)}">`,
    '<tuple id="place"><status><gp:geopriv><gp:location-info>',
    ...shapes,
    `</gp:location-info><gp:usage-rules/><gp:method>Manual</gp:method></gp:geopriv></status></tuple>`,
    '</presence>',
  ].join('');
}

function pointOf({ point }: Place): string | null {
  if (point === null) return null;
  const [lat, lon] = [point.lat, point.lon].map((degrees) => String(Number(degrees.toFixed(DECIMALS))));
  return `<gml:Point xmlns:gml="http://www.opengis.net/gml" srsName="urn:ogc:def:crs:EPSG::4326"><gml:pos>${lat} ${lon}</gml:pos></gml:Point>`;
}

/** PN is the number of a lamp post or utility pole (RFC 6848, 3.1). */
function civicOf({ address, stated, landmark, poleCode, plateCode }: Place): string | null {
  const words = [address, stated, landmark, plateCode === null ? null : `door plate ${plateCode}`].find(isWritten);
  if (words === undefined && poleCode === null) return null;
  const pole =
    poleCode === null ? '' : `<cae:PN xmlns:cae="urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr:ext">${escaped(poleCode)}</cae:PN>`;
  const whole = words !== undefined ? `<ca:LOC>${escaped(words)}</ca:LOC>` : '';
  return `<ca:civicAddress xmlns:ca="urn:ietf:params:xml:ns:pidf:geopriv10:civicAddr"><ca:country>CN</ca:country>${whole}${pole}</ca:civicAddress>`;
}
