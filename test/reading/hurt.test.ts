/** People hurt or dead, and their number. */
import { describe, expect, it } from 'vitest';
import { hurtIn } from '../../src/reading/hurt.ts';
import { wordHitsIn } from '../../src/reading/word-hits.ts';
import { corpusRules } from './corpus-rules.ts';

const { words } = corpusRules();
const hurt = (text: string) => hurtIn(wordHitsIn(text, words));
const countOf = (text: string): number | null | 'nothing' => {
  const finding = hurt(text);
  return finding === null ? 'nothing' : finding.value;
};

describe('people hurt', () => {
  it.each([
    ['三个人受伤', 3],
    ['有3人受伤了', 3],
    ['十二个人受伤', 12],
    ['两个人都被砍伤了', 2],
    ['受伤三人', 3],
    ['伤了两个人', 2],
    ['一死两伤', 3],
    ['两人死亡，三人受伤', 5],
    ['三人受伤，其中一人死亡', 3],
    ['三个人受伤，一个重伤', 3],
    ['我受伤了', 1],
    ['two people injured', 2],
    ['3 people are badly hurt', 3],
    ['2 dead', 2],
    ['at least 5 injured', 5],
    ['two young men wounded', 2],
    ['a woman is unconscious', 1],
    ['двое ранены', 2],
    ['ранены 3 человека', 3],
    ['пострадало двое', 2],
    ['2人けが', 2],
    ['けが人が3名', 3],
    ['二人が負傷', 2],
    ['두 명 부상', 2],
    ['3명이 다쳤어요', 3],
    ['부상자 2명', 2],
  ])('"%s": %s', (text, count) => {
    expect(countOf(text)).toBe(count);
  });

  it.each([
    '有人受伤',
    'people are hurt',
    'есть раненые',
    'けが人がいます',
    '다친 사람이 있어요',
    '3号楼有人受伤',
    '12栋 受伤',
    '两个人打架，有人受伤',
  ])('are some, without a number that belongs elsewhere: "%s"', (text) => {
    expect(countOf(text)).toBeNull();
  });

  it.each([
    '没有人受伤',
    '没人受伤',
    '无人受伤',
    'nobody is hurt',
    'no one was injured',
    'никто не пострадал',
    'пострадавших нет',
    'けが人はいません',
    '다친 사람은 없어요',
    '부상자 없습니다',
  ])('are none: "%s"', (text) => {
    expect(hurt(text)).toMatchObject({ value: 0, certainty: 'stated' });
  });

  it.each(['手机丢了', '累死了', '我真伤心', 'my phone is dead', 'dead end street', '커피가 좋아요', '有没有停车场'])(
    'are not spoken of: "%s"',
    (text) => {
      expect(countOf(text)).toBe('nothing');
    },
  );

  it('are some where one sentence says nobody and another somebody', () => {
    expect(countOf('车里没有人受伤。路上有人受伤')).toBeNull();
  });

  it('are quoted with their number, as it was written', () => {
    expect(hurt('车祸 ３ 個人受傷')?.said).toBe('３ 個人受傷');
    expect(hurt('这里没有人受伤')?.said).toBe('没有人受伤');
    expect(hurt('けが人はいません')?.said).toBe('けが人はいません');
  });

  it('are never counted by a number that is a year, a telephone or a house', () => {
    expect(countOf('13904567788 有人受伤')).toBeNull();
    expect(countOf('2023人受伤')).toBeNull();
  });
});
