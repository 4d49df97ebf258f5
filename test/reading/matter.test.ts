/** What a text is about and how urgent it is, by the word list as shipped. */
import { describe, expect, it } from 'vitest';
import { instant } from '../../src/kernel/instants.ts';
import { read } from '../../src/reading/read.ts';
import { corpusRules } from './corpus-rules.ts';

const rules = corpusRules();
const at = instant(Date.parse('2026-03-01T20:00:00+08:00'));
const readingOf = (text: string) => read(text, at, rules);
const matterOf = (text: string): string | null => readingOf(text).matter?.value.code ?? null;

describe('the matter', () => {
  it.each([
    ['有人持刀抢劫便利店', 'robbery'],
    ['我的包被搶了，往車站跑了', 'robbery'],
    ['家里进小偷了门被撬了', 'burglary'],
    ['电动车被偷了', 'theft'],
    ['刷单被骗了三万', 'fraud'],
    ['楼下打架好几个人', 'fight'],
    ['老公喝多了又打我', 'domestic-violence'],
    ['我爸又打我妈', 'domestic-violence'],
    ['两车追尾了', 'traffic-accident'],
    ['撞了人开车跑了', 'hit-and-run'],
    ['前面的车司机喝醉了还在开车，酒驾', 'drunk-driving'],
    ['五楼着火了浓烟很大', 'fire'],
    ['我妈走丢了，老年痴呆', 'missing-person'],
    ['有个女的要跳楼', 'suicide-threat'],
    ['有人掉进河里了', 'drowning'],
    ['广场舞太吵了', 'noise'],
    ['出租屋里有人吸毒', 'drugs'],
    ['有人聚众赌博', 'gambling'],
    ['民警打人我要投诉', 'police-misconduct'],
    ['想咨询一下办身份证', 'enquiry'],
    ['手机丢了在出租车上', 'lost-property'],
    ['I was mugged near the station', 'robbery'],
    ["someone's broken into my flat", 'burglary'],
    ['my bike was stolen', 'theft'],
    ['two cars crashed', 'traffic-accident'],
    ['there is smoke from the roof', 'fire'],
    ['меня ограбили у метро', 'robbery'],
    ['муж пьяный бьёт меня', 'domestic-violence'],
    ['горит дом', 'fire'],
    ['пропал ребёнок 5 лет', 'missing-person'],
    ['財布を盗まれました', 'theft'],
    ['火事です', 'fire'],
    ['夫に殴られています、助けて', 'domestic-violence'],
    ['강도를 당했어요', 'robbery'],
    ['불이 났어요', 'fire'],
    ['남편이 때려요', 'domestic-violence'],
  ])('of "%s" is %s', (text, code) => {
    expect(matterOf(text)).toBe(code);
  });

  it('is the most urgent of several, and of those the one said first', () => {
    expect(matterOf('楼上太吵，而且着火了')).toBe('fire');
    expect(matterOf('着火了，还有人抢劫')).toBe('fire');
    expect(matterOf('有人抢劫，还着火了')).toBe('robbery');
  });

  it('is what the reporter names rather than the knife they saw, unless that is a trifle beside it', () => {
    expect(matterOf('有人打架，手里有棍子')).toBe('fight');
    const { matter } = readingOf('楼下很吵，一个人手上一把菜刀');
    expect(matter).toMatchObject({ certainty: 'guessed', value: { code: 'weapon-seen' } });
  });

  it.each([
    '没有抢劫',
    '不是被抢',
    '没有人抢劫',
    "it's not a robbery",
    'there was no robbery',
    'это не ограбление',
    '강도는 아니에요',
    '火事ではありません',
  ])('is none where it is said not to be: "%s"', (text) => {
    expect(matterOf(text)).toBeNull();
  });

  it.each([
    ['门牌没有 抢劫的跑了', 'robbery'],
    ['没带钱，被抢了', 'robbery'],
    ['不是打架是抢劫', 'robbery'],
    ['是不是抢劫啊', 'robbery'],
    ['家里没人被偷了', 'theft'],
    ['not a fight, a robbery', 'robbery'],
  ])('is not taken away by a "not" that belongs elsewhere: "%s"', (text, code) => {
    expect(matterOf(text)).toBe(code);
  });

  it.each([
    '抢票太难了',
    '我在抢红包',
    '吃火锅',
    '跳楼价大甩卖',
    '狼人杀',
    'fire sale today',
    'just killing time',
    '칼국수 먹자',
    '総額はスリッパ',
  ])('is none where the words are figurative: "%s"', (text) => {
    expect(matterOf(text)).toBeNull();
  });

  it('has its class from the word list, and says what it was taken from', () => {
    expect(readingOf('我 被 搶 了').matter).toEqual({ said: '被 搶', certainty: 'stated', value: { class: 'criminal', code: 'robbery' } });
  });
});

describe('the urgency', () => {
  it.each([
    ['有人抢劫', 'immediate'],
    ['电动车被偷了', 'normal'],
    ['太吵了', 'low'],
    ['救命', 'immediate'],
    ['電動車被偷了 快來', 'urgent'],
    ['手机丢了，不急', 'low'],
    ['打架了有人拿刀', 'immediate'],
    ['打架，有人昏迷了', 'immediate'],
    ['my bike was stolen, please hurry', 'urgent'],
    ['it is not an emergency, no rush', 'low'],
  ])('of "%s" is %s', (text, urgency) => {
    expect(readingOf(text).urgency?.value).toBe(urgency);
  });

  it('is unknown where nothing tells it, or a word of it is denied', () => {
    expect(readingOf('你好').urgency).toBeNull();
    expect(readingOf('不是紧急').urgency).toBeNull();
    expect(readingOf('没有生命危险').urgency).toBeNull();
  });

  it('is stated where the reporter says so, and guessed from the matter otherwise', () => {
    expect(readingOf('着火了').urgency).toMatchObject({ certainty: 'guessed', said: '着火' });
    expect(readingOf('着火了救命').urgency).toMatchObject({ certainty: 'stated', said: '救命' });
  });
});
