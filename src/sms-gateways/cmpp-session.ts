/**
 * One connection to a CMPP gateway from the first octet to the last: logs in, submits within the window, answers what it is asked, asks
 * whether the other side lives, and ends on anything that cannot be understood. It never connects twice, and never keeps more of what
 * it reads than one unfinished PDU.
 *
 * A CMPP_DELIVER that cannot be kept is not answered, and the connection is left. Only a missing answer makes a gateway repeat (60 s,
 * three times, says the interface, then it gives the text up); a result other than 0 repeats nothing. What is unanswered when a
 * connection ends is the gateway's again.
 */
import { connect as connectTo } from 'node:net';
import type { Clock, Log } from '../control/ports.ts';
import { wordsOf } from '../kernel/faults.ts';
import { later, type Instant } from '../kernel/instants.ts';
import { decode, encode, Frames } from './cmpp-codec.ts';
import { authenticatorSource, isGatewayKnown } from './cmpp-login.ts';
import type { CmppVersion, ConnectResp, Deliver, MsgId, Said, Submit } from './cmpp-pdus.ts';
import { statusWords, timestampOf } from './cmpp-texts.ts';

export interface SessionSettings {
  readonly name: string;
  readonly host: string;
  readonly port: number;
  readonly version: CmppVersion;
  readonly sourceAddress: string;
  readonly secret: string;
  /** Submits without an answer at a time. */
  readonly window: number;
  readonly activeTestMs: number;
  /** For the login, and for what is under way when the connection is left. */
  readonly answerWithinMs: number;
}

export interface SessionEars {
  /** Logged in; what is spoken from now on. */
  up(version: CmppVersion): void;
  /** Settles once kept, then it is acknowledged. 'unreadable': refused, for to repeat it would not help. */
  deliver(pdu: Deliver): Promise<'kept' | 'unreadable'>;
  /** Any octets came. */
  heard(): void;
  /** Once, and the last that is heard of it. */
  ended(end: SessionEnd): void;
}

export interface SessionEnd {
  /** A sentence. */
  readonly why: string;
  /** 'version': it may go with 2.0. 'login': we are not wanted as we are. */
  readonly kind: 'login' | 'version' | 'line' | 'left';
}

export type Submitted =
  | { readonly is: 'answered'; readonly id: MsgId; readonly result: number }
  | { readonly is: 'unanswered'; readonly why: string };

export interface Session {
  /** Settles by `deadline`, whatever happens. Throws a RangeError at once where the protocol cannot carry it. */
  submit(pdu: Submit, deadline: Instant): Promise<Submitted>;
  /** Takes and submits nothing new, lets what is under way be answered, says goodbye and ends. Settles within twice `answerWithinMs`. */
  leave(why: string): Promise<void>;
}

interface Waiting {
  readonly octets: Buffer;
  readonly deadline: Instant;
  /** `null` until it is sent. */
  sequence: number | null;
  readonly settle: (submitted: Submitted) => void;
}

const TESTS_MISSED = 3;
const SUBMITS_MISSED = 3;
/** Texts that are being kept at a time; above this nothing more is read. */
const MOST_IN_HAND = 256;
/** Octets a gateway that does not read may leave with us. */
const MOST_UNWRITTEN = 1024 * 1024;
/** Of the time for an answer, what must be left for a submit to be worth sending: an answer that comes too late is a text sent twice. */
const LEAST_TIME = 0.25;
const LAST_SEQUENCE = 0xffffffff;
const STRUCTURE_WRONG = 1;
const GOODBYE_MS = 1000;

export function openSession(
  settings: SessionSettings,
  ears: SessionEars,
  { clock, log }: { readonly clock: Clock; readonly log: Log },
): Session {
  const { name, sourceAddress, secret, answerWithinMs } = settings;
  const about = { gateway: name };
  const socket = connectTo({ host: settings.host, port: settings.port, noDelay: true, keepAlive: true });
  const frames = new Frames();
  const queue: Waiting[] = [];
  const underWay = new Map<number, Waiting>();
  const goodbye = Promise.withResolvers<void>();
  const over = Promise.withResolvers<void>();
  let version = settings.version;
  let at: 'connecting' | 'up' | 'leaving' | 'ended' = 'connecting';
  let sequence = 0;
  let inHand = 0;
  let submitsMissed = 0;
  let authenticator: Uint8Array = new Uint8Array(16);
  const idle = Promise.withResolvers<void>();
  let cancelAlarm = clock.alarm(later(clock.now(), answerWithinMs), () => end('line', 'the gateway does not answer our login'));

  const end = (kind: SessionEnd['kind'], why: string): void => {
    if (at === 'ended') return;
    at = 'ended';
    cancelAlarm();
    socket.destroy();
    for (const { settle } of [...underWay.values(), ...queue.splice(0)]) settle({ is: 'unanswered', why });
    underWay.clear();
    over.resolve();
    ears.ended({ kind, why });
  };

  const nextSequence = (): number => {
    sequence = sequence === LAST_SEQUENCE ? 1 : sequence + 1;
    return sequence;
  };
  const write = (octets: Buffer): void => {
    if (at === 'ended') return;
    socket.write(octets);
    if (socket.writableLength > MOST_UNWRITTEN) end('line', 'the gateway does not read what we say');
  };
  const say = (pdu: Said, as: number): void => write(encode(pdu, as, version));

  const login = (): void => {
    const timestamp = timestampOf(clock.now());
    authenticator = authenticatorSource(sourceAddress, secret, timestamp);
    say({ is: 'connect', sourceAddress, authenticator, timestamp: Number(timestamp) }, nextSequence());
  };

  const loggedIn = (answer: ConnectResp): void => {
    if (at !== 'connecting') return;
    const speaks2 = answer.version >> 4 === 2;
    if (answer.status === 4 && version === '3.0' && speaks2) return end('version', statusWords(4));
    if (answer.status !== 0) return end('login', statusWords(answer.status));
    if (!isGatewayKnown(answer, authenticator, secret)) {
      log.warn(about, 'the gateway does not show that it knows our password; it may be another than we think');
    }
    if (version === '3.0' && speaks2) {
      log.warn(about, 'the gateway speaks CMPP 2.0 and no higher');
      version = '2.0';
    }
    at = 'up';
    cancelAlarm();
    keepAsking();
    ears.up(version);
  };

  let isHeard = true;
  let testsMissed = 0;
  const keepAsking = (): void => {
    cancelAlarm = clock.alarm(later(clock.now(), settings.activeTestMs), () => {
      testsMissed = isHeard ? 0 : testsMissed + 1;
      isHeard = false;
      if (testsMissed >= TESTS_MISSED) return end('line', 'the gateway has fallen silent');
      say({ is: 'active-test' }, nextSequence());
      return keepAsking();
    });
  };

  const pump = (): void => {
    for (;;) {
      const next = at === 'up' && underWay.size < settings.window ? queue.shift() : undefined;
      if (next === undefined) return;
      if (next.deadline - clock.now() < answerWithinMs * LEAST_TIME) {
        next.settle({ is: 'unanswered', why: 'too many are under way' });
        continue;
      }
      next.sequence = nextSequence();
      next.octets.writeUInt32BE(next.sequence, 8);
      underWay.set(next.sequence, next);
      write(next.octets);
    }
  };
  const tellIdle = (): void => {
    if (at === 'leaving' && inHand === 0 && underWay.size === 0) idle.resolve();
  };

  const deliver = (pdu: Deliver, as: number): void => {
    if (at !== 'up') return;
    inHand += 1;
    if (inHand >= MOST_IN_HAND) socket.pause();
    ears
      .deliver(pdu)
      .then(
        (became) => say({ is: 'deliver-resp', id: pdu.id, result: became === 'kept' ? 0 : STRUCTURE_WRONG }, as),
        (thrown: unknown) => {
          log.warn(about, `a text cannot be kept; the gateway is left, so that it repeats it: ${wordsOf(thrown)}`);
          void leave('texts cannot be kept');
        },
      )
      .finally(() => {
        inHand -= 1;
        if (inHand < MOST_IN_HAND && at !== 'ended') socket.resume();
        tellIdle();
      });
  };

  const hear = (frame: Uint8Array): void => {
    const { sequence: as, pdu, complaint, refuse } = decode(frame, version);
    if (complaint !== null) log.warn(about, `the gateway sends ${complaint}`);
    if (at === 'connecting' && pdu?.is !== 'connect-resp') return;
    if (refuse !== null) say({ is: 'deliver-resp', id: refuse, result: STRUCTURE_WRONG }, as);
    switch (pdu?.is) {
      case 'connect-resp':
        return loggedIn(pdu);
      case 'deliver':
        return deliver(pdu, as);
      case 'submit-resp':
        submitsMissed = 0;
        return underWay.get(as)?.settle({ is: 'answered', id: pdu.id, result: pdu.result });
      case 'active-test':
        return say({ is: 'active-test-resp' }, as);
      case 'terminate':
        say({ is: 'terminate-resp' }, as);
        return end('line', 'the gateway has ended the connection');
      case 'terminate-resp':
        return goodbye.resolve();
      case 'cancel':
        return say({ is: 'cancel-resp', result: 1 }, as);
      case 'query':
        return log.warn(about, 'the gateway asks us for figures, which only we may ask it for');
      case 'active-test-resp':
      case undefined:
        return undefined;
    }
  };

  socket.on('connect', login);
  socket.on('data', (chunk: Buffer) => {
    isHeard = true;
    ears.heard();
    const { frames: whole, absurd } = frames.take(chunk);
    for (const frame of whole) if (at !== 'ended') hear(frame);
    if (absurd !== null) end('line', `the gateway sends a PDU of ${absurd} octets`);
  });
  socket.on('error', (error) => end('line', `no connection to the gateway: ${error.message}`));
  socket.on('close', () => end('line', 'the gateway has closed the connection'));

  const within = async (ms: number, what: Promise<void>): Promise<void> => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = clock.alarm(later(clock.now(), ms), resolve);
    await Promise.race([what, promise, over.promise]);
    cancel();
  };
  const leave = async (why: string): Promise<void> => {
    if (at === 'leaving' || at === 'ended') return over.promise;
    const wasUp = at === 'up';
    at = 'leaving';
    for (const { settle } of queue.splice(0)) settle({ is: 'unanswered', why });
    tellIdle();
    await within(answerWithinMs, idle.promise);
    if (wasUp) {
      say({ is: 'terminate' }, nextSequence());
      await within(Math.min(answerWithinMs, GOODBYE_MS), goodbye.promise);
    }
    return end('left', why);
  };

  const submit = (pdu: Submit, deadline: Instant): Promise<Submitted> => {
    if (at !== 'up') return Promise.resolve({ is: 'unanswered', why: 'not connected' });
    const { promise, resolve } = Promise.withResolvers<Submitted>();
    const mine: Waiting = {
      octets: encode(pdu, 0, version),
      deadline,
      sequence: null,
      settle: (submitted) => {
        cancel();
        if (mine.sequence !== null) underWay.delete(mine.sequence);
        resolve(submitted);
        tellIdle();
        pump();
      },
    };
    const cancel = clock.alarm(deadline, () => {
      if (mine.sequence !== null) submitsMissed += 1;
      mine.settle({ is: 'unanswered', why: 'the gateway has not answered in time' });
      if (submitsMissed >= SUBMITS_MISSED) end('line', 'the gateway answers nothing that is submitted');
    });
    queue.push(mine);
    pump();
    return promise;
  };

  return { submit, leave };
}
