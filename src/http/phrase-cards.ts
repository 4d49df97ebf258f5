/**
 * Phrase cards: what a call taker reads out to a caller when nobody interprets. Short sentences in the caller's language, how to
 * pronounce them with Latin letters, and what they mean in Chinese. Only data and the way to one card; never spoken by the machine.
 */
import { Type, type Static } from 'typebox';
import { CLOSED } from './api.ts';

/** What each sentence is for, in the order in which they are usually needed, with its meaning. `*` stands for the language's name. */
const MEANINGS = {
  'do-not-hang-up': '这里是110报警台，请不要挂断。',
  'no-language': '我不会说*。我会念几个简短的问题。',
  'yes-or-no': '请回答“是”或“不是”。',
  danger: '您现在有危险吗？',
  hurt: '有人受伤吗？',
  fire: '着火了吗？',
  weapon: '有人拿着凶器吗？',
  where: '您在哪里？请说街道、酒店或商店的名字。',
  number: '请慢慢说您的电话号码。',
  'chinese-speaker': '请把电话交给会说中文的人。',
  'safe-place': '请到安全的地方，在那里等候。',
  'police-coming': '警察正在路上。（已经派警才念）',
  interpreter: '我们正在找翻译，请稍等。',
} as const;
type About = keyof typeof MEANINGS;

/** In the language's own script, and how it is said. */
type Spoken = readonly [text: string, pronunciation: string];
interface Card {
  readonly name: string;
  readonly reading: string;
  readonly yes: Spoken;
  readonly no: Spoken;
  readonly phrases: Readonly<Record<About, Spoken>>;
}

const STRESS = '连字符分音节，大写的音节重读';

const CARDS: Readonly<Record<string, Card>> = {
  en: {
    name: '英语',
    reading: STRESS,
    yes: ['yes', 'yes'],
    no: ['no', 'nou'],
    phrases: {
      'do-not-hang-up': ['This is the police, 110. Please do not hang up.', 'Dis iz de po-LIS, wan wan OU. Pliz du not hang AP.'],
      'no-language': ['I do not speak English. I will read short questions.', 'Ai du not spik ING-glish. Ai wil rid short KWES-chenz.'],
      'yes-or-no': ['Please answer yes or no.', 'Pliz AN-ser yes or nou.'],
      danger: ['Are you in danger now?', 'A yu in DEIN-jer nau?'],
      hurt: ['Is anyone hurt?', 'Iz E-ni-wan hert?'],
      fire: ['Is there a fire?', 'Iz der e FAI-er?'],
      weapon: ['Does anyone have a weapon?', 'Daz E-ni-wan hav e WE-pen?'],
      where: ['Where are you? Tell me the street, the hotel or the shop.', 'Wer a yu? Tel mi de STRIT, de hou-TEL or de SHOP.'],
      number: ['Please say your phone number slowly.', 'Pliz sei yor FOUN nam-ber SLOU-li.'],
      'chinese-speaker': ['Please give the phone to someone who speaks Chinese.', 'Pliz giv de FOUN tu SAM-wan hu spiks chai-NIZ.'],
      'safe-place': ['Go to a safe place and wait there.', 'Gou tu e SEIF pleis and WEIT der.'],
      'police-coming': ['The police are on the way.', 'De po-LIS a on de WEI.'],
      interpreter: ['We are looking for an interpreter. Please wait.', 'Wi a LU-king for en in-TER-pri-ter. Pliz WEIT.'],
    },
  },
  ru: {
    name: '俄语',
    reading: STRESS,
    yes: ['да', 'da'],
    no: ['нет', 'nyet'],
    phrases: {
      'do-not-hang-up': ['Это полиция, служба 110. Не кладите трубку.', 'E-ta pa-LI-tsy-ya, SLUZH-ba sto DYE-syat. Ni kla-DI-tye TRUP-ku.'],
      'no-language': [
        'Я не говорю по-русски. Я прочитаю короткие вопросы.',
        'Ya ni ga-va-RYU pa-RUS-ki. Ya pra-chi-TA-yu ka-ROT-ki-ye va-PRO-sy.',
      ],
      'yes-or-no': ['Отвечайте «да» или «нет».', 'At-vi-CHAI-tye DA I-li NYET.'],
      danger: ['Вы сейчас в опасности?', 'Vy si-CHAS v a-PAS-na-sti?'],
      hurt: ['Есть раненые?', 'Yest RA-ni-ny-ye?'],
      fire: ['Там пожар?', 'Tam pa-ZHAR?'],
      weapon: ['У кого-нибудь есть оружие?', 'U ka-VO-ni-but yest a-RU-zhy-ye?'],
      where: ['Где вы? Назовите улицу, гостиницу или магазин.', 'Gdye VY? Na-za-VI-tye U-li-tsu, ga-STI-ni-tsu I-li ma-ga-ZIN.'],
      number: ['Скажите медленно ваш номер телефона.', 'Ska-ZHY-tye MYED-lin-na vash NO-mir ti-li-FO-na.'],
      'chinese-speaker': [
        'Передайте, пожалуйста, телефон тому, кто говорит по-китайски.',
        'Pi-ri-DAI-tye, pa-ZHA-lus-ta, ti-li-FON ta-MU, kto ga-va-RIT pa-ki-TAI-ski.',
      ],
      'safe-place': ['Идите в безопасное место и ждите там.', 'I-DI-tye v bi-za-PAS-na-ye MYES-ta i ZHDI-tye tam.'],
      'police-coming': ['Полиция уже едет.', 'Pa-LI-tsy-ya u-ZHE YE-dit.'],
      interpreter: ['Мы ищем переводчика. Пожалуйста, подождите.', 'My I-shchim pi-ri-VOT-chi-ka. Pa-ZHA-lus-ta, pa-dazh-DI-tye.'],
    },
  },
  ja: {
    name: '日语',
    reading: '罗马字，横线表示长音',
    yes: ['はい', 'hai'],
    no: ['いいえ', 'iie'],
    phrases: {
      'do-not-hang-up': [
        'こちらは警察の110番です。電話を切らないでください。',
        'Kochira wa keisatsu no hyakutōban desu. Denwa o kiranaide kudasai.',
      ],
      'no-language': ['日本語が話せません。短い質問を読みます。', 'Nihongo ga hanasemasen. Mijikai shitsumon o yomimasu.'],
      'yes-or-no': ['「はい」か「いいえ」で答えてください。', '"Hai" ka "iie" de kotaete kudasai.'],
      danger: ['今、危険な状態ですか。', 'Ima, kiken na jōtai desu ka.'],
      hurt: ['けがをした人はいますか。', 'Kega o shita hito wa imasu ka.'],
      fire: ['火事ですか。', 'Kaji desu ka.'],
      weapon: ['武器を持っている人はいますか。', 'Buki o motte iru hito wa imasu ka.'],
      where: [
        '今どこにいますか。通り、ホテル、または店の名前を言ってください。',
        'Ima doko ni imasu ka. Tōri, hoteru, mata wa mise no namae o itte kudasai.',
      ],
      number: ['電話番号をゆっくり言ってください。', 'Denwa bangō o yukkuri itte kudasai.'],
      'chinese-speaker': ['中国語を話せる人に電話を代わってください。', 'Chūgokugo o hanaseru hito ni denwa o kawatte kudasai.'],
      'safe-place': ['安全な場所へ行って、そこで待ってください。', 'Anzen na basho e itte, soko de matte kudasai.'],
      'police-coming': ['警察がそちらに向かっています。', 'Keisatsu ga sochira ni mukatte imasu.'],
      interpreter: ['通訳を探しています。少しお待ちください。', 'Tsūyaku o sagashite imasu. Sukoshi omachi kudasai.'],
    },
  },
  ko: {
    name: '韩语',
    reading: '按实际读音转写的罗马字',
    yes: ['네', 'ne'],
    no: ['아니요', 'aniyo'],
    phrases: {
      'do-not-hang-up': ['중국 경찰 110입니다. 전화를 끊지 마세요.', 'Jungguk gyeongchal il-il-gong-imnida. Jeonhwareul kkeunchi maseyo.'],
      'no-language': [
        '저는 한국어를 못합니다. 짧은 질문을 읽겠습니다.',
        'Jeoneun hangugeoreul motamnida. Jjalbeun jilmuneul ilkkesseumnida.',
      ],
      'yes-or-no': ["'네' 또는 '아니요'로 대답해 주세요.", '"Ne" ttoneun "aniyo"-ro daedapae juseyo.'],
      danger: ['지금 위험한 상황입니까?', 'Jigeum wiheomhan sanghwang-imnikka?'],
      hurt: ['다친 사람이 있습니까?', 'Dachin sarami isseumnikka?'],
      fire: ['불이 났습니까?', 'Buri nasseumnikka?'],
      weapon: ['무기를 가진 사람이 있습니까?', 'Mugireul gajin sarami isseumnikka?'],
      where: [
        '지금 어디에 계십니까? 거리, 호텔 또는 가게 이름을 말씀해 주세요.',
        'Jigeum eodie gyesimnikka? Geori, hotel ttoneun gage ireumeul malsseumhae juseyo.',
      ],
      number: ['전화번호를 천천히 말씀해 주세요.', 'Jeonhwabeonhoreul cheoncheonhi malsseumhae juseyo.'],
      'chinese-speaker': ['중국어를 하는 사람에게 전화를 바꿔 주세요.', 'Junggugeoreul haneun saramege jeonhwareul bakkwo juseyo.'],
      'safe-place': ['안전한 곳으로 가서 거기에서 기다려 주세요.', 'Anjeonhan goseuro gaseo geogieseo gidaryeo juseyo.'],
      'police-coming': ['경찰이 가고 있습니다.', 'Gyeongchari gago isseumnida.'],
      interpreter: ['통역을 찾고 있습니다. 잠시만 기다려 주세요.', 'Tongyeogeul chatgo isseumnida. Jamsiman gidaryeo juseyo.'],
    },
  },
};

export const CARD_LANGUAGES: readonly string[] = Object.keys(CARDS);

const Phrase = {
  text: Type.String({ description: "In the language's own script" }),
  pronunciation: Type.String({ description: 'How to say it, in Latin letters' }),
};
export const PhraseCard = Type.Object(
  {
    language: Type.String({ description: 'BCP 47 primary tag', examples: ['ru'] }),
    name: Type.String({ description: 'The language in Chinese' }),
    reading: Type.String({ description: 'How the pronunciation is to be read, in Chinese' }),
    yes: Type.Object(Phrase, CLOSED),
    no: Type.Object(Phrase, CLOSED),
    phrases: Type.Array(
      Type.Object(
        { about: Type.Enum(Object.keys(MEANINGS) as About[]), ...Phrase, meaning: Type.String({ description: 'In Chinese' }) },
        CLOSED,
      ),
    ),
  },
  { ...CLOSED, description: 'To be read out by a call taker; the order is the usual one' },
);

const spoken = ([text, pronunciation]: Spoken) => ({ text, pronunciation });

/** `null` where there is no card for the language. */
export function phraseCard(language: string): Static<typeof PhraseCard> | null {
  const card = Object.hasOwn(CARDS, language) ? CARDS[language] : undefined;
  if (card === undefined) return null;
  const { name, reading, yes, no, phrases } = card;
  return {
    language,
    name,
    reading,
    yes: spoken(yes),
    no: spoken(no),
    phrases: (Object.keys(MEANINGS) as About[]).map((about) => ({
      about,
      ...spoken(phrases[about]),
      meaning: MEANINGS[about].replace('*', name),
    })),
  };
}
