/**
 * A whole city for a test: Redis, Asterisk and one controller, call takers with phones, callers, a webhook sink, and a witness who asks
 * Asterisk by another way than the engine does. In a folder and on ports of its own; nothing is left of it after `stop`.
 */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { stillLives, type ProcessIdentity } from '../../scripts/stack/process-identity.ts';
import { runtimeFolder, runtimeIn } from '../../scripts/stack/runtime.ts';
import { openWebhookSink, type WebhookSink } from '../../scripts/stack/sink.ts';
import { startStack, type ControllerName, type PartName, type Stack } from '../../scripts/stack/stack.ts';
import type { shownCall } from '../../src/http/calls.ts';
import type { shownCallTaker } from '../../src/http/call-takers.ts';
import type { AnyCarrier, Entry } from './texting.ts';
import { cityEnvironment, SECRET } from './city-settings.ts';
import { HOST } from './loopback.ts';
import { type DeskPhone, openDeskPhone, placeCall, type SipCaller } from './phone.ts';
import { ask as askRedis } from './redis.ts';
import { startSipp, type SippCallers, type SippPlan } from './sipp.ts';
import { explained, settled } from './until.ts';
import { watch, type Watch } from './watch.ts';
import { callWitness, type Witness } from './witness.ts';

export type ShownCall = ReturnType<typeof shownCall>;
export type ShownCallTaker = ReturnType<typeof shownCallTaker>;

export interface CityWishes {
  /** `1001` and `1002` unless given. */
  readonly callTakers?: readonly string[];
  /** Settings over those of a test. */
  readonly env?: Readonly<Record<string, string>>;
  readonly parts?: readonly PartName[];
  /** The carriers whose gateways the city has; they are closed with it. */
  readonly carriers?: readonly AnyCarrier[];
  /** Whether they may be away at the start; they are waited for unless given. */
  readonly mayCarriersBeAway?: boolean;
  /** Ways to other centres, as entries of gateways.yaml. */
  readonly centres?: readonly Entry[];
  /** Every recording is cut to so many milliseconds, so that nobody need listen to whole prompts; 1200 unless given. */
  readonly promptsMs?: number;
}

export interface Reply {
  readonly status: number;
  readonly etag: string | null;
  readonly body: unknown;
}

export interface City extends Watch {
  readonly stack: Stack;
  readonly sink: WebhookSink;
  readonly witness: Witness;
  /** Asks the API with the token of that name (`supervisor`, `call-taker-1001`, …). `path` begins behind `/api/v1`. */
  ask(who: string, method: string, path: string, body?: object, ifMatch?: string | null): Promise<Reply>;
  /** From now on it is this controller's API that is asked. */
  through(controller: ControllerName): void;
  /** The controller that has this call, as the records have it; `null` where it is nobody's. */
  ownerOf(call: string): Promise<ControllerName | null>;
  /** All calls so far, earliest ticket first. */
  calls(): Promise<readonly ShownCall[]>;
  /** The call of this caller as soon as `holds` is true of it. */
  call(number: string | null, what: string, holds: (call: ShownCall) => boolean, withinMs?: number): Promise<ShownCall>;
  /** The call of this caller once it is in conversation and both stand in its bridge, as the witness sees it. */
  conversation(number: string | null, withinMs?: number): Promise<ShownCall>;
  callTaker(id: string): Promise<ShownCallTaker>;
  callTakerIs(id: string, what: string, holds: (callTaker: ShownCallTaker) => boolean, withinMs?: number): Promise<ShownCallTaker>;
  /** A phone of this call taker, registered; whistles in conversation. */
  phone(id: string): Promise<DeskPhone>;
  become(id: string, state: 'ready' | 'pause' | 'off'): Promise<void>;
  /** Phone registered and ready, and known to be both. */
  signOn(id: string): Promise<DeskPhone>;
  /** A caller who whistles once connected. */
  dial(number: string | null, dialled?: string, name?: string): Promise<SipCaller>;
  sipp(plan: SippPlan): Promise<SippCallers>;
  /** Bytes of a recording, `0` while there is none. */
  recorded(name: string): number;
  log(part: PartName): string;
  readyz(controller?: ControllerName): Promise<{ readonly ready: boolean; readonly text: string }>;
  /** SIGSTOP; thawed again at `stop` at the latest. */
  freeze(part: PartName): void;
  thaw(part: PartName): void;
  /** Everybody hangs up and signs off; every call is on record as ended and Asterisk is empty. */
  clear(): Promise<void>;
  stop(): Promise<void>;
}

const CUT_TO_MS = 1200;

export async function openCity({
  callTakers = ['1001', '1002'],
  env = {},
  parts,
  carriers = [],
  centres = [],
  mayCarriersBeAway = false,
  promptsMs = CUT_TO_MS,
}: CityWishes = {}): Promise<City> {
  const folder = mkdtempSync(join(tmpdir(), 'intake-city-'));
  const endings: (() => unknown)[] = [() => rmSync(folder, { recursive: true, force: true })];
  const stop = async (): Promise<void> => {
    const troubles: unknown[] = [];
    for (const end of endings.splice(0).toReversed()) {
      try {
        await end();
      } catch (thrown) {
        troubles.push(thrown);
      }
    }
    if (troubles.length > 0) throw new AggregateError(troubles, `the city did not end well: ${troubles.map(String).join('; ')}`);
  };
  for (const carrier of carriers) endings.push(() => carrier.close());
  const texts = { gateways: carriers.map(({ entry }) => entry), centres };
  try {
    const sink = await openWebhookSink({ secrets: [SECRET] });
    endings.push(() => sink.stop());
    const stack = await startStack({
      env: { ...(await cityEnvironment(folder, sink.url, callTakers, promptsMs, texts)), ...env },
      ...(parts && { parts }),
    });
    endings.push(() => stack.stop());
    const witness = await callWitness(stack.settings);
    endings.push(() => witness.close());
    const whole = city(folder, stack, sink, witness, endings, stop);
    const isWhole = parts === undefined || parts.includes('controller');
    if (isWhole && !mayCarriersBeAway) await whole.hasCarriers();
    return whole;
  } catch (failed) {
    await stop();
    throw failed;
  }
}

function city(
  folder: string,
  stack: Stack,
  sink: WebhookSink,
  witness: Witness,
  endings: (() => unknown)[],
  stop: () => Promise<void>,
): City {
  const { settings } = stack;
  let { url } = stack;
  const server = { host: HOST, port: settings.sip.port };
  const tokens = parse(readFileSync(stack.tokensFile, 'utf8')) as Readonly<Record<string, string>>;
  const phones = new Map<string, DeskPhone>();
  const callers = new Set<SipCaller>();
  const swarms = new Set<SippCallers>();
  const frozen = new Map<PartName, ProcessIdentity>();

  const ask: City['ask'] = async (who, method, path, body, ifMatch) => {
    const answer = await fetch(`${url}/api/v1${path}`, {
      method,
      headers: {
        authorization: `Bearer ${tokens[who] ?? ''}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(ifMatch == null ? {} : { 'if-match': ifMatch }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    return { status: answer.status, etag: answer.headers.get('etag'), body: await answer.json() };
  };
  const get = async <T>(path: string): Promise<T> => {
    const { status, body } = await ask('supervisor', 'GET', path);
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    return body as T;
  };
  const calls: City['calls'] = async () =>
    (await get<{ calls: ShownCall[] }>('/calls?limit=500')).calls.toSorted((one, other) => one.ticket - other.ticket);
  const call: City['call'] = async (number, what, holds, withinMs = 5000) => {
    let last: ShownCall | undefined;
    const look = async (): Promise<ShownCall | null> => {
      last = (await calls()).findLast((one) => one.number === number);
      return last !== undefined && holds(last) ? last : null;
    };
    return explained(() => JSON.stringify(last), `the call of ${number ?? 'nobody'} ${what}`, withinMs, look);
  };
  const conversation: City['conversation'] = async (number, withinMs = 5000) => {
    const talking = await call(number, 'talks', ({ state }) => state === 'talking', withinMs);
    const attempt = talking.offers.at(-1)?.attempt ?? 0;
    let last: Awaited<ReturnType<Witness['bridges']>> = [];
    const look = async (): Promise<ShownCall | null> => {
      last = await witness.bridges();
      const inside = last.find(({ id }) => id === `${talking.id}.talk.${attempt}`)?.channels ?? [];
      return inside.includes(talking.id) && inside.includes(`${talking.id}.taker.${attempt}`) ? talking : null;
    };
    return explained(() => JSON.stringify(last), `both stand in the bridge of ${talking.id}`, withinMs, look);
  };
  const callTaker: City['callTaker'] = (id) => get<ShownCallTaker>(`/call-takers/${id}`);
  const callTakerIs: City['callTakerIs'] = async (id, what, holds, withinMs = 5000) => {
    let last: ShownCallTaker | undefined;
    return explained(
      () => JSON.stringify(last),
      `call taker ${id} ${what}`,
      withinMs,
      async () => {
        last = await callTaker(id);
        return holds(last) ? last : null;
      },
    );
  };
  const phone: City['phone'] = async (id) => {
    const known = settings.callTakers.find((one) => one.id === id);
    if (known?.secret == null) throw new Error(`call taker ${id} has no phone`);
    phones.get(id)?.close();
    const real = await openDeskPhone(server, known.endpoint, known.secret);
    const made: DeskPhone = {
      ...real,
      close: () => {
        if (phones.get(id) === made) phones.delete(id);
        real.close();
      },
    };
    made.sound.whistle();
    phones.set(id, made);
    await made.register();
    return made;
  };
  const become: City['become'] = async (id, state) => {
    const { status, body } = await ask('supervisor', 'PUT', `/call-takers/${id}/state`, { state });
    if (status !== 200) throw new Error(`${id} did not become ${state}: ${JSON.stringify(body)}`);
  };
  const release = async (): Promise<void> => {
    for (const one of frozen.values()) if (stillLives(one)) process.kill(one.pid, 'SIGCONT');
    frozen.clear();
    for (const swarm of swarms) await swarm.stop();
    for (const one of [...callers, ...phones.values()]) one.close();
    swarms.clear();
    callers.clear();
    phones.clear();
  };
  endings.push(release);

  return {
    ...watch(url),
    stack,
    sink,
    witness,
    ask,
    through: (controller) => {
      url = stack.urlOf(controller);
    },
    ownerOf: async (id) => {
      const { url: address, password } = settings.redis;
      const whole = address.replace('//', `//:${password ?? ''}@`);
      const owner = await askRedis(whole, ['HGET', `{${settings.centre.code}}:call:${id}`, 'owner']);
      if (typeof owner !== 'string') return null;
      return owner.startsWith(`${settings.instance}-2#`) ? 'controller-2' : 'controller';
    },
    calls,
    call,
    conversation,
    callTaker,
    callTakerIs,
    phone,
    become,
    signOn: async (id) => {
      const made = await phone(id);
      await callTakerIs(id, 'has a phone', ({ phone: known }) => known === 'registered');
      await become(id, 'ready');
      return made;
    },
    dial: async (number, dialled, name) => {
      const real = await placeCall(server, number, dialled, name);
      const caller: SipCaller = {
        ...real,
        close: () => {
          callers.delete(caller);
          real.close();
        },
      };
      callers.add(caller);
      caller.sound.whistle();
      return caller;
    },
    sipp: async (plan) => {
      const swarm = await startSipp(runtimeIn(runtimeFolder()).sipp, join(folder, 'sipp'), server, plan);
      swarms.add(swarm);
      return swarm;
    },
    recorded: (name) => statSync(join(settings.folders.recordings, `${name}.wav`), { throwIfNoEntry: false })?.size ?? 0,
    log: (part) => readFileSync(join(settings.folders.state, 'log', `${part}.log`), 'utf8'),
    readyz: async (controller) => {
      const answer = await fetch(`${controller === undefined ? url : stack.urlOf(controller)}/readyz`, {
        signal: AbortSignal.timeout(5000),
      });
      return { ready: answer.status === 200, text: await answer.text() };
    },
    freeze: (part) => {
      const one = stack.part(part).identity();
      if (one === null) throw new Error(`${part} does not run`);
      frozen.set(part, one);
      process.kill(one.pid, 'SIGSTOP');
    },
    thaw: (part) => {
      const one = frozen.get(part);
      frozen.delete(part);
      if (one !== undefined && stillLives(one)) process.kill(one.pid, 'SIGCONT');
    },
    clear: async () => {
      for (const swarm of swarms) await swarm.stop();
      for (const { id } of settings.callTakers) await become(id, 'off');
      await settled([...callers].map((caller) => caller.hangUp()));
      await settled([...phones.values()].map((one) => one.hangUp()));
      await witness.sweep();
      let left: readonly ShownCall[] = [];
      await explained(
        () => JSON.stringify(left),
        'every call is over',
        10_000,
        async () => {
          left = (await calls()).filter(({ state }) => state !== 'ended' && state !== 'arriving');
          return left.length === 0 ? true : null;
        },
      );
      await settled([...phones.values()].map((one) => one.unregister()));
      await release();
      await witness.sees('nothing');
    },
    stop,
  };
}
