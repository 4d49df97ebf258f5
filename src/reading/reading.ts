/**
 * What can be made out of the words of a text. Every finding keeps what the reporter literally said and how sure we are; nothing here
 * is ever put in place of their words. Shapes, and the reading of nothing.
 */
import type { Instant } from '../kernel/instants.ts';

/** `stated`: the reporter said just this (a date, a pole code, "knife"). `guessed`: made out of what they said (刚才, a landmark's name). */
export type Certainty = 'stated' | 'guessed';

export interface Found<T> {
  /** The reporter's own words, cut out of the text as they stand there. */
  readonly said: string;
  readonly certainty: Certainty;
  readonly value: T;
}

export const SPOKEN = ['zh', 'en', 'ru', 'ja', 'ko'] as const;
/** BCP 47 primary tag of a language that replies are written in. */
export type SpokenLanguage = (typeof SPOKEN)[number];

export const DANGER_SIGNS = ['hiding', 'captive', 'domestic-violence', 'attacker-near', 'no-reply', 'killing', 'self-harm'] as const;
/**
 * Why an answer may endanger the reporter. `no-reply`: they ask not to be texted or called. `attacker-near`: whoever hurts them can see
 * the telephone. (Ningxia's rule for 12110: no receipt where it endangers the sender.)
 */
export type DangerSign = (typeof DANGER_SIGNS)[number];

export const INTENTS = ['asks-state', 'supplement', 'correction', 'another', 'calls-off', 'answers-yes', 'answers-no'] as const;
/**
 * What a text is for, besides reporting. `asks-state`: what has become of my report? `supplement`: more about the same. `correction`:
 * what I wrote before was wrong. `another`: this is about something else. `calls-off`: police no longer needed (a person decides).
 */
export type Intent = (typeof INTENTS)[number];

export interface Point {
  readonly lat: number;
  readonly lon: number;
  readonly datum: 'WGS-84';
}

export interface PlaceReading {
  /** Pieces of an address as they stand, joined: district, road, number, building, unit, room. */
  readonly address: Found<string> | null;
  /** Digits of a lamp post in this centre's form. */
  readonly poleCode: Found<string> | null;
  /** Door-plate code (门牌/二维码地址编码), as this centre's form has it. */
  readonly plateCode: Found<string> | null;
  /** From coordinates or a map link, brought to WGS-84. */
  readonly point: Found<Point> | null;
  /** A name one can find: a station, a mall, a school, "opposite …". */
  readonly landmark: Found<string> | null;
}

export interface MatterReading {
  /** One of the incident's matter classes. */
  readonly class: string;
  /** The word list's own code, e.g. `robbery`. */
  readonly code: string;
}

export const URGENCY_WORDS = ['immediate', 'urgent', 'normal', 'low'] as const;
export type Urgency = (typeof URGENCY_WORDS)[number];

export interface Reading {
  readonly language: { readonly tag: SpokenLanguage | 'und'; readonly certainty: Certainty };
  readonly happened: Found<Instant> | null;
  readonly place: PlaceReading;
  readonly matter: Found<MatterReading> | null;
  readonly urgency: Found<Urgency> | null;
  /** How many are hurt or dead; `null` as value: some, not said how many. */
  readonly hurt: Found<number | null> | null;
  /** Code of the word list, e.g. `knife`, `gun`, `explosive`. */
  readonly weapons: readonly Found<string>[];
  readonly danger: readonly Found<DangerSign>[];
  /** "L" in a Chinese text, or words that say so: the reporter cannot hear or speak. */
  readonly impaired: Found<'hearing-or-speech'> | null;
  readonly intents: readonly Found<Intent>[];
  /** Whether anything is said about what happened, known to the word list or not (a greeting or a lone number is not). */
  readonly saysWhat: boolean;
}

/** What nothing tells. */
export const NOTHING_READ: Reading = {
  language: { tag: 'und', certainty: 'guessed' },
  happened: null,
  place: { address: null, poleCode: null, plateCode: null, point: null, landmark: null },
  matter: null,
  urgency: null,
  hurt: null,
  weapons: [],
  danger: [],
  impaired: null,
  intents: [],
  saysWhat: false,
};
