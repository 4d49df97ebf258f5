/**
 * The way of an event: lane of its call → transition → save → act. Nothing is said to Asterisk that is not saved first, and nothing after a
 * save unless this life of the controller certainly still has the call.
 * Keeps the calls of this controller in hand; decides nothing about them, and never serves another controller's.
 */
import { isInLine, type Call } from '../call/call.ts';
import { isAction, isNotice, isVolunteerNotice, type Action, type Effect } from '../call/effects.ts';
import { arrive, type Arrival } from '../call/entry.ts';
import type { CallEvent } from '../call/events.ts';
import { transition } from '../call/machine.ts';
import type { Rules } from '../call/rules.ts';
import { wordsOf } from '../kernel/faults.ts';
import type { CallId } from '../kernel/ids.ts';
import type { Instant } from '../kernel/instants.ts';
import { Alarms } from './alarms.ts';
import { Lanes } from './lanes.ts';
import type { Lease } from './lease.ts';
import { outlookFor } from './outlook.ts';
import type { Life } from './membership-ports.ts';
import { Stopped, type Patience } from './patience.ts';
import { perform, type Failure, type Performer } from './perform.ts';
import type { Admitted, Clock, Log, Store } from './ports.ts';
import type { Observer } from './room-ports.ts';
import { draftCommit, type SavingRules } from './saving.ts';

/** A save is tried again when a document moved on meanwhile; more often than this means that something else is wrong. */
const SAVE_TRIES = 16;

/** `missed`: the event was a claim and the call taker (or the caller) was not free any more. */
export type Fate = 'stepped' | 'ignored' | 'missed' | 'unknown';

export interface CallDeskParts {
  readonly store: Store;
  readonly performer: Performer;
  readonly lease: Pick<Lease, 'life' | 'holds'>;
  readonly patience: Patience;
  readonly clock: Clock;
  readonly log: Log;
  readonly observer: Observer;
  readonly rules: Rules & { readonly waitSamples: number };
  readonly saving: SavingRules;
  readonly newCommitId: () => string;
  /** Somebody may have become free, or come into the line. */
  readonly lineChanged: () => void;
  /** Somebody seeks an interpreter, or a volunteer may be free. */
  readonly seekChanged: () => void;
  readonly outboxChanged: () => void;
}

export class CallDesk {
  readonly #parts: CallDeskParts;
  readonly #live = new Map<CallId, Call>();
  readonly #alarms: Alarms;
  readonly #lanes: Lanes;

  constructor(parts: CallDeskParts) {
    this.#parts = parts;
    this.#alarms = new Alarms({ clock: parts.clock, call: (id) => this.#live.get(id), tell: (id, event) => this.tell(id, event) });
    this.#lanes = new Lanes((lane, thrown) => {
      if (!(thrown instanceof Stopped)) parts.log.error({ call: lane }, `an event was not carried through: ${wordsOf(thrown)}`);
    });
  }

  /** The calls in hand, as last saved. */
  calls(): readonly Call[] {
    return [...this.#live.values()];
  }

  has(id: CallId): boolean {
    return this.#live.has(id);
  }

  idle(): Promise<void> {
    return this.#lanes.idle();
  }

  stop(): void {
    this.#alarms.stop();
  }

  /** Take a call in hand that another life, of this controller or another, left in the store. */
  takeUp(call: Call, life: Life): void {
    this.#keep(call, life);
  }

  /** Others have our calls now: nothing more is done for them here. */
  letGo(): void {
    for (const id of [...this.#live.keys()]) this.#forget(id);
  }

  /**
   * A caller at the door. The ticket is drawn in the order of calling; a store that is away is not waited for, because the
   * dialplan's fallback is waiting: then nothing is claimed (invariant 7).
   */
  admit(arrival: Arrival): Promise<void> {
    const { log, lease } = this.#parts;
    const life = lease.life();
    const drawing = this.#draw(arrival);
    // Answered at once so that a refusal is never unheard while an earlier lane is busy.
    const drawn = drawing.then(
      (admitted) => admitted,
      (thrown: unknown) => ({ thrown }),
    );
    return this.#lanes.run(arrival.id, async () => {
      const result = await drawn;
      if ('thrown' in result) {
        log.warn({ call: arrival.id }, `not taken in, the dialplan's fallback serves this caller: ${wordsOf(result.thrown)}`);
        return;
      }
      if (!result.isOurs) {
        log.debug({ call: arrival.id }, 'another controller was first');
        return;
      }
      if (!this.#live.has(arrival.id)) this.#keep(result.call, life);
      await this.#step(arrival.id, { type: 'CallerOffered', time: arrival.time });
    });
  }

  /** A caller whose channel is ours already. Of whom there is no record, one is made; whatever happens next waits behind it. */
  enter(arrival: Arrival): Promise<void> {
    const { patience, log, lease } = this.#parts;
    return this.#lanes.run(arrival.id, async () => {
      if (!this.#live.has(arrival.id)) {
        const life = lease.life();
        const { call, isOurs } = await patience.until(() => this.#draw(arrival));
        if (!isOurs) {
          log.debug({ call: arrival.id }, 'another controller has this caller');
          return;
        }
        if (call.state.at !== 'ended') this.#keep(call, life);
      }
      await this.#step(arrival.id, { type: 'CallerEntered', time: arrival.time });
    });
  }

  #draw(arrival: Arrival): Promise<Admitted> {
    const { store, rules } = this.#parts;
    const { id: call, time: at, incident } = arrival;
    return store.admit(arrive(arrival, rules), (ticket) => ({ at, kind: 'CallerArrived', call, ticket, incident }));
  }

  /** Something happened to a call. Resolves when it has been saved and acted on; never rejects. */
  async tell(id: CallId, event: CallEvent): Promise<Fate> {
    let fate: Fate = 'unknown';
    await this.#lanes.run(id, async () => {
      fate = await this.#step(id, event);
    });
    return fate;
  }

  /** As `tell`, but only where the call has not moved on since it was seen as `seen`: for what was concluded, not heard. */
  async tellIfStill(seen: Call, event: CallEvent): Promise<Fate> {
    let fate: Fate = 'missed';
    await this.#lanes.run(seen.id, async () => {
      if ((this.#live.get(seen.id) ?? seen).revision === seen.revision) fate = await this.#step(seen.id, event);
    });
    return fate;
  }

  /** Something is being saved or carried out for this call at this moment. */
  isBusy(id: CallId): boolean {
    return this.#lanes.isBusy(id);
  }

  /** As `tell`, but resolves as soon as it is saved or missed, so that a slow phone delays no other pair. */
  claim(id: CallId, event: CallEvent): Promise<Fate> {
    return new Promise((resolve) => {
      void this.#lanes.run(id, async () => void (await this.#step(id, event, resolve))).then(() => resolve('unknown'));
    });
  }

  async #step(id: CallId, told: CallEvent, isSaved: (fate: Fate) => void = () => undefined): Promise<Fate> {
    const { lease, log, observer, lineChanged, seekChanged } = this.#parts;
    const life = lease.life();
    for (let tries = 1; tries <= SAVE_TRIES; tries++) {
      const before = life === null ? null : (this.#live.get(id) ?? (await this.#read(id, life)));
      if (life === null || before === null) {
        log.debug({ call: id, event: told.type }, "an event of a call that is nobody's, or another controller's");
        return 'unknown';
      }
      const event = await this.#inform(before, told);
      const step = transition(before, event, this.#parts.rules);
      if (step.ignored !== undefined) {
        observer.ignored(before.state.at, event.type);
        log.debug({ call: id, at: before.state.at, event: event.type }, step.ignored);
      }
      if (step.call !== before) {
        const saved = await this.#save(before, step.call, step.effects, event);
        if (saved === 'again') continue;
        if (saved !== 'saved') {
          isSaved(saved);
          return saved;
        }
        this.#keep(step.call, life);
        this.#observe(before, step.call);
        if (step.effects.some(isNotice) || isInLine(step.call) !== isInLine(before)) lineChanged();
        if (step.call.interpreter.is === 'sought' || step.effects.some(isVolunteerNotice)) seekChanged();
      }
      const fate = step.ignored === undefined ? 'stepped' : 'ignored';
      isSaved(fate);
      await this.#act(life, step.call, step.effects.filter(isAction), event);
      return fate;
    }
    throw new Error(`${told.type} could not be saved in ${SAVE_TRIES} tries`);
  }

  /** What is not in hand: over, or ours and not looked at yet. Another's live call is `null`. */
  async #read(id: CallId, life: Life): Promise<Call | null> {
    const { store, patience } = this.#parts;
    const [call, owner] = await patience.until(() => Promise.all([store.call(id), store.ownerOf(id)]));
    return call !== null && (call.state.at === 'ended' || owner === null || owner === life) ? call : null;
  }

  async #save(before: Call, after: Call, effects: readonly Effect[], event: CallEvent): Promise<'saved' | 'again' | 'missed' | 'unknown'> {
    const { store, patience, saving, log, newCommitId, outboxChanged } = this.#parts;
    const id = newCommitId();
    const drafted = await patience.until(() => draftCommit(store, saving, id, before, after, effects, event));
    if (drafted.is === 'not-free') return 'missed';
    for (const refused of drafted.refused) log.warn({ call: after.id }, `the desk did not follow: ${refused}`);
    const verdict = await patience.until(() => store.commit(drafted.commit));
    if (verdict.is === 'saved') {
      if (drafted.commit.handovers !== undefined) outboxChanged();
      return 'saved';
    }
    if (verdict.is === 'fenced') {
      log.warn({ call: after.id }, 'another controller has this call now; it is let go here');
      this.#forget(after.id);
      return 'unknown';
    }
    if (verdict.what === 'call') this.#live.delete(after.id);
    const isMissed =
      (event.type === 'CallTakerClaimed' && verdict.what === 'call-taker') ||
      (event.type === 'VolunteersChosen' && verdict.what === 'volunteer');
    return isMissed ? 'missed' : 'again';
  }

  /** What only the store knows at this moment: the place from which somebody leaves, and what the line looks like. */
  async #inform(call: Call, told: CallEvent): Promise<CallEvent> {
    const { store, patience, rules } = this.#parts;
    if (told.type === 'CallerLeft' && isInLine(call)) return { ...told, place: await patience.until(() => store.placeOf(call.id)) };
    if (told.type === 'DeadlinePassed' && call.state.at === 'waiting') {
      return { ...told, outlook: await patience.until(() => outlookFor(store, call.id, rules.waitSamples)) };
    }
    return told;
  }

  /** A controller that was stopped for a while between the save and the deed may not do it any more. */
  async #act(life: Life, call: Call, actions: readonly Action[], cause: CallEvent): Promise<void> {
    if (actions.length === 0) return;
    const { performer, clock, observer, lease } = this.#parts;
    const failures = await perform(performer, call, actions, () => lease.holds(life));
    if (actions.some((action) => action.do === 'ring')) observer.assigned((clock.now() - cause.time) / 1000);
    // In the lane already: what failed is answered before anything else happens to this call.
    for (const failure of failures) await this.#step(call.id, eventOf(failure, clock.now()));
  }

  /** In hand only as long as it is this life's: what was read or saved in an earlier one is not looked at any more. */
  #keep(call: Call, life: Life | null): void {
    if (call.state.at === 'ended' || life === null || life !== this.#parts.lease.life()) {
      this.#forget(call.id);
      return;
    }
    const known = this.#live.get(call.id);
    this.#live.set(call.id, call);
    this.#alarms.arm(call, known);
  }

  #forget(id: CallId): void {
    this.#live.delete(id);
    this.#alarms.disarm(id);
  }

  #observe(before: Call, after: Call): void {
    const { observer } = this.#parts;
    const answeredAt = after.offers.find((offer) => offer.answeredAt !== null)?.answeredAt ?? null;
    if (
      after.state.at === 'talking' &&
      before.state.at === 'offered' &&
      answeredAt === after.offers.at(-1)?.answeredAt &&
      answeredAt !== null
    )
      observer.waited((answeredAt - after.arrivedAt) / 1000, 'answered');
    if (after.state.at === 'ended' && before.state.at !== 'ended' && after.state.why === 'abandoned' && after.endedAt !== null)
      observer.waited((after.endedAt - after.arrivedAt) / 1000, 'abandoned');
  }
}

/** A volunteer who cannot be rung is told like one who cannot be reached. */
const eventOf = ({ effect, reason }: Failure, time: Instant): CallEvent =>
  effect.do === 'ring-volunteer'
    ? { type: 'VolunteerLegEnded', leg: effect.leg, end: 'unreachable', time }
    : { type: 'EffectFailed', effect, reason, time };
