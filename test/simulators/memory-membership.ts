/**
 * Controllers' lives in memory: the twin of src/redis/lives.lua. Its clock stands still until a test moves it. Knows nothing of presence.
 */
import type { Call } from '../../src/call/call.ts';
import type { Life, Membership } from '../../src/control/membership-ports.ts';
import { callId, type CallId } from '../../src/kernel/ids.ts';

interface Kept {
  readonly json: string;
  owner: Life | null;
}

const GIVEN_UP = 0;
const TOO_FAR_MS = 60_000;
const instanceOf = (life: Life): string => life.replace(/#\d+$/, '');

export class MemoryLives {
  /** Milliseconds on the store's own clock. */
  now: () => number = () => 1;
  readonly #calls: ReadonlyMap<string, Kept>;
  /** `until`: the end of the lease, 0 where it was given up; `since`: from when it was never interrupted. */
  readonly #lives = new Map<Life, { until: number; since: number }>();
  #last = 0;

  constructor(calls: ReadonlyMap<string, Kept>) {
    this.#calls = calls;
  }

  hasLease(life: Life): boolean {
    return (this.#lives.get(life)?.until ?? -1) > this.now();
  }

  /** `begin`: what is saved from now on is saved as this life. */
  door(settled: <T>(work: () => T) => Promise<T>, instance: string, begin: (as: Life) => void): Membership {
    return {
      join: (how, leaseMs) =>
        settled(() => {
          const older = [...this.#lives.keys()].filter((life) => instanceOf(life) === instance);
          if (how === 'again' && older.some((life) => this.hasLease(life))) return null;
          for (const life of older) this.#lives.delete(life);
          const life = `${instance}#${(this.#last += 1)}`;
          this.#lives.set(life, { until: this.now() + leaseMs, since: this.now() });
          for (const [, kept] of this.#live()) if (kept.owner !== null && instanceOf(kept.owner) === instance) kept.owner = life;
          begin(life);
          return life;
        }),
      renew: (life, leaseMs) =>
        settled(() => {
          const known = this.#lives.get(life);
          if (known === undefined || known.until === GIVEN_UP) return { is: 'lost' } as const;
          if (!this.hasLease(life) || known.since > this.now()) known.since = this.now();
          const farthest = this.now() + leaseMs + TOO_FAR_MS;
          for (const other of this.#lives.values()) if (other.until >= farthest) other.until = this.now() + leaseMs;
          known.until = this.now() + leaseMs;
          return { is: 'held', lapsed: [...this.#lives.keys()].filter((other) => !this.hasLease(other)).length } as const;
        }),
      leave: (life) =>
        settled(() => {
          const known = this.#lives.get(life);
          if (known !== undefined) known.until = GIVEN_UP;
        }),
      adopt: (life, leaseMs) => settled(() => this.#adopt(life, leaseMs)),
      ownCalls: (life) =>
        settled(() =>
          this.#live()
            .filter(([, { owner }]) => owner === life)
            .map(([call]) => call)
            .toSorted((a, b) => a.ticket - b.ticket),
        ),
      ownerOf: (call) => settled(() => this.#calls.get(call)?.owner ?? null),
    };
  }

  #adopt(life: Life, leaseMs: number): CallId[] {
    const mine = this.#lives.get(life);
    if (mine === undefined || !this.hasLease(life)) return [];
    const isSteady = this.now() - mine.since >= leaseMs;
    const isFree = (owner: Life): boolean => this.#lives.get(owner)?.until === GIVEN_UP || (isSteady && !this.hasLease(owner));
    const adopted: CallId[] = [];
    for (const [call, kept] of this.#live()) {
      if (kept.owner === life || !(kept.owner === null ? isSteady : isFree(kept.owner))) continue;
      kept.owner = life;
      adopted.push(callId(call.id));
    }
    for (const other of this.#lives.keys()) if (isFree(other)) this.#lives.delete(other);
    return adopted;
  }

  #live(): [Call, Kept][] {
    return [...this.#calls.values()]
      .map((kept): [Call, Kept] => [JSON.parse(kept.json) as Call, kept])
      .filter(([call]) => call.state.at !== 'ended');
  }
}
