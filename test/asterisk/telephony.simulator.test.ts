/**
 * The simulator keeps the contract of the real exchange, so that what is tested on it holds.
 */
import { callId } from '../../src/kernel/ids.ts';
import { instant } from '../../src/kernel/instants.ts';
import { telephonyContract } from '../contract/telephony.contract.ts';
import type { ContractPhone, ContractVolunteer, How } from '../contract/telephony.levers.ts';
import { SimulatedExchange } from '../simulators/telephony.ts';

const realClock = {
  now: () => instant(Date.now()),
  alarm: (at: number, ring: () => void) => {
    const timer = setTimeout(ring, at - Date.now());
    return () => clearTimeout(timer);
  },
};

telephonyContract('simulated', async () => {
  const exchange = new SimulatedExchange({ clock: realClock, utteranceMs: 50 });
  const { telephony } = exchange;
  let count = 0;
  const phone = (endpoint: string): ContractPhone => {
    const leg = () => [...exchange.legs.values()].find((one) => one.endpoint === endpoint);
    return {
      endpoint,
      conduct: (conduct) => void exchange.register(endpoint, conduct),
      register: () => exchange.register(endpoint),
      unregister: () => exchange.unregister(endpoint),
      isRinging: () => leg()?.answered === false,
      hangUp: async (how) => {
        const one = leg();
        if (one !== undefined) await exchange.legEnds(one.call, one.attempt, how === 'choice' ? 'hung-up' : 'cut');
      },
    };
  };
  const volunteer = (address: string): ContractVolunteer => {
    const [kind, to = ''] = address.split(':');
    const leg = () => [...exchange.volunteers.legs.values()].find((one) => one.address === address);
    return {
      address,
      conduct: (conduct) => void (kind === 'sip' ? exchange.register(to, conduct) : exchange.volunteers.numbers.set(to, conduct)),
      isRinging: () => leg()?.answered === false,
      isTalking: () => leg()?.answered === true,
      press: async (key) => {
        const one = leg();
        if (one !== undefined) await exchange.volunteerPresses(one.call, one.leg, key);
      },
      hangUp: async (how) => {
        const one = leg();
        if (one !== undefined) await exchange.volunteerEnds(one.call, one.leg, how === 'choice' ? 'hung-up' : 'cut');
      },
    };
  };
  return {
    telephony,
    another: (instance) => exchange.door(instance),
    phone: phone('taker-1001'),
    otherPhone: phone('taker-1002'),
    volunteer: volunteer('sip:volunteer-anna'),
    farVolunteer: volunteer('tel:+8613900002222'),
    dial: async (number) => {
      const call = callId(`simulated-1763750000.${++count}`);
      await exchange.arrive(call, number);
      return {
        hangUp: (how: How) => exchange.callerLeaves(call, how === 'choice' ? { by: 'choice', cause: 16 } : { by: 'cut', cause: 38 }),
        isOver: () => !exchange.callers.has(call),
      };
    },
    cutLink: async () => exchange.losePresence(),
    mendLink: async () => exchange.regainPresence(),
    stop: async () => {},
  };
});
