/**
 * The texts' half of the control room put together: what the gateways hand in goes to the desk of texts, what the threads have waiting
 * is sent, what is asked is answered. Knows ports only.
 */
import { NOTHING_READ } from '../reading/reading.ts';
import { isFault, wordsOf } from '../kernel/faults.ts';
import type { TextRules } from '../sms/rules.ts';
import type { ShortNumber } from '../sms/short-number.ts';
import type { Patience } from './patience.ts';
import type { Clock, Log, Store } from './ports.ts';
import type { PartOfHouse } from './room-ports.ts';
import { TextDesk } from './text-desk.ts';
import type { TextGateway, TextObserver, TextRoom } from './text-ports.ts';
import { TextSending } from './text-sending.ts';
import { openTextsRoom } from './texts-room.ts';

/** Texts unread for so long are a trouble of the house. */
const UNREAD_TROUBLE_S = 30;

export interface TextsSettings {
  readonly gateways: readonly TextGateway[];
  readonly rules: TextRules;
  /** Whose text it is, by the number it was sent to. */
  readonly isFor: (to: string) => ShortNumber;
  /** The gateway that leads to another centre; `null`: there is none. */
  readonly wayTo: (centre: string) => string | null;
}

export interface TextsParts {
  readonly store: Store;
  readonly patience: Patience;
  readonly clock: Clock;
  readonly log: Log;
  readonly observer: TextObserver;
  readonly centre: string;
  readonly newCommitId: () => string;
  readonly outboxChanged: () => void;
}

export interface Texts {
  readonly room: TextRoom;
  /** Takes up what is kept, opens the gateways, begins to send. */
  start(): Promise<void>;
  /** No new texts, then no new sending; what is under way is saved. */
  stop(): Promise<void>;
  idle(): Promise<void>;
  /** No part that callers could not be served without: a carrier that is away stops nobody who calls. */
  readiness(): Promise<readonly PartOfHouse[]>;
}

export function openTexts(parts: TextsParts, settings: TextsSettings): Texts {
  const { log } = parts;
  const rules = unfailing(settings.rules, log);
  const desk: TextDesk = new TextDesk({ ...parts, ...settings, rules, sendingChanged: () => sending.wake() });
  const sending: TextSending = new TextSending({ ...parts, ...settings, rules, desk });
  const room = openTextsRoom({ ...parts, ...settings, rules, desk });
  return {
    room,
    start: async () => {
      await desk.look();
      sending.wake();
      // A gateway that cannot be opened keeps no other from working.
      await Promise.all(
        settings.gateways.map(async (gateway) => {
          try {
            await gateway.open(desk);
          } catch (thrown) {
            log.error({ gateway: gateway.name }, `this gateway cannot be opened: ${wordsOf(thrown)}`);
          }
        }),
      );
    },
    stop: async () => {
      await Promise.all(settings.gateways.map((gateway) => gateway.close()));
      desk.stop();
      await sending.stop();
    },
    idle: () => desk.idle(),
    readiness: async () => {
      if (settings.gateways.length === 0) return [];
      const troubles = settings.gateways.map((gateway) => {
        const { isUp, trouble } = gateway.health();
        return dispensable(`gateway ${gateway.name}`, isUp ? trouble : (trouble ?? 'not connected'));
      });
      try {
        const { unread, unreadLagSeconds } = await room.textFigures();
        const late =
          unreadLagSeconds > UNREAD_TROUBLE_S
            ? `${unread} kept texts are not read, the oldest for ${Math.round(unreadLagSeconds)} s`
            : null;
        return [...troubles, dispensable('texts', late)];
      } catch (thrown) {
        if (!isFault(thrown, 'unavailable')) throw thrown;
        return [...troubles, dispensable('texts', 'the records are away')];
      }
    },
  };
}

const dispensable = (part: string, trouble: string | null): PartOfHouse => ({ part, trouble, isDispensable: true });

/** Whatever the rules of reading stumble over, a person still gets the text. */
function unfailing(rules: TextRules, log: Log): TextRules {
  const guarded =
    <A extends readonly unknown[]>(read: (...about: A) => ReturnType<TextRules['read']>) =>
    (...about: A): ReturnType<TextRules['read']> => {
      try {
        return read(...about);
      } catch (thrown) {
        log.error({}, `the words of a text could not be read by rule, a person reads them: ${wordsOf(thrown)}`);
        return NOTHING_READ;
      }
    };
  return { ...rules, read: guarded(rules.read), readTogether: guarded(rules.readTogether) };
}
