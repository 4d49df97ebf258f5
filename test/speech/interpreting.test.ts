import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Message } from '../../src/call/messages.ts';
import { clipsOf, compose, languages } from '../../src/speech/compose.ts';
import { minutes, patience, said } from './in-words.ts';

/** What only a call knows: numbers, places, waits, menus of keys. */
const OF_FIGURES = /^(?:number|native|persons|minutes|thousand|person|minute|place|wait|menu)\//;
const asked = (language: string): Message => ({ say: 'volunteer-asked', language });
const TO_VOLUNTEERS: readonly Message[] = [...[...languages, 'fr'].map(asked), { say: 'volunteer-wait' }, { say: 'volunteer-thanks' }];

/** How each language asks for Russian, and for a language it has no name for. */
const ASKED: Readonly<Record<string, readonly [string, string]>> = {
  zh: [
    '您好，这里是110报警服务台。现在急需一名俄语翻译。接受请按一号键，拒绝请按其他任意键。',
    '您好，这里是110报警服务台。现在急需一名外语翻译。接受请按一号键，拒绝请按其他任意键。',
  ],
  en: [
    'Hello, this is the 110 police emergency desk. An interpreter is needed now for Russian. To accept, press one. To refuse, press any other key.',
    'Hello, this is the 110 police emergency desk. An interpreter is needed now for a foreign language. To accept, press one. To refuse, press any other key.',
  ],
  ru: [
    'Здравствуйте, это служба экстренного вызова полиции 110. Сейчас нужен переводчик с русского языка. Чтобы согласиться, нажмите один. Чтобы отказаться, нажмите любую другую клавишу.',
    'Здравствуйте, это служба экстренного вызова полиции 110. Сейчас нужен переводчик с иностранного языка. Чтобы согласиться, нажмите один. Чтобы отказаться, нажмите любую другую клавишу.',
  ],
  ja: [
    'こちらは警察緊急通報110番です。ただいま、ロシア語の通訳が必要です。お引き受けの場合はいちを、お断りの場合はほかのボタンを押してください。',
    'こちらは警察緊急通報110番です。ただいま、外国語の通訳が必要です。お引き受けの場合はいちを、お断りの場合はほかのボタンを押してください。',
  ],
  ko: [
    '안녕하십니까. 110 경찰 긴급 신고 센터입니다. 지금 러시아어 통역이 필요합니다. 수락은 일 번, 거절은 다른 번호를 눌러 주십시오.',
    '안녕하십니까. 110 경찰 긴급 신고 센터입니다. 지금 외국어 통역이 필요합니다. 수락은 일 번, 거절은 다른 번호를 눌러 주십시오.',
  ],
};

test('every language that is spoken is asked for by its name, in every language, and no two names sound alike', () => {
  for (const speaks of languages) {
    const questions = [...languages, 'fr'].map((language) => said(asked(language), speaks));
    expect(new Set(questions).size).toBe(languages.length + 1);
  }
});

describe.each(languages)('in %s', (language) => {
  test('a volunteer hears who asks, for which language, and the keys', () => {
    expect([said(asked('ru'), language), said(asked('fr'), language)]).toEqual(ASKED[language]);
  });

  test.each(['', 'constructor', '__proto__', 'toString', 'RU', 'ru-RU', 'foreign', '../zh', '+8613800138000'])(
    'the language "%s" has no name here, and is a foreign one',
    (tag) => {
      expect(compose(asked(tag), language)).toEqual(compose(asked('fr'), language));
    },
  );

  test('nothing that is said to a volunteer is made of clips with figures', () => {
    expect(clipsOf(language).some((clip) => OF_FIGURES.test(clip))).toBe(true);
    for (const message of TO_VOLUNTEERS) expect(compose(message, language).filter(({ clip }) => OF_FIGURES.test(clip))).toEqual([]);
  });

  test('the only figure in the words to a volunteer is the number of the desk', () => {
    for (const message of TO_VOLUNTEERS) expect(said(message, language).replace('110', '')).not.toMatch(/\p{N}/u);
  });

  test('whatever is put into a message to a volunteer, one of the few known sentences is heard', () => {
    const known = new Set(TO_VOLUNTEERS.map((message) => said(message, language)));
    const more = fc.record({ place: fc.integer(), number: fc.string(), address: fc.string() });
    const says = fc.constantFrom('volunteer-asked' as const, 'volunteer-wait' as const, 'volunteer-thanks' as const);
    fc.assert(
      fc.property(says, fc.string(), more, (say, tag, smuggled) => {
        expect(known).toContain(said({ ...smuggled, say, language: tag }, language));
      }),
    );
  });

  test('a waiting caller hears of the interpreter behind place and wait, and then not to hang up', () => {
    const [bare, sought, found] = ([null, 'sought', 'found'] as const).map((interpreter) =>
      compose(patience(3, minutes(2, 5), interpreter), language).map(({ clip }) => clip),
    );
    const end = bare?.indexOf('patience') ?? -1;
    expect(end).toBeGreaterThan(0);
    expect(sought).toEqual([...(bare ?? []).slice(0, end), 'interpreter/sought', ...(bare ?? []).slice(end)]);
    expect(found).toEqual([...(bare ?? []).slice(0, end), 'interpreter/found', ...(bare ?? []).slice(end)]);
  });

  test('sought, found, in private and on hold are four different things to hear', () => {
    const heard: readonly Message[] = [patience(null, null, 'sought'), patience(null, null, 'found'), { say: 'private' }, { say: 'hold' }];
    expect(new Set(heard.map((message) => said(message, language))).size).toBe(4);
  });
});

test.each([
  ['zh', '正在为您联系翻译，请稍候。请不要挂机，'],
  ['en', 'An interpreter is being called for you. Please stay on the line. Please do not hang up.'],
  ['ru', 'Мы вызываем для вас переводчика. Пожалуйста, не кладите трубку. '],
  ['ja', 'ただいま通訳を呼び出しております。そのままお待ちください。電話を切らずにお待ちください。'],
  ['ko', '지금 통역사를 부르고 있습니다. 잠시만 기다려 주십시오. 전화를 끊지 말고 기다려 주십시오.'],
])('%s: an interpreter is being called, and one should not hang up', (language, words) => {
  expect(said(patience(null, null, 'sought'), language).startsWith(words)).toBe(true);
});
