import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { incidentOf } from '../../src/control/incident-names.ts';
import { Lanes } from '../../src/control/lanes.ts';
import { Patience, Stopped } from '../../src/control/patience.ts';
import { Fault } from '../../src/kernel/faults.ts';
import { callId } from '../../src/kernel/ids.ts';
import { instant } from '../../src/kernel/instants.ts';
import { HandClock } from '../simulators/hand-clock.ts';
import { memoryStore } from '../simulators/memory-store.ts';

describe('lanes', () => {
  test('one lane does one thing after the other, and lanes do not wait for one another', async () => {
    const lanes = new Lanes(() => undefined);
    const seen: string[] = [];
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    const slow = lanes.run('a', () => gate.then(() => void seen.push('a1')));
    const behind = lanes.run('a', async () => void seen.push('a2'));
    await lanes.run('b', async () => void seen.push('b1'));
    expect(lanes.isBusy('a')).toBe(true);
    open();
    await Promise.all([slow, behind]);
    expect(seen).toEqual(['b1', 'a1', 'a2']);
    expect(lanes.isBusy('a')).toBe(false);
  });

  test('work that throws is reported, and the lane goes on', async () => {
    const reported: unknown[] = [];
    const lanes = new Lanes((lane, thrown) => reported.push([lane, thrown]));
    const broken = new Error('broken');
    await lanes.run('a', () => Promise.reject(broken));
    const seen: string[] = [];
    await lanes.run('a', async () => void seen.push('next'));
    expect(reported).toEqual([['a', broken]]);
    expect(seen).toEqual(['next']);
  });
});

describe('patience', () => {
  test('waits for the store and then does the work; other faults pass through', async () => {
    const store = memoryStore();
    const patience = new Patience(store, new HandClock(0));
    store.goAway();
    const waiting = patience.until(() => store.lineLength());
    await new Promise((resolve) => setImmediate(resolve));
    store.comeBack();
    expect(await waiting).toBe(0);
    await expect(patience.until(() => Promise.reject(new Fault('conflict', 'no')))).rejects.toMatchObject({ kind: 'conflict' });
  });

  test('asks again by itself, should the news of the return be lost', async () => {
    const clock = new HandClock(0);
    const patience = new Patience(memoryStore(), clock);
    let tries = 0;
    const waiting = patience.until(() => ((tries += 1) < 3 ? Promise.reject(new Fault('unavailable', 'away')) : Promise.resolve(tries)));
    for (let i = 0; i < 5; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      clock.pass(500);
    }
    expect(await waiting).toBe(3);
  });

  test('ends when the controller stops', async () => {
    const store = memoryStore();
    const patience = new Patience(store, new HandClock(0));
    store.goAway();
    const waiting = patience.until(() => store.lineLength());
    patience.stop();
    await expect(waiting).rejects.toBeInstanceOf(Stopped);
  });
});

describe('the name of an incident', () => {
  test('is the same however often it is made, fits EIDO, and sorts by birth', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), fc.nat({ max: 4_000_000_000_000 }), fc.integer({ min: 1, max: 1e9 }), (call, at, more) => {
        const name = incidentOf(callId(call), instant(at));
        expect(name).toMatch(/^[0-9A-HJKMNP-TV-Z]{26}$/);
        expect(incidentOf(callId(call), instant(at))).toBe(name);
        expect(incidentOf(callId('another'), instant(at + more)) > name).toBe(true);
      }),
    );
  });

  test('differs from call to call at the same instant', () => {
    const names = new Set(Array.from({ length: 1000 }, (_, i) => incidentOf(callId(`intake-1.${i}`), instant(1))));
    expect(names.size).toBe(1000);
  });
});
