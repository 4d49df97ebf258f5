/**
 * After an absence, of ours or of Asterisk's link: compare what is saved with what stands in Asterisk and feed the difference as
 * ordinary events. Recovery is no state of its own. Never guesses: what is saved and stands is left alone.
 */
import type { Call, Release } from '../call/call.ts';
import type { CallEvent } from '../call/events.ts';
import type { CallTaker } from '../desk/call-taker.ts';
import { wordsOf } from '../kernel/faults.ts';
import type { CallId } from '../kernel/ids.ts';
import { later } from '../kernel/instants.ts';
import type { CallDesk, Fate } from './call-desk.ts';
import type { CallTakers } from './call-takers.ts';
import type { Life } from './membership-ports.ts';
import type { Clock, Log, Standing, Store, Telephony } from './ports.ts';

/** Whoever is let go may hear thanks first; the telephony ends such a leg by itself. Later than this it was forgotten. */
const THANKS_MS = 15_000;
/** Nobody saw how it ended. */
const UNSEEN: Release = { by: 'cut', cause: null };

export interface ReconcileParts {
  readonly store: Store;
  readonly telephony: Telephony;
  readonly clock: Clock;
  readonly log: Log;
  readonly desk: CallDesk;
  readonly callTakers: CallTakers;
  /** Of this controller: its calls are compared, others are left to others. */
  readonly life: Life;
  /** A caller whose channel is ours; of whom there is no record, one is made. */
  readonly entered: (caller: Standing['callers'][number]) => Promise<void>;
}

/** As `CallDesk.tellIfStill`, and what had moved on meanwhile is remembered. */
interface Comparison extends ReconcileParts {
  readonly conclude: (seen: Call, event: CallEvent) => Promise<Fate>;
}

/**
 * Finds differences, and may run at any time. `at-once`: a call moved on while it was compared, and is to be compared again; `soon`: somebody
 * else still holds the channel of a call of ours. `busy`: those that were not compared.
 */
export async function reconcile(
  asked: ReconcileParts,
): Promise<{ readonly again: 'at-once' | 'soon' | 'no'; readonly busy: readonly CallId[] }> {
  const { store, desk, log, life } = asked;
  let hasMissed = false;
  const parts: Comparison = {
    ...asked,
    conclude: async (seen, event) => {
      const fate = await desk.tellIfStill(seen, event);
      if (fate === 'missed') hasMissed = true;
      return fate;
    },
  };
  const saved = await store.ownCalls(life);
  for (const call of saved) if (!desk.has(call.id)) desk.takeUp(call, life);
  // A call in the middle of a step is not compared: what it has just asked for may not stand yet. The next comparison sees it.
  const calm = saved.filter(({ id }) => !desk.isBusy(id));
  const standing = await heardByUs(parts, calm);
  const differences = (await Promise.all(calm.map((call) => resume(parts, call, standing)))).concat(
    await Promise.all(calm.map((call) => resumeVolunteers(parts, call, standing))),
  );
  for (const caller of standing.callers) if (!saved.some(({ id }) => id === caller.call)) await straggler(parts, caller);
  await removeStrays(parts, standing);
  await settlePhones(parts, standing);
  await settleDesks(parts);
  const found = differences.filter((difference) => difference !== null);
  if (found.length > 0) log.info({ calls: saved.length, differences: found.length }, `taken up where it stood: ${found.join('; ')}`);
  const isHeldElsewhere = calm.some(({ id, state }) => state.at !== 'arriving' && standing.elsewhere.includes(id));
  const busy = saved.filter((call) => !calm.includes(call)).map(({ id }) => id);
  return { again: hasMissed ? 'at-once' : isHeldElsewhere ? 'soon' : 'no', busy };
}

/** What stands once the channels of our calls are ours too: those that another controller held until it died, or gave them up. */
async function heardByUs({ telephony }: ReconcileParts, calls: readonly Call[]): Promise<Standing> {
  const standing = await telephony.standing();
  const others = calls.filter(({ id }) => standing.elsewhere.includes(id));
  if (others.length === 0) return standing;
  await telephony.adopt(others.map(({ id, saying, utterances }) => ({ call: id, utterance: saying?.utterance ?? null, utterances })));
  return telephony.standing();
}

/** One saved call: what is missing in Asterisk is told as having ended. Answers what was found, for the log. */
async function resume({ conclude, clock }: Comparison, call: Call, standing: Standing): Promise<string | null> {
  const tell = async (event: CallEvent): Promise<string | null> =>
    (await conclude(call, event)) === 'stepped' ? `${call.id} ${event.type}` : null;
  const time = clock.now();
  const { state } = call;
  if (!standing.callers.some((caller) => caller.call === call.id)) {
    // A caller who was only offered to us may stand in the fallback; the deadline decides. One whom another still holds has not left.
    return state.at === 'arriving' || standing.elsewhere.includes(call.id)
      ? null
      : tell({ type: 'CallerLeft', release: UNSEEN, place: null, time });
  }
  if (state.at === 'arriving') return tell({ type: 'CallerEntered', time });
  if (state.at !== 'offered' && state.at !== 'talking') return null;
  const leg = standing.legs.find((known) => known.call === call.id && known.attempt === state.attempt);
  if (leg === undefined) {
    const about = { attempt: state.attempt, time };
    return tell(state.at === 'offered' ? { ...about, type: 'OfferWithdrawn' } : { ...about, type: 'CallTakerLegEnded', end: 'cut' });
  }
  if (leg.answered && state.at === 'offered') return tell({ type: 'CallTakerAnswered', attempt: leg.attempt, time });
  return isTornApart(call, standing) ? tell({ type: 'ControllerReturned', time }) : null;
}

/** Saved as being together, or apart, and standing otherwise: what should be true is made true once more. */
function isTornApart({ id, state, interpreter }: Call, standing: Standing): boolean {
  if (state.at !== 'talking') return false;
  const bridge = standing.bridges.find((known) => known.call === id && known.attempt === state.attempt);
  if (bridge === undefined || !bridge.callTakerIn || bridge.callerIn !== (state.floor.is === 'open')) return true;
  return interpreter.is === 'present' && !bridge.volunteersIn.includes(interpreter.leg);
}

/** Volunteers' legs that are gone, or were answered while nobody heard. */
async function resumeVolunteers({ conclude, clock }: Comparison, call: Call, standing: Standing): Promise<string | null> {
  const found: string[] = [];
  for (const asking of call.askings) {
    if (asking.endedAt !== null) continue;
    const leg = standing.volunteers.find((known) => known.call === call.id && known.leg === asking.leg);
    const time = clock.now();
    if (leg === undefined) await conclude(call, { type: 'VolunteerLegEnded', leg: asking.leg, end: 'cut', time });
    else if (leg.answered && asking.outcome === 'ringing') await conclude(call, { type: 'VolunteerAnswered', leg: asking.leg, time });
    else continue;
    found.push(`${call.id} volunteer ${asking.leg}`);
  }
  return found.length === 0 ? null : found.join(', ');
}

/** A channel of ours that no live call explains: a newcomer, one who had gone elsewhere, or one whose release was lost. */
async function straggler({ store, telephony, entered }: ReconcileParts, caller: Standing['callers'][number]): Promise<void> {
  const known = await store.call(caller.call);
  if (known === null || known.state.at !== 'ended' || known.state.why === 'elsewhere') await entered(caller);
  else await telephony.releaseCaller(caller.call);
}

async function removeStrays({ store, telephony, clock, log }: ReconcileParts, standing: Standing): Promise<void> {
  const present = new Map((await store.liveCalls()).map((call) => [call.id, call]));
  const isAt = (thing: { readonly call: CallId; readonly attempt: number }, places: readonly Call['state']['at'][]): boolean => {
    const state = present.get(thing.call)?.state;
    return state !== undefined && places.includes(state.at) && 'attempt' in state && state.attempt === thing.attempt;
  };
  // Held for a controller that died between the end of the call and the release; a caller of the fallback has no such record.
  for (const id of standing.elsewhere) {
    if (present.has(id)) continue;
    const state = (await store.call(id))?.state;
    if (state?.at === 'ended' && state.why !== 'elsewhere') await telephony.releaseCaller(id);
  }
  for (const leg of standing.legs) {
    if (isAt(leg, ['offered', 'talking'])) continue;
    log.warn({ call: leg.call, attempt: leg.attempt }, 'a leg without an offer is let go');
    await telephony.releaseCallTaker(leg.call, leg.attempt);
  }
  for (const { call, leg } of standing.volunteers) {
    const live = present.get(call);
    const asking = (live ?? (await store.call(call)))?.askings.find((one) => one.leg === leg);
    const isWanted = live !== undefined && asking?.endedAt === null;
    const isThanked = asking?.endedAt != null && clock.now() < later(asking.endedAt, THANKS_MS);
    if (isWanted || isThanked) continue;
    log.warn({ call, leg }, "a volunteer's leg that nobody asked for is let go");
    await telephony.releaseVolunteer(call, leg, 0, null);
  }
  for (const bridge of standing.bridges) if (!isAt(bridge, ['talking', 'interpreted'])) await telephony.part(bridge.call, bridge.attempt);
}

/** What is heard of a phone meanwhile is newer than a list read before: only what is still so is told. */
async function settlePhones({ callTakers, store, telephony, clock }: ReconcileParts, standing: Standing): Promise<void> {
  const phoneIn = ({ phones }: Standing, endpoint: string) => phones.find((known) => known.endpoint === endpoint)?.is ?? 'absent';
  const differing = (await store.callTakers()).filter(({ endpoint, phone }) => phoneIn(standing, endpoint) !== phone);
  if (differing.length === 0) return;
  const now = await telephony.standing();
  for (const { endpoint } of differing) await callTakers.phone(endpoint, phoneIn(now, endpoint), clock.now());
}

/** A call taker tied to a call that does not know them is set free, on pause with the reason. */
async function settleDesks({ callTakers, store, clock, log }: ReconcileParts): Promise<void> {
  for (const callTaker of await store.callTakers()) {
    const { state } = callTaker;
    if (state.is !== 'offered' && state.is !== 'talking') continue;
    const call = await store.call(state.call);
    if (call !== null && isTiedTo(call, callTaker)) continue;
    log.warn({ call: state.call, callTaker: callTaker.id }, 'tied to a call that has moved on; set free');
    const about = { call: state.call, attempt: state.attempt, time: clock.now() };
    try {
      await callTakers.change(
        callTaker.id,
        state.is === 'offered' ? { ...about, type: 'OfferFailed', why: 'withdrawn' } : { ...about, type: 'ConversationEnded', lost: true },
      );
    } catch (thrown) {
      log.warn({ callTaker: callTaker.id }, `moved on by themselves meanwhile: ${wordsOf(thrown)}`);
    }
  }
}

function isTiedTo(call: Call, callTaker: CallTaker): boolean {
  const { state } = call;
  if (state.at === 'offered')
    return callTaker.state.is === 'offered' && state.to === callTaker.id && state.attempt === callTaker.state.attempt;
  if (state.at === 'talking')
    return callTaker.state.is === 'talking' && state.with === callTaker.id && state.attempt === callTaker.state.attempt;
  return false;
}
