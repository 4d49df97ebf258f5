/**
 * What belongs to a welcome in more than one language, wherever the caller stands when it is said: in the greeting itself, or already
 * while a phone rings. Decides nothing about places.
 */
import type { Call } from './call.ts';
import type { Message } from './messages.ts';
import type { Rules } from './rules.ts';

/** The greeting and the menu after it; they are heard to their end while a phone rings. */
export const isWelcome = (call: Call): boolean => call.saying?.what === 'greeting' || call.saying?.what === 'language-menu';

/** After the greeting of the centre one line in each other language; who has chosen one already needs no menu. */
export function menuAfter(call: Call, rules: Rules): Message | null {
  const { languageOffers: offers } = rules;
  const isDue = call.saying?.what === 'greeting' && offers.length > 0 && !offers.some(({ language }) => language === call.language);
  return isDue ? { say: 'language-menu', offers } : null;
}

/** In a language of their own, the place is worth telling again; the figures still never rise. */
export const inLanguage = (call: Call, language: string): Call => ({ ...call, language, told: { ...call.told, place: null } });
