/**
 * Any deeds of callers, call takers and two controllers, in any order, and what is against the line in them. Knows no store: each test
 * brings a centre of its own.
 */
import * as fc from 'fast-check';
import { House, SIDES, type Centre, type Deed, type Side } from './two-controllers.ts';

const side = fc.constantFrom(...SIDES);
const call = fc.nat(30);
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('arrive' as const), side }) },
  { weight: 8, arbitrary: fc.record({ do: fc.constantFrom('enter' as const, 'greeted' as const, 'answer' as const), call }) },
  {
    weight: 6,
    arbitrary: fc.record({ do: fc.constantFrom('leave' as const, 'no-answer' as const, 'cut' as const, 'hang-up' as const), call }),
  },
  { weight: 4, arbitrary: fc.record({ do: fc.constantFrom('ready' as const, 'ready' as const, 'off' as const), desk: fc.nat(2) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('claim' as const), sides: fc.constantFrom<readonly Side[]>([0], [1], [0, 1]) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('look' as const, 'claim-late' as const, 'lose-answer' as const), side }) },
  { weight: 2, arbitrary: fc.constant({ do: 'race' as const }) },
);

/** What went wrong with any deeds in fresh centres, everything looked at after each deed; `undefined` where nothing did. */
export async function complaint(
  open: () => Promise<Centre>,
  { numRuns, maxLength }: { numRuns: number; maxLength: number },
): Promise<unknown> {
  const anyDeeds = fc.asyncProperty(fc.array(deed, { minLength: 5, maxLength, size: 'max' }), async (deeds) => {
    const centre = await open();
    try {
      const house = new House(centre);
      await house.signOn();
      for (const one of deeds) {
        await house.perform(one);
        await house.check();
      }
      await house.drain();
    } finally {
      await centre.close();
    }
  });
  return fc.defaultReportMessage(await fc.check(anyDeeds, { numRuns }));
}
