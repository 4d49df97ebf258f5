/**
 * The plot: two call takers sign on, six callers dial within seconds, one ring is left unanswered, one caller gives up, and in the end
 * somebody calls that one back. Everything waits for what it needs to see, not for a time, so that a slow machine tells the same story.
 */
import { openApi, type Api } from './api.ts';
import { openCallTaker, type CallTaker, type Part } from './call-taker.ts';
import { placeCall, type Placed } from './callers.ts';
import { CALLERS, DESKS, type Caller } from './cast.ts';
import { deliveredOf, gather } from './evidence.ts';
import type { House } from './house.ts';
import { openListener, type Listener } from './sounds.ts';
import { shownNumber, type Story } from './story.ts';
import type { Evidence } from './verdict.ts';
import { pause, startWatch, type Watch } from './watch.ts';

export interface Play {
  /** Resolves when the last call is over and dispatch has had its time. */
  readonly seen: Promise<Evidence>;
  /** What the callers' programs complained of. */
  complaints(): string;
  /** Ends every caller, phone and listener; `seen` then settles. */
  stop(): Promise<void>;
}

const BETWEEN_CALLS_MS = 900;
const ARRIVES_WITHIN_MS = 8000;
const PLAYS_WITHIN_MS = 80_000;
const DELIVERED_WITHIN_MS = 10_000;
const FAREWELL_MS = 1000;
const SETTLES_WITHIN_MS = 2000;
/** The demo's own sink, on this machine. */
const ANSWERS_WITHIN_MS = 100;
/** The second caller is not answered the first time, by the second desk; the third one's conversation ends after the others'. */
const [FIRST, SECOND, THIRD] = CALLERS;
const NEXT_TO_LAST = CALLERS.at(-2);

export function startPlay(house: House, story: Story, accidents: readonly string[]): Play {
  const { stack, sink, secret, sipp, folder } = house;
  const supervisor = openApi(stack.url, stack.tokensFile, 'supervisor');
  const watch = startWatch(supervisor, (line) => story.journal(line));
  const placed: Placed[] = [];
  const desks: CallTaker[] = [];
  let listener: Listener | null = null;
  let told = 0;
  const postman = setInterval(() => {
    // A moment later, when the sink's answer has been sent as well.
    const answered = sink.received.filter(({ at }) => at < Date.now() - ANSWERS_WITHIN_MS);
    for (const received of answered.slice(told)) story.delivered(deliveredOf(received, secret));
    told = answered.length;
  }, 50);

  const act = async (): Promise<Evidence> => {
    listener = await openListener(stack.settings, (heard) => story.heard(heard));
    for (const desk of DESKS) {
      const taker = await openCallTaker(stack, watch, desk, partOf(desk, watch, story));
      desks.push(taker);
      await taker.signOn();
    }
    const plot = async (): Promise<void> => {
      for (const caller of CALLERS) {
        await dial(caller, listener);
        await pause(BETWEEN_CALLS_MS);
      }
      await watch.until('every call is over', allOver, PLAYS_WITHIN_MS);
      for (const desk of desks) desk.stop();
    };
    await Promise.all([plot(), ...desks.map((desk) => desk.work())]);
    await Promise.all(placed.map(({ ended }) => ended));
    await callBack(supervisor, watch, story);
    await dispatchHasAll(supervisor);
    await pause(2 * ANSWERS_WITHIN_MS);
    return gather(house, supervisor, placed, desks, accidents);
  };

  const allOver = (): boolean => {
    const lost = placed.find(({ caller, went }) => went === false && watch.callOf(caller.number)?.state !== 'ended');
    if (lost !== undefined) throw new Error(`the program of ${shownNumber(lost.caller.number)} ended in the middle of the call`);
    return watch.calls.every(({ state }) => state === 'ended');
  };

  const dial = async (caller: Caller, hearing: Listener | null): Promise<void> => {
    const one = await placeCall(sipp, stack.settings.sip, `${folder}/callers`, caller);
    placed.push(one);
    const call = await watch.until(
      `${shownNumber(caller.number)} has a ticket`,
      () => {
        if (one.went === false) throw new Error(`the call of ${shownNumber(caller.number)} failed`);
        const found = watch.callOf(caller.number);
        return found === null || found.state === 'arriving' ? null : found;
      },
      ARRIVES_WITHIN_MS,
    );
    story.arrived(call, caller);
    await hearing?.listenTo(call.id);
  };

  const seen = act();
  // Heard of by whoever waits for it, and harmless where nobody does any more.
  seen.catch(() => undefined);

  return {
    seen,
    complaints: () =>
      placed
        .map((one) => one.complaints())
        .join('\n')
        .trim(),
    stop: async () => {
      clearInterval(postman);
      const close = async (): Promise<void> => {
        for (const desk of desks) desk.close();
        listener?.close();
        await Promise.all(placed.map((one) => one.stop()));
      };
      await close();
      await watch.stop();
      // What was being opened at that moment is closed as well; a phone that waits for an answer may never settle.
      await Promise.race([seen.catch(() => undefined), pause(SETTLES_WITHIN_MS)]);
      await close();
    },
  };
}

function partOf(desk: (typeof DESKS)[number], watch: Watch, story: Story): Part {
  const stateOf = (caller: Caller | undefined) => watch.callOf(caller?.number ?? '')?.state;
  const leaver = CALLERS.find(({ fate }) => fate.is === 'gives-up');
  return {
    leavesRinging: (ring) => desk === DESKS[1] && ring === 1,
    beforeReturn: async () => {
      await watch.until('the other call taker answers', () => ['talking', 'ended'].includes(stateOf(SECOND) ?? ''), PLAYS_WITHIN_MS);
    },
    untilDone: async (caller) => {
      if (caller === FIRST) {
        const isBack = (): boolean => watch.calls.length === CALLERS.length && stateOf(SECOND) === 'waiting';
        await watch.until('all have called, and the second caller is back in the line', isBack, PLAYS_WITHIN_MS);
      } else {
        await watch.until('somebody has given up', () => stateOf(leaver) === 'ended', PLAYS_WITHIN_MS);
      }
      // Otherwise two phones would ring at once for the last two callers, and who is quicker to pick up is no matter of tickets.
      if (caller === THIRD) await watch.until('the next caller is answered', () => stateOf(NEXT_TO_LAST) === 'talking', PLAYS_WITHIN_MS);
      await pause(FAREWELL_MS);
    },
    note: (caller, words) => story.note(caller.number, `call taker ${desk} ${words}`, Date.now()),
  };
}

/** Every abandoned call has to be called back, and closed with an outcome. */
async function callBack(supervisor: Api, watch: Watch, story: Story): Promise<void> {
  for (const { number, fate } of CALLERS) {
    const call = watch.callOf(number);
    if (fate.is !== 'gives-up' || call === null) continue;
    story.note(number, `is called back, and the record is closed: ${fate.closing.reason}`, Date.now());
    await supervisor.change(call.incident, { close: fate.closing });
  }
}

/** Dispatch gets its time, and no more: what is missing then is the verdict's to say. */
async function dispatchHasAll(supervisor: Api): Promise<void> {
  const deadline = Date.now() + DELIVERED_WITHIN_MS;
  while (Date.now() < deadline && (await supervisor.sinks()).some(({ waiting }) => waiting > 0)) await pause(100);
}
