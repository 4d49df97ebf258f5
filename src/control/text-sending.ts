/**
 * Sends what the threads have waiting: one round of rounds per gateway, so that a gateway that hangs delays no other. Before each text
 * the safe-reply guard is asked once more, and that it is sent is saved first; what the gateway answers is saved after. At least once:
 * what a killed controller had under way is sent again under the same id. Never composes anything.
 */
import { isFault, wordsOf } from '../kernel/faults.ts';
import type { ThreadId } from '../kernel/ids.ts';
import { instant, later, type Instant } from '../kernel/instants.ts';
import type { PhoneNumber } from '../kernel/phone-numbers.ts';
import { sendingAnswered, sendingNext } from '../sms/outgoing.ts';
import type { TextRules } from '../sms/rules.ts';
import type { Outgoing, Thread } from '../sms/thread.ts';
import type { Clock, Log, Store } from './ports.ts';
import { Rounds } from './rounds.ts';
import type { TextDesk } from './text-desk.ts';
import type { Sending, TextGateway, TextObserver } from './text-ports.ts';

/** Texts under way at one gateway. */
const AT_A_TIME = 16;
/** Looked at in one round: those that cannot be read keep no others from going. */
const DUE_AT_MOST = 4 * AT_A_TIME;
/** Looked at this often without being asked: texts of another controller, a wake that was lost. */
const POLL_MS = 2000;
/** Texts of the same number that have just come are waited for so long. */
const READ_WITHIN_MS = 2000;
/** What is due and could not be sent is not asked for in a spin. */
const SOONEST_MS = 50;

export interface TextSendingParts {
  readonly store: Store;
  readonly desk: Pick<TextDesk, 'change' | 'note' | 'whenRead'>;
  readonly gateways: readonly TextGateway[];
  readonly rules: TextRules;
  readonly clock: Clock;
  readonly log: Log;
  readonly observer: TextObserver;
}

export class TextSending {
  readonly #parts: TextSendingParts;
  readonly #rounds: readonly Rounds[];
  /** By gateway: one that hangs takes up no other's places. */
  readonly #underWay: ReadonlyMap<TextGateway, Map<string, Promise<void>>>;

  constructor(parts: TextSendingParts) {
    this.#parts = parts;
    this.#underWay = new Map(parts.gateways.map((gateway) => [gateway, new Map()]));
    this.#rounds = parts.gateways.map(
      (gateway) =>
        new Rounds({
          clock: parts.clock,
          round: () => this.#round(gateway),
          failed: (thrown) => {
            if (isFault(thrown, 'unavailable')) return;
            parts.log.error({ gateway: gateway.name }, `what is to be sent could not be read: ${wordsOf(thrown)}`);
          },
        }),
    );
    parts.store.onPresence((present) => {
      if (present) this.wake();
    });
  }

  wake(): void {
    for (const rounds of this.#rounds) rounds.wake();
  }

  /** No further text is sent; resolves when those under way are noted. A gateway's own deadline bounds it. */
  async stop(): Promise<void> {
    for (const rounds of this.#rounds) rounds.stop();
    await Promise.all([...this.#underWay.values()].flatMap((carried) => [...carried.values()]));
  }

  async #round(gateway: TextGateway): Promise<Instant> {
    const { store, clock } = this.#parts;
    const poll = later(clock.now(), POLL_MS);
    if (!store.isPresent()) return poll;
    const due = await store.dueTexts(gateway.name, clock.now(), DUE_AT_MOST);
    const underWay = this.#underWay.get(gateway) ?? new Map<string, Promise<void>>();
    for (const { thread, number } of due) {
      const key = `${thread}.${number}`;
      if (underWay.size >= AT_A_TIME || underWay.has(key)) continue;
      const carried = this.#carry(gateway, thread, number).finally(() => underWay.delete(key));
      underWay.set(key, carried);
    }
    const next = await store.nextDueText(gateway.name);
    return next === null ? poll : instant(Math.max(clock.now() + SOONEST_MS, Math.min(next, poll)));
  }

  /** One text from here to the note of what became of it; never rejects. */
  async #carry(gateway: TextGateway, thread: ThreadId, number: number): Promise<void> {
    try {
      await this.#send(gateway, thread, number);
    } catch (thrown) {
      this.#parts.log.warn(
        { gateway: gateway.name, thread },
        `what became of a text is not noted, so it is tried again: ${wordsOf(thrown)}`,
      );
    }
  }

  async #send(gateway: TextGateway, id: ThreadId, number: number): Promise<void> {
    const { store, desk, rules, log } = this.#parts;
    const known = await store.thread(id);
    // Where that takes long, a later round tries again: nobody who stops waits for records that are away.
    if (known !== null && known.number !== null && !(await this.#isRead(known.number))) return;
    const isSilenced = known !== null && known.number !== null && (await store.isSilenced(known.number));
    let isToSend = false;
    const thread = await desk.change(
      id,
      'TextSent',
      (before, now) => {
        const after = sendingNext(before, number, now, isSilenced, rules);
        isToSend = after !== null && of(after, number)?.state === 'sent';
        return after ?? before;
      },
      { isTransport: true, known },
    );
    const text = of(thread, number);
    if (text === undefined || !isToSend) {
      if (text !== undefined) this.#observe(gateway, text);
      return;
    }
    const answer = await gateway.send({ id: `${id}.${number}`, to: text.to, from: text.from, text: text.text });
    const noted = await desk.change(id, 'TextAnswered', (before, now) => sendingAnswered(before, number, answer, now, rules), {
      isTransport: true,
      known: thread,
    });
    const after = of(noted, number);
    if (after !== undefined) this.#observe(gateway, after);
    log.info(
      { gateway: gateway.name, thread: id, number, purpose: text.purpose },
      `a text was given to its gateway: ${wordsOfSending(answer)}`,
    );
    if (answer.is !== 'accepted') return;
    for (const report of await store.earlyReports(gateway.name, answer.carrierIds)) await desk.note(id, number, report);
  }

  /** Whether what is in hand of this number has been read. */
  async #isRead(number: PhoneNumber): Promise<boolean> {
    const { desk, clock } = this.#parts;
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const cancel = clock.alarm(later(clock.now(), READ_WITHIN_MS), () => resolve(false));
    void desk.whenRead(number).then(() => resolve(true));
    const isRead = await promise;
    cancel();
    return isRead;
  }

  #observe(gateway: TextGateway, text: Outgoing): void {
    this.#parts.observer.outgoing(gateway.name, text.purpose, text.state);
  }
}

const of = (thread: Thread, number: number): Outgoing | undefined => thread.outgoing.find((one) => one.number === number);

const wordsOfSending = (sending: Sending): string => ('answer' in sending ? `${sending.is}, ${sending.answer}` : sending.is);
