/**
 * Ears for tests of gateways: keep every text as the store would (once per carrier's name), and can be held, or made to fail like a
 * store that is away.
 */
import type { DeliveryReport, GatewayEars } from '../../src/control/text-ports.ts';
import { Fault } from '../../src/kernel/faults.ts';
import type { TextHeard } from '../../src/sms/text.ts';

export interface Ears extends GatewayEars {
  /** Everything handed in, repeats and those that could not be kept included. */
  readonly texts: readonly TextHeard[];
  /** What was kept, once each. */
  readonly kept: readonly TextHeard[];
  readonly reports: readonly DeliveryReport[];
  /** From now on nothing settles until `release`. */
  hold(): void;
  /** The next text does not settle until `release`; others do. */
  holdOne(): void;
  release(): void;
  /** From now on everything is rejected until `mend`. */
  fail(): void;
  mend(): void;
}

export function openEars(): Ears {
  const texts: TextHeard[] = [];
  const kept: TextHeard[] = [];
  const reports: DeliveryReport[] = [];
  const names = new Set<string>();
  let gate = Promise.withResolvers<void>();
  let holds: 'all' | 'one' | 'none' = 'none';
  let isAway = false;
  const settled = async (): Promise<void> => {
    const waits = holds !== 'none';
    if (holds === 'one') holds = 'none';
    if (waits) await gate.promise;
    if (isAway) throw new Fault('unavailable', 'the records cannot be reached');
  };
  return {
    texts,
    kept,
    reports,
    text: async (heard) => {
      texts.push(heard);
      await settled();
      if (heard.carrierId !== null && names.has(heard.carrierId)) return 'repeated';
      if (heard.carrierId !== null) names.add(heard.carrierId);
      kept.push(heard);
      return 'kept';
    },
    report: async (report) => {
      await settled();
      reports.push(report);
    },
    hold: () => {
      holds = 'all';
    },
    holdOne: () => {
      holds = 'one';
    },
    release: () => {
      holds = 'none';
      gate.resolve();
      gate = Promise.withResolvers<void>();
    },
    fail: () => {
      isAway = true;
    },
    mend: () => {
      isAway = false;
    },
  };
}
