/**
 * A scripted volunteer interpreter: a SIP phone that is picked up, listens to who asks, and accepts by a key. Keeps what the phone
 * itself saw, as evidence beside what the product says of it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDeskPhone } from '../../test/stack/phone.ts';
import type { Sound } from '../../test/stack/sound.ts';
import type { Stack } from '../stack/stack.ts';
import { TONES, VOLUNTEER } from './cast.ts';
import { pause, type Watch } from './watch.ts';

/** What the volunteer's phone saw of one ring. */
export interface VolunteerRing {
  /** The number shown. */
  readonly shown: string;
  /** Whether any word was heard before the key. */
  readonly isAsked: boolean;
  /** The key that was pressed. */
  readonly pressed: string | null;
}

export interface Volunteer {
  readonly rings: readonly VolunteerRing[];
  readonly sound: Sound;
  register(): Promise<void>;
  /** Accepts whatever is asked, until told to stop. */
  work(): Promise<void>;
  stop(): void;
  /** May be said twice. */
  close(): void;
}

const ACCEPTS = '1';
const PICKS_UP_AFTER_MS = 1000;
const LISTENS_MS = 2500;
const WORDS_WITHIN_MS = 5000;
const LOOK_MS = 30;

export async function openVolunteer({ settings }: Stack, watch: Watch): Promise<Volunteer> {
  const endpoint = VOLUNTEER.addresses.replace(/^sip:/, '');
  const secret = readFileSync(join(settings.folders.phoneSecrets, endpoint), 'utf8').trim();
  const phone = await openDeskPhone(settings.sip, endpoint, secret);
  const rings: VolunteerRing[] = [];
  const ending = new AbortController();
  let isClosed = false;

  const answer = async (): Promise<void> => {
    const shown = phone.rings.at(-1)?.shown ?? '';
    await pause(PICKS_UP_AFTER_MS);
    if (!phone.isRinging()) {
      rings.push({ shown, isAsked: false, pressed: null });
      return;
    }
    phone.sound.heard();
    phone.pickUp();
    phone.sound.sing(TONES.interpreter);
    await watch.until('the volunteer hears who asks', () => phone.sound.heard().loud > 0, WORDS_WITHIN_MS);
    await pause(LISTENS_MS);
    await phone.sound.press(ACCEPTS);
    rings.push({ shown, isAsked: true, pressed: ACCEPTS });
    while (phone.isTalking() && !ending.signal.aborted) await pause(LOOK_MS);
    phone.sound.hush();
  };

  return {
    rings,
    sound: phone.sound,
    register: () => phone.register(),
    work: async () => {
      while (!ending.signal.aborted) {
        if (phone.isRinging()) await answer();
        else await pause(LOOK_MS);
      }
    },
    stop: () => {
      ending.abort();
    },
    close: () => {
      ending.abort();
      if (isClosed) return;
      isClosed = true;
      phone.close();
    },
  };
}
