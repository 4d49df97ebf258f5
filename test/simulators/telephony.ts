/**
 * An exchange in memory: passes the same contract as the real Asterisk, and has levers for what people and lines do. Several controllers
 * may stand behind it, each with an application of its own; the first is the one that most tests know alone.
 * Every command is recorded. Without a clock nothing happens by itself; with one, phones ring out and utterances end in time.
 * Never knows the control room: it only tells what it hears, in order, one microtask after it happened.
 */
import type { Release } from '../../src/call/call.ts';
import type { LegEnd } from '../../src/call/events.ts';
import type { Message } from '../../src/call/messages.ts';
import type { Clock, Heard, Telephony } from '../../src/control/ports.ts';
import { Fault } from '../../src/kernel/faults.ts';
import type { CallId } from '../../src/kernel/ids.ts';
import { later } from '../../src/kernel/instants.ts';
import { type Bridge, type Caller, type Command, type Conduct, type Leg, standingOf, Troubles, type Verb } from './telephony-state.ts';
import { Lines } from './telephony-lines.ts';
import { moveLegs } from './telephony-moving.ts';
import { SimulatedVolunteers } from './telephony-volunteers.ts';

export type { Command, Verb } from './telephony-state.ts';

const CHOICE: Release = { by: 'choice', cause: 16 };

export class SimulatedExchange {
  /** Everything that was asked of the exchange, oldest first; refused and failed commands too. */
  readonly commands: Command[] = [];
  readonly callers = new Map<CallId, Caller>();
  readonly legs = new Map<string, Leg>();
  readonly bridges = new Map<string, Bridge>();
  /** Conversations of which a recording was begun, each once. */
  readonly recordings = new Set<string>();
  readonly volunteers: SimulatedVolunteers;
  readonly telephony: Telephony;

  readonly #clock: Clock | null;
  readonly #utteranceMs: number;
  readonly #phones = new Map<string, Conduct>();
  readonly #conduct = new Map<string, Conduct>();
  readonly #troubles = new Troubles();
  readonly #lines = new Lines();

  /** `utteranceMs`: how long anything said lasts, where a clock is given. */
  constructor(settings: { readonly clock?: Clock; readonly utteranceMs?: number } = {}) {
    this.#clock = settings.clock ?? null;
    this.#utteranceMs = settings.utteranceMs ?? 300;
    this.volunteers = new SimulatedVolunteers({
      clock: this.#clock,
      utteranceMs: this.#utteranceMs,
      bridges: this.bridges,
      hear: (app, heard) => this.#lines.hear(app, heard),
      phones: this.#phones,
    });
    this.telephony = this.door(FIRST);
  }

  // ── levers: what people and lines do ────────────────────────────────────────────────────────────────────────────────────

  /** A caller stands at the door and is offered to us. */
  arrive(call: CallId, number: string | null = null, calledNumber = '110', language: string | null = null): Promise<void> {
    this.callers.set(call, {
      call,
      number,
      calledNumber,
      language,
      at: 'door',
      app: FIRST,
      utterance: 0,
      saying: null,
      isReassured: false,
    });
    return this.#lines.hearAll({ type: 'arrival', call, number, calledNumber, language });
  }

  /** Another controller was first, or the dialplan went on. */
  goElsewhere(call: CallId): void {
    const caller = this.callers.get(call);
    if (caller !== undefined) caller.at = 'elsewhere';
  }

  callerLeaves(call: CallId, release: Release = CHOICE): Promise<void> {
    const caller = this.callers.get(call);
    if (caller === undefined) return Promise.resolve();
    this.callers.delete(call);
    for (const bridge of this.bridges.values()) if (bridge.call === call) bridge.callerIn = false;
    if (caller.at !== 'ours') return Promise.resolve();
    void this.#endUtterance(caller);
    return this.#lines.hear(caller.app, { type: 'caller-left', call, release });
  }

  /** The caller presses a key; heard only where the channel is ours. */
  press(call: CallId, key: string): Promise<void> {
    const caller = this.#ours(call);
    return caller === undefined ? Promise.resolve() : this.#lines.hear(caller.app, { type: 'key-pressed', call, key });
  }

  utteranceEnds(call: CallId): Promise<void> {
    const caller = this.callers.get(call);
    return caller === undefined ? Promise.resolve() : this.#endUtterance(caller);
  }

  /** The call taker picks up. Nothing happens where that phone does not ring. */
  answer(call: CallId, attempt: number): Promise<void> {
    const leg = this.legs.get(legName(call, attempt));
    if (leg === undefined || leg.answered) return Promise.resolve();
    leg.stopRinging();
    leg.answered = true;
    if (this.#lines.of(leg.app).tell === null) return this.legEnds(call, attempt, 'unreachable');
    return this.#lines.hear(leg.app, { type: 'call-taker-answered', call, attempt });
  }

  /** The call taker's leg ends: declined, not answered, hung up, cut. */
  legEnds(call: CallId, attempt: number, end: LegEnd): Promise<void> {
    const leg = this.legs.get(legName(call, attempt));
    if (leg === undefined) return Promise.resolve();
    leg.stopRinging();
    this.legs.delete(legName(call, attempt));
    const bridge = this.bridges.get(legName(call, attempt));
    if (bridge !== undefined) bridge.callTakerIn = false;
    return this.#lines.hear(leg.app, { type: 'call-taker-leg-ended', call, attempt, end });
  }

  /** The volunteer picks up, presses a key, or the leg ends; nothing happens where no such leg stands. */
  volunteerAnswers = (call: CallId, leg: number): Promise<void> => this.volunteers.answer(call, leg);
  volunteerPresses = (call: CallId, leg: number, key: string): Promise<void> => this.volunteers.press(call, leg, key);
  volunteerEnds = (call: CallId, leg: number, end: LegEnd): Promise<void> => this.volunteers.end(call, leg, end);

  /** From now on this phone (a call taker's, or a volunteer's of `sip:<endpoint>`) is registered and does so when it rings; 'ignore' lets it ring. */
  register(endpoint: string, conduct: Conduct = 'ignore'): Promise<void> {
    const known = this.#phones.has(endpoint);
    this.#phones.set(endpoint, conduct);
    this.#conduct.set(endpoint, conduct);
    return known ? Promise.resolve() : this.#lines.hearAll({ type: 'phone', endpoint, is: 'registered' });
  }

  unregister(endpoint: string): Promise<void> {
    return this.#phones.delete(endpoint) ? this.#lines.hearAll({ type: 'phone', endpoint, is: 'absent' }) : Promise.resolve();
  }

  /** The link to the exchange is gone: commands fail, and what happens meanwhile is not heard. */
  losePresence(app = FIRST): void {
    this.#lines.setPresent(app, false);
  }

  regainPresence(app = FIRST): void {
    this.#lines.setPresent(app, true);
  }

  /** The controller of this application is killed: its channels stay, and nobody hears of them. */
  kill(app: string): void {
    this.#lines.kill(app);
  }

  /** The controller of this application is stopped for a while: what it would hear waits until it goes on. Answers what lets it. */
  freeze(app: string): () => void {
    return this.#lines.freeze(app);
  }

  /** The next such command changes nothing and is refused. */
  failNext(verb: Verb, fault: Error = new Fault('unavailable', `the exchange did not carry out ${verb}`)): void {
    this.#troubles.fail(verb, fault);
  }

  /** The next such command answers, and nothing is done. */
  doNothingNext(verb: Verb): void {
    this.#troubles.pretend(verb);
  }

  /** The next such command waits, and is refused when the answer is called (a door's own deadline). */
  hangNext(verb: Verb): () => void {
    return this.#troubles.hang(verb);
  }

  /** Any word, as if Asterisk had said it: late, repeated, or of nobody. */
  hear(heard: Heard): Promise<void> {
    return this.#lines.hear(FIRST, heard);
  }

  /** Commands of one verb, oldest first. */
  given(verb: Verb): readonly Command[] {
    return this.commands.filter((command) => command.verb === verb);
  }

  // ── the door ────────────────────────────────────────────────────────────────────────────────────────────────────────────

  /** Of another controller's application. */
  door(app: string): Telephony {
    const line = this.#lines.of(app);
    const order = <T>(command: Command, carryOut: () => T): Promise<T> => this.#command(app, command, carryOut);
    return {
      open: async (tell) => {
        line.tell = tell;
        this.regainPresence(app);
      },
      claim: (call) => order({ verb: 'claim', call }, () => this.#claim(app, call)),
      adopt: (calls) =>
        order({ verb: 'adopt', calls: calls.map(({ call }) => call) }, () => {
          for (const { call } of calls) this.#adopt(app, call);
        }),
      say: (call, utterance, message, language) =>
        order({ verb: 'say', call, utterance, message, language }, () => this.#say(call, utterance, message)),
      hush: (call, utterance) =>
        order({ verb: 'hush', call, utterance }, () => {
          const caller = this.callers.get(call);
          if (caller !== undefined) caller.isReassured = false;
          if (caller?.utterance === utterance) void this.#endUtterance(caller);
        }),
      reassure: (call, language) =>
        order({ verb: 'reassure', call, language }, () => {
          const caller = this.#ours(call);
          if (caller !== undefined) caller.isReassured = true;
          return caller === undefined ? 'gone' : 'saying';
        }),
      ring: (call, attempt, endpoint, seconds, show) =>
        order({ verb: 'ring', call, attempt, endpoint, seconds, show }, () => this.#ring(app, call, attempt, endpoint, seconds)),
      releaseCallTaker: (call, attempt) =>
        order({ verb: 'releaseCallTaker', call, attempt }, () => {
          void this.legEnds(call, attempt, this.legs.get(legName(call, attempt))?.answered === true ? 'hung-up' : 'no-answer');
        }),
      join: (call, attempt) => order({ verb: 'join', call, attempt }, () => this.#join(call, attempt)),
      part: (call, attempt) => order({ verb: 'part', call, attempt }, () => void this.bridges.delete(legName(call, attempt))),
      hold: (call, attempt) => order({ verb: 'hold', call, attempt }, () => (this.#move(call, attempt, false) ? 'held' : 'gone')),
      resume: (call, attempt) => order({ verb: 'resume', call, attempt }, () => (this.#move(call, attempt, true) ? 'resumed' : 'gone')),
      releaseCaller: (call) => order({ verb: 'releaseCaller', call }, () => void this.callerLeaves(call)),
      ...this.volunteers.door(app, order),
      standing: () =>
        order({ verb: 'standing' }, () =>
          standingOf(
            this,
            app,
            [...this.#conduct.keys()].map((endpoint) => [endpoint, this.#phones.has(endpoint)] as const),
          ),
        ),
      isPresent: () => line.present,
      onPresence: (tell) => void line.presence.push(tell),
      close: async () => {
        this.kill(app);
        if (app !== FIRST) return;
        for (const leg of this.legs.values()) leg.stopRinging();
        this.volunteers.close();
      },
    };
  }

  #claim(app: string, call: CallId): 'ours' | 'elsewhere' {
    const caller = this.callers.get(call);
    if (caller === undefined || caller.at === 'elsewhere') return 'elsewhere';
    if (caller.at === 'door') this.#enter(app, caller);
    return caller.app === app ? 'ours' : 'elsewhere';
  }

  #enter(app: string, caller: Caller): void {
    caller.at = 'ours';
    caller.app = app;
    const { call, number, calledNumber, language } = caller;
    void this.#lines.hear(app, { type: 'caller-entered', call, number, calledNumber, language });
  }

  #adopt(app: string, call: CallId): void {
    const caller = this.#ours(call);
    if (caller !== undefined && caller.app !== app) {
      void this.#endUtterance(caller);
      void this.#lines.hear(caller.app, { type: 'caller-left', call, release: { by: 'cut', cause: null } });
      this.#enter(app, caller);
    }
    moveLegs(app, [...this.legs.values()], [...this.volunteers.legs.values()], call, {
      hear: (to, heard) => this.#lines.hear(to, heard),
      legEnds: (attempt) => this.legEnds(call, attempt, 'no-answer'),
      volunteerEnds: (leg) => this.volunteers.end(call, leg, 'no-answer'),
    });
  }

  #say(call: CallId, utterance: number, message: Message): 'saying' | 'gone' {
    const caller = this.#ours(call);
    if (caller === undefined) return 'gone';
    if (utterance <= caller.utterance) return 'saying';
    void this.#endUtterance(caller);
    caller.utterance = utterance;
    caller.saying = message;
    if (this.#clock !== null && message.say !== 'ringing') {
      this.#clock.alarm(later(this.#clock.now(), this.#utteranceMs), () => {
        if (caller.utterance === utterance) void this.#endUtterance(caller);
      });
    }
    return 'saying';
  }

  #ring(app: string, call: CallId, attempt: number, endpoint: string, seconds: number): 'ringing' | 'unreachable' {
    if (this.legs.has(legName(call, attempt))) return 'ringing';
    if (!this.#phones.has(endpoint)) return 'unreachable';
    const clock = this.#clock;
    const stopRinging =
      clock === null ? () => {} : clock.alarm(later(clock.now(), seconds * 1000), () => void this.legEnds(call, attempt, 'no-answer'));
    this.legs.set(legName(call, attempt), { call, attempt, endpoint, app, answered: false, stopRinging });
    if (this.#conduct.get(endpoint) === 'answer') queueMicrotask(() => void this.answer(call, attempt));
    if (this.#conduct.get(endpoint) === 'decline') queueMicrotask(() => void this.legEnds(call, attempt, 'declined'));
    return 'ringing';
  }

  #join(call: CallId, attempt: number): 'joined' | 'gone' {
    const caller = this.#ours(call);
    const leg = this.legs.get(legName(call, attempt));
    if (caller === undefined || leg?.answered !== true) return 'gone';
    void this.#endUtterance(caller);
    const volunteersIn = this.bridges.get(legName(call, attempt))?.volunteersIn ?? [];
    this.bridges.set(legName(call, attempt), { call, attempt, callerIn: true, callTakerIn: true, volunteersIn });
    this.recordings.add(legName(call, attempt));
    return 'joined';
  }

  #move(call: CallId, attempt: number, into: boolean): boolean {
    const bridge = this.bridges.get(legName(call, attempt));
    const caller = this.#ours(call);
    if (bridge === undefined || caller === undefined || !bridge.callTakerIn) return false;
    if (into) void this.#endUtterance(caller);
    bridge.callerIn = into;
    return true;
  }

  // ── inside ──────────────────────────────────────────────────────────────────────────────────────────────────────────────

  async #command<T>(app: string, command: Command, carryOut: () => T): Promise<T> {
    this.commands.push(app === FIRST ? command : { ...command, by: app });
    if (!this.#lines.of(app).present) throw new Fault('unavailable', 'the exchange cannot be reached');
    const trouble = this.#troubles.next(command.verb);
    return trouble === undefined ? carryOut() : ((await trouble()) as T);
  }

  #ours(call: CallId): Caller | undefined {
    const caller = this.callers.get(call);
    return caller?.at === 'ours' ? caller : undefined;
  }

  #endUtterance(caller: Caller): Promise<void> {
    caller.isReassured = false;
    if (caller.saying === null) return Promise.resolve();
    caller.saying = null;
    return this.#lines.hear(caller.app, { type: 'utterance-finished', call: caller.call, utterance: caller.utterance });
  }
}

const FIRST = 'one';

const legName = (call: CallId, attempt: number): string => `${call}.taker.${attempt}`;
