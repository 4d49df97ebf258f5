/**
 * The whole control room on simulators, for tests: the store and the exchange in memory, a clock moved by hand, two call takers.
 * Holds no expectation of its own.
 */
import { openControlRoom, type OpenControlRoom } from '../../src/control/control-room.ts';
import type { FallbackCall, FallbackSpool, Log, Sink } from '../../src/control/ports.ts';
import type { Observer } from '../../src/control/room-ports.ts';
import type { Call } from '../../src/call/call.ts';
import { callId, callTakerId, type CallId } from '../../src/kernel/ids.ts';
import { Switchboard } from '../simulators/memory-colleagues.ts';
import { HandClock } from '../simulators/hand-clock.ts';
import { memoryStore, type MemoryStore, type MemoryStoreSettings } from '../simulators/memory-store.ts';
import { SimulatedExchange } from '../simulators/telephony.ts';
import { RULES as TEXT_RULES } from '../sms/world.ts';
import { SimulatedGateway } from '../simulators/gateway.ts';
import { until } from '../stack/until.ts';
import type { ShortNumber } from '../../src/sms/short-number.ts';

export const RULES = {
  arriveWithinMs: 10_000,
  greetingMaxMs: 30_000,
  patienceEveryMs: 20_000,
  promptMaxMs: 60_000,
  ringMs: 15_000,
  afterCallMs: 0,
  waitSamples: 30,
  seekMs: 90_000,
  volunteerRingMs: 25_000,
  acceptMs: 20_000,
  preparesInterpreter: true,
  languageOffers: [] as { language: string; key: string }[],
};

export const ANNA = callTakerId('1001');
export const BEN = callTakerId('1002');
export const CALLER: CallId = callId('intake-1.1');

export const silence: Log = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const blind: Observer = {
  waited: () => undefined,
  assigned: () => undefined,
  delivered: () => undefined,
  ignored: () => undefined,
  textTaken: () => undefined,
  outgoing: () => undefined,
};

export interface House {
  readonly store: MemoryStore;
  readonly exchange: SimulatedExchange;
  readonly clock: HandClock;
  /** The gateway of texts, and the one that leads to centre 440300. */
  readonly gateway: SimulatedGateway;
  readonly otherCentre: SimulatedGateway;
  readonly control: OpenControlRoom;
  readonly spool: FallbackCall[];
  /** What the log complained of. */
  readonly complaints: string[];
  /** Waits until nothing is under way: all lanes empty and all heard. */
  settle(): Promise<void>;
  /** The call as saved. */
  call(id?: CallId): Promise<Call>;
}

export interface HouseSettings {
  readonly store?: MemoryStoreSettings;
  readonly exchange?: SimulatedExchange;
  readonly clock?: HandClock;
  readonly switchboard?: Switchboard;
  readonly rules?: Partial<typeof RULES>;
  readonly gateway?: SimulatedGateway;
  /** Whatever is to be read makes the rules of reading throw. */
  readonly readingFails?: true;
}

let commits = 0;

export async function openHouse(settings: HouseSettings = {}): Promise<House> {
  const clock = settings.clock ?? new HandClock(1_000_000);
  const store = memoryStore(settings.store ?? {});
  store.memory.lives.now = () => clock.now();
  const instance = settings.store?.instance ?? 'one';
  const exchange = settings.exchange ?? new SimulatedExchange();
  const gateway = settings.gateway ?? new SimulatedGateway('mobile');
  const otherCentre = new SimulatedGateway('centre-440300');
  const spool: FallbackCall[] = [];
  const complaints: string[] = [];
  const complain = (_about: object, words: string): void => void complaints.push(words);
  const control = openControlRoom({
    store,
    telephony: instance === 'one' ? exchange.telephony : exchange.door(instance),
    colleagues: (settings.switchboard ?? new Switchboard()).colleagues(instance),
    spool: inMemory(spool),
    sinks: [{ sink: willing, backoffMs: [1000], maxAttempts: 3, concurrency: 1 }],
    clock,
    monotonic: clock,
    log: { ...silence, warn: complain, error: complain },
    observer: blind,
    rules: { ...RULES, ...settings.rules },
    centre: '230100',
    language: 'zh',
    languagesByNumber: { '1100': 'ru' },
    firstRoster: null,
    timeZone: 'Asia/Shanghai',
    parallel: 2,
    callTakers: [
      { id: ANNA, name: 'One', endpoint: 'taker-1001' },
      { id: BEN, name: 'Two', endpoint: 'taker-1002' },
    ],
    texts: {
      gateways: [gateway, otherCentre],
      rules: settings.readingFails === true ? { ...TEXT_RULES, read: stumble, readTogether: stumble } : TEXT_RULES,
      isFor: (to) => WHOSE[to] ?? { is: 'ours' },
      wayTo: (centre) => (centre === '440300' ? otherCentre.name : null),
    },
    newCommitId: () => `commit-${(commits += 1)}`,
    troubles: () => [],
  });
  await control.start();
  for (const endpoint of ['taker-1001', 'taker-1002']) await exchange.register(endpoint);
  const house: House = {
    store,
    exchange,
    clock,
    gateway,
    otherCentre,
    control,
    spool,
    complaints,
    settle: async () => {
      // What is told travels by microtasks and promises only: some turns of the loop without a change mean that it is quiet.
      // Lanes may still wait, for a store that is away or a command that hangs; those wait for the test.
      for (let quiet = 0, seen = -1; quiet < 4;) {
        await new Promise((resolve) => setImmediate(resolve));
        const now = exchange.commands.length + store.saved.length + gateway.accepted.length + otherCentre.accepted.length;
        quiet = now === seen ? quiet + 1 : 0;
        seen = now;
      }
    },
    call: async (id = CALLER) => until(`call ${id} is saved`, () => store.call(id)),
  };
  await house.settle();
  return house;
}

const stumble = (): never => {
  throw new Error('the rules of reading stumble');
};

/** Numbers of other centres; every other number is ours. */
const WHOSE: Readonly<Record<string, ShortNumber>> = {
  '121100755': { is: 'other', centre: '440300', name: '深圳市' },
  '12110010': { is: 'other', centre: '110000', name: '北京市' },
};

/** Takes everything; what was put out is read from the store. */
const willing: Sink = { name: 'dispatch', deliver: () => Promise.resolve({ is: 'delivered', answer: 'taken' }) };

const inMemory = (spool: FallbackCall[]): FallbackSpool => ({
  waiting: () => Promise.resolve({ calls: [...spool], unreadable: [] }),
  taken: (id) => {
    const at = spool.findIndex((call) => call.id === id);
    if (at !== -1) spool.splice(at, 1);
    return Promise.resolve();
  },
});
