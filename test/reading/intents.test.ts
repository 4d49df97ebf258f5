/** What a text is for besides reporting, who cannot hear or speak, and whether anything is told at all. */
import { describe, expect, it } from 'vitest';
import { instant } from '../../src/kernel/instants.ts';
import { read } from '../../src/reading/read.ts';
import type { Intent } from '../../src/reading/reading.ts';
import { corpusRules } from './corpus-rules.ts';

const rules = corpusRules();
const at = instant(Date.parse('2026-03-01T20:00:00+08:00'));
const readingOf = (text: string) => read(text, at, rules);
const intentsOf = (text: string): readonly Intent[] => readingOf(text).intents.map(({ value }) => value);

describe('an intent', () => {
  it.each<[Intent, readonly string[]]>([
    ['asks-state', ['处理得怎么样了', '警察到了吗', '怎么还没来', 'any update?', 'когда приедете?', 'どうなりましたか', '언제 오나요']],
    ['supplement', ['补充一下，他穿红衣服', '续报', 'forgot to mention he wears red', 'хочу добавить', '追加です', '추가로 말씀드려요']],
    ['correction', ['地址写错了', '更正：在5号楼', 'sorry i meant building 5', 'ошибся адресом', '住所を間違えました', '주소가 틀렸어요']],
    ['another', ['还有一件事要报', 'this is another incident', 'это другой случай', '別の件です', '다른 사건이에요']],
    ['calls-off', ['不用来了', '没事了', 'false alarm', 'не приезжайте', 'もう大丈夫です', '취소할게요']],
    ['answers-yes', ['是', '是的，他还在', '对', 'Yes', 'yes.', 'да', 'はい', '네']],
    ['answers-no', ['不是', '没有', '没有，他走了', 'No', 'нет', 'いいえ', '아니요']],
  ])('%s is seen in each of these', (intent, texts) => {
    for (const text of texts) expect(intentsOf(text), text).toContain(intent);
  });

  it('of an answer is none where the word only begins a sentence', () => {
    for (const text of ['没有人受伤', '对面着火了', '是不是可以短信报警', '在中央大街', 'No one is hurt', 'нет света', '네거리에서 사고']) {
      expect(
        intentsOf(text).filter((intent) => intent.startsWith('answers')),
        text,
      ).toEqual([]);
    }
  });
});

describe('a reporter who cannot hear or speak', () => {
  it.each([
    'L 我的包被抢了',
    '我的包被抢了L',
    'Ｌ，有人打架',
    '有人打架 l',
    '我是聋哑人',
    '听障人士报警',
    'I am deaf',
    'deaf-mute here',
    'я глухой',
    'я немая',
    '耳が聞こえません',
    '聴覚障害者です',
    '청각장애인입니다',
  ])('is seen in "%s"', (text) => {
    expect(readingOf(text).impaired).toMatchObject({ certainty: 'stated', value: 'hearing-or-speech' });
  });

  it('is a guess where the L stands by itself in the middle, or alone', () => {
    expect(readingOf('有人打架 L 中央大街').impaired?.certainty).toBe('guessed');
    expect(readingOf('L').impaired?.certainty).toBe('guessed');
  });

  it.each([
    '在L座大厅有人打架',
    'L号楼着火',
    '5L汽油',
    '我在LV店',
    '有人打架XL',
    '他的衣服是L码的红色',
    'meet at L street',
    'deafening noise',
    '孩子还不会说话走丢了',
  ])('is not seen in "%s"', (text) => {
    expect(readingOf(text).impaired).toBeNull();
  });
});

describe('whether a text says what happened', () => {
  it.each([
    '有人打架',
    '一个穿红衣服的人一直在转圈',
    'a man is dancing naked',
    'странный человек у подъезда ходит кругами',
    'help, my bike was stolen',
    '没有人受伤',
    '変な男が歩き回っています',
  ])('is so of "%s"', (text) => {
    expect(readingOf(text).saysWhat).toBe(true);
  });

  it.each([
    '',
    '你好',
    '救命',
    '快来',
    '您好，我要报警',
    '110',
    '中央大街100号',
    '2303015',
    'hello',
    'help',
    'please help me',
    'помогите',
    'здравствуйте',
    '助けて',
    '도와주세요',
    '别回短信',
    '我躲着',
    '[…2/3…]',
    '😀😀',
    '是',
  ])('is not so of "%s"', (text) => {
    expect(readingOf(text).saysWhat).toBe(false);
  });
});
