/**
 * Codes that stand on lamp posts and door plates. A code said with its post ("路灯3021456", "pole 3021456") is stated; digits that only have
 * the right length are a guess. Telephone numbers, prices, car plates and papers are no codes.
 */
import { choice, pattern } from './plain-text.ts';
import { digitsOf, HAN_DIGITS } from './numbers-in-words.ts';
import type { Found } from './reading.ts';

const POST = choice(
  '路灯杆 路灯 灯杆 灯柱 灯桿 电线杆 电杆 电柱 线杆 杆号 杆子 灯号 特征点 街灯 照明灯 lamp\\s?post lamppost lamp streetlight street\\s?light light\\s?pole lightpole pole post ' +
    'столб столбе столба столбу столбом фонарь фонаря фонарном фонарный опора опоре опоры 電柱 街灯 街路灯 ポール 가로등 전봇대 전신주 가로등주',
);
const DIGIT = `[\\d${HAN_DIGITS}]`;
/** Digits, apart by single blanks or hyphens at most. */
const RUN = `${DIGIT}(?:[ -]?${DIGIT}){2,19}`;
const BETWEEN_POST_AND_RUN = /^[^\d.;!?\n]{0,16}$/;
const POSTS = pattern(POST);
const POST_AFTER = pattern(`^\\s?(?:号|號|번|番|-?й)?\\s?(?:の|的)?\\s?(?:${POST})(?![^,;.\\n]{0,8}\\d)`, '');
const RUNS = pattern(`(?<!\\d[.:/]|[+/@a-z_\\d${HAN_DIGITS}-])${RUN}(?![\\d${HAN_DIGITS}]|[a-z_@:/]|[.]\\d|-\\d)`);
const CODE_WORD = pattern(
  '(?:编号|编码|号码牌|牌号|标号|代码|code|номер|番号|번호|№|number|no\\.?)\\s?(?:是|为|:|：|は)?\\s?[^\\d]{0,4}$',
  '',
);
const ANOTHER_NUMBER = pattern(
  '(?:电话|手机|号码|联系|拨打|打给|微信|qq|扣扣|车牌|车号|车|牌照|身份证|证号|卡号|账号|帐号|银行|订单|密码|工号|邮编|快递|公交|航班|警号|tel|phone|mobile|call|whatsapp|wechat|plate|passport|visa|order|account|zip|card|id|bus|flight|number is|sms|тел|телефон|номер телефона|звон|паспорт|счет|карт|машин|госномер|рейс|автобус|電話|携帯|番号は|口座|旅券|車|전화|핸드폰|휴대폰|계좌|여권|차량|연락)[^\\d\\n]{0,10}$',
  '',
);
const AMOUNT_AFTER = pattern(
  '^\\s?(?:元|块|圆|万|千|百|米|公里|人|个|年|岁|名|块钱|rmb|cny|usd|yuan|dollars|bucks|euro|km|m\\b|kg|руб|юан|долл|евро|метр|км|円|元|ウォン|ドル|メートル|원|위안|달러|미터|명|개|號?线|号线|路公|次列|次车)',
  '',
);
const MONEY_BEFORE = /(?:[$¥€£₩₽￥]|rmb|cny|usd|价值?|转了?|骗了?|损失|共|约|花了?|一共)\s?$/;
/** Short numbers of services and hotlines, and years. */
const SERVICE = /^(?:1[0-2]\d{3}|9[56]\d{3}|(?:19|20)\d\d)$/;
const DENIED = pattern('(?:不是|并非|not|не|ではなく)\\s?[^\\d]{0,8}$', '');
const MOST_RUNS = 200;

interface Candidate {
  readonly from: number;
  readonly to: number;
  readonly digits: string;
  /** 3: with its post; 2: called a code; 1: only digits of this length. */
  readonly sureness: 1 | 2 | 3;
}

/** The lamp post's code, by the lengths that codes have in this centre. Of several equally sure the first. */
export function poleCodeIn(text: string, plain: string, lengths: readonly number[]): Found<string> | null {
  let best: Candidate | null = null;
  let count = 0;
  for (const match of plain.matchAll(RUNS)) {
    if (++count > MOST_RUNS) break;
    const candidate = candidateOf(plain, match.index, match[0], lengths);
    if (candidate !== null && candidate.sureness > (best?.sureness ?? 0)) best = candidate;
  }
  if (best === null) return null;
  return { said: text.slice(best.from, best.to), certainty: best.sureness === 3 ? 'stated' : 'guessed', value: best.digits };
}

function candidateOf(plain: string, from: number, run: string, lengths: readonly number[]): Candidate | null {
  const digits = digitsOf(run);
  if (!lengths.includes(digits.length)) return null;
  const to = from + run.length;
  const before = plain.slice(Math.max(0, from - 30), from);
  const after = plain.slice(to, to + 16);
  if (DENIED.test(before)) return null;
  const post = postBefore(before);
  if (post !== null) return { from: from - (before.length - post), to, digits, sureness: 3 };
  const postAfter = POST_AFTER.exec(after);
  if (postAfter !== null) return { from, to: to + postAfter[0].length, digits, sureness: 3 };
  if (ANOTHER_NUMBER.test(before) || AMOUNT_AFTER.test(after) || MONEY_BEFORE.test(before)) return null;
  const word = CODE_WORD.exec(before);
  if (word !== null) return { from: from - (before.length - word.index), to, digits, sureness: 2 };
  // Bare digits: as they are written on the plate, in figures and in one piece.
  return /^\d+$/.test(run) &&
    !SERVICE.test(digits) &&
    !/[a-zа-я\u4e00-\u9fff]$/.test(after.slice(0, 1).replace(/[\s,.]/, '')) &&
    standsAlone(before)
    ? { from, to, digits, sureness: 1 }
    : null;
}

/** Letters and hyphens right before make it part of another name (A12345). */
const standsAlone = (before: string): boolean => !/[a-zа-я$¥€]\s?$/.test(before) || /\b(?:at|is|by|near|на|у|в)\s$/.test(before);

/** Where in `before` the nearest post stands, when nothing but a few words lies between it and the digits. */
function postBefore(before: string): number | null {
  let at: number | null = null;
  for (const match of before.matchAll(POSTS)) {
    if (BETWEEN_POST_AND_RUN.test(before.slice(match.index + match[0].length)) && !/[a-zа-я]/.test(before[match.index - 1] ?? ''))
      at ??= match.index;
  }
  return at;
}

const PLATE_WORD = pattern(
  '门牌|门楼牌|二维码|地址编码|地址码|标准地址|房屋编码|door\\s?(?:plate|code)|address\\s?code|qr|plate\\s?code|табличк|qr-?код|адресн|住所コード|QRコード|표지판|주소\\s?코드|도어',
  '',
);
const TOKENS = /(?<![A-Za-z0-9])[A-Za-z0-9](?:[A-Za-z0-9-]{2,38})[A-Za-z0-9](?![A-Za-z0-9])/g;
const patterns = new Map<string, RegExp | null>();

/** A door plate's code in the form this centre gives (a regular expression for the whole code). A form that is no expression finds nothing. */
export function plateCodeIn(text: string, plain: string, form: string | null): Found<string> | null {
  const whole = form === null ? null : compiled(form);
  if (whole === null) return null;
  let count = 0;
  let guess: Found<string> | null = null;
  for (const match of unwidened(text, plain).matchAll(TOKENS)) {
    if (++count > MOST_RUNS) break;
    const [token] = match;
    const code = [token, token.toUpperCase()].find((written) => whole.test(written));
    if (code === undefined) continue;
    const before = plain.slice(Math.max(0, match.index - 40), match.index);
    const said = text.slice(match.index, match.index + token.length);
    if (PLATE_WORD.test(before)) return { said, certainty: 'stated', value: code };
    if (!ANOTHER_NUMBER.test(before)) guess ??= { said, certainty: 'guessed', value: code };
  }
  return guess;
}

/** The reporter's own letters, full-width ones made ordinary, capitals kept. */
const unwidened = (text: string, plain: string): string =>
  /[\uff01-\uff5e]/.test(text)
    ? text.slice(0, plain.length).replaceAll(/[\uff01-\uff5e]/g, (sign) => String.fromCharCode(sign.charCodeAt(0) - 0xfee0))
    : text.slice(0, plain.length);

function compiled(form: string): RegExp | null {
  const known = patterns.get(form);
  if (known !== undefined) return known;
  let made: RegExp | null;
  try {
    made = new RegExp(`^(?:${form})$`);
  } catch {
    made = null;
  }
  patterns.set(form, made);
  return made;
}
