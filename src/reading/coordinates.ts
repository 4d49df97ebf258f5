/**
 * Points written out as degrees: "45.75,126.63", N45°45'12" E126°38', 北纬45.75 东经126.63. Which comes first, north or east, is taken from
 * signs and words, else from what lies on the globe. Prices and scores in pairs are no points: bare numbers need two decimals each, and three
 * where the pair is nowhere near.
 */
import { pattern } from './plain-text.ts';
import { toWgs84 } from './map-links.ts';
import type { Found, Point } from './reading.ts';

const NORTH = 'n|north|lat(?:itude)?|北[纬緯]|南[纬緯]|纬度?|緯度|с\\.?\\s?ш\\.?|ю\\.?\\s?ш\\.?|широта|위도|북위|남위|s|south';
const EAST = 'e|east|lon(?:gitude)?|lng|long|东[经經]|西[经經]|经度?|經度|в\\.?\\s?д\\.?|з\\.?\\s?д\\.?|долгота|경도|동경|서경|w|west';
/** A number of degrees, with minutes and seconds or decimals. */
const DEGREES =
  "([-+]?\\d{1,3}(?:\\.\\d{1,12})?)\\s?(?:[°度도](?:\\s?(\\d{1,2}(?:\\.\\d{1,8})?)\\s?['分분](?:\\s?(\\d{1,2}(?:\\.\\d{1,6})?)\\s?(?:\"|''|秒|초))?)?)?";
const WORD = `${NORTH}|${EAST}`;
/** Its word stands before or after, not on both sides: the E of N45° E126° belongs to what follows. */
const ANGLE = pattern(`(?<![\\d.a-zа-я])(?:(${WORD})\\s?[:=]?\\s?(?<![\\d.])${DEGREES}|${DEGREES}(?:\\s?(${WORD})(?![a-zа-я]))?)`);
const IS_NORTH = new RegExp(`^(?:${pattern(NORTH).source})$`);
const IS_NEGATIVE = pattern('^(?:s|south|南.|ю.*|남위|w|west|西.|з.*|서경)$', '');
const LONGEST_GAP = 8;
const GAP = /^[\s,;/.和및и]*$/;
const INTRODUCED = pattern('坐标|座標|定位|位置|经纬|gps|coord|location|loc|координат|геолокац|좌표|위치|現在地|현재', '');
const MOST_ANGLES = 100;

interface Angle {
  readonly from: number;
  readonly to: number;
  readonly degrees: number;
  readonly axis: 'north' | 'east' | null;
  readonly decimals: number;
  readonly hasSign: boolean;
}

/** `plain`: the folded text, without links; `plainDatum`: what a bare pair is written in here. */
export function coordinatesIn(text: string, plain: string, plainDatum: 'gcj-02' | 'wgs-84'): Found<Point> | null {
  const angles = anglesIn(plain);
  for (const [at, a] of angles.entries()) {
    const b = angles[at + 1];
    if (b === undefined || b.from - a.to > LONGEST_GAP || !GAP.test(plain.slice(a.to, b.from))) continue;
    const pair = ordered(a, b, plainDatum, INTRODUCED.test(plain.slice(Math.max(0, a.from - 24), a.from)));
    const value = pair === null ? null : toWgs84(pair.lat, pair.lon, plainDatum);
    if (value !== null) return { said: text.slice(a.from, b.to).trim(), certainty: 'stated', value };
  }
  return null;
}

function anglesIn(plain: string): readonly Angle[] {
  const angles: Angle[] = [];
  for (const match of plain.matchAll(ANGLE)) {
    const [whole, before, ...numbers] = match;
    const [number = '', minutes, seconds] = before === undefined ? numbers.slice(3) : numbers;
    const after = numbers[6];
    const word = before ?? after;
    const size = Math.abs(Number(number)) + Number(minutes ?? 0) / 60 + Number(seconds ?? 0) / 3600;
    const isNegative = number.startsWith('-') || (word !== undefined && IS_NEGATIVE.test(word));
    const lead = whole.length - whole.trimStart().length;
    angles.push({
      from: match.index + lead,
      to: match.index + whole.trimEnd().length,
      degrees: isNegative ? -size : size,
      axis: word === undefined ? null : IS_NORTH.test(word) ? 'north' : 'east',
      decimals: /\.(\d+)/.exec(number)?.[1]?.length ?? 0,
      hasSign: minutes !== undefined,
    });
    if (angles.length >= MOST_ANGLES) break;
  }
  return angles;
}

function ordered(
  a: Angle,
  b: Angle,
  datum: 'gcj-02' | 'wgs-84',
  isIntroduced: boolean,
): { readonly lat: number; readonly lon: number } | null {
  const isSure = (a.axis !== null && b.axis !== null) || (a.hasSign && b.hasSign);
  if (a.axis !== null && a.axis === b.axis) return null;
  const [lat, lon] = a.axis === 'east' || b.axis === 'north' ? [b.degrees, a.degrees] : [a.degrees, b.degrees];
  if (isSure) return within(lat, lon);
  if (a.axis === null && b.axis === null) {
    if (Math.min(a.decimals, b.decimals) < 2) return null;
    const isHere = datum === 'gcj-02' ? inChina : within;
    const here = isHere(lat, lon) ?? isHere(lon, lat);
    if (here !== null && (datum === 'gcj-02' || isIntroduced || Math.min(a.decimals, b.decimals) > 2)) return here;
    return isIntroduced || Math.min(a.decimals, b.decimals) > 3 ? (within(lat, lon) ?? within(lon, lat)) : null;
  }
  return within(lat, lon);
}

const within = (lat: number, lon: number): { readonly lat: number; readonly lon: number } | null =>
  Math.abs(lat) <= 90 && Math.abs(lon) <= 180 ? { lat, lon } : null;
const inChina = (lat: number, lon: number): { readonly lat: number; readonly lon: number } | null =>
  lat > 3 && lat < 54 && lon > 73 && lon < 136 ? { lat, lon } : null;
