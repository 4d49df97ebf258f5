/**
 * Pieces of Chinese addresses (省市区县 … 路街 … 号栋单元室), and of Japanese ones as far as they are built alike (〜区〜町1-2-3). What looks
 * like a piece and is a plain word (超市, 马路, 账号, 3号线) is left alone.
 */
import type { AddressPiece } from './address-piece.ts';
import { choice, pattern } from './plain-text.ts';
import { nameStart, sentenceSigns } from './han-names.ts';

/** Longest first where one ends with another. */
const ROADS = '高速公路 高速 国道 省道 县道 大街 大道 胡同 路口 街口 路 街 巷 町 通り 丁目';
const ESTATES =
  '小区 社区 家属院 家属区 家属楼 大院 新村 家园 花园 嘉园 公寓 开发区 工业园 新区 新城 庭院 山庄 苑 村 屯 庄 镇 乡 街道 街道办';
const AREAS = '自治区 自治县 自治州 省 市 区 县 県';
const ENDINGS = pattern(choice(`${ROADS} ${ESTATES} ${AREAS}`));
const IS_ROAD = pattern(`^(?:${choice(ROADS)})$`, '');
const IS_ESTATE = pattern(`^(?:${choice(ESTATES)})$`, '');

/** Names that make a plain word of an ending: 马路, 超市, 小区 alone. */
const NO_NAME: Readonly<Record<string, RegExp>> = {
  路: pattern('(?:^一|马|公|铁|道|网|线|电|迷|问|让|过|带|赶|认|思|出|退|条|段|销|半|同|绕|修|环城公|水泥|小|土|岔|柏油|盲)$', ''),
  路口: pattern('(?:岔|十字|丁字|马|道|这个?|公交)$', ''),
  街: pattern('(?:逛|上|步行|商业|小吃|美食|条|临)$', ''),
  大街: pattern('(?:逛|上|满)$', ''),
  市: pattern('(?:超|城|夜|股|门|都|集|早|菜|楼|黑|鬼|闹|开|农贸)$', ''),
  区: pattern('(?:地|小|景|城|郊|市|校|厂|山|库|院|住宅|生活|辖|服务|病|禁|全|社|园|片|别墅|商业|新)$', ''),
  村: pattern('(?:农|山|全|本|乡|同|渔)$', ''),
  镇: pattern('(?:城|乡|冰|全|小)$', ''),
  乡: pattern('(?:老|家|城|故|下|农|回|同)$', ''),
  庄: pattern('(?:街|赌|坐|村|钱)$', ''),
};

/** What after an ending makes a plain word of it. */
const NO_ENDING: Readonly<Record<string, RegExp>> = {
  路: pattern('^(?:灯|人|况|面|费|线|过|上有|障|牌|公交|地铁|车)', ''),
  街: pattern('^(?:坊|拍|边|上(?!\\d)|灯|公交|地铁)', ''),
  大街: pattern('^(?:小巷|上的|公交|地铁)', ''),
  大道: pattern('^(?:公交|地铁)', ''),
  市: pattern('^(?:场|民|集|面|值|井|长|政府)', ''),
  区: pattern('^(?:别|域|分|块)', ''),
  县: pattern('^(?:长)', ''),
  村: pattern('^(?:民|长|里人)', ''),
  镇: pattern('^(?:定|静)', ''),
  乡: pattern('^(?:亲|下)', ''),
  庄: pattern('^(?:稼|严|家)', ''),
  巷: pattern('^(?:子)', ''),
  高速: pattern('^(?:行|驶|开|公路|路口|度|骑)', ''),
};

const NUMBER = '(?:\\d{1,5}(?:-\\d{1,4}){0,4}|[一二三四五六七八九十百零〇]{1,4})';
const HOUSE = pattern(
  `(?<![\\d.:+第a-z])(?:${NUMBER}|[a-g甲乙丙丁])\\s?(?:(?:号楼|号院(?!内)|号室|号门|号(?![码线机称令召灯路桿杆电公车出机人召卡])|番地の?|番(?!号)|栋|幢|号棟|棟|单元|门洞|号房)|(?<=\\d\\s?)(?:弄|室|户|座|房(?!子)|公里处?|期|组|队)|(?<=[a-g]\\s?)座|(?:层|楼|階)(?![下上顶梯道的])|层|地下室)`,
);
/** A number that stands right after a road or a unit, with no word of its own: 中山路110, 2单元501, 3-2-501, 1-2-3. */
const BARE = pattern(
  '^\\s?(\\d{1,5}(?:-\\d{1,4}){0,4})(?![\\d.:%]|(?:元|块|米|公里|人|个|多|分|点|岁|年|月|天|小时|号|栋|单元|路|万|千|次|辆|楼|层|室|户|名|时|時|日|期|级|门|番|丁|線|线))',
  '',
);
/** The Japanese way: 〜区 and a quarter, then block and house (道玄坂1-2-3). */
const BLOCK = /^[\u4e00-\u9fff\u30a1-\u30faー]{1,8}\d{1,3}(?:-\d{1,4}){1,3}(?!\d)/;
const TAIL = pattern('^(?:交叉路?口|交汇处?|交界处?|交口|路口|口(?=[\\s,.!]|$)|地下室|楼顶|院内|路段|拐角处?|转角处?|把角|丁字路口)', '');

const MOST_PIECES = 300;

export function chineseAddressPieces(plain: string): readonly AddressPiece[] {
  const signs = sentenceSigns(plain);
  const pieces: AddressPiece[] = [];
  const houses = [...plain.matchAll(HOUSE)].slice(0, MOST_PIECES);
  for (const house of houses) {
    pieces.push({ from: house.index, to: house.index + house[0].length, weight: 2, isAnchor: false });
    pushBare(pieces, plain, house.index + house[0].length, /(?:单元|栋|号楼|座|幢)$/.test(house[0]));
  }
  let earliest = 0;
  let nextHouse = 0;
  let count = 0;
  for (const match of plain.matchAll(ENDINGS)) {
    if (++count > MOST_PIECES) break;
    // A name does not reach back over a house number.
    for (; nextHouse < houses.length; nextHouse++) {
      const house = houses[nextHouse];
      if (house === undefined || house.index >= match.index) break;
      earliest = Math.max(earliest, Math.min(match.index, house.index + house[0].length));
    }
    const before = pieces.at(-1);
    const isOneName = before !== undefined && before.to === match.index && before.weight === 3 && IS_ROAD.test(match[0]);
    // 东乡路, 新村街: what looked like a village names the road.
    const piece = isOneName
      ? { from: before.from, to: match.index + match[0].length, weight: 4, isAnchor: true }
      : named(plain, signs, match.index, match[0], earliest);
    if (piece === null) continue;
    if (isOneName) pieces.pop();
    pieces.push(piece);
    earliest = piece.to;
    const tail = TAIL.exec(plain.slice(piece.to, piece.to + 8));
    if (tail !== null) pieces.push({ from: piece.to, to: piece.to + tail[0].length, weight: 1, isAnchor: false });
    else pushBare(pieces, plain, piece.to, piece.weight >= 3);
    const block = match[0] === '区' || match[0] === '市' ? BLOCK.exec(plain.slice(piece.to, piece.to + 24)) : null;
    if (block !== null) pieces.push({ from: piece.to, to: piece.to + block[0].length, weight: 4, isAnchor: true });
  }
  return pieces.concat(groupsAreAnchors(houses));
}

function named(plain: string, signs: Uint8Array, at: number, ending: string, earliest: number): AddressPiece | null {
  const isRoad = IS_ROAD.test(ending);
  const isEstate = IS_ESTATE.test(ending);
  const from = nameStart(plain, signs, at, earliest, isRoad || isEstate ? 8 : 7);
  const name = plain.slice(from, at);
  const to = at + ending.length;
  if (
    name === '' ||
    (/^[a-z\d]+$/.test(name) && !/高速|国道|省道|路|街|区/.test(ending)) ||
    (/^\d+$/.test(name) && /^(?:路|区|市)$/.test(ending))
  )
    return null;
  if (/^[一二三四五六七八九十两几]$/.test(name) || NO_NAME[ending]?.test(name) === true) return null;
  const after = NO_ENDING[ending];
  if (after !== undefined && after.test(plain.slice(to, to + 4))) return null;
  const isFine = isRoad || isEstate || /[区县県]$/.test(ending);
  return { from, to, weight: isRoad ? 4 : isEstate ? 3 : 2, isAnchor: isFine };
}

function pushBare(pieces: AddressPiece[], plain: string, at: number, isAllowed: boolean): void {
  const bare = isAllowed ? BARE.exec(plain.slice(at, at + 30)) : null;
  if (bare !== null)
    pieces.push({ from: at + bare[0].length - (bare[1] ?? '').length, to: at + bare[0].length, weight: 2, isAnchor: false });
}

/** 3号楼2单元501 without a road is an address to those who know the estate. */
function groupsAreAnchors(houses: readonly RegExpExecArray[]): readonly AddressPiece[] {
  return houses.flatMap((house, at) => {
    const next = houses[at + 1];
    const isPair = next !== undefined && next.index === house.index + house[0].length && /号楼|栋|幢|单元/.test(house[0] + next[0]);
    return isPair ? [{ from: house.index, to: next.index + next[0].length, weight: 4, isAnchor: true }] : [];
  });
}
