/**
 * A city as whoever watches over it at night sees it: `/readyz` and its parts, and the figures of `/metrics`.
 */
import type { PartOfHouse } from '../../src/control/room-ports.ts';
import { until } from './until.ts';

export interface Watch {
  readyz(): Promise<{ readonly ready: boolean; readonly text: string }>;
  /** What `/readyz` says of a part, e.g. `gateway smpp`; `null`: nothing is wrong. Rejects where it says nothing of it. */
  troubleOf(part: string): Promise<string | null>;
  /** Until nothing is wrong with any gateway. */
  hasCarriers(): Promise<void>;
  /** A figure by its name and labels, e.g. `intake_texts_unread`; `undefined` where it is not shown. */
  figure(name: string): Promise<number | undefined>;
}

const WITHIN_MS = 5000;

export function watch(url: string): Watch {
  const get = (path: string): Promise<Response> => fetch(url + path, { signal: AbortSignal.timeout(WITHIN_MS) });
  const parts = async (): Promise<readonly PartOfHouse[]> =>
    ((await (await get('/readyz')).json()) as { parts: readonly PartOfHouse[] }).parts;
  return {
    readyz: async () => {
      const answer = await get('/readyz');
      return { ready: answer.status === 200, text: await answer.text() };
    },
    troubleOf: async (name) => {
      const one = (await parts()).find(({ part }) => part === name);
      if (one === undefined) throw new Error(`/readyz says nothing of ${name}`);
      return one.trouble;
    },
    hasCarriers: async () => {
      const isWell = ({ part, trouble }: PartOfHouse): boolean => trouble === null || !part.startsWith('gateway ');
      await until('every gateway is well', async () => (await parts()).every(isWell), 10_000);
    },
    figure: async (name) => {
      const lines = (await (await get('/metrics')).text()).split('\n');
      const line = lines.find((one) => one.startsWith(`${name} `));
      return line === undefined ? undefined : Number(line.slice(name.length + 1));
    },
  };
}
