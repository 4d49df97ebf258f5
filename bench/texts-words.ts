/**
 * The texts of the benchmark: short emergencies in Chinese, each from a number of its own, so that each begins a thread and opens an
 * incident. Places, matters and hours are combined by a count; nobody real is meant. Pure.
 */
import type { TextHeard } from '../src/sms/text.ts';

export interface Written {
  /** The carrier's name of it, 16 hexadecimal digits. */
  readonly id: string;
  readonly from: string;
  readonly text: string;
}

export const TO = '121100451';

const PLACES = [
  (n: number) => `道外区靖宇街${n}号`,
  (n: number) => `南岗区学府路${n}号院里`,
  (n: number) => `香坊区和平路${n}号楼下`,
  (n: number) => `道里区友谊路${n}号附近`,
  (n: number) => `松北区世茂大道${n}号三单元${(n % 6) + 1}01`,
  () => '',
];
const WHATS = [
  '有人在打架，一个人头上流血了',
  '楼下有人拿着刀追人，快来',
  '我的电动车被偷了',
  '两辆车撞了，有人受伤，车还堵在路口',
  '邻居半夜一直放音乐，太吵了',
  '有个老人走丢了，坐在路边说不清家在哪',
  '我是聋哑人，有人抢我的手机',
  '有人砸我家的门，我躲在卫生间里，不要打电话',
  '我被骗了，转了三千块钱，对方已经把我拉黑',
  '商店里有人闹事，玻璃砸了',
];
const WHENS = ['刚才', '十分钟前', '今天早上七点半', '一刻钟以前', '昨天晚上九点多', '现在', ''];

/** `n`: from 0 on; the same for both sides. */
export function written(n: number): Written {
  const place = PLACES[n % PLACES.length] ?? PLACES[0];
  const what = WHATS[n % WHATS.length] ?? '';
  const when = WHENS[n % WHENS.length] ?? '';
  const pieces = [`${when}${place?.((n % 900) + 1) ?? ''}`, what, `手机尾号${String(n).padStart(4, '0')}`];
  return {
    id: n.toString(16).padStart(16, '0'),
    from: `138${String(10_000_000 + n)}`,
    text: pieces.filter((piece) => piece !== '').join('，'),
  };
}

/** As the gateway of that kind hands it to the control room. */
export function heardBy(gateway: string, { id, from, text }: Written): TextHeard {
  const isPlain = gateway === 'http' || gateway === 'sip';
  return {
    gateway,
    // SMPP names no text.
    carrierId: gateway === 'smpp' ? null : id,
    from,
    to: TO,
    coding: isPlain ? 'utf8' : 'ucs2',
    octets: isPlain ? Buffer.from(text, 'utf8') : ucs2(text),
    part: null,
    sentAt: null,
  };
}

export const ucs2 = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16();
