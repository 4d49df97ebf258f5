/**
 * The whole control room put together: what is heard from Asterisk goes to its call, what changes in the line wakes the pairing, what
 * is saved for the dispatch side wakes its delivery. Knows ports only; which doors stand behind them, main.ts knows.
 */
import type { Rules } from '../call/rules.ts';
import type { CallEvent } from '../call/events.ts';
import type { DeskRules } from '../desk/call-taker.ts';
import type { Arrival } from '../call/entry.ts';
import { isFault, wordsOf } from '../kernel/faults.ts';
import type { CallId } from '../kernel/ids.ts';
import { phoneNumber } from '../kernel/phone-numbers.ts';
import { CallDesk } from './call-desk.ts';
import { CallTakers, type Enrolled } from './call-takers.ts';
import { Comparing } from './comparing.ts';
import { FallbackCalls } from './fallback-calls.ts';
import { startHandingOver, type HandingOver, type SinkPlan } from './handing-over.ts';
import { incidentOf } from './incident-names.ts';
import { Incidents } from './incidents.ts';
import { InterpreterSearch } from './interpreter-search.ts';
import { keepCompany } from './outage.ts';
import { Lanes } from './lanes.ts';
import { Lease } from './lease.ts';
import type { AskAnswer, Colleagues, Monotonic } from './membership-ports.ts';
import { Patience } from './patience.ts';
import type { Clock, FallbackSpool, Heard, Log, Standing, Store, Telephony } from './ports.ts';
import type { ControlRoom, Observer } from './room-ports.ts';
import { openRoom, type RoomParts } from './room.ts';
import { Roster } from './roster.ts';
import { openTexts, type TextsSettings } from './texts.ts';
import { tellOwner } from './to-owner.ts';
import { WhoIsNext } from './who-is-next.ts';

/** On the way out: what has happened is saved and done for so long, then the calls are another's, or wait for the next life. */
const DRAIN_MS = 300;

export interface ControlRoomParts {
  readonly store: Store;
  readonly telephony: Telephony;
  readonly colleagues: Colleagues;
  readonly spool: FallbackSpool;
  readonly sinks: readonly SinkPlan[];
  readonly clock: Clock;
  readonly monotonic: Monotonic;
  readonly log: Log;
  readonly observer: Observer;
  readonly rules: Rules & DeskRules & { readonly waitSamples: number };
  readonly centre: string;
  readonly language: string;
  /** Called number to language: whoever dials it is spoken to in that language from the first word. */
  readonly languagesByNumber: Readonly<Record<string, string>>;
  /** Taken in where the roster is still empty; later lists come by the API. `null`: none. */
  readonly firstRoster: unknown;
  /** IANA name; duty hours are read in it. */
  readonly timeZone: string;
  /** Volunteers rung side by side for one call. */
  readonly parallel: number;
  readonly callTakers: readonly Enrolled[];
  readonly texts: TextsSettings;
  readonly newCommitId: () => string;
  readonly troubles: RoomParts['troubles'];
}

export interface OpenControlRoom {
  readonly room: ControlRoom;
  /** Enrols the desk, takes up what stands, and begins to serve. Resolves when callers are taken in. */
  start(): Promise<void>;
  /**
   * Quiet (no new callers), drain (what has happened is saved), hand over (another controller, or the next life of this one, has the calls),
   * close. Callers stay in Asterisk.
   */
  stop(): Promise<void>;
  /** Settles when nothing is under way; for tests. */
  idle(): Promise<void>;
}

export function openControlRoom(parts: ControlRoomParts): OpenControlRoom {
  const { store, telephony, colleagues, clock, monotonic, log, rules } = parts;
  const patience = new Patience(store, clock);
  let isQuiet = true;
  let handingOver: HandingOver | null = null;

  const outboxChanged = (): void => handingOver?.wake();
  const lineChanged = (): void => {
    whoIsNext.wake();
    colleagues.tell('line');
  };
  const seekChanged = (): void => {
    search.wake();
    colleagues.tell('seek');
  };

  const lease: Lease = new Lease({
    store,
    monotonic,
    log,
    lost: () => desk.letGo(),
    begun: () => comparing.request('all'),
    lapsed: () => void comparing.adopt(),
  });
  const toOwner = (call: CallId, event: CallEvent) => tellOwner({ store, desk, lease, colleagues, monotonic }, call, event);
  const callTakers = new CallTakers({
    ...parts,
    // A phone that left is heard by every controller, and who has the call tells it to them.
    tell: async (call, event) => {
      try {
        await toOwner(call, event);
      } catch (thrown) {
        if (!isFault(thrown, 'unavailable')) throw thrown;
        log.warn({ call }, `an offer could not be taken back, it ends by itself: ${wordsOf(thrown)}`);
      }
    },
    lineChanged,
  });
  const desk: CallDesk = new CallDesk({
    ...parts,
    patience,
    lease,
    performer: { telephony, clock, log, endpointOf: (id) => callTakers.endpointOf(id) },
    saving: { desk: rules, centre: parts.centre },
    lineChanged,
    seekChanged,
    outboxChanged,
  });
  const search: InterpreterSearch = new InterpreterSearch({
    ...parts,
    calls: () => desk.calls(),
    tell: (call, event) => desk.claim(call, event),
  });
  const whoIsNext: WhoIsNext = new WhoIsNext({
    ...parts,
    claim: (call, event) => desk.claim(call, event),
    isOurs: (call) => desk.has(call),
    // Who asked to be ready at this very moment has ended it already.
    afterCallOver: async (id) => {
      try {
        await callTakers.change(id, { type: 'AfterCallOver', time: clock.now() });
      } catch (thrown) {
        if (!isFault(thrown, 'conflict')) throw thrown;
        log.debug({ callTaker: id }, wordsOf(thrown));
      }
    },
  });
  const incidents = new Incidents({ ...parts, outboxChanged });
  /** 0 leads back to the centre's own language; it is not spoken in the menu. */
  const keys = [...rules.languageOffers, { language: parts.language, key: '0' }];
  const languages = [parts.language, ...rules.languageOffers.map(({ language }) => language)];
  const roster = new Roster({ ...parts, languages, seekChanged });
  const fallbackCalls = new FallbackCalls({ ...parts, outboxChanged });
  const texts = openTexts({ ...parts, patience, outboxChanged }, parts.texts);
  const company = keepCompany({ ...parts, everyMs: rules.patienceEveryMs, calls: () => desk.calls() });
  const room = openRoom({
    ...parts,
    troubles: () => [
      { part: 'lease', trouble: lease.life() === null ? 'none: this controller leaves, or another one has its instance name' : null },
      ...parts.troubles(),
    ],
    desk,
    toOwner,
    callTakers,
    incidents,
    roster,
    texts,
    sinks: parts.sinks.map(({ sink }) => sink.name),
    outboxChanged,
    languages,
  });

  const phones = new Lanes((endpoint, thrown) => log.error({ endpoint }, `news of a phone could not be taken in: ${wordsOf(thrown)}`));

  const arrivalOf = (caller: Standing['callers'][number]): Arrival => {
    const time = clock.now();
    const { call: id, calledNumber } = caller;
    // A trunk's language comes from Asterisk's configuration, which may be older than ours.
    const byTrunk = languages.find((spoken) => spoken === caller.language);
    const language = parts.languagesByNumber[calledNumber] ?? byTrunk ?? parts.language;
    return { id, time, number: phoneNumber(caller.number), calledNumber, language, incident: incidentOf(id, time) };
  };
  const enter = (caller: Standing['callers'][number]): Promise<void> => desk.enter(arrivalOf(caller));

  const hear = async (heard: Heard): Promise<void> => {
    const time = clock.now();
    switch (heard.type) {
      case 'arrival':
        if (isQuiet || !store.isPresent() || lease.life() === null)
          log.info({ call: heard.call }, 'left to the fallback: not ready to serve');
        else await desk.admit(arrivalOf(heard));
        return;
      case 'caller-entered':
        await enter(heard);
        return;
      case 'caller-left':
        await desk.tell(heard.call, { type: 'CallerLeft', release: heard.release, place: null, time });
        return;
      case 'utterance-finished':
        await desk.tell(heard.call, { type: 'UtteranceFinished', utterance: heard.utterance, time });
        return;
      case 'key-pressed': {
        const offer = keys.find(({ key }) => key === heard.key);
        if (offer === undefined) log.debug({ call: heard.call }, 'a key that offers nothing');
        else await desk.tell(heard.call, { type: 'LanguageChosen', language: offer.language, time });
        return;
      }
      case 'call-taker-answered':
        await desk.tell(heard.call, { type: 'CallTakerAnswered', attempt: heard.attempt, time });
        return;
      case 'call-taker-leg-ended':
        await desk.tell(heard.call, { type: 'CallTakerLegEnded', attempt: heard.attempt, end: heard.end, time });
        return;
      case 'volunteer-answered':
        await desk.tell(heard.call, { type: 'VolunteerAnswered', leg: heard.leg, time });
        return;
      case 'volunteer-pressed':
        await desk.tell(heard.call, { type: 'VolunteerPressed', leg: heard.leg, key: heard.key, time });
        return;
      case 'volunteer-leg-ended':
        await desk.tell(heard.call, { type: 'VolunteerLegEnded', leg: heard.leg, end: heard.end, time });
        return;
      case 'phone':
        // In its order: what came last is what is true, however long the one before takes to be saved.
        await phones.run(heard.endpoint, () => patience.until(() => callTakers.phone(heard.endpoint, heard.is, time)));
        return;
    }
  };

  const comparing: Comparing = new Comparing({
    ...parts,
    lease,
    desk,
    callTakers,
    entered: enter,
    isServing: () => !isQuiet,
    compared: () => {
      whoIsNext.wake();
      search.wake();
    },
  });
  colleagues.listen({
    changed: (change) => {
      if (change === 'line') whoIsNext.wake();
      if (change === 'seek') search.wake();
      if (change === 'lives') void comparing.adopt();
    },
    asked: async (life, call, event): Promise<AskAnswer> => (life === lease.life() ? desk.tell(call, event) : 'not-mine'),
  });

  return {
    room,
    idle: async () => {
      await comparing.idle();
      await desk.idle();
      await texts.idle();
    },
    start: async () => {
      await patience.until(() => callTakers.enrol(parts.callTakers));
      await patience.until(() => roster.takeFirst(parts.firstRoster));
      await patience.until(() => lease.start());
      handingOver = startHandingOver(parts);
      isQuiet = false;
      store.onPresence((present) => {
        if (present) whoIsNext.wake();
      });
      telephony.onPresence((present) => {
        if (present) comparing.request('all');
      });
      await telephony.open((heard) => {
        hear(heard).catch((thrown: unknown) => log.error({ heard: heard.type }, `could not be taken in: ${wordsOf(thrown)}`));
      });
      await comparing.adopt();
      comparing.request('all');
      await comparing.idle();
      await fallbackCalls.look();
      await texts.start();
    },
    stop: async () => {
      isQuiet = true;
      comparing.stop();
      whoIsNext.stop();
      search.stop();
      fallbackCalls.stop();
      company.stop();
      desk.stop();
      await Promise.race([desk.idle(), new Promise<void>((enough) => monotonic.after(DRAIN_MS, enough))]);
      try {
        await lease.leave();
        colleagues.tell('lives');
      } catch (thrown) {
        log.warn({}, `the calls could not be handed over, others take them once the lease is over: ${wordsOf(thrown)}`);
      }
      await texts.stop();
      await handingOver?.stop();
      patience.stop();
      await desk.idle();
      await texts.idle();
    },
  };
}
