/**
 * Every language as a caller hears it from a real Asterisk: that a composed utterance is played whole shows in how long it lasts, for
 * Asterisk passes over what it cannot find or read.
 */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadPromptLibrary } from '../../src/asterisk/prompt-library.ts';
import { openTelephony } from '../../src/asterisk/telephony.ts';
import type { Message } from '../../src/call/messages.ts';
import type { Heard, Telephony } from '../../src/control/ports.ts';
import type { CallId } from '../../src/kernel/ids.ts';
import { compose, languages } from '../../src/speech/compose.ts';
import { type PrivateAsterisk, startAsterisk } from '../stack/asterisk.ts';
import { keptLog } from '../stack/log.ts';
import { placeCall, type SipCaller } from '../stack/phone.ts';
import { until } from '../stack/until.ts';

const prompts = loadPromptLibrary(join(import.meta.dirname, '../../prompts'), languages);
/** Each with singular, plural, melted counter or native number; none lasts longer than half a minute. */
const FIGURES: Message = { say: 'patience', place: 22, wait: { fromMinutes: 1, toMinutes: 21 }, interpreter: null };
const MENU: Message = { say: 'language-menu', offers: languages.map((language, index) => ({ language, key: `${index}` })) };
const SAID: readonly (readonly [Message, string])[] = [[MENU, 'zh'], ...languages.map((language) => [FIGURES, language] as const)];

let asterisk: PrivateAsterisk;
let telephony: Telephony;
const heard: { readonly word: Heard; readonly at: number }[] = [];
const callers: SipCaller[] = [];

beforeAll(async () => {
  asterisk = await startAsterisk();
  const { settings } = asterisk;
  telephony = openTelephony({
    ariUrl: `http://${settings.httpHost}:${settings.httpPort}/ari`,
    ariUser: settings.ariUser,
    ariPassword: settings.ariPassword,
    instance: 'languages',
    ami: null,
    prompts,
    log: keptLog(),
  });
  await telephony.open((word) => heard.push({ word, at: performance.now() }));
});
afterAll(async () => {
  for (const caller of callers) {
    await caller.hangUp();
    caller.close();
  }
  await telephony.close();
  await asterisk.stop();
});

const enter = async (): Promise<CallId> => {
  const known = heard.length;
  callers.push(await placeCall({ host: asterisk.settings.sipHost, port: asterisk.settings.sipPort }, '13800001111'));
  const told = (type: Heard['type']): CallId | undefined =>
    heard.slice(known).flatMap(({ word }) => (word.type === type && 'call' in word ? [word.call] : []))[0];
  const call = await until('the caller to arrive', () => told('arrival'));
  await telephony.claim(call);
  await until('the caller to enter', () => told('caller-entered'));
  return call;
};

test('the menu and the figures of every language are played from the first clip to the last', async () => {
  const calls: CallId[] = [];
  for (const _ of SAID) calls.push(await enter());
  const lasted = await Promise.all(
    SAID.map(async ([message, language], index) => {
      const call = calls[index] as CallId;
      const began = performance.now();
      expect(await telephony.say(call, 1, message, language)).toBe('saying');
      const end = await until(
        'the utterance to end',
        () => heard.find(({ word }) => word.type === 'utterance-finished' && word.call === call),
        40_000,
      );
      return end.at - began;
    }),
  );
  for (const [index, [message, language]] of SAID.entries()) {
    const whole = compose(message, language).reduce((sum, spoken) => sum + prompts.durationMs(spoken.language, spoken.clip), 0);
    // Sound cannot be played faster than it lasts; a clip left out is shorter by 180 ms and more. One packet is 20 ms.
    expect.soft(lasted[index], `${language} ${message.say}`).toBeGreaterThan(whole - 20);
    expect.soft(lasted[index], `${language} ${message.say}`).toBeLessThan(whole + 1500);
  }
}, 60_000);
