/**
 * The way of a text: kept as it came (then the carrier is acknowledged) → the lane of its sender → its thread → read → saved with its
 * incident in one step. What is kept and not yet read is taken up again after a restart. Sends nothing: that is text-sending.ts.
 */
import type { Incident } from '../incident/incident.ts';
import { Fault, isFault, wordsOf } from '../kernel/faults.ts';
import { threadId, type TextId, type ThreadId } from '../kernel/ids.ts';
import { later, type Instant } from '../kernel/instants.ts';
import { phoneNumber, subscriberOf, type PhoneNumber } from '../kernel/phone-numbers.ts';
import { decodedText } from '../sms/decoding.ts';
import { forwardText } from '../sms/forwarding.ts';
import { reported } from '../sms/outgoing.ts';
import type { Refused, TextRules } from '../sms/rules.ts';
import type { ShortNumber } from '../sms/short-number.ts';
import { openThread, takeText } from '../sms/taking-in.ts';
import type { KeptText, TextHeard } from '../sms/text.ts';
import type { Thread } from '../sms/thread.ts';
import { whichThread } from '../sms/which-thread.ts';
import { incidentOf, textIdOf } from './incident-names.ts';
import { Lanes } from './lanes.ts';
import { Stopped, type Patience } from './patience.ts';
import type { Clock, Log, Store } from './ports.ts';
import type { GatewayEars, TextObserver } from './text-ports.ts';
import { textCommit, transportCommit, type TextCommitOf, type ThreadStep } from './text-saving.ts';

/** A save is tried again when a document moved on meanwhile; more often than this means that something else is wrong. */
const SAVE_TRIES = 16;
/** Threads of one reporter that a text may belong to. */
const CANDIDATES = 8;
/** Texts in hand at a time; the others wait in the store. So that a flood of texts never keeps a call waiting. */
const IN_HAND = 64;
/** What is kept and was not read, by us or by one who died, is looked for this often. */
const LOOK_EVERY_MS = 2000;
/** A text that could not be read is tried again after so long; so many of those are passed over for the others. */
const READ_AGAIN_MS = 10_000;
const PASSED_OVER = 1000;
const LONGEST_NAME = 64;
const LONGEST_OCTETS = 65_536;

export interface TextDeskParts {
  readonly store: Store;
  readonly patience: Patience;
  readonly clock: Clock;
  readonly log: Log;
  readonly observer: TextObserver;
  readonly rules: TextRules;
  readonly centre: string;
  /** Whose text it is, by the number it was sent to. */
  readonly isFor: (to: string) => ShortNumber;
  /** The gateway that leads to another centre; `null`: there is none. */
  readonly wayTo: (centre: string) => string | null;
  readonly newCommitId: () => string;
  /** Something may have to be sent. */
  readonly sendingChanged: () => void;
  readonly outboxChanged: () => void;
}

/** What a step of a thread answers: the next thread, the same one where nothing changes, or why not. */
export type Stepped = Thread | Refused;

export class TextDesk implements GatewayEars {
  readonly #parts: TextDeskParts;
  readonly #inHand = new Map<TextId, KeptText>();
  /** Texts that could not be read, and when each is tried again. */
  readonly #putOff = new Map<TextId, Instant>();
  readonly #lanes: Lanes;
  #isLooking = false;
  #isStopped = false;
  /** Texts wait in the store: what comes now waits behind them. */
  #mayBeMore = false;
  /** A text was kept and not taken since the store was last asked. */
  #isPassedBy = false;
  #count = 0;
  #cancel: () => void = () => undefined;

  constructor(parts: TextDeskParts) {
    this.#parts = parts;
    this.#lanes = new Lanes((_lane, thrown) => {
      if (!(thrown instanceof Stopped)) parts.log.error({}, `a text is kept and could not be read, tried again: ${wordsOf(thrown)}`);
    });
    parts.store.onPresence((present) => {
      if (present) void this.look();
    });
  }

  async text(heard: TextHeard): Promise<'kept' | 'repeated'> {
    const { store, clock, newCommitId } = this.#parts;
    const receivedAt = clock.now();
    const { octets, ...about } = heard;
    const kept: KeptText = {
      ...about,
      from: heard.from.slice(0, LONGEST_NAME),
      to: heard.to.slice(0, LONGEST_NAME),
      id: textIdOf(newCommitId(), receivedAt, (this.#count += 1)),
      octets: Buffer.from(octets.subarray(0, LONGEST_OCTETS)).toString('base64'),
      receivedAt,
    };
    const answer = await store.keepText(kept);
    if (answer === 'kept' && this.#mayBeMore) this.#isPassedBy = true;
    else if (answer === 'kept') this.#take(kept);
    return answer;
  }

  /** Resolves once the report is in its thread, or kept for the thread that does not know its name yet. */
  async report(report: Parameters<GatewayEars['report']>[0]): Promise<void> {
    const { store, clock, log } = this.#parts;
    const of = await store.takeReport(report, clock.now());
    if (of === null) {
      log.debug({ gateway: report.gateway }, 'a report about a text whose name is not known yet; kept');
      return;
    }
    await this.note(of.thread, of.number, report);
  }

  /** Takes up what is kept and not read, and looks again every few seconds until stopped. */
  async look(): Promise<void> {
    if (this.#isLooking || this.#isStopped) return;
    this.#isLooking = true;
    this.#cancel();
    const { store, clock, log } = this.#parts;
    try {
      do {
        this.#isPassedBy = false;
        if (!store.isPresent()) break;
        const most = IN_HAND + Math.min(this.#putOff.size, PASSED_OVER);
        const unread = await store.unreadTexts(most);
        this.#mayBeMore = unread.length >= most;
        this.#forgetPutOff(unread);
        for (const text of unread) this.#take(text);
      } while (this.#isPassedBy && !this.#mayBeMore);
    } catch (thrown) {
      if (!isFault(thrown, 'unavailable')) log.error({}, `the unread texts could not be listed: ${wordsOf(thrown)}`);
    }
    this.#isLooking = false;
    if (!this.#isStopped) this.#cancel = clock.alarm(later(clock.now(), LOOK_EVERY_MS), () => void this.look());
  }

  stop(): void {
    this.#isStopped = true;
    this.#cancel();
  }

  idle(): Promise<void> {
    return this.#lanes.idle();
  }

  /** Settles when what is kept of this sender's and in hand has been read: a word of danger may stand in it. */
  whenRead(number: PhoneNumber): Promise<void> {
    return this.#lanes.run(subscriberOf(number), () => Promise.resolve());
  }

  /** Those whose time has come, also where the clock was set back, and those that somebody else has read. */
  #forgetPutOff(unread: readonly KeptText[]): void {
    const now = this.#parts.clock.now();
    const ids = new Set(unread.map(({ id }) => id));
    for (const [id, until] of this.#putOff) if (until <= now || until > now + READ_AGAIN_MS || !ids.has(id)) this.#putOff.delete(id);
  }

  #take(text: KeptText): void {
    if (this.#isStopped || this.#inHand.has(text.id) || this.#putOff.has(text.id)) return;
    if (this.#inHand.size >= IN_HAND) {
      this.#mayBeMore = true;
      return;
    }
    this.#inHand.set(text.id, text);
    void this.#carry(text);
  }

  /** One text through the lane of its sender; then there is room for another. Never rejects. */
  async #carry(text: KeptText): Promise<void> {
    const number = phoneNumber(text.from);
    await this.#lanes.run(number === null ? text.id : subscriberOf(number), () => this.#tryToRead(text));
    this.#inHand.delete(text.id);
    if (this.#mayBeMore && this.#inHand.size <= IN_HAND / 2) await this.look();
  }

  async #tryToRead(text: KeptText): Promise<void> {
    try {
      await this.#read(text);
    } catch (thrown) {
      this.#putOff.set(text.id, later(this.#parts.clock.now(), READ_AGAIN_MS));
      throw thrown;
    }
  }

  async #read(text: KeptText): Promise<void> {
    const { patience, clock, observer, log } = this.#parts;
    const number = phoneNumber(text.from);
    for (let tries = 1; tries <= SAVE_TRIES; tries++) {
      const now = clock.now();
      const { step, ...since } = await patience.until(() => this.#stepOf(text, number, now));
      const data = { gateway: text.gateway };
      const verdict = await this.#save({ kind: 'TextRead', steps: [step], read: [text.id], ...since, data, now });
      if (verdict === 'again') continue;
      if (verdict === 'saved') observer.textTaken(text.gateway, (clock.now() - text.receivedAt) / 1000);
      else log.debug({ textId: text.id }, 'another controller has read this text');
      return;
    }
    throw new Error(`text ${text.id} could not be saved in ${SAVE_TRIES} tries`);
  }

  /** The thread of this text, before and after it; a new one only where no other controller begins one for the same number at the same time. */
  async #stepOf(
    text: KeptText,
    number: PhoneNumber | null,
    now: Instant,
  ): Promise<{ readonly step: ThreadStep } & Pick<TextCommitOf, 'noThreadSince'>> {
    const { store, rules, isFor, wayTo } = this.#parts;
    const forWhom = isFor(text.to);
    const elsewhere = forWhom.is === 'other' ? { ...forWhom, gateway: wayTo(forWhom.centre) } : null;
    const way = elsewhere === null || elsewhere.gateway === null ? null : { ...elsewhere, gateway: elsewhere.gateway };
    // Counted first: what is begun between the two questions is seen as begun since.
    const [threads, known] =
      number === null ? [0, []] : await Promise.all([store.threadCount(number), store.threadsOf(number, CANDIDATES)]);
    const candidates = known.filter(({ holder }) => (holder.is === 'elsewhere' ? holder.centre : null) === (way?.centre ?? null));
    const fresh = rules.read(decodedText(text.coding, Buffer.from(text.octets, 'base64')), text.receivedAt);
    const choice = whichThread(candidates, text, fresh, ({ holder }) => holder.is === 'closed', rules);
    const before = choice.is === 'same' ? choice.thread : null;
    const opened = before ?? this.#open(text, number, choice.is === 'new' ? choice.continues : null);
    const taken = takeText(opened, text, now, rules);
    const after = way === null ? taken : forwardText(taken, { code: way.centre, name: way.name, gateway: way.gateway }, now, rules);
    return { step: { before, after }, ...(before === null && number !== null ? { noThreadSince: { number, threads } } : {}) };
  }

  #open(text: KeptText, number: PhoneNumber | null, continues: ThreadId | null): Thread {
    const id = threadId(text.id);
    return openThread(text, { id, incident: incidentOf(id, text.receivedAt), number, continues });
  }

  /**
   * One step of a thread, saved with its incident. Fault 'unknown', 'conflict' (why it is refused) or 'unavailable'.
   * `isTransport`: the step concerns only what we send, and leaves the incident as it is. `known`: the thread as it was just read or
   * saved; where it has moved on since, it is read again.
   */
  async change(
    id: ThreadId,
    kind: string,
    step: (thread: Thread, now: Instant) => Stepped,
    { isTransport = false, known = null }: { readonly isTransport?: boolean; readonly known?: Thread | null } = {},
  ): Promise<Thread> {
    const { store, clock } = this.#parts;
    for (let tries = 1; tries <= SAVE_TRIES; tries++) {
      const handed = tries === 1 ? known : null;
      const before = handed ?? (await store.thread(id));
      if (before === null) throw new Fault('unknown', `no thread ${id}`);
      const now = clock.now();
      const after = step(before, now);
      if ((after === before || 'refused' in after) && handed !== null) continue;
      if ('refused' in after) throw new Fault('conflict', after.refused);
      if (after === before) return before;
      const verdict = await this.#save({ kind, steps: [{ before, after }], now }, isTransport);
      if (verdict === 'saved') return { ...after, revision: before.revision + 1 };
    }
    throw new Fault('unavailable', `thread ${id} changes faster than it can be saved`);
  }

  /** Several threads in one step (split, joined). `draft` is asked again where one of them moved on meanwhile. */
  async changeTogether(
    kind: string,
    draft: (now: Instant) => Promise<readonly ThreadStep[]>,
    finish?: (thread: Thread, incident: Incident) => Incident,
  ): Promise<readonly Thread[]> {
    for (let tries = 1; tries <= SAVE_TRIES; tries++) {
      const now = this.#parts.clock.now();
      const steps = await draft(now);
      const verdict = await this.#save({ kind, steps, now, ...(finish === undefined ? {} : { finish }) });
      if (verdict === 'saved') return steps.map(({ before, after }) => ({ ...after, revision: (before?.revision ?? 0) + 1 }));
    }
    throw new Fault('unavailable', 'the threads change faster than they can be saved');
  }

  async note(id: ThreadId, number: number, report: Parameters<GatewayEars['report']>[0]): Promise<void> {
    const { observer } = this.#parts;
    const thread = await this.change(
      id,
      'TextReported',
      (known, now) => reported(known, number, report.carrierId, report.outcome, report.words, now),
      { isTransport: true },
    );
    const text = thread.outgoing.find((one) => one.number === number);
    if (text !== undefined) observer.outgoing(report.gateway, text.purpose, text.state);
  }

  async #save(of: Omit<TextCommitOf, 'id'>, isTransport = false): Promise<'saved' | 'again' | 'read-already'> {
    const { store, centre, patience, newCommitId, sendingChanged, outboxChanged } = this.#parts;
    const whole: TextCommitOf = { ...of, id: newCommitId() };
    // A text that has come waits for the records; a person who asks is told that they are away.
    const patiently = <T>(work: () => Promise<T>): Promise<T> => (of.read === undefined ? work() : patience.until(work));
    const commit = isTransport ? transportCommit(whole) : await patiently(() => textCommit(store, centre, whole));
    const verdict = await patiently(() => store.commit(commit));
    if (verdict.is === 'saved') {
      if (of.steps.some(({ after }) => after.outgoing.some(({ dueAt }) => dueAt !== null))) sendingChanged();
      if ((commit.handovers ?? []).length > 0) outboxChanged();
      return 'saved';
    }
    return verdict.is === 'stale' && verdict.what === 'text' ? 'read-already' : 'again';
  }
}
