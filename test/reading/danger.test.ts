/** Signs that an answer may endanger the reporter: many ways in which people write it, none of them the only one. */
import { describe, expect, it } from 'vitest';
import { instant } from '../../src/kernel/instants.ts';
import { read } from '../../src/reading/read.ts';
import type { DangerSign } from '../../src/reading/reading.ts';
import { corpusRules } from './corpus-rules.ts';

const rules = corpusRules();
const at = instant(Date.parse('2026-03-01T20:00:00+08:00'));
const readingOf = (text: string) => read(text, at, rules);
const signsOf = (text: string): readonly DangerSign[] => readingOf(text).danger.map(({ value }) => value);

describe('a sign of danger', () => {
  it.each<[DangerSign, readonly string[]]>([
    [
      'hiding',
      [
        '我躲在衣柜里',
        '藏在床底下',
        '不敢出声',
        '不敢说话',
        '我把门反锁了 他还在找我',
        '只能发短信 他会听见',
        '我躲起來了',
        'im hiding in the closet',
        "I can't talk he'll hear",
        'locked myself in the bathroom',
        'прячусь в шкафу',
        'не могу говорить, услышит',
        'クローゼットに隠れています',
        '声を出せません',
        '옷장에 숨어 있어요',
        '말을 못 해요 들킬까봐',
      ],
    ],
    [
      'captive',
      [
        '我被关在一个屋子里',
        '他们不让我走',
        '护照被收了',
        '我被绑架了',
        '在后备箱里',
        "they won't let me leave",
        'they took my passport',
        'im tied up',
        'меня держат в квартире',
        'меня заперли',
        '監禁されています',
        '部屋から出してくれない',
        '감금당했어요',
        '못 나가게 해요',
      ],
    ],
    [
      'domestic-violence',
      [
        '他打我',
        '老公打我',
        '老婆拿刀',
        '我爸又打我妈',
        '男朋友掐我脖子',
        '前夫来了',
        '继父喝醉了打人',
        'my husband hits me',
        'my boyfriend is drunk and has a knife',
        'stepdad',
        'муж бьёт меня',
        'отчим пьяный',
        '夫に殴られています',
        '父が母を殴っている',
        '남편이 때려요',
        '아빠가 엄마를 때려요',
      ],
    ],
    [
      'attacker-near',
      [
        '有人闯进我家，救命',
        '他在外面',
        '有人拿刀在门口',
        '他就在门外',
        '有人在撬我家门',
        '有人跟踪我',
        '家里进了人',
        'he is outside my door',
        'someone is in my house',
        'hes still here',
        'being followed',
        'он за дверью',
        'ломится в дверь',
        'идёт за мной',
        'ドアの外にいる',
        '後をつけられています',
        '누가 집에 들어왔어요',
        '칼을 들고 있어요',
        '따라와요',
      ],
    ],
    [
      'no-reply',
      [
        '别打电话',
        '别回短信',
        '不要回复',
        '千万别打过来',
        '勿回',
        '請不要回電話',
        '不要给我打电话会响',
        "don't call me",
        'do not reply',
        'no sirens',
        'не звоните',
        'не отвечайте на это',
        '電話しないで',
        '返信しないでください',
        '전화하지 마세요',
        '답장하지마',
      ],
    ],
    ['killing', ['他要杀我', '说要弄死我', '要砍人', '泼汽油了', 'he will kill me', 'убьёт меня', '殺される', '죽이겠다고 해요']],
    [
      'self-harm',
      [
        '我不想活了',
        '我想死',
        '割腕了',
        '吃了一瓶安眠药',
        'i want to die',
        'going to kill myself',
        'не хочу жить',
        'хочу умереть',
        '死にたい',
        '죽고 싶어요',
      ],
    ],
  ])('%s is seen in each of these', (sign, texts) => {
    for (const text of texts) expect(signsOf(text), text).toContain(sign);
  });

  it('counts beside a "not" and in whatever language it stands: silence is the safe side', () => {
    expect(signsOf('没有躲着')).toEqual(['hiding']);
    expect(signsOf('我没有被绑架')).toEqual(['captive']);
    expect(signsOf('I am not hiding')).toEqual(['hiding']);
    expect(readingOf('没有躲着').urgency?.value).toBe('immediate');
    expect(readingOf('我没有被绑架').matter).toMatchObject({ certainty: 'guessed', value: { code: 'held-against-will' } });
    expect(signsOf('たすけてください。别回短信')).toContain('no-reply');
  });

  it.each([
    '电动车被偷了，在中央大街',
    '有人打架，三个人受伤',
    '广场舞太吵了',
    '手机丢了在出租车上',
    '中央大街100号着火了',
    '剧本杀店门口违停',
    '电梯坏了困在电梯里',
    '我在地铁站门口等你们',
    'my bike was stolen near the bridge',
    'loud music upstairs, cannot sleep',
    'car accident on the bridge, two people injured',
    'ДТП на мосту, двое пострадавших',
    'соседи шумят ночью',
    '駅の近くにいます。財布を落としました',
    '교통사고가 났어요. 집 앞에서요',
    '층간소음이 심해요',
  ])('is none of: "%s"', (text) => {
    expect(signsOf(text)).toEqual([]);
  });

  it('is not seen in what a deaf reporter cannot do anyway, and is in what they add', () => {
    expect(signsOf('我是聋哑人，不能说话，手机被偷了')).toEqual([]);
    expect(signsOf('L 不方便打电话，手机被偷了')).toEqual([]);
    expect(signsOf('I am deaf, I cannot call. My bike was stolen')).toEqual([]);
    expect(signsOf('Я глухой, звонить не могу, украли сумку')).toEqual([]);
    expect(signsOf('耳が聞こえません。電話できません。財布を盗まれました')).toEqual([]);
    expect(signsOf('청각장애인입니다 전화 못해요 가방을 도난당했어요')).toEqual([]);
    expect(signsOf('我是聋哑人，不能说话，他在门外')).toEqual(['attacker-near']);
    expect(signsOf('我是聋哑人，别回短信')).toEqual(['no-reply']);
    expect(signsOf('不能说话')).toEqual(['hiding']);
  });

  it('is seen through blanks, emoji, full-width letters and traditional characters', () => {
    expect(signsOf('別 打 電 話')).toContain('no-reply');
    expect(signsOf('别😭回😭短信')).toContain('no-reply');
    expect(signsOf('ＤＯＮＴ ＣＡＬＬ')).toContain('no-reply');
  });

  it('makes the text immediate, but a mere wish for silence only urgent', () => {
    expect(readingOf('他在门外').urgency?.value).toBe('immediate');
    expect(readingOf('别回短信').urgency?.value).toBe('urgent');
  });
});

describe('weapons', () => {
  it.each([
    ['他有刀', ['knife']],
    ['拿着枪和棍子', ['gun', 'blunt']],
    ['he has a knife', ['knife']],
    ['у него пистолет', ['gun']],
    ['包丁を持っています', ['knife']],
    ['총을 들고 있어요', ['gun']],
    ['没有刀', []],
    ['no gun', []],
    ['刃物は持っていません', []],
    ['칼은 없어요', []],
    ['吃刀削面', []],
    ['총 세 명이에요', []],
    ['あなたの', []],
  ])('of "%s" are %j', (text, codes) => {
    expect(readingOf(text).weapons.map(({ value }) => value)).toEqual(codes);
  });
});
