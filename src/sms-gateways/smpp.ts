/**
 * A gateway of texts over SMPP 3.4: a client (ESME) bound as transceiver to one message centre. A text that comes is acknowledged once
 * the ears have kept it, and answered with ESME_RX_T_APPN where they cannot, so that the centre repeats it. It connects again by itself,
 * at growing intervals, until it is closed. Keeps nothing over a restart and decides nothing about texts.
 */
import { connect as connectPlain, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import type { Clock, Log } from '../control/ports.ts';
import type { GatewayEars, Sending, TextGateway, TextToSend } from '../control/text-ports.ts';
import { wordsOf } from '../kernel/faults.ts';
import type { Instant } from '../kernel/instants.ts';
import { readDelivery, type DeliverRules } from './smpp-deliver.ts';
import { statusWords, type Fields, type Pdu } from './smpp-pdu.ts';
import { openSession, type Session } from './smpp-session.ts';
import { complaintAbout, sendingOf, submissionsOf, type Answer } from './smpp-submit.ts';
import { openWindow, type Window } from './smpp-window.ts';

export interface SmppSettings extends DeliverRules {
  readonly host: string;
  readonly port: number;
  readonly systemId: string;
  /** At most 8 signs, says the specification; longer ones are sent as they are. */
  readonly password: string;
  readonly systemType: string;
  readonly tls: boolean;
  /** PEM of the authority to trust instead of the system's; `null` for those. */
  readonly ca: string | null;
  /** How many submit_sm may be without an answer at a time. */
  readonly window: number;
  readonly enquireLinkMs: number;
  /** For connecting, for each question, and for a text of ours as a whole. */
  readonly answerWithinMs: number;
  /** The pause before connecting again; doubled up to `reconnectMostMs` as long as it fails. */
  readonly reconnectFirstMs: number;
  readonly reconnectMostMs: number;
  /** The pause after a refused name or password. */
  readonly refusedRetryMs: number;
}

/** What is usual; everything else a carrier tells its customer. */
export const SMPP_USUAL = {
  systemType: '',
  tls: false,
  ca: null,
  window: 10,
  enquireLinkMs: 10_000,
  answerWithinMs: 8000,
  reconnectFirstMs: 250,
  reconnectMostMs: 10_000,
  refusedRetryMs: 30_000,
  defaultAlphabet: 'gsm7',
  codings: { 15: 'gb18030' },
  hexIds: 'nowhere',
} as const satisfies Partial<SmppSettings>;

const VERSION_3_4 = 0x34;
const OK = 0x00;
const TEMPORARY = 0x64;
/** Texts and reports that are being kept at a time; a centre that heeds no window is told to repeat what comes beyond. */
const MOST_IN_HAND = 1000;
/** Statuses of a bind that say that the name or the password is not what the other side has. */
const NOT_LET_IN: ReadonlySet<number> = new Set([0x0d, 0x0e, 0x0f]);

interface Line {
  readonly session: Session;
  readonly window: Window;
}

/** How a line came to its end. */
interface End {
  readonly why: string;
  readonly is: 'lost' | 'refused';
  /** How long it was bound; 0 where it never was. */
  readonly boundMs: number;
}

export function openSmpp(settings: SmppSettings, { clock, log }: { readonly clock: Clock; readonly log: Log }): TextGateway {
  const { name, answerWithinMs } = settings;
  const stop = new AbortController();
  const underWay = new Set<Promise<unknown>>();
  let line: Line | null = null;
  let trouble: string | null = 'not opened yet';
  let heardAt: Instant | null = null;
  let inHand = 0;
  let isClosing = false;
  let running: Promise<void> | null = null;
  let closing: Promise<void> | null = null;

  const during = <T>(work: Promise<T>): Promise<T> => {
    underWay.add(work);
    const forget = (): void => void underWay.delete(work);
    work.then(forget, forget);
    return work;
  };

  const setTrouble = (now: string): void => {
    log[now === trouble ? 'debug' : 'warn']({ gateway: name, trouble: now }, 'the message centre is not connected; trying again');
    trouble = now;
  };

  const take = async (session: Session, pdu: Pdu, ears: GatewayEars): Promise<void> => {
    if (isClosing || inHand >= MOST_IN_HAND) return session.answer(pdu, TEMPORARY);
    const delivery = readDelivery(pdu, settings);
    if (delivery.is === 'text' && delivery.trouble !== null) {
      log.warn({ gateway: name, trouble: delivery.trouble }, 'a text came damaged; it is kept as it is');
    }
    inHand += 1;
    try {
      if (delivery.is === 'text') await ears.text(delivery.heard);
      else await ears.report(delivery.report);
    } catch (thrown) {
      log.warn({ gateway: name, reason: wordsOf(thrown) }, 'what came could not be kept; the message centre is told to repeat it');
      return session.answer(pdu, TEMPORARY);
    } finally {
      inHand -= 1;
    }
    return session.answer(pdu, OK, pdu.command === 'data_sm' ? { message_id: '' } : {});
  };

  /** Connects and stays until the line ends. */
  const oneLine = async (ears: GatewayEars): Promise<End> => {
    const socket = await connected(settings, stop.signal);
    const session = openSession({
      ...settings,
      socket,
      gateway: name,
      log,
      hear: (pdu) => void during(take(session, pdu, ears)),
      alive: () => {
        heardAt = clock.now();
      },
    });
    const abort = (): void => session.end('closed');
    stop.signal.addEventListener('abort', abort, { once: true });
    try {
      const answer = await session.ask('bind_transceiver', bindFields(settings), answerWithinMs);
      if (answer.status !== OK || answer.command === 'generic_nack') return refusedBy(answer);
      const window = openWindow(settings.window);
      line = { session, window };
      const boundAt = performance.now();
      trouble = null;
      log.info({ gateway: name }, 'the message centre is connected');
      const why = await session.ended;
      line = null;
      return { why, is: 'lost', boundMs: performance.now() - boundAt };
    } finally {
      stop.signal.removeEventListener('abort', abort);
      session.end('given up');
    }
  };

  const run = async (ears: GatewayEars): Promise<void> => {
    for (let failures = 0; !stop.signal.aborted;) {
      const end = await oneLine(ears).catch((thrown: unknown): End => ({ why: wordsOf(thrown), is: 'lost', boundMs: 0 }));
      if (stop.signal.aborted) return;
      setTrouble(end.why);
      // A line that is let in and thrown out again at once is no success.
      failures = end.boundMs > settings.reconnectMostMs ? 1 : failures + 1;
      await pause(end.is === 'refused' ? settings.refusedRetryMs : pauseBefore(failures, settings), stop.signal);
    }
  };

  /** Never rejects, and is over within what is left of the time for the whole text. */
  const submit = async ({ session, window }: Line, fields: Fields, until: number): Promise<Answer> => {
    const leave = await window.enter(until - performance.now());
    if (leave === null) return { without: 'the message centre is too slow: others are still without an answer' };
    try {
      return await session.ask('submit_sm', fields, Math.max(1, until - performance.now()), leave);
    } catch (thrown) {
      return { without: wordsOf(thrown) };
    }
  };

  const send = async (text: TextToSend): Promise<Sending> => {
    const until = performance.now() + answerWithinMs;
    const complaint = complaintAbout(text);
    if (complaint !== null) return { is: 'refused', answer: complaint };
    if (isClosing || line === null) return { is: 'unreachable', answer: trouble ?? 'the gateway is being closed' };
    const on = line;
    try {
      const parts = submissionsOf(text, settings.defaultAlphabet === 'gsm7');
      return sendingOf(await Promise.all(parts.map((fields) => submit(on, fields, until))), settings.hexIds);
    } catch (thrown) {
      return { is: 'refused', answer: wordsOf(thrown) };
    }
  };

  const closeAll = async (): Promise<void> => {
    isClosing = true;
    // What is under way settles by itself; only ears that keep a text for long have to be left behind.
    await Promise.race([Promise.allSettled(underWay), pause(answerWithinMs, stop.signal)]);
    await line?.session.ask('unbind', {}, Math.min(answerWithinMs, UNBIND_MS)).catch((thrown: unknown) => {
      log.debug({ gateway: name, reason: wordsOf(thrown) }, 'the message centre did not answer to the unbind');
    });
    stop.abort();
    await running;
    trouble = 'closed';
  };

  return {
    name,
    kind: 'smpp',
    open: (ears) => {
      if (running === null && !isClosing) {
        trouble = 'not connected yet';
        running = run(ears);
      }
      return Promise.resolve();
    },
    send: (text) => during(send(text)),
    health: () => ({ isUp: line !== null && !isClosing, trouble: line === null ? trouble : null, heardAt }),
    close: () => (closing ??= closeAll()),
  };
}

const UNBIND_MS = 1000;

/** Rejects when there is no connection within the deadline, or when it is to stop. */
function connected({ host, port, tls, ca, answerWithinMs }: SmppSettings, signal: AbortSignal): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const name = isIP(host) === 0 ? { servername: host } : {};
    const socket = tls ? connectTls({ host, port, ...name, ...(ca === null ? {} : { ca }) }) : connectPlain({ host, port });
    const settle = (error: Error | null): void => {
      clearTimeout(deadline);
      signal.removeEventListener('abort', stopped);
      socket.removeListener('error', settle);
      if (error === null) return resolve(socket);
      socket.on('error', () => socket.destroy()).destroy();
      return reject(error);
    };
    const stopped = (): void => settle(new Error('closed'));
    const deadline = setTimeout(() => settle(new Error(`no connection within ${answerWithinMs} ms`)), answerWithinMs);
    socket.setNoDelay(true);
    socket.once('error', settle);
    socket.once(tls ? 'secureConnect' : 'connect', () => settle(null));
    if (signal.aborted) stopped();
    else signal.addEventListener('abort', stopped, { once: true });
  });
}

const bindFields = ({ systemId, password, systemType }: SmppSettings): Fields => ({
  system_id: systemId,
  password,
  system_type: systemType,
  interface_version: VERSION_3_4,
});

function refusedBy({ status, command }: Pdu): End {
  const words = command === 'generic_nack' ? `not understood: ${statusWords(status)}` : statusWords(status);
  return NOT_LET_IN.has(status) && command !== 'generic_nack'
    ? { why: `the message centre does not accept our name or password: ${words}`, is: 'refused', boundMs: 0 }
    : { why: `the message centre does not let us in: ${words}`, is: 'lost', boundMs: 0 };
}

/** Doubled with each failure, up to the most; up to a quarter less, by the name, so that several gateways do not come all at once. */
export function pauseBefore(
  failures: number,
  { name, reconnectFirstMs, reconnectMostMs }: Pick<SmppSettings, 'name' | 'reconnectFirstMs' | 'reconnectMostMs'>,
): number {
  const whole = Math.min(reconnectFirstMs * 2 ** Math.min(failures - 1, 30), reconnectMostMs);
  let share = failures;
  for (const sign of name) share = (share * 31 + (sign.codePointAt(0) ?? 0)) % 997;
  return Math.round(whole * (1 - share / 997 / 4));
}

/** Ends early, without complaint, when it is to stop. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const done = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    return signal.addEventListener('abort', done, { once: true });
  });
}
