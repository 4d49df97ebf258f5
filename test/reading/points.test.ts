/** Points in a text: coordinates as people write them, and the links of map apps, all brought to WGS-84. */
import { describe, expect, it } from 'vitest';
import { placeIn } from '../../src/reading/place.ts';
import type { PlaceForms } from '../../src/reading/place.ts';

const FORMS: PlaceForms = { poleDigits: [7, 5], platePattern: String.raw`\d{6}[A-Z]\d{6}`, plainDatum: 'gcj-02' };
const NOWHERE = { address: null, poleCode: null, plateCode: null, point: null, landmark: null };

describe('a point', () => {
  /** GCJ-02 of this point is 45.75, 126.63. */
  const SHIFTED = { lat: 45.748, lon: 126.624 };
  const HERE = { lat: 45.75, lon: 126.63 };
  /** The point to a hundred metres; what was said of it stands in the text. */
  const pointIn = (text: string, forms = FORMS): { readonly lat: number; readonly lon: number } | null => {
    const { point } = placeIn(text, forms);
    if (point === null || !text.includes(point.said)) return null;
    return { lat: Math.round(point.value.lat * 1e3) / 1e3, lon: Math.round(point.value.lon * 1e3) / 1e3 };
  };

  it.each([
    '坐标45.75,126.63',
    '我在 126.6300,45.7500 快来',
    '北纬45.75 东经126.63',
    '东经126.63度，北纬45.75度',
    'N45°45\'00" E126°37\'48"',
    '45°45\'00"N 126°37\'48"E',
    'широта 45.75 долгота 126.63',
    '45.75 с.ш. 126.63 в.д.',
    '北緯45度45分00秒 東経126度37分48秒',
    '북위 45.75 동경 126.63',
    'lat 45.75 lon 126.63',
    'https://uri.amap.com/marker?position=126.63,45.75&name=我的位置',
    'https://apis.map.qq.com/uri/v1/marker?marker=coord:45.75,126.63;title:x',
    'https://wb.amap.com/?p=B0FF,45.75,126.63,家,路',
    'http://maps.apple.com/?ll=45.75,126.63&q=x',
    'https://ditu.google.cn/maps?q=45.75,126.63',
  ])('%s is of the datum of Chinese maps', (text) => {
    expect(pointIn(text)).toEqual(SHIFTED);
  });

  it.each([
    'https://maps.google.com/?q=45.75,126.63',
    'https://www.google.com/maps/place/x/@45.1,126.1,15z/data=!8m2!3d45.75!4d126.63',
    'https://uri.amap.com/marker?position=126.63,45.75&coordinate=wgs84',
    'geo:45.75,126.63;u=35',
    'geo:0,0?q=45.75,126.63(home)',
    'https://2gis.ru/harbin/geo/126.63,45.75',
    'https://yandex.ru/maps/?pt=126.63,45.75&z=17',
    'https://map.kakao.com/link/map/집,45.75,126.63',
    'nmap://place?lat=45.75&lng=126.63&name=a',
    'https://www.openstreetmap.org/?mlat=45.75&mlon=126.63#map=15/45/126',
  ])('%s is of the datum of the world', (text) => {
    expect(pointIn(text)).toEqual(HERE);
  });

  it('Baidu has a datum of its own', () => {
    expect(pointIn('https://api.map.baidu.com/marker?location=45.75,126.63&title=x')).toEqual({ lat: 45.742, lon: 126.618 });
    expect(pointIn('https://api.map.baidu.com/marker?location=45.75,126.63&coord_type=wgs84')).toEqual(HERE);
  });

  it('outside China nothing is shifted, and the south and the west are below nought', () => {
    expect(pointIn('55.7558 с.ш. 37.6173 в.д.')).toEqual({ lat: 55.756, lon: 37.617 });
    expect(pointIn('33°51\'31"S 151°12\'51"E')).toEqual({ lat: -33.859, lon: 151.214 });
    expect(pointIn('40.4461N 79.9822W')).toEqual({ lat: 40.446, lon: -79.982 });
    expect(pointIn('坐标45.75,126.63', { ...FORMS, plainDatum: 'wgs-84' })).toEqual(HERE);
  });

  it.each([
    'I paid 12.50, 13.20',
    '3.5, 4.5',
    '2026.11, 20.15',
    '坐标 95.123,195.123',
    'https://surl.amap.com/1kQ9x3a8c7Fe',
    'https://maps.google.com/?q=home',
    'https://example.com/?q=45.75,126.63',
    'geo:',
    'https://',
    'N45° N46°',
  ])('%s holds none', (text) => {
    expect(placeIn(text, FORMS).point).toBeNull();
  });

  it('a link is neither an address nor a code', () => {
    expect(placeIn('https://surl.amap.com/3021456/中山路110号', FORMS)).toEqual(NOWHERE);
  });
});
