/**
 * Who calls, with what, and what the call takers write down. Everything is invented, and the numbers are nobody's.
 */
import type { Closing } from '../../src/control/room-ports.ts';
import type { IncidentEdit } from '../../src/incident/incident.ts';

export interface Caller {
  /** As the trunk shows it. */
  readonly number: string;
  /** For somebody who does not read Chinese. */
  readonly about: string;
  /** Speaks no Chinese: presses the key that the menu says, and needs an interpreter. */
  readonly speaks?: Foreign;
  readonly fate: Fate;
}

/** A language as the menu offers it (BCP 47 primary tag, key), as the record has it (ISO 639-3), and in English. */
export interface Foreign {
  readonly language: string;
  readonly onRecord: string;
  readonly name: string;
  readonly key: string;
}

/** As the centre speaks them: Chinese first, then one key for each, from 1 on. */
export const LANGUAGES = ['zh', 'en', 'ru', 'ja', 'ko'] as const;
const RUSSIAN: Foreign = { language: 'ru', onRecord: 'rus', name: 'Russian', key: String(LANGUAGES.indexOf('ru')) };

/** Who interprets, as the roster has them, and where their phone registers. */
export const VOLUNTEER = {
  id: 'v01',
  name: '志愿者 01',
  languages: 'ru fluent',
  addresses: 'sip:volunteer-01',
  duty: 'mon-sun 00:00-24:00',
} as const;

/** What each of a conversation of three sounds like, in Hz, so that one can tell who hears whom. */
export const TONES = { caller: 500, 'call taker': 800, interpreter: 1250 } as const;
export type Voice = keyof typeof TONES;
export const VOICES = Object.keys(TONES) as readonly Voice[];

export type Fate =
  /** Written down and handed over to dispatch; completed later where more became known. */
  | { readonly is: 'handed-over'; readonly first: IncidentEdit; readonly later?: IncidentEdit; readonly laterAbout?: string }
  /** No matter for the police: closed by the call taker, and dispatch never hears of it. */
  | { readonly is: 'not-sent'; readonly first: IncidentEdit; readonly closing: Closing }
  /** Hangs up while still waiting; somebody calls back and closes the record. */
  | { readonly is: 'gives-up'; readonly afterMs: number; readonly closing: Closing };

/** Who sits at the desks. */
export const DESKS = ['1001', '1002'] as const;
export type Desk = (typeof DESKS)[number];

export const CALLERS: readonly Caller[] = [
  {
    number: '13800001001',
    about: 'a phone was stolen on the bus',
    fate: {
      is: 'handed-over',
      first: {
        matter: { class: 'criminal', code: 'theft' },
        urgency: 'normal',
        what: '在公交车上手机被盗，嫌疑人已下车，往江边方向走',
        place: { stated: '中央大街公交站', address: '道里区中央大街与西十二道街路口', certainty: 'confirmed' },
        happened: { stated: '刚才，五分钟前' },
      },
    },
  },
  {
    number: '13800001002',
    about: 'a fight, one man is bleeding',
    fate: {
      is: 'handed-over',
      first: {
        matter: { class: 'public-order', code: 'fight' },
        urgency: 'urgent',
        what: '两名男子在烧烤店门口打架，一人头部流血',
        place: { stated: '红博广场旁边的烧烤店门口', certainty: 'stated' },
        happened: { stated: '正在打' },
      },
    },
  },
  {
    number: '13800001003',
    about: 'a kitchen is on fire',
    fate: {
      is: 'handed-over',
      first: {
        matter: { class: 'disaster-accident', code: 'fire' },
        urgency: 'immediate',
        what: '居民楼四楼厨房着火，浓烟很大，楼上有老人',
        place: { stated: '和兴路小区三号楼', address: '南岗区和兴路', certainty: 'guessed' },
        happened: { stated: '现在' },
      },
    },
  },
  {
    number: '13800001004',
    about: 'a quarrel between neighbours',
    fate: {
      is: 'gives-up',
      afterMs: 16_500,
      closing: { outcome: 'called-back', reason: '已回拨：报警人说与邻居的争执已经平息，不需要出警' },
    },
  },
  {
    number: '13800001005',
    about: 'somebody fell into the river',
    fate: {
      is: 'handed-over',
      first: {
        matter: { class: 'urgent-help', code: 'drowning' },
        urgency: 'immediate',
        what: '有人掉进松花江，还在水里挣扎',
        place: { stated: '防洪纪念塔下游，路灯杆旁', poleCode: '1030507', certainty: 'stated' },
        happened: { stated: '一分钟前' },
      },
      later: { what: '有人掉进松花江；已被两名路人拉上岸，意识清醒，体温很低，需要120' },
      laterAbout: 'pulled out by passers-by, needs an ambulance',
    },
  },
  {
    number: '13800001006',
    about: 'speaks only Russian: her bag with the passport was stolen at the station',
    speaks: RUSSIAN,
    fate: {
      is: 'handed-over',
      first: {
        matter: { class: 'criminal', code: 'theft' },
        urgency: 'normal',
        what: '经翻译：俄罗斯籍女子在火车站候车厅背包被盗，内有护照',
        place: { stated: '哈尔滨站二楼候车厅，检票口旁', address: '南岗区铁路街', certainty: 'confirmed' },
        happened: { stated: '十分钟前' },
      },
    },
  },
  {
    number: '13800001007',
    about: 'asks when the identity card office opens',
    fate: {
      is: 'not-sent',
      first: { matter: { class: 'non-police', reason: '咨询身份证办理时间' }, what: '咨询身份证办理窗口的开放时间' },
      closing: { outcome: 'referred', reason: '非警务诉求，已告知拨打12345' },
    },
  },
];

export const callerOf = (number: string | null): Caller | null => CALLERS.find((caller) => caller.number === number) ?? null;
