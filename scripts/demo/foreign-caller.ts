/**
 * A caller who speaks no Chinese: a scripted phone with a tone of its own, which presses the key of its language as soon as the menu
 * says it, and stays until the call taker ends the call. Judges nothing but its own call.
 */
import { placeCall as dialOn, type SipServer } from '../../test/stack/phone.ts';
import type { Sound } from '../../test/stack/sound.ts';
import type { Placed } from './callers.ts';
import { TONES, type Caller, type Foreign } from './cast.ts';
import { pause } from './watch.ts';

export interface ForeignCall extends Placed {
  readonly speaks: Foreign;
  readonly sound: Sound;
  /** Presses the key of the language, as an event in the sound (RFC 4733). */
  choose(): Promise<void>;
}

const LOOK_MS = 50;
const OK = 200;

export async function placeForeignCall(server: SipServer, caller: Caller, speaks: Foreign): Promise<ForeignCall> {
  const phone = await dialOn(server, caller.number);
  phone.sound.sing(TONES.caller);
  let complaint = '';
  const stopping = new AbortController();
  let isClosed = false;
  const close = (): void => {
    if (isClosed) return;
    isClosed = true;
    phone.close();
  };
  const live = async (): Promise<void> => {
    const status = await phone.answered;
    if (status !== OK) complaint = `the call was answered with ${status}`;
    while (!phone.isOver() && !stopping.signal.aborted) await pause(LOOK_MS);
    placed.went = complaint === '' && phone.isOver();
    close();
  };
  const ended = Promise.resolve().then(live);
  ended.catch(() => undefined);
  const placed: ForeignCall = {
    caller,
    speaks,
    at: Date.now(),
    went: null,
    ended,
    sound: phone.sound,
    choose: () => phone.sound.press(speaks.key),
    complaints: () => complaint,
    stop: async () => {
      stopping.abort();
      close();
    },
  };
  return placed;
}
