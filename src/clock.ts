/**
 * The machine's clocks. An alarm never rings before its moment: a timer of Node may end a millisecond early, the clock may be set back
 * meanwhile, and a timer cannot be told more than 24 days; then what is left is waited for. Decides nothing.
 */
import type { Monotonic } from './control/membership-ports.ts';
import type { Clock } from './control/ports.ts';
import { instant } from './kernel/instants.ts';

/** The longest a setTimeout can be told, about 24 days. */
const LONGEST_TIMER_MS = 2_147_483_647;

export const clock: Clock = {
  now: () => instant(Date.now()),
  alarm: (at, ring) => {
    let timer: NodeJS.Timeout;
    const wait = (): void => {
      timer = setTimeout(
        () => {
          if (Date.now() < at) wait();
          else ring();
        },
        Math.min(LONGEST_TIMER_MS, Math.max(0, at - Date.now())),
      );
    };
    wait();
    return () => clearTimeout(timer);
  },
};

/** Goes on while this process is stopped, and no one who sets the machine's clock moves it. */
export const monotonic: Monotonic = {
  uptime: () => performance.now(),
  after: (ms, ring) => {
    const timer = setTimeout(ring, ms);
    return () => clearTimeout(timer);
  },
};
