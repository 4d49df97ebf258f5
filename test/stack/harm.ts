/**
 * Whether somebody who attacks the doors harms anybody: callers are answered once each and in their order, controller and Asterisk live
 * on as the processes they were, and the controller's memory stays within a bound. Attacks nobody itself.
 */
import { readFileSync } from 'node:fs';
import { expect } from 'vitest';
import type { PartName } from '../../scripts/stack/stack.ts';
import type { City } from './city.ts';
import { until } from './until.ts';

/** A heap is let grow before it is cleared: 10 to 70 MB were seen. Two bodies of 100 MB that were kept would not fit. */
const GROWS_AT_MOST_MB = 128;
/** From the first ring at which somebody is free; without any attack it is some hundredths of a second. */
const RINGS_WITHIN_MS = 2000;
const TALKS_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 100;

export interface Guard {
  /** Numbers of the callers, who come one after the other at `perSecond` and are answered and finished by call taker 1001. */
  answersInOrder(numbers: readonly string[], perSecond?: number): Promise<void>;
  /** Nobody of ours has died since, and the controller has grown by no more than so many MB; 128 unless given. */
  unharmed(growsAtMostMb?: number): Promise<void>;
  close(): void;
}

const PARTS: readonly PartName[] = ['controller', 'asterisk', 'redis'];
const at = (moment: string | null | undefined): number => Date.parse(moment ?? '');

/** Resident memory in MB (`VmRSS`, proc(5)). */
const residentMb = (pid: number): number => Number(/^VmRSS:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024;

export async function guardOf(city: City): Promise<Guard> {
  const pidOf = (part: PartName): number | undefined => city.stack.part(part).identity()?.pid;
  const born = PARTS.map(pidOf);
  const controller = await until('the controller runs', () => pidOf('controller'));
  const before = residentMb(controller);
  let most = before;
  const timer = setInterval(() => {
    if (pidOf('controller') === controller) most = Math.max(most, residentMb(controller));
  }, LOOK_EVERY_MS);
  return {
    answersInOrder: async (numbers, perSecond = 3) => {
      const callers = await city.sipp({ numbers, then: 'wait', rate: perSecond });
      for (const number of numbers) {
        const call = await city.conversation(number, TALKS_WITHIN_MS);
        expect((await city.ask('call-taker-1001', 'POST', `/calls/${call.id}/finish`)).status).toBe(200);
      }
      expect(await callers.ended, callers.complaints()).toBe(0);
      const served = (await city.calls()).filter(({ number }) => numbers.includes(number ?? ''));
      expect(served.map(({ number, why, offers }) => [number, why, offers.length])).toEqual(numbers.map((one) => [one, 'completed', 1]));
      const answers = served.map(({ offers }) => at(offers[0]?.answeredAt));
      expect(answers).toEqual(answers.toSorted((one, other) => one - other));
      const first = served[0];
      expect(at(first?.offers[0]?.offeredAt) - at(first?.arrivedAt)).toBeLessThan(RINGS_WITHIN_MS);
    },
    unharmed: async (growsAtMostMb = GROWS_AT_MOST_MB) => {
      expect(PARTS.map(pidOf)).toEqual(born);
      expect((await city.readyz()).ready).toBe(true);
      expect(city.log('controller')).not.toContain('something broke');
      expect(most - before).toBeLessThan(growsAtMostMb);
    },
    close: () => clearInterval(timer),
  };
}
