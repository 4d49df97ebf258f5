/**
 * Points in links that map apps share, and in geo: addresses. Which datum a map draws in is part of knowing it: amap, Tencent and (in China)
 * Apple use GCJ-02, Baidu its own BD-09. A short link holds no point; nothing is ever fetched.
 */
import library from 'gcoord';
import type { Found, Point } from './reading.ts';

/** What it exports to Node is what its types call `default`. */
const gcoord = library as unknown as typeof library.default;

export type Datum = 'wgs-84' | 'gcj-02' | 'bd-09' | 'bd-09-metres';
interface Read {
  readonly lat: number;
  readonly lon: number;
  readonly datum: Datum;
}
export interface Link {
  readonly from: number;
  readonly to: number;
  readonly said: string;
}

const MOST_LINKS = 20;
const LINKS =
  /(?:https?:\/\/|geo:|(?:ios|android)?amap(?:uri)?:\/\/|baidumap:\/\/|bdapp:\/\/|qqmap:\/\/|nmap:\/\/|kakaomap:\/\/|yandexmaps:\/\/|dgis:\/\/|comgooglemaps:\/\/|maps:\/\/|(?:www\.|maps\.|map\.|m\.|uri\.)?(?:amap\.com|google\.[a-z]{2,3}\/maps|maps\.google\.com|maps\.apple\.com|map\.baidu\.com|map\.qq\.com|yandex\.ru\/maps|2gis\.ru|map\.naver\.com|map\.kakao\.com)\/)(?:[!#-&(-;=?-~]|(?<=[=:+|/])[^ -~\s。，；！？（）【】「」]{1,30}){1,1500}/gi;

/** Every link that stands in the text, map or not. */
export const linksIn = (text: string): readonly Link[] => {
  const links: Link[] = [];
  for (const match of text.matchAll(LINKS)) {
    links.push({ from: match.index, to: match.index + match[0].length, said: match[0] });
    if (links.length >= MOST_LINKS) break;
  }
  return links;
};

/** The text with blanks where its links stand, place for place. */
export function withoutLinks(text: string, links: readonly Link[]): string {
  let made = '';
  let from = 0;
  for (const link of links) {
    made += text.slice(from, link.from) + ' '.repeat(link.to - link.from);
    from = link.to;
  }
  return made + text.slice(from);
}

/** The first point that a link holds. */
export function pointInLinks(links: readonly Link[]): Found<Point> | null {
  for (const { said } of links) {
    const read = pointOf(said);
    if (read === null) continue;
    const value = toWgs84(read.lat, read.lon, read.datum);
    if (value !== null) return { said, certainty: 'stated', value };
  }
  return null;
}

/** A point brought to WGS-84, to the sixth decimal (a hand's breadth); `null` where it is on no globe. */
export function toWgs84(lat: number, lon: number, datum: Datum): Point | null {
  if (datum !== 'bd-09-metres' && !(Math.abs(lat) <= 90 && Math.abs(lon) <= 180)) return null;
  const from = { 'wgs-84': gcoord.WGS84, 'gcj-02': gcoord.GCJ02, 'bd-09': gcoord.BD09, 'bd-09-metres': gcoord.BD09Meter }[datum];
  const [toLon, toLat] = gcoord.transform([lon, lat], from, gcoord.WGS84);
  if (!(Math.abs(toLat) <= 90 && Math.abs(toLon) <= 180)) return null;
  return { lat: rounded(toLat), lon: rounded(toLon), datum: 'WGS-84' };
}
const rounded = (degrees: number): number => Math.round(degrees * 1e6) / 1e6;

function pointOf(said: string): Read | null {
  const whole = /^[a-z]+:/i.test(said) ? said : `https://${said}`;
  if (/^geo:/i.test(whole)) return geo(whole);
  if (!URL.canParse(whole)) return null;
  const url = new URL(whole);
  const host = `${url.protocol === 'https:' || url.protocol === 'http:' ? '' : url.protocol}${url.hostname}`;
  const rule = MAPS.find(({ on }) => on.test(host));
  return rule === undefined ? null : rule.point(url, partsOf(url));
}

/** RFC 5870, and Android's `geo:0,0?q=lat,lon(name)`. */
function geo(said: string): Read | null {
  const asked = /[?&]q=([^&(]{3,60})/i.exec(said);
  return (asked === null ? null : latLon(decoded(asked[1] ?? ''))) ?? latLon(said.slice(4));
}

const decoded = (words: string): string =>
  words
    .replaceAll(/%2C/gi, ',')
    .replaceAll(/%3A/gi, ':')
    .replaceAll(/%7C/gi, '|')
    .replaceAll(/\+|%20/g, ' ');

const PAIR = /(-?\d{1,3}(?:\.\d{1,15})?)\s?[,~;]\s?(-?\d{1,3}(?:\.\d{1,15})?)/;
function latLon(words: string | null | undefined, datum: Datum = 'wgs-84'): Read | null {
  const match = PAIR.exec((words ?? '').slice(0, 400));
  if (match === null) return null;
  const [lat, lon] = [Number(match[1]), Number(match[2])];
  return lat === 0 && lon === 0 ? null : { lat, lon, datum };
}
function lonLat(words: string | null | undefined, datum: Datum = 'wgs-84'): Read | null {
  const read = latLon(words, datum);
  return read === null ? null : { lat: read.lon, lon: read.lat, datum };
}
function named(url: URL, lat: readonly string[], lon: readonly string[], datum: Datum): Read | null {
  const [a, b] = [lat, lon].map((names) =>
    names.map((name) => url.searchParams.get(name)).find((value) => value !== null && /^-?\d{1,3}\.\d{1,15}$/.test(value)),
  );
  return typeof a === 'string' && typeof b === 'string' ? { lat: Number(a), lon: Number(b), datum } : null;
}
/** Path and fragment with the few escapes that coordinates are written with. */
const partsOf = (url: URL): string => decoded(url.pathname + url.hash).slice(0, 800);
const first = (...reads: readonly (Read | null)[]): Read | null => reads.find((read) => read !== null) ?? null;

interface MapRule {
  /** Host, or scheme and host of an app's own address. */
  readonly on: RegExp;
  readonly point: (url: URL, path: string) => Read | null;
}

const MAPS: readonly MapRule[] = [
  {
    on: /(?:^|\.)amap\.com$|^(?:ios|android)?amap(?:uri)?:|(?:^|\.)autonavi\.com$/,
    point: (url) => {
      const get = (name: string) => url.searchParams.get(name);
      const datum: Datum = get('coordinate') === 'wgs84' || get('dev') === '1' ? 'wgs-84' : 'gcj-02';
      const place = get('p');
      return first(
        lonLat(get('position') ?? get('to') ?? get('dest') ?? get('center') ?? get('location'), datum),
        place === null ? null : latLon(place.split(',').slice(1, 3).join(','), datum),
        latLon(get('q'), datum),
        named(url, ['lat', 'dlat', 'latitude'], ['lon', 'lng', 'dlon', 'longitude'], datum),
      );
    },
  },
  {
    on: /(?:^|\.)map\.baidu\.com$|^baidumap:|^bdapp:/,
    point: (url, path) => {
      const get = (name: string) => url.searchParams.get(name);
      const datum: Datum =
        { gcj02: 'gcj-02', wgs84: 'wgs-84' }[get('coord_type') ?? ''] === undefined
          ? 'bd-09'
          : get('coord_type') === 'gcj02'
            ? 'gcj-02'
            : 'wgs-84';
      const metres = /@(\d{6,9}(?:\.\d{1,6})?),(\d{6,9}(?:\.\d{1,6})?)/.exec(path);
      return first(
        latLon(get('location') ?? get('latlng') ?? get('center') ?? get('destination') ?? get('dest'), datum),
        named(url, ['lat'], ['lng', 'lon'], datum),
        metres === null ? null : { lat: Number(metres[2]), lon: Number(metres[1]), datum: 'bd-09-metres' },
      );
    },
  },
  {
    on: /(?:^|\.)(?:map|mapapi|lbs)\.qq\.com$|^qqmap:|(?:^|\.)3gimg\.qq\.com$/,
    point: (url) =>
      first(
        latLon(
          url.searchParams.get('marker') ??
            url.searchParams.get('coord') ??
            url.searchParams.get('center') ??
            url.searchParams.get('tocoord') ??
            url.searchParams.get('fromcoord'),
          'gcj-02',
        ),
        named(url, ['pointy', 'lat', 'latitude'], ['pointx', 'lng', 'longitude'], 'gcj-02'),
      ),
  },
  {
    on: /(?:^|\.)google\.[a-z.]{2,6}$|^comgooglemaps:/,
    point: (url, path) => {
      const datum: Datum = url.hostname.endsWith('.cn') ? 'gcj-02' : 'wgs-84';
      const pin = /!3d(-?\d{1,2}\.\d{1,12})!4d(-?\d{1,3}\.\d{1,12})/.exec(path);
      const asked = ['q', 'query', 'll', 'sll', 'destination', 'daddr', 'center'].map((name) => latLon(url.searchParams.get(name), datum));
      return first(
        pin === null ? null : latLon(`${pin[1]},${pin[2]}`, datum),
        ...asked,
        latLon(/@([-\d.]{1,20},[-\d.]{1,20})/.exec(path)?.[1], datum),
        latLon(/\/(?:search|place|dir)\/([-\d., ]{3,50})/.exec(path)?.[1], datum),
      );
    },
  },
  {
    on: /(?:^|\.)maps\.apple\.com$|^maps:/,
    point: (url) =>
      first(...['coordinate', 'll', 'sll', 'q', 'daddr', 'address'].map((name) => latLon(url.searchParams.get(name), 'gcj-02'))),
  },
  {
    on: /(?:^|\.)yandex\.[a-z.]{2,6}$|^yandexmaps:/,
    point: (url) =>
      first(
        lonLat(url.searchParams.get('whatshere[point]')),
        lonLat(url.searchParams.get('pt')),
        latLon(url.searchParams.get('text')),
        latLon(url.searchParams.get('rtext')?.split('~').at(-1)),
        lonLat(url.searchParams.get('ll')),
        named(url, ['lat'], ['lon'], 'wgs-84'),
      ),
  },
  {
    on: /(?:^|\.)2gis\.[a-z.]{2,6}$|^dgis:/,
    point: (url, path) =>
      first(
        lonLat(/\/(?:geo|firm|directions\/points|points)\/(?:\d{1,24}\/)?\|?([-\d.]{3,20},[-\d.]{3,20})/.exec(path)?.[1]),
        lonLat(url.searchParams.get('m')),
        lonLat(url.searchParams.get('point')),
      ),
  },
  {
    on: /(?:^|\.)map\.naver\.com$|^nmap:/,
    point: (url) =>
      first(
        named(url, ['lat', 'dlat', 'y'], ['lng', 'dlng', 'lon', 'x'], 'wgs-84'),
        lonLat(/^1[23]\d\.\d/.test(url.searchParams.get('c') ?? '') ? url.searchParams.get('c') : null),
      ),
  },
  {
    on: /(?:^|\.)map\.kakao\.com$|^kakaomap:/,
    point: (url, path) =>
      first(
        latLon(/\/link\/(?:map|to|roadview)\/(?:[^/,]{0,100},)?([-\d.]{3,20},[-\d.]{3,20})/.exec(path)?.[1]),
        latLon(url.searchParams.get('p') ?? url.searchParams.get('ep')),
      ),
  },
  {
    on: /(?:^|\.)(?:openstreetmap\.org|osm\.org)$/,
    point: (url, path) =>
      first(
        named(url, ['mlat'], ['mlon'], 'wgs-84'),
        latLon(/#map=\d{1,2}(?:\.\d)?\/([-\d.]{3,20})\/([-\d.]{3,20})/.exec(path)?.slice(1, 3).join(',')),
      ),
  },
];
