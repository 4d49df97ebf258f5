import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { callId, callTakerId, type CallId } from '../../src/kernel/ids.ts';
import type { Verb } from '../simulators/telephony.ts';
import { ANNA, BEN, CALLER, openHouse, type House } from './house.ts';

const second = callId('intake-1.2');

async function waiting(house: House, call = CALLER): Promise<void> {
  await house.exchange.arrive(call, '13845101234');
  await house.settle();
  await house.exchange.utteranceEnds(call);
  await house.settle();
}

async function talking(house: House): Promise<void> {
  await house.control.room.ready(ANNA);
  await waiting(house);
  await house.exchange.answer(CALLER, 1);
  await house.settle();
  expect((await house.call()).state.at).toBe('talking');
}

describe('Redis lost while running', () => {
  test('nothing is said to Asterisk that could not be saved, and work goes on when it is back', async () => {
    const house = await openHouse();
    await house.control.room.ready(ANNA);
    await waiting(house);
    expect((await house.call()).state.at).toBe('offered');
    house.store.goAway();
    const from = house.exchange.commands.length;
    await house.exchange.answer(CALLER, 1);
    await house.settle();
    expect(house.exchange.commands.slice(from)).toEqual([]);
    house.store.comeBack();
    await house.settle();
    expect((await house.call()).state.at).toBe('talking');
    expect(house.exchange.given('join')).toHaveLength(1);
  });

  test('callers in the line hear that they are still in it, again and again', async () => {
    const house = await openHouse();
    await waiting(house);
    const before = house.exchange.given('say').length;
    house.store.goAway();
    house.clock.pass(2000);
    await house.settle();
    house.clock.pass(20_000);
    await house.settle();
    expect(house.exchange.given('reassure')).toEqual([0, 1].map(() => ({ verb: 'reassure', call: CALLER, language: 'zh' })));
    expect(house.exchange.given('say')).toHaveLength(before);
    house.store.comeBack();
    await house.settle();
    house.clock.pass(20_000);
    await house.settle();
    expect(house.exchange.given('reassure')).toHaveLength(2);
  });

  test.each([2000, 22_000, 200_000])('after an absence of %i ms the patience prompts are heard again, one after the other', async (ms) => {
    const house = await openHouse();
    await waiting(house);
    house.store.goAway();
    for (let passed = 0; passed < ms; passed += 2000) {
      house.clock.pass(2000);
      await house.settle();
    }
    expect(house.exchange.callers.get(CALLER)?.isReassured).toBe(true);
    house.store.comeBack();
    await house.settle();
    for (let prompt = 0; prompt < 3; prompt++) {
      house.clock.pass(20_000);
      await house.settle();
      expect(house.exchange.callers.get(CALLER)).toMatchObject({ saying: { say: 'patience' }, isReassured: false });
      await house.exchange.utteranceEnds(CALLER);
      await house.settle();
    }
  });

  test('a new caller is left to the fallback, not claimed', async () => {
    const house = await openHouse();
    house.store.goAway();
    await house.exchange.arrive(CALLER);
    await house.settle();
    expect(house.exchange.given('claim')).toEqual([]);
  });

  test('a save whose answer was lost is not done twice', async () => {
    const house = await openHouse();
    await house.control.room.ready(ANNA);
    await waiting(house);
    house.store.loseNextAnswer();
    await house.exchange.answer(CALLER, 1);
    await house.settle();
    house.clock.pass(500);
    await house.settle();
    expect((await house.call()).state.at).toBe('talking');
    expect(house.exchange.given('join')).toHaveLength(1);
    const answers = (await house.store.journal(null, 100)).filter(({ kind }) => kind === 'CallTakerAnswered');
    expect(answers).toHaveLength(1);
  });

  test('a caller who hangs up meanwhile is on record afterwards', async () => {
    const house = await openHouse();
    await waiting(house);
    house.store.goAway();
    await house.exchange.callerLeaves(CALLER);
    await house.settle();
    house.store.comeBack();
    await house.settle();
    expect((await house.call()).state).toMatchObject({ at: 'ended', why: 'abandoned' });
  });
});

describe('Asterisk in trouble', () => {
  const verbs: readonly Verb[] = ['claim', 'say', 'hush', 'ring', 'join', 'part', 'hold', 'resume', 'releaseCallTaker', 'releaseCaller'];

  /** One whole call with everything in it; each verb is used at least once. */
  const life = async (house: House): Promise<void> => {
    const { exchange, control, clock } = house;
    const gently = (work: Promise<unknown>): Promise<unknown> => work.catch((refused: unknown) => refused);
    await control.room.ready(ANNA);
    await exchange.arrive(CALLER, '13845101234');
    await house.settle();
    await exchange.utteranceEnds(CALLER);
    await house.settle();
    await exchange.answer(CALLER, 1);
    await house.settle();
    await gently(control.room.hold(CALLER, ANNA));
    await house.settle();
    clock.pass(1000);
    await gently(control.room.resume(CALLER, ANNA));
    await house.settle();
    await gently(control.room.finish(CALLER, ANNA));
    await house.settle();
  };

  /** Long after: every deadline has passed, and records and Asterisk have been compared. */
  const afterwards = async (house: House): Promise<void> => {
    for (let i = 0; i < 12; i++) {
      house.clock.pass(16_000);
      await house.settle();
    }
  };

  test.each(verbs)('%s fails once: the caller is in exactly one place, and no leg or bridge is left in the air', async (verb) => {
    const house = await openHouse();
    house.exchange.failNext(verb);
    await life(house);
    await house.exchange.callerLeaves(CALLER);
    await afterwards(house);
    const call = await house.store.call(CALLER);
    expect(['ended', undefined]).toContain(call?.state.at);
    expect(house.exchange.legs.size).toBe(0);
    expect(house.exchange.bridges.size).toBe(0);
    expect((await house.store.callTaker(ANNA))?.state.is).not.toMatch(/offered|talking/);
  });

  test.each(verbs)('the caller hangs up in the middle of %s: the record ends, and nobody stays tied to it', async (verb) => {
    const house = await openHouse();
    const answerNow = house.exchange.hangNext(verb);
    const alive = life(house);
    // The command hangs; the caller leaves; then the door's deadline passes.
    for (let turns = 0; house.exchange.given(verb).length === 0 && turns < 500; turns++)
      await new Promise((resolve) => setImmediate(resolve));
    expect(house.exchange.given(verb)).toHaveLength(1);
    await house.exchange.callerLeaves(CALLER);
    answerNow();
    await alive;
    await afterwards(house);
    const call = await house.store.call(CALLER);
    if (verb !== 'claim') expect(call?.state.at).toBe('ended');
    expect(house.exchange.legs.size).toBe(0);
    expect(house.exchange.bridges.size).toBe(0);
    expect((await house.store.callTaker(ANNA))?.state.is).not.toMatch(/offered|talking/);
  });

  test('what happened while the link was gone is found out afterwards', async () => {
    const house = await openHouse();
    await talking(house);
    await waiting(house, second);
    house.exchange.losePresence();
    await house.exchange.callerLeaves(second);
    await house.exchange.legEnds(CALLER, 1, 'cut');
    await house.settle();
    expect((await house.call()).state.at).toBe('talking');
    house.exchange.regainPresence();
    await house.settle();
    expect((await house.call()).state.at).toBe('waiting');
    expect((await house.call(second)).state).toMatchObject({ at: 'ended', why: 'abandoned' });
  });

  test('a phone that is just being rung is not taken for one that does not ring', async () => {
    const house = await openHouse();
    const { telephony } = house.exchange;
    const ring = telephony.ring.bind(telephony);
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    Object.assign(telephony, { ring: (...order: Parameters<typeof ring>) => gate.then(() => ring(...order)) });
    await house.control.room.ready(ANNA);
    await house.exchange.arrive(CALLER);
    await house.settle();
    house.exchange.losePresence();
    house.exchange.regainPresence();
    await house.settle();
    open();
    await house.settle();
    expect((await house.call()).state).toMatchObject({ at: 'offered', to: ANNA, attempt: 1 });
    expect(house.exchange.legs.size).toBe(1);
  });

  test('a phone that comes back while the comparison looks is not taken for absent', async () => {
    const house = await openHouse();
    await house.exchange.unregister('taker-1001');
    await house.settle();
    const { telephony } = house.exchange;
    const standing = telephony.standing.bind(telephony);
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    let looks = 0;
    const slowly = async (): ReturnType<typeof standing> => {
      const seen = await standing();
      looks += 1;
      if (looks === 1) await gate;
      return seen;
    };
    Object.assign(telephony, { standing: slowly });
    house.clock.pass(16_000);
    await house.settle();
    expect(looks).toBe(1);
    await house.exchange.register('taker-1001');
    await house.settle();
    open();
    await house.settle();
    expect(await house.store.callTaker(ANNA)).toMatchObject({ phone: 'registered' });
  });

  test('a phone that goes and comes back faster than that can be saved is there', async () => {
    const house = await openHouse();
    const commit = house.store.commit.bind(house.store);
    const { promise: gate, resolve: open } = Promise.withResolvers<void>();
    Object.assign(house.store, { commit: (...saved: Parameters<typeof commit>) => gate.then(() => commit(...saved)) });
    await house.exchange.unregister('taker-1001');
    await house.exchange.register('taker-1001');
    await house.settle();
    open();
    await house.settle();
    expect(await house.store.callTaker(ANNA)).toMatchObject({ phone: 'registered' });
  });

  test('repeated, late and unknown words change nothing', async () => {
    const house = await openHouse();
    await talking(house);
    const saved = house.store.saved.length;
    const stranger = callId('intake-77.7');
    for (const call of [CALLER, stranger]) {
      await house.exchange.hear({ type: 'utterance-finished', call, utterance: 1 });
      await house.exchange.hear({ type: 'call-taker-answered', call, attempt: 1 });
      await house.exchange.hear({ type: 'call-taker-leg-ended', call, attempt: 7, end: 'cut' });
    }
    await house.exchange.hear({ type: 'caller-entered', call: CALLER, number: null, calledNumber: '110', language: null });
    await house.exchange.hear({ type: 'arrival', call: CALLER, number: null, calledNumber: '110', language: null });
    await house.exchange.hear({ type: 'caller-left', call: stranger, release: { by: 'choice', cause: 16 } });
    await house.exchange.hear({ type: 'phone', endpoint: 'taker-none', is: 'absent' });
    await house.settle();
    expect(house.store.saved.length).toBe(saved);
    expect((await house.call()).state.at).toBe('talking');
  });
});

describe('the controller is killed and started again', () => {
  /** The next life: same records, same exchange, nothing else. */
  const reborn = async (house: House): Promise<House> => {
    house.exchange.losePresence();
    // The dead write nothing.
    await house.store.close();
    return openHouse({ store: { memory: house.store.memory }, exchange: house.exchange, clock: house.clock });
  };

  test('every caller is where they were: waiting, ringing and talking', async () => {
    const before = await openHouse();
    await talking(before);
    await before.control.room.ready(BEN);
    await waiting(before, second);
    const third = callId('intake-1.3');
    await waiting(before, third);
    const house = await reborn(before);
    expect((await house.call()).state).toMatchObject({ at: 'talking', with: ANNA });
    expect((await house.call(second)).state).toMatchObject({ at: 'offered', to: BEN });
    expect((await house.call(third)).state.at).toBe('waiting');
    await house.exchange.answer(second, 1);
    await house.settle();
    expect((await house.call(second)).state.at).toBe('talking');
    await house.exchange.callerLeaves(CALLER);
    await house.settle();
    expect((await house.call(third)).state).toMatchObject({ at: 'offered', to: ANNA });
    expect((await house.call(third)).ticket).toBe(3);
  });

  test('a phone that was to ring but never did puts the caller back in the line, at no cost for the call taker', async () => {
    const before = await openHouse();
    await before.control.room.ready(ANNA);
    await waiting(before);
    before.exchange.losePresence();
    await before.exchange.legEnds(CALLER, 1, 'no-answer');
    const house = await reborn(before);
    expect((await house.call()).state).toMatchObject({ at: 'offered', to: ANNA, attempt: 2 });
  });

  test('a conversation that was saved but not joined is joined', async () => {
    const before = await openHouse();
    await before.control.room.ready(ANNA);
    await waiting(before);
    before.exchange.failNext('join');
    before.exchange.failNext('join');
    await before.exchange.answer(CALLER, 1);
    before.exchange.bridges.clear();
    const house = await reborn(before);
    expect(house.exchange.bridges.size + (await house.store.lineLength())).toBeGreaterThan(0);
  });

  test('a caller who came while nobody was there is taken in', async () => {
    const before = await openHouse();
    await before.exchange.arrive(CALLER, '13845101234');
    before.exchange.losePresence();
    before.store.memory.calls.clear();
    const caller = before.exchange.callers.get(CALLER);
    if (caller !== undefined) caller.at = 'ours';
    const house = await reborn(before);
    expect(house.exchange.given('say').at(-1)).toMatchObject({ call: CALLER, message: { say: 'greeting' } });
  });

  test('a call taker tied to a call that the records no longer know is set free, on pause with the reason', async () => {
    const before = await openHouse();
    await talking(before);
    await before.exchange.callerLeaves(CALLER);
    before.exchange.losePresence();
    before.store.memory.calls.clear();
    const tied = before.store.memory.callTakers.get(ANNA);
    if (tied !== undefined) {
      const lost = { ...JSON.parse(tied.json), state: { is: 'talking', call: CALLER, attempt: 1 } };
      before.store.memory.callTakers.set(ANNA, { ...tied, json: JSON.stringify(lost) });
    }
    const house = await reborn(before);
    expect((await house.store.callTaker(ANNA))?.state).toMatchObject({ is: 'pause', reason: 'line-lost' });
  });

  test('a leg that no offer explains is let go', async () => {
    const before = await openHouse();
    await talking(before);
    before.exchange.losePresence();
    before.exchange.legs.set('stray', {
      call: second,
      attempt: 4,
      endpoint: 'taker-1002',
      app: 'one',
      answered: true,
      stopRinging: () => undefined,
    });
    const house = await reborn(before);
    expect(house.exchange.given('releaseCallTaker').map(({ call, attempt }) => [call, attempt])).toContainEqual([second, 4]);
  });
});

const SPOKEN = {
  languageOffers: [
    { language: 'en', key: '1' },
    { language: 'ru', key: '2' },
  ],
};
const ROSTER = ['v1', 'v2', 'v3'].map((id) => ({
  id,
  name: id,
  languages: 'ru native',
  addresses: `sip:${id}`,
  duty: 'mon-sun 00:00-24:00',
}));

describe('whatever happens in whatever order', () => {
  const calls = [1, 2, 3].map((n) => callId(`intake-5.${n}`));
  const takers = [ANNA, BEN];
  type Move = { readonly do: string; readonly call: CallId; readonly taker: string };
  const moves = [
    'arrive',
    'prompt',
    'leave',
    'cut',
    'ready',
    'pause',
    'off',
    'answer',
    'decline',
    'hang-up',
    'leg-cut',
    'hold',
    'resume',
    'time',
    'redis',
    'link',
    'language',
    'ask',
    'dismiss',
    'private',
    'leave-alone',
    'volunteer-answers',
    'volunteer-accepts',
    'volunteer-refuses',
    'volunteer-cut',
    'restart',
  ];
  const anyMove: fc.Arbitrary<Move> = fc.record({
    do: fc.constantFrom(...moves),
    call: fc.constantFrom(...calls),
    taker: fc.constantFrom(...takers),
  });

  async function make(house: House, move: Move): Promise<House> {
    const { exchange, control, clock, store } = house;
    const taker = callTakerId(move.taker);
    const attempt = (await store.call(move.call).catch(() => null))?.offers.length ?? 1;
    const askings = (await store.call(move.call).catch(() => null))?.askings ?? [];
    const leg = askings.findLast(({ endedAt }) => endedAt === null)?.leg ?? 1;
    const gently = (work: Promise<unknown>): Promise<unknown> => work.catch((refused: unknown) => expect(refused).toHaveProperty('kind'));
    switch (move.do) {
      case 'arrive':
        if (exchange.callers.has(move.call) || (await store.call(move.call).catch(() => null)) !== null) return house;
        await exchange.arrive(move.call, '13845101234');
        break;
      case 'prompt':
        await exchange.utteranceEnds(move.call);
        break;
      case 'leave':
        await exchange.callerLeaves(move.call);
        break;
      case 'cut':
        await exchange.callerLeaves(move.call, { by: 'cut', cause: 27 });
        break;
      case 'ready':
        await gently(control.room.ready(taker));
        break;
      case 'pause':
        await gently(control.room.pause(taker, 'lunch'));
        break;
      case 'off':
        await gently(control.room.off(taker));
        break;
      case 'answer':
        await exchange.answer(move.call, attempt);
        break;
      case 'decline':
        await exchange.legEnds(move.call, attempt, 'declined');
        break;
      case 'hang-up':
        await exchange.legEnds(move.call, attempt, 'hung-up');
        break;
      case 'leg-cut':
        await exchange.legEnds(move.call, attempt, 'cut');
        break;
      case 'hold':
        await gently(control.room.hold(move.call, taker));
        break;
      case 'resume':
        await gently(control.room.resume(move.call, taker));
        break;
      case 'language':
        await exchange.press(move.call, '2');
        break;
      case 'ask':
        await gently(control.room.askInterpreter(move.call, 'ru'));
        break;
      case 'dismiss':
        await gently(control.room.dismissInterpreter(move.call));
        break;
      case 'private':
        await gently(control.room.speakPrivately(move.call, taker));
        break;
      case 'leave-alone':
        await gently(control.room.leaveToInterpreter(move.call, taker));
        break;
      case 'volunteer-answers':
        await exchange.volunteerAnswers(move.call, leg);
        break;
      case 'volunteer-accepts':
        await exchange.volunteerPresses(move.call, leg, '1');
        break;
      case 'volunteer-refuses':
        await exchange.volunteerPresses(move.call, leg, '2');
        break;
      case 'volunteer-cut':
        await exchange.volunteerEnds(move.call, leg, 'cut');
        break;
      case 'time':
        clock.pass(16_000);
        break;
      case 'redis':
        if (store.isPresent()) store.goAway();
        else store.comeBack();
        break;
      case 'link':
        if (exchange.telephony.isPresent()) exchange.losePresence();
        else exchange.regainPresence();
        break;
      default: {
        if (!store.isPresent()) return house;
        exchange.losePresence();
        await store.close();
        return openHouse({ store: { memory: store.memory }, exchange, clock, rules: SPOKEN });
      }
    }
    await house.settle();
    return house;
  }

  test(
    'nobody is lost or in two places, tickets are served in order, and all legs and bridges are explained',
    { timeout: 60_000 },
    async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyMove, { minLength: 5, maxLength: 40 }), async (sequence) => {
          let house = await openHouse({ rules: SPOKEN });
          for (const volunteer of ['v1', 'v2', 'v3']) await house.exchange.register(volunteer);
          await house.control.room.importRoster(ROSTER);
          for (const move of sequence) house = await make(house, move);
          if (!house.store.isPresent()) house.store.comeBack();
          if (!house.exchange.telephony.isPresent()) house.exchange.regainPresence();
          for (let i = 0; i < 4; i++) {
            house.clock.pass(16_000);
            await house.settle();
          }
          const saved = await house.store.liveCalls();
          const live = new Map(saved.map((call) => [call.id, call]));
          for (const caller of house.exchange.callers.values())
            if (caller.at === 'ours') expect(live.has(caller.call), `${caller.call} is lost`).toBe(true);
          for (const leg of house.exchange.legs.values()) {
            const state = live.get(leg.call)?.state;
            expect(state?.at === 'offered' || state?.at === 'talking', `leg of ${leg.call}`).toBe(true);
            if (state?.at === 'talking') expect(state.attempt).toBe(leg.attempt);
          }
          for (const { id, state } of await house.store.callTakers()) {
            if (state.is !== 'offered' && state.is !== 'talking') continue;
            const place = live.get(state.call)?.state;
            expect(place?.at === 'offered' ? place.to : place?.at === 'talking' ? place.with : null, `desk ${id}`).toBe(id);
          }
          const open = saved.flatMap(({ id, askings }) =>
            askings.filter(({ endedAt }) => endedAt === null).map(({ leg }) => `${id} ${leg}`),
          );
          for (const { call, leg } of house.exchange.volunteers.legs.values())
            expect(open, `volunteer's leg ${call} ${leg}`).toContain(`${call} ${leg}`);
          for (const { id, state } of await house.store.volunteers()) {
            if (state.is !== 'free') expect(open, `volunteer ${id}`).toContain(`${state.call} ${state.leg}`);
          }
          const line = await house.store.line(10);
          expect(line.map(({ ticket }) => ticket)).toEqual(line.map(({ ticket }) => ticket).toSorted((a, b) => a - b));
          const free = (await house.store.callTakers()).filter(({ state, phone }) => state.is === 'ready' && phone === 'registered');
          if (free.length > 0) expect(line, 'somebody is free and somebody waits').toEqual([]);
          for (const call of await house.store.recentCalls(10)) {
            if (call.state.at !== 'ended' || call.state.why === 'elsewhere') continue;
            expect(await house.store.incident(call.incident), `record of ${call.id}`).not.toBeNull();
          }
          await house.control.stop();
        }),
        { numRuns: 300 },
      );
    },
  );
});
