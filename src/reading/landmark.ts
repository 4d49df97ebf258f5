/**
 * Names one can find: a station, a mall, a hospital, "opposite the school". Always a guess: a name is not a place until somebody knows where
 * it is. A kind without a name ("the restaurant downstairs") is none.
 */
import { englishNameStart } from './address-spaced.ts';
import { choice, pattern, scriptsOf } from './plain-text.ts';
import { nameStart, sentenceSigns } from './han-names.ts';
import type { Found } from './reading.ts';

interface Candidate {
  readonly from: number;
  readonly to: number;
  readonly weight: number;
}
const MOST = 100;

const BRANDS = choice(
  '万达广场 万达 凯德广场 凯德 麦当劳 肯德基 星巴克 必胜客 海底捞 沃尔玛 家乐福 大润发 永辉 红旗连锁 全家 罗森 711 7-11 宜家 华润 马迭尔 秋林 中央大街 索菲亚教堂 天安门 东方明珠 外滩 火车站 高铁站 飞机场',
);
const HAN_NOUNS = choice(
  '火车站 高铁站 地铁站 公交站 公交车站 客运站 汽车站 车站 加油站 收费站 服务区 站 商场 商城 商厦 百货 购物中心 广场 超市 便利店 市场 菜市场 医院 诊所 卫生院 药店 学校 小学 中学 高中 大学 学院 幼儿园 宾馆 酒店 旅馆 饭店 餐厅 烧烤店 火锅店 饭馆 银行 公园 动物园 植物园 大厦 大楼 写字楼 派出所 网吧 网咖 酒吧 ktv 影院 电影院 剧院 体育馆 体育场 图书馆 博物馆 教堂 清真寺 寺 庙 立交桥 大桥 天桥 桥 隧道 机场 码头 停车场 纪念塔 塔 小区 洗浴中心 洗浴 浴池 公司 红场 水库 湿地 景区 风景区 美食城 花园 公寓 家园 中心 期 店 校区 长廊 步行街 小吃街 一院 二院 三院 四院 五院 候车厅 候车室 航站楼 出站口 游乐园 游乐场 游泳馆 滑雪场 歌厅 棋牌室 养老院 敬老院 法院 检察院 批发市场 早市 夜市 文化宫 少年宫 健身房 电影城 饺子馆 面馆 咖啡厅 咖啡店 茶楼 奶茶店 驾校 收费口 ' +
    '駅 病院 学校 小学校 中学校 高校 公園 デパート ホテル スーパー コンビニ 交番 神社 橋 空港 ビル モール 大聖堂 聖堂 教会 レストラン 郵便局 寮 港',
);
const SPOT =
  '(?:[a-z0-9]{1,2}出?口|出站口|进站口|候车[厅室]|[0-9一二三四五六]号?出?口|[东南西北正后侧前][门口]|[东南西北](?:广场|边台阶|[边侧])|门口|门前|大门|对面|对过|旁边?|边上|附近|隔壁|楼下|楼上|后面|后身|前面|地下停车场|停车场|台阶|院内|[一二三四五]楼|の?(?:近く|[東西南北]口|[0-9一二三]階|隣|向かい|裏|そば|横|下流|前))';
const HAN_NAMED = pattern(`(?:${BRANDS})(?:${HAN_NOUNS})?|(?:${HAN_NOUNS})(?:站|广场)?`);
const HAN_SPOT = pattern(`^(?:的?${SPOT}){1,2}`, '');
const HAN_NEAR = pattern('(?:在|旁边的?|靠近|离|到|位于|是)\\s?$', '');
const HAN_AFTER_NO = pattern(
  '^(?:舞|票|卡|长(?!江)|员|路|街|大街|医生|生(?!态)|着|在|起来|起|立|不|了|柜台|账|转账|费|老师|民警|主任|保安大|间|内部|間|的人)',
  '',
);
const HAN_GENERIC = pattern(
  '^(?:大|小|这|那|一|个|家|某|的|对|附近|楼下|楼上|隔壁|旁边|前|后|本|全|整|开|商|饭|百|××|24小时|农贸|菜|公共|露天|私立|公立|人民币|客服|信息|服务|指挥|电话|反诈|快|网|专卖|手机|食杂|电商|地下|银行|分|总|有限|保险|贷款|物流|快递|装修|物业|医美|工商|建设|公|汽|火)?$',
  '',
);
const KEPT_GENERIC = /^(?:工商|建设|火|人民)?$/;

function hanCandidates(plain: string, taken: { readonly from: number; readonly to: number } | null): readonly Candidate[] {
  const signs = sentenceSigns(plain);
  if (taken !== null) signs.fill(1, taken.from, taken.to);
  const found: Candidate[] = [];
  let count = 0;
  for (const match of plain.matchAll(HAN_NAMED)) {
    if (++count > MOST) break;
    const [noun] = match;
    if (signs[match.index] === 1 && noun.length < 3) continue;
    const isBrand = isBrandOf(noun);
    const from = nameStart(plain, signs, match.index, found.at(-1)?.to ?? 0, 10);
    const name = plain.slice(from, match.index);
    let to = match.index + noun.length;
    if (HAN_AFTER_NO.test(plain.slice(to, to + 4))) continue;
    if (!isBrand && HAN_GENERIC.test(name) && !(KEPT_GENERIC.test(name) && name !== '')) continue;
    if (!isBrand && noun.length === 1 && (name.length < 2 || /^\d+$/.test(name))) continue;
    const spot = HAN_SPOT.exec(plain.slice(to, to + 14));
    if (spot !== null) to += spot[0].length;
    const isNear = HAN_NEAR.test(plain.slice(Math.max(0, from - 4), from));
    found.push({
      from,
      to,
      weight: 2 + (spot === null ? 0 : 1) + (isNear ? 1 : 0) - (/^(?:公司|中心|店|期)$/.test(noun) && spot === null && !isNear ? 2 : 0),
    });
  }
  return found;
}
const BRAND = pattern(`^(?:${BRANDS})`, '');
const isBrandOf = (noun: string): boolean => BRAND.test(noun);

/** Japanese names written with hiragana after their kind: 居酒屋さくら. */
const JAPANESE_KIND_FIRST = pattern(
  '(?:居酒屋|喫茶店?|スナック)[\\u3041-\\u3096\\u30a1-\\u30faー\\u4e00-\\u9fff]{2,8}?(?=[0-9一二三]?階|[のにでを、.\\s]|$)',
);

const ENGLISH_NOUNS =
  'railway station|train station|metro station|subway station|bus station|police station|gas station|petrol station|station|bus stop|shopping mall|shopping center|shopping centre|mall|hospital|clinic|pharmacy|primary school|middle school|high school|school|university|college|kindergarten|park|hotel|hostel|bank|airport|bridge|restaurant|cafe|coffee|bar|pub|night ?club|club|market|supermarket|store|shop|church|cathedral|temple|mosque|square|plaza|cinema|theatre|theater|stadium|museum|library|tower|bus terminal|terminal|embassy|consulate|dormitory|dorm|factory|office building|island|beach|pier|zoo';
const ENGLISH_NAMED = new RegExp(`\\b(?:${ENGLISH_NOUNS})\\b`, 'g');
const ENGLISH_RELATION =
  /\b(?:near|next to|opposite(?: to)?|across from|across the street from|behind|in front of|outside|inside|beside|close to|right by|not far from|at the corner of|between)\s/g;
const ENGLISH_KIND_FIRST =
  /\b(?:club|hotel|bar|cafe|restaurant|line|gate|exit|entrance)\s(?:[a-z][a-z']{2,14}|[0-9]{1,2}|[a-h])\b(?=[\s,.!?]|$)/g;
const BRANDS_EN = /\b(?:wanda(?: plaza)?|mcdonald'?s|mcdonalds|kfc|starbucks|walmart|carrefour|ikea|pizza hut|burger king|7-?eleven)\b/g;
const ENGLISH_GENERIC =
  /^(?:big|small|local|nearby|near|nearest|some|old|new|little|same|whole|large|busy|empty|dark|closed|open|good|went|go|going|at|coming|leaving|robbed|got|their|your|private|public|live|just|fight|someone|men|man|people|woman|police|drunk|then|still|inside|outside|next|opposite|behind|front|work|working|last|first|in|both|two|other|another|guy|girl|corner|property|left|right|now|is|gas|petrol|bus|train|metro|fire|power|post|international|student|my)$/;
const STOP_AFTER_RELATION =
  /[,.;!?\n()]|\s(?:a|an|and|is|are|was|were|there|with|who|he|she|they|i|we|my|please|pls|help|come|one|two|three|now|just|right|has|have|but|about|maybe|someone|somebody|people|men|for|to|on|in|at|from|around|since|when|where|because|pole|this|last|yesterday|today|tonight|\d)(?=\s|$)/;
const NOTHING_FOUND_BY =
  /^(?:me|us|my|him|her|them|his|our|your|you|it|here|there|home|a|an|this|that|each|the (?:door|window|house|car|building|room|table|desk|bed|street|road|wall|shop|place|van|truck|bus|kids?|children|police|other|man|woman|next|back|two)|and|door|house|room|car)\b/;

function englishCandidates(text: string, plain: string): readonly Candidate[] {
  const found: Candidate[] = [];
  for (const match of plain.matchAll(ENGLISH_RELATION)) {
    const start = match.index + match[0].length;
    const rest = plain.slice(start, start + 60);
    const stop = STOP_AFTER_RELATION.exec(rest);
    const words = rest
      .slice(
        0,
        stop === null || match[0].startsWith('between')
          ? (/[,.;!?\n]| (?:at|on|around|just|about|yesterday|today)\b/.exec(rest)?.index ?? rest.length)
          : stop.index,
      )
      .split(' ')
      .slice(0, 6)
      .join(' ')
      .trimEnd();
    if (words.length < 3 || NOTHING_FOUND_BY.test(words)) continue;
    found.push({ from: match.index, to: start + words.length, weight: 4 });
    if (found.length >= MOST) break;
  }
  let count = 0;
  for (const match of plain.matchAll(ENGLISH_NAMED)) {
    if (++count > MOST) break;
    const from = englishNameStart(plain, match.index, 3, false);
    const name = plain.slice(from, match.index).trim();
    if (
      from === match.index ||
      name.split(' ').every((word) => ENGLISH_GENERIC.test(word)) ||
      ENGLISH_GENERIC.test(name.split(' ').at(-1) ?? '')
    )
      continue;
    found.push({ from, to: match.index + match[0].length, weight: 3 });
  }
  for (const [rule, weight] of [
    [BRANDS_EN, 2],
    [ENGLISH_KIND_FIRST, 1],
  ] as const) {
    for (const match of [...plain.matchAll(rule)].slice(0, MOST))
      if (weight > 1 || /\s(?:[A-Z0-9]|[a-h]$)/.test(text.slice(match.index, match.index + match[0].length)))
        found.push({ from: match.index, to: match.index + match[0].length, weight });
  }
  return found;
}

const RUSSIAN_NOUN =
  '(?:железнодорожн[а-я]{2,3}\\s)?(?:школ|вокзал|магазин|супермаркет|больниц|поликлиник|метро|станци|рын(?:ок|к)|торгов[а-я]{2,3}\\sцентр|тц|трц|гостиниц|отел|аптек|парк(?!овк)|кафе|ресторан|остановк|университет|институт|банк(?!омат)|мост|церк|собор|аэропорт|стадион|кинотеатр|театр|музе|памятник|общежити|поворот|заправк|клуб|площад|остров|пляж|причал|набережн|детск[а-я]{2,3}\\sсад|посольств|консульств)[а-я]{0,5}';
const RUSSIAN_RELATION = new RegExp(
  `(?<![а-яё])(?:у|возле|около|рядом с|рядом со|напротив|недалеко от|позади|за|перед|внутри|в районе|на углу|за углом от)\\s(?:${RUSSIAN_NOUN}(?:\\s(?:номер\\s|№\\s?)?\\d{1,4})?|[а-я]{3,16}(?:ого|ой|ым|ом|ей)\\s${RUSSIAN_NOUN})(?:\\sна\\s[а-я]{3,20})?`,
  'g',
);
const RUSSIAN_NAMED = new RegExp(
  `(?<![а-яёА-ЯЁ])(?:${RUSSIAN_NOUN}|[Оо]стров|[Пп]арк|[Сс]танци[яи]|[Рр]ын(?:ок|ке)|ТЦ|ТРЦ|[Оо]тел[ьея]|[Гг]остиниц[аеуы])\\s(?:[«"][^»"\\n]{1,40}[»"]|[А-ЯЁ][а-яё-]{1,20}(?:\\s[А-ЯЁ][а-яё-]{2,20})?(?:\\s[а-яё]{3,14}(?=\\s[а-яё]+ла(?![а-яё])|$|[.,]))?)`,
  'g',
);
const RUSSIAN_NAME_FIRST = new RegExp(`[А-ЯЁ][а-яё-]{2,20}(?:ий|ая|ое|ом|ой|ый|ый)\\s(?:${RUSSIAN_NOUN})`, 'g');

/** The name that follows: метро Музей, магазина «Океан». */
const RUSSIAN_NAME_AFTER = /^\s(?:[«"][^»"\n]{1,40}[»"]|[А-ЯЁ][а-яё-]{1,20}(?:\s[А-ЯЁ][а-яё-]{2,20})?)/;

function russianCandidates(text: string, plain: string): readonly Candidate[] {
  const related = [...plain.matchAll(RUSSIAN_RELATION)].slice(0, MOST).map((match) => {
    const to = match.index + match[0].length;
    const name = RUSSIAN_NAME_AFTER.exec(text.slice(to, to + 50));
    return { from: match.index, to: to + (name?.[0].length ?? 0), weight: name === null ? 3 : 4 };
  });
  const named = [RUSSIAN_NAMED, RUSSIAN_NAME_FIRST].flatMap((rule, at) =>
    [...text.matchAll(rule)]
      .slice(0, MOST)
      .map((match) => ({ from: match.index, to: match.index + match[0].length, weight: at === 0 ? 4 : 3 })),
  );
  return [...related, ...named];
}

const KOREAN_NOUN =
  '(?:초등학교|중학교|고등학교|대학교|학교|병원|공원|백화점|마트|호텔|모텔|은행|아파트|시장|공항|터미널|편의점|교회|성당|빌딩|클럽|기숙사|광장|대교|카페|식당|박물관|도서관|경기장|극장|영화관|술집|노래방|주유소|역)';
const KOREAN_SPOT = '(?:\\s?(?:\\d{1,2}번\\s?출구|근처|부근|앞|옆|맞은편|건너편|뒤\\s골목|뒤편|뒤|정문|후문|입구|[0-9]층))?';
const KOREAN_NAMED = new RegExp(
  `(?<![가-힣a-z0-9])(?:([가-힣a-z0-9]{1,10}?)${KOREAN_NOUN}|(유학생|외국인|중앙|시립|국립|버스|기차|지하철)\\s${KOREAN_NOUN}|맥도날드|스타벅스|롯데리아|롯데마트|이마트|세븐일레븐|월마트)${KOREAN_SPOT}(?=[^가-힣]|에|의|은|는|이|가|을|를|로|으로|입|까|쪽|$)`,
  'g',
);
const KOREAN_GENERIC = /^(?:구|지|통|영|당|이|그|저|무|담|한|면|배|대|동네|우리|근처|어느|큰|작은|중|광|하|부|독|편의|의|제)$/;

/** 소피아 성당: the name stands apart from its kind, and is no word of the sentence. */
const KOREAN_NAME_APART = new RegExp(
  `(?<![가-힣])([가-힣]{2,6})\\s(?:성당|교회|호텔|병원|공원|백화점|아파트|대학교|광장|시장|대교|박물관|도서관)${KOREAN_SPOT}(?=[^가-힣]|에|의|은|는|을|를|로|으로|입|까|쪽|$)`,
  'g',
);
const KOREAN_SENTENCE_WORD =
  /(?:에서|에|은|는|이|가|을|를|의|고|서|요|다|쪽|근처|앞|옆|안|뒤|지금|여기|어떤|우리|제가|그냥|빨리|와|과|랑|한|큰|작은|분|시)$/;

function koreanCandidates(plain: string): readonly Candidate[] {
  const joined = [...plain.matchAll(KOREAN_NAMED)].filter(([, name]) => name === undefined || !KOREAN_GENERIC.test(name));
  const apart = [...plain.matchAll(KOREAN_NAME_APART)].filter(([, name = '']) => !KOREAN_SENTENCE_WORD.test(name));
  return [...joined, ...apart].slice(0, MOST).map((match) => ({ from: match.index, to: match.index + match[0].length, weight: 3 }));
}

const DENIED = pattern('(?:不是|不在|并非|not(?: at| on| in| near)?|не(?: на| в| у)?)\\s?$', '');
const DENIED_AFTER = pattern('^(?:ではなく|じゃなく|이 아니|가 아니)', '');

/** `plain`: folded, without links; `taken`: where the address stands, which is no part of a name. */
export function landmarkIn(
  text: string,
  plain: string,
  taken: { readonly from: number; readonly to: number } | null,
): Found<string> | null {
  const { han, kana, hangul, cyrillic, latin } = scriptsOf(plain);
  const candidates = [
    ...(han + kana > 1 ? hanCandidates(plain, taken) : []),
    ...(kana > 1
      ? [...plain.matchAll(JAPANESE_KIND_FIRST)]
          .slice(0, MOST)
          .map((match) => ({ from: match.index, to: match.index + match[0].length, weight: 3 }))
      : []),
    ...(hangul > 1 ? koreanCandidates(plain) : []),
    ...(cyrillic > 2 ? russianCandidates(text.slice(0, plain.length), plain) : []),
    ...(latin > 3 ? englishCandidates(text, plain) : []),
  ];
  let best: Candidate | null = null;
  for (const candidate of candidates) {
    // A station named after a road is a name of its own; a road in an address is not.
    if (taken !== null && candidate.from < taken.to && candidate.to > taken.from && candidate.to <= taken.to) continue;
    if (
      DENIED.test(plain.slice(Math.max(0, candidate.from - 10), candidate.from)) ||
      DENIED_AFTER.test(plain.slice(candidate.to, candidate.to + 8))
    )
      continue;
    if (candidate.weight > (best?.weight ?? 0)) best = candidate;
  }
  if (best === null) return null;
  const said = text.slice(best.from, best.to).trim();
  return said === '' ? null : { said, certainty: 'guessed', value: said.replaceAll(/\s+/g, ' ') };
}
