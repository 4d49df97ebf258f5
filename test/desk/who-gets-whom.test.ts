import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { CallTaker } from '../../src/desk/call-taker.ts';
import { whoGetsWhom } from '../../src/desk/who-gets-whom.ts';
import { callId, callTakerId, ticket } from '../../src/kernel/ids.ts';
import { instant } from '../../src/kernel/instants.ts';

const taker = (id: string, since: number | null, phone: CallTaker['phone'] = 'registered'): CallTaker => ({
  id: callTakerId(id),
  revision: 1,
  name: id,
  endpoint: `taker-${id}`,
  phone,
  afterwards: { be: 'ready' },
  state: since === null ? { is: 'off' } : { is: 'ready', since: instant(since) },
});
const entry = (place: number) => ({ call: callId(`c${place}`), ticket: ticket(place) });
const names = (pairs: ReturnType<typeof whoGetsWhom>) => pairs.map(({ call, callTaker }) => `${call} ${callTaker.id}`);

test('the longest-waiting caller goes to the longest-ready call taker, in whatever order they are handed in', () => {
  const pairs = whoGetsWhom([entry(3), entry(1), entry(2)], [taker('b', 20), taker('a', 30), taker('c', 10)]);
  expect(names(pairs)).toEqual(['c1 c', 'c2 b', 'c3 a']);
});

test('nobody is given to a call taker who is not ready or has no phone', () => {
  expect(whoGetsWhom([entry(1)], [taker('a', null), taker('b', 1, 'absent')])).toEqual([]);
});

test('among those ready since the same instant the smaller id is first, so that every controller proposes alike', () => {
  expect(names(whoGetsWhom([entry(1)], [taker('b', 5), taker('a', 5)]))).toEqual(['c1 a']);
});

test('any line and any desk: as many pairs as both sides allow, nobody twice, no earlier ticket passed over', () => {
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.integer({ min: 1, max: 500 }), { maxLength: 30 }),
      fc.array(fc.option(fc.integer({ min: 0, max: 50 })), { maxLength: 30 }),
      (tickets, since) => {
        const takers = since.map((ms, i) => taker(String(i), ms));
        const pairs = whoGetsWhom(tickets.map(entry), takers);
        const free = since.filter((ms) => ms !== null).length;
        expect(pairs).toHaveLength(Math.min(tickets.length, free));
        expect(new Set(pairs.map(({ callTaker }) => callTaker.id)).size).toBe(pairs.length);
        const first = tickets.toSorted((a, b) => a - b).slice(0, pairs.length);
        expect(pairs.map(({ call }) => call)).toEqual(first.map((place) => callId(`c${place}`)));
      },
    ),
  );
});
