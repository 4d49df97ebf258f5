/**
 * From a controller's death (kill -9) to the INVITE for the caller who has waited longest, ordered by the other controller; the same from
 * a controller's being asked to leave (SIGTERM); and the bare cost of what no newcomer could do without: starting a process and listing
 * the channels of Asterisk. All callers are of the controller that goes, and a call taker becomes ready at the very moment it does.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { ensureRuntime } from '../scripts/stack/runtime.ts';
import type { ControllerName } from '../scripts/stack/stack.ts';
import { wordsOf } from '../src/kernel/faults.ts';
import { type DeskPhone, openDeskPhone, placeCall, type SipCaller } from '../test/stack/phone.ts';
import { ask as askRedis } from '../test/stack/redis.ts';
import { until } from '../test/stack/until.ts';
import { report, WAYS, isMeasured, type FailoverMeasurement, type Round, type Way } from './failover-report.ts';
import { openHouse, type House } from './house.ts';
import { loadNow, machineOf } from './machine.ts';

export interface FailoverWishes {
  /** Rounds of each way. */
  readonly rounds: number;
  readonly waiting: number;
  readonly jsonFile: string | null;
}

const CALL_TAKER = 'ours';
const WAITS_WITHIN_MS = 20_000;
const RINGS_WITHIN_MS = 15_000;
/** One that has just come does not take over what has only lapsed until its own lease has stood for its length. */
const STEADY_MS = 2600;

interface ShownCall {
  readonly id: string;
  readonly ticket: number;
  readonly number: string | null;
  readonly state: string;
}

/** Answers whether every way was measured. `interrupted` rejects when it is to end at once; whatever was started is ended all the same. */
export async function measureFailover(wishes: FailoverWishes, tell: (line: string) => void, interrupted: Promise<never>): Promise<boolean> {
  const loadBefore = loadNow();
  const runtime = await ensureRuntime();
  const parts = ['redis', 'asterisk', 'controller', 'controller-2'] as const;
  const house = await openHouse({ callTakers: [CALL_TAKER], patienceSeconds: 20, beside: null, parts, tell });
  const people: { close(): void }[] = [];
  const measured = async (): Promise<FailoverMeasurement> => {
    const machine = await machineOf(house, runtime, loadBefore);
    const desk = await readyPhone(house);
    people.push(desk);
    const rounds: Round[] = [];
    for (let round = 0; round < wishes.rounds; round++) {
      for (const way of WAYS) {
        try {
          rounds.push({
            way,
            ms: way === 'bare' ? await bareCost(house) : await oneRound(house, desk, way, round, wishes.waiting, people),
          });
        } catch (odd) {
          rounds.push({ way, odd: wordsOf(odd) });
        }
        const last = rounds.at(-1);
        if (last !== undefined) tell(`round ${round + 1}, ${way}: ${'ms' in last ? `${last.ms.toFixed(0)} ms` : last.odd}`);
      }
    }
    return { machine: { ...machine, loadAfter: loadNow() }, waiting: wishes.waiting, rounds };
  };
  try {
    const measurement = await Promise.race([measured(), interrupted]);
    process.stdout.write(report(measurement));
    if (wishes.jsonFile !== null) await writeFile(wishes.jsonFile, `${JSON.stringify(measurement, null, 2)}\n`);
    return isMeasured(measurement);
  } finally {
    for (const one of people) one.close();
    await house.stop();
  }
}

async function readyPhone({ stack }: House): Promise<DeskPhone> {
  const { settings } = stack;
  const known = settings.callTakers.find(({ id }) => id === CALL_TAKER);
  if (known?.secret == null) throw new Error('there is no phone for the call taker');
  const phone = await openDeskPhone(settings.sip, known.endpoint, known.secret);
  await phone.register();
  return phone;
}

/** Turn about, so that neither controller is favoured by its age. */
async function oneRound(
  house: House,
  desk: DeskPhone,
  way: Exclude<Way, 'bare'>,
  round: number,
  waiting: number,
  people: { close(): void }[],
): Promise<number> {
  const [goes, stays]: readonly [ControllerName, ControllerName] =
    round % 2 === 0 ? ['controller', 'controller-2'] : ['controller-2', 'controller'];
  const { stack } = house;
  const callsNow = async (): Promise<readonly ShownCall[]> =>
    ((await house.ask('GET', '/calls?limit=200', undefined, stays)) as { calls: ShownCall[] }).calls.filter(
      ({ state }) => state !== 'ended',
    );
  const become = (state: 'ready' | 'off'): Promise<unknown> => house.ask('PUT', `/call-takers/${CALL_TAKER}/state`, { state }, stays);
  const callers: SipCaller[] = [];
  try {
    await become('off');
    desk.conduct('ignore');
    // While the one that stays is away, every caller comes to the one that goes.
    await stack.part(stays).stop();
    for (let n = 0; n < waiting; n++) {
      const caller = await placeCall(stack.settings.sip, `139${String(round * 100 + n).padStart(8, '0')}`);
      callers.push(caller);
      people.push(caller);
    }
    await stack.part(stays).start();
    await until(
      'all wait in the line',
      async () => (await callsNow()).filter(({ state }) => state === 'waiting').length === waiting,
      WAITS_WITHIN_MS,
    );
    const [first] = (await callsNow()).toSorted((one, other) => one.ticket - other.ticket);
    if (first === undefined || (await ownerOf(house, first.id)) === stays) throw new Error('the caller is not of the one that goes');
    await new Promise((resolve) => setTimeout(resolve, STEADY_MS));
    const rings = desk.rings.length;
    const from = performance.now();
    const gone = way === 'killed' ? stack.part(goes).kill() : stack.part(goes).stop();
    await become('ready');
    const ring = await until('the phone rings', () => desk.rings[rings], RINGS_WITHIN_MS);
    if (!ring.shown.includes(first.number ?? 'nobody')) throw new Error('somebody else than the first in the line was offered');
    await gone;
    return ring.at - from;
  } finally {
    await stack.part(goes).start();
    await become('off');
    await Promise.allSettled(callers.map((caller) => caller.hangUp()));
    for (const caller of callers) caller.close();
    await until('the house is empty', async () => (await callsNow()).length === 0, WAITS_WITHIN_MS);
  }
}

async function ownerOf({ stack }: House, call: string): Promise<ControllerName> {
  const { redis, centre, instance } = stack.settings;
  const owner = await askRedis(redis.url.replace('//', `//:${redis.password ?? ''}@`), ['HGET', `{${centre.code}}:call:${call}`, 'owner']);
  return String(owner).startsWith(`${instance}-2#`) ? 'controller-2' : 'controller';
}

/** A process of the same Node that asks Asterisk for its channels, from its start to the answer. */
async function bareCost({ stack }: House): Promise<number> {
  const { url, user, password } = stack.settings.ari;
  const script = `fetch(process.env.ARI_URL + '/channels', { headers: { authorization: process.env.ARI_AUTH } })
    .then(async (answer) => process.stdout.write(String(answer.status) + (await answer.text()).length))`;
  const authorization = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
  const from = performance.now();
  const child = spawn(process.execPath, ['-e', script], {
    env: { ARI_URL: url, ARI_AUTH: authorization },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const said: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => said.push(chunk));
  await once(child.stdout, 'data');
  const ms = performance.now() - from;
  if (child.exitCode === null) await once(child, 'exit');
  if (!Buffer.concat(said).toString().startsWith('200')) throw new Error('Asterisk did not list its channels');
  return ms;
}
