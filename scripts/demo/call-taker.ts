/**
 * A scripted call taker: a SIP phone that rings and is picked up, and the API in which they write while they talk. Keeps what the
 * phone itself saw, as evidence beside what the product says of it.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDeskPhone } from '../../test/stack/phone.ts';
import type { Sound } from '../../test/stack/sound.ts';
import type { IncidentEdit } from '../../src/incident/incident.ts';
import type { Stack } from '../stack/stack.ts';
import { openApi, type Api, type ShownCall } from './api.ts';
import { callerOf, TONES, type Caller, type Desk } from './cast.ts';
import { pause, type Watch } from './watch.ts';

/** What one phone saw of one ring. */
export interface Ring {
  readonly desk: Desk;
  /** The number shown. */
  readonly shown: string;
  /** Milliseconds since 1970; `pickedUpAt` null: left ringing. */
  readonly at: number;
  readonly pickedUpAt: number | null;
}

export interface CallTaker {
  readonly desk: Desk;
  readonly rings: readonly Ring[];
  readonly api: Api;
  readonly sound: Sound;
  signOn(): Promise<void>;
  /** Takes calls until told to stop. */
  work(): Promise<void>;
  /** No more calls; resolves with `work`. */
  stop(): void;
  /** May be said twice. */
  close(): void;
}

export interface Part {
  /** Which rings are left unanswered; counted from 1. */
  readonly leavesRinging: (ring: number) => boolean;
  /** What happens before they come back from the pause that an unanswered ring brings. */
  readonly beforeReturn: () => Promise<void>;
  /** What must be before anything can be written down. */
  readonly untilUnderstood: (caller: Caller) => Promise<void>;
  /** How long a conversation goes on, once all is written. */
  readonly untilDone: (caller: Caller) => Promise<void>;
  readonly note: (caller: Caller, words: string) => void;
}

const wordsOf = ({ matter, urgency }: IncidentEdit): string => [matter?.class, urgency].filter((word) => word != null).join(', ');

const PICKS_UP_AFTER_MS = 900;
const LISTENS_MS = 2000;
const WRITES_MS = 1200;
const LOOK_MS = 30;
const SOON_MS = 5000;

export async function openCallTaker(stack: Stack, watch: Watch, desk: Desk, part: Part): Promise<CallTaker> {
  const { settings, url, tokensFile } = stack;
  const endpoint = settings.callTakers.find(({ id }) => id === desk)?.endpoint ?? '';
  const secret = readFileSync(join(settings.folders.phoneSecrets, endpoint), 'utf8').trim();
  const phone = await openDeskPhone(settings.sip, endpoint, secret);
  const api = openApi(url, tokensFile, `call-taker-${desk}`);
  const rings: Ring[] = [];
  const ending = new AbortController();
  let isClosed = false;

  const myCall = (): Promise<ShownCall> =>
    watch.until(
      `${desk} sees which call it is`,
      async () => {
        const { call } = await api.callTaker(desk);
        return call === null ? null : api.call(call);
      },
      SOON_MS,
    );

  const converse = async (): Promise<void> => {
    phone.sound.sing(TONES['call taker']);
    const { incident, number } = await myCall();
    const caller = callerOf(number);
    if (caller === null || caller.fate.is === 'gives-up') throw new Error(`${desk} talks with somebody who should not be there`);
    await part.untilUnderstood(caller);
    await pause(LISTENS_MS);
    await api.change(incident, { edit: caller.fate.first });
    part.note(caller, `writes: ${caller.fate.first.what} (${wordsOf(caller.fate.first)})`);
    await pause(WRITES_MS);
    if (caller.fate.is === 'handed-over') await api.change(incident, { handOver: true });
    else await api.change(incident, { close: caller.fate.closing });
    await part.untilDone(caller);
    phone.sound.hush();
    await phone.hangUp();
    if (caller.fate.is !== 'handed-over' || caller.fate.later === undefined) return;
    const { later, laterAbout = '' } = caller.fate;
    await pause(WRITES_MS);
    part.note(caller, `adds to it: ${later.what} (${laterAbout})`);
    await api.change(incident, { edit: later });
  };

  const answer = async (): Promise<void> => {
    const at = Date.now();
    const shown = phone.rings.at(-1)?.shown ?? '';
    const leaves = part.leavesRinging(rings.length + 1);
    if (leaves) {
      rings.push({ desk, shown, at, pickedUpAt: null });
      await watch.until(`the phone of ${desk} stops ringing`, () => !phone.isRinging(), 30_000);
      await part.beforeReturn();
      await api.setState(desk, 'ready');
      return;
    }
    await pause(PICKS_UP_AFTER_MS);
    if (!phone.isRinging()) {
      rings.push({ desk, shown, at, pickedUpAt: null });
      return;
    }
    phone.pickUp();
    rings.push({ desk, shown, at, pickedUpAt: Date.now() });
    await converse();
  };

  return {
    desk,
    rings,
    api,
    sound: phone.sound,
    signOn: async () => {
      await phone.register();
      await watch.until(`the phone of ${desk} is registered`, async () => (await api.callTaker(desk)).phone === 'registered', SOON_MS);
      await api.setState(desk, 'ready');
    },
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
