/**
 * Where a name begins in writing without blanks. A road, a district or a mall is known by how its name ends; its beginning is as far back as
 * no word stands that belongs to the sentence (我在, 被, 往 …). Chinese, and Japanese as far as it is written in characters and katakana.
 */
import { choice, pattern } from './plain-text.ts';

/** Words that stand in front of a name and are no part of one. Names that hold them (和平路, 来宾市) are spared by what follows. */
const SENTENCE = pattern(
  [
    '我家|你家|他家|她家|[我你您他她它们这那哪了着的是被把给让叫说请从往住去吗呢吧啊呀哦嗯很太吵谁]',
    '到|在|于(?=[\\u4e00-\\u9fff]{2})(?<=位于|发生于|处于)|有(?!义|恒)|没|不|也|又|还|都(?=[在是有])|快(?![乐活])|就(?!业)',
    '和(?![平兴谐睦顺美义盛善悦])|与|及|跟|或者?|沿着?|经过|路过|靠近?|离|个|辆|位|名|只',
    '来(?![安宾凤福])|去|抢|偷|打|追|跑|走(?!马)|逃|杀|救|砍|看到?|听|等|找|送|骑|停|躲|藏|站(?=在)|跳|撞|闹|堵',
    '刚|现|正(?=[在被往])|已经?|突然|马上|赶紧|前面|后面|后边|附近|旁边|隔壁|对面|门口|楼下|楼上|家里|屋里|下面|里面|外面|一楼',
    '昨夜|昨日|今日|今夜|昨晩|今天|昨天|前天|昨晚|今晚|今早|现在|早上|晚上|上午|下午|中午|凌晨|半夜|分钟前|小时前|点半?|一刻|三刻|左右|多(?=[\\u4e00-\\u9fff]{2}[区县市])',
    '男的|女的|男人|女人|男子|女子|老人|小孩|孩子|司机|小偷|朋友|老公|老婆|爸爸?|妈妈?|有人|别人|某人|警察|报警|救命|抢劫|地址|地点|位置|编号|大门',
    '整个|全部?|所有|一个|一家|两家|那家|这家|大概|大约|好像|可能|应该|估计|靠着|方向|由|向(?![阳荣前上])|朝(?![阳天晖])|为(?!民)|对|将|要|想|能|会(?!展)|做|吃|喝',
    '住址|所在|具体|目前|目前在|因为|所以|但是|如果|于是|然后|一直|经常|天天|每天|里(?=[\\u4e00-\\u9fff]{0,1}在)|以|之(?=[间前后])|其|此|某|各|并|拿|用|穿|开车|开着|车牌|电话|手机',
  ].join('|'),
);
const NAME_SIGN = /[\u4e00-\u9fff\u3400-\u4dbf\u30a1-\u30faー々〇ヶa-z0-9]/;

/** For every place in the text whether a sentence's word stands there. */
export function sentenceSigns(plain: string): Uint8Array {
  const signs = new Uint8Array(plain.length);
  for (const match of plain.matchAll(SENTENCE)) signs.fill(1, match.index, match.index + match[0].length);
  return signs;
}

/** Where the name that ends at `end` begins; `end` itself where there is none. Never before `earliest`, never longer than `most`. */
export function nameStart(plain: string, signs: Uint8Array, end: number, earliest: number, most: number): number {
  let at = end;
  while (at > earliest && end - at < most && signs[at - 1] !== 1 && NAME_SIGN.test(plain[at - 1] ?? '')) at--;
  // Never out of the middle of a number or a Latin word, and digits do not begin a name unless letters stand before them.
  while (at > 0 && at < end && /[a-z0-9]/.test(plain[at] ?? '') && /[a-z0-9]/.test(plain[at - 1] ?? '')) at++;
  return at;
}

export const wordsOfHan = (words: string): RegExp => pattern(choice(words));
