/**
 * Which language a text is written in, by its script first and, for Latin letters, by its commonest words. Knows five languages; another
 * one is `und`. Never guesses a country or a person from it.
 */
import { folded, pattern, scriptsOf } from './plain-text.ts';
import type { Scripts } from './plain-text.ts';
import type { Reading } from './reading.ts';

type Language = Reading['language'];

const ENGLISH =
  /\b(?:the|is|are|am|i|my|me|we|he|she|they|you|at|in|on|near|there|this|that|and|please|help|police|need|has|have|was|with|man|men|someone|people|car|fire|come|send|now|not|just|stole|stolen|robbed|hurt|it|to|of|yes|no|thanks|hello|sorry|stop|done|report|status|dont|don't|still|pole|lamp|road|street)\b/g;
/** Common words of neighbours in the same letters, none of them English: Spanish, French, German, Portuguese, Italian, Indonesian, Vietnamese. */
const NEIGHBOURS =
  /\b(?:el|la|los|las|una|por|favor|ayuda|ayudenme|hay|que|con|policia|estoy|esta|le|les|je|suis|une|des|est|aidez|moi|il|dans|rue|avec|der|die|das|und|ich|bin|ist|hilfe|bitte|nicht|ein|eine|mit|um|uma|em|nao|ajuda|aiuto|sono|della|per|tolong|saya|ada|dan|di|yang|toi|giup|cuu|oi)\b/g;
/** Characters that carry Chinese sentences and do not stand in an address or a name. */
const CHINESE_SENTENCE = pattern('[我你他她的了在是有被请們吗不没快这那说着把就還]', 'g');
/** Ukrainian and other neighbours of Russian. */
const NOT_RUSSIAN = /[іїєґў]/;

const certain = (tag: Language['tag']): Language => ({ tag, certainty: 'stated' });
const guess = (tag: Language['tag']): Language => ({ tag, certainty: 'guessed' });

/** Of texts without letters, and of languages not among the five, the tag is `und`. Never throws. */
export function languageOf(text: string): Language {
  const plain = folded(text);
  const scripts = scriptsOf(plain.replaceAll(/(?:https?:\/\/|geo:|www\.)[!-~]{1,500}/g, ' '));
  const { han, kana, hangul, cyrillic, other } = scripts;
  const western = scripts.latin + scripts.marked + cyrillic;
  if (han + kana + hangul + western + other === 0) return guess('und');
  // A Chinese address or name in a sentence of another language is no Chinese sentence.
  const hanSentence = han > 0 && (plain.match(CHINESE_SENTENCE)?.length ?? 0) > 0;
  if (kana > 0 && kana * 8 >= han + hangul && (kana > 1 || !hanSentence))
    return scripts.latin > kana * 12 ? latin(plain, scripts) : certain('ja');
  if (hangul > 0 && hangul * 3 >= han && hangul * 6 >= western) return certain('ko');
  if (han > 0 && (hanSentence || han * 3 >= western)) return chinese(plain, scripts, hanSentence);
  if (other > western) return certain('und');
  if (cyrillic * 2 >= scripts.latin + scripts.marked) return NOT_RUSSIAN.test(plain) ? guess('ru') : certain('ru');
  return latin(plain, scripts);
}

function chinese(plain: string, { han, latin: letters }: Scripts, isSentence: boolean): Language {
  if (!isSentence && letters > 0 && (plain.match(ENGLISH)?.length ?? 0) >= 3) return guess('en');
  return isSentence || han >= 4 || letters === 0 ? certain('zh') : guess('zh');
}

function latin(plain: string, { marked, latin: letters }: Scripts): Language {
  const english = plain.match(ENGLISH)?.length ?? 0;
  const neighbours = plain.match(NEIGHBOURS)?.length ?? 0;
  if (english > neighbours && marked * 12 <= letters) return certain('en');
  if (neighbours > english || marked * 12 > letters) return guess('und');
  return guess('en');
}
