/**
 * Texts as SIP MESSAGE by Asterisk's trunk. Each comes twice: as an event of ARI, at once, and as the record that the dialplan writes,
 * which is also there when nobody listens. Asterisk has answered the sender by then (202); what stands for our acknowledgement is that
 * the record is taken away, after the text is kept and never before. On a line of its own to ARI; keeps no other truth.
 */
import type { Clock, Log } from '../control/ports.ts';
import type { GatewayEars, Sending, TextGateway, TextToSend } from '../control/text-ports.ts';
import { isFault, wordsOf } from '../kernel/faults.ts';
import type { Instant } from '../kernel/instants.ts';
import { maskDigits, phoneNumber } from '../kernel/phone-numbers.ts';
import type { TextHeard } from '../sms/text.ts';
import { openConnection } from './connection.ts';
import { isTrunk, TRUNK, textsApplicationOf } from './names.ts';
import { messageInEvent, piecesOf, textIn } from './sip-message.ts';
import { openTextSpool } from './text-spool.ts';

export interface SipTextsSettings {
  readonly name: string;
  /** Where ARI answers, e.g. `http://127.0.0.1:8088/ari`. */
  readonly ariUrl: string;
  readonly ariUser: string;
  readonly ariPassword: string;
  /** This controller's name among all controllers of one Asterisk. */
  readonly instance: string;
  /** Where the dialplan writes. */
  readonly spoolFolder: string;
  /** `host` or `host:port` of the trunk; `null`: nothing can be sent by this gateway. */
  readonly trunkContact: string | null;
  readonly answerWithinMs: number;
  /** A record younger than this is left to the event, which is on its way; default 2000. */
  readonly copyAfterMs?: number;
  readonly lookEveryMs?: number;
  readonly pingEveryMs?: number;
}

const COPY_AFTER_MS = 2000;
const LOOK_EVERY_MS = 500;
/** Names of texts that are kept and whose record may still come. */
const REMEMBERED = 10_000;
const SPOOLED_AT_ONCE = 500;
const UNDER_WAY_MOST = 50;
const EVENTS = ['TextMessageReceived', 'ApplicationReplaced'];
const NAMED_MOST = 3;

export function openSipTexts(settings: SipTextsSettings, { clock, log }: { readonly clock: Clock; readonly log: Log }): TextGateway {
  const { name, instance, answerWithinMs, trunkContact, copyAfterMs = COPY_AFTER_MS, lookEveryMs = LOOK_EVERY_MS } = settings;
  const application = textsApplicationOf(instance);
  const spool = openTextSpool(settings.spoolFolder);
  const { ariUrl, ariUser, ariPassword, pingEveryMs } = settings;
  const connection = openConnection({
    ...{ ariUrl, ariUser, ariPassword, application, events: EVENTS, log, commandMs: answerWithinMs },
    ...(pingEveryMs === undefined ? {} : { pingEveryMs }),
  });
  const kept = new Set<string>();
  const underWay = new Map<string, Promise<void>[]>();
  const troubles = { subscription: null as string | null, keeping: null as string | null, spool: null as string | null };
  let ears: GatewayEars | null = null;
  let isSubscribed = false;
  let looking: Promise<void> = Promise.resolve();
  let timer: NodeJS.Timeout | null = null;
  let heardAt: Instant | null = null;
  let closing: Promise<void> | null = null;

  const keep = async (to: GatewayEars, heard: TextHeard, id: string): Promise<void> => {
    try {
      await to.text(heard);
      troubles.keeping = null;
      kept.add(id);
      const oldest = kept.size > REMEMBERED ? kept.values().next() : null;
      if (oldest?.done === false) kept.delete(oldest.value);
    } catch (thrown) {
      // Its record stays, and is handed in again.
      troubles.keeping = `a text could not be kept: ${maskDigits(wordsOf(thrown))}`;
      log.warn({ gateway: name, reason: troubles.keeping }, 'a text waits in the spool');
    }
  };
  const handIn = (to: GatewayEars, heard: TextHeard): void => {
    const id = heard.carrierId ?? '';
    const settled = async (): Promise<void> => {
      await keep(to, heard, id);
      const rest = (underWay.get(id) ?? []).filter((one) => one !== hand);
      if (rest.length === 0) underWay.delete(id);
      else underWay.set(id, rest);
    };
    const hand = settled();
    underWay.set(id, [...(underWay.get(id) ?? []), hand]);
  };

  const hear = (event: unknown): void => {
    if (ears === null || closing !== null) return;
    heardAt = clock.now();
    const message = messageInEvent(event);
    if (message !== null) return handIn(ears, textIn(message, name));
    if ((event as { readonly type?: unknown } | null)?.type === 'ApplicationReplaced') connection.giveWay();
  };

  /** Texts of the trunk's endpoints and of no phone's. */
  const subscribe = async (): Promise<void> => {
    try {
      const { body } = await connection.command('GET', ['endpoints', 'PJSIP']);
      const trunks = endpointsIn(body).filter(isTrunk);
      if (trunks.length === 0) throw new Error(`Asterisk has no endpoint called ${TRUNK}`);
      const eventSource = trunks.map((trunk) => `endpoint:PJSIP/${trunk}`).join(',');
      const { status } = await connection.command('POST', ['applications', application, 'subscription'], { eventSource });
      if (status >= 300) throw new Error(`Asterisk refused the subscription to its trunk: ${status}`);
      isSubscribed = connection.isPresent();
      troubles.subscription = null;
      heardAt = clock.now();
    } catch (thrown) {
      isSubscribed = false;
      troubles.subscription = wordsOf(thrown);
    }
  };

  /** Records of texts that are kept go; those that nobody told of are handed in. Those under way are left until they settle. */
  const look = async (to: GatewayEars | null): Promise<void> => {
    try {
      const { texts, unreadable } = await spool.waiting(SPOOLED_AT_ONCE);
      for (const { file, message, ageMs } of texts) {
        const heard = textIn(message, name);
        const id = heard.carrierId ?? '';
        if (underWay.has(id)) continue;
        if (kept.has(id)) await spool.taken(file);
        else if (to !== null && ageMs >= copyAfterMs && underWay.size < UNDER_WAY_MOST) handIn(to, heard);
      }
      troubles.spool = complaintOf(unreadable);
    } catch (thrown) {
      troubles.spool = wordsOf(thrown);
    }
  };
  const round = async (): Promise<void> => {
    if (connection.isPresent() && !isSubscribed) await subscribe();
    await look(closing === null ? ears : null);
  };
  const again = async (): Promise<void> => {
    await round();
    if (closing === null) {
      timer = setTimeout(() => {
        looking = again();
      }, lookEveryMs);
    }
  };

  const sendPieces = async (text: TextToSend): Promise<Sending> => {
    if (trunkContact === null) return { is: 'unreachable', answer: 'the trunk has no contact that texts could be sent to' };
    const number = phoneNumber(text.to);
    if (number === null || !/^\+?[0-9A-Za-z]{1,32}$/.test(text.from))
      return { is: 'refused', answer: 'this is no number to send to, or from' };
    const until = performance.now() + answerWithinMs;
    for (const body of piecesOf(text.text)) {
      if (performance.now() > until) return { is: 'unreachable', answer: `not sent whole within ${answerWithinMs} ms` };
      const message = { to: `pjsip:${TRUNK}/sip:${number}@${trunkContact}`, from: text.from, body };
      const answer = await connection.command('PUT', ['endpoints', 'sendMessage'], {}, [], message);
      if (answer.status >= 300) return { is: 'refused', answer: `Asterisk does not send it: ${answer.status}` };
    }
    heardAt = clock.now();
    return { is: 'handed-on' };
  };

  const close = async (): Promise<void> => {
    if (timer !== null) clearTimeout(timer);
    await looking;
    await within(Promise.all([...underWay.values()].flat()), answerWithinMs);
    if (ears !== null) await look(null);
    await connection.close();
  };

  connection.onPresence((present) => {
    isSubscribed = false;
    if (present && closing === null) void subscribe();
  });
  return {
    name,
    kind: 'sip',
    open: (listener) => {
      if (ears !== null || closing !== null) return Promise.resolve();
      ears = listener;
      connection.open(hear).then(
        () => log.info({ gateway: name }, 'texts are taken in as SIP MESSAGE'),
        (thrown: unknown) => log.debug({ gateway: name, reason: wordsOf(thrown) }, 'closed before Asterisk was there'),
      );
      looking = again();
      return Promise.resolve();
    },
    send: async (text) => {
      if (closing !== null) return { is: 'unreachable', answer: 'the gateway is closed' };
      try {
        return await sendPieces(text);
      } catch (thrown) {
        if (!isFault(thrown)) log.error({ gateway: name }, `a text could not be sent: ${maskDigits(wordsOf(thrown))}`);
        return { is: 'unreachable', answer: maskDigits(wordsOf(thrown)) };
      }
    },
    health: () => {
      const isPresent = connection.isPresent();
      const line = isPresent ? troubles.subscription : 'Asterisk cannot be reached';
      const isOpen = ears !== null && closing === null;
      return {
        isUp: isOpen && isPresent && isSubscribed,
        trouble: isOpen ? (line ?? troubles.keeping ?? troubles.spool) : null,
        heardAt,
      };
    },
    close: () => (closing ??= close()),
  };
}

const endpointsIn = (body: unknown): readonly string[] =>
  (Array.isArray(body) ? (body as readonly unknown[]) : []).flatMap((endpoint) => {
    const { resource } = (endpoint ?? {}) as { readonly resource?: unknown };
    return typeof resource === 'string' ? [resource] : [];
  });

function complaintOf(unreadable: readonly string[]): string | null {
  if (unreadable.length === 0) return null;
  const named = unreadable.slice(0, NAMED_MOST).join(', ');
  return `${unreadable.length} texts in the spool could not be read and were set aside: ${named}${unreadable.length > NAMED_MOST ? ' …' : ''}`;
}

async function within(work: Promise<unknown>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  await Promise.race([work, bound]);
  clearTimeout(timer);
}
