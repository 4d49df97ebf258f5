/**
 * The door to a CMPP gateway (China Mobile's ISMG), 2.0 or 3.0: keeps one connection to it, hands in what comes before it is
 * acknowledged, and submits what is to be sent, always asking for status reports. Connects anew by itself, ever more slowly. Never
 * decodes a text and never tries one of ours a second time: who asked decides that.
 */
import type { Clock, Log } from '../control/ports.ts';
import type { GatewayEars, GatewayHealth, Sending, TextGateway, TextToSend } from '../control/text-ports.ts';
import { wordsOf } from '../kernel/faults.ts';
import { later, type Instant } from '../kernel/instants.ts';
import { statusReportIn } from './cmpp-codec.ts';
import { terminalWidth, type CmppVersion, type Deliver, type Fee } from './cmpp-pdus.ts';
import { openSession, type Session, type SessionEars, type SessionEnd } from './cmpp-session.ts';
import { heardText, outcomeOf, partsOf, refusalOf } from './cmpp-texts.ts';

export interface CmppSettings {
  /** The gateway's name in the settings. */
  readonly name: string;
  readonly host: string;
  /** 7890 by convention. */
  readonly port: number;
  /** The highest to be spoken: 3.0 gives way to 2.0 where the gateway asks for it. */
  readonly version: CmppVersion;
  /** SP_Id, up to 6 letters and digits. */
  readonly sourceAddress: string;
  /** The shared secret. */
  readonly secret: string;
  /** Up to 10 letters and digits. */
  readonly serviceId: string;
  readonly fee: Fee;
  /** Submits without an answer at a time. */
  readonly window: number;
  /** How often the gateway is asked whether it lives; three questions without an answer end the connection. */
  readonly activeTestMs: number;
  /** From the handing over of a text to the last of its answers; and for a login. */
  readonly answerWithinMs: number;
  /** Before the second attempt to connect; doubled up to the most. */
  readonly reconnectFirstMs: number;
  readonly reconnectMostMs: number;
  /** After a login that was refused: a gateway may lock out who asks too often. */
  readonly refusedRetryMs: number;
}

/** What suits where nothing else is agreed; free of charge for the reporter. */
export const CMPP_USUAL = {
  port: 7890,
  version: '2.0',
  fee: { payer: 2, type: '01', code: '000000' },
  window: 16,
  activeTestMs: 30_000,
  answerWithinMs: 10_000,
  reconnectFirstMs: 1000,
  reconnectMostMs: 30_000,
  refusedRetryMs: 30_000,
} as const satisfies Partial<CmppSettings>;

/** Throws at once on settings that no CMPP gateway could be spoken to with. */
export function openCmpp(settings: CmppSettings, { clock, log }: { readonly clock: Clock; readonly log: Log }): TextGateway {
  const { name, serviceId, sourceAddress, fee, answerWithinMs, reconnectFirstMs, reconnectMostMs } = settings;
  const complaint = complaintOf(settings);
  if (complaint !== null) throw new Error(`the gateway '${name}': ${complaint}`);
  const about = { gateway: name };
  let version = settings.version;
  let session: Session | null = null;
  let isUp = false;
  let isClosed = false;
  let trouble: string | null = null;
  let heardAt: Instant | null = null;
  let pause = reconnectFirstMs;
  let cancelRetry: () => void = () => {};

  const connect = (ears: GatewayEars): void => {
    session = openSession({ ...settings, version }, sessionEars(ears), { clock, log });
  };
  const sessionEars = (ears: GatewayEars): SessionEars => ({
    up: (spoken) => {
      version = spoken;
      isUp = !isClosed;
      trouble = null;
      log.info(about, `connected to the gateway, CMPP ${spoken}`);
    },
    deliver: async (pdu) => {
      try {
        return await take(pdu, ears);
      } catch (thrown) {
        isUp = false;
        trouble = `texts cannot be kept: ${wordsOf(thrown)}`;
        throw thrown;
      }
    },
    heard: () => {
      heardAt = clock.now();
    },
    ended: (ending) => {
      isUp = false;
      session = null;
      if (isClosed) return;
      trouble = ending.why;
      log.warn(about, `${ending.why}; connecting again`);
      if (ending.kind === 'version') version = '2.0';
      cancelRetry = clock.alarm(later(clock.now(), pauseAfter(ending.kind)), () => connect(ears));
    },
  });
  const pauseAfter = (kind: SessionEnd['kind']): number => {
    if (kind === 'version') return 0;
    const ms = kind === 'login' ? settings.refusedRetryMs : pause;
    pause = Math.min(pause * 2, reconnectMostMs);
    return ms;
  };
  /** Something was carried: the line is as it should be. */
  const carried = (): void => {
    pause = reconnectFirstMs;
  };

  const take = async (pdu: Deliver, ears: GatewayEars): Promise<'kept' | 'unreadable'> => {
    if (pdu.isReport) {
      const report = statusReportIn(pdu.content);
      if (report === null) {
        log.warn(about, `a status report of ${pdu.content.length} octets cannot be read`);
        return 'unreadable';
      }
      await ears.report({ gateway: name, carrierId: report.id, outcome: outcomeOf(report.stat), words: report.stat || 'no word' });
    } else {
      const { text, trouble } = heardText(pdu, name, clock.now());
      if (trouble !== null) log.warn({ ...about, carrierId: text.carrierId }, `a text with an odd header: ${trouble}`);
      await ears.text(text);
    }
    carried();
    return 'kept';
  };

  const send = async ({ id, to, from, text }: TextToSend): Promise<Sending> => {
    const deadline = later(clock.now(), answerWithinMs);
    const [receiver, sender] = [to, from].map((number) => number.replace(/^\+/, '')) as [string, string];
    if (!/^[0-9A-Za-z]+$/.test(receiver) || receiver.length > terminalWidth(version))
      return refused('CMPP cannot carry the receiver’s number');
    if (!/^[0-9]+$/.test(sender) || sender.length > 21) return refused('CMPP cannot carry the number it is sent from');
    const carrierIds: string[] = [];
    for (const part of partsOf(text, id)) {
      if (session === null || isClosed) return { is: 'unreachable', answer: trouble ?? 'not connected' };
      const answer = await session.submit({ is: 'submit', ...part, serviceId, fee, sourceAddress, from: sender, to: receiver }, deadline);
      if (answer.is === 'unanswered') return { is: 'unreachable', answer: answer.why };
      if (answer.result !== 0) return refusalOf(answer.result);
      carrierIds.push(answer.id);
      carried();
    }
    return { is: 'accepted', carrierIds };
  };

  return {
    name,
    kind: 'cmpp',
    open: async (ears) => {
      if (session === null && !isClosed) connect(ears);
    },
    send: (text) => send(text).catch((thrown: unknown) => refused(wordsOf(thrown))),
    health: (): GatewayHealth => ({ isUp, trouble, heardAt }),
    close: async () => {
      isClosed = true;
      isUp = false;
      cancelRetry();
      await session?.leave('we are closing');
    },
  };
}

const refused = (answer: string): Sending => ({ is: 'refused', answer });

/** What is wrong with the settings; `null` where nothing is. Says nothing of the secret itself. */
function complaintOf({ sourceAddress, secret, serviceId, fee }: CmppSettings): string | null {
  if (!/^[\x21-\x7e]{1,6}$/.test(sourceAddress)) return 'the source address must have 1 to 6 letters or digits';
  if (secret === '') return 'there is no secret';
  if (!/^[\x20-\x7e]{0,10}$/.test(serviceId)) return 'the service id must have at most 10 letters or digits';
  if (!/^\d{2}$/.test(fee.type) || !/^\d{0,6}$/.test(fee.code)) return 'the fee must have a type of 2 digits and a code of at most 6';
  return null;
}
