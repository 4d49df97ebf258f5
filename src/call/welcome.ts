/**
 * What belongs to a welcome in more than one language, wherever the caller stands when it is said: in the greeting itself, or already
 * while a phone rings. Decides nothing about places.
 */
import type { Instant } from '../kernel/instants.ts';
import type { Call } from './call.ts';
import { seek, wantsInterpreter } from './interpreter.ts';
import type { Message } from './messages.ts';
import type { Rules } from './rules.ts';
import { stay, type Step } from './station.ts';

/** The greeting and the menu after it; they are heard to their end while a phone rings. */
export const isWelcome = (call: Call): boolean => call.saying?.what === 'greeting' || call.saying?.what === 'language-menu';

/** After the greeting of the centre one line in each other language; who has chosen one already needs no menu. */
export function menuAfter(call: Call, rules: Rules): Message | null {
  const { languageOffers: offers } = rules;
  const isDue = call.saying?.what === 'greeting' && offers.length > 0 && !offers.some(({ language }) => language === call.language);
  return isDue ? { say: 'language-menu', offers } : null;
}

/**
 * From now on in this language: the place is worth telling again (the figures still never rise), and where the centre wants it so, an
 * interpreter is asked already while the caller waits.
 */
export function inLanguage(call: Call, language: string, time: Instant, rules: Rules): Step {
  const chosen: Call = { ...call, language, told: { ...call.told, place: null } };
  return wantsInterpreter(chosen, rules) ? seek(chosen, language, time, rules) : stay(chosen);
}
