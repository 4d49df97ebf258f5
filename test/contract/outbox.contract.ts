/** What every store's outbox must do: in order per incident, leases, retries, burial, sending again; answers that come late harm nothing. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import type { Store } from '../../src/control/ports.ts';
import { instant } from '../../src/kernel/instants.ts';
import type { Records } from './store.contract.ts';
import { commit, handover, incident, T0 } from './store.values.ts';

const at = (ms: number) => instant(T0 + ms);

export function outboxContract(make: () => Promise<Records>): void {
  let records: Records;
  let store: Store;
  beforeEach(async () => {
    records = await make();
    store = await records.open('one');
  });
  afterEach(() => records.close());

  const put = (id: string, of: string, ms = 0) => store.commit(commit(`put ${id}`, { handovers: [handover(id, incident(of), at(ms))] }));
  const taken = async (ms: number, limit = 10, from = store, sink = 'dispatch') =>
    (await from.takeDue(sink, at(ms), at(ms + 1000), limit)).map(({ id }) => id);

  it('hands out what is due, whole, one entry per incident, the earliest first', async () => {
    await put('a1', 'A', 2);
    await put('a2', 'A', 3);
    await put('b1', 'B', 1);
    await put('later', 'C', 100);
    expect(await store.nextDue('dispatch')).toBe(at(1));
    const entries = await store.takeDue('dispatch', at(10), at(1010), 10);
    expect(entries).toEqual([
      { ...handover('b1', incident('B'), at(1)), sink: 'dispatch', attempts: 0, lastAnswer: null },
      { ...handover('a1', incident('A'), at(2)), sink: 'dispatch', attempts: 0, lastAnswer: null },
    ]);
    expect(await store.backlog('dispatch')).toEqual({ waiting: 4, dead: 0, oldest: at(1) });
  });

  it('hands out no more than asked for, and nothing of an empty outbox', async () => {
    expect(await store.nextDue('dispatch')).toBeNull();
    expect(await taken(10)).toEqual([]);
    for (const name of ['a', 'b', 'c']) await put(name, name);
    expect(await taken(10, 2)).toEqual(['a', 'b']);
    expect(await taken(10, 0)).toEqual([]);
    expect(await taken(10)).toEqual(['c']);
  });

  it('keeps what is taken from everybody until the lease is over', async () => {
    const other = await records.open('two');
    await put('a', 'A');
    expect(await taken(10)).toEqual(['a']);
    expect(await taken(500, 10, other)).toEqual([]);
    expect(await store.nextDue('dispatch')).toBe(at(1010));
    expect(await taken(1010, 10, other)).toEqual(['a']);
  });

  it('gives an entry to one of two controllers that ask at once', async () => {
    const other = await records.open('two');
    for (let n = 0; n < 20; n += 1) await put(`m${n}`, `I${n}`);
    const [mine, theirs] = await Promise.all([taken(10, 15), taken(10, 15, other)]);
    expect([...mine, ...theirs].toSorted()).toEqual(Array.from({ length: 20 }, (_, n) => `m${n}`).toSorted());
  });

  it('makes the next of an incident due at once when its head is delivered', async () => {
    for (const id of ['a1', 'a2', 'a3']) await put(id, 'A');
    expect(await taken(10)).toEqual(['a1']);
    expect(await taken(20)).toEqual([]);
    await store.delivered('dispatch', 'a1', at(30));
    expect(await store.nextDue('dispatch')).toBe(at(30));
    expect(await taken(30)).toEqual(['a2']);
    await store.delivered('dispatch', 'a2', at(40));
    expect(await taken(40)).toEqual(['a3']);
    await store.delivered('dispatch', 'a3', at(50));
    expect(await store.backlog('dispatch')).toEqual({ waiting: 0, dead: 0, oldest: null });
    expect(await store.nextDue('dispatch')).toBeNull();
  });

  it('tries again when it is told to, counts the attempts and keeps the last answer; what is behind waits', async () => {
    await put('a1', 'A');
    await put('a2', 'A');
    await taken(10);
    await store.retryAt('dispatch', 'a1', at(200), 'answered 503');
    expect(await taken(199)).toEqual([]);
    expect(await store.takeDue('dispatch', at(200), at(300), 10)).toMatchObject([{ id: 'a1', attempts: 1, lastAnswer: 'answered 503' }]);
    await store.retryAt('dispatch', 'a1', at(400), 'no route');
    expect(await store.takeDue('dispatch', at(400), at(500), 10)).toMatchObject([{ id: 'a1', attempts: 2, lastAnswer: 'no route' }]);
  });

  it('delays no other incident and no other sink by one that fails', async () => {
    await put('a1', 'A');
    await put('b1', 'B');
    await taken(10);
    await store.retryAt('dispatch', 'a1', at(90_000), 'down');
    await store.delivered('dispatch', 'b1', at(20));
    await put('b2', 'B', 20);
    expect(await taken(30)).toEqual(['b2']);
    expect(await taken(30, 10, store, 'mirror')).toEqual(['a1', 'b1']);
  });

  it('buries what is refused, shows it with its answer, and lets the next go on', async () => {
    await put('a1', 'A');
    await put('a2', 'A', 5);
    await taken(10);
    await store.bury('dispatch', 'a1', at(20), 'answered 422');
    expect(await store.deadLetters('dispatch', 10)).toEqual([
      { ...handover('a1', incident('A')), sink: 'dispatch', attempts: 1, lastAnswer: 'answered 422', buriedAt: at(20) },
    ]);
    expect(await store.deadLetters('dispatch', 0)).toEqual([]);
    expect(await store.backlog('dispatch')).toEqual({ waiting: 1, dead: 1, oldest: at(5) });
    expect(await taken(20)).toEqual(['a2']);
    expect(await store.backlog('mirror')).toMatchObject({ waiting: 2, dead: 0 });
  });

  it('sends a dead letter again under the same id, behind what waits there, once, counting its attempts anew', async () => {
    await put('a1', 'A');
    await put('a2', 'A');
    await taken(10);
    await store.bury('dispatch', 'a1', at(20), 'answered 422');
    expect(await store.resend('dispatch', 'a1', at(30))).toBe(true);
    expect(await store.resend('dispatch', 'a1', at(31))).toBe(false);
    expect(await store.resend('dispatch', 'nothing', at(31))).toBe(false);
    expect(await store.deadLetters('dispatch', 10)).toEqual([]);
    expect(await taken(40)).toEqual(['a2']);
    await store.delivered('dispatch', 'a2', at(50));
    expect(await store.takeDue('dispatch', at(50), at(60), 10)).toMatchObject([{ id: 'a1', attempts: 0, lastAnswer: 'answered 422' }]);
  });

  it('sends a dead letter again at once when nothing of its incident waits, and lists the last buried first', async () => {
    for (const id of ['a1', 'b1', 'c1']) await put(id, id);
    await taken(10);
    await store.bury('dispatch', 'b1', at(21), 'no');
    await store.bury('dispatch', 'a1', at(22), 'no');
    await store.bury('dispatch', 'c1', at(23), 'no');
    expect((await store.deadLetters('dispatch', 2)).map(({ id }) => id)).toEqual(['c1', 'a1']);
    expect(await store.resend('dispatch', 'b1', at(30))).toBe(true);
    expect(await taken(29)).toEqual([]);
    expect(await taken(30)).toEqual(['b1']);
  });

  it('is not harmed by answers that come twice, late, or for what it does not know', async () => {
    for (const id of ['a1', 'a2']) await put(id, 'A');
    await taken(10);
    await store.delivered('dispatch', 'a1', at(20));
    await store.delivered('dispatch', 'a1', at(21));
    await store.retryAt('dispatch', 'a1', at(9000), 'late');
    await store.bury('dispatch', 'a1', at(22), 'late');
    expect(await store.backlog('dispatch')).toMatchObject({ waiting: 1, dead: 0 });
    expect(await taken(30)).toEqual(['a2']);
    await store.bury('dispatch', 'a2', at(40), 'refused');
    await store.delivered('dispatch', 'a2', at(41));
    await store.retryAt('dispatch', 'a2', at(42), 'late');
    await store.bury('dispatch', 'a2', at(43), 'again');
    expect(await store.deadLetters('dispatch', 10)).toMatchObject([{ id: 'a2', attempts: 1, lastAnswer: 'refused', buriedAt: at(40) }]);
    expect(await store.nextDue('dispatch')).toBeNull();
    for (const id of ['nothing', '']) {
      await store.delivered('dispatch', id, at(50));
      await store.retryAt('dispatch', id, at(50), '');
      await store.bury('dispatch', id, at(50), '');
    }
    expect(await store.backlog('dispatch')).toEqual({ waiting: 0, dead: 1, oldest: null });
  });

  it('does not take an entry from the controller that holds it because another failed before', async () => {
    const other = await records.open('two');
    await put('a', 'A');
    await taken(10);
    expect(await taken(2000, 10, other)).toEqual(['a']);
    await store.retryAt('dispatch', 'a', at(2001), 'timed out');
    expect(await taken(2500)).toEqual([]);
    await other.retryAt('dispatch', 'a', at(2600), 'answered 500');
    expect(await store.takeDue('dispatch', at(2600), at(3600), 10)).toMatchObject([{ attempts: 2, lastAnswer: 'answered 500' }]);
  });

  it('never loses the order of an incident, whatever the ends of its entries', async () => {
    const ids = Array.from({ length: 30 }, (_, n) => `m${n}`);
    for (const id of ids) await put(id, 'A');
    const seen: string[] = [];
    for (let now = 10; seen.length < 30; now += 2000) {
      const [entry] = await store.takeDue('dispatch', at(now), at(now + 1000), 10);
      if (entry === undefined) throw new Error(`nothing due after ${seen.join()}`);
      if (entry.attempts === 0 && seen.length % 3 === 0) await store.retryAt('dispatch', entry.id, at(now + 1), 'down');
      else {
        seen.push(entry.id);
        if (seen.length % 4 === 0) await store.bury('dispatch', entry.id, at(now + 1), 'no');
        else await store.delivered('dispatch', entry.id, at(now + 1));
      }
    }
    expect(seen).toEqual(ids);
  });
}
