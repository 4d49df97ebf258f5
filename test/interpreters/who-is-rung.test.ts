/** Who is rung next: the order, who never is, and what holds for every roster there could be. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isOnDuty } from '../../src/interpreters/duty.ts';
import { volunteerStep, type Level, type Volunteer } from '../../src/interpreters/volunteer.ts';
import { whoIsRung, type AskingOutcome, type Need } from '../../src/interpreters/who-is-rung.ts';
import { callId } from '../../src/kernel/ids.ts';
import { instant, later } from '../../src/kernel/instants.ts';
import { HARBIN, harbin, volunteer } from './volunteers.ts';

const NOW = harbin('2026-03-02 12:00');
const need = (more: Partial<Need> = {}): Need => ({
  language: 'ru',
  at: NOW,
  timeZone: HARBIN,
  count: 99,
  tried: [],
  callerNumber: null,
  ...more,
});
const ids = (volunteers: readonly Volunteer[], more: Partial<Need> = {}): readonly string[] =>
  whoIsRung(volunteers, need(more)).map((one) => one.volunteer);
const ago = (minutes: number) => later(NOW, -minutes * 60_000);
const speaking = (language: string, level: Level): Pick<Volunteer, 'languages'> => ({ languages: [{ language, level }] });
const rung = (name: string, address: string, outcome?: AskingOutcome) => ({
  volunteer: volunteer(name).id,
  address,
  ...(outcome === undefined ? {} : { outcome }),
});

describe('the order', () => {
  it('is fair turns: never troubled first, then whose last asking or service lies longest ago', () => {
    const volunteers = [
      volunteer('asked', { lastAskedAt: ago(5) }),
      volunteer('served', { lastAskedAt: ago(90), lastServedAt: ago(60) }),
      volunteer('asked-since', { lastAskedAt: ago(10), lastServedAt: ago(600) }),
      volunteer('never'),
    ];
    expect(ids(volunteers)).toEqual(['never', 'served', 'asked-since', 'asked']);
  });

  it('prefers who speaks better among those whose turn is the same, and is the same for everybody who asks', () => {
    const volunteers = [
      volunteer('b', speaking('ru', 'basic')),
      volunteer('d', speaking('ru', 'fluent')),
      volunteer('c', speaking('ru', 'fluent')),
      volunteer('a', { ...speaking('ru', 'native'), lastAskedAt: ago(1) }),
      volunteer('e', speaking('ru', 'native')),
    ];
    const order = ids(volunteers);
    expect([order[0], order.slice(1, 3).toSorted(), order.slice(3)]).toEqual(['e', ['c', 'd'], ['b', 'a']]);
    expect(ids(volunteers.toReversed())).toEqual(order);
  });

  it('puts reserves outside their hours behind everybody on duty; a reserve on duty is on duty', () => {
    const volunteers = [
      volunteer('reserve', { duty: [], isReserve: true }),
      volunteer('asked', { lastAskedAt: ago(1) }),
      volunteer('both', { isReserve: true, lastAskedAt: ago(2) }),
      volunteer('neither', { duty: [] }),
    ];
    expect(ids(volunteers)).toEqual(['both', 'asked', 'reserve']);
    expect(ids(volunteers, { count: 1 })).toEqual(['both']);
    expect(ids(volunteers, { count: 0 })).toEqual([]);
  });

  it('tells where to ring and in which language the volunteer is spoken to', () => {
    expect(whoIsRung([volunteer('v1', { speaks: 'ko', addresses: ['tel:+8613800000001', 'sip:x'] })], need())).toEqual([
      { volunteer: 'v1', address: 'tel:+8613800000001', speaks: 'ko' },
    ]);
  });
});

describe('nobody is rung', () => {
  it.each([
    ['not available', { isAvailable: false }],
    ['being asked', { state: { is: 'asked', call: callId('c'), leg: 1 } }],
    ['serving', { state: { is: 'serving', call: callId('c'), leg: 1 } }],
    ['off duty', { duty: [] }],
    ['on a day off', { exceptions: [{ date: '2026-03-02', hours: [] }] }],
    ['of another language', speaking('ja', 'native')],
    ['without an address', { addresses: [] }],
  ] as const)('who is %s', (_name, more) => {
    expect(ids([volunteer('v1', more)])).toEqual([]);
  });

  it.each([
    ['tel:+8613800000001', '13800000001'],
    ['tel:+8613800000001', '+8613800000001'],
    ['tel:+8613800000001', '8613800000001'],
    ['tel:+8613800000001', '013800000001'],
    ['tel:+8613800000001', '008613800000001'],
    ['tel:13800000001', '+86 138 0000 0001'],
    ['tel:+8645100000000', '045100000000'],
    ['tel:+79000000000', '0079000000000'],
  ])('to interpret their own call: %s is %s', (address, callerNumber) => {
    expect(ids([volunteer('v1', { addresses: ['sip:v1', address] })], { callerNumber })).toEqual([]);
  });

  it.each([
    ['tel:+8613800000001', '13800000002'],
    ['tel:+8613800000001', '3800000001'],
    ['tel:+8613800000001', '86'],
    ['tel:+8613800000001', '000'],
    ['sip:13800000001', '13800000001'],
    ['tel:+13800000001', '+8613800000002'],
  ])('wrongly left out: %s is not %s', (address, callerNumber) => {
    expect(ids([volunteer('v1', { addresses: [address] })], { callerNumber })).toEqual(['v1']);
  });
});

describe('within one call', () => {
  const two = volunteer('v1', { addresses: ['sip:a', 'sip:b'] });
  const next = (...tried: Need['tried']) => whoIsRung([two], need({ tried })).map(({ address }) => address);

  it.each(['no-answer', 'unreachable', 'silent', 'lost', undefined] as const)(
    'the next address follows one that ended with %s',
    (outcome) => {
      expect(next(rung('v1', 'sip:a', outcome))).toEqual(['sip:b']);
      expect(next(rung('v1', 'sip:a', outcome), rung('v1', 'sip:b', outcome))).toEqual([]);
    },
  );

  it.each(['refused', 'served', 'ringing', 'hearing', 'accepted'] as const)('nobody is asked again after %s', (outcome) => {
    expect(next(rung('v1', 'sip:a', outcome))).toEqual([]);
  });

  it.each(['beaten', 'withdrawn'] as const)('who was %s may be rung there again: it was we who broke it off', (outcome) => {
    expect(next(rung('v1', 'sip:a', outcome))).toEqual(['sip:a']);
    expect(next(rung('v1', 'sip:a', outcome), rung('v1', 'sip:a', 'no-answer'))).toEqual(['sip:b']);
  });

  it('what was rung of others is no matter', () => {
    expect(next(rung('v2', 'sip:a', 'refused'))).toEqual(['sip:a']);
  });
});

describe('for every roster', () => {
  const arbitraryVolunteer = fc
    .record({
      languages: fc.subarray([
        { language: 'ru', level: 'native' as const },
        { language: 'ja', level: 'basic' as const },
      ]),
      addresses: fc.subarray(['sip:a', 'sip:b', 'tel:+8613800000001']),
      duty: fc.array(
        fc.record({
          weekday: fc.integer({ min: 1, max: 7 }),
          fromMinute: fc.integer({ min: 0, max: 1439 }),
          lasts: fc.integer({ min: 1, max: 1440 }),
        }),
        { maxLength: 4 },
      ),
      isReserve: fc.boolean(),
      isAvailable: fc.boolean(),
      lastAskedAt: fc.option(fc.integer({ min: 0, max: 1000 }).map((minutes) => ago(minutes))),
      lastServedAt: fc.option(fc.integer({ min: 0, max: 1000 }).map((minutes) => ago(minutes))),
      state: fc.constantFrom(
        { is: 'free' as const },
        { is: 'asked' as const, call: callId('c'), leg: 1 },
        { is: 'serving' as const, call: callId('c'), leg: 1 },
      ),
    })
    .map(({ duty, ...more }) => ({ ...more, duty: duty.map(({ lasts, ...hours }) => ({ ...hours, toMinute: hours.fromMinute + lasts })) }));
  const roster = fc.array(arbitraryVolunteer, { maxLength: 12 }).map((all) => all.map((more, n) => volunteer(`v${n}`, more)));
  const moment = fc.integer({ min: 0, max: 20_160 }).map((minutes) => later(NOW, minutes * 60_000));

  it('nobody is rung outside duty but reserves, nobody busy, nobody twice, and nobody without the language', () => {
    fc.assert(
      fc.property(roster, moment, fc.integer({ min: 0, max: 5 }), (volunteers, at, count) => {
        const chosen = whoIsRung(volunteers, need({ at, count }));
        expect(chosen.length).toBeLessThanOrEqual(count);
        expect(new Set(chosen.map((one) => one.volunteer)).size).toBe(chosen.length);
        const found = chosen.map(({ volunteer: id, address }) => {
          const one = volunteers.find((known) => known.id === id) as Volunteer;
          expect(one).toMatchObject({ isAvailable: true, state: { is: 'free' } });
          expect(one.addresses[0]).toBe(address);
          expect(one.languages.map(({ language }) => language)).toContain('ru');
          return { isOnDuty: isOnDuty(one, at, HARBIN), isReserve: one.isReserve };
        });
        expect(found.every((one) => one.isOnDuty || one.isReserve)).toBe(true);
        expect(found.map((one) => one.isOnDuty)).toEqual(found.map((one) => one.isOnDuty).toSorted((a, b) => Number(b) - Number(a)));
      }),
    );
  });

  it('rung until nobody is left, every address is rung once at most, and the ringing ends', () => {
    fc.assert(
      fc.property(
        roster,
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom<AskingOutcome>('no-answer', 'unreachable', 'silent', 'lost'),
        (volunteers, count, outcome) => {
          const tried: { volunteer: Volunteer['id']; address: string; outcome: AskingOutcome }[] = [];
          for (let round = 0; round < 100; round += 1) {
            const chosen = whoIsRung(volunteers, need({ count, tried }));
            if (chosen.length === 0) break;
            tried.push(...chosen.map(({ volunteer: id, address }) => ({ volunteer: id, address, outcome })));
          }
          const rings = tried.map((ring) => `${ring.volunteer} ${ring.address}`);
          expect(new Set(rings).size).toBe(rings.length);
          const askable = ids(volunteers).flatMap(
            (id) => volunteers.find((one) => one.id === id)?.addresses.map((address) => `${id} ${address}`) ?? [],
          );
          expect(rings.toSorted()).toEqual(askable.toSorted());
        },
      ),
    );
  });

  /** So many calls, one after the other; how often each volunteer was rung, and the most calls that ever passed anybody by. */
  function manyCalls(start: readonly Volunteer[], count: number, calls: number) {
    let volunteers = start;
    const turns = new Map(volunteers.map(({ id }) => [id, { rung: 0, passedBy: 0 }]));
    let longest = 0;
    for (let call = 0; call < calls; call += 1) {
      const about = { time: instant(NOW + call * 1000), call: callId(`c${call}`), leg: 1 };
      const chosen = ids(volunteers, { at: about.time, count });
      for (const [id, turn] of turns) {
        const isRung = chosen.includes(id);
        turns.set(id, { rung: turn.rung + (isRung ? 1 : 0), passedBy: isRung ? 0 : turn.passedBy + 1 });
        longest = Math.max(longest, isRung ? 0 : turn.passedBy + 1);
      }
      volunteers = volunteers.map((one) => {
        if (!chosen.includes(one.id)) return one;
        return volunteerStep(volunteerStep(one, { ...about, type: 'Asked' }).volunteer, { ...about, type: 'Freed' }).volunteer;
      });
    }
    return { rung: [...turns.values()].map(({ rung: times }) => times), longest };
  }

  it('nobody is passed by for longer than a full round of the others, whatever they speak', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom<Level>('native', 'fluent', 'basic'), { minLength: 1, maxLength: 12 }),
        fc.integer({ min: 1, max: 5 }),
        (levels, count) => {
          const volunteers = levels.map((level, n) => volunteer(`v${n}`, speaking('ru', level)));
          const { rung: times, longest } = manyCalls(volunteers, count, 40);
          expect(longest).toBeLessThan(Math.ceil(levels.length / count));
          if (count === 1) expect(Math.max(...times) - Math.min(...times)).toBeLessThanOrEqual(1);
        },
      ),
    );
  });

  it.each([
    [3, 2],
    [7, 3],
    [12, 5],
  ])('of %d equals, rung %d at a time, none is rung noticeably more than another', (size, count) => {
    const { rung: times } = manyCalls(
      Array.from({ length: size }, (_, n) => volunteer(`v${n}`)),
      count,
      1000,
    );
    expect(Math.max(...times) / Math.min(...times)).toBeLessThan(1.15);
  });
});
