/** Handing over while Redis goes away, processes are killed and deliveries never end: once more rather than never. */
import { describe, expect, it } from 'vitest';
import type { Delivery } from '../../src/control/ports.ts';
import { Memory, memoryStore } from '../simulators/memory-store.ts';
import { until } from '../stack/until.ts';
import { house, idsOf, incidentNo, never, OK, pass, plan, put, scripted, settle } from './sinks.ts';

describe('handing over through trouble', () => {
  it('goes on after Redis was away, and sends once more what could not be noted', async () => {
    const sink = scripted('dispatch', (_entry, n) => {
      if (n === 1) store.goAway();
      return OK;
    });
    const { store, begin, clock, log } = house([plan(sink)]);
    const first = await put(store, incidentNo(1));
    const loops = begin();
    await pass(clock, 3000);
    expect(sink.got).toHaveLength(1);
    store.comeBack();
    const second = await put(store, incidentNo(2));
    await pass(clock, 2000);
    expect(idsOf(sink)).toEqual([first.id, second.id]);
    expect(await store.backlog('dispatch')).toMatchObject({ waiting: 0 });
    expect(log.lines.filter((line) => line.startsWith('error'))).toEqual([]);
    await loops.stop();
  });

  it('goes on at once when Redis is back, without waiting for the next look', async () => {
    const sink = scripted('dispatch', () => OK);
    const { store, begin } = house([plan(sink)]);
    await put(store, incidentNo(1));
    store.goAway();
    const loops = begin();
    await settle();
    expect(sink.got).toEqual([]);
    store.comeBack();
    await settle();
    expect(sink.got).toHaveLength(1);
    await loops.stop();
  });

  it('sends again after the lease what was delivered while Redis stayed away', async () => {
    const sink = scripted('dispatch', (_entry, n) => {
      if (n === 1) store.goAway();
      return OK;
    });
    const { store, begin, clock, log } = house([plan(sink)]);
    const { id } = await put(store, incidentNo(1));
    const loops = begin();
    await pass(clock, 29_000);
    expect(log.lines).toContainEqual(expect.stringMatching(/^error .*sent again/));
    store.comeBack();
    await pass(clock, 3000);
    expect(idsOf(sink)).toEqual([id, id]);
    expect(await store.backlog('dispatch')).toMatchObject({ waiting: 0 });
    await loops.stop();
  });

  it('does not send an entry again while its own delivery still hangs beyond the lease', async () => {
    const sink = scripted('dispatch', never);
    const { store, begin, clock } = house([plan(sink, { leaseMs: 2000 })]);
    await put(store, incidentNo(1));
    const loops = begin();
    await pass(clock, 7000);
    expect(sink.got).toHaveLength(1);
    const stopped = loops.stop();
    clock.pass(5000);
    await stopped;
  });

  it('is taken up by the next process where a killed one left it', async () => {
    const memory = new Memory();
    const lost = scripted('dispatch', never);
    const before = house([plan(lost)], memoryStore({ memory, instance: 'one' }));
    const { id } = await put(before.store, incidentNo(1));
    const next = await put(before.store, incidentNo(1, 2));
    before.begin();
    await settle();
    expect(idsOf(lost)).toEqual([id]);

    const sink = scripted('dispatch', () => OK);
    const now = house([plan(sink)], memoryStore({ memory, instance: 'two' }));
    const loops = now.begin();
    await pass(now.clock, 29_000, 500);
    expect(sink.got).toEqual([]);
    await pass(now.clock, 3000, 500);
    expect(idsOf(sink)).toEqual([id, next.id]);
    await loops.stop();
  });

  it('stops when what is under way is noted, and begins nothing new', async () => {
    let finish: (delivery: Delivery) => void = () => undefined;
    const sink = scripted('dispatch', () => new Promise((resolve) => (finish = resolve)));
    const { store, begin, clock } = house([plan(sink, { concurrency: 1 })]);
    await put(store, incidentNo(1));
    await put(store, incidentNo(2));
    const loops = begin();
    await settle();
    let isStopped = false;
    const stopping = loops.stop().then(() => (isStopped = true));
    await settle();
    expect(isStopped).toBe(false);
    finish(OK);
    await stopping;
    loops.wake();
    await pass(clock, 3000);
    expect(sink.got).toHaveLength(1);
    expect(await store.backlog('dispatch')).toMatchObject({ waiting: 1 });
  });

  it('stops within five seconds when a delivery never ends', async () => {
    const sink = scripted('dispatch', never);
    const { store, begin, clock } = house([plan(sink)]);
    await put(store, incidentNo(1));
    const loops = begin();
    await settle();
    let isStopped = false;
    void loops.stop().then(() => (isStopped = true));
    await pass(clock, 4800);
    expect(isStopped).toBe(false);
    await pass(clock, 300);
    await until('stopped', () => isStopped);
  });
});
