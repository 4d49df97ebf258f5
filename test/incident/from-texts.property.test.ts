import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkIncident } from '../../src/incident/checking.ts';
import { toEido } from '../../src/incident/eido.ts';
import { incidentFromTexts } from '../../src/incident/from-texts.ts';
import type { Incident } from '../../src/incident/incident.ts';
import { instant } from '../../src/kernel/instants.ts';
import { phoneNumber } from '../../src/kernel/phone-numbers.ts';
import { NOTHING_READ, DANGER_SIGNS, type Found, type Reading } from '../../src/reading/reading.ts';
import { decide } from '../../src/sms/guard.ts';
import { closeThread, takeOver } from '../../src/sms/holding.ts';
import type { Thread } from '../../src/sms/thread.ts';
import { ANNA, at, text, part } from '../sms/world.ts';
import { CENTRE, taken, threadOf } from './threads.ts';

/** Whatever the rules of reading may make of whatever was written: longer, wilder and wronger than they should. */
const words = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 60 }),
  fc.string({ unit: 'binary', maxLength: 600 }),
  fc.constantFrom(
    '',
    '😀'.repeat(12_000),
    `x${'😀'.repeat(12_000)}`,
    '\u0000\u202e',
    '</p><script>',
    '救命'.repeat(4000),
    '\u{1F468}\u200D\u{1F469}',
  ),
);
const found = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<Found<T> | null> =>
  fc.option(fc.record({ said: words, certainty: fc.constantFrom('stated', 'guessed'), value }));
const some = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<readonly Found<T>[]> =>
  fc.array(found(value), { maxLength: 80 }).map((list) => list.filter((one) => one !== null));
const anyNumber = fc.oneof(fc.double(), fc.integer(), fc.constantFrom(1e300, -1, 8.64e15, 1e9, 253_402_300_800_000));

const readings: fc.Arbitrary<Reading> = fc.record({
  language: fc.record({ tag: fc.constantFrom('zh', 'en', 'ru', 'ja', 'ko', 'und'), certainty: fc.constantFrom('stated', 'guessed') }),
  happened: found(anyNumber.map(instant)),
  place: fc.record({
    address: found(words),
    poleCode: found(fc.oneof(words, fc.constantFrom('1023456', '1'))),
    plateCode: found(fc.oneof(words, fc.constantFrom('230102-1', '哈A-1'))),
    point: found(fc.record({ lat: anyNumber, lon: anyNumber, datum: fc.constant('WGS-84') })),
    landmark: found(words),
  }),
  matter: found(fc.record({ class: fc.oneof(words, fc.constantFrom('criminal', 'non-police')), code: words })),
  urgency: found(fc.constantFrom('immediate', 'urgent', 'normal', 'low')),
  hurt: found(fc.option(anyNumber)),
  weapons: some(words),
  danger: some(fc.constantFrom(...DANGER_SIGNS)),
  impaired: found(fc.constant('hearing-or-speech')),
  intents: fc.constant(NOTHING_READ.intents),
  saysWhat: fc.boolean(),
});

const MARKS = ['@what', '@place', '@time', '@urgent', '!hiding', '!no-reply', '#asks-state', '#calls-off'];
const texts = fc.array(
  fc.record({
    words: fc.oneof(fc.option(words), fc.constantFrom(...MARKS)),
    from: fc.constantFrom('13845101234', '110', 'BANK', '', '+86 138 4510 1234'),
    about: fc.oneof(
      fc.constant({}),
      fc.record({ number: fc.nat(4), total: fc.nat(3) }).map(({ number, total }) => part(number, total)),
    ),
    step: fc.constantFrom('none', 'take', 'close', 'allow', 'forbid'),
    reading: fc.option(readings),
  }),
  { minLength: 1, maxLength: 6 },
);

const stepped = (thread: Thread, step: string, seconds: number): Thread => {
  const done =
    step === 'take'
      ? takeOver(thread, ANNA, at(seconds))
      : step === 'close'
        ? closeThread(thread, at(seconds))
        : step === 'none'
          ? thread
          : decide(thread, step === 'allow', 'decided', DANGER_SIGNS, ANNA, at(seconds));
  return 'refused' in done ? thread : done;
};

describe('whatever is written and read', () => {
  it('the incident fits its schema, grows by one version at a time, and can be told to a dispatch side that asks for EIDO', () => {
    const holds = fc.property(texts, (list) => {
      let thread: Thread | null = null;
      let incident: Incident | null = null;
      for (const [n, { words: said, from, about, step, reading }] of list.entries()) {
        const came = text(said, n * 10, { from: list[0]?.from ?? from, ...about });
        const before: Thread | null = thread;
        const read: Thread = before === null ? threadOf(came) : taken(before, came);
        thread = stepped(reading === null ? read : { ...read, reading }, step, n * 10 + 5);
        const known: Incident | null = incident;
        incident = incidentFromTexts(
          thread,
          before === null || known === null ? null : { thread: before, incident: known },
          at(n * 10 + 6),
          CENTRE,
        );
        const checked = checkIncident(incident);
        if (checked.is === 'wrong') throw new Error(checked.complaints.join('; '));
        expect(incident.version - (known?.version ?? 0)).toBe(incident === known ? 0 : 1);
        // JSON spells half a sign out.
        expect(JSON.stringify(incident)).not.toMatch(/[^\\](\\\\)*\\ud[89a-f]/);
        expect(incident.reporter.number).toBe(phoneNumber(list[0]?.from));
        expect(toEido(incident, { domain: 'city.invalid', name: 'City' }).notesComponent.length).toBeGreaterThan(0);
      }
    });
    expect(() => fc.assert(holds, { numRuns: 300 })).not.toThrow();
  });
});
