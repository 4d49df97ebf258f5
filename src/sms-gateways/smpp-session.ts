/**
 * One connection to a message centre: asks with a deadline, answers, notices when nothing is heard, and ends. It stands in place of the
 * `smpp` package's own session, which stops reading for good, silently, at a PDU it cannot read, and forgets no question that is never
 * answered. Knows nothing of texts, and never connects again by itself.
 */
import type { Socket } from 'node:net';
import type { Log } from '../control/ports.ts';
import { Fault, wordsOf } from '../kernel/faults.ts';
import { openFraming, readPdu, statusWords, writePdu, type Fields, type Pdu } from './smpp-pdu.ts';

export interface SessionParts {
  /** Connected. */
  readonly socket: Socket;
  /** In the log. */
  readonly gateway: string;
  /** How often the other side is asked whether it lives. */
  readonly enquireLinkMs: number;
  /** For every question; a session in which nothing was heard for so long after one is ended. */
  readonly answerWithinMs: number;
  readonly log: Log;
  /** A request of the other side's about a text; must not throw. */
  readonly hear: (pdu: Pdu) => void;
  /** Anything at all was heard. */
  readonly alive: () => void;
}

export interface Session {
  /**
   * The answer, whatever its status. Rejects with a Fault ('unavailable') after `withinMs`, and when the session ends. `over`: called
   * once when no answer can come any more: it came (late ones too), or as much time again has passed, or the session has ended.
   */
  ask(command: string, fields: Fields, withinMs: number, over?: () => void): Promise<Pdu>;
  answer(to: Pdu, status: number, fields?: Fields): void;
  /** Breaks off at once, with a sentence why; what is asked is rejected. */
  end(why: string): void;
  /** Why it ended, in a sentence. Never rejects. */
  readonly ended: Promise<string>;
}

interface Asked {
  readonly command: string;
  readonly answered: (pdu: Pdu) => void;
  readonly failed: (why: string) => void;
}

const HIGHEST_SEQUENCE = 0x7fffffff;
const INVALID_COMMAND = 0x03;

export function openSession(parts: SessionParts): Session {
  const { socket, gateway, enquireLinkMs, answerWithinMs, log } = parts;
  const framing = openFraming();
  const asked = new Map<number, Asked>();
  const ended = Promise.withResolvers<string>();
  let sequence = 0;
  let heardAt = performance.now();
  let isOver = false;

  const write = (octets: Buffer): void => {
    if (!isOver && socket.writable) socket.write(octets);
  };
  const answer: Session['answer'] = (to, status, fields = {}) =>
    write(writePdu(to.command === 'unknown' ? 'generic_nack' : `${to.command}_resp`, to.sequence, status, fields));

  const end = (why: string): void => {
    if (isOver) return;
    isOver = true;
    clearInterval(watchdog);
    socket.destroy();
    for (const one of [...asked.values()]) one.failed(why);
    ended.resolve(why);
  };

  const ask: Session['ask'] = (command, fields, withinMs, over = () => {}) => {
    if (isOver) {
      over();
      return Promise.reject(new Fault('unavailable', 'the line to the message centre is gone'));
    }
    sequence = sequence === HIGHEST_SEQUENCE ? 1 : sequence + 1;
    const mine = sequence;
    const { promise, resolve, reject } = Promise.withResolvers<Pdu>();
    const forget = (): void => {
      clearTimeout(deadline);
      if (asked.delete(mine)) over();
    };
    let deadline = setTimeout(() => {
      reject(new Fault('unavailable', `no answer to ${command} in time`));
      deadline = setTimeout(forget, withinMs);
    }, withinMs);
    asked.set(mine, {
      command,
      answered: (pdu) => {
        forget();
        resolve(pdu);
      },
      failed: (why) => {
        forget();
        reject(new Fault('unavailable', why));
      },
    });
    write(writePdu(command, mine, 0, fields));
    return promise;
  };

  const hearAnswer = (pdu: Pdu): void => {
    const question = asked.get(pdu.sequence);
    const isFitting = question !== undefined && (pdu.command === `${question.command}_resp` || pdu.command === 'generic_nack');
    if (isFitting) question.answered(pdu);
    else log.debug({ gateway, command: pdu.command, status: statusWords(pdu.status) }, 'an answer to nothing that is asked');
  };

  const hearRequest = (pdu: Pdu): void => {
    switch (pdu.command) {
      case 'enquire_link':
        return answer(pdu, 0);
      case 'unbind':
        answer(pdu, 0);
        socket.end(() => end('the other side has ended the session'));
        return undefined;
      case 'deliver_sm':
      case 'data_sm':
        return parts.hear(pdu);
      case 'alert_notification':
      case 'outbind':
        return undefined;
      default:
        log.warn({ gateway, command: pdu.command }, 'the other side asks what no SMPP client answers');
        return write(writePdu('generic_nack', pdu.sequence, INVALID_COMMAND, {}));
    }
  };

  socket.on('data', (chunk: Buffer) => {
    const { pdus, absurd } = framing.take(chunk);
    if (pdus.length > 0) {
      heardAt = performance.now();
      parts.alive();
    }
    for (const octets of pdus) {
      const pdu = readPdu(octets);
      if (isOver) return;
      if (pdu.isResponse) hearAnswer(pdu);
      else hearRequest(pdu);
    }
    if (absurd !== null) end(`the other side speaks no SMPP: it announced a PDU of ${absurd} octets`);
  });
  socket.on('error', (error) => end(`the connection failed: ${error.message}`));
  socket.on('close', () => end('the connection was closed by the other side'));

  const watchdog = setInterval(() => {
    const askedAt = performance.now();
    ask('enquire_link', {}, answerWithinMs).catch((thrown: unknown) => {
      if (heardAt < askedAt) end(`nothing is heard from the other side: ${wordsOf(thrown)}`);
      else log.debug({ gateway, reason: wordsOf(thrown) }, 'an enquire_link was left unanswered; the other side lives all the same');
    });
  }, enquireLinkMs);

  return { ask, answer, end, ended: ended.promise };
}
