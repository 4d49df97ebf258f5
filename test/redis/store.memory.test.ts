/** The store in memory keeps the contract of the real one, and its levers do what the control room's tests rely on. */
import { describe, expect, it } from 'vitest';
import { admitted, stepOf, waiting } from '../contract/store.values.ts';
import { LEASE_MS, membershipContract } from '../contract/membership.contract.ts';
import { outboxContract } from '../contract/outbox.contract.ts';
import { rosterContract } from '../contract/roster.contract.ts';
import { recordsContract } from '../contract/records.contract.ts';
import { storeContract, type Records } from '../contract/store.contract.ts';
import { outgoingTextsContract } from '../contract/outgoing-texts.contract.ts';
import { textsContract } from '../contract/texts.contract.ts';
import { threadsContract } from '../contract/threads.contract.ts';
import { kept } from '../contract/text.values.ts';
import { Memory, memoryStore } from '../simulators/memory-store.ts';

const inMemory = (): Promise<Records> => {
  const memory = new Memory();
  return Promise.resolve({
    open: (instance) => Promise.resolve(memoryStore({ memory, instance, sinks: ['dispatch', 'mirror'] })),
    close: () => Promise.resolve(),
  });
};

describe('the store in memory', () => {
  storeContract(inMemory);
});
describe('the lives in memory', () => {
  membershipContract(() => {
    const memory = new Memory();
    let now = 1_000_000_000;
    memory.lives.now = () => now;
    return Promise.resolve({
      open: (instance) => Promise.resolve(memoryStore({ memory, instance })),
      lapse: () => {
        now += LEASE_MS;
        return Promise.resolve();
      },
      setBack: () => {
        now -= 3_600_000;
        return Promise.resolve();
      },
    });
  });
});
describe('the records in memory', () => {
  recordsContract(inMemory);
});
describe('the roster in memory', () => {
  rosterContract(inMemory);
});
describe('the outbox in memory', () => {
  outboxContract(inMemory);
});

describe('the texts in memory', () => {
  textsContract(inMemory);
  threadsContract(inMemory);
  outgoingTextsContract(inMemory);
});

describe('the levers of the store in memory', () => {
  it('goes away and comes back, and tells it', async () => {
    const store = memoryStore();
    const told: boolean[] = [];
    store.onPresence((present) => told.push(present));
    store.goAway();
    expect(store.isPresent()).toBe(false);
    await expect(store.liveCalls()).rejects.toMatchObject({ kind: 'unavailable' });
    store.comeBack();
    expect(await store.liveCalls()).toEqual([]);
    expect(told).toEqual([false, true]);
  });

  it('loses the answer of one commit that was applied; its repeat is harmless', async () => {
    const store = memoryStore();
    const step = stepOf(waiting(await admitted(store, 'a')));
    store.loseNextAnswer();
    await expect(store.commit(step)).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await store.lineLength()).toBe(1);
    expect(await store.commit(step)).toEqual({ is: 'saved' });
    expect(store.saved).toEqual([step]);
  });

  it('loses the answer of one text that is kept; the carrier says it again and is told so', async () => {
    const store = memoryStore();
    store.loseNextAnswer();
    await expect(store.keepText(kept('a'))).rejects.toMatchObject({ kind: 'unavailable' });
    expect(await store.keepText(kept('b', { carrierId: 'c-a' }))).toBe('repeated');
    expect(await store.unreadTexts(10)).toEqual([kept('a')]);
  });

  it('keeps values, not the objects it was given', async () => {
    const store = memoryStore();
    const call = await admitted(store, 'a');
    Object.assign(call, { language: 'ru' });
    expect((await store.call(call.id))?.language).toBe('zh');
  });
});
