/**
 * A gateway of texts in memory: both sides of it, for tests of the control room. Passes the contract of gateways as the real doors do.
 */
import type { DeliveryReport, GatewayEars, Sending, TextGateway, TextToSend } from '../../src/control/text-ports.ts';
import type { Log } from '../../src/control/ports.ts';
import { instant, type Instant } from '../../src/kernel/instants.ts';
import { phoneNumber, masked } from '../../src/kernel/phone-numbers.ts';
import type { TextHeard } from '../../src/sms/text.ts';
import type { Peer, PeerHeard, PeerMaker } from '../contract/gateway.peer.ts';

type Behaviour = 'accept' | 'refuse' | 'busy' | 'silent' | 'hand-on';

export class SimulatedGateway implements TextGateway {
  readonly kind = 'smpp';
  readonly name: string;
  /** Texts of ours that it accepted, in order; the same id again where it was sent again. */
  readonly accepted: TextToSend[] = [];
  readonly #answerWithinMs: number;
  readonly #log: Log | null;
  #ears: GatewayEars | null = null;
  #isClosed = false;
  #isCut = false;
  #how: Behaviour = 'accept';
  #heardAt: Instant | null = null;
  readonly #underWay = new Set<() => void>();
  readonly #handingIn = new Set<Promise<unknown>>();

  constructor(name = 'mobile', answerWithinMs = 400, log: Log | null = null) {
    this.name = name;
    this.#answerWithinMs = answerWithinMs;
    this.#log = log;
  }

  open(ears: GatewayEars): Promise<void> {
    this.#ears = ears;
    return Promise.resolve();
  }

  async send(text: TextToSend): Promise<Sending> {
    if (this.#ears === null || this.#isClosed || this.#isCut) return { is: 'unreachable', answer: 'there is no line' };
    this.#log?.debug({ gateway: this.name, to: masked(phoneNumber(text.to)) }, 'a text goes');
    switch (this.#how) {
      case 'refuse':
        return { is: 'refused', answer: 'no such number' };
      case 'busy':
        return { is: 'unreachable', answer: 'busy' };
      case 'hand-on':
        this.accepted.push(text);
        return { is: 'handed-on' };
      case 'silent':
        await this.#deadline();
        return { is: 'unreachable', answer: 'no answer in time' };
      case 'accept':
        this.accepted.push(text);
        return { is: 'accepted', carrierIds: [`${this.name}-${text.id}`] };
    }
  }

  health(): { readonly isUp: boolean; readonly trouble: string | null; readonly heardAt: Instant | null } {
    const isUp = this.#ears !== null && !this.#isClosed && !this.#isCut;
    return { isUp, trouble: isUp ? null : 'there is no line', heardAt: this.#heardAt };
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    for (const end of this.#underWay) end();
    await Promise.race([Promise.all(this.#handingIn), this.#deadline()]);
  }

  // ── the carrier's side ──

  behave(how: Behaviour): void {
    this.#how = how;
  }

  cut(): void {
    this.#isCut = true;
    for (const end of this.#underWay) end();
  }

  mend(): void {
    this.#isCut = false;
    this.#how = 'accept';
  }

  /** As a carrier that repeats nothing by itself sees it. */
  async deliver(heard: Omit<TextHeard, 'gateway'>): Promise<PeerHeard> {
    return this.#tell((ears) => ears.text({ ...heard, gateway: this.name }));
  }

  async report(report: Omit<DeliveryReport, 'gateway'>): Promise<PeerHeard> {
    return this.#tell((ears) => ears.report({ ...report, gateway: this.name }));
  }

  async #tell(what: (ears: GatewayEars) => Promise<unknown>): Promise<PeerHeard> {
    if (this.#ears === null || this.#isClosed || this.#isCut) return 'none';
    this.#heardAt = instant(Date.now());
    const telling = what(this.#ears);
    const settled = telling.then(
      () => 'acknowledged' as const,
      () => 'temporary' as const,
    );
    this.#handingIn.add(settled);
    const answer = await settled;
    this.#handingIn.delete(settled);
    return answer;
  }

  #deadline(): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.#underWay.delete(end);
        resolve();
      };
      const timer = setTimeout(end, this.#answerWithinMs);
      this.#underWay.add(end);
    });
  }
}

/** The two sides as the contract wants them. */
export const simulatedPeer: PeerMaker = ({ answerWithinMs, log }) => {
  const gateway = new SimulatedGateway('simulated', answerWithinMs, log);
  const peer: Peer = {
    gateway,
    deliver: ({ id, from, to, text }) =>
      gateway.deliver({ carrierId: id, from, to, coding: 'utf8', octets: Buffer.from(text, 'utf8'), part: null, sentAt: null }),
    report: ({ carrierId, outcome }) => gateway.report({ carrierId, outcome, words: outcome }),
    submitted: () => gateway.accepted.map(({ from, to, text }) => ({ from, to, text })),
    behave: (how) => gateway.behave(how),
    cut: () => gateway.cut(),
    freeze: () => gateway.cut(),
    mend: () => gateway.mend(),
    takePassword: () => undefined,
    secrets: () => [],
    close: () => Promise.resolve(),
  };
  return Promise.resolve(peer);
};
