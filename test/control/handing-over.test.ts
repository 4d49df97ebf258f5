/** The loops that hand incidents over: at least once, in order per incident, and no sink delays another. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pauseMs } from '../../src/control/handing-over.ts';
import { AWAY, house, idsOf, incidentNo, never, NO, OK, pass, plan, put, scripted, settle, START } from './sinks.ts';

describe('handing over', () => {
  it('delivers at once when woken, and tells the lag from the birth of the entry', async () => {
    const sink = scripted('dispatch', () => OK);
    const { store, begin, clock, lags } = house([plan(sink)]);
    const loops = begin();
    await settle();
    const { id } = await put(store, incidentNo(1), START - 2500);
    loops.wake();
    await settle();
    expect(idsOf(sink)).toEqual([id]);
    expect(lags).toEqual([['dispatch', 2.5]]);
    expect(await store.backlog('dispatch')).toMatchObject({ waiting: 0, dead: 0 });
    await loops.stop();
    expect(clock.now()).toBe(START);
  });

  it('finds what nobody woke it for within a second', async () => {
    const sink = scripted('dispatch', () => OK);
    const { store, begin, clock } = house([plan(sink)]);
    const loops = begin();
    await settle();
    await put(store, incidentNo(1));
    await pass(clock, 1100);
    expect(sink.got).toHaveLength(1);
    await loops.stop();
  });

  it('tries the unreachable again after its pause, under the same id, and counts the attempts', async () => {
    const sink = scripted('dispatch', (_entry, n) => (n < 3 ? AWAY : OK));
    const { store, begin, clock, log } = house([plan(sink)]);
    const { id } = await put(store, incidentNo(1));
    const loops = begin();
    await settle();
    expect(sink.got).toHaveLength(1);
    await pass(clock, 900);
    expect(sink.got).toHaveLength(1);
    await pass(clock, 600);
    expect(sink.got).toHaveLength(2);
    await pass(clock, 3000);
    expect(idsOf(sink)).toEqual([id, id, id]);
    expect(sink.got.map(({ attempts, lastAnswer }) => [attempts, lastAnswer])).toEqual([
      [0, null],
      [1, 'HTTP 503'],
      [2, 'HTTP 503'],
    ]);
    expect(log.lines.filter((line) => line.startsWith('warn unreachable'))).toHaveLength(2);
    await loops.stop();
  });

  it('keeps the refused for a person at once, and goes on with the incident', async () => {
    const sink = scripted('dispatch', (entry) => (entry.incident.version === 1 ? NO : OK));
    const { store, begin, clock } = house([plan(sink)]);
    const first = await put(store, incidentNo(1));
    const second = await put(store, incidentNo(1, 2));
    const loops = begin();
    await pass(clock, 100, 20);
    expect(idsOf(sink)).toEqual([first.id, second.id]);
    expect(await store.deadLetters('dispatch', 9)).toMatchObject([{ id: first.id, lastAnswer: NO.answer, attempts: 1 }]);
    await loops.stop();
  });

  it('keeps the unreachable for a person when its attempts are used up, and sends it again when asked', async () => {
    let answer = AWAY;
    const sink = scripted('dispatch', () => answer);
    const { store, begin, clock } = house([plan(sink, { maxAttempts: 3 })]);
    const { id } = await put(store, incidentNo(1));
    const loops = begin();
    await pass(clock, 10_000);
    expect(sink.got).toHaveLength(3);
    expect(await store.deadLetters('dispatch', 9)).toMatchObject([{ id, attempts: 3 }]);
    answer = OK;
    await store.resend('dispatch', id, clock.now());
    loops.wake();
    await settle();
    expect(idsOf(sink)).toEqual([id, id, id, id]);
    expect(await store.backlog('dispatch')).toMatchObject({ waiting: 0, dead: 0 });
    await loops.stop();
  });

  it('takes a sink that throws for unreachable', async () => {
    const sink = scripted('dispatch', (_entry, n) => {
      if (n === 1) throw new Error('bug');
      return OK;
    });
    const { store, begin, clock } = house([plan(sink)]);
    await put(store, incidentNo(1));
    const loops = begin();
    await pass(clock, 1500);
    expect(sink.got.map(({ lastAnswer }) => lastAnswer)).toEqual([null, 'bug']);
    await loops.stop();
  });

  it('lets no slow or dead sink delay another', async () => {
    const hanging = scripted('hanging', never);
    const dead = scripted('dead', () => AWAY);
    const good = scripted('good', () => OK);
    const { store, begin, clock } = house([plan(hanging), plan(dead), plan(good)]);
    const loops = begin();
    for (let n = 1; n <= 20; n += 1) await put(store, incidentNo(n));
    loops.wake();
    await pass(clock, 200, 20);
    expect(good.got).toHaveLength(20);
    expect(hanging.got).toHaveLength(4);
    expect(await store.backlog('good')).toMatchObject({ waiting: 0 });
    expect(await store.backlog('hanging')).toMatchObject({ waiting: 20 });
    const stopped = loops.stop();
    clock.pass(5000);
    await stopped;
  });

  it('delivers no more at a time than it may', async () => {
    let open = 0;
    let most = 0;
    const release: (() => void)[] = [];
    const sink = scripted('dispatch', async () => {
      open += 1;
      most = Math.max(most, open);
      await new Promise<void>((resolve) => release.push(resolve));
      open -= 1;
      return OK;
    });
    const { store, begin, clock } = house([plan(sink, { concurrency: 3 })]);
    for (let n = 1; n <= 10; n += 1) await put(store, incidentNo(n));
    const loops = begin();
    for (let n = 0; n < 10; n += 1) {
      await pass(clock, 40, 20);
      release.shift()?.();
    }
    await pass(clock, 100, 20);
    expect(sink.got).toHaveLength(10);
    expect(most).toBe(3);
    await loops.stop();
  });

  it('keeps the order within every incident, loses nothing and sends nothing twice that was delivered, whatever fails', async () => {
    const story = fc.record({
      versions: fc.array(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 4 }),
      answers: fc.array(fc.constantFrom(OK, OK, AWAY, NO), { maxLength: 20 }),
      concurrency: fc.integer({ min: 1, max: 3 }),
    });
    const holds = fc.asyncProperty(story, async ({ versions, answers, concurrency }) => {
      const sink = scripted('dispatch', async (_entry, n) => {
        await settle();
        return answers[n - 1] ?? OK;
      });
      const { store, begin, clock } = house([plan(sink, { concurrency, maxAttempts: 50 })]);
      const loops = begin();
      for (const [n, count] of versions.entries()) {
        for (let version = 1; version <= count; version += 1) await put(store, incidentNo(n + 1, version));
      }
      for (let look = 0; look < 400 && (await store.backlog('dispatch')).waiting > 0; look += 1) await pass(clock, 200, 50);
      expect((await store.backlog('dispatch')).waiting).toBe(0);
      for (const [n, count] of versions.entries()) {
        const seen = sink.got.filter(({ incident }) => incident.id === incidentNo(n + 1).id).map(({ incident }) => incident.version);
        expect(seen).toEqual(seen.toSorted((a, b) => a - b));
        expect(new Set(seen).size).toBe(count);
      }
      const done = sink.got.filter((_entry, n) => (answers[n] ?? OK) !== AWAY).map(({ id }) => id);
      expect(new Set(done).size).toBe(done.length);
      await loops.stop();
    });
    await expect(fc.assert(holds, { numRuns: 60 })).resolves.toBeUndefined();
  });
});

describe('the pause before another attempt', () => {
  it('grows as told, the last one goes on, and the same entry always waits the same', () => {
    const pauses = [1, 2, 3, 9].map((attempts) => pauseMs([1000, 5000], attempts, 'msg_1'));
    expect(pauses).toEqual([1, 2, 3, 9].map((attempts) => pauseMs([1000, 5000], attempts, 'msg_1')));
    expect(pauses[0]).toBeGreaterThanOrEqual(1000);
    expect(pauses[0]).toBeLessThanOrEqual(1250);
    for (const later of pauses.slice(1)) {
      expect(later).toBeGreaterThanOrEqual(5000);
      expect(later).toBeLessThanOrEqual(6250);
    }
  });

  it('differs between entries that failed together', () => {
    const pauses = Array.from({ length: 100 }, (_, n) => pauseMs([10_000], 1, `msg_${n}`));
    expect(new Set(pauses).size).toBeGreaterThan(80);
    expect(Math.max(...pauses) - Math.min(...pauses)).toBeGreaterThan(1500);
  });

  it('is never nothing, also without a list', () => {
    expect(pauseMs([], 1, 'msg_1')).toBeGreaterThan(0);
  });
});
