/** A CMPP gateway of ours that is connected to one of the tables' own, for tests of trouble: what each test needs, and its end. */
import { clock } from '../../src/clock.ts';
import type { Clock } from '../../src/control/ports.ts';
import type { Sending, TextGateway, TextToSend } from '../../src/control/text-ports.ts';
import { openCmpp, type CmppSettings } from '../../src/sms-gateways/cmpp.ts';
import { openEars, type Ears } from '../contract/gateway.ears.ts';
import type { Command, Version } from '../simulators/ismg-tables.ts';
import { Ismg, type Delivery } from '../simulators/ismg.ts';
import { keptLog, type KeptLog } from '../stack/log.ts';
import { until } from '../stack/until.ts';
import { delivery, RIGHT, settingsFor, SOURCE } from './cmpp.peer.ts';

export const SENDER = '8613812345678';
export const CENTRE = '121100451';

export interface House {
  readonly ismg: Ismg;
  readonly gateway: TextGateway;
  readonly ears: Ears;
  readonly log: KeptLog;
  readonly alarms: Alarms;
  readonly isUp: () => Promise<boolean>;
  /** Until the gateway's health tells of it. */
  readonly trouble: (words: RegExp) => Promise<boolean>;
  /** A text for the other side to hand in, named now or `at` an instant. */
  readonly text: (words: string, at?: number) => Delivery;
  readonly send: (words: string, wishes?: Partial<TextToSend>) => Promise<Sending>;
  /** How often the other side has heard a message. */
  readonly count: (command: Command) => number;
}

/** What the gateway has asked of the clock. */
export interface Alarms {
  /** How long each was to take, in milliseconds; one less where the clock has gone on meanwhile. */
  readonly lengths: number[];
  /** Neither rung nor cancelled. */
  pending: number;
}

function watched(alarms: Alarms): Clock {
  return {
    now: () => clock.now(),
    alarm: (at, ring) => {
      let isPending = true;
      const done = (): void => {
        if (isPending) alarms.pending -= 1;
        isPending = false;
      };
      alarms.lengths.push(at - clock.now());
      alarms.pending += 1;
      const cancel = clock.alarm(at, () => {
        done();
        ring();
      });
      return () => {
        done();
        cancel();
      };
    },
  };
}

const open: House[] = [];

/** An opened gateway, which need not be up yet. `version` is the highest the other side speaks, and what ours wishes. */
export async function begin(
  version: Version,
  wishes: Partial<CmppSettings> = {},
  prepare: (ismg: Ismg) => void = () => {},
): Promise<House> {
  const ismg = await Ismg.open({ version, sourceAddress: SOURCE, secret: RIGHT, repeatAfterMs: 1000 });
  prepare(ismg);
  const [ears, log] = [openEars(), keptLog()];
  const alarms: Alarms = { lengths: [], pending: 0 };
  const gateway = openCmpp(settingsFor(ismg.port, { version, ...wishes }), { clock: watched(alarms), log });
  const house: House = {
    ismg,
    gateway,
    ears,
    log,
    alarms,
    isUp: () => until('the gateway is up', () => gateway.health().isUp),
    trouble: (words) => until(`the trouble is told: ${words}`, () => words.test(gateway.health().trouble ?? '')),
    text: (words, at) => delivery(ismg.nextId(at), SENDER, CENTRE, words),
    send: (words, wishes = {}) => gateway.send({ id: '01JAB0000000000000000000AA.3', to: SENDER, from: CENTRE, text: words, ...wishes }),
    count: (command) => ismg.heard.filter((heard) => heard === command).length,
  };
  open.push(house);
  await gateway.open(ears);
  return house;
}

/** Ends what a test has begun. Throws where a secret or a whole number stands in a log, or the gateway still waits for something. */
export async function endHouses(): Promise<void> {
  for (const { ismg, gateway, ears, log, alarms } of open.splice(0)) {
    ears.release();
    await gateway.close();
    if (alarms.pending > 0) throw new Error(`${alarms.pending} alarms are left after closing`);
    await ismg.close();
    const line = log.lines.find((line) => [RIGHT, SENDER.slice(3)].some((secret) => line.includes(secret)));
    if (line !== undefined) throw new Error(`this must not stand in a log: ${line}`);
  }
}
