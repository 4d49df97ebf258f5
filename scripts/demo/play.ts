/**
 * The plot: two call takers sign on, seven callers dial within seconds, one ring is left unanswered, one caller gives up, one speaks only
 * Russian and gets an interpreter; two write instead of calling while the others wait; and in the end somebody calls back whoever gave up. Everything waits for what it needs to see, not for a time, so that a slow machine tells the same story.
 */
import { wordsOf } from '../../src/kernel/faults.ts';
import type { Sound } from '../../test/stack/sound.ts';
import { openApi, type Api } from './api.ts';
import { openCallTaker, type CallTaker, type Part } from './call-taker.ts';
import { placeCall, type Placed } from './callers.ts';
import { CALLERS, DESKS, TONES, VOICES, VOLUNTEER, type Caller, type Voice } from './cast.ts';
import { deliveredOf, gather } from './evidence.ts';
import { placeForeignCall, type ForeignCall } from './foreign-caller.ts';
import type { House } from './house.ts';
import { openListener, type Heard, type Listener } from './sounds.ts';
import { shownNumber, type Story } from './story.ts';
import type { Evidence, Hearing } from './verdict.ts';
import { writeTexts } from './texting.ts';
import { openVolunteer, type Volunteer } from './volunteer.ts';
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
/** As soon as the line of one's own language has begun. */
const FINDS_THE_KEY_MS = 900;
const INTERPRETED_WITHIN_MS = 20_000;
const HEARD_WITHIN_MS = 4000;
/** Of all that arrives at a phone; two who speak at once have about half each. */
const PLAINLY = 0.2;
/**
 * The second caller is not answered the first time, by the second desk. The third one's conversation ends when the fifth's has begun and
 * whoever needs an interpreter knows of one; the fifth's when that caller is answered.
 */
const [FIRST, SECOND, THIRD, , FIFTH] = CALLERS;
const FOREIGN = CALLERS.find(({ speaks }) => speaks !== undefined);

export function startPlay(house: House, story: Story, accidents: readonly string[]): Play {
  const { stack, sink, secret, sipp, folder, carrier } = house;
  const supervisor = openApi(stack.url, stack.tokensFile, 'supervisor');
  const watch = startWatch(supervisor, (line) => story.journal(line));
  const placed: Placed[] = [];
  const desks: CallTaker[] = [];
  const heard: Heard[] = [];
  const hearings: Hearing[] = [];
  let foreigner: ForeignCall | null = null;
  let volunteer: Volunteer | null = null;
  let listener: Listener | null = null;
  let told = 0;
  let arrivedTold = 0;
  const postman = setInterval(() => {
    // A moment later, when the sink's answer has been sent as well.
    const answered = sink.received.filter(({ at }) => at < Date.now() - ANSWERS_WITHIN_MS);
    for (const received of answered.slice(told)) story.delivered(deliveredOf(received, secret));
    told = answered.length;
    const arrived = carrier.arrived();
    for (const one of arrived.slice(arrivedTold)) story.onPhone(one, Date.now());
    arrivedTold = arrived.length;
  }, 50);

  const act = async (): Promise<Evidence> => {
    listener = await openListener(stack.settings, (one) => {
      heard.push(one);
      story.heard(one);
      const { speaks } = foreigner ?? {};
      if (isForeign(one) && one.language === speaks?.language && one.clip === `menu/${speaks.key}`) presses();
    });
    const interpreter = await openVolunteer(stack, watch);
    volunteer = interpreter;
    await interpreter.register();
    for (const desk of DESKS) {
      const taker = await openCallTaker(
        stack,
        watch,
        desk,
        partOf(desk, watch, story, { three, isTold: () => heard.some((one) => isForeign(one) && isOfInterpreter(one)) }),
      );
      desks.push(taker);
      await taker.signOn();
    }
    const plot = async (): Promise<void> => {
      for (const caller of CALLERS) {
        await dial(caller, listener);
        await pause(BETWEEN_CALLS_MS);
      }
      await watch.until('every call is over', allOver, PLAYS_WITHIN_MS);
      for (const one of [interpreter, ...desks]) one.stop();
    };
    const texts = async (): Promise<void> => {
      await watch.until('all have called', () => watch.calls.length === CALLERS.length, PLAYS_WITHIN_MS);
      await pause(BETWEEN_CALLS_MS);
      await writeTexts(carrier, openApi(stack.url, stack.tokensFile, 'dispatcher'), story);
    };
    await Promise.all([plot(), texts(), interpreter.work(), ...desks.map((desk) => desk.work())]);
    await Promise.all(placed.map(({ ended }) => ended));
    await callBack(supervisor, watch, story);
    await dispatchHasAll(supervisor);
    await pause(2 * ANSWERS_WITHIN_MS);
    return gather(house, supervisor, placed, desks, { volunteer: interpreter, heard, hearings }, accidents);
  };

  const place = async (caller: Caller): Promise<Placed> => {
    if (caller.speaks === undefined) return placeCall(sipp, stack.settings.sip, `${folder}/callers`, caller);
    foreigner = await placeForeignCall(stack.settings.sip, caller, caller.speaks);
    return foreigner;
  };

  const isForeign = ({ call }: Heard): boolean => call === watch.callOf(FOREIGN?.number ?? '')?.id;

  const presses = (): void => {
    const one = foreigner;
    if (one === null) return;
    const press = async (): Promise<void> => {
      await pause(FINDS_THE_KEY_MS);
      story.note(one.caller.number, `presses ${one.speaks.key}, for ${one.speaks.name}`, Date.now());
      await one.choose();
    };
    press().catch((failed: unknown) => story.note(one.caller.number, `could not press a key: ${wordsOf(failed)}`, Date.now()));
  };

  /** In a conversation of three: until each hears the two others, or for as long as they have for it. */
  const three = async (desk: (typeof DESKS)[number], caller: Caller): Promise<void> => {
    const isIn = (): boolean => watch.callOf(caller.number)?.interpreter.state === 'present';
    await watch.until('the interpreter is in the conversation', isIn, INTERPRETED_WITHIN_MS);
    const ears: Readonly<Record<Voice, Sound | undefined>> = {
      caller: foreigner?.sound,
      'call taker': desks.find((one) => one.desk === desk)?.sound,
      interpreter: volunteer?.sound,
    };
    for (const at of VOICES) ears[at]?.listen();
    const heardAt = (at: Voice): readonly Voice[] => {
      const shares = ears[at]?.shares(VOICES.map((voice) => TONES[voice])) ?? [];
      return VOICES.filter((voice, n) => voice !== at && (shares[n] ?? 0) > PLAINLY);
    };
    const deadline = Date.now() + HEARD_WITHIN_MS;
    while (Date.now() < deadline && VOICES.some((at) => heardAt(at).length < VOICES.length - 1)) await pause(50);
    for (const at of VOICES) hearings.push({ at, heard: heardAt(at) });
    const all = hearings.every((one) => one.heard.length === VOICES.length - 1);
    const words = all ? 'each hears the two others, measured at their tones' : 'NOT everybody hears the two others';
    story.note(caller.number, `caller, call taker and volunteer ${VOLUNTEER.id} are in one conversation: ${words}`, Date.now());
  };

  const allOver = (): boolean => {
    const lost = placed.find(({ caller, went }) => went === false && watch.callOf(caller.number)?.state !== 'ended');
    if (lost !== undefined) throw new Error(`the program of ${shownNumber(lost.caller.number)} ended in the middle of the call`);
    return watch.calls.every(({ state }) => state === 'ended');
  };

  const dial = async (caller: Caller, hearing: Listener | null): Promise<void> => {
    const one = await place(caller);
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
        volunteer?.close();
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

const isOfInterpreter = ({ clip }: Heard): boolean => clip.startsWith('interpreter/');

interface Interpreted {
  readonly three: (desk: (typeof DESKS)[number], caller: Caller) => Promise<void>;
  /** Whether whoever needs an interpreter has been told of one. */
  readonly isTold: () => boolean;
}

function partOf(desk: (typeof DESKS)[number], watch: Watch, story: Story, { three, isTold }: Interpreted): Part {
  const stateOf = (caller: Caller | undefined) => watch.callOf(caller?.number ?? '')?.state;
  const leaver = CALLERS.find(({ fate }) => fate.is === 'gives-up');
  return {
    leavesRinging: (ring) => desk === DESKS[1] && ring === 1,
    beforeReturn: async () => {
      await watch.until('the other call taker answers', () => ['talking', 'ended'].includes(stateOf(SECOND) ?? ''), PLAYS_WITHIN_MS);
    },
    untilUnderstood: async (caller) => {
      if (caller.speaks !== undefined) await three(desk, caller);
    },
    untilDone: async (caller) => {
      if (caller === FIRST) {
        const isBack = (): boolean => watch.calls.length === CALLERS.length && stateOf(SECOND) === 'waiting';
        await watch.until('all have called, and the second caller is back in the line', isBack, PLAYS_WITHIN_MS);
      } else {
        await watch.until('somebody has given up', () => stateOf(leaver) === 'ended', PLAYS_WITHIN_MS);
      }
      // Otherwise two phones would ring at once for the last two callers, and who is quicker to pick up is no matter of tickets.
      if (caller === THIRD) {
        await watch.until('the next caller is answered', () => stateOf(FIFTH) === 'talking', PLAYS_WITHIN_MS);
        await watch.until('the caller who waits for an interpreter is told of one', isTold, PLAYS_WITHIN_MS);
      }
      if (caller === FIFTH) await watch.until('the caller after is answered', () => stateOf(FOREIGN) === 'talking', PLAYS_WITHIN_MS);
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
