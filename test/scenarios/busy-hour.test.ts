/**
 * A busy hour in half a minute: callers come, give up and hang up, call takers answer, hold, finish, decline and are cut off, all at
 * once and by chance; a controller is killed in the middle. Whatever happened, the invariants of the line hold afterwards.
 */
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Incident } from '../../src/incident/incident.ts';
import { type City, openCity } from '../stack/city.ts';
import { BY_CHOICE, type DeskPhone, LINE_CUT, type SipCaller } from '../stack/phone.ts';
import { until } from '../stack/until.ts';

const CALL_TAKERS = ['1001', '1002', '1003'] as const;
const CALLERS = 40;
const seed = Date.now() % 1_000_000;

let city: City;
beforeAll(async () => {
  city = await openCity({ callTakers: CALL_TAKERS, env: { INTAKE_RING_SECONDS: '2' } });
});
afterAll(() => city.stop());

/** Mulberry32: the same seed, the same chances. */
function chances(from: number): () => number {
  let state = from;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const at = (moment: string | null | undefined): number => (moment == null ? Infinity : Date.parse(moment));

it(`seed ${seed}: nobody is lost, nobody overtaken, nobody answered twice, and nothing is left over`, { timeout: 90_000 }, async () => {
  const chance = chances(seed);
  const phones = new Map<string, DeskPhone>();
  for (const id of CALL_TAKERS) phones.set(id, await city.signOn(id));
  const over = new AbortController();

  /** Refusals and answers that find the state changed are part of the game; they are not what is judged here. */
  const desk = async (id: string, phone: DeskPhone): Promise<void> => {
    while (!over.signal.aborted) {
      await pause(50 + 250 * chance());
      const call = (await city.calls().catch(() => [])).find(({ state, callTaker }) => state === 'talking' && callTaker === id);
      const draw = chance();
      if (phone.isRinging() && draw < 0.8) phone.pickUp();
      else if (phone.isRinging()) await phone.hangUp();
      else if (call === undefined) await city.become(id, 'ready').catch(() => undefined);
      else if (draw < 0.3)
        await city.ask(`call-taker-${id}`, 'POST', `/calls/${call.id}/${draw < 0.2 ? 'hold' : 'resume'}`).catch(() => undefined);
      else if (draw < 0.6) await city.ask(`call-taker-${id}`, 'POST', `/calls/${call.id}/finish`).catch(() => undefined);
      else if (phone.isTalking() && draw < 0.8) await phone.hangUp(draw < 0.7 ? BY_CHOICE : LINE_CUT);
    }
  };
  const caller = async (n: number, callers: SipCaller[]): Promise<void> => {
    const one = await city.dial(`1${3_900_000_000 + n}`);
    callers.push(one);
    if (chance() < 0.5) return;
    await pause(3000 * chance() ** 2);
    await one.hangUp(chance() < 0.8 ? BY_CHOICE : LINE_CUT);
  };

  const desks = [...phones].map(([id, phone]) => desk(id, phone));
  const callers: SipCaller[] = [];
  const comings: Promise<void>[] = [];
  for (let n = 0; n < CALLERS; n++) {
    comings.push(caller(n, callers));
    await pause(300 * chance());
    if (n === CALLERS / 2)
      process.kill((await until('the controller runs', () => city.stack.part('controller').identity())).pid, 'SIGKILL');
  }
  await Promise.all(comings);
  await pause(3000);
  await Promise.all(callers.map((one) => one.hangUp()));
  over.abort();
  await Promise.all(desks);
  await until('the controller is ready', () => city.readyz().then(({ ready }) => ready), 10_000);

  await until('everything has come to an end', async () => (await city.calls()).every(({ state }) => state === 'ended'), 15_000);
  for (const [id, phone] of phones) {
    await phone.hangUp();
    await city.callTakerIs(id, 'is tied to nobody', ({ state }) => state !== 'offered' && state !== 'talking');
  }
  await city.witness.sees('nothing', 10_000);

  const calls = await city.calls();
  expect(new Set(calls.map(({ ticket }) => ticket)).size).toBe(calls.length);
  expect(new Set(calls.map(({ number }) => number)).size).toBe(calls.length);
  for (const { offers } of calls) expect(offers.filter(({ outcome }) => outcome === 'completed').length).toBeLessThanOrEqual(1);
  // Nobody is offered while an earlier ticket stands unoffered in the line. Pairs of one round are claimed side by side.
  for (const [i, later] of calls.entries()) {
    const offered = at(later.offers[0]?.offeredAt);
    const overtaken = calls.slice(0, i).filter(({ offers, endedAt }) => Math.min(at(offers[0]?.offeredAt), at(endedAt)) > offered + 100);
    expect(overtaken.map(({ ticket }) => `${ticket} by ${later.ticket}`)).toEqual([]);
  }
  // Every caller has one record: that of the line, or that of the fallback.
  const incidents = await until(
    'every caller is on record',
    async () => {
      const { body } = await city.ask('supervisor', 'GET', '/incidents?limit=500');
      const known = (body as { incidents: Incident[] }).incidents;
      return known.length >= callers.length && known;
    },
    12_000,
  );
  expect(new Set(incidents.map(({ reporter }) => reporter.number))).toEqual(new Set(callers.map((_, n) => `1${3_900_000_000 + n}`)));
  expect(incidents).toHaveLength(callers.length);
  const abandoned = incidents.filter(({ matter }) => matter.class === 'abandoned').map(({ id }) => id);
  await until('every abandoned call has been told', () =>
    abandoned.every((id) => city.sink.received.some(({ body }) => body.includes(id))),
  );
  expect(city.sink.received.filter(({ complaint }) => complaint !== null)).toEqual([]);
  expect(city.log('controller')).not.toContain('something broke');
  expect(calls.filter(({ why }) => why === 'completed').length).toBeGreaterThan(5);
});
