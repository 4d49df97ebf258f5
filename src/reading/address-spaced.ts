/**
 * Pieces of addresses in languages that put blanks between words: English (12 Zhongshan Road, apt 5, 3rd floor), Russian (ул. Ленина 5,
 * кв. 12) and Korean (〜구 〜로 12). Names are taken as they are written; whether such a road exists is not known here.
 */
import type { AddressPiece } from './address-piece.ts';

const MOST_PIECES = 200;

function piecesOf(plain: string, pattern: RegExp, weight: number, isAnchor: boolean): readonly AddressPiece[] {
  const pieces: AddressPiece[] = [];
  for (const match of plain.matchAll(pattern)) {
    const [whole, name] = match;
    // A first group, where there is one, is the piece; what stands before it only introduces.
    const from = match.index + (name === undefined ? 0 : whole.indexOf(name));
    pieces.push({ from, to: match.index + whole.length, weight, isAnchor });
    if (pieces.length >= MOST_PIECES) break;
  }
  return pieces;
}

/** English words that end a name looked for backwards. */
const ENGLISH_STOP =
  /^(?:in|on|at|near|the|of|from|to|is|am|are|was|by|a|an|my|our|his|her|their|and|opposite|behind|beside|this|that|me|us|it|along|off|cross|across|between|with|for|outside|inside|around|into|i|we|he|she|they|you|address|location|street|road|wrong|same|every|all|any|one|main|whole|over|down|up|next|front|corner|same|down|please|help|come|here|there|towards|toward|under|no|not|accident|crash|fire|fight|fighting|robbery|robbed|theft|emergency|live|lives|stay|living|out|some)$/;
const ENGLISH_ROAD =
  /\b(?:street|str|road|rd|avenue|ave|lane|ln|boulevard|blvd|highway|hwy|expressway|alley|crescent|terrace|square|plaza road|drive|jie|lu|dajie|hutong|ring road)\b\.?/g;
const ENGLISH_AREA =
  /\b(?:district|county|garden|gardens|compound|village|residence|residences|estate|mansion|community|township|neighborhood|neighbourhood)\b/g;
const ENGLISH_HOUSE =
  /(?<![a-z\d])(?:apt|apartment|flat|unit|room|rm|suite|floor|building|bldg|block|entrance|gate|house|no|door)\b\.?\s?(?:no\.?\s?)?#?(?:[a-f]-?)?\d{1,5}(?:-\d{1,4})?[a-f]?\b(?!\s?(?:people|men|persons|minutes|hours|am\b|pm\b|:))|\b\d{1,3}(?:st|nd|rd|th)\sfloor\b|\b(?:ground|first|second|third|fourth|fifth|sixth|seventh|top)\sfloor\b|(?<=[a-z],\s?)#\d{1,5}\b/g;
const ENGLISH_KILOMETRE = /(?:(?<=(?:expressway|highway|hwy|road|street|avenue)\s)|(?<=,\s))km\s?\d{1,4}\b/g;
/** After a road: "Bar Street 22", not "Bar Street 22:00" nor "2 men". */
const ENGLISH_NUMBER_AFTER =
  /^,?\s(?:no\.?\s?|#)?\d{1,5}[a-f]?\b(?!\s?(?:people|ppl|men|man|women|guys|persons|cars|minutes|mins|hours|am\b|pm\b|:|\.\d|meters|km|st\b|nd\b|rd\b|th\b))/;

export function englishAddressPieces(plain: string): readonly AddressPiece[] {
  return [
    ...piecesOf(plain, ENGLISH_HOUSE, 2, false),
    ...piecesOf(plain, ENGLISH_KILOMETRE, 2, false),
    ...withNameBefore(plain, ENGLISH_ROAD, 4),
    ...withNameBefore(plain, ENGLISH_AREA, 3),
    // A building of an estate: "building 5, Riverside Garden" has its anchor; "building 8" beside a unit is one to those who know it.
    ...piecesOf(
      plain,
      /(?<![a-z\d])(?:building|bldg|block)\s?\d{1,4}[,\s]{1,3}(?:unit|apt|apartment|flat|room|entrance)\s?\d{1,5}\b/g,
      4,
      true,
    ),
  ];
}

function withNameBefore(plain: string, ending: RegExp, weight: number): readonly AddressPiece[] {
  const pieces: AddressPiece[] = [];
  for (const match of plain.matchAll(ending)) {
    const from = englishNameStart(plain, match.index, 4, true);
    if (from === match.index) continue;
    let to = match.index + match[0].length;
    const number = weight === 4 && !/^\d/.test(plain.slice(from)) ? ENGLISH_NUMBER_AFTER.exec(plain.slice(to, to + 20)) : null;
    if (number !== null) to += number[0].length;
    pieces.push({ from, to, weight: number === null && !/^\d/.test(plain.slice(from)) ? weight : weight + 2, isAnchor: true });
    if (pieces.length >= MOST_PIECES) break;
  }
  return pieces;
}

/** Where the English name ending right before `at` begins, at most so many words back; `at` itself where there is no name. */
export function englishNameStart(plain: string, at: number, words: number, withNumber: boolean): number {
  const before = plain.slice(Math.max(0, at - 70), at);
  const tokens = [...before.matchAll(/[a-z0-9][a-z0-9'&.-]{0,24}(?=\s$|\s[a-z0-9])/g)];
  let start = before.length;
  let named = 0;
  for (const token of tokens.toReversed()) {
    const [word] = token;
    const reaches = before.slice(token.index + word.length, start).trim() === '' && start - token.index - word.length <= 2;
    if (!reaches || named >= words || ENGLISH_STOP.test(word) || (/\.$/.test(word) && word.length > 3)) break;
    if (/^\d+[a-f]?$/.test(word)) {
      if (withNumber && named > 0 && word.length <= 5) start = token.index;
      break;
    }
    start = token.index;
    named++;
  }
  return named === 0 ? at : at - before.length + start;
}

const RU = '[а-я]';
const END = '(?![а-я])';
const RUSSIAN_NUMBER_AFTER = `(?:,?\\s{0,2}(?:д(?:ом)?\\.?\\s?)?(?:№\\s?)?\\d{1,4}(?:[а-гa-d]${END})?(?:/\\d{1,3})?(?!\\d|:|[.]\\d|\\s?(?:мин|час|лет|человек|юан|руб|метр|км|утра|вечера|дня|ночи|парн|мужчин|машин)))?`;
/** улица, проспект … and the name after it. Written names begin with a capital; after an abbreviation any word will do. */
const RUSSIAN_ROAD = new RegExp(
  `(?<![а-яёА-ЯЁ])(?:[Уу]лиц[аеуы]?|[Уу]л\\.?|[Пп]роспект[ае]?|[Пп]р-т|[Пп]росп\\.?|[Пп]р\\.|[Пп]ереул(?:ок|ке|ка)|[Пп]ер\\.|[Бб]ульвар[ае]?|[Бб]-р|[Шш]оссе|[Нн]абережн(?:ая|ой)|[Нн]аб\\.|[Пп]лощад[ьи]|[Пп]л\\.|[Мм]икрорайон[ае]?|[Мм]кр\\.?|[Пп]роезд[ае]?)\\s{1,2}(?:\\d{1,2}-?[а-я]{1,2}\\s)?[А-ЯЁ][а-яёА-ЯЁ-]{1,24}(?:\\s[А-ЯЁ][а-яё-]{1,24})?${RUSSIAN_NUMBER_AFTER}`,
  'g',
);
const RUSSIAN_ROAD_LOW = new RegExp(
  `(?<!${RU})(?:ул\\.?|улица|улице|пр-т|проспект|проспекте|пер\\.|б-р|бульвар|шоссе|наб\\.)\\s${RU}[а-я-]{2,24},?\\s(?:д(?:ом)?\\.?\\s?)?\\d{1,4}(?:[а-г]${END})?(?!\\d|:|\\s?(?:мин|час|лет|человек|юан|руб))`,
  'g',
);
/** Центральной улице, Ленинский проспект 12. */
const RUSSIAN_ROAD_AFTER = new RegExp(
  `[А-ЯЁ][а-яё-]{2,24}(?:ая|ой|ую|ий|ом|ый|ого|ское|ском)\\s(?:улиц[аеуы]|ул\\.|проспект[ае]?|пр-т|пр\\.|переулок|переулке|бульвар[ае]?|шоссе|набережн(?:ая|ой)|площад[ьи])${RUSSIAN_NUMBER_AFTER}`,
  'g',
);
/** на Дачжи 56. */
const RUSSIAN_BARE = new RegExp(
  `(?:^|\\s)(?:на|по|адрес:?|угол)\\s([А-ЯЁ][а-яё-]{2,24}\\s(?:д(?:ом)?\\.?\\s?)?\\d{1,4}(?:[а-г]${END})?)(?!\\d|:|\\s?(?:мин|час|лет|человек|юан|руб|раз))`,
  'g',
);
const RUSSIAN_AREA = /[А-ЯЁ][а-яё-]{2,24}(?:ий|ом|ый|ого)?\sрайон[ае]?|(?<![а-я])район[ае]?\s[А-ЯЁ][а-яё-]{2,24}/g;
const RUSSIAN_HOUSE = new RegExp(
  `(?<!${RU})(?:корп(?:ус)?|стр(?:оение)?|кв(?:артир[аеы])?|подъезд|этаж|оф(?:ис)?|комн(?:ата)?|блок|дом[ае]?|д|номер)\\.?\\s?(?:№\\s?|номер\\s)?\\d{1,4}(?:[а-г]${END})?(?!\\d|:)|(?<![\\d.])\\d{1,3}(?:-?[йм]|-ый|-ом)?\\s(?:подъезд|этаж|квартира|корпус)${RU}{0,2}${END}`,
  'g',
);

export function russianAddressPieces(text: string, plain: string): readonly AddressPiece[] {
  return [
    ...piecesOf(text, RUSSIAN_ROAD, 6, true),
    ...piecesOf(text, RUSSIAN_ROAD_AFTER, 5, true),
    ...piecesOf(plain, RUSSIAN_ROAD_LOW, 5, true),
    ...piecesOf(text, RUSSIAN_BARE, 4, true),
    ...piecesOf(text, RUSSIAN_AREA, 2, true),
    ...piecesOf(plain, RUSSIAN_HOUSE, 2, false),
  ];
}

const HG = '[가-힣]';
const NOT_A_ROAD =
  /^(?:.*으로|바로|서로|다시|제가|내가|네가|누가|별로|스스로|도로|진로|통로|경로|홀로|절대로|그대로|대로|앞으로|뒤로|저리로|이리로|길|골목길|제대로|마음대로|멋대로|새로|여기로|거기로|칼로|병으로|이길|큰길|갓길|거리|사거리|가|애가|차가|개가)$/;
const NOT_AN_AREA =
  /^(?:친구|누구|입구|출구|지구|도구|가구|축구|야구|농구|식구|배구|연구|요구|다시|택시|역시|혹시|잠시|즉시|몇시|운동|자동|행동|이동|활동|아동|충동|감동|소동|노동|가면|하면|오면|보면|화면|정면|읍|면|군|구|동|시)$/;
const KOREAN_ROAD = new RegExp(
  `(?<!${HG})(${HG}{1,8}(?:\\d{1,3})?(?:번길|대로|대가|로|길|가|거리))(?=\\s?\\d|$|[\\s,.]|에서|에|의|으로|앞)`,
  'g',
);
const KOREAN_AREA = new RegExp(`(?<!${HG})(${HG}{1,6}(?:특별시|광역시|시|구|군|읍|면|동))(?=[\\s,.]|에서|에|$)`, 'g');
const KOREAN_HOUSE =
  /(?<![\d.:])\d{1,4}(?:-\d{1,4})?\s?(?:번지|호실|호(?!선)|동(?!안)|층)|지하\s?\d층|(?<=(?:로|길|가|동|리)\s?)\d{1,4}(?:-\d{1,3})?(?![\d:.]|\s?(?:분|시|명|원|위안|번|개|년|월|일|살|호|층|동|미터|킬로))/g;

export function koreanAddressPieces(plain: string): readonly AddressPiece[] {
  const roads = piecesOf(plain, KOREAN_ROAD, 4, true).flatMap((piece) => {
    const name = plain.slice(piece.from, piece.to);
    if (NOT_A_ROAD.test(name) || name.length < 3) return [];
    // 로, 길 and 가 end many words: a road of theirs is one with a number after it or a district before.
    const isSure =
      /(?:대로|대가|번길|거리)$/.test(name) ||
      /^\s?\d{1,4}(?!\d|\s?(?:분|시|명|원|위안|개|살|년|월))/.test(plain.slice(piece.to, piece.to + 8)) ||
      /[구시군동]\s$/.test(plain.slice(0, piece.from).slice(-2));
    return isSure ? [piece] : [];
  });
  const areas = piecesOf(plain, KOREAN_AREA, 2, true).filter((piece) => !NOT_AN_AREA.test(plain.slice(piece.from, piece.to)));
  return [
    ...roads,
    ...areas.map((piece) => (/[구군]$/.test(plain.slice(piece.from, piece.to)) ? piece : { ...piece, isAnchor: false })),
    ...piecesOf(plain, KOREAN_HOUSE, 2, false),
  ];
}
