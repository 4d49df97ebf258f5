/** The language of a text: by script, and by its commonest words where the script is Latin. */
import { expect, it } from 'vitest';
import { languageOf } from '../../src/reading/language.ts';

it.each([
  ['zh', '我在南岗区，有人打架'],
  ['zh', '有人砍人，在學府路'],
  ['zh', 'L 我听不见 南岗区中山路'],
  ['en', 'someone broke into my flat'],
  ['en', 'Please help, I am at 南岗区中山路110号3单元501室'],
  ['en', 'HELP'],
  ['ru', 'на меня напали'],
  ['ru', 'я на 中山路 у больницы'],
  ['ja', '助けてください、中山区です'],
  ['ja', '財布を盗まれた'],
  ['ko', '도와주세요 난강구'],
  ['und', 'Ayuda por favor, me robaron en la calle'],
  ['und', 'ช่วยด้วย'],
  ['und', 'النجدة'],
  ['und', '3021456'],
  ['und', '😀'],
  ['und', ''],
])('%s: %s', (tag, text) => {
  expect(languageOf(text).tag).toBe(tag);
});

it('is only a guess where there is little to go by, or a neighbour of a language we know', () => {
  expect(languageOf('ok').certainty).toBe('guessed');
  expect(languageOf('на мене напали, допоможіть')).toEqual({ tag: 'ru', certainty: 'guessed' });
  expect(languageOf('我被抢了').certainty).toBe('stated');
});

it('does not take a link for a sentence in English', () => {
  expect(languageOf('我的位置 https://uri.example.com/the/is/my/position/please/help/me/at/the/station').tag).toBe('zh');
});
