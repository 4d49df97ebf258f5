/**
 * What every way between controllers must do: changes are told to the others, events are asked of the life that has the call, and where
 * nobody answers that is said in bounded time. Knows no way of its own.
 */
import { beforeEach, describe, expect, it } from 'vitest';
import type { CallEvent } from '../../src/call/events.ts';
import type { AskAnswer, Change, Colleagues } from '../../src/control/membership-ports.ts';
import { callId, callTakerId, type CallId } from '../../src/kernel/ids.ts';
import { until } from '../stack/until.ts';
import { T0 } from './store.values.ts';

const EVENT: CallEvent = { type: 'HoldAsked', callTaker: callTakerId('1001'), time: T0 };
const CALL = callId('intake-1772352000.a');

export function colleaguesContract(make: () => Promise<(instance: string) => Promise<Colleagues>>): void {
  interface Listener {
    readonly colleagues: Colleagues;
    readonly changes: Change[];
    readonly asked: (readonly [string, CallId, CallEvent])[];
  }
  let open: (instance: string) => Promise<Colleagues>;
  beforeEach(async () => {
    open = await make();
  });
  const listening = async (instance: string, answer: () => Promise<AskAnswer> = () => Promise.resolve('stepped')): Promise<Listener> => {
    const colleagues = await open(instance);
    const [changes, asked]: [Change[], (readonly [string, CallId, CallEvent])[]] = [[], []];
    colleagues.listen({
      changed: (change) => void changes.push(change),
      asked: (life, call, event) => {
        asked.push([life, call, event]);
        return answer();
      },
    });
    return { colleagues, changes, asked };
  };
  /** Until the first word reaches them; a word said before is lost, which is nobody's fault. */
  const connected = async (from: Listener, ...to: readonly Listener[]): Promise<void> => {
    await until('a word to reach them', () => {
      from.colleagues.tell('lives');
      return to.every(({ changes }) => changes.includes('lives'));
    });
  };

  describe('changes', () => {
    it('are told to all others, not to oneself', async () => {
      const [one, two, three] = [await listening('one'), await listening('two'), await listening('three')];
      await connected(one, two, three);
      await connected(two, one);
      one.changes.length = 0;
      one.colleagues.tell('line');
      await until('both others to hear', () => two.changes.includes('line') && three.changes.includes('line'));
      two.colleagues.tell('seek');
      await until('both others to hear', () => one.changes.includes('seek') && three.changes.includes('seek'));
      expect(one.changes).not.toContain('line');
      expect(two.changes).not.toContain('seek');
    });

    it('told in a storm are heard at least once after the last', async () => {
      const [one, two] = [await listening('one'), await listening('two')];
      await connected(one, two);
      for (let n = 0; n < 500; n += 1) one.colleagues.tell('line');
      expect(await until('it to be heard', () => two.changes.includes('line'))).toBe(true);
    });
  });

  describe('an ask', () => {
    it('reaches the life that is named, with call and event, and brings its answer', async () => {
      const [one, two, three] = [
        await listening('one'),
        await listening('two', () => Promise.resolve('ignored')),
        await listening('three'),
      ];
      await connected(one, two, three);
      await connected(two, one);
      expect(await one.colleagues.ask('two#7', CALL, EVENT)).toBe('ignored');
      expect(two.asked).toEqual([['two#7', CALL, EVENT]]);
      expect([one.asked, three.asked]).toEqual([[], []]);
    });

    it('many at a time get each their own answer', async () => {
      const one = await listening('one');
      const answers: AskAnswer[] = ['stepped', 'missed', 'not-mine', 'unknown'];
      let count = 0;
      const two = await listening('two', () => Promise.resolve(answers[count++ % answers.length] ?? 'stepped'));
      await connected(one, two);
      await connected(two, one);
      const asked = Array.from({ length: 40 }, () => one.colleagues.ask('two#7', CALL, EVENT));
      expect((await Promise.all(asked)).toSorted()).toEqual(Array.from({ length: 40 }, (_, n) => String(answers[n % 4])).toSorted());
    });

    it('of an instance that does not listen is answered by nobody', async () => {
      const one = await listening('one');
      const two = await listening('two');
      await connected(one, two);
      expect(await one.colleagues.ask('nine#1', CALL, EVENT)).toBe('nobody');
      await two.colleagues.close();
      expect(await until('the other to be gone', async () => (await one.colleagues.ask('two#7', CALL, EVENT)) === 'nobody')).toBe(true);
    });
  });
}
