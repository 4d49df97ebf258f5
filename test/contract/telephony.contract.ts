/**
 * What every telephone exchange behind the port must do, run on the simulator and on a real Asterisk.
 * Knows neither: an exchange brings levers for the people at both ends of the line.
 */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Heard, Telephony } from '../../src/control/ports.ts';
import type { CallId } from '../../src/kernel/ids.ts';
import { until } from '../stack/until.ts';
import { promisesToHeirs } from './telephony.adoption.ts';
import { promisesToCallers } from './telephony.callers.ts';
import { promisesToDesks } from './telephony.desks.ts';
import { promisesToVolunteers } from './telephony.volunteers.ts';
import type { ContractExchange, Entered, HeardOf, House } from './telephony.levers.ts';

export function telephonyContract(name: string, start: () => Promise<ContractExchange>): void {
  describe(`the telephone exchange: ${name}`, () => {
    let exchange: ContractExchange;
    let telephony: Telephony;
    const heard: Heard[] = [];
    const presences: boolean[] = [];
    let lastNumber = 13_800_000_000;

    beforeAll(async () => {
      exchange = await start();
      telephony = exchange.telephony;
      telephony.onPresence((present) => presences.push(present));
      await telephony.open((word) => heard.push(word));
      await exchange.phone.register();
      await exchange.otherPhone.register();
      await until('both phones to be registered', () =>
        [exchange.phone, exchange.otherPhone].every(({ endpoint }) => told('phone').some((word) => word.endpoint === endpoint)),
      );
    }, 30_000);
    afterAll(async () => {
      await telephony.close();
      await exchange.stop();
    }, 30_000);
    afterEach(async () => {
      for (const { call } of (await telephony.standing()).callers) await telephony.releaseCaller(call);
      const { legs, volunteers, bridges } = await telephony.standing();
      for (const { call, leg } of volunteers) await telephony.releaseVolunteer(call, leg, 0, null);
      for (const { call, attempt } of legs) await telephony.releaseCallTaker(call, attempt);
      for (const { call, attempt } of bridges) await telephony.part(call, attempt);
      await until('an empty house', async () => {
        const { callers, legs, volunteers, bridges } = await telephony.standing();
        return callers.length + legs.length + volunteers.length + bridges.length === 0;
      });
    });

    const told = <T extends Heard['type']>(type: T): readonly HeardOf<T>[] =>
      heard.filter((word): word is HeardOf<T> => word.type === type);
    const hears = <T extends Heard['type']>(type: T, which: (word: HeardOf<T>) => boolean): Promise<HeardOf<T>> =>
      until(`"${type}" to be told`, () => told(type).find(which));
    const ended = (call: CallId, attempt = 1): Promise<HeardOf<'call-taker-leg-ended'>> =>
      hears('call-taker-leg-ended', (word) => word.call === call && word.attempt === attempt);
    const volunteerEnded = (call: CallId, leg = 1): Promise<HeardOf<'volunteer-leg-ended'>> =>
      hears('volunteer-leg-ended', (word) => word.call === call && word.leg === leg);
    const finished = (call: CallId, utterance: number): Promise<unknown> =>
      hears('utterance-finished', (word) => word.call === call && word.utterance === utterance);

    const arrive = async (): Promise<Entered> => {
      const number = String(++lastNumber);
      const caller = await exchange.dial(number);
      const { call } = await hears('arrival', (word) => word.number === number);
      return { caller, call, number };
    };
    const enter = async (): Promise<Entered> => {
      const arrived = await arrive();
      expect(await telephony.claim(arrived.call)).toBe('ours');
      await hears('caller-entered', (word) => word.call === arrived.call);
      return arrived;
    };
    const answered = async (call: CallId, attempt = 1): Promise<void> => {
      exchange.phone.conduct('answer');
      expect(await telephony.ring(call, attempt, exchange.phone.endpoint, 10, null)).toBe('ringing');
      await hears('call-taker-answered', (word) => word.call === call && word.attempt === attempt);
    };
    const talk = async (): Promise<Entered> => {
      const entered = await enter();
      await answered(entered.call);
      expect(await telephony.join(entered.call, 1)).toBe('joined');
      return entered;
    };
    const picksUp = async (call: CallId, leg = 1, who = exchange.volunteer): Promise<void> => {
      who.conduct('answer');
      expect(await telephony.ringVolunteer(call, leg, who.address, 10)).toBe('ringing');
      await hears('volunteer-answered', (word) => word.call === call && word.leg === leg);
    };
    const bridgeOf = async (call: CallId) => (await telephony.standing()).bridges.find((bridge) => bridge.call === call);

    const house: House = {
      get exchange() {
        return exchange;
      },
      get telephony() {
        return telephony;
      },
      presences,
      told,
      hears,
      ended,
      volunteerEnded,
      finished,
      arrive,
      enter,
      answered,
      talk,
      picksUp,
      bridgeOf,
    };

    test('is present once it is open, and has said so', () => {
      expect(telephony.isPresent()).toBe(true);
      expect(presences).toEqual([true]);
    });

    promisesToCallers(house);
    promisesToDesks(house);
    promisesToVolunteers(house);
    promisesToHeirs(house);
  });
}
