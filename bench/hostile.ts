/**
 * Whether somebody who attacks every door makes callers wait: from a caller's INVITE to the INVITE at the call taker's phone, with and
 * without the attack, turn about on one stack in one run.
 *
 * What makes it fair: callers, phone and stack are the same on both sides; the attack has a thread of its own, so that the clock is not
 * held up by it. What it does not leave out: the attackers' own work is done by the same cores, which a network would take off them.
 */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { Worker } from 'node:worker_threads';
import { ensureRuntime } from '../scripts/stack/runtime.ts';
import { type DeskPhone, openDeskPhone, placeCall } from '../test/stack/phone.ts';
import { until } from '../test/stack/until.ts';
import { openHouse, type House } from './house.ts';
import type { Targets, Toll } from './hostile-attack.ts';
import { report, type Block, type HostileMeasurement } from './hostile-report.ts';
import { loadNow, machineOf } from './machine.ts';

export interface HostileWishes {
  /** Blocks of each side, turn about. */
  readonly rounds: number;
  /** Callers of one block, one after the other. */
  readonly callers: number;
  readonly jsonFile: string | null;
}

const TAKER = '1001';
const RING_WITHIN_MS = 20_000;
const REST_WITHIN_MS = 10_000;
/** An attack is under way for so long before the first caller. */
const UNDER_WAY_MS = 1500;
/** Callers that are not counted: programs warm up. */
const WARM_UP = 15;

/** Answers whether every caller rang. `interrupted` rejects when it is to end at once; whatever was started is ended all the same. */
export async function measureHostile(wishes: HostileWishes, tell: (line: string) => void, interrupted: Promise<never>): Promise<boolean> {
  const loadBefore = loadNow();
  const runtime = await ensureRuntime();
  const house = await openHouse({ callTakers: [TAKER], patienceSeconds: 60, beside: null, tell });
  const attacks: Attack[] = [];
  let phone: DeskPhone | null = null;
  const measured = async (): Promise<HostileMeasurement> => {
    const machine = await machineOf(house, runtime, loadBefore);
    phone = await readyPhone(house);
    const desk = { house, phone };
    await block(desk, WARM_UP);
    const blocks: Block[] = [];
    const tolls: Toll[] = [];
    for (let round = 1; round <= wishes.rounds; round++) {
      tell(`round ${round} of ${wishes.rounds}: in peace, then under attack`);
      blocks.push({ side: 'peace', ms: await block(desk, wishes.callers), controllerMb: residentMb(house) });
      const attack = await openAttack(house);
      attacks.push(attack);
      await pause(UNDER_WAY_MS);
      blocks.push({ side: 'attack', ms: await block(desk, wishes.callers), controllerMb: residentMb(house) });
      tolls.push(await attack.stop());
    }
    return { machine: { ...machine, loadAfter: loadNow() }, blocks, tolls };
  };
  try {
    const measurement = await Promise.race([measured(), interrupted]);
    process.stdout.write(report(measurement));
    if (wishes.jsonFile !== null) await writeFile(wishes.jsonFile, `${JSON.stringify(measurement, null, 2)}\n`);
    return true;
  } finally {
    for (const attack of attacks) await attack.end();
    (phone as DeskPhone | null)?.close();
    await house.stop();
  }
}

interface Desk {
  readonly house: House;
  readonly phone: DeskPhone;
}

async function readyPhone(house: House): Promise<DeskPhone> {
  const { settings } = house.stack;
  const taker = settings.callTakers.find(({ id }) => id === TAKER);
  if (taker === undefined || taker.secret === null) throw new Error('the call taker has no phone');
  const phone = await openDeskPhone(settings.sip, taker.endpoint, taker.secret);
  phone.conduct('answer');
  await phone.register();
  await house.signOn(TAKER);
  return phone;
}

/** So many callers one after the other, each as soon as the call taker is free: milliseconds from INVITE to INVITE. */
async function block({ house, phone }: Desk, callers: number): Promise<readonly number[]> {
  const times: number[] = [];
  for (let n = 0; n < callers; n++) {
    await free({ house, phone });
    const known = phone.rings.length;
    const caller = await placeCall(house.stack.settings.sip, `139${String(n).padStart(8, '0')}`);
    const dialled = performance.now();
    const rung = await until('the phone rings', () => phone.rings[known], RING_WITHIN_MS);
    times.push(rung.at - dialled);
    await until('they talk', () => phone.isTalking(), REST_WITHIN_MS);
    await caller.hangUp();
    caller.close();
  }
  return times;
}

async function free({ house, phone }: Desk): Promise<void> {
  let last = '';
  const asked = async (): Promise<boolean> => {
    const seen = (await house.ask('GET', `/call-takers/${TAKER}`)) as { readonly state: string; readonly phone: string };
    last = `${seen.state}, phone ${seen.phone}, ${phone.isTalking() ? '' : 'not '}talking`;
    await pause(20);
    return seen.state === 'ready' && seen.phone === 'registered' && !phone.isTalking();
  };
  await until('the call taker is free', asked, REST_WITHIN_MS).catch((late: unknown) => {
    throw new Error(`the call taker did not become free: ${last}`, { cause: late });
  });
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** `VmRSS` of the controller (proc(5)). */
const residentMb = ({ stack }: House): number => {
  const status = readFileSync(`/proc/${stack.part('controller').identity()?.pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1]) / 1024);
};

interface Attack {
  /** Ends by itself, and says what it did. */
  stop(): Promise<Toll>;
  /** Ends it at once, if it has not ended. */
  end(): Promise<unknown>;
}

async function openAttack({ stack }: House): Promise<Attack> {
  const { ari, ami, redis, sip } = stack.settings;
  const doorOf = (url: string) => ({ host: new URL(url).hostname, port: Number(new URL(url).port) });
  const others = [doorOf(ari.url), doorOf(redis.url), ...(ami === null ? [] : [{ host: ami.host, port: ami.port }])];
  const targets: Targets = { sip: { host: sip.host, port: sip.port }, api: doorOf(stack.url), others };
  const worker = new Worker(new URL('./hostile-attack.ts', import.meta.url), { workerData: targets });
  await once(worker, 'message');
  return {
    stop: async () => {
      worker.postMessage('stop');
      const [toll] = (await once(worker, 'message')) as [Toll];
      await worker.terminate();
      return toll;
    },
    end: () => worker.terminate(),
  };
}
